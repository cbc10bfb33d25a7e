"""Rows of ``transfers.txt``: which hold for everybody, which for certain routes and trips, and which win.

Reference: https://gtfs.org/documentation/schedule/reference/#transferstxt.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

TIMED, FORBIDDEN, IN_SEAT, RE_BOARD = 1, 3, 4, 5  # transfer_type
SELECTORS = ("from_route_id", "to_route_id", "from_trip_id", "to_trip_id")
MAX_RULES = 1000
"""Rules between one pair of stops: each may part a stop once more, and transfers grow with the square of the parts."""


def list_general_rows(transfers: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that hold for every traveller between two stops."""
    return transfers[~_is_special(transfers) & (_types(transfers) < IN_SEAT)]


def list_usable_rules(transfers: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of certain routes or trips with their ``specificity``, 6 for two trips down to 2 for a route.

    Rows between two stops that have more than `MAX_RULES` of them are left out, see `count_unused_rules`.
    """
    rules = _list_rules(transfers)
    return rules[_is_few(rules)] if len(rules) else rules


def count_unused_rules(transfers: pd.DataFrame) -> int:
    """Return how many rows of certain routes or trips are left out, by everybody."""
    rules = _list_rules(transfers)
    return int((~_is_few(rules)).sum())


def _list_rules(transfers: pd.DataFrame) -> pd.DataFrame:
    special = _is_special(transfers)
    if not special.any():  # most feeds have none
        return transfers.iloc[:0].assign(specificity=0)
    rules = transfers[special & (_types(transfers) < IN_SEAT)]
    if not len(rules):
        return rules.assign(specificity=0)
    missing = [c for c in SELECTORS if c not in rules.columns]
    rules = rules.assign(**dict.fromkeys(missing, ""), transfer_type=_types(rules))
    seconds = pd.to_numeric(rules["min_transfer_time"], errors="coerce")
    trips = (rules[["from_trip_id", "to_trip_id"]] != "").to_numpy()
    # A trip says more than its route (the reference: to_trip_id takes precedence).
    routes = (rules[["from_route_id", "to_route_id"]] != "").to_numpy() & ~trips
    score = {(2, 0): 6, (1, 1): 5, (1, 0): 4, (0, 2): 3, (0, 1): 2}
    pairs = zip(trips.sum(axis=1).tolist(), routes.sum(axis=1).tolist(), strict=True)
    return rules.assign(min_transfer_time=seconds, specificity=[score[pair] for pair in pairs])


def _is_few(rules: pd.DataFrame) -> np.ndarray:
    size = rules.groupby(["from_stop_id", "to_stop_id"], dropna=False)["transfer_type"].transform("size")
    few: np.ndarray = size.to_numpy() <= MAX_RULES
    return few


def _is_special(transfers: pd.DataFrame) -> np.ndarray:
    special = np.zeros(len(transfers), dtype=bool)
    for column in SELECTORS:
        if column in transfers.columns:
            special |= (transfers[column].fillna("").astype(str) != "").to_numpy()
    return special


def _types(transfers: pd.DataFrame) -> pd.Series[int]:
    return pd.to_numeric(transfers["transfer_type"]).fillna(0).astype("int64")
