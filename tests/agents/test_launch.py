from __future__ import annotations

import json
import stat
import sys
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from agentorchestr_tui.agents.card import SHIPPED, load_cards
from agentorchestr_tui.agents.files import remove_files, write_files
from agentorchestr_tui.agents.launch import ARGUMENT_LIMIT, Composed, LaunchRequest, compose, merged
from agentorchestr_tui.core.errors import CannotRun
from agentorchestr_tui.core.words import Permissions

CARDS = load_cards([SHIPPED])
NAMES = sorted(CARDS)
TOKEN = "token-0123456789abcdef"
URL = "http://127.0.0.1:4242/mcp"


@pytest.fixture
def request_(tmp_path) -> LaunchRequest:
    for folder in ("private", "worktree", "project"):
        (tmp_path / folder).mkdir(mode=0o700)
    return LaunchRequest(
        role="worker",
        prompt="Do it.",
        mcp_url=URL,
        token=TOKEN,
        private=tmp_path / "private",
        worktree=tmp_path / "worktree",
        project=tmp_path / "project",
        permissions=Permissions.SKIP,
        user_id=1000,
        conversation="7c1c3a4e-3a52-4a8e-9d5c-0d7e6c1f2a3b",
        base={"PATH": "/usr/bin", "HOME": "/home/me"},
    )


def composed(name: str, request: LaunchRequest) -> Composed:
    return compose(CARDS[name], Path(f"/opt/bin/{name}"), request)


def files(launch: Composed) -> dict[str, str]:
    return {file.path.name: file.content for file in launch.files}


def overrides(launch: Composed) -> dict[str, object]:
    values = [word for flag, word in zip(launch.argv, launch.argv[1:], strict=False) if flag == "-c"]
    return tomllib.loads("\n".join(value.replace("=", " = ", 1) for value in values))


@pytest.mark.parametrize("name", NAMES)
def test_the_binary_is_absolute_and_comes_first(name, request_):
    launch = composed(name, request_)
    assert launch.argv[0] == (sys.executable if name == "rehearsal" else f"/opt/bin/{name}")


@pytest.mark.parametrize("name", NAMES)
def test_the_token_is_in_no_argument_and_in_no_repr(name, request_):
    launch = composed(name, request_)
    assert not any(TOKEN in word for word in launch.argv)
    assert TOKEN not in repr(launch) + repr(request_)


@pytest.mark.parametrize("name", [name for name in NAMES if CARDS[name].mcp])
def test_the_token_and_address_reach_an_agent_that_speaks_mcp(name, request_):
    launch = composed(name, request_)
    told = [*launch.argv, *launch.env.values(), *files(launch).values()]
    assert any(TOKEN in text for text in told)
    assert any(URL in text for text in told)


@pytest.mark.parametrize("name", NAMES)
def test_the_prompt_arrives_as_it_is(name, request_):
    for prompt in ("Do it.", "-x --help", "a\nb\t\"c\" 'd' $e `f` {prompt} {token} \\ ünï ✓", "x" * 99_000):
        launch = composed(name, replace(request_, prompt=prompt))
        if "prompt.md" in files(launch):
            assert files(launch)["prompt.md"] == prompt
        else:
            flags = ("--prompt", "--prompt-interactive", "--interactive")
            assert any(word in (prompt, *(f"{flag}={prompt}" for flag in flags)) for word in launch.argv)


@pytest.mark.parametrize("name", NAMES)
def test_a_prompt_longer_than_an_argument_may_be_goes_into_a_file(name, request_):
    prompt = "ü" * 100_000
    launch = composed(name, replace(request_, prompt=prompt))
    assert files(launch)["prompt.md"] == prompt
    assert all(len(word.encode()) < ARGUMENT_LIMIT for word in launch.argv)


def test_a_long_prompt_lies_in_the_worktree_and_the_first_prompt_says_where(request_):
    launch = composed("codex", replace(request_, prompt="x" * 200_000))
    (file,) = launch.files
    assert file.path == request_.worktree / ".agentorchestr" / "prompt.md"
    assert ".agentorchestr/prompt.md" in launch.argv[-1]


