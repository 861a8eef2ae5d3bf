"""The goal editor: folds, mentions, dropped files, earlier texts; and the lines of choices below it."""

from __future__ import annotations

import pytest
from textual import events
from textual.app import App

from agentorchestr_tui.widgets.draft import Draft, dropped, fold_name, mention, typed_path
from agentorchestr_tui.widgets.goal_editor import GoalEditor
from agentorchestr_tui.widgets.matching import best
from agentorchestr_tui.widgets.picks import Pick, Picks, Stepper

LONG = "".join(f"line {number}\n" for number in range(412))


class Desk(App):
    """An editor and two lines of choices."""

    def __init__(self):
        super().__init__()
        self.editor = GoalEditor("for example", lambda path: "src/a b.py" if path.endswith("b.py") else "")
        self.editor.files = ("src/auth.py", "src/author.py", "tests/test_auth.py", "README.md")
        self.editor.earlier = ("the last goal", LONG)
        self.one, self.some, self.seats = Picks(), Picks(several=True), Stepper(6, 1, 64, "workers")
        self.said = []

    def compose(self):
        yield self.editor
        yield self.editor.paths
        yield from (self.one, self.some, self.seats)

    def on_mount(self):
        self.one.offer([Pick("a"), Pick("b", why_not="b cannot lead.")], ["a"])
        self.some.offer([Pick("a", "1.0"), Pick("b")], ["a", "b"])

    def on_goal_editor_sent(self):
        self.said.append(self.editor.whole)

    def on__line_refused(self, message):
        self.said.append(message.why)

    async def paste(self, text):
        self.editor.post_message(events.Paste(text))


@pytest.mark.parametrize(
    ("line", "typed"),
    [("see @src/a", "src/a"), ("@", ""), ("(@x", "x"), ("me@host", None), ("@a b", None), ("no", None)],
)
def test_an_at_sign_that_begins_a_word_begins_a_path(line, typed):
    assert typed_path(line) == typed


@pytest.mark.parametrize(
    ("paste", "paths"),
    [
        ("/tmp/a.py", ["/tmp/a.py"]),
        ("'/tmp/a b.py' /c ", ["/tmp/a b.py", "/c"]),
        ("/tmp/a\\ b.py", ["/tmp/a b.py"]),
        ("file:///tmp/a%20b.py", ["/tmp/a b.py"]),
        ("/tmp is full", []),
        ("a/b", []),
        ("/a\n/b", []),
        ("'/unclosed", []),
    ],
)
def test_dropped_files_are_told_from_other_text(paste, paths):
    assert dropped(paste) == paths


def test_the_likeliest_path_comes_first():
    paths = ["tests/test_auth.py", "src/oauth/x.py", "src/auth.py", "author.md"]
    assert best(paths, "auth") == ["author.md", "src/auth.py", "tests/test_auth.py", "src/oauth/x.py"]
    assert best(paths, "stau") == ["tests/test_auth.py"]
    assert best(paths, "zz") == []


def test_folds_are_named_by_size_and_kept_apart():
    assert fold_name(LONG, ()) == "[412 lines]"
    assert fold_name(LONG, {"[412 lines]": ""}) == "[412 lines, 2]"
    assert fold_name("x" * 3000, ()) == "[3,000 characters]"
    assert Draft.of(LONG).text == "[412 lines]"
    assert Draft.of(LONG).whole == LONG
    assert mention("a b") == '@"a b"'


async def test_a_long_paste_folds_is_sent_whole_and_goes_or_opens_as_one():
    desk = Desk()
    async with desk.run_test() as pilot:
        await pilot.press(*"do ")
        await desk.paste(LONG)
        await pilot.pause()
        assert desk.editor.text == "do [412 lines]"
        await pilot.press(*" now", "ctrl+s")
        assert desk.said == [f"do {LONG} now"]
        await pilot.press(*["left"] * 4, "backspace")
        assert desk.editor.text == "do  now"
        await pilot.press("ctrl+z")
        assert desk.editor.whole == f"do {LONG} now"
        await pilot.press("left", "ctrl+o")
        assert desk.editor.text == f"do {LONG} now"


async def test_an_at_sign_completes_paths_by_tab_arrows_and_mouse():
    desk = Desk()
    async with desk.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"see @auth")
        assert desk.editor.paths.display
        await pilot.press("down", "tab")
        assert desk.editor.text == "see @src/author.py "
        await pilot.press("@", "r", "e", "a")
        await pilot.pause()
        await pilot.click(desk.editor.paths, offset=(3, 0))
        await pilot.press("x")
        await pilot.press("@", "t", "escape", "enter")
        assert not desk.editor.paths.display
        assert desk.editor.text.endswith("x@t\n") or "@t" in desk.editor.text


async def test_a_dropped_file_becomes_a_mention_and_one_that_is_not_there_stays_text():
    desk = Desk()
    async with desk.run_test() as pilot:
        await desk.paste("'/p/src/a b.py'")
        await desk.paste("/gone")
        await pilot.pause()
        assert desk.editor.text == '@"src/a b.py" /gone'


async def test_up_calls_back_earlier_texts_and_down_returns_to_ones_own():
    desk = Desk()
    async with desk.run_test() as pilot:
        await pilot.press(*"mine", "up")
        assert desk.editor.text == "the last goal"
        await pilot.press("up")
        assert desk.editor.text == "[412 lines]"
        assert desk.editor.whole == LONG
        await pilot.press("up", "down", "down")
        assert desk.editor.text == "mine"


async def test_choices_are_made_by_key_and_mouse_and_refusals_say_why():
    desk = Desk()
    async with desk.run_test(size=(80, 24)) as pilot:
        desk.one.focus()
        await pilot.press("right")
        assert desk.said == ["b cannot lead."]
        assert desk.one.chosen == ("a",)
        await pilot.press("down", "space")
        assert desk.some.chosen == ("b",)
        await pilot.click(desk.some, offset=(1, 0))
        assert desk.some.chosen == ("a", "b")
        await pilot.press("down", "right", "left", "left")
        assert desk.seats.number == 5
        await pilot.press("1", "2")
        assert desk.seats.number == 12
        await pilot.click(desk.seats, offset=(0, 0))
        assert desk.seats.number == 11


async def test_a_line_of_many_names_scrolls_to_the_one_at_the_cursor():
    desk = Desk()
    async with desk.run_test(size=(40, 24)) as pilot:
        desk.some.offer([Pick(f"agent{number}", "1.2.3") for number in range(12)], [])
        desk.some.focus()
        await pilot.press(*["right"] * 11, "space")
        drawn = desk.some.render().plain
        assert "[x] agent11" in drawn
        assert len(drawn) <= 40
        await pilot.press(*["left"] * 11)
        assert desk.some.render().plain.startswith("[ ] agent0")
