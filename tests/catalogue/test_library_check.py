"""`scenario check`: every mistake at once, variants with their scenario, and nothing right left unchecked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.minipack import write_minipack
from tests.study.mini_workspace import write_mini_scenarios
from transit_model.catalogue.check import LibraryCheck, check_library

TITLE = "title: {zh: x, en: x}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_minipack(tmp_path / "mini")
    return write_mini_scenarios(tmp_path / "scenarios")


def check(folder: Path, *names: str) -> LibraryCheck:
    return check_library(str(folder.parent / "mini"), folder, names or None)


def errors(found: LibraryCheck) -> list[tuple[str | None, str]]:
    return sorted((i.file, i.code) for i in found.issues if i.severity == "error")


def write(folder: Path, name: str, body: str) -> None:
    (folder / f"{name}.yaml").write_text(f"id: {name}\n{TITLE}{body}", encoding="utf-8")


def change(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / "projects" / f"{name}.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_folder_is_right_but_for_ends_of_ranges(folder: Path) -> None:
    found = check(folder)
    assert errors(found) == []
    # commercial_speed_kmh of hsr and twin, design_speed_kmh of bridge_east: at the upper end; the bridges join at seats
    assert [i.code for i in found.issues].count("range_end") == 3
    assert {i.code for i in found.issues} == {"range_end", "not_an_interchange"}
    assert found.scenarios == ("built", "planned", "rail-only")


def test_a_wrong_key_of_a_variant_is_found_by_the_name_of_its_scenario(folder: Path) -> None:
    write(
        folder,
        "v",
        "base: built\nprojects: [hsr]\nvariants:\n"
        "  slow: {title: {zh: x, en: x}, overrides: {hsr.comercial_speed_kmh: 100}}\n"
        "  right: {title: {zh: x, en: x}, overrides: {hsr.commercial_speed_kmh: 100}}\n",
    )
    found = check(folder, "v")
    assert found.scenarios == ("v", "v@slow", "v@right")
    assert errors(found) == [("v.yaml", "unknown_key")]
    assert errors(check(folder, "v@right")) == []


def test_three_mistakes_in_three_places_take_one_run(folder: Path) -> None:
    write(folder, "v", "base: built\nprojects: [hsr, hsrr]\nproject: [twin]\noverrides: {hsr.no.where: 1}\n")
    change(folder, "hsr", "stop_id: east-station", "stop_id: east-staton")
    found = errors(check(folder, "v"))
    assert found == [
        ("projects/hsr.yaml", "unknown_stop"),  # when it is applied
        ("v.yaml", "bad_override"),
        ("v.yaml", "unknown_key"),  # by the schema
        ("v.yaml", "unknown_project"),  # when it is read
    ]


def test_a_wrong_head_hides_neither_a_wrong_range_nor_a_wrong_stop(folder: Path) -> None:
    change(folder, "hsr", "status: planned", "status: planed")
    change(folder, "hsr", "service.headway_min: [20, 120]", "service.headway_min: [80, 120]")
    change(folder, "hsr", "stop_id: east-station", "stop_id: east-staton")
    assert errors(check(folder, "rail-only")) == [
        ("projects/hsr.yaml", "bad_range"),
        ("projects/hsr.yaml", "unknown_stop"),
        ("projects/hsr.yaml", "unknown_value"),
    ]


def test_a_project_that_cannot_be_read_is_no_mistake_of_those_that_need_it(folder: Path) -> None:
    change(folder, "bridge_west", "highway: motorway", "highway: motorwy")
    change(folder, "coach", "{node: east}", "{node: eastt}, {node: island}")
    # bridge_east needs bridge_west and its island, and the coach stops there: neither is missed beside the one mistake
    assert errors(check(folder, "planned")) == [
        ("projects/bridge_west.yaml", "unknown_value"),
        ("projects/coach.yaml", "unknown_node"),
    ]

    change(folder, "coach", "{node: eastt}, ", "")
    assert errors(check(folder, "planned")) == [("projects/bridge_west.yaml", "unknown_value")]


def test_one_broken_file_leaves_no_other_unchecked(folder: Path) -> None:
    write(folder, "broken", "base: built\nprojcts: [hsr]\n")
    write(folder, "wrong", "base: builtt\n")
    change(folder, "twin", "stop_id: west-station", "stop_id: west-staton")
    write(folder, "with-twin", "base: built\nprojects: [twin]\n")
    (folder / "goals/rail-20.yaml").write_text("id: rail-20\n", encoding="utf-8")
    path = folder / "goals/rail-40.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("[west, east]", "[west, eastt]"), encoding="utf-8")
    (folder / "study.yaml").write_text(f"id: s\n{TITLE}scenarios: [built, planed]\n", encoding="utf-8")
    found = {(i.file, i.code) for i in check(folder).issues if i.severity == "error"}
    assert {
        ("broken.yaml", "unknown_key"),
        ("wrong.yaml", "unknown_scenario"),
        ("projects/twin.yaml", "unknown_stop"),
        ("rail-40.yaml", "unknown_place"),
        ("study.yaml", "unknown_scenario"),
    } <= found
    assert any(file == "rail-20.yaml" for file, _ in found)


def test_warnings_of_projects_and_of_their_order_are_told(folder: Path) -> None:
    head = "kind: policy\ntitle: {zh: x, en: x}\nstatus: planned\nopens: unknown\nsource: [made]\nconfidence: low\n"
    for name, minutes in (("ten", 10), ("five", 5)):
        text = f"id: {name}\n{head}assumptions: {{rail_entry_min: {minutes}}}\n"
        (folder / "projects" / f"{name}.yaml").write_text(text, encoding="utf-8")
    write(folder, "both", "base: built\nprojects: [ten, five]\n")
    (result,) = check(folder, "both").issues
    assert (result.code, result.severity, result.file, result.field) == (
        "set_twice",
        "warning",
        "projects/five.yaml",
        "assumptions.rail_entry_min",
    )
    assert "to 5.0, ten sets it to 10.0" in result.message


def test_a_source_that_the_region_does_not_list_is_told(folder: Path) -> None:
    plain = [i for i in check(folder).issues if i.code == "unknown_source"]
    change(folder, "hsr", "source: [made]", "source: [made, nope]")
    found = [i for i in check(folder).issues if i.code == "unknown_source" and i not in plain]
    assert [(i.severity, i.file, i.field, i.value) for i in found] == [
        ("warning", "projects/hsr.yaml", "source.1", "nope")
    ]
