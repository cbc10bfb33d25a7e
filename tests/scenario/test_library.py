"""The library that ships: sources, assumptions, completeness, and that it applies to the region pack's roads."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.scenario.yaml_text import make
from transit_model.errors import ScenarioError
from transit_model.scenario.base_schema import Project
from transit_model.scenario.describe import describe_project, describe_scenario
from transit_model.scenario.load import list_scenarios, load_projects, load_scenario, load_study
from transit_model.scenario.other_schema import BusLine
from transit_model.scenario.rail_schema import RailLine, RailService
from transit_model.scenario.schema import parse_project
from transit_model.scenario.templates import GOAL, TEMPLATE_KINDS, get_template
from transit_model.store.yaml_lines import parse_document

CHINESE = re.compile(r"[\u4e00-\u9fff]")
DEFAULT = ("built-2020", "built-2024", "built-2025", "hubao-hsr", "s27", "intercity-bus", "everything-planned")


@pytest.fixture(scope="module")
def folder() -> Path:
    return Path(__file__).resolve().parents[2] / "scenarios"


@pytest.fixture(scope="module")
def projects(folder: Path) -> tuple[Project, ...]:
    return load_projects(folder)


def test_ids_are_unique_and_every_project_has_source_status_confidence(projects: tuple[Project, ...]) -> None:
    assert max(Counter(p.id for p in projects).values()) == 1
    for p in projects:
        assert p.source, p.id
        assert p.status, p.id
        assert p.confidence, p.id
        assert CHINESE.search(p.title.zh), p.id
        assert not CHINESE.search(p.title.en), p.id


def test_sources_are_rows_of_the_pack(folder: Path, projects: tuple[Project, ...]) -> None:
    with (folder.parent / "data/hubaoewu/sources.csv").open(encoding="utf-8", newline="") as handle:
        keys = {row["key"] for row in csv.DictReader(handle)}
    unknown = {(p.id, s) for p in projects for s in p.source if s not in keys}
    assert unknown == set()


def test_every_row_of_the_facts_is_a_project_or_explained(
    folder: Path, projects: tuple[Project, ...], shared_facts: Path
) -> None:
    with (shared_facts / "projects.csv").open(encoding="utf-8", newline="") as handle:
        rows = [row["id"] for row in csv.DictReader(handle)]
    covered = {p.id for p in projects} | {c for p in projects for c in p.covers}
    explained = set(re.findall(r"^- `(\w+)`", (folder / "NOT_MODELLED.md").read_text(encoding="utf-8"), re.MULTILINE))
    assert [r for r in rows if r not in covered | explained] == []
    assert covered & explained == set()
    assert explained <= set(rows)


def test_no_silent_inventions(projects: tuple[Project, ...]) -> None:
    """Every project of low confidence says what it assumes; so does every service of a line without timetable."""
    for p in projects:
        if p.confidence == "low":
            assert p.assumed, p.id
        fields = {a.field.split(".")[0] for a in p.assumed}
        if isinstance(p, RailLine):
            assert fields & {"service", "patterns"}, p.id
        if isinstance(p, RailService):
            assert p.add or p.scale, p.id
            assert {key for key in ("add", "scale") if getattr(p, key)} <= fields, p.id
        if isinstance(p, BusLine):
            assert {"stops", "service"} <= fields, p.id
            assert "假定" in p.title.zh, p.id
            assert "assumed" in p.title.en, p.id
        for a in p.assumed:
            assert CHINESE.search(a.zh), (p.id, a.field)
            assert not CHINESE.search(a.en), (p.id, a.field)


def test_all_scenarios_load(folder: Path) -> None:
    entries = list_scenarios(folder)
    assert {"rail-planned", "road-planned", "bus-planned", "everything-2030", "everything-2035", *DEFAULT} <= {
        e.scenario_id for e in entries
    }
    for entry in entries:
        for name in (entry.scenario_id, *(f"{entry.scenario_id}@{v}" for v in entry.variants)):
            scenario = load_scenario(folder, name)
            for lang in ("zh", "en"):
                assert describe_scenario(scenario, lang)


def test_default_study(folder: Path) -> None:
    study = load_study(folder / "study.yaml")
    assert tuple(s.scenario_id for s in study.scenarios) == (*DEFAULT, "everything-2030", "everything-2035")
    assert [(step.year, step.scenario) for step in study.timeline] == [
        (2020, "built-2020"),
        (2024, "built-2024"),
        (2025, "built-2025"),
        (2030, "everything-2030"),
        (2035, "everything-2035"),
    ]
    assert len(study.comparisons) >= 4


def test_every_project_is_in_some_scenario(folder: Path, projects: tuple[Project, ...]) -> None:
    used = {p.id for e in list_scenarios(folder) for p in load_scenario(folder, e.scenario_id).projects}
    apart = {"s27_ordos_2017"}  # an alternative, in a variant of s27
    assert {p.id for p in projects} - used == apart


def test_the_bound_and_the_model_stand_in_the_summary(projects: tuple[Project, ...]) -> None:
    hubao = next(p for p in projects if p.id == "hubao_hsr")
    assert "31.5 min at constant speed, 41.7 min modelled" in describe_project(hubao, "en")
    assert "全程匀速 31.5 分钟，模型 41.7 分钟" in describe_project(hubao, "zh")
    assert "assumed service.headway_min" in describe_project(hubao, "en")


@pytest.mark.parametrize("kind", [k for k in TEMPLATE_KINDS if k not in ("scenario", GOAL)])
def test_templates_are_right_as_they_stand(kind: str) -> None:
    document, issues = parse_document(get_template(kind, "my-project"), file="my-project.yaml")
    assert issues == []
    assert document is not None
    project, issues = parse_project(document)
    assert issues == []
    assert project is not None
    for lang in ("zh", "en"):
        assert describe_project(project, lang)


@pytest.mark.parametrize(
    ("length", "en", "zh"),
    [
        ("length_km: 26", "26 km", "26 公里"),
        ("detour_factor: 1.2", "straight line x 1.2", "直线 x 1.2"),
        ("via: [[111.2, 40.1]]", "that of the line by 1 bend", "经 1 个折点的线长"),
        (
            "via: [[111.2, 40.1], [111.3, 40.1]], detour_factor: 1.1",
            "that of the line by 2 bends x 1.1",
            "经 2 个折点的线长 x 1.1",
        ),
        (
            "course: {file: x.geojson, datum: wgs84}",
            "that of the course in x.geojson",
            "x.geojson 中线形的长度",
        ),
    ],
)
def test_a_road_says_where_its_length_comes_from(length: str, en: str, zh: str) -> None:
    body = f"highway: primary\ndesign_speed_kmh: 80\ntoll: false\nroads:\n  - {{from: a, to: c, {length}}}\n"
    road = make("road_link", body)
    assert f"a - c: {en}" in map(str.strip, describe_project(road, "en").splitlines())
    assert f"a - c: {zh}" in map(str.strip, describe_project(road, "zh").splitlines())


def test_scenario_template(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "projects").symlink_to(folder / "projects")
    (tmp_path / "built-2025.yaml").write_text((folder / "built-2025.yaml").read_text("utf-8"), encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(get_template("scenario", "mine"), encoding="utf-8")
    assert load_scenario(tmp_path, "mine").projects[-1].id == "hubao_hsr"


def test_template_names(folder: Path) -> None:
    assert "id: my-project " in get_template("policy")
    assert "id: my-scenario\n" in get_template("scenario")
    for kind, name in (("polic", None), ("policy", "My Name")):
        with pytest.raises(ScenarioError):
            get_template(kind, name)
