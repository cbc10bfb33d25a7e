"""Where the roads of a network lie on a grid after a change: only what is new is laid, beside the roads before.

Surfaces take the least over all pieces of road, whichever order these have, so pieces laid in two parts give the cells
they give in one, to the bit.
"""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from transit_model.domain.rows import find_few_rows, take_few
from transit_model.measure.road_courses import RoadCourses, find_back
from transit_model.network.model import Network
from transit_model.network.road_change import RoadChange
from transit_model.surface.surface import Courses, RoadSegments, TimedRoads

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]


class Moved(NamedTuple):
    """Where the roads before stand now.

    Attributes
    ----------
    rows, back_row, back
        As of `RoadCourses`, for the network after.
    place : (n_before,) int64 or None
        For each row of the courses before its place in `rows`, -1 for a road that is no more; None where they are the
        first of `rows`.
    fresh : (k,) int64
        Places in `rows` of the roads that were not laid before.
    """

    rows: I64
    back_row: I64
    back: I64
    place: I64 | None
    fresh: I64


class EditedCourses(RoadCourses):
    """The courses of a network made from those of the network before a change."""

    def __init__(self, before: RoadCourses, network: Network, change: RoadChange, moved: Moved) -> None:
        self.network, self.grid, self.rule = network, before.grid, before.rule
        self.rows, self.back_row, self.back = moved.rows, moved.back_row, moved.back
        self.before, self._change, self.place, self.fresh = before, change, moved.place, moved.fresh

    @cached_property
    def node_xy(self) -> tuple[F64, F64]:
        """Where the nodes lie on the grid, those added behind the others."""
        nodes = self._change.after.nodes.iloc[len(self._change.before.nodes) :]
        if not len(nodes):
            return self.before.node_xy
        at = self.grid.project(nodes["lon"].to_numpy(dtype=np.float64), nodes["lat"].to_numpy(dtype=np.float64))
        x, y = (np.concatenate(pair) for pair in zip(self.before.node_xy, at, strict=True))
        return x, y

    @cached_property
    def is_dense(self) -> bool:
        """Whether streets lie so densely that cells look for them."""
        return self.before.is_dense

    @cached_property
    def own_courses(self) -> Courses:
        """The courses of the roads that were not laid before."""
        return self.project(self.rows[self.fresh])

    @cached_property
    def own_segments(self) -> RoadSegments:
        """The pieces of roads that were not laid before: few, each looks for its cells."""
        return RoadSegments(self.own_courses, self.grid, *self.rule, beside=True)

    @cached_property
    def courses(self) -> Courses:
        """The courses of `rows`, put together of those before and the few that are new."""
        every = self.before.courses.join(self.own_courses)
        return every if self.place is None else every.take(self._came)

    @cached_property
    def _came(self) -> I64:
        """For each of `rows` its place among the courses before, counted on through those that are new."""
        n_before = len(self.before.rows)
        came = np.arange(len(self.rows))
        if self.place is not None:
            stands = self.place >= 0
            came[self.place[stands]] = np.flatnonzero(stands)
            came[self.fresh] = n_before + np.arange(len(self.fresh))
        return came

    def take(self, places: I64) -> Courses:
        """Return the courses of some of `rows` without putting together those of all."""
        came = self._came[places]
        is_own = came >= len(self.before.rows)
        old = self.before.take(came[~is_own])
        if not is_own.any():
            return old
        own = self.own_courses.take(came[is_own] - len(self.before.rows))
        at = np.where(is_own, old.n + np.cumsum(is_own), np.cumsum(~is_own)) - 1
        return old.join(own).take(at)

    def find_place(self, other: RoadCourses) -> I64 | None:
        """Return for each road of the courses before where it stands now, -1 for none; None of other courses."""
        if other is not self.before:
            return super().find_place(other)
        return np.arange(self.before.courses.n) if self.place is None else self.place

    def rests_on(self, other: RoadCourses) -> bool:
        """Return whether pieces of other courses are timed for these."""
        return other is self or self.before.rests_on(other)

    def release(self) -> None:
        """Forget the pieces, those of the courses before too; they are made again when they are asked for."""
        self.__dict__.pop("own_segments", None)
        self.before.release()

    def time(self, first_s: F64, last_s: F64) -> list[TimedRoads]:
        """Return the pieces with times, given the seconds at both ends of each of `rows`."""
        if self.place is None:
            n = len(self.before.rows)
            ends = [first_s[:n], last_s[:n]]
        else:
            ends = [np.where(self.place >= 0, column[self.place], np.inf) for column in (first_s, last_s)]
        timed = [self.before.segments.time(*ends)]
        if len(self.fresh):
            timed.append(self.own_segments.time(first_s[self.fresh], last_s[self.fresh]))
        return timed


def edit_courses(before: RoadCourses, network: Network) -> RoadCourses | None:
    """Return the courses of a network from those of the roads before its change; None where all are to be laid anew.

    Streets must be dense: on a corridor network laying all is quickly done.
    """
    change = network.find_road_change()
    if change is None or not before.is_dense or _bends_old_roads(change):
        return None
    if not len(change.gone) and not len(change.changed):
        return EditedCourses(before, network, change, _append(before, change, network))
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
    back_row = network.link_backs
    place = np.where(stands, place_of[old], -1)
    return EditedCourses(before, network, change, Moved(rows, back_row, find_back(rows, back_row), place, fresh))


def _append(before: RoadCourses, change: RoadChange, network: Network) -> Moved:
    """Return where the roads before stand now where links are only added."""
    added = np.arange(change.n_kept, len(change.after.links))
    own = added[_find_ordinary(change, added)]
    rows, back_row = np.concatenate([before.rows, own]), network.link_backs
    n = len(before.rows)
    back = back_row[own]
    place = n + np.searchsorted(own, back)
    known = np.isin(back, own)
    all_back = np.concatenate([before.back, np.where(known, place, -1)])
    return Moved(rows, back_row, all_back, None, np.arange(n, len(rows)))


def _find_ordinary(change: RoadChange, rows: I64) -> npt.NDArray[np.bool_]:
    """Return which links of the network after are no motorways."""
    ordinary: npt.NDArray[np.bool_] = (
        take_few(change.after.links, ["highway"], rows)["highway"] != "motorway"
    ).to_numpy(dtype=bool)
    return ordinary


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
