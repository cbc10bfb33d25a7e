"""The library checked: every mistake of scenarios, projects, goals and the study in one run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from transit_model.errors import Issue, TransitModelError
from transit_model.goals.schema import Goal, check_goal_places, load_goal
from transit_model.measure.places import PlaceIndex
from transit_model.measure.workspace import Workspace
from transit_model.near_names import hint_near
from transit_model.network.build import build_network
from transit_model.network.model import Network
from transit_model.region.checks import OWN_KEYS
from transit_model.scenario.base_schema import Project
from transit_model.scenario.compose import VARIANT_MARK
from transit_model.scenario.range_notes import list_range_issues
from transit_model.scenario.read_files import read_project, read_scenario
from transit_model.store.library import GOALS, PROJECTS

T = TypeVar("T")

_DRAWN_KEY = "studio"
"""What a project drawn in the studio has for a source: none is published."""


@dataclass(frozen=True)
class LibraryCheck:
    """What was checked and what was found.

    Attributes
    ----------
    scenarios : tuple of str
        Scenarios applied, variants among them.
    projects : tuple of str
        Projects of those scenarios; of the whole library when no scenario was named.
    goals : tuple of str
        Goals whose places were looked up; none when scenarios were named.
    """

    scenarios: tuple[str, ...]
    projects: tuple[str, ...]
    goals: tuple[str, ...]
    issues: tuple[Issue, ...]


def check_library(region: str | None, folder: Path | None, names: Sequence[str] | None) -> LibraryCheck:
    """Load and apply scenarios with their variants; without names also read all projects, goals and the study.

    What has a mistake is read as far as it can be, and nothing that is right is left unchecked beside it. The places
    of goals are looked up once for all scenarios, not once for each.
    """
    workspace = Workspace.open(region, folder)
    library = workspace.library
    issues = library.check_twins()
    checked = [n for name in names or library.list_files() for n in _list_variants(workspace, name)]
    projects = {}
    for name, path in library.list_files(PROJECTS).items() if not names else ():
        project, _, more = read_project(path)
        issues += more
        if project is not None:
            projects[name] = project
    networks = []
    for name in checked:
        network, more = workspace.check(name)
        issues += more
        if network is not None:
            networks.append(network)
            projects |= {p.id: p for p in workspace.scenario(name).projects}
    goals: list[Goal] = []
    if not names:
        found = (_collect(partial(load_goal, path), issues) for path in library.list_files(GOALS).values())
        goals = [goal for goal in found if goal is not None]
        if library.find_study().is_file():
            _collect(lambda: workspace.study(library.find_study()), issues)
    issues += _check_goals(workspace, goals, networks)
    issues += list_remarks(workspace, list(projects.values()))
    ids = tuple(g.id for g in goals)
    return LibraryCheck(tuple(checked), tuple(sorted(projects)), ids, tuple(dict.fromkeys(issues)))


def _list_variants(workspace: Workspace, name: str) -> list[str]:
    """Return a scenario with its variants; a variant that was named stays alone."""
    path = workspace.library.list_files().get(name)
    spec = read_scenario(path)[0] if path is not None else None
    return [name, *(f"{name}{VARIANT_MARK}{v}" for v in (spec.variants if spec is not None else ()))]


def list_remarks(workspace: Workspace, projects: Sequence[Project]) -> list[Issue]:
    """Return what is remarked about projects that can be built: ends of ranges, sources that the region lacks.

    A source is told as ``unknown_source`` (a warning): a key that sources.csv of the region does not have.
    """
    known = [*workspace.region.sources["key"].astype(str), *OWN_KEYS, _DRAWN_KEY]
    return list_range_issues(projects) + [
        project.issue(
            "unknown_source",
            "the source key is not in sources.csv",
            *("source", row),
            severity="warning",
            value=key,
            hint=hint_near(key, known, "add a row with this key to sources.csv of the region"),
        )
        for project in projects
        for row, key in enumerate(project.source)
        if key not in known
    ]


def _check_goals(workspace: Workspace, goals: Sequence[Goal], networks: Iterable[Network]) -> list[Issue]:
    """Look up the places of goals in the region; what it lacks may be a station that a project brings."""
    if not goals:
        return []
    region = workspace.region
    index = PlaceIndex(build_network(region, region.info.built_as_of, workspace.assumptions))
    known = {p.place_id for p in index.places}
    issues = check_goal_places(goals, known, index.groups)
    if issues:
        known.update(p.place_id for network in networks for p in PlaceIndex(network).places)
        issues = check_goal_places(goals, known, index.groups)
    return issues


def _collect(read: Callable[[], T], issues: list[Issue]) -> T | None:
    """Return what `read` returns, or None after noting why it cannot."""
    try:
        return read()
    except TransitModelError as error:
        issues += error.issues
        return None
