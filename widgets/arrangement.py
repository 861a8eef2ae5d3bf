"""Where tiles stand: pure arithmetic over a width, a height and a number of tiles; the first tile leads."""

from __future__ import annotations

from dataclasses import dataclass

LEAST_ROWS = 8  # of a tile, its edges included: under it a terminal shows no more than its own prompt
LEAST_COLUMNS = 50  # of a tile
STAGE_COLUMNS, STAGE_ROWS = 100, 28  # a smaller place shows one tile at a time
EASY_COLUMNS, EASY_ROWS = 80, 20  # a tile of this size is comfortable; more adds little
LEAD_SHARE = 2 / 5  # of the height that the first tile gets if the others leave it


@dataclass(frozen=True, slots=True)
class Place:
    """Where one tile stands, in cells."""

    index: int
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The tiles that can be seen; `tabs` says that row 0 is for the line that lists them all."""

    places: tuple[Place, ...]
    tabs: bool = False
    page: int = 0
    pages: int = 1

    @property
    def shown(self) -> frozenset[int]:
        """The numbers of the tiles that can be seen."""
        return frozenset(place.index for place in self.places)


def arrange(
    width: int, height: int, tiles: int, *, current: int = 0, page: int = 0, alone: bool = False
) -> Arrangement:
    """Place `tiles` tiles, of which `current` has the focus; `page` is shown when the focus is on the first tile."""
    if tiles < 1 or width < 1 or height < 1:
        return Arrangement(())
    if tiles == 1:
        return Arrangement((Place(0, 0, 0, width, height),))
    if alone or width < STAGE_COLUMNS or height < STAGE_ROWS:
        return _one(width, height, min(current, tiles - 1))
    return _stage(width, height, tiles - 1, current, page)


def _one(width: int, height: int, current: int) -> Arrangement:
    return Arrangement((Place(current, 0, 1, width, max(1, height - 1)),), tabs=True)


def _stage(width: int, height: int, workers: int, current: int, page: int) -> Arrangement:
    fits = _capacity(width, height)
    tabs = workers > fits
    top = 1 if tabs else 0
    seats = _capacity(width, height - top) if tabs else workers
    pages = -(-workers // seats)
    page = (current - 1) // seats if current else min(page, pages - 1)
    first = page * seats
    shown = min(seats, workers - first)
    columns, rows = _grid(width, height - top, shown)
    lead = max(LEAST_ROWS, min(round((height - top) * LEAD_SHARE), height - top - rows * LEAST_ROWS))
    places = [Place(0, 0, top, width, lead)]
    places += _tiles(first + 1, shown, columns, rows, (0, top + lead, width, height - top - lead))
    return Arrangement(tuple(places), tabs, page, pages)


def _capacity(width: int, height: int) -> int:
    """Return how many tiles can stand below the first one."""
    return max(1, width // LEAST_COLUMNS) * max(1, (height - LEAST_ROWS) // LEAST_ROWS)


def _grid(width: int, height: int, tiles: int) -> tuple[int, int]:
    """Choose columns and rows so that the tiles come nearest to a comfortable size."""
    grids = [(columns, -(-tiles // columns)) for columns in range(1, max(1, width // LEAST_COLUMNS) + 1)]
    fitting = [grid for grid in grids if (grid[1] + 1) * LEAST_ROWS <= height] or grids[-1:]
    return max(fitting, key=lambda grid: (_ease(width, height, *grid), -grid[0]))


def _ease(width: int, height: int, columns: int, rows: int) -> float:
    """Say how near a tile comes to a comfortable size, in its worse direction; 1 is comfortable."""
    below = height - max(LEAST_ROWS, min(round(height * LEAD_SHARE), height - rows * LEAST_ROWS))
    return min(width / columns / EASY_COLUMNS, below / rows / EASY_ROWS, 1.0)


def _tiles(first: int, tiles: int, columns: int, rows: int, area: tuple[int, int, int, int]) -> list[Place]:
    """Fill an area row by row; the tiles of a last, shorter row share its whole width."""
    x, y, width, height = area
    places = []
    for row in range(rows):
        here = min(columns, tiles - row * columns)
        top, bottom = y + height * row // rows, y + height * (row + 1) // rows
        for column in range(here):
            left, right = x + width * column // here, x + width * (column + 1) // here
            places.append(Place(first + row * columns + column, left, top, right - left, bottom - top))
    return places
