"""Hierarchies on the disk: contracted once for a network and its times, then read whenever the same arcs come again."""

from __future__ import annotations

import hashlib
from dataclasses import fields
from pathlib import Path
from typing import Final

import numpy as np

from transit_model.network.arrays import I32
from transit_model.store.cache import Cache, make_key
from transit_model.streets.hierarchy import Blocks, Hierarchy, build_hierarchy

RECIPE: Final = 1
"""Goes up when the same arcs would give another hierarchy, or other files."""
_BLOCKS: Final = "blocks"


def fetch_hierarchy(indptr: I32, head: I32, ticks: I32, cache: Cache, *, threads: int | None = None) -> Hierarchy:
    """Return the hierarchy of a graph in CSR form from the cache, contracted now when it is not there.

    Reading takes a hundredth of the time of a contraction, checking the hashes of the files included.

    Raises
    ------
    InputError
        As `build_hierarchy`.
    """
    digest = hashlib.sha256()
    for array in (indptr, head, ticks):
        digest.update(f"{array.dtype}{array.shape}".encode())
        digest.update(np.ascontiguousarray(array).data)
    key = make_key("hierarchy", recipe=RECIPE, arcs=digest.hexdigest())
    entry = cache.find(key)
    if entry is not None:
        return _read(entry)
    hierarchy = build_hierarchy(indptr, head, ticks, threads=threads)
    cache.store(key, lambda folder: _write(hierarchy, folder))
    return hierarchy


def _names() -> list[str]:
    return [field.name for field in fields(Hierarchy) if field.name != _BLOCKS]


def _write(hierarchy: Hierarchy, folder: Path) -> None:
    for name in _names():
        np.save(folder / f"{name}.npy", getattr(hierarchy, name))
    for name, array in zip(Blocks._fields, hierarchy.blocks, strict=True):
        np.save(folder / f"{_BLOCKS}-{name}.npy", array)


def _read(folder: Path) -> Hierarchy:
    blocks = Blocks(*(np.load(folder / f"{_BLOCKS}-{name}.npy") for name in Blocks._fields))
    return Hierarchy(**{name: np.load(folder / f"{name}.npy") for name in _names()}, blocks=blocks)
