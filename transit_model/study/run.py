"""The main job: every scenario of a study measured, judged, compared and drawn."""

from __future__ import annotations

import difflib
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from transit_model.errors import GoalError, Issue
from transit_model.goals.judge import Verdict
from transit_model.goals.schema import Goal
from transit_model.scenario.load import Study, load_study
from transit_model.study.calibration import measure_residuals
from transit_model.study.compare import Comparison, compare_sessions
from transit_model.study.data_status import list_data_quality
from transit_model.study.display import show_study
from transit_model.study.earned import Sharer
from transit_model.study.gained import list_saved_areas
from transit_model.study.measure import judge_all, measure_goal_od, measure_od
from transit_model.study.session import Session
from transit_model.study.shares import StudyWorkers
from transit_model.study.view_build import (
    build_goal_view,
    build_place_table,
    build_region_view,
    build_scenario_view,
    build_study_basemap,
    build_timeline,
    describe_speeds,
)
from transit_model.study.workspace import Workspace

if TYPE_CHECKING:
    import geopandas as gpd

    from transit_model.render.view import ComparisonView, StudyView

STUDY_FILE = "study.yaml"
_VERSIONED = (
    "transit-model",
    "numpy",
    "pandas",
    "scipy",
    "shapely",
    "pyproj",
    "contourpy",
    "numba",
    "geopandas",
    "folium",
)


def _quiet(_text: str) -> None:
    """Say nothing."""


@dataclass(frozen=True, eq=False)
class StudyResult:
    """All tables of a study, by scenario in study order."""

    study: Study
    goals: list[Goal]
    sessions: dict[str, Session]
    od: pd.DataFrame
    verdicts: list[Verdict]
    rings: gpd.GeoDataFrame | None
    comparisons: list[Comparison]

    def _repr_html_(self) -> str:
        return show_study(self)

    def od_of(self, scenario: str) -> pd.DataFrame:
        """Return the OD rows of one scenario."""
        return self.od[self.od["scenario"] == scenario]


def find_study(workspace: Workspace, name: str | None) -> Path:
    """Return the study file: a path, a name in the scenarios folder, or the default."""
    if name is None:
        return workspace.scenarios_dir / STUDY_FILE
    given = Path(name)
    if given.is_file():
        return given
    inside = workspace.scenarios_dir / (name if name.endswith(".yaml") else f"{name}.yaml")
    return inside if inside.is_file() else given


def measure_study(
    workspace: Workspace,
    study: Study,
    *,
    with_rings: bool = True,
    workers: StudyWorkers | None = None,
    tick: Callable[[str], object] = _quiet,
) -> StudyResult:
    """Measure every scenario of a study, and with rings its comparisons as well.

    Raises
    ------
    InputError, ScenarioError, GoalError
        With all issues of the inputs, before anything is measured.
    """
    goals = [g for g in workspace.goals() if g.id in study.goals]
    sessions = {s.scenario_id: workspace.session(s.scenario_id) for s in study.scenarios}
    told = (workers or StudyWorkers()).measure(workspace, study, goals, with_rings=with_rings, tick=tick)
    rings = None
    if with_rings:
        import geopandas as gpd

        rings = gpd.GeoDataFrame(pd.concat([told.rings[n] for n in sessions], ignore_index=True), crs="EPSG:4326")
    od = pd.concat([told.od[n] for n in sessions], ignore_index=True)
    verdicts = [verdict for n in sessions for verdict in told.verdicts[n]]
    comparisons = [told.comparisons[c.base, c.scenario] for c in study.comparisons] if with_rings else []
    return StudyResult(study, goals, sessions, od, verdicts, rings, comparisons)


def count_steps(study: Study, n_centres: int, *, with_rings: bool = True) -> int:
    """Return how many times `measure_study` ticks."""
    from transit_model.study.measure import RING_KINDS

    return len(study.scenarios) * (1 + (n_centres * len(RING_KINDS) if with_rings else 0))


