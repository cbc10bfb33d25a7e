"""The formulas on arrays, as cells of a grid have them: hand sums, and slow loops beside them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.examples import examples
from transit_model.errors import InputError
from transit_model.indicators.airport_catchment import count_catchments
from transit_model.indicators.ambulance_border import find_responses
from transit_model.indicators.service_span import find_span

INF = math.inf
TIMES = st.sampled_from([0.0, 600.0, 1200.0, 1800.0, INF])


def test_of_equally_near_airports_the_first_has_the_people() -> None:
    time_s = np.array([[[600.0, 1800.0], [INF, 60.0]], [[600.0, 1200.0], [INF, INF]]])
    people = np.array([[1.0, 10.0], [100.0, 1000.0]])
    found = count_catchments(time_s, people, 1800)
    assert found.within.tolist() == [1011, 11]  # 1 + 10 + 1000, 1 + 10
    assert found.nearest.tolist() == [1001, 10]  # both 600 s from the 1: the first; the 10 are 1200 from the second
    assert found.of_any == 1011
    assert count_catchments(time_s, people, 1199).nearest.tolist() == [1001, 0]


def test_airports_before_and_after_the_move() -> None:
    # 100, 50 and 25 people, in this order: seconds to Baita, Shengle and Baotou
    baita, shengle, baotou = [1200.0, 7000.0, 9000.0], [3000.0, 5000.0, 9000.0], [6000.0, 3600.0, INF]
    people = np.array([100.0, 50.0, 25.0])
    before, after = np.array([baita, baotou]), np.array([shengle, baotou])
    found = count_catchments(before, people, 3600)
    assert (found.within[0], found.nearest[0], found.of_any) == (100, 100, 150)
    found = count_catchments(after, people, 5400)
    assert (found.within[0], found.nearest[0]) == (150, 100)  # the 50 are nearer to Baotou
    assert count_catchments(after, people, 3600).of_any == 150
    for times in (before, after):
        for cutoff_s in (3600, 5400):
            found = count_catchments(times, people, cutoff_s)
            assert found.nearest.sum() == found.of_any


@given(arrays(np.float64, (3, 6), elements=TIMES), arrays(np.float64, 6, elements=st.integers(0, 9)), TIMES)
@settings(max_examples=examples(200))
def test_catchments_cell_by_cell(time_s: np.ndarray, people: np.ndarray, cutoff_s: float) -> None:
    within, nearest, anyone = np.zeros(3), np.zeros(3), 0.0
    for cell in range(6):
        column = time_s[:, cell].tolist()
        for airport, seconds in enumerate(column):
            if seconds <= cutoff_s:
                within[airport] += people[cell]
                if airport == column.index(min(column)):
                    nearest[airport] += people[cell]
        anyone += people[cell] if min(column) <= cutoff_s else 0.0
    found = count_catchments(time_s, people, cutoff_s)
    assert (found.within.tolist(), found.nearest.tolist()) == (within.tolist(), nearest.tolist())
    assert found.of_any == anyone == found.nearest.sum()


def test_a_span_by_hand() -> None:
    holds = np.array([[False, False], [True, False], [True, False], [False, False], [False, False], [True, False]])
    found = find_span(holds)
    assert found.first.tolist() == [1, -1]
    assert found.last.tolist() == [5, -1]
    assert found.longest_gap.tolist() == [2, 6]


def test_a_span_on_the_clock() -> None:
    # 07:00 to 10:00 every 30 min; one hour is met at 07:30, 08:00 and 10:00: three of seven, 08:30 to 09:30 without
    times_s = np.array([4000, 3600, 1800, 3601, INF, 9000, 0])
    found = find_span((times_s <= 3600)[:, None])
    assert 7 + found.first[0] / 2 == 7.5
    assert 7 + found.last[0] / 2 == 10
    assert found.longest_gap[0] == 3
    # no useful train has no first one; where each is useful there is no gap
    found = find_span(np.array([[False, True]] * 3))
    assert (found.first.tolist(), found.longest_gap.tolist()) == ([-1, 0], [3, 0])
    # midnight is a departure like any other
    found = find_span(np.array([[True], [False]]))
    assert (found.first[0], found.last[0]) == (0, 0)


@given(st.lists(st.booleans(), min_size=1, max_size=12))
@settings(max_examples=examples(200))
def test_spans_as_read_from_a_text(holds: list[bool]) -> None:
    text = "".join("x" if h else "." for h in holds)
    found = find_span(np.array(holds)[:, None])
    assert (found.first[0], found.last[0]) == (text.find("x"), text.rfind("x"))
    assert found.longest_gap[0] == max(len(gap) for gap in text.split("x"))


def test_the_neighbour_is_sooner_but_for_the_border() -> None:
    travel_s = np.array([[2400.0, INF], [600.0, 300.0]])  # stations of A and B to a place of A and one of nobody
    own = np.array([[True, False], [False, False]])
    found = find_responses(travel_s, own, turnout_s=180, border_delay_s=120)
    assert found.own_s.tolist() == [2580, INF]
    assert found.any_s.tolist() == [900, 600]  # 600 + 180 + 120, 300 + 180 + 120
    assert found.any_row.tolist() == [1, 1]
    closed = find_responses(travel_s, own, turnout_s=180, border_delay_s=INF)
    assert closed.any_s.tolist() == closed.own_s.tolist()


def test_ambulance_of_the_neighbour() -> None:
    # x and y lie in A and B, z and w in C, which has no station. x: own ambulance 40 min, the neighbour's 10 min.
    travel_s = np.array([[2400.0, 3000.0, 1200.0, INF], [600.0, 300.0, INF, INF]])
    own = np.array([[True, False, False, False], [False, True, False, False]])
    found = find_responses(travel_s, own, turnout_s=180, border_delay_s=120)
    assert found.own_s.tolist() == [2580, 480, INF, INF]
    assert found.any_s.tolist() == [900, 480, 1500, INF]
    assert found.own_row[:2].tolist() == [0, 1]
    assert found.any_row[:3].tolist() == [1, 1, 0]
    people = np.array([100.0, 200.0, 40.0, 60.0])
    assert people[found.own_s <= 1200].sum() == 200
    assert people[found.any_s <= 1200].sum() == 300
    assert people[found.any_s <= 1800].sum() == 340
    # nobody may cross: both rules agree
    closed = find_responses(travel_s, own, turnout_s=180, border_delay_s=INF)
    assert closed.own_s.tolist() == closed.any_s.tolist()


@pytest.mark.parametrize(("turnout_s", "border_delay_s"), [(-1.0, 0.0), (0.0, -1.0), (INF, 0.0), (math.nan, 0.0)])
def test_delays_that_cannot_be(turnout_s: float, border_delay_s: float) -> None:
    with pytest.raises(InputError):
        find_responses(
            np.zeros((1, 1)), np.ones((1, 1), dtype=bool), turnout_s=turnout_s, border_delay_s=border_delay_s
        )
