"""The fast evaluator says exactly what a scenario built and measured from scratch says."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.study.mini_workspace import open_mini_workspace
from transit_model.analysis.evaluate import (
    Evaluator,
    carry_changes,
    change_project,
)
from transit_model.analysis.measures import compute_measures, measure_goal, parse_measure
from transit_model.domain.modes import Reading
from transit_model.errors import InputError, ScenarioError
from transit_model.measure.coach_times import CoachTimes
from transit_model.measure.session import Session
from transit_model.measure.workspace import Workspace
from transit_model.network.build import build_network
from transit_model.scenario.apply import apply_projects
from transit_model.scenario.kinds.registry import find_kind
from transit_model.scenario.overrides import list_number_fields
from transit_model.study.scenario_tables import judge_all, measure_goal_od

POOL = ("hsr", "twin", "bridge_west", "bridge_east", "byway", "coach")
NUMBERS = {
    "hsr.commercial_speed_kmh": (90.0, 300.0),
    "twin.service.headway_min": (5.0, 120.0),
    "bridge_east.design_speed_kmh": (40.0, 120.0),
    "coach.service.headway_min": (10.0, 90.0),
    "assumptions.rail_entry_min": (5.0, 40.0),
    "assumptions.speed_factor_typical.*": (0.6, 1.1),
    "assumptions.junction_delay_s.urban": (0.0, 60.0),
    "assumptions.rail_dwell_min": (1.0, 4.0),
    "assumptions.bus_stop_min": (1.0, 5.0),
    "assumptions.walk_speed_kmh": (3.0, 6.0),
}


@pytest.fixture(scope="module")
def mini(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return open_mini_workspace(tmp_path_factory.mktemp("evaluate"))


@pytest.fixture(scope="module")
def evaluator(mini: Workspace) -> Evaluator:
    return Evaluator(mini, "built")


def values_from_scratch(
    workspace: Workspace, base: str, projects: Sequence[str], numbers: Mapping[str, float]
) -> dict[tuple[str, str], tuple[float, float, float]]:
    """Value, margin and share of every goal, without any of the evaluator's short cuts."""
    evaluator = Evaluator(workspace, base)
    changes: dict[str, Any] = {}
    for key, value in numbers.items():
        owner, _, name = key.partition(".")
        if owner != "assumptions":
            continue
        table, _, row = name.partition(".")
        old = changes.get(table, getattr(workspace.assumptions, table))
        if row == "*":
            changes[table] = {k: v * value for k, v in old.items()}
        elif row:
            changes[table] = {**old, row: value}
        else:
            changes[table] = value
    chosen = [
        change_project(evaluator.library[p], {k: v for k, v in numbers.items() if k.startswith(f"{p}.")})
        for p in (*evaluator.base_ids, *projects)
    ]
    network = build_network(workspace.region, evaluator.base.as_of, workspace.assumptions.with_changes(**changes))
    session = Session("scratch", apply_projects(network, chosen, road_time_s=CoachTimes()))
    # without a bus the table of a scenario has no bus rows at all, and a goal by bus cannot be told from it
    goals = [g for g in workspace.goals() if g.unmeasurable is None and (g.id != "bus-60" or "coach" in projects)]
    verdicts = judge_all(session, goals, measure_goal_od(session, goals))
    return {(v.goal, v.reading): (v.value_min, v.margin_min, v.share) for v in verdicts}


def values_of(
    evaluator: Evaluator, projects: Sequence[str], numbers: Mapping[str, float]
) -> dict[tuple[str, str], tuple[float, float, float]]:
    asked = [(g, r) for g in evaluator.workspace.goals() if g.unmeasurable is None for r in Reading]
    measures = [measure_goal(g, r, q) for g, r in asked for q in ("value", "margin", "share")]
    found = compute_measures(evaluator.evaluate(projects, numbers), measures)
    return {(g.id, r.value): (found[3 * i], found[3 * i + 1], found[3 * i + 2]) for i, (g, r) in enumerate(asked)}


