"""The themes that ship."""

from __future__ import annotations

import pytest
from textual.app import App
from textual.color import Color

from agentorchestr_tui import themes
from agentorchestr_tui.core.errors import CannotRun
from agentorchestr_tui.core.state import Session
from agentorchestr_tui.core.words import Phase, TaskState
from agentorchestr_tui.tui import colors, looks, plan, signs
from agentorchestr_tui.widgets.diff_rows import DiffFile, DiffHunk, DiffLine
from agentorchestr_tui.widgets.diff_view import DiffView
from tests.tui.looks.svg import colors_of, names_of

SEEN = 3.0  # WCAG 2: contrast of what need only be told apart
AA = 4.5  # WCAG 2: contrast of words against their ground
TRUE = sorted(name for name, theme in themes.load().items() if not theme.ansi)  # `ansi` leaves colours to the terminal
INKS = ("foreground", "accent", "warning", "error", "success", "primary")
GROUNDS = ("background", "surface", "panel")


def contrast(one: Color, other: Color) -> float:
    """Return WCAG's contrast ratio of two colours."""
    lights = sorted(map(_luminance, (one, other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _luminance(color: Color) -> float:
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color.normalized]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.mark.parametrize("name", TRUE)
@pytest.mark.parametrize("ground", GROUNDS)
def test_every_word_can_be_read_on_every_ground(name, ground):
    theme = themes.load()[name]
    inks = {ink: getattr(theme, ink) for ink in INKS} | {"muted": theme.variables["foreground-muted"]}
    below = Color.parse(getattr(theme, ground))
    for ink, color in inks.items():
        assert contrast(Color.parse(color), below) >= AA, ink


def can_be_read(ink: str, ground: str) -> bool:
    """Say whether words can be read: by their contrast, or by the names of two of a terminal's own colours.

    What those look like nobody knows: a colour is seen on the terminal's ground, and black or that ground on a colour.
    """
    if ink.startswith("#"):
        return contrast(Color.parse(ink), Color.parse(ground)) >= AA
    if ground == "ground":
        return ink not in ("ground", "black")
    return ink == "ground" or (ink == "black" and ground not in ("ink", "black"))


CODE = {
    "mine.py": """@kept(1)
class Mine(Base):
    'Words about it.'
    LIMIT: int = 900  # seconds
    def __init__(self, name: str = "none") -> None:
        assert name is not None and not isinstance(self, (int, float))
        raise ValueError(f"{name!r} has {len(name)} of 3.5", `x`) from True
    async def spin(self, *, at): return lambda: print(__name__)
""",
    "page.html": """<p class="mine" id=3>Words &amp; more <!-- said --> <b>bold</b></p>
<script>const a = /x+/g; let b = `t ${a}`; // why</script>
""",
    "read.md": """# A heading
Some *words*, **strong**, `code`, [a link](https://example.org)
> quoted
- listed
""",
    "run.sh": """export NAME="$HOME/x" && echo 'it' | grep -c "$1" # why
""",
    "main.c": """#include <stdio.h>
static const char *name = "n\\n"; int main(void) { return sizeof(name) + 0x1f; }
""",
}


def changed(path: str, text: str) -> DiffFile:
    """Return a file of which each line stays, is changed in its midst, is removed and is added."""
    lines = []
    for number, line in enumerate(text.splitlines(), 1):
        lines += [
            DiffLine(line, number, number),
            DiffLine(f"x {line} y", number),
            DiffLine(f"x {line}s y", None, number),
        ]
    lines += [DiffLine(line, number) for number, line in enumerate(text.splitlines(), 100)]
    return DiffFile(path, hunks=(DiffHunk.of("of this", tuple(lines)),), marked=((2, 3),), mark="w02 too")


@pytest.mark.parametrize("name", themes.load())
@pytest.mark.parametrize("focused", [True, False])
async def test_every_word_of_a_diff_can_be_read_on_the_ground_of_its_line_and_in_the_row_of_the_cursor(name, focused):
    class Alone(App):
        def compose(self):
            yield DiffView()

    app, theme = Alone(), themes.load()[name]
    app.register_theme(theme)
    app.theme = name
    async with app.run_test(size=(120, 200)) as pilot:
        view = app.query_one(DiffView)
        view.show([changed(path, text) for path, text in CODE.items()], {("mine.py", 2): "Why?"})
        app.set_focus(view if focused else None)
        await pilot.pause()
        ink, ground = theme.foreground or "", theme.background or ""
        pale = set()
        for at in range(len(view.rows)):
            for cursor in (at, 0):
                view.cursor = cursor
                for words, style, _ in view.render_line(at):
                    pair = names_of(style) if theme.ansi else colors_of(style, ink, ground)
                    if words.strip(" ─") and not can_be_read(*pair):
                        pale.add((words, *pair))
        assert pale == set()


@pytest.mark.parametrize("name", TRUE)
def test_words_on_the_accent_can_be_read_and_the_focused_frame_can_be_seen(name):
    theme = themes.load()[name]
    assert contrast(Color.parse(theme.variables["accent-ink"]), Color.parse(theme.accent)) >= AA
    assert contrast(Color.parse(theme.accent), Color.parse(theme.background)) >= SEEN


def test_the_sixteen_colours_of_a_terminal_are_named_and_never_turned_into_others():
    theme = themes.load()["ansi"]
    assert theme.ansi
    named = [getattr(theme, each) for each in (*INKS, *GROUNDS)] + list(theme.variables.values())
    assert all(Color.parse(color).ansi is not None for color in named)


@pytest.mark.parametrize("name", TRUE)
def test_every_colour_of_an_agents_terminal_but_its_black_can_be_read(name):
    theme = themes.load()[name]
    below = Color.parse(theme.background)
    for variable, color in theme.variables.items():
        if variable.startswith("terminal-") and "black" not in variable:
            assert contrast(Color.parse(color), below) >= SEEN, variable


def test_there_are_six_and_the_defaults_are_among_them():
    known = themes.load()
    assert sorted(known) == ["ansi", "dark", "ember", "high-contrast", "light", "sand"]
    assert known["dark"].dark
    assert not known["light"].dark
    assert colors.usual("truecolor") == "dark"
    assert colors.usual("standard") == "ansi"


def test_high_contrast_is_more_than_twice_what_words_need():
    theme = themes.load()["high-contrast"]
    for ink in INKS:
        assert contrast(Color.parse(getattr(theme, ink)), Color.parse(theme.background)) >= 2 * AA, ink


def test_an_unknown_theme_is_answered_with_the_nearest():
    known = themes.load()
    assert colors.unknown("", known) == ""
    assert colors.unknown("light", known) == ""
    assert colors.unknown("ligth", known).startswith("There is no theme 'ligth'. Did you mean light?")


MINE = """dark = true
[colors]
primary = "#ffffff"
secondary = "#cccccc"
accent = "#ffffff"
warning = "#ffffff"
error = "#ffffff"
success = "#ffffff"
foreground = "#ffffff"
background = "#000000"
surface = "#000000"
panel = "#000000"
"""


def test_a_theme_of_ones_own_needs_its_colours_only(tmp_path):
    folder = tmp_path / colors.FOLDER
    folder.mkdir()
    (folder / "mine.toml").write_text(MINE, encoding="utf-8")
    mine = colors.load(tmp_path)["mine"]
    assert mine.variables["foreground-muted"] == "#cccccc"
    assert mine.variables["accent-ink"] == "#000000"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('accent = "#ffffff"', 'acent = "#ffffff"', "has the colour 'acent'; did you mean accent?"),
        ('accent = "#ffffff"', "", "lacks the colours accent"),
        ('accent = "#ffffff"', 'accent = "blueish"', "no colour for accent: 'blueish' is none"),
        ("[colors]", "[colours]", "has 'colours'; there are"),
        ("[colors]", "[colors", "cannot be read"),
    ],
)
def test_what_is_wrong_in_a_theme_is_said_with_its_file(tmp_path, old, new, said):
    folder = tmp_path / colors.FOLDER
    folder.mkdir()
    (folder / "mine.toml").write_text(MINE.replace(old, new), encoding="utf-8")
    with pytest.raises(CannotRun, match=r"mine\.toml") as told:
        colors.load(tmp_path)
    assert said in str(told.value)


