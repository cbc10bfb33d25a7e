"""One project by itself: read from its file, and with some fields replaced."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from transit_model.errors import ScenarioError, has_errors
from transit_model.scenario.base_schema import Project
from transit_model.scenario.overrides import get_project_data, put_override
from transit_model.scenario.read_files import read_project
from transit_model.scenario.schema import parse_project


def load_project(path: Path) -> Project:
    """Read one project file.

    Raises
    ------
    ScenarioError
        With every issue of the file.
    """
    project, _, issues = read_project(path)
    if project is None or has_errors(issues):
        raise ScenarioError(issues)
    return project


def override_project(project: Project, changes: Mapping[str, Any]) -> Project:
    """Return a project with some fields replaced and checked again, e.g. ``{"service.headway_min": 20}``.

    Raises
    ------
    ScenarioError
        When a field does not exist or the new value is wrong.
    """
    data = copy.deepcopy(get_project_data(project))
    issues = [
        project.issue("bad_override", f"there is no {key} to override", value=value)
        for key, value in changes.items()
        if not put_override(data, key, value)
    ]
    if issues or project._document is None:
        raise ScenarioError(issues or project.issue("bad_override", "was not read from a file"))
    changed, found = parse_project(project._document, data)
    if changed is None or has_errors(found):
        raise ScenarioError(found)
    return changed
