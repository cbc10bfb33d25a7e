"""Applying projects to the toy town, for the tests of every kind."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.scenario.town import build_town, free_road_time_s
from tests.scenario.yaml_text import make
from transit_model.errors import Issue
from transit_model.network.model import Network
from transit_model.scenario.apply import apply_projects, resolve_projects
from transit_model.scenario.base_schema import Project

SERVICE = 'service: {kind: headway, headway_min: 20, first_departure: "06:00", last_departure: "22:00"}\n'


@pytest.fixture(scope="module")
def town() -> Network:
    return build_town()


def apply(town: Network, *projects: Project) -> Network:
    return apply_projects(town, projects, road_time_s=free_road_time_s)


def find_issues(town: Network, *projects: Project) -> Sequence[Issue]:
    network, issues = resolve_projects(town, projects, road_time_s=free_road_time_s)
    errors = [i for i in issues if i.severity == "error"]
    assert (network is None) == bool(errors)
    assert all(i.file == "projects/p.yaml" for i in issues)
    return issues


def expect(town: Network, code: str, kind: str, body: str, words: str = "") -> Issue:
    issues = find_issues(town, make(kind, body))
    found = [i for i in issues if i.code == code]
    assert found, [i.as_text() for i in issues]
    assert words in found[0].message + found[0].hint, found[0].as_text()
    return found[0]
