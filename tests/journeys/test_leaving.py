"""However the screen ends, the terminal is as it was found."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import termios

import psutil
import pytest

from tests.journeys.conftest import COMMAND

ALTERNATE, USABLE = b"\x1b[?1049h", b"\x1b[?1049l\x1b[?25h"
QUIET = 0.5  # seconds in which one that draws for ever draws thirty times
TOKEN = "sk-test-0123456789abcdef"


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Give a project of its own, and a secret in the environment that must never be shown."""
    folder = tmp_path / "project"
    folder.mkdir()
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    monkeypatch.setenv("ANTHROPIC_API_KEY", TOKEN)
    return folder


def opened(person, place, size=(90, 30), command=(str(COMMAND),)):
    """Open the screen, and wait until it takes keys; returns the person and how the terminal was found."""
    someone = person("--project", str(place), size=size, command=command)
    before = termios.tcgetattr(someone.process.fd)
    someone._until(lambda: termios.tcgetattr(someone.process.fd)[3] & termios.ICANON == 0, "raw keys")
    someone._until(lambda: ALTERNATE in someone.raw and "╭" in someone.text, "the screen")
    return someone, before


def screen_of(someone):
    """Return the process that draws, not the launcher over it."""
    (child,) = [
        each for each in psutil.Process(someone.process.pid).children() if "agentorchestr" in str(each.cmdline())
    ]
    return child


def is_as_found(someone, before):
    now = termios.tcgetattr(someone.process.fd)
    assert now[:4] == before[:4]
    assert not someone.screen.alternate
    assert not someone.screen.cursor.hidden
    assert not someone.screen.modes.mouse
    assert not someone.screen.modes.key_flags
    assert {7, 1004, 2004, 2026} & someone.screen.modes.private == {7}  # lines wrap, nothing else is on
    assert TOKEN.encode() not in someone.raw
    assert b"Traceback" not in someone.raw


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT])
def test_a_screen_that_is_killed_leaves_a_usable_terminal_and_says_how_to_go_on(person, place, number):
    someone, before = opened(person, place)
    os.kill(screen_of(someone).pid, number)
    assert someone.until_ended() == 128 + number
    is_as_found(someone, before)
    assert b"--list-sessions" in someone.raw


def test_a_rehearsal_that_is_killed_says_how_it_is_cleared_away(person):
    dying = "import os\nfrom agentorchestr_tui.launcher import stand_over\n"
    dying += "stand_over(lambda: os.kill(os.getpid(), 9), ['--demo'])"
    someone = person(command=(sys.executable, "-c", dying))
    someone.until_ended()
    assert b"agentorchestr --gc" in someone.raw
    assert b"--list-sessions" not in someone.raw


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_the_launcher_reaches_the_screen_which_leaves_in_order(person, place, number):
    someone, before = opened(person, place)
    someone.signal(number)
    assert someone.until_ended() == 0
    is_as_found(someone, before)


def test_one_that_is_put_to_sleep_gives_the_terminal_back_and_draws_again_when_it_wakes(person, place):
    someone, before = opened(person, place)
    both = [psutil.Process(someone.process.pid), screen_of(someone)]
    someone.signal(signal.SIGTSTP)
    someone._until(lambda: [each.status() for each in both] == [psutil.STATUS_STOPPED] * 2, "sleep")
    someone._read()
    is_as_found(someone, before)
    someone.signal(signal.SIGCONT)
    someone._until(lambda: someone.screen.alternate and "╭" in someone.text, "the screen anew")
    someone.signal(signal.SIGTERM)
    assert someone.until_ended() == 0
    is_as_found(someone, before)


@pytest.mark.parametrize("term", ["dumb", "unknown"])
def test_a_terminal_without_a_cursor_is_told_what_to_do_instead(person, place, monkeypatch, term):
    monkeypatch.setenv("TERM", term)
    someone = person("--project", str(place))
    assert someone.until_ended() == 1
    assert f"With TERM={term} there is no full screen: add --no-tui".encode() in someone.raw


def test_a_screen_whose_launcher_is_killed_ends_by_itself(person, place):
    someone, _ = opened(person, place)
    child = screen_of(someone)
    someone.signal(signal.SIGKILL)
    someone._until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE, "the end of the screen")


def test_a_storm_of_sizes_down_to_one_cell_ends_in_the_size_that_it_has(person, place):
    someone, before = opened(person, place)
    for columns, lines in [(1, 1), (200, 3), (2, 60), (1, 40), (300, 1), (40, 12), (1, 1)] * 4 + [(100, 32)]:
        termios.tcsetwinsize(someone.process.fd, (lines, columns))
        someone.screen.resize(columns, lines)
        someone._read()
    someone._until(lambda: "╭" in someone.text and "╮" in someone.text, "the screen")
    someone.signal(signal.SIGTERM)
    assert someone.until_ended() == 0
    is_as_found(someone, before)


