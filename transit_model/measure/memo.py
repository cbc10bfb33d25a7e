"""Results kept by the content they were made from.

A scenario is often measured hundreds of times with one number changed. Nothing that a change leaves alone is
compiled or searched again: every result is kept under a digest of exactly what it was made from, so an edit that
touches an input cannot be answered from an older one.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
import pandas as pd

ResultT = TypeVar("ResultT")
Key = Hashable


TABLES = "tables"
"""The kind under which `Memo` counts the tables it has digests of."""


COURSES = "courses"
"""The kind of the largest results, a hundred megabytes and more on dense streets."""

FEW_COURSES = "courses of few roads"
"""The kind of the same on networks of few links, a few megabytes each."""

STATION_TIMES = "station times"
"""The kind of minutes at stations and transfers between them, which hold the network they were first found in."""

STREET_SHAPES = "street shapes"
"""The kind of street graphs that other speeds on the same roads are put onto."""

TRAIN_TABLES = "tables of trains"
"""The kind of tables that come out alike on other roads, each held beside the one it was made from."""

TIMES = "times of rides"
"""The kind of digests that hold the tables they are of."""


class Memo:
    """Keeps results by the content they were made from, the latest `limit` of each kind; `limits` names exceptions.

    Safe between threads; one that asks for what another is making makes it too.
    """

    def __init__(self, limit: int = 2048, limits: Mapping[str, int] | None = None) -> None:
        self._limit = limit
        self._limits = {
            COURSES: 2,
            FEW_COURSES: 8,
            STATION_TIMES: 16,
            STREET_SHAPES: 4,
            TRAIN_TABLES: 96,
            TIMES: 64,
            **(limits or {}),
        }
        self._lock = threading.Lock()
        self._kept: dict[str, OrderedDict[Key, Any]] = {}
        self._tables: OrderedDict[tuple[int, tuple[str, ...]], tuple[pd.DataFrame, bytes]] = OrderedDict()

    def __reduce__(self) -> tuple[Any, ...]:
        """Go to another process empty: a result is made there as cheaply as it is sent, and a lock cannot go."""
        return Memo, (self._limit, self._limits)

    def get(self, kind: str, key: Key, make: Callable[[], ResultT]) -> ResultT:
        """Return the result kept under a key, made now when there is none."""
        kept = self._kept.setdefault(kind, OrderedDict())
        with self._lock:
            if key in kept:
                kept.move_to_end(key)
                found: ResultT = kept[key]
                return found
        made = make()  # without the lock: it asks for other results
        with self._lock:
            kept[key] = made
            if len(kept) > self._limits.get(kind, self._limit):
                kept.popitem(last=False)
        return made

    def has(self, kind: str, key: Key) -> bool:
        """Return whether a result is kept under a key."""
        return key in self._kept.get(kind, ())

    def digest(self, table: pd.DataFrame, columns: tuple[str, ...] = ()) -> bytes:
        """Return a digest of the cells of a table (of some columns); tables are never edited, so each is read once."""
        key = (id(table), columns)
        with self._lock:
            found = self._tables.get(key)
            if found is not None:
                self._tables.move_to_end(key)
                return found[1]
        made = digest_table(table, columns)
        with self._lock:
            self._tables[key] = (table, made)  # holding the table keeps its id from being given to another
            if len(self._tables) > self._limits.get(TABLES, self._limit):
                self._tables.popitem(last=False)
        return made


def digest_table(table: pd.DataFrame, columns: Sequence[str] = ()) -> bytes:
    """Return a digest of the cells of a table, column by column; all columns when none are named."""
    digest = hashlib.blake2b(digest_size=16)
    for name in columns or table.columns:
        column = table[name]
        digest.update(f"|{name}|{len(column)}|".encode())
        if pd.api.types.is_numeric_dtype(column.dtype) or pd.api.types.is_bool_dtype(column.dtype):
            digest.update(np.ascontiguousarray(column.to_numpy()).tobytes())
        else:
            digest.update("\x1f".join(map(str, column.tolist())).encode())
    return digest.digest()


def digest_arrays(arrays: Sequence[Any]) -> bytes:
    """Return a digest of arrays and numbers."""
    digest = hashlib.blake2b(digest_size=16)
    for array in arrays:
        digest.update(np.ascontiguousarray(array).tobytes() + b"|")
    return digest.digest()
