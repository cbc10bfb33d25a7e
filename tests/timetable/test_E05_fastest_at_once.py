"""The fastest ride of a day by one sweep: as if each departure were searched alone, clock and all."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.timetable.timetables import Town, towns
from transit_model.store.jit import INF_S
from transit_model.timetable.index import build_index
from transit_model.timetable.profile import compute_fastest_ride, find_departure_events
from transit_model.timetable.raptor import build_access, search_window, stop_destinations, to_seconds


@settings(max_examples=examples(200), deadline=None)
@given(towns(), st.integers(0, 5), st.integers(1, 6))
def test_the_fastest_ride_is_the_least_of_single_departures(town: Town, start: int, rides: int) -> None:
    index, to = build_index(town.arrays()), stop_destinations(town.n_stops)
    access = build_access([start % town.n_stops], [0.0])
    span = {"start_clock_s": 0, "end_clock_s": 120}
    found = compute_fastest_ride(index, access.stop_idx, to, **span, max_rides=rides)
    clocks = find_departure_events(index, access, *span.values(), phase=None)
    if not len(clocks):
        assert np.isinf(found.ride_s).all()
        return
    # one departure at a time no label of a later one can hide anything
    alone = np.concatenate(
        [search_window(index, access, [clock], to, max_rides=rides, best_case=True)[0] for clock in clocks.tolist()]
    )
    least = alone.min(axis=0)
    np.testing.assert_array_equal(found.ride_s, to_seconds(least))
    np.testing.assert_array_equal(found.depart_clock_s, np.where(least < INF_S, clocks[alone.argmin(axis=0)], np.nan))
