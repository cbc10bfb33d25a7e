"""What the measurements of hierarchies run, each in a process of its own that loads little beside what it measures."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter, process_time, thread_time
from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import dijkstra

from tests.bench.harness import PeakMemory, measure
from transit_model.network.arrays import F64, I32, I64
from transit_model.streets.bucket_queue import BucketSearch, SeedArrays
from transit_model.streets.hierarchy import Hierarchy, build_hierarchy
from transit_model.streets.sweep import sweep_sums, sweep_ticks

ORIGINS = 208
HOUR = 36_000
TEN_MINUTES = 6_000
DAY = 864_000
Told = dict[str, list[float]]


class Graph(NamedTuple):
    """What is needed of `StreetArrays`."""

    indptr: I32
    head: I32
    ticks: I32
    lon: F64
    lat: F64

    @property
    def n_nodes(self) -> int:
        return len(self.lon)


def load(path: str) -> Graph:
    with np.load(path) as stored:
        return Graph(*(stored[name] for name in Graph._fields))


def warm() -> Graph:
    """Compile, or read from the disk what was compiled: on a small grid."""
    side = 60
    node = np.arange(side * side).reshape(side, side)
    tail = np.concatenate([node[:, :-1], node[:, 1:], node[:-1].T, node[1:].T], axis=None)
    head = np.concatenate([node[:, 1:], node[:, :-1], node[1:].T, node[:-1].T], axis=None)
    order = np.argsort(tail, kind="stable")
    indptr = np.concatenate([[0], np.cumsum(np.bincount(tail))]).astype(np.int32)
    ticks = np.random.default_rng(1).integers(1, 99, len(tail)).astype(np.int32)
    y, x = np.divmod(np.arange(side * side), side)
    small = Graph(indptr, head[order].astype(np.int32), ticks, x / 100, y / 100)
    for cutoff in (HOUR, DAY):
        sweep_ticks(contract(small), range(200), cutoff_ticks=cutoff)
    return small


def contract(graph: Graph, threads: int | None = None) -> Hierarchy:
    return build_hierarchy(graph.indptr, graph.head, graph.ticks, threads=threads)


def draw_origins(graph: Graph, k: int = ORIGINS) -> I64:
    return np.random.default_rng(8).integers(0, graph.n_nodes, k)


def to_matrix(graph: Graph, ticks: I32) -> sparse.csr_array:
    return sparse.csr_array((ticks.astype(np.float64), graph.head, graph.indptr), shape=(graph.n_nodes,) * 2)


def scipy_sums(matrix: sparse.csr_array, origins: I64, cutoff: int, weights: F64) -> F64:
    return np.asarray((dijkstra(matrix, indices=origins, limit=cutoff) <= cutoff) @ weights, np.float64)


def sums_case(graph: str, few: int) -> Told:
    """Time sums within 60 minutes; scipy does `few` of the origins. All ratios are per origin."""
    warm()
    g = load(graph)
    matrix = to_matrix(g, g.ticks)
    start, cpu = perf_counter(), process_time()
    h = contract(g)
    built, cpu = perf_counter() - start, process_time() - cpu
    origins, weights = draw_origins(g), np.random.default_rng(2).integers(0, 50, g.n_nodes).astype(np.float64)
    expected = scipy_sums(matrix, origins[:few], HOUR, weights)
    np.testing.assert_array_equal(sweep_sums(h, origins, weights, HOUR)[:few, 0], expected)
    by_scipy: Callable[[], object] = lambda: scipy_sums(matrix, origins[:few], HOUR, weights)  # noqa: E731
    runs = measure(
        {"scipy_cpu": by_scipy, "one_cpu": lambda: sweep_sums(h, origins, weights, HOUR, threads=1)}, clock=process_time
    )
    runs |= measure({"scipy": by_scipy, "two": lambda: sweep_sums(h, origins, weights, HOUR, threads=2)})
    per = {"scipy_cpu": few, "one_cpu": ORIGINS, "scipy": few, "two": ORIGINS}
    result = {name: [t / per[name] for t in one.times_s] for name, one in runs.items()}
    return {**result, "build": [built], "build_cpu": [cpu], "arcs": [h.n_arcs]}


def memory_case(graph: str) -> Told:
    """Peak memory above the loaded graph: contraction, sums, and the whole matrix of ticks."""
    warm()
    g = load(graph)
    weights, origins = np.ones(g.n_nodes), draw_origins(g)
    with PeakMemory() as built:
        h = contract(g)
    with PeakMemory() as summed:
        sums = sweep_sums(h, origins, weights, HOUR)
    with PeakMemory() as filled:
        rows = sweep_ticks(h, origins, cutoff_ticks=HOUR)
    np.testing.assert_array_equal((rows <= HOUR).sum(axis=1), sums[:, 0])
    return {
        "base": [built.before_mb],
        "build": [built.added_mb],
        "sums": [summed.peak_mb],
        "rows": [filled.peak_mb],
        "rows_result": [rows.nbytes / 1e6],
    }


def growth_case(graph: str) -> Told:
    """CPU seconds of one thread: what else runs on the machine disturbs them less."""
    warm()
    g = load(graph)
    start = process_time()
    h = contract(g, threads=1)
    built = process_time() - start
    origins, weights = draw_origins(g, 256), np.ones(g.n_nodes)
    near = scipy_sums(to_matrix(g, g.ticks), origins[:2], HOUR, weights)
    np.testing.assert_array_equal(sweep_sums(h, origins, weights, HOUR)[:2, 0], near)
    result: Told = {"nodes": [g.n_nodes], "build": [built]}
    for name, cutoff in (("hour", HOUR), ("all", DAY)):
        times = []
        for _ in range(6):
            start = thread_time()
            sweep_sums(h, origins, weights, cutoff, threads=1)
            times.append((thread_time() - start) / len(origins))
        result[name] = times[1:]
    return result


def every_node_case(graph: str, share: int) -> Told:
    """Sums within 10 minutes from every node; the bucket queue does every `share`-th block of 1,000 of them."""
    from transit_model.streets.bucket_graph import build_bucket_graph, order_in_space

    warm()
    g = load(graph)
    start = process_time()
    h = contract(g)
    built = process_time() - start
    every, weights = np.arange(g.n_nodes), np.ones((g.n_nodes, 1))
    some = every[(every // 1000) % share == 0].astype(np.int32)
    queue = BucketSearch(build_bucket_graph(g.indptr, g.head, g.ticks, order_in_space(g.lon, g.lat)))
    seeds = SeedArrays(some[:, None], np.zeros((len(some), 1), np.int32))
    sums = sweep_sums(h, every, weights, TEN_MINUTES)
    np.testing.assert_array_equal(sums[some], queue.sum_within(seeds, weights, TEN_MINUTES))
    np.testing.assert_array_equal(sums[some[:9]], scipy_sums(to_matrix(g, g.ticks), some[:9], TEN_MINUTES, weights))
    runs = measure(
        {
            "sweep": lambda: sweep_sums(h, every, weights, TEN_MINUTES),
            "buckets": lambda: queue.sum_within(seeds, weights, TEN_MINUTES),
        },
        warm=0,
        clock=process_time,
    )
    per = {"sweep": len(every), "buckets": len(some)}
    result = {name: [t / per[name] for t in one.times_s] for name, one in runs.items()}
    return {**result, "build": [built], "nodes": [g.n_nodes], "reach": [float(sums.mean())]}
