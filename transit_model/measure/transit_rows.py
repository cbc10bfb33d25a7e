"""Seconds by rail or bus from one place to others on the three readings: the one way of measuring them.

Tables ask for percentiles and for why a time is missing (`transit_times`), single pairs for medians alone
(`pair_times`); both ask here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from transit_model.domain.modes import Mode, Reading
from transit_model.domain.readings import READING_RULES
from transit_model.measure.pair_ways import PairWays
from transit_model.measure.place_stops import list_named_stations
from transit_model.measure.searches import MEDIAN, get_feeders, search_fastest, search_percentiles
from transit_model.measure.session import Session
from transit_model.threads import count_threads, do_side_by_side
from transit_model.timetable.raptor import Access, build_access, stop_destinations
from transit_model.timetable.ride_bounds import SLACK_S, RideBounds

F64 = npt.NDArray[np.float64]
StationPair = tuple[str, str]
Choice = tuple[F64, StationPair | None, float]
"""Seconds, (n_quantiles,); the stations one rides between, None where none are named; the clock of departure."""


class FastestWay(NamedTuple):
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


class TransitRow(NamedTuple):
    """The times of one origin to the destinations asked for.

    Attributes
    ----------
    seconds : (n_quantiles, n_wanted) float64
        `inf` at the median when unreachable, 0 to itself.
    stations : list
        The stations of the two places that one rides between; None door to door, or by way of other stations.
    depart_clock_s : (n_wanted,) float64
        Of the fastest ride of the day, NaN on the other readings.
    ridden : (n_wanted,) bool
        Where the door-to-door traveller rides the mode itself.
    """

    seconds: F64
    stations: list[StationPair | None]
    depart_clock_s: F64
    ridden: npt.NDArray[np.bool_]


def measure_row(ways: PairWays, i: int, reading: Reading, quantiles: Sequence[float] = MEDIAN) -> TransitRow:
    """Return the times from origin `i` to the destinations asked for; `quantiles` must have the median among them.

    The promoter's reading is the fastest ride of the day: it has the median alone, whatever is asked for.
    """
    rule = READING_RULES[reading]
    if rule.door_to_door:
        row = _measure_door_to_door(ways, i, quantiles)
    else:
        row = _measure_between_stations(ways, i, reading, MEDIAN if rule.fastest else quantiles)
    own = [ways.destinations[j].place_id == ways.origins[i].place_id for j in ways.list_wanted(i)]
    row.seconds[:, own] = 0.0
    return row


def _measure_door_to_door(ways: PairWays, i: int, quantiles: Sequence[float]) -> TransitRow:
    kept = [e.door for e in ways.list_kept(i)]
    seconds = search_percentiles(ways.session, ways.mode, ways.starts[i].door, kept, quantiles)
    ridden = ways.find_ridden(i, seconds[quantiles.index(0.5)])
    none = np.full(len(kept), np.nan)
    return TransitRow(np.where(ridden, seconds, np.inf), [None] * len(kept), none, ridden)


def _measure_between_stations(ways: PairWays, i: int, reading: Reading, quantiles: Sequence[float]) -> TransitRow:
    wanted = ways.list_wanted(i)
    rides = StationRides(ways.session, ways.mode, reading, quantiles)
    if READING_RULES[reading].fastest:
        own = [_choose_fastest_pair(ways, i, j, rides) for j in wanted]
        around_s, around_clock_s = _promoter_by_way(ways, i, rides, [float(s[rides.middle]) for s, _, _ in own])
    else:
        rides.fill([rides.stop_idx[s] for s in ways.stops[ways.origins[i].place_id]])
        own = [choose_own_pair(ways, i, j, rides) for j in wanted]
        around_s, around_clock_s = _typical_by_way(ways, i, quantiles), np.full(len(wanted), np.nan)
    seconds, clock_s = np.empty_like(around_s), np.empty(len(wanted))
    stations: list[StationPair | None] = []
    for k, (least_s, pair, clock) in enumerate(own):
        round_about = around_s[rides.middle, k] < least_s[rides.middle]
        seconds[:, k] = np.fmin(least_s, around_s[:, k])
        stations.append(None if round_about else pair)
        clock_s[k] = around_clock_s[k] if round_about else clock
    return TransitRow(seconds, stations, clock_s, ways.find_ridden(i))


def choose_own_pair(ways: PairWays, i: int, j: int, rides: StationRides) -> Choice:
    """Return the least of all pairs of the two places' own stations, share by share, and the pair of least median.

    From origin `i` to destination `j`; of equals the first.
    """
    starts, ends = (ways.stops[p.place_id] for p in (ways.origins[i], ways.destinations[j]))
    least_s = np.full(rides.n_quantiles, np.nan)
    least_s[rides.middle] = np.inf
    best: StationPair | None = None
    clock_s = np.nan
    for start in starts:
        others = [t for t in ends if t != start]
        if not others:
            continue
        times = rides.get(rides.stop_idx[start])[:, [rides.stop_idx[t] for t in others]]
        first = int(times[rides.middle].argmin())
        if times[rides.middle, first] < least_s[rides.middle]:
            best, clock_s = (start, others[first]), float(times[-1, first])
        least_s = np.fmin(least_s, np.fmin.reduce(times[:-1], axis=1))
    return least_s, best, clock_s


def _choose_fastest_pair(ways: PairWays, i: int, j: int, rides: StationRides) -> Choice:
    """Return what `choose_own_pair` does where a row has one quantile; rows that cannot win are not searched."""
    start, end = (
        build_access([rides.stop_idx[s] for s in ways.stops[p.place_id]], np.zeros(len(ways.stops[p.place_id])))
        for p in (ways.origins[i], ways.destinations[j])
    )
    way = _find_fastest(start, end, rides)
    if way is None:
        return np.array([np.inf]), None, np.nan
    stop_ids = rides.stop_ids
    return np.array([way.total_s]), (stop_ids[way.from_stop_idx], stop_ids[way.to_stop_idx]), way.depart_clock_s


def _typical_by_way(ways: PairWays, i: int, quantiles: Sequence[float]) -> F64:
    """Return the percentiles by way of any station, the way there counted, (n_quantiles, n_wanted)."""
    kept = [e.bare for e in ways.list_kept(i)]
    if not any(len(e.stop_idx) for e in kept):
        return np.full((len(quantiles), len(kept)), np.inf)
    ask = (ways.session, ways.mode, ways.starts[i].bare, kept, quantiles)
    if count_threads() < 2:
        seconds = search_percentiles(*ask)
    else:
        get_feeders(ways.session, ways.mode, ways.starts[i].door)  # made before threads ask for it
        # which of them is ridden is found meanwhile
        both: list[Callable[[], npt.NDArray[Any]]] = [partial(ways.find_ridden, i), partial(search_percentiles, *ask)]
        _, seconds = do_side_by_side(both)
    return np.where(ways.find_ridden(i), seconds, np.inf)


def _promoter_by_way(ways: PairWays, i: int, rides: StationRides, below_s: Sequence[float]) -> tuple[F64, F64]:
    """Return the fastest ride by way of any two stations, the ways there and on counted, and its clock.

    (1, n_wanted) and (n_wanted,) seconds; `inf` where it is no faster than `below_s`, that of the places' own stations.
    """
    found = [find_fastest_way(ways, i, k, rides, below_s=limit_s) for k, limit_s in enumerate(below_s)]
    best_s = [np.inf if way is None else way.total_s for way in found]
    clock_s = [np.nan if way is None else way.depart_clock_s for way in found]
    return np.array([best_s], np.float64), np.array(clock_s, np.float64)


def find_fastest_way(
    ways: PairWays, i: int, k: int, rides: StationRides, *, below_s: float = np.inf
) -> FastestWay | None:
    """Return the fastest way from origin `i` to the `k`-th destination asked for by any two stations.

    None where none is ridden, or none is faster than `below_s`; of equals the first. Stations are searched from the
    one that could be best on, and none that no ride makes good enough (`ride_bounds`).
    """
    start, end = ways.starts[i].bare, ways.list_kept(i)[k].bare
    if not (len(start.stop_idx) and len(end.stop_idx) and ways.find_ridden(i)[k]):
        return None
    return _find_fastest(start, end, rides, below_s)


def _find_fastest(start: Access, end: Access, rides: StationRides, below_s: float = np.inf) -> FastestWay | None:
    """Return the fastest way from one of the stops at the start to one at the end, as `find_fastest_way` does."""
    if not (len(start.stop_idx) and len(end.stop_idx)):
        return None
    before_s, bound_s = start.time_s.tolist(), _bound_ways(start, end, rides.bounds)
    order = np.argsort(bound_s, kind="stable").tolist()
    best: tuple[float, int, FastestWay] | None = None
    n_threads = max(count_threads(), 1)
    for at in range(0, len(order), n_threads):
        limit_s = below_s - SLACK_S if best is None else min(below_s - SLACK_S, best[0] + SLACK_S)
        some = [n for n in order[at : at + n_threads] if bound_s[n] <= limit_s and bound_s[n] < np.inf]
        if not some:
            break
        rides.fill([int(start.stop_idx[n]) for n in some])
        for n in some:
            way = _ride_from(int(start.stop_idx[n]), before_s[n], end, rides)
            if way is not None and way.total_s < below_s and (best is None or (way.total_s, n) < best[:2]):
                best = (way.total_s, n, way)
    return None if best is None else best[2]


def _bound_ways(start: Access, end: Access, bounds: RideBounds) -> F64:
    """Return for each stop that one may start from the seconds that no way by it to the destination beats."""
    onward_s = bounds.find(start.stop_idx, end.stop_idx) + end.time_s
    onward_s[start.stop_idx[:, None] == end.stop_idx] = np.inf  # a ride ends at another stop
    bound_s: F64 = start.time_s + onward_s.min(axis=1)
    return bound_s


def _ride_from(stop: int, before_s: float, end: Access, rides: StationRides) -> FastestWay | None:
    """Return the fastest way by a stop that one starts from; None where it leads to no other."""
    others = end.stop_idx != stop
    if not others.any():
        return None
    to, after_s = end.stop_idx[others], end.time_s[others]
    ride_s, depart_clock_s = rides.get(stop)[:, to]
    total_s = before_s + ride_s + after_s
    n = int(total_s.argmin())
    ends = (stop, int(to[n]), before_s, float(ride_s[n]), float(after_s[n]))
    way = FastestWay(*ends, depart_clock_s=float(depart_clock_s[n]))
    return way if way.total_s < np.inf else None


class StationRides:
    """Times from stations to all stops of a mode, platform to platform, on the promoter's or the typical reading.

    Each row is searched when first asked for and kept by the session.
    """

    def __init__(self, session: Session, mode: Mode, reading: Reading, quantiles: Sequence[float] = MEDIAN) -> None:
        compiled, _ = session.timetable(mode)
        self.stop_idx, self.stop_ids = compiled.stop_idx, compiled.stop_ids
        self.n_quantiles = len(quantiles)
        self.middle = quantiles.index(0.5)
        self._how = (session, mode, reading, tuple(quantiles))

    def get(self, start: int) -> F64:
        """Return seconds by quantile and the departure, (n_quantiles + 1, n_stops); `inf` where nothing calls."""
        session, mode, reading, quantiles = self._how
        key = (reading, session.timetable_mode(mode), start, session.window, quantiles)
        return session.keep_row(key, partial(_search_row, session, mode, reading, quantiles, start))

    @property
    def bounds(self) -> RideBounds:
        """Seconds from stop to stop that no ride beats."""
        session, mode = self._how[:2]
        _, index = session.timetable(mode)
        if session.memo is None:
            key = ("ride_bounds", session.timetable_mode(mode))
            return session.keep_row(key, lambda: RideBounds(index))
        return session.keep("ride_bounds", lambda _: session.index_key(mode), lambda: RideBounds(index))

    def prepare(self) -> None:
        """Make what all rows read, before threads ask for it."""
        session, mode, reading = self._how[:3]
        session.list_calls(mode)
        list_named_stations(session, mode)
        if session.memo is not None:
            session.index_key(mode)
        if READING_RULES[reading].fastest:
            _ = self.bounds

    def fill(self, starts: Sequence[int]) -> None:
        """Search the rows of several stations side by side, as many at once as there are threads (`count_threads`).

        A row is the same whichever thread searches it: the kernels share nothing but the timetable.
        """
        n_threads = min(count_threads(), len(starts))
        if n_threads < 2:
            return
        self.prepare()
        shares = [starts[n::n_threads] for n in range(n_threads)]
        do_side_by_side([partial(self._search, share) for share in shares])

    def _search(self, starts: Sequence[int]) -> None:
        for start in starts:
            self.get(start)


def _search_row(session: Session, mode: Mode, reading: Reading, quantiles: Sequence[float], start: int) -> F64:
    compiled, _ = session.timetable(mode)
    is_fastest = READING_RULES[reading].fastest
    named = session.list_calls(mode) if is_fastest else list_named_stations(session, mode)
    stops = [compiled.stop_idx[s] for s in named]
    row = np.full((len(quantiles) + 1, len(compiled.stop_ids)), np.inf)
    row[-1] = np.nan
    if is_fastest:
        fastest = search_fastest(session, mode, start, stops)
        row[:, stops] = fastest.ride_s, fastest.depart_clock_s
    else:
        ends = stop_destinations(stops)
        row[:-1, stops] = search_percentiles(session, mode, build_access([start], [0.0]), ends, quantiles)
    return row
