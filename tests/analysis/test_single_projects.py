"""What it would take, from the tables and by single projects, by hand on the mini pack."""

from __future__ import annotations

import math

import pytest

from tests.study.mini_workspace import open_mini_workspace
from transit_model.analysis.additions import read_additions
from transit_model.analysis.evaluate import Evaluation, Evaluator
from transit_model.analysis.outlook import list_outlook, measure_uncertainty
from transit_model.analysis.single_projects import COLUMNS, list_single_projects
from transit_model.errors import NetworkError
from transit_model.goals.judge import Verdict
from transit_model.measure.workspace import Workspace
from transit_model.scenario.load import load_study
from transit_model.study.by_name import judge_scenarios


@pytest.fixture(scope="module")
def mini(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return open_mini_workspace(tmp_path_factory.mktemp("takes"))


def test_a_project_comes_with_what_it_requires(mini: Workspace) -> None:
    chosen = {c[-1]: c for c in Evaluator(mini, "built").list_additions()}
    assert chosen["bridge_east"] == ("bridge_west", "bridge_east")
    assert chosen["hsr"] == ("hsr",)
    assert "hsr" not in {c[-1] for c in Evaluator(mini, "rail-only").list_additions()}


def test_an_addition_is_read_with_it_and_without_it(mini: Workspace) -> None:
    evaluator = Evaluator(mini, "built")
    stands = evaluator.base_ids
    found = {a[-1]: (with_it, without) for a, with_it, without in read_additions(evaluator, lambda e: e.projects)}
    assert found["bridge_east"] == ((*stands, "bridge_west", "bridge_east"), (*stands, "bridge_west"))
    assert found["hsr"] == ((*stands, "hsr"), stands)
    beside = {a[-1]: without for a, _, without in read_additions(evaluator, lambda e: e.projects, ["hsr"])}
    assert beside["bridge_west"] == (*stands, "hsr")

    def refuse(evaluation: Evaluation) -> int:
        if "hsr" in evaluation.projects:
            raise NetworkError("it cannot stand there")
        return 0

    assert {a[-1] for a, *_ in read_additions(evaluator, refuse)} == set(found) - {"hsr"}


def test_the_single_projects_that_bring_missed_goals_nearest(mini: Workspace) -> None:
    goals, verdicts = judge_scenarios(mini, ["built"], ["rail-40", "rail-20", "road-45", "bus-60"])
    table = list_single_projects(Evaluator(mini, "built"), goals, verdicts)
    assert tuple(table.columns) == COLUMNS
    promoter = table[table["reading"] == "promoter"].set_index("goal")
    # either line: 50 -> 30 min, which keeps 40 and misses 20; both bridges: 50 -> 42.5 min
    assert promoter.loc["rail-40", "project"].tolist() == ["hsr", "twin"]
    assert promoter.loc["rail-40", "value_min"].tolist() == [30.0, 30.0]
    assert promoter.loc["rail-40", "meets"].all()
    assert not promoter.loc["rail-20", "meets"].any()
    road = promoter.loc["road-45"]
    assert (road["project"], road["with"], road["value_min"], bool(road["meets"])) == (
        "bridge_east", "bridge_west", 42.5, True,
    )  # fmt: skip
    bus = promoter.loc["bus-60"]
    assert bus["project"] == "coach"
    assert math.isinf(bus["now_min"])


def test_nothing_is_asked_when_every_goal_is_met(mini: Workspace) -> None:
    goals, verdicts = judge_scenarios(mini, ["rail-only"], ["rail-40"])
    kept = [v for v in verdicts if v.verdict == "met"]
    assert list_single_projects(Evaluator(mini, "rail-only"), goals, kept).empty


def test_outlook_names_the_first_year_and_the_nearest_scenario(mini: Workspace) -> None:
    (mini.scenarios_dir / "study.yaml").write_text(
        "id: s\ntitle: {zh: s, en: s}\nscenarios: [built, rail-only]\n"
        "timeline:\n  - {year: 2024, scenario: built}\n  - {year: 2027, scenario: rail-only}\ngoals: all\n",
        encoding="utf-8",
    )
    study = load_study(mini.scenarios_dir / "study.yaml")
    goals, verdicts = judge_scenarios(mini, ["built", "rail-only"], ["rail-40", "rail-20"])
    table = list_outlook(study, goals, verdicts).set_index(["goal", "reading"])
    assert table.loc[("rail-40", "promoter"), "first_met"] == 2027
    assert table.loc[("rail-40", "promoter"), "nearest_scenario"] == "rail-only"
    assert table.loc[("rail-40", "promoter"), "nearest_margin_min"] == pytest.approx(10)
    assert table["first_met"].isna()[("rail-20", "promoter")]
    none: list[Verdict] = []
    assert list_outlook(study, goals, none).empty


def test_sureness_of_judged_readings(mini: Workspace) -> None:
    goals = [g for g in mini.goals() if g.id == "rail-40"]
    table = measure_uncertainty(mini, ["rail-only", "rail-only"], goals, draws=4)
    assert table["scenario"].tolist() == ["rail-only"] * 3
    promoter = table.set_index("reading").loc["promoter"]
    assert 0 < promoter["probability"] <= 1  # 90 km at 90 to 180 km/h: 60 to 30 minutes
    assert promoter["draws"] == 4
