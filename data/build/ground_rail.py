"""Courses of railways between stations: the shortest way over the OpenStreetMap track graph, checked by tariff km.

A pair of neighbouring stations without a way that fits is left out, and the maps draw it straight.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import networkx as nx
import shapely

Row = dict[str, str]
Point = tuple[float, float]  # km east and north of the graph's south-west corner

KM_PER_DEGREE = 111.195  # of latitude on the mean sphere
MID_LATITUDE = 40.0
LONGEST_EDGE_KM = 60.0  # a longer straight edge of the graph has lost its course
SNAP_KM = {"point": 1.5}  # how far a station may lie from the track; others, whose point is approximate:
# Also where the tariff km vouch for the course: points of the list of halts are up to 4 km off.
SNAP_APPROXIMATE_KM = 4.0
ACCESS_COST = 3.0  # a kilometre off the track counts as so many on it
LENGTH_RATIO = (0.80, 1.20)  # course / tariff km
DETOUR = 1.5  # course / straight line, where no tariff km is known
GAP_KM = 0.4
TOLERANCE_KM = 0.12
NEAREST = 8


def _flat(lon: float, lat: float) -> Point:
    return lon * KM_PER_DEGREE * math.cos(math.radians(MID_LATITUDE)), lat * KM_PER_DEGREE


def _degrees(at: Point) -> Point:
    return at[0] / KM_PER_DEGREE / math.cos(math.radians(MID_LATITUDE)), at[1] / KM_PER_DEGREE


@dataclass(frozen=True)
class Track:
    """The track graph in a plane: node points, edges, an index of the edges, the graph with km."""

    points: list[Point]
    edges: list[tuple[int, int]]
    tree: shapely.STRtree
    graph: nx.Graph


def build_track(nodes: list[Row], edges: list[Row], main_lines: Path) -> Track:
    """Return the graph of the junction file and of the main lines, whose vertices are nodes of their own."""
    points = [_flat(float(n["lon"]), float(n["lat"])) for n in nodes]
    at = {n["node"]: i for i, n in enumerate(nodes)}
    pairs = [(at[e["a"]], at[e["b"]]) for e in edges]
    for feature in json.loads(main_lines.read_text(encoding="utf-8"))["features"]:
        first = len(points)
        points += [_flat(lon, lat) for lon, lat in feature["geometry"]["coordinates"]]
        pairs += list(pairwise(range(first, len(points))))
    pairs = [(a, b) for a, b in pairs if math.dist(points[a], points[b]) <= LONGEST_EDGE_KM]
    pairs += _find_gaps(points)
    graph = nx.Graph()
    graph.add_weighted_edges_from(((a, b, math.dist(points[a], points[b])) for a, b in pairs), weight="km")
    lines = [shapely.LineString([points[a], points[b]]) for a, b in pairs]
    return Track(points, pairs, shapely.STRtree(lines), graph)


def _find_gaps(points: list[Point]) -> list[tuple[int, int]]:
    """Return pairs of nodes so near that they are one place: the two files share no node, and one is cut to 100 m."""
    spots = shapely.points(points)
    tree = shapely.STRtree(spots)
    one, two = tree.query(spots, predicate="dwithin", distance=GAP_KM)
    return sorted((int(a), int(b)) for a, b in zip(one, two, strict=True) if a < b)


def list_access(track: Track, at: Point, within_km: float) -> list[tuple[int, Point, float]]:
    """Return the nearest edges with the foot of the perpendicular on each and its distance, nearest first."""
    spot = shapely.Point(at)
    found = []
    for index in track.tree.query(spot.buffer(within_km)):
        line = track.tree.geometries[index]
        away = line.distance(spot)
        if away <= within_km:
            foot = line.interpolate(line.project(spot))
            found.append((int(index), (foot.x, foot.y), away))
    return sorted(found, key=lambda f: (f[2], f[0]))[:NEAREST]


def find_course(track: Track, a: Point, b: Point, snaps: tuple[float, float]) -> list[Point] | None:
    """Return the shortest way between two stations, the stations themselves at its ends; None when there is none."""
    graph, spots = track.graph, {"a": a, "b": b}
    feet: dict[tuple[str, int], Point] = {}
    for name, snap in zip(spots, snaps, strict=True):
        graph.add_node(name)
        for index, foot, away in list_access(track, spots[name], snap):
            feet[name, index] = foot
            graph.add_edge(name, (name, index), km=ACCESS_COST * away)
            for end in track.edges[index]:
                graph.add_edge((name, index), end, km=math.dist(foot, track.points[end]))
            if name == "b" and ("a", index) in feet:  # both stations on one edge
                graph.add_edge(("a", index), (name, index), km=math.dist(feet["a", index], foot))
    try:
        way = nx.shortest_path(graph, "a", "b", weight="km")
    except nx.NetworkXNoPath:
        return None
    finally:
        graph.remove_nodes_from([*spots, *feet])
    return [a, *(feet[n] if isinstance(n, tuple) else track.points[n] for n in way[1:-1]), b]


def find_courses(
    stations: list[Row], line_stations: list[Row], nodes: list[Row], edges: list[Row], main_lines: Path
) -> list[Row]:
    """Return the points of every course that fits: from_stop_id < to_stop_id, seq, lon, lat.

    Neighbours on a line are two stations with a point and none between them in ``rail_line_stations.csv``.
    """
    track = build_track(nodes, edges, main_lines)
    by_name = {s["name_zh"]: s for s in stations if s["lon"] and s["lat"]}
    done: set[tuple[str, str]] = set()
    rows: list[Row] = []
    lines: dict[str, list[Row]] = defaultdict(list)
    for row in line_stations:
        lines[row["line_id"]].append(row)
    for line_id in sorted(lines):
        ordered = sorted((r for r in lines[line_id] if r["station_zh"] in by_name), key=lambda r: int(r["seq"]))
        for one, two in pairwise(ordered):
            ends = sorted((by_name[one["station_zh"]], by_name[two["station_zh"]]), key=lambda s: s["stop_id"])
            key = (ends[0]["stop_id"], ends[1]["stop_id"])
            if key in done or key[0] == key[1]:
                continue
            course = _fit(track, ends, _tariff_km(one, two))
            if course is not None:
                done.add(key)
                rows += _to_rows(key, course)
    return rows


def _tariff_km(one: Row, two: Row) -> float | None:
    if not one["tariff_km"] or not two["tariff_km"]:
        return None
    return abs(float(two["tariff_km"]) - float(one["tariff_km"])) or None


def _fit(track: Track, ends: list[Row], tariff_km: float | None) -> list[Point] | None:
    a, b = (_flat(float(s["lon"]), float(s["lat"])) for s in ends)
    snaps = tuple(SNAP_KM.get(s["coord_quality"], SNAP_APPROXIMATE_KM) for s in ends)
    course = find_course(track, a, b, (snaps[0], snaps[1]))
    if course is None and tariff_km is not None:
        course = find_course(track, a, b, (SNAP_APPROXIMATE_KM, SNAP_APPROXIMATE_KM))
    if course is None:
        return None
    km = sum(math.dist(p, q) for p, q in pairwise(course))
    if tariff_km is None:
        return course if km <= DETOUR * math.dist(a, b) else None
    # Tariff km are whole: on short hops one kilometre either way is rounding.
    low, high = LENGTH_RATIO
    return course if low * tariff_km - 1 <= km <= high * tariff_km + 1 else None


def _to_rows(key: tuple[str, str], course: list[Point]) -> list[Row]:
    simple = shapely.simplify(shapely.LineString(course), TOLERANCE_KM)
    return [
        {"from_stop_id": key[0], "to_stop_id": key[1], "seq": str(seq), "lon": f"{lon:.4f}", "lat": f"{lat:.4f}"}
        for seq, (lon, lat) in enumerate(_degrees((x, y)) for x, y in simple.coords)
    ]
