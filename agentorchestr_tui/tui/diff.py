"""The diff: what each worker changed and what is integrated; from here work is accepted, sent back, merged, undone."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.screen import Screen
from textual.widgets import OptionList, Static

from agentorchestr_tui import tasks
from agentorchestr_tui.core.commands import (
    AcceptWork,
    CancelIntegration,
    CancelMerge,
    Command,
    Integrate,
    MergeResult,
    SendBack,
    UndoIntegration,
)
from agentorchestr_tui.core.errors import OrchestraError
from agentorchestr_tui.core.events import Recorded
from agentorchestr_tui.core.phrases import span
from agentorchestr_tui.core.state import Session
from agentorchestr_tui.core.words import Comment, FileChange
from agentorchestr_tui.orchestrator.merging import CANCELLED, called_off
from agentorchestr_tui.orchestrator.orchestrator import Orchestrator
from agentorchestr_tui.tui import captions, changes, reviewing
from agentorchestr_tui.tui.changes import INTEGRATED, Mark
from agentorchestr_tui.tui.log_help import DiffHelp
from agentorchestr_tui.tui.wishes import INTEGRATION_CANCELLED
from agentorchestr_tui.widgets import languages
from agentorchestr_tui.widgets.diff_rows import DiffFile
from agentorchestr_tui.widgets.diff_view import BESIDE_FROM, DiffView
from agentorchestr_tui.widgets.lasting import undisturbed
from agentorchestr_tui.widgets.roster import Roster
from agentorchestr_tui.widgets.status_line import StatusLine

REST = 10.0  # seconds at most between two readings of a change that grows; else as long as the last one took
SLICE = 100  # files listed in one frame
FRAME = 1 / 30  # seconds
FILES_FROM = 100  # columns from which the files have a list of their own beside the lines
Wish = Callable[[Command], Awaitable[str]]


@dataclass(slots=True)
class Remarks:
    """A person's comments that are not sent back yet: by worker, then by path and place."""

    by_worker: dict[str, dict[tuple[str, int], str]] = field(default_factory=dict)

    def of(self, worker_id: str) -> dict[tuple[str, int], str]:
        """Return a worker's comments, to read and to change."""
        return self.by_worker.setdefault(worker_id, {})


