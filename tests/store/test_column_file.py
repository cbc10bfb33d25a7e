"""Tables come back from a file of columns as they were, and nothing that is written to them gets into it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transit_model.store.column_file import CannotKeepError, read_column_file, write_column_file

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)


@given(
    texts=st.lists(TEXT, max_size=20),
    number=st.floats(allow_nan=True),
    flag=st.booleans(),
)
def test_any_table_comes_back(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], number: float, *, flag: bool
) -> None:
    folder = tmp_path_factory.mktemp("columns")
    n = len(texts)
    table = pd.DataFrame(
        {
            "text": pd.Series(texts, dtype="str"),
            "x": np.full(n, number),
            "n": np.arange(n, dtype=np.int64) - 3,
            "flag": np.full(n, flag),
        }
    )
    tables = {"a": table, "none": table.iloc[:0].reset_index(drop=True), "bare": pd.DataFrame(index=pd.RangeIndex(n))}
    write_column_file(tables, folder)
    back = read_column_file(folder)
    assert list(back) == list(tables)
    for name, expected in tables.items():
        pd.testing.assert_frame_equal(back[name], expected)


def test_tables_may_be_changed_and_the_file_is_not(tmp_path: Path) -> None:
    write_column_file({"a": pd.DataFrame({"x": [1.0, 2.0], "t": ["p", "q"]})}, tmp_path)
    before = (tmp_path / "columns.bin").read_bytes()
    table = read_column_file(tmp_path)["a"]
    table.loc[0, "x"] = 9.0
    table["x"].to_numpy()[1:].sum()
    table.loc[1, "t"] = "z"
    assert table.to_dict("list") == {"x": [9.0, 2.0], "t": ["p", "z"]}
    assert (tmp_path / "columns.bin").read_bytes() == before
    assert read_column_file(tmp_path)["a"].to_dict("list") == {"x": [1.0, 2.0], "t": ["p", "q"]}


@pytest.mark.parametrize(
    "table",
    [
        pd.DataFrame({"x": [1, 2]}, index=[1, 2]),
        pd.DataFrame({"x": [object(), object()]}),
        pd.DataFrame({1: [1.0]}),
        pd.DataFrame({"t": pd.Series(["a", None], dtype="str")}),
        pd.DataFrame({"d": pd.to_datetime(["2020-01-01"])}),
    ],
)
def test_what_has_no_form_is_refused(tmp_path: Path, table: pd.DataFrame) -> None:
    with pytest.raises(CannotKeepError):
        write_column_file({"a": table}, tmp_path)


@pytest.mark.parametrize("cut", [0, 10, -1])
def test_a_cut_file_is_an_error(tmp_path: Path, cut: int) -> None:
    write_column_file({"a": pd.DataFrame({"x": np.arange(100.0), "t": ["甲"] * 100})}, tmp_path)
    path = tmp_path / "columns.bin"
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises((OSError, ValueError, KeyError, TypeError, IndexError)):
        read_column_file(tmp_path)
