"""One scenario from its file, its base or parent, its variant, its overrides and its projects."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from transit_model.errors import Issue, has_errors
from transit_model.near_names import hint_near
from transit_model.scenario.base_schema import Project, Title
from transit_model.scenario.opened import IsHeld, drop_rivals, select_open_by
from transit_model.scenario.order_notes import list_order_notes
from transit_model.scenario.overrides import find_override, get_project_data, put_override, redate
from transit_model.scenario.read_files import read_project, read_scenario
from transit_model.scenario.scenario_schema import BaseByDate, ScenarioFile
from transit_model.scenario.schema import parse_project
from transit_model.store.library import PROJECTS, Library
from transit_model.store.yaml_lines import YamlDocument

VARIANT_MARK = "@"


@dataclass(frozen=True)
class Scenario:
    """A scenario ready to be applied.

    Attributes
    ----------
    scenario_id : str
        As asked for, with ``@variant`` when it is one.
    as_of : date
        Roads opened after this day are not in the base.
    base_id : str or None
        The base case it names, None when the scenario is itself a base case by date.
    projects : tuple of Project
        Those of the base case first, then its own, in order; overrides are in.
    overrides : mapping
        ``project.field`` to the new value, all that took effect.
    old_values : mapping
        ``project.field`` to the value in the project file.
    remarks : tuple of Issue
        Warnings: what is no error and yet decides numbers, e.g. a base by date that differs from a named one.
    """

    scenario_id: str
    title: Title
    summary: Title | None
    as_of: date
    base_id: str | None
    projects: tuple[Project, ...]
    overrides: Mapping[str, Any]
    old_values: Mapping[str, Any]
    remarks: tuple[Issue, ...] = ()

    @property
    def is_base_case(self) -> bool:
        """Return True when this scenario says by date what stands on the ground."""
        return self.base_id is None


Origin = tuple[str, int | None, str]


class ScenarioLoader:
    """Loads scenarios of one library; collects issues; reads each file once.

    What has a mistake is read as far as it can be, so that its other mistakes are found too: a scenario is only right
    when no error is among `issues`.

    Attributes
    ----------
    lost : dict of str to data
        Projects that are named and could not be read at all, with the plain data of their files.
    """

    def __init__(self, library: Library, issues: list[Issue], is_held: IsHeld | None = None) -> None:
        self.issues = issues
        self.lost: dict[str, Any] = {}
        self._is_held = is_held
        self._scenario_files = library.list_files()
        self._project_files = library.list_files(PROJECTS)
        self._projects: dict[str, tuple[Project | None, YamlDocument | None]] = {}

    def load(self, name: str, ancestors: tuple[str, ...], origin: Origin | None) -> Scenario | None:
        """Return a scenario by name, None when something was reported."""
        scenario_id, _, variant_id = name.partition(VARIANT_MARK)
        if scenario_id in ancestors:
            chain = " -> ".join([*ancestors, scenario_id])
            self._report("inheritance_cycle", f"scenarios inherit in a circle: {chain}", origin, scenario_id)
            return None
        path = self._scenario_files.get(scenario_id)
        if path is None:
            known = list(self._scenario_files)
            self._report("unknown_scenario", f"there is no scenario {scenario_id}", origin, scenario_id, known)
            return None
        spec, document, issues = read_scenario(path)
        self.issues += issues
        if spec is None or document is None:
            return None
        if variant_id and variant_id not in spec.variants:
            message = f"{scenario_id} has no variant {variant_id}"
            self._report("unknown_variant", message, origin, variant_id, list(spec.variants))
            return None
        parent = self._load_parent(spec, document, (*ancestors, scenario_id))
        return self._compose(name, spec, document, parent, variant_id)

    def _load_parent(self, spec: ScenarioFile, document: YamlDocument, ancestors: tuple[str, ...]) -> Scenario | None:
        if isinstance(spec.base, BaseByDate):
            return None
        key = "base" if spec.base is not None else "inherits"
        wanted = str(spec.base or spec.inherits)
        origin = (document.file, document.line_of(key), key)
        parent = self.load(wanted, ancestors, origin)
        if parent is not None and key == "base" and not parent.is_base_case:
            message = f"{wanted} is no base case: it has no as_of"
            hint = "write inherits instead of base"
            self.issues.append(Issue("not_a_base", "error", message, *origin, wanted, hint))
        return parent

    def _compose(
        self, name: str, spec: ScenarioFile, document: YamlDocument, parent: Scenario | None, variant_id: str
    ) -> Scenario | None:
        remarks = list(parent.remarks) if parent is not None else []
        variant = spec.variants[variant_id] if variant_id else None
        own: list[tuple[str, Origin]] = [
            (p, (document.file, document.line_of("projects", i), f"projects.{i}")) for i, p in enumerate(spec.projects)
        ]
        overrides: list[tuple[str, Any, tuple[str, ...]]] = [
            (k, v, ("overrides", k)) for k, v in spec.overrides.items()
        ]
        inherited = list(parent.projects) if parent is not None else []
        if isinstance(spec.base, BaseByDate):
            own_ids = {p for p, _ in own}
            dates = [(k, v) for k, v in (*spec.overrides.items(), *(variant.overrides.items() if variant else ()))]
            inherited, notes = self._list_opened(spec, spec.base, document, own_ids, dates)
            remarks += notes
        whole = parent is not None or isinstance(spec.base, BaseByDate)
        gone: set[str] = set()
        if variant is not None:
            at = ("variants", variant_id)
            for i, p in enumerate(variant.without):
                where = (document.file, document.line_of(*at, "without", i), f"variants.{variant_id}.without")
                names = [*(q.id for q in inherited), *(m for m, _ in own)]
                if p not in names and whole:
                    self._report("changed_nothing", f"{p} is not in the scenario", where, p, names)
                inherited = [q for q in inherited if q.id != p]
                own = [m for m in own if m[0] != p]
                gone.add(p)
            overrides = [o for o in overrides if o[0].partition(".")[0] not in gone]
            own += [
                (p, (document.file, document.line_of(*at, "projects", i), f"variants.{variant_id}.projects"))
                for i, p in enumerate(variant.projects)
            ]
            overrides += [(k, v, (*at, "overrides", k)) for k, v in variant.overrides.items()]
        for p, where in own:
            if p in {q.id for q in inherited}:
                self._report("project_twice", f"{p} is in the base or the parent already", where, p)
        projects = inherited + [q for q in (self._project(p, where) for p, where in own) if q is not None]
        old, new = (
            {k: v for k, v in values.items() if k.partition(".")[0] not in gone}
            for values in ((parent.old_values, parent.overrides) if parent is not None else ({}, {}))
        )
        data = {q.id: copy.deepcopy(get_project_data(q)) for q in projects}
        for key, value in new.items():
            put_override(data, key, value)
        documents = {q.id: q._document for q in projects}
        for key, value, path in overrides:
            place = (document.file, document.line_of(*path), ".".join(path))
            late = self._find_late(key, value, place, data, remarks) if isinstance(spec.base, BaseByDate) else False
            if not late and (whole or key.partition(".")[0] in data):
                self._override(data, key, value, place, old, new)
        projects = self._revalidate(projects, data, new, documents, document)
        remarks += [i for i in list_order_notes(projects) if i not in remarks]
        if not whole:
            return None
        own_base = None if isinstance(spec.base, BaseByDate) else (spec.base or (parent.base_id if parent else None))
        if own_base is None and not isinstance(spec.base, BaseByDate) and parent is not None:
            own_base = parent.scenario_id
        as_of = spec.base.as_of if isinstance(spec.base, BaseByDate) else parent.as_of  # type: ignore[union-attr]
        title = variant.title if variant is not None else spec.title
        return Scenario(name, title, spec.summary, as_of, own_base, tuple(projects), new, old, tuple(remarks))

    def _list_opened(
        self, spec: ScenarioFile, base: BaseByDate, document: YamlDocument, own: set[str], dates: list[tuple[str, Any]]
    ) -> tuple[list[Project], list[Issue]]:
        """Return the projects that a base by date brings beside those its file lists, and how named bases differ.

        Openings that the scenario overrides are those that count.
        """
        origin = (document.file, document.line_of("base"), "base")
        if base.opened == "listed":
            return [], []
        read = [self._project(p, origin) for p in self._project_files]
        plain = {p.id: p for p in read if p is not None}
        redated = select_open_by([redate(p, dates) for p in plain.values()], base.as_of)
        dated = [plain[p.id] for p in redated]
        listed = [p for p in read if p is not None and p.id in own]
        free = [p for p in dated if p.id in own or self._is_held is None or not self._is_held(p, base.as_of)]
        opened = drop_rivals([p for p in free if p.id not in own], listed)
        return opened, self._compare_bases(spec.id, base, {p.id for p in opened}, own, origin)

    def _compare_bases(
        self, scenario_id: str, base: BaseByDate, opened: set[str], own: set[str], origin: Origin
    ) -> list[Issue]:
        """Return a warning for each named base of the same day that lists other projects."""
        issues: list[Issue] = []
        for name, path in self._scenario_files.items():
            spec = read_scenario(path)[0] if name != scenario_id else None
            if spec is None or not isinstance(spec.base, BaseByDate) or spec.base.as_of != base.as_of:
                continue
            if spec.base.opened != "listed":
                continue
            more, fewer = sorted(opened - set(spec.projects)), sorted(set(spec.projects) - opened - own)
            if more or fewer:
                begin = base.as_of.isoformat()
                message = f"this base of {begin} differs from {name}: it also holds {', '.join(more)}"
                if not more:
                    message = f"this base of {begin} differs from {name}: it lacks {', '.join(fewer)}"
                elif fewer:
                    message += f"; it lacks {', '.join(fewer)}"
                hint = f"write `base: {name}` to build on that one"
                issues.append(Issue("base_differs", "warning", message, *origin, None, hint))
        return issues

    def _find_late(
        self,
        key: str,
        value: Any,  # noqa: ANN401 - any YAML value
        place: Origin,
        data: Mapping[str, Any],
        remarks: list[Issue],
    ) -> bool:
        """Return whether an override moves an opening beyond the day of a base by date, so that nothing else is left.

        A remark says so; a date that is none is an error of the project.
        """
        project_id, _, field = key.partition(".")
        if field != "opens" or project_id in data or project_id not in self._project_files:
            return False
        project = self._project(project_id, place)
        if project is None or project._document is None:
            return True
        changed, issues = parse_project(project._document, {**get_project_data(project), "opens": value})
        self.issues += [replace(i, file=place[0], line=place[1], field=place[2]) for i in issues]
        if changed is not None and not has_errors(issues):
            message = f"{project_id} opens {changed.opens.as_text()}: by the day of the base it is not there"
            remarks.append(Issue("opens_later", "info", message, *place, str(value)))
        return True

    def _override(
        self,
        data: dict[str, Any],
        key: str,
        value: Any,  # noqa: ANN401 - any YAML value
        place: Origin,
        old: dict[str, Any],
        new: dict[str, Any],
    ) -> None:
        project_id, _, field = key.partition(".")
        if not field:
            hint = "write project.field, e.g. hubao_hsr.design_speed_kmh"
            self.issues.append(Issue("bad_override", "error", f"{key} names no field", *place, str(value), hint))
            return
        if project_id in self.lost:
            return
        if project_id not in data:
            self._report("unknown_project", f"{project_id} is not in the scenario", place, project_id, list(data))
            return
        if field in ("id", "kind"):
            self.issues.append(Issue("bad_override", "error", f"{field} cannot be overridden", *place, str(value)))
            return
        before = find_override(data, key)
        if before == value and before is not None:
            message = f"{key} is {value} already"
            self.issues.append(Issue("changed_nothing", "error", message, *place, str(value), "leave it out"))
            return
        if not put_override(data, key, value):
            message = f"there is no {field} in {project_id} to override"
            self._report("bad_override", message, place, key, [f"{project_id}.{k}" for k in data[project_id]])
            return
        old.setdefault(key, before)
        new[key] = value

    def _revalidate(
        self,
        projects: Sequence[Project],
        data: Mapping[str, Any],
        overrides: Mapping[str, Any],
        documents: Mapping[str, YamlDocument | None],
        document: YamlDocument,
    ) -> list[Project]:
        """Return the projects with overrides in, checked again."""
        touched = {key.partition(".")[0] for key in overrides}
        out = []
        for project in projects:
            source = documents[project.id]
            if project.id not in touched or source is None:
                out.append(project)
                continue
            changed, issues = parse_project(source, data[project.id])
            for issue in issues:
                message = f"after the overrides of {document.file}: {issue.message}"
                line = document.line_of("overrides")
                field = f"{project.id}.{issue.field}" if issue.field else project.id
                self.issues.append(
                    Issue(issue.code, issue.severity, message, document.file, line, field, issue.value, issue.hint)
                )
            if changed is not None:
                out.append(changed)
        return out

    def _project(self, project_id: str, origin: Origin) -> Project | None:
        if project_id not in self._projects:
            path = self._project_files.get(project_id)
            if path is None:
                known = list(self._project_files)
                self._report("unknown_project", f"there is no project {project_id}", origin, project_id, known)
                self.lost[project_id] = {}
                return None
            project, document, issues = read_project(path)
            self.issues += issues
            self._projects[project_id] = (project, document)
            if project is None:
                self.lost[project_id] = document.data if document is not None else {}
        return self._projects[project_id][0]

    def _report(self, code: str, message: str, origin: Origin | None, value: str, known: Sequence[str] = ()) -> None:
        hint = hint_near(value, known)
        file, line, field = origin or (None, None, None)
        self.issues.append(Issue(code, "error", message, file, line, field, value, hint))
