"""The join report of a region pack: its roads beside a map, its planned roads at the map's interchanges."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from transit_model.domain.safe_text import escape_frame
from transit_model.map_join.attach import ATTACHED, NEW, attach_nodes
from transit_model.map_join.compare import IN_MAP, NOT_IN_MAP, OUTSIDE, PARTLY, TRUST, JoinReport, compare_roads
from transit_model.map_join.write import write_joined_region
from transit_model.region.pack import read_region
from transit_model.roads.osm_files import is_osm_name
from transit_model.roads.osm_roads import READ_STEPS, RoadOptions
from transit_model.roads.road_files import import_roads, read_road_tables
from transit_model.roads.road_layer import import_layer
from transit_model.roads.road_tables import RoadTables
from transit_model.scenario.load import load_projects
from transit_model.scenario.road_schema import RoadLink
from transit_model.store.cache import Cache
from transit_model.store.library import Library
from transit_model.store.resources import find_inputs
from transit_model.units import km_to_m

REPORT_FILES = frozenset({"roads.csv", "nodes.csv", "summary.json"})
"""What `RoadJoin.write_tables` writes."""
JOIN_STEPS = 4 + READ_STEPS
"""How many times `join_roads` ticks."""
_STATUS = {
    IN_MAP: ("地图上有", "in the map"),
    PARTLY: ("部分在地图上", "partly in the map"),
    NOT_IN_MAP: ("地图上没有", "not in the map"),
    OUTSIDE: ("无从比较", "outside the map"),
}


@dataclass(frozen=True, eq=False)
class RoadJoin:
    """A pack's roads and nodes beside a map (`compare.COLUMNS`, `attach.COLUMNS`)."""

    pack: Path
    source: str
    map_roads: RoadTables
    roads: JoinReport
    nodes: pd.DataFrame
    max_km: float

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain data for JSON."""
        return {
            "region": self.pack.name,
            "map": self.source,
            "max_km": self.max_km,
            "summary": self.summary(),
            "roads": _plain(self.roads.rows),
            "nodes": _plain(self.nodes),
        }

    def rows(self) -> list[dict[str, Any]]:
        """Return the roads as rows."""
        return _plain(self.roads.rows)

    def summary(self) -> dict[str, Any]:
        """Return the sums of roads, and of the nodes that planned roads join at."""
        used = self.nodes[self.nodes["used_by"] != ""]
        return {
            **self.roads.summarise(),
            "nodes": {str(k): int(v) for k, v in self.nodes["status"].value_counts().sort_index().items()},
            "planned_road_nodes": {str(k): int(v) for k, v in used["status"].value_counts().sort_index().items()},
        }

    def summary_rows(self, lang: str) -> list[dict[str, Any]]:
        """Return one row a status: roads, kilometres."""
        summary, at = self.summary(), int(lang == "en")
        return [
            {"status": words[at], "roads": summary["roads"].get(key, 0), "km": summary["km"].get(key, 0.0)}
            for key, words in _STATUS.items()
        ]

    @staticmethod
    def headings(lang: str) -> dict[str, str]:
        """Return the headings of `summary_rows`."""
        zh = lang == "zh"
        return {"status": "状态" if zh else "status", "roads": "路段" if zh else "roads", "km": "公里" if zh else "km"}

    def title(self, lang: str) -> str:
        """Return the title of the report."""
        return f"{self.pack.name} 与 {self.source} 对照" if lang == "zh" else f"{self.pack.name} beside {self.source}"

    def lines(self, lang: str) -> list[str]:
        """Return what to trust, and where planned roads join, one line each."""
        zh, summary = lang == "zh", self.summary()
        out = []
        if summary["length_ratio"] is not None:
            ratio, gap, kmh = summary["length_ratio"], summary["length_gap_median"], summary["speed_gap_kmh"]
            out.append(
                f"两者都有的路：地图里程为数据包的 {ratio:.3f}，中位差 {gap:.1%}；地图限速高 {kmh:+.1f} 公里/小时"
                if zh
                else f"roads in both: the map is {ratio:.3f} of the pack's length, median gap {gap:.1%}; "
                f"its speeds are {kmh:+.1f} km/h"
            )
        out += [f"{n:4d}  {TRUST[key][0 if zh else 1]}" for key, n in summary["trust"].items()]
        for row in self.nodes[(self.nodes["used_by"] != "")].to_dict("records"):
            if row["status"] == NEW:
                continue
            good = row["status"] == ATTACHED
            where = f"{row['map_node_id']} ({row['distance_m'] / 1000:.1f} km)" if row["map_node_id"] else "-"
            word = ("接入" if zh else "joins at") if good else ("未接入，最近" if zh else "does not join; nearest")
            out.append(f"{row['node_id']} {row['name_zh']} [{row['used_by']}]: {word} {where}")
        return out

    def write_tables(self, folder: Path) -> None:
        """Write ``roads.csv``, ``nodes.csv`` and ``summary.json`` into a folder."""
        escape_frame(self.roads.rows).to_csv(folder / "roads.csv", index=False, lineterminator="\n", encoding="utf-8")
        escape_frame(self.nodes).to_csv(folder / "nodes.csv", index=False, lineterminator="\n", encoding="utf-8")
        content = {"region": self.pack.name, "map": self.source, "max_km": self.max_km, **self.summary()}
        text = json.dumps(content, ensure_ascii=False, indent=1)
        (folder / "summary.json").write_text(text + "\n", encoding="utf-8")

    def write_region(self, folder: Path) -> None:
        """Write the pack on the map's roads into a folder (`write_joined_region`)."""
        write_joined_region(self.pack, self.map_roads, self.nodes, folder)


