"""A CSV of a schema: the issues of its text and of its cells together, each with the line of the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from transit_model.domain.schema import Column, TableSchema
from transit_model.errors import InputError
from transit_model.store.csv_table import check_csv_table, load_csv_text, read_csv_table

SCHEMA = TableSchema("t", (Column("id"), Column("km", "float", "km", low=0)))


def test_issues_of_text_and_cells_stand_together_with_their_lines() -> None:
    # line 3 is blank, line 4 has a field too many, line 5 a negative number
    read, issues = check_csv_table(b"id,km\na,1.5\n\nb,2,3\nc,-1\nd,4\n", SCHEMA, file="t.csv")
    assert read is not None
    assert {(i.code, i.line) for i in issues} == {("empty_row", 3), ("invalid_row_length", 4), ("out_of_range", 5)}
    assert read.table["id"].tolist() == ["a", "c", "d"]
    assert read.lines.tolist() == [2, 5, 6]
    assert read.table["km"].dtype == "float64"


def test_without_a_header_there_is_no_table() -> None:
    read, issues = check_csv_table(b"", SCHEMA, file="t.csv")
    assert read is None
    assert [i.code for i in issues] == ["empty_file"]
    with pytest.raises(InputError, match="empty"):
        load_csv_text(b"", file="t.csv")


def test_another_encoding_stops_only_who_is_strict() -> None:
    data = "id,km\n呼和浩特,1\n".encode("gb18030")
    assert load_csv_text(data, file="t.csv").table["id"].tolist() == ["呼和浩特"]
    found = {
        strict: {i.severity for i in check_csv_table(data, SCHEMA, file="t.csv", strict=strict)[1]}
        for strict in (False, True)
    }
    assert found == {False: {"warning"}, True: {"error"}}


def test_a_file_of_points_is_read_or_raised_with_all_its_mistakes(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text("lon,lat,name\n111.5,40.8,x\n", encoding="utf-8")
    assert read_csv_table(path).iloc[0].to_dict() == {"lon": 111.5, "lat": 40.8, "name": "x"}
    path.write_text("lon,lat,name\n111.5,40.8,x,y\n181,40.8,z\n111,no,z\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_csv_table(path)
    assert [i.line for i in caught.value.issues] == [2, 3, 4]
