"""Apply a `RailLine`: new stations on the roads, run times, trains in the feed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from transit_model.domain.geo import compute_great_circle_m
from transit_model.network.model import Network
from transit_model.scenario.base_schema import Title
from transit_model.scenario.lookup import Report, find_nearest_node, find_point, list_nodes, list_stops
from transit_model.scenario.rail_course import lay_rail_course
from transit_model.scenario.rail_schema import RailLine, Station
from transit_model.scenario.run_time import (
    RunTimeModel,
    compute_commercial_runs_s,
    compute_constant_speed_s,
    compute_run_s,
)
from transit_model.scenario.service_schema import Service
from transit_model.scenario.services import Course, build_trips
from transit_model.scenario.tables import SAME_PLACE_M, Stop, add_stops, add_trips
from transit_model.units import km_to_m, m_to_km, min_to_s

TOP_SPEED_KMH = 400.0
"""No train in service anywhere is faster; run times beyond it are a slip of the pen."""
_GREAT_CIRCLE_SLACK = 0.98  # places are rounded: a straight line may come out a little shorter


def apply_rail_line(project: RailLine, network: Network, report: Report) -> Network:
    """Return the network with the line, or the same network when something was reported."""
    before = report.count_errors()
    stops = [_resolve_station(project, i, s, network, report) for i, s in enumerate(project.stations)]
    placed = [s for s in stops if s is not None]
    line = None
    if len(placed) == len(stops):
        if project.course is not None:
            project, line = lay_rail_course(project, placed, report)
        if report.count_errors() == before:
            _check_lengths(project, placed, report)
    if project.course is not None and line is None:
        return network
    courses = _build_courses(project, network, report)
    if report.count_errors() > before or len(placed) < len(stops):
        return network
    trips = []
    for name, course, service in courses:
        trips += build_trips(f"{project.id}:{name}", course, service)
    network = add_stops(network, placed)
    if line is not None:
        network = network.with_tables(rail_courses={**network.rail_courses, **line})
    return add_trips(network, trips, project.id, project.title, "rail")


def _resolve_station(project: RailLine, index: int, station: Station, network: Network, report: Report) -> Stop | None:
    where = ("stations", index)
    known = list_stops(network)
    if station.stop_id is not None and not report.check_known(
        project, "stop", station.stop_id, known, *where, "stop_id"
    ):
        return None
    point = find_point(network, station.key)
    if station.id is not None and station.id in known and not _is_same_place(project, index, station, point, report):
        return None
    if point is None and station.lon is not None and station.lat is not None:
        point = (station.lon, station.lat)
    if point is None:
        hint = "add lon and lat to the station, with a line under assumed"
        report.add(project, "no_place", f"nobody knows where {station.key} lies", *where, value=station.key, hint=hint)
        return None
    node, snap_m = _find_road(project, index, station, point, network, report)
    names = network.stations.set_index("stop_id")
    name = station.name
    if name is None and station.key in names.index:
        row = names.loc[station.key]
        name = Title(zh=str(row["name_zh"]) or station.key, en=str(row["name_en"]) or station.key)
    return Stop(
        stop_id=station.key,
        name=name or Title(zh=station.key, en=station.key),
        lon=point[0],
        lat=point[1],
        road_node_id=node,
        snap_m=snap_m,
        confidence=project.confidence,
        source=f"[{project.source[0]}] project {project.id}",
        in_region=not station.off_road,
    )


def _is_same_place(
    project: RailLine, index: int, station: Station, point: tuple[float, float] | None, report: Report
) -> bool:
    """Return True when a new station was already built by another project at the same place."""
    if point is not None and station.lon is not None and station.lat is not None:
        apart_m = float(compute_great_circle_m(point[0], point[1], station.lon, station.lat))
        if apart_m <= SAME_PLACE_M:
            return True
    message = f"the new station {station.id} exists already, elsewhere"
    hint = "use stop_id for an existing station, or another id"
    report.add(project, "duplicate_id", message, "stations", index, "id", value=station.id, hint=hint)
    return False


def _find_road(
    project: RailLine, index: int, station: Station, point: tuple[float, float], network: Network, report: Report
) -> tuple[str | None, float]:
    """Return the road node of a station and the straight distance to it in metres."""
    if station.off_road:
        return None, 0.0
    if station.road_node_id is not None:
        where = ("stations", index, "road_node_id")
        if not report.check_known(project, "node", station.road_node_id, list_nodes(network), *where):
            return None, 0.0
        row = network.nodes.set_index("node_id").loc[station.road_node_id]
        return station.road_node_id, float(compute_great_circle_m(point[0], point[1], row["lon"], row["lat"]))
    if station.key in set(network.station_links["stop_id"].astype(str)):
        return None, 0.0  # it has its link
    nearest = find_nearest_node(network, *point)
    limit_m = network.assumptions.snap_max_m
    if nearest is None or nearest[1] > limit_m:
        message = f"no road within {m_to_km(limit_m):.0f} km of {station.key}"
        if nearest is not None:
            message = f"{message}; the nearest, {nearest[0]}, is {m_to_km(nearest[1]):.0f} km away"
        hint = "name a road_node_id, or off_road: true for a station outside the region"
        report.add(project, "station_off_road", message, "stations", index, value=station.key, hint=hint)
        return None, 0.0
    return nearest


def _check_lengths(project: RailLine, stops: Sequence[Stop], report: Report) -> None:
    for i, (a, b) in enumerate(pairwise(stops)):
        straight_km = m_to_km(float(compute_great_circle_m(a.lon, a.lat, b.lon, b.lat)))
        along_km = project.stations[i + 1].along_km - project.stations[i].along_km
        if along_km < straight_km * _GREAT_CIRCLE_SLACK:
            message = f"{a.stop_id} to {b.stop_id} is {along_km:.1f} km by chainage, but {straight_km:.1f} km straight"
            hint = "correct the chainage or the place of the stations"
            report.add(project, "too_short", message, "stations", i + 1, "chainage_km", value=along_km, hint=hint)


def _build_courses(project: RailLine, network: Network, report: Report) -> list[tuple[str, Course, Service]]:
    """Return name, course and service of all-stations trains and of each pattern."""
    dwell_min = network.assumptions.rail_dwell_min if project.dwell_min is None else project.dwell_min
    dwell_s = min_to_s(dwell_min)
    keys = tuple(s.key for s in project.stations)
    wanted = [] if project.service is None else [("all", keys, project.service)]
    wanted += [(p.id, p.stops, p.service) for p in project.patterns]
    model = RunTimeModel.from_assumptions(network.assumptions)
    courses = []
    for name, stops, service in wanted:
        run_s = _compute_runs_s(project, [keys.index(s) for s in stops], dwell_s, model)
        slow = [f"{a} to {b}" for (a, b), run in zip(pairwise(stops), run_s, strict=True) if run <= 0]
        if slow:
            message = f"nothing is left for the run from {slow[0]} once the dwell of {dwell_min:g} min is taken off"
            hint = "lower commercial_speed_kmh or dwell_min"
            report.add(project, "negative_dwell", message, "dwell_min", value=dwell_min, hint=hint)
        courses.append((name, Course(stops, tuple(run_s), dwell_s), service))
    if project.run_times_min is not None:
        _check_run_times(project, report)
    return courses


def _compute_runs_s(project: RailLine, calls: Sequence[int], dwell_s: float, model: RunTimeModel) -> list[float]:
    """Return run times in seconds between the stations called at (their numbers on the line)."""
    chainage_m = [km_to_m(project.stations[i].along_km) for i in calls]
    if project.design_speed_kmh is not None:
        return [compute_run_s(b - a, project.design_speed_kmh, model) for a, b in pairwise(chainage_m)]
    if project.commercial_speed_kmh is not None:
        return compute_commercial_runs_s(chainage_m, project.commercial_speed_kmh, dwell_s)
    # A train that passes a station takes the times of the stopping train, without the dwell: on the safe side.
    times = [min_to_s(t) for t in project.run_times_min or ()]
    return [sum(times[a:b]) for a, b in pairwise(calls)]


def _check_run_times(project: RailLine, report: Report) -> None:
    limit = project.line_speed_kmh or TOP_SPEED_KMH
    for i, minutes in enumerate(project.run_times_min or ()):
        length_m = km_to_m(project.stations[i + 1].along_km - project.stations[i].along_km)
        if min_to_s(minutes) < compute_constant_speed_s(length_m, limit):
            bound_min = compute_constant_speed_s(length_m, limit) / min_to_s(1)
            message = f"{minutes:g} min for {m_to_km(length_m):.1f} km is faster than {limit:g} km/h all the way"
            hint = f"at least {bound_min:.1f} min"
            report.add(project, "faster_than_possible", message, "run_times_min", i, value=minutes, hint=hint)
