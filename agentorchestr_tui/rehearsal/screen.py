"""The picture: the log above, what is going on and the prompt box below, painted where something changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from .draft import Draft
from .log import Entry
from .rows import BOLD, CYAN, DIM, PLAIN, STRONG_ACCENT, YELLOW, Row, Span, clean, crop, encode, pad, row_width
from .terminal import Size

ROOMY_LINES = 12  # from here on the prompt has a box and a foot
_BEGIN, _END = "\x1b[?2026h\x1b[?25l", "\x1b[?2026l"


@dataclass(frozen=True, slots=True)
class Question:
    """A dialog: what is asked, the choices, and which one is under the cursor."""

    text: str
    choices: tuple[str, ...]
    at: int = 0


@dataclass(slots=True)
class View:
    """Everything that the picture is drawn from."""

    log: list[Entry] = field(default_factory=list)
    draft: Draft = field(default_factory=Draft)
    queued: list[str] = field(default_factory=list)
    question: Question | None = None
    doing: str = ""  # what the agent is busy with; empty while it is idle
    frame: int = 0  # of the spinner
    hint: str = ""
    foot: str = ""


_SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_Spot = tuple[int, int] | None  # row and column of the cursor; None hides it


def compose(view: View, size: Size) -> tuple[list[Row], _Spot]:
    """Return the rows that stand at the bottom, and where in them the cursor is."""
    roomy = size.lines >= ROOMY_LINES
    rows = _doings(view, size, roomy=roomy)
    if view.question is not None:
        inner, spot = _dialog(view.question, size), None
    else:
        inner, spot = _prompt(view.draft, size, roomy=roomy)
    above = len(rows)
    rows += _box(inner, size.columns, view.question is not None) if roomy else inner
    if roomy:
        rows.append(_foot(view, size.columns))
    shown = rows[-(size.lines - 1) :]
    if spot is None:
        return shown, None
    row = above + spot[0] + (1 if roomy else 0) - (len(rows) - len(shown))
    return shown, (max(0, row), spot[1] + (2 if roomy else 0))


def _doings(view: View, size: Size, *, roomy: bool) -> list[Row]:
    rows: list[Row] = []
    if view.doing:
        glyph = _SPINNER[view.frame % len(_SPINNER)]
        rows.append(crop((Span(STRONG_ACCENT, f"{glyph} "), Span(CYAN, clean(view.doing))), size.columns))
    for message in view.queued[-3:]:
        line = clean(message).replace("\n", " ↵ ")
        rows.append(crop((Span(DIM, f"❯ {line}"), Span(YELLOW, "  queued")), size.columns))
    if not roomy and view.hint:
        rows.append(crop((Span(YELLOW, view.hint),), size.columns))
    return rows


def _prompt(draft: Draft, size: Size, *, roomy: bool) -> tuple[list[Row], tuple[int, int]]:
    cells = size.columns - (6 if roomy else 2)
    lines, row, column = draft.lay_out(max(1, cells))
    most = max(1, size.lines // 3)
    start = max(0, min(row - most + 1, len(lines) - most))
    rows: list[Row] = [
        (Span(STRONG_ACCENT, "❯ ") if place == 0 else Span(PLAIN, "  "), Span(PLAIN, clean(line)))
        for place, line in enumerate(lines)
    ]
    return rows[start : start + most], (row - start, column + 2)


def _dialog(question: Question, size: Size) -> list[Row]:
    title: Row = (Span(BOLD, clean(question.text)),)
    if size.lines < ROOMY_LINES:
        choices = "  ".join(f"{place} {choice}" for place, choice in enumerate(question.choices, 1))
        return [crop(title, size.columns), crop((Span(YELLOW, choices),), size.columns)]
    rows: list[Row] = [title]
    for place, choice in enumerate(question.choices):
        here = place == question.at
        rows.append((Span(YELLOW, "❯ " if here else "  "), Span(BOLD if here else PLAIN, f"{place + 1} {choice}")))
    return rows


def _box(rows: Sequence[Row], columns: int, asking: bool) -> list[Row]:
    style = YELLOW if asking else DIM
    rule = "─" * (columns - 2)
    side = Span(style, "│")
    middle = [(side, Span(PLAIN, " "), *pad(row, columns - 4), Span(PLAIN, " "), side) for row in rows]
    return [(Span(style, f"╭{rule}╮"),), *middle, (Span(style, f"╰{rule}╯"),)]


def _foot(view: View, columns: int) -> Row:
    asking = view.question
    usual = f"1-{len(asking.choices)} or enter choose · esc no" if asking else "enter send · /help"
    left = Span(YELLOW if view.hint else DIM, "  " + (view.hint or usual))
    right = Span(DIM, view.foot + "  ")
    gap = columns - row_width((left, right))
    return (left, Span(PLAIN, " " * gap), right) if gap > 0 else crop((left,), columns)


class Painter:
    """What stands on the screen, and the bytes that turn it into what should stand there.

    The log scrolls out at the top into the terminal's own scrollback, each row once and in its final form.
    """

    def __init__(self, size: Size) -> None:
        self._size = size
        self._shown: list[str] = []
        self._top = 0  # rows of the log that have scrolled out

    def begin(self) -> str:
        """Return what makes room: whatever stood on the screen moves into the scrollback."""
        return "\n" * (self._size.lines - 1) + "\x1b[H\x1b[J"

    def resized(self, size: Size) -> None:
        """Start over at a new size, with the end of the log in sight."""
        self._size = size
        self.forget()

    def forget(self) -> None:
        """Trust nothing that stands on the screen."""
        self._shown = []
        self._top = -1

    def paint(self, view: View) -> str:
        """Return the bytes that bring the screen up to date."""
        columns, lines = self._size
        log = [row for entry in view.log for row in entry.rows(columns)]
        live, spot = compose(view, self._size)
        room = lines - len(live)
        out: list[str] = []
        if self._top < 0:
            self._top = max(0, len(log) - room)
            self._shown = [""] * lines
            out.append("\x1b[m\x1b[H\x1b[J")
        self._shown += [""] * (lines - len(self._shown))
        self._scroll(log, max(self._top, len(log) - room), out)
        visible = self._encoded(log[self._top :])
        self._write([*visible, *[""] * (room - len(visible)), *self._encoded(live)], out)
        if spot is not None:
            out.append(f"\x1b[{room + spot[0] + 1};{min(spot[1], columns - 1) + 1}H\x1b[?25h")
        return _BEGIN + "".join(out) + _END

    def leave(self, view: View) -> str:
        """Return the bytes that wipe the prompt and put the cursor under the log."""
        end = min(self._size.lines, sum(len(entry.rows(self._size.columns)) for entry in view.log) - self._top + 1)
        return f"\x1b[{max(1, end)};1H\x1b[J"

    def _encoded(self, rows: Iterable[Row]) -> list[str]:
        return [encode(crop(row, self._size.columns)) for row in rows]

    def _scroll(self, log: list[Row], top: int, out: list[str]) -> None:
        """Move the rows above `top` out of the screen, a screenful at a time."""
        while self._top < top:
            step = min(top - self._top, self._size.lines)
            self._write([*self._encoded(log[self._top : self._top + step]), *self._shown[step:]], out)
            out.append(f"\x1b[{self._size.lines};1H" + "\n" * step)
            self._shown = [*self._shown[step:], *[""] * step]
            self._top += step

    def _write(self, rows: Sequence[str], out: list[str]) -> None:
        for place, row in enumerate(rows):
            if row != self._shown[place]:
                out.append(f"\x1b[{place + 1};1H\x1b[2K{row}")
        self._shown = list(rows)
