"""The terminal widget in a running app: what it draws, what it sends, and what it leaves alone."""

from __future__ import annotations

from textual import events
from textual.app import App
from textual.binding import Binding
from textual.containers import Horizontal
from textual.widget import Widget

from agentorchestr_tui.emulator import Emulator
from agentorchestr_tui.widgets import Terminal


class Room(App):
    """Terminals side by side, and what they say."""

    ENABLE_COMMAND_PALETTE = False
    CSS = "Widget.aside { width: 5; }"

    def __init__(self, count=1):
        super().__init__()
        self.terminals = [Terminal(Emulator(20, 5), id=f"t{n}") for n in range(count)]
        self.typed, self.sizes, self.copied, self.links = [], [], [], []

    def compose(self):
        with Horizontal():
            yield from self.terminals

    def on_mount(self):
        self.terminals[0].focus()

    def on_terminal_typed(self, message):
        self.typed.append(message.data)

    def on_terminal_resized(self, message):
        self.sizes.append((message.columns, message.lines))
        message.terminal.emulator.resize(message.columns, message.lines)

    def on_terminal_copied(self, message):
        self.copied.append(message.text)

    def on_terminal_link_clicked(self, message):
        self.links.append(message.address)


def glass(terminal):
    return [strip.text for strip in terminal.render_lines(terminal.region.reset_offset)]


async def ring(pilot, terminal, data):
    terminal.emulator.feed(data)
    terminal.ring()
    for _ in range(100):
        await pilot.pause()
        if "".join(terminal.emulator.display).rstrip() == "".join(glass(terminal)).rstrip():
            return
        await pilot.pause(0.01)
    raise AssertionError(glass(terminal))


async def test_it_asks_for_its_size_and_draws_what_it_is_rung_for():
    app = Room()
    async with app.run_test(size=(30, 6)) as pilot:
        await pilot.pause()
        assert app.sizes == [(30, 6)]
        await ring(pilot, app.terminals[0], b"hello \x1b[31mred\x1b[m\r\n" + "漢字".encode())
        assert glass(app.terminals[0])[:2] == ["hello red".ljust(30), "漢字".ljust(28)]


async def test_what_it_shows_is_a_tile():
    terminal = Terminal(Emulator(20, 5))
    assert terminal.emulator.tile
    terminal.show(Emulator(30, 5))
    assert terminal.emulator.tile


async def test_only_rows_that_changed_get_new_strips():
    app = Room()
    async with app.run_test(size=(30, 6)) as pilot:
        terminal = app.terminals[0]
        await ring(pilot, terminal, b"one\r\ntwo\r\nthree\r\n")
        before = terminal.render_lines(terminal.region.reset_offset)
        await ring(pilot, terminal, b"\x1b[2;1HTWO\x1b[4;1H")
        after = terminal.render_lines(terminal.region.reset_offset)
        assert [old is new for old, new in zip(before, after, strict=True)] == [True, False, True, True, True, True]


async def test_a_crop_is_a_slice():
    app = Room()
    async with app.run_test(size=(30, 6)) as pilot:
        terminal = app.terminals[0]
        await ring(pilot, terminal, b"abcdef\r\nghijkl")
        region = terminal.region.reset_offset
        lines = terminal.render_lines(type(region)(2, 1, 3, 1))
        assert [line.text for line in lines] == ["ijk"]


async def test_keys_and_paste_become_bytes_and_ctrl_c_too():
    app = Room()
    async with app.run_test(size=(30, 6)) as pilot:
        await pilot.press("a", "up", "ctrl+c", "tab", "escape", "enter", "shift+tab")
        app.terminals[0].emulator.feed(b"\x1b[?1h\x1b[?2004h")
        await pilot.press("up")
        app.terminals[0].post_message(events.Paste("x\ny"))
        await pilot.pause()
        assert b"".join(app.typed) == b"a\x1b[A\x03\t\x1b\r\x1b[Z\x1bOA\x1b[200~x\ry\x1b[201~"
        assert app.focused is app.terminals[0]


async def test_the_cursor_is_drawn_only_with_the_focus():
    app = Room(2)
    async with app.run_test(size=(40, 6)) as pilot:
        first, second = app.terminals
        for terminal in app.terminals:
            await ring(pilot, terminal, b"ab")
        reversed_cells = [
            [bool(segment.style.reverse) for segment in terminal.render_lines(terminal.region.reset_offset)[0]]
            for terminal in (first, second)
        ]
        assert any(reversed_cells[0])
        assert not any(reversed_cells[1])


