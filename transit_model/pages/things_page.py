"""Places, stations and road nodes on a map with the ids that files and commands take."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from markupsafe import Markup

from transit_model.catalogue.inventory import WHAT_NAMES, Thing
from transit_model.errors import InputError, Issue
from transit_model.network.model import Network
from transit_model.pages.leaflet import read_leaflet_css, read_leaflet_js
from transit_model.pages.page import render_template
from transit_model.store.write import write_text

_COLOURS = {"place": "#b3261e", "station": "#1f5fa8", "node": "#8a6d00"}
_TITLE = {"zh": "编号地图", "en": "Ids on the map"}
_NOTE = {
    "zh": "点击显示编号，可直接复制到命令或项目文件；灰线为道路（两端直线）。",
    "en": "A click shows the id, to be copied into commands and project files; grey lines are roads, straight.",
}
_FIND = {"zh": "查找编号或名称", "en": "find an id or a name"}


def write_things_page(out: Path, things: Sequence[Thing], network: Network, language: str) -> None:
    """Write the things that have a place as a map that needs no network; the file appears whole or not at all.

    Raises
    ------
    InputError
        ``no_coordinates`` when none of them has a place.
    """
    # Nodes first: places and stations, which lie on some of them, are drawn above.
    placed = sorted((t for t in things if t.lon is not None and t.lat is not None), key=lambda t: t.what != "node")
    if not placed:
        hint = "list places, stations or nodes; or write .csv, .xlsx or .json"
        message = "none of these things has a place on a map"
        raise InputError(Issue("no_coordinates", "error", message, field="out", value=str(out), hint=hint))
    whats = list(dict.fromkeys(t.what for t in placed))
    kinds = [
        {
            "name": what,
            "title": WHAT_NAMES[what][language],
            "colour": _COLOURS.get(what, "#444444"),
            "count": sum(t.what == what for t in placed),
        }
        for what in whats
    ]
    lon, lat = [t.lon or 0.0 for t in placed], [t.lat or 0.0 for t in placed]
    payload = {
        "kinds": kinds,
        "things": [
            [whats.index(t.what), round(x, 5), round(y, 5), t.thing_id, t.name_zh, t.name_en, t.kind]
            for t, x, y in zip(placed, lon, lat, strict=True)
        ],
        "lines": _draw_roads(network),
        "bounds": [[min(lat), min(lon)], [max(lat), max(lon)]],
    }
    page = render_template(
        "things.html.j2",
        lang=language,
        title=f"{network.info.title[language]} · {_TITLE[language]}",
        note=_NOTE[language],
        placeholder=_FIND[language],
        kinds=kinds,
        # Inside a script element nothing may close it.
        payload=Markup(json.dumps(payload, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")),
        leaflet_css=Markup(read_leaflet_css()),
        leaflet_js=Markup(read_leaflet_js()),
    )
    write_text(out, page)


def _draw_roads(network: Network) -> list[list[list[float]]]:
    """Return a straight line for each road, (lat, lon) of both ends."""
    nodes = network.nodes.set_index("node_id")[["lat", "lon"]].astype("float64").round(4)
    roads: pd.DataFrame = network.links.drop_duplicates("road_id")
    ends = [nodes.loc[roads[c]].to_numpy().tolist() for c in ("from_node_id", "to_node_id")]
    return [list(pair) for pair in zip(*ends, strict=True)]
