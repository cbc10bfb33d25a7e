"""Range search = single search = oracle on random towns."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.routing.oracle import search
from tests.routing.timetables import Town, towns
from transit_model.routing.kernel import build_labels, search_departure
from transit_model.routing.raptor import Access, build_access, build_query, compute_arrivals, stop_destinations
from transit_model.routing.timetable import build_index


def access_of(town: Town, seconds: dict[int, int]) -> Access:
    kept = {s: t for s, t in seconds.items() if s < town.n_stops}
    return build_access(list(kept), list(kept.values()))


@settings(max_examples=300, deadline=None)
@given(towns(), st.dictionaries(st.integers(0, 5), st.integers(0, 5), max_size=3), st.integers(1, 6))
def test_range_search_equals_single_search_equals_oracle(town: Town, seconds: dict[int, int], rides: int) -> None:
    index, access = build_index(town.arrays()), access_of(town, seconds)
    clocks = np.array([-3, 0, 1, 2, 5, 9, 14, 20, 40, 86_390, 86_405], np.int32)
    window = compute_arrivals(index, access, clocks, max_rides=rides)
    for row, clock in zip(window, clocks.tolist(), strict=True):
        labels = build_labels(index, rides)
        query = build_query(index, access, stop_destinations(town.n_stops), rides)
        search_departure(index, labels, query, clock)
        single = compute_arrivals(index, access, [clock], max_rides=rides)[0]
        slow = search(town, dict(zip(access.stop_idx.tolist(), access.time_s.tolist(), strict=True)), clock, rides)
        np.testing.assert_array_equal(row, single)
        np.testing.assert_array_equal(row, [label[0] for label in slow])
        spread = [sum(h << (48 - 16 * i) for i, h in enumerate(label[1])) for label in slow]
        np.testing.assert_array_equal(labels.vehicle_x[:, -1], spread)
