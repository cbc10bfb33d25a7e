"""Which projects need which: the one place that walks ``requires`` and ``conflicts``."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from transit_model.errors import ScenarioError
from transit_model.scenario.base_schema import Project


def keep_complete(projects: Iterable[Project], beside: Collection[str] = ()) -> list[Project]:
    """Return the projects whose requirements stand among them and those beside, and theirs, and so on."""
    kept = list(projects)
    while True:
        standing = {*beside, *(p.id for p in kept)}
        after = [p for p in kept if set(p.requires) <= standing]
        if len(after) == len(kept):
            return kept
        kept = after


def sort_by_need(projects: Sequence[Project]) -> list[Project]:
    """Return projects, each once, in the order given but after those of them that they require.

    In a circle the order given holds.
    """
    known = {p.id: p for p in projects}
    done: dict[str, Project] = {}

    def visit(project: Project, above: tuple[str, ...]) -> None:
        if project.id in done or project.id in above:
            return
        for needed in project.requires:
            if needed in known:
                visit(known[needed], (*above, project.id))
        done[project.id] = project

    for project in known.values():
        visit(project, ())
    return list(done.values())


def collect_required(project: Project, library: Mapping[str, Project]) -> list[Project]:
    """Return what a project requires, each after what it requires itself.

    Raises
    ------
    ScenarioError
        ``requires_missing`` when something required is not in the library, or requires the project in turn.
    """
    out: list[Project] = []

    def add(ids: Iterable[str], above: tuple[str, ...]) -> None:
        for i in ids:
            if i in above or i not in library:
                message = f"needs {i}, which needs it in turn" if i in above else f"needs {i}, which is no project"
                raise ScenarioError(project.issue("requires_missing", message, "requires", value=i))
            add(library[i].requires, (*above, i))
            if library[i] not in out:
                out.append(library[i])

    add(project.requires, (project.id,))
    return out


def add_required(ids: Iterable[str], library: Mapping[str, Project], standing: Collection[str] = ()) -> tuple[str, ...]:
    """Return ids with all that they require, those left out that stand."""
    wanted: dict[str, None] = {}
    todo = list(ids)
    while todo:
        project_id = todo.pop()
        if project_id not in wanted and project_id not in standing:
            wanted[project_id] = None
            todo += library[project_id].requires
    return tuple(wanted)


def is_ruled_out(project: Project, others: Iterable[Project]) -> bool:
    """Return whether a project and one of the others cannot stand together, whichever of them says so."""
    return any(o.id in project.conflicts or project.id in o.conflicts for o in others)


class ProjectListMistake(NamedTuple):
    """What keeps a project from standing in its company: a code, the other project, and its row in the key."""

    project: Project
    code: Literal["listed_twice", "stands_already", "requires_missing", "requires_later", "conflict"]
    other: str
    row: int


def find_contradictions(
    projects: Sequence[Project], standing: Collection[str], unread: Collection[str] = ()
) -> Iterator[ProjectListMistake]:
    """Yield what keeps projects from standing together, in their order, on a base where others stand.

    Projects that could not be read (`unread`) are not missed.
    """
    ids = [p.id for p in projects]
    everybody = {*ids, *standing, *unread}
    for at, project in enumerate(projects):
        if project.id in ids[:at]:
            yield ProjectListMistake(project, "listed_twice", project.id, 0)
        elif project.id in standing:
            yield ProjectListMistake(project, "stands_already", project.id, 0)
        for row, wanted in enumerate(project.requires):
            if wanted not in everybody:
                yield ProjectListMistake(project, "requires_missing", wanted, row)
            elif wanted in ids and ids.index(wanted) > ids.index(project.id):
                yield ProjectListMistake(project, "requires_later", wanted, row)
        for row, rival in enumerate(project.conflicts):
            if rival in everybody:
                yield ProjectListMistake(project, "conflict", rival, row)
