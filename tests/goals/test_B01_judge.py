"""Verdicts by hand: the threshold is 60 minutes unless said otherwise."""

from __future__ import annotations

import json
import math

import pandas as pd
import pytest

from tests.goals.builders import coverage_goal, goal, judge, table
from transit_model.domain.modes import Reading
from transit_model.goals.judge import TimeFacts, list_needed_pairs

pytestmark = pytest.mark.smoke

STAR = goal(pairs={"hub": "a", "to": ["b", "c", "d"]})


def test_met_with_the_binding_pair() -> None:
    # all three pairs must hold: the slowest, 55, binds; 60 - 55 = 5 to spare; 3 of 3 within
    verdict = judge(STAR, {("a", "b"): 40.0, ("a", "c"): 55.0, ("a", "d"): 0.0})
    assert (verdict.verdict, verdict.value_min, verdict.margin_min, verdict.share) == ("met", 55.0, 5.0, 1.0)
    assert [(e.destination, e.margin_min) for e in verdict.evidence] == [("b", 20.0), ("c", 5.0), ("d", 60.0)]


def test_missed_by_the_slowest_pair() -> None:
    # 60 - 101 = -41; two of three within
    verdict = judge(STAR, {("a", "b"): 59.0, ("a", "c"): 37.0, ("a", "d"): 101.0})
    assert (verdict.verdict, verdict.value_min, verdict.margin_min) == ("missed", 101.0, -41.0)
    assert verdict.share == pytest.approx(2 / 3)


def test_exactly_the_threshold_is_met() -> None:
    assert judge(goal(), {("a", "b"): 60.0}).verdict == "met"  # without a tolerance nothing is borderline
    assert judge(goal(), {("a", "b"): 60.001}).verdict == "missed"


@pytest.mark.parametrize(
    ("minutes", "word"),
    [
        (47.9, "met"),  # 60 - 47.9 = 12.1 > 0.25 x 47.9 = 11.975
        (48.0, "borderline"),  # 60 - 48 = 12 = 0.25 x 48
        (60.0, "borderline"),
        (80.0, "borderline"),  # 80 - 60 = 20 = 0.25 x 80
        (80.1, "missed"),  # 20.1 > 20.025
    ],
)
def test_borderline_within_a_share_of_the_value(minutes: float, word: str) -> None:
    assert judge(goal(), {("a", "b"): minutes}, tolerance=0.25).verdict == word


@pytest.mark.parametrize(
    ("minutes", "word", "margin"), [(59.0, "met", 1.0), (60.0, "met", 0.0), (61.0, "missed", -1.0)]
)
def test_printed_minutes_are_never_borderline(minutes: float, word: str, margin: float) -> None:
    exact = TimeFacts(is_exact=lambda *pair: pair == ("a", "b", minutes))
    verdict = judge(goal(), {("a", "b"): minutes}, tolerance=0.02, facts=exact)
    assert (verdict.verdict, verdict.margin_min) == (word, margin)
    assert judge(goal(), {("a", "b"): minutes}, tolerance=0.02).verdict == "borderline"


def test_one_uncertain_pair_near_the_threshold_keeps_it_borderline() -> None:
    # b is printed, c is not: 59 may be 60.1 as well; d is far from the threshold and does not matter
    exact = TimeFacts(is_exact=lambda _, to, __: to == "b")
    times = {("a", "b"): 59.0, ("a", "c"): 59.0, ("a", "d"): 20.0}
    assert judge(STAR, times, tolerance=0.02, facts=exact).verdict == "borderline"
    assert judge(STAR, {**times, ("a", "c"): 30.0}, tolerance=0.02, facts=exact).verdict == "met"


def test_a_place_that_the_timetable_does_not_list_cannot_be_told() -> None:
    untold = TimeFacts(tell_untold=lambda place: "boards without b" if place == "b" else "")
    verdict = judge(goal(), {("a", "b"): math.inf}, facts=untold)
    assert (verdict.verdict, verdict.reason) == ("cannot_tell", "boards without b")
    assert judge(goal(pairs={"pairs": [["b", "a"]]}), {("b", "a"): math.inf}, facts=untold).verdict == "cannot_tell"
    # where there is a time it counts, and of a place that is listed no journey is no journey
    assert judge(goal(), {("a", "b"): 50.0}, facts=untold).verdict == "met"
    assert judge(STAR, {("a", t): math.inf if t == "c" else 1.0 for t in "bcd"}, facts=untold).verdict == "missed"
    # in a share it stays open only where the verdict hangs on it
    times = {("a", "p"): 10.0, ("a", "q"): 50.0, ("a", "b"): math.inf}
    assert judge(coverage_goal(0.6), times, seats=("p", "q", "b"), facts=untold).verdict == "met"
    assert judge(coverage_goal(0.7), times, seats=("p", "q", "b"), facts=untold).verdict == "cannot_tell"


