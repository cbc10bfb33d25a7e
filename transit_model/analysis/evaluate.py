"""One scenario asked again and again: other projects, other numbers, the same goals, in a fraction of a second."""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from transit_model.analysis.shared_tables import share_tables
from transit_model.assumptions import Assumptions
from transit_model.domain.modes import Mode, Reading
from transit_model.errors import Issue, ScenarioError, has_errors
from transit_model.goals.judge_counts import GridPart
from transit_model.goals.schema import Goal
from transit_model.measure.coach_times import CoachTimes
from transit_model.measure.goal_counts import measure_grid_goal
from transit_model.measure.memo import Key, Memo
from transit_model.measure.pair_times import Pair, compute_pair_minutes
from transit_model.measure.people import build_population
from transit_model.measure.people_within import count_people_within
from transit_model.measure.places import build_population_weights
from transit_model.measure.session import Session
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.measure.workspace import Workspace
from transit_model.near_names import hint_listed, hint_near
from transit_model.network.model import Network
from transit_model.scenario.apply import apply_projects
from transit_model.scenario.base_schema import Project
from transit_model.scenario.bus_edit import has_bus_lines, time_bus_lines
from transit_model.scenario.kinds.registry import find_kind
from transit_model.scenario.load import load_projects
from transit_model.scenario.lookup import Report
from transit_model.scenario.overrides import find_override, get_project_data, list_number_fields, put_override
from transit_model.scenario.requirements import add_required, is_ruled_out, keep_complete, sort_by_need
from transit_model.scenario.schema import parse_project

ASSUMPTIONS = "assumptions"
"""First part of an override that changes an assumption, e.g. ``assumptions.rail_entry_min``."""
ALL_KEYS = "*"
"""Last part of an override that multiplies every number of a table, e.g. ``assumptions.speed_factor_typical.*``."""
Overrides = Mapping[str, float]
Numbers = tuple[tuple[str, float], ...]


@dataclass(frozen=True, eq=False)
class Evaluation:
    """One set of projects and numbers, ready to be measured."""

    projects: tuple[str, ...]
    overrides: Overrides
    session: Session
    weights: Mapping[str, float]
    people: Callable[[], npt.NDArray[np.float64]] | None = None
    """Gives the persons by cell of the base, (ny, nx); those of this evaluation when absent."""

    @property
    def groups(self) -> Mapping[str, tuple[str, ...]]:
        """Return the named groups of places."""
        return self.session.places.groups

    def minutes(self, pairs: Iterable[Pair]) -> dict[Pair, float]:
        """Return the minutes of pairs, inf when unreachable."""
        return compute_pair_minutes(self.session, pairs)

    def people_within(self, origin: str, mode: Mode, reading: Reading, cutoff_min: float) -> float:
        """Return the people on the grid within a time, where they live in the base: a project moves nobody."""
        session, builder = self.session, self._builder
        place = session.places.get_place(origin)
        how = (mode, reading, cutoff_min, builder.fingerprint(place, mode, reading))

        def count() -> float:
            people = build_population(builder) if self.people is None else self.people()
            return count_people_within(builder, place, mode, reading, [cutoff_min], people)[0]

        return session.keep("people_within", lambda _: (place, how), count)

    def measure_grid(self, goal: Goal, reading: Reading) -> list[GridPart] | None:
        """Return the minutes of the cells that a goal on the grid counts; people live where they do in the base."""
        builder = self._builder
        return measure_grid_goal(
            builder, goal, reading, lambda: build_population(builder) if self.people is None else self.people()
        )

    @cached_property
    def _builder(self) -> SurfaceBuilder:
        return SurfaceBuilder(self.session)


