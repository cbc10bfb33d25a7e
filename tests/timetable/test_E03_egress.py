"""Percentiles at places behind stations against the plain way: every departure's soonest station, then the rank."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from transit_model.store.jit import INF_S
from transit_model.threads import limit_threads
from transit_model.timetable import egress
from transit_model.timetable.egress import choose_stations, compare_stations, compute_egress_percentile
from transit_model.timetable.percentiles import compute_percentiles
from transit_model.timetable.raptor import Destinations

N_STOPS, N_DEP = 4, 6
TIME = st.sampled_from([0, 10, 20, 30, 60, 61, INF_S])
WAY = st.dictionaries(st.integers(0, N_STOPS - 1), st.sampled_from([0, 5, 10, 40]), max_size=N_STOPS)


def destinations(ways: list[dict[int, int]]) -> Destinations:
    ptr = np.cumsum([0, *(len(w) for w in ways)]).astype(np.int32)
    stops = np.array([s for w in ways for s in w], dtype=np.int32)
    return Destinations(ptr, stops, np.array([t for w in ways for t in w.values()], dtype=np.int32))


@settings(max_examples=examples(150), deadline=None)
@given(
    st.lists(st.lists(TIME, min_size=N_STOPS, max_size=N_STOPS), min_size=N_DEP, max_size=N_DEP),
    st.lists(WAY, min_size=1, max_size=5),
    st.sampled_from([0.1, 0.5, 0.9]),
)
def test_it_is_the_percentile_of_the_soonest_station(
    times: list[list[int]], ways: list[dict[int, int]], share: float
) -> None:
    travel_s = np.array(times, dtype=np.int32)
    found = compute_egress_percentile(travel_s, destinations(ways), share)
    soonest = np.full((N_DEP, len(ways)), INF_S, dtype=np.int32)
    for p, way in enumerate(ways):
        for stop, more in way.items():
            for d in range(N_DEP):
                if travel_s[d, stop] < INF_S:
                    soonest[d, p] = min(soonest[d, p], travel_s[d, stop] + more)
    np.testing.assert_array_equal(found, compute_percentiles(soonest, np.array([share]))[0])


def test_a_place_without_a_station_is_not_reached() -> None:
    # two departures, 100 s and 40 s to the only stop, 7 s from there: the median rank of two is the first, 47 s
    travel_s = np.array([[100], [40]], dtype=np.int32)
    found = compute_egress_percentile(travel_s, destinations([{}, {0: 7}]), 0.5)
    assert found.tolist() == [np.inf, 47.0]


@settings(max_examples=examples(150), deadline=None)
@given(
    st.lists(st.lists(TIME, min_size=N_STOPS, max_size=N_STOPS), min_size=N_DEP, max_size=N_DEP),
    st.lists(WAY, min_size=1, max_size=5),
    st.sampled_from([0.1, 0.5, 0.9]),
    st.sampled_from([0.0, 15.0, 35.0, 70.0]),
)
def test_beyond_a_limit_a_place_is_late_but_reached_all_the_same(
    times: list[list[int]], ways: list[dict[int, int]], share: float, limit_s: float
) -> None:
    travel_s, places = np.array(times, dtype=np.int32), destinations(ways)
    whole = compute_egress_percentile(travel_s, places, share)
    found = compute_egress_percentile(travel_s, places, share, limit_s)
    soon = whole <= limit_s
    np.testing.assert_array_equal(found[soon], whole[soon])
    np.testing.assert_array_equal(np.isfinite(found), np.isfinite(whole))
    assert (found[~soon] > limit_s).all()
    mixed = np.where(np.arange(len(ways)) % 2 == 0, limit_s, np.inf)
    np.testing.assert_array_equal(compute_egress_percentile(travel_s, places, share, mixed)[1::2], whole[1::2])


@settings(max_examples=examples(150), deadline=None)
@given(
    st.lists(st.lists(TIME, min_size=N_STOPS, max_size=N_STOPS), min_size=N_DEP, max_size=N_DEP),
    st.lists(WAY, min_size=1, max_size=5),
    st.sampled_from([0.1, 0.5, 0.9]),
    st.sampled_from([0.0, 35.0, np.inf]),
)
def test_stops_are_compared_or_not_with_one_answer(
    times: list[list[int]], ways: list[dict[int, int]], share: float, limit_s: float
) -> None:
    travel_s, places, every = np.array(times, dtype=np.int32), destinations(ways), np.arange(N_STOPS)
    compared = choose_stations(compare_stations(travel_s, every, share, 3600), places, limit_s)
    read = choose_stations(compare_stations(travel_s, every, share, None), places, limit_s)
    np.testing.assert_array_equal(read, compared)


@settings(max_examples=examples(100), deadline=None)
@given(
    st.lists(st.lists(TIME, min_size=N_STOPS, max_size=N_STOPS), min_size=N_DEP, max_size=N_DEP),
    st.lists(st.sampled_from([{0: 0, 1: 10}, {0: 0, 1: 5}, {1: 10, 0: 0}, {0: 0, 1: 10, 2: 40}]), max_size=12),
    st.sampled_from([0.1, 0.5, 0.9]),
    st.lists(st.sampled_from([0.0, 15.0, 35.0, np.inf]), min_size=12, max_size=12),
)
def test_places_with_the_same_ways_have_the_answer_of_one_that_is_alone(
    times: list[list[int]], ways: list[dict[int, int]], share: float, limits_s: list[float]
) -> None:
    limit_s, stops = np.array(limits_s[: len(ways)]), np.arange(N_STOPS)
    stations = compare_stations(np.array(times, dtype=np.int32), stops, share, widest_s=3600)
    assert stations.leads is not None
    found = choose_stations(stations, destinations(ways), limit_s)
    alone = [choose_stations(stations, destinations([w]), limit_s[i])[0] for i, w in enumerate(ways)]
    assert found.tolist() == alone


@settings(max_examples=examples(60), deadline=None)
@given(
    st.lists(st.lists(TIME, min_size=N_STOPS, max_size=N_STOPS), min_size=N_DEP, max_size=N_DEP),
    st.lists(WAY, max_size=12),
    st.sampled_from([None, 3600]),
    st.integers(2, 5),
)
def test_any_number_of_threads_has_the_answer_of_one(
    times: list[list[int]], ways: list[dict[int, int]], widest_s: int | None, threads: int
) -> None:
    stations = compare_stations(np.array(times, dtype=np.int32), np.arange(N_STOPS), 0.5, widest_s)
    with limit_threads(1):
        alone = choose_stations(stations, destinations(ways))
    with pytest.MonkeyPatch.context() as patch, limit_threads(threads):
        patch.setattr(egress, "_LEAST_AT_ONCE", 0)
        shared = choose_stations(stations, destinations(ways))
    assert shared.tolist() == alone.tolist()
