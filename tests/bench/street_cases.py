"""Cases of the street searches; each function runs in a process of its own (`harness.run_case`)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from time import perf_counter, process_time
from typing import Any

import numpy as np
import numpy.typing as npt

from tests.bench.harness import PeakMemory, growth_exponent, measure, missing_reason, resident_mb, tell
from tests.bench.tiles import SIZES, load_graph
from tests.streets.sum_engine import build_sum_engine
from transit_model.network.arrays import StreetArrays
from transit_model.streets.connectors import build_node_connectors
from transit_model.streets.places_search import compute_street_od
from transit_model.streets.street_search import NO_CUTOFF, UNREACHED, Method, find_engine, node_seeds
from transit_model.units import TICKS_PER_S, min_to_s

Row = dict[str, Any]
Times = npt.NDArray[np.float64]
METHODS: tuple[Method, ...] = ("buckets", "hierarchy")


def pick(n: int, k: int, seed: int = 1) -> npt.NDArray[np.int32]:
    """Return k nodes drawn once."""
    return np.random.default_rng(seed).choice(n, k, replace=False).astype(np.int32)


def minutes(value: float) -> int:
    """Return minutes in ticks."""
    return int(min_to_s(value)) * TICKS_PER_S


def build_networkx(streets: StreetArrays) -> Callable[[int], Times]:
    """Return one-to-all by networkx."""
    nx = import_module("networkx")
    matrix = find_engine(streets).matrix()[0].tocoo()
    graph = nx.DiGraph()
    graph.add_nodes_from(range(streets.n_nodes))
    graph.add_weighted_edges_from(zip(matrix.row.tolist(), matrix.col.tolist(), matrix.data.tolist(), strict=True))

    def search(node: int) -> Times:
        out = np.full(streets.n_nodes, np.inf)
        found = nx.single_source_dijkstra_path_length(graph, node)
        out[list(found)] = list(found.values())
        return out

    return search


def build_igraph(streets: StreetArrays) -> Callable[[int], Times]:
    """Return one-to-all by igraph."""
    igraph = import_module("igraph")
    matrix = find_engine(streets).matrix()[0].tocoo()
    graph = igraph.Graph(streets.n_nodes, np.stack([matrix.row, matrix.col], axis=1), directed=True)
    weights = matrix.data.tolist()
    return lambda node: np.array(graph.distances([node], weights=weights)[0])


def build_networkit(streets: StreetArrays) -> Callable[[int], Times]:
    """Return one-to-all by networkit."""
    networkit = import_module("networkit")
    matrix = find_engine(streets).matrix()[0].tocoo()
    graph = networkit.Graph(streets.n_nodes, weighted=True, directed=True)
    graph.addEdges((matrix.data, (matrix.row.astype(np.uint64), matrix.col.astype(np.uint64))))

    def search(node: int) -> Times:
        return np.array(networkit.distance.Dijkstra(graph, node, False, False).run().getDistances())

    return search


def build_pandana(streets: StreetArrays) -> Any:
    """Return a pandana network: its contraction hierarchy is built here."""
    import pandas as pd

    pandana = import_module("pandana")
    matrix = find_engine(streets).matrix()[0].tocoo()
    ends = [pd.Series(ids.astype(np.int64)) for ids in (matrix.row, matrix.col)]
    return pandana.Network(
        pd.Series(streets.lon), pd.Series(streets.lat), *ends, pd.DataFrame({"ticks": matrix.data}), twoway=False
    )


def list_peers(streets: StreetArrays) -> tuple[dict[str, Callable[[int], Times]], dict[str, str], dict[str, float]]:
    """Return one-to-all searches of the peers that are installed, reasons of the others, and seconds to build."""
    builders: dict[str, Callable[[StreetArrays], Any]] = {
        "networkx": build_networkx,
        "igraph": build_igraph,
        "networkit": build_networkit,
        "pandana": build_pandana,
    }
    peers, skipped, build_s = {}, {}, {}
    for name, build in builders.items():
        reason = missing_reason(name)
        if reason:
            skipped[name] = reason
            continue
        start = perf_counter()
        made = build(streets)
        build_s[name] = perf_counter() - start
        peers[name] = _range_of(made, streets) if name == "pandana" else made
    return peers, skipped, build_s


def _range_of(network: Any, streets: StreetArrays) -> Callable[[int], Times]:
    def search(node: int) -> Times:
        table = network.nodes_in_range([node], 1e8)
        out = np.full(streets.n_nodes, np.inf)
        out[table["destination"].to_numpy()] = table["ticks"].to_numpy()
        return out

    return search


def one_to_all(graph: str) -> Row:
    """One origin to all nodes: every installed peer, equal first, then five runs in turn."""
    streets = load_graph(graph)
    engine, nodes = find_engine(streets), pick(streets.n_nodes, 6)
    start = perf_counter()
    engine.travel_ticks(node_seeds([0]), method="buckets")
    build_s = {"buckets": perf_counter() - start, "scipy": 0.0}
    peers, skipped, more = list_peers(streets)
    expected = engine.travel_ticks(node_seeds(nodes[:2]), method="scipy")
    np.testing.assert_array_equal(engine.travel_ticks(node_seeds(nodes[:2]), method="buckets"), expected)
    for name, search in peers.items():
        found = search(int(nodes[0]))
        reached = expected[0] < UNREACHED
        np.testing.assert_allclose(found[reached], expected[0][reached], atol=0.02, err_msg=name)
    turn = iter(np.tile(nodes, 1000).tolist())
    calls: dict[str, Callable[[], object]] = {
        "buckets": lambda: engine.travel_ticks(node_seeds([next(turn)]), method="buckets"),
        "scipy": lambda: engine.travel_ticks(node_seeds([next(turn)]), method="scipy"),
    }
    for name, search in peers.items():
        calls[name] = lambda search=search: search(next(turn))  # type: ignore[misc]
    runs = measure(calls, clock=process_time)
    rows = [
        {"engine": name, "ms": runs[name].tell(), "buckets are x faster": runs["buckets"].times_faster(runs[name]),
         "build s": (build_s | more)[name]}
        for name in calls
    ]  # fmt: skip
    return {"rows": rows, "skipped": skipped, "nodes": streets.n_nodes}


def od_between(graph: str, origins: int, destinations: int) -> Row:
    """A table of pairs: ours as `od` asks it, scipy's rows, and pandana's warm hierarchy asked pair by pair."""
    reason = missing_reason("pandana")
    if reason:
        return {"rows": [], "skipped": {"pandana": reason}}
    streets = load_graph(graph)
    engine = find_engine(streets)
    starts, ends = pick(streets.n_nodes, origins), pick(streets.n_nodes, destinations, seed=2)
    engine.travel_ticks(node_seeds(starts), method="buckets")  # as in a process that has searched before
    first, second = (build_node_connectors(nodes.tolist()) for nodes in (starts, ends))
    start = perf_counter()
    network = build_pandana(streets)
    build_s = perf_counter() - start
    pairs = np.repeat(starts, destinations), np.tile(ends, origins)
    calls: dict[str, Callable[[], Any]] = {
        "ours": lambda: compute_street_od(streets, first, second),
        "scipy": lambda: engine.travel_ticks(node_seeds(starts), method="scipy"),
        "pandana": lambda: network.shortest_path_lengths(*pairs),
    }
    found = calls["ours"]().ravel()
    reached = np.isfinite(found)
    ticks = np.array(calls["pandana"](), dtype=np.float64)
    np.testing.assert_allclose(ticks[reached], found[reached] * TICKS_PER_S, atol=0.02)
    runs = measure(calls, clock=process_time)
    built = {"ours": 0.0, "scipy": 0.0, "pandana": build_s}
    rows = [
        {"engine": name, "ms": run.tell(), "ours x faster": runs["ours"].times_faster(run), "build s": built[name]}
        for name, run in runs.items()
    ]
    return {"rows": rows}


def sums_within(graph: str, cutoff_min: float, origins: int, scipy_origins: int) -> Row:
    """Sums from many origins: scipy for some, buckets on one and two threads, ms an origin."""
    streets = load_graph(graph)
    engine, nodes = build_sum_engine(streets), pick(streets.n_nodes, origins)
    weights, cutoff = np.ones(streets.n_nodes), minutes(cutoff_min)
    few, all_of_them = node_seeds(nodes[:scipy_origins]), node_seeds(nodes)
    expected = engine.sum_within(few, weights, cutoff, method="scipy")
    found = engine.sum_within(all_of_them, weights, cutoff, method="buckets")
    np.testing.assert_array_equal(found[:scipy_origins], expected)
    runs = measure(
        {
            "scipy": lambda: engine.sum_within(few, weights, cutoff, method="scipy"),
            "buckets, 1 thread": lambda: engine.sum_within(all_of_them, weights, cutoff, method="buckets", threads=1),
            "buckets, 2 threads": lambda: engine.sum_within(all_of_them, weights, cutoff, method="buckets", threads=2),
        }
    )
    scale = origins / scipy_origins
    rows = []
    for name, run in runs.items():
        mine = scipy_origins if name == "scipy" else origins
        ratios = [r * (1 if name == "scipy" else scale) for r in run.ratios(runs["scipy"])]
        rows.append({"cutoff min": cutoff_min, "nodes reached": int(found.mean()), "engine": name,
                     "ms/origin": run.tell(per=mine), "x scipy": tell(ratios)})  # fmt: skip
    return {"rows": rows}


def every_node(graph: str, cutoff_min: float, runs: int) -> Row:
    """Sums within a short time from every node against pandana's aggregate; all on all cores, by the clock."""
    reason = missing_reason("pandana")
    if reason:
        return {"rows": [], "skipped": {"pandana": reason}}
    import pandas as pd

    streets = load_graph(graph)
    engine, n, cutoff = build_sum_engine(streets), streets.n_nodes, minutes(cutoff_min)
    everywhere, weights = node_seeds(np.arange(n)), np.ones(n)
    ours: dict[str, Callable[[], Times]] = {
        name: partial(engine.sum_within, everywhere, weights, cutoff, method=name) for name in METHODS
    }
    found: dict[str, Times] = {}
    ready_s: dict[str, float] = {}
    for name in METHODS:
        found[name] = ours[name]()[:, 0]
        fresh = build_sum_engine(streets)
        start = perf_counter()
        fresh.sum_within(node_seeds([0]), weights, cutoff, method=name)
        ready_s[name] = perf_counter() - start
    start = perf_counter()
    network = build_pandana(streets)
    network.set(pd.Series(np.arange(n)), variable=pd.Series(np.ones(n)))
    ready_s["pandana aggregate"] = perf_counter() - start
    theirs = network.aggregate(cutoff, type="sum", decay="flat").to_numpy()
    differ = [float((mine != theirs).mean()) for mine in found.values()]
    assert max(differ) < 0.001, differ
    measured = measure(
        {**ours, "pandana aggregate": partial(network.aggregate, cutoff, type="sum", decay="flat")}, runs=runs, warm=0
    )
    rows = [
        {"graph": graph, "origins": n, "nodes reached": int(theirs.mean()), "engine": name,
         "ms/origin": run.tell(per=n), "x faster than pandana": run.times_faster(measured["pandana aggregate"]),
         "made ready in s": ready_s[name]}
        for name, run in measured.items()
    ]  # fmt: skip
    return {"rows": rows, "differ": max(differ)}