class Evaluator:
    """Evaluates variations of one scenario.

    The projects of the base scenario always stand; any of the library may be added, and numbers of all of them, and
    assumptions, may be replaced. An evaluation equals a scenario of the same projects and numbers measured from
    scratch (tested); what a change leaves alone is taken from the evaluations before.

    Parameters
    ----------
    workspace : Workspace
    base : str
        Scenario id; its own overrides hold.
    memo : Memo, optional
        Where results are kept; one of its own when absent.
    """

    def __init__(self, workspace: Workspace, base: str, *, memo: Memo | None = None) -> None:
        self.workspace = workspace
        self.base = workspace.scenario(base)
        self.memo = Memo() if memo is None else memo
        self.library: dict[str, Project] = {p.id: p for p in load_projects(workspace.library)}
        self.library |= {p.id: p for p in self.base.projects}
        self.base_ids = tuple(p.id for p in self.base.projects)
        self._road_times = CoachTimes(self.memo)

    def with_projects(self, projects: Iterable[Project]) -> Evaluator:
        """Return an evaluator with other forms of projects of the library, which shares what both have in common."""
        other = copy.copy(self)
        other.library = self.library | {p.id: p for p in projects}
        return other

    def evaluate(
        self, projects: Collection[str] = (), overrides: Overrides | None = None, *, without: Collection[str] = ()
    ) -> Evaluation:
        """Return the base with projects added and numbers replaced.

        Parameters
        ----------
        projects : collection of str
            Ids of the library beside those of the base; a project comes after those it requires.
        overrides : mapping, optional
            ``project.field`` (list items by number), ``assumptions.name``, ``assumptions.table.key``, or
            ``assumptions.table.*`` (a factor on the whole table). Numbers of projects that are not in are left aside.
        without : collection of str
            Projects of the base left out.

        Raises
        ------
        ScenarioError
            When a project is not known or the set cannot be built, with all issues.
        """
        numbers = self._check_numbers(overrides or {}, without)
        absent = [p for p in dict.fromkeys(without) if p not in self.base_ids]
        if absent:
            raise ScenarioError([_not_in_base(p, self.base_ids) for p in absent])
        base = tuple(p for p in self.base_ids if p not in set(without))
        chosen = self.order((*base, *projects))
        network = self._build(chosen, numbers)
        session = Session(self.base.scenario_id, network, memo=self.memo)
        weights = self.memo.get(
            "weights", session.keys.places, lambda: build_population_weights(network.counties, session.places.places)
        )
        return Evaluation(chosen, numbers, session, weights, self.place_people)

    def _check_numbers(self, overrides: Overrides, without: Collection[str]) -> dict[str, float]:
        """Return the numbers; a name that no project has is a slip of the pen, and never passed over in silence."""
        known = [*self.library, ASSUMPTIONS]
        heads = [*(str(key).partition(".")[0] for key in overrides), *without]
        issues = [_unknown_project(head, known) for head in dict.fromkeys(heads) if head not in known]
        wrong = [k for k, v in overrides.items() if isinstance(v, bool) or not isinstance(v, int | float)]
        message = "an override is a number, e.g. {'hubao_hsr.design_speed_kmh': 300}"
        issues += [Issue("bad_override", "error", message, field=str(k), value=str(overrides[k])[:80]) for k in wrong]
        if issues:
            raise ScenarioError(issues)
        return dict(overrides)

    def place_people(self) -> npt.NDArray[np.float64]:
        """Return the persons by cell of the base, (ny, nx)."""
        return self.memo.get("people", self.base.scenario_id, self._place_people)

    def _place_people(self) -> npt.NDArray[np.float64]:
        return build_population(SurfaceBuilder(self.workspace.session(self.base.scenario_id)))

    def order(self, projects: Sequence[str]) -> tuple[str, ...]:
        """Return projects, each once, in the order given but after those they require.

        Raises
        ------
        ScenarioError
            When one is not in the library; the hint offers the nearest.
        """
        wanted = list(dict.fromkeys(projects))
        unknown = [p for p in wanted if p not in self.library]
        if unknown:
            raise ScenarioError([_unknown_project(p, list(self.library)) for p in unknown])
        return tuple(p.id for p in sort_by_need([self.library[p] for p in wanted]))

    def keep_buildable(self, projects: Collection[str]) -> tuple[str, ...]:
        """Return the projects whose requirements stand among them and the base, and theirs, and so on."""
        return tuple(p.id for p in keep_complete([self.library[p] for p in projects], self.base_ids))

    def add_with_required(self, project_id: str, projects: Sequence[str] = ()) -> tuple[str, ...]:
        """Return projects with one more and all it requires, in order; those of the base are left out."""
        more = add_required([project_id], self.library, (*projects, *self.base_ids))
        return tuple(p for p in self.order((*projects, *more)) if p not in self.base_ids)

    def list_additions(self, projects: Sequence[str] = ()) -> list[tuple[str, ...]]:
        """Return each project of the library that can stand beside the base and projects, with these before it.

        What it requires stands before it too; its own id is the last of each.
        """
        standing = (*self.base_ids, *projects)
        out = []
        for project_id in self.library:
            if project_id in standing:
                continue
            added = add_required([project_id], self.library, standing)
            if not any(self._is_ruled_out(p, (*standing, *added)) for p in added):
                out.append(self.add_with_required(project_id, projects))
        return out

    def _is_ruled_out(self, project_id: str, others: Iterable[str]) -> bool:
        return is_ruled_out(self.library[project_id], [self.library[p] for p in others])

    def find_number(self, key: str) -> float:
        """Return the number that ``project.field`` or ``assumptions.name`` has now; 1 for a whole table.

        Raises
        ------
        ScenarioError
            When there is no such number.
        """
        head, _, field = key.partition(".")
        value: Any = None
        if head == ASSUMPTIONS:
            value = 1.0 if field.endswith(f".{ALL_KEYS}") else self.workspace.assumptions.model_dump()
            value = value if isinstance(value, float) else find_override(value, field)
            known = [f"{ASSUMPTIONS}.{name}" for name in self.workspace.assumptions.provisions]
        elif head in self.library:
            data = get_project_data(self.library[head])
            # what every project has (its opening, ranges, ...) moves no minute
            value = None if field.split(".")[0] in Project.model_fields else find_override(data, field)
            known = [f"{head}.{name}" for name in list_number_fields(data)]
        else:
            raise ScenarioError(_unknown_project(head, [*self.library, ASSUMPTIONS]))
        if isinstance(value, bool) or not isinstance(value, int | float):
            hint = hint_near(key, known, f"numbers of {head}: {', '.join(known)}")
            raise ScenarioError(Issue("no_such_number", "error", f"{key} is no number", field=key, hint=hint))
        return float(value)

    def _build(self, chosen: Sequence[str], numbers: Overrides) -> Network:
        """Return the network of a set of projects and numbers.

        A network is kept under the numbers that edits read, so that a change of another assumption costs no edit:
        the assumptions, with what policies make of them, are exchanged at the end and buses timed again.
        """
        own = _pick(numbers, ASSUMPTIONS)
        assumptions = self.memo.get("assumptions", own, lambda: _change_assumptions(self.workspace, own))
        snap = (assumptions.snap_max_m, assumptions.off_network_max_min, assumptions.off_network_speed_kmh)
        keys: list[Key] = [("base", self.base.as_of, self.workspace.timetable, *snap)]
        varied = []
        for project_id in chosen:
            project = self.library[project_id]
            names = find_kind(project).reads(project)
            read = tuple(getattr(assumptions, n) for n in names)
            own_part = _pick(numbers, project_id)
            varied.append(bool(own_part) or read != tuple(getattr(self.workspace.assumptions, n) for n in names))
            keys.append((keys[-1], self._read_project(project_id), own_part, read))
        done = next((n for n in range(len(chosen), 0, -1) if self.memo.has("networks", keys[n])), 0)
        # what stands before the first number that varies will be asked for again, what comes after it will not
        head = max(done, varied.index(True) if True in varied else len(chosen))
        # roads of the base as it stands are asked about most: changes are told from them
        n_base = next((n for n, p in enumerate(chosen) if p not in self.base_ids), len(chosen))
        base = n_base if head >= n_base else 0
        built = self.memo.get("networks", keys[done], lambda: self._start(assumptions))
        stops = sorted({n for n in (base, head, len(chosen)) if n > done})
        for first, last in pairwise([done, *stops]):
            edit = partial(self._apply, built, chosen[first:last], numbers, assumptions, is_base=last == base)
            built = self.memo.get("networks", keys[last], edit)
        return self._exchange(built, assumptions).network

    def _read_project(self, project_id: str) -> str:
        """Return the content of a project as text: scenarios over one base may have it with other numbers."""
        project = self.library[project_id]
        return self.memo.get("projects", id(project), lambda: (project, project.model_dump_json()))[1]

    def _start(self, assumptions: Assumptions) -> _Built:
        return _Built(self.workspace.build_ground(self.base.as_of, assumptions).as_road_base(), assumptions, ())

    def _apply(
        self,
        built: _Built,
        projects: Sequence[str],
        numbers: Overrides,
        assumptions: Assumptions,
        *,
        is_base: bool = False,
    ) -> _Built:
        start = self._exchange(built, assumptions, with_buses=False)
        edits = [change_project(self.library[p], dict(_pick(numbers, p))) for p in projects]
        network = apply_projects(start.network, edits, road_time_s=self._road_times, standing=built.projects)
        own = tuple((self._read_project(p), _pick(numbers, p)) for p in projects)
        network = share_tables(network, start.network, own, self.memo)
        return _Built(network.as_road_base() if is_base else network, assumptions, (*built.projects, *edits))

    def _exchange(self, built: _Built, assumptions: Assumptions, *, with_buses: bool = True) -> _Built:
        """Return a network under other assumptions; what policies have changed stays changed."""
        if built.assumptions is assumptions:
            return built
        network = built.network
        network = network.with_tables(assumptions=carry_changes(built.assumptions, network.assumptions, assumptions))
        if with_buses and has_bus_lines(network):
            report = Report()
            network = time_bus_lines(network, built.projects, self._road_times, report)
            if report.count_errors():
                raise ScenarioError([i for i in report.issues if i.severity == "error"])
        return _Built(network, assumptions, built.projects)


