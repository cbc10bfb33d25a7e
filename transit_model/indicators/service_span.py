"""Service span (服务时段): at which share of the day's departure minutes a goal holds; first and last useful one."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.errors import InputError, Issue
from transit_model.indicators.travel_table import check_positive, check_travel, find_splits


class Span(NamedTuple):
    """When a goal holds: the first and the last departure at which it does, -1 when none, and the longest gap.

    All (n_pairs,) int64, in departures counted from the first of the window.
    """

    first: npt.NDArray[np.int64]
    last: npt.NDArray[np.int64]
    longest_gap: npt.NDArray[np.int64]


def find_span(holds: npt.NDArray[np.bool_]) -> Span:
    """Find the first and last departure at which a goal holds and the longest run at which it does not.

    Parameters
    ----------
    holds : (n_departures, n_pairs) bool
        Departures in order and evenly spaced.
    """
    some = holds.any(axis=0)
    first = np.where(some, holds.argmax(axis=0), -1)
    last = np.where(some, len(holds) - 1 - holds[::-1].argmax(axis=0), -1)
    return Span(first, last, _find_longest_run(~holds))


def compute_service_span(departures: pd.DataFrame, limit_s: float, *, step_s: float) -> pd.DataFrame:
    """Compute for each pair how much of the departure window meets a limit.

    Parameters
    ----------
    departures : DataFrame
        A travel table with the further column ``depart_clock_s`` (when one leaves), evenly spaced, every pair for the
        same clocks; ``time_s`` is the whole time from that minute.
    limit_s : float
        The goal, seconds; a time equal to it meets it.
    step_s : float
        Spacing of the departures, e.g. 60 s; a departure stands for the step that begins with it.

    Returns
    -------
    DataFrame
        Splits, ``from``, ``to``, ``share`` of departures that meet the limit, ``first_clock_s`` and ``last_clock_s`` of
        those (NaN when none does), ``longest_gap_s`` without one inside the window.

    Raises
    ------
    InputError
        With all issues of the table; when clocks are missing or not spaced by the step.
    """
    limit, step = check_positive(limit_s, "limit_s"), check_positive(step_s, "step_s")
    if "depart_clock_s" not in departures.columns:
        raise InputError(Issue("missing_column", "error", "the table lacks depart_clock_s", field="depart_clock_s"))
    clocks = np.sort(departures["depart_clock_s"].astype("float64").unique())
    if len(clocks) == 0 or not np.isfinite(clocks).all() or not np.allclose(np.diff(clocks), step):
        raise InputError(
            Issue("uneven_departures", "error", "departures must be spaced by step_s", field="depart_clock_s")
        )
    parts = [
        check_travel(part.drop(columns="depart_clock_s")).assign(depart_clock_s=float(clock))
        for clock, part in departures.groupby("depart_clock_s", sort=True)
    ]
    keys = [*find_splits(parts[0]), "from", "to"]
    if any(not part[keys].equals(parts[0][keys]) for part in parts[1:]):
        raise InputError(
            Issue("missing_departure", "error", "every pair needs a row for every departure", field="depart_clock_s")
        )
    holds = np.array([part["time_s"].to_numpy() <= limit for part in parts])  # (n_departures, n_pairs)
    span = find_span(holds)
    first, last = (np.where(at >= 0, clocks[at], np.nan) for at in (span.first, span.last))
    return parts[0][keys].assign(
        share=holds.mean(axis=0), first_clock_s=first, last_clock_s=last, longest_gap_s=span.longest_gap * step
    )


def _find_longest_run(flags: np.ndarray) -> np.ndarray:
    """Length of the longest run of True down each column."""
    run = np.zeros(flags.shape[1], dtype=np.int64)
    longest = run.copy()
    for row in flags:
        run = np.where(row, run + 1, 0)
        longest = np.maximum(longest, run)
    return longest