@pytest.mark.parametrize("name", NAMES)
def test_what_tells_of_another_terminal_agent_or_repository_is_not_inherited(name, request_):
    gone = ["TMUX", "TMUX_PANE", "STY", "CLAUDECODE", "CODEX_SANDBOX", "GIT_DIR", "GIT_INDEX_FILE", "TERM_PROGRAM"]
    gone += ["AGENTORCHESTR_THEME", "COLUMNS", "OPENCODE", "GEMINI_CLI"]
    stays = {
        "CODEX_HOME": "/c",
        "GIT_AUTHOR_NAME": "Me",
        "GIT_SSH_COMMAND": "ssh -v",
        "ANTHROPIC_API_KEY": "k",
        "LANG": "C",
    }
    launch = composed(name, replace(request_, base=stays | dict.fromkeys(gone, "1")))
    assert not set(gone) & set(launch.env)
    assert stays.items() <= dict(launch.env).items()
    assert (launch.env["TERM"], launch.env["COLORTERM"]) == ("xterm-256color", "truecolor")


@pytest.mark.parametrize("name", NAMES)
def test_model_arguments_come_in_before_the_prompt(name, request_):
    argv = composed(name, replace(request_, model_arguments=("--model", "m 1"))).argv
    at = argv.index("--model")
    assert argv[at + 1] == "m 1"
    if "--" in argv:
        assert at < argv.index("--")


@pytest.mark.parametrize(
    "name", [name for name in NAMES if "permission" not in CARDS[name].notes and name != "rehearsal"]
)
def test_skip_and_ask_differ(name, request_):
    ask = composed(name, replace(request_, permissions=Permissions.ASK))
    skip = composed(name, request_)
    assert (ask.argv, ask.env) != (skip.argv, skip.env)
    assert not any("danger" in word or "yolo" in word or "yes-always" in word for word in ask.argv)


@pytest.mark.parametrize("name", NAMES)
def test_composing_touches_nothing(name, request_, tmp_path):
    composed(name, request_)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize("name", NAMES)
def test_private_files_are_their_owners_alone_and_go_again(name, request_, tmp_path):
    launch = composed(name, replace(request_, prompt="x" * 200_000))
    write_files(launch)
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert sorted(written) == sorted(file.path for file in launch.files)
    assert {stat.S_IMODE(path.stat().st_mode) for path in written} == {0o600}
    remove_files(launch)
    remove_files(launch)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_writing_does_not_follow_a_link_that_somebody_laid(request_, tmp_path):
    victim = tmp_path / "victim"
    victim.write_text("mine")
    launch = composed("codex", replace(request_, prompt="x" * 200_000))
    (file,) = launch.files
    file.path.parent.mkdir()
    file.path.symlink_to(victim)
    write_files(launch)
    assert victim.read_text() == "mine"
    assert file.path.read_text() == "x" * 200_000


def test_codex_gets_mcp_trust_and_long_tools_as_overrides_that_are_toml(request_):
    said = overrides(composed("codex", replace(request_, project=Path('/a "b" c/ü'))))
    server = said["mcp_servers"]["agentorchestr"]
    assert (server["url"], server["tool_timeout_sec"]) == (URL, 600)
    assert server["bearer_token_env_var"] == "AGENTORCHESTR_MCP_TOKEN"
    assert said["projects"] == {'/a "b" c/ü': {"trust_level": "trusted"}}


def test_claude_is_told_that_it_is_sandboxed_only_as_root(request_):
    assert "IS_SANDBOX" not in composed("claude", request_).env
    assert composed("claude", replace(request_, user_id=0)).env["IS_SANDBOX"] == "1"


def test_claude_gets_its_servers_and_settings_by_file(request_):
    launch = composed("claude", request_)
    server = json.loads(files(launch)["mcp.json"])["mcpServers"]["agentorchestr"]
    assert server["headers"] == {"Authorization": f"Bearer {TOKEN}"}
    assert (server["alwaysLoad"], server["timeout"]) == (True, 600_000)
    assert json.loads(files(launch)["settings.json"])["skipDangerousModePermissionPrompt"] is True
    assert request_.conversation in launch.argv


