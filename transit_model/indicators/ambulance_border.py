"""Ambulance coverage with and without the prefecture border (跨界急救): who is reached when the neighbour may come."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from transit_model.errors import InputError
from transit_model.indicators.travel_table import (
    check_cutoffs,
    check_known,
    check_labels,
    check_travel,
    check_values,
    find_splits,
)


def compute_ambulance_times(
    travel: pd.DataFrame,
    stations: pd.DataFrame,
    places: pd.DataFrame,
    *,
    turnout_s: float,
    border_delay_s: float,
    key: str = "id",
    area: str = "prefecture",
) -> pd.DataFrame:
    """Compute the response time of the own prefecture's and of any prefecture's ambulance, seconds.

    ``response = turnout + travel`` from a station of the own prefecture, plus a delay for calls that are handed over
    when the station belongs to another. The soonest counts; of equal ones the first id.

    Parameters
    ----------
    travel : DataFrame
        Travel table from stations to places (an ambulance profile).
    stations, places : DataFrame
        With `key` and `area`.
    turnout_s : float
        From the call to leaving the station; 180 s is the norm of the 2020 notice of the National Health
        Commission (95 % of calls).
    border_delay_s : float
        Extra time of a call handed over the border; `inf` is today's rule where nobody crosses.

    Returns
    -------
    DataFrame
        Splits, ``to``, ``own_s``, ``own_station``, ``any_s``, ``any_station`` (empty when none), ``gain_s`` (own - any;
        0 when neither arrives, `inf` when only the neighbour does), ``crosses``.

    Raises
    ------
    InputError
        With all issues of the tables, or a negative delay.
    """
    if not (turnout_s >= 0 and border_delay_s >= 0 and np.isfinite(turnout_s)):
        raise InputError("turnout_s and border_delay_s must be 0 or more")
    table = check_travel(travel)
    of_station = check_labels(stations, key, area, "stations")
    of_place = check_labels(places, key, area, "places")
    check_known(table["from"], of_station.index, "stations")
    check_known(table["to"], of_place.index, "places")
    own = table["from"].map(of_station) == table["to"].map(of_place)
    response = table["time_s"] + turnout_s
    keys = [*find_splits(table), "to"]
    inside = _find_soonest(table.assign(time_s=response.where(own, np.inf)), keys)
    anyone = _find_soonest(table.assign(time_s=np.where(own, response, response + border_delay_s)), keys)
    out = inside[keys].assign(
        own_s=inside["time_s"],
        own_station=inside["station"],
        any_s=anyone["time_s"],
        any_station=anyone["station"],
    )
    none = np.isinf(out["any_s"])
    gain = np.where(none, 0.0, out["own_s"] - out["any_s"].where(~none, 0.0))
    crosses = out["any_station"].map(of_station).fillna("") != out["to"].map(of_place)
    return out.assign(gain_s=gain, crosses=crosses & ~none)


def compute_ambulance_coverage(
    times: pd.DataFrame,
    people: pd.DataFrame,
    cutoffs_s: Sequence[float],
    *,
    key: str = "id",
    value: str = "population",
) -> pd.DataFrame:
    """Compute the people within each cutoff under both rules.

    Parameters
    ----------
    times : DataFrame
        Of `compute_ambulance_times`.
    people : DataFrame
        One row a place.

    Returns
    -------
    DataFrame
        Splits, ``cutoff_s``, ``own``, ``any`` (people), ``gained``, ``own_share``, ``any_share``.

    Raises
    ------
    InputError
        With all issues of the tables.
    """
    persons = check_values(people, key, value, "people")
    check_known(times["to"], persons.index, "people")
    splits, amount = find_splits(times), times["to"].map(persons)
    parts = []
    for cutoff in check_cutoffs(cutoffs_s):
        part = times[splits].assign(
            cutoff_s=cutoff,
            own=amount.where(times["own_s"] <= cutoff, 0.0),
            any=amount.where(times["any_s"] <= cutoff, 0.0),
            whole=amount,
        )
        parts.append(part.groupby([*splits, "cutoff_s"], sort=True, as_index=False).sum())
    out = pd.concat(parts, ignore_index=True).sort_values([*splits, "cutoff_s"], ignore_index=True)
    whole = out["whole"].where(out["whole"] > 0)
    return out.drop(columns="whole").assign(
        gained=out["any"] - out["own"], own_share=out["own"] / whole, any_share=out["any"] / whole
    )


def _find_soonest(table: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    ordered = table.sort_values([*keys, "time_s", "from"], kind="stable")
    best = ordered.drop_duplicates(keys, keep="first").reset_index(drop=True)
    return best[keys].assign(time_s=best["time_s"], station=best["from"].where(np.isfinite(best["time_s"]), ""))
