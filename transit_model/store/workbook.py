"""Workbooks of Excel: a sheet a table, numbers as numbers, the headings frozen, the same bytes for the same rows."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from transit_model.domain.safe_text import escape_cell
from transit_model.errors import InputError, Issue

MOST_ROWS: Final = 1_048_575
"""Rows below the headings that a sheet of Excel holds."""
_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME: Final = 31
_WIDEST: Final = 48
_EPOCH: Final = datetime(2000, 1, 1)


@dataclass(frozen=True)
class WorkbookSheet:
    """A table of a workbook.

    Attributes
    ----------
    name : str
        Of the sheet; signs that Excel forbids are left out, and it is cut to 31 characters.
    headings : mapping
        Column of the rows to what stands above it, in order; other columns of the rows are left out.
    rows : sequence of mapping
        None is an empty cell, lists and mappings become JSON, everything that begins as a formula becomes text.
    """

    name: str
    headings: Mapping[str, str]
    rows: Sequence[Mapping[str, Any]]


def write_workbook(target: Path, sheets: Sequence[WorkbookSheet]) -> None:
    """Write sheets in order into an .xlsx; who wants it whole or not at all calls it by `write.replace_file`.

    Raises
    ------
    InputError
        ``too_many_rows`` where a table is longer than a sheet can be.
    """
    import xlsxwriter

    long = [s for s in sheets if len(s.rows) > MOST_ROWS]
    if long:
        message = f"{len(long[0].rows)} rows are more than a sheet of Excel holds ({MOST_ROWS})"
        raise InputError(Issue("too_many_rows", "error", message, file=str(target), hint="write a .csv or .parquet"))
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(target), options) as book:
        book.set_properties({"created": _EPOCH})
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        taken: set[str] = set()
        for sheet in sheets:
            page = book.add_worksheet(_name_sheet(sheet.name, taken))
            page.freeze_panes(1, 0)
            for at, (name, heading) in enumerate(sheet.headings.items()):
                page.write_string(0, at, escape_cell(heading), head)
                width = _measure(heading)
                for number, row in enumerate(sheet.rows, start=1):
                    value = _make_plain(row.get(name))
                    if value is None:
                        continue
                    if isinstance(value, str):
                        page.write_string(number, at, value)
                    else:
                        page.write_number(number, at, value)
                    width = max(width, _measure(str(value)))
                page.set_column(at, at, min(width, _WIDEST) + 2)
            if sheet.rows:
                page.autofilter(0, 0, len(sheet.rows), len(sheet.headings) - 1)


def _make_plain(value: Any) -> str | int | float | None:  # noqa: ANN401 - any cell
    """Return a cell as text or number, None for an empty one: no sheet knows infinity."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return value if math.isfinite(value) else None
    if value is None or value == "":
        return None
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict | tuple) else str(value)
    return str(escape_cell(text))


def _name_sheet(name: str, taken: set[str]) -> str:
    plain = _FORBIDDEN.sub(" ", name).strip()[:_LONGEST_NAME].strip() or "sheet"
    chosen, n = plain, 2
    while chosen.casefold() in taken:
        tail = f" ({n})"
        chosen, n = plain[: _LONGEST_NAME - len(tail)] + tail, n + 1
    taken.add(chosen.casefold())
    return chosen


def _measure(text: str) -> int:
    """Return the width of a text in figures; Chinese characters are two wide."""
    return sum(2 if ord(c) > 0x2E7F else 1 for c in text)
