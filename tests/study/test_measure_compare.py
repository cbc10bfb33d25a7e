"""Tables of a scenario, comparisons of two, and the words people type for dates and windows."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.network.town import LINKS, ROUND, make_town
from transit_model.domain.modes import Mode, Reading
from transit_model.errors import InputError
from transit_model.goals.judge import list_needed_pairs
from transit_model.goals.schema import Goal
from transit_model.measure.session import Session
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.measure.workspace import Workspace, parse_day, parse_window
from transit_model.study.compare import compare_od, compare_sessions
from transit_model.study.scenario_tables import judge_all, measure_goal_od, measure_od


def goal(goal_id: str, **changes: Any) -> Goal:
    given: dict[str, Any] = {
        "id": goal_id,
        "title": {"zh": "目标", "en": "goal"},
        "kind": "goal",
        "quote": {"zh": "一小时", "en": "one hour"},
        "source": "[t]",
        "mode": "road",
        "threshold_min": 60,
        "judged_on": ["typical"],
        **changes,
    }
    return Goal.model_validate(given)


GOALS = [
    goal("pairs", pairs={"pairs": [["pa", "pc"], ["pb", "halfway"]]}),
    goal("star", mode="rail", pairs={"hub": "pc", "to": ["pa", "pb"]}),
    goal("coverage", mode="best", coverage={"from": ["pa"], "to": "county_seats"}),
    goal("none", mode=None, threshold_min=None, judged_on=[], unmeasurable={"zh": "无", "en": "none"}),
]


def test_every_pair_that_goals_need_is_measured(town: Session) -> None:
    od = measure_goal_od(town, GOALS)
    measured = set(zip(od["from"], od["to"], od["mode"], od["reading"], strict=True))
    needed = list_needed_pairs(GOALS, town.places.groups)
    assert len(needed) == 6
    assert {(a, b, mode, r.value) for a, b, mode in needed for r in Reading} <= measured
    assert not od.duplicated(["from", "to", "mode", "reading"]).any()
    whole = measure_od(town, GOALS)
    assert measured <= set(zip(whole["from"], whole["to"], whole["mode"], whole["reading"], strict=True))
    assert not whole.duplicated(["from", "to", "mode", "reading"]).any()


def test_both_tables_hold_the_same_minutes(town: Session) -> None:
    keys = ["from", "to", "mode", "reading"]
    both = measure_goal_od(town, GOALS).merge(measure_od(town, GOALS), on=keys, suffixes=("", "_whole"))
    assert (both["minutes"] == both["minutes_whole"]).all()
    assert len(both) == len(measure_goal_od(town, GOALS))


def test_verdicts_of_the_town_by_hand(town: Session) -> None:
    found = {(v.goal, v.reading): v for v in judge_all(town, GOALS, measure_goal_od(town, GOALS))}
    assert len(found) == 4 * 3
    # pa-pc 3130 s = 52.17 min typical, pb-halfway shorter: the goal of 60 is met, door to door 59.17 is borderline
    assert found["pairs", "typical"].value_min == pytest.approx(3130 / 60)
    assert found["pairs", "typical"].verdict == "met"
    assert found["pairs", "door_to_door"].verdict == "borderline"
    # by rail pc-pa at best 36 min, but the median waits for tomorrow
    assert found["star", "promoter"].verdict == "met"
    assert found["star", "typical"].verdict == "missed"
    assert found["none", "typical"].verdict == "cannot_tell"


def test_a_null_edit_changes_nothing() -> None:
    base, again, same = (Session(n, make_town()) for n in ("base", "base", "same"))
    od = measure_od(base, [])
    result = compare_sessions(base, again, same, od, measure_od(same, []))
    assert result.certificate["null_edit_max_s"] == 0
    assert result.certificate["worsened_cells"] == 0
    assert result.certificate["untouched_identical"]
    assert (result.od["change_min"].dropna() == 0).all()
    assert (result.population["change"] == 0).all()
    # persons of the two counties: everybody is within two hours by car
    assert result.population["base"].max() == pytest.approx(1500)


def test_a_new_road_worsens_no_cell_and_is_seen() -> None:
    base, again = Session("base", make_town()), Session("base", make_town())
    better = Session("better", make_town(as_of=date(2030, 12, 31)))  # `new`, a to c: 20 km at 120
    result = compare_sessions(base, again, better, measure_od(base, []), measure_od(better, []))
    assert result.certificate["null_edit_max_s"] == 0
    assert result.certificate["worsened_cells"] == 0
    change = result.od.set_index(["from", "to", "mode", "reading"])["change_min"]
    assert change["pa", "pc", "road", "promoter"] == (600 - 2160) / 60
    # typical: 20 km at 96 km/h = 750 s + 5 s junction; before 3130
    assert change["pa", "pc", "road", "typical"] == pytest.approx((755 - 3130) / 60)
    assert (result.population["change"] >= 0).all()
    told = result.as_dict()
    people = pd.DataFrame(told["population"])
    assert people["gained_km2"].sum() == pytest.approx(result.gained["area_km2"].sum(), abs=0.005 * len(people)) != 0
    assert (people["lost_km2"] == 0).all()
    assert all(people.loc[people["change"] > 0, "gained_km2"] > 0)
    ways = {(r["from"], r["to"], r["mode"], r["reading"]): (r["base_via"], r["scenario_via"]) for r in told["od"]}
    assert ways["pa", "pc", "road", "typical"] == ("", "")
    rail = measure_od(base, []).set_index(["from", "to", "mode", "reading"])["via"]["pa", "pc", "rail", "promoter"]
    assert ways["pa", "pc", "rail", "promoter"] == (rail, rail)
    assert rail


def test_a_closed_road_worsens_cells() -> None:
    base, again = Session("base", make_town()), Session("base", make_town())
    worse = Session("worse", make_town(links=[row for row in LINKS if not row.startswith("a--b")]))
    od = measure_od(base, [])
    assert compare_sessions(base, again, worse, od, od).certificate["worsened_cells"] > 0


def test_unreachable_before_and_after_is_no_change() -> None:
    rows = {"from": ["a", "a", "a"], "to": ["b", "c", "d"], "mode": "road", "reading": "typical"}
    before = pd.DataFrame({**rows, "minutes": [np.inf, np.inf, 10.0]})
    after = pd.DataFrame({**rows, "minutes": [np.inf, 20.0, np.inf]})
    change = compare_od(before, after)["change_min"]
    assert np.isnan(change[0])
    assert (change[1], change[2]) == (-np.inf, np.inf)


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("07:00-21:00", (25_200, 75_600)),
        ("7:00-9:30", (25_200, 34_200)),
        ("07:00–21:00", (25_200, 75_600)),
        ("22:00-25:30", (79_200, 91_800)),
        (" 07:00 - 21:00 ", (25_200, 75_600)),
    ],
)
def test_windows(text: str, window: tuple[int, int]) -> None:
    assert parse_window(text) == window


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("21:00-07:00", "empty_window"),
        ("07:00-07:00", "empty_window"),
        ("07:00", "bad_window"),
        ("morning", "bad_window"),
        ("07:00-12:00-21:00", "bad_window"),
        ("", "bad_window"),
        ("00:00-99:00", "bad_window"),
    ],
)
def test_bad_windows(text: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_window(text)
    assert [(i.code, i.field) for i in caught.value.issues] == [(code, "window")]
    assert caught.value.issues[0].hint


def test_days() -> None:
    assert parse_day("2020-12-16") == date(2020, 12, 16)
    for text in ("16.12.2020", "2020-13-01", "today", ""):
        with pytest.raises(InputError, match="bad_date"):
            parse_day(text)


def test_a_session_refuses_an_empty_window_and_a_day_without_service() -> None:
    town = make_town()
    with pytest.raises(InputError, match="empty_window"):
        Session("x", town, window=(30_000, 30_000))
    late = Session("x", town, service_date=date(2022, 1, 1))
    with pytest.raises(InputError) as caught:
        late.timetable(Mode.RAIL)
    assert caught.value.issues[0].code == "no_service"
    assert "20201201 to 20201231" in caught.value.issues[0].hint


def test_a_session_takes_day_and_window_of_the_region_unless_told() -> None:
    town = make_town(assumptions=ROUND)
    assert Session("x", town).window == (25_200, 43_200)
    other = Session("x", town, service_date=date(2020, 12, 20), window=(0, 60))
    assert (other.service_date, other.window) == (date(2020, 12, 20), (0, 60))


def test_a_missing_folder_is_an_issue(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        Workspace.open(tmp_path / "nowhere")
    assert caught.value.issues
    with pytest.raises(InputError) as caught:
        Workspace.open(None, tmp_path / "nowhere")
    assert caught.value.issues[0].code == "no_folder"


def test_a_base_built_again_of_the_same_inputs_is_not_searched_at_nodes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    base, again, better = (
        Session("base", make_town()),
        Session("base", make_town()),
        Session("better", make_town(as_of=date(2030, 12, 31))),
    )
    searched = []
    find = SurfaceBuilder.get_node_s

    def watch(self: SurfaceBuilder, *question: Any, **more: Any) -> Any:
        searched.append(self.session)
        return find(self, *question, **more)

    monkeypatch.setattr(SurfaceBuilder, "get_node_s", watch)
    od = measure_od(base, [])
    result = compare_sessions(base, again, better, od, measure_od(better, []))
    assert base in searched
    assert again not in searched
    assert result.certificate["null_edit_max_s"] == 0
    assert not result.failures


def test_a_base_that_comes_out_otherwise_the_second_time_is_told() -> None:
    base, again = (Session("base", make_town()) for _ in range(2))
    links = again.network.links
    slower = links.assign(maxspeed_kmh=links["maxspeed_kmh"].where(links.index != 0, 20.0))
    again = Session("base", again.network.with_tables(links=slower))
    od = measure_od(base, [])
    result = compare_sessions(base, again, Session("same", make_town()), od, od)
    assert result.certificate["null_edit_max_s"] > 0
    whats = " ".join(issue.message for issue in result.failures if issue.code == "null_edit")
    assert "cells" in whats
    assert "pairs" in whats
