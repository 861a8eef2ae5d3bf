"""The first-run page: what was found on this machine and in this folder, what is missing, and how to go on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import replace
from time import monotonic

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from agentorchestr_tui import tasks
from agentorchestr_tui.core.errors import OrchestraError
from agentorchestr_tui.core.phrases import span
from agentorchestr_tui.tui.lobby import Findings, Found
from agentorchestr_tui.tui.looks import ACCENT, BAD, GOOD, MUTED
from agentorchestr_tui.tui.panel import Choice, Hanging, Panel

TICK = 0.5  # seconds between two looks at how long it takes
SOON = 2.0  # seconds after which it is said
_NAME, _VERSION = 13, 18  # cells
_GOAL = Choice("g", "g", "type a goal", "goal")
_DEMO = Choice("d", "d", "see a rehearsal: no agent needed", "demo")
_AGAIN = Choice("r", "r", "look again", "again")
_SESSIONS = Choice("s", "s", "earlier sessions", "sessions")
_QUIT = Choice("q", "q", "quit", "quit")
_GOAL_LATER = Choice("g", "g", "goal: mend that first", "goal", dim=True)
_STOP = Choice("escape", "esc", "look no further", "stop")
_WHILE_LOOKING = (_GOAL, _DEMO, _SESSIONS, _STOP, _QUIT)
_STOPPED = "stopped before all had answered; r looks again"
_CHOICES = (_GOAL, _DEMO, _SESSIONS, _AGAIN, _QUIT)


class FirstRun(Panel):
    """Answers `goal`, `demo`, `sessions` or `quit`; a goal needs that nothing is in its way."""

    def __init__(self, look: Callable[[Callable[[Findings], None]], Awaitable[Findings]], trouble: str = "") -> None:
        self._fetch = look
        self._trouble = trouble
        self._found: Findings | None = None
        self._looking: asyncio.Task[None] | None = None
        self._began = 0.0  # to look, by the monotonic clock
        self._stopped = False
        self._text = Static(Content("\n  Looking around…"))
        super().__init__("Welcome to agentorchestr", _CHOICES)

    def body(self) -> ComposeResult:
        """Give the page; it fills as things are found."""
        yield self._text

    def on_mount(self) -> None:
        """Look around behind the first frame."""
        super().on_mount()
        self.set_interval(TICK, self._tick)
        self._look()

    @property
    def _looks(self) -> bool:
        return self._looking is not None and not self._looking.done()

    def answer_to(self, key: str) -> str:
        """Take Enter for the goal as well, and Escape for the way out: of looking, then of the page."""
        escape = "stop" if self._looks else "quit"
        return {"enter": "goal", "escape": escape}.get(key) or super().answer_to(key)

    def choose(self, answer: str) -> None:
        """Go on, unless something is in the way that can be mended first."""
        if answer == "again":
            tasks.start(self._look_again(), name="look again")
        elif answer == "stop":
            tasks.start(self._stop(), name="look no further")
        elif answer == "goal" and self._found is not None and self._found.trouble:
            self.notify(self._found.trouble, severity="warning")
        else:
            super().choose(answer)

    def _look(self) -> None:
        if not self._looks:
            self._began, self._stopped, self._found = monotonic(), False, None
            self._looking = tasks.start(self._find(), name="look around on this machine")
            self._say()

    async def _look_again(self) -> None:
        """Look anew, at once: what is being looked at may be what was mended."""
        if self._looking is not None:
            await tasks.end([self._looking])
        self._look()

    async def _stop(self) -> None:
        """Look no further: what is known stays, what was started for it ends."""
        if self._looking is not None:
            self._stopped = True
            await tasks.end([self._looking])
            self._found = replace(self._found or Findings(), asked=())
            await self._show()

    async def on_unmount(self) -> None:
        """Look no further, and leave nothing running that was started for it."""
        if self._looking is not None:
            await tasks.end([self._looking])

    async def _find(self) -> None:
        try:
            self._found = await self._fetch(self._hear)
        except OrchestraError as error:
            self._found = Findings(trouble=str(error))
        await self._show()

    def _hear(self, found: Findings) -> None:
        self._found = found
        self._say()

    async def _show(self) -> None:
        """Show what was found at last, and what can be done."""
        found = self._found or Findings()
        if self.is_attached:
            self._text.update(page(found, self._trouble, _STOPPED if self._stopped else ""))
            stuck = (_DEMO, _AGAIN, _SESSIONS, _GOAL_LATER, _QUIT)
            await self.offer(stuck if found.trouble else _CHOICES)

    async def _tick(self) -> None:
        """Keep the time right, and offer the way out once it takes long."""
        self._say()
        if self._looks and monotonic() - self._began >= SOON:
            await self.offer(_WHILE_LOOKING)

    def _say(self) -> None:
        """Show what is found so far, and what is waited for since when."""
        if self._looks and self.is_attached:
            found = self._found or Findings()
            what = f"asking {', '.join(found.asked)} for a version" if found.asked else "looking around"
            seconds = monotonic() - self._began
            since = f" {span(seconds)}" if seconds >= SOON else ""
            said = f"{what[0].upper()}{what[1:]}…{since}"
            shown = page(found, self._trouble, said) if self._found else Content(f"\n  {said}")
            self._text.update(shown)


def page(found: Findings, trouble: str = "", under_way: str = "") -> Hanging:
    """Say what was found, in lines, and what is `under_way` still."""
    above = trouble or (found.trouble if found.trouble != found.amiss else "")
    lines = [Content.assemble(("✗ ", BAD), (above, BAD)), Content()] if above else []
    sign = ("  ✓ ", GOOD) if found.git else ("  ✗ ", BAD)
    lines.append(_heading("This folder", found.project))
    lines.append(Content.assemble(sign, found.git or found.amiss or "it was not looked into"))
    keys = ", ".join(found.keys) if found.keys else "none, and none needed: goals go to the lead unplanned"
    lines += [Content(), _heading("Keys for planning", keys), Content()]
    there = [each for each in found.agents if each.installed]
    known = f"{len(there)} of {len(found.agents)} installed" if found.agents else ""
    lines.append(_heading("Agents", " · ".join(filter(None, (known, under_way)))))
    lines += _installed(there, found.asked)
    lines += _missing([each for each in found.agents if not each.installed])
    return Hanging([(_hang(line), line) for line in lines])


def _hang(line: Content) -> int:
    """Let what is said about a name stand beside it."""
    about = line.plain.strip().find("  ")
    return about + 2 if about > 0 and not line.plain.startswith(" ") else len(line.plain) - len(line.plain.lstrip())


def _heading(name: str, about: str) -> Content:
    return Content.assemble((name, "bold"), (f"  {about}", MUTED))


def _installed(agents: Iterable[Found], asked: Collection[str]) -> Iterable[Content]:
    for each in agents:
        note = f"  untried: {each.note}" if each.note else ""
        version = each.version or ("…" if each.name in asked else "version unknown")
        words = f"{each.name:<{_NAME}} {version:<{_VERSION}} {each.title}"
        yield Content.assemble(("  ✓ ", GOOD), words, (note, MUTED))


def _missing(agents: Iterable[Found]) -> Iterable[Content]:
    for each in agents:
        install = each.install or "see its makers' page"
        yield Content.assemble(("  - ", MUTED), (f"{each.name:<{_NAME}} ", MUTED), (install, ACCENT))
