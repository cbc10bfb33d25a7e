"""Apply a `RailService`: more trains on existing track, or the trains there are made faster.

No train may run faster than the top speed of the track allows over the straight line (or the chainage given)
between two stops, and trains that would overtake each other between two stops are pointed out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd

from transit_model.network.model import Network
from transit_model.scenario.existing_stops import list_placed, make_stop, measure_stops_m
from transit_model.scenario.lookup import Report, find_point, list_stops
from transit_model.scenario.rail_schema import RailService, Retime, TrainGroup
from transit_model.scenario.run_time import compute_constant_speed_s
from transit_model.scenario.services import Course, build_trips
from transit_model.scenario.stop_change_edit import apply_stop_change
from transit_model.scenario.tables import Trip, add_stops, add_trips
from transit_model.scenario.train_copies import build_copies
from transit_model.units import km_to_m, m_to_km, min_to_s

_CALL_COLUMNS = ("trip_id", "stop_id", "stop_sequence", "arrival_clock_s", "departure_clock_s")
_Call = list[int]
"""Sequence, arrival and departure of a trip at a stop."""


def apply_rail_service(project: RailService, network: Network, report: Report) -> Network:
    """Return the network with more or faster trains, or the same network when something was reported."""
    before = report.count_errors()
    changed = network
    retimed: set[str] = set()
    for i, retime in enumerate(project.retime):
        changed, trips = _apply_retime(project, i, retime, changed, report)
        retimed |= trips
    for i, change in enumerate(project.calls):
        changed, trips = apply_stop_change(project, i, change, changed, report)
        retimed |= trips
    new: list[Trip] = []
    for i, group in enumerate(project.add):
        course = _build_course(project, i, group, network, report)
        if course is not None:
            new += build_trips(f"{project.id}:{group.id}", course, group.service)
            placed = list_placed(changed)
            changed = add_stops(changed, [make_stop(project, s, network) for s in group.stops if s not in placed])
    for i, scale in enumerate(project.scale):
        new += build_copies(project, i, scale, network, report)
    if report.count_errors() > before:
        return network
    if new:
        changed = add_trips(changed, new, project.id, project.title, "rail")
    _check_overtaking(project, changed, retimed | {t.trip_id for t in new if not t.headway_s}, report)
    return changed


def _build_course(
    project: RailService, index: int, group: TrainGroup, network: Network, report: Report
) -> Course | None:
    known = list_stops(network)
    found = [report.check_known(project, "stop", s, known, "add", index, "stops", n) for n, s in enumerate(group.stops)]
    if not all(found):
        return None
    points = [find_point(network, s) for s in group.stops]
    lost = [s for s, p in zip(group.stops, points, strict=True) if p is None]
    if lost:
        report.add(project, "no_place", f"nobody knows where {lost[0]} lies", "add", index, "stops", value=lost[0])
        return None
    run_s = _find_runs_s(project, index, group, network, report)
    if run_s is None:
        return None
    for n, (a, b) in enumerate(pairwise(group.stops)):
        length_m = km_to_m(group.chainage_km[n]) if group.chainage_km else measure_stops_m(network, a, b)
        _check_possible(project, ("add", index), f"{a} - {b}", run_s[n], length_m, report)
    dwell_min = network.assumptions.rail_dwell_min if group.dwell_min is None else group.dwell_min
    return Course(group.stops, tuple(run_s), min_to_s(dwell_min))


def _find_runs_s(
    project: RailService, index: int, group: TrainGroup, network: Network, report: Report
) -> list[float] | None:
    if group.run_times_min is not None:
        return [min_to_s(t) for t in group.run_times_min]
    run_s: list[float] = []
    for a, b in pairwise(group.stops):
        fastest = find_fastest_s(network, a, b)
        if fastest is None:
            message = f"no train of the timetable calls at {a} and {b}, so there is nothing to scale"
            hint = "give run_times_min instead of as_fastest"
            report.add(project, "no_train_to_scale", message, "add", index, "as_fastest", hint=hint)
            return None
        run_s.append(fastest * (group.as_fastest or 1.0))
    return run_s


def find_fastest_s(network: Network, a: str, b: str) -> float | None:
    """Return the shortest time in seconds of a train between two stops, either way; None when none calls at both.

    Only trains of the base count: one that a project brought may run on a track of its own.
    """
    trips, times = network.feed.trips, network.feed.stop_times
    times = times.loc[times["stop_id"].isin([a, b]), list(_CALL_COLUMNS)]
    if "project_id" in trips.columns:
        brought = set(trips.loc[trips["project_id"] != "", "trip_id"])
        times = times[[t not in brought for t in times["trip_id"]]]
    calls: dict[str, tuple[list[_Call], list[_Call]]] = {}
    for trip_id, stop_id, *call in zip(*(times[c].tolist() for c in _CALL_COLUMNS), strict=True):
        calls.setdefault(trip_id, ([], []))[stop_id == b].append(call)
    runs = [
        (destination[1] - origin[2]) if origin[0] < destination[0] else (origin[1] - destination[2])
        for at_a, at_b in calls.values()
        for origin in at_a
        for destination in at_b
    ]
    return float(min(runs)) if runs else None


def _check_possible(
    project: RailService, where: tuple[str | int, ...], name: str, run_s: float, length_m: float, report: Report
) -> None:
    bound_s = compute_constant_speed_s(length_m, project.line_speed_kmh)
    if run_s < bound_s:
        took_min, km, limit_kmh = run_s / min_to_s(1), m_to_km(length_m), project.line_speed_kmh
        message = f"{name} in {took_min:.1f} min over {km:.1f} km is faster than {limit_kmh:g} km/h all the way"
        hint = f"at least {bound_s / min_to_s(1):.1f} min"
        report.add(project, "faster_than_possible", message, *where, hint=hint)


def _apply_retime(
    project: RailService, index: int, retime: Retime, network: Network, report: Report
) -> tuple[Network, set[str]]:
    """Return the network with the trains between two stops scaled, and their trip_ids."""
    where = ("retime", index)
    known = list_stops(network)
    a, b = retime.between
    stops_known = [report.check_known(project, "stop", s, known, *where, "between") for s in (a, b)]
    if not all(stops_known):
        return network, set()
    routes = network.feed.routes["route_id"].astype(str).tolist()
    routes_known = [report.check_known(project, "route", r, routes, *where, "routes") for r in retime.routes]
    if not all(routes_known):
        return network, set()
    if retime.factor == 1:
        report.add(project, "changed_nothing", "a factor of 1 changes no train", *where, "factor", value=1)
        return network, set()
    feed = network.feed
    trips = feed.trips
    if retime.routes:
        trips = trips[trips["route_id"].isin(retime.routes)]
    times = feed.stop_times.copy()
    calls = times[times["stop_id"].isin([a, b]) & times["trip_id"].isin(trips["trip_id"])]
    counts = calls.groupby("trip_id")["stop_id"].nunique()
    chosen = counts.index[counts == 2]
    if not len(chosen):
        message = f"no train of the timetable calls at {a} and {b}"
        report.add(project, "no_train_to_scale", message, *where, "between", value=f"{a}, {b}")
        return network, set()
    fast: dict[str, tuple[float, float]] = {}
    for trip_id, rows in times[times["trip_id"].isin(chosen)].groupby("trip_id", sort=False):
        ordered = rows.sort_values("stop_sequence")
        stops = ordered["stop_id"].tolist()
        first, last = sorted((stops.index(a), stops.index(b)))
        arrive = ordered["arrival_clock_s"].to_numpy(dtype=np.float64)
        depart = ordered["departure_clock_s"].to_numpy(dtype=np.float64)
        new_arrive, new_depart = scale_runs(arrive, depart, first, last, retime.factor)
        times.loc[ordered.index, "arrival_clock_s"] = new_arrive
        times.loc[ordered.index, "departure_clock_s"] = new_depart
        for i in range(first, last):
            name = f"{stops[i]} - {stops[i + 1]}"
            run_s = float(new_arrive[i + 1] - new_depart[i])
            if name not in fast or run_s < fast[name][0]:
                fast[name] = (run_s, measure_stops_m(network, stops[i], stops[i + 1]))
        del trip_id
    for name, (run_s, length_m) in fast.items():
        _check_possible(project, where, name, run_s, length_m, report)
    table = feed.trips if "project_id" in feed.trips.columns else feed.trips.assign(project_id="")
    marked = table.assign(project_id=table["project_id"].where(~table["trip_id"].isin(chosen), project.id))
    return network.with_tables(feed=replace(feed, stop_times=times, trips=marked)), set(chosen)


def scale_runs(
    arrive_s: np.ndarray, depart_s: np.ndarray, first: int, last: int, factor: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return arrival and departure with the runs between two positions scaled; dwell is kept, the rest shifts.

    Whole seconds; a departure never falls before its arrival.
    """
    new_arrive, new_depart = arrive_s.copy(), depart_s.copy()
    for i in range(first + 1, len(arrive_s)):
        run = arrive_s[i] - depart_s[i - 1]
        new_arrive[i] = np.round(new_depart[i - 1] + run * (factor if i <= last else 1.0))
        new_depart[i] = new_arrive[i] + (depart_s[i] - arrive_s[i])
    return new_arrive.astype(np.int64), new_depart.astype(np.int64)


