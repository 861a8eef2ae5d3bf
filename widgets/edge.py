"""An edge of a tile: one line with words at its left and at its right, and a rule between."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

_CORNERS = {
    "light": ("╭", "─", "╮", "╰", "─", "╯"),
    "heavy": ("┏", "━", "┓", "┗", "━", "┛"),
    "double": ("╔", "═", "╗", "╚", "═", "╝"),
}
_SHORTEST_RULE = 2  # cells of the rule that are left when the words are long


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
        self._words = (Content(), Content())
        self._rule = "light"

    def show(self, left: Content, right: Content) -> None:
        """Draw these words from now on."""
        if not (left.is_same(self._words[0]) and right.is_same(self._words[1])):
            self._words = (left, right)
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
        left, right = self._fitted(max(0, self.size.width - 2))
        length = max(0, self.size.width - 2 - left.cell_length - right.cell_length)
        return Content.assemble(start, left, rule * length, right, end)

    def _fitted(self, room: int) -> tuple[Content, Content]:
        """Shorten the words to the room; what stands at the right goes last."""
        left, right = (Content.assemble(" ", words, " ") if words else Content() for words in self._words)
        right = right if right.cell_length <= room else Content()
        room -= right.cell_length + _SHORTEST_RULE
        if left.cell_length > room:
            left = left.truncate(room - 1, ellipsis=True).append(" ") if room > 4 else Content()
        return left, right
