"""Where tiles stand: pure arithmetic over a width, a height and what there is to place; tile 0 leads."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import pairwise

LEAST_ROWS = 8  # of a tile, its edges included: under it a terminal shows no more than its own prompt
LEAST_COLUMNS = 44  # of a tile
FOLDED_ROWS = 3  # of a tile that only says what came of it
FOLDED_BANDS = 2  # rows of such tiles that those with a terminal make room for
FOLDED_SHARE = 1 / 3  # of the height that more of them take where nobody loses a seat by it
STAGE_COLUMNS, STAGE_ROWS = 100, 28  # a smaller place shows one tile at a time
EASY_COLUMNS, EASY_ROWS = 80, 20  # a tile of this size is comfortable; more adds little
LEAD_SHARE = 2 / 5  # of the height that the first tile gets if the others leave it
BESIDE_SHARE = 1 / 2  # of the width that it gets when it stands beside the others
NOTICE_ROWS = 3  # below the team where it is listed in place of the tiles: for words that stand for a moment
TEAM_FROM, TEAM_PAST = 150, 6  # columns, or workers, from which the team has a column of its own
TEAM_COLUMNS, WIDE_TEAM_COLUMNS, LEAST_TEAM_COLUMNS = 32, 44, 24  # names stand whole in the first two
TEAM_SPARES = 1  # cells that it gives up where another tile then stands beside the others


class Shape(StrEnum):
    """How the first tile and the others share the place."""

    ABOVE = "lead above"
    BESIDE = "lead beside"
    EVEN = "all alike"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person changed: shape, the first tile's share, the sizes of columns and rows, the team's width."""

    shape: Shape = Shape.ABOVE
    lead: float = 0.0
    columns: tuple[int, ...] = ()
    rows: tuple[int, ...] = ()
    team: int = 0


@dataclass(frozen=True, slots=True)
class Tiles:
    """What there is to place: the others in their order (hidden ones are not in it), and how each wants to stand.

    `first` are those that stand on the first page; `folded` those that only say what came of them; `alone` shows the
    current one only, `listed` the team instead of tiles where it has no column.
    """

    order: tuple[int, ...] = ()
    first: frozenset[int] = frozenset()
    folded: frozenset[int] = frozenset()
    current: int = 0
    page: int = 0
    alone: bool = False
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where one tile stands, in cells."""

    index: int
    x: int
    y: int
    width: int
    height: int
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Border:
    """A line between tiles that can be moved: what it divides, its number, and the first cell after it."""

    kind: str  # `lead`, `column`, `row` or `team`
    number: int
    at: int
    upright: bool


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The tiles that can be seen; `tabs` says that row 0 is for the line that lists them all, `team` has its place."""

    places: tuple[Place, ...]
    tabs: bool = False
    page: int = 0
    pages: int = 1
    team: Place | None = None
    borders: tuple[Border, ...] = ()
    columns: tuple[int, ...] = ()
    rows: tuple[int, ...] = ()
    area: tuple[int, int, int, int] = (0, 0, 0, 0)

    @property
    def shown(self) -> frozenset[int]:
        """The numbers of the tiles that can be seen."""
        return frozenset(place.index for place in self.places)

    @property
    def alone(self) -> bool:
        """Say whether one tile stands alone."""
        return len(self.places) < 2


