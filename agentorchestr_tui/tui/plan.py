"""The plan: its tasks in order, what each waits for, who does it, and how near the goal is."""

from __future__ import annotations

import time
from collections.abc import Iterator

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from agentorchestr_tui.core.leading import plan_states, workers_of
from agentorchestr_tui.core.phrases import span
from agentorchestr_tui.core.state import Session, Worker
from agentorchestr_tui.core.words import PlanTask, TaskState
from agentorchestr_tui.orchestrator.orchestrator import Orchestrator
from agentorchestr_tui.tui import looks
from agentorchestr_tui.tui.log_help import PlanHelp
from agentorchestr_tui.tui.looks import MUTED, Look
from agentorchestr_tui.widgets.options import Option, Options
from agentorchestr_tui.widgets.status_line import StatusLine

TICK = 1.0  # seconds between two looks at the clock
NO_PLAN = "There is no plan: the lead lays one out for a goal of several steps."
_LOOKS = {
    TaskState.WAITING: Look("○", "waits", MUTED),
    TaskState.READY: Look("○", "ready", looks.ACCENT),
    TaskState.DONE: looks.DONE,
    TaskState.HELD: Look("◇", "held", looks.WARNING),
    TaskState.FAILED: Look("✗", "failed", looks.BAD),
}
_UNDER = 2  # a list of tasks takes at most this share of the height: a half
_LABEL = 11  # cells before what a line of the detail says
_FRAME = 4  # rows of the page besides list and detail


