"""Daily accessibility (日可达性): people and places one can visit and come back from on one day."""

from __future__ import annotations

import pandas as pd

from transit_model.indicators.travel_table import check_positive, read_others


def compute_daily_accessibility(
    travel: pd.DataFrame, masses: pd.DataFrame, limit_s: float, *, key: str = "id", value: str = "mass"
) -> pd.DataFrame:
    """Compute ``DA_i = sum(M_j d_ij)``, ``d_ij = 1`` when ``T_ij <= limit``, else 0, over ``j != i``.

    Source: Gutiérrez (2001), Journal of Transport Geography 9(4), with 4 h one way, after Törnqvist's day-return
    contacts; Chinese studies use 1, 2, 3 or 4 h, so the limit has no default here. It is a cumulative opportunity
    without the place itself; whether a timetable allows the return is asked by `day_return`.

    Parameters
    ----------
    travel : DataFrame
        Travel table; rows from a place to itself are ignored.
    masses : DataFrame
        One row a destination, e.g. population.
    limit_s : float
        Longest one-way time in seconds.
    key, value : str
        Columns of `masses`.

    Returns
    -------
    DataFrame
        Splits, ``from``, ``limit_s``, ``value`` (as named), ``places`` reached, ``share`` of the mass of the others.

    Raises
    ------
    InputError
        With all issues of the tables.
    """
    limit = check_positive(limit_s, "limit_s")
    table, weights, keys = read_others(travel, masses, key, value)
    mass, reached = table["to"].map(weights), table["time_s"] <= limit
    columns = {value: mass.where(reached, 0.0), "places": reached.astype("int64"), "of_mass": mass}
    sums = table[keys].assign(**columns).groupby(keys, sort=True, as_index=False)[list(columns)].sum()
    share = sums[value] / sums["of_mass"].where(sums["of_mass"] > 0)
    return sums[[*keys, value, "places"]].assign(limit_s=limit, share=share)[
        [*keys, "limit_s", value, "places", "share"]
    ]
