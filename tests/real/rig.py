"""What one run of a real CLI needs of its user: a home, an environment, and arguments that lead to the model server."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from tests.real.install import install
from tests.real.model_server import ModelServer
from tests.real.protocols import MODEL

KEY = "sk-test-0123456789abcdef0123456789abcdef"
_PROVIDER = {
    "npm": "@ai-sdk/openai-compatible",
    "models": {MODEL: {"tool_call": True, "limit": {"context": 128_000, "output": 8_000}}},
}


def environment(name: str, home: Path, server: ModelServer) -> dict[str, str]:
    """Return the whole environment of a user at `home` whose CLI asks `server`; the CLI is first on PATH."""
    return {
        "PATH": os.pathsep.join([str(install(name)), *_system_folders()]),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "NO_PROXY": "127.0.0.1",
    } | _model_variables(name, server.url)


def model_arguments(name: str, server: ModelServer) -> tuple[str, ...]:
    """Return the CLI's own arguments that choose the scripted model."""
    if name == "codex":
        provider = f'{{name="scripted",base_url="{server.url}/v1",env_key="SCRIPTED_KEY",wire_api="responses"}}'
        return ("-m", MODEL, "-c", "model_provider=scripted", "-c", f"model_providers.scripted={provider}")
    return ("-m", MODEL) if name == "gemini" else ()


def settle(name: str, home: Path, project: Path) -> list[Path]:
    """Make `home` that of somebody who has used the CLI in `project` before; return the configuration files."""
    for path, content in _USED[name].items():
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (home / path).write_text(content.replace("{project}", str(project)))
    return [home / path for path in _USED[name] if path not in STATE]


STATE = {".claude.json"}  # what a CLI writes at every start of its own, whoever starts it
_CLAUDE_STATE = {
    "hasCompletedOnboarding": True,
    "theme": "dark",
    "customApiKeyResponses": {"approved": [KEY[-20:]]},
    "projects": {"{project}": {"hasTrustDialogAccepted": True}},
}
_USED = {
    "claude": {".claude.json": json.dumps(_CLAUDE_STATE), ".claude/settings.json": '{"theme": "dark"}\n'},
    "codex": {".codex/config.toml": '# mine\nfile_opener = "none"\n\n[tui]\nscreen_reader_detection_done = true\n'},
    "gemini": {".gemini/settings.json": '{"security": {"auth": {"selectedType": "gemini-api-key"}}}\n'},
    "opencode": {".config/opencode/opencode.json": '{"$schema": "https://opencode.ai/config.json", "username": "me"}'},
}


def _model_variables(name: str, url: str) -> dict[str, str]:
    if name == "opencode":
        provider = _PROVIDER | {"options": {"baseURL": f"{url}/v1", "apiKey": KEY}}
        model = f"scripted/{MODEL}"
        content = {"model": model, "small_model": model, "provider": {"scripted": provider}}
        return {"OPENCODE_CONFIG_CONTENT": json.dumps(content), "OPENCODE_DISABLE_MODELS_FETCH": "1"}
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
