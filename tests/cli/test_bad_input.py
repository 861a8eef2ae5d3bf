"""Bad input gets one sentence with the way out and the right exit code; nothing is started, and nothing is lost."""

from __future__ import annotations

import os
import shutil
import socket

import pytest

from tests.house import command_line, git, make_place, processes_of

GOAL = ("--no-tui", "--backend", "pty", "--goal", "Say hello")


@pytest.fixture
def place(tmp_path):
    place = make_place(tmp_path)
    place.agent("works")
    return place


async def refused(place, code, sentence, *words, **how):
    done = await command_line(place, *words, **how)
    assert done.code == code, done
    assert sentence in done.err
    assert done.err.startswith("agentorchestr: ")
    assert done.err.count("\n") == 1, done.err
    assert "Traceback" not in done.err + done.out
    assert processes_of(place) == []
    assert list(place.runtime.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--no-tui",), "Say what the team is to do"),
        (("--no-tui", "--goal", " "), "--goal is empty"),
        (("--no-tui", "--goal", "x", "--goal-file", "y"), "do not go together"),
        (("--no-tui", "--goal", "x", "--max-workers", "0"), "--max-workers must be at least 1"),
        (("--no-tui", "--goal", "x", "--max-workers", "many"), "--max-workers wants a whole number, not 'many'."),
        (("--nonsense",), "There is no --nonsense. See: agentorchestr --help"),
        (("--gaol", "x"), "There is no --gaol. Did you mean --goal?"),
        (("Say hello",), "'Say hello' is no flag; a goal is given with --goal 'Say hello'."),
        (("--goal",), "--goal wants a value."),
        (("--agents",), "--agents wants one name or more."),
        (("--no-tui=x",), "--no-tui takes no value."),
        (("--permissions", "maybe"), "--permissions cannot be 'maybe': it is one of 'skip', 'ask'."),
        (("--explain", "w01"), "There was no session yet."),
        (("--no-tui", "--goal", "x", "--agents", "wrks"), "There is no agent 'wrks'. Did you mean works?"),
        (("--no-tui", "--goal", "x", "--lead", "nobody"), "There is no agent 'nobody'"),
        (("--no-tui", "--goal", "x", "--agents", "works", "--lead", "codex"), "must be among the agents"),
        (("--no-tui", "--resume", "cafe"), "There is no session 'cafe'"),
        (("--demo", "--goal", "x"), "do not go together"),
        (("--demo", "--project", "/"), "leave --agents, --lead and --project out"),
    ],
)
async def test_words_that_are_off_are_usage_errors(place, words, sentence):
    await refused(place, 2, sentence, *words)


async def test_a_goal_file_that_is_missing_a_folder_or_binary_is_refused(place):
    (place.home).mkdir(exist_ok=True)
    await refused(place, 1, "does not exist", "--no-tui", "--goal-file", str(place.home / "none.txt"))
    await refused(place, 1, "cannot be read", "--no-tui", "--goal-file", str(place.project))
    (place.home / "junk").write_bytes(bytes(range(256)))
    await refused(place, 1, "is not UTF-8 text", "--no-tui", "--goal-file", str(place.home / "junk"))
    (place.home / "zero").write_bytes(b"Say\0hello")
    await refused(place, 1, "holds binary data", "--no-tui", "--goal-file", str(place.home / "zero"))
    (place.home / "empty").write_bytes(b"\n\n")
    await refused(place, 2, "is empty", "--no-tui", "--goal-file", str(place.home / "empty"))


async def test_no_git_is_a_sentence(place, tmp_path):
    (tmp_path / "bin").mkdir()
    await refused(place, 1, "git is not installed", *GOAL, env={"PATH": str(tmp_path / "bin")})


async def test_no_repository_no_commit_and_a_missing_folder_are_sentences(place, tmp_path):
    (tmp_path / "plain").mkdir()
    ceiling = {"GIT_CEILING_DIRECTORIES": str(tmp_path)}
    await refused(place, 1, "git init", *GOAL, folder=tmp_path / "plain", env=ceiling)
    git(tmp_path / "plain", "init", "--quiet")
    await refused(place, 1, "has no commit yet", *GOAL, folder=tmp_path / "plain")
    await refused(place, 1, "does not exist", *GOAL, "--project", str(tmp_path / "nowhere"))


async def test_no_agent_installed_offers_the_demo(tmp_path):
    place = make_place(tmp_path)
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "git").symlink_to(shutil.which("git") or "git")
    await refused(place, 1, "--demo", *GOAL, env={"PATH": str(tools)})


