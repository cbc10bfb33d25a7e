"""Where a plan brings people within reach: the ground that enters a circle, and the point that bears their number.

Ground within a few minutes of a city may be as small on the map as the mark of the city, though most of the people of
the sentence live there. So it is painted above the minutes saved, and a number on a leader points at it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from transit_model.pages.cell_rings import find_within, locate
from transit_model.study.cell_minutes import CellMinutes

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from transit_model.pages.view import StudyView
    from transit_model.surface.lattice import Lattice, Minutes

    Rings = Mapping[tuple[str, str, str, str, float], tuple[float, BaseGeometry]]

_EIGHT = np.ones((3, 3), dtype=np.int64)
"""Cells that touch at a side or a corner are one patch."""


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


def find_ring_anchor(before: BaseGeometry | None, after: BaseGeometry | None) -> tuple[float, float] | None:
    """Return lon, lat of a point of the largest ground that a ring has and the one before had not, None without any."""
    import shapely

    if after is None or after.is_empty:
        return None
    parts = shapely.get_parts(after if before is None else shapely.difference(after, before))
    if not len(parts):
        return None
    point = shapely.point_on_surface(max(parts, key=lambda p: p.area))
    return round(float(point.x), 4), round(float(point.y), 4)


def locate_gain(
    cells: CellMinutes, rings: Rings, pair: tuple[str, str], kind: tuple[str, str, str], cutoff_min: float
) -> tuple[float, float] | None:
    """Return the point that bears the number of people whom a circle gains; None where it gains nobody.

    It lies on the cells of the map (`find_anchor`); where the ground is narrower than a cell, on that of the rings.

    Parameters
    ----------
    rings : mapping of (scenario, origin, mode, reading, cutoff) to (people, geometry)
        See `index_rings`.
    pair : (base, scenario)
    kind : (origin, mode, reading)
    """
    (people, was), (more, now) = (rings.get((s, *kind, cutoff_min), (0.0, None)) for s in pair)
    if more <= people:
        return None
    newly = find_newly(*cells.get_pair(*pair, kind), cutoff_min)
    return find_anchor(cells.lattice, newly, cells.people) or find_ring_anchor(was, now)


def index_rings(view: StudyView) -> Rings:
    """Return people and geometry of the rings of a study by scenario, origin, mode, reading and cutoff."""
    table = view.rings
    keys = (table[c].tolist() for c in ("scenario", "origin", "mode", "reading", "cutoff_min"))
    values = zip(table["population"].tolist(), table.geometry, strict=True)
    return dict(zip(zip(*keys, strict=True), values, strict=True))


def list_anchors(view: StudyView, pair: tuple[str, str]) -> dict[tuple[str, str, str], list[list[float]]]:
    """Return ``[cutoff, lon, lat]`` of each circle by origin, mode and reading that gains people, see `locate_gain`."""
    if view.cells is None:
        return {}
    rings, cutoffs = index_rings(view), sorted({float(c) for c in view.rings["cutoff_min"]})
    out: dict[tuple[str, str, str], list[list[float]]] = {}
    for kind in view.cells.list_kinds(*pair):
        found = ((c, locate_gain(view.cells, rings, pair, kind, c)) for c in cutoffs)
        if anchors := [[c, *at] for c, at in found if at is not None]:
            out[kind] = anchors
    return out
