"""Run every compiled search that a command calls once on next to nothing, so that all of them are compiled and kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import perf_counter

import numpy as np

from transit_model.network.arrays import Headways, Patterns, StreetArrays, TimetableArrays


def compile_all(**more: Callable[[], None]) -> Iterator[tuple[str, float, int]]:
    """Yield the name of each group of kernels, the seconds it took, and how many functions had to be compiled.

    `more` are groups of other rooms: a name, and what runs all their kernels once.
    """
    from transit_model.store.jit import WATCH

    groups: dict[str, Callable[[], None]] = {
        "streets": _search_streets,
        "hierarchy": _sweep_streets,
        "timetable": _search_timetable,
        "headways": _ride_headways,
        **more,
    }
    for name, run in groups.items():
        start, before = perf_counter(), len(WATCH.compiled)
        run()
        yield name, perf_counter() - start, len(WATCH.compiled) - before


def build_tiny_streets() -> StreetArrays:
    """Return a road of three nodes, both ways."""
    node = np.arange(3, dtype=np.int32)
    indptr, head = np.array([0, 1, 3, 4], np.int32), np.array([1, 0, 2, 1], np.int32)
    ticks = np.array([50, 50, 70, 70], np.int32)
    place = np.arange(3, dtype=np.float64)
    return StreetArrays(indptr, head, ticks, np.zeros(4, np.int32), node, place, place, np.ones(3, np.bool_))


def build_tiny_timetable(*, headways: bool) -> TimetableArrays:
    """Return two trips from stop 0 to stop 1, and a line by headway from stop 1 to stop 2."""
    i32, none = np.int32, np.zeros(0, np.int32)
    events, yes = np.array([600, 700, 1200, 1300], i32), np.ones(4, np.bool_)
    patterns = Patterns(
        np.array([0, 2], i32), np.array([0, 1], i32), np.array([0, 2], i32), np.array([0, 4], np.int64),
        events, events, yes, yes, np.array([0, 1], i32),
    )  # fmt: skip
    one = np.array([600], i32)
    rows = Headways(
        np.array([0, 2], i32), np.array([1, 2], i32), np.array([0, 60], i32), np.array([0, 60], i32),
        one, one * 10, one // 2, np.array([2], i32), yes[:2], yes[:2], np.array([7], np.int64),
    )  # fmt: skip
    nowhere, no_seed = np.zeros(0, np.bool_), np.zeros(0, np.int64)
    no_rows = Headways(np.zeros(1, i32), none, none, none, none, none, none, none, nowhere, nowhere, no_seed)
    zero = np.zeros(3, i32)
    return TimetableArrays(3, patterns, rows if headways else no_rows, zero, np.zeros(4, i32), none, none, zero, zero)


def _search_streets() -> None:
    from transit_model.streets.bucket_graph import build_bucket_graph
    from transit_model.streets.bucket_queue import BucketSearch, SeedArrays
    from transit_model.streets.reached_nodes import list_reached
    from transit_model.streets.street_search import StreetEngine, node_seeds

    s = build_tiny_streets()
    engine = StreetEngine(s.indptr, s.head, s.weight_ticks, s.lon, s.lat)
    engine.travel_ticks(node_seeds([0]), method="buckets")
    engine.travel_ticks(node_seeds([0]), targets=[1], method="buckets")
    seeds = node_seeds([0])
    graph = build_bucket_graph(s.indptr, s.head, s.weight_ticks)
    BucketSearch(graph).sum_within(SeedArrays(seeds.node, seeds.ticks), np.ones((3, 1)), 100)
    list_reached(np.zeros((1, 2), dtype=np.int32), np.ones(2, dtype=np.bool_))


def _sweep_streets() -> None:
    from transit_model.streets.hierarchy import build_hierarchy
    from transit_model.streets.sweep import sweep_sums

    s = build_tiny_streets()
    hierarchy = build_hierarchy(s.indptr, s.head, s.weight_ticks)
    for cutoff_ticks in (100, 100_000):  # rows of 16 and of 32 bits
        sweep_sums(hierarchy, [0, 1], np.ones((3, 1)), cutoff_ticks)


def _search_timetable() -> None:
    _search(build_tiny_timetable(headways=False))


def _ride_headways() -> None:
    _search(build_tiny_timetable(headways=True))


def _search(timetable: TimetableArrays) -> None:
    from transit_model.timetable.egress import compute_egress_percentile
    from transit_model.timetable.index import build_index
    from transit_model.timetable.journeys import find_journey
    from transit_model.timetable.profile import compute_profile_events
    from transit_model.timetable.raptor import (
        build_access,
        build_destinations,
        compute_window,
        search_window,
        stop_destinations,
    )

    index = build_index(timetable)
    access = build_access([0], [60])
    to = build_destinations([build_access([1, 2], [30, 30])])
    compute_window(index, access, [0, 60, 500], to)
    find_journey(index, access, 0, to)
    compute_profile_events(index, access, to, start_clock_s=0, end_clock_s=600)
    times, _ = search_window(index, access, [0, 60, 500], stop_destinations(3))
    compute_egress_percentile(times, to, 0.5)
    compute_egress_percentile(times, build_destinations([build_access([1, 2], [30, 30])] * 2), 0.5)
