"""The texts of tables that digests are made of: parts that tables have in common are written once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

import pandas as pd

PART_ROWS: Final = 20_000
"""Rows of a part: a scenario that adds a road to hundreds of thousands changes a few of the parts."""


class TableTexts:
    """Tables as CSV in UTF-8, part by part, each different part written once and kept.

    Writing a table takes most of the time of its digest; the tables of scenarios differ in few rows.
    """

    def __init__(self) -> None:
        self._tables: dict[int, tuple[pd.DataFrame, Sequence[bytes]]] = {}
        self._parts: dict[bytes, bytes] = {}

    def get(self, table: pd.DataFrame) -> Sequence[bytes]:
        """Return the parts of the text of a table; joined they are ``table.to_csv(index=False)``."""
        if id(table) not in self._tables:  # with the table, whose id must not become that of another
            self._tables[id(table)] = (table, self._write(table))
        return self._tables[id(table)][1]

    def _write(self, table: pd.DataFrame) -> list[bytes]:
        # objects of a column may be written in more ways than their values tell
        if len(table) <= PART_ROWS or any(map(pd.api.types.is_object_dtype, table.dtypes)):
            return [table.to_csv(index=False).encode()]
        return [self._get_part(table.iloc[at : at + PART_ROWS], at == 0) for at in range(0, len(table), PART_ROWS)]

    def _get_part(self, part: pd.DataFrame, is_first: bool) -> bytes:
        key = _digest(part, is_first)
        if key not in self._parts:
            self._parts[key] = part.to_csv(index=False, header=is_first).encode()
        return self._parts[key]


def _digest(part: pd.DataFrame, is_first: bool) -> bytes:
    """Return a digest of the columns of a part as Arrow has them; equal digests have equal text."""
    import pyarrow as pa

    columns = pa.Table.from_pandas(part, preserve_index=False)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, columns.schema) as stream:
        stream.write_table(columns)
    return hashlib.blake2b(bytes([is_first]) + sink.getvalue().to_pybytes(), digest_size=16).digest()
