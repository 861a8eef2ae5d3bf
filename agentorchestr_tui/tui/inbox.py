"""The inbox: everything that needs a person in one list, each with its own text, its pane's last lines, and answers."""

from __future__ import annotations

import textwrap
import time
from collections.abc import Sequence

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.css.styles import RulesMap
from textual.message import Message
from textual.screen import Screen
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from agentorchestr_tui import tasks
from agentorchestr_tui.core.commands import AnswerNeed, Command, DismissNeed
from agentorchestr_tui.core.decide import Refused
from agentorchestr_tui.core.errors import OrchestraError
from agentorchestr_tui.core.events import AnswerFailed, Recorded
from agentorchestr_tui.core.phrases import span
from agentorchestr_tui.core.state import Session
from agentorchestr_tui.orchestrator.orchestrator import Orchestrator
from agentorchestr_tui.tui.drafts import Drafts
from agentorchestr_tui.tui.log_help import InboxHelp
from agentorchestr_tui.tui.looks import MUTED, WARNING, named
from agentorchestr_tui.tui.needs import LEAD, Item, items
from agentorchestr_tui.tui.note import NoteScreen
from agentorchestr_tui.tui.reply import ReplyScreen
from agentorchestr_tui.widgets.status_line import StatusLine

NOTHING = "Nothing needs you."
TICK = 1.0  # seconds between two looks at the pane and the clock
LAST_LINES = 200  # of a pane; the detail scrolls
_STROKES = " ─━╌╍═│┃╭╮╰╯┌┐└┘▄▀█"  # what rules, frames and scroll bars are drawn with
WIDE = 110  # columns from which list and detail stand side by side


