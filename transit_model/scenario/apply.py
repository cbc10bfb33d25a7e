"""Projects on a network: resolve all, report all, and only then hand out a new network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from transit_model.errors import Issue, ScenarioError
from transit_model.network.model import Network, Provenance
from transit_model.scenario.base_schema import Project
from transit_model.scenario.bus_edit import RoadTime, time_bus_lines
from transit_model.scenario.kinds.registry import find_kind
from transit_model.scenario.lookup import Report, check_guards
from transit_model.scenario.requirements import find_contradictions


def apply_projects(
    network: Network,
    projects: Sequence[Project],
    *,
    road_time_s: RoadTime | None = None,
    standing: Sequence[Project] = (),
) -> Network:
    """Return a new network with the projects, in the order given; the network given is not changed.

    Parameters
    ----------
    network : Network
        The base.
    projects : sequence of Project
    road_time_s : callable, optional
        ``road_time_s(from_node_id, to_node_id, network)`` in seconds, inf when unreachable. Needed when the
        network or the projects have a bus line; it is asked on the network with all roads of the scenario.
    standing : sequence of Project
        What was applied to `network` already, in order: its bus lines are timed again.

    Raises
    ------
    ScenarioError
        With every issue of every project.
    """
    changed, issues = resolve_projects(network, projects, road_time_s=road_time_s, standing=standing)
    if changed is None:
        raise ScenarioError([i for i in issues if i.severity == "error"])
    return changed


def resolve_projects(
    network: Network,
    projects: Sequence[Project],
    *,
    road_time_s: RoadTime | None = None,
    lost: Mapping[str, Any] | None = None,
    standing: Sequence[Project] = (),
) -> tuple[Network | None, list[Issue]]:
    """Return the new network and all issues, also warnings and remarks; no network when there is an error.

    Projects that could not be read at all (`lost`, with the plain data of their files) are not missed: what others ask
    of them is no mistake of the others.

    Issues
    ------
    ``project_twice``, ``requires_missing``, ``conflict``, ``guard_failed``, ``unknown_stop`` (`_node`, `_road`,
    `_ref`, `_trip`, `_route`, `_place`, `_assumption`), ``duplicate_id``, ``no_place``, ``station_off_road``,
    ``too_short``, ``very_long``, ``road_island``, ``not_an_interchange``, ``no_such_path``, ``changed_nothing``,
    ``faster_than_possible``, ``negative_dwell``, ``no_train_to_scale``, ``overtaking``, ``no_road_times``,
    ``unreachable_stop``, ``bad_assumption``, ``opens_later`` (a remark), ``opening_unknown`` (a remark).
    """
    if not projects:
        return network, []
    report = Report()
    report.missing_ids |= {i for data in (lost or {}).values() for i in _find_ids(data)}
    applied = {p.project_id for p in network.projects}
    _check_company(projects, applied, {*(lost or {})}, report)
    changed = network
    for project in projects:
        before = report.count_errors()
        check_guards(project, changed, report)
        after = find_kind(project).apply(project, changed, report)
        if report.count_errors() > before:
            report.missing_ids.update(find_kind(project).brings(project))
            continue
        if after is changed and report.count_errors() == before:
            continue  # it asked for ids that a failed project would have brought
        changed = _sign(after, project)
        _remark_opening(project, network, report)
    if report.count_errors() == 0:
        changed = time_bus_lines(changed, [*standing, *projects], road_time_s, report)
    return (None if report.count_errors() else changed), report.issues


def _find_ids(data: Any) -> set[str]:  # noqa: ANN401 - YAML data
    """Return the ids within the parts of a project that could not be read."""
    if not isinstance(data, Mapping):
        return set()
    parts = [part for value in data.values() if isinstance(value, list) for part in value if isinstance(part, Mapping)]
    return {str(part["id"]) for part in parts if "id" in part}


def _check_company(projects: Sequence[Project], applied: set[str], lost: set[str], report: Report) -> None:
    for project, code, other, row in find_contradictions(projects, applied, lost):
        if code in ("listed_twice", "stands_already"):
            report.add(project, "project_twice", "is in the scenario twice, or in its base already", "id")
        elif code == "requires_missing":
            hint = f"add {other} to the scenario"
            report.add(project, code, f"needs {other}", "requires", row, value=other, hint=hint)
        elif code == "requires_later":
            hint = f"put {other} before {project.id}"
            report.add(project, code, f"{other} must come first", "requires", row, hint=hint)
        else:
            message, hint = f"cannot stand beside {other}", "leave one of them out"
            report.add(project, code, message, "conflicts", row, value=other, hint=hint)


def _remark_opening(project: Project, network: Network, report: Report) -> None:
    latest = project.opens.latest
    if latest is None:
        report.add(project, "opening_unknown", "its opening is not known", "opens", severity="info")
    elif latest > network.as_of:
        message = f"opens {project.opens.as_text()}, after the date of the base, {network.as_of.isoformat()}"
        report.add(project, "opens_later", message, "opens", severity="info")


def _sign(network: Network, project: Project) -> Network:
    """Return the network with the project among its provenance."""
    provenance = Provenance(
        project_id=project.id,
        title={"zh": project.title.zh, "en": project.title.en},
        source=" ".join(f"[{key}]" for key in project.source),
        confidence=project.confidence,
        assumed=project.assumed_texts(),
        kind=project.kind,
    )
    return network.with_tables(projects=(*network.projects, provenance))
