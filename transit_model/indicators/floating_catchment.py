"""Two-step floating catchments, 2SFCA and E2SFCA (两步移动搜索法): supply per head where demand competes for it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from transit_model.indicators.decay import Decay
from transit_model.indicators.travel_table import (
    check_complete,
    check_known,
    check_own_pairs,
    check_travel,
    check_values,
    find_splits,
)


def compute_floating_catchment(
    travel: pd.DataFrame,
    demand: pd.DataFrame,
    supply: pd.DataFrame,
    decay: Decay,
    *,
    key: str = "id",
    demand_value: str = "population",
    supply_value: str = "supply",
) -> pd.DataFrame:
    """Compute ``A_i = sum_j R_j w(t_ij)`` with ``R_j = S_j / sum_k P_k w(t_kj)``.

    Source: Luo and Wang (2003), Environment and Planning B 30(6), with a binary weight; Luo and Qi (2009), Health
    & Place 15(4), with stepped weights (E2SFCA). The sum of ``P_i A_i`` equals the supply that anybody reaches.

    Parameters
    ----------
    travel : DataFrame
        Travel table from demand (``from``) to supply (``to``). A place that is both needs the row to itself.
    demand, supply : DataFrame
        One row a place: people, and beds, doctors or vehicles.
    decay : callable
        Weight of a time in seconds, see `decay`.
    key, demand_value, supply_value : str
        Columns of the two tables.

    Returns
    -------
    DataFrame
        Splits, ``from``, ``access`` (supply per head; 0 where nothing is reached).

    Raises
    ------
    InputError
        With all issues of the tables.
    """
    table = check_travel(travel)
    people = check_values(demand, key, demand_value, "demand")
    offers = check_values(supply, key, supply_value, "supply")
    check_known(table["from"], people.index, "demand")
    check_known(table["to"], offers.index, "supply")
    check_complete(table, offers.index)
    check_own_pairs(table, people.index.intersection(offers.index))
    splits = find_splits(table)
    weight = pd.Series(np.asarray(decay(table["time_s"].to_numpy())), index=table.index)
    table = table.assign(weight=weight, pull=weight * table["from"].map(people))
    served = table.groupby([*splits, "to"], sort=False)["pull"].transform("sum")
    # a facility that nobody reaches serves nobody: its ratio is never used
    ratio = (table["to"].map(offers) / served.where(served > 0)).fillna(0.0)
    table = table.assign(access=ratio * weight)
    return table.groupby([*splits, "from"], sort=True, as_index=False)["access"].sum()
