"""Times by rail or bus between places on the three readings (design 3).

promoter: fastest journey of the service day between any pair of the two places' stations, boarding to alighting.
typical: median over departure minutes of wait + ride (+ transfer), station to station, on the best station pair.
door_to_door: the same minutes with access, station entry, exit and egress, centre to centre. A second policy,
`timetabled`, is about travellers who know the timetable and leave home just in time for a train.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from transit_model.domain.geo import compute_great_circle_m
from transit_model.domain.modes import Mode, Policy, Reading, Vehicle
from transit_model.domain.place import Place
from transit_model.network.timetable_arrays import CompiledTimetable
from transit_model.routing.phases import MIDDLE, Phase
from transit_model.routing.profile import (
    Profile,
    compute_fastest_ride,
    compute_profile_events,
    timetabled_percentiles,
)
from transit_model.routing.raptor import (
    Access,
    Destinations,
    build_access,
    build_destinations,
    compute_window,
    window_departures,
)
from transit_model.study.access import build_accesses, build_egresses, drop_detours, tell_no_station
from transit_model.study.road_times import compute_road_od_s
from transit_model.study.session import Session
from transit_model.units import S_PER_DAY, km_to_m

SHARES = (0.1, 0.5, 0.9)
TIMETABLED_DRAWS = 60
"""Days, each with other phases of the headway lines, that a traveller who knows the timetable is followed on."""
StationRow: TypeAlias = dict[str, tuple[float, float, float, float]]
"""Seconds p10, p50, p90 and the clock of departure by the stop one rides to."""


@dataclass(frozen=True)
class TransitTime:
    """One measured pair in seconds; `via` names the station pair, `note` says why a time is missing."""

    p50_s: float
    p10_s: float = float("nan")
    p90_s: float = float("nan")
    via: str = ""
    note: str = ""
    depart_clock_s: float = float("nan")


UNREACHABLE = float("inf")


def find_place_stops(session: Session, place: Place, mode: Mode) -> list[str]:
    """Return the stop_ids counted as the stations of a place for station-to-station readings.

    A station is itself. Otherwise, for rail: the declared main stations; else the served stations of the
    place's own county; else the served stations within ``station_reach_km``. For bus: the served stops within
    ``station_reach_km``.
    """
    today = find_served_stops(session, mode)
    if place.stop_id:
        return [place.stop_id] if place.stop_id in today else []
    info = session.network.info
    if mode is Mode.RAIL and place.place_id in info.main_stations:
        return [s for s in info.main_stations[place.place_id] if s in today]
    if mode is Mode.RAIL and place.adcode:
        county = session.county_names.get(place.adcode, "")
        own = [s for s in today if county and session.station_counties.get(s) == county]
        if own:
            return own
    at = [session.stop_points[s] for s in today]
    if not at:
        return []
    far_m = compute_great_circle_m(place.at.lon, place.at.lat, [p.lon for p in at], [p.lat for p in at])
    reach_m = km_to_m(session.network.assumptions.station_reach_km)
    return [s for far, s in sorted(zip(far_m.tolist(), today, strict=True)) if far <= reach_m]


def compute_transit_od(
    session: Session,
    origins: Sequence[Place],
    destinations: Sequence[Place],
    mode: Mode,
    reading: Reading,
    policy: Policy = Policy.SPONTANEOUS,
) -> list[list[TransitTime]]:
    """Return the times of a mode on a reading, one list of destinations for each origin.

    The policy counts door to door only: the other readings are between stations.
    """
    if not session.has_service(mode):
        missing = TransitTime(UNREACHABLE, note=f"no {mode.value} service in this scenario")
        return [[missing for _ in destinations] for _ in origins]
    if reading is Reading.DOOR_TO_DOOR and policy is Policy.TIMETABLED:
        return _timetabled(session, origins, destinations, mode)
    if reading is Reading.DOOR_TO_DOOR:
        return _door_to_door(session, origins, destinations, mode)
    between_stations = _promoter if reading is Reading.PROMOTER else _typical
    stops = {p.place_id: find_place_stops(session, p, mode) for p in {*origins, *destinations}}
    measured = between_stations(session, mode, sorted({s for p in origins for s in stops[p.place_id]}))
    names = dict(zip(session.network.feed.stops["stop_id"], session.network.feed.stops["stop_name"], strict=True))
    rows = []
    for origin in origins:
        row = []
        for destination in destinations:
            starts, ends = stops[origin.place_id], stops[destination.place_id]
            if not starts or not ends:
                who = origin if not starts else destination
                row.append(TransitTime(UNREACHABLE, note=f"no station with listed service at {who.place_id}"))
                continue
            best = TransitTime(UNREACHABLE, note="no journey within the service day")
            for s in starts:
                for t in ends:
                    if s == t:
                        continue
                    p10, p50, p90, clock = measured[s][t]
                    if p50 < best.p50_s:
                        best = TransitTime(p50, p10, p90, f"{names[s]} - {names[t]}", "", clock)
            shared = bool(set(starts) & set(ends))
            if shared and origin.place_id != destination.place_id and not np.isfinite(best.p50_s):
                best = TransitTime(UNREACHABLE, note="both places use the same station")
            row.append(TransitTime(0.0, 0.0, 0.0) if origin.place_id == destination.place_id else best)
        rows.append(row)
    return rows


def _promoter(session: Session, mode: Mode, starts: Sequence[str]) -> dict[str, StationRow]:
    """Return for each start stop the fastest ride to every served stop; p10 and p90 are empty."""
    compiled, index = session.timetable(mode)
    ends = find_served_stops(session, mode)

    def search(stop: str) -> StationRow:
        fastest = compute_fastest_ride(
            index,
            [compiled.stop_idx[stop]],
            _list_ends(compiled, ends),
            start_clock_s=0,
            end_clock_s=S_PER_DAY,
            max_rides=session.network.assumptions.max_rides,
        )
        empty = np.full_like(fastest.ride_s, np.nan)
        return _build_row(ends, [empty, fastest.ride_s, empty, fastest.depart_clock_s])

    return {stop: session.keep_row(("promoter", mode, stop), partial(search, stop)) for stop in starts}


def _typical(session: Session, mode: Mode, starts: Sequence[str]) -> dict[str, StationRow]:
    """Return for each start stop the percentiles over the window to every served stop, and no clock."""
    compiled, index = session.timetable(mode)
    ends = find_served_stops(session, mode)
    clocks = window_departures(*session.window)

    def search(stop: str) -> StationRow:
        window = compute_window(
            index,
            build_access([compiled.stop_idx[stop]], [0.0]),
            clocks,
            _list_ends(compiled, ends),
            max_rides=session.network.assumptions.max_rides,
            shares=SHARES,
        )
        return _build_row(ends, [*window.percentile_s, np.full(len(ends), np.nan)])

    return {stop: session.keep_row(("typical", mode, stop), partial(search, stop)) for stop in starts}


def _list_ends(compiled: CompiledTimetable, stops: Sequence[str]) -> Destinations:
    """Return stops as destinations of their own: those of the mode itself, not of the metro that feeds it."""
    return build_destinations([build_access([compiled.stop_idx[s]], [0.0]) for s in stops])


def _build_row(ends: Sequence[str], columns: Sequence[npt.NDArray[np.float64]]) -> StationRow:
    return dict(zip(ends, zip(*(c.tolist() for c in columns), strict=True), strict=True))


def _door_to_door(
    session: Session, origins: Sequence[Place], destinations: Sequence[Place], mode: Mode
) -> list[list[TransitTime]]:
    _, index = session.timetable(mode)
    egresses = build_egresses(session, destinations, mode)
    direct_s = compute_road_od_s(session, origins, destinations, Reading.DOOR_TO_DOOR, Vehicle.CAR)
    clocks = window_departures(*session.window)
    tell = _MissingEnds(session, mode)
    rows = []
    for origin, access, drive_s in zip(origins, build_accesses(session, origins, mode), direct_s, strict=True):
        kept = [drop_detours(access, e, float(d)) for e, d in zip(egresses, drive_s, strict=True)]
        window = compute_window(
            index,
            access,
            clocks,
            build_destinations(kept),
            max_rides=session.network.assumptions.max_rides,
            shares=SHARES,
        )
        row = []
        for i, (destination, times) in enumerate(zip(destinations, window.percentile_s.T.tolist(), strict=True)):
            p10, p50, p90 = times
            note = "" if np.isfinite(p50) else "no journey at half of the departure minutes"
            note = tell.why((origin, access), (destination, egresses[i]), kept[i]) or note
            own = origin.place_id == destination.place_id
            row.append(TransitTime(0.0, 0.0, 0.0) if own else TransitTime(p50, p10, p90, "", note))
        rows.append(row)
    return rows


def _timetabled(
    session: Session, origins: Sequence[Place], destinations: Sequence[Place], mode: Mode
) -> list[list[TransitTime]]:
    """Return arrival minus latest departure from home: p10, p50 and p90 over trains, each weighing its gap.

    Vehicles of headway lines are known to this traveller as well, at each drawn phase.
    """
    _, index = session.timetable(mode)
    egresses = build_egresses(session, destinations, mode)
    direct_s = compute_road_od_s(session, origins, destinations, Reading.DOOR_TO_DOOR, Vehicle.CAR)
    start_s, end_s = session.window
    tell = _MissingEnds(session, mode)
    rows = []
    for origin, access, drive_s in zip(origins, build_accesses(session, origins, mode), direct_s, strict=True):
        kept = [drop_detours(access, e, float(d)) for e, d in zip(egresses, drive_s, strict=True)]
        days = [
            compute_day_profiles(session, mode, access, kept, start_s, max(end_s, S_PER_DAY), Phase(number, start_s))
            for number in range(TIMETABLED_DRAWS if index.n_lines > index.n_patterns else 1)
        ]
        row = []
        for destination, egress, left, *profiles in zip(destinations, egresses, kept, *days, strict=True):
            times, served = timetabled_percentiles(profiles, start_clock_s=start_s, end_clock_s=end_s, shares=SHARES)
            p10, p50, p90 = (float(v) for v in times)
            note = f"timetabled: {served:.0%} of the window before the last departure"
            note = tell.why((origin, access), (destination, egress), left) or note
            own = origin.place_id == destination.place_id
            row.append(TransitTime(0.0, 0.0, 0.0) if own else TransitTime(p50, p10, p90, "", note))
        rows.append(row)
    return rows


def compute_day_profiles(
    session: Session,
    mode: Mode,
    access: Access,
    egresses: Sequence[Access],
    start_clock_s: int,
    end_clock_s: int,
    phase: Phase = MIDDLE,
) -> list[Profile]:
    """Return the door-to-door journeys of a span by destination: who leaves home just in time, and when one arrives.

    Of a day on which headway lines run by the `phase`: by default each leaves half a headway after its band begins.

    The search reaches a day further than the span: a journey that waits for the next morning's train is dropped,
    since one may as well leave in the morning.
    """
    _, index = session.timetable(mode)
    profiles = compute_profile_events(
        index,
        access,
        build_destinations(egresses),
        start_clock_s=start_clock_s,
        end_clock_s=end_clock_s + S_PER_DAY,
        max_rides=session.network.assumptions.max_rides,
        phase=phase,
    )
    out = []
    for profile in profiles:
        kept = profile.depart_clock_s < end_clock_s
        out.append(Profile(profile.depart_clock_s[kept], profile.arrive_clock_s[kept]))
    return out


class _MissingEnds:
    """Tells why pairs have no way in or out of a train; each place without a station is looked into once."""

    def __init__(self, session: Session, mode: Mode) -> None:
        self._tell = cache(lambda place: tell_no_station(session, place, mode))

    def why(self, start: tuple[Place, Access], end: tuple[Place, Access], kept: Access) -> str:
        """Return the reason, empty when both ends have a way."""
        for place, ends in (start, end):
            if not len(ends.stop_idx):
                return self._tell(place)
        return "" if len(kept.stop_idx) else "getting to and from the stations takes longer than driving all the way"


def find_served_stops(session: Session, mode: Mode) -> tuple[str, ...]:
    """Return the stops of the mode itself at which a vehicle stops on the service day, in feed order."""
    if mode not in session.served_stops:
        kinds = {Mode.RAIL: {"rail"}, Mode.BUS: {"coach", "bus"}}[mode]
        compiled, _ = session.timetable(mode)
        arrays = compiled.arrays
        used = {*arrays.patterns.stops.tolist(), *arrays.headways.stops.tolist()}
        ids = (compiled.stop_ids[i] for i in sorted(used))
        session.served_stops[mode] = tuple(s for s in ids if session.stop_kinds.get(s) in kinds)
    return session.served_stops[mode]
