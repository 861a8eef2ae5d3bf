"""Patches: what changed in several places of the glass is drawn place by place, and of each place its own rows only.

Textual asks every widget in the one box around everything that changed for all its rows. A title and a line far below
it are then the whole glass, and even a title alone costs the rows of all that could lie under it.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from textual._compositor import Compositor, CompositorUpdate
from textual.geometry import Region
from textual.strip import Strip

MOST = 24  # regions that are worth being sorted; where more changed, nearly everything did
WASTE = 240  # cells that are rather drawn in vain than in an update of their own


class Patchwork(Compositor):
    """Textual's compositor, whose partial updates leave out what lies between the places that changed."""

    def render_partial_update(self) -> CompositorUpdate | None:  # type: ignore[override]  # what is drawn asks no more
        """Render an update of all dirty regions."""
        dirty = self._dirty_regions
        if not 1 < len(dirty) <= MOST:
            return super().render_partial_update()
        updates = []
        for patch in patches(dirty):
            self._dirty_regions = patch
            if (update := super().render_partial_update()) is not None:
                updates.append(update)
        return updates[0] if len(updates) == 1 else _Updates(updates)

    def _get_renders(self, crop: Region | None = None) -> Iterable[tuple[Region, Region, list[Strip]]]:
        """Give of every widget in the crop the rows that lie in it, down to one that covers all of it."""
        if crop is None:
            yield from super()._get_renders()
            return
        for widget, (region, clip) in self.visible_widgets.items():
            seen = region.intersection(clip)
            if seen.overlaps(crop):
                top, bottom = max(seen.y, crop.y), min(seen.bottom, crop.bottom)
                band = Region(seen.x, top, seen.width, bottom - top)
                yield band, band, widget.render_lines(band.translate((-region.x, -region.y)))
                if seen.contains_region(crop):
                    return  # front to back: what lies under it is not seen


class _Updates(CompositorUpdate):
    """Several updates in one."""

    def __init__(self, updates: Iterable[CompositorUpdate]) -> None:
        self._updates = tuple(updates)

    def render_segments(self, console: Console) -> str:
        """Render them one after the other."""
        return "".join(each.render_segments(console) for each in self._updates)


def patches(regions: Iterable[Region]) -> list[set[Region]]:
    """Put regions together that lie so close that their common box holds little else."""
    boxes: list[Region] = []
    found: list[set[Region]] = []
    for region in sorted(regions, key=lambda each: (each.y, each.x)):
        for number, box in enumerate(boxes):
            union = box.union(region)
            if union.area <= box.area + region.area + WASTE:
                boxes[number] = union
                found[number].add(region)
                break
        else:
            boxes.append(region)
            found.append({region})
    return found
