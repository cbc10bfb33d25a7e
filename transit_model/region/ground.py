"""The optional folder ``ground`` of a region pack: rivers, lakes, borders, neighbours, shields, courses, relief."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from transit_model.domain.ground import NEIGHBOURS, RAIL_SHAPES, SHIELDS, Ground, Relief
from transit_model.errors import Issue, has_errors
from transit_model.store.csv_table import check_csv_table
from transit_model.store.csv_text import StringTable

GROUND_FOLDER: Final = "ground"
BUDGET_BYTES: Final = 500_000
"""What the folder may weigh: every map of a study carries most of it."""
_COLLECTIONS: Final = {
    "rivers": ("LineString", "MultiLineString"),
    "lakes": ("Polygon", "MultiPolygon"),
    "borders": ("LineString", "MultiLineString"),
}
_TABLES: Final = {"neighbours": NEIGHBOURS, "shields": SHIELDS, "rail_shapes": RAIL_SHAPES}
_EDGES: Final = ("west", "south", "east", "north")
_MERCATOR: Final = "EPSG:3857"
_MERCATOR_LIMIT: Final = 85.0
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_PNG_HEAD_BYTES: Final = 24


def read_ground(contents: Mapping[str, bytes], stations: pd.DataFrame | None) -> tuple[Ground | None, list[Issue]]:
    """Read the ground of a pack; a pack without the folder has none, and its maps are drawn without.

    Parameters
    ----------
    contents : mapping
        Bytes by path inside the pack.
    stations : DataFrame or None
        Courses of railways must lie between these; None leaves that unchecked.

    Returns
    -------
    Ground or None, list of Issue
        Parts that are unreadable are left out and have an error.
    """
    inside = {name: data for name, data in contents.items() if name.startswith(f"{GROUND_FOLDER}/")}
    if not inside:
        return None, []
    issues: list[Issue] = []
    parts: dict[str, Any] = {}
    for stem, kinds in _COLLECTIONS.items():
        file = f"{GROUND_FOLDER}/{stem}.geojson"
        if file in inside:
            parts[stem], found = _read_collection(inside[file], file, kinds)
            issues += found
    for stem, schema in _TABLES.items():
        file = f"{GROUND_FOLDER}/{stem}.csv"
        if file in inside:
            table, found = check_csv_table(inside[file], schema, file=file, strict=True)
            issues += found
            table = None if has_errors(found) else table
            if table is not None:
                parts[stem] = table.table
            if table is not None and stem == "rail_shapes" and stations is not None:
                issues += _check_courses(table, stations, file)
    parts["relief"], found = _read_relief(inside)
    issues += found
    weight = sum(len(data) for data in inside.values())
    if weight > BUDGET_BYTES:
        message = f"the folder weighs {weight:,} bytes, more than {BUDGET_BYTES:,}; every map carries it"
        hint = "simplify the lines, or give the relief fewer pixels"
        issues.append(Issue("heavy_ground", "warning", message, file=GROUND_FOLDER, hint=hint))
    return Ground(**parts), issues


def _read_collection(data: bytes, file: str, kinds: tuple[str, ...]) -> tuple[Mapping[str, Any] | None, list[Issue]]:
    import shapely
    from shapely.geometry import shape

    try:
        document = json.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, ValueError) as error:
        line = getattr(error, "lineno", None)
        return None, [Issue("bad_geojson", "error", f"the file is not JSON: {error}", file, line)]
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        return None, [Issue("bad_geojson", "error", "the file is not a FeatureCollection", file)]
    for number, feature in enumerate(features, start=1):
        try:
            geometry = shape(feature["geometry"])
            kind, (west, south, east, north) = geometry.geom_type, geometry.bounds
            named = isinstance(feature["properties"], dict)
        except (KeyError, TypeError, ValueError, AttributeError, shapely.errors.ShapelyError):
            kind, named, (west, south, east, north) = "none", False, (0, 0, 0, 0)
        if kind not in kinds or not named:
            message = f"feature {number} needs properties and a geometry that is a {' or '.join(kinds)}"
            return None, [Issue("bad_geojson", "error", message, file, field="geometry", value=kind)]
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            hint = "write longitude, latitude in degrees (WGS84)"
            message = f"feature {number} lies beyond the globe"
            return None, [Issue("bad_geojson", "error", message, file, field="geometry", hint=hint)]
    return document, []


def _check_courses(table: StringTable, stations: pd.DataFrame, file: str) -> list[Issue]:
    known = set(stations["stop_id"])
    issues = []
    for field in ("from_stop_id", "to_stop_id"):
        for stop_id in sorted(set(table.table[field]) - known):
            row = int((table.table[field] == stop_id).to_numpy().argmax())
            message = "a course of a railway ends at a station that stations.csv does not have"
            hint = "build the ground anew after the stations changed"
            issues.append(
                Issue("unknown_stop", "error", message, file, int(table.lines[row]), field, str(stop_id), hint=hint)
            )
    return issues


def _read_relief(inside: Mapping[str, bytes]) -> tuple[Relief | None, list[Issue]]:
    picture, frame = f"{GROUND_FOLDER}/hillshade.png", f"{GROUND_FOLDER}/hillshade.json"
    missing = [name for name in (picture, frame) if name not in inside]
    if len(missing) == 1:
        message = "a relief is a picture hillshade.png and its frame hillshade.json"
        return None, [Issue("missing_file", "error", message, file=missing[0])]
    if missing:
        return None, []
    png = inside[picture]
    if not png.startswith(_PNG) or len(png) < _PNG_HEAD_BYTES or 0 in struct.unpack(">II", png[16:24]):
        return None, [Issue("bad_picture", "error", "the file is not a PNG picture", file=picture)]
    bounds, issues = _read_frame(inside[frame], frame)
    return (None if bounds is None else Relief(png, bounds)), issues


def _read_frame(data: bytes, file: str) -> tuple[tuple[float, float, float, float] | None, list[Issue]]:
    try:
        document = json.loads(data.decode("utf-8"))
        west, south, east, north = (float(document[edge]) for edge in _EDGES)
        crs = document.get("crs")
    except (UnicodeDecodeError, ValueError, KeyError, TypeError, AttributeError) as error:
        message = f"the frame needs the numbers {', '.join(_EDGES)}: {error}"
        return None, [Issue("bad_frame", "error", message, file=file)]
    if crs != _MERCATOR:
        hint = "warp the picture to EPSG:3857; west, south, east, north stay degrees"
        message = "the rows of the picture must be even in Web Mercator"
        return None, [Issue("bad_frame", "error", message, file=file, field="crs", value=str(crs), hint=hint)]
    if not (-180 <= west < east <= 180 and -_MERCATOR_LIMIT <= south < north <= _MERCATOR_LIMIT):
        message = "the frame is empty or lies beyond the map"
        return None, [Issue("bad_frame", "error", message, file=file, value=f"{west},{south},{east},{north}")]
    return (west, south, east, north), []
