"""Added service lengthens no percentile in any reading, and a line waits alike whatever else runs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.timetable.arrivals import compute_arrivals
from tests.timetable.timetables import Line, Town, towns
from transit_model.timetable.egress import compute_egress_percentile
from transit_model.timetable.index import TimetableIndex, build_index
from transit_model.timetable.profile import compute_fastest_ride
from transit_model.timetable.raptor import (
    build_access,
    build_destinations,
    compute_window,
    search_window,
    stop_destinations,
)

CLOCKS = np.array([*range(-5, 31), 86_400], np.int32)
QUANTILES = (0.1, 0.5, 0.9)


def measure(index: TimetableIndex) -> list[np.ndarray]:
    """Return what the readings are made of: percentiles to stops and to places behind them, arrivals, fastest rides."""
    access, stops = build_access([0], [1]), stop_destinations(index.n_stops)
    window = compute_window(index, access, CLOCKS, stops, quantiles=QUANTILES)
    samples, _ = search_window(index, access, CLOCKS, stops)
    places = build_destinations(
        [build_access(np.arange(index.n_stops), np.arange(index.n_stops) * k) for k in range(3)]
    )
    behind = [compute_egress_percentile(samples, places, quantile) for quantile in QUANTILES]
    fastest = compute_fastest_ride(index, [0], stops, start_clock_s=-5, end_clock_s=86_500)
    arrivals = compute_arrivals(index, access, CLOCKS[:3])
    return [window.percentile_s, window.min_s, 1 - window.reached_share, np.array(behind), fastest.ride_s, arrivals]


def join(town: Town, more: Town) -> tuple[Town, Town]:
    n = max(town.n_stops, more.n_stops)
    change = {**more.change, **town.change}
    small = replace(town, n_stops=n, change=change)
    walks = [*town.walks, *more.walks]
    return small, Town(n, [*town.trips, *more.trips], [*town.lines, *more.lines], change, walks)


@settings(max_examples=examples(150), deadline=None)
@given(towns(), towns())
def test_more_service_lengthens_nothing(town: Town, more: Town) -> None:
    small, large = join(town, more)
    for before, after in zip(measure(build_index(small.arrays())), measure(build_index(large.arrays())), strict=True):
        assert (after <= before).all()


@settings(max_examples=examples(60), deadline=None)
@given(towns(headways=False), st.integers(0, 2**63 - 1), st.integers(20, 4000))
def test_a_headway_line_lengthens_nothing_among_trains(town: Town, seed: int, often: int) -> None:
    line = Line([0, town.n_stops - 1], [0, 7], [0, 7], 0, 5000, often, seed=seed)
    large = replace(town, lines=[line])
    for before, after in zip(measure(build_index(town.arrays())), measure(build_index(large.arrays())), strict=True):
        assert (after <= before).all()


@settings(max_examples=examples(60), deadline=None)
@given(towns(), st.integers(0, 2**63 - 1))
def test_a_line_waits_alike_in_every_scenario(other: Town, seed: int) -> None:
    """Beside a network that does not touch its stops, before and behind it in the arrays."""
    mine = Line([0, 1], [0, 9], [0, 9], -100, 90_000, 300, seed=seed)
    alone = search_window(
        build_index(Town(2, lines=[mine]).arrays()), build_access([0], [1]), CLOCKS, stop_destinations(2)
    )[0]
    far = [replace(line, stops=[s + 2 for s in line.stops]) for line in other.lines]
    trips = [[(call[0] + 2, *call[1:]) for call in trip] for trip in other.trips]
    for lines in ([mine, *far], [*far, mine]):
        town = Town(other.n_stops + 2, trips, lines)
        found, _ = search_window(build_index(town.arrays()), build_access([0], [1]), CLOCKS, stop_destinations(2))
        np.testing.assert_array_equal(found, alone)


def test_the_same_trip_id_has_the_same_phase() -> None:
    from transit_model.network.timetable_arrays import seed_phase

    # blake2b of the id, 63 bits: of nothing else, and different for the two directions of a project
    assert seed_phase("hubao_hsr:out") == seed_phase("hubao_hsr:out")
    assert seed_phase("hubao_hsr:out") != seed_phase("hubao_hsr:back")
