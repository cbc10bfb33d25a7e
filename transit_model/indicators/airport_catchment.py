"""Airport catchments (机场腹地), before and after a move: who is within 60 or 90 minutes of which airport."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.errors import InputError, Issue
from transit_model.indicators.travel_table import (
    check_cutoffs,
    check_known,
    check_travel,
    check_values,
    find_splits,
)

ANY = "any"
"""Row of the result for at least one of the open airports."""


class Catchments(NamedTuple):
    """People of each airport, (n_airports,), and of at least one of them.

    Catchments `within` a cutoff overlap; `nearest` counts the people within who have no nearer airport, of equally near
    ones the first.
    """

    within: npt.NDArray[np.float64]
    nearest: npt.NDArray[np.float64]
    of_any: float


def count_catchments(time_s: npt.NDArray[np.float64], people: npt.NDArray[np.float64], cutoff_s: float) -> Catchments:
    """Count the people within a cutoff of each airport, a time equal to it included.

    Parameters
    ----------
    time_s : (n_airports, ...) float64
        From every place or cell to each airport, `inf` when unreachable; at least one airport.
    people : (...) float64
    cutoff_s : float
    """
    first, least = time_s.argmin(axis=0), time_s.min(axis=0)
    reached = time_s <= cutoff_s
    nearest = [float(people[part & (first == i)].sum()) for i, part in enumerate(reached)]
    within = [float(people[part].sum()) for part in reached]
    return Catchments(np.array(within), np.array(nearest), float(people[least <= cutoff_s].sum()))


def compute_airport_catchments(
    travel: pd.DataFrame,
    people: pd.DataFrame,
    cases: Mapping[str, Sequence[str]],
    cutoffs_s: Sequence[float],
    *,
    key: str = "id",
    value: str = "population",
) -> pd.DataFrame:
    """Compute the people within each cutoff of each open airport, and whose nearest it is.

    Parameters
    ----------
    travel : DataFrame
        Travel table from places to airports.
    people : DataFrame
        One row a place.
    cases : mapping
        Case name to the ids of the airports open then, e.g. before and after the move from Baita to Shengle.
    cutoffs_s : sequence of float
        E.g. 60 and 90 minutes.

    Returns
    -------
    DataFrame
        Splits, ``case``, ``airport`` (an id, or ``any``), ``cutoff_s``, ``within`` (people; catchments overlap),
        ``nearest`` (people within who have no nearer one; they do not overlap), ``share`` of all people within.

    Raises
    ------
    InputError
        With all issues of the tables; a case without airports or with an unknown one.
    """
    table, persons = check_travel(travel), check_values(people, key, value, "people")
    check_known(table["from"], persons.index, "people")
    known, issues = set(table["to"]), []
    for name, airports in cases.items():
        lacking = sorted(set(airports) - known)
        if not airports or lacking:
            issues.append(
                Issue(
                    "bad_case",
                    "error",
                    "a case names no airport, or one without travel times",
                    field=name,
                    value=", ".join(lacking),
                )
            )
    if issues or not cases:
        raise InputError(issues or "at least one case is needed")
    splits = find_splits(table)
    parts = []
    for name, airports in cases.items():
        for cutoff in check_cutoffs(cutoffs_s):
            part = _count_people(table[table["to"].isin(list(airports))], persons, splits, cutoff)
            parts.append(part.assign(case=name, cutoff_s=cutoff))
    out = pd.concat(parts, ignore_index=True)
    total = float(persons.sum())
    out["share"] = out["within"] / total if total > 0 else float("nan")
    order = {name: place for place, name in enumerate(cases)}
    out = out.sort_values(
        [*splits, "case", "airport", "cutoff_s"],
        key=lambda column: column.map(order) if column.name == "case" else column,
        ignore_index=True,
    )
    return out[[*splits, "case", "airport", "cutoff_s", "within", "nearest", "share"]]


def _count_people(table: pd.DataFrame, persons: pd.Series[float], splits: list[str], cutoff: float) -> pd.DataFrame:
    parts = []
    for labels, part in table.groupby(splits, sort=True) if splits else [((), table)]:
        times = part.pivot(index="to", columns="from", values="time_s").fillna(np.inf)
        found = count_catchments(times.to_numpy(), persons[times.columns].to_numpy(), cutoff)
        rows = pd.DataFrame({"airport": times.index, "within": found.within, "nearest": found.nearest})
        rows.loc[len(rows)] = [ANY, found.of_any, found.of_any]
        parts.append(rows.assign(**dict(zip(splits, labels, strict=True))))
    return pd.concat(parts, ignore_index=True)