def arrange(width: int, height: int, tiles: Tiles, wishes: Wishes = Wishes()) -> Arrangement:  # frozen
    """Place tiles in a width and a height."""
    if width < 1 or height < 1:
        return Arrangement(())
    small = is_small(width, height)
    everyone = len({*tiles.order, tiles.current} - {0})
    if not everyone:
        return Arrangement((Place(0, 0, 0, width, height),))
    team = 0 if small or tiles.alone else _team(width, everyone, wishes)
    if tiles.listed and not team:
        free = NOTICE_ROWS if height > LEAST_ROWS + NOTICE_ROWS else 0
        return Arrangement((), team=Place(-1, 0, 0, width, height - free), area=(0, 0, width, height))
    if small or tiles.alone:
        return Arrangement((Place(tiles.current, 0, 1, width, max(1, height - 1)),), tabs=True)
    if not team:
        arrangement = _shaped((0, 0, width, height), tiles, wishes)
        seen = {*tiles.order} <= arrangement.shown
        return arrangement if seen else replace(_shaped((0, 1, width, height - 1), tiles, wishes), tabs=True)
    arrangement = _shaped((0, 0, width - team, height), tiles, wishes)
    line = Border("team", 0, width - team, upright=True)
    column = Place(-1, width - team, 0, team, height)
    return replace(arrangement, team=column, borders=(*arrangement.borders, line))


def is_small(width: int, height: int) -> bool:
    """Say whether a place has room for one tile only."""
    return width < STAGE_COLUMNS or height < STAGE_ROWS


def moved(arrangement: Arrangement, wishes: Wishes, border: Border, to: int) -> Wishes:
    """Return the wishes by which a border stands at another cell, as far as the least sizes let it."""
    x, y, width, height = arrangement.area
    match border.kind:
        case "lead" if border.upright:
            return replace(wishes, lead=_within((to - x) / width, LEAST_COLUMNS / width))
        case "lead":
            return replace(wishes, lead=_within((to - y) / height, LEAST_ROWS / height))
        case "team":
            most = max(LEAST_TEAM_COLUMNS, width + (arrangement.team.width if arrangement.team else 0)) // 2
            right = width + x + (arrangement.team.width if arrangement.team else 0)
            return replace(wishes, team=max(LEAST_TEAM_COLUMNS, min(right - to, most)))
        case "column":
            return replace(wishes, columns=_shift(arrangement.columns, border, to, LEAST_COLUMNS))
        case _:
            return replace(wishes, rows=_shift(arrangement.rows, border, to, LEAST_ROWS))


def beside_titles(arrangement: Arrangement, avoided: Collection[int]) -> tuple[int, int, int, int] | None:
    """Find where words can stand for a moment and cover no title, no result and no member of the team.

    It is the inside of a tile: of the largest one, rather of one that is not avoided; or what a list of the team leaves
    free. Returns x, y, width and height, or nothing where there is no such place.
    """
    tiles = [place for place in arrangement.places if not place.folded and place.width > 2 and place.height > 2]
    if tiles:
        best = max(tiles, key=lambda place: (place.index not in avoided, place.width * place.height, -place.index))
        return best.x + 1, best.y + 1, best.width - 2, best.height - 2
    team, (x, _, width, height) = arrangement.team, arrangement.area
    if team is None or team.height >= height:
        return None
    return x, team.y + team.height, width, height - team.height


def border_at(arrangement: Arrangement, x: int, y: int, *, upright: bool) -> Border | None:
    """Find the border whose line a cell is on: the last cell before it, or the first one after."""
    cell = x if upright else y
    return next((each for each in arrangement.borders if each.upright is upright and each.at - 1 <= cell <= each.at),
                None)  # fmt: skip


def border_of(arrangement: Arrangement, index: int, *, upright: bool) -> tuple[Border, int] | None:
    """Find the border that makes a tile larger, and which way: its far one, else its near one."""
    place = next((each for each in arrangement.places if each.index == index), None)
    if place is None:
        return None
    far, near = (place.x + place.width, place.x) if upright else (place.y + place.height, place.y)
    for at, way in ((far, 1), (near, -1)):
        for border in arrangement.borders:
            if border.upright is upright and border.at == at and border.kind != "team":
                return border, way
    return None


# -- shapes


@dataclass(frozen=True, slots=True)
class _Grid:
    """Equal tiles in columns and rows."""

    columns: int
    rows: int
    boxes: tuple[tuple[int, int, int, int], ...] = ()
    widths: tuple[int, ...] = ()
    heights: tuple[int, ...] = ()
    borders: tuple[Border, ...] = field(default=())


