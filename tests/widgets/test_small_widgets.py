"""The lines and edges around the terminals."""

from __future__ import annotations

import pytest
from textual.app import App
from textual.content import Content
from textual.geometry import Offset

from agentorchestr_tui.widgets.arrangement import Tiles, arrange
from agentorchestr_tui.widgets.edge import Edge
from agentorchestr_tui.widgets.fitting import Label
from agentorchestr_tui.widgets.roster import Entry, Roster, window
from agentorchestr_tui.widgets.status_line import StatusLine, key_at
from agentorchestr_tui.widgets.terminal import Terminal
from agentorchestr_tui.widgets.tile import Caption, Tile
from agentorchestr_tui.widgets.tile_grid import farthest, neighbour
from agentorchestr_tui.widgets.title_line import Mark, TitleLine


async def drawn(widget, width, do=lambda widget: None):
    """Return the widget's one row in a place of this width."""

    class Place(App):
        def compose(self):
            yield widget

    app = Place()
    async with app.run_test(size=(width, 3)) as pilot:
        do(widget)
        await pilot.pause()
        return "".join(segment.text for segment in app.screen._compositor.render_strips()[0])


@pytest.mark.parametrize(
    ("width", "row"),
    [
        (40, "╭ 1 w01 tester ─────────────── ● 00:12 ╮"),
        (27, "╭ 1 w01 tester ── ● 00:12 ╮"),
        (24, "╭ 1 w01 tester ───── ● ╮"),
        (12, "╭ 1 w01 ───╮"),
        (6, "╭ 1 ─╮"),
        (4, "╭──╮"),
    ],
)
async def test_an_edge_shortens_the_state_before_the_name_and_that_by_words(width, row):
    edge, label = Edge(upper=True), Label(Content("1 w01 tester"), state=Content("● 00:12"))
    assert (await drawn(edge, width, lambda edge: edge.show(label))).rstrip() == row


async def test_a_lower_edge_says_as_many_words_as_fit():
    edge = Edge(upper=False)
    assert (await drawn(edge, 20, lambda edge: edge.show(Content("no changes yet · Think.")))) == "╰ no changes yet… ─╯"


async def test_the_title_line_loses_its_words_before_its_counts():
    def tell(line):
        line.show("Add a flag to\nevery command", [Mark("◆", 1, "needs you", "$warning")], "04:12")

    assert "◆ 1 needs you   04:12" in await drawn(TitleLine("name"), 80, tell)
    small = await drawn(TitleLine("name"), 40, tell)
    assert "◆1 04:12" in small
    assert "Add a flag to every" in small


async def test_the_first_count_keeps_its_words_for_longest():
    def tell(line):
        line.show("Add a flag", [Mark("◆", 1, "needs you", ""), Mark("●", 9, "working", "")], "04:12", "$1.83")

    rows = [(await drawn(TitleLine("name"), width, tell)).rstrip() for width in (70, 60, 48, 30)]
    assert [row[: row.index("◆")].strip() for row in rows] == ["name   Add a flag", *["Add a flag"] * 3]
    assert [row[row.index("◆") :] for row in rows] == [
        "◆ 1 needs you   ● 9 working   04:12   $1.83",
        "◆ 1 needs you   ● 9 working   04:12   $1.83",
        "◆ 1 needs you  ●9  04:12  $1.83",
        "◆1 ●9 04:12 $1.83",
    ]


async def test_the_status_line_leaves_out_what_would_be_cut_off():
    row = await drawn(StatusLine(), 22, lambda line: line.show([("a", "one"), ("b", "two"), ("c", "three and more")]))
    assert row.split() == ["a", "one", "b", "two"]


@pytest.mark.parametrize(
    ("current", "room", "seen"), [(0, 30, (0, 3)), (4, 30, (2, 5)), (2, 5, (2, 3)), (0, 100, (0, 5)), (3, 0, (3, 4))]
)
def test_the_roster_always_shows_the_current_one(current, room, seen):
    assert window([10] * 5, current, room) == seen


async def test_the_roster_says_that_there_is_more():
    entries = [Entry(f"{n} w{n:02}", "●", "$accent") for n in range(1, 9)]
    row = await drawn(Roster(), 26, lambda roster: roster.show(entries, 4))
    assert row.startswith("‹")
    assert "[5 w05 ●]" in row
    assert row.rstrip().endswith("›")
    assert " 4 ●" in row  # short of room, the others keep their first word


@pytest.mark.parametrize(
    ("current", "direction", "met"),
    [
        (0, (0, 1), 1),
        (1, (1, 0), 2),
        (2, (-1, 0), 1),
        (2, (0, -1), 0),
        (1, (0, 1), 3),
        (4, (1, 0), None),
        (3, (0, -1), 1),
    ],
)
def test_a_step_meets_the_tile_that_stands_there(current, direction, met):
    arrangement = arrange(120, 38, Tiles(order=(1, 2, 3, 4), current=current))
    assert neighbour(arrangement, current, Offset(*direction)) == met


