"""Goals on people, cells and departures, by every door: command, judge and analysis say one number."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from tests.minipack import write_minipack
from tests.study.mini_workspace import write_mini_scenarios
from tests.tools.command import run_command
from transit_model.analysis.evaluate import Evaluator
from transit_model.analysis.measures import compute_measures, measure_goal
from transit_model.domain.modes import Reading
from transit_model.errors import InputError
from transit_model.measure.trains import list_day_journeys
from transit_model.measure.workspace import Workspace
from transit_model.study.scenario_tables import judge_all, measure_goal_od
from transit_model.units import s_to_min

HEAD = """\
id: {id}
title: {{zh: 目标, en: goal}}
kind: goal
quote: {{zh: 引文, en: quote}}
source: "[made]"
"""
ROAD = "mode: road\nthreshold_min: 60\njudged_on: [door_to_door]\nrequired_share: 0.5\n"
OFTEN = "mode: rail\njudged_on: [door_to_door]\npairs: {pairs: [[west, east]]}\n"
GOALS = {
    "people": ROAD + "coverage: {from: [west], of: people}\n",
    "people-towards": ROAD + "coverage: {from: [centres], of: people, direction: towards}\n",
    "cells": ROAD + "coverage: {from: [west], of: cells, by: prefecture}\n",
    "both-ways": ROAD + "coverage: {from: [airports], to: county_seats, direction: both, by: prefecture}\n",
    "trains": OFTEN + "frequency: {departures_a_day: 4}\n",
    "trains-quick": OFTEN + "threshold_min: 200\nfrequency: {departures_a_day: 2}\n",
    "gap": OFTEN + "frequency: {largest_gap_min: 300}\n",
    "home": OFTEN.replace("[[west, east]]", "[[east, west]]") + 'frequency: {last_departure: "20:00"}\n',
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    at = tmp_path_factory.mktemp("kinds")
    write_minipack(at / "mini")
    write_mini_scenarios(at / "scenarios")
    for name, text in GOALS.items():
        (at / "scenarios" / "goals" / f"{name}.yaml").write_text(HEAD.format(id=name) + text, encoding="utf-8")
    return at


@pytest.fixture(scope="module")
def workspace(folder: Path) -> Workspace:
    return Workspace.open(str(folder / "mini"), folder / "scenarios")


@pytest.fixture(scope="module")
def verdicts(folder: Path) -> dict[tuple[str, str], dict[str, Any]]:
    words = [w for name in GOALS for w in ("--goal", name)]
    done = _ask(folder, "goals", "--scenario", "built", *words, "--format", "json")
    assert done.returncode == 0, done.printed
    return {(v["goal"], v["reading"]): v for v in json.loads(done.stdout)["verdicts"]}


def _ask(folder: Path, *words: str) -> Any:
    return run_command(*words, "--region", str(folder / "mini"), "--scenarios", str(folder / "scenarios"), cwd=folder)


def test_people_are_those_of_the_indicator(folder: Path, verdicts: dict[Any, Any]) -> None:
    ask = "indicators within --mode road --reading door_to_door --cutoffs 60 --scenario built --format json"
    rows = json.loads(_ask(folder, *ask.split()).stdout)["rows"]
    (share,) = [r["value"] for r in rows if r["place"] == "west" and r["measure"] == "population_share"]
    found = verdicts["people", "door_to_door"]
    assert found["share"] == pytest.approx(share, abs=1e-3)
    assert (found["verdict"] in ("met", "borderline")) is (found["value_min"] <= 66)
    assert verdicts["people", "promoter"]["verdict"] != "cannot_tell"  # free flow has cells by road


def test_each_prefecture_has_its_evidence(verdicts: dict[Any, Any]) -> None:
    found = verdicts["cells", "door_to_door"]
    assert [e["part"] for e in found["evidence"]] in (["East", "West"], [""])
    both = verdicts["both-ways", "door_to_door"]
    assert {e["part"] for e in both["evidence"]} == {"East", "West"}
    worst = max(e["minutes"] for e in both["evidence"] if e["minutes"] is not None)
    assert both["value_min"] <= worst


def test_departures_are_those_of_trains(workspace: Workspace, verdicts: dict[Any, Any]) -> None:
    # D1, D3 and K7: three useful departures, four are wanted
    found = verdicts["trains", "door_to_door"]
    assert (found["verdict"], found["value"], found["limit"], found["unit"]) == ("missed", 3, 4, "departures")
    assert verdicts["trains-quick", "door_to_door"]["value"] == 3  # each within 200 min
    assert verdicts["trains", "typical"]["verdict"] == "cannot_tell"
    # leaving home for D1 lies before 07:00 or not; the gap is bounded by the window 07:00-21:00
    session = workspace.session("built")
    west, east = (session.places.get_place(p) for p in ("west", "east"))
    clocks = [s_to_min(j.depart_clock_s) for j in list_day_journeys(session, west, east, verdicts_mode())]
    inside = [c for c in clocks if 420 <= c <= 1260]
    gaps = [b - a for a, b in zip([420, *inside], [*inside, 1260], strict=True)]
    assert verdicts["gap", "door_to_door"]["value_min"] == pytest.approx(max(gaps), abs=0.01)
    # the only train home, D2, leaves east at 09:00
    home = verdicts["home", "door_to_door"]
    assert home["verdict"] == "missed"
    assert 7 * 60 < home["value"] < 9 * 60


def verdicts_mode() -> Any:
    from transit_model.domain.modes import Mode

    return Mode.RAIL


@pytest.mark.parametrize("name", ["people", "people-towards", "cells", "both-ways"])
def test_analysis_says_the_same(workspace: Workspace, name: str) -> None:
    goals = [g for g in workspace.goals() if g.id == name]
    evaluator = Evaluator(workspace, "planned")
    session = workspace.session("planned")
    for reading in (Reading.TYPICAL, Reading.DOOR_TO_DOOR):
        verdict = next(
            v for v in judge_all(session, goals, measure_goal_od(session, goals)) if v.reading == reading.value
        )
        measures = [measure_goal(goals[0], reading, q) for q in ("value", "margin", "share")]
        value, margin, share = compute_measures(evaluator.evaluate(), measures)
        assert (value, margin, share) == pytest.approx((verdict.value_min, verdict.margin_min, verdict.share))
        assert not math.isnan(value)


def test_departures_are_asked_of_goals_only(workspace: Workspace) -> None:
    goal = next(g for g in workspace.goals() if g.id == "trains")
    with pytest.raises(InputError, match="counts departures"):
        measure_goal(goal, Reading.DOOR_TO_DOOR)


def test_tables_show_counts_and_limits(folder: Path) -> None:
    done = _ask(folder, "goals", "--scenario", "built", "--goal", "trains", "--goal", "home", "--lang", "en")
    assert done.returncode == 0, done.printed
    assert "✘ 3" in done.stdout
    assert "20:00" in done.stdout
    assert "nan" not in done.stdout
