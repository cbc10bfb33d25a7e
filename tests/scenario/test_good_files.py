"""Good files of every kind, and the openings that can be written."""

from __future__ import annotations

import pytest

from tests.scenario.yaml_text import BODIES, make, parse, text_of
from transit_model.scenario.kinds.registry import PROJECT_KINDS


@pytest.mark.parametrize("kind", PROJECT_KINDS)
def test_good_file_of_every_kind(kind: str) -> None:
    assert set(BODIES) == set(PROJECT_KINDS)
    project = make(kind)
    assert project.kind == kind
    assert project.opens.as_text() == "2030"


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2028", "2028-01-01", "2028-12-31"),
        ("2028-02", "2028-02-01", "2028-02-29"),
        ("2028-12", "2028-12-01", "2028-12-31"),
        ("2025-08-28", "2025-08-28", "2025-08-28"),
        ('"2025-08-28"', "2025-08-28", "2025-08-28"),
        ("[2028, 2030]", "2028-01-01", "2030-12-31"),
    ],
)
def test_openings(text: str, earliest: str, latest: str) -> None:
    project, issues = parse(text_of("policy").replace("opens: 2030", f"opens: {text}"))
    assert issues == []
    assert project is not None
    assert (str(project.opens.earliest), str(project.opens.latest)) == (earliest, latest)


def test_unknown_opening_has_no_day() -> None:
    project, _ = parse(text_of("policy").replace("opens: 2030", "opens: unknown"))
    assert project is not None
    assert project.opens.earliest is None
    assert project.opens.as_text("zh") == "未知"