def test_opencode_configuration_that_the_user_has_in_the_environment_is_kept(request_):
    users = {"model": "a/b", "autoupdate": True, "mcp": {"mine": {"type": "local"}}, "permission": {"edit": "deny"}}
    launch = composed("opencode", replace(request_, base={"OPENCODE_CONFIG_CONTENT": json.dumps(users)}))
    said = json.loads(launch.env["OPENCODE_CONFIG_CONTENT"])
    assert (said["model"], said["autoupdate"], said["permission"]) == ("a/b", False, "allow")
    assert set(said["mcp"]) == {"mine", "agentorchestr"}


@pytest.mark.parametrize("value", ["{", "[]", "7"])
def test_a_json_variable_that_holds_no_object_is_refused_with_its_name(value, request_):
    with pytest.raises(CannotRun, match="OPENCODE_CONFIG_CONTENT"):
        composed("opencode", replace(request_, base={"OPENCODE_CONFIG_CONTENT": value}))


def test_gemini_settings_of_several_parts_are_one_file(request_):
    launch = composed("gemini", request_)
    settings = json.loads(files(launch)["settings.json"])
    assert settings["mcpServers"]["agentorchestr"]["httpUrl"] == URL
    assert settings["general"]["enableAutoUpdate"] is False
    assert launch.env["GEMINI_CLI_SYSTEM_SETTINGS_PATH"] == str(request_.private / "settings.json")


def test_each_cline_gets_a_hub_of_its_own_since_a_shared_one_has_the_tools_of_the_lead(request_):
    assert composed("cline", request_).env["CLINE_HUB_DISCOVERY_PATH"].startswith(str(request_.private))


def test_aider_is_shown_its_prompt_as_a_file_and_told_so_in_one_line(request_):
    launch = composed("aider", replace(request_, prompt="a\nb"))
    assert launch.argv[launch.argv.index("--read") + 1] == str(request_.private / "prompt.md")
    assert launch.message
    assert "\n" not in launch.message


@pytest.mark.parametrize("name", [name for name in NAMES if name != "aider"])
def test_an_agent_that_takes_a_prompt_at_its_start_gets_no_message(name, request_):
    assert composed(name, request_).message == ""


@pytest.mark.parametrize("name", [name for name in NAMES if CARDS[name].conversation and name != "aider"])
def test_a_resumed_conversation_is_named_once_and_not_begun_anew(name, request_):
    ways = CARDS[name].conversation
    launch = composed(name, replace(request_, resume=True, conversation=request_.conversation if ways.resume else ""))
    argv = launch.argv
    named = [word for word in argv if request_.conversation in word]
    assert len(named) == (1 if ways.resume else 0)
    assert not ways.start or ways.start == ways.resume or ways.start[0].split("=")[0] not in argv or name == "goose"
    assert "Do it." in (launch.message if ways.prompt_after else argv[-1])
    assert "Do it." not in (argv[-1] if ways.prompt_after else launch.message)


def test_a_long_prompt_that_comes_after_a_resume_is_read_from_a_file(request_):
    launch = composed("opencode", replace(request_, resume=True, prompt="Do it. " * 6000))
    (file,) = [each for each in launch.files if each.path.name == "prompt.md"]
    assert file.content == "Do it. " * 6000
    assert len(launch.message) < 200
    assert not any("Do it." in word for word in launch.argv)


def test_aider_goes_on_with_what_its_worktree_keeps_and_is_shown_its_task_again(request_):
    launch = composed("aider", replace(request_, resume=True, conversation="", prompt="Do it."))
    assert "--restore-chat-history" in launch.argv
    assert files(launch)["prompt.md"] == "Do it."
    assert launch.message


def test_a_conversation_that_cannot_be_found_again_is_refused(request_):
    with pytest.raises(CannotRun, match="Aider cannot go on"):
        composed("aider", replace(request_, resume=True))
    with pytest.raises(CannotRun, match="Codex CLI cannot go on"):
        composed("codex", replace(request_, resume=True, conversation=""))


def test_the_rehearsal_never_imports_from_the_worktree(request_):
    assert composed("rehearsal", request_).argv[1:4] == ("-P", "-m", "agentorchestr_tui.rehearsal")


def test_merging_goes_table_by_table_and_changes_neither_side():
    under = {"a": {"b": 1, "c": 2}, "d": 3}
    over = {"a": {"c": 4}, "d": {"e": 5}}
    assert merged(under, over) == {"a": {"b": 1, "c": 4}, "d": {"e": 5}}
    assert under == {"a": {"b": 1, "c": 2}, "d": 3}
