"""Existing trains call at one stop more, or at one fewer: the rest of their run shifts by what that costs or saves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd

from transit_model.domain.geo import compute_great_circle_m
from transit_model.network.model import Network
from transit_model.scenario.lookup import Report, find_point, list_stops
from transit_model.scenario.rail_schema import RailService, StopChange
from transit_model.units import min_to_s

_TIMES = ("arrival_clock_s", "departure_clock_s")


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
    times = feed.stop_times
    touched = times[times["trip_id"].isin(own["trip_id"])].sort_values(["trip_id", "stop_sequence"])
    parts, changed = [], set()
    for trip_id, rows in touched.groupby("trip_id", sort=False):
        new = _add_call(rows, change, share, dwell_s) if change.between is not None else _drop_call(rows, change)
        if new is None:
            continue
        if (new["arrival_clock_s"].to_numpy()[1:] < new["departure_clock_s"].to_numpy()[:-1]).any():
            message = f"{trip_id} would arrive at a stop before it leaves the one before"
            report.add(project, "stop_too_short", message, *where, "minutes", value=change.minutes, hint="save less")
            return network, set()
        parts.append(new)
        changed.add(str(trip_id))
    if not changed:
        message = f"no train of these calls at {change.stop}"
        if change.between:
            message = f"no train of these runs from {change.between[0]} to {change.between[1]} without a stop"
        report.add(project, "no_train_to_change", message, *where, value=change.stop)
        return network, set()
    kept = times[~times["trip_id"].isin(changed)]
    table = feed.trips if "project_id" in feed.trips.columns else feed.trips.assign(project_id="")
    marked = table.assign(project_id=table["project_id"].where(~table["trip_id"].isin(changed), project.id))
    whole = pd.concat([kept, *parts], ignore_index=True).astype(dict(times.dtypes.items()))
    return network.with_tables(feed=replace(feed, stop_times=whole, trips=marked)), changed


def _add_call(rows: pd.DataFrame, change: StopChange, share: float, dwell_s: int) -> pd.DataFrame | None:
    """Return the calls of a trip with one more; None when it does not run from one neighbour to the other."""
    assert change.between is not None
    stops = rows["stop_id"].tolist()
    at = _find_hop(stops, change.between)
    if at is None or change.stop in stops:
        return None
    arrive, depart = (rows[c].to_numpy(dtype=np.int64) for c in _TIMES)
    part = share if stops[at] == change.between[0] else 1.0 - share
    lost_s = round(min_to_s(change.minutes))
    # half of what braking and starting cost falls before the stop, half after it
    reach = round(float(depart[at]) + part * float(arrive[at + 1] - depart[at]) + (lost_s - dwell_s) / 2)
    call = rows.iloc[[at]].assign(stop_id=change.stop, arrival_clock_s=reach, departure_clock_s=reach + dwell_s)
    later = rows.iloc[at + 1 :]
    later = later.assign(**{c: later[c] + lost_s for c in _TIMES})
    return _number(pd.concat([rows.iloc[: at + 1], call, later], ignore_index=True))


def _drop_call(rows: pd.DataFrame, change: StopChange) -> pd.DataFrame | None:
    """Return the calls of a trip with one fewer; None when it does not call there on its way."""
    stops = rows["stop_id"].tolist()
    if change.stop not in stops[1:-1]:
        return None
    at = stops.index(change.stop)
    saved_s = round(min_to_s(change.minutes))
    later = rows.iloc[at + 1 :]
    later = later.assign(**{c: later[c] - saved_s for c in _TIMES})
    return _number(pd.concat([rows.iloc[:at], later], ignore_index=True))


def _find_hop(stops: Sequence[str], between: tuple[str, str]) -> int | None:
    """Return the place of the first of two neighbouring calls, in either direction."""
    wanted = {between, between[::-1]}
    return next((i for i, hop in enumerate(pairwise(stops)) if hop in wanted), None)


def _number(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(stop_sequence=np.arange(1, len(rows) + 1))
