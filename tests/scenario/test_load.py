"""Scenarios and studies from folders: composition, inheritance, overrides, variants, and every message."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.scenario.one_project import load_project, override_project
from tests.scenario.yaml_text import text_of
from transit_model.domain.modes import Mode, Reading
from transit_model.errors import Issue, ScenarioError
from transit_model.scenario.load import (
    list_scenarios,
    load_choices,
    load_projects,
    load_scenario,
    load_study,
)
from transit_model.scenario.opened import select_open_by
from transit_model.scenario.overrides import get_number
from transit_model.scenario.scenario_schema import StudyChoices

TITLE = "title: {zh: 情景, en: a scenario}\n"


def scenario_text(name: str, body: str) -> str:
    return f"id: {name}\n{TITLE}{body}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    projects = tmp_path / "projects"
    projects.mkdir()
    for name, kind in (("line", "rail_line"), ("road", "road_link"), ("bus", "bus_line"), ("rule", "policy")):
        (projects / f"{name}.yaml").write_text(text_of(kind, project_id=name), encoding="utf-8")
    write(tmp_path, "built-2025", "base: {as_of: 2025-12-31}\nprojects: [rule]\n")
    write(tmp_path, "plan", "base: built-2025\nprojects: [line, road]\n")
    return tmp_path


def write(folder: Path, name: str, body: str) -> None:
    (folder / f"{name}.yaml").write_text(scenario_text(name, body), encoding="utf-8")


def issues_of(folder: Path, name: str) -> list[Issue]:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(folder, name)
    return caught.value.issues


def test_projects_of_the_base_come_first(folder: Path) -> None:
    plan = load_scenario(folder, "plan")
    assert [p.id for p in plan.projects] == ["rule", "line", "road"]
    assert (plan.as_of, plan.base_id, plan.is_base_case) == (date(2025, 12, 31), "built-2025", False)
    base = load_scenario(folder, "built-2025")
    assert base.is_base_case
    assert base.base_id is None


def test_inheritance_adds_projects_and_overrides(folder: Path) -> None:
    write(folder, "more", "inherits: plan\nprojects: [bus]\noverrides: {line.design_speed_kmh: 200}\n")
    write(folder, "most", "inherits: more\noverrides: {bus.service.headway_min: 10, line.design_speed_kmh: 300}\n")
    most = load_scenario(folder, "most")
    assert [p.id for p in most.projects] == ["rule", "line", "road", "bus"]
    assert get_number(most.projects[1], "design_speed_kmh") == 300
    assert get_number(most.projects[3], "service.headway_min") == 10
    assert most.overrides == {"line.design_speed_kmh": 300, "bus.service.headway_min": 10}
    assert most.old_values == {"line.design_speed_kmh": 250, "bus.service.headway_min": 30}
    assert most.base_id == "built-2025"


def test_override_of_a_list_item_and_of_a_key_by_null(folder: Path) -> None:
    write(
        folder,
        "x",
        "inherits: plan\noverrides: {line.stations.2.chainage_km: 75, line.design_speed_kmh: null,"
        " line.commercial_speed_kmh: 180}\n",
    )
    line = load_scenario(folder, "x").projects[1]
    assert get_number(line, "stations.2.chainage_km") == 75
    assert get_number(line, "commercial_speed_kmh") == 180
    # the file itself is as before
    assert get_number(load_scenario(folder, "plan").projects[1], "design_speed_kmh") == 250


def test_variants(folder: Path) -> None:
    write(
        folder,
        "v",
        "inherits: plan\nvariants:\n  bare:\n    title: {zh: 甲, en: bare}\n    without: [road]\n"
        "  slow:\n    title: {zh: 乙, en: slow}\n    projects: [bus]\n    overrides: {line.design_speed_kmh: 160}\n",
    )
    assert [p.id for p in load_scenario(folder, "v@bare").projects] == ["rule", "line"]
    slow = load_scenario(folder, "v@slow")
    assert slow.title.en == "slow"
    assert [p.id for p in slow.projects] == ["rule", "line", "road", "bus"]
    assert get_number(slow.projects[1], "design_speed_kmh") == 160
    assert [e.variants for e in list_scenarios(folder)] == [(), (), ("bare", "slow")]


BASE = "base: built-2025\nprojects: [line]\n"
BAD = {
    "no base": ("projects: [line]\n", "base_unclear", 1, "built-2025"),
    "two bases": ("base: built-2025\ninherits: plan\n", "base_unclear", 3, "exactly one"),
    "unknown base": ("base: built-2026\n", "unknown_scenario", 3, "did you mean built-2025"),
    "base that is none": ("base: plan\n", "not_a_base", 3, "inherits"),
    "date in words": ("base: {as_of: last year}\n", "bad_date", 3, "YYYY-MM-DD"),
    "unknown key": (BASE + "project: [x]\n", "unknown_key", 5, "did you mean projects"),
    "unknown project": ("base: built-2025\nprojects: [line, lien]\n", "unknown_project", 4, "did you mean line"),
    "project twice": ("base: built-2025\nprojects: [line, line]\n", "project_twice", 4, "twice"),
    "project of the base": ("base: built-2025\nprojects: [rule]\n", "project_twice", 4, "base or the parent"),
    "cycle": ("inherits: bad\n", "inheritance_cycle", 3, "bad -> bad"),
    "override of nothing": (BASE + "overrides: {line: 3}\n", "bad_override", 5, "project.field"),
    "override elsewhere": (BASE + "overrides: {road.design_speed_kmh: 3}\n", "unknown_project", 5, "not in"),
    "override no field": (BASE + "overrides: {line.service.no.way: 3}\n", "bad_override", 5, "there is no"),
    "override unknown key": (BASE + "overrides:\n  line.design_sped_kmh: 3\n", "unknown_key", 5, "did you mean"),
    "override out of range": (BASE + "overrides:\n  line.design_speed_kmh: -3\n", "out_of_range", 5, "1 or more"),
    "override of the id": (BASE + "overrides: {line.id: x}\n", "bad_override", 5, "cannot be overridden"),
    "override to the same": (BASE + "overrides: {line.design_speed_kmh: 250}\n", "changed_nothing", 5, "already"),
    "empty variant": (BASE + "variants: {v: {title: {zh: x, en: y}}}\n", "changed_nothing", 5, "must change"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_scenarios(folder: Path, name: str) -> None:
    body, code, line, words = BAD[name]
    write(folder, "bad", body)
    issues = issues_of(folder, "bad")
    found = [i for i in issues if i.code == code]
    assert found, [i.as_text() for i in issues]
    assert found[0].file == "bad.yaml"
    assert found[0].line == line, found[0].as_text()
    assert words in found[0].message + found[0].hint, found[0].as_text()


def test_long_cycle(folder: Path) -> None:
    write(folder, "one", "inherits: two\n")
    write(folder, "two", "inherits: three\n")
    write(folder, "three", "inherits: one\n")
    issues = issues_of(folder, "one")
    assert [(i.code, i.file) for i in issues] == [("inheritance_cycle", "three.yaml")]
    assert "one -> two -> three -> one" in issues[0].message


def test_unknown_names(folder: Path) -> None:
    assert "did you mean plan" in issues_of(folder, "plann")[0].hint
    assert [i.code for i in issues_of(folder, "plan@fast")] == ["unknown_variant"]
    assert [i.code for i in issues_of(folder, "study")] == ["unknown_scenario"]
    write(folder, "v", BASE + "variants: {v: {title: {zh: x, en: y}, without: [bus]}}\n")
    assert [i.code for i in issues_of(folder, "v@v")] == ["changed_nothing"]


def test_issues_of_all_files_come_at_once(folder: Path) -> None:
    (folder / "projects" / "road.yaml").write_text("id: road\nkind: road_lin\n", encoding="utf-8")
    (folder / "projects" / "line.yaml").write_text(text_of("rail_line") + "x: 1\n", encoding="utf-8")
    found = {(i.file, i.code) for i in issues_of(folder, "plan")}
    assert found == {
        ("projects/road.yaml", "unknown_kind"),
        ("projects/line.yaml", "unknown_key"),
        ("projects/line.yaml", "id_not_file_name"),
    }
    with pytest.raises(ScenarioError) as caught:
        load_projects(folder)
    assert len(caught.value.issues) == 3
    with pytest.raises(ScenarioError):
        load_project(folder / "projects" / "road.yaml")


def test_file_name_and_id(folder: Path) -> None:
    (folder / "other.yaml").write_text(scenario_text("name", BASE), encoding="utf-8")
    assert [i.code for i in issues_of(folder, "other")] == ["id_not_file_name"]
    with pytest.raises(ScenarioError):
        list_scenarios(folder)


def test_study(folder: Path) -> None:
    (folder / "goals").mkdir()
    for goal in ("g2", "g1"):
        (folder / "goals" / f"{goal}.yaml").write_text("id: x\n", encoding="utf-8")
    path = folder / "study.yaml"
    text = f"id: s\n{TITLE}scenarios: [built-2025, plan]\ncomparisons: [{{base: built-2025, scenario: plan}}]\n"
    path.write_text(text, encoding="utf-8")
    study = load_study(path)
    assert [s.scenario_id for s in study.scenarios] == ["built-2025", "plan"]
    assert [(c.base, c.scenario) for c in study.comparisons] == [("built-2025", "plan")]
    assert study.goals == ("g1", "g2")
    path.write_text(text + "goals: [g2]\n", encoding="utf-8")
    assert load_study(path).goals == ("g2",)


STUDY_BAD = {
    "unknown scenario": ("scenarios: [built-2025, plam]\n", "unknown_scenario", 3, "did you mean plan"),
    "no scenario": ("scenarios: []\n", "empty_list", 3, ""),
    "scenario twice": ("scenarios: [plan, plan]\n", "scenario_twice", 3, "twice"),
    "comparison unknown": (
        "scenarios: [plan]\ncomparisons: [{base: built-2025, scenario: plan}]\n",
        "comparison_unknown",
        4,
        "not among",
    ),
    "with itself": (
        "scenarios: [plan]\ncomparisons: [{base: plan, scenario: plan}]\n",
        "compared_with_itself",
        4,
        "itself",
    ),
    "unknown goal": ("scenarios: [plan]\ngoals: [g9]\n", "unknown_goal", 4, "goal g9"),
    "cutoffs not ascending": (
        "scenarios: [plan]\ncutoffs_min: [60, 30]\n",
        "steps_order",
        4,
        "cutoffs_min must ascend",
    ),
    "no cutoff": ("scenarios: [plan]\ncutoffs_min: []\n", "empty_list", 4, ""),
    "a cutoff of nothing": ("scenarios: [plan]\ncutoffs_min: [0, 30]\n", "out_of_range", 4, "greater than 0"),
    "a ring twice": (
        "scenarios: [plan]\nrings: [{mode: road, reading: typical}, {mode: road, reading: typical}]\n",
        "kind_twice",
        4,
        "twice under rings",
    ),
    "a ring without a surface": (
        "scenarios: [plan]\nrings: [{mode: rail, reading: promoter}]\n",
        "no_such_surface",
        4,
        "no surface by rail",
    ),
    "an unknown reading": (
        "scenarios: [plan]\nrings: [{mode: rail, reading: tipical}]\n",
        "unknown_value",
        4,
        "did you mean typical",
    ),
    "compared but not a ring": (
        "scenarios: [plan]\nrings: [{mode: road, reading: typical}]\ncompared: [{mode: bus, reading: typical}]\n",
        "compared_unknown",
        5,
        "bus typical",
    ),
    "years the wrong way round": (
        "scenarios: [plan]\nfirst_year: 2030\nlast_year: 2029\n",
        "bad_years",
        5,
        "no span of years",
    ),
}


@pytest.mark.parametrize("name", STUDY_BAD)
def test_bad_studies(folder: Path, name: str) -> None:
    body, code, line, words = STUDY_BAD[name]
    path = folder / "study.yaml"
    path.write_text(f"id: s\n{TITLE}{body}", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_study(path)
    found = [i for i in caught.value.issues if i.code == code]
    assert found, [i.as_text() for i in caught.value.issues]
    assert (found[0].file, found[0].line) == ("study.yaml", line)
    assert words in found[0].message + found[0].hint


def test_choices_of_a_study_are_its_own_or_the_defaults(folder: Path) -> None:
    path = folder / "study.yaml"
    assert load_choices(path) == StudyChoices()  # no file
    text = f"id: s\n{TITLE}scenarios: [built-2025]\n"
    path.write_text(text, encoding="utf-8")
    assert load_study(path).choices == load_choices(path) == StudyChoices()
    path.write_text(
        text + "cutoffs_min: [15, 45]\nrings: [{mode: bus, reading: typical}]\n"
        "compared: [{mode: bus, reading: typical}]\nsaved_steps_min: [10]\nfirst_year: 2026\n",
        encoding="utf-8",
    )
    choices = load_choices(path)
    assert load_study(path).choices == choices
    assert choices.cutoffs_min == (15.0, 45.0)
    assert choices.ring_kinds == choices.compared_kinds == ((Mode.BUS, Reading.TYPICAL),)
    assert (choices.saved_steps_min, choices.first_year, choices.last_year) == ((10.0,), 2026, 2035)
    path.write_text(text + "first_yaer: 2026\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_choices(path)
    assert [(i.code, i.line) for i in caught.value.issues] == [("unknown_key", 4)]


def test_missing_study(folder: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_study(folder / "none.yaml")
    assert [i.code for i in caught.value.issues] == ["missing_file"]


def test_override_project_in_code(folder: Path) -> None:
    line = load_project(folder / "projects" / "line.yaml")
    fast = override_project(line, {"design_speed_kmh": 350, "service.headway_min": 10})
    assert get_number(fast, "design_speed_kmh") == 350
    assert get_number(line, "design_speed_kmh") == 250
    assert get_number(override_project(fast, {"design_speed_kmh": 200}), "service.headway_min") == 10
    with pytest.raises(ScenarioError):
        override_project(line, {"no.such.field": 1})
    with pytest.raises(ScenarioError):
        override_project(line, {"design_speed_kmh": "fast"})
    with pytest.raises(ScenarioError):
        get_number(line, "title")


def test_select_open_by(folder: Path) -> None:
    projects = load_projects(folder)  # all open in 2030, that is by its last day
    assert select_open_by(projects, date(2030, 12, 30)) == []
    assert len(select_open_by(projects, date(2030, 12, 31))) == 4
