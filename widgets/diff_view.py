"""The diff view: changed files with their lines in colour, one below the other or side by side, to walk and comment."""

from __future__ import annotations

import asyncio
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from time import monotonic
from typing import ClassVar

from pygments.token import Token
from rich.segment import Segment
from rich.style import Style as RichStyle
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content, Span
from textual.geometry import Region, Size
from textual.highlight import HighlightTheme, highlight
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.style import Style
from textual.worker import Worker

from . import languages
from .diff_rows import (
    ROOM,
    DiffFile,
    DiffLine,
    FileRow,
    HunkRow,
    Laid,
    LineRow,
    NoteRow,
    Row,
    difference,
    laid_out,
    partners,
)
from .lasting import undisturbed

BESIDE_FROM = 140  # columns of the terminal from which old and new stand side by side
COLOURED = 400_000  # characters of a hunk up to which its language is looked at
AT_ONCE = 2_000  # lines that are laid out at once; more in a thread
AT_A_GLANCE = 60  # lines of a hunk that are coloured at once, if there is time
STRETCH = 200  # lines of a hunk that are coloured together
BEFORE = 1_000  # lines before them that are read with them
LINES_KEPT = 2_000  # that are kept in colour
LONGEST = 20_000  # lines of a hunk in which the parts that differ are marked
_Stretch = tuple[int, int, int]  # file, hunk, and which of its stretches
BUDGET = 0.008  # seconds of one frame in which small hunks are coloured at once
TOGETHER = 24  # hunks that are coloured in one go
KEPT = 2_000  # rows that are kept as they are drawn
STEP = 8  # cells of one step to the side
_NUMBER = 5  # cells of a line number with the blank behind it
_COMMENT_SIGN = f"{'▌ ':>{_NUMBER + 3}}"  # before a comment's words
_TONES = {"+": "$success", "-": "$error", " ": "$foreground-muted"}
_GROUNDS = {"+": "on $success 12%", "-": "on $error 12%", " ": ""}
_MARKS = {"+": "bold $foreground on $success 24%", "-": "bold $foreground on $error 24%"}
_FEW_TONES = {"+": "$success", "-": "$error", " ": ""}  # of whole lines, where sixteen colours leave no pale grounds
_FEW_MARK = "bold underline"
_FLAT = {**dict.fromkeys(_GROUNDS.values(), ""), **dict.fromkeys(_MARKS.values(), _FEW_MARK)}  # in the cursor's row
_HERE, _HERE_AFAR = "on $accent 14%", "on $accent 8%"  # the row of the cursor, with and without the focus
_FEW_HERE, _FEW_HERE_AFAR = "reverse", "bold underline"


class _Syntax(HighlightTheme):
    """Colours for the words of languages that can be read on every ground of a line."""

    STYLES = {  # noqa: RUF012  # an instance's, by its base
        **HighlightTheme.STYLES,
        Token.Comment: "$foreground-muted",
        Token.Error: "",  # half a file is no wrong one
        Token.Generic.Error: "",
        Token.Keyword.Constant: "bold $text-success",
        Token.Literal.String: "$text-success",
        Token.Literal.String.Backtick: "$text-success",
        Token.Literal.String.Doc: "$text-success italic",
        Token.Literal.String.Double: "$text-success",
    }


