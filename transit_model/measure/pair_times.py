"""Minutes of single pairs, for questions asked many times: the same numbers as `compute_od`, and nothing beside them.

Only medians are searched, and only to the destinations asked for. Origins are searched side by side: kernels hold no
lock of the interpreter, and a row is the same whichever thread searches it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

from transit_model.domain.modes import PARTS, Mode, Reading
from transit_model.measure.pair_ways import PairWays
from transit_model.measure.road_times import compute_road_od_s
from transit_model.measure.searches import get_feeders
from transit_model.measure.session import Session
from transit_model.measure.transit_rows import StationRides, measure_row
from transit_model.threads import count_threads, limit_threads
from transit_model.units import s_to_min

Pair = tuple[str, str, Mode, Reading]
"""From, to, mode, reading."""


def compute_pair_minutes(session: Session, pairs: Iterable[Pair]) -> dict[Pair, float]:
    """Return the minutes of pairs, inf when unreachable; `best` is the least of road and transit.

    Raises
    ------
    PlaceError
        When a place is not known.
    """
    wanted = list(dict.fromkeys(pairs))
    ends: dict[tuple[Mode, Reading], dict[str, list[str]]] = {}
    for origin, destination, mode, reading in wanted:
        for part in PARTS[mode]:
            ends.setdefault((part, reading), {}).setdefault(origin, []).append(destination)
    seconds: dict[Pair, float] = {}
    for (part, reading), destinations in ends.items():
        if part is Mode.ROAD or session.has_service(part):
            for (origin, destination), time_s in _measure(session, destinations, part, reading).items():
                seconds[origin, destination, part, reading] = 0.0 if origin == destination else time_s
    return {
        (a, b, mode, reading): s_to_min(min(seconds.get((a, b, part, reading), np.inf) for part in PARTS[mode]))
        for a, b, mode, reading in wanted
    }


def _measure(
    session: Session, ends: Mapping[str, Sequence[str]], mode: Mode, reading: Reading
) -> dict[tuple[str, str], float]:
    """Return the seconds by one mode from each origin to its destinations."""
    targets = list(dict.fromkeys(d for row in ends.values() for d in row))
    origins, destinations = ([session.places.get_place(p) for p in ids] for ids in (ends, targets))
    column = {d: j for j, d in enumerate(targets)}
    wanted = [[column[d] for d in row] for row in ends.values()]
    if mode is Mode.ROAD:
        times = compute_road_od_s(session, origins, destinations, reading)
        rows = [times[i, columns] for i, columns in enumerate(wanted)]
    else:
        ways = PairWays(session, origins, destinations, mode, wanted)
        rows = _measure_rows(ways, reading)
    return {
        (origin, d): float(time_s)
        for (origin, row), times_s in zip(ends.items(), rows, strict=True)
        for d, time_s in zip(row, times_s.tolist(), strict=True)
    }


def _measure_rows(ways: PairWays, reading: Reading) -> list[npt.NDArray[np.float64]]:
    """Return the seconds from each origin to its destinations, as many origins at once as there are threads."""
    numbers = range(len(ways.origins))
    n_threads = min(count_threads(), len(ways.origins))
    left = count_threads() // max(n_threads, 1)

    def measure(i: int) -> npt.NDArray[np.float64]:
        with limit_threads(left):
            seconds: npt.NDArray[np.float64] = measure_row(ways, i, reading).seconds[0]
        return seconds

    if n_threads < 2:
        return [measure(i) for i in numbers]
    StationRides(ways.session, ways.mode, reading).prepare()  # what all rows read is made once
    for i in numbers:
        get_feeders(ways.session, ways.mode, ways.starts[i].door)
        ways.list_kept(i)
    _ = ways.stops
    with ThreadPoolExecutor(n_threads) as pool:
        return list(pool.map(measure, numbers))
