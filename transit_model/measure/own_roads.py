"""The roads that a free point joins, from where one gets onto them: a surface knows other roads by their two ends."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from transit_model.domain.modes import Reading
from transit_model.domain.place import Place
from transit_model.measure.place_joins import is_free
from transit_model.measure.road_courses import RoadCourses
from transit_model.measure.road_times import compute_terminal_s
from transit_model.measure.session import Session
from transit_model.surface.cut_courses import cut_courses
from transit_model.surface.surface import Courses, EdgeTimes, RoadSegments, TimedRoads
from transit_model.units import ticks_to_seconds

F64 = npt.NDArray[np.float64]


class OwnRoads(NamedTuple):
    """Parts of links and the seconds at their first and last points."""

    courses: Courses
    first_s: F64
    last_s: F64

    def time(self, roads: RoadCourses) -> TimedRoads:
        """Return the parts laid on the grid of other roads."""
        laid = RoadSegments(self.courses, roads.grid, *roads.rule, beside=roads.is_dense)
        return laid.time(self.first_s, self.last_s)

    def build(self) -> EdgeTimes:
        """Return the pieces of the parts with times."""
        return self.courses.build(self.first_s, self.last_s)


def find_own_roads(
    session: Session, roads: RoadCourses, place: Place, reading: Reading, *, reverse: bool = False
) -> list[OwnRoads]:
    """Return the links that a free point joins, from there on (up to there when `reverse`); none for other places."""
    if not is_free(place):
        return []
    streets = session.roads(reading)
    joined = session.connectors([place], streets)
    used = ((joined.reach_node if reverse else joined.leave_node)[0] >= 0) & (joined.link_idx[0] >= 0)
    columns = (joined.link_idx, joined.pos_ticks, joined.off_ticks)
    link, pos, off = (column[0, used].astype(np.int64) for column in columns)
    ticks = streets.link_ticks[link].astype(np.int64)
    beside = pos > 0 if reverse else pos < ticks
    link, pos, off, ticks = link[beside], pos[beside], off[beside], ticks[beside]
    if not len(link):
        return []
    share, line = pos / ticks, np.searchsorted(roads.rows, link)  # no free point joins a motorway
    none, all_ = np.zeros(len(link)), np.ones(len(link))
    lines = np.arange(len(line))
    courses = cut_courses(roads.take(line), lines, *((none, share) if reverse else (share, all_)))
    here_s = ticks_to_seconds(off) + sum(compute_terminal_s(session, reading))
    there_s = here_s + ticks_to_seconds(pos if reverse else ticks - pos)
    return [OwnRoads(courses, *((there_s, here_s) if reverse else (here_s, there_s)))]
