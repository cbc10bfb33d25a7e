"""Rows of a table by their ids, for tables of hundreds of thousands of rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd


def find_rows(ids: pd.Series[str], wanted: pd.Series[str]) -> npt.NDArray[np.int64]:
    """Return for each wanted id the first row that has it, -1 for one that none has, (n,).

    Columns of text lie in Arrow arrays here: looking them up there takes a fifth of what a pandas index does.
    """
    import pyarrow as pa
    from pyarrow import compute as pc

    found = pc.index_in(pa.array(wanted), value_set=pa.array(ids))
    rows: npt.NDArray[np.int64] = found.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return rows


def are_unique(ids: pd.Series[str]) -> bool:
    """Return whether no id stands twice."""
    import pyarrow as pa
    from pyarrow import compute as pc

    return bool(pc.count_distinct(pa.array(ids)).as_py() == len(ids))


def find_few_rows(ids: pd.Series[str], wanted: Sequence[str]) -> dict[str, int]:
    """Return the first row of each of a few ids; those that none has are not in it."""
    import pyarrow as pa
    from pyarrow import compute as pc

    names, column = list(dict.fromkeys(wanted)), pa.array(ids)
    if not names or not len(column):
        return {}
    found = pc.index_in(column, value_set=pa.array(names, column.type))
    at = found.fill_null(-1).to_numpy() if found.null_count else found.to_numpy()
    rows = np.flatnonzero(at >= 0)[::-1]
    return {names[number]: row for number, row in zip(at[rows].tolist(), rows.tolist(), strict=True)}


def take_few(table: pd.DataFrame, names: Sequence[str], rows: npt.NDArray[np.int64]) -> pd.DataFrame:
    """Return a few rows of some columns, as ``table[names].iloc[rows]`` does.

    A column of text to which rows were added lies in several Arrow arrays, which are copied into one to take a row of
    them; here rows are taken from each.
    """
    return pd.DataFrame({name: _take_few(table[name], rows) for name in names}, index=table.index[rows])


def take_cells(column: pd.Series[Any], rows: npt.NDArray[np.int64]) -> list[object]:
    """Return a few cells of a column, as ``column.iloc[rows].tolist()`` does; see `take_few`."""
    import pyarrow as pa

    found = pa.array(column) if isinstance(column.dtype, pd.StringDtype) and len(rows) else None
    if not isinstance(found, pa.ChunkedArray) or found.num_chunks < 2:
        return list(column.array.take(rows))
    ends = np.cumsum([len(chunk) for chunk in found.chunks])
    at = np.where(rows < 0, rows + ends[-1], rows)
    part = np.searchsorted(ends, at, side="right")
    cells = np.empty(len(rows), dtype=object)
    for n in np.unique(part).tolist():
        own = part == n
        chunk = found.chunk(n)
        cells[own] = chunk.take(pa.array(at[own] - (ends[n] - len(chunk)))).to_pylist()
    return list(cells)


def _take_few(column: pd.Series[Any], rows: npt.NDArray[np.int64]) -> pd.Series[Any]:
    return pd.Series(take_cells(column, rows), index=column.index[rows], dtype=column.dtype)
