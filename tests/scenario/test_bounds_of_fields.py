"""Every bound of a project, scenario and study by values at it, below it and above it; and spans that end early."""

from __future__ import annotations

from typing import Any

import pytest

from tests.domain.test_chinese_of_mistakes import KINDS, SCENARIO, STUDY, WHOLE
from tests.scenario.yaml_text import text_of, with_value
from transit_model.scenario.scenario_schema import ScenarioFile, StudyFile
from transit_model.scenario.schema import parse_data, parse_project
from transit_model.store.yaml_lines import YamlDocument, parse_yaml

Path = tuple[str | int, ...]
SERVICE: Path = ("service",)
CHANGE: Path = ("changes", 0)
BOUNDS: list[tuple[str, Path, tuple[Any, ...], tuple[Any, ...]]] = [
    # what is bounded, values that are taken, values that are refused
    ("rail_line", ("design_speed_kmh",), (1, 600), (0.99, 600.1, 0, -1, float("nan"), float("inf"))),
    ("rail_line", ("stations", 1, "lon"), (-180, 180), (-180.1, 180.1)),
    ("rail_line", ("stations", 1, "lat"), (-90, 90), (-90.1, 90.1)),
    ("rail_line", ("stations", 2, "chainage_km"), (5000,), (-0.1, 5000.1)),
    ("rail_line", ("dwell_min",), (0, 60), (-0.1, 60.1)),
    ("rail_line", (*SERVICE, "headway_min"), (0.5, 2880), (0.49, 2880.1)),
    ("rail_line", (*SERVICE, "first_departure"), ("00:00", "21:59"), ("22:00", "22:01", "24:60", "-1:00", 6.5)),
    ("rail_line", (*SERVICE, "last_departure"), ("06:01", "24:30", "48:00"), ("06:00", "48:01", "99:00", "999:59")),
    ("rail_line", ("opens",), (1900, 2100, "2100-12-31", [1900, 2100]), (1899, 2101, 9999, 0, [1899, 2000], [31, 30])),
    ("rail_line", ("as_of",), (1900, "2100-12"), (1899, 2101, "2026-13", "2026-02-30")),
    ("road_link", ("roads", 0, "length_km"), (0.001, 5000), (0, 5000.1)),
    ("road_upgrade", ("design_speed_kmh",), (1, 600), (0, 600.1)),
    ("rail_service", ("add", 0, "as_fastest"), (0.01, 5), (0, 5.1)),
    ("rail", ("retime", 0, "factor"), (0.01, 5), (0, 5.1)),
    ("rail", ("scale", 0, "factor"), (1.01, 5), (1, 5.1)),
    ("rail", ("scale", 0, "last_departure"), ("06:01", "48:00"), ("06:00", "48:01")),
    ("rail", ("calls", 0, "minutes"), (0, 60), (-0.1, 60.1)),
    ("change", (*CHANGE, "shift_min"), (-720, 720), (-720.1, 720.1)),
    ("change", (*CHANGE, "trains_per_day"), (1, 1000), (0, 1001, 2.5)),
    ("change", (*CHANGE, "add_stops", 0, "lost_min"), (0, 60), (-0.1, 60.1)),
    ("change", (*CHANGE, "extend", "run_times_min", 0), (0.1, 2880), (0, 2880.1)),
    ("change", (*CHANGE, "trains", "last_departure"), ("06:00", "48:00"), ("05:59", "48:01")),
    ("works", ("speed_kmh",), (1, 600), (0, 600.1)),
    ("works", ("hours", "from"), ("00:00", "04:59", "05:01", "23:59"), ("05:00", "24:00", "25:00")),
    ("works", ("hours", "to"), ("00:00", "21:59", "24:00"), ("22:00", "24:01")),
    ("works", ("hours",), ({"from": "00:00", "to": "24:00"},), ({"from": "24:00", "to": "00:00"},)),
    ("works", ("ends",), (2030, 2100), (2029, 2101, 9999, "unknown")),
    ("bus", (*SERVICE, "periods", 0, "to"), ("06:01", "48:00"), ("06:00", "48:01")),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "path", "taken", "refused"), BOUNDS, ids=lambda v: str(v) if len(v) < 40 else "")
def test_a_bound_of_a_project(kind: str, path: Path, taken: tuple[Any, ...], refused: tuple[Any, ...]) -> None:
    data = parse_yaml(text_of(KINDS.get(kind, kind), WHOLE.get(kind)), file="p.yaml").data
    field = ".".join(map(str, path))
    for value in taken:
        assert parse_project(YamlDocument(with_value(data, path, value), {}, "p.yaml"))[1] == [], value
    for value in refused:
        issues = parse_project(YamlDocument(with_value(data, path, value), {}, "p.yaml"))[1]
        assert len(issues) == 1, (value, [i.as_text() for i in issues])
        # at the field itself, or of two that make a span at the one that ends it
        last = str(issues[0].field).rpartition(".")[2]
        assert issues[0].field == field or last in ("last_departure", "to", "trains", "hours"), (value, issues)


@pytest.mark.parametrize(
    ("model", "data", "path", "taken", "refused"),
    [
        (ScenarioFile, SCENARIO, ("base", "as_of"), ("1900-01-01", "2100-12-31"), ("1899-12-31", "2101-01-01")),
        (StudyFile, STUDY, ("first_year",), (1990, 2030), (1989, 2031)),
        (StudyFile, STUDY, ("last_year",), (2026, 2100), (2025, 2101)),
        (StudyFile, STUDY, ("timeline", 0, "year"), (1990, 2100), (1989, 2101)),
        (StudyFile, STUDY, ("cutoffs_min", 1), (30.1, 1440), (30, 1440.1)),
    ],
)  # fmt: skip
def test_a_bound_of_a_scenario_or_study(
    model: Any, data: Any, path: Path, taken: tuple[Any, ...], refused: tuple[Any, ...]
) -> None:
    for value in taken:
        assert parse_data(model, with_value(data, path, value), YamlDocument({}, {}, "s.yaml"))[1] == [], value
    for value in refused:
        issues = parse_data(model, with_value(data, path, value), YamlDocument({}, {}, "s.yaml"))[1]
        assert len(issues) == 1, (value, [i.as_text() for i in issues])


def test_both_ends_of_a_range_can_be_built() -> None:
    text = text_of("rail_line") + "ranges: {design_speed_kmh: [LOW, HIGH]}\n"
    for low, high, wrong in ((200, 350, []), (200, 601, ["601"]), (0, 350, ["0"]), (-5, 9999, ["-5", "9999"])):
        issues = parse_project(parse_yaml(text.replace("LOW", str(low)).replace("HIGH", str(high)), file="p.yaml"))[1]
        assert [(i.code, i.field, i.value) for i in issues] == [
            ("bad_range", "ranges.design_speed_kmh", end) for end in wrong
        ]