@pytest.mark.parametrize(("current", "back", "met"), [(3, (0, -1), 0), (4, (0, -1), 0), (0, (0, 1), 3)])
def test_behind_the_border_stands_the_farthest_tile_of_the_other_side(current, back, met):
    arrangement = arrange(120, 38, Tiles(order=(1, 2, 3, 4), current=current))
    assert neighbour(arrangement, current, -Offset(*back)) is None
    assert farthest(arrangement, current, Offset(*back)) == met


class NoteApp(App):
    """Gives a tile without a process its size, and counts how often it is asked to."""

    def __init__(self):
        super().__init__()
        self.tile = Tile("w01", "Its worktree is made ready.")
        self.asked = 0

    def compose(self):
        yield self.tile

    def on_terminal_resized(self, message: Terminal.Resized):
        self.asked += 1
        if self.asked < 50:
            self.tile.fit(message.columns, message.lines)


async def test_a_note_in_a_tile_is_fitted_once_a_size_and_then_rests():
    app = NoteApp()
    async with app.run_test(size=(40, 10)) as pilot:
        for size in ((40, 10), (24, 8)):
            await pilot.resize_terminal(*size)
            for _ in range(30):
                await pilot.pause()
            shown = app.tile.terminal.emulator
            assert (shown.columns, shown.lines) == (size[0] - 2, size[1] - 2)
            assert "worktree" in "".join(shown.display)
        app.tile.note("It waits for a seat.")
        for _ in range(30):
            await pilot.pause()
        assert "seat" in "".join(app.tile.terminal.emulator.display)
    assert app.asked < 12  # each screen that is shown asked for the next one


@pytest.mark.parametrize(
    ("words", "x", "key"),
    [("esc", 0, "escape"), ("n p", 0, "n"), ("n p", 2, "p"), ("?", 9, "question_mark"), ("ctrl+s", 3, "ctrl+s"),
     (", .", 2, "full_stop"), ("↑ ↓", 2, "down"), ("1..6", 0, ""),
     ("v V ^v", 2, "V"), ("v V ^v", 4, "ctrl+v"), ("F1", 0, "f1")],
)  # fmt: skip
def test_a_cell_of_the_status_line_is_a_key(words, x, key):
    assert key_at(words, x) == key


async def test_a_key_in_the_status_line_that_is_only_a_key_is_pressed_by_a_click():
    pressed = []

    class Place(App):
        def compose(self):
            yield StatusLine()

        def on_status_line_pressed(self, message):
            pressed.append((message.key, message.character))

    app = Place()
    async with app.run_test(size=(40, 3)) as pilot:
        app.query_one(StatusLine).show([("esc", "back"), ("n p", "changes"), ("x", "end", "end_worker")])
        await pilot.pause()
        for x in (2, 12, 13, 27):
            await pilot.click(StatusLine, offset=(x, 0))
    assert pressed == [("escape", "\x1b"), ("n", "n"), ("p", "p")]


async def test_a_tile_that_needs_a_person_has_a_double_frame_and_one_that_is_typed_into_a_heavy_one():
    class Place(App):
        def compose(self):
            yield Tile("w01", "It is being started.")

    app = Place()
    async with app.run_test(size=(40, 6)) as pilot:
        tile = app.query_one(Tile)
        app.set_focus(None)
        corners = {}
        for tone in ("waiting", "attention"):
            tile.caption(Caption(Label(Content("w01")), tone=tone))
            await pilot.pause()
            corners[tone] = "".join(segment.text for segment in app.screen._compositor.render_strips()[0])[0]
        tile.enter()
        await pilot.pause()
        corners["typed"] = "".join(segment.text for segment in app.screen._compositor.render_strips()[0])[0]
    assert corners == {"waiting": "╭", "attention": "╔", "typed": "┏"}


async def test_the_arrows_of_a_roster_lead_on():
    picked = []

    class Place(App):
        def compose(self):
            yield Roster()

        def on_roster_picked(self, message):
            picked.append(message.index)

    app = Place()
    async with app.run_test(size=(30, 3)) as pilot:
        roster = app.query_one(Roster)
        roster.show([Entry(f"{number} w{number:02}", "●", "") for number in range(9)], 5)
        await pilot.pause()
        row = "".join(segment.text for segment in app.screen._compositor.render_strips()[0])
        for arrow in "‹›":
            await pilot.click(Roster, offset=(row.index(arrow), 0))
    shown = [int(each) for each in row if each.isdigit()]  # short of room, the others keep their number only
    assert picked == [shown[0] - 1, shown[-1] + 1]
