"""Rows of answers as files: the suffix says which, workbooks are for people and speak the chosen language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from transit_model.cli.output import BOM, asks_for_bom, find_language, format_csv
from transit_model.domain.column_names import name_cell, name_column
from transit_model.errors import InputError, Issue

if TYPE_CHECKING:
    from transit_model.cli.output import Lang
    from transit_model.store.workbook import WorkbookSheet

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Paper:
    """How rows become sheets of a workbook.

    Attributes
    ----------
    language : str
    title : str
        Name of the sheet; of the first where `by` makes several.
    by : str
        Column that parts the rows into sheets; empty for one sheet.
    names : mapping
        Ids in ``from``, ``to`` and ``place`` to what people call them.
    more : mapping
        Further tables by the names of their sheets.
    """

    language: str = "en"
    title: str = "rows"
    by: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, Rows] = field(default_factory=dict)


def _write_json_rows(records: Rows, target: Path) -> None:
    import json

    text = json.dumps({"schema": 1, "rows": list(records)}, ensure_ascii=False, indent=1)
    target.write_text(text + "\n", encoding="utf-8", newline="\n")


def _write_csv_rows(records: Rows, target: Path) -> None:
    head = BOM if asks_for_bom() else ""
    target.write_text(head + format_csv(records), encoding="utf-8", newline="\n")


def _write_parquet_rows(records: Rows, target: Path) -> None:
    import pandas as pd

    pd.DataFrame(records).to_parquet(target, index=False)


def _write_workbook_rows(records: Rows, target: Path) -> None:
    write_paper(records, target, Paper())


ROW_WRITERS: Final[Mapping[str, Callable[[Rows, Path], None]]] = {
    ".csv": _write_csv_rows,
    ".json": _write_json_rows,
    ".parquet": _write_parquet_rows,
    ".xlsx": _write_workbook_rows,
}
"""Suffix to what writes rows of answers; a new format is a function and a row."""


def check_row_file(out: Path | None, *more: str) -> None:
    """Refuse a file of answers whose suffix says no format, before the work whose result it is to take.

    Parameters
    ----------
    more : str
        Suffixes that the command takes beside those of `ROW_WRITERS`, e.g. ``.html``.

    Raises
    ------
    InputError
        ``unknown_format``.
    """
    known = (*ROW_WRITERS, *more)
    if out is not None and out.suffix.lower() not in known:
        hint = f"use one of {', '.join(known)}"
        raise InputError(
            Issue("unknown_format", "error", "cannot tell the format", field="out", value=str(out), hint=hint)
        )


def write_records(out: Path, records: Rows, paper: Paper | None = None) -> None:
    """Write rows in the format of the suffix (`ROW_WRITERS`), whole or not at all; a workbook as `paper` says."""
    from transit_model.store.write import replace_file

    check_row_file(out)
    suffix = out.suffix.lower()
    writer = ROW_WRITERS[suffix]
    if suffix == ".xlsx" and paper is not None:
        replace_file(out, lambda target: write_paper(records, target, paper))
    else:
        replace_file(out, lambda target: writer(records, target))


def write_paper(records: Rows, target: Path, paper: Paper) -> None:
    """Write rows as a workbook: readable headings and cells, one sheet for each value of `Paper.by`, then the rest."""
    from transit_model.store.workbook import write_workbook

    parts: dict[str, list[Mapping[str, Any]]] = {}
    for row in records:
        parts.setdefault(str(row[paper.by]) if paper.by else paper.title, []).append(row)
    sheets = [make_sheet(name, rows, paper) for name, rows in (parts or {paper.title: []}).items()]
    sheets += [make_sheet(name, rows, paper) for name, rows in paper.more.items()]
    write_workbook(target, sheets)


def make_sheet(name: str, rows: Rows, paper: Paper) -> WorkbookSheet:
    """Return a sheet with readable headings and cells; the other language's titles and empty columns are left out."""
    from transit_model.store.workbook import WorkbookSheet

    other = "_en" if paper.language == "zh" else "_zh"
    columns = list(dict.fromkeys(c for row in rows for c in row))
    shown: dict[str, str] = {}
    for column in columns:
        # Names of things are wanted in both languages; sentences in one.
        if column.endswith(other) and not column.startswith("name_"):
            continue
        if column in ("from", "to") and paper.names:
            shown[f"{column}_name"] = name_column(f"{column}_name", paper.language)
        shown[column] = name_column(column, paper.language)
    cells = [
        {
            **{c: name_cell(c, v, paper.language) for c, v in row.items()},
            **{f"{c}_name": paper.names.get(str(row[c]), row[c]) for c in ("from", "to") if c in row},
        }
        for row in rows
    ]
    kept = {c: h for c, h in shown.items() if any(r.get(c) not in (None, "") for r in cells)}
    return WorkbookSheet(name, kept or shown, cells)


def start_paper(lang: Lang | None, zh: str, en: str, **how: Any) -> Paper:  # noqa: ANN401 - fields of Paper
    """Return how rows become sheets in the language that was chosen; `zh` and `en` name the sheet."""
    language = find_language(lang)
    return Paper(language, zh if language == "zh" else en, **how)
