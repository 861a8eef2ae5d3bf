"""The stage: the lead above its workers, live; the one screen where a session is run."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.geometry import Offset
from textual.message import Message
from textual.screen import Screen

from agentorchestr_tui.core.phrases import span
from agentorchestr_tui.core.state import Session
from agentorchestr_tui.tui import captions, looks
from agentorchestr_tui.tui.able import Situation
from agentorchestr_tui.tui.keymap import Keymap, standard, written
from agentorchestr_tui.tui.keys import ACTS, Act
from agentorchestr_tui.tui.link import Link
from agentorchestr_tui.tui.waiting import waits
from agentorchestr_tui.widgets.arrangement import beside_titles
from agentorchestr_tui.widgets.patches import Patchwork
from agentorchestr_tui.widgets.scrollback import Scrollback
from agentorchestr_tui.widgets.status_line import StatusLine
from agentorchestr_tui.widgets.terminal import Terminal
from agentorchestr_tui.widgets.tile import Tile
from agentorchestr_tui.widgets.tile_grid import TileGrid
from agentorchestr_tui.widgets.title_line import TitleLine

if TYPE_CHECKING:
    from agentorchestr_tui.orchestrator.orchestrator import Orchestrator

TICK = 1.0  # seconds between two looks at the clock
AGES = 10  # ticks after which all ages are told anew if nothing happens; the clock of the title goes on with each
BRAND = "agentorchestr"
_FEW_ROWS = 8  # for what is said in passing: with less, only the newest is shown
_TEAM_STEPS = {"up": -1, "k": -1, "down": 1, "j": 1, "home": -(1 << 9), "end": 1 << 9}
_TEAM_KEYS = [("↑ ↓", "move"), ("enter", "go there"), ("0..9", "by number"), ("esc", "back")]
_OF_TEAM = ("cancel", "team")  # what is said otherwise there
_DIRECTIONS = {"left": Offset(-1, 0), "right": Offset(1, 0), "up": Offset(0, -1), "down": Offset(0, 1)}


class Stage(Screen[None]):
    """Shows a session as it stands, hands what is typed to the agents, and runs the keys of the table."""

    DEFAULT_CSS = """
    Stage {
        layout: vertical;
        background: $background;

        & > #textual-toastrack { dock: top; align: right top; margin: 0; }
    }
    """
    AUTO_FOCUS = ""
    ESCAPE_TO_MINIMIZE = False

    class Asked(Message):
        """A person asked for another screen, by the name that the table of keys has for it."""

        def __init__(self, what: str) -> None:
            super().__init__()
            self.what = what

    class EndAsked(Message):
        """A person asked to end a worker."""

        def __init__(self, worker_id: str) -> None:
            super().__init__()
            self.worker_id = worker_id

    class RetryAsked(Message):
        """A person asked to give a worker's task to a new one."""

        def __init__(self, worker_id: str) -> None:
            super().__init__()
            self.worker_id = worker_id

    class _Stirred(Message):
        """The session moved on."""

        def can_replace(self, message: Message) -> bool:
            """Let one look serve many events."""
            return isinstance(message, Stage._Stirred)

    def __init__(self, keymap: Keymap | None = None, *, keeps: bool = True) -> None:
        super().__init__()
        self._compositor = Patchwork()
        self.keymap = keymap or standard()
        self._keeps = keeps
        self._title = TitleLine(BRAND)
        self._lead = Tile(looks.LEAD, "Opening the session…")
        self._grid = TileGrid(self._lead)
        self._status = StatusLine()
        self._orchestrator: Orchestrator | None = None
        self._links: dict[str, Link] = {}
        self._pending = self._covered = False
        self._typed = ""  # digits of a worker's number, in the team
        self.asks_for_goal = False  # nobody is there, and nobody comes before a goal is given
        self._back: Scrollback | None = None
        self._needing: frozenset[int] = frozenset()
        self._little = False  # room for what is said in passing
        self._refused: set[str] = set()  # who asked to copy, and may not
        self._ticks = 0
        self._began = self._over_at = 0.0  # seconds since 1970

    def compose(self) -> ComposeResult:
        """Stack title, tiles and status."""
        yield self._title
        yield self._grid
        yield self._status

    def on_mount(self) -> None:
        """Show what there is, and keep the times right."""
        self._title.show("", [], "")
        self._show_keys()
        self.set_interval(TICK, self._tick)
        self._grid.enter(0)

    def on_screen_suspend(self) -> None:
        """Offer no keys while another screen stands over the tiles: there they mean something else."""
        self._covered = True
        self._show_keys()

    def on_screen_resume(self) -> None:
        """Offer them again."""
        self._covered = False
        self._show_keys()

    def on_resize(self) -> None:
        """Offer what can be done in the new place."""
        self.call_after_refresh(self._show_keys)
        self.call_after_refresh(self._look)

    def on_descendant_focus(self) -> None:
        """Offer what the keys do there: the team has its own."""
        self._show_keys()

    # -- the session

    @property
    def session(self) -> Session:
        """The session as it stands; the empty one before it is open."""
        return self._orchestrator.state if self._orchestrator else Session()

    @property
    def is_empty(self) -> bool:
        """Say whether nobody is there yet."""
        return not self._links

    @property
    def _is_idle(self) -> bool:
        """Say whether plain keys are free: no agent is there, and none is on its way."""
        return self.asks_for_goal and self.is_empty and not self.session.goal

    def attach(self, orchestrator: Orchestrator) -> None:
        """Show this session from now on."""
        self._orchestrator = orchestrator
        orchestrator.listen(lambda _, __: self._stir())
        self._look()

    def detach(self) -> None:
        """Let go of the panes."""
        for link in self._links.values():
            link.cut()
        self._links.clear()

    def go_to(self, who: str) -> None:
        """Go to the tile of the lead or a worker."""
        names = [tile.name for tile in self._grid.tiles]
        if who in names:
            self._grid.enter(names.index(who))

    def note(self, words: str) -> None:
        """Say something where the lead's terminal will be."""
        if looks.LEAD not in self._links:
            self._lead.note(words)

    def _stir(self) -> None:
        self.post_message(self._Stirred())

    @on(_Stirred)
    def _on_stirred(self) -> None:
        self._look()

    def _tick(self) -> None:
        """Keep the times right, and seat who came without a word: at rest this is all that the screen costs."""
        self._ticks += 1
        if self._little:
            self._show_notices()  # what was the newest may have gone
        if self._ticks % AGES == 0 or self._orchestrator is None or not self.is_attached:
            self._look()
            return
        self._seat(self._orchestrator.state)
        self._show_starts(self._orchestrator, time.time())
        self._show_title(self._orchestrator.state, time.time())
        if self.session.verifying or self.session.integrating or self.session.merging:
            self._show_keys()

    def _look(self) -> None:
        """Bring tiles, captions and counts up to the state."""
        if self._orchestrator is None or not self.is_attached:
            return
        session, now = self._orchestrator.state, time.time()
        self._seat(session)
        zoomed = self._zoomed()
        waiting = waits(self._orchestrator, looks.LEAD)
        self._lead.caption(captions.lead_caption(session, now, waiting, zoomed=zoomed))
        pinned = self._grid.pinned
        for number, worker in enumerate(session.workers.values(), 1):
            tile = self._grid.tiles[number]
            waiting = waits(self._orchestrator, worker.id)
            pin = number in pinned
            tile.caption(
                captions.worker_caption(session, worker, number, now, pinned=pin, zoomed=zoomed, waiting=waiting)
            )
        self._show_starts(self._orchestrator, now)
        self._grid.organise(frozenset(looks.needing(session)), frozenset(captions.folded(session)))
        self._grid.list(captions.entries(session), captions.members(session, now))
        self._show_title(session, now)
        self._show_needing(frozenset(looks.needing(session)) if not session.over else frozenset())

    def _zoomed(self) -> str:
        """Say of the tile that stands alone by somebody's wish that it does, and how to see the others again."""
        if not self._grid.hides_others:
            return ""
        key = self.keymap.keys_of("zoom").rpartition(", ")[2]
        return f"zoomed: {key} shows all" if key else "zoomed"

    def _show_starts(self, orchestrator: Orchestrator, now: float) -> None:
        """Say on the tiles without a terminal why they have none, and how far a start is."""
        for tile, worker in zip(self._grid.tiles[1:], orchestrator.state.workers.values(), strict=False):
            if worker.id not in self._links:
                tile.note(captions.absent(worker, now, orchestrator.readied_by(worker.id) if worker.live else ""))

    def _show_title(self, session: Session, now: float) -> None:
        self._title.show(looks.title(session), looks.marks(session), self._elapsed(session, now), looks.cost(session))

    def _elapsed(self, session: Session, now: float) -> str:
        if not session.goal:
            return ""
        self._began = self._began or (session.lead.started if session.lead else now)
        self._over_at = (self._over_at or session.updated) if session.over else 0.0
        return span((self._over_at or now) - self._began)

    def _seat(self, session: Session) -> None:
        """Give every worker a tile, and every pane its terminal."""
        new = list(session.workers.values())[len(self._grid.tiles) - 1 :]
        for worker in new:
            self._grid.add(Tile(worker.id, captions.absent(worker)))
        if new:
            self.call_after_refresh(self._stir)  # a tile takes its pane once it is mounted
        for tile in self._grid.tiles:
            if self._orchestrator is None:
                return
            pane = self._orchestrator.pane(tile.name or "")
            link = self._links.get(tile.name or "")
            if pane is not None and tile.is_mounted and (link is None or link.pane is not pane):
                if link is not None:
                    link.cut()
                self._links[pane.name] = Link(
                    pane, tile.terminal, self._orchestrator.type, self._complain, self._copy_for
                )
                self._favour()

    def _show_needing(self, needing: frozenset[int]) -> None:
        """Say in the status line how many need a person."""
        if needing != self._needing:
            self._needing = needing
            self._make_room_for_notices()
        self._show_keys()

    @on(TileGrid.Placed)
    def _make_room_for_notices(self) -> None:
        """Let what is said in passing stand where it covers no title, no key, and nobody who needs a person."""
        room = beside_titles(self._grid.arrangement(self._grid.size), self._needing)
        for rack in self.query("#textual-toastrack"):
            x, y, width, height = room or (0, 0, *self._grid.size)
            rack.styles.offset = (self._grid.region.x + x, self._grid.region.y + y)
            rack.styles.width = width
            rack.styles.max_height = height
            self._little = height < _FEW_ROWS
        self._show_notices()

    def _show_notices(self) -> None:
        """Show what is said in passing; with little room the newest alone."""
        for rack in self.query("#textual-toastrack"):
            for holder in rack.children:
                holder.display = not self._little or holder is rack.children[-1]

    def _copy_for(self, who: str, text: str) -> None:
        """Copy what the agent in focus asks to have copied, if its person wants that, and say so either way."""
        if who != self._grid.tiles[self._grid.current].name or self.app.screen is not self:
            return  # nothing is put there behind one's back
        if self._orchestrator is not None and self._orchestrator.ground.settings.agents_copy:
            self.app.copy_to_clipboard(text)
            self.notify(f"{who} copied {len(text)} characters.", timeout=2)
        elif who not in self._refused:
            self._refused.add(who)
            self.notify(f"{who} asks to copy {len(text)} characters; agents_copy = true in config.toml lets it.")

    def _complain(self, sentence: str) -> None:
        self.notify(sentence, severity="warning")

    # -- the terminals

    @on(Terminal.Typed)
    def _type(self, message: Terminal.Typed) -> None:
        message.stop()
        if link := self._link_of(message.terminal):
            link.write(message.data)

    @on(Terminal.Resized)
    def _resize(self, message: Terminal.Resized) -> None:
        message.stop()
        if link := self._link_of(message.terminal):
            link.resize(message.columns, message.lines)
        elif tile := self._tile_of(message.terminal):
            tile.fit(message.columns, message.lines)

    @on(TileGrid.Moved)
    def _follow_focus(self) -> None:
        if self._back is not None:
            self._back.leave()
            self._back = None
        self._favour()
        self._look()

    def _favour(self) -> None:
        if self._orchestrator is not None:
            self._orchestrator.ground.panes.favour(self._grid.tiles[self._grid.current].name)

    def _link_of(self, terminal: Terminal) -> Link | None:
        tile = self._tile_of(terminal)
        return self._links.get(tile.name or "") if tile else None

    def _tile_of(self, terminal: Terminal) -> Tile | None:
        return next((tile for tile in self._grid.tiles if tile.terminal is terminal), None)

    # -- the keys

    @property
    def situation(self) -> Situation:
        """What acts depend on."""
        session, grid, seats = self.session, self._grid, self._grid.arrangement(self._grid.size)
        return Situation(
            session=session,
            focus=grid.tiles[grid.current].name or "",
            tiles=len(grid.tiles),
            needing=len(self._needing),
            page=seats.page + 1,
            pages=seats.pages,
            alone=seats.alone,
            zoomed=grid.zoomed,
            keeps=self._keeps,
            looks_back=self.looks_back,
            keys_of=self.keymap.keys_of,
        )

    async def take_key(self, event: events.Key) -> bool:
        """Run a key of the table; False when it is for the agent."""
        key = event.key
        if self._back is not None and not self._pending and key != self.keymap.leader and key not in self.keymap.direct:
            if not self._back.take(event):
                self._back = None
            self._show_keys()
            return True
        if self._pending:
            self._wait_for_key(False)
            if act := self.keymap.after.get(key):
                await self.do(act)
            elif key != "escape":
                leader = self.keymap.leader
                self.notify(
                    f"{leader} {written(key)} does nothing. {self.keymap.keys_of('help')} shows the keys.",
                    severity="warning",
                )
            return True
        if key == self.keymap.leader:
            self._wait_for_key(True)
            return True
        if self._grid.team.has_focus and (done := await self._take_team_key(key)):
            return done
        if self._is_idle and (act := self.keymap.after.get(key)):
            await self.do(act)
            return True
        if act := self.keymap.direct.get(key):
            await self.do(act)
            return True
        return False

    @property
    def looks_back(self) -> bool:
        """Say whether somebody looks back in a terminal by keys."""
        return self._back is not None

    def take_paste(self, event: events.Paste) -> bool:
        """Keep a paste from the agent while somebody looks back; False when it is for the agent."""
        if self._back is not None:
            self._back.paste(event)
            self._show_keys()
        return self._back is not None

    async def _take_team_key(self, key: str) -> bool:
        """Run a key while the team has the focus: there the leader's keys need no leader."""
        act, typed = self.keymap.after.get(key), self._typed
        self._typed = ""
        if (by := _TEAM_STEPS.get(key)) is not None:
            if (index := self._grid.team.beside(by)) is not None:
                self._grid.choose(index)
        elif key in ("enter", "escape", "t"):
            self._grid.leave_team()
        elif act and act.action.startswith("enter("):
            self._take_digit(typed + act.action[6:-1])
        elif act:
            await self.do(act)
        else:
            return False
        return True

    def _take_digit(self, digits: str) -> None:
        """Go to the worker of a number, or mark it while another digit may follow."""
        if digits != "0" and int(digits) * 10 < len(self._grid.tiles):
            self._typed = digits
            self._grid.choose(int(digits))
        else:
            self.action_enter(int(digits))

    async def do(self, act: Act) -> None:
        """Do what the table says, or say why it cannot be done now."""
        if sentence := act.why_not(self.situation):
            self.notify(sentence, severity="warning")
        else:
            await self.run_action(act.action)

    async def do_named(self, name: str) -> None:
        """Do an act by its name."""
        if act := next((act for act in ACTS if act.name == name), None):
            await self.do(act)

    def _wait_for_key(self, pending: bool) -> None:
        self._pending = pending
        self._show_keys()

    def _show_keys(self) -> None:
        if self._covered:
            self._status.show([])
            return
        if self._grid.team.has_focus and not self._pending:
            free = self.keymap.footer(self.situation, pending=True)
            self._status.show([*_TEAM_KEYS, *(row for row in free if row[1] not in _OF_TEAM)], "team")
            return
        if self._back is not None and not self._pending:
            self._status.show(self._rows_looking_back(self._back), self._back.head)
            return
        if self._is_idle and not self._pending:
            self._status.show([row for row in self.keymap.footer(self.situation, pending=True) if row[0] != "esc"])
            return
        rows = self.keymap.footer(self.situation, pending=self._pending)
        if not self._pending and (said := captions.under_way(self.session, time.time())):
            rows = [("", said, ""), *rows]
        self._status.show(rows, self.keymap.written_leader if self._pending else "")

    def _rows_looking_back(self, back: Scrollback) -> list[tuple[str, ...]]:
        """Return the keys of the scrollback, with the one for help behind the first."""
        first, *others = back.rows
        help_ = (self.keymap.first_key_of("help"), "help", "ask('help')")
        return [first, *([help_] if not back.is_typed_to else []), *others]

    @on(StatusLine.Picked)
    async def _pick_key(self, message: StatusLine.Picked) -> None:
        message.stop()
        self._wait_for_key(False)
        if act := next((act for act in ACTS if act.action == message.action), None):
            await self.do(act)

    def action_enter(self, number: int) -> None:
        """Go to a tile."""
        if not self._grid.enter(number):
            last = len(self._grid.tiles) - 1
            there = f"there are 1 to {last}" if last > 1 else "there is 1" if last else "none was started yet"
            self.notify(f"There is no worker {number}: {there}.", severity="warning")

    def action_step(self, direction: str) -> None:
        """Go to the tile beside it, around the border if need be."""
        if not self._grid.step(_DIRECTIONS[direction]):
            self.notify("All others are hidden; the team shows them and goes there.", severity="warning")

    def action_last(self) -> None:
        """Go back."""
        self._grid.enter_last()

    def action_zoom(self) -> None:
        """Show one tile alone, or all."""
        self._grid.zoom()
        self._look()

    @on(Tile.Doubled)
    def _say_zoomed(self) -> None:
        self._look()

    def action_team(self) -> None:
        """Go to the team: its keys then need no leader."""
        self._grid.enter_team()

    def action_layout(self) -> None:
        """Let lead and workers share the place in the next way."""
        if shape := self._grid.next_shape():
            self.notify(f"Layout: {shape}", timeout=1.5)
        else:
            self.notify("Every layout looks the same here: who is done takes little room.", severity="warning")

    def action_resize(self, name: str) -> None:
        """Make the focused tile larger or smaller."""
        if not self._grid.resize_current(name):
            self.notify("It has no border that could move.", severity="warning")

    def action_pin(self) -> None:
        """Keep the focused worker on the first page, or no longer."""
        kept = self._grid.pin()
        self._look()
        said = "stays on the first page, and is not folded" if kept else "is pinned no longer"
        self.notify(f"{self.situation.focus} {said}.", timeout=2)

    def action_hide(self) -> None:
        """Take the focused tile off the glass."""
        hidden = self.situation.focus
        self._grid.hide()
        self.notify(f"{hidden} goes on unseen; going to it shows it again.")

    def action_move(self, by: int) -> None:
        """Move the focused tile among the others."""
        if self._grid.move(by):
            self._look()
        else:
            self.notify("It is the first already." if by < 0 else "It is the last already.")

    def action_page(self, by: int) -> None:
        """Turn the page."""
        self._grid.turn_page(by)

    def action_scrollback(self) -> None:
        """Look back in the focused terminal by keys."""
        self._back = Scrollback(self._grid.tiles[self._grid.current].terminal, self._tell_copied)
        self._show_keys()

    def _tell_copied(self, sentence: str) -> None:
        self.notify(sentence, timeout=2)

    def action_paste(self) -> None:
        """Paste what was copied last."""
        if self.app.clipboard:
            self._grid.tiles[self._grid.current].terminal.on_paste(events.Paste(self.app.clipboard))
        else:
            self.notify(
                "Nothing was copied yet: mark something with the mouse, or by keys in the scrollback.",
                severity="warning",
            )

    def action_retry(self) -> None:
        """Ask to try the focused worker's task again."""
        self.post_message(self.RetryAsked(self._grid.tiles[self._grid.current].name or ""))

    def action_cancel(self) -> None:
        """Take no key after all."""

    def action_next_need(self) -> None:
        """Go to the next that needs a person."""
        needing = sorted(looks.needing(self.session))
        if needing == [self._grid.current]:
            self.notify("This is the only one that needs you.")
        else:
            self._grid.enter(next((number for number in needing if number > self._grid.current), needing[0]))

    def action_send_leader(self) -> None:
        """Type the leader key itself."""
        self._grid.tiles[self._grid.current].press(self.keymap.leader)

    def action_end_worker(self) -> None:
        """Ask to end the focused worker."""
        self.post_message(self.EndAsked(self._grid.tiles[self._grid.current].name or ""))

    def action_ask(self, what: str) -> None:
        """Ask for another screen."""
        self.post_message(self.Asked(what))

    def action_detach(self) -> None:
        """Leave, and let the agents go on."""
        self.post_message(self.Asked("detach"))
