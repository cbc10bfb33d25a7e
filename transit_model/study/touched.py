"""Which cells an edit may touch: those that a changed piece of road, node or stop is near enough to reach.

Roads are compared link by link and not piece by piece: a link of the same id and course in both, reached at the same
times to the bit, has the same pieces. So the work and the memory are those of two numbers a link.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.domain.modes import PARTS, Mode, Reading
from transit_model.domain.place import Place
from transit_model.domain.rows import are_unique, find_rows
from transit_model.measure.memo import Memo
from transit_model.measure.own_roads import find_own_roads
from transit_model.measure.place_joins import is_free
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.measure.timed_links import TimedLinks
from transit_model.network.model import Network
from transit_model.network.street_arrays import CompiledStreets
from transit_model.surface.grid import Grid
from transit_model.surface.surface import Courses
from transit_model.units import kmh_to_ms, min_to_s

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
Cells = npt.NDArray[np.bool_]
Ends = tuple[F64, F64, F64, F64]
Changed = tuple[tuple[int, bool], Courses, Cells]
"""Side (0 before, 1 after) and whether motorways, the courses, and which of them changed."""
_MOST_KEPT = 12
"""Modes and readings of which what changed is kept: those of one place, since the best of modes asks for its parts."""
_CELL_MARGIN = 1.5
"""Cells beside a piece of road: half a diagonal for the cell, and one cell for the raster of the piece."""


class Edit:
    """Two builders of surfaces, before and after an edit, with what is compared once for all places.

    Parameters
    ----------
    base, scenario : SurfaceBuilder
        On one grid.
    """

    def __init__(self, base: SurfaceBuilder, scenario: SurfaceBuilder) -> None:
        self.builders = (base, scenario)
        self.reach_m = compute_reach_m(base.session.network)
        self._partners: dict[bool, I64] = {}
        self._kept = Memo(_MOST_KEPT)
        self._points: dict[tuple[CompiledStreets, CompiledStreets], tuple[I64, I64, int]] = {}

    def find_touched(self, place: Place, mode: Mode, reading: Reading) -> Cells:
        """Return the cells within reach of what is new, gone, or reached at another time, (ny, nx)."""
        pieces = self._list_changed_pieces(place, mode, reading)
        points = self.find_changed_points(place, mode, reading)
        return mark_near(self.builders[0].grid, pieces, points, self.reach_m)

    def _list_changed_pieces(self, place: Place, mode: Mode, reading: Reading) -> list[Ends]:
        runs = [m.list_parts(mode) for m in self.builders]
        found: dict[tuple[int, bool], tuple[Courses, Cells]] = {}
        for part in dict.fromkeys([*runs[0], *runs[1]]):
            question = (place, part, reading, (part in runs[0], part in runs[1]))
            for key, courses, links in self._kept.get("links", question, partial(self._find_changed_links, *question)):
                had = found.get(key)
                found[key] = (courses, links if had is None else had[1] | links)
        pieces = [courses.list_pieces(links) for courses, links in found.values() if links.any()]
        for part in dict.fromkeys([*runs[0], *runs[1]]):
            kind = (place, part, reading)
            if part is not Mode.ROAD or is_free(place):
                pieces.append(self._kept.get("parts", kind, partial(self._list_changed_parts, *kind)))
        return pieces

    def _list_changed_parts(self, place: Place, part: Mode, reading: Reading) -> Ends:
        """Return the pieces of roads told by parts that are in one of the two only, or timed otherwise there.

        By road these are the own ones of a free point, from where one gets onto them.
        """
        if part is Mode.ROAD:
            both = [o.build() for m in self.builders for o in find_own_roads(m.session, m.roads, place, reading)]
        else:
            both = [m.list_part_edges(place, part, reading) for m in self.builders]
        if not both:
            none = np.zeros(0)
            return none, none, none, none
        columns = [np.column_stack([e.x0, e.y0, e.x1, e.y1, e.t0_s, e.t1_s]) for e in both]
        rows, times = np.unique(np.concatenate([np.unique(c, axis=0) for c in columns]), axis=0, return_counts=True)
        x0, y0, x1, y1 = rows[times == 1, :4].T
        return x0, y0, x1, y1

    def _find_changed_links(self, place: Place, part: Mode, reading: Reading, runs: tuple[bool, bool]) -> list[Changed]:
        """Return the changed links of one mode by side and whether motorways; `runs` says on which sides it runs."""
        both = [
            m.list_timed_links(place, part, reading) if run else None
            for m, run in zip(self.builders, runs, strict=True)
        ]
        out: list[Changed] = []
        for n, motorway in enumerate((False, True)):
            old, new = (None if side is None else side[n] for side in both)
            changed: tuple[Cells | None, ...]
            if old is not None and new is not None:
                changed = find_changed_links(old, new, self._find_partners(old, new))
            else:  # a mode that runs in one of them only
                changed = tuple(None if t is None else np.isfinite(t.t0_s) & np.isfinite(t.t1_s) for t in (old, new))
            for side, timed, links in zip((0, 1), (old, new), changed, strict=True):
                if timed is not None and links is not None:
                    out.append(((side, motorway), timed.courses, links))
        return out

    def _find_partners(self, old: TimedLinks, new: TimedLinks) -> I64:
        if old.motorway not in self._partners:
            place = self.builders[1].roads.find_place(self.builders[0].roads)
            if old.courses is new.courses:  # shared only where the links are the same
                self._partners[old.motorway] = np.arange(old.courses.n)
            elif place is not None and not old.motorway:
                self._partners[old.motorway] = place
            else:
                links = [m.session.network.links["link_id"] for m in self.builders]
                ids = [c.iloc[t.rows] for c, t in zip(links, (old, new), strict=True)]
                self._partners[old.motorway] = match_links(ids[0], ids[1], old.courses, new.courses)
        return self._partners[old.motorway]

    def find_changed_points(self, place: Place, mode: Mode, reading: Reading) -> tuple[F64, F64]:
        """Return grid x and y of the road nodes reached at another time, and of all stops when one rides.

        A node may be reached by train where no road of the network is, so the pieces of road do not hold all nodes.
        """
        base, scenario = self.builders
        lon_lat = [np.zeros((0, 2))]
        for part in PARTS[mode]:
            question = (place, part, reading)
            lon_lat.append(self._kept.get("nodes", question, partial(self._list_changed_nodes, *question)))
        if mode is not Mode.ROAD:
            for builder in self.builders:
                stops = builder.session.network.feed.stops[["stop_lon", "stop_lat"]].astype("float64").dropna()
                lon_lat.append(stops.to_numpy())
        if base.reach_on_foot(place) != scenario.reach_on_foot(place):
            lon_lat.append(np.array([[place.at.lon, place.at.lat]]))  # walkers round the place itself
        points = np.concatenate(lon_lat)
        x, y = base.grid.project(points[:, 0], points[:, 1])
        return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)

    def _list_changed_nodes(self, place: Place, part: Mode, reading: Reading) -> F64:
        """Return the points that hold a node one may leave and are reached at another time, (n, 2) degrees."""
        streets = [m.session.roads(reading) for m in self.builders]
        *number, n = self._number_points(streets[0], streets[1])
        least = []
        for builder, roads, of_node in zip(self.builders, streets, number, strict=True):
            times = np.full(n, np.inf)
            if part is Mode.ROAD or builder.session.has_service(part):
                node_s = np.where(roads.arrays.may_leave, builder.get_node_s(place, part, reading, 0.5), np.inf)
                np.minimum.at(times, of_node, node_s)
            least.append(times)
        at = np.empty((n, 2))
        for roads, of_node in zip(streets, number, strict=True):
            at[of_node] = np.column_stack([roads.arrays.lon, roads.arrays.lat])
        moved: F64 = at[least[0] != least[1]]
        return moved

    def _number_points(self, old: CompiledStreets, new: CompiledStreets) -> tuple[I64, I64, int]:
        """Return the number of the point that each node stands on, before and after, and how many points there are."""
        if (old, new) not in self._points:
            places = [s.arrays.lon + 1j * s.arrays.lat for s in (old, new)]
            unique, number = np.unique(np.concatenate(places), return_inverse=True)
            number = number.ravel().astype(np.int64)
            self._points[old, new] = (number[: len(places[0])], number[len(places[0]) :], len(unique))
        return self._points[old, new]


def match_links(old_ids: pd.Series[str], new_ids: pd.Series[str], old: Courses, new: Courses) -> I64:
    """Return for each link of before the link of after that has its id and its course to the bit, else -1.

    Of the course the share of the length counts as well: times are shared out by it.
    """
    partner = find_rows(new_ids, old_ids) if are_unique(new_ids) else np.full(len(old_ids), -1)
    rows = np.flatnonzero(partner >= 0)
    many, others = np.diff(old.ptr)[rows], np.diff(new.ptr)[partner[rows]]
    partner[rows[many != others]] = -1
    rows, many = rows[many == others], many[many == others]
    nth = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    own, other = np.repeat(old.ptr[rows], many) + nth, np.repeat(new.ptr[partner[rows]], many) + nth
    moved = (old.x[own] != new.x[other]) | (old.y[own] != new.y[other]) | (old.share[own] != new.share[other])
    partner[np.repeat(rows, many)[moved]] = -1
    return partner


def find_changed_links(old: TimedLinks, new: TimedLinks, partner: I64) -> tuple[Cells, Cells]:
    """Return which links of before and of after are reached at another time, or have no partner and are reached."""
    present = [np.isfinite(t.t0_s) & np.isfinite(t.t1_s) for t in (old, new)]
    changed = [t.copy() for t in present]
    rows = np.flatnonzero(partner >= 0)
    other = partner[rows]
    same = (old.t0_s[rows] == new.t0_s[other]) & (old.t1_s[rows] == new.t1_s[other])
    changed[0][rows] = np.where(present[0][rows] & present[1][other], ~same, present[0][rows] | present[1][other])
    changed[1][other] = False  # marked along the course before, which is the same
    return changed[0], changed[1]


def mark_near(grid: Grid, pieces: Sequence[Ends], points: tuple[F64, F64], reach_m: float) -> Cells:
    """Return the cells (ny, nx) within reach of straight pieces (x0, y0, x1, y1 in metres) and of points."""
    marked = np.zeros(grid.shape, dtype=bool)
    for x0, y0, x1, y1 in pieces:
        steps = np.maximum(np.ceil(np.hypot(x1 - x0, y1 - y0) / grid.cell_m), 1).astype(np.int64)
        piece = np.repeat(np.arange(len(steps)), steps + 1)
        nth = np.arange(len(piece)) - np.repeat(np.cumsum(steps + 1) - (steps + 1), steps + 1)
        share = nth / steps[piece]
        rows, columns, inside = grid.locate(x0[piece] + share * (x1 - x0)[piece], y0[piece] + share * (y1 - y0)[piece])
        marked[rows[inside], columns[inside]] = True
    rows, columns, inside = grid.locate(*points)
    marked[rows[inside], columns[inside]] = True
    if not marked.any():
        return marked
    return spread_marks(marked, reach_m / grid.cell_m + _CELL_MARGIN)


def spread_marks(marked: Cells, far: float) -> Cells:
    """Return the cells (ny, nx) whose centre is at most `far` cells from that of a marked one."""
    from transit_model.surface.rim_kernels import mark_within

    rows = range(min(math.floor(far), marked.shape[0] - 1) + 1)
    widths = np.array([math.isqrt(math.floor(far * far) - up * up) for up in rows], dtype=np.int64)
    near = np.empty_like(marked)
    mark_within(marked, widths, near)
    return near


def compute_reach_m(network: Network) -> float:
    """Return how far one travels off the network at most, on wheels or on foot, in metres."""
    a = network.assumptions
    return max(kmh_to_ms(a.off_network_speed_kmh) * min_to_s(a.off_network_max_min), a.walk_max_m)
