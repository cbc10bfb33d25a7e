"""Where a plan brings people within reach: the ground that enters a circle, and the point that bears their number.

Ground within a few minutes of a city may be as small on the map as the mark of the city, though most of the people of
the sentence live there. So it is painted above the minutes saved, and a number on a leader points at it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from transit_model.study.cell_minutes import CellMinutes
from transit_model.study.newly import find_anchor, find_newly

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from transit_model.pages.view import StudyView

    Rings = Mapping[tuple[str, str, str, str, float], tuple[float, BaseGeometry]]


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