@pytest.mark.parametrize(
    ("environment", "shown"),
    [
        ({}, True),
        ({"LANG": "en_US.UTF-8"}, True),
        ({"LANG": "C.utf8"}, True),
        ({"LANG": "en_US.ISO-8859-1"}, False),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "C"}, False),
        ({"TERM": "linux", "LANG": "en_US.UTF-8"}, False),
    ],
)
def test_where_there_is_unicode_is_read_off_terminal_and_locale(environment, shown):
    assert signs.has_unicode(environment) is shown


def test_each_state_has_a_glyph_of_its_own_with_unicode_and_without():
    """A held task used to look like a limited agent; and both are told from what is paused."""
    stands = {look.glyph: look.word for look in (*looks._STATUS.values(), *looks._OUTCOME.values())}
    paused = looks.title(Session(goal="", phase=Phase.PAUSED)).strip()
    shown = [*stands, plan._LOOKS[TaskState.HELD].glyph, paused]
    assert len(set(shown)) == len(shown)
    assert len({signs.plain(glyph) for glyph in shown}) == len(shown)
    assert {looks.LIMITED.glyph: "limited"}.items() <= stands.items()


def test_without_unicode_every_sign_is_one_of_ascii_and_as_wide():
    assert signs.plain("● ○ ◆ ‖ ✓ ✗ ◌ ⚠ ?") == "* o ! = + x . # ?"
    assert signs.plain("╭─ w01 ┏━┓│┃█") == "+- w01 #=#|##"
    assert signs.plain("é 漢 ⠹ …") == "e ?? * ."
    assert signs.plain("\x1b[31mred") == "\x1b[31mred"
