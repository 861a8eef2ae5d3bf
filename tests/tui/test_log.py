"""The log inspector: six tabs of one agent or check, live or ended, with search, replay, copy and export."""

from __future__ import annotations

import json

import pytest

from agentorchestr_tui.core.commands import Notice
from agentorchestr_tui.core.words import Outcome
from agentorchestr_tui.orchestrator.archive import stored
from agentorchestr_tui.orchestrator.prompts_kept import AGAIN, keep_prompt, kept_prompt
from agentorchestr_tui.panes.tape import Tape
from agentorchestr_tui.tui.log import LogScreen, Tab
from tests.tui.test_talking import ASKS, LISTENING_LEAD


async def opened(stage, *keys):
    await stage.press(*keys, "ctrl+b", "l")
    await stage.until_shown("1 Transcript", "6 Evidence")
    return stage.app.screen


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_all_six_sides_of_a_worker_are_shown_searched_and_exported(team, play, size, tmp_path):
    async with play(size=size) as stage:
        await stage.until_shown("✓ Done")
        await stage.press("escape")
        log = await opened(stage, "alt+1")
        assert all(len(line) == size[0] for line in stage.lines)
        await stage.until_shown("w01 implementer ✓", "verify v1 ✓", "report_done", "git commit")
        await stage.press("2", "end")
        await stage.until_shown("‖ 1x", "report_done")
        await stage.until(lambda: log._replay.at > 0, "the end of the recording")
        await stage.press("3")
        await stage.until_shown("w01 implementer is working", "w01 implementer is done: hello.txt says hello")
        await stage.press("4")
        await stage.until_shown("You are w01, one worker of a team")
        await stage.press("5")
        await stage.until_shown("added hello.txt", "+hello")
        await stage.press("6")
        await stage.until_shown("outcome   done, as it reported", "file      hello.txt")
        await stage.press("slash", *"says hello", "enter")
        await stage.until_shown("3 Events·1", "6 Evidence·1", "1 Transcript·")
        assert log._tab is Tab.EVIDENCE
        await stage.press("1", "n")
        await stage.until_shown(": hit 1 of ")
        await stage.press("escape", "3", "f", *"is done", "enter")
        await stage.until(lambda: len(log._texts[Tab.EVENTS].lines) == 1, "the filter")
        await stage.press("f")
        log._ask.value = "no such words"
        await stage.press("enter")
        await stage.until_shown("Nothing here has “no such words”.")
        await stage.press("f")
        log._ask.value = "is done"
        await stage.press("enter")
        await stage.until(lambda: len(log._texts[Tab.EVENTS].lines) == 1, "the filter again")
        await stage.press("y")
        assert "is done: hello.txt says hello" in stage.app.clipboard
        for number, end, holds in (("1", "txt", "git commit"), ("2", "cast", '"version": 2'), ("2", "svg", "<svg")):
            target = tmp_path / "out" / f"log.{end}"
            await stage.press(number, "e")
            log._ask.value = str(target)
            await stage.press("enter")
            await stage.until(target.exists, f"the export to {end}")
            await stage.until(lambda wanted=holds, file=target: wanted in file.read_text(encoding="utf-8"), holds)
        await stage.press("question_mark")
        await stage.until_shown("replay: play or stop")
        await stage.press("escape", "escape")
        await stage.until(lambda: stage.app.screen is stage.stage, "the stage")


async def test_a_replay_plays_jumps_between_marks_and_takes_the_mouse(team, play):
    async with play() as stage:
        await stage.until_shown("✓ Done")
        await stage.press("escape")
        log = await opened(stage, "alt+1")
        await stage.press("2")
        replay = log._replay
        await stage.until(lambda: replay._frame is not None and replay.time_line.marks, "the recording")
        signs = {mark.sign for mark in replay.time_line.marks}
        assert {"❯", "✓", "·"} <= signs
        await stage.press("home", "right")
        first = replay.at
        assert first == min(mark.at for mark in replay.time_line.marks)
        await stage.press("right", "left")
        alone = len(replay.time_line._stops()) == 1  # of a worker that was quick all marks fall together
        assert replay.at == (0.0 if alone else first)
        await stage.pilot.click(replay.time_line, offset=(60, 0))
        await stage.until(lambda: replay._replay.tape.duration / 3 < replay.at, "the click")
        await stage.press("home", "minus", "space")
        await stage.until_shown("▶ 0.5x")
        await stage.press(*["plus"] * 6)
        await stage.until(lambda: not replay._playing, "its end")
        await stage.until_shown("report_done")
        await stage.press("slash", *"report_done", "enter")
        await stage.until_shown("2 Replay·")
        assert replay.found
        await stage.press("home", "minus", "minus", "minus", "space", "n")  # what was looked for is to be seen
        await stage.until(lambda: not replay._playing and replay.at in replay.found, "a stop at what was found")


