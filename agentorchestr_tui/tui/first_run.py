"""The first-run page: what was found on this machine and in this folder, what is missing, and how to go on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from agentorchestr_tui import tasks
from agentorchestr_tui.core.errors import OrchestraError
from agentorchestr_tui.tui.lobby import Findings, Found
from agentorchestr_tui.tui.looks import ACCENT, GOOD, MUTED, WARNING
from agentorchestr_tui.tui.panel import Choice, Hanging, Panel

_NAME, _VERSION = 13, 18  # cells
_GOAL = Choice("g", "g", "type a goal", "goal")
_DEMO = Choice("d", "d", "see a rehearsal: no agent needed", "demo")
_AGAIN = Choice("r", "r", "look again", "again")
_SESSIONS = Choice("s", "s", "earlier sessions", "sessions")
_QUIT = Choice("q", "q", "quit", "quit")
_GOAL_LATER = Choice("g", "g", "goal: mend that first", "goal", dim=True)
_CHOICES = (_GOAL, _DEMO, _SESSIONS, _AGAIN, _QUIT)


class FirstRun(Panel):
    """Answers `goal`, `demo`, `sessions` or `quit`; a goal needs that nothing is in its way."""

    def __init__(self, look: Callable[[], Awaitable[Findings]], trouble: str = "") -> None:
        self._fetch = look
        self._trouble = trouble
        self._found: Findings | None = None
        self._looking: asyncio.Task[None] | None = None
        self._text = Static(Content("\n  Looking around…"))
        super().__init__("Welcome to agentorchestr", _CHOICES)

    def body(self) -> ComposeResult:
        """Give the page; it fills as things are found."""
        yield self._text

    def on_mount(self) -> None:
        """Look around behind the first frame."""
        super().on_mount()
        self._look()

    def answer_to(self, key: str) -> str:
        """Take Enter for the goal as well, and Escape for the way out."""
        return {"enter": "goal", "escape": "quit"}.get(key) or super().answer_to(key)

    def choose(self, answer: str) -> None:
        """Go on, unless something is in the way that can be mended first."""
        if answer == "again":
            self._look()
        elif answer == "goal" and self._found is not None and self._found.trouble:
            self.notify(self._found.trouble, severity="warning")
        else:
            super().choose(answer)

    def _look(self) -> None:
        if self._looking is None or self._looking.done():
            self._text.update(Content("\n  Looking around…"))
            self._looking = tasks.start(self._show(), name="look around on this machine")

    async def on_unmount(self) -> None:
        """Look no further, and leave nothing running that was started for it."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.wait({self._looking})

    async def _show(self) -> None:
        try:
            self._found = await self._fetch()
        except OrchestraError as error:
            self._found = Findings(trouble=str(error))
        if self.is_attached:
            self._text.update(page(self._found, self._trouble))
            stuck = (_DEMO, _AGAIN, _SESSIONS, _GOAL_LATER, _QUIT)
            await self.offer(stuck if self._found.trouble else _CHOICES)


def page(found: Findings, trouble: str = "") -> Hanging:
    """Say what was found, in lines."""
    above = trouble or (found.trouble if found.trouble != found.amiss else "")
    lines = [Content.assemble(("✗ ", WARNING), (above, WARNING)), Content()] if above else []
    sign = ("  ✓ ", GOOD) if found.git else ("  ✗ ", WARNING)
    lines.append(_heading("This folder", found.project))
    lines.append(Content.assemble(sign, found.git or found.amiss or "it was not looked into"))
    keys = ", ".join(found.keys) if found.keys else "none, and none needed: goals go to the lead unplanned"
    lines += [Content(), _heading("Keys for planning", keys), Content()]
    there = [each for each in found.agents if each.installed]
    lines.append(_heading("Agents", f"{len(there)} of {len(found.agents)} installed"))
    lines += _installed(there)
    lines += _missing([each for each in found.agents if not each.installed])
    return Hanging([(_hang(line), line) for line in lines])


def _hang(line: Content) -> int:
    """Let what is said about a name stand beside it."""
    about = line.plain.strip().find("  ")
    return about + 2 if about > 0 and not line.plain.startswith(" ") else len(line.plain) - len(line.plain.lstrip())


def _heading(name: str, about: str) -> Content:
    return Content.assemble((name, "bold"), (f"  {about}", MUTED))


def _installed(agents: Iterable[Found]) -> Iterable[Content]:
    for each in agents:
        note = f"  untried: {each.note}" if each.note else ""
        version = each.version or "version unknown"
        words = f"{each.name:<{_NAME}} {version:<{_VERSION}} {each.title}"
        yield Content.assemble(("  ✓ ", GOOD), words, (note, MUTED))


def _missing(agents: Iterable[Found]) -> Iterable[Content]:
    for each in agents:
        install = each.install or "see its makers' page"
        yield Content.assemble(("  - ", MUTED), (f"{each.name:<{_NAME}} ", MUTED), (install, ACCENT))