def join_roads(
    region: str | Path | None,
    roads: Path,
    *,
    columns: Path | None = None,
    scenarios: Path | None = None,
    max_km: float = 5.0,
    tick: Callable[[str], object] = lambda _text: None,
) -> RoadJoin:
    """Compare the roads of a region pack with a map and find where its nodes lie on it.

    Parameters
    ----------
    region : str or Path, optional
        Pack; default the shipped one.
    roads : Path
        OSM file, region folder with ``roads/``, or a layer of lines with its column file.
    scenarios : Path, optional
        Folder whose planned roads are joined, with those it builds on; see `find_inputs`.
    max_km : float
        How far a node may lie from its place on the map.
    tick : callable
        Called after each of `JOIN_STEPS` steps, with what comes next.

    Raises
    ------
    InputError
        When pack, map or projects cannot be read.
    """
    pack, folders = find_inputs(region, scenarios, needed=False)
    content = read_region(pack)
    tick("读取地图 reading the map")
    map_roads = _read_map(roads, columns, tick)
    tick("对照节点 joining nodes")
    ours = RoadTables(content.nodes, content.links, content.shapes, [])
    planned = [p for p in load_projects(Library(folders)) if isinstance(p, RoadLink)]
    nodes = attach_nodes(ours, map_roads, max_m=km_to_m(max_km), projects=planned)
    tick("对照路段 comparing roads")
    compared = compare_roads(ours, map_roads)
    tick("")
    return RoadJoin(pack, roads.name, map_roads, compared, nodes, max_km)


def _read_map(path: Path, columns: Path | None, tick: Callable[[str], object]) -> RoadTables:
    if not path.is_dir() and is_osm_name(path):
        return import_roads(path, RoadOptions(), Cache(), tick).tables
    for _ in range(READ_STEPS):  # other files are read in one go
        tick("")
    if path.is_dir():
        return read_road_tables(path / "roads" if (path / "roads").is_dir() else path)
    return import_layer(path, columns)[0]


def _plain(table: pd.DataFrame) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = table.astype(object).where(table.notna(), None).to_dict("records")
    return rows