class PlanScreen(Screen[str]):
    """Lists the tasks of the plan; gives back the worker to go to, or nothing."""

    DEFAULT_CSS = """
    PlanScreen {
        background: $background;

        & > .far { height: 1; padding: 0 1; background: $surface; }
        & > Options { background: $background; padding: 0 1; margin: 1 0 0 0; }
        & > Vertical {
            height: 1fr;
            margin: 1 0 0 0;
            border: round $border-blurred;
            border-title-color: $accent;
            border-title-style: bold;
            padding: 0 1;
        }
        & VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; }
        & .empty { height: 1fr; width: 100%; content-align: center middle; color: $foreground-muted; display: none; }
        &.-empty > Options, &.-empty > Vertical { display: none; }
        &.-empty .empty { display: block; }
    }
    """
    AUTO_FOCUS = ""
    ESCAPE_TO_MINIMIZE = False

    class Stirred(Message):
        """The session moved on."""

        def can_replace(self, message: Message) -> bool:
            """Let one look serve many events."""
            return isinstance(message, PlanScreen.Stirred)

    def __init__(self, orchestrator: Orchestrator, seen: str = "") -> None:
        super().__init__()
        self._orchestrator = orchestrator
        worker = orchestrator.state.workers.get(seen)
        self._at = worker.plan_task if worker else ""  # the task that is looked at
        self._far = Static("", markup=False, classes="far")
        self._list = Options(NO_PLAN)
        self._frame = Vertical()
        self._scroll = VerticalScroll(can_focus=False)
        self._detail = Static("", markup=False)
        self._foot = StatusLine()
        self._stop = orchestrator.listen(lambda _, __: self._stir())

    def compose(self) -> ComposeResult:
        """Stack how far it is, the tasks, the one that is looked at, and the keys."""
        yield self._far
        yield Static(NO_PLAN, classes="empty")
        yield self._list
        with self._frame, self._scroll:
            yield self._detail
        yield self._foot

    def on_mount(self) -> None:
        """Show what there is."""
        self._look()
        self.set_interval(TICK, self._look)

    def on_unmount(self) -> None:
        """Stop listening."""
        self._stop()

    def on_resize(self) -> None:
        """Share the height anew."""
        self._look()

    def _stir(self) -> None:
        self.post_message(self.Stirred())

    @on(Stirred)
    def _look(self) -> None:
        if not self.is_attached:
            return
        session, now = self._orchestrator.state, time.time()
        self.set_class(not session.plan, "-empty")
        self._far.update(far(session))
        room = max(3, (self.app.size.height - _FRAME) // _UNDER)
        self._list.styles.height = max(1, min(len(session.plan), room))
        at = self._list.marked.answer if self._list.marked else self._at
        self._list.offer(list(rows(session, now)), at)
        self._show_task(session, now)

    def _show_task(self, session: Session, now: float) -> None:
        marked = self._list.marked
        task = next((each for each in session.plan if marked and each.id == marked.answer), None)
        keys = [("esc", "back"), ("?", "help")]
        if task is not None:
            self._at = task.id
            self._frame.border_title = _named(task)
            self._detail.update(Content("\n").join(detail(session, task, now)))
            there = [("enter", "go to its worker")] if workers_of(session, task.id) else []
            keys = [*keys, ("↑ ↓", "move"), *there]
        self._foot.show([*keys, ("pgup pgdn", "scroll")])

    @on(Options.Marked)
    def _follow(self, message: Options.Marked) -> None:
        message.stop()
        self._at = message.option.answer
        self._show_task(self._orchestrator.state, time.time())

    @on(Options.Chosen)
    def _go(self, message: Options.Chosen) -> None:
        message.stop()
        if tried := workers_of(self._orchestrator.state, message.option.answer):
            self.dismiss(tried[-1].id)
        else:
            self.notify("Nobody was given it yet.", severity="warning")

    def on_key(self, event: events.Key) -> None:
        """Choose, go there, scroll, or leave; nothing else gets through."""
        event.stop()
        event.prevent_default()
        key = {"j": "down", "k": "up"}.get(event.key, event.key)
        if key in ("escape", "q", "P"):
            self.dismiss("")
        elif key in ("question_mark", "f1"):
            self.app.push_screen(PlanHelp())
        elif key in ("pageup", "pagedown"):
            (self._scroll.scroll_page_up if key == "pageup" else self._scroll.scroll_page_down)()
        else:
            self._list.take(key)


def far(session: Session) -> Content:
    """Say how near the goal is: how many tasks are done, run, wait and failed, and how many seats there are."""
    states = list(plan_states(session).values())
    counts = [f"{states.count(state)} {word}" for state, word in (
        (TaskState.RUNNING, "running"), (TaskState.READY, "ready"), (TaskState.WAITING, "waiting"),
        (TaskState.HELD, "held"), (TaskState.FAILED, "failed")) if state in states]  # fmt: skip
    mark = looks.progress(session)
    head = Content.styled(f"{mark.glyph} {mark.number} {mark.words} done", mark.style) if mark else Content("Plan")
    seats = f"{len(session.live_workers)}/{session.seats} seats"
    return Content.assemble(("Plan  ", "bold $accent"), head, (" · ".join(["", *counts, seats]), MUTED))


def rows(session: Session, now: float) -> Iterator[Option]:
    """Give a line for each task: how it stands, what it is, what it waits for or who has it."""
    states = plan_states(session)
    for task in session.plan:
        look, since = stands(session, task, states[task.id], now)
        about = " · ".join(filter(None, (_waits(session, task, states), _who(session, task))))
        yield Option(_named(task), task.id, about, " ".join(filter(None, (look.word, since))),
                     glyph=look.glyph, style=look.style, key_style=look.style)  # fmt: skip


def stands(session: Session, task: PlanTask, state: TaskState, now: float) -> tuple[Look, str]:
    """Say how a task stands, and for how long: one that runs, as its worker does."""
    tried = workers_of(session, task.id)
    last = tried[-1] if tried else None
    if state is TaskState.RUNNING and last is not None:
        return looks.look_of(last, session), span(now - last.since)
    if state is TaskState.DONE and last is not None:
        return _LOOKS[state], span(last.finished - last.spawned)
    return _LOOKS[state], ""


def detail(session: Session, task: PlanTask, now: float) -> Iterator[Content]:
    """Give the lines about one task: its place in the plan, its scope, who tried it, and its text."""
    states = plan_states(session)
    after = [f"{each} {_LOOKS.get(states[each], looks.WORKING).glyph}" for each in task.depends_on]
    before = [each.id for each in session.plan if task.id in each.depends_on]
    yield _row("after", ", ".join(after) or "nothing: it can start at once")
    yield _row("before", ", ".join(before) or "nothing waits for it")
    yield _row("seat", f"{task.perspective}" + (f" · {task.agent_hint}" if task.agent_hint else ""))
    if task.file_scope:
        yield _row("files", ", ".join(task.file_scope))
    if task.pass_criteria:
        yield _row("done when", task.pass_criteria)
    tried = workers_of(session, task.id)
    yield _row("tries", f"{len(tried)} of {task.tries}")
    for worker in tried:
        yield Content.assemble(" " * _LABEL, _tried(session, worker, now))
    yield Content(f"\n{task.task}")


def _row(name: str, said: str) -> Content:
    return Content.assemble((f"{name:<{_LABEL}}", MUTED), said)


def _tried(session: Session, worker: Worker, now: float) -> Content:
    look = looks.look_of(worker, session)
    seconds = worker.finished - worker.spawned if worker.outcome else now - worker.since
    said = f": {worker.summary}" if worker.summary else ""
    head = f"{look.glyph} {worker.id} {worker.agent} {look.word} {span(seconds)}"
    return Content.assemble((head, look.style), " ".join(said.split()) and said)


def _named(task: PlanTask) -> str:
    return f"{task.id} {task.title or ' '.join(task.task.split())}"


def _waits(session: Session, task: PlanTask, states: dict[str, TaskState]) -> str:
    """Say what keeps a task from going on, or after what it came."""
    open_ = [each for each in task.depends_on if states[each] is not TaskState.DONE]
    match states[task.id]:
        case TaskState.WAITING:
            return f"waits for {', '.join(open_)}"
        case TaskState.READY:
            tried = len(workers_of(session, task.id))
            waits = "starts next" if len(session.live_workers) < session.seats else "waits for a seat"
            return f"{waits}, try {tried + 1} of {task.tries}" if tried else waits
        case TaskState.HELD if open_:
            return f"{', '.join(open_)} did not come through: the lead decides"
        case TaskState.HELD:
            return "the lead decides"
        case _:
            return f"after {', '.join(task.depends_on)}" if task.depends_on else ""


def _who(session: Session, task: PlanTask) -> str:
    tried = workers_of(session, task.id)
    return f"{tried[-1].id} {tried[-1].perspective} · {tried[-1].agent}" if tried else task.perspective