def growth(origins: int) -> Row:
    """One-to-all over the four sizes: time per origin and the exponent, for scipy and buckets."""
    rows: list[Row] = []
    sizes: list[int] = []
    by: dict[str, list[float]] = {"buckets": [], "scipy": []}
    for name in SIZES:
        streets = load_graph(name)
        engine, seeds = build_sum_engine(streets), node_seeds(pick(streets.n_nodes, origins))
        start = perf_counter()
        engine.travel_ticks(node_seeds([0]), method="buckets")
        pack_s = perf_counter() - start
        small, ones = node_seeds(seeds.node[:2]), np.ones(streets.n_nodes)
        runs = measure(
            {
                "buckets": partial(engine.sum_within, seeds, ones, NO_CUTOFF, method="buckets", threads=1),
                "scipy": partial(engine.travel_ticks, small, method="scipy"),
            },
            clock=process_time,
        )
        ours, theirs = runs["buckets"].median_s / origins, runs["scipy"].median_s / 2
        sizes.append(streets.n_nodes)
        by["buckets"].append(ours)
        by["scipy"].append(theirs)
        rows.append({"graph": name, "nodes": streets.n_nodes, "buckets ms/origin": runs["buckets"].tell(per=origins),
                     "scipy ms/origin": runs["scipy"].tell(per=2), "pack s (first with loading)": pack_s})  # fmt: skip
    return {"rows": rows, "exponents": {name: growth_exponent(sizes, times) for name, times in by.items()}}


def memory(graph: str, origins: int) -> Row:
    """Peak memory of a process that loads a graph and holds the sums and some rows of its results."""
    before = resident_mb()
    with PeakMemory() as peak:
        streets = load_graph(graph)
        engine, nodes = build_sum_engine(streets), pick(streets.n_nodes, origins)
        sums = engine.sum_within(node_seeds(nodes), np.ones(streets.n_nodes), minutes(60), method="buckets")
        rows = engine.travel_ticks(node_seeds(nodes[:50]), method="buckets")
    assert len(sums) == origins
    return {"process_mb": peak.peak_mb, "imports_mb": before, "rows_mb": rows.nbytes / 1e6}
