"""A study measured in shares: some scenarios and comparisons each, in this process and in others beside it.

A share is measured the same wherever it runs, so the tables do not depend on how many processes there are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from transit_model.batches.parent import leave_with_parent
from transit_model.pages.stopwatch import Stopwatch

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from transit_model.goals.judge import Verdict
    from transit_model.goals.schema import Goal
    from transit_model.measure.session import Session
    from transit_model.measure.workspace import Workspace
    from transit_model.scenario.load import Study
    from transit_model.scenario.scenario_schema import StudyChoices
    from transit_model.study.compare import Comparison
    from transit_model.study.rebuilt_base import RebuiltBase
    from transit_model.study.scenario_tables import RingCache
    from transit_model.surface.lattice import Lattice, Minutes

Answer = TypeVar("Answer")
FEWEST_APART = 4
"""A study of fewer scenarios is measured in one process: another one has to read and build all it needs."""
COMPARISON = 0.5
"""Cost of a comparison; one scenario costs 1."""
QUESTIONS = 4.0
"""Cost of the questions that the other processes answer after their shares (`StudyWorkers.later`)."""


@dataclass(frozen=True)
class Workload:
    """What one process measures.

    Attributes
    ----------
    people_of : str
        The scenario that people are spread on: the first of the study, whoever measures it.
    scenarios : tuple of str
    comparisons : tuple of (base, scenario)
        The scenario is among `scenarios`; the base is measured again where it is not.
    """

    people_of: str
    scenarios: tuple[str, ...]
    comparisons: tuple[tuple[str, str], ...]
    choices: StudyChoices


@dataclass(eq=False)
class WorkloadTables:
    """Tables by scenario, comparisons by base and scenario, minutes and people at cells, and steps taken."""

    od: dict[str, pd.DataFrame] = field(default_factory=dict)
    verdicts: dict[str, list[Verdict]] = field(default_factory=dict)
    rings: dict[str, gpd.GeoDataFrame] = field(default_factory=dict)
    comparisons: dict[tuple[str, str], Comparison] = field(default_factory=dict)
    minutes: dict[tuple[str, str, str, str], Minutes] = field(default_factory=dict)
    lattice: Lattice | None = None
    people: npt.NDArray[np.float64] | None = None
    steps: list[str] = field(default_factory=list)

    def take(self, other: WorkloadTables) -> None:
        """Add what another share has measured."""
        for name in ("od", "verdicts", "rings", "comparisons", "minutes"):
            getattr(self, name).update(getattr(other, name))


def cut_workloads(study: Study, n_workloads: int) -> list[Workload]:
    """Return the scenarios of a study in up to `n_workloads` shares; the first is measured in this process.

    Scenarios that nothing is compared with go away first, the latest first: a base is measured again in every share
    that compares with it. As many go as makes the longest share shortest.
    """
    names = [s.scenario_id for s in study.scenarios]
    pairs = [(c.base, c.scenario) for c in study.comparisons]
    if n_workloads < 2 or len(names) < FEWEST_APART:
        return [_make_workload(study, names)]
    ends = {name for pair in pairs for name in pair}
    going = [n for n in reversed(names) if n not in ends] + [n for n in reversed(names) if n in ends]

    def cut(n_away: int) -> list[Workload]:
        away = [going[:n_away][i :: n_workloads - 1] for i in range(n_workloads - 1)]
        return [_make_workload(study, part) for part in (going[n_away:], *away) if part]

    def find_longest(n_away: int) -> float:
        own, *away = cut(n_away)
        others = [_count_cost(workload) for workload in away] or [0.0]
        return max(_count_cost(own), max(others) + QUESTIONS / (n_workloads - 1))

    return cut(min(range(len(names)), key=find_longest))


def _make_workload(study: Study, part: Sequence[str]) -> Workload:
    names = tuple(s.scenario_id for s in study.scenarios)
    pairs = tuple((c.base, c.scenario) for c in study.comparisons if c.scenario in part)
    return Workload(names[0], tuple(n for n in names if n in part), pairs, study.choices)


def _count_cost(workload: Workload) -> float:
    bases = {base for base, _ in workload.comparisons}
    return len(bases | {*workload.scenarios}) + COMPARISON * len(workload.comparisons)


def measure_workload(
    workspace: Workspace,
    workload: Workload,
    goals: Sequence[Goal],
    *,
    tick: Callable[[str], object],
    clock: Stopwatch,
) -> WorkloadTables:
    """Measure the scenarios of a share, and each comparison as soon as both ends are, with its base built again.

    So the cell times of few scenarios are kept at once: of all their rings, since a comparison reads all that differ.
    """
    from transit_model.measure.people import place_people
    from transit_model.streets.memory import keep_freed_memory
    from transit_model.study.scenario_tables import RingCache, judge_all, measure_od, measure_rings

    keep_freed_memory()
    cache, measured = RingCache(workload.choices), WorkloadTables()
    cache.people = place_people(cache.builder_of(workspace.session(workload.people_of)), workspace.population)
    clock.lap("people")
    sessions = {name: workspace.session(name) for name in workload.scenarios}
    comparing = _Comparing(workspace, workload, goals, cache, sessions, measured)
    for name, session in sessions.items():
        measured.od[name] = measure_od(session, goals, workload.choices)
        measured.verdicts[name] = judge_all(session, goals, measured.od[name])
        tick(f"{name}: travel times")
        clock.lap("travel times and verdicts")
        measured.rings[name] = measure_rings(session, cache, tick)
        measured.minutes.update(cache.list_minutes(name))
        clock.lap("rings")
        cache.builder_of(session).release()  # a comparison reads times that are kept
        for base, scenario in comparing.list_ready():
            comparing.compare(base, scenario)
            tick(f"{base} → {scenario}")
        cache.forget_others({end for pair in comparing.list_waiting() for end in pair})
        clock.lap("comparisons")
    measured.lattice = cache.lattice
    if cache.lattice is not None and cache.people is not None:
        measured.people = cache.lattice.gather(cache.people, next(iter(cache.builders.values())).grid)
    return measured


@dataclass(eq=False)
class _Comparing:
    """The comparisons of a share; bases of other shares are measured here as well, as far as comparisons read them."""

    workspace: Workspace
    workload: Workload
    goals: Sequence[Goal]
    cache: RingCache
    sessions: dict[str, Session]
    measured: WorkloadTables

    def __post_init__(self) -> None:
        self._fresh = self.workspace.afresh()
        self._again: dict[str, RebuiltBase] = {}
        self._others: dict[str, tuple[Session, pd.DataFrame]] = {}

    def list_waiting(self) -> list[tuple[str, str]]:
        """Return base and scenario of the comparisons that are not there yet."""
        return [pair for pair in self.workload.comparisons if pair not in self.measured.comparisons]

    def list_ready(self) -> list[tuple[str, str]]:
        """Return those of the waiting comparisons whose ends are measured as far as they are of this share."""
        waits = {name for name in self.sessions if name not in self.measured.rings}
        return [pair for pair in self.list_waiting() if waits.isdisjoint(pair)]

    def compare(self, base: str, scenario: str) -> None:
        """Compare a scenario of this share with its base."""
        from transit_model.study.compare import compare_measured
        from transit_model.study.rebuilt_base import RebuiltBase

        if base not in self._again:
            self._again[base] = RebuiltBase(
                self._fresh.session(base), self.workload.choices, self.cache.builders.values()
            )
        first, od = self._get_base(base)
        builders = self.cache.builder_of(first), self.cache.builder_of(self.sessions[scenario])
        self.measured.comparisons[base, scenario] = compare_measured(
            self.cache, self._again[base], (base, scenario), od, self.measured.od[scenario], builders=builders
        )
        builders[0].release()
        if base not in {first for first, _ in self.list_waiting()}:
            self._again.pop(base)
            self._others.pop(base, None)

    def _get_base(self, base: str) -> tuple[Session, pd.DataFrame]:
        from transit_model.study.scenario_tables import measure_compared, measure_od

        if base in self.sessions:
            return self.sessions[base], self.measured.od[base]
        if base not in self._others:
            session = self.workspace.session(base)
            self._others[base] = session, measure_od(session, self.goals, self.workload.choices)
            measure_compared(self.cache, session)
        return self._others[base]


class StudyWorkers:
    """Processes that measure shares of studies; with one worker everything happens in this process.

    They are started at once and load what they need while this process still reads its inputs.
    """

    def __init__(self, workers: int = 1) -> None:
        self.workers = workers
        self._pool: ProcessPoolExecutor | None = None
        if workers > 1:
            import multiprocessing

            # Forked processes would inherit threads of libraries in any state; spawned ones begin afresh anywhere.
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(workers - 1, mp_context=context, initializer=leave_with_parent)
            for _ in range(workers - 1):
                self._pool.submit(_load_room)

    def __enter__(self) -> StudyWorkers:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def later(self, ask: Callable[..., Answer], *arguments: object) -> Callable[[], Answer]:
        """Have a question answered in another process when there is one; return what waits for the answer.

        Both must be picklable. An answer is asked for here when the process dies, or when there is none.
        """
        if self._pool is None:
            return partial(ask, *arguments)
        future = self._pool.submit(ask, *arguments)

        def wait() -> Answer:
            try:
                return future.result()
            except BrokenProcessPool:
                return ask(*arguments)

        return wait

    def send(self, workspace: Workspace, study: Study, goals: Sequence[Goal]) -> Sent:
        """Have the shares of other processes measured there, and return what is left to this one.

        Networks built here are built there as well: cheaper than sending them.
        """
        own, *others = cut_workloads(study, self.workers)
        away = [self.later(_measure_away, workspace.afresh(), workload, list(goals)) for workload in others]
        return Sent(own, away)


@dataclass(frozen=True)
class Sent:
    """A study on its way: this process's share, and what waits for each of the others."""

    own: Workload
    away: list[Callable[[], WorkloadTables]]

    def measure(
        self, workspace: Workspace, goals: Sequence[Goal], *, tick: Callable[[str], object], clock: Stopwatch
    ) -> WorkloadTables:
        """Return the tables of the study, whichever process has measured them."""
        measured = measure_workload(workspace, self.own, goals, tick=tick, clock=clock)
        for wait in self.away:
            done = wait()
            measured.take(done)
            for step in done.steps:
                tick(step)
        clock.lap("waiting for other processes")
        return measured


def _load_room() -> None:
    """Load the code of measuring, before there is anything to measure."""


def _measure_away(workspace: Workspace, workload: Workload, goals: Sequence[Goal]) -> WorkloadTables:
    steps: list[str] = []
    measured = measure_workload(workspace, workload, goals, tick=steps.append, clock=Stopwatch())
    measured.steps = steps
    return measured
