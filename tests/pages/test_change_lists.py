"""Lists beside the maps: pairs in the order in which they are asked for, dots and lines that do not hide each other."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations, pairwise

import pandas as pd
import pytest

from transit_model.pages.charts import chart_goals_by_year, chart_seats
from transit_model.pages.compare_page import fold_modes, list_changes
from transit_model.pages.lead import describe_lead
from transit_model.pages.phrases import tell_unit, tell_what
from transit_model.pages.project_cards import list_cards
from transit_model.pages.report_page import span_assumptions
from transit_model.pages.view import StudyView
from transit_model.study.change_leads import FAR_MIN

COLUMNS = ["from", "to", "mode", "reading", "base_min", "scenario_min", "change_min"]


def _od(*rows: tuple[str, str, str, float, float]) -> pd.DataFrame:
    return pd.DataFrame([(a, b, m, "door_to_door", x, y, y - x) for a, b, m, x, y in rows], columns=COLUMNS)


def test_pairs_of_centres_come_first_then_people_times_minutes_of_the_quickest_mode() -> None:
    od = _od(
        ("jia", "desert", "rail", 1500.0, 700.0),  # hours of a journey that nobody takes
        ("jia", "desert", "best", 290.0, 288.0),
        ("jia", "town", "best", 100.0, 90.0),
        ("jia", "village", "best", 100.0, 70.0),
        ("jia", "yi", "road", 80.0, 79.0),
        ("jia", "yi", "best", 60.0, 58.0),
        ("jia", "same", "best", 60.0, 60.0),
    )
    people = {"town": 300_000, "village": 50_000, "desert": 20_000}
    rows, left_out = list_changes(od, ("jia", "yi"), people)
    assert left_out == 0
    assert [(r["to"], r["mode"]) for r in rows] == [
        ("yi", "best"),
        ("yi", "road"),
        ("town", "best"),  # 3,000,000 person minutes
        ("village", "best"),  # 1,500,000
        ("desert", "best"),  # 40,000; the rail row stands with its pair
        ("desert", "rail"),
    ]


def test_minutes_beyond_the_farthest_count_as_that() -> None:
    """1,500 to 700 minutes is no gain of the order, out of reach to 250 is one of 50."""
    od = _od(("jia", "a", "best", 1500.0, 700.0), ("jia", "b", "best", math.inf, FAR_MIN - 50.0))
    od.loc[1, "change_min"] = math.nan
    rows, _ = list_changes(od, (), {"a": 10, "b": 10})
    assert [r["to"] for r in rows] == ["b", "a"]
    assert rows[0]["size"] == 50.0
    assert rows[1]["size"] == 0.0


def test_a_change_is_the_difference_of_the_minutes_shown_however_small() -> None:
    """A reading that moves by less than half a minute, in a row that another brings: never 332.5, 332.1 and 0."""
    od = _od(("a", "b", "road", 80.0, 60.0), ("a", "b", "road", 332.53, 332.11))
    od.loc[1, "reading"] = "typical"
    (row,), _ = list_changes(od)
    small = row["cells"]["typical"]
    assert (small["before"], small["after"], small["change"], small["moved"]) == ("332.5", "332.1", "−0.4", False)
    for minutes in (332.53, 332.5301):
        od.loc[1, ["scenario_min", "change_min"]] = [minutes, minutes - 332.53]
        (row,), _ = list_changes(od)
        same = row["cells"]["typical"]
        assert (same["before"] == same["after"], same["change"]) == (True, "0")


def test_modes_with_equal_minutes_share_a_row() -> None:
    od = _od(("a", "b", "rail", 90.0, 60.0), ("a", "b", "transit", 90.0, 60.0), ("a", "b", "best", 80.0, 60.0))
    rows, _ = list_changes(od)
    assert [r["modes"] for r in rows] == [["best"], ["rail", "transit"]]
    assert [r["modes"] for r in fold_modes([{**r, "mode": "bus"} for r in rows[1:] * 2])] == [["bus", "bus"]]


def test_dots_beyond_the_axis_are_arrows_with_their_minutes(view: StudyView) -> None:
    """Beyond five hours before and after: the last row, one arrow at the end of the axis, both numbers."""
    kind = ("jia", "best", "door_to_door")
    chart = chart_seats(view, "built", "everything", kind)
    assert chart is not None
    assert not chart["has_far"]
    far = view.od.copy()
    chosen = (far["from"] == "jia") & (far["mode"] == "best") & (far["to"] == "far")
    far.loc[chosen, "minutes"] += FAR_MIN
    moved = chart_seats(replace(view, od=far), "built", "everything", kind)
    assert moved is not None
    assert moved["has_far"]
    assert len(moved["rows"]) == len(chart["rows"])
    last = moved["rows"][-1]
    assert (last["name"]["en"], last["from_far"], last["to_far"]) == ("Far Banner & Sons", True, True)
    assert last["x0"] == last["x1"] > max(r["x0"] for r in moved["rows"][:-1])
    was = far[chosen & (far["scenario"] == "built") & (far["reading"] == kind[2])]["minutes"].item()
    assert last["before"] == f"{was:.0f}"
    only = chart_seats(replace(view, od=far[chosen]), "built", "everything", kind)
    assert only is not None
    assert [r["name"]["en"] for r in only["rows"]] == ["Far Banner & Sons"]
    assert only["ticks"][-1]["minutes"] == FAR_MIN
    before = chosen & (far["scenario"] == "everything")
    far.loc[before, "minutes"] -= FAR_MIN
    (row,) = [r for r in chart_seats(replace(view, od=far), "built", "everything", kind)["rows"] if r["from_far"]]  # type: ignore[index]
    assert row["name"]["en"] == "Far Banner & Sons"
    assert not row["to_far"]
    assert row["x0"] > row["x1"]


def test_years_and_ends_of_lines_keep_apart(view: StudyView) -> None:
    steps = tuple(replace(s, year=y) for s, y in zip(view.timeline, (2020, 2034, 2035), strict=True))
    counts = [{"promoter": n, "typical": 1, "door_to_door": 1} for n in (2, 2, 3)]
    chart = chart_goals_by_year(replace(view, timeline=steps), counts, dict.fromkeys(counts[0], 9))
    assert chart is not None
    assert [t["low"] for t in chart["ticks"]] == [False, False, True]
    ends = sorted(line["end"] for line in chart["lines"])
    assert all(b - a >= 15 for a, b in pairwise(ends))
    labels = [p["label"] for line in chart["lines"] for p in line["points"][:1]]
    assert sorted(label is None for label in labels) == [False, False, True]  # one number for two lines on a spot
    for i in range(len(steps)):
        dots = [(line["points"][i]["dot"], line["points"][i]["y"]) for line in chart["lines"]]
        assert all(math.dist(a, b) >= 6.2 for a, b in combinations(dots, 2))  # dots are 6.2 wide
    assert chart["lines"][0]["points"][-1]["y"] == 24.0  # the most that hold reach the top of the axis


def test_a_sentence_begins_with_what_changes(view: StudyView) -> None:
    assert view.leads is not None
    row = {str(k): v for k, v in view.leads.iloc[0].items()}
    told = describe_lead(view, {**row, "scenario_people": 5000.0, "change_people": 0.0})
    assert told["sentence"]["en"].startswith("4,000 km² save 5 minutes or more; ")
    assert (
        "; from Jia by best mode (door to door), as many people as before are within 60 minutes: 5 k."
        in (told["sentence"]["en"])
    )
    assert told["facts"][-1]["was"] == {"zh": "不变", "en": "as before"}


def test_cards_stand_in_the_order_of_the_ranking(view: StudyView) -> None:
    assert [card["scenario"].id for card in list_cards(view)] == ["everything"]
    assert view.ranked_gains is not None
    (pair,) = view.comparisons
    other = replace(pair, scenario="bridge")
    more = pd.concat([view.ranked_gains, view.ranked_gains.assign(scenario="bridge", people=1e7)])
    cards = list_cards(replace(view, comparisons=(pair, other), ranked_gains=more))
    assert [card["scenario"].id for card in cards] == ["bridge", "everything"]


def test_assumptions_of_a_table_tell_their_source_once(view: StudyView) -> None:
    rows = [{"name": f"speed.{k}", "value": 1, "unit": "km/h", "basis": "judged", "source": "x"} for k in "ab"]
    table = pd.DataFrame([*rows, {**rows[0], "name": "wait_min"}])
    assert [r["span"] for r in span_assumptions(replace(view, assumptions=table))] == [2, 0, 1]


@pytest.mark.parametrize(
    ("what", "zh"),
    [
        ("car 2018", "小汽车 2018"),
        ("rail 250 km/h, 2 stops taken", "铁路 250 公里/小时，停 2 站"),
        ("coach: median residual", "大客车：残差中位数"),
        ("7 rows", "7 行"),
        ("median |residual| 11.4 min", "绝对残差中位数 11.4 分钟"),
    ],
)
def test_the_calibration_is_told_in_chinese(what: str, zh: str) -> None:
    assert tell_what(what) == {"zh": zh, "en": what}
    assert tell_unit("min")["zh"] == "分钟"
