"""Tables as Arrow files that are mapped into memory: texts are not copied on loading, so large ones open at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import pyarrow as pa

_SUFFIX = ".arrow"


def write_arrow_tables(tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Write each table as ``NAME.arrow``, uncompressed (a compressed file cannot be mapped)."""
    import pyarrow as pa

    for name, table in tables.items():
        columns = {str(c): _to_arrow(table[c]) for c in table.columns}
        content = pa.table(columns)
        with pa.OSFile(str(folder / f"{name}{_SUFFIX}"), "wb") as sink, pa.ipc.new_file(sink, content.schema) as out:
            out.write_table(content)


def _to_arrow(column: pd.Series[Any]) -> pa.Array:
    import pyarrow as pa

    if column.dtype == "str":
        return pa.array(column.to_numpy(dtype=object), pa.large_string()) if len(column) == 0 else _texts(column)
    return pa.array(column.to_numpy())


def _texts(column: pd.Series[Any]) -> pa.Array:
    import pyarrow as pa

    texts = column.array.__arrow_array__()
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    return texts.cast(pa.large_string())


def read_arrow_tables(folder: Path, names: tuple[str, ...]) -> dict[str, pd.DataFrame]:
    """Return the tables that `write_arrow_tables` wrote.

    Texts lie in the mapped file; numbers are copied, since tables are changed in place here and there.
    """
    import pyarrow as pa

    out = {}
    for name in names:
        with pa.memory_map(str(folder / f"{name}{_SUFFIX}")) as source:
            content = pa.ipc.open_file(source).read_all()
        columns = {}
        for field in content.schema:
            column = content.column(field.name)
            if pa.types.is_large_string(field.type):
                columns[field.name] = pd.Series(column, dtype="str", copy=False)
            else:
                columns[field.name] = pd.Series(np.array(column.to_numpy()), copy=False)
        out[name] = pd.DataFrame(columns, copy=False)
    return out
