"""Economic potential (经济潜力): what the others weigh, discounted by the time to them."""

from __future__ import annotations

import pandas as pd

from transit_model import units
from transit_model.errors import InputError, Issue
from transit_model.indicators.travel_table import check_positive, read_others


def compute_economic_potential(
    travel: pd.DataFrame,
    masses: pd.DataFrame,
    *,
    exponent: float = 1.0,
    self_time_s: float | None = None,
    zero_is_self: bool = False,
    key: str = "id",
    value: str = "mass",
) -> pd.DataFrame:
    """Compute ``P_i = sum(M_j / T_ij^a)`` with T in minutes; an unreachable place adds nothing.

    Source: Harris (1954), Annals of the Association of American Geographers 44(4); Keeble, Owens and Thompson
    (1982), Regional Studies 16(6). The exponent is 1 there and in most studies of high-speed rail.

    Parameters
    ----------
    travel : DataFrame
        Travel table.
    masses : DataFrame
        One row a destination, e.g. GDP.
    exponent : float
        Friction of time, above 0.
    self_time_s : float, optional
        When given, the place's own mass is added at this internal time (self-potential), and shorter times between
        places are raised to it. Without it rows from a place to itself are ignored.
    zero_is_self : bool
        Two ids 0 s apart are one place, and the mass of the other is left out like the place's own.
    key, value : str
        Columns of `masses`.

    Returns
    -------
    DataFrame
        Splits, ``from``, ``potential`` (mass per minute for exponent 1), ``self_share`` of it.

    Raises
    ------
    InputError
        With all issues of the tables; when two different places are 0 s apart and neither `self_time_s` nor
        `zero_is_self` is given.
    """
    power = check_positive(exponent, "exponent")
    other, weights, keys = read_others(travel, masses, key, value)
    time = other["time_s"]
    if self_time_s is not None:
        time = time.clip(lower=check_positive(self_time_s, "self_time_s"))
    elif zero_is_self:
        time = time.where(time > 0, float("inf"))
    elif (time == 0).any():
        row = other[time == 0].iloc[0]
        raise InputError(
            Issue(
                "zero_time",
                "error",
                "the potential is infinite at 0 s",
                field="time_s",
                value=f"{row['from']} -> {row['to']}",
                hint="give self_time_s, the time that stands for inside a place",
            )
        )
    part = other["to"].map(weights) / (time / units.S_PER_MIN) ** power
    sums = other[keys].assign(potential=part).groupby(keys, sort=True, as_index=False)["potential"].sum()
    own = 0.0 * sums["potential"]
    if self_time_s is not None:
        own = sums["from"].map(weights).fillna(0.0) / (self_time_s / units.S_PER_MIN) ** power
    total = sums["potential"] + own
    return sums[keys].assign(potential=total, self_share=own / total.where(total > 0))
