"""Goals towards a place, in both directions, from groups, and in each prefecture: hand-made times."""

from __future__ import annotations

import math

import pytest

from tests.goals.builders import goal, judge
from transit_model.goals.judge import TimeFacts, list_needed_pairs

# out a-b 40, a-c 70; back b-a 65, c-a 50
TIMES = {("a", "b"): 40.0, ("a", "c"): 70.0, ("b", "a"): 65.0, ("c", "a"): 50.0}


@pytest.mark.parametrize(
    ("direction", "value", "share"),
    [
        ("from", 70.0, 0.5),  # 40 and 70: one of two within 60
        ("towards", 65.0, 0.5),  # 65 and 50
        ("both", 70.0, 0.0),  # max(40, 65) and max(70, 50): neither
    ],
)
def test_pairs_have_a_direction(direction: str, value: float, share: float) -> None:
    verdict = judge(goal(pairs={"hub": "a", "to": ["b", "c"], "direction": direction}), TIMES)
    assert (verdict.verdict, verdict.value_min, verdict.share) == ("missed", value, share)


def test_evidence_tells_the_journey_that_counts() -> None:
    verdict = judge(goal(pairs={"hub": "a", "to": ["b", "c"], "direction": "both"}), TIMES)
    assert [(e.origin, e.destination, e.minutes) for e in verdict.evidence] == [("b", "a", 65.0), ("a", "c", 70.0)]


def test_only_the_pairs_of_the_direction_are_measured() -> None:
    towards = goal(pairs={"hub": "a", "to": ["b"], "direction": "towards"})
    both = goal(pairs=None, coverage={"from": ["a"], "to": "seats", "direction": "both"})
    groups = {"seats": ("b", "c")}
    assert list_needed_pairs([towards], groups) == [("b", "a", "rail")]
    assert [p[:2] for p in list_needed_pairs([both], groups)] == [("a", "b"), ("b", "a"), ("a", "c"), ("c", "a")]


def test_who_can_reach_the_nearest_of_two_hospitals() -> None:
    times = {("s1", "h1"): 70.0, ("s1", "h2"): 55.0, ("s2", "h1"): 61.0, ("s2", "h2"): math.inf}
    coverage = {"from": ["h1", "h2"], "to": "seats", "weight": "population", "direction": "towards"}
    one = goal(pairs=None, coverage=coverage, required_share=0.75)
    verdict = judge(one, times, seats=("s1", "s2"), weights={"s1": 300.0, "s2": 100.0})
    # s1 is 55 min from the nearer one; s2 61 min: 300 of 400 people within 60
    assert (verdict.verdict, verdict.value_min, verdict.share) == ("met", 55.0, 0.75)
    assert [(e.origin, e.destination) for e in verdict.evidence] == [("s1", "h2"), ("s2", "h1")]


def test_groups_stand_among_origins_and_ends() -> None:
    coverage = {"from": ["seats"], "to": ["b"]}
    assert list_needed_pairs([goal(pairs=None, coverage=coverage)], {"seats": ("a", "c")}) == [
        ("a", "b", "rail"),
        ("c", "b", "rail"),
    ]
    star = goal(pairs={"hub": "a", "to": ["seats"]})
    assert [p[:2] for p in list_needed_pairs([star], {"seats": ("a", "b", "c")})] == [("a", "b"), ("a", "c")]


def test_each_prefecture_must_have_its_share() -> None:
    times = {("a", "n1"): 30.0, ("a", "n2"): 50.0, ("a", "s1"): 55.0, ("a", "s2"): 80.0}
    coverage = {"from": ["a"], "to": "seats"}
    seats = ("n1", "n2", "s1", "s2")
    north = TimeFacts(find_prefecture=lambda place: "north" if place.startswith("n") else "south")
    whole = judge(goal(pairs=None, coverage=coverage, required_share=0.75), times, seats=seats, facts=north)
    # three of four within 60
    assert (whole.verdict, whole.value_min, whole.share) == ("met", 55.0, 0.75)
    by = goal(pairs=None, coverage={**coverage, "by": "prefecture"}, required_share=0.75)
    verdict = judge(by, times, seats=seats, facts=north)
    # north: both, 50 min binds; south: 1 of 2, and three quarters need both: 80 min
    assert (verdict.verdict, verdict.value_min, verdict.share) == ("missed", 80.0, 0.5)
    assert [e.part for e in verdict.evidence] == ["north", "north", "south", "south"]
    half = judge(by.model_copy(update={"required_share": 0.5}), times, seats=seats, facts=north)
    assert (half.verdict, half.value_min) == ("met", 55.0)
