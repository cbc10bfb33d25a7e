"""Where the roads of a network lie on a grid: laid once, and after a change of roads only what is new.

Surfaces take the least over all pieces of road, whichever order these have, so pieces laid in two parts give the cells
they give in one, to the bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from transit_model.domain.rows import find_few_rows
from transit_model.network.model import Network
from transit_model.network.road_change import RoadChange
from transit_model.network.snap import build_course_arrays
from transit_model.network.street_arrays import find_back_rows
from transit_model.surface.grid import Grid
from transit_model.surface.surface import Courses, RoadSegments, TimedRoads

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class RoadLayout:
    """The roads that may be left along their course (all but motorways), on a grid.

    Attributes
    ----------
    rows : (n,) int64
        Rows of ``network.links``.
    back_row : (n_links,) int64
        Row of the way back along the same road of every link, -1 for none.
    back : (n,) int64
        For each of `rows` the place in it of the way back, -1 for none.
    node_xy : two (n_nodes,) float64, metres
    rule : (m/s, s)
        Speed and longest time off the network.
    """

    network: Network
    grid: Grid
    rule: tuple[float, float]
    rows: I64
    back_row: I64
    back: I64
    node_xy: tuple[F64, F64]

    @cached_property
    def courses(self) -> Courses:
        """The courses of `rows` as polylines on the grid."""
        return project_courses(self.network, self.grid, self.rows)

    @cached_property
    def segments(self) -> RoadSegments:
        """The pieces that most of the times are given to: of all roads, or of those before a change."""
        return RoadSegments(self.courses, self.grid, *self.rule)

    def time(self, first_s: F64, last_s: F64) -> list[TimedRoads]:
        """Return the pieces with times, given the seconds at both ends of each of `rows`."""
        return [self.segments.time(first_s, last_s)]

    def release(self) -> None:
        """Forget the pieces until they are asked for again."""
        self.__dict__.pop("segments", None)


@dataclass(frozen=True, eq=False)
class EditedLayout(RoadLayout):
    """A layout made from another.

    Attributes
    ----------
    before : RoadLayout
    place : (n_before,) int64 or None
        For each row of the layout before its place in `rows`, -1 for a road that is no more; None where they are the
        first of `rows`.
    fresh : (k,) int64
        Places in `rows` of the roads that were not laid before.
    """

    before: RoadLayout
    place: I64 | None
    fresh: I64

    @cached_property
    def segments(self) -> RoadSegments:
        """The pieces of the roads before."""
        return self.before.segments

    @cached_property
    def own_segments(self) -> RoadSegments:
        """The pieces of roads that were not laid before: few, each looks for its cells."""
        courses = project_courses(self.network, self.grid, self.rows[self.fresh])
        return RoadSegments(courses, self.grid, *self.rule, few=True)

    def time(self, first_s: F64, last_s: F64) -> list[TimedRoads]:
        """Return the pieces with times, given the seconds at both ends of each of `rows`."""
        if self.place is None:
            n = len(self.before.rows)
            ends = [first_s[:n], last_s[:n]]
        else:
            ends = [np.where(self.place >= 0, column[self.place], np.inf) for column in (first_s, last_s)]
        timed = [self.segments.time(*ends)]
        if len(self.fresh):
            timed.append(self.own_segments.time(first_s[self.fresh], last_s[self.fresh]))
        return timed


def lay_roads(network: Network, grid: Grid, rule: tuple[float, float]) -> RoadLayout:
    """Return the layout of all roads of a network."""
    rows = np.flatnonzero((network.links["highway"] != "motorway").to_numpy(dtype=bool))
    nodes = network.nodes
    at = grid.project(nodes["lon"].to_numpy(dtype=np.float64), nodes["lat"].to_numpy(dtype=np.float64))
    back_row = find_back_rows(network.links)
    return RoadLayout(network, grid, rule, rows, back_row, _find_back(rows, back_row), at)


def _find_back(rows: I64, back_row: I64) -> I64:
    place = np.full(len(back_row) + 1, -1, dtype=np.int64)  # the last is that of no link
    place[rows] = np.arange(len(rows))
    found: I64 = place[back_row[rows]]
    return found


def project_courses(network: Network, grid: Grid, rows: I64) -> Courses:
    """Return the courses of some links as polylines on a grid."""
    ptr, lon, lat = build_course_arrays(network, rows)
    return Courses(ptr, *grid.project(lon, lat))


def edit_layout(before: RoadLayout, network: Network) -> RoadLayout | None:
    """Return the layout of a network from that of the roads before its change; None where it is to be laid anew.

    Streets must be dense: on a corridor network laying all is quickly done.
    """
    change = network.find_road_change()
    if change is None or not before.segments.pieces.is_dense or _bends_old_roads(change):
        return None
    x, y = _project_more(before, change)
    if not len(change.gone) and not len(change.changed):
        rows, back_row, back, fresh = _append(before, change)
        return EditedLayout(network, before.grid, before.rule, rows, back_row, back, (x, y), before, None, fresh)
    links, touched, n_kept = network.links, change.touched, change.n_kept
    row_of = np.full(len(change.before.links) + 1, -1, dtype=np.int64)  # the last is that of no link
    row_of[:-1][change.kept] = np.arange(n_kept)
    ordinary = np.zeros(len(links) + 1, dtype=bool)
    ordinary[row_of[before.rows]] = True
    ordinary[-1] = False
    ordinary[touched] = _find_ordinary(change, touched)
    rows = np.flatnonzero(ordinary[:-1])
    place_of = np.cumsum(ordinary) - 1
    old = row_of[before.rows]
    stands = (old >= 0) & ordinary[old]
    moved = change.changed[_has_moved(change, network)]
    if len(moved):
        stands &= ~np.isin(old, moved)
    laid = np.zeros(len(links) + 1, dtype=bool)
    laid[old[stands]] = True
    fresh = place_of[rows[~laid[rows]]]
    back_row = np.concatenate([row_of[before.back_row][change.kept], _find_own_back(change)])
    back, place = _find_back(rows, back_row), np.where(stands, place_of[old], -1)
    return EditedLayout(network, before.grid, before.rule, rows, back_row, back, (x, y), before, place, fresh)


def _append(before: RoadLayout, change: RoadChange) -> tuple[I64, I64, I64, I64]:
    """Return rows, back rows, places of the ways back and places of fresh roads where links are only added."""
    added = np.arange(change.n_kept, len(change.after.links))
    own = added[_find_ordinary(change, added)]
    rows, back_row = np.concatenate([before.rows, own]), np.concatenate([before.back_row, _find_own_back(change)])
    n = len(before.rows)
    back = back_row[own]
    place = n + np.searchsorted(own, back)
    known = np.isin(back, own)
    return rows, back_row, np.concatenate([before.back, np.where(known, place, -1)]), np.arange(n, len(rows))


def _find_ordinary(change: RoadChange, rows: I64) -> npt.NDArray[np.bool_]:
    """Return which links of the network after are no motorways."""
    return (change.after.links["highway"].iloc[rows] != "motorway").to_numpy(dtype=bool)


def _find_own_back(change: RoadChange) -> I64:
    """Return the rows of the ways back of the links added."""
    own = find_back_rows(change.after.links[["link_id", "road_id"]].iloc[change.n_kept :])
    return np.where(own >= 0, own + change.n_kept, -1)


def _project_more(before: RoadLayout, change: RoadChange) -> tuple[F64, F64]:
    """Return where the nodes lie on the grid, those added behind the others."""
    nodes = change.after.nodes.iloc[len(change.before.nodes) :]
    if not len(nodes):
        return before.node_xy
    at = before.grid.project(nodes["lon"].to_numpy(dtype=np.float64), nodes["lat"].to_numpy(dtype=np.float64))
    x, y = (np.concatenate(pair) for pair in zip(before.node_xy, at, strict=True))
    return x, y


def _has_moved(change: RoadChange, network: Network) -> npt.NDArray[np.bool_]:
    """Return which of the changed links lead to other nodes than before."""
    out = np.zeros(len(change.changed), dtype=bool)
    for now, was in zip(network.link_ends, change.before.ends, strict=True):
        out |= now[change.changed] != was[change.find_before(change.changed)]
    return out


def _bends_old_roads(change: RoadChange) -> bool:
    """Return whether new links or shape points belong to roads that were there before."""
    before, after = change.before, change.after
    named = [after.links["road_id"].iloc[change.n_kept :]]
    if after.shapes is not before.shapes:
        named.append(after.shapes["link_id"].iloc[len(before.shapes) :])
    return bool(find_few_rows(before.links["road_id"], [str(name) for column in named for name in column]))
