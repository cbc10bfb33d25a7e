"""Three engines on real feeds: range search = single search = connection scan, in every cell.

The single search is the range search over one departure. Connection scan counts no rides, so the searches are
given more than anybody rides (`MANY_RIDES`). A cell that differs is an error: none does.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from tests.network.town import make_town
from tests.timetable.csa import build_connections, compute_arrivals_csa
from transit_model.domain.region import Feed
from transit_model.gtfs.feed import merge_feeds, read_gtfs
from transit_model.measure.workspace import Workspace
from transit_model.network.arrays import TimetableArrays
from transit_model.network.timetable_arrays import compile_timetable
from transit_model.store.jit import INF_S
from transit_model.timetable.index import build_index
from transit_model.timetable.phases import MIDDLE, Phase
from transit_model.timetable.raptor import build_access, search_window, stop_destinations, to_seconds

MANY_RIDES = 15


def compile_feed(feed: Feed, day: date) -> TimetableArrays:
    """Compile a feed alone, without roads: walks between stops up to 400 m (`town.ROUND`), changes by kind."""
    network = make_town(feed=feed, stations={}, main_stations={})
    return compile_timetable(network, day).arrays


def check_engines(arrays: TimetableArrays, origins: Sequence[int], clocks: Sequence[int]) -> tuple[int, int]:
    """Compare the engines from each origin at each clock; return the cells compared and those reached."""
    index = build_index(arrays)
    connections = build_connections(index)
    to = stop_destinations(arrays.n_stops)
    cells = reached = 0
    for origin in origins:
        # a neighbour in reach as well, so that two access stops compete
        access = build_access([origin, (origin + 1) % arrays.n_stops], [0, 240])
        # headway lines at two of their phases
        for phase in (MIDDLE, Phase(23, clocks[0])):
            ranged, _ = search_window(index, access, list(clocks), to, max_rides=MANY_RIDES, phase=phase)
            for row, clock in zip(ranged, clocks, strict=True):
                single, _ = search_window(index, access, [clock], to, max_rides=MANY_RIDES, phase=phase)
                scanned = compute_arrivals_csa(index, connections, access, clock, phase)
                np.testing.assert_array_equal(row, single[0])
                np.testing.assert_array_equal(to_seconds(row) + clock, scanned)
        cells += ranged.size
        reached += int((ranged < INF_S).sum())
    return cells, reached


def spread_over(n_stops: int, count: int) -> list[int]:
    return sorted({int(i) for i in np.linspace(0, n_stops - 1, count)})


def test_the_shipped_region() -> None:
    workspace = Workspace.open()
    network = workspace.network("built-2025")
    arrays = compile_timetable(network, network.info.service_date).arrays
    served = sorted({*arrays.patterns.stops.tolist(), *arrays.headways.stops.tolist()})
    clocks = [h * 3600 + m * 60 for h in (0, 5, 7, 8, 12, 17, 20, 23) for m in (0, 1, 29)]
    cells, reached = check_engines(arrays, served[::4], clocks)
    assert cells > 20_000
    assert reached / cells > 0.3


@pytest.mark.slow
def test_porto_alegre_both_feeds_from_noon_to_four(shared_data: Path) -> None:
    folder = shared_data / "osm" / "porto_alegre"
    feeds = [read_gtfs(folder / f"poa_{name}.zip") for name in ("eptc", "trensurb")]
    arrays = compile_feed(merge_feeds(feeds, ["bus:", "rail:"]), date(2019, 5, 15))
    clocks = list(range(12 * 3600, 16 * 3600, 600))
    cells, reached = check_engines(arrays, spread_over(arrays.n_stops, 25), clocks)
    sys.stdout.write(f"Porto Alegre: {cells} cells, {reached} reached\n")
    assert reached / cells > 0.5


@pytest.mark.slow
@pytest.mark.parametrize("exact", [0, 1])
def test_sao_paulo_by_headway_and_expanded(shared_data: Path, exact: int) -> None:
    feed = read_gtfs(shared_data / "osm" / "sao_paulo" / "spo.zip")
    feed = replace(feed, frequencies=feed.frequencies.assign(exact_times=exact))
    arrays = compile_feed(feed, date(2019, 5, 15))
    # as published the feed is all headway lines, at one phase; expanded it is all scheduled trips
    assert (len(arrays.patterns.stop_ptr) > 1, len(arrays.headways.start_s) > 0) == (bool(exact), not exact)
    # connection scan relaxes headway lines one by one, half a second a search, so fewer of them
    step_s, origins = (420, 40) if exact else (3600, 8)
    cells, reached = check_engines(arrays, spread_over(arrays.n_stops, origins), range(6 * 3600, 9 * 3600, step_s))
    sys.stdout.write(f"Sao Paulo, exact_times={exact}: {cells} cells, {reached} reached\n")
    assert reached / cells > 0.05
