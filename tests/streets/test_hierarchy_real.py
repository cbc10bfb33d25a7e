"""Every node of a real network by both hierarchies, against scipy: the drive network of Porto, several time tables."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from scipy.sparse.csgraph import dijkstra

from tests.bench.tiles import find_extract, load_graph
from transit_model.network.arrays import I32, StreetArrays
from transit_model.store.jit import INF_S
from transit_model.streets.hierarchy import NO_ARC, Hierarchy, build_hierarchy
from transit_model.streets.sweep import sweep_sums, sweep_ticks

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_extract() is None, reason="the Porto extract is not beside this checkout"),
]
HOUR = 36_000


@pytest.fixture(scope="module")
def porto() -> StreetArrays:
    return load_graph("p1")


def check(town: Hierarchy, streets: StreetArrays, ticks: I32) -> None:
    n = streets.n_nodes
    # scipy adds up parallel arcs, so only the cheapest may reach it; the extract has such pairs
    tail = np.repeat(np.arange(n), np.diff(streets.indptr))
    order = np.lexsort((ticks, streets.head, tail))
    tail, head, cost = tail[order], streets.head[order], ticks[order].astype(np.float64)
    first = np.concatenate([[True], (np.diff(tail) != 0) | (np.diff(head) != 0)])
    graph = sparse.csr_array((cost[first], (tail[first], head[first])), shape=(n, n))
    origins = np.random.default_rng(6).integers(0, n, 70)
    times = dijkstra(graph, indices=origins)
    # a closed arc takes so long that it counts as none
    rows = np.where(times < NO_ARC, times, INF_S)
    np.testing.assert_array_equal(sweep_ticks(town, origins), rows)
    np.testing.assert_array_equal(sweep_ticks(town, origins, cutoff_ticks=HOUR), np.where(rows <= HOUR, rows, INF_S))
    people = np.random.default_rng(7).integers(0, 90, (n, 2)).astype(np.float64)
    for cutoff in (3000, HOUR, 80_000):
        np.testing.assert_array_equal(sweep_sums(town, origins, people, cutoff), (rows <= cutoff) @ people)
    targets = np.random.default_rng(9).integers(0, n, 40)
    np.testing.assert_array_equal(sweep_ticks(town, origins, targets), rows[:, targets])
    back = dijkstra(graph.T.tocsr(), indices=origins[:8])
    back = np.where(back < NO_ARC, back, INF_S)
    np.testing.assert_array_equal(sweep_ticks(town.reversed(), origins[:8]), back)


def test_contraction(porto: StreetArrays) -> None:
    check(build_hierarchy(porto.indptr, porto.head, porto.weight_ticks), porto, porto.weight_ticks)


def test_contraction_of_nodes_in_any_order(porto: StreetArrays) -> None:
    n = porto.n_nodes
    new = np.random.default_rng(5).permutation(n).astype(np.int32)
    tail = new[np.repeat(np.arange(n), np.diff(porto.indptr))]
    order = np.argsort(tail, kind="stable")
    indptr = np.concatenate([[0], np.cumsum(np.bincount(tail, minlength=n))]).astype(np.int32)
    town = build_hierarchy(indptr, new[porto.head][order], porto.weight_ticks[order])
    straight = build_hierarchy(porto.indptr, porto.head, porto.weight_ticks)
    origins = np.arange(0, n, 1000)
    found = sweep_ticks(town, new[origins])[:, new]
    np.testing.assert_array_equal(found, sweep_ticks(straight, origins))
