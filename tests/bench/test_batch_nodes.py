"""``batch --measure nodes`` from every node of a full street map, against the engine alone on the same graph."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.bench.harness import Section, tell
from tests.bench.street_region import find_extract, make_map
from tests.conftest import REPO
from transit_model.batches.job import build_job
from transit_model.batches.node_work import NodeWork
from transit_model.batches.question import BatchMeasure, OriginQuestion
from transit_model.batches.run import run_batch
from transit_model.batches.store import Store
from transit_model.batches.threads import ThreadExecutor
from transit_model.domain.modes import Mode, Reading
from transit_model.measure.workspace import Workspace
from transit_model.network.arrays import F64
from transit_model.streets.bucket_graph import BucketGraph
from transit_model.streets.bucket_queue import BucketSearch, SeedArrays
from transit_model.streets.street_search import node_seeds
from transit_model.streets.sweep import sweep_sums

pytestmark = pytest.mark.bench
REGION_ENVIRONMENT = "BENCH_REGION"
"""A region that `data join --write` has made of the map of `street_region`, so that it is not made again."""
THREADS, ROUNDS = 2, 3


def find_region(folder: Path) -> Path:
    """Return the bench region, made now where none is named."""
    named = os.environ.get(REGION_ENVIRONMENT)
    if named:
        return Path(named)
    made, region = make_map(folder), folder / "region"
    words = ["data", "join", made, "-o", folder / "report", "--max-km", "200", "--write", region]
    subprocess.run([sys.executable, "-m", "transit_model", *map(str, words)], cwd=REPO, check=True, capture_output=True)
    return region


def sum_alone(work: NodeWork) -> tuple[F64, str]:
    """Return the sums of all origins by the engine that the batch has chosen, asked once for all of them."""
    ((graph, sums),) = work._sums.values()
    (ticks,) = work._spare_ticks[0, Reading.TYPICAL]
    packed, weights = sums.graphs[0], sums.weights[0]
    nodes = sums.origins[graph.origin >= 0]
    if isinstance(packed, BucketGraph):
        seeds = node_seeds(nodes)
        search = BucketSearch(packed)
        arrays = SeedArrays(seeds.node, seeds.ticks)
        return search.sum_within(arrays, weights, ticks, threads=THREADS, placed=True), "bucket queue"
    return sweep_sums(packed, nodes, weights, ticks, threads=THREADS, placed=True), "hierarchy"


def spend(call: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds that a call takes, of the processor (all threads) and by the clock."""
    clock, processor = time.perf_counter(), time.process_time()
    call()
    return time.process_time() - processor, time.perf_counter() - clock


def test_people_within_an_hour_of_every_node(tmp_path: Path) -> None:
    if find_extract() is None and REGION_ENVIRONMENT not in os.environ:
        pytest.skip("the Porto extract is not in BENCH_DATA or shared/data")
    workspace = Workspace.open(find_region(tmp_path))
    question = OriginQuestion(
        measure=BatchMeasure.NODES, modes=(Mode.ROAD,), readings=(Reading.TYPICAL,), cutoffs_min=(60.0,)
    )
    made: list[object] = []
    building = spend(lambda: made.append(build_job(workspace, [workspace.choose()], question, "nodes")))
    (job,) = made
    work = job.work  # type: ignore[attr-defined]
    warming = spend(work.warm)
    alone, engine = sum_alone(work)
    rounds: list[tuple[tuple[float, float], tuple[float, float]]] = []
    for n in range(ROUNDS):
        store = Store(tmp_path / f"out{n}", job.about)  # type: ignore[attr-defined]
        batch = spend(lambda s=store: run_batch(s, job.tasks, ThreadExecutor(THREADS), lambda: work))  # type: ignore
        rounds.append((spend(lambda: sum_alone(work)), batch))
    check(tmp_path / "out0", work, alone)
    ours, batches = ([one[k] for one in rounds] for k in (0, 1))
    n = len(work.origins)
    section = Section(
        "batch-nodes",
        88,
        "People within an hour from every node: the command against its engine",
        f"`batch --origins nodes --measure nodes --cutoffs 60` on the streets of `tests.bench.street_region`, {n:,} "
        f"origins, {THREADS} threads in one process, one partition after another written to disk; the engine alone is "
        f"asked once for all of them on the same graph ({engine}). Sums are compared, to the last person. Target: 1.2.",
    )
    times = ("processor s", "s by the clock")
    for what, found in (("the engine alone", ours), ("all partitions measured and written", batches)):
        section.rows.append({"what": what, **{t: tell([one[k] for one in found]) for k, t in enumerate(times)}})
    ratios = {t: tell([b[k] / a[k] for a, b in rounds]) for k, t in enumerate(times)}
    section.rows.append({"what": "times the engine", **ratios})
    for what, once in (("once: origins, keys of the inputs", building), ("once: graph packed or contracted", warming)):
        section.rows.append({"what": what, **{t: once[k] for k, t in enumerate(times)}})
    section.notes.append("load of the machine {:.1f} at the start, {:.1f} a minute ago".format(*os.getloadavg()[1::-1]))
    section.save()


def check(folder: Path, work: NodeWork, alone: F64) -> None:
    """Compare what the batch wrote with the sums of the engine, seats that leave themselves out aside."""
    import pyarrow.parquet as pq

    ((graph, _),) = work._sums.values()
    files = sorted(folder.rglob("*.parquet"))
    tables = [pq.read_table(file).to_pandas() for file in files]
    found = {row: value for table in tables for row, value in zip(table["from"], table["seat_population"], strict=True)}
    rows = np.flatnonzero((graph.origin >= 0) & (graph.itself < 0))
    at = np.searchsorted(np.flatnonzero(graph.origin >= 0), rows)
    column = work.counted.names.index("seat_population")
    wrong = [work.origins[i].place_id for i, k in zip(rows, at, strict=True)
             if found[work.origins[i].place_id] != alone[k, column]]  # fmt: skip
    assert not wrong, wrong[:5]
    assert len(found) == len(work.origins)
