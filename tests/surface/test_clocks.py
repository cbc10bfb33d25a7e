"""Day return: an indicator that looks at the clock."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from transit_model.errors import InputError
from transit_model.indicators.day_return import compute_day_return, compute_stay

H = 3600


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
