"""Percentiles at places behind stations against the plain way: every departure's soonest station, then the rank."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transit_model.routing.egress import compute_egress_percentile
from transit_model.routing.frequency import compute_percentiles
from transit_model.routing.jit import INF_S
from transit_model.routing.kernel import add_headway
from transit_model.routing.raptor import Destinations

N_STOPS, N_DEP = 4, 6
TIME = st.sampled_from([0, 10, 20, 30, 60, 61, INF_S])
WAY = st.dictionaries(st.integers(0, N_STOPS - 1), st.sampled_from([0, 5, 10, 40]), max_size=N_STOPS)


def destinations(ways: list[dict[int, int]]) -> Destinations:
    ptr = np.cumsum([0, *(len(w) for w in ways)]).astype(np.int32)
    stops = np.array([s for w in ways for s in w], dtype=np.int32)
    return Destinations(ptr, stops, np.array([t for w in ways for t in w.values()], dtype=np.int32))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.lists(TIME, min_size=N_STOPS, max_size=N_STOPS), min_size=N_DEP, max_size=N_DEP),
    st.lists(WAY, min_size=1, max_size=5),
    st.sampled_from([0.1, 0.5, 0.9]),
    st.sampled_from([None, 0, 2]),
)
def test_it_is_the_percentile_of_the_soonest_station(
    times: list[list[int]], ways: list[dict[int, int]], share: float, waiting: int | None
) -> None:
    travel_s = np.array(times, dtype=np.int32)
    spread = None
    if waiting is not None:  # one line by headway, 20 s of mean wait in its times
        spread = np.zeros(travel_s.shape, dtype=np.int64)
        spread[:, waiting] = np.where(travel_s[:, waiting] < INF_S, add_headway(0, 40), 0)
        travel_s[:, waiting] = np.where(travel_s[:, waiting] < INF_S, travel_s[:, waiting] + 20, INF_S)
    found = compute_egress_percentile(travel_s, spread, destinations(ways), share)
    soonest = np.full((N_DEP, len(ways)), INF_S, dtype=np.int32)
    waits = np.zeros(soonest.shape, dtype=np.int64)
    for p, way in enumerate(ways):
        for stop, more in way.items():
            for d in range(N_DEP):
                if travel_s[d, stop] == INF_S:
                    continue
                key = (travel_s[d, stop] + more, 0 if spread is None else spread[d, stop])
                soonest[d, p], waits[d, p] = min((soonest[d, p], waits[d, p]), key)
    expected = compute_percentiles(soonest, None if spread is None else waits, np.array([share]))[0]
    assert found == pytest.approx(expected, abs=2e-6)


def test_a_place_without_a_station_is_not_reached() -> None:
    # two departures, 100 s and 40 s to the only stop, 7 s from there: the median rank of two is the first, 47 s
    travel_s = np.array([[100], [40]], dtype=np.int32)
    found = compute_egress_percentile(travel_s, None, destinations([{}, {0: 7}]), 0.5)
    assert found.tolist() == [np.inf, 47.0]
