"""Apply a `BusLine`: stops on the road network, run times from the roads of its own scenario.

Bus lines are timed again whenever roads change, so that a bus gains from a road that a later project adds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from math import inf, isfinite

import pandas as pd

from transit_model.domain.geo import compute_great_circle_m
from transit_model.network.model import Network
from transit_model.scenario.base_schema import Project, Title
from transit_model.scenario.course_files import NEAR_M, read_course
from transit_model.scenario.lookup import Report, find_point, list_nodes
from transit_model.scenario.other_schema import BusLine
from transit_model.scenario.services import Course, build_trips
from transit_model.scenario.tables import SAME_PLACE_M, Stop, add_stops, add_trips, remove_trips
from transit_model.units import m_to_km, min_to_s

RoadTime = Callable[[str, str, Network], float]
"""From road node to road node on a network: seconds of a coach, inf when unreachable."""


def apply_bus_line(project: BusLine, network: Network, report: Report) -> Network:
    """Return the network with the stops of the line; its trips come when all roads are known."""
    before = report.count_errors()
    known = list_nodes(network)
    found = [
        report.check_known(project, "node", s.node, known, "stops", i, "node") for i, s in enumerate(project.stops)
    ]
    if report.count_errors() > before or not all(found):  # what a failed project would have brought is not reported
        return network
    nodes = network.nodes.set_index("node_id")
    stops = []
    for i, stop in enumerate(project.stops):
        row = nodes.loc[stop.node]
        point = find_point(network, stop.key)
        if point is not None and compute_great_circle_m(*point, row["lon"], row["lat"]) > SAME_PLACE_M:
            message = f"the stop {stop.key} exists already, elsewhere"
            report.add(project, "duplicate_id", message, "stops", i, value=stop.key, hint="give it another id")
        fallback = Title(zh=str(row.get("name_zh") or stop.node), en=str(row.get("name_en") or stop.node))
        stops.append(
            Stop(
                stop_id=stop.key,
                name=stop.name or fallback,
                lon=float(row["lon"]),
                lat=float(row["lat"]),
                road_node_id=stop.node,
                snap_m=0.0,
                confidence=project.confidence,
                source=f"[{project.source[0]}] project {project.id}",
            )
        )
    if report.count_errors() == before and project.course is not None:
        _check_course(project, stops, report)
    if report.count_errors() > before:
        return network
    return add_stops(network, stops)


def _check_course(project: BusLine, stops: Sequence[Stop], report: Report) -> None:
    """Report stops off the course of the line, or not in its order; its run times are those of the roads."""
    assert project.course is not None
    line = read_course(project, project.course, report, "course")
    first, last = ((s.lon, s.lat) for s in (stops[0], stops[-1]))
    laid = None if line is None else line.led_past(first, last)
    last_m = -1.0
    for i, stop in enumerate(stops if laid is not None else ()):
        assert laid is not None
        at_m, far_m = laid.locate(stop.lon, stop.lat)
        if far_m > NEAR_M or at_m <= last_m:
            message = f"{stop.stop_id} comes before the stop that is named before it"
            if far_m > NEAR_M:
                message = f"{stop.stop_id} lies {m_to_km(far_m):.1f} km from the course"
            code = "course_far" if far_m > NEAR_M else "course_order"
            report.add(project, code, message, "stops", i, value=stop.stop_id, hint="check the stops or the datum")
            return
        last_m = at_m


def has_bus_lines(network: Network) -> bool:
    """Return whether a network has lines that are timed by its roads."""
    return any(p.kind == "bus_line" for p in network.projects)


def time_bus_lines(
    network: Network, projects: Iterable[Project], road_time_s: RoadTime | None, report: Report
) -> Network:
    """Return the network with the trips of all its bus lines, timed on its own roads.

    `projects` are all that stand on the network, in order.

    Raises
    ------
    ValueError
        When a line of the network is not among them: its times would be those of roads that may be no more.
    """
    standing = {p.project_id for p in network.projects}
    lines = [p for p in projects if isinstance(p, BusLine) and p.id in standing]
    lost = {p.project_id for p in network.projects if p.kind == "bus_line"} - {line.id for line in lines}
    if lost:
        raise ValueError(f"bus lines of the network are not among its projects: {', '.join(sorted(lost))}")
    if not lines:
        return network
    if road_time_s is None:
        for line in lines:
            message = "run times of a bus need road times, and none were given"
            report.add(line, "no_road_times", message, hint="pass road_time_s to apply_projects")
        return network
    # All lines are timed on one and the same network, so that a caller may compile its roads once.
    courses = [(line, _compute_course(line, network, road_time_s, report)) for line in lines]
    timed = network
    for line, course in courses:
        if course is not None:
            trips = build_trips(f"{line.id}:all", course, line.service)
            timed = add_trips(_drop_line(timed, line.id), trips, line.id, line.title, line.vehicle)
    return timed


def _drop_line(network: Network, project_id: str) -> Network:
    trips = network.feed.trips
    if "project_id" not in trips.columns:
        return network
    return remove_trips(network, set(trips.loc[trips["project_id"] == project_id, "trip_id"].astype(str)))


def _compute_course(line: BusLine, network: Network, road_time_s: RoadTime, report: Report) -> Course | None:
    run_s = []
    for i, (a, b) in enumerate(pairwise(line.stops)):
        seconds = road_time_s(a.node, b.node, network) if _has_roads(network, a.node, b.node) else inf
        if not isfinite(seconds):
            message = f"no road leads from {a.node} to {b.node}"
            report.add(line, "unreachable_stop", message, "stops", i + 1, "node", value=b.node)
            return None
        run_s.append(seconds)
    stop_min = network.assumptions.bus_stop_min if line.stop_min is None else line.stop_min
    kinds = tuple(s.pickup_type for s in line.stops), tuple(s.drop_off_type for s in line.stops)
    return Course(tuple(s.key for s in line.stops), tuple(run_s), min_to_s(stop_min), *kinds)


def _has_roads(network: Network, *nodes: str) -> bool:
    touched = pd.unique(network.links[["from_node_id", "to_node_id"]].to_numpy().ravel())
    return set(nodes) <= set(touched)
