"""Which trains or buses of a network a change is about."""

from __future__ import annotations

import re

import pandas as pd

from transit_model.network.model import Network
from transit_model.scenario.change_schema import PLAIN, ServiceChange, TrainChoice
from transit_model.scenario.lookup import Report, list_stops
from transit_model.units import parse_clock_s

_LETTERS = re.compile(r"^[A-Za-z]*")


def list_train_names(network: Network) -> dict[str, str]:
    """Return what people call each trip: its number, else its id; by trip_id."""
    trips = network.feed.trips
    numbers = trips["trip_short_name"] if "trip_short_name" in trips.columns else [""] * len(trips)
    return {
        str(trip): str(number) if isinstance(number, str) and number else str(trip)
        for trip, number in zip(trips["trip_id"], numbers, strict=True)
    }


def find_class(name: str) -> str:
    """Return the letters a train number begins with, ``plain`` when there is none."""
    found = _LETTERS.match(name)
    return found[0].upper() if found and found[0] else PLAIN


def choose_trains(project: ServiceChange, index: int, network: Network, report: Report) -> list[str]:
    """Return the trip_ids chosen, in feed order; empty when something was reported."""
    before, choice, where = report.count_errors(), project.changes[index].choice, ("changes", index, "trains")
    feed, names = network.feed, list_train_names(network)
    classes = {trip: find_class(name) for trip, name in names.items()}
    short = dict(zip(feed.routes["route_id"].astype(str), feed.routes["route_short_name"].astype(str), strict=True))
    brought = feed.trips["project_id"].astype(str) if "project_id" in feed.trips.columns else [""] * len(feed.trips)
    known = {
        "class": ("classes", choice.classes, set(classes.values())),
        "trip": ("numbers", choice.numbers, {*names.values(), *names}),
        "route": ("routes", choice.routes, {*short, *short.values()}),
        "project": ("projects", choice.projects, {p.project_id for p in network.projects}),
        "stop": ("between", choice.between or (), set(list_stops(network))),
    }
    for what, (key, wanted, ids) in known.items():
        offered = f"there are {', '.join(sorted(ids))}" if what in ("class", "project") and ids else ""
        for i, item in enumerate(wanted):
            report.check_known(project, what, item, sorted(ids), *where, key, i, names=offered)
    if report.count_errors() > before:
        return []
    chosen = [
        str(trip)
        for trip, route, origin in zip(feed.trips["trip_id"], feed.trips["route_id"].astype(str), brought, strict=True)
        if (not choice.classes or classes[str(trip)] in choice.classes)
        and (not choice.numbers or {names[str(trip)], str(trip)} & set(choice.numbers))
        and (not choice.routes or {route, short.get(route, "")} & set(choice.routes))
        and (not choice.projects or origin in choice.projects)
    ]
    chosen = _keep_calls(chosen, choice, feed.stop_times)
    if not chosen:
        message = "no train or bus of the network is all that"
        hint = f"classes: {', '.join(sorted(set(classes.values())))}; routes: {', '.join(sorted(set(short.values())))}"
        lines = {p.project_id for p in network.projects if p.kind == "bus_line"} & set(choice.projects)
        if lines:  # their trips come when all roads are known
            key = f"{min(lines)}.service.headway_min"
            hint = f"{min(lines)} is a bus line of the scenario: override its own keys, e.g. {key}"
        report.add(project, "no_train_chosen", message, *where, hint=hint)
    return chosen


def _keep_calls(chosen: list[str], choice: TrainChoice, times: pd.DataFrame) -> list[str]:
    """Return the trips that call at both stops of a pair and leave within the hours asked for."""
    if choice.between is None and choice.first_departure is None and choice.last_departure is None:
        return chosen
    kept = times[times["trip_id"].isin(chosen)].sort_values(["trip_id", "stop_sequence"], kind="stable")
    first, last = (
        parse_clock_s(clock) if clock else limit
        for clock, limit in ((choice.first_departure, -1), (choice.last_departure, 10**9))
    )
    good: set[str] = set()
    for trip, rows in kept.groupby("trip_id", sort=False):
        stops = rows["stop_id"].astype(str).tolist()
        a, b = choice.between or (stops[0], stops[-1])
        calls = a in stops and b in stops and (not choice.one_way or stops.index(a) < stops.index(b))
        if calls and first <= int(rows["departure_clock_s"].iloc[0]) <= last:
            good.add(str(trip))
    return [trip for trip in chosen if trip in good]
