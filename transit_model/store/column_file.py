"""Tables as one file of columns that is mapped into memory: large ones open at once, small ones without a parser.

Numbers lie in the file as they lie in memory, texts as Arrow has them: nothing is decoded, since putting a column of
few different texts together again takes longer than reading it. Pages that somebody writes to become copies of his
own: the file is never changed.
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
import pandas as pd

FORMAT: Final = 1
_DATA, _LIST = "columns.bin", "columns.json"
_ALIGN: Final = 64
_NUMBERS: Final = "ifbu"
_TEXT: Final = "text"


class CannotKeepError(ValueError):
    """A table has something that this file has no form for."""


def write_column_file(tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Write tables of numbers, flags and texts with rows numbered from 0.

    Raises
    ------
    CannotKeepError
        For any other table.
    OSError
        When it cannot be written.
    """
    listed: dict[str, Any] = {}
    with (folder / _DATA).open("wb") as file:
        for name, table in tables.items():
            if not table.index.equals(pd.RangeIndex(len(table))) or not table.columns.is_unique:
                raise CannotKeepError(name)
            listed[name] = {
                "rows": len(table),
                "columns": [[_check_name(column), _write_column(file, table[column])] for column in table.columns],
            }
    content = json.dumps({"format": FORMAT, "tables": listed}, ensure_ascii=False)
    (folder / _LIST).write_text(content, encoding="utf-8")


def _check_name(column: object) -> str:
    if not isinstance(column, str):
        raise CannotKeepError(repr(column))
    return column


def _write_column(file: BinaryIO, column: pd.Series[Any]) -> list[Any]:
    """Return kind and buffers: ``[dtype, buffer]`` or ``["text", count, ends, letters]``."""
    import pyarrow as pa

    if column.dtype == "str":
        texts = pa.array(column.array, pa.large_string())
        return [_TEXT, len(texts), *_write_texts(file, texts.combine_chunks() if hasattr(texts, "chunks") else texts)]
    values = column.to_numpy()
    if values.dtype.kind not in _NUMBERS:
        raise CannotKeepError(f"{column.name}: {column.dtype}")
    return [values.dtype.str, _put(file, np.ascontiguousarray(values).data)]


def _write_texts(file: BinaryIO, texts: Any) -> list[list[int]]:  # noqa: ANN401 - an Arrow array
    if texts.null_count or texts.offset:
        raise CannotKeepError("a text is missing, or the column is a part of another")
    if not len(texts):
        return []
    _, ends, letters = texts.buffers()
    return [_put(file, memoryview(ends)[: 8 * (len(texts) + 1)]), _put(file, memoryview(letters or b""))]


def _put(file: BinaryIO, content: memoryview) -> list[int]:
    """Write a buffer at an even place and return where it begins and how long it is."""
    file.write(b"\0" * (-file.tell() % _ALIGN))
    start = file.tell()
    file.write(content)
    return [start, content.nbytes]


def read_column_file(folder: Path) -> dict[str, pd.DataFrame]:
    """Return the tables that `write_column_file` wrote.

    Raises
    ------
    OSError, ValueError, KeyError, TypeError, IndexError
        When the file is not what its list says: it is damaged, or of another version.
    """
    listed = json.loads((folder / _LIST).read_text(encoding="utf-8"))
    if listed["format"] != FORMAT:
        raise ValueError(listed["format"])
    path = folder / _DATA
    with path.open("rb") as file:
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY) if path.stat().st_size else b""
    return {name: _read_table(table, data) for name, table in listed["tables"].items()}


def _read_table(listed: Mapping[str, Any], data: mmap.mmap | bytes) -> pd.DataFrame:
    columns = {name: _read_column(parts, data) for name, parts in listed["columns"]}
    return pd.DataFrame(columns, index=pd.RangeIndex(listed["rows"]), copy=False)


def _read_column(parts: list[Any], data: mmap.mmap | bytes) -> Any:  # noqa: ANN401 - an array of numbers or texts
    import pyarrow as pa

    kind, *rest = parts
    if kind != _TEXT:
        (start, length), dtype = rest[0], np.dtype(kind)
        return np.frombuffer(data, dtype, length // dtype.itemsize, start) if length else np.zeros(0, dtype)
    count, *places = rest
    if not count:
        return pd.array([], dtype="str")
    ends, letters = (pa.py_buffer(memoryview(data)[start : start + length]) for start, length in places)
    if ends.size != 8 * (count + 1):
        raise ValueError(count)
    return pd.array(pa.LargeStringArray.from_buffers(count, ends, letters), dtype="str")
