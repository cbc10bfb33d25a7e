"""Goals on people and cells, and on how often one can go: small arrays and counts, sums by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.goals.builders import goal
from transit_model.domain.modes import Reading
from transit_model.goals.judge_counts import GridPart, compute_grid_value, judge_frequency, judge_grid
from transit_model.goals.schema import Goal
from transit_model.goals.value import compute_goal_value, compute_worst_part
from transit_model.measure.goal_counts import find_largest_gap_s

PEOPLE = {"from": ["a"], "of": "people"}


def part(name: str, minutes: list[float], weights: list[float]) -> GridPart:
    return GridPart(name, np.array(minutes), np.array(weights, dtype=float))


def on_grid(share: float, **coverage: Any) -> Goal:
    return goal(pairs=None, coverage={**PEOPLE, **coverage}, required_share=share, mode="road")


def test_a_share_of_people() -> None:
    # 100 people at 10 min, 60 at 50, 40 at 90: 160 of 200 within 60; nine tenths need the third cell
    cells = [part("", [90.0, 10.0, 50.0, math.inf], [40, 100, 60, 0])]
    verdict = judge_grid(on_grid(0.8), "base", Reading.TYPICAL, cells, tolerance_share=0.0)
    assert (verdict.verdict, verdict.value_min, verdict.share) == ("met", 50.0, 0.8)
    verdict = judge_grid(on_grid(0.9), "base", Reading.TYPICAL, cells, tolerance_share=0.0)
    assert (verdict.verdict, verdict.value_min, verdict.margin_min) == ("missed", 90.0, -30.0)
    (evidence,) = verdict.as_dict()["evidence"]
    assert (evidence["from"], evidence["to"], evidence["weight"]) == ("a", "grid", 200.0)


def test_each_prefecture_on_the_grid() -> None:
    cells = [part("north", [10.0, 20.0], [1, 1]), part("south", [10.0, 70.0], [3, 1]), part("empty", [5.0], [0])]
    verdict = judge_grid(on_grid(0.75, by="prefecture"), "base", Reading.TYPICAL, cells, tolerance_share=0.0)
    # north needs both: 20; south 3 of 4 within 10; nobody lives in the third
    assert (verdict.verdict, verdict.value_min, verdict.share) == ("met", 20.0, 0.75)
    assert [e.part for e in verdict.evidence] == ["north", "south", "empty"]


def test_what_has_no_cells_cannot_be_told() -> None:
    none = judge_grid(on_grid(0.5), "base", Reading.PROMOTER, None, tolerance_share=0.1)
    assert (none.verdict, "no times of cells" in none.reason) == ("cannot_tell", True)
    nobody = judge_grid(on_grid(0.5), "base", Reading.TYPICAL, [part("", [1.0], [0])], tolerance_share=0.1)
    assert (nobody.verdict, "nobody" in nobody.reason) == ("cannot_tell", True)


cells = st.lists(
    st.tuples(st.integers(0, 200).map(float) | st.just(math.inf), st.integers(0, 9)), min_size=1, max_size=12
)


@given(cells, st.integers(1, 20).map(lambda n: n / 20))
@settings(max_examples=examples(80))
def test_cells_count_as_pairs_do(rows: list[tuple[float, int]], share: float) -> None:
    # the rule of pairs, one by one, is the oracle of the arrays
    expected = compute_goal_value([(m, float(w)) for m, w in rows if w], 60.0, share)
    found = part("", [m for m, _ in rows], [w for _, w in rows]).compute_value(60.0, share)
    assert (found.value_min == expected.value_min) or (math.isnan(found.value_min) and math.isnan(expected.value_min))
    assert found.share == pytest.approx(expected.share, nan_ok=True)
    parts = [part(name, [m for m, _ in rows], [w for _, w in rows]) for name in "xy"]
    both = compute_worst_part([(n, m, float(w)) for n in "xy" for m, w in rows if w], 60.0, share)
    assert compute_grid_value(parts, 60.0, share).value_min == pytest.approx(both.value_min, nan_ok=True)


def often(**frequency: Any) -> Goal:
    return goal(threshold_min=None, judged_on=["door_to_door"], frequency=frequency)


COUNTS = [(("a", "b"), 14.0), (("a", "c"), 9.0)]


@pytest.mark.parametrize(
    ("least", "share", "word", "value", "margin"),
    [(9, 1.0, "met", 9.0, 0.0), (10, 1.0, "missed", 9.0, -1.0), (10, 0.5, "met", 14.0, 4.0)],
)
def test_departures_a_day(least: int, share: float, word: str, value: float, margin: float) -> None:
    one = often(departures_a_day=least).model_copy(update={"required_share": share})
    verdict = judge_frequency(one, "base", Reading.DOOR_TO_DOOR, COUNTS).as_dict()
    assert (verdict["verdict"], verdict["unit"], verdict["limit"]) == (word, "departures", least)
    assert (verdict["value"], verdict["margin"]) == (value, margin)
    assert (verdict["value_min"], verdict["threshold_min"]) == (None, None)  # no minutes
    assert [(e["minutes"], e["value"], e["note"]) for e in verdict["evidence"]] == [
        (None, 14.0, "14 departures"),
        (None, 9.0, "9 departures"),
    ]


def test_the_largest_gap_is_in_minutes() -> None:
    gaps = [(("a", "b"), 45.0), (("a", "c"), math.inf)]
    verdict = judge_frequency(often(largest_gap_min=60), "base", Reading.DOOR_TO_DOOR, gaps)
    assert (verdict.verdict, verdict.threshold_min, verdict.value_min, verdict.share) == ("missed", 60, math.inf, 0.5)
    kept = judge_frequency(often(largest_gap_min=45), "base", Reading.DOOR_TO_DOOR, gaps[:1])
    assert (kept.verdict, kept.margin_min) == ("met", 0.0)


def test_the_last_one_home() -> None:
    one = often(last_departure="21:30")
    assert one.frequency is not None
    assert one.frequency.limit == 21 * 60 + 30
    late = judge_frequency(one, "base", Reading.DOOR_TO_DOOR, [(("a", "b"), 1305.0)]).as_dict()
    assert (late["verdict"], late["margin"], late["evidence"][0]["note"]) == ("met", 15.0, "21:45")
    never = judge_frequency(one, "base", Reading.DOOR_TO_DOOR, [(("a", "b"), -math.inf)]).as_dict()
    assert (never["verdict"], never["evidence"][0]["note"]) == ("missed", "no departure")


def test_other_readings_count_no_departures() -> None:
    verdict = judge_frequency(often(departures_a_day=1), "base", Reading.PROMOTER, None)
    assert (verdict.verdict, verdict.judged) == ("cannot_tell", False)


@pytest.mark.parametrize(
    ("clocks", "gap"),
    [
        ([7, 9, 10], 2),  # 7-9
        ([8, 10], 2),  # 8-10
        ([10], 3),  # from the start of the window
        ([7], 4),  # to its end
        ([5, 12], math.inf),  # none inside
        ([], math.inf),
    ],
)
def test_gaps_lie_inside_the_window(clocks: list[int], gap: float) -> None:
    assert find_largest_gap_s(clocks, 7, 11) == gap
