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
    node_xy : two (n_nodes,) float64, metres
    rule : (m/s, s)
        Speed and longest time off the network.
    """

    network: Network
    grid: Grid
    rule: tuple[float, float]
    rows: I64
    back_row: I64
    node_xy: tuple[F64, F64]

    @cached_property
    def back(self) -> I64:
        """For each of `rows` the place in it of the way back, -1 for none."""
        place = np.full(len(self.back_row) + 1, -1, dtype=np.int64)  # the last is that of no link
        place[self.rows] = np.arange(len(self.rows))
        found: I64 = place[self.back_row[self.rows]]
        return found

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
    place : (n_before,) int64
        For each row of the layout before its place in `rows`, -1 for a road that is no more.
    fresh : (k,) int64
        Places in `rows` of the roads that were not laid before.
    """

    before: RoadLayout
    place: I64
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
        n, stands = len(self.place), self.place >= 0
        if n <= len(self.rows) and stands.all() and (n == 0 or self.place[-1] == n - 1):
            ends = [first_s[:n], last_s[:n]]
        else:
            ends = [np.where(stands, column[self.place], np.inf) for column in (first_s, last_s)]
        timed = [self.segments.time(*ends)]
        if len(self.fresh):
            timed.append(self.own_segments.time(first_s[self.fresh], last_s[self.fresh]))
        return timed


def lay_roads(network: Network, grid: Grid, rule: tuple[float, float]) -> RoadLayout:
    """Return the layout of all roads of a network."""
    rows = np.flatnonzero((network.links["highway"] != "motorway").to_numpy(dtype=bool))
    nodes = network.nodes
    at = grid.project(nodes["lon"].to_numpy(dtype=np.float64), nodes["lat"].to_numpy(dtype=np.float64))
    return RoadLayout(network, grid, rule, rows, find_back_rows(network.links), at)


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
    links, touched, n_kept = network.links, change.touched, change.n_kept
    row_of = np.full(len(change.before.links) + 1, -1, dtype=np.int64)  # the last is that of no link
    row_of[:-1][change.kept] = np.arange(n_kept)
    ordinary = np.zeros(len(links) + 1, dtype=bool)
    ordinary[row_of[before.rows]] = True
    ordinary[-1] = False
    ordinary[touched] = (links["highway"].iloc[touched] != "motorway").to_numpy(dtype=bool)
    rows = np.flatnonzero(ordinary[:-1])
    moved = change.changed[_has_moved(change, network)]
    place_of = np.cumsum(ordinary) - 1
    old = row_of[before.rows]
    stands = (old >= 0) & ordinary[old]
    if len(moved):
        stands &= ~np.isin(old, moved)
    laid = np.zeros(len(links) + 1, dtype=bool)
    laid[old[stands]] = True
    fresh = place_of[rows[~laid[rows]]]
    back_row = np.concatenate([row_of[before.back_row][change.kept], np.zeros(len(links) - n_kept, dtype=np.int64)])
    own = find_back_rows(links[["link_id", "road_id"]].iloc[n_kept:])
    back_row[n_kept:] = np.where(own >= 0, own + n_kept, -1)
    nodes = network.nodes.iloc[len(change.before.nodes) :]
    new_xy = before.grid.project(nodes["lon"].to_numpy(dtype=np.float64), nodes["lat"].to_numpy(dtype=np.float64))
    x, y = (np.concatenate(pair) for pair in zip(before.node_xy, new_xy, strict=True))
    place = np.where(stands, place_of[old], -1)
    return EditedLayout(network, before.grid, before.rule, rows, back_row, (x, y), before, place, fresh)


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
