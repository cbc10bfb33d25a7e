"""A pack on the streets of a map: the pack's folder with the map's roads, its nodes keeping their names there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd

from transit_model.domain.safe_text import escape_frame
from transit_model.map_join.attach import ATTACHED
from transit_model.region.tables import MANIFEST_FILE
from transit_model.roads.road_files import write_plain_tables
from transit_model.roads.road_tables import RoadTables
from transit_model.store.csv_table import load_csv_text

JOINS_FILE = "joins.csv"
_NAMING = ("places.csv", "counties.csv", "stations.csv")


def rename_nodes(map_roads: RoadTables, joins: pd.DataFrame) -> RoadTables:
    """Return the map's roads with the ids of the pack at the nodes that were attached.

    Projects, places and stations of the pack then join the streets where they name a node.
    """
    good = joins[joins["status"] == ATTACHED]
    names = dict(zip(good["map_node_id"], good["node_id"], strict=True))
    nodes = map_roads.nodes.assign(node_id=map_roads.nodes["node_id"].map(lambda n: names.get(n, n)))
    labels = dict(zip(good["node_id"], good["name_zh"], strict=True))
    nodes["name_zh"] = [labels.get(i, n) for i, n in zip(nodes["node_id"], nodes["name_zh"], strict=True)]
    ends = {c: map_roads.links[c].map(lambda n: names.get(n, n)) for c in ("from_node_id", "to_node_id")}
    return RoadTables(nodes, map_roads.links.assign(**ends), map_roads.shapes, list(map_roads.issues))


def write_joined_region(pack: Path, map_roads: RoadTables, joins: pd.DataFrame, folder: Path) -> None:
    """Write a pack's files into an empty folder with the roads of a map.

    ``road_node_id`` of places, counties and stations stays where the node was attached and is emptied elsewhere, so
    that they are joined to the nearest road. ``roads/joins.csv`` lists all nodes with their distances.
    """
    skipped = {MANIFEST_FILE}
    for file in sorted(p for p in pack.rglob("*") if p.is_file()):
        name = file.relative_to(pack)
        if name.parts[0] == "roads" or name.as_posix() in skipped or name.parts[0].startswith("."):
            continue
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    write_plain_tables(rename_nodes(map_roads, joins), folder / "roads")
    escape_frame(joins).to_csv(folder / "roads" / JOINS_FILE, index=False, lineterminator="\n", encoding="utf-8")
    kept = set(joins.loc[joins["status"] == ATTACHED, "node_id"])
    for table in _NAMING:
        _empty_lost_nodes(folder / table, kept)


def _empty_lost_nodes(path: Path, kept: set[str]) -> None:
    if not path.is_file():
        return
    raw = load_csv_text(path.read_bytes(), file=path.name)
    if "road_node_id" not in raw.table.columns:
        return
    nodes = raw.table["road_node_id"]
    raw.table.assign(road_node_id=nodes.where(nodes.isin(kept), "")).to_csv(
        path, index=False, lineterminator="\n", encoding="utf-8"
    )
