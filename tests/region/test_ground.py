"""The folder ground of a pack: read whole, optional, each mistake named with its file."""

from __future__ import annotations

import json
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest

from tests.minipack import make_minipack_files, write_minipack, write_pack
from tests.region.checking import check_region
from transit_model.domain.ground import SHIELD_KINDS, classify_road_number
from transit_model.errors import has_errors
from transit_model.region.pack import read_region
from transit_model.store.file_hashes import hash_text

NEIGHBOURS = "name_zh,name_en,lon,lat,importance,source\n北京,Beijing,116.4,39.9,1,made\n"
SHIELDS = "ref,lon,lat,kind\nG6,111.5,40.8,national_expressway\n"
COURSES = (
    "from_stop_id,to_stop_id,seq,lon,lat\n"
    "mid-station,west-station,1,111.0,40.81\n"
    "mid-station,west-station,0,111.5,40.6\n"
)
FRAME: dict[str, Any] = {"west": 110.0, "south": 40.0, "east": 113.0, "north": 42.0, "crs": "EPSG:3857"}


def make_png(width: int = 2, height: int = 2) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = b"".join(b"\0" + b"\x80" * width for _ in range(height))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def collect(kind: str, coordinates: object, **properties: object) -> str:
    feature = {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}
    return json.dumps({"type": "FeatureCollection", "features": [feature]}, ensure_ascii=False)


LINE = collect("LineString", [[1, 2], [3, 4]])
BEYOND = collect("LineString", [[1, 2], [3, 95]])


def make_files(**edits: str | bytes | None) -> dict[str, str | bytes]:
    """Files of the mini pack with a ground; a part by the stem of its name is replaced, or left out when None."""
    ground: dict[str, str | bytes | None] = {
        "rivers.geojson": collect("LineString", [[110, 40.2], [113, 40.4]], name_zh="大河", name_en="River", rank=1),
        "lakes.geojson": collect("Polygon", [[[111, 41], [111.1, 41], [111.1, 41.1], [111, 41]]], shore_year=1980),
        "borders.geojson": collect("LineString", [[110, 40], [113, 40]], between_zh="甲–乙", between_en="A-B"),
        "neighbours.csv": NEIGHBOURS,
        "shields.csv": SHIELDS,
        "rail_shapes.csv": COURSES,
        "hillshade.png": make_png(),
        "hillshade.json": json.dumps(FRAME),
    }
    ground |= {name.replace("__", "."): data for name, data in edits.items()}
    files: dict[str, str | bytes] = dict(make_minipack_files())
    return files | {f"ground/{name}": data for name, data in ground.items() if data is not None}


def test_a_ground_is_read_whole(tmp_path: Path) -> None:
    files = make_files()
    assert [i for i in check_region(write_pack(tmp_path, files)) if (i.file or "").startswith("ground")] == []
    ground = read_region(tmp_path).ground
    assert ground is not None
    assert ground.rivers is not None
    assert ground.rivers["features"][0]["properties"]["name_zh"] == "大河"
    assert ground.lakes is not None
    assert ground.borders is not None
    assert ground.neighbours[["name_en", "lon", "importance"]].to_numpy().tolist() == [["Beijing", 116.4, 1]]
    assert ground.shields["ref"].tolist() == ["G6"]
    assert ground.relief is not None
    assert ground.relief.png == files["ground/hillshade.png"]
    assert ground.relief.bounds == (110.0, 40.0, 113.0, 42.0)
    # The rows stand in any order; seq counts.
    assert ground.list_rail_courses() == {("mid-station", "west-station"): [(111.5, 40.6), (111.0, 40.81)]}


def test_a_pack_without_ground_has_none(tmp_path: Path) -> None:
    assert read_region(write_minipack(tmp_path)).ground is None


def test_any_part_may_be_missing(tmp_path: Path) -> None:
    only_shields = {name: None for name in make_files() if name.startswith("ground/") and "shields" not in name}
    ground = read_region(write_pack(tmp_path, {k: v for k, v in make_files().items() if k not in only_shields})).ground
    assert ground is not None
    assert (ground.rivers, ground.relief, len(ground.neighbours), len(ground.shields)) == (None, None, 0, 1)
    assert ground.list_rail_courses() == {}