def _shaped(area: tuple[int, int, int, int], tiles: Tiles, wishes: Wishes) -> Arrangement:
    x, y, width, height = area
    shape = wishes.shape
    if shape is Shape.BESIDE and width < 2 * LEAST_COLUMNS:
        shape = Shape.ABOVE
    pages = paged(width, height, tiles, replace(wishes, shape=shape))
    whose = (number for number, each in enumerate(pages) if tiles.current in each.everyone)
    number = next(whose, min(tiles.page, len(pages) - 1))
    page = pages[number]
    upper = (x, y, width, height - page.bands * FOLDED_ROWS)
    if not page.live:
        arrangement = Arrangement((Place(0, *upper),))
    else:
        draw = {Shape.ABOVE: _above, Shape.BESIDE: _beside, Shape.EVEN: _even}[shape]
        arrangement = draw(upper, page.live, wishes)
    places = (*arrangement.places, *_band(page, area))
    return replace(arrangement, places=places, page=number, pages=len(pages), area=upper)


def _above(area: tuple[int, int, int, int], live: Sequence[int], wishes: Wishes) -> Arrangement:
    x, y, width, height = area
    rows = _grid(width, height, len(live)).rows
    share = round(height * (wishes.lead or LEAD_SHARE))
    lead = max(LEAST_ROWS, min(share, height - rows * LEAST_ROWS))
    grid = _laid((x, y + lead, width, height - lead), len(live), rows, wishes)
    borders = (Border("lead", 0, y + lead, upright=False), *grid.borders)
    return _arrangement((Place(0, x, y, width, lead), *_seated(live, grid)), grid, borders)