def test_zero_is_a_time() -> None:
    verdict = judge(goal(), {("a", "b"): 0.0}, tolerance=0.1)
    assert (verdict.verdict, verdict.value_min, verdict.margin_min) == ("met", 0.0, 60.0)


def test_unreachable_is_missed_and_null() -> None:
    verdict = judge(STAR, {("a", "b"): 40.0, ("a", "c"): math.inf, ("a", "d"): 50.0}, tolerance=0.1)
    assert verdict.verdict == "missed"
    assert verdict.share == pytest.approx(2 / 3)
    plain = verdict.as_dict()
    assert (plain["value_min"], plain["margin_min"]) == (None, None)
    assert plain["evidence"][1]["minutes"] is None
    json.dumps(plain, allow_nan=False)


def test_an_unmeasured_pair_cannot_tell() -> None:
    times = table({("a", "b"): 40.0, ("a", "c"): 90.0, ("a", "d"): math.nan}, note="no timetable")
    verdict = judge(STAR, times)
    assert (verdict.verdict, verdict.reason) == ("cannot_tell", "no timetable")
    assert verdict.as_dict()["value_min"] is None
    assert verdict.as_dict()["share"] is None


def test_an_absent_row_cannot_tell() -> None:
    verdict = judge(STAR, {("a", "b"): 40.0, ("a", "c"): 50.0})
    assert (verdict.verdict, verdict.reason) == ("cannot_tell", "not measured")
    assert judge(goal(), {}).verdict == "cannot_tell"


def test_rows_of_other_scenarios_modes_and_readings_do_not_count() -> None:
    others = [
        table({("a", "b"): 1.0}).assign(**{column: value})
        for column, value in [("scenario", "plan"), ("mode", "road"), ("reading", "promoter")]
    ]
    verdict = judge(goal(), pd.concat([*others, table({("a", "b"): 70.0}), *others]))
    assert verdict.value_min == 70.0


def test_share_by_count_with_the_required_quantile() -> None:
    # sorted 10, 30, 50, 70, inf: 3 of 5 within 60. A share of 0.6 needs the third, 50; 0.61 the fourth, 70
    times = {("a", "p"): 50.0, ("a", "q"): 10.0, ("a", "r"): 70.0, ("a", "s"): 30.0, ("a", "t"): math.inf}
    seats = ("p", "q", "r", "s", "t")
    for share, value, word in [(0.6, 50.0, "met"), (0.61, 70.0, "missed"), (0.8, 70.0, "missed"), (0.2, 10.0, "met")]:
        verdict = judge(coverage_goal(share), times, seats=seats)
        assert (verdict.verdict, verdict.value_min, verdict.share) == (word, value, 0.6)
    assert judge(coverage_goal(1.0), times, seats=seats).value_min == math.inf


def test_share_by_population() -> None:
    # p 100, q 300, r 600 people at 20, 50, 90 minutes: (100 + 300) / 1000 = 0.4 within 60
    # run of weights: 0.1 at 20, 0.4 at 50, 1.0 at 90
    times = {("a", "p"): 20.0, ("a", "q"): 50.0, ("a", "r"): 90.0}
    weights = {"p": 100.0, "q": 300.0, "r": 600.0, "elsewhere": 1e6}
    for share, value, word in [(0.1, 20.0, "met"), (0.4, 50.0, "met"), (0.41, 90.0, "missed")]:
        one = coverage_goal(share, weight="population")
        verdict = judge(one, times, seats=("p", "q", "r"), weights=weights)
        assert (verdict.verdict, verdict.value_min) == (word, value)
        assert verdict.share == pytest.approx(0.4)
    assert [e.weight for e in verdict.evidence] == [100.0, 300.0, 600.0]


def test_a_place_without_population_does_not_weigh() -> None:
    one = coverage_goal(1.0, weight="population")
    verdict = judge(one, {("a", "p"): 20.0, ("a", "q"): 90.0}, seats=("p", "q"), weights={"p": 5.0})
    assert (verdict.verdict, verdict.share) == ("met", 1.0)
    assert judge(one, {("a", "p"): 20.0}, seats=("p",)).verdict == "cannot_tell"


