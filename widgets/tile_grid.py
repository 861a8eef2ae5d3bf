"""The grid of tiles: mounts them, places them by the arithmetic of `arrangement`, moves the focus among them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual import events
from textual.app import ComposeResult
from textual.geometry import NULL_OFFSET, NULL_SPACING, Offset, Region, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.message import Message
from textual.widget import Widget

from .arrangement import (
    Arrangement,
    Border,
    Place,
    Shape,
    Tiles,
    Wishes,
    arrange,
    border_at,
    border_of,
    is_small,
    moved,
)
from .roster import Entry, Roster
from .team import Member, Team
from .tile import Tile

_STEP = {"narrower": (-4, True), "wider": (4, True), "shorter": (-2, False), "taller": (2, False)}  # cells; upright?


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

    class Placed(Message):
        """The tiles stand in other places."""

        def can_replace(self, message: Message) -> bool:
            """Let the last word count."""
            return isinstance(message, TileGrid.Placed)

    def __init__(self, first: Tile) -> None:
        super().__init__()
        self.roster = Roster()
        self.team = Team()
        self._tiles = [first]
        self._current = 0
        self._before = 0
        self._alone = self._listed = False
        self._page = 0
        self._order: list[int] = []
        self._pinned: set[int] = set()
        self._hidden: set[int] = set()
        self._first: frozenset[int] = frozenset()
        self._folded: frozenset[int] = frozenset()
        self._wishes = Wishes()
        self._held: Border | None = None
        self._pressed: tuple[int, int] | None = None  # where, on the screen, until the border is dragged
        self._placing = _Placing(self)
        self._placed = Arrangement(())

    def compose(self) -> ComposeResult:
        """Mount the roster, the team and the first tile."""
        yield self.roster
        yield self.team
        yield from self._tiles

    # -- public verbs

    @property
    def layout(self) -> Layout:
        """The arrangement as Textual wants it."""
        return self._placing

    @property
    def tiles(self) -> Sequence[Tile]:
        """All tiles, in their numbers' order."""
        return self._tiles

    @property
    def current(self) -> int:
        """The number of the tile that is typed into."""
        return self._current

    @property
    def zoomed(self) -> bool:
        """Whether the current tile stands alone because somebody wished it."""
        return self._alone

    @property
    def hides_others(self) -> bool:
        """Whether it is for that wish only that the others are not seen."""
        return self._alone and len(self._tiles) > 1 and not is_small(*self.size)

    @property
    def shape(self) -> Shape:
        """How the first tile and the others share the place."""
        return self._wishes.shape

    @property
    def pinned(self) -> frozenset[int]:
        """The tiles that always stand on the first page."""
        return frozenset(self._pinned)

    @property
    def hidden(self) -> frozenset[int]:
        """The tiles that are not shown."""
        return frozenset(self._hidden)

    def add(self, tile: Tile) -> None:
        """Put a tile after the others."""
        self._tiles.append(tile)
        self._order.append(len(self._tiles) - 1)
        self.mount(tile)

    def organise(self, first: frozenset[int], folded: frozenset[int]) -> None:
        """Say which tiles come first and which are folded; one that came first stays there until the focus moves."""
        kept = first | (self._first - {0} if self._current in self._first else frozenset())
        if (kept, folded) != (self._first, self._folded):
            self._first, self._folded = kept, folded
            self._place_anew()

    def enter(self, index: int) -> bool:
        """Give the focus to a tile, and bring it to the glass; False if there is none of that number."""
        if not 0 <= index < len(self._tiles):
            return False
        self._listed = False
        self._turn(index)
        self._tiles[index].enter()
        return True

    def enter_last(self) -> bool:
        """Give the focus back to the tile that had it before."""
        return self.enter(self._before)

    def enter_team(self) -> None:
        """Give the focus to the team; where it has no column, it is listed in place of the tiles."""
        self._listed = True
        self._place_anew()
        self.screen.set_focus(self.team, scroll_visible=False)

    def leave_team(self) -> None:
        """Give the focus back to the current tile."""
        self.enter(self._current)

    def choose(self, index: int) -> None:
        """Make a tile the current one and show it, but leave the focus where it is."""
        if 0 <= index < len(self._tiles):
            self._turn(index)
            self.post_message(self.Moved(self._tiles[index]))

    def step(self, direction: Offset) -> bool:
        """Give the focus to the nearest tile in a direction; False if there is no other one.

        Below the last there is the first, as in tmux, and above the first the last; at the left and at the right, the
        one before and the next, which may stand on another page.
        """
        arrangement = self.arrangement(self.size)
        near = neighbour(arrangement, self._current, direction)
        if near is None and direction.y:
            near = farthest(arrangement, self._current, Offset(0, -direction.y))
        if near is None:
            near = self._after(direction.x + direction.y)
        return near is not None and self.enter(near)

    def zoom(self) -> None:
        """Show the current tile alone, or all again."""
        self._alone = not self._alone
        self._place_anew()

    def next_shape(self) -> Shape | None:
        """Let the first tile and the others share the place in the next way that shows; None if none would."""
        before, shapes = self._wishes, list(Shape)
        shown, at = self.arrangement(self.size).places, shapes.index(before.shape)
        for shape in shapes[at + 1 :] + shapes[:at]:
            self._wishes = Wishes(shape=shape, team=before.team)
            if self.arrangement(self.size).places != shown:
                self._place_anew()
                return shape
        self._wishes = before
        return None

    def resize_current(self, name: str) -> bool:
        """Make the current tile `narrower`, `wider`, `shorter` or `taller`; False where it has no border to move."""
        by, upright = _STEP[name]
        arrangement = self.arrangement(self.size)
        found = border_of(arrangement, self._current, upright=upright) or border_of(
            arrangement, self._current, upright=not upright
        )
        if found is None:
            return False
        border, way = found
        self._wish(moved(arrangement, self._wishes, border, border.at + by * way))
        return True

    def pin(self) -> bool:
        """Keep the current tile on the first page, or no longer; returns whether it is kept."""
        self._pinned ^= {self._current}
        self._place_anew()
        return self._current in self._pinned

    def hide(self) -> None:
        """Take the current tile off the glass; the focus goes to the one after it. Entered again, it is back."""
        hidden = self._current
        self.enter(self._after(1) or 0)
        self._hidden.add(hidden)
        self._place_anew()

    def move(self, by: int) -> bool:
        """Move the current tile back or forward among the others."""
        if self._current not in self._order:
            return False
        place = self._order.index(self._current)
        there = place + by
        if not 0 <= there < len(self._order):
            return False
        self._order[place], self._order[there] = self._order[there], self._order[place]
        self._place_anew()
        return True

    def turn_page(self, by: int) -> None:
        """Show the page after or before, with the focus on its first tile."""
        arrangement = self.arrangement(self.size)
        self._page = (arrangement.page + by) % arrangement.pages
        there = [place.index for place in self.arrangement(self.size, 0).places if place.index and not place.folded]
        self.enter(there[0] if there else 0)

    def list(self, entries: Sequence[Entry], members: Sequence[Member]) -> None:
        """Say in roster and team what the tiles are; one of each a tile, by number."""
        listed = [0, *self._order]
        self.roster.show([entries[index] for index in listed], listed.index(self._current))
        self.team.show([members[index] for index in listed], self._current)

    def arrangement(self, size: Size, current: int | None = None) -> Arrangement:
        """Place the tiles in a size, as they stand or as they would with another current one."""
        tiles = Tiles(
            order=tuple(index for index in self._order if index not in self._hidden),
            first=self._first | self._pinned,
            folded=self._folded - self._pinned,
            current=self._current if current is None else current,
            page=self._page,
            alone=self._alone,
            listed=self._listed and not self._alone,
        )
        return arrange(size.width, size.height, tiles, self._wishes)

    def placed(self, arrangement: Arrangement) -> None:
        """Remember the page that is shown, and say so if anything moved."""
        self._page = arrangement.page
        if arrangement != self._placed:
            self._placed = arrangement
            self.post_message(self.Placed())

    # -- handlers

    def on_tile_entered(self, message: Tile.Entered) -> None:
        """Follow the focus, whoever gave it; word of one that has moved on since leads nowhere."""
        message.stop()
        if message.tile in self._tiles and message.tile.has_entered:
            self._turn(self._tiles.index(message.tile))
            self.post_message(self.Moved(message.tile))

    def on_tile_doubled(self, message: Tile.Doubled) -> None:
        """Show the tile alone, or all again; who stands around is to say so."""
        self.zoom()

    def on_roster_picked(self, message: Roster.Picked) -> None:
        """Go to the tile that was picked."""
        message.stop()
        self.enter([0, *self._order][message.index])

    def on_team_picked(self, message: Team.Picked) -> None:
        """Go to the member that was picked, or look at it."""
        message.stop()
        if message.looking:
            self.choose(message.index)
        else:
            self.enter(message.index)

    def on_resize(self) -> None:
        """Fold and unfold as the new place wants it."""
        self._fold()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of the border between two tiles."""
        x, y = self._cell(event)
        self._held = _border_under(self.arrangement(self.size), x, y)
        self._pressed = (x, y) if self._held is not None else None
        if self._held is not None:
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Move the border that is held."""
        x, y = self._cell(event)
        if self._held is not None and (x, y) != self._pressed:
            to = x if self._held.upright else y
            self._pressed = None
            self._wish(moved(self.arrangement(self.size), self._wishes, self._held, to))
            self._held = next((each for each in self.arrangement(self.size).borders
                               if (each.kind, each.number) == (self._held.kind, self._held.number)), None)  # fmt: skip

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let go of the border."""
        if self.app.mouse_captured is self:
            self.release_mouse()
        self._held = None

    def on_click(self, event: events.Click) -> None:
        """Hand the tile a click on its frame that took hold of a border, and did not drag it."""
        if self._pressed is not None:
            x, y = self._pressed
            self._pressed = None
            if (place := _under(self.arrangement(self.size).places, x, y)) is not None:
                self._tiles[place.index].take_click(event.chain, on_frame=True)

    def _cell(self, event: events.MouseEvent) -> tuple[int, int]:
        """Return the cell of the grid under the pointer."""
        return event.screen_x - self.region.x, event.screen_y - self.region.y

    def _after(self, by: int) -> int | None:
        """Return the tile that comes so many after the current one, in their order and around; None if it is alone."""
        listed = [index for index in (0, *self._order) if index == self._current or index not in self._hidden]
        return listed[(listed.index(self._current) + by) % len(listed)] if len(listed) > 1 else None

    def _wish(self, wishes: Wishes) -> None:
        if wishes != self._wishes:
            self._wishes = wishes
            self._place_anew()

    def _turn(self, index: int) -> None:
        self._hidden.discard(index)
        if index != self._current:
            self._before, self._current = self._current, index
        self._place_anew()

    def _place_anew(self) -> None:
        """Drop the arrangement that Textual keeps of us: a child's new layout does that, our own does not."""
        self._fold()
        self.roster.refresh(layout=True)

    def _fold(self) -> None:
        folded = {place.index for place in self.arrangement(self.size).places if place.folded}
        for index, tile in enumerate(self._tiles):
            tile.fold(index in folded)


