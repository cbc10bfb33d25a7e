"""Scenarios, projects and goals of the second region: nothing of its facts is lost, nothing invented in silence."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from transit_model.domain.modes import Reading
from transit_model.goals.schema import Goal, load_goals
from transit_model.scenario.base_schema import Project
from transit_model.scenario.load import list_scenarios, load_projects, load_scenario, load_study
from transit_model.store.library import Library
from transit_model.store.resources import find_inputs

CHINESE = re.compile(r"[一-鿿]")
UNMEASURABLE = {"county-expressways", "taixin-integration", "central-shanxi-cluster"}


@pytest.fixture(scope="module")
def library() -> Library:
    return Library(find_inputs("taixin")[1])


@pytest.fixture(scope="module")
def projects(library: Library) -> tuple[Project, ...]:
    return load_projects(library)


@pytest.fixture(scope="module")
def goals(library: Library) -> list[Goal]:
    return load_goals(library)


def read_ids(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture(scope="module")
def keys(repo: Path) -> set[str]:
    return {row["key"] for row in read_ids(repo / "data/taixin/sources.csv")}


def test_the_library_is_a_folder_of_its_own(library: Library, repo: Path) -> None:
    assert library.folders == (repo / "scenarios/taixin",)
    assert find_inputs()[1] == (repo / "scenarios",)


def test_every_project_of_the_facts_is_a_file_or_explained(repo: Path, projects: tuple[Project, ...]) -> None:
    result = {row["id"] for row in read_ids(repo / "data/sources/taixin/projects.csv")}
    assert len(result) == 33
    covered = {p.id for p in projects} | {c for p in projects for c in p.covers}
    reasons = (repo / "scenarios/taixin/NOT_MODELLED.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^- `(\w+)`", reasons, re.MULTILINE))
    assert result - covered - explained == set()
    assert covered & explained == set()
    assert explained <= result


def test_the_four_projects_of_the_source_document_are_files(repo: Path, projects: tuple[Project, ...]) -> None:
    seeds = {row["id"] for row in read_ids(repo / "data/sources/taixin/projects.csv") if row["seed"]}
    assert seeds == {"xiongxin_hsr", "jidayuan_hsr", "taixin_ave", "g108_shahe_shiling", "g108_reroute"}
    assert seeds <= {p.id for p in projects} | {c for p in projects for c in p.covers}
    by_id = {p.id: p for p in projects}
    assert by_id["jidayuan_hsr"].status == by_id["taixin_ave"].status == "open"
    assert str(by_id["jidayuan_hsr"].opens.earliest) == "2024-12-31"
    assert by_id["xiongxin_hsr"].status == by_id["g108_shahe_shiling"].status == "under_construction"


def test_projects_say_where_they_are_from_and_what_is_assumed(projects: tuple[Project, ...], keys: set[str]) -> None:
    for p in projects:
        assert p.source, p.id
        assert set(p.source) <= keys, p.id
        assert p.confidence != "low" or p.assumed, p.id
        assert not CHINESE.search(p.title.en), p.id
        for result in p.assumed:
            assert CHINESE.search(result.zh), p.id
            assert not CHINESE.search(result.en), p.id
        if p.status != "open" and p.kind in ("rail_line", "rail_service"):
            assert p.ranges, p.id


def test_all_scenarios_load_and_every_project_is_in_one(library: Library, projects: tuple[Project, ...]) -> None:
    entries = list_scenarios(library)
    used = {p.id for entry in entries for p in load_scenario(library, entry.scenario_id).projects}
    assert {p.id for p in projects} == used
    bases = {entry.scenario_id: str(entry.as_of) for entry in entries if entry.is_base_case}
    assert bases == {"built-2020": "2020-12-31", "built-2023": "2023-12-31", "built-2025": "2025-12-31"}
    study = load_study(library.find_study(), library)
    assert [step.year for step in study.timeline] == [2020, 2023, 2025, 2030]


def test_all_26_goals_are_declared_with_their_words(repo: Path, goals: list[Goal]) -> None:
    result = {row["id"]: row for row in read_ids(repo / "data/sources/taixin/goals.csv")}
    assert len(result) == 26
    assert {goal.fact for goal in goals} == set(result)
    for goal in goals:
        assert goal.quote.zh == result[goal.fact]["text_zh"], goal.id


def test_goals_are_measured_on_three_readings_or_told_why_not(goals: list[Goal], keys: set[str]) -> None:
    assert {goal.id for goal in goals if goal.unmeasurable is not None} == UNMEASURABLE
    for goal in goals:
        assert set(re.findall(r"\[([a-z0-9]+)\]", goal.source)) <= keys, goal.id
        if goal.unmeasurable is None:
            assert goal.ambiguity is not None, goal.id
            assert goal.assumed, goal.id
            definition = goal.kind == "definition"
            assert goal.judged_on == ((Reading.DOOR_TO_DOOR,) if definition else tuple(Reading)), goal.id


def test_the_provincial_circle_is_whole(goals: list[Goal]) -> None:
    """3223: three hours to main cities, two to the prefecture cities, two to the counties, thirty minutes inside."""
    circle = {goal.id: goal.threshold_min for goal in goals if goal.id.startswith("3223-")}
    assert circle == {
        "3223-main-cities-3h": 180, "3223-prefectures-2h": 120, "3223-counties-2h": 120,
        **{f"3223-commute-30-{city}": 30 for city in ("taiyuan", "xinzhou", "shuozhou", "datong")},
    }  # fmt: skip
    counties = next(goal for goal in goals if goal.id == "3223-counties-2h")
    assert counties.pairs is not None
    assert len(counties.pairs.list_pairs()) == 40
