"""Any layer of road lines to the domain's road tables.

Lines meet only where their ends meet (within `join_m`): a crossing drawn in the middle of a line is a bridge until a
shared end says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from transit_model.domain.geo import to_space
from transit_model.domain.schema import check_table
from transit_model.domain.tables import HIGHWAY_CLASSES, ROAD_LINKS, ROAD_NODES
from transit_model.errors import InputError, Issue, has_errors
from transit_model.roads.osm_tags import find_default_kmh, parse_maxspeed, parse_oneway, split_highway
from transit_model.store.notice import Notice

if TYPE_CHECKING:
    import geopandas as gpd

WGS84 = "EPSG:4326"
JOIN_M = 0.1
SHORT_SHARE = 0.99
"""A stated length below this share of the drawn one is an issue: 1 % for rounding and a simplified drawing."""
_COLUMNS = (
    "link_id",
    "oneway",
    "highway",
    "ref",
    "name_zh",
    "length_m",
    "maxspeed_kmh",
    "toll",
    "area",
    "opened",
    "closed",
    "confidence",
    "source",
)


class RoadTables(NamedTuple):
    """Road tables of the domain; `links` has also ``kind``: road or ramp. `issues` are warnings only."""

    nodes: pd.DataFrame
    links: pd.DataFrame
    shapes: pd.DataFrame
    issues: list[Issue]


def read_roads(
    source: gpd.GeoDataFrame | Path | str,
    mapping: Mapping[str, str] | None = None,
    *,
    area: str = "rural",
    cite: str = "",
    join_m: float = JOIN_M,
) -> RoadTables:
    """Return road tables of a layer of lines.

    Parameters
    ----------
    source : GeoDataFrame or path
        LineStrings with a CRS; a file that geopandas reads.
    mapping : mapping, optional
        Column of the road table (`ROAD_LINKS`) to column of the layer, where the names differ. `highway` must be
        there; a line without `oneway` is open both ways; absent speeds come from ``highway_speeds.csv`` by class,
        absent lengths are geodesic.
    area : {"rural", "urban"}
        Where the layer has no such column.
    cite : str
        `source` of rows that have none, e.g. ``"[osm] extract of 2024-05"``.
    join_m : float
        Ends nearer than this are one node.

    Raises
    ------
    InputError
        ``missing_file``, ``unreadable_file``, ``missing_crs``, ``missing_column``, ``no_features``, ``not_a_line``,
        ``bad_coordinates``, ``unknown_value`` and those of the table schema, all at once.
    """
    frame, label = _open_layer(source)
    issues = _check_layer(frame, mapping or {}, label)
    if has_errors(issues):
        raise InputError(issues)
    frame = frame.to_crs(WGS84).reset_index(drop=True)
    lines = shapely.force_2d(frame.geometry.to_numpy())
    parts, feature = shapely.get_parts(lines, return_index=True)
    issues += _check_lines(lines, label)
    if has_errors(issues):
        raise InputError(issues)
    raw = _collect_columns(frame, mapping or {}, {"area": area, "source": cite})
    raw, found = _interpret(raw, label)
    issues += found
    raw = raw.iloc[feature].reset_index(drop=True)
    raw["link_id"] = _name_parts(raw["link_id"].tolist(), feature)
    coords, owner = shapely.get_coordinates(parts, return_index=True)
    drawn_m = compute_line_lengths_m(coords, owner, len(parts))
    issues += _fill_lengths(raw, drawn_m, label)
    nodes, tail, head = _join_ends(coords, owner, len(parts), join_m)
    raw["from_node_id"], raw["to_node_id"] = tail, head
    backward = raw.pop("backward").to_numpy(dtype=bool)
    raw.loc[backward, ["from_node_id", "to_node_id"]] = raw.loc[backward, ["to_node_id", "from_node_id"]].to_numpy()
    links, found = check_table(raw, ROAD_LINKS, file=label)
    issues += found
    if has_errors(issues):
        raise InputError(issues)
    shapes = build_shapes(links["link_id"], coords, owner, backward)
    columns = [*ROAD_LINKS.names(), "kind"]
    return RoadTables(nodes, links[columns], shapes, issues)


def compute_line_lengths_m(
    coords: npt.NDArray[np.float64], owner: npt.NDArray[np.int64], n: int
) -> npt.NDArray[np.float64]:
    """Return geodesic lengths on WGS84 (Karney 2013) of n lines given as stacked lon, lat rows, metres."""
    geod = pyproj.Geod(ellps="WGS84")
    same = owner[1:] == owner[:-1]
    start, end = coords[:-1][same], coords[1:][same]
    _, _, step = geod.inv(start[:, 0], start[:, 1], end[:, 0], end[:, 1])
    return np.bincount(owner[1:][same], weights=np.asarray(step, dtype=np.float64), minlength=n).astype(np.float64)


def build_shapes(
    link_ids: Sequence[str] | pd.Series[str],
    coords: npt.NDArray[np.float64],
    owner: npt.NDArray[np.int64],
    backward: npt.NDArray[np.bool_] | None = None,
) -> pd.DataFrame:
    """Return the shapes table of lines with more than two points, in the direction of the link."""
    counts = np.bincount(owner, minlength=len(link_ids))
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    seq = np.arange(len(owner)) - starts[owner]
    if backward is not None:
        flip = backward[owner]
        seq = np.where(flip, counts[owner] - 1 - seq, seq)
    keep = counts[owner] > 2
    table = pd.DataFrame(
        {
            "link_id": np.asarray(link_ids, dtype=object)[owner[keep]],
            "seq": seq[keep].astype(np.int64),
            "lon": coords[keep, 0],
            "lat": coords[keep, 1],
        }
    ).astype({"link_id": "str"})
    order = np.lexsort((table["seq"].to_numpy(), owner[keep]))
    return table.iloc[order].reset_index(drop=True)


def _open_layer(source: gpd.GeoDataFrame | Path | str) -> tuple[gpd.GeoDataFrame, str]:
    import geopandas as gpd

    if isinstance(source, gpd.GeoDataFrame):
        return source, "roads"
    path = Path(source)
    if not path.exists():
        raise InputError(Issue("missing_file", "error", "no such file", file=str(path)))
    try:
        is_parquet = path.suffix in (".parquet", ".geoparquet")
        return (gpd.read_parquet(path) if is_parquet else gpd.read_file(path)), path.name
    except Exception as error:  # drivers raise what they like
        hint = "a GeoPackage, GeoJSON, Shapefile or GeoParquet layer of lines is expected"
        message = f"the layer cannot be read: {str(error)[:160]}"
        raise InputError(Issue("unreadable_file", "error", message, file=path.name, hint=hint)) from error


def _check_layer(frame: gpd.GeoDataFrame, mapping: Mapping[str, str], label: str) -> list[Issue]:
    issues = []
    if not len(frame):
        issues.append(Issue("no_features", "error", "the layer has no features", file=label))
    if frame.crs is None:
        hint = 'set it, e.g. frame.set_crs("EPSG:4326"); Chinese web maps use GCJ-02, which is none'
        issues.append(Issue("missing_crs", "error", "the layer does not say its CRS", file=label, hint=hint))
    for target, column in mapping.items():
        if target not in (*_COLUMNS,):
            hint = f"known columns: {', '.join(_COLUMNS)}"
            issues.append(Issue("unknown_column", "error", "no such road column", label, None, target, None, hint))
        elif column not in frame.columns:
            hint = f"the layer has: {', '.join(map(str, frame.columns[:20]))}"
            issues.append(Issue("missing_column", "error", "no such column", label, None, column, None, hint))
    if "highway" not in mapping and "highway" not in frame.columns:
        hint = 'name the column of road classes: mapping={"highway": ...}'
        issues.append(Issue("missing_column", "error", "no road class", label, None, "highway", None, hint))
    return issues


def _check_lines(lines: npt.NDArray[np.object_], label: str) -> list[Issue]:
    kinds = shapely.get_type_id(lines)
    wrong = np.flatnonzero(~np.isin(kinds, (1, 5)) | shapely.is_empty(lines) | shapely.is_missing(lines))
    notice = Notice(
        "not_a_line", "error", label, "geometry", "the feature is not a line", "value: number of the feature"
    )
    issues = notice.list_values(wrong.tolist())
    west, south, east, north = shapely.bounds(lines).T
    with np.errstate(invalid="ignore"):
        bad = ~((west >= -180) & (east <= 180) & (south >= -90) & (north <= 90)) & ~shapely.is_empty(lines)
    far = np.flatnonzero(bad & ~shapely.is_missing(lines))
    hint = "lon and lat swapped? value: number of the feature"
    outside = Notice("bad_coordinates", "error", label, "geometry", "coordinates are no degrees", hint)
    return issues + outside.list_values(far.tolist())


def _collect_columns(frame: gpd.GeoDataFrame, mapping: Mapping[str, str], constant: Mapping[str, str]) -> pd.DataFrame:
    """Return the known columns as stripped strings, "" where absent."""
    raw = {}
    for name in _COLUMNS:
        column = mapping.get(name, name)
        if column in frame.columns:
            values = [_as_text(v) for v in frame[column]]
            raw[name] = [v or constant.get(name, "") for v in values]
        else:
            raw[name] = [constant.get(name, "")] * len(frame)
    if not any(raw["link_id"]):
        raw["link_id"] = [f"r{number}" for number in range(1, len(frame) + 1)]
    return pd.DataFrame(raw, dtype="str")


def _as_text(value: Any) -> str:  # noqa: ANN401 - a cell of any layer
    if isinstance(value, (list, tuple, np.ndarray)):
        return ";".join(_as_text(v) for v in value)
    if value is None or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return ""
    if isinstance(value, (bool, np.bool_)):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _interpret(raw: pd.DataFrame, label: str) -> tuple[pd.DataFrame, list[Issue]]:
    """Turn OSM words into the table's: class and kind, direction, speed, flags."""
    issues: list[Issue] = []
    classes = [split_highway(v) for v in raw["highway"]]
    unknown = [v for v, (c, _) in zip(raw["highway"], classes, strict=True) if c not in HIGHWAY_CLASSES]
    hint = f"use one of {', '.join(HIGHWAY_CLASSES)} (or a _link), through a column of your own"
    notice = Notice("unknown_value", "error", label, "highway", "not a road class", hint)
    issues += notice.list_values(list(dict.fromkeys(unknown)))
    # No implied direction: other layers than OSM draw a motorway once for both.
    ways = [parse_oneway({"oneway": value}) for value in raw["oneway"]]
    speeds, odd = [], []
    for value, (highway, kind) in zip(raw["maxspeed_kmh"], classes, strict=True):
        speed, understood = parse_maxspeed(value)
        odd += [] if understood else [value]
        speeds.append(speed if speed is not None else find_default_kmh(highway, kind))
    hint = "km/h without a unit, or 'mph'; the default of the class is taken"
    notice = Notice("bad_maxspeed", "warning", label, "maxspeed_kmh", "the speed is not understood", hint)
    issues += notice.list_values(list(dict.fromkeys(odd)))
    changes = {
        "highway": [c for c, _ in classes],
        "kind": [k for _, k in classes],
        "oneway": ["0" if w == 0 else "1" for w in ways],
        "backward": [w == -1 for w in ways],
        "maxspeed_kmh": ["" if s is None else str(s) for s in speeds],
        "toll": ["1" if v.lower() in ("1", "yes", "true") else "0" for v in raw["toll"]],
    }
    return raw.assign(**changes), issues


