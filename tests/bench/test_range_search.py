"""A departure window against separate searches, the connection scan, and itself on threads; results compared first."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import process_time

import numpy as np
import numpy.typing as npt
import pytest

from tests.bench.harness import RUNS, Section, measure, tell
from tests.bench.porto_alegre import access_pairs, load
from tests.timetable.arrivals import compute_arrivals, compute_windows
from tests.timetable.csa import build_connections, compute_arrivals_csa
from transit_model.network.arrays import I32
from transit_model.timetable.index import TimetableIndex, build_index
from transit_model.timetable.kernel import sweep
from transit_model.timetable.labels import build_labels
from transit_model.timetable.raptor import (
    Access,
    WindowTimes,
    build_access,
    build_query,
    compute_window,
    search_window,
    stop_destinations,
    window_departures,
)

RIDES, LIMIT_S, HOMES = 5, 7200, 10


def bare_singles(index: TimetableIndex, home: Access, clocks: I32) -> list[npt.NDArray[np.int32]]:
    """Search every departure by itself with nothing but the kernel: query, labels and result made ready before."""
    query = build_query(index, home, stop_destinations(index.n_stops), RIDES, LIMIT_S)
    fresh, no_draw = build_labels(index, RIDES), np.zeros((1, 1), np.int64)
    labels = build_labels(index, RIDES)
    rows = []
    for clock in clocks.astype(np.int64):
        for mine, new in zip(labels, fresh, strict=True):
            np.asarray(mine)[...] = np.asarray(new)
        row = np.empty((1, index.n_stops), np.int32)
        sweep(index, (labels, labels, labels), query, np.array([clock]), no_draw, np.array([clock]), row)
        rows.append(row)
    return rows


@pytest.mark.bench
def test_window_against_single_searches(shared_data: Path) -> None:
    arrays, metres = load(shared_data / "osm" / "porto_alegre")
    index = build_index(arrays)
    clocks = window_departures(13 * 3600, 15 * 3600)
    rng = np.random.default_rng(7)
    served = np.flatnonzero(np.diff(index.visit_ptr) > 0)
    homes = [build_access(*access_pairs(metres, int(o))) for o in rng.choice(served, HOMES, replace=False)]
    connections, to = build_connections(index), stop_destinations(index.n_stops)

    def window(home: Access) -> I32:
        return search_window(index, home, clocks, to, max_rides=RIDES, limit_s=LIMIT_S)[0]

    def percentiles(home: Access) -> WindowTimes:
        return compute_window(index, home, clocks, to, max_rides=RIDES, limit_s=LIMIT_S)

    def scans(home: Access) -> list[npt.NDArray[np.float64]]:
        return [compute_arrivals_csa(index, connections, home, int(c)) for c in clocks]

    for home in homes:
        np.testing.assert_array_equal(window(home), np.vstack(bare_singles(index, home, clocks)))
    swept = compute_arrivals(index, homes[0], clocks, max_rides=12)
    np.testing.assert_array_equal(swept, np.vstack(scans(homes[0])))

    times: dict[str, list[float]] = {}
    ratios: dict[str, list[float]] = {}
    for home in homes:
        calls: dict[str, Callable[[], object]] = {
            "window, 120 departures": lambda home=home: window(home),  # type: ignore[misc]
            "window with three percentiles": lambda home=home: percentiles(home),  # type: ignore[misc]
            "120 single searches, kernel only": lambda home=home: bare_singles(index, home, clocks),  # type: ignore[misc]
            "120 connection scans": lambda home=home: scans(home),  # type: ignore[misc]
        }
        runs = measure(calls, RUNS, clock=process_time)
        base = runs["window, 120 departures"]
        for name, run in runs.items():
            times.setdefault(name, []).append(1000 * min(run.times_s))
            ratios.setdefault(name, []).append(min(run.times_s) / min(base.times_s))
    section = Section(
        "timetable-window",
        70,
        "A departure window of 120 minutes against 120 single searches",
        f"Porto Alegre, Wednesday 13-15 h: {index.n_stops} stops, {len(index.trip_id_idx)} trips, {index.n_patterns} "
        f"patterns; {RIDES} rides, 120 min, all stops as destinations. Best of five runs each, median and range over "
        f"{HOMES} origins. Targets: 12x, percentiles under 10 % extra.",
        [{"what": name, "ms": tell(spent), "x the window": tell(ratios[name])} for name, spent in times.items()],
    )
    extra = median(b / a - 1 for a, b in zip(*list(times.values())[:2], strict=True))
    section.notes.append(f"percentiles, least time and reached share together cost {100 * extra:.0f} % extra")
    one, two = (compute_windows(index, homes, clocks, to, threads=t, max_rides=RIDES, limit_s=LIMIT_S) for t in (1, 2))
    assert all(x.percentile_s.tobytes() == y.percentile_s.tobytes() for x, y in zip(one, two, strict=True))
    section.save()
    assert median(ratios["120 single searches, kernel only"]) > 3
