"""The message being written: characters and folded pastes, a cursor, and how they stand in rows."""

from __future__ import annotations

from dataclasses import dataclass

from wcwidth import wcwidth

from .rows import clean, width

FOLD_LINES = 8  # a paste of more lines stands as one mark
FOLD_CHARACTERS = 1000
_JOINER = "\u200d"


@dataclass(frozen=True, slots=True)
class _Piece:
    """One step of the cursor: a character with what combines onto it, or a whole folded paste."""

    text: str
    shown: str


class Draft:
    """An editable message of several lines."""

    def __init__(self) -> None:
        self._pieces: list[_Piece] = []
        self._at = 0

    @property
    def text(self) -> str:
        """The message as it would be sent."""
        return "".join(piece.text for piece in self._pieces)

    def type(self, text: str) -> None:
        """Insert typed text at the cursor."""
        for char in text:
            self._insert(char)

    def paste(self, text: str) -> None:
        """Insert pasted text; a long one is folded into a mark that one backspace removes."""
        lines = text.count("\n") + 1
        if lines > FOLD_LINES or len(text) > FOLD_CHARACTERS:
            self._put(_Piece(text, f"[pasted {lines} lines]" if lines > 1 else f"[pasted {len(text)} characters]"))
        else:
            self.type(clean(text))

    def clear(self) -> None:
        """Forget everything."""
        self._pieces.clear()
        self._at = 0

    def edit(self, key: str) -> bool:
        """Do what an editing key says; return whether it was one."""
        action = {
            "left": lambda: self._go(self._at - 1),
            "right": lambda: self._go(self._at + 1),
            "up": lambda: self._vertical(-1),
            "down": lambda: self._vertical(1),
            "home": lambda: self._go(self._line_start()),
            "end": lambda: self._go(self._line_end()),
            "newline": lambda: self.type("\n"),
            "backspace": lambda: self._delete(self._at - 1, self._at),
            "delete": lambda: self._delete(self._at, self._at + 1),
            "ctrl+u": lambda: self._delete(self._line_start(), self._at),
            "ctrl+k": lambda: self._delete(self._at, self._line_end()),
            "ctrl+w": lambda: self._delete(self._word_start(), self._at),
        }.get(key)
        if action is not None:
            action()
        return action is not None

    def lay_out(self, cells: int) -> tuple[list[str], int, int]:
        """Return the rows of at most `cells` cells, and the cursor's row and column in them."""
        rows, column = [""], 0
        at_row = at_column = 0
        for place, piece in enumerate([*self._pieces, _Piece("", "")]):
            wide = 0 if piece.shown == "\n" else width(piece.shown)
            if column + max(wide, 1) > cells and column:
                rows.append("")
                column = 0
            if place == self._at:
                at_row, at_column = len(rows) - 1, column
            if piece.shown == "\n":
                rows.append("")
                column = 0
            else:
                rows[-1] += piece.shown
                column += wide
        return rows, at_row, at_column

    def _insert(self, char: str) -> None:
        before = self._pieces[self._at - 1] if self._at else None
        joins = char == _JOINER or wcwidth(char) == 0 or (before is not None and before.text.endswith(_JOINER))
        if before is not None and joins and char != "\n":
            self._pieces[self._at - 1] = _Piece(before.text + char, before.shown + char)
        else:
            self._put(_Piece(char, char))

    def _put(self, piece: _Piece) -> None:
        self._pieces.insert(self._at, piece)
        self._at += 1

    def _go(self, place: int) -> None:
        self._at = min(max(0, place), len(self._pieces))

    def _delete(self, start: int, end: int) -> None:
        start = max(0, start)
        del self._pieces[start:end]
        self._at = start

    def _line_start(self) -> int:
        place = self._at
        while place and self._pieces[place - 1].shown != "\n":
            place -= 1
        return place

    def _line_end(self) -> int:
        place = self._at
        while place < len(self._pieces) and self._pieces[place].shown != "\n":
            place += 1
        return place

    def _word_start(self) -> int:
        place = self._at
        while place and self._pieces[place - 1].text.isspace():
            place -= 1
        while place and not self._pieces[place - 1].text.isspace():
            place -= 1
        return place

    def _vertical(self, step: int) -> None:
        column = self._at - self._line_start()
        self._go(self._line_start() - 1 if step < 0 else self._line_end() + 1)
        self._go(min(self._line_start() + column, self._line_end()))
