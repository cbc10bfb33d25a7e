"""Roads: nodes, links and shapes of the corridor network.

Rules that the facts leave to us:

- ``link_id`` is ``from--to``; where two links join the same two nodes the road number (lower case) or, without
  one, the class is added, for both.
- ``opened`` is blank when the road was there before 2020; ``opened_texts`` of the region's choices says what a text
  that is no date means. The original text stays in ``source``.
- ``area`` is ``urban`` for a link that is no motorway, is posted at 60 km/h or less and has both ends in the
  built-up area of one town: within 9 km of a core node of a city (``city_cores`` of the choices), or within 3 km of
  another county seat. So city streets, and access connectors inside the city. All else is ``rural``. The two radii
  are judged (extent of the districts' built-up land).
- A road that opened or was rebuilt after 2020 would leave a hole before that day. ``predecessors`` of the region's
  choices puts the older road there, marked assumed, with its reasoning.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from choices import Choices
from geometry import great_circle_m
from provenance import Sources, cite
from tables import Row

NODE_COLUMNS = ("node_id", "name_zh", "name_en", "lon", "lat", "kind", "confidence", "source")
LINK_COLUMNS = (
    "link_id", "from_node_id", "to_node_id", "oneway", "highway", "ref", "name_zh", "length_m", "maxspeed_kmh", "toll",
    "area", "opened", "closed", "confidence", "source",
)  # fmt: skip
SHAPE_COLUMNS = ("link_id", "seq", "lon", "lat")

Line = list[list[float]]
Towns = list[tuple[tuple[str, ...], float]]
CITY_RADIUS_M = 9_000.0
TOWN_RADIUS_M = 3_000.0
URBAN_SPEED_KMH = 60
AT_NODE_M = 50.0
LONGEST = 1.06


@dataclass(frozen=True)
class Predecessor:
    """The road that was there before a link opened; length ``None`` means as long as the new one."""

    from_node_id: str
    to_node_id: str
    highway: str
    maxspeed_kmh: int
    great_circle_factor: float | None
    closes: bool
    name_zh: str
    reason: str


def predecessors(choices: Choices) -> list[Predecessor]:
    """Return the older roads that the region assumes."""
    return [
        Predecessor(
            p["from"], p["to"], p["highway"], int(p["maxspeed_kmh"]), p.get("great_circle_factor"), p["closes"],
            p["name_zh"], p["reason"],
        )
        for p in choices.rows("predecessors")
    ]  # fmt: skip


def build_nodes(facts: list[Row], sources: Sources) -> list[Row]:
    """Build ``roads/nodes.csv`` in the order of the facts."""
    return [
        {
            "node_id": n["id"], "name_zh": n["name_zh"], "name_en": n["name_en"], "lon": n["lon"], "lat": n["lat"],
            "kind": n["kind"], "confidence": n["confidence"], "source": cite(n["source"], sources),
        }
        for n in facts
    ]  # fmt: skip


def build_links(facts: list[Row], nodes: dict[str, Row], sources: Sources, choices: Choices) -> list[Row]:
    """Build ``roads/links.csv``: one row per two-way road, predecessors of later roads at the end."""
    pairs = [frozenset((link["from"], link["to"])) for link in facts]
    towns, judged = _towns(nodes, choices), choices.table("opened_texts")
    rows = [
        {**_link(link, pairs.count(pair) > 1, towns, nodes, sources), **_opening(link, judged, sources)}
        for link, pair in zip(facts, pairs, strict=True)
    ]
    by_id: dict[str, Row] = {}
    for row in rows:
        # A second road of the same number between the same two nodes, a new line beside the old one.
        row["link_id"] += "-2" if row["link_id"] in by_id else ""
        by_id[row["link_id"]] = row
    return rows + [_predecessor(old, by_id, towns, nodes) for old in predecessors(choices)]


def _link(link: Row, shares_nodes: bool, towns: Towns, nodes: dict[str, Row], sources: Sources) -> Row:
    suffix = f"-{(link['ref'] or link['class']).lower().replace('/', '-')}" if shares_nodes else ""
    speed = int(link["free_speed_kmh"])
    urban = (
        link["class"] != "motorway" and speed <= URBAN_SPEED_KMH and _same_town(link["from"], link["to"], towns, nodes)
    )
    return {
        "link_id": f"{link['from']}--{link['to']}{suffix}", "from_node_id": link["from"], "to_node_id": link["to"],
        "oneway": "0", "highway": link["class"], "ref": link["ref"], "name_zh": link["name_zh"],
        "length_m": str(round(float(link["length_km"]) * 1000)), "maxspeed_kmh": str(speed), "toll": link["toll"],
        "area": "urban" if urban else "rural", "opened": "", "closed": "",
        "confidence": link["confidence"], "source": cite(link["source"], sources),
    }  # fmt: skip


def _opening(link: Row, judged: dict[str, Any], sources: Sources) -> Row:
    """Return the fields that the text on the opening decides.

    A full date since 2020 is taken; ``opened_texts`` of the choices says what other texts mean, and why; all else was
    there before 2020.
    """
    text = link["opened"]
    choice = judged.get(text, {})
    full = text[:4].isdigit() and text[:4] >= "2020" and len(text) == len("2020-01-01")
    late = text if full else str(choice.get("opened", ""))
    note = choice.get("note", f"opened: {text}" if text and not late else "")
    return {
        "opened": late, "confidence": choice.get("confidence", link["confidence"]),
        "source": cite(link["source"], sources) + (f"; {note}" if note else ""),
    }  # fmt: skip


def _predecessor(old: Predecessor, links: dict[str, Row], towns: Towns, nodes: dict[str, Row]) -> Row:
    new = links[f"{old.from_node_id}--{old.to_node_id}"]
    if not new["opened"]:
        raise ValueError(f"{new['link_id']} has no opening date, so it needs no predecessor")
    length_m = int(new["length_m"])
    if old.great_circle_factor is not None:
        length_m = round(_distance_m(old.from_node_id, old.to_node_id, nodes) * old.great_circle_factor / 100) * 100
    urban = old.maxspeed_kmh <= URBAN_SPEED_KMH and _same_town(old.from_node_id, old.to_node_id, towns, nodes)
    return {
        "link_id": f"{new['link_id']}-old", "from_node_id": old.from_node_id, "to_node_id": old.to_node_id,
        "oneway": "0", "highway": old.highway, "ref": new["ref"] if old.closes else "", "name_zh": old.name_zh,
        "length_m": str(length_m), "maxspeed_kmh": str(old.maxspeed_kmh), "toll": "0",
        "area": "urban" if urban else "rural", "opened": "", "closed": new["opened"] if old.closes else "",
        "confidence": "low", "source": f"[judged] {old.reason}",
    }  # fmt: skip


def build_shapes(links: list[Row], nodes: dict[str, Row], lines: list[Line], audit: list[Row]) -> list[Row]:
    """Build ``roads/shapes.csv``: the OSM course of the G6 cut at its nodes, and courses of the audit.

    Only links whose length was measured on the G6 have its course. Of the audit, courses of quality good or fair
    are drawn; where several links were found on one line, only the highest class. Each starts at ``from_node_id``
    and ends at ``to_node_id``.
    """
    drawn = {
        (row["from"], row["to"], row["ref"], row["class"]): row
        for row in audit
        if row["quality"].startswith(("good", "fair")) and "same line as" not in row["quality"]
    }
    rows: list[Row] = []
    for link in links:
        ends = [(float(nodes[link[c]]["lon"]), float(nodes[link[c]]["lat"])) for c in ("from_node_id", "to_node_id")]
        course = _cut(lines, ends[0], ends[1]) if link["source"].startswith("[osm-g6]") else None
        found = drawn.get((link["from_node_id"], link["to_node_id"], link["ref"], link["highway"]))
        if course is None and found is not None and not link["link_id"].endswith("-old"):
            course = _between(found["wkt"], ends[0], ends[1])
            # Longer than the link: the course of another road.
            course = course if _drawn_m(course) <= LONGEST * int(link["length_m"]) else None
        for seq, (lon, lat) in enumerate(course or ()):
            rows.append({"link_id": link["link_id"], "seq": str(seq), "lon": f"{lon:.5f}", "lat": f"{lat:.5f}"})
    return rows


def _between(text: str, start: tuple[float, float], end: tuple[float, float]) -> Line:
    """Return a course of the audit (``lon lat;lon lat``), led to the nodes where it stops short of them."""
    course = [[float(value) for value in point.split()] for point in text.split(";")]
    head = [list(start)] if _gap_m(course[0], start) > AT_NODE_M else []
    tail = [list(end)] if _gap_m(course[-1], end) > AT_NODE_M else []
    return head + course + tail


def _drawn_m(course: Line) -> float:
    return sum(great_circle_m(a[0], a[1], b[0], b[1]) for a, b in pairwise(course))


def _cut(lines: list[Line], start: tuple[float, float], end: tuple[float, float]) -> Line | None:
    for line in lines:
        i, j = _nearest(line, start), _nearest(line, end)
        if max(_gap_m(line[i], start), _gap_m(line[j], end)) <= AT_NODE_M:
            return line[i : j + 1] if i < j else line[j : i + 1][::-1]
    return None


def _nearest(line: Line, point: tuple[float, float]) -> int:
    return min(range(len(line)), key=lambda k: _gap_m(line[k], point))


def _gap_m(vertex: list[float], point: tuple[float, float]) -> float:
    return great_circle_m(vertex[0], vertex[1], point[0], point[1])


def _distance_m(a: str, b: str, nodes: dict[str, Row]) -> float:
    lon_a, lat_a, lon_b, lat_b = (float(nodes[n][c]) for n in (a, b) for c in ("lon", "lat"))
    return great_circle_m(lon_a, lat_a, lon_b, lat_b)


def _towns(nodes: dict[str, Row], choices: Choices) -> Towns:
    cores = [tuple(group) for group in choices.rows("city_cores")]
    in_city = {core for group in cores for core in group}
    towns: Towns = [(group, CITY_RADIUS_M) for group in cores]
    return towns + [((n,), TOWN_RADIUS_M) for n, row in nodes.items() if row["kind"] == "seat" and n not in in_city]


def _same_town(a: str, b: str, towns: Towns, nodes: dict[str, Row]) -> bool:
    return any(
        all(min(_distance_m(end, core, nodes) for core in cores) <= radius for end in (a, b)) for cores, radius in towns
    )
