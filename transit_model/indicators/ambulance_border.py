"""Ambulance coverage with and without the prefecture border (跨界急救): who is reached when the neighbour may come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
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


class Responses(NamedTuple):
    """Response time of the own prefecture and of any, seconds, and the row of the station that is there first.

    Times are `inf` and rows say nothing where no station reaches a place; of equal ones the first row.
    """

    own_s: npt.NDArray[np.float64]
    own_row: npt.NDArray[np.int64]
    any_s: npt.NDArray[np.float64]
    any_row: npt.NDArray[np.int64]


def find_responses(
    travel_s: npt.NDArray[np.float64], own: npt.NDArray[np.bool_], *, turnout_s: float, border_delay_s: float
) -> Responses:
    """Find the soonest ambulance of the own prefecture and of any: turnout and travel, and a delay across the border.

    Parameters
    ----------
    travel_s : (n_stations, ...) float64
        From each station, or the best of several of one prefecture, to every place or cell.
    own : (n_stations, ...) bool
        Whether station and place are of one prefecture.
    turnout_s, border_delay_s : float
        See `compute_ambulance_times`.

    Raises
    ------
    InputError
        A delay is negative, or the turnout is not finite.
    """
    if not (turnout_s >= 0 and border_delay_s >= 0 and np.isfinite(turnout_s)):
        raise InputError("turnout_s and border_delay_s must be 0 or more")
    response = travel_s + turnout_s
    inside = np.where(own, response, np.inf)
    anyone = np.where(own, response, response + border_delay_s)
    return Responses(inside.min(axis=0), inside.argmin(axis=0), anyone.min(axis=0), anyone.argmin(axis=0))


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
    table = check_travel(travel)
    of_station = check_labels(stations, key, area, "stations")
    of_place = check_labels(places, key, area, "places")
    check_known(table["from"], of_station.index, "stations")
    check_known(table["to"], of_place.index, "places")
    splits, parts = find_splits(table), []
    for labels, part in table.groupby(splits, sort=True) if splits else [((), table)]:
        times = part.pivot(index="from", columns="to", values="time_s").fillna(np.inf)
        own = of_station[times.index].to_numpy()[:, None] == of_place[times.columns].to_numpy()
        found = find_responses(times.to_numpy(), own, turnout_s=turnout_s, border_delay_s=border_delay_s)
        names = times.index.to_numpy()
        columns = {
            "own_s": found.own_s,
            "own_station": np.where(np.isfinite(found.own_s), names[found.own_row], ""),
            "any_s": found.any_s,
            "any_station": np.where(np.isfinite(found.any_s), names[found.any_row], ""),
        }
        parts.append(pd.DataFrame({**dict(zip(splits, labels, strict=True)), "to": times.columns, **columns}))
    out = pd.concat(parts, ignore_index=True)
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
