"""Chances of goals by hand, the same draws in every scenario, and years of the plan."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest

from tests.study.mini_workspace import open_mini_workspace
from transit_model.analysis.draw_rows import build_row, measure_rows
from transit_model.analysis.evaluate import Evaluator
from transit_model.analysis.measures import find_goal
from transit_model.analysis.phasing import find_first_years
from transit_model.analysis.uncertain_values import (
    list_assumption_ranges,
    list_openings,
    list_project_ranges,
    read_assumption_ranges,
)
from transit_model.analysis.uncertainty import GoalUncertainty, Sample, compute_uncertainty, draw_numbers
from transit_model.assumptions import read_default_assumptions
from transit_model.domain.modes import Reading
from transit_model.errors import InputError
from transit_model.measure.workspace import Workspace
from transit_model.scenario.opened import select_open_by


@pytest.fixture(scope="module")
def mini(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return open_mini_workspace(tmp_path_factory.mktemp("sureness"))


def ask(
    mini: Workspace, goal: str, scenario: str, reading: Reading, by_year: int | None = None, **options: object
) -> GoalUncertainty:
    result = compute_uncertainty(
        mini,
        scenario,
        [find_goal(goal, mini.goals())],
        Sample(16, by_year=by_year),
        readings=[reading],
        **options,  # type: ignore[arg-type]
    )
    return result.goals[0]


def test_the_chance_that_a_speed_is_enough(mini: Workspace) -> None:
    # 40 min need 135 km/h; speeds lie evenly between 90 and 180, so half of the 16 balanced draws hold
    result = ask(mini, "rail-40", "rail-only", Reading.PROMOTER, base="built")
    assert result.probability == 0.5
    assert result.stderr == pytest.approx(math.sqrt(0.25 / 16))
    assert result.word == "depends"
    assert result.depends_on == "hsr.commercial_speed_kmh"
    assert result.base_probability == 0
    key, swing, correlation = result.swings[0]
    # at 90 km/h the line takes 60 min, so the old train of 50 min stays the fastest: margins -10 and 10
    assert (key, swing.low_margin, swing.high_margin) == ("hsr.commercial_speed_kmh", -10, 10)
    assert correlation > 0.9
    # half of the draws lie below 135 km/h = 40 min; the fastest tenth takes about 31
    p10, p50, p90 = result.value_min
    assert 30 < p10 < 33
    assert 38 < p50 < 42
    assert p90 == 50
    assert result.gain_min[2] > 17
    assert result.as_dict()["tornado"][0]["break_even"] == pytest.approx(135, abs=1)


def test_what_no_number_touches_is_robust(mini: Workspace) -> None:
    result = ask(mini, "road-45", "rail-only", Reading.PROMOTER)
    assert (result.probability, result.word) == (0, "robust_missed")
    assert result.as_dict()["base_probability"] is None


def test_a_number_has_the_same_draws_in_every_scenario(mini: Workspace) -> None:
    few, few_draws = draw_numbers(mini, mini.scenario("rail-only").projects, draws=16, seed=3)
    many, many_draws = draw_numbers(mini, mini.scenario("planned").projects, draws=16, seed=3)
    assert len(few) < len(many)
    for k, one in enumerate(few):
        column = [u.key for u in many].index(one.key)
        assert (few_draws[:, k] == many_draws[:, column]).all()
        assert ((few_draws[:, k] >= one.low) & (few_draws[:, k] <= one.high)).all()
    again = draw_numbers(mini, mini.scenario("rail-only").projects, draws=16, seed=3)[1]
    assert (again == few_draws).all()
    other = draw_numbers(mini, mini.scenario("rail-only").projects, draws=16, seed=4)[1]
    assert not (other == few_draws).all()


def test_opening_years_decide_what_stands(mini: Workspace) -> None:
    projects = mini.scenario("planned").projects
    openings = {u.owner: u for u in list_openings(projects)}
    assert (openings["bridge_west"].low, openings["bridge_west"].high) == (2025, 2028)
    drawn = {openings["bridge_west"]: 2027.0, openings["bridge_east"]: 2026.0, openings["hsr"]: 2027.0}
    # coach has no known opening; in 2026 the western bridge is not there, so the eastern one cannot be
    assert set(build_row(projects, drawn, 2026).without) == {"hsr", "bridge_west", "bridge_east", "coach"}
    assert set(build_row(projects, drawn, 2027).without) == {"coach"}
    assert build_row(projects, drawn).without == ()
    # the bridge opens in 2025, 26, 27 or 28: by 2026 in half of the draws
    result = ask(mini, "road-45", "planned", Reading.PROMOTER, by_year=2026)
    assert result.probability == pytest.approx(0.5 * _share_fast_enough(), abs=0.13)


def _share_fast_enough() -> float:
    """The eastern bridge needs 108 km/h of 60 to 120."""
    return (120 - 108) / (120 - 60)


def test_impossible_rows_are_nan_with_a_reason(mini: Workspace) -> None:
    projects = mini.scenario("rail-only").projects
    (speed, _) = list_project_ranges(projects)
    rows = [build_row(projects, {speed: v}) for v in (120.0, -5.0)]
    found, reasons = measure_rows(mini, "rail-only", ["goal:rail-40:promoter"], rows)
    assert found[0, 0] == pytest.approx(-5)
    assert np.isnan(found[1, 0])
    assert len(reasons) == 1


@pytest.mark.slow
def test_the_number_of_processes_changes_nothing(mini: Workspace) -> None:
    goals = mini.goals()
    one, two = (compute_uncertainty(mini, "planned", goals, Sample(64), workers=n).as_dict() for n in (1, 2))
    assert one == two


def test_goals_that_cannot_be_measured_are_an_issue(mini: Workspace) -> None:
    with pytest.raises(InputError, match="no_goals"):
        compute_uncertainty(mini, "rail-only", [])


def test_every_declared_range_is_of_an_assumption_and_says_why() -> None:
    assumptions = read_default_assumptions()
    listed = list_assumption_ranges(assumptions)
    assert len(listed) == len(read_assumption_ranges())
    for one in listed:
        name = one.key.split(".")[1]
        now = 1.0 if one.key.endswith(".*") else getattr(assumptions, name)
        given = read_assumption_ranges()[one.key.partition(".")[2]]
        assert given.low <= now <= given.high, f"{name}: the range does not hold the value"
        assert given.source
        assert given.zh
        assert given.en


def test_the_plan_year_by_year(mini: Workspace) -> None:
    result = find_first_years(mini, "planned", mini.goals(), first=2023, last=2029)
    found = {(g.goal, g.reading): g for g in result.goals}
    assert found["rail-40", "promoter"].first_met == 2027
    assert found["rail-40", "promoter"].kept
    # the western bridge may come as late as 2028, and the eastern one needs it
    assert found["road-45", "promoter"].first_met == 2028
    assert found["bus-60", "promoter"].first_met is None
    assert found["rail-20", "typical"].first_met is None
    assert result.openings == {2027: ("hsr",), 2028: ("bridge_west", "bridge_east")}  # no byway, it is not planned
    assert set(result.undated) == {"coach"}
    row = result.as_dict()["rows"][0]
    assert [y["year"] for y in row["years"]] == list(range(2023, 2030))
    with pytest.raises(InputError, match="bad_years"):
        find_first_years(mini, "planned", mini.goals(), first=2030, last=2020)


def test_dated_projects_come_with_what_they_need(mini: Workspace) -> None:
    library = tuple(Evaluator(mini, "built").library.values())
    assert [p.id for p in select_open_by(library, date(2026, 12, 31))] == ["byway"]
    late = [p.id for p in select_open_by(library, date(2028, 12, 31))]
    assert late.index("bridge_west") < late.index("bridge_east")


def write_scenario(mini: Workspace, name: str, body: str) -> None:
    text = f"id: {name}\ntitle: {{zh: x, en: x}}\n{body}"
    (mini.scenarios_dir / f"{name}.yaml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "project", "opens", "first"),
    [
        ("later", "hsr", "2032", 2032),  # the file says 2027
        ("dated", "twin", "2029", 2029),  # the file says unknown
        ("never", "hsr", "unknown", None),
    ],
)
def test_an_opening_that_the_scenario_overrides(
    mini: Workspace, name: str, project: str, opens: str, first: int | None
) -> None:
    write_scenario(mini, name, f"base: built\nprojects: [{project}]\noverrides: {{{project}.opens: {opens}}}\n")
    goals = [g for g in mini.goals() if g.id == "rail-40"]
    result = find_first_years(mini, name, goals, first=2026, last=2033, readings=[Reading.PROMOTER])
    assert result.goals[0].first_met == first
    assert result.undated == (() if first else (project,))
    # 90 km at 90 to 180 km/h are 60 to 30 min: within 40 from 135 km/h on, half of the range; nobody runs before
    holds = {}
    for year in (2028, 2031, 2033):
        found = compute_uncertainty(mini, name, goals, Sample(64, by_year=year), readings=[Reading.PROMOTER])
        holds[year] = found.goals[0].probability
    assert holds == {year: 0.5 if first is not None and year >= first else 0.0 for year in holds}


def test_an_opening_known_to_one_scenario_only_moves_no_draw_of_another(mini: Workspace) -> None:
    write_scenario(mini, "both", "base: built\nprojects: [hsr]\n")
    write_scenario(mini, "own", "base: built\nprojects: [hsr, coach]\noverrides: {coach.opens: [2026, 2035]}\n")
    drawn = {}
    for name in ("both", "own"):
        keys, numbers = draw_numbers(mini, mini.scenario(name).projects, draws=16, seed=3, by_year=2030)
        drawn[name] = {u.key: numbers[:, k] for k, u in enumerate(keys)}
    assert set(drawn["own"]) - set(drawn["both"]) == {"coach.opens", "coach.service.headway_min"}
    for key, column in drawn["both"].items():
        np.testing.assert_array_equal(column, drawn["own"][key])
    years = drawn["own"]["coach.opens"]
    assert set(years) <= set(range(2026, 2036))
    assert sorted(years)[0] <= 2027  # sixteen draws, one in each sixteenth of ten years
    assert sorted(years)[-1] >= 2034


def test_a_range_that_the_scenario_narrows(mini: Workspace) -> None:
    write_scenario(
        mini, "sure", "base: built\nprojects: [hsr]\noverrides: {hsr.ranges.commercial_speed_kmh: [170, 190]}\n"
    )
    goals = [g for g in mini.goals() if g.id == "rail-40"]
    found = compute_uncertainty(mini, "sure", goals, Sample(16), readings=[Reading.PROMOTER])
    assert found.goals[0].probability == 1  # 90 km at 170 km/h are 31.8 min
