"""What one run of a real CLI needs of its user: a home, an environment, and arguments that lead to the model server."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path

from tests.real.install import install
from tests.real.model_server import ModelServer
from tests.real.protocols import MODEL
from tests.real.untouched import Settings

KEY = "sk-test-0123456789abcdef0123456789abcdef"
_PROVIDER = {
    "npm": "@ai-sdk/openai-compatible",
    "models": {MODEL: {"tool_call": True, "limit": {"context": 128_000, "output": 8_000}}},
}


def environment(name: str, home: Path, server: ModelServer) -> dict[str, str]:
    """Return the whole environment of a user at `home` whose CLI asks `server`; the CLI is first on PATH."""
    return {
        "PATH": os.pathsep.join([*map(str, install(name)), *_system_folders()]),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TMPDIR": tempfile.gettempdir(),  # that of the tests, which goes with all that CLIs leave in it
        "NO_PROXY": "127.0.0.1",
    } | _model_variables(name, server.url)


def model_arguments(name: str, server: ModelServer) -> tuple[str, ...]:
    """Return the CLI's own arguments that choose the scripted model."""
    if name == "codex":
        provider = f'{{name="scripted",base_url="{server.url}/v1",env_key="SCRIPTED_KEY",wire_api="responses"}}'
        return ("-m", MODEL, "-c", "model_provider=scripted", "-c", f"model_providers.scripted={provider}")
    return tuple(word.format(url=f"{server.url}/v1", key=KEY, model=MODEL) for word in _ARGUMENTS.get(name, ()))


_ARGUMENTS = {
    "aider": ("--model", "openai/{model}", "--openai-api-base", "{url}", "--openai-api-key", "{key}"),
    "cline": ("-P", "openai-compatible", "-m", "{model}"),
    "gemini": ("-m", "{model}"),
    "pi": ("--provider", "scripted", "--model", "{model}"),
    "qwen": ("--auth-type", "openai", "--openai-base-url", "{url}", "--openai-api-key", "{key}", "-m", "{model}"),
}


def settle(name: str, home: Path, project: Path, server: ModelServer) -> Settings:
    """Make `home` that of somebody who has used the CLI in `project` before; return the settings as they are."""
    words = {"project": str(project), "url": f"{server.url}/v1"}
    for path, content in _USED[name].items():
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        for word, value in words.items():
            content = content.replace(f"{{{word}}}", value)
        (home / path).write_text(content)
    state = STATE & _USED[name].keys()
    return Settings(home, [home / path for path in _USED[name].keys() - state], [home / path for path in state])


STATE = {
    ".claude.json",
    ".cline/data/settings/providers.json",
}  # what a CLI writes at every start of its own, whoever starts it
_CLAUDE_STATE = {
    "hasCompletedOnboarding": True,
    "customApiKeyResponses": {"approved": [KEY[-20:]]},
    "projects": {"{project}": {"hasTrustDialogAccepted": True}},
}
_PI_MODELS = {
    "providers": {
        "scripted": {"baseUrl": "{url}", "api": "openai-completions", "apiKey": KEY, "models": [{"id": MODEL}]},
    }
}
_CLINE_MODELS = {
    "version": 1,
    "lastUsedProvider": "openai-compatible",
    "modes": {},
    "providers": {
        "openai-compatible": {
            "settings": {"provider": "openai-compatible", "apiKey": KEY, "model": MODEL, "baseUrl": "{url}"},
            "updatedAt": "2026-01-01T00:00:00.000Z",
            "tokenSource": "manual",
        }
    },
}
_VIBE_MODELS = f"""active_model = "{MODEL}"
enable_telemetry = false

[[providers]]
name = "scripted"
api_base = "{{url}}"
api_key_env_var = "SCRIPTED_KEY"

[[models]]
name = "{MODEL}"
provider = "scripted"
alias = "{MODEL}"
"""
_USED = {
    "claude": {".claude.json": json.dumps(_CLAUDE_STATE), ".claude/settings.json": '{"theme": "dark"}\n'},
    "codex": {".codex/config.toml": '# mine\nfile_opener = "none"\n\n[tui]\nscreen_reader_detection_done = true\n'},
    "gemini": {".gemini/settings.json": '{"security": {"auth": {"selectedType": "gemini-api-key"}}}\n'},
    "opencode": {".config/opencode/opencode.json": '{"$schema": "https://opencode.ai/config.json", "username": "me"}'},
    "kilocode": {
        ".config/kilo/kilo.json": json.dumps(
            {"$schema": "https://app.kilo.ai/config.json", "username": "me", "permission": {"bash": "allow"}}
        ),
        ".config/kilo/.bash-permission-migrated": "",
    },
    "qwen": {".qwen/settings.json": json.dumps({"general": {"vimMode": False}, "$version": 4}, indent=2) + "\n"},
    "copilot": {".copilot/settings.json": '{"banner": "never"}\n'},
    "pi": {".pi/agent/models.json": json.dumps(_PI_MODELS)},
    "vibe": {".vibe/config.toml": _VIBE_MODELS, ".vibe/.env": "MINE=1\n"},
    "cline": {".cline/data/settings/providers.json": json.dumps(_CLINE_MODELS)},
    "aider": {".aider.conf.yml": "dark-mode: true\n"},
}
NAMES = tuple(_USED)


def _model_variables(name: str, url: str) -> dict[str, str]:
    if name in ("opencode", "kilocode"):
        provider = _PROVIDER | {"options": {"baseURL": f"{url}/v1", "apiKey": KEY}}
        model = f"scripted/{MODEL}"
        content = {"model": model, "small_model": model, "provider": {"scripted": provider}}
        brand = "OPENCODE" if name == "opencode" else "KILO"
        return {f"{brand}_CONFIG_CONTENT": json.dumps(content), f"{brand}_DISABLE_MODELS_FETCH": "1"}
    if name == "copilot":
        asked = {"BASE_URL": f"{url}/v1", "TYPE": "openai", "API_KEY": KEY}
        variables = {f"COPILOT_PROVIDER_{word}": value for word, value in asked.items()}
        return variables | {"COPILOT_MODEL": MODEL, "COPILOT_OFFLINE": "true"}
    if name == "pi":
        return {"PI_OFFLINE": "1"}
    if name == "claude":
        quiet = {"CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1"}
        return {"ANTHROPIC_BASE_URL": url, "ANTHROPIC_API_KEY": KEY} | quiet
    if name == "gemini":
        return {"GOOGLE_GEMINI_BASE_URL": url, "GEMINI_API_KEY": KEY}
    return {"SCRIPTED_KEY": KEY}


def _system_folders() -> list[str]:
    tools = ("node", "git", "sh", "ls")
    found = [str(Path(path).parent) for tool in tools if (path := shutil.which(tool))]
    return list(dict.fromkeys([*found, "/usr/bin", "/bin"]))
