"""The user's hooks: read, run, told and bounded."""

from __future__ import annotations

import asyncio
import json

import pytest

from agentorchestr_tui import hooks
from agentorchestr_tui.core.errors import CannotRun
from agentorchestr_tui.hooks import Hook, Moment, Scope, has_hooks, load_hooks, run_hook


def write(folder, table) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "hooks.json").write_text(table if isinstance(table, str) else json.dumps(table))


def hook(command: str) -> Hook:
    return Hook(Moment.PRE_TASK, Scope.GLOBAL, command)


def test_the_users_hooks_come_before_the_projects_and_those_only_with_trust(tmp_path):
    write(tmp_path / "mine", {"post_session": ["one", "two"], "pre_task": None, "on_pause": []})
    write(tmp_path / "its", {"post_session": "three", "pre_eval": " "})
    mine = [("post_session", "global", "one"), ("post_session", "global", "two")]
    found = load_hooks(tmp_path / "mine", tmp_path / "its")
    assert [(each.moment, each.scope, each.command) for each in found] == [*mine, ("post_session", "project", "three")]
    untrusted = load_hooks(tmp_path / "mine", None)
    assert [(each.moment, each.scope, each.command) for each in untrusted] == mine
    assert load_hooks(tmp_path / "nowhere", None) == ()


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ({"post_sesion": "x"}, "did you mean post_session"),
        ({"birthday": "x"}, "there are: pre_session"),
        ({"pre_task": 3}, "must be a command, a list of commands, or null"),
        ({"pre_task": ["x", 3]}, "must be a command, a list of commands, or null"),
        (["x"], "must be a table"),
        ("{", "cannot be read"),
    ],
)
def test_a_file_that_is_wrong_says_how(tmp_path, table, sentence):
    write(tmp_path / "mine", table)
    with pytest.raises(CannotRun, match=sentence):
        load_hooks(tmp_path / "mine", None)
    assert has_hooks(tmp_path / "mine")


def test_a_file_without_a_command_is_no_hook(tmp_path):
    write(tmp_path / "its", dict.fromkeys(Moment))
    assert not has_hooks(tmp_path / "its")


async def test_a_hook_is_told_its_moment_in_its_folder_with_the_environment_given(tmp_path):
    command = "cat; pwd; echo $COLOUR; echo aside >&2; exit 3"
    ran = await run_hook(hook(command), {"moment": "pre_task", "goal": "Ziel 🚀"}, tmp_path, {"COLOUR": "blue"})
    told, *lines = ran.output.splitlines()[0].partition("}")[0] + "}", *ran.output.splitlines()
    assert json.loads(told) == {"moment": "pre_task", "goal": "Ziel 🚀"}
    assert (ran.code, "blue" in lines, "aside" in lines) == (3, True, True)
    assert str(tmp_path) in ran.output
    assert ran.sentence.endswith("exited with code 3: aside")


async def test_a_hook_that_reads_nothing_and_says_much_blocks_nothing(tmp_path):
    ran = await run_hook(hook("yes | head -c 300000"), {"much": "x" * 300_000}, tmp_path, {"PATH": "/usr/bin:/bin"})
    assert (ran.code, len(ran.output)) == (0, hooks.OUTPUT)


async def test_a_hook_is_ended_after_its_time_with_all_that_it_started(tmp_path, monkeypatch):
    monkeypatch.setattr(hooks, "LIMIT", 0.3)
    monkeypatch.setattr(hooks, "GRACE", 0.2)
    path = {"PATH": "/usr/bin:/bin"}
    ran = await run_hook(hook("trap '' TERM; sleep 600 & echo $!; wait; sleep 600"), {}, tmp_path, path)
    assert ran.code is None
    assert "did not end within" in ran.sentence
    import psutil

    child = int(ran.output.split()[0])
    async with asyncio.timeout(20):  # it was killed; the system takes a moment for the rest
        while psutil.pid_exists(child) and psutil.Process(child).status() != psutil.STATUS_ZOMBIE:
            await asyncio.sleep(0.01)


async def test_a_folder_that_is_gone_is_a_failure_and_no_accident(tmp_path):
    ran = await run_hook(hook("true"), {}, tmp_path / "gone", {})
    assert ran.code == 127
