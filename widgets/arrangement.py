"""Where tiles stand: pure arithmetic over a width, a height and what there is to place; tile 0 leads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import pairwise

LEAST_ROWS = 8  # of a tile, its edges included: under it a terminal shows no more than its own prompt
LEAST_COLUMNS = 44  # of a tile
FOLDED_ROWS = 3  # of a tile that only says what came of it
FOLDED_BANDS = 2  # rows of such tiles below those with a terminal
STAGE_COLUMNS, STAGE_ROWS = 100, 28  # a smaller place shows one tile at a time
EASY_COLUMNS, EASY_ROWS = 80, 20  # a tile of this size is comfortable; more adds little
LEAD_SHARE = 2 / 5  # of the height that the first tile gets if the others leave it
BESIDE_SHARE = 1 / 2  # of the width that it gets when it stands beside the others
TEAM_FROM, TEAM_PAST = 150, 6  # columns, or workers, from which the team has a column of its own
TEAM_COLUMNS, WIDE_TEAM_COLUMNS, LEAST_TEAM_COLUMNS = 30, 38, 24


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
    small = width < STAGE_COLUMNS or height < STAGE_ROWS
    everyone = len({*tiles.order, tiles.current} - {0})
    if not everyone:
        return Arrangement((Place(0, 0, 0, width, height),))
    team = 0 if small or tiles.alone else _team(width, everyone, wishes)
    if tiles.listed and not team:
        return Arrangement((), team=Place(-1, 0, 0, width, height))
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
    live = [index for index in tiles.order if index not in tiles.folded or index == tiles.current]
    folded = [index for index in tiles.order if index not in live]
    band = _band(folded, area, FOLDED_BANDS if live else max(0, (height - LEAST_ROWS) // FOLDED_ROWS))
    upper = (x, y, width, height - band[1])
    shape = wishes.shape if live else Shape.ABOVE
    if shape is Shape.EVEN:
        arrangement = _even(upper, live, tiles, wishes)
    elif shape is Shape.BESIDE and width >= 2 * LEAST_COLUMNS:
        arrangement = _beside(upper, live, tiles, wishes)
    else:
        arrangement = _above(upper, live, tiles, wishes)
    return replace(arrangement, places=(*arrangement.places, *band[0]), area=upper)


def _above(area: tuple[int, int, int, int], live: list[int], tiles: Tiles, wishes: Wishes) -> Arrangement:
    x, y, width, height = area
    if not live:
        return Arrangement((Place(0, *area),))
    page = _page(live, tiles, max(1, width // LEAST_COLUMNS) * max(1, (height - LEAST_ROWS) // LEAST_ROWS))
    rows = _grid(width, height, len(page.indices)).rows
    share = round(height * (wishes.lead or LEAD_SHARE))
    lead = max(LEAST_ROWS, min(share, height - rows * LEAST_ROWS))
    grid = _laid((x, y + lead, width, height - lead), len(page.indices), rows, wishes)
    places = (Place(0, x, y, width, lead), *_seated(page.indices, grid))
    borders = (Border("lead", 0, y + lead, upright=False), *grid.borders)
    return Arrangement(places, False, page.number, page.pages, None, borders, grid.widths, grid.heights)


def _beside(area: tuple[int, int, int, int], live: list[int], tiles: Tiles, wishes: Wishes) -> Arrangement:
    x, y, width, height = area
    lead = max(LEAST_COLUMNS, min(round(width * (wishes.lead or BESIDE_SHARE)), width - LEAST_COLUMNS))
    right = (x + lead, y, width - lead, height)
    page = _page(live, tiles, max(1, right[2] // LEAST_COLUMNS) * max(1, height // LEAST_ROWS))
    columns = max(1, right[2] // LEAST_COLUMNS)
    fitting = [-(-len(page.indices) // number) for number in range(1, columns + 1)]
    rows = next((number for number in fitting if number * LEAST_ROWS <= height), fitting[-1])
    grid = _laid(right, len(page.indices), rows, wishes)
    places = (Place(0, x, y, lead, height), *_seated(page.indices, grid))
    borders = (Border("lead", 0, x + lead, upright=True), *grid.borders)
    return Arrangement(places, False, page.number, page.pages, None, borders, grid.widths, grid.heights)


def _even(area: tuple[int, int, int, int], live: list[int], tiles: Tiles, wishes: Wishes) -> Arrangement:
    width, height = area[2:]
    page = _page(live, tiles, max(1, max(1, width // LEAST_COLUMNS) * max(1, height // LEAST_ROWS) - 1))
    indices = [0, *page.indices]
    columns = list(range(1, max(1, width // LEAST_COLUMNS) + 1))
    grids = [(number, -(-len(indices) // number)) for number in columns]
    fitting = [grid for grid in grids if grid[1] * LEAST_ROWS <= height] or grids[-1:]
    rows = max(fitting, key=lambda grid: (_near(width / grid[0], height / grid[1]), -grid[0]))[1]
    grid = _laid(area, len(indices), rows, wishes)
    places = _seated(indices, grid)
    return Arrangement(places, False, page.number, page.pages, None, grid.borders, grid.widths, grid.heights)


# -- pages


@dataclass(frozen=True, slots=True)
class _Page:
    indices: list[int]
    number: int
    pages: int


def _page(live: list[int], tiles: Tiles, seats: int) -> _Page:
    """Choose who is on the page: those that come first on the first one, and everybody in their order on each."""
    if len(live) <= seats:
        return _Page(live, 0, 1)
    ranked = sorted(live, key=lambda index: index not in tiles.first)
    pages = -(-len(live) // seats)
    number = ranked.index(tiles.current) // seats if tiles.current in ranked else min(tiles.page, pages - 1)
    here = set(ranked[number * seats : (number + 1) * seats])
    return _Page([index for index in live if index in here], number, pages)


# -- sizes


def _team(width: int, workers: int, wishes: Wishes) -> int:
    """Return the width of the team's column, or nothing when it has none."""
    if width < TEAM_FROM and workers <= TEAM_PAST:
        return 0
    usual = WIDE_TEAM_COLUMNS if width >= TEAM_FROM else TEAM_COLUMNS
    return min(wishes.team or usual, width - LEAST_COLUMNS)


def _band(folded: Sequence[int], area: tuple[int, int, int, int], most: int) -> tuple[list[Place], int]:
    """Place what is folded at the bottom of an area, in as many rows as it may have; returns them and their height."""
    x, y, width, height = area
    columns = max(1, width // LEAST_COLUMNS)
    rows = min(most, -(-len(folded) // columns))
    shown = list(folded)[: rows * columns]
    tall = rows * FOLDED_ROWS
    places = []
    for row in range(rows):
        here = shown[row * columns : (row + 1) * columns]
        left = x
        for index, wide in zip(here, split(width, len(here), (), 1), strict=True):
            places.append(Place(index, left, y + height - tall + row * FOLDED_ROWS, wide, FOLDED_ROWS, folded=True))
            left += wide
    return places, tall


def _grid(width: int, height: int, tiles: int) -> _Grid:
    """Choose columns and rows so that the tiles come nearest to a comfortable size."""
    grids = [(columns, -(-tiles // columns)) for columns in range(1, max(1, width // LEAST_COLUMNS) + 1)]
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
