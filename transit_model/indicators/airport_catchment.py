"""Airport catchments (机场腹地), before and after a move: who is within 60 or 90 minutes of which airport."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from transit_model.errors import InputError, Issue
from transit_model.indicators.nearest_facility import compute_catchments
from transit_model.indicators.travel_table import (
    check_cutoffs,
    check_known,
    check_travel,
    check_values,
    find_splits,
)

ANY = "any"
"""Row of the result for at least one of the open airports."""


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
    frame = persons.rename_axis(key).rename(value).reset_index()
    parts = []
    for name, airports in cases.items():
        open_now = table[table["to"].isin(list(airports))]
        for cutoff in check_cutoffs(cutoffs_s):
            part = _count_people(open_now, persons, splits, cutoff)
            near = compute_catchments(open_now, frame, limit_s=cutoff, key=key, value=value)
            near = near.rename(columns={"facility": "airport", value: "nearest"})[[*splits, "airport", "nearest"]]
            part = part.merge(near, on=[*splits, "airport"], how="left")
            nobody = part["nearest"].isna()
            part["nearest"] = part["nearest"].mask(nobody, 0.0)
            part.loc[part["airport"] == ANY, "nearest"] = part["within"]
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
    amount = table["from"].map(persons).where(table["time_s"] <= cutoff, 0.0)
    each = table.assign(within=amount).groupby([*splits, "to"], sort=True, as_index=False)["within"].sum()
    best = table.groupby([*splits, "from"], sort=True, as_index=False)["time_s"].min()
    best["within"] = best["from"].map(persons).where(best["time_s"] <= cutoff, 0.0)
    anyone = best.assign(airport=ANY).groupby([*splits, "airport"], sort=True, as_index=False)["within"].sum()
    return pd.concat([each.rename(columns={"to": "airport"}), anyone], ignore_index=True)
