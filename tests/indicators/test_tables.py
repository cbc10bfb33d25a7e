"""Hand-computed values of the indicators on tidy tables, and what wrong input gets."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.indicators.decays import (
    build_binary_decay,
    build_exponential_decay,
    build_gaussian_decay,
    build_linear_decay,
    build_power_decay,
)
from transit_model.errors import InputError
from transit_model.indicators.cumulative_opportunities import compute_cumulative_opportunities
from transit_model.indicators.daily_accessibility import compute_daily_accessibility
from transit_model.indicators.decay import (
    build_stepped_decay,
)
from transit_model.indicators.economic_potential import compute_economic_potential
from transit_model.indicators.floating_catchment import compute_floating_catchment
from transit_model.indicators.nearest_facility import compute_catchments, find_nearest_facilities
from transit_model.indicators.travel_table import check_travel
from transit_model.indicators.weighted_mean_travel_time import compute_weighted_mean_travel_time


def travel(rows: list[tuple[str, str, float]], **labels: str) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["from", "to", "time_s"]).assign(**labels)


def table(name: str, **values: float) -> pd.DataFrame:
    return pd.DataFrame({"id": list(values), name: list(values.values())})


# a - b 30 min, a - c 60 min, b - c 90 min, d reaches nobody
ROWS = [
    ("a", "b", 1800.0), ("a", "c", 3600.0), ("a", "d", math.inf),
    ("b", "a", 1800.0), ("b", "c", 5400.0), ("b", "d", math.inf),
    ("c", "a", 3600.0), ("c", "b", 5400.0), ("c", "d", math.inf),
    ("d", "a", math.inf), ("d", "b", math.inf), ("d", "c", math.inf),
]  # fmt: skip
MASS = table("mass", a=100, b=300, c=100, d=0)


def test_minutes_and_seconds_are_read_alike_and_empty_is_unreachable() -> None:
    minutes = pd.DataFrame({"from": ["a", "b"], "to": ["b", "a"], "minutes": [30.0, None]})
    assert check_travel(minutes)["time_s"].tolist() == [1800.0, math.inf]
    assert check_travel(travel(ROWS))["time_s"].tolist()[:3] == [1800.0, 3600.0, math.inf]


@pytest.mark.parametrize(("bad", "codes"), [
    (pd.DataFrame({"from": ["a"]}), ["missing_column", "missing_column"]),
    (travel([("a", "b", -1.0)]), ["bad_time"]),
    (travel([("a", "b", math.nan)]), ["bad_time"]),
    (pd.DataFrame({"from": ["a"], "to": ["b"], "minutes": ["soon"]}), ["bad_time"]),
    (travel([("a", "b", 1.0), ("a", "b", 2.0)]), ["duplicate_pair"]),
    (travel([("", "b", 1.0)]), ["empty_id"]),
    (travel([("a", "b", -1.0), ("c", "b", -1.0), ("", "b", 1.0)]), ["bad_time", "bad_time", "empty_id"]),
])  # fmt: skip
def test_bad_travel_tables_are_issues(bad: pd.DataFrame, codes: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        check_travel(bad)
    assert [issue.code for issue in caught.value.issues] == codes


def test_many_bad_rows_are_counted_not_listed() -> None:
    with pytest.raises(InputError) as caught:
        check_travel(travel([(str(i), "x", -1.0) for i in range(20)]))
    assert len(caught.value.issues) == 5
    assert "15 more rows" in caught.value.issues[-1].message
    assert caught.value.issues[0].line == 2


def test_cumulative_opportunities() -> None:
    found = compute_cumulative_opportunities(travel(ROWS), MASS, [3600, 1799, 6000], value="mass")
    a = found[found["from"] == "a"]
    assert a["cutoff_s"].tolist() == [1799, 3600, 6000]
    assert a["mass"].tolist() == [0, 400, 400]  # a time equal to the cutoff counts; a itself has no row
    assert a["share"].tolist() == [0, 0.8, 0.8]
    assert found.loc[found["from"] == "d", "mass"].tolist() == [0, 0, 0]


def test_own_opportunities_count_when_the_pair_is_given() -> None:
    found = compute_cumulative_opportunities(travel([*ROWS, ("a", "a", 0.0)]), MASS, [60], value="mass")
    assert found.loc[found["from"] == "a", "mass"].tolist() == [100]


def test_results_are_split_by_mode_reading_and_scenario() -> None:
    two = pd.concat([travel(ROWS, mode="road"), travel([(a, b, t / 2) for a, b, t in ROWS], mode="rail")])
    found = compute_cumulative_opportunities(two, MASS, [1800], value="mass")
    a = found[found["from"] == "a"].set_index("mode")["mass"]
    assert (a["road"], a["rail"]) == (300, 400)


def test_weighted_mean_travel_time() -> None:
    # a: (30 * 300 + 60 * 100) / 400 = 37.5 min; d has no mass, so its being unreachable does not matter.
    found = compute_weighted_mean_travel_time(travel(ROWS), MASS).set_index("from")
    assert found.loc["a", "time_s"] == pytest.approx(37.5 * 60)
    assert found.loc["a", "reached_share"] == 1.0
    # b: (30 * 100 + 90 * 100) / 200 = 60 min
    assert found.loc["b", "time_s"] == pytest.approx(3600)
    assert math.isinf(float(found.loc["d", "time_s"]))
    assert math.isnan(float(found.loc["d", "reached_time_s"]))
    assert found.loc["d", "reached_share"] == 0.0


def test_an_unreachable_mass_is_not_averaged_away() -> None:
    found = compute_weighted_mean_travel_time(travel(ROWS), table("mass", a=100, b=300, c=100, d=100)).set_index("from")
    assert math.isinf(float(found.loc["a", "time_s"]))
    assert found.loc["a", "reached_time_s"] == pytest.approx(37.5 * 60)
    assert found.loc["a", "reached_share"] == pytest.approx(0.8)


def test_daily_accessibility() -> None:
    found = compute_daily_accessibility(travel([*ROWS, ("a", "a", 0.0)]), MASS, 3600).set_index("from")
    assert found.loc["a", ["mass", "places"]].tolist() == [400, 2]  # itself does not count
    assert found.loc["b", ["mass", "places"]].tolist() == [100, 1]
    assert found.loc["b", "share"] == pytest.approx(0.5)
    assert found.loc["d", ["mass", "places"]].tolist() == [0, 0]


def test_economic_potential() -> None:
    # a: 300 / 30 + 100 / 60 = 11.667 per minute; squared: 300 / 900 + 100 / 3600 = 0.36111
    found = compute_economic_potential(travel(ROWS), MASS).set_index("from")["potential"]
    assert found["a"] == pytest.approx(11.6667, abs=1e-4)
    assert found["d"] == 0.0
    squared = compute_economic_potential(travel(ROWS), MASS, exponent=2).set_index("from")["potential"]
    assert squared["a"] == pytest.approx(0.361111, abs=1e-6)
    # self-potential at 15 min: + 100 / 15 = 6.667
    own = compute_economic_potential(travel(ROWS), MASS, self_time_s=900).set_index("from")
    assert own.loc["a", "potential"] == pytest.approx(11.6667 + 6.6667, abs=1e-4)
    assert own.loc["a", "self_share"] == pytest.approx(6.6667 / 18.3333, abs=1e-4)


def test_zero_minutes_are_no_infinite_potential() -> None:
    zero = travel([("a", "b", 0.0), ("b", "a", 0.0)])
    with pytest.raises(InputError, match="zero_time"):
        compute_economic_potential(zero, table("mass", a=1, b=1))
    raised = compute_economic_potential(zero, table("mass", a=1, b=1), self_time_s=60)
    assert raised["potential"].tolist() == [2.0, 2.0]


INDICATORS: list[Callable[..., Any]] = [
    lambda t, m: compute_cumulative_opportunities(t, m, [3600], value="mass"),
    compute_weighted_mean_travel_time,
    lambda t, m: compute_daily_accessibility(t, m, 3600),
    compute_economic_potential,
]


@pytest.mark.parametrize("indicator", INDICATORS)
def test_wrong_tables_are_refused_by_every_indicator(indicator: Callable[..., Any]) -> None:
    cases = [
        (travel(ROWS), table("mass", a=1, b=1, c=1), "unknown_id"),
        (travel(ROWS[:-1]), MASS, "missing_pair"),
        (travel(ROWS), table("mass", a=-1, b=1, c=1, d=1), "bad_value"),
        (travel(ROWS), table("mass", a=math.nan, b=1, c=1, d=1), "bad_value"),
        (travel(ROWS), pd.concat([MASS, MASS]), "duplicate_id"),
        (travel(ROWS), MASS.rename(columns={"mass": "gdp"}), "missing_column"),
        (travel([*ROWS, ROWS[0]]), MASS, "duplicate_pair"),
    ]
    for times, masses, code in cases:
        with pytest.raises(InputError, match=code):
            indicator(times, masses)


@pytest.mark.parametrize("indicator", INDICATORS)
def test_order_of_rows_does_not_matter_and_inputs_stay(indicator: Callable[..., Any]) -> None:
    times, masses = travel(ROWS), MASS.copy()
    before = times.copy()
    first = indicator(times, masses)
    again = indicator(times.sample(frac=1, random_state=1), masses[::-1])
    pd.testing.assert_frame_equal(first, again)
    pd.testing.assert_frame_equal(times, before)


@pytest.mark.parametrize("bad", [0, -5, math.nan, math.inf])
def test_bad_limits_are_issues(bad: float) -> None:
    with pytest.raises(InputError):
        compute_daily_accessibility(travel(ROWS), MASS, bad)
    with pytest.raises(InputError):
        compute_cumulative_opportunities(travel(ROWS), MASS, [bad], value="mass")
    with pytest.raises(InputError):
        compute_cumulative_opportunities(travel(ROWS), MASS, [], value="mass")
    with pytest.raises(InputError):
        build_linear_decay(bad)


DECAYS = [
    build_binary_decay(600), build_linear_decay(600), build_exponential_decay(0.001), build_gaussian_decay(300),
    build_power_decay(1.5, 60), build_stepped_decay([300, 600], [1, 0.5]),
]  # fmt: skip


@pytest.mark.parametrize("decay", DECAYS)
def test_decays_never_rise_and_end_at_nothing(decay: Callable[..., Any]) -> None:
    weights = decay(np.append(np.linspace(0, 7200, 1001), math.inf))
    assert weights[0] == 1.0
    assert (np.diff(weights) <= 0).all()
    assert weights[-1] == 0.0


@pytest.mark.parametrize(("limits", "weights"), [
    ([], []), ([10], [1, 0.5]), ([20, 10], [1, 0.5]), ([10, 20], [0.5, 1]), ([10], [1.5]), ([0], [1]), ([10], [-0.1]),
])  # fmt: skip
def test_bad_steps_are_issues(limits: list[float], weights: list[float]) -> None:
    with pytest.raises(InputError, match="bad_steps"):
        build_stepped_decay(limits, weights)


def test_two_step_floating_catchment_by_hand() -> None:
    # h1 (10 beds) is within 30 min of p and q (100 + 300 people): R = 0.025; h2 (6 beds) of q only: R = 0.02.
    times = travel([
        ("p", "h1", 600.0), ("p", "h2", 3600.0), ("q", "h1", 1800.0), ("q", "h2", 0.0),
        ("r", "h1", math.inf), ("r", "h2", math.inf), ("p", "h3", math.inf), ("q", "h3", math.inf),
        ("r", "h3", math.inf),
    ])  # fmt: skip
    people, beds = table("population", p=100, q=300, r=50), table("supply", h1=10, h2=6, h3=9)
    found = compute_floating_catchment(times, people, beds, build_binary_decay(1800)).set_index("from")["access"]
    assert found.to_dict() == pytest.approx({"p": 0.025, "q": 0.045, "r": 0.0})
    # 100 * 0.025 + 300 * 0.045 = 16 beds: all that anybody reaches
    assert 100 * found["p"] + 300 * found["q"] == pytest.approx(16)
    with pytest.raises(InputError, match="unknown_id"):
        compute_floating_catchment(times, people.iloc[:2], beds, build_binary_decay(1800))


def test_nearest_facilities_and_ties() -> None:
    times = travel([
        ("p", "h2", 600.0), ("p", "h1", 600.0), ("p", "h3", 60.0), ("q", "h1", math.inf), ("q", "h2", math.inf),
        ("q", "h3", math.inf),
    ])  # fmt: skip
    found = find_nearest_facilities(times, count=2)
    assert found[["from", "rank", "facility"]].to_numpy().tolist() == [["p", 1, "h3"], ["p", 2, "h1"], ["q", 1, ""]]
    assert found["time_s"].tolist() == [60.0, 600.0, math.inf]
    with pytest.raises(InputError):
        find_nearest_facilities(times, count=0)


def test_catchments_add_up_to_everybody() -> None:
    times = travel([
        ("p", "h1", 600.0), ("p", "h2", 1200.0), ("q", "h1", 3000.0), ("q", "h2", 2400.0),
        ("r", "h1", math.inf), ("r", "h2", math.inf), ("s", "h1", 0.0), ("s", "h2", 1.0),
    ])  # fmt: skip
    people = table("population", p=100, q=300, r=50, s=0)
    found = compute_catchments(times, people).set_index("facility")
    assert found["population"].to_dict() == {"": 50, "h1": 100, "h2": 300}
    assert found["places"].to_dict() == {"": 1, "h1": 2, "h2": 1}
    assert found.loc["h1", "mean_time_s"] == 600.0
    assert math.isnan(float(found.loc["", "mean_time_s"]))
    within = compute_catchments(times, people, limit_s=1800).set_index("facility")["population"]
    assert within.to_dict() == {"": 350, "h1": 100}


def test_a_catchment_needs_the_row_to_itself() -> None:
    # p has 10 beds of its own and q has none: with the row p - p the beds serve 100 + 300 people, 0.025 each.
    people, beds = table("population", p=100, q=300), table("supply", p=10)
    times = [("q", "p", 600.0)]
    with pytest.raises(InputError, match="missing_pair"):
        compute_floating_catchment(travel(times), people, beds, build_binary_decay(1800))
    rows, more = [*times, ("p", "q", 600.0)], table("supply", p=10, q=2)
    with pytest.raises(InputError, match="missing_pair"):  # p is an origin, of other rows only
        compute_floating_catchment(travel(rows), people, more, build_binary_decay(1800))
    found = compute_floating_catchment(travel([*times, ("p", "p", 0.0)]), people, beds, build_binary_decay(1800))
    assert found["access"].tolist() == pytest.approx([0.025, 0.025])
    assert 100 * 0.025 + 300 * 0.025 == 10  # all beds serve somebody


def test_ids_at_one_point_are_one_place_to_the_potential() -> None:
    # a and b stand together, c is 30 min from both: 60 / 30 = 2 for a and b, (100 + 300) / 30 for c.
    rows = [("a", "b", 0.0), ("b", "a", 0.0)] + [(i, "c", 1800.0) for i in "ab"] + [("c", i, 1800.0) for i in "ab"]
    found = compute_economic_potential(travel(rows), table("mass", a=100, b=300, c=60), zero_is_self=True)
    assert found["potential"].tolist() == pytest.approx([2, 2, 400 / 30])
    alone = travel([("a", "b", 0.0), ("b", "a", 0.0)])
    assert compute_economic_potential(alone, table("mass", a=1, b=1), zero_is_self=True)["potential"].tolist() == [0, 0]
