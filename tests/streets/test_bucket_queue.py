"""Bucket search: by hand, then scipy on random graphs, then what may not matter (order, threads, room, batches)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.streets.street_graphs import Arc, build_grid, build_streets, oracle_ticks, random_arcs
from transit_model.errors import InputError
from transit_model.network.arrays import I32
from transit_model.streets import bucket_queue
from transit_model.streets.bucket_graph import MAX_BUCKETS, BucketGraph, build_bucket_graph, order_in_space
from transit_model.streets.bucket_queue import UNREACHED, BucketSearch, SeedArrays, build_work
from transit_model.threads import count_cores, count_threads, limit_threads, share_cores

# 0 <-> 1 in 100, 1 -> 2 in 50 one way, 2 -> 0 in 300; 3 is an island
TOWN: list[Arc] = [(0, 1, 100), (1, 0, 100), (1, 2, 50), (2, 0, 300)]


def search(n: int, arcs: list[Arc], *, in_space: bool = False) -> BucketSearch:
    s = build_streets(n, arcs)
    order = order_in_space(s.lon, s.lat) if in_space else None
    return BucketSearch(build_bucket_graph(s.indptr, s.head, s.weight_ticks, order))


def at(nodes: list[int]) -> SeedArrays:
    return SeedArrays(np.array(nodes, np.int32)[:, None], np.zeros((len(nodes), 1), np.int32))


def test_by_hand() -> None:
    # 0 -> 1 -> 2: 100 + 50 = 150; 2 -> 0 -> 1: 300 + 100 = 400
    rows = search(4, TOWN).travel_ticks(at([0, 2]))
    assert rows.tolist() == [[0, 100, 150, UNREACHED], [300, 400, 0, UNREACHED]]


def test_the_cutoff_counts_itself() -> None:
    town = search(4, TOWN)
    assert town.travel_ticks(at([0]), 150).tolist() == [[0, 100, 150, UNREACHED]]
    assert town.travel_ticks(at([0]), 149).tolist() == [[0, 100, UNREACHED, UNREACHED]]
    assert town.travel_ticks(at([0]), 0).tolist() == [[0, UNREACHED, UNREACHED, UNREACHED]]


def test_sums_by_hand() -> None:
    # Within 100 ticks: node 0 reaches 0 and 1, node 1 reaches 0, 1, 2, node 3 itself. Weights 1, 2, 4, 8 and ones.
    weights = np.array([[1, 1], [2, 1], [4, 1], [8, 1]], np.float64)
    sums = search(4, TOWN).sum_within(at([0, 1, 3]), weights, 100)
    assert sums.tolist() == [[3, 2], [7, 3], [8, 1]]


def test_seeds_start_late_and_may_be_absent() -> None:
    seeds = SeedArrays(np.array([[0, 2], [1, -1], [-1, -1]], np.int32), np.array([[40, 7], [9, 0], [0, 0]], np.int32))
    rows = search(4, TOWN).travel_ticks(seeds)
    # Row 0: 1 by 0 (40 + 100 = 140) and 2 at once; row 1: 0 at 9 + 100, 2 at 9 + 50; row 2 starts nowhere.
    assert rows.tolist() == [[40, 140, 7, UNREACHED], [109, 9, 59, UNREACHED], [UNREACHED] * 4]


def test_seeds_may_start_further_apart_than_any_arc_is_long() -> None:
    seeds = SeedArrays(np.array([[0, 3]], np.int32), np.array([[0, 1_000_000]], np.int32))
    assert search(4, TOWN).travel_ticks(seeds).tolist() == [[0, 100, 150, 1_000_000]]


def test_nobody_and_nowhere() -> None:
    none = SeedArrays(np.zeros((0, 1), np.int32), np.zeros((0, 1), np.int32))
    assert search(4, TOWN).travel_ticks(none).shape == (0, 4)
    assert search(4, TOWN).sum_within(none, np.ones((4, 2)), 10).shape == (0, 2)
    assert search(1, []).travel_ticks(at([0])).tolist() == [[0]]


def test_wrong_weights_and_cutoffs_are_refused() -> None:
    with pytest.raises(InputError, match="street weights"):
        search(2, [(0, 1, -1)])
    with pytest.raises(InputError, match="street weights"):
        search(2, [(0, 1, UNREACHED)])
    with pytest.raises(InputError, match="cutoff"):
        search(4, TOWN).travel_ticks(at([0]), -1)


@given(random_arcs(), st.integers(0, 200), st.booleans(), st.data())
def test_equals_scipy_on_random_graphs(
    graph: tuple[int, list[Arc]], cutoff: int, in_space: bool, data: st.DataObject
) -> None:
    n, arcs = graph
    origins = data.draw(st.lists(st.integers(0, n - 1), min_size=1, max_size=6))
    engine, expected = search(n, arcs, in_space=in_space), oracle_ticks(n, arcs, origins)
    np.testing.assert_array_equal(engine.travel_ticks(at(origins)), expected)
    near = np.where(expected <= cutoff, expected, UNREACHED)
    np.testing.assert_array_equal(engine.travel_ticks(at(origins), cutoff), near)
    weights = np.arange(1, n + 1, dtype=np.float64)[:, None]
    np.testing.assert_array_equal(engine.sum_within(at(origins), weights, cutoff), (near <= cutoff) @ weights)
    # The workspace was left clean: once more, the same.
    np.testing.assert_array_equal(engine.travel_ticks(at(origins)), expected)


@given(random_arcs(), st.data())
def test_two_seeds_are_the_better_of_each(graph: tuple[int, list[Arc]], data: st.DataObject) -> None:
    n, arcs = graph
    node = st.integers(0, n - 1)
    pair, late = data.draw(st.tuples(node, node)), data.draw(st.tuples(st.integers(0, 90), st.integers(0, 90_000)))
    rows = oracle_ticks(n, arcs, pair).astype(np.int64) + np.array(late)[:, None]
    expected = np.where(rows < UNREACHED, rows, UNREACHED).min(axis=0)
    seeds = SeedArrays(np.array([pair], np.int32), np.array([late], np.int32))
    np.testing.assert_array_equal(search(n, arcs).travel_ticks(seeds)[0], expected)


def test_threads_batches_and_room_change_nothing() -> None:
    n, arcs = build_grid(20)
    engine, origins = search(n, arcs, in_space=True), at(list(range(0, n, 3)))
    weights = np.random.default_rng(1).random((n, 2))
    one, two = (engine.travel_ticks(origins, threads=t) for t in (1, 2))
    np.testing.assert_array_equal(one, oracle_ticks(n, arcs, origins.node[:, 0]))
    assert one.tobytes() == two.tobytes()
    sums = [engine.sum_within(origins, weights, 900, threads=t).tobytes() for t in (1, 2)]
    assert sums[0] == sums[1]


def test_a_search_that_runs_out_of_room_is_done_again_with_more(monkeypatch: pytest.MonkeyPatch) -> None:
    n, arcs = build_grid(12)
    engine, origins = search(n, arcs), at([0, n - 1])
    made: list[int] = []

    def small(graph: BucketGraph, n_entries: int) -> bucket_queue.Work:
        made.append(n_entries)
        return build_work(graph, n_entries if len(made) > 1 else 16)

    monkeypatch.setattr(bucket_queue, "build_work", small)
    np.testing.assert_array_equal(engine.travel_ticks(origins, threads=1), oracle_ticks(n, arcs, [0, n - 1]))
    assert len(made) > 2


def test_a_long_ferry_makes_wider_buckets_not_more() -> None:
    engine = search(3, [(0, 1, 5), (1, 2, MAX_BUCKETS * 1000), (1, 0, 7)])
    assert engine.graph.max_ticks >> engine.graph.shift < MAX_BUCKETS
    assert engine.travel_ticks(at([0])).tolist() == [[0, 5, 5 + MAX_BUCKETS * 1000]]


def test_the_order_in_space_keeps_neighbours_together() -> None:
    side = 32
    x, y = np.meshgrid(np.arange(side, dtype=np.float64), np.arange(side, dtype=np.float64))
    order = order_in_space(x.ravel(), y.ravel())
    assert sorted(order.tolist()) == list(range(side * side))
    steps = np.hypot(np.diff(x.ravel()[order]), np.diff(y.ravel()[order]))
    assert steps.max() == 1  # a Hilbert curve goes from each cell to the one beside it
    assert order_in_space(np.zeros(3), np.zeros(3)).tolist() == [0, 1, 2]


def test_threads_are_at_least_one() -> None:
    assert count_threads(0) == 1
    assert count_threads(5) == 5
    assert count_threads() == count_cores() >= 1


def test_a_share_holds_for_its_thread_and_no_longer() -> None:
    assert share_cores(10**6) == 1
    assert share_cores(1) == count_cores()
    with limit_threads(3):
        assert count_threads() == 3
        assert count_threads(2) == 2
        with limit_threads(1), ThreadPoolExecutor(1) as pool:
            assert count_threads() == 1
            assert pool.submit(count_threads).result() == count_cores()
        assert count_threads() == 3
    assert count_threads() == count_cores()


def packed_arcs(place: I32) -> int:
    return int(place.max()) + 1


def test_many_arcs_go_on_in_further_records() -> None:
    # 7 arcs: 2 + 2 + 3 in three records; the other seven nodes have one each.
    engine = search(8, [(0, k, k) for k in range(1, 8)])
    assert len(engine.graph.record) == 3 + 7
    assert packed_arcs(engine.graph.place) == 10
    assert engine.travel_ticks(at([0])).tolist() == [[0, 1, 2, 3, 4, 5, 6, 7]]
