"""The ground of the shipped pack: as its builder makes it, light, true to known lengths, without collisions."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
from collections.abc import Callable
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from transit_model.domain.ground import classify_road_number

Rows = list[dict[str, str]]
Read = Callable[[str], Rows]
PARTS = {
    "rivers.geojson", "lakes.geojson", "borders.geojson", "neighbours.csv", "shields.csv", "rail_shapes.csv",
    "hillshade.png", "hillshade.json",
}  # fmt: skip


def great_circle_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    (lon_a, lat_a), (lon_b, lat_b) = a, b
    phi_a, phi_b = math.radians(lat_a), math.radians(lat_b)
    h = math.sin((phi_b - phi_a) / 2) ** 2
    h += math.cos(phi_a) * math.cos(phi_b) * math.sin(math.radians(lon_b - lon_a) / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(h))


@pytest.fixture(scope="session")
def courses(rows: Read) -> dict[tuple[str, str], list[tuple[float, float]]]:
    """Points by the two stations."""
    out: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for row in rows("ground/rail_shapes.csv"):
        out.setdefault((row["from_stop_id"], row["to_stop_id"]), []).append((float(row["lon"]), float(row["lat"])))
    return out


STRAIGHT = {
    # the track graph has a piece of 60 to 110 km as one straight edge there, or ends before
    *{("baiyinchagan", "halt-20"), ("halt-17", "halt-20"), ("halt-17", "halt-18"), ("halt-18", "tumurtai")},
    *{("erlian", "tumurtai"), ("linhe", "urad-front-banner"), ("ordos", "yulin"), ("dongsheng-east", "ordos")},
    *{("beijing-north", "qinghe"), ("qinghe", "zhangjiakou")},
    ("baotou", "kundulunzhao"),  # a curve between two lines is missing: 39 km for 22
    ("huade", "shangdu"),  # neither station has a point of its own
}
"""Neighbouring stations without a course, with the reasons that data/README.md tells."""


def test_all_neighbours_have_a_course_but_those_that_are_told(
    rows: Read, courses: dict[tuple[str, str], list[tuple[float, float]]], repo: Path
) -> None:
    of_name = {r["name_zh"]: r["stop_id"] for r in rows("stations.csv") if r["lon"]}
    lines: dict[str, list[tuple[int, str]]] = {}
    for row in rows("rail_line_stations.csv"):
        if row["station_zh"] in of_name:
            lines.setdefault(row["line_id"], []).append((int(row["seq"]), of_name[row["station_zh"]]))
    pairs = {(min(a, b), max(a, b)) for line in lines.values() for (_, a), (_, b) in pairwise(sorted(line)) if a != b}
    assert len(pairs) == 75
    assert pairs - set(courses) == STRAIGHT
    result = (repo / "data/README.md").read_text(encoding="utf-8")
    assert f"{len(courses)} of {len(pairs)} pairs" in result


def test_the_ground_is_rebuilt_byte_for_byte_from_the_repository_alone(repo: Path, pack: Path, tmp_path: Path) -> None:
    copy = tmp_path / "pack"
    shutil.copytree(pack, copy, ignore=shutil.ignore_patterns("ground", "gtfs"))
    command = [sys.executable, "-B", str(repo / "data/build/ground.py"), pack.name, "--out", str(copy)]
    subprocess.run(command, check=True, timeout=120)
    built = {p.name: p.read_bytes() for p in (copy / "ground").iterdir()}
    committed = {p.name: p.read_bytes() for p in (pack / "ground").iterdir()}
    assert set(built) == PARTS
    assert [name for name in PARTS if built[name] != committed.get(name)] == []


def test_the_ground_is_light(pack: Path) -> None:
    assert sum(p.stat().st_size for p in (pack / "ground").iterdir()) < 500_000
    assert (pack / "ground/hillshade.png").stat().st_size < 60_000  # each map page carries it, a third longer as base64


def test_rivers_and_lakes_have_both_names_and_the_lakes_their_year(pack: Path) -> None:
    rivers = json.loads((pack / "ground/rivers.geojson").read_text(encoding="utf-8"))["features"]
    named = {f["properties"]["name_en"]: f["properties"] for f in rivers if f["properties"]["name_en"]}
    assert (named["Yellow River"]["name_zh"], named["Yellow River"]["rank"]) == ("黄河", 1)
    assert {"Sanggan River", "Fen River", "Wujia River"} <= set(named)
    lakes = json.loads((pack / "ground/lakes.geojson").read_text(encoding="utf-8"))["features"]
    assert {f["properties"]["name_zh"] for f in lakes} >= {"岱海", "黄旗海", "乌梁素海"}
    assert {f["properties"]["shore_year"] for f in lakes} == {1980}


def test_the_yellow_river_flows_between_baotou_and_dalad(rows: Read, pack: Path) -> None:
    place = {r["place_id"]: (float(r["lon"]), float(r["lat"])) for r in rows("places.csv")}
    rivers = json.loads((pack / "ground/rivers.geojson").read_text(encoding="utf-8"))["features"]
    (yellow,) = [f["geometry"] for f in rivers if f["properties"]["name_en"] == "Yellow River"]
    lines = yellow["coordinates"] if yellow["type"] == "MultiLineString" else [yellow["coordinates"]]
    near = [p[1] for line in lines for p in line if 109.8 <= p[0] <= 110.1]
    assert near
    assert place["dalad"][1] < min(near)
    assert max(near) < place["baotou"][1]


def test_neighbours_are_those_that_the_maps_promise(rows: Read) -> None:
    names = {r["name_en"]: r for r in rows("ground/neighbours.csv")}
    wanted = {"Beijing", "Zhangjiakou", "Datong", "Taiyuan", "Yulin", "Yinchuan", "Bayannur", "Xilinhot"}
    assert wanted <= set(names)
    # Hohhot to Beijing is 408 km on the great circle between the city centres (published: about 400).
    beijing = float(names["Beijing"]["lon"]), float(names["Beijing"]["lat"])
    assert great_circle_km((111.67, 40.82), beijing) == pytest.approx(410, abs=8)


def box(lon: float, lat: float, left: float, width: float, height: float) -> tuple[float, float, float, float]:
    """Pixels at zoom 8: the world is 65,536 wide (256 x 2^8)."""
    x = (lon + 180) / 360 * 65_536
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 65_536
    return x + left, y - height / 2, x + left + width, y + height / 2


def test_no_shield_covers_another_or_the_name_of_a_place(rows: Read) -> None:
    shields = {
        (r["ref"], r["lon"]): box(float(r["lon"]), float(r["lat"]), -17, 34, 17) for r in rows("ground/shields.csv")
    }
    named = [*rows("places.csv"), *rows("ground/neighbours.csv")]
    names = {}
    for r in named:
        if r.get("kind", "centre") in ("centre", "alternative_centre", "county_seat"):
            width = 12 + max(15 * len(r["name_zh"]), 7.5 * len(r["name_en"]))
            names[r["name_en"]] = box(float(r["lon"]), float(r["lat"]), -4, width, 17)

    def meet(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
        return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]

    assert len(shields) > 40
    assert [(a, b) for a, b in combinations(shields, 2) if meet(shields[a], shields[b])] == []
    assert [(a, b) for a in shields for b in names if meet(shields[a], names[b])] == []


def test_shields_show_the_class_of_their_number_and_stand_on_its_road(rows: Read) -> None:
    nodes = {r["node_id"]: (float(r["lon"]), float(r["lat"])) for r in rows("roads/nodes.csv")}
    refs: dict[str, set[str]] = {}
    for link in rows("roads/links.csv"):
        for ref in link["ref"].split("/"):
            refs.setdefault(ref, set()).update((link["from_node_id"], link["to_node_id"]))
    shields = rows("ground/shields.csv")
    assert {"G6", "G7", "G65"} <= {r["ref"] for r in shields}
    for row in shields:
        assert row["kind"] == classify_road_number(row["ref"])
        at = float(row["lon"]), float(row["lat"])
        assert min(great_circle_km(at, nodes[n]) for n in refs[row["ref"]]) < 130, row


def test_courses_end_at_their_stations_and_keep_the_tariff_km(
    rows: Read, courses: dict[tuple[str, str], list[tuple[float, float]]]
) -> None:
    at = {r["stop_id"]: (float(r["lon"]), float(r["lat"])) for r in rows("stations.csv") if r["lon"]}
    assert len(courses) > 45
    for (a, b), points in courses.items():
        assert a < b
        assert great_circle_km(points[0], at[a]) < 0.05
        assert great_circle_km(points[-1], at[b]) < 0.05
        assert sum(great_circle_km(p, q) for p, q in pairwise(points)) >= 0.99 * great_circle_km(at[a], at[b])


def test_the_high_speed_line_from_zhangjiakou_is_as_long_as_published(
    courses: dict[tuple[str, str], list[tuple[float, float]]],
) -> None:
    stops = ["zhangjiakou", "huaian", "xinghe-north", "ulanqab", "zhuozi-east", "qixiaying-south", "hohhot-east"]
    pairs = [(min(p), max(p)) for p in pairwise(stops)]
    km = sum(great_circle_km(p, q) for pair in pairs for p, q in pairwise(courses[pair]))
    assert km == pytest.approx(286.8, rel=0.03)  # construction length; thinned lines cut the curves
