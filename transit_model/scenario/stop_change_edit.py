"""Existing trains call at one stop more, or at one fewer: the rest of their run shifts by what that costs or saves."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from transit_model.domain.geo import compute_great_circle_m
from transit_model.domain.stop_calls import CALL_KINDS
from transit_model.network.model import Network
from transit_model.scenario.change_runs import Run, shift_run
from transit_model.scenario.lookup import Report, find_point, list_stops
from transit_model.scenario.rail_schema import RailService, StopChange
from transit_model.scenario.run_tables import mark_trips, read_runs, write_runs
from transit_model.units import min_to_s


def apply_stop_change(
    project: RailService, index: int, change: StopChange, network: Network, report: Report
) -> tuple[Network, set[str]]:
    """Return the network with the trains that a change means altered, and their trip_ids.

    An added call divides the run between its neighbours by the straight distances to them, and everything after it is
    later by the minutes the stop costs. After a dropped call everything is earlier by what it saves.

    Issues
    ------
    ``unknown_stop``, ``unknown_route``, ``no_place``, ``no_train_to_change`` when no train does what is changed,
    ``stop_too_short`` when more is saved than there is, or an added stop costs less than its dwell.
    """
    where = ("calls", index)
    known, routes = list_stops(network), network.feed.routes["route_id"].astype(str).tolist()
    right = [report.check_known(project, "stop", s, known, *where) for s in (change.stop, *(change.between or ()))]
    right += [report.check_known(project, "route", r, routes, *where, "routes") for r in change.routes]
    if not all(right):
        return network, set()
    share = 0.0
    if change.between is not None:
        points = [find_point(network, s) for s in (change.between[0], change.stop, change.between[1])]
        if None in points:
            report.add(project, "no_place", "nobody knows where one of these stops lies", *where, value=change.stop)
            return network, set()
        a, x, b = (p for p in points if p is not None)
        before_m, after_m = (float(compute_great_circle_m(*p, *x)) for p in (a, b))
        share = before_m / max(before_m + after_m, 1.0)
    dwell_min = network.assumptions.rail_dwell_min if change.dwell_min is None else change.dwell_min
    if change.between is not None and change.minutes < dwell_min:
        message, hint = "an added stop costs at least its dwell", f"{dwell_min:g} minutes or more"
        report.add(project, "stop_too_short", message, *where, "minutes", value=change.minutes, hint=hint)
        return network, set()
    dwell_s = round(min_to_s(dwell_min))
    feed = network.feed
    own = feed.trips[feed.trips["route_id"].isin(change.routes)] if change.routes else feed.trips
    changed: dict[str, Run] = {}
    for trip_id, run in read_runs(network, sorted(own["trip_id"].astype(str))).items():
        new = _drop_call(run, change) if change.between is None else _add_call(run, change, share, dwell_s)
        if new is None:
            continue
        if any(b.arrive_s < a.depart_s for a, b in pairwise(new)):
            message = f"{trip_id} would arrive at a stop before it leaves the one before"
            report.add(project, "stop_too_short", message, *where, "minutes", value=change.minutes, hint="save less")
            return network, set()
        changed[trip_id] = new
    if not changed:
        message = f"no train of these calls at {change.stop}"
        if change.between:
            message = f"no train of these runs from {change.between[0]} to {change.between[1]} without a stop"
        report.add(project, "no_train_to_change", message, *where, value=change.stop)
        return network, set()
    return mark_trips(write_runs(network, changed), changed, project.id), set(changed)


def _add_call(run: Run, change: StopChange, share: float, dwell_s: int) -> Run | None:
    """Return a run with one call more; None when it does not go from one neighbour to the other."""
    assert change.between is not None
    wanted, stops = {change.between, change.between[::-1]}, [call.stop_id for call in run]
    at = next((i for i, hop in enumerate(pairwise(stops)) if hop in wanted), None)
    if at is None or change.stop in stops:
        return None
    before, after = run[at : at + 2]
    part = share if before.stop_id == change.between[0] else 1.0 - share
    lost_s = round(min_to_s(change.minutes))
    # half of what braking and starting cost falls before the stop, half after it
    reach_s = round(before.depart_s + part * (after.arrive_s - before.depart_s) + (lost_s - dwell_s) / 2)
    # who may get on and off is of a stop, not of the train: a new one is for everybody
    row = {name: value for name, value in before.row.items() if name not in CALL_KINDS}
    call = replace(before, stop_id=change.stop, arrive_s=reach_s, depart_s=reach_s + dwell_s, row=row)
    return (*run[: at + 1], call, *shift_run(run[at + 1 :], lost_s))


def _drop_call(run: Run, change: StopChange) -> Run | None:
    """Return a run with one call fewer; None when it does not call there on its way."""
    stops = [call.stop_id for call in run]
    if change.stop not in stops[1:-1]:
        return None
    at = stops.index(change.stop)
    return (*run[:at], *shift_run(run[at + 1 :], -round(min_to_s(change.minutes))))
