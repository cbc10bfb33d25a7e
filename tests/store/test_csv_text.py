"""CSV bytes: what is odd is read, what is wrong is said with its line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from transit_model.errors import Issue
from transit_model.store import csv_text
from transit_model.store.csv_text import StringTable, decode_text, read_csv_text


@pytest.fixture(autouse=True, params=[0, 10**9], ids=["pandas", "csv"], scope="module")
def both_ways(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every test runs through pandas and through the csv module: they must agree."""
    before = csv_text.FAST_CHARS
    csv_text.FAST_CHARS = request.param
    yield
    csv_text.FAST_CHARS = before


def read(data: bytes | str, *, strict: bool = False) -> tuple[StringTable, list[Issue]]:
    raw, issues = read_csv_text(data.encode() if isinstance(data, str) else data, file="t.csv", strict=strict)
    assert raw is not None
    return raw, issues


@pytest.mark.parametrize(
    "data",
    [
        "a,b\n1,x\n2,y\n",
        "a,b\r\n1,x\r\n2,y\r\n",
        "a,b\n1,x\n2,y",
        "\ufeffa,b\n1,x\n2,y\n",
        " a , b \n 1 , x \n2,  y\n",
        'a,b\n"1","x"\n2,y\n',
        "a,b\n1,x\n2,y\n\n",
    ],
    ids=["plain", "crlf", "no last newline", "bom", "blanks", "quoted", "blank last line"],
)
def test_odd_but_good(data: str) -> None:
    raw, issues = read(data)
    assert issues == []
    assert raw.table.columns.tolist() == ["a", "b"]
    assert raw.table.to_numpy().tolist() == [["1", "x"], ["2", "y"]]
    assert raw.lines.tolist() == [2, 3]


def test_values_stay_text() -> None:
    """No number, no NA, no date is made of a value: 0010 is a stop_id and NA the code of Namibia."""
    raw, issues = read("a,b\n0010,NA\nnull,1e3\n")
    assert issues == []
    assert raw.table.to_numpy().tolist() == [["0010", "NA"], ["null", "1e3"]]


def test_lines_count_those_of_the_file() -> None:
    raw, issues = read('a,b\n1,"two\nlines"\n\n3,x\n')
    assert raw.lines.tolist() == [2, 5]
    assert [(i.code, i.severity, i.line) for i in issues] == [("empty_row", "warning", 4)]


def test_a_row_of_commas_is_blank() -> None:
    raw, issues = read("a,b\n1,x\n,\n2,y\n")
    assert raw.lines.tolist() == [2, 4]
    assert [(i.code, i.line) for i in issues] == [("empty_row", 3)]


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        ("a,b\n1,x,z\n2,y\n", "invalid_row_length", 2),
        ("a,b\n1,x\n2\n", "invalid_row_length", 3),
        ("a,b\n1,x\n2", "invalid_row_length", 3),
        ('a,b\n1,x\n2,"y\n', "csv_parsing_failed", 3),
        ("a,b\n1,x\x00\n", "invalid_character", 2),
    ],
    ids=["too long", "too short", "cut off", "open quote", "nul byte"],
)
def test_wrong_rows(data: str, code: str, line: int) -> None:
    _, issues = read(data)
    assert [(i.code, i.severity, i.line) for i in issues] == [(code, "error", line)]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("", "empty_file"),
        ("\ufeff\n\n", "empty_file"),
        ("a,a\n1,2\n", "duplicated_column"),
        ("a,,b\n1,2,3\n", "empty_column_name"),
    ],
)
def test_wrong_headers(data: str, code: str) -> None:
    raw, issues = read_csv_text(data.encode(), file="t.csv")
    assert (raw is None) == (code in ("empty_file", "duplicated_column", "empty_column_name"))
    assert [i.code for i in issues] == [code]


def test_trailing_comma_in_the_header_is_no_column() -> None:
    raw, issues = read("a,b,\n1,x,\n")
    assert issues == []
    assert raw.table.columns.tolist() == ["a", "b"]


def test_other_encodings() -> None:
    raw, issues = read("名称,b\n呼和浩特,x\n".encode("gb18030"))
    assert raw.table["名称"].tolist() == ["呼和浩特"]
    assert [(i.code, i.severity, i.line) for i in issues] == [("not_utf8", "warning", 1)]
    _, issues = read("名称,b\n呼和浩特,x\n".encode("gb18030"), strict=True)
    assert [(i.code, i.severity) for i in issues] == [("not_utf8", "error")]
    raw, issues = read("a,b\n呼和浩特,x\n".encode("utf-16"))
    assert raw.table["a"].tolist() == ["呼和浩特"]
    assert [i.code for i in issues] == ["not_utf8"]
    assert decode_text(b"\x81\xff\xff caf\xe9", file="t")[1][0].severity in ("warning", "error")


