"""Short YAML projects for tests: a head that every project needs, and a body."""

from __future__ import annotations

import copy
from typing import Any

from transit_model.errors import Issue
from transit_model.scenario.base_schema import Project
from transit_model.scenario.schema import parse_project
from transit_model.store.yaml_lines import parse_document

HEAD = """\
id: {id}
kind: {kind}
title: {{zh: 某项目, en: a project}}
status: planned
opens: 2030
source: [t]
confidence: low
"""
HEAD_LINES = HEAD.count("\n")

BODIES = {
    "rail_line": """\
stations:
  - {stop_id: sa, chainage_km: 0}
  - {id: snew, name: {zh: 新站, en: New}, lon: 111.0, lat: 40.2, chainage_km: 24}
  - {stop_id: sb, chainage_km: 72}
design_speed_kmh: 250
service: {kind: headway, headway_min: 20, first_departure: "06:00", last_departure: "22:00"}
""",
    "rail_service": """\
line_speed_kmh: 200
add:
  - id: more
    stops: [sa, sm, sb]
    as_fastest: 1.0
    service: {kind: timetable, departures: ["09:00", "15:00"], departures_back: ["11:00"]}
""",
    "road_link": """\
highway: motorway
design_speed_kmh: 120
toll: true
ref: S27
nodes:
  - {id: n1, name: {zh: 新互通, en: New}, lon: 111.1, lat: 40.3}
roads:
  - {from: i1, to: n1, length_km: 26}
  - {from: n1, to: i2, length_km: 26}
""",
    "road_upgrade": """\
along: {ref: S1, from: a, to: b}
highway: trunk
design_speed_kmh: 80
""",
    "bus_line": """\
stops: [{node: a}, {node: c}, {node: b}]
service: {kind: headway, headway_min: 30, first_departure: "06:30", last_departure: "20:00"}
""",
    "service_change": "changes: [{trains: {numbers: [T1]}, shift_min: 10}]\n",
    "closure": "roads: [i1--i2]\n",
    "policy": "assumptions: {rail_change_min: 10}\n",
}


def text_of(kind: str, body: str | None = None, *, project_id: str = "p") -> str:
    return HEAD.format(id=project_id, kind=kind) + (BODIES[kind] if body is None else body)


def parse(text: str) -> tuple[Project | None, list[Issue]]:
    document, issues = parse_document(text, file="projects/p.yaml")
    if document is None:
        return None, issues
    project, more = parse_project(document)
    return project, [*issues, *more]


def make(kind: str, body: str | None = None, *, project_id: str = "p") -> Project:
    """A project that must be right."""
    project, issues = parse(text_of(kind, body, project_id=project_id))
    assert project is not None, [i.as_text() for i in issues]
    assert issues == []
    return project


def with_value(data: Any, path: tuple[str | int, ...], value: Any) -> Any:
    """Plain data with another value at a path that is there."""
    data = copy.deepcopy(data)
    at = data
    for part in path[:-1]:
        at = at[part]
    at[path[-1]] = value
    return data
