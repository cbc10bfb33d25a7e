"""Each mistake in a table is named with its line, and all of them at once."""

from __future__ import annotations

import pandas as pd
import pytest

from transit_model.domain.schema import Column, TableSchema, check_table

SCHEMA = TableSchema(
    "things",
    (
        Column("id"),
        Column("kind", values=("red", "blue")),
        Column("count", "int", "person", low=0),
        Column("length", "float", "m", nullable=True, low=0, high=100),
        Column("open", "bool"),
        Column("note", nullable=True, required=False),
    ),
    key=("id",),
)


def rows(*lines: str, columns: str = "id kind count length open note") -> pd.DataFrame:
    cells = [["" if c == "-" else c for c in line.split()] for line in lines]
    return pd.DataFrame(cells, columns=columns.split(), dtype=str)


def test_good_rows_become_numbers_and_flags() -> None:
    table, issues = check_table(rows("a red 3 1.5 1 -", "b blue 0 - 0 x"), SCHEMA, file="t.csv")
    assert issues == []
    assert table["count"].tolist() == [3, 0]
    assert table["count"].dtype == "int64"
    assert table["length"].iloc[0] == 1.5
    assert pd.isna(table["length"].iloc[1])
    assert table["open"].tolist() == [True, False]
    assert table["note"].tolist() == ["", "x"]


@pytest.mark.parametrize(
    ("line", "code", "field", "value"),
    [
        ("- red 3 1 1 -", "empty_value", "id", ""),
        ("a green 3 1 1 -", "unknown_value", "kind", "green"),
        ("a red 3.5 1 1 -", "not_a_number", "count", "3.5"),
        ("a red many 1 1 -", "not_a_number", "count", "many"),
        ("a red 3 inf 1 -", "not_a_number", "length", "inf"),
        ("a red 3 nan 1 -", "not_a_number", "length", "nan"),
        ("a red -1 1 1 -", "out_of_range", "count", "-1"),
        ("a red 3 100.5 1 -", "out_of_range", "length", "100.5"),
        ("a red 3 1 yes -", "not_a_flag", "open", "yes"),
        ("good blue 3 1 1 -", "duplicate_id", "id", "good"),
    ],
)
def test_each_mistake_has_its_code_and_line(line: str, code: str, field: str, value: str) -> None:
    _, issues = check_table(rows("good red 3 1 1 -", line), SCHEMA, file="t.csv")
    assert [(i.code, i.file, i.line, i.field, i.value) for i in issues] == [(code, "t.csv", 3, field, value)]
    assert issues[0].severity == "error"


def test_a_missing_column_is_named_with_the_expected_ones() -> None:
    _, issues = check_table(rows("a 3 1 1", columns="id count length open"), SCHEMA, file="t.csv")
    assert [(i.code, i.field, i.line) for i in issues] == [("missing_column", "kind", 1)]
    assert "id, kind, count" in issues[0].hint


def test_an_optional_column_may_be_missing() -> None:
    table, issues = check_table(rows("a red 3 1 1", columns="id kind count length open"), SCHEMA, file="t.csv")
    assert issues == []
    assert table["note"].tolist() == [""]


def test_all_mistakes_are_listed_at_once() -> None:
    _, issues = check_table(rows("a green x 101 yes -", "a red 1 1 1 -"), SCHEMA, file="t.csv")
    assert sorted(i.code for i in issues) == [
        "duplicate_id", "not_a_flag", "not_a_number", "out_of_range", "unknown_value",
    ]  # fmt: skip


def test_a_flood_of_mistakes_is_counted() -> None:
    _, issues = check_table(rows(*(f"id{n} green 1 1 1 -" for n in range(12))), SCHEMA, file="t.csv")
    assert len(issues) == 5
    assert "and 7 more rows" in issues[-1].message


def test_unknown_columns_are_kept() -> None:
    table, _ = check_table(_with_extra(), SCHEMA, file="t.csv")
    assert table["extra"].tolist() == ["kept"]


def _with_extra() -> pd.DataFrame:
    return rows("a red 3 1 1 -").assign(extra="kept")


def test_the_input_is_not_changed() -> None:
    given = rows("a red 3 1 1 -")
    before = given.copy()
    check_table(given, SCHEMA, file="t.csv")
    pd.testing.assert_frame_equal(given, before)
