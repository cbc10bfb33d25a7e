"""Who may get on and off at the calls of a timetable, by GTFS pickup_type and drop_off_type."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

Bool = npt.NDArray[np.bool_]
CALL_KINDS: Final = ("pickup_type", "drop_off_type")
"""Columns of stop_times; 0 or empty is regular, 2 and 3 are by arrangement, which counts as regular."""
NOT_ALLOWED: Final = 1


def find_board(stop_times: pd.DataFrame) -> Bool:
    """Return at which rows of stop_times one may board, (n_rows,)."""
    return _find_allowed(stop_times, CALL_KINDS[0])


def find_alight(stop_times: pd.DataFrame) -> Bool:
    """Return at which rows of stop_times one may alight, (n_rows,)."""
    return _find_allowed(stop_times, CALL_KINDS[1])


def find_open(stop_times: pd.DataFrame) -> Bool:
    """Return at which rows one may board or alight, (n_rows,): elsewhere a vehicle halts without its passengers."""
    return find_board(stop_times) | find_alight(stop_times)


def _find_allowed(stop_times: pd.DataFrame, column: str) -> Bool:
    if column not in stop_times.columns:
        return np.ones(len(stop_times), dtype=bool)
    kind = stop_times[column]
    numbers = kind if pd.api.types.is_integer_dtype(kind.dtype) else pd.to_numeric(kind, errors="coerce").fillna(0)
    allowed: Bool = (numbers != NOT_ALLOWED).to_numpy(dtype=bool)
    return allowed
