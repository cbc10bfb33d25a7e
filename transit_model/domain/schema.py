"""Table schemas as data, and the one check that reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from transit_model.errors import Issue

Kind = Literal["str", "int", "float", "bool"]
_HEADER_LINES = 2  # line 1 is the header, so row 0 is line 2


@dataclass(frozen=True)
class Column:
    """One column: name, kind, unit, whether it may be empty, closed list of values, bounds, meaning."""

    name: str
    kind: Kind = "str"
    unit: str = ""
    nullable: bool = False
    required: bool = True
    values: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    meaning: str = ""


@dataclass(frozen=True)
class TableSchema:
    """A named table with its columns and unique key."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    meaning: str = ""
    _by_name: dict[str, Column] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._by_name.update({c.name: c for c in self.columns})

    def names(self) -> list[str]:
        """Return the column names in order."""
        return [c.name for c in self.columns]


def check_table(
    table: pd.DataFrame, schema: TableSchema, *, file: str, max_rows: int = 5
) -> tuple[pd.DataFrame, list[Issue]]:
    """Check a table of strings against its schema and convert its columns.

    Parameters
    ----------
    table : DataFrame
        As read with ``dtype=str, keep_default_na=False``.
    schema : TableSchema
    file : str
        Named in the issues.
    max_rows : int
        At most so many issues a column are listed singly; the rest is counted in the last.

    Returns
    -------
    DataFrame, list of Issue
        Converted copy: str columns keep ``""`` for empty, int and float columns are float64 with NaN for
        empty (int64 when none is empty), bool columns are bool. Unknown columns are kept as they are.
    """
    issues: list[Issue] = []
    out = table.reset_index(drop=True).copy()
    for column in schema.columns:
        if column.name not in out.columns:
            if column.required:
                issues.append(
                    Issue(
                        "missing_column",
                        "error",
                        f"table {schema.name} lacks the column {column.name}",
                        file=file,
                        line=1,
                        field=column.name,
                        hint=f"expected columns: {', '.join(schema.names())}",
                    )
                )
                continue
            out[column.name] = ""
        raw = out[column.name].astype(str).str.strip()
        converted, bad = _convert(raw, column)
        issues += _list_rows(bad, raw, column, file, max_rows)
        out[column.name] = converted
    if schema.key and all(k in out.columns for k in schema.key):
        twice = out.duplicated(list(schema.key), keep="first")
        for row in list(out.index[twice])[:max_rows]:
            key = "/".join(str(out.at[row, k]) for k in schema.key)
            issues.append(
                Issue(
                    "duplicate_id",
                    "error",
                    f"{'/'.join(schema.key)} {key} stands more than once in {schema.name}",
                    file=file,
                    line=int(row) + _HEADER_LINES,
                    field=schema.key[0],
                    value=key,
                    hint="keep one row or rename the other",
                )
            )
    return out, issues


def _convert(raw: pd.Series[str], column: Column) -> tuple[pd.Series, dict[str, Sequence[int]]]:
    empty = raw == ""
    bad: dict[str, Sequence[int]] = {}
    if not column.nullable and empty.any():
        bad["empty_value"] = list(raw.index[empty])
    if column.kind == "str":
        if column.values:
            wrong = ~empty & ~raw.isin(column.values)
            if wrong.any():
                bad["unknown_value"] = list(raw.index[wrong])
        return raw, bad
    if column.kind == "bool":
        wrong = ~empty & ~raw.isin(["0", "1"])
        if wrong.any():
            bad["not_a_flag"] = list(raw.index[wrong])
        return raw == "1", bad
    number = pd.to_numeric(raw.where(~empty), errors="coerce")
    wrong = ~empty & (number.isna() | number.abs().eq(float("inf")))
    if column.kind == "int":
        wrong |= ~empty & number.notna() & (number % 1 != 0)
    if wrong.any():
        bad["not_a_number"] = list(raw.index[wrong])
    outside = pd.Series(False, index=raw.index)
    if column.low is not None:
        outside |= number < column.low
    if column.high is not None:
        outside |= number > column.high
    outside &= ~wrong
    if outside.any():
        bad["out_of_range"] = list(raw.index[outside])
    if column.kind == "int" and not empty.any() and not wrong.any():
        return number.astype("int64"), bad
    return number.astype("float64"), bad


_MESSAGES = {
    "empty_value": "must not be empty",
    "unknown_value": "is not one of the known values",
    "not_a_flag": "must be 0 or 1",
    "not_a_number": "is not a number of this kind",
    "out_of_range": "is out of range",
}


def _list_rows(
    bad: dict[str, Sequence[int]], raw: pd.Series[str], column: Column, file: str, max_rows: int
) -> list[Issue]:
    issues = []
    for code, rows in bad.items():
        hint = ""
        if code == "unknown_value":
            hint = f"use one of {', '.join(column.values)}"
        elif code == "out_of_range":
            hint = f"between {column.low} and {column.high} {column.unit}".strip()
        for count, row in enumerate(rows):
            more = len(rows) - max_rows
            last = count == max_rows - 1 and more > 0
            tail = f" (and {more} more rows)" if last else ""
            issues.append(
                Issue(
                    code,
                    "error",
                    f"{column.name} {_MESSAGES[code]}{tail}",
                    file=file,
                    line=int(row) + _HEADER_LINES,
                    field=column.name,
                    value=str(raw[row]),
                    hint=hint,
                )
            )
            if last:
                break
    return issues
