"""The log inspector: what an agent or a check did, live or ended, in six tabs with one search over all of them."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container
from textual.geometry import Region
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from agentorchestr_tui import tasks
from agentorchestr_tui.core.errors import OrchestraError
from agentorchestr_tui.core.events import Recorded
from agentorchestr_tui.core.phrases import count
from agentorchestr_tui.core.state import Session
from agentorchestr_tui.core.words import shortened
from agentorchestr_tui.orchestrator.archive import Archive
from agentorchestr_tui.panes.replay import transcript
from agentorchestr_tui.panes.tape import Tape, recordings
from agentorchestr_tui.paths import user_paths
from agentorchestr_tui.times import day
from agentorchestr_tui.tui import exporting, looks, telling
from agentorchestr_tui.tui.log_help import LogHelp
from agentorchestr_tui.tui.replaying import ReplayView
from agentorchestr_tui.tui.telling import LEAD, SESSION, VERIFY, Story, Told
from agentorchestr_tui.widgets.status_line import StatusLine
from agentorchestr_tui.widgets.tabs_line import TabsLine
from agentorchestr_tui.widgets.text_view import TextView

TICK = 0.5  # seconds between two looks at a live pane
SOON = 0.4  # seconds after which it is said that something takes its time
LOOK = 0.25  # seconds between two looks at how far an export is
SLICE = 2_000  # lines shown at once: some tens of milliseconds
KEPT = 100_000  # lines of a transcript
SHOWN = 30  # characters of what is searched for, or let through, in the line of keys
_ASKED = {
    "search": ("Search all tabs", "search; left empty, end it"),
    "filter": ("Show only events with these words", "show them; left empty, show all"),
    "export": ("Export to a file that ends in .txt, .cast or .svg", "write it"),
}
_EARLIER = "─── started again ───"
_LEFT_OUT = "─── {:,} earlier lines are left out; the replay has all of them ───"


class Tab(StrEnum):
    """One side of what there is to see."""

    TRANSCRIPT = "Transcript"
    REPLAY = "Replay"
    EVENTS = "Events"
    PROMPT = "Prompt"
    DIFF = "Diff"
    EVIDENCE = "Evidence"


_TABS = tuple(Tab)


class LogScreen(Screen[None]):
    """Looks into one session: whom, and which side of them, is chosen above; the keys stand below."""

    DEFAULT_CSS = """
    LogScreen {
        background: $background;

        & #of { background: $panel; color: $foreground; }
        & > Container { height: 1fr; }
        & > Container > * { height: 1fr; display: none; }
        & > Container > .-shown { display: block; }
        & TextView { padding: 0 0 0 1; }
        & > Input {
            display: none;
            height: 3;
            border: round $accent;
            border-title-color: $accent;
            padding: 0 1;
            background: $background;
            color: $foreground;
            &.-asking { display: block; }
            &:focus { border: round $accent; background-tint: $foreground 0%; }
        }
    }
    """
    AUTO_FOCUS = ""
    ESCAPE_TO_MINIMIZE = False

    class Stirred(Message):
        """Something happened."""

        def can_replace(self, message: Message) -> bool:
            """Let one look serve many events."""
            return isinstance(message, LogScreen.Stirred)

    def __init__(self, archive: Archive, who: str, tab: Tab = Tab.TRANSCRIPT) -> None:
        super().__init__()
        self._archive = archive
        self._who, self._tab = who, tab
        self._of = TabsLine(id="of")
        self._tabs = TabsLine(id="tabs")
        self._texts: dict[Tab, TextView] = {each: TextView(id=each.lower()) for each in _TABS if each is not Tab.REPLAY}
        self._replay = ReplayView(id="replay")
        self._ask = Input()
        self._asking = ""  # what the input is for: `search`, `filter`, `export`
        self._foot = StatusLine()
        self._story = Story()
        self._told: list[Told] = []
        self._heard: deque[Recorded] = deque()
        self._read = False
        self._beginning: asyncio.Task[None] | None = None
        self._loads: dict[Tab, asyncio.Task[None]] = {}
        self._searching: asyncio.Task[None] | None = None
        self._exporting: exporting.Export | None = None
        self._under_way: dict[str, tuple[float, str]] = {}  # what takes its time: since when, and in words
        self._words = self._filter = ""
        self._hits: dict[Tab, int] = {}
        self._days: dict[TextView, str] = {}  # of the last event that each shows
        self._left_out = 0  # lines of a transcript that is too long to be shown whole
        self._live_from: tuple[int, int] | None = None  # index in the view, and number of the line that may change
        self._stop = archive.listen(self._hear)

    def compose(self) -> ComposeResult:
        """Stack whom, which side, the view, and the keys."""
        yield self._of
        yield self._tabs
        with Container():
            for tab in _TABS:
                yield self._view(tab)
        yield self._ask
        yield self._foot

    def on_mount(self) -> None:
        """Read the events, and show what was asked for."""
        self._show_tab()
        self.set_interval(TICK, self._tick)
        self._beginning = tasks.start(self._begin(), name="read the log")

    def on_unmount(self) -> None:
        """Stop following, reading and searching; what git reads ends with it."""
        self._stop()
        self._end_loads()
        if self._searching is not None:
            self._searching.cancel()

    # -- what takes its time

    def _say(self, what: str, words: str = "") -> None:
        """Say in the status line, after a moment, how far something is; without words it is over."""
        if words:
            since = self._under_way.get(what, (time.monotonic(), ""))[0]
            self._under_way[what] = since, words
        elif self._under_way.pop(what, None) is None:
            return
        if self.is_attached:
            self._show_keys()

    @property
    def _said(self) -> str:
        now = time.monotonic()
        return " · ".join(words for since, words in self._under_way.values() if now - since > SOON)

    # -- what is shown

    @property
    def session(self) -> Session:
        """The session as it stands."""
        return self._archive.session

    def _view(self, tab: Tab) -> Widget:
        return self._replay if tab is Tab.REPLAY else self._texts[tab]

    async def _begin(self) -> None:
        try:
            log = await self._archive.read()
        except OrchestraError as error:
            self.notify(str(error), severity="warning")
            log = ()
        self._take(log)
        self._take(tuple(self._heard))
        self._read = True
        self._heard.clear()
        await self._load()

    def _take(self, log: Sequence[Recorded]) -> list[Told]:
        told = [each for recorded in log if (each := self._story.tell(recorded)) is not None]
        self._told += told
        return told

    def _hear(self, recorded: Recorded, _session: Session) -> None:
        self._heard.append(recorded)
        self.post_message(self.Stirred())

    @on(Stirred)
    def _go_on(self) -> None:
        """Take what happened since."""
        if not self._read or not self.is_attached:
            return
        new = self._take(tuple(self._heard))
        self._heard.clear()
        if self._is_loaded(Tab.EVENTS):
            self._add_rows(self._texts[Tab.EVENTS], self._rows(new))
        if self._is_loaded(Tab.TRANSCRIPT) and self._who == SESSION:
            self._add_rows(self._texts[Tab.TRANSCRIPT], [each for each in new if each.said])
        if self._is_loaded(Tab.EVIDENCE) and telling.about(new, self._who):
            view = self._texts[Tab.EVIDENCE]
            view.put(0, telling.evidence(self.session, self._who))
        self._show_names()

    async def _load(self, *, everything: bool = False) -> None:
        """Fill the tab that is shown, or all of them, unless that is done; a caller that goes away stops nothing."""
        for tab in _TABS if everything else (self._tab,):
            if self._read and self.is_attached:
                if tab not in self._loads:
                    self._loads[tab] = tasks.start(self._fill(tab), name=f"read {tab}")
                await asyncio.wait({self._loads[tab]})

    def _is_loaded(self, tab: Tab) -> bool:
        return tab in self._loads and self._loads[tab].done()

    def _end_loads(self) -> None:
        for load in self._loads.values():
            load.cancel()
        self._loads.clear()
        self._say("read")

    async def _fill(self, tab: Tab) -> None:
        match tab:
            case Tab.TRANSCRIPT:
                await self._fill_transcript()
            case Tab.REPLAY:
                await self._replay.show(await self._recordings(), telling.about(self._told, self._who))
            case Tab.EVENTS:
                self._fill_events()
            case Tab.PROMPT:
                self._texts[tab].show((await self._prompt()).splitlines())
            case Tab.DIFF:
                await self._fill_diff()
            case Tab.EVIDENCE:
                self._texts[tab].show(telling.evidence(self.session, self._who), hang=telling.FACT_HANG)

    def _fill_events(self) -> None:
        none = f"Nothing here has “{shortened(self._filter, SHOWN)}”." if self._filter else "Nothing has happened yet."
        self._show_rows(self._texts[Tab.EVENTS], self._rows(self._told), none)

    def _show_rows(self, view: TextView, told: Sequence[Told], none: str) -> None:
        """Show events, or that there are none yet."""
        self._days.pop(view, None)
        view.show([none], ["muted"], follow=True, hang=telling.ROW_HANG)
        self._add_rows(view, told)

    def _add_rows(self, view: TextView, told: Sequence[Told]) -> None:
        """Add events to a view, with a line between two days; today's need none at first."""
        rows = list(telling.rows(told, self._days.get(view) or day(time.time())))
        if rows:
            first = len(view.lines) if view in self._days else 0
            view.put(first, [line for line, _, _ in rows], [tone for _, tone, _ in rows])
            self._days[view] = rows[-1][2]

    def _rows(self, told: Sequence[Told]) -> list[Told]:
        words = self._filter.lower()
        return [each for each in telling.about(told, self._who) if words in telling.row(each).lower()]

    async def _fill_diff(self) -> None:
        worker, view = self._who if self._who in self.session.workers else None, self._texts[Tab.DIFF]
        if not view.lines:
            view.show(["Reading…  esc leaves."], ["muted"])
        try:
            lines, tones = await asyncio.to_thread(telling.diff, await self._archive.changes(worker))
        except OrchestraError as error:
            lines, tones = [str(error)], ["attention"]
        if not lines:
            lines, tones = ["Nothing was changed."], ["muted"]
        view.show(lines[:SLICE], tones[:SLICE], hang=1)
        for first in range(SLICE, len(lines), SLICE):
            await asyncio.sleep(0)
            view.add(lines[first : first + SLICE], tones[first : first + SLICE])

    async def _prompt(self) -> str:
        if self._who in (SESSION, LEAD) or self._who in self.session.workers:
            kept = await self._archive.prompt(self._who or LEAD)
            return kept or (self.session.goal if self._who in (SESSION, LEAD) else self.session.workers[self._who].task)
        return "A verify runs commands: nobody was given a prompt."

    async def _fill_transcript(self) -> None:
        view, pane = self._texts[Tab.TRANSCRIPT], self._archive.pane(self._who)
        if self._who == SESSION:
            self._show_rows(view, [each for each in self._told if each.said], "Nothing has happened yet.")
            return
        view.show([], follow=True)
        self._left_out = 0
        files = await self._recordings()
        for number, path in enumerate(files[:-1] if pane else files):
            if number:
                view.add([_EARLIER], ["muted"])
            await self._read_transcript(path, view)
        if pane:
            self._live_from = (len(view.lines), 0)
            for _ in iter(self._follow_pane, False):
                await asyncio.sleep(0)
        elif not view.lines:
            view.show(["Nothing was recorded of it."], ["muted"])

    async def _read_transcript(self, path: Path, view: TextView) -> None:
        try:
            tape = await asyncio.to_thread(Tape.open, path)
            size = max(1, (await asyncio.to_thread(path.stat)).st_size)
            while await asyncio.to_thread(tape.scan):
                self._say("read", f"reading {tape.scanned / size:.0%}")
            pieces = transcript(tape)
            while (lines := await asyncio.to_thread(next, pieces, None)) is not None:
                view.add([line.text for line in lines])
                self._leave_out(view)
                self._say("read", f"reading, {len(view.lines)} lines")
        except (OSError, ValueError) as error:
            view.add([f"{path} cannot be read: {error}"], ["attention"])
        finally:
            self._say("read")

    def _leave_out(self, view: TextView) -> None:
        """Let go of the first lines of a long transcript, and say how many there were."""
        if len(view.lines) > KEPT:
            kept = view.lines[-KEPT // 2 :]
            self._left_out += len(view.lines) - len(kept) - bool(self._left_out)
            view.put(0, [_LEFT_OUT.format(self._left_out), *kept], ["muted", *([""] * len(kept))])

    def _follow_pane(self) -> bool:
        """Show what a live pane said since, a slice of it; say whether there is more."""
        pane = self._archive.pane(self._who)
        if pane is None or self._live_from is None:
            return False
        index, number = self._live_from
        lines = pane.emulator.transcript(start=number, limit=SLICE)
        view = self._texts[Tab.TRANSCRIPT]
        texts = [line.text for line in lines]
        if texts != list(view.lines[index:]):
            view.put(index, texts)
        settled = pane.emulator.settled
        ahead = sum(line.number < settled for line in lines)
        self._live_from = (index + ahead, lines[ahead - 1].number + 1 if ahead else number)
        return ahead == SLICE

    async def _recordings(self) -> list[Path]:
        stem = self._who or LEAD
        return await asyncio.to_thread(recordings, self._archive.recordings, stem)

    def _tick(self) -> None:
        self._show_names()
        if self._tab is Tab.TRANSCRIPT:
            self._follow_pane()

    # -- names, tabs, keys

    def _names(self) -> Iterator[tuple[str, str]]:
        session = self.session
        yield SESSION, "session"
        if session.lead:
            yield LEAD, f"lead {looks.lead_look(session.lead, session).glyph}"
        for worker in session.workers.values():
            yield worker.id, f"{worker.id} {worker.perspective} {looks.look_of(worker, session).glyph}"
        for check in session.verifications:
            yield f"{VERIFY}{check.id}", f"verify {check.id} {'✓' if check.passed else '✗'}"
        for verify_id in session.verifies_cancelled:
            yield f"{VERIFY}{verify_id}", f"verify {verify_id} cancelled"
        if session.verifying:
            yield f"{VERIFY}{session.verifying}", f"verify {session.verifying} ●"

    def _show_names(self) -> None:
        self._of.show(list(self._names()), self._who)

    def _show_tab(self) -> None:
        self._show_names()
        tabs = [(tab, f"{number} {tab}{self._hit_words(tab)}") for number, tab in enumerate(_TABS, 1)]
        self._tabs.show(tabs, self._tab)
        for tab in _TABS:
            self._view(tab).set_class(tab is self._tab, "-shown")
        self._view(self._tab).focus()
        self._show_keys()

    def _hit_words(self, tab: Tab) -> str:
        return f"·{self._hits[tab]}" if self._words and tab in self._hits else ""

    def _show_keys(self, hit: int = 0) -> None:
        if self._asking:
            self._foot.show([("enter", _ASKED[self._asking][1]), ("esc", "back")])
            return
        rows: list[tuple[str, str]] = [("esc", "back"), ("?", "help"), ("/", "search")]
        if self._said:
            stops = self._is_searching or self._exporting
            rows = [("", self._said), ("esc", "stop" if stops else "back"), *rows[1:]]
        if self._words:
            place = f": hit {hit} of {self._hits.get(self._tab, 0)}" if hit else self._hits_here
            rows = [("", f"/{shortened(self._words, SHOWN)}{place}"), *rows, ("n N", "next hit")]
        if self._tab is Tab.REPLAY:
            rows += [("space", "play"), ("← →", "marks"), ("+ -", "pace"), (", .", "5 s")]
        if self._tab is Tab.EVENTS:
            rows += [("f", "another filter, or none" if self._filter else "filter")]
            rows = [("", f"only: {shortened(self._filter, SHOWN)}"), *rows] if self._filter else rows
        rows += [("1..6", "tab"), ("< >", "whom"), ("y", "copy"), ("e", "export"), ("end", "follow")]
        self._foot.show(rows)

    @property
    def _hits_here(self) -> str:
        return f": {count(self._hits[self._tab], 'hit')} here" if self._tab in self._hits else ""

    def _choose(self, who: str) -> None:
        if who != self._who:
            self._who = who
            self._end_loads()
            self._live_from = None
            for view in self._texts.values():
                view.show([])
            self._go_to(self._tab)
            if self._words:
                self._begin_search(self._words)

    def _go_to(self, tab: Tab) -> None:
        self._tab = tab
        if tab is Tab.DIFF and self._is_loaded(tab):
            del self._loads[tab]  # it may have changed since
        self._show_tab()
        tasks.start(self._load(), name=f"show {tab}")

    @on(TabsLine.Chosen)
    def _click(self, message: TabsLine.Chosen) -> None:
        if message.line is self._of:
            self._choose(message.key)
        else:
            self._go_to(Tab(message.key))

    def on_key(self, event: events.Key) -> None:
        """Run the keys of the inspector; a view has taken its own before."""
        if self._take_key(event.key):
            event.stop()
            event.prevent_default()

    def _take_key(self, key: str) -> bool:
        if self._asking:
            if key == "escape":
                self._ask_for("")
            return key in ("escape", "tab", "shift+tab")
        names = [name for name, _ in self._names()]
        match key:
            case "escape" if self._exporting:
                self._exporting.stop()
            case "escape" if self._words:
                self._begin_search("")
            case "escape" | "q":
                self.dismiss(None)
            case "1" | "2" | "3" | "4" | "5" | "6":
                self._go_to(_TABS[int(key) - 1])
            case "tab" | "shift+tab":
                self._go_to(_TABS[(_TABS.index(self._tab) + (1 if key == "tab" else -1)) % len(_TABS)])
            case "less_than_sign" | "greater_than_sign":
                self._choose(self._of.beside(1 if key == "greater_than_sign" else -1))
            case _ if key.startswith("alt+") and key[4:].isdigit():
                self._choose(names[min(int(key[4:]) + 1, len(names) - 1)])
            case "slash" | "f" | "e":
                self._ask_for({"slash": "search", "f": "filter", "e": "export"}[key])
            case "n" | "N":
                self._search_on(1 if key == "n" else -1)
            case "y":
                self._copy()
            case "question_mark":
                self.app.push_screen(LogHelp())
            case _:
                return False
        return True

    # -- search, filter, copy, export

    def _ask_for(self, what: str) -> None:
        self._asking = what
        self._ask.set_class(bool(what), "-asking")
        self._show_keys()
        if not what:
            self._view(self._tab).focus()
            return
        if what == "filter" and self._tab is not Tab.EVENTS:
            self._go_to(Tab.EVENTS)
        first = {"search": self._words, "filter": self._filter, "export": str(self._export_path())}[what]
        self._ask.border_title = _ASKED[what][0]
        self._ask.value = first
        self._ask.cursor_position = len(first)
        self._ask.focus()

    @on(Input.Submitted)
    def _answer(self, message: Input.Submitted) -> None:
        message.stop()
        what, words = self._asking, message.value.strip()
        self._ask_for("")
        if what == "search":
            self._begin_search(words)
        elif what == "filter":
            self._filter = words
            self._fill_events()
            self._show_keys()
        elif words:
            tasks.start(self._export(Path(words).expanduser()), name="export from the log")

    @property
    def _is_searching(self) -> bool:
        return self._searching is not None and not self._searching.done()

    def _begin_search(self, words: str) -> None:
        """Search for these words from now on, and for no others."""
        if self._searching is not None:
            self._searching.cancel()
        self._say("search")
        self._words, self._hits = words, {}
        self._searching = tasks.start(self._search(words), name="search the log")

    async def _search(self, words: str) -> None:
        """Search every tab, and go to one that has it; slices and threads do it, so that keys are heard meanwhile."""
        if words:
            self._say("search", f"searching for “{shortened(words, 20)}”")
            if self._beginning is not None:
                await asyncio.wait({self._beginning})  # nothing can be filled in before
            await self._load(everything=True)
        for tab, view in self._texts.items():
            self._hits[tab] = await view.search(words)
        self._hits[Tab.REPLAY] = await self._replay.search(
            words, lambda share: self._say("search", f"searching for “{shortened(words, 20)}” {share:.0%}")
        )
        self._say("search")
        if not self.is_attached:
            return
        if words and not self._hits[self._tab]:
            found = next((tab for tab in _TABS if self._hits[tab]), None)
            if found is None:
                self.notify(f"“{words}” is nowhere in {self._who or 'the session'}.", severity="warning")
            else:
                self._tab = found
        self._show_tab()
        if words:
            self._show_keys(self._replay.search_on(1) if self._tab is Tab.REPLAY else self._hits[self._tab])

    def _search_on(self, by: int) -> None:
        view = self._view(self._tab)
        number = view.search_on(by) if isinstance(view, TextView | ReplayView) else 0
        if number:
            self._show_keys(number)
        elif not self._words:
            self._ask_for("search")

    def _copy(self) -> None:
        text = self._text_in_view()
        self.app.copy_to_clipboard(text)
        lines = len(text.splitlines())
        self.notify(f"{lines} line{'s' if lines != 1 else ''} copied.")

    def _text_in_view(self) -> str:
        if self._tab is Tab.REPLAY:
            return "\n".join(line.rstrip() for line in self._replay.terminal.emulator.display)
        return self._texts[self._tab].text_in_view

    def _export_path(self) -> Path:
        end = ".cast" if self._tab is Tab.REPLAY else ".txt"
        name = f"agentorchestr-{self.session.id}-{self._who or 'session'}-{self._tab.lower()}{end}"
        return user_paths().data / "exports" / name

    async def _export(self, path: Path) -> None:
        """Write a file, one at a time; esc stops it, and then nothing of it is left."""
        if self._exporting is not None:
            self.notify("The export before is not done yet: esc stops it.", severity="warning")
            return
        replay = self._tab is Tab.REPLAY
        text = self._text_in_view() if replay else "\n".join(self._texts[self._tab].lines)
        recording = self._replay.path or next(reversed(await self._recordings()), None)
        self._exporting = export = exporting.Export(path, f"{text}\n", self._picture(), recording)
        writing = tasks.start(asyncio.to_thread(export.write), name="write the export")
        try:
            while not (await asyncio.wait({writing}, timeout=LOOK))[0]:
                self._say("export", f"exporting {export.share:.0%}")
        finally:
            self._exporting = None
            self._say("export")
        self.app.notify(writing.result(), severity="information" if export.done else "warning", timeout=8)

    def _picture(self) -> str:
        view = self._replay.terminal if self._tab is Tab.REPLAY else self._texts[self._tab]
        strips = view.render_lines(Region(0, 0, view.size.width, view.size.height))
        return exporting.picture(strips, f"{self._who or 'session'} · {self._tab}")
