"""The grid of tiles: mounts them, places them by the arithmetic of `arrangement`, moves the focus among them."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.geometry import NULL_OFFSET, NULL_SPACING, Offset, Region, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.message import Message
from textual.widget import Widget

from .arrangement import Arrangement, arrange
from .roster import Entry, Roster
from .tile import Tile


class TileGrid(Widget):
    """Holds tiles; the first one leads. What cannot be seen is neither placed nor drawn."""

    DEFAULT_CSS = """
    TileGrid {
        width: 1fr;
        height: 1fr;
        background: $background;
    }
    """

    class Moved(Message):
        """Another tile has the focus."""

        def __init__(self, tile: Tile) -> None:
            super().__init__()
            self.tile = tile

    def __init__(self, first: Tile) -> None:
        super().__init__()
        self.roster = Roster()
        self._tiles = [first]
        self._current = 0
        self._before = 0
        self._zoomed = False
        self._page = 0
        self._placing = _Placing(self)

    def compose(self) -> ComposeResult:
        """Mount the roster and the first tile."""
        yield self.roster
        yield from self._tiles

    # -- public verbs

    @property
    def layout(self) -> Layout:
        """The arrangement as Textual wants it."""
        return self._placing

    @property
    def tiles(self) -> Sequence[Tile]:
        """All tiles, in their order."""
        return self._tiles

    @property
    def current(self) -> int:
        """The number of the tile that is typed into."""
        return self._current

    @property
    def zoomed(self) -> bool:
        """Whether the current tile stands alone."""
        return self._zoomed

    def add(self, tile: Tile) -> None:
        """Put a tile after the others."""
        self._tiles.append(tile)
        self.mount(tile)

    def enter(self, index: int) -> bool:
        """Give the focus to a tile, and bring it to the glass; False if there is none of that number."""
        if not 0 <= index < len(self._tiles):
            return False
        self._turn(index)
        self._tiles[index].enter()
        return True

    def enter_last(self) -> bool:
        """Give the focus back to the tile that had it before."""
        return self.enter(self._before)

    def step(self, direction: Offset) -> bool:
        """Give the focus to the nearest tile in a direction; at the border, to the next or the one before."""
        arrangement = self.arrangement(self.size)
        near = neighbour(arrangement, self._current, direction)
        if near is None and direction.x:
            near = self._current + direction.x
        elif near is None and len(arrangement.places) == 1:
            near = self._current + direction.y
        return near is not None and self.enter(near)

    def zoom(self) -> None:
        """Show the current tile alone, or all again."""
        self._zoomed = not self._zoomed
        self._place_anew()

    def list(self, entries: Sequence[Entry]) -> None:
        """Say in the roster what the tiles are; one entry a tile."""
        self.roster.show(entries, self._current)

    def arrangement(self, size: Size) -> Arrangement:
        """Place the tiles in a size."""
        return arrange(
            size.width, size.height, len(self._tiles), current=self._current, page=self._page, alone=self._zoomed
        )

    def placed(self, arrangement: Arrangement) -> None:
        """Remember the page that is shown."""
        self._page = arrangement.page

    # -- handlers

    def on_tile_entered(self, message: Tile.Entered) -> None:
        """Follow the focus, whoever gave it."""
        message.stop()
        if message.tile in self._tiles:
            self._turn(self._tiles.index(message.tile))
            self.post_message(self.Moved(message.tile))

    def on_roster_picked(self, message: Roster.Picked) -> None:
        """Go to the tile that was picked."""
        message.stop()
        self.enter(message.index)

    def _turn(self, index: int) -> None:
        if index != self._current:
            self._before, self._current = self._current, index
            self._place_anew()

    def _place_anew(self) -> None:
        """Drop the arrangement that Textual keeps of us: a child's new layout does that, our own does not."""
        self.roster.refresh(layout=True)


def neighbour(arrangement: Arrangement, current: int, direction: Offset) -> int | None:
    """Return the tile that one meets first when one goes from the middle of the current one in a direction."""
    here = next((place for place in arrangement.places if place.index == current), None)
    if here is None:
        return None
    x, y = here.x * 2 + here.width, here.y * 2 + here.height
    ways = []
    for place in arrangement.places:
        far_x, far_y = place.x * 2 + place.width - x, place.y * 2 + place.height - y
        ahead = far_x * direction.x + far_y * direction.y
        aside = abs(far_x * direction.y) + abs(far_y * direction.x)
        overlaps = (
            place.y < here.y + here.height and here.y < place.y + place.height
            if direction.x
            else place.x < here.x + here.width and here.x < place.x + place.width
        )
        if place.index != current and ahead > 0 and overlaps:
            ways.append((ahead, aside, place.index))
    return min(ways)[2] if ways else None


class _Placing(Layout):
    """Hands an arrangement to Textual."""

    name = "tiles"

    def __init__(self, grid: TileGrid) -> None:
        self._grid = grid

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> ArrangeResult:
        """Place the tiles that can be seen, and the roster if not all can."""
        parent.pre_layout(self)
        grid = self._grid
        arrangement = grid.arrangement(size)
        grid.placed(arrangement)
        placements = [
            WidgetPlacement(
                Region(place.x, place.y, place.width, place.height), NULL_OFFSET, NULL_SPACING, grid.tiles[place.index]
            )
            for place in arrangement.places
            if grid.tiles[place.index] in children
        ]
        if arrangement.tabs:
            placements.append(WidgetPlacement(Region(0, 0, size.width, 1), NULL_OFFSET, NULL_SPACING, grid.roster))
        return placements
