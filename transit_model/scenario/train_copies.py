"""More trains of a kind, copied from those of the base: the same stops and run times at other hours.

No stop time is invented: a copy keeps the run and dwell times of the train it copies. What is assumed is how many
trains each line gets (in proportion to those it has) and when they leave (in the middle of the widest gaps).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from transit_model.network.model import Network
from transit_model.scenario.lookup import Report
from transit_model.scenario.rail_schema import RailService, TrainScale
from transit_model.scenario.tables import Trip, read_trip
from transit_model.units import S_PER_MIN, parse_clock_s

_Line = tuple[str, str]
"""First and last stop of a train."""


def build_copies(project: RailService, index: int, scale: TrainScale, network: Network, report: Report) -> list[Trip]:
    """Return the trains that a scale adds; empty when something was reported.

    Trains of one line, both directions together, get new ones by largest remainder; within a line the direction with
    fewer trains comes first.
    """
    chosen = _choose(scale, network)
    if not chosen:
        message = "no train of the timetable is of these routes and between these stops"
        hint = "routes are route_short_names of the timetable, e.g. D"
        report.add(project, "no_train_to_scale", message, "scale", index, "routes", hint=hint)
        return []
    count = round(len(chosen) * (scale.factor - 1))
    if count == 0:
        message = f"{len(chosen)} trains times {scale.factor:g} are no train more"
        report.add(project, "changed_nothing", message, "scale", index, "factor", value=scale.factor)
        return []
    lines: dict[_Line, list[Trip]] = {}
    for trip in chosen:
        lines.setdefault((trip.stop_ids[0], trip.stop_ids[-1]), []).append(trip)
    bounds = parse_clock_s(scale.first_departure), parse_clock_s(scale.last_departure)
    prefix = f"{project.id}:{scale.id}"
    new: list[Trip] = []
    for (first, last), extra in share_trains({line: len(trips) for line, trips in lines.items()}, count).items():
        trips = lines[first, last]
        for _ in range(extra):
            copy = copy_train(f"{prefix}:{first}-{last}:{len(trips)}", trips, bounds)
            trips = [*trips, copy]
            new.append(copy)
    return new


def share_trains(counts: Mapping[_Line, int], more: int) -> dict[_Line, int]:
    """Return how many of `more` trains each direction of a line gets, in proportion to those it has.

    Largest remainder over lines (both directions together), equal remainders by name; within a line one after the
    other to the direction that has fewer, equal ones by name. Sums to `more`.
    """
    both: dict[_Line, int] = {}
    for line, count in counts.items():
        key = min(line, line[::-1])
        both[key] = both.get(key, 0) + count
    total = sum(both.values())
    quotas = {line: more * count / total for line, count in both.items()}
    given = {line: int(quota) for line, quota in quotas.items()}
    rest = sorted(quotas, key=lambda k: (given[k] - quotas[k], k))
    for line in rest[: more - sum(given.values())]:
        given[line] += 1
    out: dict[_Line, int] = {}
    for line, extra in given.items():
        now = {way: counts[way] for way in sorted({line, line[::-1]}) if way in counts}
        for _ in range(extra):
            way = min(now, key=lambda w: (now[w], w))
            now[way] += 1
            out[way] = out.get(way, 0) + 1
    return out


def _choose(scale: TrainScale, network: Network) -> list[Trip]:
    """Return the trains of the base of the named routes whose ends are among the named stops."""
    feed = network.feed
    routes = feed.routes.loc[feed.routes["route_short_name"].isin(list(scale.routes)), "route_id"]
    trips = feed.trips[feed.trips["route_id"].isin(routes)]
    if "project_id" in trips.columns:
        trips = trips[trips["project_id"] == ""]
    banded = set(feed.frequencies["trip_id"]) if len(feed.frequencies) else set()
    wanted = set(trips["trip_id"]) - banded
    times = feed.stop_times[feed.stop_times["trip_id"].isin(wanted)].sort_values(["trip_id", "stop_sequence"])
    found = []
    for trip_id, rows in times.groupby("trip_id", sort=True):
        trip = read_trip(str(trip_id), rows)
        if not scale.termini or {trip.stop_ids[0], trip.stop_ids[-1]} <= set(scale.termini):
            found.append(trip)
    return found


def copy_train(trip_id: str, trips: Sequence[Trip], bounds: tuple[int, int]) -> Trip:
    """Return a copy in the middle of the widest gap of the day, of the train before the gap (else of the one after)."""
    ordered = sorted(trips, key=lambda t: t.depart_s[0])
    starts = [t.depart_s[0] for t in ordered]
    edges = np.array([min(bounds[0], starts[0]), *starts, max(bounds[1], starts[-1])])
    gap = int(np.argmax(np.diff(edges)))
    leaves = round((int(edges[gap]) + int(edges[gap + 1])) / 2 / S_PER_MIN) * S_PER_MIN  # a whole minute, as of trains
    model = ordered[max(gap - 1, 0)]
    shift = leaves - model.depart_s[0]
    arrive, depart = (tuple(t + shift for t in times) for times in (model.arrive_s, model.depart_s))
    return replace(model, trip_id=trip_id, arrive_s=arrive, depart_s=depart)
