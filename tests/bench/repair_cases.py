"""The case of repaired times, run in a process of its own (`harness.run_case`)."""

from __future__ import annotations

from time import process_time
from typing import Any

import numpy as np

from tests.bench.harness import RUNS, Runs
from tests.bench.street_cases import Row, pick
from tests.bench.tiles import M_PER_DEG, load_graph
from transit_model.streets.bucket_graph import build_bucket_graph, order_in_space
from transit_model.streets.bucket_queue import UNREACHED, BucketSearch, SeedArrays, build_work
from transit_model.streets.repair import N_SPARE, BaseTimes
from transit_model.streets.row_repair import search_row


def repair(graph: str, origins: int, links: int, apart_km: float, share: float) -> Row:
    """New two-way express links between nodes so far apart, in a share of today's time; repair against full runs."""
    streets = load_graph(graph)
    n = streets.n_nodes
    packed = build_bucket_graph(
        streets.indptr, streets.head, streets.weight_ticks, order_in_space(streets.lon, streets.lat), n_spare=N_SPARE
    )
    node = pick(n, origins)[:, None]
    seeds = SeedArrays(node, np.zeros_like(node))
    times = BaseTimes(packed, seeds, threads=1)
    base = times.rows()
    x = streets.lon * M_PER_DEG * np.cos(np.radians(streets.lat.mean()))
    y = streets.lat * M_PER_DEG
    rng = np.random.default_rng(5)
    cases: list[tuple[Any, ...]] = []
    while len(cases) < links:
        a = int(rng.integers(n))
        far = np.flatnonzero(np.abs(np.hypot(x - x[a], y - y[a]) - apart_km * 1000) < 300)
        if len(far):
            b = int(rng.choice(far))
            start = SeedArrays(np.array([[a]], np.int32), np.zeros((1, 1), np.int32))
            today = int(BucketSearch(packed).travel_ticks(start)[0, b])
            new = int(today * share)
            cases.append(
                (f"{apart_km:.0f} km link, {today / 600:.0f} -> {new / 600:.0f} min", [a, b], [b, a], [new] * 2)
            )
    tail = np.repeat(np.arange(n), np.diff(streets.indptr))
    some = rng.choice(len(tail), 2000, replace=False)
    slower = (streets.weight_ticks[some] * 1.2).astype(int) + 1
    cases.append(("one street closed", [int(tail[some[0]])], [int(streets.head[some[0]])], [-1]))
    cases.append(("2,000 arcs 20 % slower", tail[some].tolist(), streets.head[some].tolist(), slower.tolist()))
    work = build_work(packed, 2 * len(packed.node_at))
    rows = []
    for name, *arcs in cases:
        checked = times.apply(*arcs, threads=1)
        assert checked is not None
        after, now = times.rows(), times.graph
        np.testing.assert_array_equal(after[:10], BucketSearch(now).travel_ticks(SeedArrays(node[:10], node[:10] * 0)))
        times.undo(checked)
        spent: dict[str, list[float]] = {"repair": [], "full": []}
        for _ in range(1 + RUNS):
            start_s = process_time()
            done = times.apply(*arcs, threads=1)
            spent["repair"].append(process_time() - start_s)
            assert done is not None
            times.undo(done)
            start_s = process_time()
            fresh = []  # a full run has a place for its results as well
            for k in range(origins):
                label = np.empty(len(packed.node_at), np.uint32)
                fresh.append(label)
                search_row(now.record, now.place, work, label, seeds.node[k], seeds.ticks[k], UNREACHED - 1, now.shift)
            spent["full"].append(process_time() - start_s)
        ours, theirs = (Runs(tuple(spent[what][1:])) for what in ("repair", "full"))
        rows.append({"change": name, "cells changed %": 100 * float((after[:, :n] != base).mean()),
                     "repair ms": ours.tell(), "full ms": theirs.tell(), "x faster": ours.times_faster(theirs),
                     "rows searched anew": checked.n_searched})  # fmt: skip
    copies = []
    for _ in range(1 + RUNS):
        start_s = process_time()
        kept = times.label.copy()
        copies.append(process_time() - start_s)
    assert kept.shape[0] == origins
    return {"rows": rows, "copy": Runs(tuple(copies[1:])).tell()}