def build_view(workspace: Workspace, result: StudyResult) -> StudyView:
    """Return the view of a measured study."""
    from transit_model.render.view import StudyView

    compared_with = {c.scenario: c.base for c in result.study.comparisons}
    names = list(result.sessions)
    last = result.sessions[names[-1]]
    sharer = Sharer(workspace, result.goals)
    comparisons = tuple(_build_comparison(c, sharer) for c in result.comparisons)
    assert result.rings is not None
    region = workspace.region
    by_id = {s.scenario_id: s for s in result.study.scenarios}
    today = next(s for n, s in reversed(result.sessions.items()) if workspace.scenario(n).is_base_case)
    return StudyView(
        region=build_region_view(region),
        scenarios=tuple(
            build_scenario_view(s, by_id.get(compared_with.get(s.scenario_id, ""))) for s in result.study.scenarios
        ),
        goals=tuple(build_goal_view(g) for g in result.goals),
        verdicts=pd.DataFrame([v.as_dict() for v in result.verdicts]),
        od=result.od,
        rings=result.rings,
        basemap=build_study_basemap({n: s.network for n, s in result.sessions.items()}, region.outlines),
        places=build_place_table(last.places, last.network.places),
        assumptions=pd.DataFrame(workspace.assumptions.as_rows()),
        sources=region.sources,
        data_quality=list_data_quality(region),
        calibration=measure_residuals(today),
        manifest=build_manifest(workspace, result),
        comparisons=comparisons,
        speeds=describe_speeds(workspace.assumptions),
        timeline=build_timeline(result.study),
    )


def _build_comparison(told: Comparison, sharer: Sharer) -> ComparisonView:
    from transit_model.render.view import ComparisonView

    return ComparisonView(
        told.base,
        told.scenario,
        told.certificate,
        told.od,
        told.population,
        attribution=sharer.share(told.base, told.scenario),
        gained=told.gained,
        saved=list_saved_areas(told.cells),
    )


def build_manifest(workspace: Workspace, result: StudyResult) -> dict[str, Any]:
    """Return what the numbers rest on: input hashes, versions, service day, window. No clock time of the run."""
    session = next(iter(result.sessions.values()))
    return {
        "study": result.study.study_id,
        "region": workspace.region.info.region_id,
        "region_sha256": workspace.region.fingerprint,
        "assumptions_sha256": workspace.assumptions.fingerprint(),
        "networks_sha256": {name: s.network.fingerprint() for name, s in result.sessions.items()},
        "service_date": session.service_date.isoformat(),
        "departure_window_s": list(session.window),
        "versions": {name: version(name) for name in _VERSIONED},
        "python": platform.python_version(),
    }


def run_study(
    workspace: Workspace,
    name: str | None,
    out: Path,
    *,
    basemap: str | None = None,
    workers: StudyWorkers | None = None,
    tick: Callable[[str], object] = _quiet,
    log: Callable[[str], object] = _quiet,
) -> tuple[StudyResult, list[Path]]:
    """Measure a study and write its pages and tables into a folder, whole or not at all.

    With `workers` other processes measure a part of it; the bytes written are the same.
    With `basemap` (osm, amap or tianditu:KEY) the maps have online tiles underneath; by default they load nothing.

    Returns
    -------
    StudyResult, list of Path
        The tables and the paths written.
    """
    from transit_model.render.basemap_tiles import parse_basemap
    from transit_model.render.write import write_pages

    tiles = parse_basemap(basemap)
    clock = _Stopwatch(log)
    study = load_study(find_study(workspace, name))
    clock.lap("inputs")
    result = measure_study(workspace, study, workers=workers, tick=tick)
    clock.lap("travel times, verdicts, rings, comparisons")
    view = build_view(workspace, result)
    clock.lap("tables")
    paths = list(write_pages(view, out, tiles=tiles))
    clock.lap("pages")
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
    names = list(scenarios) if scenarios else [s.scenario_id for s in load_study(find_study(workspace, None)).scenarios]
    verdicts: list[Verdict] = []
    for name in names:
        session = workspace.session(name)
        verdicts += judge_all(session, chosen, measure_goal_od(session, chosen))
        tick(name)
    return chosen, verdicts


def compare_scenarios(workspace: Workspace, base: str, scenario: str) -> Comparison:
    """Compare two scenarios of the folder on the OD rows of the centres and county seats, with the certificate."""
    first, second = workspace.session(base), workspace.session(scenario)
    again = Workspace(workspace.region, workspace.scenarios_dir, workspace.assumptions).session(base)
    return compare_sessions(first, again, second, measure_od(first, []), measure_od(second, []))


def _unknown_goal(goal_id: str, known: list[str]) -> Issue:
    near = difflib.get_close_matches(goal_id, known, n=3, cutoff=0.4)
    hint = f"did you mean {', '.join(near)}?" if near else f"goals: {', '.join(known)}"
    return Issue("unknown_goal", "error", f"no goal called {goal_id!r}", field="goal", value=goal_id, hint=hint)


class _Stopwatch:
    """Says how long each stage took."""

    def __init__(self, log: Callable[[str], object]) -> None:
        self._log = log
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self._log(f"{stage}: {now - self._last:.1f} s")
        self._last = now
