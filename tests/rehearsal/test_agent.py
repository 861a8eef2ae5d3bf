"""The program as a person or an orchestrator meets it: in a PTY, by keys, signals and bytes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import psutil
import pytest

IDLE = "idle:app=rehearsal"
SAYS = '[[opening]]\nsay = "I am here."\n'
HANGS = '[[opening]]\nhang = "Thinking hard"\n'
ASKS = '[[opening]]\npermission = "npm test"\nas = "npm"\n[[opening]]\nsay = "answer: {{npm.answer}}"\n'
ECHOES = SAYS + '[[reply]]\nsay = "heard <{{message}}>"\n'


def test_it_tells_its_state_title_and_modes_and_takes_all_back(play):
    player = play(SAYS, prompt="Do it.", answers=False).until_shown("● I am here.", "❯ Do it.").until_state(IDLE)
    assert player.raw_mode
    player.type("/quit\r")
    assert player.until_over() == 0
    assert player.states == ["working:app=rehearsal", IDLE, "clear:app=rehearsal"]
    assert "\x1b]0;◐ rehearsal worker · implementer\x07".encode() in player.raw
    for told, taken_back in ((b"\x1b[?2004h", b"\x1b[?2004l"), (b"\x1b[?2026h", b"\x1b[?2026l")):
        assert player.raw.rindex(told) < player.raw.rindex(taken_back)
    assert player.raw.rindex(b"\x1b[?25l") < player.raw.rindex(b"\x1b[?25h")
    assert not player.raw_mode
    assert "╭" not in player.text
    assert "● I am here." in player.text


def test_a_terminal_that_reads_the_status_gets_a_plain_title(play):
    player = play(SAYS)
    player.until(lambda player: b"\x1b]0;rehearsal worker" in player.raw)


@pytest.mark.parametrize("size", [(30, 8), (80, 24), (200, 60)])
def test_the_prompt_stands_at_the_bottom_at_every_size(play, size):
    player = play(SAYS, size=size).until_shown("I am here.").until_state(IDLE)
    player.type("typed words")
    player.until_shown("❯ typed words")
    column = 2 if size[1] < 12 else 4
    assert player.screen.cursor.x == column + len("typed words")
    row = player.lines[player.screen.cursor.y]
    assert "❯ typed words" in row
    assert player.screen.cursor.y >= size[1] - 3


def test_a_new_size_is_drawn_anew(play):
    text = "a sentence of many words that has to be broken on a narrow screen but not on a wide one"
    player = play(f'[[opening]]\nsay = "{text}"\n', size=(120, 30)).until_shown(text).until_state(IDLE)
    player.resize(40, 10)
    player.until(lambda player: player.lines[-1].startswith("❯") and "wide one" in player.text)
    assert all(len(line) <= 40 for line in player.lines)
    player.resize(150, 40)
    player.until_shown(text, "╭" + "─" * 148 + "╮")
    assert sum("╭" in line for line in player.lines) == 1


def test_a_message_starts_a_turn(play):
    player = play(ECHOES).until_state(IDLE)
    player.type("hellp\x7fo\x1b[D\x1b[D\x1b[3~\r")
    player.until_shown("heard <helo>")


def test_a_paste_of_several_lines_is_one_message(play):
    player = play(ECHOES).until_state(IDLE)
    player.paste("one\r\ntwo\rthree")
    player.until_shown("❯ one")
    player.type("\r")
    player.until_shown("heard <one", "three>")


def test_a_long_paste_is_folded_and_sent_whole(play, tmp_path):
    player = play(SAYS + '[[reply]]\nwrite = "heard.txt"\ntext = "{{message}}"\n').until_state(IDLE)
    message = "\n".join(f"line {number} ü" for number in range(5000))
    player.paste(message)
    player.until_shown("[pasted 5000 lines]")
    player.type("\r")
    player.until(lambda player: (tmp_path / "folder/heard.txt").exists())
    assert (tmp_path / "folder/heard.txt").read_text(encoding="utf-8") == message


def test_enter_in_the_same_write_as_the_paste_submits(play):
    player = play(ECHOES).until_state(IDLE)
    player.type(b"\x1b[200~at once\x1b[201~\r")
    player.until_shown("heard <at once>")


def test_a_message_during_a_turn_is_queued_shown_and_answered_after_it(play):
    player = play(HANGS + '[[reply]]\nsay = "heard <{{message}}>"\n').until_shown("Thinking hard…")
    player.type("later\r")
    player.until_shown("❯ later  queued")
    player.type("\x1b")
    player.until_shown("Interrupted.", "heard <later>").until_state(IDLE)
    assert "queued" not in player.text


def test_the_spinner_counts_seconds(play):
    play(HANGS).until_shown("Thinking hard… (1s · esc to interrupt)")


def test_a_draft_survives_the_end_of_a_turn_and_ctrl_c_empties_it(play):
    player = play(HANGS).until_shown("Thinking hard")
    player.type("half a thou")
    player.until_shown("❯ half a thou")
    player.type("\x1b")
    player.until_shown("Interrupted.", "❯ half a thou")
    player.type("\x03")
    player.until_shown("ctrl+c again to leave")
    assert "half a thou" not in player.text


def test_ctrl_c_twice_leaves(play):
    player = play(HANGS).until_shown("Thinking hard")
    player.type("\x03\x03")
    assert player.until_over() == 0


@pytest.mark.parametrize(("keys", "answer"), [("1", "yes"), ("2", "always"), ("3", "no"), ("\r", "yes")])
def test_a_permission_dialog_waits_for_its_key(play, keys, answer):
    player = play(ASKS).until_shown("Allow running `npm test`?", "1 Yes", "2 Yes, always", "3 No")
    player.until_state("blocked:app=rehearsal:kind=permission")
    player.type("what is this?")  # no key of the dialog
    player.type(keys)
    player.until_shown(f"answer: {answer}").until_state(IDLE)
    assert "what is this" not in player.text


def test_a_permission_dialog_is_walked_by_arrows_and_left_by_escape(play):
    player = play(ASKS).until_shown("❯ 1 Yes")
    player.type("\x1b[B")
    player.until_shown("❯ 2 Yes, always")
    player.type("\x1b")
    player.until_shown("answer: no")


def test_a_permission_dialog_fits_a_small_screen(play):
    player = play(ASKS, size=(40, 8))
    player.until_shown("Allow running `npm test`?", "1 Yes  2 Yes, always  3 No")


def test_always_is_remembered(play):
    player = play(ASKS + '[[reply]]\npermission = "npm test"\n[[reply]]\nsay = "asked no more"\n')
    player.until_shown("2 Yes, always").type("2")
    player.until_shown("answer: always").until_state(IDLE)
    player.type("again\r")
    player.until_shown("asked no more")


def test_a_question_takes_the_next_message_as_its_answer(play):
    player = play('[[opening]]\nask = "Tabs or spaces?"\nas = "style"\n[[opening]]\nsay = "So {{style.answer}}."')
    player.until_shown("Tabs or spaces?").until_state("blocked:app=rehearsal:kind=question")
    player.type("tabs\r")
    player.until_shown("So tabs.").until_state(IDLE)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_cleanly(play, number):
    player = play(HANGS).until_shown("Thinking hard")
    player.signal(number)
    assert player.until_over() == 128 + number
    assert not player.raw_mode


def test_the_last_words_before_an_exit_are_shown(play):
    player = play('[[opening]]\nprint = "WORKER_DONE: all of it"\n[[opening]]\nexit = 0\n')
    assert player.until_over() == 0
    assert "WORKER_DONE: all of it" in player.lines


def test_a_terminal_that_hangs_up_ends_it(play):
    player = play(HANGS).until_shown("Thinking hard")
    player.hang_up()
    assert player.until_over() == 128 + signal.SIGHUP


def test_an_interrupted_program_is_ended_with_its_children(play, tmp_path):
    player = play('[[opening]]\nrun = ["/bin/sh", "-c", "echo $$ > pid; sleep 1000 & sleep 1000"]\n')
    pid_file = tmp_path / "folder/pid"
    player.until(lambda player: pid_file.exists() and pid_file.read_text().strip())
    player.type("\x1b")
    player.until_shown("Interrupted.")
    group = pid_file.read_text().strip()
    assert [process for process in psutil.process_iter() if _lives_in(process, int(group))] == []


def _lives_in(process: psutil.Process, group: int) -> bool:
    try:
        return os.getpgid(process.pid) == group and process.status() != psutil.STATUS_ZOMBIE
    except (psutil.Error, ProcessLookupError):
        return False


def test_status_and_help_are_answered_at_once(play):
    player = play(SAYS).until_state(IDLE)
    player.type("/status\r")
    player.until_shown("implementer, 1 turn", "MCP server: none")
    player.type("/help\r")
    player.until_shown("/quit leave")


def test_what_a_program_prints_cannot_move_the_cursor(play):
    player = play('[[opening]]\nrun = ["printf", "\\\\033[2J\\\\033[Hgone\\\\007\\\\n"]\n').until_state(IDLE)
    assert "·[2J·[Hgone·" in player.text


def test_the_log_scrolls_into_the_terminals_own_scrollback_each_row_once(play):
    steps = "".join(f'[[opening]]\nsay = "sentence number {number}."\n' for number in range(60))
    player = play(steps, size=(60, 16)).until_shown("sentence number 59.").until_state(IDLE)
    said = [line for line in player.transcript.splitlines() if line.startswith("● ")]
    assert said == [f"● sentence number {number}." for number in range(60)]


def test_after_raw_output_the_picture_is_whole_again(play):
    player = play('[[opening]]\nflood = 20_000\n[[opening]]\nsay = "That was a lot."\n')
    player.until_shown("That was a lot.", "❯", "✳ rehearsal").until_state(IDLE)
    assert "quick brown fox" not in player.text


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--prompt-file", "missing.md"], "missing.md"),
        (["--prompt-file", "prompt.md", "--score", "missing.toml"], "missing.toml cannot be read"),
        (["--prompt-file", "prompt.md"], "plays on a terminal; start it in one."),
        (["--prompt-file", "junk.md"], "utf-8"),
    ],
)
def test_what_cannot_work_is_refused_in_a_sentence(tmp_path, words, sentence):
    (tmp_path / "prompt.md").write_text("Do it.")
    (tmp_path / "junk.md").write_bytes(b"\xff\xfe\x00")
    argv = [sys.executable, "-m", "agentorchestr_tui.rehearsal", "--role", "worker", *words]
    ran = subprocess.run(argv, cwd=tmp_path, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    assert ran.returncode == 1
    assert ran.stderr.startswith("rehearsal: ")
    assert ran.stderr.count("\n") == 1
    assert sentence in ran.stderr


def test_it_is_a_program_of_its_own_and_starts_light():
    code = (
        "import sys, agentorchestr_tui.rehearsal.__main__\n"
        "print([m for m in ('mcp', 'pydantic', 'httpx2', 'textual', 'rich') if m in sys.modules],"
        "[m for m in sys.modules if m.startswith('agentorchestr_tui.') and 'rehearsal' not in m])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[] []"
