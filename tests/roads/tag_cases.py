"""Tags of one way and of the node in its middle, imported as a map: which way is open, how fast, for what toll."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from transit_model.roads.osm_roads import RoadOptions, read_osm_roads

OPTIONS = RoadOptions(service=True, tracks=True, keep_all=True)


class Answer(NamedTuple):
    """Speed in km/h along and against the drawing, None where closed; "f", "b", "fb" where toll is due."""

    kmh: float | None
    back_kmh: float | None
    toll: str


def parse_tags(text: str) -> dict[str, str]:
    """Return the tags of ``key=value & key=value``."""
    return dict(pair.split("=", 1) for pair in text.split(" & ") if pair)


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table of cases."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def import_cases(cases: Sequence[tuple[dict[str, str], dict[str, str]]], folder: Path) -> list[Answer]:
    """Return the answers to tags of ways and middle nodes, each its own road of a map, in one import."""
    nodes, ways = [], []
    for i, (way, node) in enumerate(cases):
        first, y = 10 * i + 1, 40 + i / 1000
        for k in range(3):
            result = _write(node) if k == 1 else ""
            nodes.append(f'<node id="{first + k}" lon="{111 + k / 100}" lat="{y}">{result}</node>')
        refs = "".join(f'<nd ref="{first + k}"/>' for k in range(3))
        ways.append(f'<way id="{i + 1}">{refs}{_write(way)}</way>')
    path = folder / "cases.osm"
    path.write_text(f'<osm version="0.6">{"".join(nodes + ways)}</osm>', encoding="utf-8")
    found: dict[tuple[str, str], tuple[float, bool]] = {}
    for link in read_osm_roads(path, OPTIONS).tables.links.to_dict("records"):
        ends = (link["from_node_id"], link["to_node_id"])
        found[ends] = (link["maxspeed_kmh"], bool(link["toll"]))
        if not link["oneway"]:
            found[ends[::-1]] = found[ends]
    answers = []
    for i in range(len(cases)):
        start, end = f"n{10 * i + 1}", f"n{10 * i + 3}"
        ahead, back = found.get((start, end)), found.get((end, start))
        toll = "f" * (ahead is not None and ahead[1]) + "b" * (back is not None and back[1])
        answers.append(Answer(ahead and ahead[0], back and back[0], toll))
    return answers


def _write(tags: dict[str, str]) -> str:
    return "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in tags.items())
