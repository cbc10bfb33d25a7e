"""Everything the pages of a study show, put together from its measured tables and a few questions asked of them."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping
from importlib.metadata import version
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pandas as pd

from transit_model.analysis.other_ends import measure_other_ends
from transit_model.analysis.outlook import list_outlook, measure_uncertainty
from transit_model.analysis.page_questions import Answers
from transit_model.catalogue.timetable_diff import diff_timetables
from transit_model.domain.issue_words import describe_issue
from transit_model.domain.region import Region
from transit_model.measure.calibration import measure_residuals
from transit_model.measure.population_models import tabulate_population_models
from transit_model.measure.road_routes import list_road_routes
from transit_model.measure.session import Session
from transit_model.measure.workspace import Workspace
from transit_model.network.table_texts import TableTexts
from transit_model.pages.road_audit import count_road_changes, list_road_pairs
from transit_model.pages.view_build import (
    build_goal_view,
    build_place_table,
    build_region_view,
    build_scenario_view,
    build_study_basemap,
    build_timeline,
    describe_speeds,
)
from transit_model.region.status import list_data_quality
from transit_model.scenario.kinds.registry import find_own_mode
from transit_model.study.change_facts import list_change_facts, list_people_by_minutes, rank_gains
from transit_model.study.change_leads import LeadPlace, list_leads
from transit_model.study.compare import Comparison
from transit_model.study.result import StudyResult
from transit_model.study.seat_services import list_seat_services
from transit_model.surface.gained import list_changed_areas, list_saved_areas

if TYPE_CHECKING:
    import geopandas as gpd

    from transit_model.pages.view import ComparisonView, StudyView

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


def build_view(
    workspace: Workspace,
    result: StudyResult,
    now: str,
    answers: Callable[[], Answers],
    *,
    workers: int = 1,
    uncertainty_draws: int = 0,
    tick: Callable[[str], object] = lambda _text: None,
) -> StudyView:
    """Return the view of a measured study; with draws also how sure its goals are, today and under the fullest plan.

    Parameters
    ----------
    now : str
        The scenario of today.
    answers : callable
        Waits for the answers to what is asked beside the tables.
    """
    from transit_model.pages.view import StudyView

    compared_with = {c.scenario: c.base for c in result.study.comparisons}
    names = list(result.sessions)
    last = result.sessions[names[-1]]
    assert result.rings is not None
    region = workspace.region
    by_id = {s.scenario_id: s for s in result.study.scenarios}
    uncertainty = None
    if uncertainty_draws:
        fullest = max(names, key=lambda n: len(by_id[n].projects))
        uncertainty = measure_uncertainty(
            workspace, [now, fullest], result.goals, draws=uncertainty_draws, workers=workers, tick=tick
        )
    steps_min = result.study.choices.saved_steps_min
    # the tables of the pages tell how much, their maps draw the minutes of the cells themselves
    areas = [
        (
            list_changed_areas(c.cells, c.cutoffs_min, ("gained",), outline=False),
            list_saved_areas(c.cells, steps_min, outline=False),
        )
        for c in result.comparisons
    ]
    routes = _list_routes(result)
    basemap = build_study_basemap({n: s.network for n, s in result.sessions.items()}, region.outlines)
    manifest = build_manifest(workspace, result)
    answered = answers()  # as late as can be: another process may still be busy with them
    return StudyView(
        region=build_region_view(region),
        scenarios=tuple(
            build_scenario_view(
                s,
                by_id.get(compared_with.get(s.scenario_id, "")),
                workspace.scenario(s.base_id) if s.base_id is not None else None,
                timetable=workspace.find_timetable(s.scenario_id),
            )
            for s in result.study.scenarios
        ),
        goals=tuple(build_goal_view(g) for g in result.goals),
        verdicts=pd.DataFrame([v.as_dict() for v in result.verdicts]),
        od=result.od,
        rings=result.rings,
        basemap=basemap,
        places=build_place_table(last.places, last.network.places),
        assumptions=pd.DataFrame(workspace.assumptions.as_rows()),
        sources=region.sources,
        data_quality=list_data_quality(region),
        window_s=result.sessions[now].window,
        warnings=tuple({"message_zh": "", **describe_issue(i, "zh")} for i in workspace.data_warnings()),
        calibration=_name_ends(measure_residuals(result.sessions[now]), result.sessions[now]),
        manifest=manifest,
        comparisons=tuple(
            _build_comparison(c, gained, saved, answered.gain_shares[c.base, c.scenario], min(steps_min))
            for c, (gained, saved) in zip(result.comparisons, areas, strict=True)
        ),
        speeds=describe_speeds(workspace.assumptions),
        timeline=build_timeline(result.study),
        outlook=list_outlook(result.study, result.goals, result.verdicts),
        routes=routes,
        single_projects=answered.single_projects,
        population_models=tabulate_population_models(result.rings),
        uncertainty=uncertainty,
        timetable_changes=_list_timetable_changes(region, last),
        saved_steps_min=tuple(steps_min),
        road_pairs=list_road_pairs(region),
        road_changes=count_road_changes(region),
        **_list_changes(workspace, result, compared_with),
        seat_people=_list_seat_people(last),
        cells=result.cells,
        services=pd.concat([list_seat_services(s) for s in result.sessions.values()], ignore_index=True),
    )


def _list_changes(workspace: Workspace, result: StudyResult, bases: Mapping[str, str]) -> dict[str, Any]:
    """Return what comparisons open with and what their maps tell in numbers; nothing where no cells were measured."""
    if result.cells is None or result.rings is None:
        return {}
    pairs = [(c.base, c.scenario) for c in result.comparisons]
    rings = pd.DataFrame(result.rings.drop(columns="geometry"))
    index = next(iter(result.sessions.values())).places
    centres = {p.place_id: LeadPlace((p.at.lon, p.at.lat), True) for p in index.list_members("centres")}
    seats = {p.place_id: LeadPlace((p.at.lon, p.at.lat), False) for p in index.list_members("county_seats")}
    places = {**centres, **{name: place for name, place in seats.items() if name not in centres}}
    choices = result.study.choices
    leads = list_leads(pairs, rings, result.od, result.cells, choices, places, _find_own_modes(result, bases))
    return {
        "leads": leads,
        "other_ends": measure_other_ends(workspace, leads),
        "change_facts": list_change_facts(pairs, result.od, result.cells, choices, places),
        "people_by_minutes": list_people_by_minutes(pairs, result.cells),
        "ranked_gains": rank_gains(pairs, result.cells, choices),
    }


def _find_own_modes(result: StudyResult, bases: Mapping[str, str]) -> dict[str, str]:
    """Return the mode of what each scenario adds to its base, where all of it is of one mode."""
    by_id = {s.scenario_id: s for s in result.study.scenarios}
    found = {}
    for scenario, base in bases.items():
        known = {p.id for p in by_id[base].projects}
        modes = {find_own_mode(p) for p in by_id[scenario].projects if p.id not in known}
        if len(modes) == 1 and (mode := modes.pop()):
            found[scenario] = mode
    return found


def _name_ends(calibration: pd.DataFrame, session: Session) -> pd.DataFrame:
    """Return the calibration rows with both names of the ends that are nodes of the roads; of others none."""
    nodes = session.network.nodes
    names = {
        lang: dict(zip(nodes["node_id"].astype(str), nodes[f"name_{lang}"].fillna("").astype(str), strict=True))
        for lang in ("zh", "en")
        if f"name_{lang}" in nodes.columns
    }
    columns = {
        f"{end}_{lang}": [known.get(str(v), "") for v in calibration[end]]
        for end in ("from", "to")
        for lang, known in names.items()
    }
    return calibration.assign(**columns)


def _list_seat_people(session: Session) -> dict[str, int]:
    """Return the people of the county of each county seat."""
    counties = session.network.counties
    return dict(zip(counties["place_id"].astype(str), counties["population_2020"].astype(int).tolist(), strict=True))


def _list_timetable_changes(region: Region, last: Session) -> pd.DataFrame | None:
    """Return what changed between the centres from each timetable to the next, None where there is one."""
    timetables = [t.timetable_id for t in region.info.list_timetables()]
    centres = [p for p in last.places.list_members("centres") if region.info.main_stations.get(p.place_id)]
    rows = [row for a, b in pairwise(timetables) for row in diff_timetables(region, a, b, centres, centres).rows()]
    return pd.DataFrame(rows) if rows else None


def _list_routes(result: StudyResult) -> pd.DataFrame:
    """Return the roads from the centres to the centres and county seats in every scenario."""
    tables = []
    for session in result.sessions.values():
        index = session.places
        centres = [index.get_place(p) for p in session.network.info.groups["centres"]]
        ends = {p.place_id: p for p in (*centres, *index.list_members("county_seats"))}
        tables.append(list_road_routes(session, centres, list(ends.values())))
    return pd.concat(tables, ignore_index=True)


def _build_comparison(
    comparison: Comparison,
    gained: gpd.GeoDataFrame,
    saved: gpd.GeoDataFrame,
    gain_shares: pd.DataFrame | None,
    saved_from_min: float,
) -> ComparisonView:
    from transit_model.pages.view import ComparisonView

    return ComparisonView(
        comparison.base,
        comparison.scenario,
        {k: v for k, v in comparison.certificate.items() if k not in {"by_kind", "failures"}},
        tuple(comparison.certificate["by_kind"]),
        comparison.cells[0].grid.cell_m if comparison.cells else None,
        saved_from_min,
        comparison.od,
        comparison.population,
        attribution=gain_shares,
        gained=gained,
        saved=saved,
    )


def build_manifest(workspace: Workspace, result: StudyResult) -> dict[str, Any]:
    """Return what the numbers rest on: input hashes, versions, service day, window. No clock time of the run."""
    session = next(iter(result.sessions.values()))
    texts = TableTexts()
    # the model is the rule; whoever places people another way finds it said here
    placed = {} if workspace.population == "model" else {"population": workspace.population}
    return {
        **placed,
        "study": result.study.study_id,
        "region": workspace.region.info.region_id,
        "region_sha256": workspace.region.fingerprint,
        "assumptions_sha256": workspace.assumptions.fingerprint(),
        "networks_sha256": {name: s.network.fingerprint(texts) for name, s in result.sessions.items()},
        "timetables": {name: s.timetable_id for name, s in result.sessions.items()},
        "service_date": session.service_date.isoformat(),
        "service_dates": {name: s.service_date.isoformat() for name, s in result.sessions.items()},
        "departure_window_s": list(session.window),
        "versions": {name: version(name) for name in _VERSIONED},
        "python": platform.python_version(),
    }
