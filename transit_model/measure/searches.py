"""Searches of a session's timetable: of every departure minute of its window, and of the fastest ride of its day.

A session with a memo searches only where an input has changed since the same was last asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from transit_model.domain.modes import Mode
from transit_model.indicators.change import CHANGE_TOLERANCE_S
from transit_model.measure.memo import Key, digest_arrays
from transit_model.measure.session import Session
from transit_model.timetable.index import TimetableIndex
from transit_model.timetable.profile import FastestRide, compute_fastest_ride
from transit_model.timetable.raptor import (
    DEFAULT_QUANTILES,
    Access,
    Destinations,
    build_destinations,
    compute_window,
    stop_destinations,
    window_departures,
)
from transit_model.units import S_PER_DAY

F64 = npt.NDArray[np.float64]
MEDIAN = (0.5,)


def search_percentiles(
    session: Session,
    mode: Mode,
    access: Access,
    egresses: Sequence[Access] | Destinations,
    quantiles: Sequence[float],
    *,
    feeders: bool = False,
) -> F64:
    """Return percentiles of travel time over the departure minutes to each destination, (n_quantiles, n_dest) seconds.

    By all vehicles of a mode, or by its feeders alone.
    """
    index = session.feeder_index(mode) if feeders else session.timetable(mode)[1]
    assert index is not None
    max_rides = session.network.assumptions.max_rides
    ends = egresses if isinstance(egresses, Destinations) else build_destinations(egresses)

    # the sweep and the sorting of its times cost the same for one percentile and for all that tables show
    levels = DEFAULT_QUANTILES if set(quantiles) <= set(DEFAULT_QUANTILES) else tuple(quantiles)

    def search() -> F64:
        clocks = window_departures(*session.window)
        return compute_window(index, access, clocks, ends, max_rides=max_rides, quantiles=levels).percentile_s

    ends_key = digest_arrays([access.stop_idx, access.time_s, ends.ptr, ends.stop_idx, ends.egress_s])
    how = (feeders, session.window, max_rides, levels, ends_key)
    return _keep_window(session, mode, how, search)[[levels.index(quantile) for quantile in quantiles]]


def _keep_window(session: Session, mode: Mode, how: tuple[Any, ...], search: Callable[[], F64]) -> F64:
    feeders = how[0]
    if session.memo is None:  # modes of one timetable ask the same
        return session.keep_row(("windows", mode if feeders else session.timetable_mode(mode), *how), search)
    return session.keep(
        "windows", lambda _: (digest_feeders(session, mode) if feeders else session.index_key(mode), *how), search
    )


def digest_feeders(session: Session, mode: Mode, *, reverse: bool = False) -> Key:
    """Return a digest of all that a search of a mode's feeders alone reads, None when nothing feeds it."""
    assert session.memo is not None
    feeders = session.feeder_index(mode, reverse=reverse)
    key = (mode, session.timetable_key(mode), reverse)
    return session.memo.get("feeder_keys", key, lambda: None if feeders is None else digest_arrays(feeders))


def search_fastest(session: Session, mode: Mode, start: int, stops: Sequence[int]) -> FastestRide:
    """Return the fastest ride of the day from a stop to each of others, by their numbers in the timetable."""
    _, index = session.timetable(mode)
    max_rides = session.network.assumptions.max_rides

    def search() -> FastestRide:
        return compute_fastest_ride(
            index, [start], stop_destinations(stops), start_clock_s=0, end_clock_s=S_PER_DAY, max_rides=max_rides
        )

    return session.keep("fastest", lambda _: (session.index_key(mode), start, tuple(stops), max_rides), search)


def find_ridden(
    session: Session, mode: Mode, access: Access, egresses: Sequence[Access], median_s: F64 | None = None
) -> npt.NDArray[np.bool_]:
    """Return where the mode itself is ridden, (n_dest,): its feeders alone are slower at the median (`is_ridden`).

    `median_s` is that of the whole timetable where it is known already.
    """
    if get_feeders(session, mode, access) is None:
        return np.ones(len(egresses), dtype=bool)
    if median_s is None:
        median_s = search_percentiles(session, mode, access, egresses, MEDIAN)[0]
    return is_ridden(median_s, search_percentiles(session, mode, access, egresses, MEDIAN, feeders=True)[0])


def get_feeders(session: Session, mode: Mode, access: Access, *, reverse: bool = False) -> TimetableIndex | None:
    """Return the timetable of the vehicles that feed a mode where one of them may be boarded first; else None."""
    feeders = session.feeder_index(mode, reverse=reverse)
    if feeders is None or not (np.diff(feeders.visit_ptr)[access.stop_idx] > 0).any():
        return None
    return feeders


def is_ridden(time_s: F64, alone_s: F64) -> npt.NDArray[np.bool_]:
    """Return where a journey by a mode and its feeders rides the mode: the feeders alone take longer, or never arrive.

    A metro that takes one all the way is no journey by rail.
    """
    ridden: npt.NDArray[np.bool_] = (time_s < alone_s - CHANGE_TOLERANCE_S) | np.isinf(alone_s)
    return ridden
