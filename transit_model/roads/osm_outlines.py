"""Administrative outlines of an OSM file: boundary relations put together to areas, as GeoJSON.

pyosmium assembles the rings (Topf 2017, libosmium's area assembler); a relation whose ways are not all in the extract
gives no area and is named. Neighbours keep common borders when they are simplified (shapely's coverage simplification).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from transit_model.errors import InputError, Issue
from transit_model.roads.osm_files import check_osm_path, reading
from transit_model.store.notice import Notice

COUNTY_LEVEL = 6
"""Counties, banners and districts of China (OSM wiki, Tag:boundary=administrative, table of admin_level)."""
_CODES = ("ref:GB2260", "ref:gb2260", "gb2260", "ref:adcode", "adcode", "ref:CN", "ref")
_ROUND_DEG = 5  # decimals: 1 m


class OsmOutlines(NamedTuple):
    """Outlines of a file: areas, (n,) shapely geometries in WGS84; a row of properties each; issues."""

    areas: npt.NDArray[np.object_]
    rows: list[dict[str, Any]]
    issues: list[Issue]


def read_osm_outlines(
    path: Path | str, levels: Sequence[int] = (COUNTY_LEVEL,), *, simplify_m: float = 0.0
) -> OsmOutlines:
    """Return the administrative areas of some levels.

    Parameters
    ----------
    path : Path or str
    levels : sequence of int
        Values of ``admin_level``.
    simplify_m : float
        Tolerance of the simplification in metres; 0 keeps every point.

    Raises
    ------
    InputError
        ``missing_file``, ``unknown_format``, ``bad_osm``, ``no_outlines``.
    """
    path = check_osm_path(path)
    wanted = {str(level) for level in levels}
    areas: list[Any] = []
    rows: list[dict[str, Any]] = []
    named: dict[int, str] = {}
    with reading(path):
        import osmium

        boundary = osmium.filter.TagFilter(("boundary", "administrative"))
        for relation in osmium.FileProcessor(str(path), osmium.osm.RELATION).with_filter(boundary):
            if relation.tags.get("admin_level") in wanted:
                named[relation.id] = str(relation.tags.get("name", ""))
        write = osmium.geom.WKBFactory().create_multipolygon
        boundary = osmium.filter.TagFilter(("boundary", "administrative"))
        things: Iterable[Any] = osmium.FileProcessor(str(path)).with_areas(boundary) if named else ()
        for thing in things:
            if not thing.is_area() or thing.from_way() or thing.orig_id() not in named:
                continue
            tags = {t.k: t.v for t in thing.tags}
            try:
                shape = write(thing)
            except RuntimeError:  # rings that do not close give an area without any
                continue
            areas.append(shapely.from_wkb(bytes.fromhex(shape)))
            rows.append(_describe(thing.orig_id(), tags))
            del named[thing.orig_id()]
    hint = "the ways of their borders are not all in the extract; cut a larger one, or take them from elsewhere"
    notice = Notice("incomplete_outline", "warning", path.name, "relation", "the border is not whole; left out", hint)
    issues = notice.list_values([f"{i} {name}".strip() for i, name in sorted(named.items())])
    if not areas:
        message = f"there is no whole administrative area of level {', '.join(sorted(wanted))} in the data"
        raise InputError([*issues, Issue("no_outlines", "error", message, path.name)])
    order = sorted(range(len(areas)), key=lambda i: (rows[i]["admin_level"], rows[i]["osm_relation"]))
    whole = np.array([areas[i] for i in order], dtype=object)
    rows = [rows[i] for i in order]
    return OsmOutlines(_simplify(whole, rows, simplify_m), rows, issues)


def _describe(relation: int, tags: Mapping[str, str]) -> dict[str, Any]:
    name = tags.get("name", "")
    return {
        "adcode": next((tags[k] for k in _CODES if k in tags), ""),
        "name_zh": next((tags[k] for k in ("name:zh", "name:zh-Hans") if k in tags), name),
        "name_en": tags.get("name:en", name),
        "admin_level": int(tags["admin_level"]),
        "osm_relation": relation,
    }


def _simplify(
    areas: npt.NDArray[np.object_], rows: Sequence[Mapping[str, Any]], simplify_m: float
) -> npt.NDArray[np.object_]:
    if simplify_m <= 0:
        return areas
    import geopandas as gpd

    frame = gpd.GeoSeries(areas, crs="EPSG:4326")
    middle = shapely.box(*frame.total_bounds).centroid
    plane = f"+proj=laea +lat_0={middle.y:.4f} +lon_0={middle.x:.4f} +datum=WGS84 +units=m"
    flat = frame.to_crs(plane).to_numpy(dtype=object).copy()
    levels = np.array([r["admin_level"] for r in rows])
    for level in np.unique(levels):  # areas of one level are neighbours, of two they lie over each other
        part = levels == level
        # The tolerance of the method is the root of an area: a triangle of that height and twice that base.
        flat[part] = shapely.coverage_simplify(flat[part], tolerance=simplify_m)
    out: npt.NDArray[np.object_] = gpd.GeoSeries(flat, crs=plane).to_crs("EPSG:4326").to_numpy(dtype=object)
    return out


def write_outlines(outlines: OsmOutlines, path: Path) -> None:
    """Write outlines as the GeoJSON of a region pack, coordinates rounded to a metre, one feature a line."""
    lines = []
    for area, row in zip(outlines.areas, outlines.rows, strict=True):
        shape = json.loads(shapely.to_geojson(shapely.transform(area, lambda p: np.round(p, _ROUND_DEG))))
        lines.append(json.dumps({"type": "Feature", "properties": row, "geometry": shape}, ensure_ascii=False))
    head = {"source": "[osm] © OpenStreetMap contributors, ODbL 1.0"}
    text = f'{{"type": "FeatureCollection", "metadata": {json.dumps(head, ensure_ascii=False)}, "features": [\n'
    path.write_text(text + ",\n".join(lines) + "\n]}\n", encoding="utf-8")
