"""GTFS clock and date columns: text to seconds after the service-day origin, and back to complete trips."""

from __future__ import annotations

import re
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.units import parse_clock_s

_GTFS_TIME = re.compile(r"^\d{1,3}:[0-5]\d:[0-5]\d$")


def parse_clock_column(texts: pd.Series[str]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Return clock times of ``H:MM:SS`` texts and a mask of those that are neither empty nor a time.

    Parameters
    ----------
    texts : Series of str, (n,)
        Stripped; "" for a missing time. Hours above 24 count on from the same service day.

    Returns
    -------
    (n,) float64, seconds, NaN where empty or wrong; (n,) bool, True where wrong.
    """
    # A feed has few different clock times: parse each once.
    codes, unique = pd.factorize(texts)
    seconds = np.full(len(unique), np.nan)
    wrong = np.zeros(len(unique), dtype=bool)
    for index, text in enumerate(unique):
        if _GTFS_TIME.match(text):
            seconds[index] = parse_clock_s(text)
        elif text:
            wrong[index] = True
    return seconds[codes], wrong[codes]


def find_bad_dates(texts: pd.Series[str]) -> npt.NDArray[np.bool_]:
    """Return a mask of the non-empty texts that are no YYYYMMDD date."""
    codes, unique = pd.factorize(texts)
    wrong = np.array([bool(t) and not _is_date(t) for t in unique], dtype=bool)
    found: npt.NDArray[np.bool_] = wrong[codes]
    return found


def _is_date(text: str) -> bool:
    try:
        datetime.strptime(text, "%Y%m%d")
    except ValueError:
        return False
    return len(text) == 8


def fill_stop_times(
    trip: npt.NDArray[np.int64],
    arrival_s: npt.NDArray[np.float64],
    departure_s: npt.NDArray[np.float64],
    distance: npt.NDArray[np.float64],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Return arrival and departure with blank stops filled between the timed stops of the same trip.

    Linear in ``shape_dist_traveled`` where it is known and grows on the whole stretch, else in the number of stops
    (GTFS reference, `arrival_time`: producers' blanks are to be interpolated). From the departure before to the
    arrival after, half seconds up; a lone arrival or departure counts for both.

    Parameters
    ----------
    trip : (n,) int64
        Trip number, rows sorted by trip and stop_sequence.
    arrival_s, departure_s : (n,) float64
        Seconds, NaN where blank.
    distance : (n,) float64
        NaN where unknown.

    Returns
    -------
    (n,) float64, (n,) float64, (n,) bool
        The third marks filled rows. Rows before the first or after the last time of a trip stay NaN.
    """
    arrival = np.where(np.isnan(arrival_s), departure_s, arrival_s)
    departure = np.where(np.isnan(departure_s), arrival_s, departure_s)
    n = len(trip)
    if not n:
        return arrival, departure, np.zeros(0, dtype=bool)
    row = np.arange(n)
    known = ~np.isnan(arrival)
    before = np.maximum.accumulate(np.where(known, row, -1))
    after = np.minimum.accumulate(np.where(known, row, n)[::-1])[::-1]
    inside = ~known & (before >= 0) & (after < n)
    blank = np.flatnonzero(inside)
    blank = blank[(trip[before[blank]] == trip[blank]) & (trip[after[blank]] == trip[blank])]
    filled = np.zeros(n, dtype=bool)
    filled[blank] = True
    low, high = before[blank], after[blank]
    share = (blank - low) / (high - low)
    # Distances are used only where none of the stretch lacks one or runs back.
    step_ok = np.concatenate([[True], np.diff(distance) >= 0])
    breaks = np.cumsum(~step_ok)
    length = distance[high] - distance[low]
    by_distance = (breaks[high] == breaks[low]) & (length > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(by_distance, (distance[blank] - distance[low]) / length, share)
    clock = np.floor(departure[low] + share * (arrival[high] - departure[low]) + 0.5)
    arrival[blank] = clock
    departure[blank] = clock
    return arrival, departure, filled
