"""Range search = single search = connection scan = oracle on random towns, and what may not matter."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.timetable.arrivals import compute_arrivals, compute_windows
from tests.timetable.csa import build_connections, compute_arrivals_csa
from tests.timetable.oracle import search
from tests.timetable.timetables import Town, towns
from transit_model.timetable.index import build_index, reverse_timetable
from transit_model.timetable.phases import MIDDLE, Phase, count_draws
from transit_model.timetable.profile import compute_profile_events
from transit_model.timetable.raptor import (
    Access,
    build_access,
    build_destinations,
    search_window,
    stop_destinations,
    to_seconds,
)


def access_of(town: Town, seconds: dict[int, int]) -> Access:
    kept = {s: t for s, t in seconds.items() if s < town.n_stops}
    return build_access(list(kept), list(kept.values()))


@settings(max_examples=examples(200), deadline=None)
@given(towns(), st.dictionaries(st.integers(0, 5), st.integers(0, 5), max_size=3), st.integers(1, 6))
def test_range_search_equals_single_search_equals_oracle(town: Town, seconds: dict[int, int], rides: int) -> None:
    index, access = build_index(town.arrays()), access_of(town, seconds)
    clocks = np.array([-3, 0, 1, 2, 5, 9, 14, 20, 40, 86_390, 86_405], np.int32)
    to, ways = stop_destinations(town.n_stops), dict(zip(access.stop_idx.tolist(), access.time_s.tolist(), strict=True))
    drawn, _ = search_window(index, access, clocks, to, max_rides=rides)
    n_draws = count_draws(index, len(clocks))
    for i, clock in enumerate(clocks.tolist()):
        for number in {i * n_draws, (i + 1) * n_draws - 1}:
            phase = Phase(number, clock)
            single, _ = search_window(index, access, [clock], to, max_rides=rides, phase=phase)
            slow = np.array(search(town, ways, clock, rides, phase)) - clock
            np.testing.assert_array_equal(drawn[number], single[0])
            np.testing.assert_array_equal(to_seconds(single[0]), slow)
    held, _ = search_window(index, access, clocks, to, max_rides=rides, phase=MIDDLE)
    for row, clock in zip(to_seconds(held), clocks.tolist(), strict=True):
        np.testing.assert_array_equal(row, np.array(search(town, ways, clock, rides, MIDDLE)) - clock)


@settings(max_examples=examples(300), deadline=None)
@given(towns(), st.dictionaries(st.integers(0, 5), st.integers(0, 5), max_size=3), st.integers(-5, 40))
def test_connection_scan_equals_range_search_equals_oracle(town: Town, seconds: dict[int, int], clock: int) -> None:
    index, access = build_index(town.arrays()), access_of(town, seconds)
    ways = dict(zip(access.stop_idx.tolist(), access.time_s.tolist(), strict=True))
    for phase in (MIDDLE, Phase(0, clock), Phase(77, -9)):
        scanned = compute_arrivals_csa(index, build_connections(index), access, clock, phase)
        to = stop_destinations(town.n_stops)
        swept, _ = search_window(index, access, [clock, clock + 3], to, max_rides=12, phase=phase)
        np.testing.assert_array_equal(scanned, to_seconds(swept[0]) + clock)
        np.testing.assert_array_equal(scanned, search(town, ways, clock, 12, phase))


CLOCKS = np.array([0, 1, 4, 11, 25, 86_400], np.int32)


@settings(max_examples=examples(60), deadline=None)
@given(towns(), st.integers(-2, 2))
def test_moving_the_clock_by_days_moves_arrivals_by_days(town: Town, days: int) -> None:
    shift = days * 86_400
    before = compute_arrivals(build_index(town.arrays()), build_access([0], [1]), CLOCKS)
    after = compute_arrivals(build_index(town.arrays(shift)), build_access([0], [1]), CLOCKS + shift)
    np.testing.assert_array_equal(before + shift, after)


@settings(max_examples=examples(60), deadline=None)
@given(towns(), st.randoms(use_true_random=False))
def test_renaming_stops_and_shuffling_trips_changes_nothing(town: Town, random: Random) -> None:
    new = list(range(town.n_stops))
    random.shuffle(new)
    trips = [[(new[call[0]], *call[1:]) for call in trip] for trip in town.trips]
    random.shuffle(trips)
    lines = [replace(line, stops=[new[s] for s in line.stops]) for line in reversed(town.lines)]
    change = {new[s]: t for s, t in town.change.items()}
    moved = Town(town.n_stops, trips, lines, change, [(new[a], new[b], t) for a, b, t in town.walks])
    before = compute_arrivals(build_index(town.arrays()), build_access([0], [1]), CLOCKS)
    after = compute_arrivals(build_index(moved.arrays()), build_access([new[0]], [1]), CLOCKS)
    np.testing.assert_array_equal(before, after[:, new])


@settings(max_examples=examples(150), deadline=None)
@given(towns(headways=False), st.integers(0, 5), st.integers(0, 5))
def test_arrive_by_is_the_mirror_of_leave_at(town: Town, a: int, b: int) -> None:
    home, work = a % town.n_stops, b % town.n_stops
    arrays = town.arrays()
    there = compute_profile_events(
        build_index(arrays), build_access([home], [2]), build_destinations([build_access([work], [3])]),
        start_clock_s=-200_000, end_clock_s=200_000,
    )[0]  # fmt: skip
    back = compute_profile_events(
        build_index(reverse_timetable(arrays)), build_access([work], [3]),
        build_destinations([build_access([home], [2])]), start_clock_s=-200_000, end_clock_s=200_000,
    )[0]  # fmt: skip
    np.testing.assert_array_equal(there.depart_clock_s, -back.arrive_clock_s[::-1])
    np.testing.assert_array_equal(there.arrive_clock_s, -back.depart_clock_s[::-1])


@settings(max_examples=examples(60), deadline=None)
@given(towns())
def test_a_timetable_reversed_twice_is_itself(town: Town) -> None:
    once, twice = town.arrays(), reverse_timetable(reverse_timetable(town.arrays()))
    before = compute_arrivals(build_index(once), build_access([0], [1]), CLOCKS)
    np.testing.assert_array_equal(before, compute_arrivals(build_index(twice), build_access([0], [1]), CLOCKS))
    np.testing.assert_array_equal(once.headways.start_s, twice.headways.start_s)


@settings(max_examples=examples(40), deadline=None)
@given(towns(), st.lists(st.integers(1, 40), min_size=2, max_size=6, unique=True))
def test_a_window_is_its_minutes_and_threads_change_no_bit(town: Town, minutes: list[int]) -> None:
    index, to = build_index(town.arrays()), stop_destinations(town.n_stops)
    clocks = sorted(minutes)
    homes = [build_access([s], [s]) for s in range(town.n_stops)]
    one, two = (compute_windows(index, homes, clocks, to, threads=t) for t in (1, 2))
    for a, b, home in zip(one, two, homes, strict=True):
        assert a.percentile_s.tobytes() == b.percentile_s.tobytes()
        all_times = compute_arrivals(index, home, clocks) - np.array(clocks)[:, None]
        if not town.lines:
            ranks = [int(np.ceil(share * len(clocks) - 1e-9)) - 1 for share in (0.1, 0.5, 0.9)]
            np.testing.assert_array_equal(a.percentile_s, np.sort(all_times, axis=0)[ranks])
