"""How often and on which days services run that there are: headways, number of trains, days of the week."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from transit_model.network.model import Network
from transit_model.scenario.change_runs import keep_evenly
from transit_model.scenario.change_schema import ServiceChange
from transit_model.scenario.change_trains import list_train_names
from transit_model.scenario.lookup import Report
from transit_model.scenario.tables import (
    Trip,
    append_calls,
    append_rows,
    name_service,
    read_trip,
    remove_trips,
    with_services,
)
from transit_model.scenario.train_copies import copy_train, share_trains
from transit_model.units import min_to_s, parse_clock_s

_DAY = ("06:00", "22:00")
"""Hours within which copies leave, unless a train of their line does earlier or later; as of `TrainScale`."""
_Line = tuple[str, str]


def change_headways(
    project: ServiceChange, index: int, network: Network, chosen: Sequence[str], report: Report
) -> Network:
    """Return the network with other headways of services by headway; of several bands of a line the first stays.

    Issues
    ------
    ``not_by_headway``, ``changed_nothing``
    """
    change, where = project.changes[index], ("changes", index)
    feed = network.feed
    bands = feed.frequencies
    by_headway = set(bands["trip_id"].astype(str)) if len(bands) else set()
    others = [t for t in chosen if t not in by_headway]
    key = "headway_min" if change.headway_min is not None else "periods"
    if others:
        name = list_train_names(network)[others[0]]
        hint = "use trains_per_day, or choose services by headway under trains"
        report.add(project, "not_by_headway", f"{name} runs at clock times", *where, key, value=name, hint=hint)
        return network
    if change.headway_min is not None:
        own = bands["trip_id"].isin(chosen)
        seconds = round(min_to_s(change.headway_min))
        if (bands.loc[own, "headway_secs"] == seconds).all():
            message = f"they run every {change.headway_min:g} min already"
            report.add(project, "changed_nothing", message, *where, key, value=change.headway_min)
        set_to = bands["headway_secs"].where(~own, seconds)
        return network.with_tables(feed=replace(feed, frequencies=bands.assign(headway_secs=set_to)))
    kept = _list_first_of_lines(network, chosen)
    rest = bands[~bands["trip_id"].isin(chosen)].reset_index(drop=True)
    rows = [
        {
            "trip_id": trip,
            "start_clock_s": parse_clock_s(p.from_clock),
            "end_clock_s": parse_clock_s(p.to_clock),
            "headway_secs": round(min_to_s(p.headway_min)),
            "exact_times": 0,
        }
        for trip in kept
        for p in change.periods
    ]
    changed = network.with_tables(feed=replace(feed, frequencies=append_rows(rest, rows)))
    return remove_trips(changed, set(chosen) - set(kept))


def _list_first_of_lines(network: Network, chosen: Sequence[str]) -> list[str]:
    """Return the first of the trips that call alike: same stops, same riders, same times after the first departure."""
    seen: dict[tuple[Any, ...], str] = {}
    for trip in _read_trips(network, chosen):
        start = trip.depart_s[0]
        times = tuple((a - start, d - start) for a, d in zip(trip.arrive_s, trip.depart_s, strict=True))
        seen.setdefault((trip.stop_ids, times, trip.pickup, trip.drop_off), trip.trip_id)
    return [t for t in chosen if t in set(seen.values())]


def change_number(
    project: ServiceChange, index: int, network: Network, chosen: Sequence[str], report: Report
) -> Network:
    """Return the network with so many of the trains chosen: copies in the widest gaps, or fewer, spread evenly.

    Lines (first and last stop) keep their part of the whole by largest remainder, as with `scale` of a `rail_service`.

    Issues
    ------
    ``not_at_clock_times``, ``changed_nothing``
    """
    count, where = project.changes[index].trains_per_day, ("changes", index, "trains_per_day")
    assert count is not None
    bands = network.feed.frequencies
    banded = sorted(set(chosen) & (set(bands["trip_id"].astype(str)) if len(bands) else set()))
    if banded:
        name = list_train_names(network)[banded[0]]
        message = f"{name} runs by headway, and has no number of trains"
        report.add(project, "not_at_clock_times", message, *where, value=name, hint="use headway_min or periods")
        return network
    if count == len(chosen):
        report.add(project, "changed_nothing", f"there are {count} of these trains already", *where, value=count)
        return network
    lines: dict[_Line, list[Trip]] = {}
    for trip in _read_trips(network, chosen):
        lines.setdefault((trip.stop_ids[0], trip.stop_ids[-1]), []).append(trip)
    if count < len(chosen):
        return remove_trips(network, set(chosen) - set(_keep(lines, count)))
    bounds = parse_clock_s(_DAY[0]), parse_clock_s(_DAY[1])
    new: list[tuple[str, Trip]] = []
    prefix = f"{project.id}:{index}"
    for (first, last), extra in share_trains({k: len(v) for k, v in lines.items()}, count - len(chosen)).items():
        trips = lines[first, last]
        model = trips[0].trip_id
        for _ in range(extra):
            copy = copy_train(f"{prefix}:{first}-{last}:{len(trips)}", trips, bounds)
            trips = [*trips, copy]
            new.append((model, copy))
    return _add_copies(network, new, project.id)


def _keep(lines: Mapping[_Line, Sequence[Trip]], count: int) -> list[str]:
    """Return the trips that stay: each line its part of `count` by largest remainder, of equals by name."""
    total = sum(map(len, lines.values()))
    quotas = {line: count * len(trips) / total for line, trips in lines.items()}
    given = {line: int(quota) for line, quota in quotas.items()}
    for line in sorted(quotas, key=lambda k: (given[k] - quotas[k], k))[: count - sum(given.values())]:
        given[line] += 1
    return [
        trips[i].trip_id
        for line, trips in lines.items()
        if given[line]
        for i in keep_evenly([t.depart_s[0] for t in trips], given[line])
    ]


def _add_copies(network: Network, copies: Iterable[tuple[str, Trip]], project_id: str) -> Network:
    """Return the network with copies of trips: of the route and the days of a train of their line."""
    feed = network.feed
    trips = feed.trips if "project_id" in feed.trips.columns else feed.trips.assign(project_id="")
    row_of = {str(row["trip_id"]): row for row in trips.to_dict("records")}
    trip_rows: list[dict[str, Any]] = []
    made = list(copies)
    for model, trip in made:
        named = {"trip_id": trip.trip_id, "project_id": project_id}
        named |= {"trip_short_name": ""} if "trip_short_name" in trips.columns else {}
        trip_rows.append({**{str(k): v for k, v in row_of[model].items()}, **named})
    calls = append_calls(feed.stop_times, (trip for _, trip in made))
    more = {"trips": append_rows(trips, trip_rows), "stop_times": calls}
    return network.with_tables(feed=replace(feed, **more))


def change_days(project: ServiceChange, index: int, network: Network, chosen: Sequence[str], report: Report) -> Network:
    """Return the network in which these trips run on some days of the week, as long as the feed runs.

    Exceptions of single dates that they had are those of their old service and hold no more.
    """
    days = project.changes[index].days
    feed = with_services(network.feed, {tuple(days)})
    own = feed.trips["trip_id"].isin(chosen)
    service = name_service(days)
    if (feed.trips.loc[own, "service_id"] == service).all() and own.any():
        message = f"they run on {', '.join(days)} already"
        report.add(project, "changed_nothing", message, "changes", index, "days")
    return network.with_tables(
        feed=replace(feed, trips=feed.trips.assign(service_id=feed.trips["service_id"].where(~own, service)))
    )


def _read_trips(network: Network, chosen: Sequence[str]) -> list[Trip]:
    times = network.feed.stop_times
    rows = times[times["trip_id"].isin(chosen)].sort_values(["trip_id", "stop_sequence"], kind="stable")
    found: dict[str, Trip] = {}
    for trip_id, calls in rows.groupby("trip_id", sort=False):
        found[str(trip_id)] = read_trip(str(trip_id), calls)
    return [found[t] for t in chosen if t in found]
