"""Words in too little room: what gives way first, and that no name is cut where it could stand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some
from textual.app import App
from textual.content import Content

from agentorchestr_tui.widgets.fitting import NONE, Label, cut, whole
from agentorchestr_tui.widgets.team import Columns, Member, Team, columns

WORKS = Label(
    Content("3 w03 implementer"), Content("opencode"), Content("pinned"), Content("● working 04:12"),
    Content("● 04:12"), terse=True,
)  # fmt: skip
ASKS = Label(
    Content("3 w03 tester"), Content("codex"), Content("pinned"), Content("◆ asks: delete the old build folder?"),
    Content("◆ asks"),
)  # fmt: skip
FAILED = Label(Content("3 w03 tester"), Content("pi"), Content("pinned"), Content("✗ failed 11:30"), Content("✗ 11:30"))


def told(label, room):
    left, right = label.fitted(room, 3)
    return f"{left.plain} | {right.plain}"


@pytest.mark.parametrize(
    ("label", "rows"),
    [
        (
            WORKS,
            [
                "3 w03 implementer · opencode · pinned | ● working 04:12",
                "3 w03 implementer · opencode · pinned | ● 04:12",
                "3 w03 implementer · pinned | ● working 04:12",
                "3 w03 implementer · pinned | ● 04:12",
                "3 w03 implementer | ● working 04:12",
                "3 w03 implementer | ● 04:12",
                "3 w03 implementer | ●",
                "3 w03 implementer | ",
                "3 w03 | ",
                "3 | ",
                " | ",
            ],
        ),
        (
            ASKS,
            [
                "3 w03 tester · codex · pinned | ◆ asks: delete the old build folder?",
                "3 w03 tester · pinned | ◆ asks: delete the old build folder?",
                "3 w03 tester · pinned | ◆ asks: delete the old build…",
                "3 w03 tester · pinned | ◆ asks: delete the old…",
                "3 w03 tester · pinned | ◆ asks: delete the…",
                "3 w03 tester · pinned | ◆ asks: delete…",
                "3 w03 tester | ◆ asks: delete the old…",
                "3 w03 tester | ◆ asks: delete the…",
                "3 w03 tester | ◆ asks: delete…",
                "3 w03 tester | ◆ asks…",
                "3 w03 tester | ◆ asks",
                "3 w03 tester | ◆",
                "3 w03 tester | ",
                "3 w03 | ",
                "3 | ",
                " | ",
            ],
        ),
        (
            FAILED,
            [
                "3 w03 tester · pi · pinned | ✗ failed 11:30",
                "3 w03 tester · pinned | ✗ failed 11:30",
                "3 w03 tester · pinned | ✗ 11:30",
                "3 w03 tester | ✗ failed 11:30",
                "3 w03 tester | ✗ 11:30",
                "3 w03 tester | ✗",
                "3 w03 tester | ",
                "3 w03 | ",
                "3 | ",
                " | ",
            ],
        ),
    ],
)
def test_of_a_tiles_words_the_name_stays_for_longest(label, rows):
    found = [told(label, room) for room in range(100, -1, -1)]
    assert list(dict.fromkeys(found)) == rows


def test_without_a_state_the_agent_stays_while_there_is_room():
    label = Label(Content("lead"), Content("claude"))
    assert [label.fitted(room, 3)[0].plain for room in (13, 12, 4, 3)] == ["lead · claude", "lead", "lead", ""]


@pytest.mark.parametrize(
    ("words", "width", "row"),
    [
        ("Add JWT middleware", 18, "Add JWT middleware"),
        ("Add JWT middleware", 17, "Add JWT…"),
        ("Plan: three, then a review", 13, "Plan: three…"),
        ("no changes yet · Test it", 17, "no changes yet…"),
        ("overlaps w01: src/auth/tokens.py", 30, "overlaps w01: src/auth/tokens…"),
        ("asks: create api/tokens.py?", 26, "asks: create api/tokens.p…"),
        ("asks: create api/tokens.py?", 17, "asks: create…"),
        ("Supercalifragilistic", 12, "Supercalifr…"),
        ("abc def", 3, ""),
        ("漢字 漢字", 6, "漢字…"),
        ("words", 0, ""),
    ],
)
def test_a_sentence_ends_after_a_whole_word(words, width, row):
    assert cut(Content(words), width).plain == row


@given(some.text("ab 漢·,", max_size=40), some.integers(0, 50))
def test_no_cut_is_too_wide_and_none_leaves_less_than_four_letters_of_a_word(words, width):
    content = Content(words)
    for shown in (cut(content, width), whole(content, width)):
        kept = shown.plain.removesuffix("…")
        assert shown.cell_length <= width
        assert words.startswith(kept)
        rest = words[len(kept) :]
        assert not kept or not rest or rest[0] in " ·,:;.(-" or len(kept.split()[-1]) >= 4


# -- the team

BUSY = Member(
    3, Content("3 w03 implementer"), Content("opencode"), Content("● 04:12"), (Content("34k/200k"), Content("34k")),
    Content("Add JWT middleware to every route."),
)  # fmt: skip
NEEDY = Member(
    9, Content("9 w09 tester"), Content("codex"), Content("◆ 00:09"), (), Content("asks: delete build/?"), True
)


def test_in_the_team_what_it_said_gives_way_first_then_tokens_agent_clock_and_the_name_last():
    found = []
    for width in range(60, 0, -1):
        line = BUSY.line(width, agent=BUSY.fits_beside(width))
        assert line.cell_length == width
        found.append(" ".join(line.plain.split()))
    assert list(dict.fromkeys(found)) == [
        "3 w03 implementer · opencode 34k/200k ● 04:12",
        "3 w03 implementer · opencode 34k ● 04:12",
        "3 w03 implementer · opencode ● 04:12",
        "3 w03 implementer 34k/200k ● 04:12",
        "3 w03 implementer 34k ● 04:12",
        "3 w03 implementer ● 04:12",
        "3 w03 implementer ●",
        "3 w03 ●",
        "3 ●",
        "●",
    ]


def test_a_growing_clock_moves_nothing():
    """With `9s` an agent or a word stood there that `10s` took away again."""
    clocks = ("9s", "10s", "9m59s", "10m00s", "9h59m")
    for width in range(20, 60):
        drawn = set()
        for clock in clocks:
            brief = f"● {clock}"
            label = Label(
                Content("3 w03 implementer"), Content("opencode"), NONE, Content(f"● working {clock}"), Content(brief),
                terse=True, grows=8 - len(brief),
            )  # fmt: skip
            drawn.add(tuple(part.plain.replace(clock, "") for part in label.fitted(width, 3)))
        assert len(drawn) == 1
        members = [
            Member(3, Content("3 w03 implementer"), Content("opencode"), Content(f"● {clock}")) for clock in clocks
        ]
        assert len({member.fits_beside(width) for member in members}) == 1


def test_the_glyphs_of_all_stand_below_each_other():
    assert NEEDY.line(30, agent=False, clock=8).plain == "9 w09 tester          ◆  00:09"
    lines = [replace(BUSY, tokens=(), state=Content(f"● {clock}")).line(28, agent=False, clock=8) for clock in
             ("9s", "59m59s")]  # fmt: skip
    assert [line.plain for line in lines] == ["3 w03 implementer   ●     9s", "3 w03 implementer   ● 59m59s"]


def test_below_stands_the_agent_that_had_no_room_and_then_what_it_said():
    assert BUSY.more(28, agent=True).plain == "opencode · Add JWT…"
    assert BUSY.more(28, agent=False).plain == "Add JWT middleware to every…"
    assert BUSY.more(14, agent=True).plain == "Add JWT…"
    assert NEEDY.more(28, agent=True).plain == "asks: delete build/?"


def test_in_a_list_the_columns_give_way_in_the_same_order():
    assert [columns([BUSY, NEEDY], width) for width in (70, 56, 54, 46, 30)] == [
        Columns(17, 8, 7, 8), Columns(17, 8, 7, 3), Columns(17, 8, 7, 0), Columns(17, 0, 7, 0), Columns(17, 0, 7, 0),
    ]  # fmt: skip


async def rows_of(team, size, members, current=0):
    """Show a team in a place of a size; returns its rows."""

    class Place(App):
        def compose(self):
            yield team

    app = Place()
    async with app.run_test(size=size) as pilot:
        team.show(members, current)
        await pilot.pause()
        rows = ["".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()]
        return [row[2:].rstrip() for row in rows if row[2:].strip()]


def members(number, urgent=()):
    return [
        Member(
            index, Content(f"{index} w{index:02} performance"), Content("cursor-agent"), Content("● 59m59s"),
            says=Content("Thinks."), urgent=index in urgent,
        )
        for index in range(1, number + 1)
    ]  # fmt: skip


async def test_every_name_of_a_perspective_of_ours_stands_whole_in_the_narrow_column():
    names = [row for row in await rows_of(Team(), (32, 40), members(12)) if "Thinks" not in row]
    assert names[1:] == [f" {f'{n} w{n:02} performance':19} ● 59m59s" for n in range(1, 13)]


async def test_of_a_team_that_is_too_many_for_two_lines_only_those_that_need_a_person_have_them():
    assert len(await rows_of(Team(), (44, 40), members(19))) == 1 + 2 * 19
    crowd = await rows_of(Team(), (44, 40), members(30, urgent={7, 9}))
    assert len(crowd) == 1 + 30 + 2
    assert crowd[8].strip() == "Thinks."
    everybody = await rows_of(Team(), (44, 40), members(39, urgent={7, 9}))
    assert len(everybody) == 1 + 39
    more = await rows_of(Team(), (44, 40), members(60), 50)
    assert more[0] == "Team · 12 to 50 of 60"
    assert more[-1].startswith("›50 w50")


async def test_a_click_picks_the_member_whose_line_it_meets():
    picked = []

    class Place(App):
        def compose(self):
            yield Team()

        def on_team_picked(self, message):
            picked.append(message.index)

    app = Place()
    async with app.run_test(size=(44, 40)) as pilot:
        app.query_one(Team).show(members(30, urgent={2}), 1)
        await pilot.pause()
        for y in (1, 2, 3, 4, 30):
            await pilot.click(Team, offset=(9, y))
        await pilot.click(Team, offset=(9, 36))
    assert picked == [1, 2, 2, 3, 29]
