"""What changed between two timetables of a region: trains of a pair of places, and stations served.

Trains of the default service day of each timetable are counted. A train counts once for a pair of cities, by its
quickest pair of their main stations; its ride is from the departure there to the arrival.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from transit_model.domain.modes import Ride, classify_route_type
from transit_model.domain.place import Place
from transit_model.domain.region import Feed, Region, Text, TimetableInfo
from transit_model.domain.service_days import find_active_services
from transit_model.domain.stop_calls import find_alight, find_board
from transit_model.errors import InputError, Issue
from transit_model.near_names import hint_near
from transit_model.units import S_PER_DAY, format_clock, s_to_min

CAUTION: Final[Text] = {
    "zh": "数出来的增减里有一部分可能是较早时刻表本身的缺漏，不是真正增开或停开的列车。",
    "en": "Part of what is gained or lost may be gaps in a timetable (the boards of 2020 had some), not new trains.",
}
"""Said wherever two timetables are compared."""


@dataclass(frozen=True)
class PairTrains:
    """The trains of a pair of places on a day.

    Attributes
    ----------
    trains : int
    fastest_s, median_s : float or None
        Of the rides; None without a train.
    first_clock_s, last_clock_s : int or None
        First and last departure by the clock of the day: a train from far away that leaves here at 31:29 of its service
        day leaves at 07:29.
    """

    trains: int
    fastest_s: float | None
    median_s: float | None
    first_clock_s: int | None
    last_clock_s: int | None

    def fields(self, mark: str) -> dict[str, Any]:
        """Return the numbers as people read them, names ending in a mark."""

        def minutes(time_s: float | None) -> float | None:
            return None if time_s is None else round(s_to_min(time_s), 1)

        def clock(clock_s: int | None) -> str | None:
            return None if clock_s is None else format_clock(clock_s)

        return {
            f"trains_{mark}": self.trains,
            f"fastest_{mark}_min": minutes(self.fastest_s),
            f"median_{mark}_min": minutes(self.median_s),
            f"first_{mark}": clock(self.first_clock_s),
            f"last_{mark}": clock(self.last_clock_s),
        }


@dataclass(frozen=True)
class TimetableDiff:
    """Two timetables side by side.

    Attributes
    ----------
    pairs : mapping
        (from, to) place ids to the trains before and after; pairs without a train in either are left out.
    gained, lost : tuple of str
        Stops served by trains in one of them only.
    """

    before: TimetableInfo
    after: TimetableInfo
    pairs: Mapping[tuple[str, str], tuple[PairTrains, PairTrains]]
    gained: tuple[str, ...]
    lost: tuple[str, ...]

    def rows(self) -> list[dict[str, Any]]:
        """Return one row a pair, in the order asked for; both sides of a number stand together."""
        ids = {"before": self.before.timetable_id, "after": self.after.timetable_id}
        rows = []
        for (start, end), (a, b) in self.pairs.items():
            row: dict[str, Any] = {"from": start, "to": end, **ids}
            for sides in zip(a.fields("before").items(), b.fields("after").items(), strict=True):
                row.update(sides)
            rows.append(row)
        return rows


def diff_timetables(
    region: Region,
    first: str,
    second: str,
    origins: Sequence[Place],
    destinations: Sequence[Place],
    *,
    route_names: Sequence[str] = (),
) -> TimetableDiff:
    """Return what changes from one timetable to another.

    Parameters
    ----------
    region : Region
    first, second : str
        Ids of timetables.
    origins, destinations : sequence of Place
        Stations, or places with main stations (see `list_stops`).
    route_names : sequence of str
        Values of ``route_short_name`` (G, D, C, ...) that count; all trains when empty.

    Raises
    ------
    InputError
        ``unknown_timetable``, ``same_timetable``, ``unknown_route``, ``no_station`` for a place without one.
    """
    before, after = region.info.get_timetable(first), region.info.get_timetable(second)
    if before.timetable_id == after.timetable_id:
        hint = f"the region has {', '.join(t.timetable_id for t in region.info.list_timetables())}"
        message = "a timetable does not differ from itself"
        raise InputError(Issue("same_timetable", "error", message, field="timetable", value=second, hint=hint))
    feeds = [region.get_feed(t.timetable_id) for t in (before, after)]
    _check_routes(feeds, route_names)
    stops = list_stops(region, [*origins, *destinations])
    ends = [(o.place_id, d.place_id) for o in origins for d in destinations]
    pairs = [(o, d) for o, d in ends if not stops[o] & stops[d]]
    counted, served = [], []
    for feed, timetable in zip(feeds, (before, after), strict=True):
        calls = _list_calls(feed, timetable, route_names)
        counted.append(_count_pairs(calls, pairs, stops))
        served.append({stop for trip in calls for stop, _, _, _, _ in trip})
    order = list(dict.fromkeys(s for feed in feeds for s in feed.stops["stop_id"].astype(str)))
    return TimetableDiff(
        before,
        after,
        {p: (counted[0][p], counted[1][p]) for p in pairs if counted[0][p].trains or counted[1][p].trains},
        tuple(s for s in order if s in served[1] - served[0]),
        tuple(s for s in order if s in served[0] - served[1]),
    )


def list_stops(region: Region, places: Sequence[Place]) -> dict[str, frozenset[str]]:
    """Return the stops that count for each place: the station itself, or the main stations of a city.

    Raises
    ------
    InputError
        ``no_station``: a place that is no station and has no main stations.
    """
    main = region.info.main_stations
    stops = {p.place_id: frozenset([p.stop_id] if p.stop_id else main.get(p.place_id, ())) for p in places}
    lost = [p for p in places if not stops[p.place_id]]
    if lost:
        known = set(region.stations["stop_id"])
        message = "the place is no station and region.yaml names no main stations of it"
        raise InputError([_tell_no_station(p, message, p.place_id in known, main) for p in lost])
    return stops


def _tell_no_station(place: Place, message: str, has_twin: bool, main: Mapping[str, object]) -> Issue:
    hint = f"did you mean station:{place.place_id}?" if has_twin else f"ask for stations, or for {', '.join(main)}"
    return Issue("no_station", "error", message, field="place", value=place.place_id, hint=hint)


def _check_routes(feeds: Sequence[Feed], route_names: Sequence[str]) -> None:
    known = list(dict.fromkeys(str(n) for feed in feeds for n in feed.routes["route_short_name"]))
    lost = [n for n in route_names if n not in known]
    if lost:
        message = "no route of the two timetables has this route_short_name"
        raise InputError(
            [Issue("unknown_route", "error", message, field="routes", value=n, hint=hint_near(n, known)) for n in lost]
        )


_Call = tuple[str, int, int, bool, bool]
"""Stop, arrival and departure clock, whether one may get on and off."""


def _list_calls(feed: Feed, timetable: TimetableInfo, route_names: Sequence[str]) -> list[list[_Call]]:
    """Return the calls of every train of the service day, in order."""
    rail = [classify_route_type(int(t)) is Ride.RAIL for t in feed.routes["route_type"]]
    routes = feed.routes[rail]
    if route_names:
        routes = routes[routes["route_short_name"].isin(list(route_names))]
    active = find_active_services(feed, timetable.service_date)
    trips = feed.trips[feed.trips["route_id"].isin(routes["route_id"]) & feed.trips["service_id"].isin(active)]
    times = feed.stop_times[feed.stop_times["trip_id"].isin(trips["trip_id"])].sort_values(["trip_id", "stop_sequence"])
    on, off = find_board(times).tolist(), find_alight(times).tolist()
    columns = (times[c].tolist() for c in ("trip_id", "stop_id", "arrival_clock_s", "departure_clock_s"))
    calls: dict[str, list[_Call]] = {}
    for trip_id, stop_id, arrive, depart, may_on, may_off in zip(*columns, on, off, strict=True):
        calls.setdefault(trip_id, []).append((str(stop_id), int(arrive), int(depart), may_on, may_off))
    return list(calls.values())


def _count_pairs(
    calls: Sequence[Sequence[_Call]], pairs: Sequence[tuple[str, str]], stops: Mapping[str, frozenset[str]]
) -> dict[tuple[str, str], PairTrains]:
    """Return the trains of each pair; each train by its quickest ride, of equals the earliest."""
    rides: dict[tuple[str, str], list[tuple[int, int]]] = {pair: [] for pair in pairs}
    for trip in calls:
        at = {s: i for i, (s, *_) in enumerate(trip)}
        for pair in pairs:
            starts, ends = stops[pair[0]] & at.keys(), stops[pair[1]] & at.keys()
            found = [
                (arrive - depart, depart)
                for i, (a, _, depart, may_on, _) in enumerate(trip)
                if may_on and a in starts
                for b, arrive, _, _, may_off in trip[i + 1 :]
                if may_off and b in ends
            ]
            if found:
                rides[pair].append(min(found))
    return {pair: _summarise(found) for pair, found in rides.items()}


def _summarise(rides: Sequence[tuple[int, int]]) -> PairTrains:
    if not rides:
        return PairTrains(0, None, None, None, None)
    ride_s, depart = zip(*rides, strict=True)
    clock = [s % S_PER_DAY for s in depart]
    return PairTrains(len(rides), float(min(ride_s)), float(np.median(ride_s)), min(clock), max(clock))
