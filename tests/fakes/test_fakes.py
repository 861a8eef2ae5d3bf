"""Each fake does what its first line says."""

from __future__ import annotations

import signal
from pathlib import Path

import psutil
import pytest

from agentorchestr_tui.rehearsal.score import read
from tests.rehearsal.orchestra import git

HERE = Path(__file__).parent
NONCE = "00c0ffee00c0ffee"
PROMPT = f"Goal: Say hello\nIf you have no tools, print WORKER_DONE: <summary>.\nnonce: {NONCE}\n"
IDLE = "idle:app=rehearsal"


@pytest.mark.parametrize("path", sorted(HERE.glob("*.toml")), ids=lambda path: path.stem)
def test_every_fake_reads_and_says_what_it_is_in_its_first_line(path):
    assert read(path).opening
    assert path.read_text(encoding="utf-8").startswith("# ")


@pytest.mark.parametrize(("fake", "code"), [("crashes_at_once", 3), ("killed_by_signal", -11), ("exits_at_once", 1)])
def test_an_early_end_has_its_own_code(play, fake, code):
    assert play(HERE / f"{fake}.toml").until_over() == code


def test_a_crash_leaves_the_terminal_as_it_was(play):
    player = play(HERE / "crashes_at_once.toml")
    player.until_over()
    assert player.raw_mode
    assert "Fatal:" in player.text


def test_a_flood_is_taken_at_the_terminals_speed_and_followed_by_a_whole_picture(play):
    player = play(HERE / "floods.toml", blind=True).until_state(IDLE)
    assert player.received > 20_000_000
    assert "That was a lot of output." in player.raw.decode(errors="replace")


def test_one_that_ignores_signals_ends_by_kill_alone(play):
    player = play(HERE / "ignores_signals.toml").until_shown("Ignoring you")
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGINT):
        player.signal(number)
    player.type("\x03\x03/quit\r")
    player.until_shown("Ignoring you… (1s")
    player.hang_up()
    assert psutil.Process(player.pid).status() != psutil.STATUS_ZOMBIE
    player.signal(signal.SIGKILL)
    assert player.until_over() == -signal.SIGKILL


def test_a_done_flag_carries_the_nonce_of_the_prompt(play, repository):
    player = play(HERE / "flags_done.toml", prompt=PROMPT, folder=repository).until_state(IDLE)
    flag = repository / ".agentorchestr/done.flag"
    player.until(lambda player: flag.exists())
    assert flag.read_text() == f"done {NONCE}\nhello.txt says hello\n"
    assert git(repository, "show", "--stat", "--format=%s").splitlines()[0] == "Say hello"


def test_a_printed_outcome_stands_at_the_start_of_its_line(play, repository):
    player = play(HERE / "prints_done.toml", prompt=PROMPT, folder=repository)
    player.until(lambda player: "WORKER_DONE: hello.txt says hello" in player.lines).until_state(IDLE)


def test_a_liar_reports_done_with_an_empty_diff(play, orchestra):
    env = orchestra.env(orchestra.worker_token("w01"))
    play(HERE / "lies.toml", folder=orchestra.repository, env=env).until(lambda _: "report_done" in orchestra.called)
    assert git(orchestra.repository, "status", "--porcelain") == ""


def test_a_permission_is_asked_and_kept_to(play, orchestra):
    env = orchestra.env(orchestra.worker_token("w01"))
    player = play(HERE / "asks_permission.toml", folder=orchestra.repository, env=env)
    player.until_shown("Allow running `npm test`?").type("3")
    player.until(lambda _: "report_done" in orchestra.called)
    assert orchestra.arguments("report_done") == {"summary": "npm test: no"}
    assert not (orchestra.repository / "tested.txt").exists()
