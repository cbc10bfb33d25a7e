"""Winners and losers between two scenarios (受益与受损): pairs, people by group."""

from __future__ import annotations

import numpy as np
import pandas as pd

from transit_model.errors import InputError, Issue
from transit_model.indicators.travel_table import check_travel

CHANGE_TOLERANCE_S = 1e-5
"""Smaller differences are no change, in tables, rings, maps, files and certificates alike: percentiles of services by
headway are found to a millionth of a second."""

KINDS = ("newly_reached", "faster", "same", "slower", "lost")
"""Kinds of a change, best first. `same` includes pairs unreachable before and after."""


def compute_change(
    base: pd.DataFrame, scenario: pd.DataFrame, *, tolerance_s: float = CHANGE_TOLERANCE_S
) -> pd.DataFrame:
    """Compute the change of every pair in seconds, scenario minus base.

    Parameters
    ----------
    base, scenario : DataFrame
        Travel tables with the same pairs; a column ``scenario`` is ignored.
    tolerance_s : float
        Changes up to this size count as `same`.

    Returns
    -------
    DataFrame
        ``mode`` and ``reading`` when present, ``from``, ``to``, ``base_s``, ``scenario_s``, ``change_s`` (-`inf` newly
        reached, `inf` lost, 0 when unreachable in both), ``kind``.

    Raises
    ------
    InputError
        With all issues of the tables; when the pairs differ.
    """
    if not (np.isfinite(tolerance_s) and tolerance_s >= 0):
        raise InputError(f"tolerance_s must be 0 or more, not {tolerance_s}")
    before = check_travel(base.drop(columns="scenario", errors="ignore"), "base")
    after = check_travel(scenario.drop(columns="scenario", errors="ignore"), "scenario")
    keys = [name for name in before.columns if name != "time_s"]
    if keys != [name for name in after.columns if name != "time_s"] or not before[keys].equals(after[keys]):
        raise InputError(
            Issue(
                "different_pairs",
                "error",
                "base and scenario must have the same pairs",
                hint="write unreachable pairs with time_s = inf",
            )
        )
    change = subtract_times(after["time_s"].to_numpy(), before["time_s"].to_numpy())
    out = before[keys].assign(base_s=before["time_s"], scenario_s=after["time_s"], change_s=change)
    return out.assign(kind=name_changes(change, tolerance_s))


def subtract_times(after_s: np.ndarray, before_s: np.ndarray) -> np.ndarray:
    """Return after - before in seconds, any shape; 0 where both are unreachable, -`inf` or `inf` where one is."""
    both = np.isinf(after_s) & np.isinf(before_s)
    return np.where(both, 0.0, np.where(both, 0.0, after_s) - np.where(both, 0.0, before_s))


def settle_times(before_s: np.ndarray, after_s: np.ndarray, tolerance_s: float = CHANGE_TOLERANCE_S) -> np.ndarray:
    """Return the times after a change, those before it where both differ by the tolerance at most; any shape."""
    settled: np.ndarray = np.array(after_s)
    differ = before_s != after_s  # of a map most times are the same: only others are looked at
    before, after = before_s[differ], settled[differ]
    both = np.isfinite(before) & np.isfinite(after)
    near = np.abs(np.where(both, after, 0.0) - np.where(both, before, 0.0)) <= tolerance_s
    settled[differ] = np.where(both & near, before, after)
    return settled


def name_changes(change_s: np.ndarray, tolerance_s: float = CHANGE_TOLERANCE_S) -> np.ndarray:
    """Return the kind (see `KINDS`) of each change."""
    conditions = [change_s == -np.inf, change_s == np.inf, change_s < -tolerance_s, change_s > tolerance_s]
    return np.select(conditions, ["newly_reached", "lost", "faster", "slower"], default="same")