@settings(
    max_examples=examples(10),
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_an_evaluation_equals_the_scenario_from_scratch(
    data: st.DataObject, mini: Workspace, evaluator: Evaluator
) -> None:
    # one evaluator serves all examples, so what it kept from one may not leak into the next
    chosen = [p for p in POOL if data.draw(st.booleans(), label=p)]
    if "bridge_west" not in chosen:
        chosen = [p for p in chosen if p != "bridge_east"]
    keys = data.draw(st.lists(st.sampled_from(sorted(NUMBERS)), max_size=4, unique=True))
    numbers = {k: data.draw(st.floats(*NUMBERS[k]), label=k) for k in keys}
    numbers = {k: v for k, v in numbers.items() if k.partition(".")[0] in ("assumptions", *chosen)}
    found, scratch = values_of(evaluator, chosen, numbers), values_from_scratch(mini, "built", chosen, numbers)
    assert {k: found[k] for k in scratch} == scratch


def test_the_base_alone_by_hand(evaluator: Evaluator) -> None:
    found = values_of(evaluator, (), {})
    assert found["rail-40", "promoter"] == (50.0, -10.0, 0.0)
    assert found["road-45", "promoter"] == (50.0, -5.0, 0.0)
    assert found["bus-60", "typical"][0] == math.inf
    with_both = values_of(evaluator, ["bridge_west", "bridge_east", "hsr"], {})
    assert with_both["rail-40", "promoter"] == (30.0, 10.0, 1.0)
    assert with_both["road-45", "promoter"][0] == pytest.approx(42.5)  # 85 km at 120


def test_an_assumption_alone_changes_what_it_should(evaluator: Evaluator) -> None:
    plain, slow = values_of(evaluator, (), {}), values_of(evaluator, (), {"assumptions.speed_factor_typical.*": 0.5})
    assert slow["road-45", "promoter"] == plain["road-45", "promoter"]
    assert slow["road-45", "typical"][0] > plain["road-45", "typical"][0]
    assert values_of(evaluator, (), {}) == plain


def test_projects_stand_after_those_they_need(evaluator: Evaluator) -> None:
    assert evaluator.order(["bridge_east", "hsr", "bridge_west"]) == ("bridge_west", "bridge_east", "hsr")
    assert evaluator.keep_buildable(["bridge_east", "hsr"]) == ("hsr",)
    assert evaluator.keep_buildable(["bridge_east", "bridge_west"]) == ("bridge_east", "bridge_west")


def test_projects_of_the_base_may_be_left_out(mini: Workspace) -> None:
    planned = Evaluator(mini, "planned")
    bare = values_of(planned, (), {})
    with pytest.raises(ScenarioError, match="twin is not in the base, so it cannot be left out"):
        planned.evaluate((), without=("hsr", "twin"))
    without = planned.evaluate((), without=("hsr", "coach"))
    assert without.projects == ("bridge_west", "bridge_east")
    found = compute_measures(without, [parse_measure("goal:rail-40:promoter:value", mini.goals(), ["west"])])
    assert found == [50]
    assert bare["rail-40", "promoter"][0] == 30


@pytest.mark.parametrize(
    ("key", "number"),
    [
        ("hsr.commercial_speed_kmh", 180),
        ("hsr.service.headway_min", 60),
        ("hsr.stations.1.chainage_km", 90),
        ("assumptions.rail_entry_min", 15),
        ("assumptions.speed_factor_typical.motorway", 0.85),
        ("assumptions.speed_factor_typical.*", 1),
    ],
)
def test_numbers_as_they_stand(evaluator: Evaluator, key: str, number: float) -> None:
    assert evaluator.find_number(key) == number


@pytest.mark.parametrize(
    ("key", "code", "hint"),
    [
        ("hsrr.commercial_speed_kmh", "unknown_project", "hsr"),
        ("hsr.comercial_speed_kmh", "no_such_number", "commercial_speed_kmh"),
        ("hsr.title", "no_such_number", "hsr"),
        ("assumptions.rail_entry", "no_such_number", "assumptions.rail_entry_min"),
    ],
)
def test_numbers_that_are_none(evaluator: Evaluator, key: str, code: str, hint: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        evaluator.find_number(key)
    assert caught.value.issues[0].code == code
    assert hint in caught.value.issues[0].hint


def test_wrong_sets_and_numbers_are_issues(evaluator: Evaluator) -> None:
    with pytest.raises(ScenarioError, match="unknown_project"):
        evaluator.evaluate(["hsrr"])
    with pytest.raises(ScenarioError, match="requires_missing"):
        evaluator.evaluate(["bridge_east"])
    with pytest.raises(ScenarioError, match="out_of_range"):
        evaluator.evaluate(["hsr"], {"hsr.commercial_speed_kmh": -1})
    with pytest.raises(ScenarioError, match="bad_override"):
        evaluator.evaluate(["hsr"], {"hsr.title": 3})
    with pytest.raises(InputError, match="bad_assumption"):
        evaluator.evaluate((), {"assumptions.walk_speed_kmh": -1})


def test_a_changed_project_may_leave_its_range(evaluator: Evaluator) -> None:
    project = change_project(evaluator.library["hsr"], {"hsr.commercial_speed_kmh": 300})
    assert sorted(project.ranges) == ["service.headway_min"]
    assert evaluator.library["hsr"].ranges["commercial_speed_kmh"] == (90.0, 180.0)
    assert change_project(project, {}) is project


def test_numbers_of_a_project_are_found(evaluator: Evaluator) -> None:
    fields = list_number_fields({"a": 1, "b": [{"c": 2.5, "d": True}], "ranges": {"a": [0, 2]}, "e": "x"})
    assert fields == ["a", "b.0.c"]
    assert find_kind(evaluator.library["hsr"]).reads(evaluator.library["hsr"]) == ("rail_dwell_min",)
    assert find_kind(evaluator.library["coach"]).reads(evaluator.library["coach"]) == ()


def test_what_a_policy_changed_stays_changed(mini: Workspace) -> None:
    before = mini.assumptions
    policy = before.with_changes(rail_entry_min=3, junction_delay_s={**before.junction_delay_s, "urban": 1})
    drawn = before.with_changes(
        rail_entry_min=20, rail_exit_min=9, junction_delay_s=dict.fromkeys(before.junction_delay_s, 7)
    )
    result = carry_changes(before, policy, drawn)
    assert (result.rail_entry_min, result.rail_exit_min) == (3.0, 9.0)
    assert result.junction_delay_s["urban"] == 1
    assert result.junction_delay_s["trunk"] == 7
    assert carry_changes(before, before, drawn) is drawn


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("goal:rail-4:typical", "rail-40"),
        ("goal:rail-40:typcal", "typical"),
        ("goal:rail-40:typical:margn", "margin"),
        ("population:west:raill:60", "rail"),
        ("population:west:rail:soon", "population:west:best:60"),
        ("population:west:rail:-5", "population:west:best:60"),
        ("nonsense", "watt:west:best"),
    ],
)
def test_measures_that_are_none(mini: Workspace, text: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_measure(text, mini.goals(), ["west"])
    assert hint in caught.value.issues[0].hint


def test_populations_and_means_by_hand(mini: Workspace, evaluator: Evaluator) -> None:
    names = ("seats:west:road:45:promoter", "watt:west:road:promoter", "od:west:mid:road:promoter")
    within, mean, pair = compute_measures(
        evaluator.evaluate(), [parse_measure(n, mini.goals(), ["west"]) for n in names]
    )
    # west-seat 0 min; mid 50 km at 80 = 37.5; east 50; farm by mid 37.5 + 24 km at 40 = 73.5
    assert pair == 37.5
    assert within == 600_000 + 100_000
    assert mean == pytest.approx((100_000 * 37.5 + 250_000 * 50 + 50_000 * 73.5) / 1_000_000)


@pytest.mark.parametrize("projects", [("hubao_hsr", "s27_hohhot"), ("hue_hsr", "s26")])
def test_the_shipped_region_from_scratch(shipped: Workspace, projects: tuple[str, ...]) -> None:
    numbers = {"assumptions.rail_entry_min": 20.0, f"{projects[0]}.service.headway_min": 50.0}
    evaluator = Evaluator(shipped, "built-2025")
    values_of(evaluator, (), {})
    found = values_of(evaluator, projects, numbers)
    assert found == values_from_scratch(shipped, "built-2025", projects, numbers)
