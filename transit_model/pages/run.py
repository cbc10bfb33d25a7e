"""The main job: every scenario of a study measured, judged, compared and drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import pandas as pd

from transit_model.goals.schema import Goal
from transit_model.measure.session import Session
from transit_model.measure.workspace import Workspace
from transit_model.pages.stopwatch import Stopwatch
from transit_model.pages.workload import Sent, StudyWorkers
from transit_model.scenario.load import Study
from transit_model.store.shared_folder import SharedFolder
from transit_model.study.by_name import find_study
from transit_model.study.cell_minutes import CellMinutes
from transit_model.study.result import StudyResult


def _quiet(_text: str) -> None:
    """Say nothing."""


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

        measured = self.sent.measure(self.workspace, self.goals, tick=tick, clock=clock or Stopwatch())
        rings = gpd.GeoDataFrame(
            pd.concat([measured.rings[n] for n in self.sessions], ignore_index=True), crs="EPSG:4326"
        )
        od = pd.concat([measured.od[n] for n in self.sessions], ignore_index=True)
        verdicts = [verdict for n in self.sessions for verdict in measured.verdicts[n]]
        comparisons = [measured.comparisons[c.base, c.scenario] for c in self.study.comparisons]
        cells = (
            CellMinutes(measured.lattice, measured.minutes, measured.people) if measured.lattice is not None else None
        )
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
    return len(study.scenarios) * (1 + n_centres * len(study.choices.rings)) + len(study.comparisons)


def run_study(
    workspace: Workspace,
    name: str | None,
    out: Path,
    *,
    basemap: str | None = None,
    uncertainty_draws: int = 0,
    workers: StudyWorkers | None = None,
    tick: Callable[[str], object] = _quiet,
    log: Callable[[str], object] = _quiet,
) -> tuple[StudyResult, list[Path]]:
    """Measure a study and write its pages and tables into a folder, whole or not at all.

    With `workers` other processes measure a part of it; the bytes written are the same.
    With `uncertainty_draws` the cards of the goals say how sure their verdicts are.
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
            folder, workspace, name, basemap, uncertainty_draws, workers=workers or StudyWorkers(), tick=tick, log=log
        )


def _run_into(
    folder: SharedFolder,
    workspace: Workspace,
    name: str | None,
    basemap: str | None,
    uncertainty_draws: int,
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
    workspace = workspace.with_memo()
    tiles = parse_basemap(basemap)
    clock = Stopwatch()
    study = workspace.study(find_study(workspace, name))
    prepared = prepare_study(workspace, study, workers)
    clock.lap("inputs")
    pairs = [(c.base, c.scenario) for c in study.comparisons]
    answers = workers.later(answer, workspace.afresh(), prepared.now, prepared.goals, pairs)
    workers.later(import_module, "transit_model.pages.write")  # for the pages it will make
    result = prepared.measure(tick, clock)
    tick("页面的问题 questions of the pages")
    view = build_view(
        workspace, result, prepared.now, answers, workers=workers.workers, uncertainty_draws=uncertainty_draws
    )
    clock.lap("tables")
    tick("写页面 writing the pages")
    paths = list(write_pages(view, folder, tiles=tiles, later=workers.later))
    clock.lap("pages")
    for line in clock.tell():
        log(line)
    return result, paths
