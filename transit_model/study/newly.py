"""The ground that a plan brings within minutes of a place: its cells, its largest patch, the point that names it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from transit_model.surface.lattice import NOT_REACHED

if TYPE_CHECKING:
    from transit_model.surface.lattice import Lattice, Minutes

_EIGHT = np.ones((3, 3), dtype=np.int64)
"""Cells that touch at a side or a corner are one patch."""


def find_within(minutes: Minutes, cutoff_min: float) -> npt.NDArray[np.bool_]:
    """Return which cells are within whole minutes of a cutoff, (n,) bool."""
    within: npt.NDArray[np.bool_] = (minutes != NOT_REACHED) & (minutes <= cutoff_min + 1)
    return within


def locate(lattice: Lattice, xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return lon, lat of points that are given by column and row from the north-west corner, (n, 2)."""
    lon = lattice.west_lon + xy[:, 0] * lattice.step
    y = np.radians(lattice.north_y - xy[:, 1] * lattice.step)
    return np.column_stack([lon, np.degrees(2 * np.arctan(np.exp(y))) - 90.0])


def find_newly(before: Minutes, after: Minutes, cutoff_min: float) -> npt.NDArray[np.bool_]:
    """Return which cells are within whole minutes of a cutoff after a change and were not before, (n,) bool."""
    newly: npt.NDArray[np.bool_] = find_within(after, cutoff_min) & ~find_within(before, cutoff_min)
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
    lon, lat = locate(lattice, np.array([[columns[at] + 0.5, rows[at] + 0.5]]))[0]
    return round(float(lon), 4), round(float(lat), 4)
