"""What the page draws: the ground under the rings once a base, and of each scenario what its projects add."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import pandas as pd

from transit_model.domain.rows import find_few_rows
from transit_model.measure.memo import Key
from transit_model.measure.session import Session
from transit_model.network.model import Network
from transit_model.pages import text
from transit_model.pages.basemap_layers import list_ground
from transit_model.pages.land_layers import list_land
from transit_model.pages.map_page import PAGE_WORDS
from transit_model.pages.palette import BASE_OUTLINE, PROJECT
from transit_model.pages.project_preview import build_elements
from transit_model.pages.view import ScenarioView, StudyView
from transit_model.pages.view_build import build_basemap, build_project_view, build_region_view
from transit_model.scenario.base_schema import Project
from transit_model.scenario.kinds.registry import find_kind
from transit_model.studio.listing import list_place_rows
from transit_model.studio.service import Studio

Row = dict[str, Any]
_DECIMALS = 4


def build_map_data(studio: Studio, base: str | None = None) -> Row:
    """Return the ground of a base as the map scripts of the pages read it."""
    evaluator = studio.evaluator_of(base)
    network = evaluator.evaluate().session.network
    region = studio.workspace.region
    view = _build_view(studio, network, [evaluator.library[p] for p in evaluator.base_ids], evaluator.base.scenario_id)
    return {
        "bbox": list(view.region.bbox),
        "centres": list(region.info.groups.get("centres", ())),
        "project": PROJECT,
        "outline": BASE_OUTLINE,
        "places": list_place_rows(studio, base),
        "land": list_land(view.basemap.ground),
        "ground": list_ground(view, evaluator.base.scenario_id),
        "words": {key: text.word(key) for key in PAGE_WORDS},
    }


def _build_view(studio: Studio, network: Network, projects: Sequence[Project], name: str) -> StudyView:
    """Return a study of one scenario without tables: the layers under the rings are chosen from it."""
    region = studio.workspace.region
    empty = pd.DataFrame()
    shown = tuple(build_project_view(p) for p in projects)
    return StudyView(
        region=build_region_view(region),
        scenarios=(ScenarioView(name, {"zh": name, "en": name}, projects=shown, is_base=True),),
        goals=(),
        verdicts=empty,
        od=empty,
        rings=empty,
        basemap=build_basemap(network, region.outlines),
        places=region.places,
        assumptions=empty,
        sources=empty,
        data_quality=empty,
        window_s=region.info.window,
    )


def draw_projects(session: Session, base: Network, projects: Sequence[Project]) -> Row:
    """Return the lines and stops that projects add, and the roads of the base that stand no more.

    A number moved by a slider moves no line: what has been drawn of the same tables is shown again.
    """
    memo = session.memo
    by_tables: dict[Key, list[Project]] = {}
    for project in projects:
        by_tables.setdefault(_find_drawn_tables(session, find_kind(project).draws), []).append(project)
    drawn: dict[str, Row] = {}
    for tables, own in by_tables.items():
        make = partial(_draw, session.network, own)
        key = tables, tuple((p.id, p.title.zh, p.title.en, find_kind(p).style) for p in own)
        rows = make() if tables is None or memo is None else memo.get("drawn", key, make)
        drawn |= {row["id"]: row for row in rows}
    return {"projects": [drawn[p.id] for p in projects], "removed": _list_removed(session.network, base)}


def _find_drawn_tables(session: Session, draws: str) -> Key:
    """Return the key of the tables that the lines of a kind of project are drawn from, None for those of no change."""
    if session.memo is None or draws not in ("links", "services"):
        return None
    return draws, session.keys.drawn_roads if draws == "links" else session.keys.drawn_services


def _draw(network: Network, projects: Sequence[Project]) -> list[Row]:
    drawn = []
    for project, element in zip(projects, build_elements(network, projects), strict=True):
        lines = [[[round(y, _DECIMALS), round(x, _DECIMALS)] for x, y in line.coords] for line in element.lines]
        stops = [
            {"zh": s.name["zh"], "en": s.name["en"], "lat": round(s.lat, 5), "lon": round(s.lon, 5)}
            for s in element.stops
        ]
        title = {"zh": project.title.zh, "en": project.title.en}
        drawn.append({"id": project.id, "title": title, "style": element.style, "lines": lines, "stops": stops})
    return drawn


def _list_removed(network: Network, base: Network) -> list[str]:
    """Return the roads of the base that stand no more, in its order."""
    if network.links is base.links:
        return []
    change, roads = network.find_road_change(), base.links["road_id"]
    if change is not None and change.before.links is base.links:
        roads = roads.iloc[change.gone]
    names = [str(r) for r in roads.unique()]
    kept = find_few_rows(network.links["road_id"], names)
    return [name for name in names if name not in kept]