def _beside(area: tuple[int, int, int, int], live: Sequence[int], wishes: Wishes) -> Arrangement:
    x, y, width, height = area
    lead = _beside_width(width, wishes)
    right = (x + lead, y, width - lead, height)
    fitting = [-(-len(live) // number) for number in range(1, _columns(right[2]) + 1)]
    rows = next((number for number in fitting if number * LEAST_ROWS <= height), fitting[-1])
    grid = _laid(right, len(live), rows, wishes)
    borders = (Border("lead", 0, x + lead, upright=True), *grid.borders)
    return _arrangement((Place(0, x, y, lead, height), *_seated(live, grid)), grid, borders)


def _even(area: tuple[int, int, int, int], live: Sequence[int], wishes: Wishes) -> Arrangement:
    width, height = area[2:]
    indices = [0, *live]
    grids = [(number, -(-len(indices) // number)) for number in range(1, _columns(width) + 1)]
    fitting = [grid for grid in grids if grid[1] * LEAST_ROWS <= height] or grids[-1:]
    rows = max(fitting, key=lambda grid: (_near(width / grid[0], height / grid[1]), -grid[0]))[1]
    grid = _laid(area, len(indices), rows, wishes)
    return _arrangement(_seated(indices, grid), grid, grid.borders)


def _arrangement(places: tuple[Place, ...], grid: _Grid, borders: tuple[Border, ...]) -> Arrangement:
    return Arrangement(places, borders=borders, columns=grid.widths, rows=grid.heights)


# -- pages


@dataclass(frozen=True, slots=True)
class Page:
    """Who stands on one page beside the first tile, in the order of them all; `bands` are the rows of folded ones."""

    live: tuple[int, ...] = ()
    folded: tuple[int, ...] = ()
    bands: int = 0

    @property
    def everyone(self) -> frozenset[int]:
        """All that stand on it."""
        return frozenset((*self.live, *self.folded))


def paged(width: int, height: int, tiles: Tiles, wishes: Wishes) -> list[Page]:
    """Share the tiles out to pages: each of them stands on one, and on each they stand in their order.

    Those that come first fill the first pages, terminals before results; results go below the terminals of a page as
    far as they fit, and then on pages of their own. A folded one that becomes the current one unfolds on the page where
    it stood; who has no place there any more goes to the next.
    """
    ranked = sorted(tiles.order, key=lambda index: index not in tiles.first)
    live = [index for index in ranked if index not in tiles.folded]
    folded = [index for index in ranked if index in tiles.folded]
    pages = _shared(live, folded, tiles, _Room(width, height, wishes))
    if tiles.current in folded:
        at = next(number for number, page in enumerate(pages) if tiles.current in page.folded)
        folded.remove(tiles.current)
        pages = _shared(live, folded, tiles, _Room(width, height, wishes), guest=at)
    return pages


def _shared(live: Sequence[int], folded: Sequence[int], tiles: Tiles, room: _Room, guest: int = -1) -> list[Page]:
    """Fill page after page; the current tile is a guest among the terminals of the page that is named."""
    pages: list[Page] = []
    while live or folded or len(pages) <= guest or not pages:
        guests = [tiles.current] if len(pages) == guest else []
        bands = room.bands(len(live) + len(guests), len(folded))
        seats = room.seats(bands) - len(guests)
        results = bands * _columns(room.width)
        pages.append(Page(_in_order([*live[:seats], *guests], tiles), _in_order(folded[:results], tiles), bands))
        live, folded = live[seats:], folded[results:]
    return pages


def _in_order(indices: Sequence[int], tiles: Tiles) -> tuple[int, ...]:
    return tuple(index for index in tiles.order if index in indices)


@dataclass(frozen=True, slots=True)
class _Room:
    """What has room on one page."""

    width: int
    height: int
    wishes: Wishes

    def seats(self, bands: int) -> int:
        """Return for how many terminals there is room beside the first tile, above so many bands of results."""
        height = self.height - bands * FOLDED_ROWS
        match self.wishes.shape:
            case Shape.ABOVE:
                return _columns(self.width) * max(1, (height - LEAST_ROWS) // LEAST_ROWS)
            case Shape.BESIDE:
                return _columns(self.width - _beside_width(self.width, self.wishes)) * max(1, height // LEAST_ROWS)
            case Shape.EVEN:
                return max(1, _columns(self.width) * max(1, height // LEAST_ROWS) - 1)

    def bands(self, live: int, folded: int) -> int:
        """Return the rows of results under so many terminals: a few, and more where no terminal loses its seat."""
        wanted = -(-folded // _columns(self.width))
        if not live:
            return min(wanted, (self.height - LEAST_ROWS) // FOLDED_ROWS)
        few = min(wanted, FOLDED_BANDS)
        most = min(wanted, int(self.height * FOLDED_SHARE) // FOLDED_ROWS)
        seated = min(live, self.seats(few))
        return next((bands for bands in range(most, few, -1) if min(live, self.seats(bands)) == seated), few)


# -- sizes


def _team(width: int, workers: int, wishes: Wishes) -> int:
    """Return the width of the team's column, or nothing when it has none."""
    if width < TEAM_FROM and workers <= TEAM_PAST:
        return 0
    usual = WIDE_TEAM_COLUMNS if width >= TEAM_FROM else TEAM_COLUMNS
    tiles = _columns(width - usual + TEAM_SPARES) * LEAST_COLUMNS
    return min(wishes.team or min(usual, width - tiles), width - LEAST_COLUMNS)


def _columns(width: int) -> int:
    """Return how many tiles stand side by side in a width."""
    return max(1, width // LEAST_COLUMNS)


def _beside_width(width: int, wishes: Wishes) -> int:
    """Return the width of the first tile where the others stand beside it."""
    return max(LEAST_COLUMNS, min(round(width * (wishes.lead or BESIDE_SHARE)), width - LEAST_COLUMNS))


def _band(page: Page, area: tuple[int, int, int, int]) -> tuple[Place, ...]:
    """Place a page's folded tiles at the bottom of an area."""
    x, y, width, height = area
    columns, top = _columns(width), y + height - page.bands * FOLDED_ROWS
    places = []
    for row in range(page.bands):
        here = page.folded[row * columns : (row + 1) * columns]
        left = x
        for index, wide in zip(here, split(width, len(here), (), 1), strict=True):
            places.append(Place(index, left, top + row * FOLDED_ROWS, wide, FOLDED_ROWS, folded=True))
            left += wide
    return tuple(places)


def _grid(width: int, height: int, tiles: int) -> _Grid:
    """Choose columns and rows so that the tiles come nearest to a comfortable size."""
    grids = [(columns, -(-tiles // columns)) for columns in range(1, _columns(width) + 1)]
    fitting = [grid for grid in grids if (grid[1] + 1) * LEAST_ROWS <= height] or grids[-1:]
    return _Grid(*max(fitting, key=lambda grid: (_ease(width, height, *grid), -grid[0])))


def _ease(width: int, height: int, columns: int, rows: int) -> float:
    below = height - max(LEAST_ROWS, min(round(height * LEAD_SHARE), height - rows * LEAST_ROWS))
    return _near(width / columns, below / rows)


def _near(width: float, height: float) -> float:
    """Say how near a tile comes to a comfortable size, in its worse direction; 1 is comfortable."""
    return min(width / EASY_COLUMNS, height / EASY_ROWS, 1.0)


def _laid(area: tuple[int, int, int, int], tiles: int, rows: int, wishes: Wishes) -> _Grid:
    """Fill an area row by row; the tiles of a last, shorter row share its whole width."""
    x, y, width, height = area
    columns = -(-tiles // rows)
    widths = split(width, columns, wishes.columns, LEAST_COLUMNS)
    heights = split(height, rows, wishes.rows, LEAST_ROWS)
    boxes, top = [], y
    for row, tall in enumerate(heights):
        here = min(columns, tiles - row * columns)
        left = x
        for wide in widths if here == columns else split(width, here, (), LEAST_COLUMNS):
            boxes.append((left, top, wide, tall))
            left += wide
        top += tall
    lines = [Border("column", number, x + sum(widths[: number + 1]), upright=True) for number in range(columns - 1)]
    lines += [Border("row", number, y + sum(heights[: number + 1]), upright=False) for number in range(rows - 1)]
    return _Grid(columns, rows, tuple(boxes), widths, heights, tuple(lines))


def _seated(indices: Sequence[int], grid: _Grid) -> tuple[Place, ...]:
    return tuple(Place(index, *box) for index, box in zip(indices, grid.boxes, strict=True))


def split(total: int, parts: int, weights: Sequence[int], least: int) -> tuple[int, ...]:
    """Share a length among parts, by weight if there is one for each; none under `least` where all can have it."""
    if parts < 1:
        return ()
    shares = list(weights) if len(weights) == parts else [1] * parts
    least = min(least, total // parts)
    spare, whole = total - least * parts, sum(max(share, 0) for share in shares) or 1
    wanted = [max(0.0, total * share / whole - least) for share in shares]
    scale = spare / (sum(wanted) or 1)
    ends, reached = [0], 0.0
    for want in wanted:
        reached += want * scale
        ends.append(round(reached))
    ends[-1] = spare
    return tuple(least + after - before for before, after in pairwise(ends))


def _shift(sizes: tuple[int, ...], border: Border, to: int, least: int) -> tuple[int, ...]:
    before, after = sizes[border.number], sizes[border.number + 1]
    by = max(least - before, min(to - border.at, after - least))
    changed = list(sizes)
    changed[border.number] += by
    changed[border.number + 1] -= by
    return tuple(changed)


def _within(share: float, least: float) -> float:
    return max(least, min(share, 1 - least))
