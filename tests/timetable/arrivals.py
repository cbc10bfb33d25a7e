"""Arrivals at every stop, and windows from many origins on several threads: short ways to ask the search."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

from transit_model.network.arrays import F64
from transit_model.timetable.index import TimetableIndex
from transit_model.timetable.percentiles import compute_percentiles
from transit_model.timetable.phases import count_draws
from transit_model.timetable.raptor import (
    DEFAULT_QUANTILES,
    Access,
    Destinations,
    WindowTimes,
    compute_window,
    search_window,
    stop_destinations,
    to_seconds,
)


def compute_windows(
    index: TimetableIndex,
    origins: Sequence[Access],
    departures_clock_s: npt.ArrayLike,
    destinations: Destinations,
    *,
    threads: int = 1,
    max_rides: int = 5,
    quantiles: Sequence[float] = DEFAULT_QUANTILES,
    limit_s: float = np.inf,
) -> list[WindowTimes]:
    """Compute `compute_window` for many origins, in order; the number of threads changes no bit of the result."""

    def one(access: Access) -> WindowTimes:
        return compute_window(
            index, access, departures_clock_s, destinations, max_rides=max_rides, quantiles=quantiles, limit_s=limit_s
        )

    if threads <= 1:
        return [one(access) for access in origins]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(one, origins))


def compute_arrivals(
    index: TimetableIndex,
    access: Access,
    departures_clock_s: npt.ArrayLike,
    *,
    max_rides: int = 5,
    limit_s: float = np.inf,
) -> F64:
    """Compute arrival clock times by vehicle in seconds, (n_dep, stops); `inf` unreachable.

    Where lines run by headway, of each departure by itself the median over the draws of their phases.
    """
    every_stop = stop_destinations(index.n_whole_stops)
    clocks = np.asarray(departures_clock_s, dtype=np.int64).ravel()
    if count_draws(index, 1) == 1:
        travel_s, _ = search_window(index, access, clocks, every_stop, max_rides=max_rides, limit_s=limit_s)
        return to_seconds(travel_s) + clocks[:, np.newaxis]
    rows = []
    for clock in clocks.tolist():
        travel_s, _ = search_window(index, access, [clock], every_stop, max_rides=max_rides, limit_s=limit_s)
        rows.append(compute_percentiles(travel_s, np.array([0.5]))[0] + clock)
    return np.array(rows)
