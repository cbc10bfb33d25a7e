"""Parts of roads on a grid, which surfaces have in place of the whole roads."""

from __future__ import annotations

from dataclasses import fields
from functools import cached_property

import numpy as np
import numpy.typing as npt

from transit_model.measure.road_courses import RoadCourses
from transit_model.measure.road_parts import RoadParts
from transit_model.measure.timed_links import time_links
from transit_model.network.street_arrays import CompiledStreets
from transit_model.surface.cut_courses import cut_courses
from transit_model.surface.surface import Courses, EdgeTimes, RoadSegments, TimedRoads

F64 = npt.NDArray[np.float64]


class PartCourses:
    """What surfaces by one mode, from a place or to it, draw along the roads of a network.

    Parameters
    ----------
    roads : RoadCourses
    parts : RoadParts
        Of some of these roads.
    """

    def __init__(self, roads: RoadCourses, parts: RoadParts) -> None:
        self.roads, self.parts = roads, parts

    @cached_property
    def courses(self) -> Courses:
        """The courses of the parts."""
        return self._cut_out(self.parts)

    def _cut_out(self, parts: RoadParts) -> Courses:
        """Return the courses of some parts; those of all roads need not be put together for that."""
        line = np.searchsorted(self.roads.rows, parts.link)  # both ascend, and no part is of a motorway
        is_new = np.append(True, line[1:] != line[:-1])[: len(line)]  # parts stand link after link
        return cut_courses(self.roads.take(line[is_new]), np.cumsum(is_new) - 1, *parts.find_shares())

    @cached_property
    def _segments(self) -> RoadSegments:
        return RoadSegments(self.courses, self.roads.grid, *self.roads.rule, beside=self.roads.is_dense)

    def release(self) -> None:
        """Forget what is laid on the grid; it is made again when it is asked for."""
        self.__dict__.pop("_segments", None)

    def _list_ended(self, near_s: F64, turn_s: F64) -> tuple[RoadParts, Courses, F64]:
        """Return the parts that end before their ends, where they lie, and the seconds at their near ends."""
        rows = np.flatnonzero(np.isfinite(near_s) & (turn_s < self.parts.high_s) & (turn_s > self.parts.low_s))
        ended = self.parts.cut(rows, turn_s[rows])
        return ended, self._cut_out(ended), near_s[rows]

    def time(self, streets: CompiledStreets, node_s: F64, near_s: F64, turn_s: F64) -> list[TimedRoads]:
        """Return the roads with times: whole ones, and parts of the others.

        Parameters
        ----------
        node_s : (n_nodes,) float64
            Seconds at the nodes of the graph.
        near_s : (n_parts,) float64
            Seconds at the near ends of the parts.
        turn_s : (n_parts,) float64
            How far from there the parts go.
        """
        first_s, last_s = time_links(streets, self.roads.rows, self.roads.back, node_s, self.parts.reverse)
        first_s[self.parts.in_parts[self.roads.rows]] = np.inf
        whole = self.roads.time(first_s, last_s)
        if not len(self.parts.link):
            return whole
        out = [*whole, self._segments.time(*self.parts.time(self._keep_whole(near_s, turn_s)))]
        ended, courses, ended_s = self._list_ended(near_s, turn_s)
        if len(ended.link):
            laid = RoadSegments(courses, self.roads.grid, *self.roads.rule, beside=self.roads.is_dense)
            out.append(laid.time(*ended.time(ended_s)))
        return out

    def build(self, near_s: F64, turn_s: F64) -> EdgeTimes:
        """Return the pieces of the parts with times."""
        whole = self.courses.build(*self.parts.time(self._keep_whole(near_s, turn_s)))
        ended, courses, ended_s = self._list_ended(near_s, turn_s)
        if not len(ended.link):
            return whole
        both = (whole, courses.build(*ended.time(ended_s)))
        return EdgeTimes(*(np.concatenate([getattr(one, f.name) for one in both]) for f in fields(EdgeTimes)))

    def _keep_whole(self, near_s: F64, turn_s: F64) -> F64:
        """Return the seconds at the near ends of the parts that go to their ends, `inf` for others."""
        return np.where(turn_s < self.parts.high_s, np.inf, near_s)
