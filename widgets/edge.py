"""An edge of a tile: one line with words at its left and at its right, and a rule between."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

from .fitting import NONE, Label, cut

_CORNERS = {
    "light": ("╭", "─", "╮", "╰", "─", "╯"),
    "heavy": ("┏", "━", "┓", "┗", "━", "┛"),
    "double": ("╔", "═", "╗", "╚", "═", "╝"),
}
_RULE = 2  # cells of the rule, at least, between words at the left and at the right


class Edge(Widget):
    """Draws the upper or the lower edge of a tile; the rule has the widget's own colour."""

    DEFAULT_CSS = """
    Edge {
        height: 1;
        width: 1fr;
    }
    """
    ALLOW_SELECT = False

    def __init__(self, *, upper: bool, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._upper = upper
        self._words: Label | Content = NONE
        self._rule = "light"

    def show(self, words: Label | Content) -> None:
        """Draw a label at both ends, or words at the left, from now on."""
        if not _is_alike(words, self._words):
            self._words = words
            self.refresh()

    def rule(self, rule: str) -> None:
        """Draw a `light`, a `heavy` or a `double` rule."""
        if rule != self._rule:
            self._rule = rule
            self.refresh()

    def render(self) -> Content:
        """Draw corner, words, rule, words, corner."""
        corners = _CORNERS[self._rule]
        start, rule, end = corners[:3] if self._upper else corners[3:]
        room = max(0, self.size.width - 2)
        left, right = (Content.assemble(" ", words, " ") if words else NONE for words in self._fitted(room))
        length = max(0, room - left.cell_length - right.cell_length)
        return Content.assemble(start, left, rule * length, right, end)

    def _fitted(self, room: int) -> tuple[Content, Content]:
        """Fit the words, and a blank on both sides of each, into the room."""
        if isinstance(self._words, Label):
            return self._words.fitted(room - 2, _RULE + 2)
        return cut(self._words, room - 2), NONE


def _is_alike(one: Label | Content, other: Label | Content) -> bool:
    """Compare by what is drawn."""
    if isinstance(one, Content) or isinstance(other, Content):
        return isinstance(one, Content) and isinstance(other, Content) and one.is_same(other)
    return one.is_same(other)
