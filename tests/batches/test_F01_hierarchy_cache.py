"""A hierarchy on the disk is the one that was contracted; other times are another entry; a damaged one is made anew."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.streets.street_graphs import Arc, build_streets, oracle_ticks
from transit_model.batches import hierarchy_cache
from transit_model.batches.hierarchy_cache import fetch_hierarchy
from transit_model.store.cache import Cache
from transit_model.streets.hierarchy import Hierarchy
from transit_model.streets.sweep import sweep_ticks

RING: list[Arc] = [(v, (v + 1) % 200, 1 + v % 7) for v in range(200)]


def fetch(arcs: list[Arc], cache: Cache) -> Hierarchy:
    streets = build_streets(200, arcs)
    return fetch_hierarchy(streets.indptr, streets.head, streets.weight_ticks, cache, threads=1)


def test_it_is_contracted_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(tmp_path)
    made = fetch(RING, cache)
    slower = [(tail, head, 2 * ticks) for tail, head, ticks in RING]
    other = fetch(slower, cache)
    np.testing.assert_array_equal(sweep_ticks(other, [0]), 2 * sweep_ticks(made, [0]))

    monkeypatch.setattr(hierarchy_cache, "build_hierarchy", None)
    kept = fetch(RING, cache)
    np.testing.assert_array_equal(sweep_ticks(kept, [0, 9, 199]), oracle_ticks(200, RING, [0, 9, 199]))
    assert kept.up_ticks.tobytes() == made.up_ticks.tobytes()
    assert kept.blocks.entry.tobytes() == made.blocks.entry.tobytes()


def test_a_damaged_entry_is_made_anew(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    made = fetch(RING, cache)
    (file,) = tmp_path.rglob("up_ticks.npy")
    file.write_bytes(b"nonsense")
    assert fetch(RING, cache).up_ticks.tobytes() == made.up_ticks.tobytes()


def test_without_a_place_to_write_it_is_contracted_every_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    town = fetch(RING, Cache(tmp_path / "file"))
    np.testing.assert_array_equal(sweep_ticks(town, [3]), oracle_ticks(200, RING, [3]))
