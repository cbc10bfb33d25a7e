"""Service span (服务时段): at which share of the day's departure minutes a goal holds; first and last useful one."""

from __future__ import annotations

import numpy as np
import pandas as pd

from transit_model.errors import InputError, Issue
from transit_model.indicators.travel_table import check_positive, check_travel, find_splits


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
    some = holds.any(axis=0)
    first = np.where(some, clocks[holds.argmax(axis=0)], np.nan)
    last = np.where(some, clocks[::-1][holds[::-1].argmax(axis=0)], np.nan)
    return parts[0][keys].assign(
        share=holds.mean(axis=0),
        first_clock_s=first,
        last_clock_s=last,
        longest_gap_s=_find_longest_run(~holds) * step,
    )


def _find_longest_run(flags: np.ndarray) -> np.ndarray:
    """Length of the longest run of True down each column."""
    run = np.zeros(flags.shape[1], dtype=np.int64)
    longest = run.copy()
    for row in flags:
        run = np.where(row, run + 1, 0)
        longest = np.maximum(longest, run)
    return longest
