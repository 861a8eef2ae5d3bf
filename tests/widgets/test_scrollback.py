"""Scrollback by keys: a cursor walks, selects, searches and copies, while the program prints on."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.app import App

from agentorchestr_tui.emulator import Emulator
from agentorchestr_tui.widgets.reader import Reader, Shape
from agentorchestr_tui.widgets.scrollback import Scrollback, amount
from agentorchestr_tui.widgets.steps import STEPS
from agentorchestr_tui.widgets.terminal import Terminal
from agentorchestr_tui.widgets.view import View

TEXT = b"def add(one, two):\r\n    return one + two\r\n\r\n\xe6\xbc\xa2\xe5\xad\x97 wide words\r\n\r\nlast line"


def reading(said=TEXT, columns=30, lines=8):
    emulator = Emulator(columns, lines)
    emulator.feed(said)
    view = View(emulator)
    return view, Reader(view)


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        ("g", (0, 0)), ("gw", (0, 4)), ("gww", (0, 7)), ("gW", (0, 4)), ("gWW", (0, 13)), ("ge", (0, 2)),
        ("gee", (0, 6)), ("gE", (0, 2)), ("gEE", (0, 11)), ("g$", (0, 17)), ("g$w", (1, 4)), ("g$b", (0, 16)),
        ("gj^", (1, 4)), ("gj^b", (0, 16)), ("gj0", (1, 0)), ("g$j", (1, 19)), ("g$jj", (2, 0)), ("g}", (2, 0)),
        ("g}}", (4, 0)), ("G{", (4, 0)), ("gjjjl", (3, 2)), ("gjjjllh", (3, 2)), ("gjjjw", (3, 5)), ("gjjjlk", (2, 0)),
        ("gjjje", (3, 2)), ("G", (5, 0)), ("Gw", (5, 5)), ("Gwwww", (5, 8)), ("gh", (0, 0)), ("gb", (0, 0)),
    ],
)  # fmt: skip
def test_steps_go_where_they_go_in_vi(keys, place):
    view, reader = reading()
    for key in keys:
        if key in "jk":
            reader.go_rows(1 if key == "j" else -1)
        else:
            reader.go(STEPS[key])
    assert view.point == place


def test_a_word_that_wraps_is_one_word():
    view, reader = reading(b"aa bbbb cc", columns=5)
    reader.go(STEPS["g"])
    for place in ((0, 3), (1, 3)):
        reader.go(STEPS["w"])
        assert view.point == place
    reader.go(STEPS["b"])
    assert view.point == (0, 3)
    reader.go(STEPS["e"])
    assert view.point == (1, 1)


def test_a_selection_is_of_text_of_lines_or_a_block():
    view, reader = reading(b"abcdef\r\nghijkl\r\nmnopqr")
    reader.go(STEPS["g"])
    reader.go(STEPS["l"])
    reader.select(Shape.CELLS)
    reader.go_rows(1)
    reader.go(STEPS["l"])
    assert view.marked_text == "bcdef\nghi"
    reader.select(Shape.LINES)
    assert view.marked_text == "abcdef\nghijkl"
    reader.select(Shape.BLOCK)
    assert view.marked_text == "bc\nhi"
    reader.swap()
    reader.go(STEPS["h"])
    assert view.marked_text == "abc\nghi"
    reader.select(Shape.BLOCK)
    assert view.marked_text == ""


def test_a_block_reaches_past_the_ends_of_short_rows():
    view, reader = reading(b"abcdef\r\nx\r\nmnopqr")
    reader.go(STEPS["g"])
    reader.go(STEPS["$"])
    reader.select(Shape.BLOCK)
    reader.go_rows(2)
    reader.go(STEPS["h"])
    assert view.marked_text == "ef\n\nqr"


def test_lines_are_selected_with_the_rows_they_are_wrapped_over():
    view, reader = reading(b"0123456789ab\r\nnext", columns=5)
    reader.go(STEPS["g"])
    reader.select(Shape.LINES)
    assert view.marked_text == "0123456789ab"


def test_what_is_read_stands_still_while_the_program_prints_repaints_and_clears():
    view, reader = reading(b"".join(b"line %d\r\n" % n for n in range(30)), columns=20, lines=6)
    before = [row.text for row in view.rows()]
    emulator = view.emulator
    emulator.feed(b"\x1b[H\x1b[2Jother" + b"\r\nnew" * 9000 + b"\x1b[?1049hfull screen\x1bc")
    assert [row.text for row in view.rows()] == before
    reader.go(STEPS["g"])
    reader.select(Shape.LINES)
    assert view.marked_text == "line 0"
    reader.leave()
    assert [row.text for row in view.rows()] == [row.text for row in emulator.screen.rows]


def test_clusters_and_styles_of_what_is_read_outlive_a_sweep():
    view, reader = reading("👩\u200d👧 e\u0301\x1b[38;2;1;2;3mx".encode(), columns=20, lines=2)
    emulator = view.emulator
    for n in range(3000):
        emulator.feed(b"\x1b[H\x1b[2J\x1b[38;2;%d;%d;9mx" % (n // 250, n % 250))
    emulator.screen.styles._limit = emulator.screen.glyphs._limit = 0
    emulator.feed(b"\x1b[2J.")
    reader.select(Shape.LINES)
    assert "👩\u200d👧" in view.marked_text
    row = view.rows()[0]
    assert emulator.screen.styles[row.codes[row.text.index("x")]].fg == "010203"


def test_the_whole_alternate_screen_can_be_read():
    view, reader = reading(b"below\x1b[?1049h\x1b[Hmenu\r\nitem", columns=20, lines=4)
    reader.go(STEPS["g"])
    reader.select(Shape.CELLS)
    reader.go(STEPS["G"])
    reader.go(STEPS["$"])
    assert view.marked_text == "menu\nitem"


def test_a_view_that_is_resized_goes_on_being_read():
    view, reader = reading(b"".join(b"line %d\r\n" % n for n in range(30)), columns=20, lines=6)
    for columns, lines in ((10, 3), (40, 20), (2, 1), (30, 60)):
        view.emulator.resize(columns, lines)
        reader.go(STEPS["g"])
        assert view.place is not None
        reader.go(STEPS["G"])
        assert view.place is not None
        assert len(view.rows()) == min(lines, 31)


def at(view):
    """Return what the cursor stands on, to the row's end."""
    column, line = view.place
    return view.rows()[line].text[column:]


