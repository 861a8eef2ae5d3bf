"""What was said and done, as entries that lay themselves out in rows."""

from __future__ import annotations

from .rows import BOLD, CYAN, DIM, GREEN, NO_ROW, PLAIN, RED, STRONG_ACCENT, YELLOW, Row, Span, clean, crop, wrap

MARK, BRANCH = "●", "⎿"
SHOWN_LINES = 4  # of a result or a message; the rest is counted
_CHANGED = ("+ ", "- ")
_INDENT: Row = (Span(PLAIN, "  "),)
_UNDER: Row = (Span(PLAIN, "    "),)


class Entry:
    """One thing in the log: a first row with a mark, a body, and lines under it."""

    def __init__(self, mark: Span | None, body: list[Span], *, gap: bool = True) -> None:
        self._mark = mark
        self._body = body
        self._under: list[Span] = []
        self._gap = gap
        self._laid_out: tuple[int, list[Row]] | None = None

    def rows(self, cells: int) -> list[Row]:
        """Return the rows at this width."""
        if self._laid_out is None or self._laid_out[0] != cells:
            self._laid_out = cells, self._lay_out(cells)
        return self._laid_out[1]

    def say(self, spans: list[Span]) -> None:
        """Replace the body."""
        self._body = spans
        self._laid_out = None

    def mark(self, style: str) -> None:
        """Colour the mark anew."""
        if self._mark is not None:
            self._mark = Span(style, self._mark.text)
            self._laid_out = None

    def under(self, lines: list[Span]) -> None:
        """Add lines under the body."""
        self._under += lines
        self._laid_out = None

    def _lay_out(self, cells: int) -> list[Row]:
        first: Row = (self._mark, Span(PLAIN, " ")) if self._mark else NO_ROW
        rows = wrap(self._body, cells, first, _INDENT if self._mark else NO_ROW)
        branch: Row = (Span(DIM, f"  {BRANCH} "),)
        for span in self._under:
            code = span.text.startswith(_CHANGED)  # a line of code is cut off rather than wrapped
            rows += [crop((*branch, span), cells)] if code else wrap([span], cells, branch, _UNDER)
            branch = _UNDER
        return [*rows, NO_ROW] if self._gap else rows


def heading(name: str, details: str) -> Entry:
    """Return the entry that opens the log."""
    return Entry(Span(STRONG_ACCENT, "✳"), [Span(BOLD, name), Span(DIM, f"  {clean(details)}")])


def asked(text: str) -> Entry:
    """Return a message of the user, with its tail folded."""
    lines = clean(text).strip().splitlines() or [""]
    shown = [line if len(line) <= 400 else line[:400] + "…" for line in lines[:SHOWN_LINES]]
    more = len(lines) - len(shown)
    spans = [Span(PLAIN, "\n".join(shown))]
    if more:
        spans.append(Span(DIM, f"\n… {more} more line{'s' * (more > 1)}"))
    return Entry(Span(CYAN, "❯"), spans)


def said(text: str) -> Entry:
    """Return something the agent says."""
    return Entry(Span(PLAIN, MARK), said_spans(text))


def said_spans(text: str) -> list[Span]:
    """Return spoken text as spans."""
    return [Span(PLAIN, clean(text))]


def printed(text: str) -> Entry:
    """Return a line that stands for itself, from the first column on."""
    return Entry(None, [Span(PLAIN, clean(text))])


def noted(text: str, style: str = DIM) -> Entry:
    """Return a remark of the program itself."""
    return Entry(Span(style, MARK), [Span(style, clean(text))])


class Doing(Entry):
    """A tool at work: yellow until its result stands under it, then green or red."""

    def __init__(self, tool: str, about: str = "") -> None:
        self._tool = tool
        super().__init__(Span(YELLOW, MARK), _act(tool, about))

    def done(self, *lines: str, about: str = "", good: bool = True) -> None:
        """Show the result: at most some lines of it, changed lines in their colours."""
        self.mark(GREEN if good else RED)
        if about:
            self.say(_act(self._tool, about))
        shown = list(lines[:SHOWN_LINES])
        if more := len(lines) - len(shown):
            shown.append(f"… {more} more line{'s' * (more > 1)}")
        self.under([Span(_tone(line, good=good), clean(line)) for line in shown])


def _act(tool: str, about: str) -> list[Span]:
    return [Span(BOLD, tool), Span(PLAIN, f" {clean(about)}" if about else "")]


def _tone(line: str, *, good: bool) -> str:
    if line.startswith("+ "):
        return GREEN
    if line.startswith("- "):
        return RED
    return DIM if good else RED
