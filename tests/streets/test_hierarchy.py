"""Hierarchies and sweeps: a hand-made road first, then scipy on random graphs, then what may not matter."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.streets.street_graphs import Arc, build_grid, build_streets, oracle_ticks, random_arcs
from transit_model.errors import InputError
from transit_model.network.arrays import I32
from transit_model.store.jit import INF_S
from transit_model.streets.hierarchy import BLOCK, NO_ARC, Hierarchy, build_hierarchy
from transit_model.streets.sweep import sweep_sums, sweep_ticks

UNREACHED = INF_S
# 0 <-> 1 in 10 s, 1 -> 2 in 5 s one way, 2 -> 0 in 30 s; 3 is an island
TOWN: list[Arc] = [(0, 1, 100), (1, 0, 100), (1, 2, 50), (2, 0, 300)]


def contract(n: int, arcs: list[Arc], threads: int = 1) -> Hierarchy:
    streets = build_streets(n, arcs)
    return build_hierarchy(streets.indptr, streets.head, streets.weight_ticks, threads=threads)


def test_by_hand() -> None:
    # 0 -> 2: 10 + 5 s; 1 -> 0: 10 s, not round by 2 (5 + 30); 2 -> 1: 30 + 10 s
    expected = [[0, 100, 150, UNREACHED], [100, 0, 50, UNREACHED], [300, 400, 0, UNREACHED], [UNREACHED] * 3 + [0]]
    town = contract(4, TOWN)
    assert sweep_ticks(town, [0, 1, 2, 3]).tolist() == expected
    np.testing.assert_array_equal(sweep_ticks(town.reversed(), [0, 1, 2, 3]), np.transpose(expected))


def test_sums_by_hand_and_the_cutoff_counts_itself() -> None:
    town, people = contract(4, TOWN), [1.0, 10.0, 100.0, 1000.0]
    # within 10 s: 0 and 1 from 0, all three from 1, 2 alone from 2, the island alone
    assert sweep_sums(town, [0, 1, 2, 3], people, 100)[:, 0].tolist() == [11, 111, 100, 1000]
    assert sweep_sums(town, [0, 1], people, 99)[:, 0].tolist() == [1, 110]
    two = np.column_stack([people, np.ones(4)])
    assert sweep_sums(town, [1], two, 50).tolist() == [[110, 2]]


def test_an_origin_may_start_late_and_at_several_nodes() -> None:
    town = contract(4, TOWN)
    # from 0 after 20 s and from 2 after 1 s: node 1 is reached by 0 after 30 s, by 2 after 41 s
    found = sweep_ticks(town, [[0, 2], [3, -1]], start_ticks=[[200, 10], [5, 0]])
    assert found.tolist() == [[200, 300, 10, UNREACHED], [UNREACHED, UNREACHED, UNREACHED, 5]]
    assert sweep_ticks(town, [[0, 2]], start_ticks=[[200, 10]], cutoff_ticks=199)[0].tolist() == [
        UNREACHED, UNREACHED, 10, UNREACHED,
    ]  # fmt: skip


def test_nobody_and_nowhere() -> None:
    nowhere = contract(0, [])
    assert sweep_ticks(nowhere, np.zeros(0, np.int32)).shape == (0, 0)
    assert sweep_sums(nowhere, np.zeros(0, np.int32), np.zeros(0), 10).shape == (0, 1)
    assert sweep_sums(contract(1, []), np.zeros(0, np.int32), [1.0], 10).shape == (0, 1)
    assert sweep_sums(contract(1, []), [0], [3.0], 0).tolist() == [[3.0]]


def test_sums_leave_a_clean_board_for_other_cutoffs_and_starts() -> None:
    n, arcs = build_grid(30)
    town, origins = contract(n, arcs), np.arange(0, n, 50)
    rows = oracle_ticks(n, arcs, origins)
    for cutoff in (3000, 50, 70_000, 0, 800, 90_000, 50):
        counts = sweep_sums(town, origins, np.ones(n), cutoff, threads=1)[:, 0]
        np.testing.assert_array_equal(counts, (rows <= cutoff).sum(axis=1))
        # more starts than the board that is left has room for
        pairs = np.column_stack([origins, origins[::-1], np.roll(origins, 1)])
        counts = sweep_sums(town, pairs, np.ones(n), cutoff, threads=1)[:, 0]
        best = np.minimum(np.minimum(rows, rows[::-1]), np.roll(rows, 1, axis=0))
        np.testing.assert_array_equal(counts, (best <= cutoff).sum(axis=1))


def test_wrong_questions_are_refused() -> None:
    town = contract(4, TOWN)
    with pytest.raises(InputError, match=r"\[9\]"):
        sweep_ticks(town, [0, 9])
    with pytest.raises(InputError, match=r"\[-1\]"):
        sweep_ticks(town, [0], [-1])
    with pytest.raises(InputError, match="cutoff"):
        sweep_sums(town, [0], np.ones(4), -1)
    with pytest.raises(InputError, match="3 weights for 4 nodes"):
        sweep_sums(town, [0], np.ones(3), 10)
    with pytest.raises(InputError, match="no node"):
        contract(2, [(0, 2, 1)])
    with pytest.raises(InputError, match="negative"):
        contract(2, [(0, 1, -1)])


def test_ways_beyond_three_years_count_as_none() -> None:
    # 2^29 + 2^29 ticks and a single arc that long: no overflow, no way
    town = contract(4, [(0, 1, 2**29), (1, 2, 2**29), (2, 3, NO_ARC), (3, 0, 2**31 - 1)])
    assert sweep_ticks(town, [0]).tolist() == [[0, 2**29, UNREACHED, UNREACHED]]


@settings(deadline=None)  # the first example compiles
@given(random_arcs(), st.sampled_from([0, 3, 60, 500, 8000, 65_534, 65_535, 100_000]), st.data())
def test_equals_scipy_on_random_graphs(graph: tuple[int, list[Arc]], cutoff: int, data: st.DataObject) -> None:
    n, arcs = graph
    node = st.integers(0, n - 1)
    origins, targets = data.draw(st.lists(node, min_size=1, max_size=6)), data.draw(st.lists(node, max_size=4))
    town, expected = contract(n, arcs), oracle_ticks(n, arcs, origins)
    np.testing.assert_array_equal(sweep_ticks(town, origins), expected)
    near = np.where(expected <= cutoff, expected, UNREACHED)
    np.testing.assert_array_equal(sweep_ticks(town, origins, cutoff_ticks=cutoff), near)
    np.testing.assert_array_equal(sweep_ticks(town, origins, targets), expected[:, targets])
    weights = np.column_stack([np.arange(n), np.ones(n)]).astype(np.float64)
    np.testing.assert_array_equal(sweep_sums(town, origins, weights, cutoff), (near <= cutoff) @ weights)
    laid = np.asarray(weights)[town.node]
    np.testing.assert_array_equal(sweep_sums(town, origins, laid, cutoff, placed=True), (near <= cutoff) @ weights)
    backwards = oracle_ticks(n, [(head, tail, ticks) for tail, head, ticks in arcs], origins)
    np.testing.assert_array_equal(sweep_ticks(town.reversed(), origins), backwards)


@settings(deadline=None)  # the first example compiles
@given(random_arcs(), st.data())
def test_two_starts_are_the_better_of_each(graph: tuple[int, list[Arc]], data: st.DataObject) -> None:
    n, arcs = graph
    node = st.integers(0, n - 1)
    pair, late = data.draw(st.tuples(node, node)), data.draw(st.tuples(st.integers(0, 90), st.integers(0, 90_000)))
    rows = oracle_ticks(n, arcs, pair).astype(np.int64) + np.array(late)[:, None]
    expected = np.where(rows < UNREACHED, rows, UNREACHED).min(axis=0)
    np.testing.assert_array_equal(sweep_ticks(contract(n, arcs), [pair], start_ticks=[late])[0], expected)


def test_threads_and_many_batches_change_nothing() -> None:
    n, arcs = build_grid(50)
    town, twin = (contract(n, arcs, threads) for threads in (1, 2))
    for name in ("node", "up_head", "up_ticks", "down_tail", "down_ticks"):
        assert getattr(town, name).tobytes() == getattr(twin, name).tobytes(), name
    origins: I32 = np.arange(0, n, 7, dtype=np.int32)[::-1]
    expected = oracle_ticks(n, arcs, origins)
    one, two = (sweep_ticks(town, origins, threads=t) for t in (1, 2))
    np.testing.assert_array_equal(one, expected)
    assert one.tobytes() == two.tobytes()
    weights = np.random.default_rng(1).random((n, 2))
    for cutoff in (0, 300, 1500, 70_000):
        sums = [sweep_sums(town, origins, weights, cutoff, threads=t) for t in (1, 2)]
        np.testing.assert_allclose(sums[0], (expected <= cutoff) @ weights, rtol=1e-12)
        assert sums[0].tobytes() == sums[1].tobytes()
        counts = sweep_sums(town, origins, np.ones(n), cutoff)[:, 0]
        np.testing.assert_array_equal(counts, (expected <= cutoff).sum(axis=1))


def test_a_small_radius_after_a_large_one_finds_the_board_clean() -> None:
    # batches of one call share rows: origins in one corner, then in the other, reach nothing of each other
    n, arcs = build_grid(40)
    town = contract(n, arcs)
    order = np.argsort(town.position)
    origins = np.concatenate([order[:64], order[-64:], order[64:128]])
    np.testing.assert_array_equal(
        sweep_sums(town, origins, np.ones(n), 400, threads=1)[:, 0], (oracle_ticks(n, arcs, origins) <= 400).sum(axis=1)
    )


def test_all_that_leads_down_stands_before() -> None:
    n, arcs = build_grid(20)
    town = contract(n, arcs)
    position = np.arange(n)
    assert (town.up_head < np.repeat(position, np.diff(town.up_ptr))).all()
    assert (town.down_tail < np.repeat(position, np.diff(town.down_ptr))).all()
    np.testing.assert_array_equal(town.position[town.node], position)
    # entries of a block lie before it, and every arc between the block and what is before it has its end there
    blocks = town.blocks
    for b in range(len(blocks.blocks) - 1):
        entry = set(blocks.entry[blocks.entry_ptr[b] : blocks.entry_ptr[b + 1]].tolist())
        first, last = b * BLOCK, min((b + 1) * BLOCK, n)
        up, down = (ptr[[first, last]] for ptr in (town.up_ptr, town.down_ptr))
        ends = np.concatenate([town.up_head[slice(*up)], town.down_tail[slice(*down)]])
        assert entry == {int(p) for p in ends if p < first}