def test_a_still_is_wrapped_to_a_new_width_and_what_is_read_stays_where_it_is():
    said = "".join(f"{n}: one two three four five six\r\n" for n in range(40))
    view, reader = reading(said.encode(), columns=40, lines=6)
    reader.search("20: one", forward=False)
    reader.go(STEPS["w"], 4)
    assert at(view) == "three four five six"
    line = view.place[1]
    for columns, rest in ((9, "three"), (5, "thre"), (60, "three four five six"), (40, "three four five six")):
        view.emulator.resize(columns, 6)
        assert at(view).startswith(rest[: columns - 2])
        assert "".join(row.text for row in view.still.rows) == said.replace("\r\n", "")
        assert view.place[1] == line
    view.emulator.resize(40, 3)
    assert at(view) == "three four five six"
    assert len(view.rows()) == 3
    view.emulator.resize(40, 20)
    assert at(view) == "three four five six"


@pytest.mark.parametrize("shape", Shape)
def test_what_is_selected_and_found_stays_so_in_another_size(shape):
    view, reader = reading(b"0123456789abcdefghij\r\nxy find me\r\nlast line and find it", columns=24, lines=6)
    reader.go(STEPS["g"])
    reader.go(STEPS["l"], 3)
    reader.select(shape)
    reader.go(STEPS["l"], 4)
    before = view.marked_text
    assert before == ("0123456789abcdefghij" if shape is Shape.LINES else "34567")
    for columns in (12, 5, 11, 40):
        view.emulator.resize(columns, 6)
        assert view.still is not None
        if shape is not Shape.BLOCK or columns > 8:
            assert view.marked_text == before
    reader.select_nothing()
    assert reader.search("find", forward=True) == (1, 2)
    for columns in (4, 7, 24):
        view.emulator.resize(columns, 6)
        assert view.still is not None
        assert view.marked_text == "find"
        assert [view.marked == span for span in view.found] == [True, False]
    assert reader.search_on() == (2, 2)


@settings(deadline=None, max_examples=60, database=None)
@given(
    st.lists(st.text("ab 漢👩e\u0301", max_size=30), max_size=20),
    st.lists(st.tuples(st.integers(2, 30), st.integers(1, 9)), max_size=4),
    st.integers(0, 200),
    st.booleans(),
)
def test_a_still_keeps_text_and_cursor_through_any_sizes(lines, sizes, steps_taken, full_screen):
    said = ("\x1b[?1049h" if full_screen else "") + "\r\n".join(lines)
    view, reader = reading(said.encode(), columns=12, lines=5)
    reader.go(STEPS["g"])
    for _ in range(steps_taken):
        reader.go(STEPS["l"])
        if steps_taken % 3 == 0:
            reader.go_rows(1)
    glyph = at(view)[:1]
    words = "".join(row.text for row in view.still.rows).split()
    for columns, height in sizes:
        view.emulator.resize(columns, height)
        assert at(view)[:1] == glyph
        assert "".join("".join(row.text for row in view.still.rows).split()) == "".join(words)
        assert len(view.rows()) <= height


class Place(App):
    """A terminal whose keys go to a look back."""

    def __init__(self, said, lines=8):
        super().__init__()
        self.terminal = Terminal(Emulator(40, lines))
        self.terminal.emulator.feed(said)
        self.back, self.told, self.links = None, [], []

    def compose(self):
        yield self.terminal

    def on_mount(self):
        self.terminal.focus()

    async def on_event(self, event):
        if self.back is not None and type(event).__name__ == "Key":
            if not self.back.take(event):
                self.back = None
            return
        await super().on_event(event)

    def look_back(self):
        self.back = Scrollback(self.terminal, self.told.append)

    def on_terminal_link_clicked(self, message):
        self.links.append(message.address)

    def on_terminal_resized(self, message):
        message.terminal.emulator.resize(message.columns, message.lines)