def _under(places: Sequence[Place], x: int, y: int) -> Place | None:
    """Return the place that a cell belongs to."""
    return next(
        (each for each in places if each.x <= x < each.x + each.width and each.y <= y < each.y + each.height), None
    )


def _border_under(arrangement: Arrangement, x: int, y: int) -> Border | None:
    """Find the border that a cell of a tile's frame, or of the team's edge, belongs to."""
    box = _under([*arrangement.places, *([arrangement.team] if arrangement.team else [])], x, y)
    if box is None:
        return None
    found = None
    if box.index >= 0 and y in (box.y, box.y + box.height - 1):
        found = border_at(arrangement, x, y, upright=False)
    if found is not None:
        return found
    if x in (box.x, box.x + box.width - 1):
        return border_at(arrangement, x, y, upright=True)
    return None


def neighbour(arrangement: Arrangement, current: int, direction: Offset) -> int | None:
    """Return the tile that one meets first when one goes from the middle of the current one in a direction."""
    ways = [each for each in _ways(arrangement, current, direction) if each[0] > 0]
    return min(ways)[2] if ways else None


def farthest(arrangement: Arrangement, current: int, direction: Offset) -> int | None:
    """Return the tile that one meets last: the nearest to the middle of the farthest ones."""
    ways = [(-ahead, aside, index) for ahead, aside, index in _ways(arrangement, current, direction) if ahead > 0]
    return min(ways)[2] if ways else None


def _ways(arrangement: Arrangement, current: int, direction: Offset) -> Iterator[tuple[int, int, int]]:
    """Give, for each tile in line with the current one, how far it is ahead and aside in half cells, and its number."""
    here = next((place for place in arrangement.places if place.index == current), None)
    if here is None:
        return
    x, y = here.x * 2 + here.width, here.y * 2 + here.height
    for place in arrangement.places:
        far_x, far_y = place.x * 2 + place.width - x, place.y * 2 + place.height - y
        ahead = far_x * direction.x + far_y * direction.y
        aside = abs(far_x * direction.y) + abs(far_y * direction.x)
        overlaps = (
            place.y < here.y + here.height and here.y < place.y + place.height
            if direction.x
            else place.x < here.x + here.width and here.x < place.x + place.width
        )
        if place.index != current and overlaps:
            yield ahead, aside, place.index


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
        if (box := arrangement.team) is not None:
            region = Region(box.x, box.y, box.width, box.height)
            placements.append(WidgetPlacement(region, NULL_OFFSET, NULL_SPACING, grid.team))
        return placements