class DiffScreen(Screen[None]):
    """Shows one side at a time: the integrated change, or a worker's; follows while it grows."""

    DEFAULT_CSS = """
    DiffScreen {
        background: $background;
        layout: vertical;

        & > .standing { height: 1; padding: 0 1; background: $background; }
        & > Horizontal { height: 1fr; background: $background; }
        & OptionList {
            width: 32;
            height: 1fr;
            max-height: 100%;
            border: none;
            border-right: solid $border-blurred;
            padding: 0;
            background: $background;
            scrollbar-size-vertical: 1;
        }
        & OptionList:focus { border: none; border-right: solid $accent; background-tint: $foreground 0%; }
        & OptionList:ansi > .option-list--option-highlighted {
            background: $accent; color: $accent-ink; text-style: bold;
        }
        & DiffView { width: 1fr; height: 1fr; }
        &.-narrow OptionList { display: none; }
        &.-narrow.-files OptionList { display: block; width: 100%; border: none; }
        &.-narrow.-files DiffView { display: none; }
    }
    """
    AUTO_FOCUS = ""
    ESCAPE_TO_MINIMIZE = False

    class _Stirred(Message):
        """The session moved on."""

        def can_replace(self, message: Message) -> bool:
            """Let one look serve many events."""
            return isinstance(message, DiffScreen._Stirred)

    def __init__(self, orchestrator: Orchestrator, wish: Wish, remarks: Remarks, side: str = INTEGRATED) -> None:
        super().__init__()
        self._orchestrator = orchestrator
        self._wish = wish
        self._remarks = remarks
        self._side = side if side in changes.sides(orchestrator.state) else INTEGRATED
        self._who = Roster()
        self._standing = Static("", markup=False, classes="standing")
        self._list = OptionList(markup=False)
        self._view = DiffView()
        self._foot = StatusLine()
        self._files: tuple[DiffFile, ...] = ()
        self._waiting_since = 0.0  # by the monotonic clock; 0 when something is shown
        self._reading: asyncio.Task[None] | None = None
        self._stale = False
        self._doing = ""  # the act that is under way
        self._chosen_beside: bool | None = None
        self._stop = orchestrator.listen(self._hear)

    def compose(self) -> ComposeResult:
        """Stack whose change it is, the files beside their lines, and the keys."""
        yield self._who
        yield self._standing
        with Horizontal():
            yield self._list
            yield self._view
        yield self._foot

    def on_mount(self) -> None:
        """Look."""
        self._view.focus()
        self.set_interval(1.0, self._tick)
        self._wait()
        self._look()
        self._read()

    def on_unmount(self) -> None:
        """Stop following."""
        self._stop()
        if self._reading is not None:
            self._reading.cancel()
        self._files = ()

    def on_resize(self, event: events.Resize) -> None:
        """Give the files a list where there is room, and put old and new side by side where there is more."""
        self.set_class(event.size.width < FILES_FROM, "-narrow")
        wide = event.size.width >= BESIDE_FROM
        self._view.beside = wide if self._chosen_beside is None else self._chosen_beside
        self._foot.show(self._keys())

    # -- following

    def _hear(self, _: Recorded, __: Session) -> None:
        self.post_message(self._Stirred())

    @on(_Stirred)
    def _on_stirred(self) -> None:
        self._look()
        self._read()

    @property
    def _session(self) -> Session:
        return self._orchestrator.state

    def _look(self) -> None:
        """Bring everything but the lines up to the state."""
        names = changes.sides(self._session)
        self._who.show(changes.entries(self._session), names.index(self._side))
        self._look_at_acts()
        self._foot.show(self._keys())

    def _look_at_acts(self) -> None:
        """Say what is under way, or else how the side stands."""
        session = self._session
        said = captions.integration(session, time.time()) or self._doing
        self._standing.update(said or changes.standing(session, self._side))

    def _tick(self) -> None:
        if self._session.integrating or self._session.merging:
            self._look_at_acts()
        if self._waiting_since:
            self._say_reading()

    def _read(self) -> None:
        """Read the lines from git, one reading at a time; a wish in between makes another."""
        self._stale = True
        if self._reading is None or self._reading.done():
            self._reading = tasks.start(self._read_on(self._side), name="read the changes")

    async def _read_on(self, side: str) -> None:
        """Read until nothing came meanwhile; cancelled, it ends with its git."""
        while self._stale and self.is_attached:
            self._stale, began = False, time.monotonic()
            await self._fetch(side)
            if self._stale:  # what takes long is not done all the time
                await asyncio.sleep(min(REST, time.monotonic() - began))

    async def _fetch(self, side: str) -> None:
        with undisturbed():
            try:
                found = await self._orchestrator.changes(side or None)
                empty = "Nothing was changed." if side else "Nothing is integrated yet."
            except OrchestraError as error:
                found, empty = (), str(error)
            marks = changes.marks(self._session, side)
            files = await asyncio.to_thread(_prepared, found, marks, self._files)
            del found
        if self.is_attached:
            self._waiting_since = 0.0
            await self._show(files, empty)

    async def _show(self, files: tuple[DiffFile, ...], empty: str) -> None:
        before, self._files = self._files, files
        self._view.show(files, self._comments, empty=empty)
        self._foot.show(self._keys())  # what can be done depends on it
        if before is not files:
            await self._list_files(files)
        self._mark_file()

    async def _list_files(self, files: tuple[DiffFile, ...]) -> None:
        """List the files; many of them in slices, a frame each."""
        lines = await asyncio.to_thread(lambda: [_listed(file) for file in files])
        self._list.clear_options()
        for first in range(0, len(files), SLICE):
            self._list.add_options(lines[first : first + SLICE])
            if len(files) > SLICE:
                await asyncio.sleep(FRAME)

    def _wait(self) -> None:
        """Show nothing but that git reads, until it has."""
        self._files, self._waiting_since = (), time.monotonic()
        self._list.clear_options()
        self._say_reading()

    def _say_reading(self) -> None:
        seconds = time.monotonic() - self._waiting_since
        for_long = f" {span(seconds)}" if seconds >= 1.0 else ""
        self._view.show((), {}, empty=f"Reading…{for_long}  esc leaves.")

    @property
    def _comments(self) -> dict[tuple[str, int], str]:
        return self._remarks.of(self._side) if self._side else {}

    @on(DiffView.Moved)
    def _mark_file(self) -> None:
        at = next((at for at, file in enumerate(self._files) if file.path == self._view.path), None)
        if at is not None and self._list.highlighted != at:
            with self._list.prevent(OptionList.OptionHighlighted):
                self._list.highlighted = at

    @on(OptionList.OptionHighlighted)
    def _go_to_file(self, message: OptionList.OptionHighlighted) -> None:
        if self._list.has_focus and message.option_index < len(self._files):
            self._view.go_to_file(self._files[message.option_index].path)

    @on(OptionList.OptionSelected)
    def _open_file(self, message: OptionList.OptionSelected) -> None:
        self.remove_class("-files")
        self._view.go_to_file(self._files[message.option_index].path)
        self._view.focus()

    @on(Roster.Picked)
    def _pick(self, message: Roster.Picked) -> None:
        message.stop()
        self._turn_to(changes.sides(self._session)[message.index])

    def _turn_to(self, side: str) -> None:
        if side != self._side:
            self._side = side
            if self._reading is not None:
                self._reading.cancel()
                self._reading = None
            self._wait()
            self._look()
            self._read()

    # -- keys

    def _keys(self) -> list[tuple[str, str]]:
        mine = reviewing.keys(self._session, self._side, len(self._comments), changed=bool(self._files))
        beside = "one column" if self._view.beside else "side by side"
        sides = [("h l", "old, new side")] if self._view.beside else []
        inside = [("n p", "changes"), ("s", beside), *sides, ("f", "files")] if self._files else []
        around = [("tab", "next worker"), *inside]
        what = "merge" if self._session.merging else "integrating" if self._session.integrating else ""
        runs = [("x", f"cancel {what}")] if what else []
        return [("esc", "back"), ("?", "help"), *(runs or mine), *around]  # nothing else is done while something runs

    def on_key(self, event: events.Key) -> None:
        """Run the keys of this screen; the rest walks the lines."""
        acts: dict[str, Callable[[], None]] = {
            "escape": self._back, "q": self._back, "d": self._back,
            "tab": lambda: self._step(1), "shift+tab": lambda: self._step(-1),
            "s": self._switch_beside, "f": self._switch_files,
            "c": self._comment, "b": self._send_back, "a": self._accept, "i": self._integrate, "u": self._undo,
            "M": self._merge, "upper_m": self._merge, "x": self._cancel,
            "question_mark": self._help, "f1": self._help,
        }  # fmt: skip
        if act := acts.get(event.key):
            event.stop()
            event.prevent_default()
            act()

    def _back(self) -> None:
        if self.has_class("-narrow") and self.has_class("-files"):
            self._switch_files()
        else:
            self.dismiss(None)

    def _help(self) -> None:
        self.app.push_screen(DiffHelp())

    def _step(self, by: int) -> None:
        names = changes.sides(self._session)
        self._turn_to(names[(names.index(self._side) + by) % len(names)])

    def _switch_beside(self) -> None:
        self._chosen_beside = self._view.beside = not self._view.beside
        self._foot.show(self._keys())

    def _switch_files(self) -> None:
        """Go between the list of files and the lines."""
        if self._list.has_focus:
            self.remove_class("-files")
            self._view.focus()
        else:
            self.add_class("-files")
            self.call_after_refresh(self._list.focus)

    # -- acts

    def _refused(self, act: str) -> bool:
        """Say why an act cannot be done now, if so."""
        if why := reviewing.why_not(self._session, self._side, act, len(self._comments), changed=bool(self._files)):
            self.notify(why, severity="warning")
        return bool(why)

    def _comment(self) -> None:
        if self._refused("comment"):
            return
        if self._view.line is None:
            self._view.action_hunk(1)  # on a file's name: its first change is meant
        line = self._view.line
        if line is None:
            self.notify("A comment stands on a line, and there is none here.", severity="warning")
            return
        path, place, text = line
        written = self._comments.get((path, place), "")
        self.app.push_screen(
            reviewing.CommentPanel(reviewing.where(path, place), text, written),
            lambda said: self._remark((path, place), said),
        )

    def _remark(self, where: tuple[str, int], said: str | None) -> None:
        if said is None:
            return
        if said.strip():
            self._comments[where] = said.strip()
        else:
            self._comments.pop(where, None)
        self._view.show(self._files, self._comments)
        self._look()

    def _send_back(self) -> None:
        if self._refused("send back"):
            return
        worker = self._session.workers[self._side]
        panel = reviewing.SendBackPanel(worker, reviewing.listed(self._comments))
        self.app.push_screen(panel, lambda said: self._sent_back(worker.id, said))

    def _sent_back(self, worker_id: str, said: str | None) -> None:
        if said is None:
            return
        remarks = self._remarks.of(worker_id)
        whole = [Comment("", 0, said.strip())] if said.strip() else []
        comments = (*reviewing.to_worker(remarks), *whole)
        sending = self._do(SendBack(worker_id, comments), f"Sent back to {worker_id}.", remarks.clear)
        tasks.start(sending, name=f"send back to {worker_id}")

    def _accept(self) -> None:
        if not self._refused("accept"):
            side = self._side
            worker = self._session.workers[side]
            then = "" if worker.integrated else " i merges it into the session's branch."
            done = f"{side} is accepted: noted as good, nothing was merged.{then}"
            tasks.start(self._do(AcceptWork(side), done), name="accept")

    def _integrate(self) -> None:
        if not self._refused("integrate"):
            only = (self._side,) if self._side else ()
            integrating = self._do(Integrate(only, by="person"), "", lambda: self._say_integrated(only))
            tasks.start(integrating, name="integrate")

    def _say_integrated(self, only: tuple[str, ...]) -> None:
        """Say where work is now; what conflicts is said by the line above the changes."""
        session = self._session
        if session.integration and all(session.workers[each].integrated for each in only):
            into = session.base_branch or "HEAD"
            self.notify(f"{', '.join(only) or 'It'} is in the session's branch; M merges that into {into}.")

    def _cancel(self) -> None:
        """End the merge or the integration that runs, whoever asked for it."""
        if self._session.merging:
            before = self._session.merged
            tasks.start(self._end(CancelMerge(), lambda: called_off(self._session, before)), name="cancel the merge")
        elif self._session.integrating:
            tasks.start(self._end(CancelIntegration(), lambda: INTEGRATION_CANCELLED), name="cancel the integration")

    async def _end(self, command: Command, became: Callable[[], str]) -> None:
        """Have what runs ended, and say what became of it."""
        said = await self._wish(command) or became()
        self.notify(said, severity="information" if said in (CANCELLED, INTEGRATION_CANCELLED) else "warning")

    def _undo(self) -> None:
        if not self._refused("undo"):
            done = f"{self._side} is out of the integration again."
            tasks.start(self._do(UndoIntegration(self._side), done), name=f"take {self._side} out")

    def _merge(self) -> None:
        if not self._refused("merge"):
            self.app.push_screen(reviewing.MergePanel(self._session), self._merged)

    def _merged(self, answer: str | None) -> None:
        if answer == "merge":
            tasks.start(self._do(MergeResult(), "", self._say_merged), name="merge")

    def _say_merged(self) -> None:
        """Say that the result is in the person's branch, unless it was cancelled: who did that is told so."""
        if self._session.merged:
            self.notify(f"Merged into {self._session.base_branch or 'HEAD'} as {self._session.merged[:10]}.")

    async def _do(self, command: Command, done: str, then: Callable[[], None] = lambda: None) -> None:
        """Wish something, one thing at a time, and say what is under way and how it went."""
        if self._doing:
            self.notify(f"{self._doing} A moment, then again.", severity="warning")
            return
        self._doing = _DOING.get(type(command), "At it…")
        self._look()
        try:
            refusal = await self._wish(command)
        finally:
            self._doing = ""
        if refusal:
            self.notify(refusal, severity="warning", timeout=8)
            if self.is_attached:
                self._look()
            return
        then()
        if done:
            self.notify(done)
        if self.is_attached:
            self._view.show(self._files, self._comments)
            self._look()


_DOING: Mapping[type[Command], str] = {
    Integrate: "Integrating…",
    UndoIntegration: "Taking it out of the integration…",
    MergeResult: "Merging…",
    SendBack: "Sending it back…",
    AcceptWork: "Accepting…",
}


def _prepared(found: Sequence[FileChange], marks: Sequence[Mark], before: tuple[DiffFile, ...]) -> tuple[DiffFile, ...]:
    """Return what is to be shown; the very files of before where nothing has changed. Of many, it takes a while."""
    files = tuple(changes.files(found, marks))
    for file in files[:SLICE]:
        languages.language_of(file.path)  # so that what is in view first is drawn in colour at once
    return before if files == before else files


def _listed(file: DiffFile) -> Text:
    """Return a file's line in the list: its name's end, counts, and whether somebody else is at it."""
    added, removed = file.counts
    name = file.path if len(file.path) <= _NAME else "…" + file.path[1 - _NAME :]
    counts = f"+{added} -{removed}" if file.hunks else file.note.split(",")[0]
    mark = f"  ⚠ {file.mark.split()[0]}" if file.mark else ""
    return Text(f" {name}\n   {counts}{mark}", no_wrap=True, overflow="ellipsis")


_NAME = 29  # cells of a file's name in the list