MANY = b"".join(b"line %d of many\r\n" % n for n in range(100))


async def test_scrollback_is_walked_and_searched_by_keys():
    app = Place(MANY)
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.pause()
        app.look_back()
        await pilot.press("pageup")
        assert app.terminal.scrolled_back == 9
        await pilot.press("slash", *"line", "space", "5")
        assert app.back.head == "/line 5▏"
        await pilot.press("enter")
        assert app.back.head == "line 5: 11 of 11"
        assert app.terminal.marked_text == "line 5"
        await pilot.press("n")
        assert app.back.head == "line 5: 10 of 11"
        await pilot.press("N", "N")
        assert app.back.head == "line 5: 1 of 11"
        await pilot.press("question_mark", *"many", "enter")
        assert app.back.head == "many: 5 of 100"
        await pilot.press("slash", *"nothing", "enter")
        assert app.back.head == "nothing: not found"
        await pilot.press("q")
        assert app.back is None
        assert app.terminal.scrolled_back == 0


async def test_a_selection_by_keys_is_copied_and_told():
    app = Place(MANY)
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.pause()
        app.look_back()
        await pilot.press("g", "3", "j", "w", "v")
        assert app.back.head == "select text"
        await pilot.press("1", "0", "j", "y")
        assert app.back is None
        assert app.clipboard.splitlines()[0] == "3 of many"
        assert app.clipboard.splitlines()[-1] == "line 1"
        assert app.told == ["Copied 11 lines."]


async def test_without_a_selection_the_line_is_copied_and_enter_goes_back():
    app = Place(MANY)
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.pause()
        app.look_back()
        await pilot.press("g", "j", "y")
        assert (app.clipboard, app.told) == ("line 1 of many", ["Copied 14 characters."])
        await pilot.press("v", "l", "escape")
        assert app.back is not None
        assert app.terminal.marked_text == ""
        await pilot.press("enter")
        assert app.back is None


async def test_the_cursor_shows_and_nothing_reaches_the_program():
    app = Place(MANY)
    typed = []
    app.on_terminal_typed = lambda message: typed.append(message.data)
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.pause()
        app.terminal.emulator.feed(b"\x1b[?1002;1006h\x1b[?25l")
        app.look_back()
        await pilot.press("g", "l")
        app.terminal.draw_frame()
        strip = app.terminal.render_lines(app.terminal.region.reset_offset)[0]
        cells = [(character, bool(segment.style.reverse)) for segment in strip for character in segment.text]
        assert cells[:3] == [("l", False), ("i", True), ("n", False)]
        await pilot.mouse_down(app.terminal, offset=(0, 1))
        await pilot.hover(app.terminal, offset=(5, 1))
        await pilot.mouse_up(app.terminal, offset=(5, 1))
        assert app.clipboard == "line 1"
        assert typed == []


async def test_a_link_is_opened_by_a_key():
    app = Place(b"see https://x.org/y for more")
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.pause()
        app.look_back()
        await pilot.press("0", "o", "w", "o")
        await pilot.pause()
        assert app.links == ["https://x.org/y"]
        assert app.told == ["There is no link under the cursor."]


async def test_the_status_line_says_what_copying_takes():
    app = Place(MANY)
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.pause()
        app.look_back()
        assert ("y", "copy line") in app.back.rows
        assert "Y" not in dict(app.back.rows)
        await pilot.press("slash", *"of", "enter")
        assert {("y", "copy hit"), ("Y", "copy line")} <= set(app.back.rows)
        await pilot.press("y")
        assert app.clipboard == "of"
        await pilot.press("Y")
        assert app.clipboard == "line 99 of many"
        await pilot.press("v", "l")
        assert {("y", "copy, go back"), ("esc", "cancel"), ("o", "other end")} <= set(app.back.rows)
        await pilot.press("escape", "slash")
        assert app.back.is_typed_to
        assert app.back.rows == [("enter", "search"), ("esc", "cancel")]


async def test_every_key_of_the_table_does_something_and_none_stands_twice():
    keys = [key for line in Scrollback.TABLE for key in line.keys]
    assert len(keys) == len(set(keys))
    app = Place(MANY + b"a b\r\n\r\nc")
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.pause()
        for line in Scrollback.TABLE:
            for key in line.keys:
                app.look_back()
                stays = line.do(app.back, key, 1)
                assert stays == (key not in ("q", "ctrl+c", "escape", "enter")), key
                app.back.leave()
    assert {key for line in Scrollback.TABLE for key, _ in line.said} <= set(keys)


def test_the_page_of_help_fits_a_small_screen():
    lines = [line.help for line in Scrollback.TABLE]
    assert sum(-(-len(words) // 47) for words in lines) <= 16


def test_how_much_was_copied_is_said_in_words():
    assert [amount(text) for text in ("x", "abc", "a\nb")] == ["1 character", "3 characters", "2 lines"]
