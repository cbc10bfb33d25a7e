"""Times by rail or bus between places on the three readings (design 3).

promoter: fastest journey of the service day between any pair of the two places' stations, boarding to alighting.
typical: median over departure minutes of wait + ride (+ transfer), station to station, on the best station pair.
door_to_door: the same minutes with access, station entry, exit and egress, centre to centre. The first two go by way of
other stations, with the way there, where that is shorter or a place has none (`pair_ways`). A second policy,
`timetabled`, is about travellers who know the timetable and leave home just in time for a train.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache, partial

import numpy as np
import numpy.typing as npt

from transit_model.domain.geo import compute_great_circle_m
from transit_model.domain.modes import Mode, Policy, Reading
from transit_model.domain.place import Place
from transit_model.domain.readings import READING_RULES
from transit_model.measure.access import tell_no_station
from transit_model.measure.pair_ways import PairWays, compute_percentiles, find_ridden
from transit_model.measure.session import Session
from transit_model.network.timetable_arrays import CompiledTimetable
from transit_model.timetable.phases import MIDDLE, Phase
from transit_model.timetable.profile import (
    Profile,
    compute_fastest_ride,
    compute_profile_events,
    timetabled_percentiles,
)
from transit_model.timetable.raptor import (
    Access,
    Destinations,
    build_access,
    build_destinations,
    compute_window,
    window_departures,
)
from transit_model.units import S_PER_DAY, km_to_m

SHARES = (0.1, 0.5, 0.9)
TIMETABLED_DRAWS = 60
"""Days, each with other phases of the headway lines, that a traveller who knows the timetable is followed on."""


@dataclass(frozen=True, eq=False)
class StationRow:
    """Seconds p10, p50, p90 and the clock of departure by the stop one rides to.

    A dense feed has thousands of stops, so numbers are kept as one (4, n) array and names once for all rows.
    """

    column: Mapping[str, int]
    values: npt.NDArray[np.float64]

    def get(self, stop: str, default: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        """Return the numbers of a stop, or others where no vehicle calls there."""
        return self[stop] if stop in self.column else default

    def __getitem__(self, stop: str) -> tuple[float, float, float, float]:
        p10, p50, p90, clock = self.values[:, self.column[stop]].tolist()
        return p10, p50, p90, clock


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
_BY_WAY = "by way of a station elsewhere, with the way there"
_NO_RIDE = (np.nan, UNREACHABLE, np.nan, np.nan)


def find_place_stops(session: Session, place: Place, mode: Mode) -> list[str]:
    """Return the stop_ids counted as the stations of a place for station-to-station readings.

    A station is itself. Otherwise the served stations within ``station_reach_km``, of each kind the nearest
    ``station_reach_stops`` (a dense feed has thousands, and a search for each); for rail those of the place's own
    county as well, however far; where the region declares main stations, these alone.
    """
    today = session.list_stations(mode)
    if place.stop_id:
        return [place.stop_id] if place.stop_id in today else []
    info = session.network.info
    if mode is Mode.RAIL and place.place_id in info.main_stations:
        return [s for s in info.main_stations[place.place_id] if s in today]
    own: list[str] = []
    if mode is Mode.RAIL and place.adcode:
        county = session.county_names.get(place.adcode, "")
        own = [s for s in today if county and session.station_counties.get(s) == county]
    at = [session.stop_points[s] for s in today]
    if not at:
        return []
    far_m = compute_great_circle_m(place.at.lon, place.at.lat, [p.lon for p in at], [p.lat for p in at])
    a, kinds = session.network.assumptions, session.stop_kinds(mode)
    near = [s for far, s in sorted(zip(far_m.tolist(), today, strict=True)) if far <= km_to_m(a.station_reach_km)]
    by_kind: dict[str, list[str]] = {}
    for stop in near:
        by_kind.setdefault(kinds.get(stop, ""), []).append(stop)
    kept = {*own, *(stop for stops in by_kind.values() for stop in stops[: a.station_reach_stops])}
    return [s for _, s in sorted(zip(far_m.tolist(), today, strict=True)) if s in kept]


def compute_transit_od(
    session: Session,
    origins: Sequence[Place],
    destinations: Sequence[Place],
    mode: Mode,
    reading: Reading,
    policy: Policy = Policy.SPONTANEOUS,
    ways: PairWays | None = None,
) -> list[list[TransitTime]]:
    """Return the times of a mode on a reading, one list of destinations for each origin.

    The policy counts door to door only: the other readings are between stations. `ways` are those of the same places,
    when several readings are asked for.
    """
    if not session.has_service(mode):
        missing = TransitTime(UNREACHABLE, note=f"no {mode.value} service in this scenario")
        return [[missing for _ in destinations] for _ in origins]
    ways = ways or PairWays(session, origins, destinations, mode)
    rule = READING_RULES[reading]
    if rule.door_to_door:
        return _timetabled(ways) if policy is Policy.TIMETABLED else _door_to_door(ways)
    stops = {p.place_id: find_place_stops(session, p, mode) for p in {*origins, *destinations}}
    starts = {s for p in origins for s in stops[p.place_id]}
    if rule.fastest:
        compiled, _ = session.timetable(mode)
        starts |= {compiled.stop_ids[s] for ends in ways.starts for s in ends.bare.stop_idx.tolist()}
    measured = measure_rides(session, mode, reading, sorted(starts))
    names = dict(zip(session.network.feed.stops["stop_id"], session.network.feed.stops["stop_name"], strict=True))
    rows = []
    for i, origin in enumerate(origins):
        round_about = _promoter_by_way(ways, i, measured) if rule.fastest else _typical_by_way(ways, i)
        row = []
        for j, destination in enumerate(destinations):
            ends = stops[origin.place_id], stops[destination.place_id]
            best = _choose_pair(*ends, measured, names)
            best = _take_better(best, round_about[j])
            if not np.isfinite(best.p50_s):
                best = TransitTime(UNREACHABLE, note=_tell_no_ride(origin, destination, ends))
            row.append(TransitTime(0.0, 0.0, 0.0) if origin.place_id == destination.place_id else best)
        rows.append(row)
    return rows


def _choose_pair(
    starts: Sequence[str], ends: Sequence[str], measured: Mapping[str, StationRow], names: Mapping[str, str]
) -> TransitTime:
    """Return the median of the best pair of stations, which `via` names; p10 and p90 are each the least of all."""
    best = TransitTime(UNREACHABLE)
    low, high = [np.nan], [np.nan]
    for s in starts:
        for t in ends:
            if s == t:
                continue
            p10, p50, p90, clock = measured[s][t]
            low, high = [*low, p10], [*high, p90]
            if p50 < best.p50_s:
                best = TransitTime(p50, p10, p90, f"{names[s]} - {names[t]}", "", clock)
    return replace(best, p10_s=float(np.fmin.reduce(low)), p90_s=float(np.fmin.reduce(high)))


def _take_better(one: TransitTime, other: TransitTime) -> TransitTime:
    """Return the one with the lesser median, the first of equals; p10 and p90 are each the lesser of both."""
    low, high = (float(np.fmin(a, b)) for a, b in ((one.p10_s, other.p10_s), (one.p90_s, other.p90_s)))
    return replace(other if other.p50_s < one.p50_s else one, p10_s=low, p90_s=high)


def _tell_no_ride(origin: Place, destination: Place, ends: tuple[Sequence[str], Sequence[str]]) -> str:
    if not ends[0] or not ends[1]:
        who = origin if not ends[0] else destination
        return f"no station with listed service at {who.place_id}"
    if set(ends[0]) & set(ends[1]):
        return "both places use the same station"
    return "no journey within the service day"


def _typical_by_way(ways: PairWays, i: int) -> list[TransitTime]:
    """Return for each destination the percentiles by way of any station, the way there counted."""
    kept = [e.bare for e in ways.list_kept(i)]
    if not any(len(e.stop_idx) for e in kept):
        return [TransitTime(UNREACHABLE)] * len(kept)
    p10, p50, p90 = compute_percentiles(ways.session, ways.mode, ways.starts[i].bare, kept, SHARES)
    ok = ways.find_ridden(i)
    return [
        TransitTime(float(p50[j]), float(p10[j]), float(p90[j]), note=_BY_WAY) if ok[j] else TransitTime(UNREACHABLE)
        for j in range(len(kept))
    ]


def _promoter_by_way(ways: PairWays, i: int, measured: Mapping[str, StationRow]) -> list[TransitTime]:
    """Return for each destination the fastest ride by way of any two stations, the ways there and on counted."""
    found = [find_fastest_way(ways, i, j, measured) for j in range(len(ways.destinations))]
    return [
        TransitTime(w.total_s, note=_BY_WAY, depart_clock_s=w.depart_clock_s) if w else TransitTime(UNREACHABLE)
        for w in found
    ]


@dataclass(frozen=True)
class FastestWay:
    """The fastest ride between two stops (rows of the timetable) with the ways to and from them, in seconds."""

    from_stop_idx: int
    to_stop_idx: int
    before_s: float
    ride_s: float
    after_s: float
    depart_clock_s: float

    @property
    def total_s(self) -> float:
        """The way there, the ride and the way on."""
        return self.before_s + self.ride_s + self.after_s


def find_fastest_way(ways: PairWays, i: int, j: int, measured: Mapping[str, StationRow]) -> FastestWay | None:
    """Return the fastest way from origin `i` to destination `j` by any two stations; None where none is ridden."""
    stop_ids, start = ways.session.timetable(ways.mode)[0].stop_ids, ways.starts[i].bare
    end, best = ways.list_kept(i)[j].bare, None
    for s, before_s in (
        zip(start.stop_idx.tolist(), start.time_s.tolist(), strict=True) if ways.find_ridden(i)[j] else ()
    ):
        row = measured[stop_ids[s]]
        for t, after_s in zip(end.stop_idx.tolist(), end.time_s.tolist(), strict=True):
            _, ride_s, _, clock_s = row.get(stop_ids[t], _NO_RIDE)
            way = FastestWay(s, t, before_s, ride_s, after_s, clock_s)
            if s != t and way.total_s < (best.total_s if best else UNREACHABLE):
                best = way
    return best


def measure_rides(session: Session, mode: Mode, reading: Reading, starts: Sequence[str]) -> dict[str, StationRow]:
    """Return the rides from stops, platform to platform: the fastest of the day, or the median of the window."""
    return (_promoter if READING_RULES[reading].fastest else _typical)(session, mode, starts)


def _promoter(session: Session, mode: Mode, starts: Sequence[str]) -> dict[str, StationRow]:
    """Return for each start stop the fastest ride to every served stop; p10 and p90 are empty."""
    compiled, index = session.timetable(mode)
    ends = session.list_calls(mode)

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
    ends = session.list_stations(mode)
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
    """Return stops as destinations of their own."""
    return build_destinations([build_access([compiled.stop_idx[s]], [0.0]) for s in stops])


def _build_row(ends: tuple[str, ...], columns: Sequence[npt.NDArray[np.float64]]) -> StationRow:
    return StationRow(_number(ends), np.stack(columns))


@lru_cache(maxsize=8)
def _number(ends: tuple[str, ...]) -> dict[str, int]:
    return {stop: n for n, stop in enumerate(ends)}


def _door_to_door(ways: PairWays) -> list[list[TransitTime]]:
    tell = _MissingEnds(ways.session, ways.mode)
    rows = []
    for i, origin in enumerate(ways.origins):
        kept = [e.door for e in ways.list_kept(i)]
        columns = compute_percentiles(ways.session, ways.mode, ways.starts[i].door, kept, SHARES)
        ridden = find_ridden(ways.session, ways.mode, ways.starts[i].door, kept, columns[1])
        row = []
        for j, (destination, times) in enumerate(zip(ways.destinations, columns.T.tolist(), strict=True)):
            p10, p50, p90 = times if ridden[j] else (UNREACHABLE,) * 3
            note = "" if np.isfinite(p50) else "no journey at half of the departure minutes"
            note = note if ridden[j] else tell.unridden
            note = tell.why((origin, ways.starts[i].door), (destination, ways.ends[j].door), kept[j]) or note
            own = origin.place_id == destination.place_id
            row.append(TransitTime(0.0, 0.0, 0.0) if own else TransitTime(p50, p10, p90, "", note))
        rows.append(row)
    return rows


def _timetabled(ways: PairWays) -> list[list[TransitTime]]:
    """Return arrival minus latest departure from home: p10, p50 and p90 over trains, each weighing its gap.

    Vehicles of headway lines are known to this traveller as well, at each drawn phase.
    """
    _, index = ways.session.timetable(ways.mode)
    start_s, end_s = ways.session.window
    tell = _MissingEnds(ways.session, ways.mode)
    rows = []
    for i, origin in enumerate(ways.origins):
        kept, access, ridden = [e.door for e in ways.list_kept(i)], ways.starts[i].door, ways.find_ridden(i)
        last_s = max(end_s, S_PER_DAY)
        days = [
            compute_day_profiles(ways.session, ways.mode, access, kept, start_s, last_s, Phase(number, start_s))
            for number in range(TIMETABLED_DRAWS if index.n_lines > index.n_patterns else 1)
        ]
        row = []
        for j, (destination, *profiles) in enumerate(zip(ways.destinations, *days, strict=True)):
            times, served = timetabled_percentiles(profiles, start_clock_s=start_s, end_clock_s=end_s, shares=SHARES)
            p10, p50, p90 = (float(v) if ridden[j] else UNREACHABLE for v in times)
            note = f"timetabled: {served:.0%} of the window before the last departure"
            note = note if ridden[j] else tell.unridden
            note = tell.why((origin, access), (destination, ways.ends[j].door), kept[j]) or note
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
        self.unridden = f"no {mode.value} vehicle is ridden: the metro alone is as quick"

    def why(self, start: tuple[Place, Access], end: tuple[Place, Access], kept: Access) -> str:
        """Return the reason, empty when both ends have a way."""
        for place, ends in (start, end):
            if not len(ends.stop_idx):
                return self._tell(place)
        return "" if len(kept.stop_idx) else "getting to and from the stations takes longer than driving all the way"
