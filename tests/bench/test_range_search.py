"""A range search against separate searches, the connection scan, and itself on threads; results are compared first."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pytest

from tests.bench.porto_alegre import access_pairs, load
from transit_model.routing.csa import build_connections, compute_arrivals_csa
from transit_model.routing.raptor import (
    WindowTimes,
    build_access,
    compute_arrivals,
    compute_window,
    compute_windows,
    stop_destinations,
    window_departures,
)
from transit_model.routing.timetable import build_index

RIDES, LIMIT_S = 5, 7200
Times: TypeAlias = npt.NDArray[np.float64]


def seconds(call: Callable[[], object], repeat: int = 3) -> float:
    times = []
    for _ in range(repeat):
        start = perf_counter()
        call()
        times.append(perf_counter() - start)
    return median(times)


@pytest.mark.bench
def test_range_search_against_single_searches(shared_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    start = perf_counter()
    arrays, metres = load(shared_data / "osm" / "porto_alegre")
    loaded = perf_counter()
    index = build_index(arrays)
    built = perf_counter()
    clocks = window_departures(13 * 3600, 15 * 3600)
    rng = np.random.default_rng(7)
    served = np.flatnonzero(np.diff(index.visit_ptr) > 0)
    homes = [build_access(*access_pairs(metres, int(o))) for o in rng.choice(served, 10, replace=False)]
    connections = build_connections(index)
    to = stop_destinations(index.n_stops)

    def single(k: int) -> Times:
        return np.vstack([compute_arrivals(index, homes[k], [c], max_rides=RIDES, limit_s=LIMIT_S) for c in clocks])

    def swept(k: int) -> Times:
        return compute_arrivals(index, homes[k], clocks, max_rides=RIDES, limit_s=LIMIT_S)

    def with_percentiles(k: int) -> WindowTimes:
        return compute_window(index, homes[k], clocks, to, max_rides=RIDES, limit_s=LIMIT_S)

    def scanned(k: int) -> Times:
        return np.vstack([compute_arrivals_csa(index, connections, homes[k], int(c)) for c in clocks])

    def all_homes(threads: int) -> list[WindowTimes]:
        return compute_windows(index, homes, clocks, to, threads=threads, max_rides=RIDES, limit_s=LIMIT_S)

    for k in range(len(homes)):
        np.testing.assert_array_equal(swept(k), single(k))
        np.testing.assert_array_equal(compute_arrivals(index, homes[k], clocks, max_rides=12), scanned(k))
    rows = [
        [seconds(partial(call, k)) for call in (swept, with_percentiles, single, scanned)] for k in range(len(homes))
    ]
    ratios = [row[2] / row[0] for row in rows]
    reached = np.mean([np.isfinite(swept(k)).mean() for k in range(len(homes))])
    one, two = seconds(partial(all_homes, 1)), seconds(partial(all_homes, 2))
    a, b = all_homes(1), all_homes(2)
    assert all(x.percentile_s.tobytes() == y.percentile_s.tobytes() for x, y in zip(a, b, strict=True))
    table = np.median(np.array(rows), axis=0) * 1000
    with capsys.disabled():
        print(  # noqa: T201
            f"\nPorto Alegre: {index.n_stops} stops, {len(index.trip_id_idx)} trips, {index.n_patterns} patterns, "
            f"{len(index.arrive_s)} events; load {loaded - start:.1f} s, index {built - loaded:.2f} s\n"
            f"120 departures, {RIDES} rides, 120 min, median of 10 origins: range {table[0]:.1f} ms, with percentiles "
            f"{table[1]:.1f} ms, 120 single searches {table[2]:.0f} ms, 120 connection scans {table[3]:.0f} ms\n"
            f"single/range {median(ratios):.1f}x (least {min(ratios):.1f}), cells reached {reached:.0%}; "
            f"10 origins on 1 / 2 threads {one * 1000:.0f} / {two * 1000:.0f} ms"
        )
    assert median(ratios) >= 5
