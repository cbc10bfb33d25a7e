"""Overrides of a scenario: ``project.field: value`` put into the plain data of a project before it is checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from transit_model.errors import ScenarioError, has_errors
from transit_model.scenario.base_schema import Project
from transit_model.scenario.plain_data import find_value, put_value
from transit_model.scenario.schema import parse_project


def get_number(project: Project, field: str) -> float:
    """Return the number at a field of a project as it stands in its file or after overrides.

    Raises
    ------
    ScenarioError
        When there is no such field or it is not a number.
    """
    value = find_override(get_project_data(project), field)
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ScenarioError(project.issue("bad_override", f"{field} is not a number of this project", value=value))
    return float(value)


def get_project_data(project: Project) -> dict[str, Any]:
    """Return the plain data a project was made from, overrides included."""
    data = project._data if project._data is not None else project._document.data if project._document else {}
    return dict(data)


def redate(project: Project, values: Iterable[tuple[str, Any]]) -> Project:
    """Return a project with the opening that the last override of it names; as it is when none does, or a wrong one."""
    named = [value for key, value in values if key == f"{project.id}.opens"]
    if not named or project._document is None:
        return project
    changed, issues = parse_project(project._document, {**get_project_data(project), "opens": named[-1]})
    return project if changed is None or has_errors(issues) else changed


def find_override(data: Any, key: str) -> Any:  # noqa: ANN401 - any YAML value
    """Return the value at a dotted path, None when there is none; list items by their number, from 0."""
    try:
        return find_value(data, key.split("."))
    except KeyError:
        return None


def put_override(data: dict[str, Any], key: str, value: Any) -> bool:  # noqa: ANN401 - any YAML value
    """Set a value at a dotted path, None takes the key out; return False when the path leads nowhere."""
    return put_value(data, key.split("."), value)


def list_number_fields(data: Any, prefix: str = "") -> list[str]:  # noqa: ANN401 - any YAML value
    """Return the dotted paths of all numbers in the plain data of a project; ranges are not among them."""
    if isinstance(data, bool):
        return []
    if isinstance(data, int | float):
        return [prefix]
    items = data.items() if isinstance(data, Mapping) else enumerate(data) if isinstance(data, list) else ()
    skipped = {"ranges", "opens"} if not prefix else set()
    return [
        path
        for name, value in items
        if name not in skipped
        for path in list_number_fields(value, f"{prefix}.{name}" if prefix else str(name))
    ]
