"""A GTFS feed and a service date to `TimetableArrays`: patterns, headway bands, transfers, station minutes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import blake2b
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.domain.modes import Ride, classify_route_type
from transit_model.domain.region import Feed
from transit_model.domain.service_clock import find_service_clock, find_zone
from transit_model.domain.service_days import find_active_services
from transit_model.domain.stop_calls import find_alight, find_board, find_open
from transit_model.errors import InputError, Issue
from transit_model.network.arrays import Headways, Patterns, TimetableArrays
from transit_model.network.model import Network
from transit_model.network.seats import join_seats, list_links
from transit_model.network.station_times import StationWays, build_station_ways
from transit_model.network.street_arrays import CompiledStreets
from transit_model.network.transfer_rules import part_stops
from transit_model.network.trip_events import Band, TripCopy, TripEvents, read_walls
from transit_model.units import S_PER_DAY, S_PER_HOUR

_BAND_COLUMNS = ("start_clock_s", "end_clock_s", "headway_secs", "exact_times")


@dataclass(frozen=True, eq=False)
class CompiledTimetable:
    """Timetable arrays with the way back to ids.

    Attributes
    ----------
    stop_ids : tuple of str
        stop_id by stop index.
    stop_idx : mapping
        The inverse.
    trip_ids : tuple of str
        trip_id by the index held in ``trip_id_idx`` of patterns and headways; day copies share one.
    """

    arrays: TimetableArrays
    stop_ids: tuple[str, ...]
    stop_idx: Mapping[str, int]
    trip_ids: tuple[str, ...]
    service_date: date

    def list_calls(self, trips: Collection[str] | None = None) -> tuple[str, ...]:
        """Return the stops at which any vehicle, or one of these trips, lets people on or off, in feed order."""
        p, h, whole = self.arrays.patterns, self.arrays.headways, self.arrays.whole_stop
        lengths, h_lengths = np.diff(p.stop_ptr), np.diff(h.stop_ptr)
        # trips of a pattern board and alight alike: its first trip tells
        first = np.arange(len(p.stops)) + np.repeat(p.event_ptr[:-1] - p.stop_ptr[:-1], lengths)
        calls, h_calls = (p.board | p.alight)[first], h.board | h.alight
        if trips is not None:
            runs = np.array([trip in trips for trip in self.trip_ids], dtype=bool)
            of_trip = np.repeat(np.arange(len(lengths)), np.diff(p.trip_ptr))
            any_run = np.bincount(of_trip, runs[p.trip_id_idx], minlength=len(lengths)) > 0
            calls, h_calls = calls & np.repeat(any_run, lengths), h_calls & np.repeat(runs[h.trip_id_idx], h_lengths)
        used = whole[np.concatenate([p.stops[calls], h.stops[h_calls]])]
        return tuple(self.stop_ids[i] for i in np.unique(used).tolist())


def compile_timetable(
    network: Network,
    service_date: date,
    *,
    rides: Sequence[Ride] | None = None,
    taxi_roads: Callable[[], CompiledStreets] | None = None,
    stop_kinds: Mapping[str, Ride] | None = None,
    station_ways: Callable[[Callable[[], StationWays]], StationWays] = lambda make: make(),
) -> CompiledTimetable:
    """Return the timetable of a service day, with the trips of the day before and after it.

    Parameters
    ----------
    network : Network
    service_date : date
    rides : sequence of Ride, optional
        Only these vehicles and the stops they call at are seen; all when absent.
    taxi_roads : callable, optional
        Gives the street graph for drives between the main stations of a place; asked only when there are any.
        Compiled for cars at typical speeds when absent.
    stop_kinds : mapping, optional
        Of `find_stop_kinds` for the same `rides`, found here when absent.
    station_ways : callable, optional
        Gives what holds at stations whenever anything runs, made by what it is given or kept from before.

    Raises
    ------
    InputError
        ``no_service`` when no trip of the feed runs on the date, nor one of the days before any more; the hint names
        dates with service.
    """
    feed = network.feed
    trips = feed.trips
    if rides is not None:
        kept = [r for r, ride in _list_route_rides(feed).items() if ride in rides]
        trips = trips[trips["route_id"].astype(str).isin(kept)]
    today = find_active_services(feed, service_date)
    if len(feed.trips) and not feed.trips["service_id"].isin(today).any() and not _runs_from_before(feed, service_date):
        raise InputError(
            Issue(
                "no_service",
                "error",
                f"no trip of the timetable {network.info.timetable_id} runs on {service_date.isoformat()}",
                field="service_date",
                value=service_date.isoformat(),
                hint=_hint_service(network),
            )
        )
    stop_ids = tuple(feed.stops["stop_id"].astype(str))
    stop_idx = {s: i for i, s in enumerate(stop_ids)}
    trip_ids = tuple(trips["trip_id"].astype(str))
    events = _collect_events(feed, trips, stop_idx)
    by_frequency = set(feed.frequencies["trip_id"].astype(str)) if len(feed.frequencies) else set()
    exact = _expand_exact_frequencies(feed, events)
    lines = _collect_bands(feed, events, trip_ids)
    copies: list[TripCopy] = []
    bands: list[Band] = []
    service = dict(zip(trips["trip_id"].astype(str), trips["service_id"], strict=True))
    clock = find_service_clock(service_date, find_zone(feed))
    days_back = _count_days_back(events, lines, exact)
    late = [i for i, t in enumerate(trip_ids) if t in events and (t in by_frequency or _runs_late(events[t]))]
    for days in range(-days_back, 2):
        active = find_active_services(feed, service_date + timedelta(days=days)) if days else today
        shift = clock.find_shift_s(days)
        for index in late if days < 0 else range(len(trip_ids)):
            trip_id = trip_ids[index]
            if service[trip_id] not in active or trip_id not in events:
                continue
            trip = events[trip_id]
            if trip_id not in by_frequency:
                copies.append(TripCopy(index, shift, trip, days))
                continue
            copies += [TripCopy(index, shift + start, trip.from_zero(), days) for start in exact.get(trip_id, ())]
        running = [b for b in lines if service[trip_ids[b[0]]] in active]
        bands += [(index, trip, start + shift, end + shift, headway) for index, trip, start, end, headway in running]
    # Of the days before, only what still runs after midnight can be ridden.
    copies = [read_walls(c, clock) for c in copies if int(c.trip.arrive_s[-1]) + c.shift_s >= 0]
    if clock.forward_s:
        bands = [(*b[:2], *clock.read_walls(np.array(b[2:4], np.int32)).tolist(), b[4]) for b in bands]
    bands = [b for b in bands if b[3] + int(b[1].arrive_s[-1]) >= 0]
    scheduled = {t: i for i, t in enumerate(trip_ids) if t not in by_frequency}
    copies = join_seats(copies, list_links(feed.transfers, scheduled))
    kinds_by_stop = find_stop_kinds(feed, rides) if stop_kinds is None else stop_kinds
    (change_s, entry_s, exit_s), transfers = station_ways(
        lambda: build_station_ways(network, stop_ids, kinds_by_stop, taxi_roads)
    )
    parted = part_stops(feed.transfers, feed.stops, trips, transfers, change_s, copies, bands)
    arrays = TimetableArrays(
        n_stops=len(stop_ids) + len(parted.split_of),
        patterns=_build_patterns(parted.copies),
        headways=_build_headways(parted.bands, trip_ids),
        change_s=parted.change_s,
        transfer_ptr=parted.ptr,
        transfer_to=parted.to,
        transfer_s=parted.seconds,
        entry_s=entry_s,
        exit_s=exit_s,
        split_of=parted.split_of,
    )
    return CompiledTimetable(arrays, stop_ids, stop_idx, trip_ids, service_date)


def describe_service_span(feed: Feed) -> str:
    """Return first and last date with service as text, for messages."""
    dates = [*feed.calendar.get("start_date", []), *feed.calendar.get("end_date", [])]
    dates += list(feed.calendar_dates.get("date", []))
    stamps = sorted(str(d) for d in dates)
    return f"{stamps[0]} to {stamps[-1]}" if stamps else "none"


def find_stop_kinds(feed: Feed, rides: Sequence[Ride] | None = None) -> dict[str, Ride]:
    """Return what calls at each stop, the first of `rides` where several do; all vehicles when absent.

    Stops that none of them serves are left out, and those where they halt without letting anybody on or off.
    """
    order = {ride: rank for rank, ride in enumerate(Ride if rides is None else rides)}
    ride_of_route = _list_route_rides(feed)
    route_of_trip = dict(zip(feed.trips["trip_id"], feed.trips["route_id"].astype(str), strict=True))
    kinds: dict[str, Ride] = {}
    times = feed.stop_times
    is_open = find_open(times)
    times = times if is_open.all() else times[is_open]
    pairs = times[["trip_id", "stop_id"]].assign(route=times["trip_id"].map(route_of_trip))
    for stop_id, route in pairs[["stop_id", "route"]].drop_duplicates().itertuples(index=False):
        ride = ride_of_route.get(str(route), Ride.BUS)
        if ride in order and (stop_id not in kinds or order[ride] < order[kinds[stop_id]]):
            kinds[str(stop_id)] = ride
    return kinds


def _hint_service(network: Network) -> str:
    """Return the days on which the timetable runs, and the other timetables to ask for."""
    hint = f"dates with service: {describe_service_span(network.feed)}"
    others = [t.timetable_id for t in network.info.timetables if t.timetable_id != network.info.timetable_id]
    return f"{hint}; other timetables: --timetable {' or '.join(others)}" if others else hint


def _list_route_rides(feed: Feed) -> dict[str, Ride]:
    return {
        str(r): classify_route_type(int(t))
        for r, t in zip(feed.routes["route_id"], feed.routes["route_type"], strict=True)
    }


def _count_days_back(
    events: Mapping[str, TripEvents], lines: Sequence[Band], exact: Mapping[str, Sequence[int]]
) -> int:
    """Return how many service days ago a trip may have begun that still runs today, at least 1."""
    last_s = max((int(trip.arrive_s[-1]) for trip in events.values()), default=0)
    last_s = max([last_s, *(end + int(trip.arrive_s[-1]) for _, trip, _, end, _ in lines)])
    last_s = max([last_s, *(s + int(np.ptp(events[t].times_s)) for t, starts in exact.items() for s in starts)])
    return max((last_s + S_PER_HOUR) // S_PER_DAY, 1)  # a day may have 23 hours


def _runs_late(trip: TripEvents) -> bool:
    return int(trip.arrive_s[-1]) >= S_PER_DAY - S_PER_HOUR


def _runs_from_before(feed: Feed, day: date) -> bool:
    """Return whether a trip of an earlier service day is still on its way."""
    last_s = feed.stop_times.groupby("trip_id")["arrival_clock_s"].max()
    trips = feed.trips.assign(last_s=feed.trips["trip_id"].map(last_s).fillna(0))
    for days in range(1, int(trips["last_s"].max()) // S_PER_DAY + 1):
        running = trips[trips["service_id"].isin(find_active_services(feed, day - timedelta(days=days)))]
        if (running["last_s"] >= days * S_PER_DAY).any():
            return True
    return False


def _collect_events(feed: Feed, trips: pd.DataFrame, stop_idx: Mapping[str, int]) -> dict[str, TripEvents]:
    # column by column: rows of a table with texts take several times as long to pick
    times = feed.stop_times
    rows = np.flatnonzero(times["trip_id"].isin(trips["trip_id"]).to_numpy(dtype=bool))
    if not len(rows):
        return {}
    number, names = pd.factorize(times["trip_id"].to_numpy(dtype=object)[rows])
    order = np.lexsort((times["stop_sequence"].to_numpy()[rows], number))
    rows = rows[order]
    stops = np.array([stop_idx[s] for s in times["stop_id"].to_numpy(dtype=object)[rows]], dtype=np.int32)
    clocks_s = np.stack([times[c].to_numpy(dtype=np.int32)[rows] for c in ("arrival_clock_s", "departure_clock_s")])
    board, alight = find_board(times)[rows], find_alight(times)[rows]
    ends = np.cumsum(np.bincount(number)).tolist()
    return {
        str(name): TripEvents(stops[a:b], clocks_s[:, a:b], board[a:b], alight[a:b])
        for name, a, b in zip(names, [0, *ends[:-1]], ends, strict=True)
        if b - a > 1
    }


def _expand_exact_frequencies(feed: Feed, events: Mapping[str, TripEvents]) -> dict[str, list[int]]:
    """Return the first departures of trips with ``exact_times=1``."""
    starts: dict[str, list[int]] = {}
    for row in feed.frequencies.itertuples(index=False):
        if int(row.exact_times) == 1 and str(row.trip_id) in events:
            run = range(int(row.start_clock_s), int(row.end_clock_s), int(row.headway_secs))
            starts.setdefault(str(row.trip_id), []).extend(run)
    return starts


def _collect_bands(feed: Feed, events: Mapping[str, TripEvents], trip_ids: Sequence[str]) -> list[Band]:
    """Return the headway bands as trip index, events, start, end and headway, whether or not they run today."""
    if not len(feed.frequencies):
        return []
    index_of = {t: i for i, t in enumerate(trip_ids) if t in events}
    columns = (feed.frequencies[c].tolist() for c in ("trip_id", *_BAND_COLUMNS))
    return [
        (index_of[str(trip_id)], events[str(trip_id)].from_zero(), int(start), int(end), int(headway))
        for trip_id, start, end, headway, exact in zip(*columns, strict=True)
        if int(exact) == 0 and str(trip_id) in index_of
    ]


def _build_patterns(copies: list[TripCopy]) -> Patterns:
    """Group trips by stops and permissions; split a group where one trip overtakes another."""
    groups: dict[bytes, list[TripCopy]] = {}
    for copy in copies:
        trip = copy[2]
        key = trip.stops.tobytes() + b"|" + trip.board.tobytes() + trip.alight.tobytes()
        groups.setdefault(key, []).append(copy)
    patterns: list[list[TripCopy]] = []
    for group in groups.values():
        group.sort(key=lambda c: (int(c[2].depart_s[0]) + c[1], int(c[2].arrive_s[-1]) + c[1], c[0]))
        open_lanes: list[list[TripCopy]] = []
        for copy in group:
            for lane in open_lanes:
                if _follows(lane[-1], copy):
                    lane.append(copy)
                    break
            else:
                open_lanes.append([copy])
        patterns += open_lanes
    stops = [p[0][2].stops for p in patterns]
    lengths = np.array([len(s) for s in stops], dtype=np.int64)
    trip_counts = np.array([len(p) for p in patterns], dtype=np.int64)
    flat = [c for p in patterns for c in p]
    return Patterns(
        stop_ptr=count_to_pointer(lengths).astype(np.int32),
        stops=_join(stops, np.int32),
        trip_ptr=count_to_pointer(trip_counts).astype(np.int32),
        event_ptr=count_to_pointer(lengths * trip_counts),
        arrive_s=_join([c[2].arrive_s + c[1] for c in flat], np.int32),
        depart_s=_join([c[2].depart_s + c[1] for c in flat], np.int32),
        board=_join([c[2].board for c in flat], np.bool_),
        alight=_join([c[2].alight for c in flat], np.bool_),
        trip_id_idx=np.array([c[0] for c in flat], dtype=np.int32),
    )


def _follows(before: TripCopy, after: TripCopy) -> bool:
    a, b = before[2], after[2]
    return bool((a.times_s - b.times_s <= after[1] - before[1]).all())


def seed_phase(trip_id: str) -> int:
    """Return what the phases of a headway trip are drawn by: a hash of its id, so the same in every scenario."""
    return int.from_bytes(blake2b(trip_id.encode(), digest_size=8).digest(), "big") >> 1


def _build_headways(bands: list[Band], trip_ids: Sequence[str]) -> Headways:
    lengths = np.array([len(b[1].stops) for b in bands], dtype=np.int64)
    return Headways(
        stop_ptr=count_to_pointer(lengths).astype(np.int32),
        stops=_join([b[1].stops for b in bands], np.int32),
        arrive_offset_s=_join([b[1].arrive_s for b in bands], np.int32),
        depart_offset_s=_join([b[1].depart_s for b in bands], np.int32),
        start_s=np.array([b[2] for b in bands], dtype=np.int32),
        end_s=np.array([b[3] for b in bands], dtype=np.int32),
        headway_s=np.array([b[4] for b in bands], dtype=np.int32),
        trip_id_idx=np.array([b[0] for b in bands], dtype=np.int32),
        board=_join([b[1].board for b in bands], np.bool_),
        alight=_join([b[1].alight for b in bands], np.bool_),
        seed=np.array([seed_phase(trip_ids[b[0]]) for b in bands], dtype=np.int64),
    )


def count_to_pointer(lengths: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return where each of several groups that stand one after another begins, and where the last ends, (n + 1,)."""
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


def _join(parts: Sequence[npt.NDArray[np.generic]], dtype: type[np.generic]) -> npt.NDArray[Any]:
    return np.concatenate(parts).astype(dtype) if parts else np.zeros(0, dtype=dtype)
