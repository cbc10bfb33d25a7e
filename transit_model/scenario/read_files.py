"""Read single project and scenario files; issues instead of exceptions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from transit_model.errors import Issue
from transit_model.scenario.base_schema import Project
from transit_model.scenario.scenario_schema import ScenarioFile
from transit_model.scenario.schema import parse_data, parse_project
from transit_model.store.library import PROJECTS
from transit_model.store.yaml_lines import YamlDocument, read_document


def name_file(path: Path) -> str:
    """Return the file name as people know it: with its folder when that is ``projects``."""
    return f"{path.parent.name}/{path.name}" if path.parent.name == PROJECTS else path.name


def read_project(path: Path) -> tuple[Project | None, YamlDocument | None, list[Issue]]:
    """Read a project file as far as it can be; its id must be the name of the file."""
    document, issues = read_document(path, file=name_file(path))
    if document is None:
        return None, None, issues
    document = replace(document, folder=path.parent)
    project, more = parse_project(document)
    issues = [*issues, *more, *_check_file_name(document, path)]
    return project, document, issues


def read_scenario(path: Path) -> tuple[ScenarioFile | None, YamlDocument | None, list[Issue]]:
    """Read a scenario file as it is written, as far as it can be; its id must be the name of the file."""
    document, issues = read_document(path, file=name_file(path))
    if document is None:
        return None, None, issues
    spec, more = parse_data(ScenarioFile, document.data, document)
    return spec.model, document, [*issues, *more, *_check_file_name(document, path)]


def _check_file_name(document: YamlDocument, path: Path) -> list[Issue]:
    named = document.data.get("id")
    if not isinstance(named, str) or named == path.stem:
        return []
    message = f"the file is called {path.name}, but its id is {named}"
    line = document.line_of("id")
    return [Issue("id_not_file_name", "error", message, document.file, line, "id", named, f"rename to {named}.yaml")]
