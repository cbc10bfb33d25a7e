"""Numbers at an end of their range: told in a few words, in both languages, and by the check."""

from __future__ import annotations

import pytest

from tests.scenario.one_project import override_project
from tests.scenario.yaml_text import BODIES, make
from transit_model.scenario.range_notes import join_notes, list_range_issues, list_range_notes

RANGES = "ranges:\n  design_speed_kmh: [250, 350]\n  service.headway_min: [10, 30]\n"


@pytest.mark.parametrize(
    ("value", "en", "zh"),
    [
        (350, "350 km/h, upper end of 250-350", "取上限350公里/小时（范围250-350）"),
        (250, "250 km/h, lower end of 250-350", "取下限250公里/小时（范围250-350）"),
        (360, "360 km/h, upper end of 250-350", "取上限360公里/小时（范围250-350）"),  # by an override beyond its range
        (300, "", ""),
    ],
)
def test_the_words(value: float, en: str, zh: str) -> None:
    line = override_project(make("rail_line", BODIES["rail_line"] + RANGES), {"design_speed_kmh": value})
    notes = list_range_notes([line])
    assert [n.tell("en") for n in notes] == ([en] if en else [])
    assert [n.tell("zh") for n in notes] == ([zh] if zh else [])
    assert join_notes(list_range_notes([line]), "en") == (f"a project: {en}" if en else "")
    assert join_notes(list_range_notes([line]), "zh") == (f"某项目{zh}" if zh else "")
    assert [i.code for i in list_range_issues([line])] == (["range_end"] if en else [])


def test_minutes_and_numbers_without_a_unit() -> None:
    bus = make("bus_line", BODIES["bus_line"] + "ranges: {service.headway_min: [30, 60]}\n")
    assert join_notes(list_range_notes([bus]), "en") == "a project: 30 min, lower end of 30-60"
    upgrade = make("road_upgrade", "roads: [a--b]\nlength_factor: 0.9\nranges: {length_factor: [0.9, 1]}\n")
    assert join_notes(list_range_notes([upgrade]), "en") == "a project: length_factor 0.9, lower end of 0.9-1"
    assert join_notes(list_range_notes([upgrade]), "zh") == "某项目取下限0.9（length_factor）（范围0.9-1）"
    assert join_notes(list_range_notes([bus, upgrade]), "zh").count("；") == 1


def test_a_number_that_an_override_took_out_rests_on_nothing() -> None:
    line = make("rail_line", BODIES["rail_line"] + "ranges: {design_speed_kmh: [200, 250]}\n")
    assert len(list_range_notes([line])) == 1
    changed = override_project(line, {"design_speed_kmh": None, "run_times_min": [10, 20]})
    assert list_range_notes([changed]) == []


def test_the_check_points_at_the_line_of_the_range() -> None:
    line = make("rail_line", BODIES["rail_line"] + "ranges: {design_speed_kmh: [200, 250]}\n")
    (found,) = list_range_issues([line])
    text = BODIES["rail_line"]
    assert (found.severity, found.file, found.field) == ("warning", "projects/p.yaml", "ranges.design_speed_kmh")
    assert found.line == 8 + text.count("\n")  # after the head of seven lines and the body