@pytest.mark.parametrize(
    ("edits", "code", "file", "field"),
    [
        ({"rivers__geojson": "{"}, "bad_geojson", "ground/rivers.geojson", None),
        ({"rivers__geojson": "[]"}, "bad_geojson", "ground/rivers.geojson", None),
        ({"lakes__geojson": LINE}, "bad_geojson", "ground/lakes.geojson", "geometry"),
        ({"borders__geojson": BEYOND}, "bad_geojson", "ground/borders.geojson", "geometry"),
        ({"neighbours__csv": NEIGHBOURS.replace("116.4", "far")}, "not_a_number", "ground/neighbours.csv", "lon"),
        ({"shields__csv": SHIELDS.replace("national_", "royal_")}, "unknown_value", "ground/shields.csv", "kind"),
        ({"rail_shapes__csv": COURSES.replace("mid-", "moon-")}, "unknown_stop", "ground/rail_shapes.csv",
         "from_stop_id"),
        ({"hillshade__png": b"GIF89a"}, "bad_picture", "ground/hillshade.png", None),
        ({"hillshade__png": make_png(0, 3)}, "bad_picture", "ground/hillshade.png", None),
        ({"hillshade__png": None}, "missing_file", "ground/hillshade.png", None),
        ({"hillshade__json": "{}"}, "bad_frame", "ground/hillshade.json", None),
        ({"hillshade__json": json.dumps(FRAME | {"crs": "EPSG:4326"})}, "bad_frame", "ground/hillshade.json", "crs"),
        ({"hillshade__json": json.dumps(FRAME | {"east": 109.0})}, "bad_frame", "ground/hillshade.json", None),
    ],
)  # fmt: skip
def test_each_mistake_is_named(
    tmp_path: Path, edits: dict[str, str | bytes | None], code: str, file: str, field: str | None
) -> None:
    issues = check_region(write_pack(tmp_path, make_files(**edits)))
    assert has_errors(issues)
    assert [(i.code, i.file, i.field) for i in issues if (i.file or "").startswith("ground")] == [(code, file, field)]


def test_an_unknown_station_has_its_line(tmp_path: Path) -> None:
    found = check_region(write_pack(tmp_path, make_files(rail_shapes__csv=COURSES.replace("west-s", "best-s"))))
    (issue,) = [i for i in found if i.code == "unknown_stop" and (i.file or "").startswith("ground")]
    assert (issue.line, issue.field, issue.value) == (2, "to_stop_id", "best-station")


def test_a_heavy_ground_is_a_warning(tmp_path: Path) -> None:
    heavy = SHIELDS + "G6,111.5,40.8,national_expressway\n" * 14_000  # 34 bytes each: 476,000, and the rest
    heavy += "G7,111.5,40.8,national_expressway\n" * 1_000
    issues = check_region(write_pack(tmp_path, make_files(shields__csv=heavy)))
    assert [(i.code, i.severity) for i in issues if i.file == "ground"] == [("heavy_ground", "warning")]


def test_a_picture_is_hashed_as_it_is_and_a_text_without_carriage_returns() -> None:
    assert hash_text(b"a\r\nb") == hash_text(b"a\nb")
    png = make_png()
    assert hash_text(png) != hash_text(png.replace(b"\r\n", b"\n"))


@pytest.mark.parametrize(
    ("ref", "kind"),
    [
        ("G6", "national_expressway"), ("G65", "national_expressway"), ("G5511", "national_expressway"),
        ("S27", "provincial_expressway"), ("G110", "national_highway"), ("S104", "provincial_highway"),
        ("X101", None), ("G6/G7", None), ("", None), ("G", None), ("S1234", None),
    ],
)  # fmt: skip
def test_road_numbers_have_the_shield_of_their_class(ref: str, kind: str | None) -> None:
    assert classify_road_number(ref) == kind
    assert kind is None or kind in SHIELD_KINDS
