"""Courses of roads by the content of the roads on networks of few links, where they are laid in milliseconds."""

from __future__ import annotations

from collections.abc import Sequence

from transit_model.measure.memo import FEW_COURSES
from transit_model.measure.road_courses import RoadCourses, lay_roads
from transit_model.measure.session import Session
from transit_model.surface.grid import Grid


def keep_few_roads(session: Session, grid: Grid, known: Sequence[RoadCourses] = ()) -> RoadCourses:
    """Return the roads of a session with a memo on a grid: a speed or a train leaves all roads where they are."""
    network, a = session.network, session.network.assumptions
    return session.keep(
        FEW_COURSES,
        lambda keys: (keys.courses, grid, a.off_network_speed_kmh, a.off_network_max_min),
        lambda: lay_roads(network, grid, known),
    )