def _check_overtaking(project: RailService, network: Network, own: set[str], report: Report) -> None:
    """Point out pairs of trains between the same two stops where the later one arrives first."""
    pairs = list_overtakings(network, own)
    if pairs:
        first = f"{pairs[0][0]} would overtake {pairs[0][1]} between {pairs[0][2]} and {pairs[0][3]}"
        more = f"; {len(pairs) - 1} more pairs" if len(pairs) > 1 else ""
        hint = "possible only at a station with a passing track that the timetable does not list"
        report.add(project, "overtaking", first + more, severity="warning", hint=hint)


def list_overtakings(network: Network, own: set[str]) -> Sequence[tuple[str, str, str, str]]:
    """Return (fast trip, slow trip, from stop, to stop) where one of the trips named overtakes or is overtaken."""
    feed = network.feed
    bands = set(feed.frequencies["trip_id"]) if len(feed.frequencies) else set()
    times = feed.stop_times[~feed.stop_times["trip_id"].isin(bands)].sort_values(["trip_id", "stop_sequence"])
    following = times.shift(-1)
    hops = pd.DataFrame(
        {
            "trip": times["trip_id"],
            "a": times["stop_id"],
            "b": following["stop_id"],
            "leave": times["departure_clock_s"],
            "reach": following["arrival_clock_s"],
        }
    )[times["trip_id"] == following["trip_id"]]
    own_hops = hops.loc[hops["trip"].isin(own), ["a", "b"]].drop_duplicates()
    hops = hops.merge(own_hops, on=["a", "b"])
    found: list[tuple[str, str, str, str]] = []
    for (a, b), group in hops.groupby(["a", "b"], sort=True):
        ordered = group.sort_values(["leave", "reach"], kind="stable")
        rows = list(zip(ordered["trip"], ordered["leave"], ordered["reach"], strict=True))
        for i, (slow, leave, reach) in enumerate(rows):
            for fast, later, sooner in rows[i + 1 :]:
                if later >= reach:
                    break
                if later > leave and sooner < reach and own & {slow, fast}:
                    found.append((str(fast), str(slow), str(a), str(b)))
    return found
