"""The lines of bus projects for maps: along the roads that their run times come from, with the stops they call at."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from transit_model.domain.modes import Ride, SpeedTable, Vehicle, classify_route_type
from transit_model.network.model import Network
from transit_model.network.snap import build_course_arrays
from transit_model.network.street_arrays import CompiledStreets, compile_streets
from transit_model.streets.connectors import build_node_connectors
from transit_model.streets.places_search import find_street_path

if TYPE_CHECKING:
    import geopandas as gpd

_LINE_COLUMNS: Final = ["name_zh", "name_en", "project_id"]
_STOP_COLUMNS: Final = ["stop_id", "name_zh", "name_en", "lon", "lat", "project_id"]
_Point = tuple[float, float]


def draw_bus_lines(network: Network) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Return the lines of bus projects and their stops; both are empty where there is no such project.

    A line follows the quickest way of a coach at typical speeds from stop to stop, as its timetable does
    (`measure.coach_times`), in the order of its first trip; where a stop is on no road it is straight.

    Returns
    -------
    GeoDataFrame
        name_zh, name_en, project_id, geometry (WGS84 lines), one row a project.
    DataFrame
        stop_id, name_zh, name_en, lon, lat, project_id, each stop once, of the first project that calls there.
    """
    import geopandas as gpd

    calls = _list_calls(network)
    titles = {p.project_id: p.title for p in network.projects}
    streets = compile_streets(network, Vehicle.COACH, SpeedTable.TYPICAL) if calls else None
    lines, shapes, stops = [], [], []
    names = network.stations.drop_duplicates("stop_id").set_index("stop_id")
    for project, called in calls.items():
        assert streets is not None
        title = titles.get(project, {"zh": project, "en": project})
        lines.append((title["zh"], title["en"], project))
        shapes.append(_draw_line(network, streets, called))
        for stop in dict.fromkeys(called):
            row = names.loc[stop]
            zh, en = str(row["name_zh"]), str(row["name_en"] or row["name_zh"])
            stops.append((stop, zh, en, float(row["lon"]), float(row["lat"]), project))
    table = pd.DataFrame(lines, columns=_LINE_COLUMNS)
    places = pd.DataFrame(stops, columns=_STOP_COLUMNS).drop_duplicates("stop_id", ignore_index=True)
    return gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:4326"), places


def _list_calls(network: Network) -> dict[str, list[str]]:
    """Return the stops of the first trip of each project whose trips are coaches or buses on the road."""
    feed = network.feed
    if "project_id" not in feed.trips.columns or not len(feed.trips):
        return {}
    brought = {p.project_id for p in network.projects if p.kind == "bus_line"}
    on_road = {
        str(route)
        for route, kind in zip(feed.routes["route_id"], feed.routes["route_type"], strict=True)
        if classify_route_type(int(kind)) in (Ride.COACH, Ride.BUS)
    }
    trips = feed.trips[feed.trips["project_id"].isin(brought) & feed.trips["route_id"].astype(str).isin(on_road)]
    first = trips.sort_values(["project_id", "trip_id"]).drop_duplicates("project_id")
    known = set(network.stations["stop_id"].astype(str))
    out: dict[str, list[str]] = {}
    for project, trip in zip(first["project_id"], first["trip_id"], strict=True):
        times = feed.stop_times[feed.stop_times["trip_id"] == trip].sort_values("stop_sequence")
        out[str(project)] = [str(s) for s in times["stop_id"] if str(s) in known]
    return {project: called for project, called in out.items() if len(called) > 1}


def _draw_line(network: Network, streets: CompiledStreets, called: list[str]) -> Any:  # noqa: ANN401 - lines of shapely
    import shapely

    stations = network.stations.drop_duplicates("stop_id").set_index("stop_id")
    joined = dict(zip(network.station_links["stop_id"], network.station_links["node_id"], strict=True))
    parts = [
        _find_way(network, streets, str(joined.get(a, "")), str(joined.get(b, "")))
        or [_locate(stations, a), _locate(stations, b)]
        for a, b in pairwise(called)
    ]
    return shapely.multilinestrings([shapely.LineString(part) for part in parts])


def _locate(stations: pd.DataFrame, stop: str) -> _Point:
    return float(stations.at[stop, "lon"]), float(stations.at[stop, "lat"])


def _find_way(network: Network, streets: CompiledStreets, start: str, end: str) -> list[_Point]:
    """Return the points of the quickest way from road node to road node; none where there is no way."""
    ends = [streets.graph_node.get(n, -1) for n in (start, end)]
    if min(ends) < 0 or ends[0] == ends[1]:
        return []
    path = find_street_path(streets.arrays, build_node_connectors([ends[0]]), build_node_connectors([ends[1]]))
    rows = None if path is None else path.link_idx[path.link_idx >= 0].astype("int64")
    if rows is None or not len(rows):
        return []
    _, lon, lat = build_course_arrays(network, rows)
    points = list(zip(lon.tolist(), lat.tolist(), strict=True))
    return [p for i, p in enumerate(points) if i == 0 or p != points[i - 1]]
