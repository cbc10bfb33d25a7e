"""Minutes of single pairs, for questions asked many times: the same numbers as `compute_od`, and nothing beside them.

Only medians are searched, only to the destinations asked for, and only where an input has changed since it was last
searched.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from transit_model.domain.modes import PARTS, Mode, Reading, SpeedTable, Vehicle
from transit_model.domain.place import Place
from transit_model.domain.readings import READING_RULES
from transit_model.measure.pair_ways import PairWays, get_feeders, is_ridden
from transit_model.measure.road_times import compute_road_od_s, compute_terminal_s
from transit_model.measure.shared_session import Key, SharedSession, digest_arrays
from transit_model.measure.transit_times import find_place_stops
from transit_model.timetable.profile import compute_fastest_ride
from transit_model.timetable.raptor import Access, build_access, build_destinations, compute_window, window_departures
from transit_model.units import S_PER_DAY, s_to_min

Pair = tuple[str, str, Mode, Reading]
"""From, to, mode, reading."""
F64 = npt.NDArray[np.float64]
Ends = Mapping[str, Sequence[str]]
"""Origin to its destinations."""
_MEDIAN = (0.5,)
_ACCESS_ASSUMPTIONS = (
    "access_max_min",
    "off_network_max_min",
    "off_network_speed_kmh",
    "snap_max_m",
    "taxi_alight_min",
    "taxi_wait_min",
    "walk_detour",
    "walk_max_m",
    "walk_speed_kmh",
)


def compute_pair_minutes(session: SharedSession, pairs: Iterable[Pair]) -> dict[Pair, float]:
    """Return the minutes of pairs, inf when unreachable; `best` is the least of road, rail and bus.

    Raises
    ------
    PlaceError
        When a place is not known.
    """
    wanted = list(dict.fromkeys(pairs))
    asked: dict[tuple[Mode, Reading], dict[str, list[str]]] = {}
    for origin, destination, mode, reading in wanted:
        for part in PARTS[mode]:
            asked.setdefault((part, reading), {}).setdefault(origin, []).append(destination)
    seconds: dict[Pair, float] = {}
    for (part, reading), ends in asked.items():
        if part is Mode.ROAD:
            measured = _measure_road(session, ends, reading)
        elif not session.has_service(part):
            continue
        elif READING_RULES[reading].door_to_door:
            measured = _measure_door_to_door(session, ends, part)
        else:
            measured = _measure_between_stations(session, ends, part, reading)
        for (origin, destination), time_s in measured.items():
            seconds[origin, destination, part, reading] = 0.0 if origin == destination else time_s
    return {
        (a, b, mode, reading): s_to_min(min(seconds.get((a, b, part, reading), np.inf) for part in PARTS[mode]))
        for a, b, mode, reading in wanted
    }


def _get_places(session: SharedSession, ids: Iterable[str]) -> list[Place]:
    return [session.places.get_place(p) for p in ids]


def _measure_road(session: SharedSession, ends: Ends, reading: Reading) -> dict[tuple[str, str], float]:
    targets = list(dict.fromkeys(d for row in ends.values() for d in row))
    here, there = _get_places(session, ends), _get_places(session, targets)
    times = _measure_road_table(session, here, there, reading)
    column = {d: j for j, d in enumerate(targets)}
    return {(o, d): float(times[i, column[d]]) for i, o in enumerate(ends) for d in ends[o]}


def _measure_road_table(session: SharedSession, here: Sequence[Place], there: Sequence[Place], reading: Reading) -> F64:
    """Return the seconds by road, (n_origins, n_destinations)."""
    a = session.network.assumptions
    key: Key = (
        session.road_key(Vehicle.CAR, session.speed_table(reading)),
        session.store.digest(session.network.shapes),
        (session.snap_limit_m, a.off_network_speed_kmh, compute_terminal_s(session, reading)),
        (tuple(here), tuple(there)),
    )
    return session.store.get("road", key, lambda: compute_road_od_s(session, here, there, reading))


def _prepare_ways(session: SharedSession, ends: Ends, mode: Mode) -> tuple[PairWays, dict[str, int]]:
    """Return the ways of all origins and destinations, and the column of each destination."""
    targets = list(dict.fromkeys(d for row in ends.values() for d in row))
    here, there = _get_places(session, ends), _get_places(session, targets)
    a = session.network.assumptions
    key: Key = (
        session.timetable_key(mode),
        session.road_key(Vehicle.CAR, SpeedTable.TYPICAL),
        session.store.digest(session.network.shapes),
        tuple(getattr(a, name) for name in _ACCESS_ASSUMPTIONS),
        (tuple(here), tuple(there)),
    )
    ways = PairWays(session, here, there, mode)
    ways.starts, ways.ends = session.store.get("station_trips", key, lambda: (ways.starts, ways.ends))
    ways.direct_s = _measure_road_table(session, here, there, Reading.DOOR_TO_DOOR)
    return ways, {d: j for j, d in enumerate(targets)}


def _measure_door_to_door(session: SharedSession, ends: Ends, mode: Mode) -> dict[tuple[str, str], float]:
    ways, column = _prepare_ways(session, ends, mode)
    out = {}
    for i, (origin, destinations) in enumerate(ends.items()):
        every, access = ways.list_kept(i), ways.starts[i].door
        kept = [every[column[d]].door for d in destinations]
        times = _search_window(session, mode, access, kept)
        ridden = _find_ridden(session, mode, access, kept, times)
        found = zip(destinations, np.where(ridden, times, np.inf).tolist(), strict=True)
        out.update({(origin, d): float(t) for d, t in found})
    return out


def _measure_between_stations(
    session: SharedSession, ends: Ends, mode: Mode, reading: Reading
) -> dict[tuple[str, str], float]:
    stops = {
        p: _find_stops(session, p, mode) for p in dict.fromkeys([*ends, *(d for row in ends.values() for d in row)])
    }
    asked: dict[str, dict[str, None]] = {}
    for origin, destinations in ends.items():
        for start in stops[origin]:
            asked.setdefault(start, {}).update(dict.fromkeys(t for d in destinations for t in stops[d] if t != start))
    search = _search_fastest if READING_RULES[reading].fastest else _search_typical
    measured = {
        (start, end): time_s
        for start, to in asked.items()
        if to
        for end, time_s in zip(to, search(session, mode, start, list(to)), strict=True)
    }
    by_way = _measure_by_way(session, ends, mode, reading)
    return {
        (o, d): float(min((by_way[o, d], *(measured[s, t] for s in stops[o] for t in stops[d] if s != t))))
        for o, row in ends.items()
        for d in row
    }


def _measure_by_way(session: SharedSession, ends: Ends, mode: Mode, reading: Reading) -> dict[tuple[str, str], float]:
    """Return the seconds by way of any station, the way there counted."""
    ways, column = _prepare_ways(session, ends, mode)
    out = {}
    for i, (origin, destinations) in enumerate(ends.items()):
        every, start = ways.list_kept(i), ways.starts[i]
        kept = [every[column[d]] for d in destinations]
        doors = [e.door for e in kept]
        median_s = _search_window(session, mode, start.door, doors) if _may_feed(ways, i) else np.zeros(len(kept))
        ridden = _find_ridden(session, mode, start.door, doors, median_s)
        if READING_RULES[reading].fastest:
            times = _search_fastest_by_way(session, mode, start.bare, [e.bare for e in kept])
        else:
            times = _search_window(session, mode, start.bare, [e.bare for e in kept])
        found = zip(destinations, np.where(ridden, times, np.inf).tolist(), strict=True)
        out.update({(origin, d): float(t) for d, t in found})
    return out


def _may_feed(ways: PairWays, i: int) -> bool:
    return get_feeders(ways.session, ways.mode, ways.starts[i].door) is not None


def _find_ridden(
    session: SharedSession, mode: Mode, access: Access, egresses: Sequence[Access], median_s: F64
) -> npt.NDArray[np.bool_]:
    """Return where the mode itself is ridden, as `pair_ways.find_ridden` does."""
    if get_feeders(session, mode, access) is None:
        return np.ones(len(egresses), dtype=bool)
    return is_ridden(median_s, _search_window(session, mode, access, egresses, feeders=True))


def _find_stops(session: SharedSession, place_id: str, mode: Mode) -> list[str]:
    place = session.places.get_place(place_id)
    # the stops of a place hang on which stops are served, not on when
    a = session.network.assumptions
    key = (mode, place, session.stations_key, session.served_key, a.station_reach_km, a.station_reach_stops)
    return session.store.get("place_stops", key, lambda: find_place_stops(session, place, mode))


def _search_window(
    session: SharedSession, mode: Mode, access: Access, egresses: Sequence[Access], *, feeders: bool = False
) -> F64:
    """Return the median over the departure minutes to each set of stops with egress, seconds; by the feeders alone."""
    index = session.feeder_index(mode) if feeders else session.timetable(mode)[1]
    assert index is not None
    max_rides = session.network.assumptions.max_rides
    ends = build_destinations(egresses)
    asked = digest_arrays([access.stop_idx, access.time_s, ends.ptr, ends.stop_idx, ends.egress_s])

    def search() -> F64:
        clocks = window_departures(*session.window)
        window = compute_window(index, access, clocks, ends, max_rides=max_rides, shares=_MEDIAN)
        median_s: F64 = window.percentile_s[0]
        return median_s

    return session.store.get("windows", (session.index_key(mode), feeders, session.window, max_rides, asked), search)


def _search_typical(session: SharedSession, mode: Mode, start: str, to: Sequence[str]) -> F64:
    compiled, _ = session.timetable(mode)
    ends = [build_access([compiled.stop_idx[t]], [0.0]) for t in to]
    return _search_window(session, mode, build_access([compiled.stop_idx[start]], [0.0]), ends)


def _search_fastest(session: SharedSession, mode: Mode, start: str, to: Sequence[str]) -> F64:
    compiled, index = session.timetable(mode)
    origin, stops = compiled.stop_idx[start], [compiled.stop_idx[t] for t in to]
    max_rides = session.network.assumptions.max_rides

    def search() -> F64:
        ends = build_destinations([build_access([t], [0.0]) for t in stops])
        ride = compute_fastest_ride(index, [origin], ends, start_clock_s=0, end_clock_s=S_PER_DAY, max_rides=max_rides)
        return ride.ride_s

    return session.store.get("fastest", (session.index_key(mode), origin, tuple(stops), max_rides), search)


def _search_fastest_by_way(session: SharedSession, mode: Mode, access: Access, egresses: Sequence[Access]) -> F64:
    """Return the fastest ride with the ways to and from it, seconds to each destination."""
    stop_ids = session.timetable(mode)[0].stop_ids
    to = sorted({stop_ids[t] for e in egresses for t in e.stop_idx.tolist()})
    out = np.full(len(egresses), np.inf)
    for start, before_s in zip(access.stop_idx.tolist(), access.time_s.tolist(), strict=True) if to else ():
        ride_s = dict(zip(to, _search_fastest(session, mode, stop_ids[start], to).tolist(), strict=True))
        for j, egress in enumerate(egresses):
            for end, after_s in zip(egress.stop_idx.tolist(), egress.time_s.tolist(), strict=True):
                if end != start:
                    out[j] = min(out[j], before_s + ride_s[stop_ids[end]] + after_s)
    return out
