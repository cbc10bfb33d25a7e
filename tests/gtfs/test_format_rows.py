"""Long tables are joined by columns, byte for byte what the writer of pandas writes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transit_model.gtfs import write
from transit_model.gtfs.write import format_rows

CELL = st.text(st.characters(exclude_categories=["Cs"]), max_size=4) | st.sampled_from([",", '"', "\n", "\r", "", "站"])


@given(st.lists(st.tuples(CELL, st.integers(-5, 5), CELL), max_size=8))
def test_any_texts_and_whole_numbers(rows: list[tuple[str, int, str]]) -> None:
    table = pd.DataFrame(rows, columns=["a", "n", "b"]).astype({"a": "str", "n": "int64", "b": "str"})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(write, "_LONG", -1)
        assert format_rows(table, "%.7g") == table.to_csv(index=False, lineterminator="\n", float_format="%.7g")
        for part in (
            table[["a"]],
            table.assign(b=table["b"].astype(object)),
            table.assign(x=0.1),
            table.assign(t=True),
        ):
            assert format_rows(part, "%.7g") == part.to_csv(index=False, lineterminator="\n", float_format="%.7g")


def test_a_missing_cell_is_left_to_pandas() -> None:
    table = pd.DataFrame({"a": ["x", None] * 1000, "n": np.arange(2000)})
    assert format_rows(table, "%.7g") == table.to_csv(index=False, lineterminator="\n", float_format="%.7g")


def test_a_plain_long_table_is_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    table = pd.DataFrame({"a": ["甲"] * 2000, "n": np.arange(2000)})
    expected = table.to_csv(index=False, lineterminator="\n")
    monkeypatch.setattr(pd.DataFrame, "to_csv", None)
    assert format_rows(table, "%.7g") == expected
