"""Read projects, scenarios and studies from a folder.

::

    scenarios/
      projects/<id>.yaml   one project each
      <id>.yaml            one scenario each
      goals/<id>.yaml      goals (another room reads them)
      study.yaml           the default study

``name@variant`` is a variant of a scenario. A folder may build on another one (`library`). All issues of
all files are raised at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from transit_model.errors import Issue, ScenarioError, has_errors
from transit_model.near_names import hint_near
from transit_model.scenario.base_schema import Project, Title
from transit_model.scenario.compose import Scenario, ScenarioLoader
from transit_model.scenario.opened import IsHeld
from transit_model.scenario.read_files import name_file, read_project, read_scenario
from transit_model.scenario.scenario_schema import BaseByDate, ComparedPair, Milestone, StudyChoices, StudyFile
from transit_model.scenario.schema import parse_model
from transit_model.store.library import GOALS, PROJECTS, Library, as_library
from transit_model.store.yaml_lines import YamlDocument, read_document


@dataclass(frozen=True)
class Study:
    """A study ready to be run."""

    study_id: str
    title: Title
    scenarios: tuple[Scenario, ...]
    comparisons: tuple[ComparedPair, ...]
    timeline: tuple[Milestone, ...]
    goals: tuple[str, ...]
    choices: StudyChoices = field(default_factory=StudyChoices)


@dataclass(frozen=True)
class ScenarioEntry:
    """One line of the list of scenarios."""

    scenario_id: str
    title: Title
    variants: tuple[str, ...]
    as_of: date | None
    file: str

    @property
    def is_base_case(self) -> bool:
        """Return True when it says by date what stands on the ground."""
        return self.as_of is not None


def load_projects(where: Path | Library) -> tuple[Project, ...]:
    """Read all projects of a library or a scenarios folder, by id.

    Raises
    ------
    ScenarioError
        With every issue of every file.
    """
    library = as_library(where)
    found, issues = [], library.check_twins()
    for path in library.list_files(PROJECTS).values():
        project, _, more = read_project(path)
        issues += more
        if project is not None:
            found.append(project)
    if has_errors(issues):
        raise ScenarioError(issues)
    return tuple(found)


def list_scenarios(where: Path | Library) -> tuple[ScenarioEntry, ...]:
    """Return the scenarios of a library or a folder by id, base cases first.

    Raises
    ------
    ScenarioError
        With every issue of every scenario file.
    """
    library = as_library(where)
    entries, issues = [], library.check_twins()
    for path in library.list_files().values():
        spec, _, more = read_scenario(path)
        issues += more
        if spec is not None:
            as_of = spec.base.as_of if isinstance(spec.base, BaseByDate) else None
            entries.append(ScenarioEntry(spec.id, spec.title, tuple(spec.variants), as_of, path.name))
    if has_errors(issues):
        raise ScenarioError(issues)
    return tuple(sorted(entries, key=lambda e: not e.is_base_case))


def load_scenario(where: Path | Library, name: str, is_held: IsHeld | None = None) -> Scenario:
    """Read a scenario of a library or a folder by id, or ``id@variant``.

    With `is_held`, a base by date leaves out the opened projects that the region itself holds on that day.

    Raises
    ------
    ScenarioError
        With every issue of the scenario, what it inherits from and its projects.
    """
    library = as_library(where)
    issues = library.check_twins()
    scenario = ScenarioLoader(library, issues, is_held).load(name, (), None)
    if scenario is None or has_errors(issues):
        raise ScenarioError(_unique(issues))
    return scenario


def load_study(path: Path, where: Library | None = None, is_held: IsHeld | None = None) -> Study:
    """Read a study file; scenarios, projects and goals are those of the library, by default of its folder.

    Raises
    ------
    ScenarioError
        With every issue of the study and all its scenarios.
    """
    document, issues = read_document(path, file=name_file(path))
    spec = None
    if document is not None:
        spec, more = parse_model(StudyFile, document)
        issues = [*issues, *more]
    if spec is None or document is None:
        raise ScenarioError(issues)
    library = where or as_library(path.parent)
    issues += library.check_twins()
    loader = ScenarioLoader(library, issues, is_held)
    scenarios = []
    for i, name in enumerate(spec.scenarios):
        origin = (document.file, document.line_of("scenarios", i), f"scenarios.{i}")
        scenario = loader.load(name, (), origin)
        if scenario is not None:
            scenarios.append(scenario)
    goals = _find_goals(spec, library, document, issues)
    if has_errors(issues):
        raise ScenarioError(_unique(issues))
    return Study(spec.id, spec.title, tuple(scenarios), spec.comparisons, spec.timeline, goals, _pick_choices(spec))


def load_choices(path: Path) -> StudyChoices:
    """Return what the study of a file measures, without reading its scenarios; the defaults where there is no file.

    Raises
    ------
    ScenarioError
        With every issue of the file.
    """
    if not path.is_file():
        return StudyChoices()
    document, issues = read_document(path, file=name_file(path))
    spec, more = (None, []) if document is None else parse_model(StudyFile, document)
    if spec is None:
        raise ScenarioError([*issues, *more])
    return _pick_choices(spec)


def _pick_choices(spec: StudyFile) -> StudyChoices:
    return StudyChoices(**{name: getattr(spec, name) for name in StudyChoices.model_fields})


def _find_goals(spec: StudyFile, library: Library, document: YamlDocument, issues: list[Issue]) -> tuple[str, ...]:
    """Return the goal ids of a study; ``all`` is every goal of the library."""
    known = list(library.list_files(GOALS))
    if spec.goals == "all":
        return tuple(known)
    for i, goal in enumerate(spec.goals):
        if goal not in known:
            hint = hint_near(goal, known)
            line = document.line_of("goals", i)
            message = f"there is no goal {goal}"
            issues.append(Issue("unknown_goal", "error", message, document.file, line, f"goals.{i}", goal, hint))
    return tuple(spec.goals)


def _unique(issues: Sequence[Issue]) -> list[Issue]:
    return list(dict.fromkeys(issues))
