"""The summary: how the goal ended, who did what, and how to take the result."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from agentorchestr_tui import tasks
from agentorchestr_tui.core.errors import OrchestraError
from agentorchestr_tui.core.phrases import change
from agentorchestr_tui.core.state import Session, Worker
from agentorchestr_tui.core.words import Outcome, Phase, shortened
from agentorchestr_tui.tui import looks
from agentorchestr_tui.tui.panel import Choice, Hanging, Panel, words

SAID = 160  # characters of a worker's own summary
STAT_LINES = 12  # of the diff stat; the branch has it all
TICK = 0.5  # seconds between two looks at how far the merge is
_CANCEL = Choice("escape", "esc", "cancel the merge", "cancel")
_LOOK = Choice("escape", "esc", "look around", "look")
_NEXT = Choice("g", "g", "next goal", "next")
_QUIT = Choice("q", "q", "end", "quit")


class SummaryPanel(Panel):
    """Shows how it ended; answers `look`, `next` or `quit`.

    `merge` takes the result now and says how that went; meanwhile `how_far` says where it is, and `cancel` ends it.
    """

    DEFAULT_CSS = """
    SummaryPanel {
        & .quiet { color: $foreground-muted; }
        & .merged { margin: 1 0 0 0; text-style: bold; display: none; }
        & .merged.-said { display: block; }
    }
    """

    def __init__(
        self,
        session: Session,
        stat: Callable[[], Awaitable[str]],
        merge: Callable[[], Awaitable[str]],
        *,
        cancel: Callable[[], Awaitable[str]] | None = None,
        how_far: Callable[[], str] = lambda: "merging…",
        unbidden: bool = False,
    ) -> None:
        self._session = session
        self._fetch = stat
        self._merge = merge
        self._cancel = cancel
        self._how_far = how_far
        self._asked = self._stops = False
        self._stat = Static("  …", markup=False, classes="quiet")
        self._merged = Static("", markup=False, classes="merged")
        done = session.phase is Phase.DONE
        merging = (Choice("M", "M", "merge it now", "merge"),) if done and session.integration else ()
        super().__init__(
            "✓ Done" if done else "✗ Failed",
            (*merging, _NEXT, _LOOK, _QUIT),
            tone="good" if done else "bad",
            unbidden=unbidden,
        )

    def body(self) -> ComposeResult:
        """Say outcome, workers, branch and the way to take it."""
        session = self._session
        yield words(Content.styled(session.why, "bold"))
        yield words("")
        yield words(Hanging([(2, _line(worker)) for worker in session.workers.values()]))
        if session.integration:
            yield words(f"\nbranch agentorchestr/{session.id}/integration at {session.integration[:10]}")
            if session.phase is Phase.DONE:
                yield words(Content.assemble("take it with  ", (_merge_command(session), "bold $accent")))
            yield self._stat
        else:
            yield words("\nNothing was integrated; your branch is as it was.")
        yield self._merged

    def on_mount(self) -> None:
        """Fetch the diff stat."""
        tasks.start(self._show_stat(), name="diff stat")

    def choose(self, answer: str) -> None:
        """Merge and stay, end that, or go; while it merges nothing else is offered."""
        if answer == "cancel":
            if not self._stops:
                self._stops = True
                tasks.start(self._end_merge(), name="cancel the merge")
        elif answer != "merge":
            super().choose(answer)
        elif not self._asked:
            self._asked, self._stops = True, False
            tasks.start(self._take(), name="merge")

    async def _take(self) -> None:
        before = self._choices
        self._merged.add_class("-said")
        self._say_how_far()
        telling = self.set_interval(TICK, self._say_how_far)
        await self.offer((_CANCEL,) if self._cancel else before)
        try:
            said = await self._merge()
        except OrchestraError as error:
            said = str(error)
        if self.is_attached:
            telling.stop()
            self._asked = not self._stops  # what was cancelled can be asked for again
            self._merged.update(said)
            await self.offer(before)

    async def _end_merge(self) -> None:
        if self._cancel is not None:
            await self._cancel()  # the merge says what became of it

    def _say_how_far(self) -> None:
        self._merged.update(self._how_far() or "merging…")

    async def _show_stat(self) -> None:
        try:
            lines = (await self._fetch()).rstrip().splitlines()
        except OrchestraError as error:
            lines = [str(error)]
        shown = lines if len(lines) <= STAT_LINES else [*lines[: STAT_LINES - 1], f" … {len(lines)} lines in all"]
        if self.is_mounted:
            room = self._stat.size.width - 2
            fitted = (line if len(line := each.strip()) <= room else line.rstrip("+- ") for each in shown)
            self._stat.update("\n".join(f"  {line}" for line in fitted) or "  no changes")


def _line(worker: Worker) -> Content:
    look = looks.worker_look(worker)
    made = worker.outcome is Outcome.DONE and worker.evidence.files
    merged = ", integrated" if worker.integrated else ", not integrated" if made else ""
    said = f": {shortened(worker.summary, SAID)}" if worker.summary else ""
    head = Content.assemble((f"{look.glyph} ", look.style), (f"{worker.id} {worker.perspective}", "bold"))
    return Content.assemble(head, f" {look.word}", (f" ({change(worker.evidence)}{merged})", looks.MUTED), said)


def _merge_command(session: Session) -> str:
    return f"git merge agentorchestr/{session.id}/integration"
