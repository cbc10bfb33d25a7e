"""The kinds of projects there are; a new one is a file beside this one and a row here."""

from __future__ import annotations

from collections.abc import Mapping

from transit_model.domain.modes import Mode
from transit_model.scenario.base_schema import Project
from transit_model.scenario.kinds import (
    bus_line,
    closure,
    policy,
    rail_line,
    rail_service,
    road_link,
    road_upgrade,
    service_change,
)
from transit_model.scenario.kinds.row import ProjectKind, Style

_ROWS: tuple[ProjectKind, ...] = (
    rail_line.KIND,
    rail_service.KIND,
    service_change.KIND,
    road_link.KIND,
    road_upgrade.KIND,
    bus_line.KIND,
    closure.KIND,
    policy.KIND,
)
PROJECT_KINDS: Mapping[str, ProjectKind] = {row.name: row for row in _ROWS}
"""Word after ``kind:`` to the row, in the order they are told."""


_MODE_OF_STYLE: Mapping[Style, str] = {
    "rail": Mode.RAIL.value,
    "road": Mode.ROAD.value,
    "upgrade": Mode.ROAD.value,
    "bus": Mode.BUS.value,
}


def find_own_mode(project: Project) -> str:
    """Return the mode that a project is built for, empty for a rule that is of none."""
    return _MODE_OF_STYLE.get(find_kind(project).style, "")


def find_kind(project: Project) -> ProjectKind:
    """Return the kind of a project."""
    return PROJECT_KINDS[project.kind]
