"""Each road of a pack beside a map: is it there, how long, how fast, and which of the two to trust."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.domain.geo import compute_great_circle_m
from transit_model.map_join.road_lines import RoadLines, Ruler, draw_roads, read_refs
from transit_model.roads.road_tables import RoadTables

F64 = npt.NDArray[np.float64]
IN_MAP, PARTLY, NOT_IN_MAP, OUTSIDE = "in_map", "partly", "not_in_map", "outside"
TOLERANCE_DRAWN_M, TOLERANCE_STRAIGHT_M = 400.0, 3000.0
"""A road whose course is known lies this near to itself on a map (a generalised line); one drawn straight between
towns strays farther (both judged; and an eighth of its length)."""
_STRAY_SHARE = 0.125
_SAME_LENGTH, _SAME_KMH = 0.03, 10.0
_MOSTLY, _HARDLY = 0.9, 0.3
_MARGIN_DEG = 0.02
COLUMNS = (
    "link_id",
    "ref",
    "name_zh",
    "highway",
    "confidence",
    "status",
    "found_by",
    "covered_share",
    "length_km",
    "map_length_km",
    "length_ratio",
    "maxspeed_kmh",
    "map_maxspeed_kmh",
    "start_off_m",
    "end_off_m",
    "trust",
)
TRUST = {
    "both": ("两者一致，可信", "both agree"),
    "map_length": ("长度以地图为准", "the map's length: the pack's is of low or medium confidence"),
    "check_length": ("公布里程与地图不符，须核对", "check: a published length differs from the map's"),
    "check_speed": ("限速不同，须核对", "check: the speeds differ"),
    "pack": ("地图上没有，以数据包为准", "the pack: the map does not have the road"),
    "check_course": ("只有部分在地图上，须核对走向", "check the course: the map has part of it"),
    "nothing": ("不在地图范围内或地图无此等级，无从比较", "nothing: outside the map, or a class it does not have"),
}


class JoinReport(NamedTuple):
    """Rows of `COLUMNS`, one a road of the pack, and their sums."""

    rows: pd.DataFrame

    def summarise(self) -> dict[str, object]:
        """Return kilometres by status, and the length and speed gaps of roads that are in the map."""
        rows = self.rows
        km = rows.groupby("status")["length_km"].sum().round(1)
        joined = rows[(rows["status"] == IN_MAP) & rows["length_ratio"].notna()]
        gap = (joined["length_ratio"] - 1).abs()
        return {
            "km": {str(k): float(v) for k, v in km.items()},
            "roads": {str(k): int(v) for k, v in rows["status"].value_counts().sort_index().items()},
            "trust": {str(k): int(v) for k, v in rows["trust"].value_counts().sort_index().items()},
            "length_ratio": None if joined.empty else _round(joined["map_length_km"].sum() / joined["length_km"].sum()),
            "length_gap_median": None if joined.empty else _round(gap.median()),
            "speed_gap_kmh": None
            if joined.empty
            else _round(np.average(joined["map_maxspeed_kmh"] - joined["maxspeed_kmh"], weights=joined["length_km"])),
        }


def _round(value: float) -> float:
    return round(float(value), 4)


def compare_roads(pack: RoadTables, map_roads: RoadTables) -> JoinReport:
    """Compare the roads of a pack with those of a map that is surely WGS84.

    A road is looked for among the map's roads of its number (``ref``), else among all of its class or higher. The
    length is measured along those roads between the places nearest to the two ends, so that it does not hang on the
    map's junctions; the ends' distances are reported beside it.

    Parameters
    ----------
    pack, there : RoadTables
        Road tables of a region pack and of an import.

    Returns
    -------
    JoinReport
        `status`: ``in_map`` (nine tenths of it lie near such a road, and its ends are connected), ``partly``,
        ``not_in_map``, ``outside`` (the map does not reach there, or has no road of that class at all). `trust` is
        a key of `TRUST`.
    """
    pack_lines, map_lines = draw_roads(*pack[:3]), draw_roads(*map_roads[:3])
    refs = [read_refs(r) for r in map_roads.links["ref"]]
    by_ref = {r: np.array([r in have for have in refs]) for r in sorted({r for have in refs for r in have})}
    box = (map_lines.lon.min(), map_lines.lat.min(), map_lines.lon.max(), map_lines.lat.max())
    drawn = set(pack.shapes["link_id"])
    rulers: dict[tuple[str, ...], Ruler] = {}
    rows = []
    for row, link in enumerate(pack.links.to_dict("records")):
        place = _places(pack.nodes, pack_lines, row, link)
        wanted = read_refs(link["ref"]) & set(by_ref)
        key = tuple(sorted(wanted)) or ("class", str(link["highway"]))
        if key not in rulers:
            keep = (
                np.logical_or.reduce([by_ref[r] for r in sorted(wanted)])
                if wanted
                else _of_class(map_roads.links, str(link["highway"]))
            )
            rulers[key] = Ruler(map_lines, keep)
        compared = _compare_one(link, place, rulers[key], map_roads.links, box, drawn=str(link["link_id"]) in drawn)
        rows.append({**compared, "found_by": "ref" if wanted else "class"})
    table = pd.DataFrame(rows)
    for column in ("ref", "name_zh", "highway", "confidence"):
        table[column] = pack.links[column].to_numpy()
    return JoinReport(table[list(COLUMNS)])


_RANK = ("motorway", "trunk", "primary", "secondary", "tertiary")


def _of_class(links: pd.DataFrame, highway: str) -> npt.NDArray[np.bool_]:
    """Return the roads of a class, and of the two beside it: authorities and mappers draw the line elsewhere."""
    if highway not in _RANK:
        return np.ones(len(links), dtype=bool)
    at = _RANK.index(highway)
    near: npt.NDArray[np.bool_] = links["highway"].isin(_RANK[max(at - 1, 0) : at + 2]).to_numpy(dtype=bool)
    return near


def _places(nodes: pd.DataFrame, ours: RoadLines, row: int, link: dict[str, object]) -> F64:
    """Return points along a road of the pack, both ends first and last, (n, 2)."""
    at = nodes.set_index("node_id")[["lon", "lat"]]
    ends = at.loc[[link["from_node_id"], link["to_node_id"]]].to_numpy(dtype=np.float64)
    inner = np.flatnonzero((ours.link == row) & (np.arange(len(ours.link)) >= len(nodes)))
    return np.vstack([ends[0], np.column_stack([ours.lon[inner], ours.lat[inner]]), ends[1]])


def _compare_one(
    link: dict[str, object],
    place: F64,
    ruler: Ruler,
    links: pd.DataFrame,
    box: tuple[float, float, float, float],
    *,
    drawn: bool,
) -> dict[str, object]:
    length = float(str(link["length_m"]))
    row: dict[str, object] = {
        "link_id": link["link_id"],
        "length_km": round(length / 1000, 3),
        "maxspeed_kmh": float(str(link["maxspeed_kmh"])),
        "covered_share": 0.0,
        **dict.fromkeys(("map_length_km", "length_ratio", "map_maxspeed_kmh", "start_off_m", "end_off_m"), np.nan),
    }
    west, south, east, north = box
    ends = place[[0, -1]]
    if not (
        ruler.has_roads
        and (ends[:, 0] >= west - _MARGIN_DEG).all()
        and (ends[:, 0] <= east + _MARGIN_DEG).all()
        and (ends[:, 1] >= south - _MARGIN_DEG).all()
        and (ends[:, 1] <= north + _MARGIN_DEG).all()
    ):
        return row | {"status": OUTSIDE, "trust": "nothing"}
    straight = float(compute_great_circle_m(*ends[0], *ends[1]))
    reach = TOLERANCE_DRAWN_M if drawn else max(TOLERANCE_STRAIGHT_M, _STRAY_SHARE * straight)
    away = ruler.find_distance_m(place[:, 0], place[:, 1])
    covered = float((away <= reach).mean())
    row["covered_share"] = round(covered, 3)
    if covered < _HARDLY:
        return row | {"status": NOT_IN_MAP, "trust": "pack"}
    map_m, off_a, off_b, passed = ruler.measure_m(tuple(ends[0]), tuple(ends[1]))
    row |= {"start_off_m": round(off_a), "end_off_m": round(off_b)}
    if (
        covered < _MOSTLY
        or not np.isfinite(map_m)
        or map_m <= 0
        or max(off_a, off_b) > min(reach, TOLERANCE_STRAIGHT_M)
    ):
        return row | {"status": PARTLY, "trust": "check_course"}
    speeds = links["maxspeed_kmh"].to_numpy(dtype=np.float64)[passed[passed >= 0]]
    kmh = float(np.mean(speeds)) if len(speeds) else np.nan  # points are evenly spread along the way
    row |= {"map_length_km": round(map_m / 1000, 3), "length_ratio": round(map_m / length, 4)}
    row["map_maxspeed_kmh"] = round(kmh, 1)
    return row | {"status": IN_MAP, "trust": _judge(link, map_m / length, kmh, off_a + off_b, length)}


def _judge(link: dict[str, object], ratio: float, kmh: float, off_m: float, length_m: float) -> str:
    """Return which side to trust. What the ends lie off the road is no error of its length."""
    if abs(ratio - 1) > _SAME_LENGTH + off_m / length_m:
        return "check_length" if link["confidence"] == "high" else "map_length"
    if abs(kmh - float(str(link["maxspeed_kmh"]))) > _SAME_KMH:
        return "check_speed"
    return "both"