class InboxScreen(Screen[str]):
    """Lists what needs a person; gives back whom to go to, or nothing."""

    DEFAULT_CSS = """
    InboxScreen {
        background: $background;

        & > Container { height: 1fr; layout: horizontal; }
        & OptionList {
            width: 44%;
            height: 100%;
            padding: 0 1;
            background: $background;
            border: round $border-blurred;
            border-title-color: $accent;
            border-title-style: bold;
            scrollbar-size-vertical: 1;
            &:focus { border: round $accent; }
            & > .option-list--option-highlighted, &:focus > .option-list--option-highlighted {
                background: $accent;
                color: $accent-ink;
                text-style: bold;
            }
        }
        & > Container > Vertical {
            width: 1fr;
            height: 100%;
            border: round $border-blurred;
            border-title-color: $accent;
            border-title-style: bold;
            padding: 0 1;
        }
        & VerticalScroll { height: 1fr; margin: 1 0 0 0; scrollbar-size-vertical: 1; }
        & .text { height: auto; max-height: 40%; overflow-y: auto; text-style: bold; }
        & .pane { height: auto; color: $foreground-muted; text-wrap: wrap; }
        & .answers { height: auto; max-height: 4; margin: 1 0 0 0; }
        &.-narrow > Container { layout: vertical; }
        &.-narrow OptionList { width: 100%; height: auto; min-height: 3; max-height: 35%; }
        &.-narrow > Container > Vertical { width: 100%; height: 1fr; }
        &.-narrow .answers { margin: 0; }
        & .empty {
            width: 100%; height: 1fr; content-align: center middle; color: $foreground-muted; display: none;
            border: round $border-blurred; border-title-color: $accent; border-title-style: bold;
        }
        &.-empty > Container { display: none; }
        &.-empty .empty { display: block; }
    }
    """
    AUTO_FOCUS = "OptionList"
    ESCAPE_TO_MINIMIZE = False

    class Stirred(Message):
        """The session moved on."""

        def can_replace(self, message: Message) -> bool:
            """Let one look serve many events."""
            return isinstance(message, InboxScreen.Stirred)

    def __init__(self, orchestrator: Orchestrator, drafts: Drafts, seen: str = "") -> None:
        super().__init__()
        self._orchestrator = orchestrator
        self._drafts = drafts
        self._items: list[Item] = []
        self._at = seen  # the key of the item that is looked at; at first, of whom the person was looking at
        self._drawn = ""  # the key of the item that is drawn
        self._list = _List()
        self._frame = Vertical()
        self._text = Static("", markup=False, classes="text")
        self._pane = Static("", markup=False, classes="pane")
        self._answers = _Answers()
        self._scroll = VerticalScroll(can_focus=False)
        self._foot = StatusLine()
        self._stop = orchestrator.listen(self._hear)

    def compose(self) -> ComposeResult:
        """Put list and detail beside each other, and the keys below."""
        yield (empty := Static(NOTHING, classes="empty"))
        empty.border_title = "Inbox"
        with Container():
            yield self._list
            with self._frame:
                yield self._text
                yield self._answers
                with self._scroll:
                    yield self._pane
        yield self._foot

    def on_mount(self) -> None:
        """Show what there is."""
        self._fit(self.app.size.width)
        self._look()
        self.set_interval(TICK, self._look)

    def on_unmount(self) -> None:
        """Stop listening."""
        self._stop()

    def on_screen_resume(self) -> None:
        """Fit into the place as it became while a panel stood over it."""
        self._fit(self.app.size.width)

    def on_resize(self, event: events.Resize) -> None:
        """Put list and detail where there is room."""
        self._fit(event.size.width)
        self._drawn = ""  # its last lines are what counts
        self.call_after_refresh(self._look)

    def _fit(self, width: int) -> None:
        self.set_class(width < WIDE, "-narrow")

    # -- what is shown

    @property
    def session(self) -> Session:
        """The session as it stands."""
        return self._orchestrator.state

    @property
    def item(self) -> Item | None:
        """The item that is looked at."""
        return next((item for item in self._items if item.key == self._at), None)

    def _hear(self, recorded: Recorded, _session: Session) -> None:
        if isinstance(recorded.event, AnswerFailed):
            self.notify(f"The answer did not work: {recorded.event.why}", severity="warning")
        self.post_message(self.Stirred())

    @on(Stirred)
    def _look(self) -> None:
        if not self.is_attached:
            return
        at = next((number for number, item in enumerate(self._items) if item.key == self._at), 0)
        self._items = items(self.session)
        if self.item is None and self._items:
            at = next((number for number, item in enumerate(self._items) if item.who == self._at), at)
            self._at = self._items[min(at, len(self._items) - 1)].key
        self.set_class(not self._items, "-empty")
        self._show_list()
        self._show_item()

    def _show_list(self) -> None:
        now = time.time()
        waiting = sum(item.waits for item in self._items)
        self._list.border_title = f"Inbox · {waiting} {'needs' if waiting == 1 else 'need'} you"
        tall = not self.has_class("-narrow")
        drawn = [_Line(self.session, item, now, here=item.key == self._at, tall=tall) for item in self._items]
        if [option.id for option in self._list.options] != [item.key for item in self._items]:
            self._drawn = ""  # it stands elsewhere in the list now
            self._list.set_options(Option(line, item.key) for line, item in zip(drawn, self._items, strict=True))
        else:
            for number, line in enumerate(drawn):
                self._list.replace_option_prompt_at_index(number, line)
        self._list.highlighted = next((n for n, item in enumerate(self._items) if item.key == self._at), None)

    def _show_item(self) -> None:
        item = self.item
        if item is None:
            self._foot.show([("esc", "back"), ("?", "help")])
            return
        at_end = self._scroll.is_vertical_scroll_end
        self._frame.border_title = f"{named(self.session, item.who)} {item.what}" if item.who else item.what
        self._text.update("\n\n".join(filter(None, (item.text or item.what, item.then))))
        pane = self._orchestrator.pane(item.who)
        lines = [line.text for line in pane.emulator.transcript(limit=LAST_LINES)] if pane else []
        self._pane.update(_Folded(lines))
        self._pane.display = bool(lines)
        answers = {key: choice.words or choice.name for key, choice in item.choices}
        self._answers.show([*answers.items(), *([("r", "reply")] if item.wants_words else [])])
        self._foot.show(
            [("esc", "back"), ("?", "help"), *((key, choice.name) for key, choice in item.choices),
             ("enter", "go there"), *([("d", "put aside")] if item.need and "d" not in answers else []),
             *([("r", "reply")] if item.who else []), ("j k", "move")]
        )  # fmt: skip
        if item.key != self._drawn or at_end:
            self.call_after_refresh(self._scroll.scroll_end, animate=False)
        if item.key != self._drawn:
            self.call_after_refresh(self._list.scroll_to_highlight)  # once the list has its height
        self._drawn = item.key

    @on(OptionList.OptionHighlighted)
    def _follow(self) -> None:
        option = self._list.highlighted_option  # that of the message may be gone by now
        if option is not None and option.id and option.id != self._at:
            self._at = option.id
            self._show_list()
            self._show_item()

    @on(OptionList.OptionSelected)
    def _go(self) -> None:
        if (item := self.item) is not None:
            self.dismiss(item.who or LEAD)

    # -- the keys

    def on_key(self, event: events.Key) -> None:
        """Answer, reply, move on, or leave."""
        if self.take(event.key):
            event.stop()
            event.prevent_default()

    def take(self, key: str) -> bool:
        """Do what a key does here; False when it does nothing."""
        item = self.item
        answers = dict(item.choices) if item else {}
        match key:
            case "escape" | "q" | "i":
                self.dismiss("")
            case _ if item and key in answers:
                self._answer(item, answers[key].name)
            case "j" | "down" | "k" | "up":
                self._step(1 if key in ("j", "down") else -1)
            case "r" if item and item.who:
                self._reply(item)
            case "d" if item and item.need:
                self._wish(DismissNeed(item.need.id))
            case "question_mark" | "f1":
                self.app.push_screen(InboxHelp())
            case "pagedown" | "pageup":
                (self._scroll.scroll_page_down if key == "pagedown" else self._scroll.scroll_page_up)()
            case "y" | "a" | "n" if item:
                self.notify(f"That is no answer to “{item.what}”: enter goes there, r replies.", severity="warning")
            case _:
                return False
        return True

    def _step(self, by: int) -> None:
        at = next((number for number, item in enumerate(self._items) if item.key == self._at), 0)
        if self._items:
            self._list.highlighted = (at + by) % len(self._items)

    def _answer(self, item: Item, choice: str) -> None:
        """Answer, and look at the next one that waits."""
        if item.need is not None:
            self._wish(AnswerNeed(item.need.id, choice))
            later = [each for each in self._items if each.key != item.key and each.choices]
            if later:
                self._at = later[0].key
                self._look()

    def _reply(self, item: Item) -> None:
        if item.wants_words and item.need is not None:
            self.app.push_screen(ReplyScreen(self._drafts, self._orchestrator, item.need))
        else:
            self.app.push_screen(NoteScreen(self._drafts, self._orchestrator, item.who or LEAD))

    def _wish(self, command: Command) -> None:
        tasks.start(self._perform(command), name="answer from the inbox")

    async def _perform(self, command: Command) -> None:
        try:
            granted = await self._orchestrator.perform(command)
        except OrchestraError as error:
            self.notify(str(error), severity="warning")
            return
        if isinstance(granted, Refused):
            self.notify(granted.reason, severity="warning")

    def on__answers_chosen(self, message: _Answers.Chosen) -> None:
        """Answer by click."""
        message.stop()
        self.take(message.key)