def looks(terminal, y):
    return [
        (bool(segment.style.reverse), segment.style.bgcolor)
        for segment in terminal.render_lines(terminal.region.reset_offset)[y]
        for _ in segment.text
    ]


async def test_cursor_and_selection_show_on_any_ground():
    app = Room()
    async with app.run_test(size=(30, 6)) as pilot:
        terminal = app.terminals[0]
        await ring(pilot, terminal, b"ab\x1b[7mcd\x1b[m\x1b[1;1H")
        plain = looks(terminal, 1)[0]
        for column in range(4):
            terminal.emulator.feed(b"\x1b[1;%dH" % (column + 1))
            terminal.draw_frame()
            assert looks(terminal, 0)[column][0] == (column < 2)
        terminal.search("bc")
        terminal.draw_frame()
        selected = looks(terminal, 0)[1:3]
        assert all(look[1] != plain[1] and not look[0] for look in selected)


async def test_the_focus_is_told_to_a_program_that_asked():
    app = Room(2)
    async with app.run_test(size=(40, 6)) as pilot:
        app.terminals[0].emulator.feed(b"\x1b[?1004h")
        app.terminals[1].focus()
        await pilot.pause()
        app.terminals[0].focus()
        await pilot.pause()
        assert app.typed == [b"\x1b[O", b"\x1b[I"]


async def test_the_wheel_scrolls_back_and_typing_comes_back_to_the_end():
    app = Room()
    async with app.run_test(size=(30, 5)) as pilot:
        terminal = app.terminals[0]
        await pilot.pause()
        await ring(pilot, terminal, b"".join(b"%d\r\n" % n for n in range(50)))
        await pilot._post_mouse_events([events.MouseScrollUp], terminal, (1, 1))
        assert terminal.scrolled_back == 3
        terminal.draw_frame()
        assert glass(terminal)[0].split()[0] == "43"
        terminal.emulator.feed(b"more\r\nmore\r\n")
        terminal.draw_frame()
        assert glass(terminal)[0].split()[0] == "43"
        await pilot.press("shift+pageup")
        terminal.draw_frame()
        assert glass(terminal)[0].split()[0] == "39"
        await pilot.press("x")
        assert terminal.scrolled_back == 0


async def test_a_program_that_tracks_the_mouse_gets_it_and_shift_selects():
    app = Room()
    async with app.run_test(size=(30, 5)) as pilot:
        terminal = app.terminals[0]
        await ring(pilot, terminal, b"some words here\x1b[?1002;1006h")
        await pilot.click(terminal, offset=(5, 0))
        assert app.typed == [b"\x1b[<0;6;1M", b"\x1b[<0;6;1m"]
        app.typed.clear()
        await pilot.mouse_down(terminal, offset=(5, 0), shift=True)
        await pilot.hover(terminal, offset=(9, 0))
        await pilot.mouse_up(terminal, offset=(9, 0), shift=True)
        assert app.copied == ["words"]
        assert app.typed == []


async def test_dragging_selects_over_wrapped_rows_and_copies():
    app = Room()
    async with app.run_test(size=(10, 5)) as pilot:
        terminal = app.terminals[0]
        await pilot.pause()
        await ring(pilot, terminal, b"0123456789abc\r\nsecond")
        await pilot.mouse_down(terminal, offset=(8, 0))
        await pilot.hover(terminal, offset=(2, 2))
        await pilot.mouse_up(terminal, offset=(2, 2))
        assert app.copied == ["89abc\nsec"]
        assert app.clipboard == "89abc\nsec"


async def test_dragging_with_alt_selects_a_rectangle():
    app = Room()
    async with app.run_test(size=(20, 5)) as pilot:
        terminal = app.terminals[0]
        await pilot.pause()
        await ring(pilot, terminal, b"abcdef\r\nghijkl\r\nmn\r\nuvwxyz")
        await pilot.mouse_down(terminal, offset=(4, 0))
        await pilot._post_mouse_events([events.MouseMove], terminal, (2, 3), button=1, meta=True)
        await pilot.mouse_up(terminal, offset=(2, 3))
        assert app.copied == ["cde\nijk\n\nwxy"]


