"""What it would take, on the mini pack by hand."""

from __future__ import annotations

import pytest

from tests.study.mini_workspace import open_mini_workspace
from transit_model.analysis.evaluate import Evaluator
from transit_model.analysis.measures import find_goal
from transit_model.analysis.single_changes import rank_single_changes
from transit_model.analysis.threshold_search import Threshold, find_limits, search_threshold
from transit_model.assumptions import Assumptions
from transit_model.domain.modes import Reading
from transit_model.errors import InputError, ScenarioError
from transit_model.measure.workspace import Workspace
from transit_model.scenario.quantities import Bounds, find_bounds
from transit_model.scenario.road_schema import RoadLink


@pytest.fixture(scope="module")
def mini(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return open_mini_workspace(tmp_path_factory.mktemp("require"))


@pytest.fixture(scope="module")
def evaluator(mini: Workspace) -> Evaluator:
    return Evaluator(mini, "built")


def ask(
    evaluator: Evaluator,
    goal: str,
    key: str,
    reading: Reading = Reading.PROMOTER,
    between: tuple[float, float] | None = None,
) -> Threshold:
    return search_threshold(evaluator, find_goal(goal, evaluator.workspace.goals()), reading, key, between=between)


def test_the_slowest_speed_that_meets_a_goal(evaluator: Evaluator) -> None:
    result = ask(evaluator, "rail-40", "hsr.commercial_speed_kmh")
    # 90 km in 40 min is 135 km/h; it stands at 180 km/h, so this is how slow it may get
    assert result.outcome == "met_already"
    assert result.now_value_min == 30
    assert result.required == pytest.approx(135, abs=0.2)
    assert result.search.monotone
    # 90 km in 20 min is 270 km/h
    faster = ask(evaluator, "rail-20", "hsr.commercial_speed_kmh")
    assert faster.outcome == "crossing"
    assert faster.required == pytest.approx(270, abs=0.3)
    assert faster.best == faster.required
    assert faster.best_value_min <= 20


def test_a_number_that_cannot_do_it(evaluator: Evaluator) -> None:
    result = ask(evaluator, "rail-20", "hsr.service.headway_min").as_dict()
    assert result["outcome"] == "cannot_be_met"
    assert result["required"] is None
    assert result["best_value_min"] == 30
    assert result["searched"] == [1, 480]


def test_always_met(evaluator: Evaluator) -> None:
    result = ask(evaluator, "rail-40", "hsr.service.headway_min")
    assert result.outcome == "always_met"


def test_the_owner_comes_with_what_it_needs(evaluator: Evaluator) -> None:
    # 20 min on the western bridge leave 25 of 45 for 45 km: 108 km/h on the eastern one
    result = ask(evaluator, "road-45", "bridge_east.design_speed_kmh")
    assert result.required == pytest.approx(108, abs=0.2)
    assert result.outcome == "met_already"


def test_an_assumption_may_be_varied(evaluator: Evaluator) -> None:
    result = ask(evaluator, "road-45", "assumptions.speed_factor_typical.*", Reading.TYPICAL)
    assert result.outcome == "crossing"
    assert result.now == 1
    assert result.required > 1


def test_impossible_values_are_told(evaluator: Evaluator) -> None:
    result = ask(evaluator, "rail-40", "hsr.stations.1.chainage_km", between=(10, 200)).as_dict()
    assert result["impossible"]
    assert "straight" in result["impossible"][0]["reason"]
    assert result["grid"][0]["margin_min"] is None
    # 40 min at 180 km/h are 120 km
    assert result["required"] == pytest.approx(120, abs=0.2)


@pytest.mark.parametrize("between", [(100.0, 100.0), (200.0, 100.0), (1.0, float("inf"))])
def test_wrong_limits(evaluator: Evaluator, between: tuple[float, float]) -> None:
    with pytest.raises(InputError, match="bad_limits"):
        ask(evaluator, "rail-40", "hsr.commercial_speed_kmh", between=between)


def test_unknown_numbers(evaluator: Evaluator) -> None:
    with pytest.raises(ScenarioError, match="no_such_number"):
        ask(evaluator, "rail-40", "hsr.speed")


def test_limits_by_unit() -> None:
    assert find_limits("x.design_speed_kmh", 350, Bounds()) == (10, 400)
    assert find_limits("x.design_speed_kmh", 500, Bounds()) == (10, 500)
    assert find_limits("x.service.headway_min", 30, Bounds()) == (1, 480)
    assert find_limits("x.length_km", 40, Bounds()) == (10, 160)
    assert find_limits("x.y", 0, Bounds()) == (0, 4)


def test_limits_within_the_schema_and_the_declared_range() -> None:
    assert find_limits("x.detour_factor", 1.1, Bounds(1, 3)) == (1, 3)
    assert find_limits("x.detour_factor", 1.1, Bounds(1, 3), (1.05, 1.3)) == (1.05, 1.3)
    assert find_limits("x.length_km", 40, Bounds(0, 100, takes_low=False)) == (10, 100)
    assert find_limits("x.design_speed_kmh", 350, Bounds(1, 600), (250, 450)) == (10, 450)
    low, high = find_limits("x.y", 0.5, Bounds(0, 1, takes_low=False, takes_high=False), (0, 1))
    assert 0 < low < 0.5 < high < 1


def test_what_is_no_amount_is_not_varied(evaluator: Evaluator) -> None:
    with pytest.raises(ScenarioError, match="says where something lies") as caught:
        ask(evaluator, "road-45", "bridge_west.nodes.0.lon")
    assert "bridge_west.design_speed_kmh" in caught.value.issues[0].hint
    assert "lat" not in caught.value.issues[0].hint
    assert ask(evaluator, "road-45", "assumptions.walk_detour").as_dict()["searched"][0] == 1


def test_bounds_are_those_of_the_schema() -> None:
    assert find_bounds(RoadLink, ["roads", "0", "detour_factor"]) == Bounds(1, 3)
    assert find_bounds(RoadLink, ["roads", "0", "length_km"]) == Bounds(0, 5000, takes_low=False)
    assert find_bounds(RoadLink, ["design_speed_kmh"]) == Bounds(1, 600)
    assert find_bounds(Assumptions, ["speed_factor_typical", "urban"]) == Bounds(0, 10, takes_low=False)
    for path in ("roads.0.via.0.0", "roads.0.via.0.1", "nodes.0.lat", "ref", "opens", "roads.0.nothing", "roads.0"):
        assert find_bounds(RoadLink, path.split(".")) is None, path


def test_single_changes_are_ranked(evaluator: Evaluator, mini: Workspace) -> None:
    goal = find_goal("rail-40", mini.goals())
    result = rank_single_changes(evaluator, goal, Reading.PROMOTER)
    assert [(c.kind, c.project) for c in result] == [("project", "hsr"), ("project", "twin")]
    assert all(c.meets and c.margin_min == 10 for c in result)
    # 20 min are out of reach within the declared 90 to 180 km/h
    none_meets = rank_single_changes(evaluator, find_goal("rail-20", mini.goals()), Reading.PROMOTER)
    assert none_meets
    assert not any(c.meets for c in none_meets)


def test_numbers_of_standing_projects_come_first(mini: Workspace) -> None:
    evaluator = Evaluator(mini, "rail-only")
    goal = find_goal("rail-40", mini.goals()).model_copy(update={"threshold_min": 55.0})
    result = rank_single_changes(evaluator, goal, Reading.TYPICAL)
    assert (result[0].kind, result[0].project, result[0].field) == ("number", "hsr", "service.headway_min")
    assert result[0].meets
    assert 0 < result[0].change_share < 1
    assert result[0].as_dict()["new"] < 60


def test_a_goal_that_is_met_needs_no_change(mini: Workspace) -> None:
    (result,) = rank_single_changes(Evaluator(mini, "planned"), find_goal("rail-40", mini.goals()), Reading.PROMOTER)
    assert result.kind == "none"
    assert result.meets


def test_the_headway_of_the_shipped_line(shipped: Workspace) -> None:
    evaluator = Evaluator(shipped, "built-2025")
    goal = find_goal("rail-half-hour", shipped.goals())
    result = search_threshold(evaluator, goal, Reading.PROMOTER, "hubao_hsr.design_speed_kmh", points=4)
    # 183.7 km in half an hour is 367 km/h all the way: no train that starts and stops does it below 400
    assert result.outcome == "cannot_be_met"
    assert result.search.monotone
