"""Graphs of osmnx and our road tables, both ways.

An osmnx graph has one edge for each direction, with the attributes that osmnx 2 documents: nodes ``x``, ``y``; edges
``highway``, ``oneway``, ``length`` (m), ``maxspeed``, ``speed_kph``, ``travel_time`` (s), ``name``, ``ref``,
``geometry``; the graph ``crs``. A simplified edge may carry a list of values where it joins several ways.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.domain.tables import HIGHWAY_CLASSES
from transit_model.errors import InputError, Issue
from transit_model.roads.osm_tags import parse_maxspeed, split_highway
from transit_model.roads.road_tables import RoadTables, read_roads
from transit_model.units import ms_to_kmh

if TYPE_CHECKING:
    import geopandas as gpd
    import networkx as nx

_HINT: Final = "give a networkx MultiDiGraph as ox.graph_from_place returns it, or its edges as a GeoDataFrame"


def read_osmnx_graph(
    graph: nx.MultiDiGraph[Any] | gpd.GeoDataFrame, *, area: str = "urban", cite: str = ""
) -> RoadTables:
    """Return the road tables of an osmnx graph: every edge a one-way road of its length and posted speed.

    Parameters
    ----------
    graph : MultiDiGraph or GeoDataFrame
        In any coordinate reference system, or the edges of ``ox.graph_to_gdfs(G, nodes=False)``.
    area : {"urban", "rural"}
        What all roads are; osmnx does not say.
    cite : str
        Source of the roads; the date that osmnx wrote when absent.

    Returns
    -------
    RoadTables
        ``kind`` and ids as `read_roads` gives them. ``speed_kph`` counts where `ox.add_edge_speeds` has set it, else
        the mean of the values of ``maxspeed``, else the default of the class.

    Raises
    ------
    InputError
        ``not_a_graph``, ``empty_graph``, and those of `read_roads`. Warnings in `issues`: ``class_unknown`` (edges that
        no car drives or whose class is not known are left out, with their number), ``speed_missing``,
        ``several_speeds``, each with the share of all edges.
    """
    import geopandas as gpd

    edges = graph.reset_index() if isinstance(graph, gpd.GeoDataFrame) else _list_edges(graph)
    if "highway" not in edges.columns:
        raise InputError(Issue("missing_column", "error", "the edges have no highway", field="highway", hint=_HINT))
    words = [_first(v) for v in edges["highway"]]
    known = np.array([split_highway(w)[0] in HIGHWAY_CLASSES for w in words], dtype=bool)
    issues = _tell_left_out(words, known)
    if not known.any():
        raise InputError(Issue("empty_graph", "error", "the graph has no road that a car may drive", hint=_HINT))
    edges = edges[known].reset_index(drop=True)
    speeds, found = _find_speeds(edges)
    frame = gpd.GeoDataFrame(
        {
            "link_id": [f"{u}>{v}.{k}" for u, v, k in zip(*_ends(edges), strict=True)],
            "highway": [w for w, k in zip(words, known, strict=True) if k],
            "oneway": "yes",
            "maxspeed_kmh": speeds,
            "length_m": edges.get("length", pd.Series([""] * len(edges))),
            "name_zh": [_join(v) for v in edges.get("name", pd.Series([""] * len(edges)))],
            "ref": [_join(v).replace(";", "/") for v in edges.get("ref", pd.Series([""] * len(edges)))],
            "toll": [_first(v) for v in edges.get("toll", pd.Series([""] * len(edges)))],
            "geometry": edges.geometry,
        },
        crs=edges.crs,
    )
    tables = read_roads(frame, area=area, cite=cite or f"[osm] OpenStreetMap contributors, ODbL, {_find_date(graph)}")
    return tables._replace(issues=[*issues, *found, *tables.issues])


def build_osmnx_graph(
    nodes: pd.DataFrame, links: pd.DataFrame, time_s: npt.NDArray[np.float64], shapes: pd.DataFrame
) -> nx.MultiDiGraph[Any]:
    """Return a MultiDiGraph that osmnx takes, with the travel time on every edge.

    Parameters
    ----------
    nodes, links, shapes : DataFrame
        Those of a `Network`: links are directed; nodes are named by their ``node_id``.
    time_s : (n_links,) array
        Seconds along each link.

    Returns
    -------
    MultiDiGraph
        WGS84; nodes ``x, y``; edges ``osmid`` (the road_id), ``highway``, ``oneway``, ``reversed``, ``length`` (m),
        ``maxspeed``, ``speed_kph`` (as driven: length by time), ``travel_time`` (s), ``name``, ``ref``, ``geometry``. A
        two-way road is two edges, one of them ``reversed``.
    """
    import networkx as nx
    from shapely import LineString

    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph(crs="EPSG:4326", created_with="transit-model", simplified=True)
    at = dict(
        zip(nodes["node_id"], zip(nodes["lon"].astype(float), nodes["lat"].astype(float), strict=True), strict=True)
    )
    courses: dict[str, list[tuple[float, float]]] = {}
    for link_id, lon, lat in zip(shapes["link_id"], shapes["lon"], shapes["lat"], strict=True):
        courses.setdefault(str(link_id), []).append((float(lon), float(lat)))
    both = set(links["road_id"][links["link_id"] != links["road_id"]])
    for row, seconds in zip(links.to_dict("records"), np.asarray(time_s, dtype=np.float64), strict=True):
        tail, head, road = str(row["from_node_id"]), str(row["to_node_id"]), str(row["road_id"])
        for node in (tail, head):
            graph.add_node(node, x=at[node][0], y=at[node][1])
        back = road != str(row["link_id"])
        line = courses.get(road, [])[:: -1 if back else 1]
        course = LineString(line if len(line) > 1 else [at[tail], at[head]])
        about = _describe(row, float(seconds))
        graph.add_edge(tail, head, **about, oneway=road not in both, reversed=back, geometry=course)
    return graph


def _describe(row: Mapping[Any, Any], seconds: float) -> dict[str, Any]:
    length_m = float(row["length_m"])
    about: dict[str, Any] = {
        "osmid": str(row["road_id"]),
        "highway": str(row["highway"]),
        "length": length_m,
        "maxspeed": f"{float(row['maxspeed_kmh']):g}",
        "speed_kph": ms_to_kmh(length_m / seconds) if seconds > 0 else float(row["maxspeed_kmh"]),
        "travel_time": seconds,
    }
    texts = {"name": row.get("name_zh"), "ref": row.get("ref")}
    return about | {key: str(value) for key, value in texts.items() if isinstance(value, str) and value}


def _list_edges(graph: Any) -> gpd.GeoDataFrame:  # noqa: ANN401 - what an analyst hands over
    """Return the edges of a graph with their lines; a straight one where the graph has none."""
    import geopandas as gpd
    import networkx as nx
    from shapely import LineString

    if not isinstance(graph, nx.Graph):
        message = f"{type(graph).__name__} is no graph"
        raise InputError(Issue("not_a_graph", "error", message, field="roads", value=str(graph)[:80], hint=_HINT))
    if not graph.number_of_edges():
        raise InputError(Issue("empty_graph", "error", "the graph has no edges", field="roads", hint=_HINT))
    directed = graph if graph.is_directed() else nx.MultiDiGraph(graph)
    rows = [
        {"u": u, "v": v, "key": data.pop("key", k)} | data
        for k, (u, v, data) in enumerate((u, v, dict(d)) for u, v, d in directed.edges(data=True))
    ]
    lost = sorted({str(n) for n, d in directed.nodes(data=True) if "x" not in d or "y" not in d})
    if lost:
        message = "a node of the graph has no x and y"
        raise InputError(Issue("missing_column", "error", message, field="x", value=", ".join(lost[:5]), hint=_HINT))
    at = {n: (float(d["x"]), float(d["y"])) for n, d in directed.nodes(data=True)}
    lines = [r.get("geometry") or LineString([at[r["u"]], at[r["v"]]]) for r in rows]
    frame = pd.DataFrame(rows).drop(columns="geometry", errors="ignore")
    return gpd.GeoDataFrame(frame, geometry=lines, crs=graph.graph.get("crs"))


def _ends(edges: pd.DataFrame) -> tuple[Sequence[Any], Sequence[Any], Sequence[Any]]:
    n = range(len(edges))
    u, v, key = (edges[c].tolist() if c in edges.columns else list(n) for c in ("u", "v", "key"))
    return u, v, key


def _values(cell: Any) -> list[str]:  # noqa: ANN401 - a cell of osmnx
    items = cell if isinstance(cell, list | tuple | set) else [cell]
    return [str(v).strip() for v in items if v is not None and str(v) not in ("", "nan")]


def _first(cell: Any) -> str:  # noqa: ANN401 - a cell of osmnx
    return next(iter(_values(cell)), "")


def _join(cell: Any) -> str:  # noqa: ANN401 - a cell of osmnx
    return ";".join(dict.fromkeys(_values(cell)))


def _find_speeds(edges: pd.DataFrame) -> tuple[list[str], list[Issue]]:
    """Return km/h as text, empty for the default of the class, and what is missing."""
    n = len(edges)
    given = edges.get("speed_kph", pd.Series([None] * n))
    posted = edges.get("maxspeed", pd.Series([None] * n))
    speeds, several, missing = [], 0, 0
    for kph, limit in zip(given, posted, strict=True):
        found = [s for v in _values(limit) if (s := parse_maxspeed(v)[0]) is not None]
        if kph is not None and np.isfinite(float(kph)):
            speeds.append(f"{float(kph):.6g}")
        elif found:
            several += len(set(found)) > 1
            speeds.append(f"{sum(found) / len(found):.6g}")
        else:
            missing += 1
            speeds.append("")
    issues = []
    if missing:
        text = f"{missing} of {n} edges have no speed ({missing / n:.0%}): the default of their class is taken"
        issues.append(Issue("speed_missing", "warning", text, field="maxspeed", hint="ox.routing.add_edge_speeds(G)"))
    if several:
        text = f"{several} of {n} edges have several speeds ({several / n:.0%}): their mean is taken"
        issues.append(Issue("several_speeds", "warning", text, field="maxspeed", hint="graph_from_...(simplify=False)"))
    return speeds, issues


def _tell_left_out(words: Sequence[str], known: npt.NDArray[np.bool_]) -> list[Issue]:
    odd = sorted({w or "(none)" for w, k in zip(words, known, strict=True) if not k})
    if not odd:
        return []
    text = f"{int((~known).sum())} of {len(words)} edges are no roads for cars and are left out"
    return [Issue("class_unknown", "warning", text, field="highway", value=", ".join(odd)[:120])]


def _find_date(graph: Any) -> str:  # noqa: ANN401 - a graph or a frame
    about = getattr(graph, "graph", {})
    return str(about.get("created_date", "date unknown"))[:10] if isinstance(about, dict) else "date unknown"