async def test_a_double_click_takes_a_word_and_a_ctrl_click_opens_a_link():
    app = Room()
    async with app.run_test(size=(60, 5)) as pilot:
        terminal = app.terminals[0]
        await pilot.pause()
        await ring(pilot, terminal, b"see src/a-b.py or https://x.org/y?z=1. \x1b]8;;http://l/\x07here\x1b]8;;\x07")
        await pilot.click(terminal, offset=(6, 0), times=2)
        assert app.copied == ["src/a-b.py"]
        terminal.clear_marks()
        await pilot.click(terminal, offset=(25, 0))
        assert app.links == []
        await pilot.click(terminal, offset=(25, 0), control=True)
        await pilot.click(terminal, offset=(41, 0), control=True)
        await pilot.pause()
        assert app.links == ["https://x.org/y?z=1", "http://l/"]


async def test_a_search_finds_what_scrolled_away():
    app = Room()
    async with app.run_test(size=(20, 5)) as pilot:
        terminal = app.terminals[0]
        await pilot.pause()
        await ring(pilot, terminal, b"".join(b"line number %d of many\r\n" % n for n in range(60)))
        assert terminal.search("NUMBER 17 of") == 0
        assert terminal.search("number 17 of") == 1
        terminal.draw_frame()
        assert any("number 17" in line for line in glass(terminal))
        assert terminal.marked_text == "number 17 of"
        assert terminal.search("line") == 60
        assert terminal.search_on() == 59
        assert terminal.search_on(forward=True) == 60


async def test_a_hidden_terminal_draws_nothing_and_catches_up():
    app = Room(2)
    async with app.run_test(size=(40, 5)) as pilot:
        terminal = app.terminals[1]
        await ring(pilot, terminal, b"before")
        terminal.display = False
        await pilot.pause()
        drawn = terminal._shown
        terminal.emulator.feed(b"\x1b[Hduring")
        terminal.ring()
        terminal.draw_frame()
        assert terminal._shown is drawn
        terminal.display = True
        for _ in range(100):
            await pilot.pause(0.01)
            if glass(terminal)[0].startswith("during"):
                break
        assert glass(terminal)[0].startswith("during")


async def test_a_synchronised_update_shows_the_last_whole_frame_but_not_for_ever():
    app = Room()
    async with app.run_test(size=(30, 5)) as pilot:
        terminal = app.terminals[0]
        await ring(pilot, terminal, b"whole")
        terminal.emulator.feed(b"\x1b[?2026h\x1b[Hbroken")
        terminal.ring()
        terminal.draw_frame()
        assert glass(terminal)[0].startswith("whole")
        for _ in range(200):
            await pilot.pause(0.01)
            if glass(terminal)[0].startswith("broken"):
                break
        assert glass(terminal)[0].startswith("broken")


async def test_a_theme_changes_the_palette_live_and_what_programs_are_told():
    app = Room()
    async with app.run_test(size=(30, 5)) as pilot:
        terminal = app.terminals[0]
        await ring(pilot, terminal, b"text \x1b[?2031h")
        before = terminal.render_lines(terminal.region.reset_offset)[1]._segments[0].style
        app.theme = "textual-light"
        await pilot.pause()
        after = terminal.render_lines(terminal.region.reset_offset)[1]._segments[0].style
        assert before.bgcolor != after.bgcolor
        assert app.typed == [b"\x1b[?997;2n"]


async def test_many_terminals_share_one_clock():
    app = Room(6)
    async with app.run_test(size=(120, 8)) as pilot:
        for terminal in app.terminals:
            terminal.emulator.feed(b"x")
            terminal.ring()
        assert len({id(terminal._clock) for terminal in app.terminals}) == 1
        for terminal in app.terminals:
            await ring(pilot, terminal, b"y")


async def test_every_key_reaches_it_but_those_an_app_binds_with_priority():
    class Bound(Room):
        BINDINGS = (Binding("ctrl+b", "lead", priority=True), Binding("ctrl+q", "none", priority=False))
        led = 0

        def action_lead(self):
            self.led += 1

    app = Bound()
    async with app.run_test(size=(30, 5)) as pilot:
        await pilot.press("ctrl+p", "ctrl+b", "f1", "ctrl+q")
        assert app.led == 1
        assert b"".join(app.typed) == b"\x10\x1bOP\x11"


async def test_a_terminal_beside_other_widgets_draws_at_its_place():
    class Mixed(Room):
        def compose(self):
            with Horizontal():
                yield Widget(classes="aside")
                yield self.terminals[0]

    app = Mixed()
    async with app.run_test(size=(30, 5)) as pilot:
        await ring(pilot, app.terminals[0], b"hello")
        assert app.sizes[-1] == (25, 5)
        assert "hello" in app.export_screenshot()