class DiffView(ScrollView, can_focus=True):
    """Shows changed files; the row of the cursor is where a comment goes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "down", show=False),
        Binding("up,k", "move(-1)", "up", show=False),
        Binding("pagedown,space", "turn(1)", "page down", show=False),
        Binding("pageup", "turn(-1)", "page up", show=False),
        Binding("home", "jump(0)", "first", show=False),
        Binding("end", "jump(-1)", "last", show=False),
        Binding("n", "hunk(1)", "next change", show=False),
        Binding("N,p", "hunk(-1)", "change before", show=False),
        Binding("right", "shift(1)", "right", show=False),
        Binding("left", "shift(-1)", "left", show=False),
        Binding("h", "side(True)", "the old side", show=False),
        Binding("l", "side(False)", "the new side", show=False),
    ]
    DEFAULT_CSS = """
    DiffView {
        background: $background;
        color: $foreground;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        text-wrap: nowrap;
        text-overflow: clip;
    }
    """
    ALLOW_SELECT = False

    cursor: reactive[int] = reactive(0)
    """The row that stands out."""
    beside: reactive[bool] = reactive(False)
    """Whether old and new stand side by side."""
    old: reactive[bool] = reactive(False)
    """Whether, side by side, the cursor stands on the old side where there is one."""

    class Moved(Message):
        """The cursor stands in another file."""

        def __init__(self, path: str) -> None:
            super().__init__()
            self.path = path

        def can_replace(self, message: Message) -> bool:
            """Let the last one stand for those before it."""
            return isinstance(message, DiffView.Moved)

    def __init__(self, files: Sequence[DiffFile] = ()) -> None:
        super().__init__()
        self._files = self._drawn_files = tuple(files)  # what is to be shown, and what is
        self._comments: Mapping[tuple[str, int], str] = {}
        self._laid = Laid()
        self._coloured: dict[_Stretch, dict[DiffLine, Content]] = {}
        self._uncoloured: list[_Stretch] = []  # those whose colours are wanted, the latest last
        self._frame = 0.0  # when the last frame began, by the monotonic clock
        self._drawn_as: tuple[object, ...] = ()
        self._strips: dict[int, Strip] = {}  # rows as they are drawn, by their number
        self._few = False  # whether the theme has the terminal's own sixteen colours only, which do not mix
        self._base = Style()
        self._inks: dict[Style, RichStyle] = {}
        self._shifted = 0
        self._width = 0
        self._empty = ""

    # -- what is shown

    def show(self, files: Sequence[DiffFile], comments: Mapping[tuple[str, int], str], *, empty: str = "") -> None:
        """Show these files and comments from now on, with the cursor on the same line if it is still there.

        `comments` go by path and place; `empty` is said when there is no file. The same tuple of files says that
        nothing has changed. Many lines come into view a moment later: they are laid out in a thread.
        """
        shown, said = tuple(files), dict(comments)
        same = shown is self._files and said == self._comments and bool(self._laid.rows)
        self._files, self._comments, self._empty = shown, said, empty
        if not same:
            self._lay_out()

    @property
    def line(self) -> tuple[str, int, str] | None:
        """Path, place and text of the line under the cursor; None where none is."""
        match self.rows[self.cursor] if self.cursor < len(self.rows) else None:
            case LineRow() as row:
                line = row.line(old=self.old)
                return self._drawn_files[row.file].path, line.place, line.text
            case _:
                return None

    @property
    def path(self) -> str:
        """The file under the cursor, or nothing."""
        return self._drawn_files[self.rows[self.cursor].file].path if self.cursor < len(self.rows) else ""

    @property
    def rows(self) -> Sequence[Row]:
        """What is drawn, row by row."""
        return self._laid.rows

    def go_to_file(self, path: str) -> None:
        """Put the cursor on a file's name."""
        for file, at in zip(self._drawn_files, self._laid.files_at, strict=True):
            if file.path == path:
                self.cursor = at
                self.scroll_to(y=at, animate=False)
                return

    def _lay_out(self) -> None:
        """Lay out what is to be shown: at once, or aside where it is much; the last wish counts."""
        self.workers.cancel_group(self, "lay out")
        if sum(len(hunk.lines) for file in self._files for hunk in file.hunks) <= AT_ONCE:
            self._take(self._files, laid_out(self._files, self._comments, beside=self.beside, room=self._room))
        else:
            _: Worker[None] = self.run_worker(self._lay_out_aside, "lay out", group="lay out")

    async def _lay_out_aside(self) -> None:
        files, beside, room = self._files, self.beside, self._room
        with undisturbed():
            laid = await asyncio.to_thread(laid_out, files, self._comments, beside=beside, room=room)
        self._take(files, laid)

    @property
    def _room(self) -> int:
        """The cells of a row of a comment; it stands under its own side."""
        width = self.scrollable_content_region.width or self.size.width
        return (width // 2 if self.beside else width) - len(_COMMENT_SIGN) if width else ROOM

    def _take(self, files: tuple[DiffFile, ...], laid: Laid) -> None:
        """Draw this from now on, with the cursor on the same line if it is still there."""
        here = self.line
        if files is not self._drawn_files:
            self._drawn_files = files
            self._coloured.clear()
            self._uncoloured.clear()
        before, self._laid = self._laid, laid
        self._strips.clear()
        self.virtual_size = Size(self.scrollable_content_region.width, len(laid.rows))
        if here and self.beside and not before.beside:
            self.old = here[1] < 0
        self.cursor = self._find(here) if here else 0
        self.post_message(self.Moved(self.path))
        self.refresh()

    def _find(self, here: tuple[str, int, str]) -> int:
        path, place, _ = here
        rows, starts = self.rows, self._laid.files_at
        for number, file in enumerate(self._drawn_files):
            end = starts[number + 1] if number + 1 < len(starts) else len(rows)
            for at in range(starts[number], end) if file.path == path else ():
                row = rows[at]
                if isinstance(row, LineRow) and any(line.place == place for line in row.lines):
                    return at
        return max(0, min(self.cursor, len(rows) - 1))

    def on_unmount(self) -> None:
        """Let go of what is shown: a large change is not kept until somebody searches for garbage."""
        self._files = self._drawn_files = ()
        self._laid = Laid()
        self._coloured.clear()
        self._uncoloured.clear()
        self._strips.clear()

    # -- moving

    def watch_cursor(self, before: int, now: int) -> None:
        """Keep the cursor in sight."""
        self.scroll_to_region(Region(0, now, 1, 1), animate=False, force=True)
        self.refresh_line(before - int(self.scroll_offset.y))
        self.refresh_line(now - int(self.scroll_offset.y))
        rows = self.rows
        if now < len(rows) and (before >= len(rows) or rows[before].file != rows[now].file):
            self.post_message(self.Moved(self.path))

    def watch_old(self) -> None:
        """Let the other side stand out."""
        self.refresh_line(self.cursor - int(self.scroll_offset.y))

    def watch_beside(self) -> None:
        """Lay out anew."""
        self._lay_out()

    def action_move(self, by: int) -> None:
        """Go some rows up or down."""
        self.cursor = max(0, min(self.cursor + by, len(self.rows) - 1))

    def action_turn(self, by: int) -> None:
        """Go a page up or down."""
        self.action_move(by * max(1, self.size.height - 1))

    def action_jump(self, to: int) -> None:
        """Go to the first or the last row."""
        self.cursor = max(0, len(self.rows) - 1) if to else 0

    def action_hunk(self, by: int) -> None:
        """Go to the next change, or the one before."""
        starts = self._laid.changes_at
        number = bisect_right(starts, self.cursor) if by > 0 else bisect_left(starts, self.cursor) - 1
        if 0 <= number < len(starts):
            self.cursor = starts[number]

    def action_side(self, old: bool) -> None:
        """Go to the old or the new side of a row, where both stand side by side."""
        self.old = old

    def action_shift(self, by: int) -> None:
        """Look further to the side."""
        self._shifted = max(0, min(self._shifted + by * STEP, max(0, self._laid.longest - STEP)))
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse is."""
        at = int(event.y + self.scroll_offset.y)
        if at < len(self.rows):
            self.cursor = at
            self.old = self.beside and event.x < self.scrollable_content_region.width // 2
        self.focus()

    def on_resize(self, event: events.Resize) -> None:
        """Take the new width."""
        if event.size.width != self._width:
            self._width = event.size.width
            self.virtual_size = Size(self.scrollable_content_region.width, len(self.rows))
            self.refresh()
            if self._comments:
                self._lay_out()  # they are as wide as there is place

    # -- drawing

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw rows: there is nothing around them, so they are handed over as they are kept."""
        self._frame = monotonic()
        lines = [self.render_line(y) for y in crop.line_range]
        ground, width = self.background_colors[1], self.outer_size.width
        for each in self.get_line_filters():
            lines = [line.apply_filter(each, ground) for line in lines]
        lines = [line.adjust_cell_length(width) for line in lines]
        return lines if crop.column_span == (0, width) else [line.crop(*crop.column_span) for line in lines]

    def render_line(self, y: int) -> Strip:
        """Draw one row, or take it as it was drawn."""
        at, width = y + int(self.scroll_offset.y), self.scrollable_content_region.width
        self._look_at_ink(width)
        if at >= len(self.rows):
            said = self._empty if not self.rows and y == 0 else ""
            return self._strip(Content.styled(f" {said}", "$foreground-muted"), width)
        if at == self.cursor:
            return self._strip(self._marked(self.rows[at], self._drawn(self.rows[at], width), width), width)
        if (strip := self._strips.get(at)) is None:
            strip = self._strips[at] = self._strip(self._drawn(self.rows[at], width), width)
        return strip

    def _look_at_ink(self, width: int) -> None:
        """Forget the rows that were drawn when they would be drawn in another way now."""
        now = (width, self.beside, self._shifted, self.app.theme)
        if now != self._drawn_as or len(self._strips) > KEPT:
            self._drawn_as, self._few, self._base = now, self.app.current_theme.ansi, self.visual_style
            self._strips.clear()
            self._inks.clear()

    def _marked(self, row: Row, drawn: Content, width: int) -> Content:
        """Let the row of the cursor stand out, and of two sides the one that a comment is about."""
        content = _on_one_ground(drawn.truncate(width, pad=True))
        near, afar = (_FEW_HERE, _FEW_HERE_AFAR) if self._few else (_HERE, _HERE_AFAR)
        if not self.has_focus:
            return content.stylize(afar)
        content = _pointed_at(content)
        if self._few:
            content = Content(content.plain)
        if isinstance(row, LineRow) and self.beside and len(row.lines) > 1:
            left, right = content[: _cells(content, width // 2)], content[_cells(content, width // 2) :]
            return Content.assemble(left.stylize(near if self.old else afar), right.stylize(afar if self.old else near))
        return content.stylize(near)

    def _strip(self, content: Content, width: int) -> Strip:
        parts = content.truncate(width, pad=True).render(self._base, end="", parse_style=self._get_style)
        return Strip([Segment(text, self._ink(style)) for text, style in parts], width)

    def _ink(self, style: Style) -> RichStyle:
        if (ink := self._inks.get(style)) is None:
            ink = self._inks[style] = (self._base + style).rich_style
        return ink

    def _drawn(self, row: Row, width: int) -> Content:
        match row:
            case FileRow(file):
                return self._named(self._drawn_files[file], self._laid.counts[file], width)
            case HunkRow(file, hunk):
                heading = self._drawn_files[file].hunks[hunk].heading
                return Content.styled(f"{'⋯':>{_NUMBER}} {heading}", "$foreground-muted")
            case NoteRow(_, text, comment=False):
                return Content.styled(f"{'':{_NUMBER + 1}}{text}", "$foreground-muted")
            case NoteRow(_, text, old=old):
                before = width // 2 if self.beside and not old else 0
                return Content.styled(f"{'':{before}}{_COMMENT_SIGN}{text}", "bold $warning")
            case LineRow() if self.beside:
                half = width // 2
                left = self._side(row, row.left, row.left.old if row.left else None, half)
                right = self._side(row, row.right, row.right.new if row.right else None, width - half)
                return Content.assemble(left, right)
            case LineRow():
                line = row.line()
                numbers = Content.styled(f"{_number(line.old)}{_number(line.new)}", "$foreground-muted")
                return Content.assemble(numbers, self._code(row, line, width - numbers.cell_length))

    def _named(self, file: DiffFile, changed: tuple[int, int], width: int) -> Content:
        added, removed = changed
        counts = Content.assemble((f" +{added}", "$success"), (f" -{removed}", "$error")) if file.hunks else Content("")
        mark = Content.styled(f"  ⚠ {file.mark}", "bold $warning") if file.mark else Content("")
        name = Content.assemble((f" {file.path} ", "bold $accent"), counts, mark)
        rule = "─" * max(0, width - name.cell_length - 1)
        return Content.assemble(name, " ", (rule, "$border-blurred"))

    def _side(self, row: LineRow, line: DiffLine | None, number: int | None, width: int) -> Content:
        if line is None:
            return Content.styled(" " * width, "on $surface")
        return Content.assemble((_number(number), "$foreground-muted"), self._code(row, line, width - _NUMBER))

    def _code(self, row: LineRow, line: DiffLine, width: int) -> Content:
        """Return sign and text of a line, `width` cells wide."""
        file = self._drawn_files[row.file]
        at = row.places[line is not row.left]
        code = self._colours((row.file, row.hunk, at // STRETCH)).get(line) or Content(line.text)
        code = _with_marks_only(code) if self._few else code
        room = max(0, width - 2)
        code = code[self._shifted :] if self._shifted else code
        code = code.expand_tabs(4).truncate(room, pad=True)
        edge = ("┃", "bold $warning") if file.touched(line) else (" ", "")
        sign = Content.assemble((line.sign, f"bold {_TONES[line.sign]}"), edge)
        whole = Content.assemble(sign, code)
        ground = (_FEW_TONES if self._few else _GROUNDS)[line.sign]
        return whole.stylize_before(ground) if ground else whole

    def _colours(self, which: _Stretch) -> dict[DiffLine, Content]:
        """Return lines in colour; nothing where that takes long: it is done aside then."""
        found = self._coloured.get(which)
        if found is None:
            if sum(map(len, self._coloured.values())) > LINES_KEPT:
                del self._coloured[next(iter(self._coloured))]
            if self._can_wait(which):
                found = self._coloured[which] = {}
                self._uncoloured.append(which)
                if len(self._uncoloured) == 1:
                    _: Worker[None] = self.run_worker(self._colour_aside, "colour", group="colour", exclusive=True)
            else:
                found = self._coloured[which] = _coloured(self._drawn_files, which)
        return found

    def _can_wait(self, which: _Stretch) -> bool:
        """Say whether colours would hold up this frame: many lines, a language not met yet, many hunks."""
        file, hunk, _ = which
        lines = self._drawn_files[file].hunks[hunk].lines
        late = monotonic() - self._frame > BUDGET
        return late or len(lines) > AT_A_GLANCE or not languages.is_met(self._drawn_files[file].path)

    async def _colour_aside(self) -> None:
        """Colour what is wanted, the latest first: that is what is in view."""
        while self._uncoloured:
            files, wanted = self._drawn_files, self._uncoloured[-TOGETHER:]
            with undisturbed():
                found = await asyncio.to_thread(_all_coloured, files, wanted)
            if files is self._drawn_files:
                self._uncoloured = [each for each in self._uncoloured if each not in found]
                self._coloured.update(found)
                self._strips = {at: each for at, each in self._strips.items() if found.keys().isdisjoint(self._of(at))}
                self.refresh()

    def _of(self, at: int) -> list[_Stretch]:
        """Return the stretches of a row's lines."""
        row = self.rows[at] if at < len(self.rows) else None
        return [(row.file, row.hunk, place // STRETCH) for place in row.places] if isinstance(row, LineRow) else []


def _on_one_ground(content: Content) -> Content:
    """Return the words of a row without the grounds of its parts."""
    spans = (Span(each.start, each.end, _FLAT.get(str(each.style), each.style)) for each in content.spans)
    return Content(content.plain, [span for span in spans if span.style])


def _pointed_at(content: Content) -> Content:
    """Put a sign before a row, where there is a blank."""
    return Content.assemble(("›", "bold $accent"), content[1:]) if content.plain.startswith(" ") else content


def _cells(content: Content, cells: int) -> int:
    """Return how many characters stand in the first so many cells."""
    return len(content.truncate(cells, pad=True).plain)


def _with_marks_only(content: Content) -> Content:
    """Return a line without the colours of its words, with what differs in it marked as sixteen colours can."""
    marks = [each for each in content.spans if each.style in _MARKS.values()]
    return Content(content.plain, [Span(each.start, each.end, _FEW_MARK) for each in marks])


def _number(number: int | None) -> str:
    return f"{'' if number is None else number:>{_NUMBER - 1}} "


def _all_coloured(files: Sequence[DiffFile], wanted: Iterable[_Stretch]) -> dict[_Stretch, dict[DiffLine, Content]]:
    return {each: _coloured(files, each) for each in wanted}


def _coloured(files: Sequence[DiffFile], which: _Stretch) -> dict[DiffLine, Content]:
    """Colour a stretch of a hunk by the file's language, as it was and as it is, and mark what differs in a line.

    What stands before it is read, too, as far as that takes no time: a long string may begin there.
    """
    number, at, stretch = which
    path, lines = files[number].path, files[number].hunks[at].lines
    first, end = stretch * STRETCH, (stretch + 1) * STRETCH
    language = languages.language_of(path, lines[0].text if lines else "")
    here = lines[max(0, first - BEFORE) : end]
    wanted = set(here[first - max(0, first - BEFORE) :])
    found: dict[DiffLine, Content] = {}
    for side in ([line for line in here if line.old], [line for line in here if line.new]):
        text = "\n".join(line.text for line in side)
        if len(text) <= COLOURED and "\r" not in text:
            shown = highlight(text, language=language, theme=_Syntax).split("\n", allow_blank=True)
            found.update((line, content) for line, content in zip(side, shown, strict=False) if line in wanted)
    for line, other in partners(lines).items() if len(lines) <= LONGEST else ():
        start, end = difference(line.text, other.text) if line in wanted else (0, 0)
        if end > start:
            found[line] = found.get(line, Content(line.text)).stylize(_MARKS[line.sign], start, end)
    return found