@pytest.mark.parametrize("size", [(1, 1), (2, 60), (1, 40), (11, 3), (300, 1)])
def test_a_terminal_that_is_too_small_is_drawn_in_once_and_not_for_ever(person, place, size):
    someone, _ = opened(person, place)
    someone.until_shown("quit")
    someone.screen.resize(*size)
    termios.tcsetwinsize(someone.process.fd, size[::-1])

    def at_rest() -> bool:
        still = not select.select([someone.process.fd], [], [], QUIET)[0]
        someone._read()
        return still

    someone._until(at_rest, "an end of drawing")
    someone.screen.resize(100, 32)
    termios.tcsetwinsize(someone.process.fd, (32, 100))
    someone.until_shown("╭", "╮", "quit")
    someone.signal(signal.SIGTERM)
    assert someone.until_ended() == 0


def test_a_terminal_that_vanishes_ends_screen_and_launcher_without_a_word_of_python(person, place, tmp_path):
    said = tmp_path / "stderr"
    someone, _ = opened(person, place, command=("sh", "-c", f'exec "$0" "$@" 2>{said}', str(COMMAND)))
    processes = [psutil.Process(someone.process.pid), screen_of(someone)]
    someone.process.fileobj.close()
    someone.process.closed = True
    _, alive = psutil.wait_procs(processes, timeout=30)
    someone.process.terminated = True  # psutil has taken its end
    assert [each for each in alive if each.status() != psutil.STATUS_ZOMBIE] == []
    assert said.read_text("utf-8") == ""


FAULT = """
import os, sys, threading, time
def fail(stage):
    raise RuntimeError(f"with the key {os.environ['ANTHROPIC_API_KEY']}")
def lie_in_wait():
    def wait():
        while not hasattr(sys.modules.get("agentorchestr_tui.tui.stage"), "Stage"):
            time.sleep(0.01)  # a module that is imported rings no bell
        sys.modules["agentorchestr_tui.tui.stage"].Stage._tick = fail
    threading.Thread(target=wait, daemon=True).start()
os.register_at_fork(after_in_child=lie_in_wait)
"""


def test_an_error_of_ours_gives_the_terminal_back_and_says_a_sentence_without_the_errors_words(
    person, place, tmp_path, monkeypatch
):
    (tmp_path / "sitecustomize.py").write_text(FAULT, "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    someone, before = opened(person, place)
    assert someone.until_ended() == 1
    is_as_found(someone, before)
    assert b"Something unexpected happened (RuntimeError)" in someone.raw
    assert b"agentorchestr.log" in someone.raw


@pytest.mark.parametrize("closed", ["<&-", "<&- >&-", "</dev/null"])
def test_without_a_terminal_to_read_from_it_says_what_it_needs(place, closed):
    line = f'exec "$0" {closed}'
    done = subprocess.run(["sh", "-c", line, str(COMMAND)], cwd=place, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert done.stderr.startswith("agentorchestr: Say what the team is to do:")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("words", ["--version", "--list-sessions"])
def test_what_nobody_reads_or_has_room_for_is_no_accident(place, words):
    full = ((">/dev/full", "could not be written"),) if os.path.exists("/dev/full") else ()
    for into, said in (("| true", ""), *full):
        done = subprocess.run(
            ["sh", "-c", f'"$0" {words} {into}', str(COMMAND)], cwd=place, capture_output=True, text=True, timeout=60
        )
        assert "Exception" not in done.stderr
        assert said in done.stderr


def test_the_launcher_loads_nothing_heavy():
    code = (
        "import sys; import agentorchestr_tui.__main__, agentorchestr_tui.launcher; "
        "print({'asyncio', 'textual', 'pydantic', 'argparse', 'logging', 'subprocess'} & set(sys.modules))"
    )
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60).stdout
    assert said.strip() == "set()"


def test_before_the_first_frame_nothing_is_loaded_that_only_a_session_needs():
    later = ("mcp", "uvicorn", "git", "sqlite3", "psutil", "httpx2", "textual.widgets._text_area")
    ours = ("core.commands", "core.events", "agents.card", "store.log", "worktrees.git", "orchestrator.orchestrator")
    code = "import sys, agentorchestr_tui.cli.session, agentorchestr_tui.cli.screen; print(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60).stdout
    assert {*later, *(f"agentorchestr_tui.{name}" for name in ours)} & set(said.split()) == set()


def test_the_curtain_stands_before_anything_is_loaded_and_leaves_room_for_a_refusal(person, place):
    someone = person("--project", str(place), "--goal-file", "nowhere.md", size=(90, 30))
    before = termios.tcgetattr(someone.process.fd)
    code = someone.until_ended()
    first = someone.raw[: someone.raw.index(b"agentorchestr")]
    assert first.startswith(ALTERNATE)
    assert code == 1
    is_as_found(someone, before)
    assert b"nowhere.md does not exist" in someone.raw