def cells(terminal, y):
    """Return each cell's character and style; wide glyphs do not stand in these rows."""
    strip = terminal.render_lines(terminal.region.reset_offset)[y]
    return [(character, segment.style) for segment in strip for character in segment.text]


async def test_a_cursor_is_a_block_an_underline_or_a_bar():
    app = Room()
    async with app.run_test(size=(30, 6)) as pilot:
        terminal = app.terminals[0]
        await ring(pilot, terminal, b"ab\x1b[1;2H")
        for shape, expected in ((2, ("b", True, False)), (4, ("b", False, True)), (6, ("b", False, True))):
            terminal.emulator.feed(b"\x1b[%d q" % shape)
            terminal.draw_frame()
            character, style = cells(terminal, 0)[1]
            assert (character, bool(style.reverse), bool(style.underline)) == expected
        terminal.emulator.feed(b"\x1b[1;6H")
        terminal.draw_frame()
        assert cells(terminal, 0)[5][0] == "▏"
        assert len(cells(terminal, 0)) == 30


async def test_a_cursor_takes_the_colour_that_the_program_gave_it():
    app = Room()
    async with app.run_test(size=(30, 6)) as pilot:
        terminal = app.terminals[0]
        await ring(pilot, terminal, b"ab\x1b]12;#ff0000\x07")
        terminal.draw_frame()
        assert cells(terminal, 0)[2][1].bgcolor.get_truecolor().hex == "#ff0000"


async def test_a_cursor_blinks_if_the_program_asks_for_it_and_stands_after_a_key():
    app = Room()
    async with app.run_test(size=(30, 6)) as pilot:
        terminal = app.terminals[0]
        await ring(pilot, terminal, b"ab\x1b[1 q")
        terminal.draw_frame()
        for _ in range(300):
            await pilot.pause(0.01)
            if not cells(terminal, 0)[2][1].reverse:
                break
        assert not cells(terminal, 0)[2][1].reverse
        await pilot.press("x")
        terminal.draw_frame()
        assert cells(terminal, 0)[2][1].reverse


async def test_bells_and_progress_are_told_once_a_frame():
    class Hearing(Room):
        rang = 0
        progress = ()

        def on_terminal_rang(self):
            self.rang += 1

        def on_terminal_progressed(self, message):
            self.progress = (*self.progress, (message.progress.state, message.progress.percent))

    app = Hearing()
    async with app.run_test(size=(30, 6)) as pilot:
        await ring(pilot, app.terminals[0], b"a\x07\x07\x07\x1b]9;4;1;20\x07\x1b]9;4;1;40\x07")
        await pilot.pause()
        assert (app.rang, app.progress) == (1, (("normal", 40),))
        await ring(pilot, app.terminals[0], b"b\x1b]9;4;0\x07")
        await pilot.pause()
        assert (app.rang, app.progress[-1]) == (1, ("none", 0))


async def test_a_link_under_the_mouse_is_shown_and_ctrl_reaches_it_past_a_program_that_tracks_the_mouse():
    class Hearing(Room):
        hovered = ()

        def on_terminal_link_hovered(self, message):
            self.hovered = (*self.hovered, message.address)

    app = Hearing()
    async with app.run_test(size=(30, 6)) as pilot:
        terminal = app.terminals[0]
        await ring(pilot, terminal, b"\x1b]8;;http://l/\x07here\x1b]8;;\x07 else")
        await pilot.hover(terminal, offset=(1, 0))
        assert str(terminal.tooltip).splitlines()[0] == "http://l/"
        await pilot.hover(terminal, offset=(7, 0))
        assert app.hovered == ("http://l/", "")
        terminal.emulator.feed(b"\x1b[?1002;1006h")
        await pilot.hover(terminal, offset=(1, 0))
        assert app.hovered == ("http://l/", "")
        await pilot._post_mouse_events([events.MouseMove], terminal, (1, 0), control=True)
        await pilot.click(terminal, offset=(1, 0), control=True)
        assert app.links == ["http://l/"]
        assert app.typed == []