CELL = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00\ufeff\ufffd\x85\u2028\u2029\x1c\x1d\x1e\x0b\x0c\r")
)


@settings(deadline=None)
@given(st.lists(st.lists(CELL, min_size=2, max_size=2), max_size=8))
def test_any_table_written_by_csv_is_read_back(rows: list[list[str]]) -> None:
    """Against the oracle: the `csv` module itself, values stripped, blank rows left out."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["a", "b"])
    writer.writerows(rows)
    raw, issues = read(out.getvalue())
    expected = [[cell.strip() for cell in row] for row in rows]
    assert raw.table.to_numpy().tolist() == [row for row in expected if any(row)]
    assert {i.code for i in issues} <= {"empty_row"}


SIGNS = (
    "a",
    "b",
    ",",
    ";",
    '"',
    '""',
    "\n",
    "\r",
    "\r\n",
    " ",
    "\t",
    "\u3000",
    "名",
    "\ufeff",
    "\x00",
    "1",
    "x" * 70_000,
)
DIRT = st.lists(st.sampled_from(SIGNS), max_size=30)


@settings(deadline=None, max_examples=examples(200))
@given(DIRT, st.sampled_from(["utf-8", "utf-16", "utf-16-le", "utf-32", "gb18030"]))
def test_no_text_is_an_internal_error(parts: list[str], encoding: str) -> None:
    """Whatever the bytes: a table whose rows fit their lines, or an error that says where."""
    raw, issues = read_csv_text("".join(parts).encode(encoding), file="t.csv")
    if raw is None:
        assert any(i.severity == "error" for i in issues)
    else:
        assert len(raw.table) == len(raw.lines)


@settings(deadline=None, max_examples=examples(100))
@given(st.binary(max_size=200))
def test_no_bytes_are_an_internal_error(data: bytes) -> None:
    raw, issues = read_csv_text(data, file="t.csv")
    assert raw is not None or issues


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("blank", ["", " ", "  ", "\t", "\u3000"])
def test_blanks_round_quotation_marks(end: str, blank: str) -> None:
    """Also round a cell that holds commas, doubled marks and blanks before a comma of its own."""
    rows = ["a,b", f'{blank}"x, ""y"" , z"{blank},{blank}"2"{blank}', '1,"p ,q"']
    raw, issues = read(end.join(rows) + end)
    assert issues == []
    assert raw.table.to_numpy().tolist() == [['x, "y" , z', "2"], ["1", "p ,q"]]


def test_lines_count_those_of_a_file_with_cr() -> None:
    raw, issues = read('a,b\r1,"two\rlines"\r\r3,x\r4\r')
    assert raw.lines.tolist() == [2, 5]
    assert [(i.code, i.line) for i in issues] == [("empty_row", 4), ("invalid_row_length", 6)]


@pytest.mark.parametrize("size", [131_072, 131_073])
def test_a_cell_at_the_limit(size: int) -> None:
    raw, issues = read(f"a,b\n1,{'x' * size}\n2,y\n")
    assert [(i.code, i.line) for i in issues] == ([] if size == 131_072 else [("csv_parsing_failed", 2)])
    assert raw.lines.tolist() == ([2, 3] if size == 131_072 else [])


def test_empty_cells_too_many_are_passed_over() -> None:
    raw, issues = read("a,b\n1,x,\n2,y, ,\n3,z\n")
    assert raw.table.to_numpy().tolist() == [["1", "x"], ["2", "y"], ["3", "z"]]
    assert [(i.code, i.severity, i.line) for i in issues] == [("invalid_row_length", "warning", 2)]


@pytest.mark.parametrize("mark", [";", "\t", "|", "，"])
def test_other_delimiters(mark: str) -> None:
    raw, issues = read_csv_text(f"a{mark}b{mark}c\n1{mark}2{mark}3\n".encode(), file="t.csv")
    assert raw is None
    assert [(i.code, i.line) for i in issues] == [("wrong_delimiter", 1)]


def test_semicolons_in_a_heading_or_cell_are_no_delimiter() -> None:
    raw, issues = read("id,aliases (a;b),note\n1,x;y;z,p;q\n")
    assert issues == []
    assert raw.table.to_numpy().tolist() == [["1", "x;y;z", "p;q"]]
