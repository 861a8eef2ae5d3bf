"""Taking pictures: a scene at a size, once in every theme; the clock stands, and nothing blinks or moves."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from rich.cells import cell_len
from rich.style import Style
from textual.containers import ScrollableContainer
from textual.errors import NoWidget
from textual.geometry import Region
from textual.pilot import Pilot
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widget import Widget

from agentorchestr_tui import themes
from agentorchestr_tui.tui.app import OrchestraApp
from agentorchestr_tui.tui.palette import THEME
from agentorchestr_tui.tui.picker import Picker
from agentorchestr_tui.tui.wishes import Wishes
from agentorchestr_tui.widgets.status_line import StatusLine
from agentorchestr_tui.widgets.team import Team
from agentorchestr_tui.widgets.terminal import Terminal
from agentorchestr_tui.widgets.tile import Tile
from tests.house import make_place
from tests.tui.looks.rest import at_rest, no_blinking, text, unseen
from tests.tui.looks.scenes import SCENES, Scene
from tests.tui.looks.still import NOW, StillHouse, StillPane, stand
from tests.tui.looks.svg import colors_of, draw, names_of

Size = tuple[int, int]
Wanted = Mapping[Size, tuple[str, ...]]  # the themes at each size
SMALL, MIDDLE, LARGE = SIZES = ((80, 24), (120, 40), (200, 60))
THEMES = tuple(sorted(themes.load()))
ALL: Wanted = {MIDDLE: THEMES, SMALL: THEMES, LARGE: THEMES}
KEPT = Path(__file__).parents[3] / "snapshots"
_OUTSIDE = {"TZ": "UTC", "TERM": "xterm-256color", "COLORTERM": "truecolor"}
_INK, _GROUND = "#d0d0d0", "#000000"  # of a terminal outside, for the theme that leaves them to it


@dataclass(frozen=True)
class Picture:
    """A screen as it was drawn, and the words on it with their colours."""

    svg: str
    lines: tuple[str, ...]
    inks: frozenset[tuple[str, str, str]]  # some words, their ink and their ground; agents' own are left out
    """In a theme of the terminal's own colours these are names, else `#rrggbb`."""
    cut: tuple[str, ...]  # what reaches over the edge of the screen


def file_of(name: str, size: tuple[int, int], theme: str) -> Path:
    """Return where a picture is kept."""
    return KEPT / name / f"{size[0]}x{size[1]}-{theme}.svg"


@contextmanager
def stopped_clock() -> Iterator[None]:
    """Let it be the same moment, in the same zone and terminal, for as long as the block lasts."""
    try:
        with patch.dict(os.environ, _OUTSIDE), patch("time.time", lambda: NOW):
            os.environ.pop("NO_COLOR", None)
            time.tzset()
            yield
    finally:
        time.tzset()


@contextmanager
def begun() -> Iterator[None]:
    """Let a session stand as it was told: no wish is made on its behalf as the screen opens."""

    async def begin(_wishes: Wishes, _orchestrator: object) -> None:
        pass

    with patch.object(Wishes, "begin", begin):
        yield


@asynccontextmanager
async def standing(scene: Scene, size: Size, *, toasts: bool = False) -> AsyncIterator[Pilot[object]]:
    """Show a scene in an app of its own; give the pilot before it."""
    with tempfile.TemporaryDirectory(prefix="looks-") as folder, stopped_clock(), no_blinking(), unseen(), begun():
        place = make_place(Path(folder), {"src/auth.py": "def login():\n    pass\n"})
        orchestrator = await stand(place, scene.told(), scene.shown())
        app = OrchestraApp(StillHouse(orchestrator, scene.trouble), scene.visit)
        app.animation_level = "none"
        try:
            async with app.run_test(size=size, notifications=scene.toasts or toasts) as pilot:
                await _lead_there(scene, pilot, orchestrator.ground.panes.panes)
                yield pilot
        finally:
            await orchestrator.ground.log.close()


async def take(name: str, wanted: Wanted = ALL) -> dict[tuple[Size, str], Picture]:
    """Take a scene at some sizes, at each in some themes: one app, which begins at the first size and is resized."""
    scene, found, sizes = SCENES[name], {}, list(wanted)
    async with standing(scene, sizes[0]) as pilot:
        for size in sizes:
            if size != sizes[0]:
                await pilot.resize_terminal(*size)
                await at_rest(pilot, lambda size=size: tuple(pilot.app.screen.size) == size)
                await _let_seconds_pass(pilot)
            for theme in wanted[size]:
                found[size, theme] = await _in_theme(pilot.app, pilot, scene, theme)
    return found


