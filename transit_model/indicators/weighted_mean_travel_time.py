"""Weighted mean travel time (加权平均旅行时间): the mean time to all others, weighted by how large they are."""

from __future__ import annotations

import numpy as np
import pandas as pd

from transit_model.indicators.travel_table import read_others


def compute_weighted_mean_travel_time(
    travel: pd.DataFrame, masses: pd.DataFrame, *, key: str = "id", value: str = "mass"
) -> pd.DataFrame:
    """Compute ``A_i = sum(T_ij M_j) / sum(M_j)`` over ``j != i``, in seconds.

    Source: Gutiérrez, González and Gómez (1996), Journal of Transport Geography 4(4) ("location indicator"); the
    first indicator of most Chinese studies of high-speed rail, with M population, GDP, or the root of their product.

    Parameters
    ----------
    travel : DataFrame
        Travel table; rows from a place to itself are ignored.
    masses : DataFrame
        One row a destination.
    key, value : str
        Columns of `masses`.

    Returns
    -------
    DataFrame
        Splits, ``from``, ``time_s`` (`inf` when a destination with mass is unreachable), ``reached_time_s`` (mean over
        what is reached, NaN when nothing is), ``reached_share`` of the mass. An `inf` is never averaged away in
        silence: read `reached_time_s` only beside `reached_share`.

    Raises
    ------
    InputError
        With all issues of the tables.
    """
    table, weights, keys = read_others(travel, masses, key, value)
    mass = table["to"].map(weights)
    reached = np.isfinite(table["time_s"])
    time = table["time_s"].where(reached, 0.0)
    columns = {"mass": mass, "reached_mass": mass.where(reached, 0.0), "product": time * mass}
    sums = table[keys].assign(**columns).groupby(keys, sort=True, as_index=False)[list(columns)].sum()
    mean = sums["product"] / sums["reached_mass"].replace(0.0, np.nan)
    whole = sums["reached_mass"] == sums["mass"]
    return sums[keys].assign(
        time_s=mean.where(whole, np.inf),
        reached_time_s=mean,
        reached_share=sums["reached_mass"] / sums["mass"].replace(0.0, np.nan),
    )
