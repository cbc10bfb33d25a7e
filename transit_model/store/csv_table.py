"""A CSV file of known columns to a table with its dtypes, or all its mistakes with file and line."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from transit_model.domain.schema import Column, TableSchema, check_table
from transit_model.errors import InputError, has_errors
from transit_model.store.csv_text import read_csv_text

POINTS = (Column("lon", "float", "degree", low=-180, high=180), Column("lat", "float", "degree", low=-90, high=90))


def read_csv_table(path: Path, columns: tuple[Column, ...] = POINTS) -> pd.DataFrame:
    """Return the table of a file; columns that are not named stay text.

    Raises
    ------
    InputError
        Those of `read_csv_text` and `check_table`.
    """
    raw, issues = read_csv_text(path.read_bytes(), file=path.name)
    if raw is None or has_errors(issues):
        raise InputError(issues)
    table, issues = check_table(raw.table, TableSchema(path.stem, columns), file=path.name)
    if has_errors(issues):
        raise InputError(raw.locate(issues))
    return table
