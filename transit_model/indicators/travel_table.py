"""The door of the room: tidy tables of travel times and of values are checked here, all mistakes at once.

A *travel table* has the columns ``from``, ``to`` and either ``time_s`` (seconds, `inf` when unreachable) or ``minutes``
(empty when unreachable, as in the OD files). Columns ``mode``, ``reading`` and ``scenario``, when present, split every
result. A *value table* has an id column and a column of numbers, 0 or more.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from transit_model import units
from transit_model.errors import InputError, Issue

SPLITS = ("mode", "reading", "scenario")
"""Label columns of a travel table that every result keeps."""
_SHOWN = 5


def find_splits(table: pd.DataFrame) -> list[str]:
    """Return the label columns the table has, in the order of `SPLITS`."""
    return [name for name in SPLITS if name in table.columns]


def check_travel(table: pd.DataFrame, name: str = "travel") -> pd.DataFrame:
    """Return a clean travel table: label columns, ``from``, ``to`` as text and ``time_s`` as float64, sorted.

    Raises
    ------
    InputError
        With all issues: missing columns, empty ids, negative times or texts, pairs that stand twice.
    """
    issues = _check_columns(table, ("from", "to"), name)
    if "time_s" not in table.columns and "minutes" not in table.columns:
        issues.append(Issue("missing_column", "error", f"table {name} needs time_s or minutes", file=name))
    if issues:
        raise InputError(issues)
    splits = find_splits(table)
    out = table[[*splits, "from", "to"]].astype(str)
    in_seconds = "time_s" in table.columns
    raw = pd.to_numeric(table["time_s" if in_seconds else "minutes"], errors="coerce").astype("float64")
    written = table["time_s" if in_seconds else "minutes"].notna()
    # an empty cell of minutes is unreachable; a time_s that is no number is a mistake
    wrong = (raw.isna() & (written | in_seconds)) | (raw < 0)
    issues += _list_rows(wrong, table["time_s" if in_seconds else "minutes"], "bad_time", name)
    out["time_s"] = raw.to_numpy() if in_seconds else raw.fillna(np.inf).to_numpy() * units.S_PER_MIN
    for column in ("from", "to"):
        empty = table[column].isna() | (table[column].astype(str) == "")
        issues += _list_rows(empty, table[column], "empty_id", name, column)
    twice = out.duplicated([*splits, "from", "to"])
    issues += _list_rows(twice, out["from"] + " -> " + out["to"], "duplicate_pair", name)
    if issues:
        raise InputError(issues)
    return out.sort_values([*splits, "from", "to"], kind="stable", ignore_index=True)


def check_values(table: pd.DataFrame, key: str, value: str, name: str = "values") -> pd.Series[float]:
    """Return the column `value` as float64, indexed by the ids of `key` as text.

    Raises
    ------
    InputError
        With all issues: missing columns, ids twice, values that are no numbers or below 0.
    """
    issues = _check_columns(table, (key, value), name)
    if issues:
        raise InputError(issues)
    ids = table[key].astype(str)
    numbers = pd.to_numeric(table[value], errors="coerce").astype("float64")
    issues += _list_rows(~np.isfinite(numbers) | (numbers < 0), table[value], "bad_value", name, value)
    issues += _list_rows(ids.duplicated(), ids, "duplicate_id", name, key)
    if issues:
        raise InputError(issues)
    return pd.Series(numbers.to_numpy(), index=pd.Index(ids, name=key), name=value)


def read_others(
    travel: pd.DataFrame, masses: pd.DataFrame, key: str, value: str
) -> tuple[pd.DataFrame, pd.Series[float], list[str]]:
    """Return the rows from a place to others, the mass by id, and the columns of a sum: the splits and ``from``.

    Raises
    ------
    InputError
        With all issues of the tables; when a destination has no mass, or a pair lacks its row.
    """
    table, weights = check_travel(travel), check_values(masses, key, value, "masses")
    table = table[table["from"] != table["to"]]
    check_known(table["to"], weights.index, "masses")
    check_complete(table, weights.index)
    return table, weights, [*find_splits(table), "from"]


def check_known(ids: pd.Series[str], known: pd.Index[str], name: str) -> None:
    """Check that every id is known.

    Raises
    ------
    InputError
        Naming the unknown ids.
    """
    unknown = sorted(set(ids) - set(known))
    if unknown:
        raise InputError(
            Issue(
                "unknown_id",
                "error",
                f"{len(unknown)} ids of the travel table are not in {name}",
                field=name,
                value=", ".join(unknown[:_SHOWN]),
                hint=f"add them to {name} or drop their rows",
            )
        )


def check_complete(travel: pd.DataFrame, destinations: pd.Index[str]) -> None:
    """Check that each origin of each split has a row for every destination but itself.

    A pair without a row would pass for unreachable, or for nothing at all; so it is an issue.

    Raises
    ------
    InputError
        Naming pairs that lack.
    """
    splits = find_splits(travel)
    keys = [*splits, "from"]
    other = travel[travel["from"] != travel["to"]]
    have = other[other["to"].isin(destinations)].groupby(keys, sort=False).size()
    origins = travel[keys].drop_duplicates()
    need = len(destinations) - origins["from"].isin(destinations).astype(int).to_numpy()
    found = have.reindex(pd.MultiIndex.from_frame(origins) if splits else origins["from"], fill_value=0).to_numpy()
    short = origins[found < need]
    if len(short):
        raise InputError(
            Issue(
                "missing_pair",
                "error",
                f"{len(short)} origins lack a row for some destinations",
                field="to",
                value=", ".join(map(str, short["from"].tolist()[:_SHOWN])),
                hint="write unreachable pairs with time_s = inf (or empty minutes)",
            )
        )


def check_own_pairs(travel: pd.DataFrame, both: pd.Index[str]) -> None:
    """Check that each place that is origin and destination at once has a row to itself, in every split.

    What lies at the place itself counts in a catchment; without the row it would pass for out of reach.

    Raises
    ------
    InputError
        Naming places that lack the row.
    """
    splits = find_splits(travel)
    own = travel[(travel["from"] == travel["to"]) & travel["from"].isin(both)]
    n_splits = len(travel[splits].drop_duplicates()) if splits else 1
    lost = [place for place, n in own["from"].value_counts().reindex(both, fill_value=0).items() if n < n_splits]
    if lost:
        raise InputError(
            Issue(
                "missing_pair",
                "error",
                f"{len(lost)} places are demand and supply, and lack the row from themselves to themselves",
                field="to",
                value=", ".join(map(str, lost[:_SHOWN])),
                hint="write the time inside the place, e.g. time_s = 0; inf when nobody there is served",
            )
        )


def check_positive(value: float, field: str) -> float:
    """Return a number above 0.

    Raises
    ------
    InputError
        When it is not.
    """
    if not (np.isfinite(value) and value > 0):
        raise InputError(Issue("not_positive", "error", f"{field} must be above 0", field=field, value=str(value)))
    return float(value)


def check_cutoffs(cutoffs_s: Sequence[float]) -> list[float]:
    """Return the cutoffs in ascending order, each once.

    Raises
    ------
    InputError
        When there is none or one is not above 0.
    """
    if len(cutoffs_s) == 0:
        raise InputError(Issue("no_cutoff", "error", "at least one cutoff is needed", field="cutoffs_s"))
    return sorted({check_positive(cutoff, "cutoffs_s") for cutoff in cutoffs_s})


def _check_columns(table: pd.DataFrame, columns: Sequence[str], name: str) -> list[Issue]:
    return [
        Issue("missing_column", "error", f"table {name} lacks the column {column}", file=name, field=column)
        for column in columns
        if column not in table.columns
    ]


_MESSAGES = {
    "bad_time": "is not a time of 0 or more",
    "empty_id": "an id is empty",
    "duplicate_pair": "a pair stands more than once",
    "bad_value": "is not a number of 0 or more",
    "duplicate_id": "an id stands more than once",
}


def _list_rows(wrong: pd.Series[bool], shown: pd.Series, code: str, name: str, field: str | None = None) -> list[Issue]:
    rows = np.flatnonzero(wrong.to_numpy())
    return [
        Issue(
            code,
            "error",
            _MESSAGES[code] + (f" (and {len(rows) - _SHOWN} more rows)" if count == _SHOWN - 1 < len(rows) - 1 else ""),
            file=name,
            line=int(row) + 2,
            field=field,
            value=str(shown.iloc[row]),
        )
        for count, row in enumerate(rows[:_SHOWN])
    ]