async def test_every_place_found_is_marked_and_the_place_in_scrollback_is_told():
    app = Room()
    async with app.run_test(size=(20, 5)) as pilot:
        terminal = app.terminals[0]
        await pilot.pause()
        await ring(pilot, terminal, b"".join(b"line %d\r\n" % n for n in range(60)))
        terminal.search("line")
        terminal.scroll_back(20)
        terminal.draw_frame()
        assert all(style.underline and style.bold for _, style in cells(terminal, 2)[:4])
        assert "".join(character for character, _ in cells(terminal, 0)).endswith("20/56 ")
        terminal.clear_marks()
        terminal.scroll_back(-20)
        terminal.draw_frame()
        assert not any(style.bold for _, style in cells(terminal, 2)[:4])


async def test_curly_and_coloured_underlines_are_written_to_a_terminal_that_can():
    app = Room()
    async with app.run_test(size=(20, 5)) as pilot:
        terminal = app.terminals[0]
        await ring(pilot, terminal, b"\x1b[4:3;58:2::255:0:9mx")
        painter = terminal._current_painter(20)
        if painter.palette.color_system.name == "TRUECOLOR":
            assert "\x1b[4:3m\x1b[58:2::255:0:9m" in painter.strip(terminal.emulator.screen.rows[0]).written


async def test_a_large_paste_arrives_whole():
    app = Room()
    async with app.run_test(size=(20, 5)) as pilot:
        terminal = app.terminals[0]
        terminal.emulator.feed(b"\x1b[?2004h")
        text = "0123456789 é 漢字\n" * 20_000
        terminal.post_message(events.Paste(text))
        await pilot.pause()
        assert b"".join(app.typed) == b"\x1b[200~" + text.replace("\n", "\r").encode() + b"\x1b[201~"


async def test_a_triple_click_takes_a_line_with_the_rows_it_is_wrapped_over():
    app = Room()
    async with app.run_test(size=(10, 5)) as pilot:
        terminal = app.terminals[0]
        await pilot.pause()
        await ring(pilot, terminal, b"first\r\n0123456789abc def\r\nlast")
        await pilot.click(terminal, offset=(1, 2), times=3)
        assert app.copied[-1] == "0123456789abc def"


async def test_a_selection_held_past_the_edge_scrolls_on_and_takes_what_comes_into_view():
    class Below(Room):
        CSS = "Horizontal { margin-top: 1; }"

    app = Below()
    async with app.run_test(size=(20, 9)) as pilot:
        terminal = app.terminals[0]
        await pilot.pause()
        await ring(pilot, terminal, b"".join(b"line %d\r\n" % n for n in range(60)) + b"end")
        await pilot.mouse_down(terminal, offset=(5, 3))
        await pilot._post_mouse_events([events.MouseMove], terminal, (0, -1), button=1)
        for _ in range(600):
            await pilot.pause(0.01)
            if terminal.scrolled_back == 53:
                break
        assert terminal.scrolled_back == 53
        await pilot.mouse_up(terminal, offset=(0, 0))
        assert app.copied[-1].splitlines()[0] == "line 0"
        assert app.copied[-1].splitlines()[-1] == "line 5"
        assert terminal._pointer._pulling is None


async def test_a_selection_stays_on_its_text_while_output_goes_on():
    app = Room()
    async with app.run_test(size=(20, 5)) as pilot:
        terminal = app.terminals[0]
        await pilot.pause()
        await ring(pilot, terminal, b"one\r\ntwo words\r\nthree")
        await pilot.click(terminal, offset=(5, 1), times=2)
        terminal.emulator.feed(b"\r\nmore" * 3)
        assert terminal.marked_text == "words"
        terminal.draw_frame()
        plain = looks(terminal, 1)[0][1]
        assert [ground != plain for _, ground in looks(terminal, 0)[:10]] == [False] * 4 + [True] * 5 + [False]
        terminal.emulator.feed(b"\r\nmore" * 30)
        assert terminal.marked_text == "words"
        terminal.copy()
        assert app.copied[-1] == "words"


async def test_the_cursor_of_the_terminal_outside_stands_where_an_input_method_is_to_show_its_words():
    app = Room(2)
    async with app.run_test(size=(40, 10)) as pilot:
        right = app.terminals[1]
        right.focus()
        await ring(pilot, right, b"one\r\ntwo \x1b[?25l")
        assert app.cursor_position != (24, 1)
        right.emulator.feed(b"\x1b[?25h!")
        right.ring()
        for _ in range(100):
            await pilot.pause(0.01)
            if app.cursor_position == (25, 1):
                break
        assert app.cursor_position == (25, 1)
