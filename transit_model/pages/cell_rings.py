"""Rings of a sparse network drawn as what they are: the cells that are reached.

Between few roads a ring is a star: it follows each road and narrows to a point where the time runs out, so that its
outline says more than the model knows. Such rings are drawn as the squares of the map's raster (`surface.lattice`), by
the whole minutes that a click on them tells. Tables and downloads of areas and people keep the exact rings.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from transit_model.pages.shapes import M_PER_DEGREE
from transit_model.study.newly import find_within, locate

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from transit_model.pages.view import StudyView
    from transit_model.surface.lattice import Lattice, Minutes

MOST_RAGGED: Final = 2.0
"""A ring whose outline is longer than that of discs of its area by more than this factor is drawn as cells (judged:
on the shipped region rings by road have 2.9 to 4.5, those round stations 1 to 1.5)."""
LEAST_CELLS: Final = 400
"""A ring of fewer cells keeps its outline: its cells would be coarser than what is to be seen (judged)."""
RingKey = tuple[str, str, str]
"""Reading, mode, origin."""


def measure_raggedness(ring: BaseGeometry) -> float:
    """Return the length of the outlines of a ring over those of discs as large as its parts; 1 for discs, 0 if empty.

    The inverse square root of the compactness of Polsby and Popper (1991), 4 pi A / P^2, for several parts: sum of P
    over sum of 2 sqrt(pi A). In degrees, longitude shortened as in the middle of the ring.
    """
    import shapely

    if ring.is_empty:
        return 0.0
    _, south, _, north = ring.bounds
    squeeze = math.cos(math.radians((south + north) / 2))
    parts = shapely.get_parts(shapely.transform(ring, lambda xy: xy * [squeeze, 1.0]))
    area = shapely.area(parts)
    discs = float(np.sum(2 * np.sqrt(np.pi * area)))
    return float(np.sum(shapely.length(parts))) / discs if discs > 0 else 0.0


def find_ragged_rings(view: StudyView) -> frozenset[RingKey]:
    """Return the kinds of rings that are drawn as cells: the widest ring of some scenario is ragged and large enough.

    A kind is drawn alike in all scenarios, so that a difference between two of them is one of the model.
    """
    if view.cells is None or not len(view.rings):
        return frozenset()
    lattice = view.cells.lattice
    rings = view.rings
    widest = rings[rings["cutoff_min"] == rings["cutoff_min"].max()]
    found: set[RingKey] = set()
    seen: dict[bytes, bool] = {}
    for scenario, *key, shape in zip(
        *(widest[c].astype(str) for c in ("scenario", "reading", "mode", "origin")), widest.geometry, strict=True
    ):
        reading, mode, origin = key
        if (reading, mode, origin) in found or (scenario, origin, mode, reading) not in view.cells.minutes:
            continue
        wkb = shape.wkb
        if wkb not in seen:
            seen[wkb] = count_cells(lattice, shape) >= LEAST_CELLS and measure_raggedness(shape) > MOST_RAGGED
        if seen[wkb]:
            found.add((reading, mode, origin))
    return frozenset(found)


def count_cells(lattice: Lattice, ring: BaseGeometry) -> float:
    """Return how many cells of a raster a ring is as large as, by its area in degrees at its middle."""
    if ring.is_empty:
        return 0.0
    _, south, _, north = ring.bounds
    return float(ring.area) / (lattice.step**2 * math.cos(math.radians((south + north) / 2)))


def draw_cell_rings(lattice: Lattice, minutes: Minutes, cutoffs_min: Iterable[float]) -> list[BaseGeometry]:
    """Return for each cutoff the outline of the cells whose whole minutes are within it, in degrees.

    Rings of larger cutoffs hold those of smaller ones, since all are made of whole cells.
    """
    return [outline_cells(lattice, find_within(minutes, cutoff)) for cutoff in cutoffs_min]


def outline_cells(lattice: Lattice, chosen: npt.NDArray[np.bool_]) -> BaseGeometry:
    """Return the area of some of the cells inside, (n,) bool, as polygons whose sides are those of cells."""
    import shapely

    mask = np.zeros((lattice.ny, lattice.nx), dtype=bool)
    mask[lattice.inside] = chosen
    padded = np.pad(mask, ((0, 0), (1, 1))).astype(np.int8)
    row, start = np.nonzero(np.diff(padded, axis=1) == 1)
    _, end = np.nonzero(np.diff(padded, axis=1) == -1)
    if not len(row):
        return shapely.MultiPolygon()
    # In rows and columns all is whole, so that shared sides are the same to the bit.
    runs = shapely.box(start, row, end, row + 1)
    area = shapely.union_all(runs)
    return shapely.transform(shapely.MultiPolygon(list(shapely.get_parts(area))), lambda xy: locate(lattice, xy))


def measure_cell_km(lattice: Lattice) -> float:
    """Return the side of a cell in km, in the middle of the raster."""
    y = math.radians(lattice.north_y - lattice.ny / 2 * lattice.step)
    lat = 2 * math.atan(math.exp(y)) - math.pi / 2
    return lattice.step * M_PER_DEGREE / 1000 * math.cos(lat)
