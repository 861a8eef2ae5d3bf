"""Taking pictures: a scene at a size, once in every theme; the clock stands, and nothing blinks or moves."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from rich.cells import cell_len
from rich.style import Style
from textual.containers import ScrollableContainer
from textual.errors import NoWidget
from textual.geometry import Region
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widget import Widget

from agentorchestr_tui import themes
from agentorchestr_tui.tui.app import OrchestraApp
from agentorchestr_tui.tui.house import Visit
from agentorchestr_tui.widgets.status_line import StatusLine
from agentorchestr_tui.widgets.team import Team
from agentorchestr_tui.widgets.terminal import Terminal
from agentorchestr_tui.widgets.tile import Tile
from tests.house import make_place
from tests.tui.looks.rest import at_rest, no_blinking, text
from tests.tui.looks.scenes import SCENES
from tests.tui.looks.still import NOW, StillHouse, stand
from tests.tui.looks.svg import colors_of, draw

SIZES = ((80, 24), (120, 40), (200, 60))
THEMES = tuple(sorted(themes.load()))
KEPT = Path(__file__).parents[3] / "snapshots"
_INK, _GROUND = "#d0d0d0", "#000000"  # of a terminal outside, for the theme that leaves them to it


@dataclass(frozen=True)
class Picture:
    """A screen as it was drawn, and the words on it with their colours."""

    svg: str
    lines: tuple[str, ...]
    inks: frozenset[tuple[str, str, str]]  # some words, their ink and their ground; agents' own are left out
    cut: tuple[str, ...]  # what reaches over the edge of the screen


def file_of(name: str, size: tuple[int, int], theme: str) -> Path:
    """Return where a picture is kept."""
    return KEPT / name / f"{size[0]}x{size[1]}-{theme}.svg"


@contextmanager
def stopped_clock() -> Iterator[None]:
    """Let it be the same moment, in the same zone and terminal, for as long as the block lasts."""
    try:
        with patch.dict(os.environ, {"TZ": "UTC"}), patch("time.time", lambda: NOW):
            os.environ.pop("NO_COLOR", None)
            time.tzset()
            yield
    finally:
        time.tzset()


async def take(name: str, size: tuple[int, int], themes_: tuple[str, ...] = THEMES) -> dict[str, Picture]:
    """Take a scene at a size in each of these themes."""
    scene = SCENES[name]
    with tempfile.TemporaryDirectory(prefix="looks-") as folder, stopped_clock(), no_blinking():
        place = make_place(Path(folder), {"src/auth.py": "def login():\n    pass\n"})
        orchestrator = await stand(place, scene.told(), scene.shown())
        app = OrchestraApp(StillHouse(orchestrator), Visit(resume=True, folder="api"))  # type: ignore[arg-type]
        app.animation_level = "none"
        try:
            async with app.run_test(size=size, notifications=scene.toasts) as pilot:
                await at_rest(pilot, lambda: app.stage._links.keys() == orchestrator.ground.panes.panes.keys())
                await pilot.press(*scene.keys)
                if scene.then is not None:
                    await scene.then(app)
                await at_rest(pilot, lambda: scene.until in text(app))
                return {theme: await _in_theme(app, pilot, theme) for theme in themes_}
        finally:
            await orchestrator.ground.log.close()


async def _in_theme(app, pilot, theme: str) -> Picture:
    app.theme = theme
    await at_rest(pilot)
    app.stage._look()
    strips = await at_rest(pilot)
    colors = app.theme_variables
    ink, ground = colors.get("foreground", _INK), colors.get("background", _GROUND)
    ink, ground = (each if each.startswith("#") else other for each, other in ((ink, _INK), (ground, _GROUND)))
    others = [each.content_region for each in app.screen.walk_children(Terminal) if each.display]
    others += [each.region for each in app.screen.walk_children() if each.disabled]  # WCAG asks nothing of them
    own = [each.region for each in app.screen.children] if isinstance(app.screen, ModalScreen) else [app.screen.region]
    lines = tuple(strip.text for strip in strips)
    inks = frozenset(_inks(strips, own, others, ink, ground))
    return Picture(draw(strips, ink, ground), lines, inks, tuple(_cut_off(app)))


def _inks(
    strips: list[Strip], own: list[Region], others: list[Region], ink: str, ground: str
) -> Iterator[tuple[str, str, str]]:
    """Give the words of ours with their colours: not what agents print, nor what is dimmed behind a panel."""
    for y, strip in enumerate(strips):
        x = 0
        for words, style, _ in strip:
            seen = any(each.contains(x, y) for each in own) and not any(each.contains(x, y) for each in others)
            if seen and any(character.isalnum() for character in words):
                yield (words.strip()[:20], *colors_of(style or Style(), ink, ground))
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
        for size in SIZES:
            for theme, picture in (await take(name, size)).items():
                file = file_of(name, size, theme)
                await asyncio.to_thread(file.parent.mkdir, parents=True, exist_ok=True)
                await asyncio.to_thread(file.write_text, picture.svg, "utf-8")
                taken += 1
    return taken
