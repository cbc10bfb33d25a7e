"""CSV bytes to a checked table: with all that is wrong with it beside, or raised with file and line."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from transit_model.domain.schema import Column, TableSchema, check_table
from transit_model.errors import InputError, Issue, has_errors
from transit_model.store.csv_text import StringTable, read_csv_text

POINTS = (Column("lon", "float", "degree", low=-180, high=180), Column("lat", "float", "degree", low=-90, high=90))


def load_csv_text(data: bytes, *, file: str) -> StringTable:
    """Read CSV bytes as `read_csv_text`; what is wrong with them is raised.

    Raises
    ------
    InputError
        With all issues.
    """
    raw, issues = read_csv_text(data, file=file)
    if raw is None or has_errors(issues):
        raise InputError(issues)
    return raw


def check_csv_table(
    data: bytes, schema: TableSchema, *, file: str, strict: bool = False
) -> tuple[StringTable | None, list[Issue]]:
    """Return a table with the dtypes of a schema and the line of each row, and the issues of text and schema.

    None instead of the table when there is no header at all.
    """
    raw, issues = read_csv_text(data, file=file, strict=strict)
    if raw is None:
        return None, issues
    table, found = check_table(raw.table, schema, file=file)
    return StringTable(table, raw.lines), issues + raw.locate(found)


def read_csv_table(path: Path, columns: tuple[Column, ...] = POINTS) -> pd.DataFrame:
    """Return the table of a file; columns that are not named stay text.

    Raises
    ------
    InputError
        Those of `check_csv_table`.
    """
    read, issues = check_csv_table(path.read_bytes(), TableSchema(path.stem, columns), file=path.name)
    if read is None or has_errors(issues):
        raise InputError(issues)
    return read.table
