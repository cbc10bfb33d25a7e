"""Raw map data to a simplified directed road graph, and that graph to road tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tests.roads.osmnx_xml import OsmData, Segment
from transit_model.domain.tables import ROAD_LINKS, ROAD_NODES
from transit_model.errors import InputError, Issue
from transit_model.roads.highway_speeds import read_speed_rules
from transit_model.roads.osm_tags import find_closure, read_way_tags
from transit_model.roads.road_tables import RoadTables, build_shapes, compute_line_lengths_m
from transit_model.store.notice import MAX_LISTED, Notice

if TYPE_CHECKING:
    import networkx as nx

_DIFFER = ("highway", "kind", "kmh", "toll")
"""Where one of these changes, a node stays: times and prices differ on its two sides."""


def build_road_graph(
    data: OsmData, classes: tuple[str, ...], *, file: str, keep_all: bool = False
) -> tuple[nx.MultiDiGraph[Any], list[Issue]]:
    """Return the simplified directed graph of the ways a car may use.

    Edge attributes: osmid, highway, kind, kmh, urban, toll, name, ref, geometry. Issues (warnings):
    ``unknown_node`` ways with nodes outside the extract, ``bad_maxspeed``, ``part_dropped`` parts that are not
    connected with the largest in both directions.

    Raises
    ------
    InputError
        ``no_roads``.
    """
    import networkx as nx
    import osmnx

    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph(crs="epsg:4326")
    issues: list[Issue] = []
    lost: list[int] = []
    odd: dict[str, None] = {}
    rules = read_speed_rules()
    for way, tail, head, tags in _list_segments(data, classes, lost):
        result = read_way_tags(tags, rules)
        if result.odd:
            odd[result.odd] = None
        attributes = {name: getattr(result, name) for name in ("highway", "kind", "urban", "name", "ref")}
        if result.direction >= 0:
            graph.add_edge(tail, head, osmid=way, kmh=result.kmh, toll=result.toll, **attributes)
        if result.direction <= 0:
            graph.add_edge(head, tail, osmid=way, kmh=result.back_kmh, toll=result.back_toll, **attributes)
    message = "a way names nodes that the extract does not hold; it is cut there"
    issues += Notice("unknown_node", "warning", file, "way", message).list_values(list(dict.fromkeys(lost)))
    hint = "km/h without a unit, or 'mph'; the default of the class is taken"
    notice = Notice("bad_maxspeed", "warning", file, "maxspeed", "the speed is not understood", hint)
    issues += notice.list_values(list(odd))
    if not graph.number_of_edges():
        hint = f"classes asked for: {', '.join(classes)}"
        raise InputError(
            [*issues, Issue("no_roads", "error", "there is no road for cars in the data", file, hint=hint)]
        )
    for node in graph.nodes:
        graph.nodes[node]["x"], graph.nodes[node]["y"] = data.nodes[node]
    if not keep_all:
        graph, dropped = _keep_largest(graph, file)
        issues += dropped
    return osmnx.simplify_graph(graph, edge_attrs_differ=_DIFFER, remove_rings=False), issues


def _list_segments(data: OsmData, classes: tuple[str, ...], lost: list[int]) -> Iterator[Segment]:
    for way, tail, head, tags in data.segments:
        if not find_closure(tags, classes) and tail != head:
            yield way, tail, head, tags
    for way, (refs, tags) in data.ways.items():
        if find_closure(tags, classes):
            continue
        for tail, head in pairwise(refs):
            if tail not in data.nodes or head not in data.nodes:
                lost.append(way)
            elif tail != head:
                yield way, tail, head, tags


def _keep_largest(graph: nx.MultiDiGraph[Any], file: str) -> tuple[nx.MultiDiGraph[Any], list[Issue]]:
    """Keep the largest strongly connected part: from everywhere to everywhere and back."""
    import networkx as nx

    parts = sorted(nx.strongly_connected_components(graph), key=lambda part: (-len(part), min(part)))
    if len(parts) == 1:
        return graph, []
    issues = []
    for part in parts[1 : MAX_LISTED + 1]:
        names = sorted({d["name"] for _, _, d in graph.edges(part, data=True) if d["name"]})
        about = f", e.g. {names[0]}" if names else ""
        message = f"{len(part)} nodes cannot be reached and left on the network{about}; dropped"
        issues.append(Issue("part_dropped", "warning", message, file, None, "node", str(min(part))))
    if len(parts) > MAX_LISTED + 1:
        rest = parts[MAX_LISTED + 1 :]
        message = f"{len(rest)} more such parts with {sum(map(len, rest))} nodes; dropped"
        issues.append(Issue("part_dropped", "warning", message, file))
    kept: nx.MultiDiGraph[Any] = nx.MultiDiGraph(graph.subgraph(parts[0]))
    return kept, issues


def graph_to_tables(graph: nx.MultiDiGraph[Any]) -> RoadTables:
    """Return road tables of a simplified graph: both directions of a road folded into one row.

    `area` is urban where all of a road is (`read_way_tags`), else rural. Loops from a node to
    itself shorten no journey and are left out with an issue.
    """
    rows = _fold_directions(graph)
    loops = [r for r in rows if r["tail"] == r["head"]]
    rows = [r for r in rows if r["tail"] != r["head"]]
    lines = [r["coords"] for r in rows]
    coords = np.array([point for line in lines for point in line], dtype=np.float64).reshape(-1, 2)
    owner = np.repeat(np.arange(len(lines)), [len(line) for line in lines])
    lengths = compute_line_lengths_m(coords, owner, len(lines))
    links = pd.DataFrame(
        {
            "link_id": _make_ids(rows),
            "from_node_id": [f"n{r['tail']}" for r in rows],
            "to_node_id": [f"n{r['head']}" for r in rows],
            "oneway": np.array([r["oneway"] for r in rows], dtype=bool),
            "highway": [r["highway"] for r in rows],
            "ref": [r["ref"] for r in rows],
            "name_zh": [r["name"] for r in rows],
            "length_m": np.maximum(lengths, 0.01),
            "maxspeed_kmh": np.array([r["kmh"] for r in rows], dtype=np.float64),
            "toll": np.array([r["toll"] for r in rows], dtype=bool),
            "area": ["urban" if r["urban"] else "rural" for r in rows],
            "opened": "",
            "closed": "",
            "confidence": "",
            "source": [f"[osm] way {r['osmid']}" for r in rows],
            "kind": [r["kind"] for r in rows],
        }
    )[[*ROAD_LINKS.names(), "kind"]]
    used = sorted({node for r in rows for node in (r["tail"], r["head"])})
    nodes = pd.DataFrame({"node_id": [f"n{n}" for n in used]}, dtype="str")
    nodes["lon"] = np.array([graph.nodes[n]["x"] for n in used], dtype=np.float64)
    nodes["lat"] = np.array([graph.nodes[n]["y"] for n in used], dtype=np.float64)
    nodes = nodes.assign(name_zh="", name_en="", kind="junction", confidence="", source="[osm]")[ROAD_NODES.names()]
    issues: list[Issue] = []
    if loops:
        issues.append(Issue("self_loops_dropped", "info", f"{len(loops)} roads that end where they start are left out"))
    return RoadTables(nodes, links, build_shapes(links["link_id"], coords, owner), issues)


def _fold_directions(graph: nx.MultiDiGraph[Any]) -> list[dict[str, Any]]:
    """Return one row a drawn road, two-way when the same line is there in both directions, in a stable order."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for tail, head, data in graph.edges(data=True):
        geometry = data.get("geometry")
        if geometry is not None:
            coords = list(geometry.coords)
        else:
            coords = [(graph.nodes[n]["x"], graph.nodes[n]["y"]) for n in (tail, head)]
        forward = (tail, coords) <= (head, coords[::-1])
        # Different limits or tolls each way make two one-way roads.
        key = (
            data["kmh"],
            data["toll"],
            *((tail, head) if forward else (head, tail)),
            *(coords if forward else coords[::-1]),
        )
        row = found.get(key)
        if row is None:
            row = {name: _first(data[name]) for name in ("highway", "kind", "kmh", "toll", "name", "ref", "urban")}
            osmid = min(data["osmid"]) if isinstance(data["osmid"], list) else data["osmid"]
            row |= {"tail": tail, "head": head, "coords": coords, "oneway": True, "osmid": osmid}
            found[key] = row
        elif (row["tail"], row["coords"]) != (tail, coords):
            row["oneway"] = False
            if forward:  # the row of a two-way road runs from the smaller node id
                row |= {"tail": tail, "head": head, "coords": coords}
    return sorted(found.values(), key=lambda r: (r["osmid"], r["tail"], r["head"], r["coords"]))


def _first(value: Any) -> Any:
    # From a set, hence in no order: take the smallest that says something.
    if isinstance(value, list):
        return min((v for v in value if v not in ("", None)), default="")
    return value


def _make_ids(rows: Sequence[dict[str, Any]]) -> list[str]:
    seen: dict[str, int] = {}
    ids = []
    for row in rows:
        name = f"w{row['osmid']}-{row['tail']}-{row['head']}"
        seen[name] = seen.get(name, 0) + 1
        ids.append(name if seen[name] == 1 else f"{name}.{seen[name]}")
    return ids
