"""Large tables of a region pack: parsed and checked once, then mapped from the cache by the hash of their bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from transit_model.domain.schema import TableSchema
from transit_model.errors import Issue
from transit_model.store.arrow_tables import read_arrow_tables, write_arrow_tables
from transit_model.store.cache import Cache, make_key
from transit_model.store.csv_text import StringTable

LARGE_BYTES = 2_000_000
"""Smaller tables are parsed quicker than they are looked up."""
RECIPE = 1
"""Goes up when the same bytes would give another table or other issues."""
_TABLE, _LINES, _ISSUES = "table", "lines.npy", "issues.json"

Parsed = tuple[StringTable | None, list[Issue]]


def fetch_table(digest: str, schema: TableSchema, file: str, parse: Callable[[], Parsed]) -> Parsed:
    """Return a table and its issues from the cache, parsed now when they are not there.

    Parameters
    ----------
    digest : str
        SHA-256 of the file.
    parse : callable
        Reads and checks the file.
    """
    cache = Cache()
    key = make_key("region-table", recipe=RECIPE, digest=digest, schema=repr(schema), file=file)
    entry = cache.find(key)
    if entry is not None:
        return _read(entry)
    table, issues = parse()
    if table is not None:
        whole = table
        cache.store(key, lambda folder: _write(whole, issues, folder))
    return table, issues


def _write(table: StringTable, issues: list[Issue], folder: Path) -> None:
    write_arrow_tables({_TABLE: table.table}, folder)
    np.save(folder / _LINES, table.lines)
    content = json.dumps([issue.as_dict() for issue in issues], ensure_ascii=False)
    (folder / _ISSUES).write_text(content, encoding="utf-8")


def _read(folder: Path) -> Parsed:
    table = read_arrow_tables(folder, (_TABLE,))[_TABLE]
    issues = [Issue(**issue) for issue in json.loads((folder / _ISSUES).read_text(encoding="utf-8"))]
    return StringTable(table, np.load(folder / _LINES)), issues
