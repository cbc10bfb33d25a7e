"""Road shields at places that do not collide: with each other, with the names of places and of neighbour cities.

Boxes are measured in pixels of a web map at `ZOOM`, about the first view of a region; elsewhere the page leaves out
what has no room.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict

import shapely

Row = dict[str, str]
Box = tuple[float, float, float, float]  # left, top, right, bottom

ZOOM = 8
SHIELD_PX = (38.0, 20.0)
NAME_PX = (
    17.0,
    8.0,
    20.0,
)  # width of a Chinese and of a Latin letter, height of a name; those of centres are the widest
KM_PER_SHIELD = 130.0
MOST = 4
STEPS = 24
KINDS = (
    (re.compile(r"G(\d{1,2}|\d{4})$"), "national_expressway"),
    (re.compile(r"S\d{1,2}$"), "provincial_expressway"),
    (re.compile(r"G\d{3}$"), "national_highway"),
    (re.compile(r"S\d{3}$"), "provincial_highway"),
)
PIXELS = 256 * 2**ZOOM


def to_pixels(lon: float, lat: float) -> tuple[float, float]:
    """Return Web Mercator pixels at `ZOOM`."""
    y = math.log(math.tan(math.pi / 4 + math.radians(lat) / 2))
    return (lon + 180) / 360 * PIXELS, (1 - y / math.pi) / 2 * PIXELS


def to_degrees(x: float, y: float) -> tuple[float, float]:
    """Return lon and lat of a pixel."""
    return x / PIXELS * 360 - 180, math.degrees(2 * math.atan(math.exp((1 - 2 * y / PIXELS) * math.pi)) - math.pi / 2)


def find_kind(ref: str) -> str | None:
    """Return the kind of a road number (GB 5768, the four signs of Chinese roads); None for anything else."""
    return next((kind for pattern, kind in KINDS if pattern.fullmatch(ref)), None)


def name_box(row: Row) -> Box:
    """Return the room that the name of a place takes beside its dot, in the wider of the two languages."""
    x, y = to_pixels(float(row["lon"]), float(row["lat"]))
    width = max(NAME_PX[0] * len(row["name_zh"]), NAME_PX[1] * len(row["name_en"]))
    return x - 8, y - NAME_PX[2] / 2, x + 10 + width, y + NAME_PX[2] / 2


def shield_box(x: float, y: float) -> Box:
    """Return the room of a shield round its middle."""
    return x - SHIELD_PX[0] / 2, y - SHIELD_PX[1] / 2, x + SHIELD_PX[0] / 2, y + SHIELD_PX[1] / 2


def overlap(a: Box, b: Box) -> bool:
    """Return True when two boxes share ground."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def place_shields(links: list[Row], nodes: list[Row], shapes: list[Row], names: list[Row]) -> list[Row]:
    """Return the shields: ref, lon, lat, kind.

    Each number gets one shield, and one more for every `KM_PER_SHIELD` of road, each as far as can be from the earlier
    ones of its number. Expressways choose first. Roads that are closed have none.
    """
    roads = _collect(links, nodes, shapes)
    taken = [name_box(n) for n in names if n.get("kind", "centre") in {"centre", "alternative_centre", "county_seat"}]
    rank = {kind: i for i, (_, kind) in enumerate(KINDS)}
    order = sorted(roads, key=lambda ref: (rank[str(find_kind(ref))], -roads[ref][1], ref))
    rows = []
    for ref in order:
        parts, km = roads[ref]
        spots = [(p.x, p.y) for part in parts for p in _list_spots(part)]
        own: list[tuple[float, float]] = []
        for _ in range(min(MOST, 1 + int(km / KM_PER_SHIELD))):
            free = [s for s in spots if not any(overlap(shield_box(*s), t) for t in taken)]
            if not free:
                break
            middle = (sum(s[0] for s in spots) / len(spots), sum(s[1] for s in spots) / len(spots))
            if own:
                best = max(free, key=lambda s: (min(math.dist(s, m) for m in own), s))
            else:
                best = min(free, key=lambda s: (math.dist(s, middle), s))
            own.append(best)
            taken.append(shield_box(*best))
            lon, lat = to_degrees(*best)
            rows.append({"ref": ref, "lon": f"{lon:.4f}", "lat": f"{lat:.4f}", "kind": str(find_kind(ref))})
    return rows


def _collect(
    links: list[Row], nodes: list[Row], shapes: list[Row]
) -> dict[str, tuple[list[shapely.LineString], float]]:
    """Return the courses in pixels and the km by road number."""
    at = {n["node_id"]: to_pixels(float(n["lon"]), float(n["lat"])) for n in nodes}
    course: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for row in sorted(shapes, key=lambda r: (r["link_id"], int(r["seq"]))):
        course[row["link_id"]].append(to_pixels(float(row["lon"]), float(row["lat"])))
    parts: dict[str, list[shapely.LineString]] = defaultdict(list)
    km: dict[str, float] = defaultdict(float)
    for link in links:
        if link["closed"]:
            continue
        ends = [at[link["from_node_id"]], at[link["to_node_id"]]]
        for ref in filter(find_kind, dict.fromkeys(re.split(r"[/;,、 ]+", link["ref"]))):
            parts[ref].append(shapely.LineString(course.get(link["link_id"], ends)))
            km[ref] += float(link["length_m"]) / 1000
    return {ref: (parts[ref], km[ref]) for ref in parts}


def _list_spots(part: shapely.LineString) -> list[shapely.Point]:
    """Return points along a line, every 12 pixels, its ends left out: they are junctions."""
    n = max(1, min(STEPS, int(part.length / 12)))
    return [part.interpolate((i + 0.5) / n, normalized=True) for i in range(n)]
