"""Shares of gains on the mini pack by hand, and that they add up on the shipped one."""

from __future__ import annotations

import pytest

from tests.study.mini_workspace import open_mini_workspace
from transit_model.analysis.attribution import Attribution, attribute
from transit_model.analysis.evaluate import Evaluator
from transit_model.analysis.measures import parse_measure
from transit_model.errors import InputError, ScenarioError
from transit_model.measure.workspace import Workspace

ALL = ("hsr", "twin", "bridge_west", "bridge_east", "byway")


@pytest.fixture(scope="module")
def mini(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return open_mini_workspace(tmp_path_factory.mktemp("attribution"))


@pytest.fixture(scope="module")
def evaluator(mini: Workspace) -> Evaluator:
    return Evaluator(mini, "built")


def ask(evaluator: Evaluator, name: str, projects: tuple[str, ...] = ALL, **options: float) -> Attribution:
    measure = parse_measure(name, evaluator.workspace.goals(), ["west"])
    return attribute(evaluator, [measure], projects, **options)[0]  # type: ignore[arg-type]


def test_two_lines_that_replace_each_other(evaluator: Evaluator) -> None:
    result = ask(evaluator, "goal:rail-40:promoter").as_dict()
    # 50 -> 30 min with either, so 20 in all and 10 each; the others carry no train
    assert (result["base_value"], result["value"], result["total"]) == (-10, 10, 20)
    rows = {r["project"]: r for r in result["rows"]}
    assert [rows[p]["shapley"] for p in ALL] == [10, 10, 0, 0, 0]
    assert (rows["hsr"]["add_one"], rows["hsr"]["leave_one_out"], rows["hsr"]["stderr"]) == (20, 0, 0)
    pairs = {(p["a"], p["b"]): p for p in result["pairs"]}
    assert pairs["hsr", "twin"]["interaction"] == -20
    assert len(pairs) == 10
    assert result["method"] == "exact"


def test_two_bridges_that_only_work_together(evaluator: Evaluator) -> None:
    result = ask(evaluator, "goal:road-45:promoter")
    # 50 -> 42.5 min with both, nothing with one: 3.75 each; the far one cannot even stand alone
    assert result.shares.shapley.tolist() == pytest.approx([0, 0, 3.75, 3.75, 0])
    assert result.shares.add_one.tolist() == pytest.approx([0] * 5)
    assert result.shares.leave_one_out.tolist() == pytest.approx([0, 0, 7.5, 7.5, 0])
    assert result.shares.interaction[2, 3] == pytest.approx(7.5)


def test_less_time_is_a_gain(evaluator: Evaluator) -> None:
    result = ask(evaluator, "watt:west:road:promoter", ("bridge_west", "bridge_east", "byway"))
    # east 50 -> 42.5 for 250,000 of a million; farm 24 km at 40 -> 60: 12 min less for 50,000
    assert result.shares.total == pytest.approx(7.5 * 0.25 + 12 * 0.05)
    assert result.shares.shapley.tolist() == pytest.approx([7.5 * 0.25 / 2, 7.5 * 0.25 / 2, 12 * 0.05])
    assert result.full_value < result.base_value


def test_sampled_shares_add_up(evaluator: Evaluator) -> None:
    result = ask(evaluator, "goal:rail-40:typical", permutations=8, exact_limit=2)
    assert not result.exact
    assert result.shares.shapley.sum() == pytest.approx(result.shares.total)
    assert result.as_dict()["pairs"][0]["interaction"] is None


def test_the_unreachable_needs_a_cap(evaluator: Evaluator) -> None:
    with pytest.raises(InputError) as caught:
        ask(evaluator, "goal:bus-60:promoter", ("coach",))
    assert caught.value.issues[0].code == "unreachable_measure"
    assert "cap" in caught.value.issues[0].hint
    result = ask(evaluator, "goal:bus-60:promoter:value", ("coach",), cap_min=100)
    assert result.base_value == 100
    assert result.shares.total == pytest.approx(100 - result.full_value)
    with pytest.raises(InputError, match="bad_cap"):
        ask(evaluator, "goal:bus-60:promoter", ("coach",), cap_min=60)
    # a share needs no cap
    assert ask(evaluator, "goal:bus-60:promoter:share", ("coach",)).base_value == 0


@pytest.mark.parametrize(
    ("base", "projects", "codes"),
    [
        ("built", (), ["no_projects"]),
        ("built", ("hsr", "hsr"), ["project_twice"]),
        ("planned", ("hsr",), ["project_twice"]),
        ("built", ("bridge_east",), ["requires_missing"]),
        ("built", ("bridge_west", "rival", "bridge_east"), ["conflict"]),
        ("built", ("hsrr", "twinn"), ["unknown_project", "unknown_project"]),
    ],
)
def test_wrong_lists_of_projects(mini: Workspace, base: str, projects: tuple[str, ...], codes: list[str]) -> None:
    with pytest.raises(ScenarioError) as caught:
        ask(Evaluator(mini, base), "goal:rail-40:promoter", projects)
    assert [i.code for i in caught.value.issues] == codes


def test_three_lines_of_the_shipped_region_add_up(shipped: Workspace) -> None:
    evaluator = Evaluator(shipped, "built-2025")
    measure = parse_measure("goal:rail-1h-circle:typical", shipped.goals(), ["hohhot"])
    result = attribute(evaluator, [measure], ["hubao_hsr", "hue_hsr", "s27_hohhot"])[0]
    assert result.shares.shapley.sum() == pytest.approx(result.shares.total, abs=1e-9)
    assert result.shares.total == pytest.approx(result.full_value - result.base_value)
    assert result.shares.shapley[2] == 0
    assert (result.shares.shapley[:2] > 0).all()
