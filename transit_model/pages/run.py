"""The main job: every scenario of a study measured, judged, compared and drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import pandas as pd

from transit_model.errors import GoalError, InputError, Issue
from transit_model.goals.judge import Verdict
from transit_model.goals.schema import Goal
from transit_model.measure.session import Session
from transit_model.measure.workspace import Workspace
from transit_model.near_names import hint_near
from transit_model.pages.stopwatch import Stopwatch
from transit_model.pages.workload import Sent, StudyWorkers
from transit_model.scenario.load import Study
from transit_model.store.shared_folder import SharedFolder
from transit_model.study.change_leads import CellMinutes
from transit_model.study.compare import Comparison, compare_sessions
from transit_model.study.result import StudyResult
from transit_model.study.scenario_tables import judge_all, measure_goal_od, measure_od


def _quiet(_text: str) -> None:
    """Say nothing."""


def find_study(workspace: Workspace, name: str | None) -> Path:
    """Return the study file: a path, a name in the scenarios folder, or the default."""
    if name is None:
        return workspace.library.find_study()
    given = Path(name)
    if given.is_file():
        return given
    file = name if name.endswith(".yaml") else f"{name}.yaml"
    inside = [folder / file for folder in workspace.library.folders if (folder / file).is_file()]
    return inside[0] if inside else given


@dataclass(frozen=True, eq=False)
class Prepared:
    """A study whose inputs are sound and whose shares are with the other processes."""

    workspace: Workspace
    study: Study
    goals: list[Goal]
    sessions: dict[str, Session]
    sent: Sent

    @property
    def now(self) -> str:
        """The last scenario of the study that is all built; the first of all when none is."""
        ids = [s.scenario_id for s in reversed(self.study.scenarios) if s.is_base_case]
        return ids[0] if ids else self.study.scenarios[0].scenario_id

    def measure(self, tick: Callable[[str], object] = _quiet, clock: Stopwatch | None = None) -> StudyResult:
        """Measure the share of this process and return it with those of the others."""
        import geopandas as gpd

        told = self.sent.measure(self.workspace, self.goals, tick=tick, clock=clock or Stopwatch())
        rings = gpd.GeoDataFrame(pd.concat([told.rings[n] for n in self.sessions], ignore_index=True), crs="EPSG:4326")
        od = pd.concat([told.od[n] for n in self.sessions], ignore_index=True)
        verdicts = [verdict for n in self.sessions for verdict in told.verdicts[n]]
        comparisons = [told.comparisons[c.base, c.scenario] for c in self.study.comparisons]
        cells = CellMinutes(told.lattice, told.minutes) if told.lattice is not None else None
        return StudyResult(self.study, self.goals, self.sessions, od, verdicts, rings, comparisons, cells)


def prepare_study(workspace: Workspace, study: Study, workers: StudyWorkers | None = None) -> Prepared:
    """Send the shares of other processes to them and build every scenario of a study.

    Raises
    ------
    InputError, ScenarioError, GoalError
        With all issues of the inputs, before anything is measured here.
    """
    goals = [g for g in workspace.goals() if g.id in study.goals]
    sent = (workers or StudyWorkers()).send(workspace, study, goals)
    sessions = {s.scenario_id: workspace.session(s.scenario_id) for s in study.scenarios}
    return Prepared(workspace, study, goals, sessions, sent)


def count_steps(study: Study, n_centres: int) -> int:
    """Return how many times `measure_study` ticks."""
    return len(study.scenarios) * (1 + n_centres * len(study.choices.rings))


def run_study(
    workspace: Workspace,
    name: str | None,
    out: Path,
    *,
    basemap: str | None = None,
    sureness_draws: int = 0,
    workers: StudyWorkers | None = None,
    tick: Callable[[str], object] = _quiet,
    log: Callable[[str], object] = _quiet,
) -> tuple[StudyResult, list[Path]]:
    """Measure a study and write its pages and tables into a folder, whole or not at all.

    With `workers` other processes measure a part of it; the bytes written are the same.
    With `sureness_draws` the cards of the goals say how sure their verdicts are.
    With `basemap` (osm, amap or tianditu:KEY) the maps have online tiles underneath; by default they load nothing.

    Returns
    -------
    StudyResult, list of Path
        The tables and the paths written.

    Raises
    ------
    InputError
        ``folder_busy`` when another process writes there, ``cannot_write``; before anything is measured.
    """
    from transit_model.pages.write import open_pages

    with open_pages(out) as folder:
        return _run_into(
            folder, workspace, name, basemap, sureness_draws, workers=workers or StudyWorkers(), tick=tick, log=log
        )


def _run_into(
    folder: SharedFolder,
    workspace: Workspace,
    name: str | None,
    basemap: str | None,
    sureness_draws: int,
    *,
    workers: StudyWorkers,
    tick: Callable[[str], object],
    log: Callable[[str], object],
) -> tuple[StudyResult, list[Path]]:
    from transit_model.analysis.page_questions import answer
    from transit_model.pages.basemap_tiles import parse_basemap
    from transit_model.pages.study_view import build_view
    from transit_model.pages.write import write_pages

    workspace.region.info.require_centres()
    tiles = parse_basemap(basemap)
    clock = Stopwatch()
    study = workspace.study(find_study(workspace, name))
    prepared = prepare_study(workspace, study, workers)
    clock.lap("inputs")
    pairs = [(c.base, c.scenario) for c in study.comparisons]
    answers = workers.later(answer, workspace.afresh(), prepared.now, prepared.goals, pairs)
    workers.later(import_module, "transit_model.pages.write")  # for the pages it will make
    result = prepared.measure(tick, clock)
    view = build_view(workspace, result, prepared.now, answers, workers=workers.workers, sureness_draws=sureness_draws)
    clock.lap("tables")
    paths = list(write_pages(view, folder, tiles=tiles, later=workers.later))
    clock.lap("pages")
    for line in clock.tell():
        log(line)
    return result, paths


def judge_scenarios(
    workspace: Workspace,
    scenarios: Sequence[str] | None,
    goal_ids: Sequence[str] | None,
    *,
    tick: Callable[[str], object] = _quiet,
) -> tuple[list[Goal], list[Verdict]]:
    """Judge goals in scenarios; default: all goals, the scenarios of the default study.

    Raises
    ------
    GoalError
        When a goal id is not known; the hint offers the nearest.
    """
    goals = workspace.goals()
    known = {g.id: g for g in goals}
    unknown = [g for g in goal_ids or () if g not in known]
    if unknown:
        raise GoalError([_unknown_goal(g, list(known)) for g in unknown])
    chosen = [known[g] for g in goal_ids] if goal_ids else goals
    names = (
        list(scenarios)
        if scenarios
        else [s.scenario_id for s in workspace.study(find_study(workspace, None)).scenarios]
    )
    verdicts: list[Verdict] = []
    for name in names:
        session = workspace.session(name)
        verdicts += judge_all(session, chosen, measure_goal_od(session, chosen))
        tick(name)
    return chosen, verdicts


def compare_scenarios(workspace: Workspace, base: str, scenario: str) -> Comparison:
    """Compare two scenarios of the folder on the OD rows of the centres and county seats, with the certificate."""
    if base == scenario:
        message = "a scenario is compared with itself"
        hint = "name two scenarios, see `transit-model scenario list`"
        raise InputError(Issue("compared_with_itself", "error", message, field="scenario", value=scenario, hint=hint))
    workspace.region.info.require_centres()
    first, second = workspace.session(base), workspace.session(scenario)
    again = workspace.afresh().session(base)
    tables = measure_od(first, []), measure_od(second, [])
    return compare_sessions(first, again, second, *tables, workspace.population, workspace.choices())


def _unknown_goal(goal_id: str, known: list[str]) -> Issue:
    hint = hint_near(goal_id, known, f"goals: {', '.join(known)}")
    return Issue("unknown_goal", "error", f"no goal called {goal_id!r}", field="goal", value=goal_id, hint=hint)
