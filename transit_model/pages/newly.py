"""Where a plan brings people within reach: the ground that enters a circle, and the point that bears their number.

Ground within a few minutes of a city may be as small on the map as the mark of the city, though most of the people of
the sentence live there. So it is painted above the minutes saved, and a number on a leader points at it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from transit_model.study.cell_minutes import CellMinutes

if TYPE_CHECKING:
    from transit_model.surface.lattice import Lattice, Minutes

_EIGHT = np.ones((3, 3), dtype=np.int64)
"""Cells that touch at a side or a corner are one patch."""


def find_newly(before: Minutes, after: Minutes, cutoff_min: float) -> npt.NDArray[np.bool_]:
    """Return which cells are within whole minutes of a cutoff after a change and were not before, (n,) bool."""
    within = [(m > 0) & (m <= cutoff_min + 1) for m in (before, after)]
    newly: npt.NDArray[np.bool_] = within[1] & ~within[0]
    return newly


def find_largest_patch(
    lattice: Lattice, newly: npt.NDArray[np.bool_], people: npt.NDArray[np.float64] | None
) -> npt.NDArray[np.bool_]:
    """Return the connected cells in which most people live, (n,) bool; the most cells where the people are as many."""
    from scipy.ndimage import label

    grid = np.zeros((lattice.ny, lattice.nx), dtype=bool)
    grid[lattice.inside] = newly
    patch = label(grid, structure=_EIGHT)[0][lattice.inside]
    size = np.bincount(patch)
    live = np.bincount(patch, weights=people) if people is not None else np.zeros(len(size))
    best = max(range(1, len(size)), key=lambda i: (live[i], size[i], -i), default=0)
    chosen: npt.NDArray[np.bool_] = (patch == best) & newly
    return chosen


def find_anchor(
    lattice: Lattice, newly: npt.NDArray[np.bool_], people: npt.NDArray[np.float64] | None
) -> tuple[float, float] | None:
    """Return lon, lat of the cell of the largest patch nearest to the middle of its people; None without a cell."""
    if not newly.any():
        return None
    cells = np.flatnonzero(find_largest_patch(lattice, newly, people))
    rows, columns = (v[cells] for v in np.nonzero(lattice.inside))
    weights = np.ones(len(cells)) if people is None or not people[cells].sum() else people[cells]
    middle = [float(np.average(v, weights=weights)) for v in (rows, columns)]
    at = int(np.argmin((rows - middle[0]) ** 2 + (columns - middle[1]) ** 2))
    lon = lattice.west_lon + (float(columns[at]) + 0.5) * lattice.step
    y = np.radians(lattice.north_y - (float(rows[at]) + 0.5) * lattice.step)
    return round(lon, 4), round(float(np.degrees(2 * np.arctan(np.exp(y)))) - 90.0, 4)


def list_anchors(
    cells: CellMinutes, base: str, scenario: str, kind: tuple[str, str, str], cutoffs_min: list[float]
) -> list[list[float]]:
    """Return ``[cutoff, lon, lat]`` of each circle that a plan widens, see `find_anchor`."""
    before, after = cells.get_pair(base, scenario, kind)
    if before is after or np.array_equal(before, after):
        return []
    found = ((c, find_anchor(cells.lattice, find_newly(before, after, c), cells.people)) for c in cutoffs_min)
    return [[c, *at] for c, at in found if at is not None]
