"""What is written past Textual's compositor: the terminal outside always shows what the compositor would draw."""

from __future__ import annotations

import random

from textual.app import App
from textual.containers import Grid, Vertical
from textual.drivers.headless_driver import HeadlessDriver
from textual.screen import ModalScreen
from textual.widgets import Static

from agentorchestr_tui.emulator import Emulator
from agentorchestr_tui.widgets import Terminal, clock

WORDS = ("alpha", "漢字", "e\u0301", "100%", "│ ok")


class Outside(HeadlessDriver):
    """A terminal outside: an emulator that takes all that is written."""

    is_headless = False

    def __init__(self, app, **words):
        super().__init__(app, **words)
        self.glass = Emulator(60, 20)
        self.written = []

    def write(self, data):
        self.written.append(data)
        self.glass.feed(data.encode())


class Over(ModalScreen):
    CSS = "Over { align: center middle; } Static { width: 20; height: 5; background: red; }"

    def compose(self):
        yield Static("over everything")


class Wall(App):
    CSS = """
    Grid { grid-size: 3; }
    Vertical { border: round green; }
    .note { layer: top; dock: top; offset: 10 2; width: 22; height: 3; background: blue; display: none; }
    Screen { layers: base top; }
    """
    ENABLE_COMMAND_PALETTE = False

    def __init__(self):
        super().__init__()
        self.terminals = [Terminal(Emulator(20, 5)) for _ in range(6)]

    def _build_driver(self, headless, inline, mouse, size):
        self._driver = self.outside = Outside(self, debug=False, mouse=mouse, size=size)
        return self.outside

    def compose(self):
        yield Static("a note over the wall", classes="note")
        with Grid():
            for terminal in self.terminals:
                with Vertical():
                    yield terminal

    def on_mount(self):
        self.terminals[0].focus()

    def on_terminal_resized(self, message):
        message.terminal.emulator.resize(message.columns, message.lines)
        message.terminal.ring()


def as_composed(app):
    """Return what the compositor makes of the whole screen, as a terminal outside would show it."""
    width, height = app.size
    glass = Emulator(width, height)
    update = app.screen._compositor.render_update(full=True, screen_stack=app._background_screens)
    glass.feed(update.render_segments(app.console).encode())
    return cells(glass)


def cells(glass):
    screen = glass.screen
    return [
        [(screen.glyphs.character(c), screen.styles[code]) for c, code in zip(row.text, row.codes, strict=True)]
        for row in screen.rows
    ]


def is_drawn(terminal):
    """Say whether a terminal that shows has drawn all that its emulator holds, so that no frame is owed."""
    rows, drawn = terminal.emulator.screen.rows, terminal._plain
    whole = len(drawn) >= len(rows) and all(row.drawing is strip for row, strip in zip(rows, drawn, strict=False))
    return not terminal.parent.display or (terminal._is_seen and not terminal._rung and whole)


async def settled(pilot, app):
    for _ in range(1000):
        await pilot.pause(0.01)
        if app._batch_count or not all(map(is_drawn, app.terminals)):
            continue
        if cells(app.outside.glass) == as_composed(app):
            return
    shown, wanted = cells(app.outside.glass), as_composed(app)
    differing = [y for y, (a, b) in enumerate(zip(shown, wanted, strict=True)) if a != b]
    raise AssertionError((differing, app.outside.glass.display, [[c for c, _ in wanted[y]] for y in differing[:2]]))


def write(chance, terminal):
    out = f"\x1b[{chance.randint(1, 5)};{chance.randint(1, 12)}H\x1b[{chance.choice((0, 1, 2, 4, 7, 31, 44))}m"
    out += f"\x1b]8;;{chance.choice(('', 'http://l/%s'))}\x07\x1b[{chance.choice((0, 3, 9, 22, 24))}m"
    out += chance.choice(WORDS) * chance.randint(1, 4) + "\x1b[m" + chance.choice(("", "\r\n", "\x1b[K"))
    terminal.emulator.feed(out.encode())
    terminal.ring()


async def test_whatever_lies_over_the_tiles_the_glass_shows_what_the_compositor_draws():
    chance = random.Random(7)
    app = Wall()
    async with app.run_test(size=(60, 20)) as pilot:
        await settled(pilot, app)
        for step in range(60):
            for _ in range(chance.randint(1, 8)):
                write(chance, chance.choice(app.terminals))
            match step % 12:
                case 1:
                    app.query_one(".note").display = True
                case 3:
                    app.query_one(".note").display = False
                case 5:
                    app.push_screen(Over())
                case 7:
                    app.pop_screen()
                case 8:
                    app.terminals[chance.randrange(6)].focus()
                case 9:
                    app.theme = chance.choice(("textual-light", "nord", "textual-dark"))
                case 10:
                    app.terminals[2].parent.display = not app.terminals[2].parent.display
                case 11:
                    app.terminals[1].search(chance.choice("aeo"))
            if step % 3 == 2:
                await settled(pilot, app)
            else:
                await pilot.pause()
        await settled(pilot, app)


async def test_many_tiles_are_one_write_inside_a_synchronised_update(monkeypatch):
    monkeypatch.setattr(clock, "STROKE", 60.0)  # a busy machine may need two strokes
    app = Wall()
    async with app.run_test(size=(60, 20)) as pilot:
        await settled(pilot, app)
        app._sync_available = True
        app.outside.written.clear()
        for terminal in app.terminals[1:]:
            terminal.emulator.feed(b"new")
            terminal.ring()
        await settled(pilot, app)
        written = [data for data in app.outside.written if "new" in data]
        assert len(written) == 1
        assert written[0].count("new") == 5
        assert (written[0][:8], written[0][-8:]) == ("\x1b[?2026h", "\x1b[?2026l")


async def test_a_tile_that_nobody_sees_is_parsed_and_never_drawn():
    app = Wall()
    async with app.run_test(size=(60, 20)) as pilot:
        await settled(pilot, app)
        hidden = app.terminals[4]
        hidden.parent.display = False
        await settled(pilot, app)
        drawn = hidden.frames_drawn
        for n in range(20):
            hidden.emulator.feed(b"\r\nline %d" % n)
            hidden.ring()
            await pilot.pause()
        await settled(pilot, app)
        assert hidden.frames_drawn == drawn
        assert "line 19" in "".join(hidden.emulator.display)


async def test_half_a_wide_glyph_at_the_edge_of_a_tile_is_left_out():
    app = Wall()
    async with app.run_test(size=(60, 20)) as pilot:
        await settled(pilot, app)
        terminal = app.terminals[1]
        width = terminal.size.width
        terminal.emulator.resize(width + 1, 5)
        terminal.emulator.feed(b"x" * (width - 1) + "漢".encode())
        terminal.ring()
        await settled(pilot, app)
        region = terminal.region
        row = app.outside.glass.display[region.y]
        assert row[region.right] == "│"
        assert row[region.x : region.right] == "x" * (width - 1) + " "
