"""Ways found from times alone are shortest, the same by every engine, and those that scipy's search keeps."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse.csgraph import dijkstra

from transit_model.network.arrays import StreetArrays
from transit_model.streets import way_kernels, way_trace
from transit_model.streets.connectors import build_node_connectors
from transit_model.streets.places_search import compute_street_od, find_street_paths
from transit_model.streets.street_search import UNREACHED, StreetEngine, choose_method, find_engine, node_seeds


def build(n: int, arcs: list[tuple[int, int, int]]) -> StreetArrays:
    """Return a graph of arcs (tail, head, ticks), sorted as a compiled one is."""
    arcs = sorted(arcs)
    tail = np.array([a for a, _, _ in arcs], np.int32)
    indptr = np.concatenate([[0], np.cumsum(np.bincount(tail, minlength=n))]).astype(np.int32)
    head, ticks = (np.array([a[k] for a in arcs], np.int32) for k in (1, 2))
    rows, zeros = np.arange(len(arcs), dtype=np.int32), np.zeros(n)
    return StreetArrays(indptr, head, ticks, rows, np.arange(n, dtype=np.int32), zeros, zeros, np.ones(n, np.bool_))


@st.composite
def graphs(draw: st.DrawFn, most_ticks: int = 6) -> StreetArrays:
    n = draw(st.integers(1, 12))
    node, ticks = st.integers(0, n - 1), st.integers(1, most_ticks)
    return build(n, draw(st.lists(st.tuples(node, node, ticks), min_size=1, max_size=50)))


@given(graphs())
def test_every_engine_finds_the_same_times(streets: StreetArrays) -> None:
    engine = StreetEngine(streets.indptr, streets.head, streets.weight_ticks, streets.lon, streets.lat)
    seeds = node_seeds(np.arange(streets.n_nodes))
    expected = engine.travel_ticks(seeds, method="scipy")
    targets = np.arange(streets.n_nodes)[::-1]
    for cutoff in (0, 5, 10**6):
        plain = engine.travel_ticks(seeds, cutoff, method="plain")
        np.testing.assert_array_equal(plain, np.where(expected <= cutoff, expected, UNREACHED))
        np.testing.assert_array_equal(
            engine.travel_ticks(seeds, cutoff, targets=targets, method="plain"), plain[:, targets]
        )


@given(graphs())
def test_both_tracers_find_the_same_shortest_ways(streets: StreetArrays) -> None:
    engine = find_engine(streets)
    incoming = way_kernels.list_incoming(streets.indptr, streets.head)
    tail = np.repeat(np.arange(streets.n_nodes, dtype=np.int32), np.diff(streets.indptr))
    np.testing.assert_array_equal(incoming[2], tail)
    for origin in range(streets.n_nodes):
        ticks = engine.travel_ticks(node_seeds([origin]), method="scipy")[0]
        seed = np.full(streets.n_nodes, -1, np.int32)
        seed[origin] = 0
        ends = np.flatnonzero(ticks < UNREACHED).astype(np.int32)
        before = way_trace._find_arcs_before(streets, ticks, tail)
        slow = [way_trace._follow(tail, before, ticks, seed, end) for end in ends.tolist()]
        pointer, arcs = way_kernels.trace_back(*incoming, streets.weight_ticks, ticks, seed, ends)
        for k, end in enumerate(ends.tolist()):
            way = arcs[pointer[k] : pointer[k + 1]]
            np.testing.assert_array_equal(way, slow[k])
            assert streets.weight_ticks[way].sum() == ticks[end]
            assert [*list(tail[way]), end] == [origin, *streets.head[way].tolist()]


@given(graphs(most_ticks=10**6))
def test_ways_are_those_of_scipys_tree_where_few_are_equal(streets: StreetArrays) -> None:
    """With weights up to a million hardly two ways are equal; where two are, the one with the earlier tail is kept."""
    graph, arc = find_engine(streets).matrix()
    paths = find_street_paths(streets, build_node_connectors([0]), build_node_connectors(range(streets.n_nodes)))[0]
    ticks, previous = dijkstra(graph, indices=0, return_predecessors=True)
    of_pair = {(int(a), int(b)): int(k) for a, b, k in zip(*graph.nonzero(), arc, strict=True)}
    for node, path in enumerate(paths):
        assert (path is None) == np.isinf(ticks[node])
        if path is None:
            continue
        way, at = [], node
        while at != 0:
            way.append(of_pair[int(previous[at]), at])
            at = int(previous[at])
        assert path.link_idx.tolist() == way[::-1]


def test_of_equal_ways_the_earlier_tail_is_kept_as_by_scipy() -> None:
    # 0 -> 3 takes 6 by node 1 (reached at 2) and by node 2 (reached at 4): node 1 is looked at first.
    streets = build(4, [(0, 1, 2), (0, 2, 4), (1, 3, 4), (2, 3, 2)])
    path = find_street_paths(streets, build_node_connectors([0]), build_node_connectors([3]))[0][0]
    assert path is not None
    assert path.node_idx.tolist() == [0, 1, 3]
    assert dijkstra(find_engine(streets).matrix()[0], indices=0, return_predecessors=True)[1][3] == 1


@given(graphs(), st.integers(0, 3))
def test_paths_take_the_times_of_the_table(streets: StreetArrays, off: int) -> None:
    ends = build_node_connectors(range(streets.n_nodes), off)
    table = compute_street_od(streets, ends, ends)
    paths = find_street_paths(streets, ends, ends)
    for i, row in enumerate(paths):
        for j, path in enumerate(row):
            assert (np.inf if path is None else path.total_s) == table[i, j]


def test_small_graphs_need_no_library() -> None:
    assert choose_method(300, 4, loaded=False, has_scipy=False) == "plain"
    assert choose_method(300, 4, loaded=False, has_scipy=True) == "scipy"
    assert choose_method(200_000, 4, loaded=False, has_scipy=False) == "scipy"
    assert choose_method(300, 4, loaded=True, has_scipy=False) != "plain"


def test_compiled_code_is_used_only_where_it_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    streets = build(3, [(0, 1, 2), (1, 2, 2)])
    monkeypatch.delitem(sys.modules, "transit_model.streets.bucket_queue", raising=False)
    monkeypatch.setattr(way_kernels, "trace_back", None)
    path = find_street_paths(streets, build_node_connectors([0]), build_node_connectors([2]))[0][0]
    assert path is not None
    assert path.link_ticks.tolist() == [2, 2]
