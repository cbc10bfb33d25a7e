"""Cumulative opportunities (累积机会): how much one can reach within a time."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from transit_model.indicators.travel_table import (
    check_complete,
    check_cutoffs,
    check_known,
    check_travel,
    check_values,
    find_splits,
)


def compute_cumulative_opportunities(
    travel: pd.DataFrame,
    opportunities: pd.DataFrame,
    cutoffs_s: Sequence[float],
    *,
    key: str = "id",
    value: str = "opportunities",
) -> pd.DataFrame:
    """Compute ``A_i(T) = sum of O_j over t_ij <= T`` for each origin and cutoff.

    Source: Hansen (1959), Journal of the American Institute of Planners 25(2), with a binary weight; Wachs and
    Kumagai (1973), Socio-Economic Planning Sciences 7(5). A time equal to the cutoff counts.

    Parameters
    ----------
    travel : DataFrame
        Travel table. Opportunities at the origin itself count only when the pair (i, i) has a row.
    opportunities : DataFrame
        One row a destination; with 1 everywhere the result counts places (e.g. county seats).
    cutoffs_s : sequence of float
    key, value : str
        Columns of `opportunities`.

    Returns
    -------
    DataFrame
        Splits, ``from``, ``cutoff_s``, ``value`` (as named), ``share`` of all opportunities (NaN when there are none).

    Raises
    ------
    InputError
        With all issues of the tables.
    """
    table, weights = check_travel(travel), check_values(opportunities, key, value, "opportunities")
    check_known(table["to"], weights.index, "opportunities")
    check_complete(table, weights.index)
    keys, total = [*find_splits(table), "from"], float(weights.sum())
    amount = table["to"].map(weights)
    parts = []
    for cutoff in check_cutoffs(cutoffs_s):
        reached = table[keys].assign(cutoff_s=cutoff, **{value: amount.where(table["time_s"] <= cutoff, 0.0)})
        parts.append(reached.groupby([*keys, "cutoff_s"], sort=True, as_index=False)[value].sum())
    out = pd.concat(parts, ignore_index=True).sort_values([*keys, "cutoff_s"], ignore_index=True)
    return out.assign(share=out[value] / total if total > 0 else float("nan"))
