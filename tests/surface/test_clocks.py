"""Service span and day return: indicators that look at the clock."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from transit_model.errors import InputError
from transit_model.indicators.day_return import compute_day_return, compute_stay
from transit_model.indicators.service_span import compute_service_span

H = 3600


def departures(times: list[float], pair: tuple[str, str] = ("a", "b"), start_s: float = 7 * H) -> pd.DataFrame:
    clocks = start_s + 1800 * np.arange(len(times))
    return pd.DataFrame({"from": pair[0], "to": pair[1], "depart_clock_s": clocks, "time_s": times})


def test_service_span_by_hand() -> None:
    # 07:00 .. 10:00 every 30 min; one hour is met at 07:30, 08:00 and 10:00 -> 3 of 7, gap 08:30-09:30 = 3 steps
    found = compute_service_span(departures([4000, 3600, 1800, 3601, math.inf, 9000, 0]), H, step_s=1800).iloc[0]
    assert found["share"] == pytest.approx(3 / 7)
    assert found["first_clock_s"] == 7.5 * H
    assert found["last_clock_s"] == 10 * H
    assert found["longest_gap_s"] == 3 * 1800


def test_no_useful_train_has_no_first_one() -> None:
    table = pd.concat([departures([math.inf] * 3), departures([60.0] * 3, ("b", "a"))])
    found = compute_service_span(table, H, step_s=1800).set_index("from")
    assert found.loc["a", "share"] == 0.0
    assert math.isnan(float(found.loc["a", "first_clock_s"]))
    assert found.loc["a", "longest_gap_s"] == 3 * 1800
    assert found.loc["b", "share"] == 1.0
    assert found.loc["b", "longest_gap_s"] == 0.0


def test_midnight_is_a_departure_like_any_other() -> None:
    found = compute_service_span(departures([60.0, math.inf], start_s=0.0), H, step_s=1800).iloc[0]
    assert found["first_clock_s"] == found["last_clock_s"] == 0.0


def test_bad_departures_are_issues() -> None:
    good = departures([60.0] * 4)
    for bad in (
        good.drop(columns="depart_clock_s"),
        good.iloc[[0, 1, 3]],
        good.iloc[:0],
        pd.concat([good, departures([60.0] * 3, ("b", "a"))]),
        pd.concat([good, good]),
    ):
        with pytest.raises(InputError):
            compute_service_span(bad, H, step_s=1800)
    with pytest.raises(InputError):
        compute_service_span(good, 0, step_s=1800)


def journeys(*rows: tuple[str, str, float, float]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["from", "to", "depart_clock_s", "arrive_clock_s"])
    return table.astype({"depart_clock_s": float, "arrive_clock_s": float})


def day(out: pd.DataFrame, back: pd.DataFrame, stay_h: float = 4) -> pd.DataFrame:
    return compute_day_return(
        out, back, leave_after_clock_s=6 * H, home_by_clock_s=22 * H, least_stay_s=stay_h * H
    ).set_index(["from", "to"])


def test_a_day_trip_by_hand() -> None:
    # There 05:30-06:30 is too early, 07:00-08:30 is taken; back 20:00-21:30 is taken, 21:00-22:30 is too late.
    out = journeys(("a", "b", 5.5 * H, 6.5 * H), ("a", "b", 7 * H, 8.5 * H), ("a", "b", 9 * H, 10 * H))
    back = journeys(("b", "a", 18 * H, 19 * H), ("b", "a", 20 * H, 21.5 * H), ("b", "a", 21 * H, 22.5 * H))
    found = day(out, back).loc[("a", "b")]
    assert (found["arrive_clock_s"], found["depart_back_clock_s"], found["stay_s"]) == (8.5 * H, 20 * H, 11.5 * H)
    assert found["feasible"]
    assert not day(out, back, stay_h=12).loc[("a", "b"), "feasible"]


def test_no_way_home_is_no_day_trip() -> None:
    out = journeys(("a", "b", 7 * H, 8 * H), ("a", "c", 18 * H, 20 * H), ("a", "d", 7 * H, 8 * H))
    back = journeys(("c", "a", 19 * H, 21 * H), ("d", "a", 21 * H, 23 * H), ("e", "a", 8 * H, 9 * H))
    found = day(out, back, stay_h=0)
    assert found["stay_s"].tolist() == [0, 0, 0, 0]
    assert not found["feasible"].any()
    assert [pair[1] for pair in found.index] == ["b", "c", "d", "e"]


def test_stay_of_cells() -> None:
    stay = compute_stay(
        np.array([[8 * H, math.inf], [8 * H, 20 * H]]), np.array([[20 * H, 20 * H], [-math.inf, 8 * H]])
    )
    assert stay.tolist() == [[12 * H, 0], [0, 0]]


def test_bad_journeys_are_issues() -> None:
    good = journeys(("a", "b", 7 * H, 8 * H))
    with pytest.raises(InputError, match="missing_column"):
        day(good.drop(columns="to"), good)
    with pytest.raises(InputError, match="bad_clock"):
        day(good, journeys(("b", "a", math.nan, 8 * H)))
    with pytest.raises(InputError, match="arrives_before_leaving"):
        day(journeys(("a", "b", 9 * H, 8 * H)), good)
    with pytest.raises(InputError):
        compute_day_return(good, good, leave_after_clock_s=22 * H, home_by_clock_s=6 * H, least_stay_s=-1)
