"""A few rows of a table in several Arrow arrays are those that pandas takes."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from transit_model.domain.rows import take_cells, take_few

CELL = st.sampled_from(["", "a", "bb", "呼和浩特", None])


@given(st.lists(st.lists(CELL, max_size=4), min_size=1, max_size=4), st.data())
def test_rows_are_those_that_pandas_takes(parts: list[list[str | None]], data: st.DataObject) -> None:
    tables = [
        pd.DataFrame({"id": pd.Series(cells, dtype="str"), "n": np.arange(len(cells), dtype=float), "rest": 1})
        for cells in parts
    ]
    table = pd.concat(tables, ignore_index=data.draw(st.booleans()))
    last = len(table) - 1
    rows = data.draw(st.lists(st.integers(-len(table), last), max_size=6)) if len(table) else []
    found = take_few(table, ["n", "id"], np.array(rows, dtype=np.int64))
    pd.testing.assert_frame_equal(found, table[["n", "id"]].iloc[rows])
    cells = take_cells(table["id"], np.array(rows, dtype=np.int64))
    assert [c if isinstance(c, str) else None for c in cells] == [
        c if isinstance(c, str) else None for c in table["id"].iloc[rows]
    ]