def test_the_nearest_of_several_origins_counts() -> None:
    one = coverage_goal(1.0, origins=("a", "b"))
    times = {("a", "p"): 90.0, ("b", "p"): 40.0, ("a", "q"): 30.0, ("b", "q"): math.inf}
    verdict = judge(one, times, seats=("p", "q"))
    assert [(e.origin, e.destination, e.minutes) for e in verdict.evidence] == [("b", "p", 40.0), ("a", "q", 30.0)]
    assert (verdict.verdict, verdict.value_min) == ("met", 40.0)


def test_an_origin_without_a_time_never_hides() -> None:
    one = coverage_goal(1.0, origins=("a", "b"))
    # a meets it whatever b would be
    assert judge(one, {("a", "p"): 40.0, ("b", "p"): math.nan}, seats=("p",)).verdict == "met"
    # a misses, or is out of reach: b might have met it
    assert judge(one, {("a", "p"): 70.0}, seats=("p",)).verdict == "cannot_tell"
    assert judge(one, {("a", "p"): math.inf}, seats=("p",)).verdict == "cannot_tell"


def test_a_place_without_a_time_never_hides_in_a_share() -> None:
    # p and q within 60, r unknown: 2 of 3 at least, so 0.6 is met whatever r is, 0.7 hangs on r
    times = {("a", "p"): 10.0, ("a", "q"): 50.0, ("a", "r"): math.nan}
    seats = ("p", "q", "r")
    sure = judge(coverage_goal(0.6), times, seats=seats)
    assert (sure.verdict, sure.value_min) == ("met", 50.0)
    assert sure.share == pytest.approx(2 / 3)
    assert sure.reason == "1 of 3 places without a time, counted as out of reach"
    open_ = judge(coverage_goal(0.7), times, seats=seats)
    assert (open_.verdict, open_.reason) == ("cannot_tell", "the verdict hangs on places without a time: r")
    # and missed stays missed: even with r within reach only 2 of 3
    times = {("a", "p"): 10.0, ("a", "q"): 99.0, ("a", "r"): math.nan}
    assert judge(coverage_goal(1.0), times, seats=seats).verdict == "missed"


def test_groups_and_places_mix_in_a_list() -> None:
    one = coverage_goal(1.0, to=["seats", "z"])
    verdict = judge(one, {("a", "p"): 10.0, ("a", "z"): 20.0}, seats=("p",))
    assert [e.destination for e in verdict.evidence] == ["p", "z"]
    assert verdict.value_min == 20.0


def test_readings_that_the_wording_cannot_mean_are_marked() -> None:
    assert judge(goal(), {("a", "b"): 10.0}).judged
    shown = judge(goal(), table({("a", "b"): 10.0}).assign(reading="promoter"), reading=Reading.PROMOTER)
    assert (shown.verdict, shown.judged) == ("met", False)


def test_an_unmeasurable_goal_says_why() -> None:
    plain = goal(pairs=None, mode=None, threshold_min=None, judged_on=None, unmeasurable={"zh": "无", "en": "a card"})
    verdict = judge(plain, {})
    assert (verdict.verdict, verdict.reason, verdict.evidence) == ("cannot_tell", "a card", ())
    assert verdict.as_dict()["threshold_min"] is None
    assert list_needed_pairs([plain], {}) == []


def test_via_and_note_reach_the_evidence_and_empty_cells_do_not() -> None:
    verdict = judge(goal(), table({("a", "b"): 52.0}, via="呼和浩特 - 包头东", note=float("nan")))
    plain = verdict.as_dict()["evidence"]
    assert plain == [
        {
            "from": "a",
            "to": "b",
            "minutes": 52.0,
            "margin_min": 8.0,
            "weight": 1.0,
            "via": "呼和浩特 - 包头东",
            "note": "",
        }
    ]


def test_needed_pairs_come_once_in_order() -> None:
    goals = [
        goal(pairs={"all_of": ["a", "b", "c"]}),
        goal(pairs={"pairs": [["b", "c"], ["c", "a"]]}),
        goal(mode="road", pairs={"pairs": [["b", "c"]]}),
        coverage_goal(0.5, origins=("a", "c"), to="seats"),
    ]
    assert list_needed_pairs(goals, {"seats": ["b"]}) == [
        ("a", "b", "rail"),
        ("a", "c", "rail"),
        ("b", "c", "rail"),
        ("c", "a", "rail"),
        ("b", "c", "road"),
        ("c", "b", "rail"),
    ]