class _List(OptionList):
    """The list; a click marks an item, and goes there only if it was marked before: the answers are beside it."""

    def on_click(self, event: events.Click) -> None:
        """Mark, before the list goes there."""
        clicked = event.style.meta.get("option")
        if clicked is not None and clicked != self.highlighted:
            self.highlighted = clicked
            event.prevent_default()


class _Answers(Static):
    """The answers as things to click, one a line when they are long."""

    class Chosen(Message):
        """One was clicked."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self) -> None:
        super().__init__("", markup=False, classes="answers")
        self._shown: list[tuple[str, str]] = []

    def show(self, answers: list[tuple[str, str]]) -> None:
        """Offer these keys and what they say."""
        if answers != self._shown:
            self._shown = answers
            lines = [
                Content.assemble((f" {key} ", "bold $accent-ink on $accent"), f" {words}") for key, words in answers
            ]
            self.update(Content("\n").join(lines))
            self.display = bool(answers)

    def on_click(self, event: events.Click) -> None:
        """Choose the line under the mouse."""
        if 0 <= event.y < len(self._shown):
            self.post_message(self.Chosen(self._shown[event.y][0]))


class _Folded(Visual):
    """Lines of a pane, folded into the width they get."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        """Draw them."""
        return Content(folded(self._lines, width)).render_strips(width, height, style, options)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """Take the longest."""
        return max(map(len, self._lines), default=0)

    def get_height(self, rules: RulesMap, width: int) -> int:
        """Count the rows."""
        return folded(self._lines, width).count("\n") + 1


def folded(lines: Sequence[str], width: int) -> str:
    """Fold lines of a pane into a width in cells; a rule is cut, and a frame's right side goes."""
    found: list[str] = []
    for line in (each.rstrip() for each in lines):
        if len(line) <= width:
            found.append(line)
        elif not line.strip(_STROKES):
            found.append(line[:width])
        else:
            indent = line[: min(len(line) - len(line.lstrip(_STROKES)), width // 2)]
            words = line.rstrip(_STROKES)
            found += textwrap.wrap(words, max(1, width), subsequent_indent=indent, break_on_hyphens=False)
    return "\n".join(found).rstrip()


class _Line(Visual):
    """An item: glyph, who, what, since; the one looked at behind a mark.

    It takes a line, and where there is room (`tall`) a second one for what the first cannot hold.
    """

    def __init__(self, session: Session, item: Item, now: float, *, here: bool, tall: bool) -> None:
        self._since = f" {span(now - item.since)} " if item.since else ""
        who = named(session, item.who) if item.who else ""
        glyph = ("◆ ", WARNING) if item.waits else ("‖ ", WARNING) if item.limited else ("· ", MUTED)
        said = " ".join(item.sentence.split())
        between = " " if said.startswith(item.what) else " · "
        name = (f"{who}{between}" if who else "", "bold")
        self._mark = Content.assemble("› " if here else "  ", glyph)
        self._text = Content.assemble(name, said)
        self._here = here  # it is in one ink then
        self._tall = tall

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        """Draw it, the time at the right."""
        lines = self._lines(width)
        room = max(8, width - len(self._since))
        first = Content.assemble(self._mark, lines[0]).truncate(room, ellipsis=True, pad=True)
        drawn = [Content.assemble(first, (self._since, MUTED))]
        drawn += [
            Content.assemble(" " * self._mark.cell_length, line).truncate(width, ellipsis=True) for line in lines[1:]
        ]
        content = Content("\n").join(drawn)
        return (Content(content.plain) if self._here else content).render_strips(width, height, style, options)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """Take all that there is to say."""
        return self._mark.cell_length + self._text.cell_length + len(self._since)

    def get_height(self, rules: RulesMap, width: int) -> int:
        """Take as many rows as are needed."""
        return len(self._lines(width))

    def _lines(self, width: int) -> list[Content]:
        """Give the one line, or the two that the text takes, the second of any length."""
        room = max(8, width - len(self._since) - self._mark.cell_length)
        if not self._tall or self._text.cell_length <= room:
            return [self._text]
        first = self._text.wrap(room)[0].rstrip()
        rest = self._text[len(first.plain) :]
        return [first, rest[len(rest.plain) - len(rest.plain.lstrip()) :]]
