"""What no ride can beat: by hand, and below every search of random towns."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from tests.examples import examples
from tests.timetable.timetables import Town, towns
from transit_model.timetable.index import build_index
from transit_model.timetable.profile import compute_fastest_ride
from transit_model.timetable.raptor import stop_destinations
from transit_model.timetable.ride_bounds import SLACK_S, RideBounds
from transit_model.units import S_PER_DAY


def test_the_quickest_hops_of_the_day_without_waits() -> None:
    slow = [(0, 0, 0, True, True), (1, 600, 660, True, True), (2, 1200, 1200, True, True)]
    fast = [(0, 5000, 5000, True, True), (1, 5500, 5900, True, True), (2, 6600, 6600, True, True)]
    town = Town(4, trips=[slow, fast], walks=[(2, 3, 120)])
    every = np.arange(4)
    found = RideBounds(build_index(town.arrays())).find(every, every)
    # 500 of the fast train and 540 of the slow one, and the walk; nothing leads back
    assert found[0].tolist() == [0.0, 500.0, 1040.0, 1160.0]
    assert np.isinf(found[3, :3]).all()


@settings(max_examples=examples(200), deadline=None)
@given(towns())
def test_no_search_finds_a_quicker_ride(town: Town) -> None:
    index = build_index(town.arrays())
    every = np.arange(town.n_stops)
    bounds = RideBounds(index)
    bounds.find(every[:1], every)  # a row that is kept, and others that are not
    bounds_s = bounds.find(every, every)
    for stop in range(town.n_stops):
        found = compute_fastest_ride(
            index, [stop], stop_destinations(town.n_stops), start_clock_s=-10, end_clock_s=S_PER_DAY + 10, max_rides=4
        )
        others = np.arange(town.n_stops) != stop
        assert (found.ride_s[others] >= bounds_s[stop, others] - SLACK_S / 2).all()
