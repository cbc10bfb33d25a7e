"""Which elements of a scenario or project stand on its preview map, and on what ground."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely.geometry import shape

from transit_model.domain.rows import take_few
from transit_model.errors import InputError, Issue
from transit_model.measure.coach_times import CoachTimes
from transit_model.measure.workspace import Workspace
from transit_model.network.model import Network
from transit_model.network.snap import build_course_arrays, build_courses
from transit_model.pages.preview import Element, Mark, Preview, render_preview
from transit_model.pages.view_build import build_basemap
from transit_model.scenario.apply import apply_projects
from transit_model.scenario.base_schema import Project
from transit_model.scenario.kinds.registry import find_kind
from transit_model.scenario.load import load_projects
from transit_model.scenario.policy_edit import PLACES_OPENED
from transit_model.scenario.requirements import collect_required
from transit_model.store.write import write_text

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

_MARGIN_DEGREES = 0.25


def write_preview(workspace: Workspace, name: str, out: Path) -> Path:
    """Draw a scenario or project into an SVG file, whole or not at all.

    Raises
    ------
    InputError
        ``unknown_format`` when the name does not end in .svg.
    ScenarioError
        As `build_preview`.
    """
    if out.suffix.lower() != ".svg":
        hint = "the map is an .svg file"
        message = f"cannot write {out.suffix or 'a file without suffix'}"
        raise InputError(Issue("unknown_format", "error", message, file=str(out), hint=hint))
    write_text(out, render_preview(build_preview(workspace, name)))
    return out


def build_preview(workspace: Workspace, name: str) -> Preview:
    """Return the map of a scenario (with the projects its base lacks) or of a project on its own.

    Raises
    ------
    ScenarioError
        When there is neither, or it cannot be applied.
    """
    projects = {p.id: p for p in load_projects(workspace.library)}
    if name in projects:
        project = projects[name]
        before, after = apply_alone(workspace, project, projects)
        day = before.as_of.isoformat()
        subtitle = {"zh": f"底图：{day}的公路。", "en": f"On the roads of {day}."}
        title = {"zh": project.title.zh, "en": project.title.en}
        return _compose(before, after, [project], title, subtitle)
    scenario = workspace.scenario(name)
    after = workspace.network(name)
    base = None if scenario.base_id is None else workspace.scenario(scenario.base_id)
    inherited = set() if base is None else {p.id for p in base.projects}
    before = workspace.build_ground(scenario.as_of) if base is None else workspace.network(base.scenario_id)
    day = scenario.as_of.isoformat()
    subtitle = {"zh": f"底图：{day}的公路。", "en": f"On the roads of {day}."}
    title = {"zh": scenario.title.zh, "en": scenario.title.en}
    return _compose(before, after, [p for p in scenario.projects if p.id not in inherited], title, subtitle)


def apply_alone(workspace: Workspace, project: Project, library: dict[str, Project]) -> tuple[Network, Network]:
    """Return the networks without and with one project and what it requires.

    The ground is the region as built; for a project that is part of it, the region on the day before it opened.
    """
    region = workspace.region
    as_of = region.info.built_as_of
    opened = project.opens.earliest
    if opened is not None and opened <= as_of:
        as_of = opened - timedelta(days=1)
    before = workspace.build_ground(as_of)
    needed = collect_required(project, library)
    if needed:
        before = apply_projects(before, needed, road_time_s=CoachTimes())
    return before, apply_projects(before, [project], road_time_s=CoachTimes(), standing=needed)


def _compose(
    before: Network, after: Network, projects: Sequence[Project], title: dict[str, str], subtitle: dict[str, str]
) -> Preview:
    ground = build_basemap(before)
    elements = [build_element(after, p) for p in projects]
    centres = _list_marks(after, after.info.groups["centres"])
    seats = [] if projects else _list_marks(after, after.info.groups.get("county_seats", ()))
    bbox = _find_bbox(elements, [*centres, *seats])
    box = shapely.box(*bbox)
    features = (after.outlines or {}).get("features", [])
    outlines = [shape(f["geometry"]) for f in features]
    kept = set(after.links["road_id"])
    courses = build_courses(before)
    gone = before.links[~before.links["road_id"].isin(kept) & ~before.links.duplicated("road_id")]
    return Preview(
        title=title,
        subtitle=subtitle,
        bbox=bbox,
        outlines=[o for o in outlines if o.intersects(box)],
        roads=[(h, g) for h, g in _list_lines(ground.roads, "highway") if g.intersects(box)],
        rail=[g for _, g in _list_lines(ground.rail, "name_zh") if g.intersects(box)],
        elements=elements,
        centres=centres,
        seats=_list_marks(after, after.info.groups.get("county_seats", ())),
        removed=[shapely.LineString(courses[i]) for i in gone.index],
        attribution=after.info.attribution,
    )


def _list_lines(frame: gpd.GeoDataFrame | None, column: str) -> list[tuple[str, BaseGeometry]]:
    if frame is None or not len(frame):
        return []
    return list(zip(frame[column].astype(str), frame.geometry, strict=True))


def build_element(network: Network, project: Project) -> Element:
    """Return what a map draws of a project that stands in a network."""
    return build_elements(network, [project])[0]


def build_elements(network: Network, projects: Sequence[Project]) -> list[Element]:
    """Return what a map draws of each of some projects; the roads of all of them are laid at once."""
    kinds = [find_kind(p) for p in projects]
    courses = _list_own_courses(network, [p.id for p, k in zip(projects, kinds, strict=True) if k.draws == "links"])
    out = []
    for project, kind in zip(projects, kinds, strict=True):
        title = {"zh": project.title.zh, "en": project.title.en}
        if kind.draws == "links":
            out.append(Element(title, kind.style, [shapely.LineString(c) for c in courses[project.id]]))
        elif kind.draws == "services":
            lines, stops = _collect_service(network, project.id)
            out.append(Element(title, kind.style, lines, stops))
        else:
            opened = getattr(project, PLACES_OPENED, ())
            out.append(Element(title, kind.style, (), _list_marks(network, opened)))
    return out


def _list_own_courses(network: Network, projects: Sequence[str]) -> dict[str, list[npt.NDArray[np.float64]]]:
    """Return by project the courses (k, 2) lon/lat of the roads whose first link is of it."""
    out: dict[str, list[npt.NDArray[np.float64]]] = {p: [] for p in projects}
    if not projects:
        return out
    links = network.links
    own = links["project_id"].isin(projects).to_numpy(dtype=bool)
    roads = links["road_id"]
    names = take_few(links, ["road_id"], np.flatnonzero(own))["road_id"].unique()
    rows = np.flatnonzero(roads.isin(names).to_numpy(dtype=bool))
    first = rows[~take_few(links, ["road_id"], rows)["road_id"].duplicated().to_numpy()]
    drawn = first[own[first]]
    ptr, lon, lat = build_course_arrays(network, drawn)
    points = np.column_stack([lon, lat])
    of = take_few(links, ["project_id"], drawn)["project_id"]
    for project_id, (a, b) in zip(of, pairwise(ptr.tolist()), strict=True):
        out[str(project_id)].append(points[a:b])
    return out


def _collect_service(network: Network, project_id: str) -> tuple[list[shapely.LineString], list[Mark]]:
    """Return straight lines between the stops of a project's trips, and the stops that it brings."""
    feed = network.feed
    at = {
        str(s): (float(lon), float(lat))
        for s, lon, lat in zip(feed.stops["stop_id"], feed.stops["stop_lon"], feed.stops["stop_lat"], strict=True)
    }
    if "project_id" not in feed.trips.columns:
        return [], []
    trips = feed.trips.loc[feed.trips["project_id"] == project_id, "trip_id"]
    calls = feed.stop_times[feed.stop_times["trip_id"].isin(trips)].sort_values(["trip_id", "stop_sequence"])
    pairs: dict[tuple[str, str], None] = {}
    for _, group in calls.groupby("trip_id", sort=True):
        for a, b in pairwise(group["stop_id"].astype(str)):
            pairs.setdefault((min(a, b), max(a, b)))
    stations = network.stations.set_index("stop_id")
    called = list(dict.fromkeys(s for pair in pairs for s in pair))
    ending = f"project {project_id}"
    new = [s for s in called if s in stations.index and str(stations.at[s, "source"]).endswith(ending)]
    marks = [_mark(stations.loc[s], *at[s]) for s in new]
    return [shapely.LineString([at[a], at[b]]) for a, b in pairs], marks


def _list_marks(network: Network, place_ids: Iterable[str]) -> list[Mark]:
    places = network.places.set_index("place_id")
    rows = [places.loc[p] for p in place_ids if p in places.index]
    return [_mark(row, float(row["lon"]), float(row["lat"])) for row in rows]


def _mark(row: pd.Series, lon: float, lat: float) -> Mark:
    zh, en = str(row["name_zh"]), str(row["name_en"])
    return Mark({"zh": zh or en, "en": en or zh}, lon, lat)


def _find_bbox(elements: Sequence[Element], marks: Sequence[Mark]) -> tuple[float, float, float, float]:
    shapes = [line for e in elements for line in e.lines]
    points = [shapely.Point(m.lon, m.lat) for m in (*marks, *(s for e in elements for s in e.stops))]
    west, south, east, north = shapely.total_bounds([*shapes, *points])
    m = _MARGIN_DEGREES
    return float(west) - m, float(south) - m, float(east) + m, float(north) + m
