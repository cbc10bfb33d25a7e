"""From measured tables to the `StudyView` that pages are drawn from. Converts; computes no travel time."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pandas as pd

from transit_model.assumptions import Assumptions
from transit_model.domain.modes import Ride, classify_route_type
from transit_model.domain.region import Region, Text, TimetableInfo
from transit_model.goals.schema import Goal
from transit_model.measure.places import PlaceIndex
from transit_model.network.model import Network
from transit_model.pages.bus_layers import draw_bus_lines
from transit_model.pages.road_choice import draw_roads, find_unseen_roads
from transit_model.pages.view import Basemap, GoalView, ProjectView, RegionView, ScenarioView, TimelineStep
from transit_model.scenario.base_schema import Project
from transit_model.scenario.compose import Scenario
from transit_model.scenario.kinds.registry import PROJECT_KINDS, find_kind
from transit_model.scenario.load import Study
from transit_model.scenario.range_notes import list_range_notes

if TYPE_CHECKING:
    import geopandas as gpd


def build_region_view(region: Region) -> RegionView:
    """Return what pages say about the region."""
    info = region.info
    return RegionView(
        id=info.region_id,
        title=info.title,
        attribution=info.attribution,
        timetable_vintage=info.timetable_vintage,
        bbox=_focus_bbox(region),
        built_as_of=info.built_as_of.isoformat(),
        centres=tuple(info.groups["centres"]),
        known_gaps=info.known_gaps,
        limits=info.limits,
    )


def _focus_bbox(region: Region) -> tuple[float, float, float, float]:
    """Return the box of the county seats with a margin: the first view of a map."""
    seats = region.places[region.places["kind"].isin(["centre", "county_seat"])]
    margin = 0.3
    return (
        float(seats["lon"].min()) - margin,
        float(seats["lat"].min()) - margin,
        float(seats["lon"].max()) + margin,
        float(seats["lat"].max()) + margin,
    )


def build_scenario_view(
    scenario: Scenario, base: Scenario | None, ground: Scenario | None = None, *, timetable: TimetableInfo
) -> ScenarioView:
    """Return what pages say about a scenario and its own projects.

    Of a base case these are all that it has, of any other those that neither `base`, which it is compared with, nor
    `ground`, the base case that it builds on, has already.
    """
    words = {k: " · ".join(t[k] for t in (timetable.vintage, timetable.notes) if t) for k in ("zh", "en")}
    known = () if scenario.is_base_case else (s for s in (base, ground) if s is not None)
    inherited = {p.id for s in known for p in s.projects}
    projects = tuple(build_project_view(p) for p in scenario.projects if p.id not in inherited)
    return ScenarioView(
        id=scenario.scenario_id,
        title=_text(scenario.title),
        base=base.scenario_id if base is not None else None,
        as_of=scenario.as_of.isoformat(),
        projects=projects,
        is_base=scenario.is_base_case,
        note=_text(scenario.summary) if scenario.summary is not None else {},
        timetable_id=timetable.timetable_id,
        timetable=words,
    )


def build_project_view(project: Project) -> ProjectView:
    """Return what pages say about a project."""
    return ProjectView(
        id=project.id,
        title=_text(project.title),
        status=str(project.status),
        as_of=project.as_of or "",
        opens=project.opens.as_text(),
        source=" ".join(f"[{key}]" for key in project.source),
        confidence=str(project.confidence),
        assumed=tuple(_text(a) for a in project.assumed),
        rests_on=(
            *({"zh": n.tell("zh"), "en": n.tell("en")} for n in list_range_notes([project])),
            *find_kind(project).says(project),
        ),
    )


def describe_speeds(assumptions: Assumptions) -> Text:
    """Return the speeds behind the maps in one sentence."""
    typical, cap = assumptions.speed_factor_typical, assumptions.vehicle_cap_kmh["car"]
    urban, outside = typical["urban"], [share for road, share in typical.items() if road != "urban"]
    rural = "–".join(f"{share:.0%}" for share in dict.fromkeys((min(outside), max(outside))))
    zh = (
        f"公路：限速的{rural}（城区{urban:.0%}），不超过{cap:g}公里/小时；收费站{assumptions.toll_gate_delay_s:g}秒、"
        f"匝道{assumptions.ramp_delay_s:g}秒；进站{assumptions.rail_entry_min:g}分钟、出站{assumptions.rail_exit_min:g}分钟；"
        f"步行{assumptions.walk_speed_kmh:g}公里/小时；路网以外{assumptions.off_network_speed_kmh:g}公里/小时"
    )
    en = (
        f"roads {rural} of the posted speed ({urban:.0%} in town), at most {cap:g} km/h; "
        f"{assumptions.toll_gate_delay_s:g} s a toll gate, {assumptions.ramp_delay_s:g} s a ramp; "
        f"{assumptions.rail_entry_min:g} min into a station, {assumptions.rail_exit_min:g} min out; "
        f"walking {assumptions.walk_speed_kmh:g} km/h; off the network {assumptions.off_network_speed_kmh:g} km/h"
    )
    return {"zh": zh, "en": en}


def build_timeline(study: Study) -> tuple[TimelineStep, ...]:
    """Return the years of the phased plan with the projects that are new in each."""
    by_id = {s.scenario_id: s for s in study.scenarios}
    steps: list[TimelineStep] = []
    known = set[str]()
    for milestone in study.timeline:
        projects = by_id[milestone.scenario].projects
        # what is open today opens in no later year, and what the first year has did not open in it
        is_plan = not by_id[milestone.scenario].is_base_case
        fresh = (p for p in projects if p.id not in known and not (is_plan and str(p.status) == "open"))
        new = tuple(_text(p.title) for p in fresh) if steps else ()
        known |= {p.id for p in projects}
        steps.append(TimelineStep(milestone.year, milestone.scenario, new))
    return tuple(steps)


def build_goal_view(goal: Goal) -> GoalView:
    """Return what pages say about a goal."""
    return GoalView(
        id=goal.id,
        title=_text(goal.title),
        quote=_text(goal.quote),
        source=goal.source,
        kind=goal.kind,
        mode=goal.mode.value if goal.mode else None,
        threshold_min=goal.threshold_min,
        target_year=goal.target_year,
        judged_on=tuple(r.value for r in goal.judged_on),
        required_share=goal.required_share,
        unmeasurable=_text(goal.unmeasurable) if goal.unmeasurable else None,
        ambiguity=_text(goal.ambiguity) if goal.ambiguity else None,
        assumed=tuple(_text(a) for a in goal.assumed),
        headline=goal.headline,
    )


def _text(text: Any) -> Text:  # noqa: ANN401 - any frozen model with zh and en
    return {"zh": str(text.zh), "en": str(text.en)}


def build_basemap(network: Network, outlines: Mapping[str, Any] | None = None) -> Basemap:
    """Return the layers under the rings: counties, roads, rail lines, stations, ground."""
    return Basemap(outlines, *_draw_layers(network, find_unseen_roads(network)))


def _draw_layers(network: Network, unseen: frozenset[str]) -> tuple[Any, ...]:
    """Return what stands in a network as the fields of `Basemap` after the outlines."""
    bus, stops = draw_bus_lines(network)
    return draw_roads(network, unseen), _rail(network), _stations(network, stops), network.ground, bus, stops


def build_study_basemap(networks: Mapping[str, Network], outlines: Mapping[str, Any] | None = None) -> Basemap:
    """Return the layers of all scenarios; the column `scenarios` says which of them a road, line or station is in.

    A road that a scenario closes or changes stands beside its later form, each with its own scenarios.
    """
    # One choice for all: a road that is drawn for one scenario and not for another would look closed there.
    first = next(iter(networks.values()))
    unseen = find_unseen_roads(first)
    frames = {name: _draw_layers(n, unseen) for name, n in networks.items()}
    roads, rail, stations, bus, stops = (
        _unite({name: parts[i] for name, parts in frames.items()}) for i in (0, 1, 2, 4, 5)
    )
    return Basemap(outlines, roads, rail, stations, first.ground, bus, stops)


def _unite(tables: Mapping[str, Any]) -> Any:  # noqa: ANN401 - DataFrame or GeoDataFrame in, the same out
    """Return the rows of all tables, equal ones once, with the names of the tables that have them."""
    stacked = pd.concat(tables.values(), ignore_index=True)
    owners = [name for name, table in tables.items() for _ in range(len(table))]
    columns = [stacked[c].to_wkb() if c == "geometry" else stacked[c].astype(str) for c in stacked.columns]
    seen: dict[tuple[Any, ...], list[str]] = {}
    first: list[int] = []
    for i, (key, owner) in enumerate(zip(zip(*columns, strict=True), owners, strict=True)):
        if key not in seen:
            seen[key] = []
            first.append(i)
        if owner not in seen[key]:
            seen[key].append(owner)
    return stacked.iloc[first].reset_index(drop=True).assign(scenarios=[tuple(v) for v in seen.values()])


def _rail(network: Network) -> gpd.GeoDataFrame:
    """Return one line for each pair of consecutive stations of the lines and trains.

    It follows the course that the pack, or the project, has for the pair; pairs without a course are straight.
    """
    import geopandas as gpd
    from shapely import LineString

    feed = network.feed
    at = {
        str(s): (float(lon), float(lat))
        for s, lon, lat in zip(feed.stops["stop_id"], feed.stops["stop_lon"], feed.stops["stop_lat"], strict=True)
    }
    stations = network.stations
    by_name = {str(n): str(s) for n, s in zip(stations["name_zh"], stations["stop_id"], strict=True)}
    point = {
        str(s): (float(lon), float(lat))
        for s, lon, lat in zip(stations["stop_id"], stations["lon"], stations["lat"], strict=True)
        if pd.notna(lon) and pd.notna(lat)
    } | at
    segments: dict[tuple[str, str], tuple[str, str, str]] = {}
    lines = network.pack_tables.get("rail_line_stations")
    if lines is not None:
        ordered = lines.assign(seq=pd.to_numeric(lines["seq"])).sort_values(["line_id", "seq"])
        for _, group in ordered.groupby("line_id", sort=True):
            stops = [by_name[n] for n in group["station_zh"] if by_name.get(n) in point]
            name = str(group["name_zh"].iloc[0])
            for a, b in pairwise(stops):
                segments.setdefault((min(a, b), max(a, b)), (name, "", ""))
    # A new line beside an old one between the same stations is a second line: the old one still lies there.
    lines = [*segments.items(), *_project_segments(network, at).items()]
    rows = [(zh, en, "", project) for _, (zh, en, project) in lines]
    courses = network.ground.list_rail_courses() if network.ground is not None else {}
    own = network.rail_courses
    geometry = [
        LineString((own if row[3] else courses).get(pair) or [point[s] for s in pair])
        for (pair, _), row in zip(lines, rows, strict=True)
    ]
    return gpd.GeoDataFrame(
        pd.DataFrame(rows, columns=["name_zh", "name_en", "opened", "project_id"]), geometry=geometry, crs="EPSG:4326"
    )


def _project_segments(
    network: Network, at: Mapping[str, tuple[float, float]]
) -> dict[tuple[str, str], tuple[str, str, str]]:
    """Return the station pairs that trains of new lines run between; more trains on an old line draw nothing."""
    feed = network.feed
    if "project_id" not in feed.trips.columns:
        return {}
    on_track = {name for name, kind in PROJECT_KINDS.items() if kind.on_existing_track}
    old = {p.project_id for p in network.projects if p.kind in on_track}
    is_rail = [classify_route_type(int(t)) is Ride.RAIL for t in feed.routes["route_type"]]
    rail = set(feed.routes.loc[is_rail, "route_id"])
    trips = feed.trips[~feed.trips["project_id"].isin({"", *old}) & feed.trips["route_id"].isin(rail)]
    titles = {p.project_id: p.title for p in network.projects}
    out: dict[tuple[str, str], tuple[str, str, str]] = {}
    times = feed.stop_times[feed.stop_times["trip_id"].isin(trips["trip_id"])].sort_values(["trip_id", "stop_sequence"])
    project_of = dict(zip(trips["trip_id"], trips["project_id"], strict=True))
    for trip_id, group in times.groupby("trip_id", sort=True):
        project = str(project_of[trip_id])
        title = titles.get(project, {"zh": project, "en": project})
        stops = [s for s in group["stop_id"] if s in at]
        for a, b in pairwise(stops):
            out[min(a, b), max(a, b)] = (title["zh"], title["en"], project)
    return out


def _stations(network: Network, bus_stops: pd.DataFrame) -> pd.DataFrame:
    """Return the stations with the project that brings them; the stops of bus projects have a layer of their own."""
    known = network.stations
    brought = known["source"].astype(str).str.extract(r"project (\S+)$", expand=False).fillna("")
    table = known[["stop_id", "name_zh", "name_en", "lon", "lat", "opened"]].assign(project_id=brought)
    is_bus = table["stop_id"].isin(bus_stops["stop_id"]) & (brought != "")
    return table[table["lon"].notna() & ~is_bus].reset_index(drop=True)


def build_place_table(index: PlaceIndex, places: pd.DataFrame) -> pd.DataFrame:
    """Return places for maps: place_id, kind, name_zh, name_en, lon, lat, prefecture, aliases."""
    aliases = dict(zip(places["place_id"], places["aliases"], strict=True)) if "aliases" in places.columns else {}
    rows = [
        (p.place_id, p.kind, p.name_zh, p.name_en, p.at.lon, p.at.lat, p.prefecture, str(aliases.get(p.place_id, "")))
        for p in index.places
    ]
    columns = ["place_id", "kind", "name_zh", "name_en", "lon", "lat", "prefecture", "aliases"]
    return pd.DataFrame(rows, columns=columns)
