"""Workbooks hold numbers as numbers and texts as texts, and the same rows give the same bytes."""

from __future__ import annotations

import math
import time
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from transit_model.errors import InputError
from transit_model.store import workbook
from transit_model.store.workbook import WorkbookSheet, write_workbook

ROWS: list[dict[str, Any]] = [
    {"name": "呼和浩特", "minutes": 52.5, "seats": 3, "left": "out", "legs": [1, 2]},
    {"name": "=HYPERLINK(1)", "minutes": math.inf, "seats": 0, "legs": None},
    {"name": "", "minutes": None, "seats": -4, "legs": ""},
]
HEADINGS = {"name": "名称", "minutes": "分钟", "seats": "座", "legs": "行程"}


def test_cells_keep_their_kind(tmp_path: Path) -> None:
    write_workbook(
        tmp_path / "a.xlsx", [WorkbookSheet("出行时间", HEADINGS, ROWS), WorkbookSheet("出行时间", {"name": "n"}, [])]
    )
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["出行时间", "出行时间 (2)"]
    page = book["出行时间"]
    assert page.freeze_panes == "A2"
    assert [c.value for c in page[1]] == ["名称", "分钟", "座", "行程"]
    assert [c.value for c in page[2]] == ["呼和浩特", 52.5, 3, "[1, 2]"]
    # a formula of somebody's becomes text; infinity and nothing are empty cells, 0 is a number
    assert [c.value for c in page[3]] == ["'=HYPERLINK(1)", None, 0, None]
    assert [c.data_type for c in page[3]] == ["s", "n", "n", "n"]
    assert [c.value for c in page[4]] == [None, None, -4, None]


def test_names_that_excel_forbids_are_mended(tmp_path: Path) -> None:
    names = ["a/b:c?*[d]", "x" * 40, "x" * 40, "'", "A/B:C"]
    write_workbook(tmp_path / "a.xlsx", [WorkbookSheet(n, {"name": "n"}, []) for n in names])
    found = openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames
    assert found == ["a b c   d", "x" * 31, "x" * 27 + " (2)", "sheet", "A B C"]


def test_bytes_hang_on_rows_alone(tmp_path: Path) -> None:
    first, second = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    write_workbook(first, [WorkbookSheet("s", HEADINGS, ROWS)])
    time.sleep(2.1)  # a zip keeps times in steps of two seconds
    write_workbook(second, [WorkbookSheet("s", HEADINGS, ROWS)])
    assert first.read_bytes() == second.read_bytes()


def test_more_rows_than_a_sheet_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 2)
    with pytest.raises(InputError, match="3 rows are more than a sheet") as caught:
        write_workbook(tmp_path / "a.xlsx", [WorkbookSheet("s", HEADINGS, ROWS)])
    assert [i.code for i in caught.value.issues] == ["too_many_rows"]
