"""Judging work: what can be done with it now, and the questions that come before."""

from __future__ import annotations

from collections.abc import Mapping

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from agentorchestr_tui.core.phrases import change
from agentorchestr_tui.core.state import Session, Worker
from agentorchestr_tui.core.words import Comment, Outcome, shortened
from agentorchestr_tui.tui.modal import Modal
from agentorchestr_tui.tui.panel import Choice, Panel, words
from agentorchestr_tui.widgets.draft import Draft
from agentorchestr_tui.widgets.goal_editor import GoalEditor
from agentorchestr_tui.widgets.status_line import StatusLine

_SHOWN = 8  # comments that a question lists
_BRANCH = 16  # characters of a branch's name in the status line


def keys(session: Session, side: str, comments: int, *, changed: bool) -> list[tuple[str, str]]:
    """Return what can be done now, for the status line."""
    worker = session.workers.get(side)
    offered = (
        ("c", "comment", "comment"),
        ("b", f"send back {comments}" if comments else "send back", "send back"),
        ("a", "accept" if worker and worker.integrated else "accept as good", "accept"),
        ("i", "integrate now", "integrate"),
        ("u", "undo", "undo"),
        ("M", f"merge into {shortened(session.base_branch or 'HEAD', _BRANCH)}", "merge"),
    )
    return [(key, label) for key, label, act in offered if not why_not(session, side, act, comments, changed=changed)]


def why_not(session: Session, side: str, act: str, comments: int, *, changed: bool = True) -> str:
    """Return why an act cannot be done with a side now, or nothing; `changed` says whether git finds a change there."""
    worker = session.workers.get(side)
    match act:
        case "comment" if worker:
            return "" if changed else f"{worker.id} changed nothing that a comment could stand on."
        case "comment":
            return _ONE_WORKER
        case "send back":
            return _no_way_back(worker)
        case "accept" | "integrate" if worker and worker.live:
            return f"{worker.id} is still at work; it can be judged when it has reported."
        case "accept" | "integrate" if worker and not changed and worker.evidence.empty:
            return f"{worker.id} changed nothing."
        case "accept":
            return _no_acceptance(session, worker)
        case "integrate":
            return _no_integration(session, worker)
        case "undo" if worker:
            return "" if worker.integrated else f"{worker.id} is not in the integration."
        case "undo":
            return "One worker's work is taken out at a time: tab turns to it."
        case _:
            return _no_merge(session)


_ONE_WORKER = "Comments go to one worker: tab turns to its changes."


def _no_way_back(worker: Worker | None) -> str:
    if worker is None:
        return _ONE_WORKER
    return "" if worker.running else f"{worker.id} has no process any more; spawn another on what is left."


def _no_acceptance(session: Session, worker: Worker | None) -> str:
    if worker is None:
        return "Turn to a worker with tab; M merges the whole."
    if worker.accepted:
        return f"{worker.id} is accepted already."
    return f"{worker.id} only reads; there is nothing to accept." if session.read_only(worker) else ""


def _no_integration(session: Session, worker: Worker | None) -> str:
    if session.over:
        return "The session is over."
    if worker is None:
        ready = [each for each in session.workers.values() if each.outcome is Outcome.DONE and not each.integrated]
        return "" if ready else "No finished work waits for integration."
    if session.read_only(worker):
        return f"{worker.id} only reads: what it changed is kept aside and never integrated."
    return f"{worker.id} is integrated already." if worker.integrated else ""


def _no_merge(session: Session) -> str:
    return "" if session.integration else "Nothing is integrated yet, so there is nothing to merge."


def listed(comments: Mapping[tuple[str, int], str]) -> list[str]:
    """Return comments in order, a line each."""
    return [f"{where(*line)}  {shortened(text, 60)}" for line, text in sorted(comments.items())]


def where(path: str, place: int) -> str:
    """Say where a line stands, or stood."""
    return f"{path}:{abs(place)}{', as it was' if place < 0 else ''}"


def to_worker(comments: Mapping[tuple[str, int], str]) -> list[Comment]:
    """Return comments for the worker, in order; a line that is gone is said to be so."""
    return [
        Comment(path, abs(place), f"(line {-place} as it was before your change) {text}" if place < 0 else text)
        for (path, place), text in sorted(comments.items())
    ]


class _Writing(Modal[str]):
    """A few lines to write over what they are about; gives them back, or None."""

    DEFAULT_CSS = """
    _Writing {
        & > Vertical {
            width: 80;
            max-width: 96%;
            height: auto;
            padding: 1 2;
            background: $surface;
            border: round $accent;
            border-title-color: $accent;
            border-title-style: bold;
        }
        & GoalEditor { height: 6; }
        & .about { color: $foreground-muted; }
        & StatusLine { margin: 1 0 0 0; background: $surface; }
    }
    """
    ESCAPE_TO_MINIMIZE = False

    def __init__(self, heading: str, about: str, written: str, example: str, send: str) -> None:
        super().__init__()
        self._heading, self._about, self._send = heading, about, send
        self._editor = GoalEditor(example)
        self._written = written
        self._foot = StatusLine()

    def compose(self) -> ComposeResult:
        """Stack what it is about, the editor and the keys."""
        with Vertical() as frame:
            frame.border_title = self._heading
            if self._about:
                yield Static(self._about, markup=False, classes="about")
            yield self._editor
            yield self._foot

    def on_mount(self) -> None:
        """Write at once."""
        self._editor.show(Draft(self._written))
        self._editor.focus()
        self._foot.show([("ctrl+s", self._send), ("esc", "back")])

    def on_key(self, event: events.Key) -> None:
        """Go back on escape."""
        if event.key == "escape":
            event.stop()
            self.dismiss(None)

    @on(GoalEditor.Sent)
    def _sent(self) -> None:
        self.dismiss(self._editor.text)


class CommentPanel(_Writing):
    """A comment on one line."""

    def __init__(self, where: str, line: str, written: str) -> None:
        super().__init__(where, line.strip(), written, "What should change here?", "keep")


class SendBackPanel(_Writing):
    """The last word before work goes back to its worker."""

    def __init__(self, worker: Worker, comments: list[str]) -> None:
        more = len(comments) - _SHOWN
        about = [*comments[:_SHOWN], *([f"… {more} more"] if more > 0 else [])]
        heading = f"Send back to {worker.id} {worker.perspective}"
        super().__init__(heading, "\n".join(about), "", "What else should it know? (may stay empty)", "send back")


class MergePanel(Panel):
    """What merging does, before it is done; answers `merge` or `stay`."""

    def __init__(self, session: Session) -> None:
        self._session = session
        merge = Choice("y", "y", "merge", "merge")
        super().__init__("Merge the result?", (merge, Choice("escape", "esc", "not now", "stay")), tone="attention")

    def body(self) -> ComposeResult:
        """Say what goes where, and what was checked."""
        session = self._session
        inside = [worker for worker in session.workers.values() if worker.integrated]
        into = session.base_branch or "the commit you are on"
        yield words(f"agentorchestr/{session.id}/integration goes into {into}.")
        for worker in inside:
            yield words(f"  {worker.id} {worker.perspective}: {change(worker.evidence)}")
        check = session.verified(session.integration)
        if check is None:
            yield words("\nNothing has verified this tree yet.")
        else:
            yield words(f"\nVerify {'passed' if check.passed else 'FAILED'} on this tree.")
        yield words("Your checkout must be clean; if it is not, or if it conflicts, nothing is changed.")
