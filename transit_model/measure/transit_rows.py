"""Seconds by rail or bus from one place to others on the three readings: the one way of measuring them.

Tables ask for percentiles and for why a time is missing (`transit_times`), single pairs for medians alone
(`pair_times`); both ask here.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from transit_model.domain.modes import Mode, Reading
from transit_model.measure.pair_ways import PairWays
from transit_model.measure.searches import MEDIAN, search_fastest, search_percentiles
from transit_model.measure.session import Session
from transit_model.timetable.raptor import build_access

F64 = npt.NDArray[np.float64]
StationPair = tuple[str, str]
Choice = tuple[F64, StationPair | None, float]
"""Seconds, (n_shares,); the stations one rides between, None where none are named; the clock of departure."""


class TransitRow(NamedTuple):
    """The times of one origin to the destinations asked for.

    Attributes
    ----------
    seconds : (n_shares, n_wanted) float64
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


def measure_row(ways: PairWays, i: int, reading: Reading, shares: Sequence[float] = MEDIAN) -> TransitRow:
    """Return the times from origin `i` to the destinations asked for; `shares` must have the median among them.

    The promoter's reading is the fastest ride of the day: it has the median alone, whatever is asked for.
    """
    if reading is Reading.DOOR_TO_DOOR:
        row = _measure_door_to_door(ways, i, shares)
    else:
        row = _measure_between_stations(ways, i, reading, MEDIAN if reading is Reading.PROMOTER else shares)
    own = [ways.destinations[j].place_id == ways.origins[i].place_id for j in ways.list_wanted(i)]
    row.seconds[:, own] = 0.0
    return row


def _measure_door_to_door(ways: PairWays, i: int, shares: Sequence[float]) -> TransitRow:
    kept = [e.door for e in ways.list_kept(i)]
    seconds = search_percentiles(ways.session, ways.mode, ways.starts[i].door, kept, shares)
    ridden = ways.find_ridden(i, seconds[shares.index(0.5)])
    none = np.full(len(kept), np.nan)
    return TransitRow(np.where(ridden, seconds, np.inf), [None] * len(kept), none, ridden)


def _measure_between_stations(ways: PairWays, i: int, reading: Reading, shares: Sequence[float]) -> TransitRow:
    wanted, middle = ways.list_wanted(i), shares.index(0.5)
    rows = _StationRows(ways.session, ways.mode, reading, shares)
    if reading is Reading.PROMOTER:
        around_s, around_clock_s = _promoter_by_way(ways, i, rows)
    else:
        around_s, around_clock_s = _typical_by_way(ways, i, shares), np.full(len(wanted), np.nan)
    seconds, clock_s = np.empty_like(around_s), np.empty(len(wanted))
    stations: list[StationPair | None] = []
    for k, j in enumerate(wanted):
        starts, ends = (ways.stops[p.place_id] for p in (ways.origins[i], ways.destinations[j]))
        least_s, pair, clock = _choose_pair(starts, ends, rows, middle)
        round_about = around_s[middle, k] < least_s[middle]
        seconds[:, k] = np.fmin(least_s, around_s[:, k])
        stations.append(None if round_about else pair)
        clock_s[k] = around_clock_s[k] if round_about else clock
    return TransitRow(seconds, stations, clock_s, ways.find_ridden(i))


def _choose_pair(starts: Sequence[str], ends: Sequence[str], rows: _StationRows, middle: int) -> Choice:
    """Return the least of all pairs of stations, share by share, and the pair with the least median."""
    least_s = np.full(rows.n_shares, np.nan)
    least_s[middle] = np.inf
    best: StationPair | None = None
    clock_s = np.nan
    for start in starts:
        others = [t for t in ends if t != start]
        if not others:
            continue
        times = rows.get(rows.stop_idx[start])[:, [rows.stop_idx[t] for t in others]]
        first = int(times[middle].argmin())
        if times[middle, first] < least_s[middle]:
            best, clock_s = (start, others[first]), float(times[-1, first])
        least_s = np.fmin(least_s, np.fmin.reduce(times[:-1], axis=1))
    return least_s, best, clock_s


def _typical_by_way(ways: PairWays, i: int, shares: Sequence[float]) -> F64:
    """Return the percentiles by way of any station, the way there counted, (n_shares, n_wanted)."""
    kept = [e.bare for e in ways.list_kept(i)]
    if not any(len(e.stop_idx) for e in kept):
        return np.full((len(shares), len(kept)), np.inf)
    seconds = search_percentiles(ways.session, ways.mode, ways.starts[i].bare, kept, shares)
    return np.where(ways.find_ridden(i), seconds, np.inf)


def _promoter_by_way(ways: PairWays, i: int, rows: _StationRows) -> tuple[F64, F64]:
    """Return the fastest ride by way of any two stations, the ways there and on counted, and its clock.

    (1, n_wanted) and (n_wanted,) seconds.
    """
    start, ridden, kept = ways.starts[i].bare, ways.find_ridden(i), ways.list_kept(i)
    best_s, clock_s = np.full(len(kept), np.inf), np.full(len(kept), np.nan)
    for s, before_s in zip(start.stop_idx.tolist(), start.time_s.tolist(), strict=True):
        for k, end in enumerate(kept):
            others = end.bare.stop_idx != s
            if not ridden[k] or not others.any():
                continue
            to = end.bare.stop_idx[others]
            ride_s, depart_clock_s = rows.get(s)[:, to]
            total_s = before_s + ride_s + end.bare.time_s[others]
            first = int(total_s.argmin())
            if total_s[first] < best_s[k]:
                best_s[k], clock_s[k] = total_s[first], depart_clock_s[first]
    return best_s[np.newaxis, :], clock_s


class _StationRows:
    """Times from stations to all stops of a mode, each row searched when first asked for and kept by the session."""

    def __init__(self, session: Session, mode: Mode, reading: Reading, shares: Sequence[float]) -> None:
        compiled, _ = session.timetable(mode)
        self.stop_idx = compiled.stop_idx
        self.n_shares = len(shares)
        self._how = (session, mode, reading, tuple(shares))

    def get(self, start: int) -> F64:
        """Return seconds by share and the clock of departure, (n_shares + 1, n_stops); `inf` where nothing calls."""
        session, mode, reading, shares = self._how
        key = (reading, mode, start, session.window, shares)
        return session.keep_row(key, partial(_search_row, session, mode, reading, shares, start))


def _search_row(session: Session, mode: Mode, reading: Reading, shares: Sequence[float], start: int) -> F64:
    compiled, _ = session.timetable(mode)
    promoter = reading is Reading.PROMOTER
    stops = [compiled.stop_idx[s] for s in (session.list_calls(mode) if promoter else session.list_stations(mode))]
    row = np.full((len(shares) + 1, len(compiled.stop_ids)), np.inf)
    row[-1] = np.nan
    if promoter:
        fastest = search_fastest(session, mode, start, stops)
        row[:, stops] = fastest.ride_s, fastest.depart_clock_s
    else:
        ends = [build_access([t], [0.0]) for t in stops]
        row[:-1, stops] = search_percentiles(session, mode, build_access([start], [0.0]), ends, shares)
    return row
