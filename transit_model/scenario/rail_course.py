"""The course of a new railway: chainages of its stations, and its line between each two of them for maps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from transit_model.scenario.course_files import NEAR_M, Line, check_length, read_course
from transit_model.scenario.lookup import Report
from transit_model.scenario.rail_schema import RailLine
from transit_model.scenario.tables import Stop
from transit_model.units import km_to_m, m_to_km

Points = list[tuple[float, float]]
Drawn = Mapping[tuple[str, str], Points]
"""Points (lon, lat) by two stations, the first in the alphabet first."""


def lay_rail_course(project: RailLine, stops: Sequence[Stop], report: Report) -> tuple[RailLine, Drawn | None]:
    """Return the line with chainages from its course where it has none, and the course between its stations.

    Issues
    ------
    those of `read_course` and `check_length`, ``course_far``, ``course_order``
    """
    assert project.course is not None
    line = read_course(project, project.course, report, "course")
    if line is None:
        return project, None
    laid = line.led_past((stops[0].lon, stops[0].lat), (stops[-1].lon, stops[-1].lat))
    along_m: list[float] = []
    for i, stop in enumerate(stops):
        at_m, far_m = laid.locate(stop.lon, stop.lat)
        if far_m > NEAR_M:
            message = f"{stop.stop_id} lies {m_to_km(far_m):.1f} km from the course"
            report.add(
                project, "course_far", message, "stations", i, value=stop.stop_id, hint="check its place or the datum"
            )
            return project, None
        along_m.append(at_m)
    for i, (a, b) in enumerate(pairwise(along_m)):
        if b <= a:
            message = f"{stops[i + 1].stop_id} comes before {stops[i].stop_id} along the course"
            hint = "put the stations in the order of the line"
            report.add(project, "course_order", message, "stations", i + 1, value=stops[i + 1].stop_id, hint=hint)
            return project, None
    drawn = {
        _key(a.stop_id, b.stop_id): _cut(laid, p, q, a.stop_id > b.stop_id)
        for (a, b), (p, q) in zip(pairwise(stops), pairwise(along_m), strict=True)
    }
    if project.stations[-1].chainage_km is not None:
        whole = Line(*np.array(_cut(laid, along_m[0], along_m[-1], turn=False)).T)
        last = ("stations", len(stops) - 1, "chainage_km")
        check_length(project, whole, km_to_m(project.stations[-1].chainage_km), report, *last)
        return project, drawn
    stations = tuple(
        station.model_copy(update={"chainage_km": m_to_km(at - along_m[0])})
        for station, at in zip(project.stations, along_m, strict=True)
    )
    return project.model_copy(update={"stations": stations}), drawn


def _key(a: str, b: str) -> tuple[str, str]:
    return min(a, b), max(a, b)


def _cut(line: Line, start_m: float, end_m: float, turn: bool) -> Points:
    """Return the points of a course between two distances along it, both ends interpolated."""
    along = line.along_m
    inside = (along > start_m) & (along < end_m)
    at = np.concatenate([[start_m], along[inside], [end_m]])
    lon, lat = np.interp(at, along, line.lon), np.interp(at, along, line.lat)
    points = list(zip(lon.tolist(), lat.tolist(), strict=True))
    return points[::-1] if turn else points
