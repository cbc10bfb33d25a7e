"""Nearest facility and catchments (最近设施, 服务范围)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from transit_model.errors import InputError
from transit_model.indicators.travel_table import check_known, check_travel, check_values, find_splits


def find_nearest_facilities(travel: pd.DataFrame, *, count: int = 1) -> pd.DataFrame:
    """Find the facilities reached soonest from each place; of equal ones the first id.

    Parameters
    ----------
    travel : DataFrame
        Travel table from places to facilities.
    count : int
        How many, at least 1.

    Returns
    -------
    DataFrame
        Splits, ``from``, ``rank`` (1 is nearest), ``facility`` (empty when none is reached), ``time_s`` (`inf` then).
        A place with fewer reached facilities has that many rows, but always the first.

    Raises
    ------
    InputError
        With all issues of the table, or a count below 1.
    """
    if count < 1:
        raise InputError(f"count must be 1 or more, not {count}")
    table = check_travel(travel)
    keys = [*find_splits(table), "from"]
    ordered = table.sort_values([*keys, "time_s", "to"], kind="stable")
    ordered = ordered.assign(rank=ordered.groupby(keys, sort=False).cumcount() + 1)
    reached = np.isfinite(ordered["time_s"])
    kept = ordered[(ordered["rank"] <= count) & (reached | (ordered["rank"] == 1))]
    facility = kept["to"].where(np.isfinite(kept["time_s"]), "")
    return kept[[*keys, "rank"]].assign(facility=facility, time_s=kept["time_s"]).reset_index(drop=True)


def compute_catchments(
    travel: pd.DataFrame,
    demand: pd.DataFrame,
    *,
    limit_s: float = float("inf"),
    key: str = "id",
    value: str = "population",
) -> pd.DataFrame:
    """Compute how many people have each facility as their nearest, within a limit.

    Each place counts wholly for its nearest facility (Thiessen catchment by time).

    Returns
    -------
    DataFrame
        Splits, ``facility`` (empty: beyond the limit or unreachable), ``value`` (as named), ``places``,
        ``mean_time_s`` weighted by the value (NaN when there is nobody). The values add up to the whole demand.

    Raises
    ------
    InputError
        With all issues of the tables.
    """
    people = check_values(demand, key, value, "demand")
    nearest = find_nearest_facilities(travel)
    check_known(nearest["from"], people.index, "demand")
    near = nearest["time_s"] <= limit_s
    amount = nearest["from"].map(people)
    keys = [*find_splits(nearest), "facility"]
    rows = nearest.assign(
        facility=nearest["facility"].where(near, ""),
        places=1,
        product=amount * nearest["time_s"].where(near, 0.0),
        **{value: amount},
    )
    sums = rows.groupby(keys, sort=True, as_index=False)[[value, "places", "product"]].sum()
    known = (sums["facility"] != "") & (sums[value] > 0)
    mean = (sums["product"] / sums[value].where(sums[value] > 0)).where(known)
    return sums.drop(columns="product").assign(mean_time_s=mean)
