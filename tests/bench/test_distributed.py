"""A made-up country of more than three million nodes on two Dask workers, one of them killed; and how it grows."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from scipy.sparse.csgraph import dijkstra

from tests.bench.harness import Cell, Section, missing_reason, resident_mb
from tests.bench.nationwide import Country, build_country, pick_origins
from transit_model.batches.journal import Entry
from transit_model.batches.open_executor import open_executor
from transit_model.batches.parcel import pack
from transit_model.batches.part import Part, measure_part
from transit_model.batches.run import run_batch
from transit_model.batches.store import Store
from transit_model.batches.street_sums import StreetSums, build_street_sums
from transit_model.batches.task import Task, list_tasks
from transit_model.network.arrays import I32
from transit_model.streets.bucket_graph import BucketGraph
from transit_model.streets.bucket_queue import BucketSearch, SeedArrays
from transit_model.streets.street_search import node_seeds
from transit_model.units import TICKS_PER_S, min_to_s

pytestmark = pytest.mark.bench

N_ORIGINS: Final = 20_000
CHUNK: Final = 250
WORKER_MEMORY: Final = "1.5GiB"
WINTER: Final = 0.8
"""Speeds of the second scenario."""
KILL_AFTER: Final = 15
"""Partitions finished when a worker is killed."""
N_SAMPLE: Final = 24
N_SCALING: Final = 20_000
COUNTIES, SCENARIOS, WORKERS = 2800, 10, 100
GBIT_S: Final = 1.0


def make_work(countries: Sequence[Country], origins: I32, minutes: float) -> StreetSums:
    weights = [{"people": c.people, "nodes": np.ones(c.streets.n_nodes)} for c in countries]
    return build_street_sums([c.streets for c in countries], origins, weights, round(min_to_s(minutes) * TICKS_PER_S))


@contextmanager
def local_cluster(workers: int) -> Iterator[Any]:
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        processes=True,
        memory_limit=WORKER_MEMORY,
        dashboard_address="127.0.0.1:0",
        silence_logs=50,
    ) as cluster:
        yield cluster


def list_pids(cluster: Any) -> list[int]:
    return [w.process.pid for w in cluster.workers.values() if w.process is not None and w.process.pid]


class WorkerMemory(threading.Thread):
    """Watches the resident memory of the workers and of this process until stopped, in MB."""

    def __init__(self, cluster: Any) -> None:
        super().__init__(daemon=True)
        self.cluster, self.worker_mb, self.driver_mb = cluster, 0.0, 0.0
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.wait(0.1):
            self.driver_mb = max(self.driver_mb, resident_mb())
            for pid in list_pids(self.cluster):
                path = Path(f"/proc/{pid}/statm")
                if path.exists():
                    self.worker_mb = max(self.worker_mb, int(path.read_text(encoding="ascii").split()[1]) * 4096 / 1e6)

    def stop(self) -> None:
        self._over.set()
        self.join()


class Killer:
    """Kills one worker, once, when some partitions are finished."""

    def __init__(self, cluster: Any, after: int) -> None:
        self.cluster, self.after, self.seen, self.killed = cluster, after, 0, 0

    def __call__(self, entry: Entry, *, kept: bool) -> None:
        del entry, kept
        self.seen += 1
        if self.seen == self.after:
            self.killed = list_pids(self.cluster)[0]
            os.kill(self.killed, signal.SIGKILL)


def check_sample(country: Country, found: pd.DataFrame, origins: Sequence[int], minutes: float) -> None:
    """Compare some origins with scipy: people and nodes within the time, to the last person."""
    s = country.streets
    graph = sparse.csr_array((s.weight_ticks.astype(np.float64), s.head, s.indptr), shape=(s.n_nodes, s.n_nodes))
    cutoff = min_to_s(minutes) * TICKS_PER_S
    by_node = found.set_index("node")
    for origin in origins:
        reached = dijkstra(graph, indices=origin, limit=cutoff) <= cutoff
        assert by_node.at[origin, "people"] == country.people[reached].sum()
        assert by_node.at[origin, "nodes"] == reached.sum()


def check_parts(out: Path, work: StreetSums, tasks: Sequence[Task]) -> None:
    """Compare every sixteenth file with what this process makes of the task, byte for byte."""
    for task in tasks[::16]:
        assert (out / f"{task.task_id}.parquet").read_bytes() == measure_part(work, task).data


def time_stream(cluster: Any, work: StreetSums, tasks: Sequence[Task]) -> tuple[float, float, int]:
    """Return seconds until the first part, seconds after it, and the origins of the parts after it."""
    start = time.perf_counter()
    ends: list[tuple[float, Part]] = [
        (time.perf_counter(), part) for part in open_executor(scheduler=cluster.scheduler_address).stream(work, tasks)
    ]
    return ends[0][0] - start, ends[-1][0] - ends[0][0], sum(part.rows for _, part in ends[1:])


def time_searches(country: Country, graph: BucketGraph, n: int) -> float:
    """Return processor seconds for one seat to all seats without a limit."""
    search, seats = BucketSearch(graph), country.seats
    seeds = node_seeds(seats[:: len(seats) // n][:n])
    search.travel_ticks(SeedArrays(seeds.node[:1], seeds.ticks[:1]), targets=seats, threads=1)
    start = time.process_time()
    search.travel_ticks(SeedArrays(seeds.node, seeds.ticks), targets=seats, threads=1)
    return (time.process_time() - start) / len(seeds)


def time_tasks(work: StreetSums, tasks: Sequence[Task]) -> tuple[float, float]:
    """Return processor seconds for one origin and the mean number of nodes reached, from every eighth task."""
    work.prepare()
    start = time.process_time()
    reached = np.concatenate([work.measure(task)["nodes"].to_numpy() for task in tasks[::8]])
    return (time.process_time() - start) / len(reached), float(reached.mean())


def say(text: str) -> None:
    sys.stderr.write(f"\n{text}")


def test_a_country_on_two_workers() -> None:
    reason = missing_reason("distributed")
    if reason:
        pytest.skip(reason)
    start = time.perf_counter()
    country = build_country()
    built_s = time.perf_counter() - start
    winter = build_country(roads_kmh=WINTER)
    n = country.streets.n_nodes
    assert n >= 3_000_000
    origins = pick_origins(country, N_ORIGINS)
    rows: list[dict[str, Cell]] = []
    start = time.perf_counter()
    work = make_work([country, winter], origins, 60)
    packed_s = (time.perf_counter() - start) / 2
    tasks = list(list_tasks(["scenario=typical", "scenario=winter"], len(origins), CHUNK))
    say(f"{n:,} nodes in {built_s:.0f} s, packed in {packed_s:.0f} s")
    with tempfile.TemporaryDirectory() as folder, local_cluster(2) as cluster:
        out = Path(folder) / "out"
        killer, memory = Killer(cluster, KILL_AFTER), WorkerMemory(cluster)
        memory.start()
        start = time.perf_counter()
        store = Store(out, {"inputs": {"country": "made up"}})
        result = run_batch(
            store, tasks, open_executor(scheduler=cluster.scheduler_address), lambda: work, on_part=killer
        )
        spent_s = time.perf_counter() - start
        memory.stop()
        assert killer.killed
        assert (result.measured, result.rows) == (len(tasks), 2 * N_ORIGINS)
        check_parts(out, work, tasks)
        for name, which in ("typical", country), ("winter", winter):
            found = pd.read_parquet(out / f"scenario={name}")
            assert found["node"].tolist() == origins.tolist()
            check_sample(which, found, origins[:: N_ORIGINS // N_SAMPLE].tolist(), 60)
        parcel_mb = _parcel_mb(work, Path(folder) / "parcel")
        n_workers = len(cluster.scheduler_info["workers"])
        say(f"proof: {spent_s:.0f} s, worker {memory.worker_mb:.0f} MB, driver {memory.driver_mb:.0f} MB")
    section = Section(
        "distributed",
        90,
        "Beyond one machine: a made-up country on Dask workers",
        f"A generated network of {n / 1e6:.1f} million nodes ({len(country.streets.head) / 1e6:.1f} million arcs; "
        f"`tests/bench/nationwide.py`), people and nodes within 60 min of {N_ORIGINS:,} origins x 2 scenarios "
        f"(typical, and all speeds x {WINTER}) in {len(tasks)} partitions on a LocalCluster of two workers of "
        f"{WORKER_MEMORY} each. One worker was killed (SIGKILL) after {KILL_AFTER} partitions: all {result.rows:,} "
        "rows are there, every sixteenth file equals the one this process makes byte for byte, and "
        f"{N_SAMPLE} origins of each scenario equal scipy to the last person. The seconds of the proof hold start, "
        f"shipping, the kill and writing; {n_workers} of two workers were there at the end (a nanny starts the killed "
        "one anew). The rows under it are single runs without a kill on a busy machine; `first part` is packing, "
        "shipping and loading of compiled code; processor time is that of one thread on every eighth partition.",
    )
    each_s, reach = time_tasks(work, tasks)
    rows.append(_row("proof", n, 60, 2 * N_ORIGINS, 2, None, spent_s, 2 * N_ORIGINS, reach, each_s))
    for counties, minutes, workers in ((700, 60, 1), (1400, 60, 1), (2800, 60, 1), (2800, 60, 2), (2800, 120, 2)):
        part = country if counties == COUNTIES else build_country(counties)
        some = pick_origins(part, N_SCALING)
        work = make_work([part], some, minutes)
        tasks = list(list_tasks([""], len(some), CHUNK))
        each_s, reach = time_tasks(work, tasks)
        with local_cluster(workers) as cluster:
            first_s, rest_s, counted = time_stream(cluster, work, tasks)
        outcome = _row(
            "scaling", part.streets.n_nodes, minutes, len(some), workers, first_s, rest_s, counted, reach, each_s
        )
        rows.append(outcome)
    section.rows = rows
    graph = work.graphs[0]
    assert isinstance(graph, BucketGraph)
    full_s = time_searches(country, graph, 40)
    section.notes = [
        f"Peak memory: worker {memory.worker_mb:.0f} MB (limit {WORKER_MEMORY}; the parcel of {parcel_mb:.0f} MB is "
        f"mapped and counted in each), the process that began the run {memory.driver_mb:.0f} MB, with both countries "
        f"still in it. Building a country {built_s:.0f} s, packing it {packed_s:.0f} s.",
        *_estimate(rows[4], full_s, parcel_mb / 2, packed_s),
    ]
    section.save()


def _row(
    what: str,
    nodes: int,
    minutes: float,
    origins: int,
    workers: int,
    first_s: float | None,
    rest_s: float,
    counted: int,
    reach: float,
    each_s: float,
) -> dict[str, Cell]:
    return {
        "run": what,
        "nodes": nodes,
        "within min": minutes,
        "mean nodes reached": round(reach),
        "origins": origins,
        "workers": workers,
        "first part s": None if first_s is None else round(first_s, 1),
        "s": round(rest_s, 1),
        "origins/s": round(counted / rest_s),
        "processor ms/origin": round(1000 * each_s, 2),
    }


def _estimate(row: dict[str, Cell], full_s: float, parcel_mb: float, packed_s: float) -> list[str]:
    """Return the paper estimate: products of measured times, nothing that was run."""
    each_s = float(str(row["processor ms/origin"])) / 1000
    n = COUNTIES * SCENARIOS
    ship_s = SCENARIOS * parcel_mb * 8 / 1000 / GBIT_S
    return [
        f"Paper estimate (products of the times above, not run): {COUNTIES:,} county seats x {SCENARIOS} scenarios on "
        f"{WORKERS} workers, each a processor like these. People within 60 min: {n:,} origins x {1000 * each_s:.2f} ms "
        f"/ {WORKERS} = {n * each_s / WORKERS:.2f} s. All times between seats ({n * COUNTIES / 1e6:.0f} million): "
        f"{n:,} searches of the whole country x {1000 * full_s:.0f} ms (40 seats measured) / {WORKERS} "
        f"= {n * full_s / WORKERS:.0f} s.",
        f"Around it: packing {SCENARIOS} networks one after another {SCENARIOS * packed_s:.0f} s, and shipping "
        f"{SCENARIOS} parcels of {parcel_mb:.0f} MB to each machine at {GBIT_S:g} Gbit/s {ship_s:.0f} s, machines at "
        "the same time if the network allows. Scenarios of rail and bus cost more: this is road only.",
    ]


def _parcel_mb(work: StreetSums, path: Path) -> float:
    pack(work, path)
    return path.stat().st_size / 1e6