@dataclass(frozen=True, eq=False)
class _Built:
    """A network, the assumptions its first project met, and its projects with the numbers they were built with."""

    network: Network
    assumptions: Assumptions
    projects: tuple[Project, ...]


def carry_changes(before: Assumptions, after: Assumptions, onto: Assumptions) -> Assumptions:
    """Return `onto` with the numbers that differ between `before` and `after`, tables number by number."""
    if before is after:
        return onto
    changes: dict[str, Any] = {}
    for name in before.provisions:
        old, new = getattr(before, name), getattr(after, name)
        if old == new:
            continue
        if isinstance(new, Mapping):
            changes[name] = {**getattr(onto, name), **{k: v for k, v in new.items() if old.get(k) != v}}
        else:
            changes[name] = new
    return onto.with_changes(**changes) if changes else onto


def change_project(project: Project, numbers: Overrides) -> Project:
    """Return a project with some of its numbers replaced, checked again.

    A replaced number no longer has to lie in the range the file declares for it.

    Raises
    ------
    ScenarioError
        When there is no such field, or the project is impossible with these numbers.
    """
    document = project._document
    if not numbers:
        return project
    if document is None:
        raise ScenarioError(Issue("bad_override", "error", f"{project.id} was not read from a file"))
    data = copy.deepcopy(get_project_data(project))
    for key, value in numbers.items():
        field = key.partition(".")[2]
        old = find_override(data, field)
        if isinstance(old, bool) or not isinstance(old, int | float):
            raise ScenarioError(Issue("bad_override", "error", f"{project.id} has no number {field}", field=key))
        new = round(value) if field.rpartition(".")[2] == "trains_per_day" else float(value)
        put_override(data, field, new)
        data.get("ranges", {}).pop(field, None)
    changed, issues = parse_project(document, data)
    if changed is None or has_errors(issues):
        raise ScenarioError([i for i in issues if i.severity == "error"])
    changed._data = data
    return changed