def _name_parts(link_ids: Sequence[str], feature: npt.NDArray[np.int64]) -> list[str]:
    """Return ids of the parts of features: id for the first line of a feature, then id.2, id.3."""
    part = np.arange(len(feature)) - np.searchsorted(feature, feature) + 1
    return [i if p == 1 else f"{i}.{p}" for i, p in zip(link_ids, part, strict=True)]


def _fill_lengths(raw: pd.DataFrame, drawn_m: npt.NDArray[np.float64], label: str) -> list[Issue]:
    stated = pd.to_numeric(raw["length_m"].where(raw["length_m"] != ""), errors="coerce").to_numpy(dtype=np.float64)
    short = np.flatnonzero(stated < drawn_m * SHORT_SHARE)
    message = "the stated length is shorter than the drawn line"
    notice = Notice(
        "length_too_short", "warning", label, "length_m", message, "value: link_id; check the unit (metres)"
    )
    empty = (raw["length_m"] == "").to_numpy()
    raw["length_m"] = raw["length_m"].where(~empty, pd.Series([f"{v:.2f}" for v in drawn_m], index=raw.index))
    return notice.list_values(raw["link_id"].iloc[short].tolist())


def _join_ends(
    coords: npt.NDArray[np.float64], owner: npt.NDArray[np.int64], n: int, join_m: float
) -> tuple[pd.DataFrame, list[str], list[str]]:
    """Return the nodes table and the node ids at both ends of each line."""
    counts = np.bincount(owner, minlength=n)
    last = np.cumsum(counts) - 1
    first = last - counts + 1
    ends = coords[np.concatenate([first, last])]
    # On the sphere as points in space, so that neither grid lines nor the date line split a node.
    pairs = cKDTree(to_space(ends[:, 0], ends[:, 1])).query_pairs(join_m, output_type="ndarray")
    graph = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(2 * n, 2 * n))
    _, label = connected_components(graph, directed=False)
    _, first_seen, number = np.unique(label, return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(first_seen))[number]
    chosen = np.sort(first_seen)
    table = pd.DataFrame({"node_id": [f"n{i + 1}" for i in range(len(chosen))]})
    for column in ROAD_NODES.names():
        if column not in ("node_id", "lon", "lat"):
            table[column] = ""
    table["lon"], table["lat"] = ends[chosen, 0], ends[chosen, 1]
    table["kind"] = "junction"
    ids = table["node_id"].to_numpy()[rank]
    return table[ROAD_NODES.names()].astype({"node_id": "str"}), ids[:n].tolist(), ids[n:].tolist()