async def test_an_agent_that_is_known_and_not_installed_is_named(place):
    tools = place.home / "bin"
    tools.mkdir(parents=True)
    (tools / "git").symlink_to(shutil.which("git") or "git")
    await refused(place, 1, "codex is not installed", *GOAL, "--agents", "codex", env={"PATH": str(tools)})


async def test_a_data_folder_that_cannot_be_made_is_a_sentence(place):
    (place.home / "file").write_text("in the way", encoding="utf-8")
    await refused(place, 1, "cannot be", *GOAL, env={"XDG_DATA_HOME": str(place.home / "file")})


async def test_a_socket_path_that_is_too_long_is_a_sentence(place):
    long = place.runtime / ("x" * 90)
    long.mkdir()
    done = await command_line(place, *GOAL, "--agents", "works", env={"TMPDIR": str(long)})
    assert done.code == 1
    assert "too long a path for a socket; set TMPDIR" in done.err


async def test_a_wrong_card_and_a_wrong_setting_name_their_file(place):
    config = place.paths.config
    (config / "config.toml").write_text("max_worker = 1\n", encoding="utf-8")
    await refused(place, 1, "did you mean max_workers?", *GOAL)
    (config / "config.toml").unlink()
    (config / "agents" / "odd.toml").write_text('name = "odd"\nbinarys = ["odd"]\n', encoding="utf-8")
    await refused(place, 1, "odd.toml", *GOAL)


async def test_an_agent_that_exits_at_once_is_a_sentence_and_not_a_wait(tmp_path):
    place = make_place(tmp_path)
    place.agent("exits_at_once")
    done = await command_line(place, *GOAL, "--agents", "exits_at_once")
    assert done.code == 1
    assert "exits_at_once ended before it did anything: it exited with code 1" in done.err
    assert processes_of(place) == []


async def test_a_lead_that_never_calls_a_tool_fails_the_goal(tmp_path):
    place = make_place(tmp_path)
    place.agent("never_calls")
    patience = {"AGENTORCHESTR_LEAD_SILENCE_S": "3"}
    done = await command_line(place, *GOAL, "--agents", "never_calls", env=patience)
    assert done.code == 3
    assert "did not answer when it was reminded" in done.out
    assert processes_of(place) == []


async def test_a_lead_that_waits_for_a_person_is_left_to_be_resumed(tmp_path):
    place = make_place(tmp_path)
    place.agent("asks_permission")
    patience = {"AGENTORCHESTR_LEAD_SILENCE_S": "3"}
    done = await command_line(place, *GOAL, "--agents", "asks_permission", env=patience)
    assert done.code == 4
    assert "waits for a person" in done.out
    assert "--resume" in done.out


@pytest.mark.parametrize("state", ["detached", "sub-directory", "dirty"])
async def test_a_detached_head_a_sub_directory_and_a_dirty_tree_work(tmp_path, state):
    place = make_place(tmp_path)
    place.agent("lead", "plain_lead", rank=2)
    place.agent("works")
    folder = place.project
    if state == "detached":
        place.git("checkout", "--quiet", "--detach")
    elif state == "sub-directory":
        folder = place.project / "deep" / "er"
        folder.mkdir(parents=True)
    else:
        (place.project / "README.md").write_text("changed\n", encoding="utf-8")
        (place.project / "new.txt").write_text("untracked\n", encoding="utf-8")
    before = place.git("status", "--porcelain=v2", "--branch")
    done = await command_line(place, *GOAL, "--agents", "lead", "works", "--lead", "lead", folder=folder)
    assert done.code == 0, done
    assert place.git("status", "--porcelain=v2", "--branch") == before


COUNTING_LEAD = """
[[opening]]
write = "goal.txt"
text = "{{goal}}"
[[opening]]
run = ["wc", "-c", "goal.txt"]
as = "size"
[[opening]]
call = "mark_goal_done"
arguments = { summary = "{{size.output}}" }
"""


async def test_a_goal_of_a_megabyte_reaches_the_lead(tmp_path):
    place = make_place(tmp_path)
    place.agent("lead", COUNTING_LEAD)
    (place.home / "goal.txt").write_text("Say hello " + "x" * 1_000_000, encoding="utf-8")
    done = await command_line(place, "--no-tui", "--goal-file", str(place.home / "goal.txt"), "--agents", "lead")
    assert done.code == 0, done.err
    assert "done: 1000010 goal.txt" in done.out


async def test_a_port_that_is_taken_is_no_matter(place):
    """The session takes any free port; a resumed one takes its old port only if nobody has it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        from agentorchestr_tui.mcp_server.door import _listen

        with _listen(taken.getsockname()[1]) as other:
            assert other.getsockname()[1] != taken.getsockname()[1]
    assert os.environ["HOME"]