async def _let_seconds_pass(pilot) -> None:
    """Let every screen look at what is there now, as it does every second; what one changes, the next one sees."""
    for screen in pilot.app.screen_stack:
        if not isinstance(screen, Picker):
            getattr(screen, "_look", lambda: None)()
            await at_rest(pilot)


async def _lead_there(scene: Scene, pilot, panes: Mapping[str, StillPane]) -> None:
    app = pilot.app
    await at_rest(pilot, lambda: app.stage._links.keys() == panes.keys())
    if scene.then is None:
        await pilot.press(*scene.keys, *scene.typed)
    else:
        await pilot.press(*scene.keys)
        await at_rest(pilot)
        await scene.then(app)
        await at_rest(pilot)
        await pilot.press(*scene.typed)
    await at_rest(pilot, lambda: scene.until in text(app))
    covered = not all(isinstance(each, ModalScreen) for each in app.screen_stack[1:])
    for pane in panes.values():
        pane.covered = covered
    await _let_seconds_pass(pilot)
    if scene.under:
        y, line = next((y, line) for y, line in enumerate(text(app).splitlines()) if scene.under in line)
        await pilot.hover(offset=(line.index(scene.under), y))


async def _in_theme(app, pilot, scene: Scene, theme: str) -> Picture:
    if scene.themes:
        app.screen._list.offer(app.screen._all, f"{THEME}{theme}")
    app.theme = theme
    strips = await at_rest(pilot)
    colors = app.theme_variables
    ink, ground = colors.get("foreground", _INK), colors.get("background", _GROUND)
    ink, ground = (each if each.startswith("#") else other for each, other in ((ink, _INK), (ground, _GROUND)))
    others = [each.content_region for each in app.screen.walk_children(Terminal) if each.display]
    others += [each.region for each in app.screen.walk_children() if each.disabled]  # WCAG asks nothing of them
    own = [each.region for each in app.screen.children] if isinstance(app.screen, ModalScreen) else [app.screen.region]
    lines = tuple(strip.text for strip in strips)
    few = app.current_theme.ansi
    inks = frozenset(_inks(strips, own, others, names_of if few else lambda style: colors_of(style, ink, ground)))
    return Picture(draw(strips, ink, ground), lines, inks, tuple(_cut_off(app)))


def _inks(
    strips: list[Strip], own: list[Region], others: list[Region], colors: Callable[[Style], tuple[str, str]]
) -> Iterator[tuple[str, str, str]]:
    """Give the words of ours with their colours: not what agents print, nor what is dimmed behind a panel."""
    for y, strip in enumerate(strips):
        x = 0
        for words, style, _ in strip:
            seen = any(each.contains(x, y) for each in own) and not any(each.contains(x, y) for each in others)
            if seen and any(character.isalnum() for character in words):
                yield (words.strip()[:20], *colors(style or Style()))
            x += cell_len(words)


def _cut_off(app) -> Iterator[str]:
    """Name the controls of which not every cell is on the glass, and that no scrolling brings there."""
    for widget in app.screen.walk_children():
        control = widget.can_focus or widget.has_class("control") or isinstance(widget, StatusLine)
        hidden = not all(each.display for each in (widget, *widget.ancestors) if isinstance(each, Widget))
        if not control or hidden or _scrolls(widget) or isinstance(widget, Terminal):
            continue
        try:
            place = app.screen.find_widget(widget)
        except NoWidget:
            if not isinstance(widget, (Team, Tile)):  # those that have no place now are a key away
                yield f"{widget!r} is nowhere"
            continue
        if not place.clip.contains_region(place.region):
            yield f"{widget!r} at {place.region} is cut off by {place.clip}"


def _scrolls(widget: Widget) -> bool:
    return any(isinstance(each, ScrollableContainer) for each in widget.ancestors)


async def take_all(names: list[str]) -> int:
    """Take these scenes anew, in every size and theme; returns how many pictures there are."""
    taken = 0
    for name in names:
        for (size, theme), picture in (await take(name)).items():
            await asyncio.to_thread(keep, file_of(name, size, theme), picture)
            taken += 1
    return taken


def keep(file: Path, picture: Picture) -> None:
    """Write a picture."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(picture.svg, encoding="utf-8")