def _change_assumptions(workspace: Workspace, numbers: Numbers) -> Assumptions:
    changes: dict[str, Any] = {}
    for full, value in numbers:
        name, _, key = full.partition(".")[2].partition(".")
        old = changes.get(name, getattr(workspace.assumptions, name, None))
        if key and isinstance(old, Mapping):
            replaced = {k: v * value for k, v in old.items()} if key == ALL_KEYS else {**old, key: value}
            changes[name] = replaced
        else:
            changes[name] = round(value) if isinstance(old, int) and not isinstance(old, bool) else value
    return workspace.assumptions.with_changes(**changes) if changes else workspace.assumptions


def _pick(numbers: Overrides, owner: str) -> Numbers:
    """Return the numbers of one project, or of the assumptions, in order of their names."""
    return tuple(sorted((k, float(v)) for k, v in numbers.items() if k.partition(".")[0] == owner))


def _not_in_base(project_id: str, base_ids: Sequence[str]) -> Issue:
    hint = hint_near(project_id, base_ids) if base_ids else ""
    message = f"{project_id} is not in the base, so it cannot be left out"
    return Issue("changed_nothing", "error", message, field="without", value=project_id, hint=hint)


def _unknown_project(project_id: str, known: Sequence[str]) -> Issue:
    hint = hint_listed("project", project_id, known)
    return Issue("unknown_project", "error", f"there is no project {project_id!r}", value=project_id, hint=hint)