async def test_a_live_pane_is_followed_and_everybody_else_is_a_key_away(place, play):
    place.agent("lead", LISTENING_LEAD, rank=2)
    place.agent("asks", ASKS)
    place.agent("works")
    async with play() as stage:
        await stage.until_shown("1 w01", "2 w02", "npm test")
        log = await opened(stage, "alt+1")
        await stage.until_shown("npm test")
        before = list(log._texts[Tab.TRANSCRIPT].lines)
        pane = (await stage.house.open()).pane("w01")
        await pane.write(b"1")
        await stage.until(lambda: stage.session.workers["w01"].outcome is Outcome.DONE, "the end of w01")
        await stage.until_shown("Run npm test", "w01 implementer ✓")
        assert list(log._texts[Tab.TRANSCRIPT].lines) != before
        told = log._texts[Tab.TRANSCRIPT]

        def ends(lines):
            said = [line for line in lines if line.strip()]
            return said[0], said[-1]

        await stage.until(lambda: ends(told.lines) == ends(line.text for line in pane.emulator.transcript()))
        await stage.press("2", "end")
        await stage.until(lambda: log._replay.at > 0.0, "the end of the recording so far")
        at = log._replay.at
        await pane.write(b"something new\r")
        await stage.until(lambda: log._replay.at > at, "the replay that follows")
        await stage.press("1", "less_than_sign")
        await stage.until_shown("spawn_worker task: Run the tests.")
        await stage.press("less_than_sign")
        await stage.until_shown("w01 implementer (asks) gets a task", "goal: Say hello")
        await (await stage.house.open()).perform(Notice("Something is new."))
        await stage.until_shown("Something is new.")
        await stage.press("alt+2")
        await stage.until_shown("hello.txt")


async def test_a_session_is_looked_into_long_after_its_end(team, play):
    async with play() as stage:
        await stage.until_shown("✓ Done", "q  end")
        await stage.press("q")
        await stage.until(lambda: stage.app.return_value, "the end")
        opening = stage.house._opening
    archive = await stored(opening, stage.session.id)
    assert archive.session.closed
    assert "You are w01" in await archive.prompt("w01")
    async with play(goal=None) as stage:
        await stage.until_shown("branch   main")
        stage.app.push_screen(LogScreen(archive, "w01"))
        await stage.until_shown("report_done", "w01 implementer ✓")
        await stage.press("5")
        await stage.until_shown("added hello.txt", "+hello")
        await stage.press("greater_than_sign", "6")
        await stage.until_shown("verify    v1 passed", "exit code 0")
        await stage.press("1")
        await stage.until_shown("Ran 1 test")
        await stage.press("less_than_sign", "2", "end")  # the recording of a process that is long gone
        await stage.until_shown("‖ 1x", "report_done")
        await stage.press("home", "space")
        await stage.until_shown("▶ 1x")
        await stage.until_shown("You are w01")


async def test_earlier_processes_of_an_agent_are_part_of_its_transcript(team, play):
    async with play() as stage:
        await stage.until_shown("✓ Done")
        await stage.press("escape")
        folder = (await stage.house.open()).ground.paths.recordings(stage.session.id)
        header = {"version": 2, "width": 80, "height": 24, "timestamp": 1}
        lines = [json.dumps(header), json.dumps([0.5, "o", "what the first one said\r\n"])]
        (folder / "w01.cast").rename(folder / "w01-2.cast")
        (folder / "w01.cast").write_text("\n".join(lines) + "\n", encoding="utf-8")
        log = await opened(stage, "alt+1")
        await stage.until(lambda: "what the first one said" in log._texts[Tab.TRANSCRIPT].lines, "both processes")
        await stage.press("2")
        await stage.until_shown("process 2 of 2")
        await stage.press("left_square_bracket")
        await stage.until_shown("process 1 of 2")
        await stage.press("end")
        await stage.until_shown("what the first one said")
        assert Tape.open(log._replay.path).began == 1


def test_prompts_are_kept_one_behind_the_other(tmp_path):
    keep_prompt(tmp_path / "r", "w01", "first")
    keep_prompt(tmp_path / "r", "w01", "second")
    assert kept_prompt(tmp_path / "r", "w01") == f"first{AGAIN}second"
    assert kept_prompt(tmp_path / "r", "w02") == ""
    keep_prompt(tmp_path / "r" / "w01.prompt.md", "w01", "cannot be kept")


async def test_what_takes_its_time_is_said_in_the_status_line_until_it_is_over(team, play, monkeypatch):
    monkeypatch.setattr("agentorchestr_tui.tui.log.SOON", -1.0)
    async with play(size=(80, 24)) as stage:
        await stage.until_shown("✓ Done")
        await stage.press("escape")
        log = await opened(stage, "alt+1")
        await stage.until(lambda: log._is_loaded(Tab.TRANSCRIPT), "the transcript")
        log._say("read", "reading 40%")
        log._say("search", "searching for “a” 3%")
        await stage.until_shown("reading 40% · searching for “a” 3%  esc back")
        log._say("read")
        log._say("search")
        await stage.until(lambda: "reading" not in stage.lines[-1], "no word of it")


async def test_a_long_search_goes_on_beside_the_keys_and_stops_at_esc_or_at_another_word(team, play):
    async with play(size=(80, 24)) as stage:
        await stage.until_shown("✓ Done")
        await stage.press("escape")
        recordings = team.paths.recordings(stage.session.id)
        with (recordings / "w01-9.cast").open("w", encoding="utf-8") as file:
            file.write('{"version": 2, "width": 80, "height": 24, "timestamp": 1700000000}\n')
            for number in range(40_000):
                text = "".join(f"line {number * 8 + n} of many, here and there a needle\r\n" for n in range(8))
                file.write(json.dumps([number / 100, "o", text]) + "\n")
        log = await opened(stage, "alt+1")
        await stage.press("slash", *"needle", "enter")
        assert log._words == "needle"
        await stage.press("escape")
        await stage.until(lambda: not log._is_searching, "its end")
        assert (log._words, log._replay.found) == ("", [])
        await stage.press("slash", *"no such word", "enter", "slash")
        log._ask.value = ""
        await stage.press(*"line 319999 ", "enter")
        await stage.until(lambda: log._hits.get(Tab.REPLAY) == 1 and not log._is_searching, "the one place")
        assert not log._under_way
        await stage.press("escape", "escape")
        await stage.until(lambda: stage.app.screen is stage.stage, "the stage")
