"""What is asked of Overpass for one tile, and its answers put together and written as an extract."""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from transit_model.errors import InputError, Issue
from transit_model.roads.osm_rail import RAIL_KINDS, STATES, TRAM

_TIMEOUT_S = 180
_MEMBER = {"node": "n", "way": "w", "relation": "r"}
_KINDS = {letter: kind for kind, letter in _MEMBER.items()}


@dataclass(frozen=True)
class Bbox:
    """A box in WGS84 degrees."""

    west_lon: float
    south_lat: float
    east_lon: float
    north_lat: float


def make_tile_query(box: Bbox, classes: Sequence[str], layers: Sequence[str], *, ferries: bool = False) -> str:
    """Return the Overpass query for the objects of some layers in a box, with all their nodes and their tags."""
    ways, nodes, relations = [], [], []
    if "roads" in layers:
        ways.append(f'way["highway"~"^({"|".join(classes)})(_link)?$"]["area"!~"yes"]')
        if ferries:
            ways.append('way["route"="ferry"]')
    if "rail" in layers:
        ways.append(f'way["railway"~"^({"|".join((*RAIL_KINDS, TRAM, *STATES, "station", "halt"))})$"]')
        ways.append('way["public_transport"="station"]')
        nodes += ['node["railway"~"^(station|halt)$"]', 'node["public_transport"="station"]']
    if "outlines" in layers:
        relations.append('relation["boundary"="administrative"]')
    where = f"({box.south_lat},{box.west_lon},{box.north_lat},{box.east_lon})"
    lines = [f"[out:json][timeout:{_TIMEOUT_S}];"]
    lines.append(f"({''.join(f'{q}{where};' for q in ways)})->.w;")
    lines.append(f"({''.join(f'{q}{where};' for q in relations)})->.r;")
    lines.append(f"({''.join(f'{q}{where};' for q in nodes)})->.n;")
    turns = 'rel(bw.w)["type"="restriction"];' if "roads" in layers else ""
    lines.append(f"(.n;.w;node(w.w);.r;way(r.r)->.b;.b;node(w.b);{turns});out;")
    return "".join(lines)


@dataclass(frozen=True)
class MapObjects:
    """Objects of OSM by id: nodes (lon, lat, tags), ways (nodes, tags), relations (members, tags)."""

    nodes: dict[int, tuple[float, float, Mapping[str, str]]]
    ways: dict[int, tuple[tuple[int, ...], Mapping[str, str]]]
    relations: dict[int, tuple[tuple[tuple[str, int, str], ...], Mapping[str, str]]]

    def add(self, other: MapObjects) -> None:
        """Take in the objects of another tile; what both have is the same object."""
        self.nodes.update(other.nodes)
        self.ways.update(other.ways)
        self.relations.update(other.relations)

    def clip(self, area: BaseGeometry) -> MapObjects:
        """Return what has a node in an area, with all nodes of its ways.

        Raises
        ------
        InputError
            ``empty_area`` when nothing has.
        """
        ids = np.fromiter(self.nodes, dtype=np.int64, count=len(self.nodes))
        places = np.array([(x, y) for x, y, _ in self.nodes.values()], dtype=np.float64).reshape(-1, 2)
        inside = set(ids[shapely.contains_xy(area, places[:, 0], places[:, 1])].tolist()) if len(ids) else set()
        borders = {ref for members, tags in self.relations.values() if "boundary" in tags for _, ref, _ in members}
        ways = {i: way for i, way in self.ways.items() if i in borders or any(n in inside for n in way[0])}
        needed = {n for refs, _ in ways.values() for n in refs}
        nodes = {i: node for i, node in self.nodes.items() if i in needed or (i in inside and node[2])}
        if not nodes:
            raise InputError(Issue("empty_area", "error", "the server has nothing of this kind in the area"))
        return MapObjects(nodes, ways, self.relations)


def parse_objects(answer: Mapping[str, Any], *, file: str) -> MapObjects:
    """Return the objects of an Overpass answer.

    Raises
    ------
    InputError
        ``bad_answer`` when it is not one.
    """
    objects = MapObjects({}, {}, {})
    try:
        for e in answer["elements"]:
            tags = {str(k): str(v) for k, v in e.get("tags", {}).items()}
            number = int(e["id"])
            if e["type"] == "node":
                objects.nodes[number] = (float(e["lon"]), float(e["lat"]), tags)
            elif e["type"] == "way":
                objects.ways[number] = (tuple(int(n) for n in e["nodes"]), tags)
            elif e["type"] == "relation":
                members = tuple((_MEMBER[m["type"]], int(m["ref"]), str(m["role"])) for m in e["members"])
                objects.relations[number] = (members, tags)
    except (ValueError, KeyError, TypeError) as error:
        hint = "the server may be busy; try again later, or use an extract"
        raise InputError(Issue("bad_answer", "error", f"not an Overpass answer: {error!r}", file, hint=hint)) from error
    return objects


def write_extract(objects: MapObjects, path: Path) -> None:
    """Write objects as OSM XML, packed (``.osm.gz``), sorted as such files are.

    Plain text by our own hand: pyosmium's writer ends the whole program when the disk is full.
    """
    with gzip.open(path, "wt", compresslevel=1, encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6">\n')
        for i, (lon, lat, tags) in sorted(objects.nodes.items()):
            file.write(f'<node id="{i}" lon="{lon:.7f}" lat="{lat:.7f}">{_write_tags(tags)}</node>\n')
        for i, (refs, tags) in sorted(objects.ways.items()):
            points = "".join(f'<nd ref="{n}"/>' for n in refs)
            file.write(f'<way id="{i}">{points}{_write_tags(tags)}</way>\n')
        for i, (members, tags) in sorted(objects.relations.items()):
            parts = "".join(
                f'<member type="{_KINDS[kind]}" ref="{ref}" role={quoteattr(role)}/>' for kind, ref, role in members
            )
            file.write(f'<relation id="{i}">{parts}{_write_tags(tags)}</relation>\n')
        file.write("</osm>\n")


def _write_tags(tags: Mapping[str, str]) -> str:
    return "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in sorted(tags.items()))
