"""An oracle of the import: OpenStreetMap to road tables by osmnx, from an .osm file or from Overpass.

One way in: drawn segments with their tags. Directions, classes and speeds are decided here (`osm_tags`); osmnx
downloads, caches and simplifies (Boeing 2025, doi:10.1111/tgis.70037).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.roads.osmnx_graph import build_road_graph, graph_to_tables
from tests.roads.osmnx_xml import OsmData, parse_osm_xml
from transit_model.errors import InputError, Issue
from transit_model.roads.osm_tags import DRIVE_CLASSES, TELLING_KEYS
from transit_model.roads.overpass_extract import Bbox
from transit_model.roads.place_area import osmnx_settings
from transit_model.roads.road_tables import RoadTables

Fetch = Callable[[str], bytes | str | Mapping[str, Any]]
"""Overpass query to its JSON answer."""
WAY_TAGS = tuple(sorted({*TELLING_KEYS, "name", "name:zh", "ref"}))
_REVERSED = ("-1", "reverse", "T")
_TIMEOUT_S = 180


def read_osm_xml(path: Path | str, *, classes: Sequence[str] = DRIVE_CLASSES, keep_all: bool = False) -> RoadTables:
    """Read the roads of an .osm XML file.

    Parameters
    ----------
    path : Path or str
    classes : sequence of str
        Road classes to keep, links included.
    keep_all : bool
        Keep parts that are not connected with the largest one in both directions.

    Raises
    ------
    InputError
        ``missing_file``, ``bad_xml``, ``no_roads``.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(Issue("missing_file", "error", "no such file", file=str(path)))
    data = parse_osm_xml(path.read_bytes(), file=path.name)
    return build_tables(data, classes, keep_all=keep_all, label=path.name)


def read_overpass(
    where: str | Bbox,
    *,
    fetch: Fetch | None = None,
    cache_dir: Path | str | None = None,
    classes: Sequence[str] = DRIVE_CLASSES,
    keep_all: bool = False,
) -> RoadTables:
    """Read the roads of a place or box from Overpass.

    Parameters
    ----------
    where : str or Bbox
        Name of an area as OSM writes it, or a box.
    fetch : callable, optional
        Overpass query to JSON answer. Default: osmnx, which splits large areas, waits its turn and caches.
    cache_dir : path, optional
        Folder of the osmnx cache; no cache without it.
    classes, keep_all
        As in `read_osm_xml`.

    Raises
    ------
    InputError
        ``download_failed``, ``bad_answer``, ``no_roads``.
    """
    label = where if isinstance(where, str) else "overpass"
    if fetch is None:
        data = _download_with_osmnx(where, cache_dir, classes)
    else:
        data = parse_overpass(fetch(make_query(where, classes)), file=label)
    return build_tables(data, classes, keep_all=keep_all, label=label)


def make_query(where: str | Bbox, classes: Sequence[str] = DRIVE_CLASSES) -> str:
    """Return the Overpass query for the ways of these classes and their nodes."""
    head = f"[out:json][timeout:{_TIMEOUT_S}];"
    ways = f"way{_make_filter(classes)}"
    if isinstance(where, Bbox):
        return f"{head}({ways}({where.south_lat},{where.west_lon},{where.north_lat},{where.east_lon});>;);out;"
    name = where.replace("\\", "\\\\").replace('"', '\\"')
    return f'{head}area["name"="{name}"]["boundary"="administrative"]->.a;({ways}(area.a);>;);out;'


def _make_filter(classes: Sequence[str]) -> str:
    return f'["highway"~"^({"|".join(classes)})(_link)?$"]["area"!~"yes"]'


def parse_overpass(answer: bytes | str | Mapping[str, Any], *, file: str) -> OsmData:
    """Return nodes and ways of an Overpass JSON answer.

    Raises
    ------
    InputError
        ``bad_answer`` when it is not one.
    """
    try:
        content = json.loads(answer) if isinstance(answer, (bytes, str)) else answer
        elements = content["elements"]
        nodes = {int(e["id"]): (float(e["lon"]), float(e["lat"])) for e in elements if e["type"] == "node"}
        ways = {
            int(e["id"]): ([int(n) for n in e["nodes"]], {str(k): str(v) for k, v in e.get("tags", {}).items()})
            for e in elements
            if e["type"] == "way"
        }
    except (ValueError, KeyError, TypeError) as error:
        hint = "the server may be busy; try again later, or use an extract"
        raise InputError(Issue("bad_answer", "error", f"not an Overpass answer: {error!r}", file, hint=hint)) from error
    return OsmData(nodes, ways)


def build_tables(data: OsmData, classes: Sequence[str], *, keep_all: bool, label: str) -> RoadTables:
    """Return the road tables of nodes and ways, simplified by osmnx."""
    graph, issues = build_road_graph(data, tuple(classes), file=label, keep_all=keep_all)
    tables = graph_to_tables(graph)
    return RoadTables(tables.nodes, tables.links, tables.shapes, issues + tables.issues)


def _download_with_osmnx(where: str | Bbox, cache_dir: Path | str | None, classes: Sequence[str]) -> OsmData:
    import osmnx

    ways = _make_filter(classes)
    with osmnx_settings(
        use_cache=cache_dir is not None,
        cache_folder=str(cache_dir or "cache"),
        useful_tags_way=list(WAY_TAGS),
        all_oneway=True,  # every way once, as drawn: directions are our own business
        log_console=False,
    ):
        try:
            if isinstance(where, Bbox):
                box = (where.west_lon, where.south_lat, where.east_lon, where.north_lat)
                graph = osmnx.graph_from_bbox(box, simplify=False, retain_all=True, custom_filter=ways)
            else:
                graph = osmnx.graph_from_place(where, simplify=False, retain_all=True, custom_filter=ways)
        except Exception as error:  # network, geocoder and server all raise their own
            hint = "check the name and the connection, or import an extract (.osm, .osm.pbf) instead"
            message = f"the download failed: {str(error)[:200]}"
            raise InputError(Issue("download_failed", "error", message, str(where), hint=hint)) from error
    return _graph_to_data(graph)


def _graph_to_data(graph: Any) -> OsmData:
    """Return nodes and ways of an unsimplified osmnx graph; each edge becomes a way of two nodes."""
    nodes = {int(n): (float(d["x"]), float(d["y"])) for n, d in graph.nodes(data=True)}
    segments = []
    for tail, head, attributes in graph.edges(data=True):
        tags = {k: str(v) for k, v in attributes.items() if k in WAY_TAGS}
        if tags.get("oneway") in _REVERSED:  # osmnx has turned the nodes round already
            tags = {_turn(key): value for key, value in tags.items()}
            tags["oneway"] = "yes"
        segments.append((int(attributes["osmid"]), int(tail), int(head), tags))
    return OsmData(nodes, {}, tuple(segments))


def _turn(key: str) -> str:
    """Return the key of the other direction: ``maxspeed:backward`` of ``maxspeed:forward``."""
    ahead, back = ":forward", ":backward"
    return key.replace(ahead, back) if key.endswith(ahead) else key.replace(back, ahead)
