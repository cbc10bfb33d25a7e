"""Courses from files of a GIS: lengths by hand, datums, and every message. A degree of latitude is 111.195 km."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.scenario.applying import find_issues, town
from tests.scenario.town import free_road_time_s
from tests.scenario.yaml_text import text_of
from transit_model.domain.datum import wgs84_to_gcj02
from transit_model.network.build import REVERSE_SUFFIX
from transit_model.network.model import Network
from transit_model.network.snap import build_course_arrays
from transit_model.pages.view_build import build_basemap
from transit_model.scenario.apply import apply_projects
from transit_model.scenario.base_schema import Project
from transit_model.scenario.course_files import Line
from transit_model.scenario.read_files import read_project

__all__ = ["town"]

DEGREE_KM = 111.195
BENT = [(111.0, 40.0), (111.0, 40.3), (111.2, 40.3)]  # from a north, then east to c
EAST_KM = 16.96  # 0.2 degrees of longitude at 40.3: 0.2 x 111.195 x cos 40.3
ROAD = "highway: trunk\ndesign_speed_kmh: 60\ntoll: false\nroads:\n  - {from: a, to: c, "
RAIL = """\
stations: [{stop_id: sa}, {stop_id: sm}, {stop_id: sb}]
design_speed_kmh: 250
service: {kind: headway, headway_min: 20, first_departure: "06:00", last_departure: "22:00"}
"""


def geojson(points: list[tuple[float, float]], **about: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": about, "geometry": {"type": "LineString", "coordinates": points}}


def project(folder: Path, kind: str, body: str, files: dict[str, Any] | None = None) -> Project:
    (folder / "projects").mkdir(exist_ok=True)
    for name, content in (files or {}).items():
        text = content if isinstance(content, str) else json.dumps(content)
        (folder / "projects" / name).write_text(text, encoding="utf-8")
    path = folder / "projects" / "p.yaml"
    path.write_text(text_of(kind, body), encoding="utf-8")
    found, _, issues = read_project(path)
    assert found is not None
    assert issues == [], [i.as_text() for i in issues]
    return found


def apply(town: Network, one: Project) -> Network:
    return apply_projects(town, [one], road_time_s=free_road_time_s)


def course(more: str = "", datum: str = "wgs84") -> str:
    return f"course: {{file: x.geojson, datum: {datum}{more}}}"


@pytest.mark.parametrize("turned", [False, True])
def test_a_road_takes_its_length_from_its_course(town: Network, tmp_path: Path, turned: bool) -> None:
    points = BENT[::-1] if turned else BENT
    network = apply(town, project(tmp_path, "road_link", ROAD + course() + "}\n", {"x.geojson": geojson(points)}))
    new = network.links[network.links["project_id"] == "p"]
    # 0.3 degrees north, 33.36 km, and 16.96 km east
    assert new["length_m"].tolist() == pytest.approx([(0.3 * DEGREE_KM + EAST_KM) * 1000] * 2, abs=10)
    shape = network.shapes[network.shapes["link_id"] == "p:a--c"].sort_values("seq")
    assert list(zip(shape["lon"], shape["lat"], strict=True)) == BENT  # from a, whichever way it was drawn


def test_a_stated_length_is_checked_and_kept(town: Network, tmp_path: Path) -> None:
    body = ROAD + "length_km: 51, " + course() + "}\n"
    network = apply(town, project(tmp_path, "road_link", body, {"x.geojson": geojson(BENT)}))
    assert network.links.loc[network.links["project_id"] == "p", "length_m"].tolist() == [51_000, 51_000]
    # 50.3 km drawn: 5 % of 60 km are 3 km
    wrong = project(tmp_path, "road_link", body.replace("51", "60"), {"x.geojson": geojson(BENT)})
    (issue,) = (i for i in find_issues(town, wrong) if i.code == "course_length")
    assert "60.0 km are stated, but the course is 50.3 km long" in issue.message
    assert issue.line is not None


def bend(n: int) -> list[tuple[float, float]]:
    """Points north of a: 0.3 degrees in n + 1 steps, the last one is the corner."""
    return [(111.0, 40.0 + 0.3 * (k + 1) / n) for k in range(n)]


def test_thirty_bends_are_one_road_and_no_nodes(town: Network, tmp_path: Path) -> None:
    via = json.dumps(bend(30))
    for more, factor in (("", 1.0), (", detour_factor: 1.1", 1.1)):
        network = apply(town, project(tmp_path, "road_link", ROAD + f"via: {via}{more}}}\n"))
        assert len(network.nodes) == len(town.nodes)
        new = network.links[network.links["project_id"] == "p"]
        assert new["link_id"].tolist() == ["p:a--c", f"p:a--c{REVERSE_SUFFIX}"]
        assert new["length_m"].tolist() == pytest.approx([factor * (0.3 * DEGREE_KM + EAST_KM) * 1000] * 2, abs=10)
        shape = network.shapes[network.shapes["link_id"] == "p:a--c"].sort_values("seq")
        assert list(zip(shape["lon"], shape["lat"], strict=True)) == bend(30)
        rows = np.flatnonzero((network.links["project_id"] == "p").to_numpy())
        ptr, lon, lat = build_course_arrays(network, rows)
        there, back = (list(zip(lon[a:b], lat[a:b], strict=True)) for a, b in pairwise(ptr))
        assert there == [(111.0, 40.0), *bend(30), (111.2, 40.3)] == back[::-1]


def test_bends_and_lengths_that_contradict_each_other(town: Network, tmp_path: Path) -> None:
    via = json.dumps(bend(3))
    wrong = project(tmp_path, "road_link", ROAD + f"via: {via}, length_km: 60}}\n")
    assert [i.code for i in find_issues(town, wrong) if i.severity == "error"] == ["course_length"]
    kept = apply(town, project(tmp_path, "road_link", ROAD + f"via: {via}, length_km: 51}}\n"))
    assert kept.links.loc[kept.links["project_id"] == "p", "length_m"].tolist() == [51_000, 51_000]
    for body, code in (
        (f"via: {via}, {course()}", "course_unclear"),
        (f"via: {via}, length_km: 51, detour_factor: 1.1", "length_unclear"),
        ("via: [[111.0, 95.0]]", "out_of_range"),
    ):
        path = tmp_path / "projects" / "p.yaml"
        path.write_text(text_of("road_link", ROAD + body + "}\n"), encoding="utf-8")
        _, _, issues = read_project(path)
        assert code in [i.code for i in issues], [i.as_text() for i in issues]


def test_a_declared_datum_is_taken_back(town: Network, tmp_path: Path) -> None:
    lon, lat = wgs84_to_gcj02(*np.array(BENT).T)
    shifted = geojson(list(zip(lon.tolist(), lat.tolist(), strict=True)))
    network = apply(town, project(tmp_path, "road_link", ROAD + course(datum="gcj02") + "}\n", {"x.geojson": shifted}))
    shape = network.shapes[network.shapes["link_id"] == "p:a--c"].sort_values("seq")
    assert shape[["lon", "lat"]].to_numpy() == pytest.approx(np.array(BENT), abs=1e-6)


def test_a_railway_takes_its_chainages_from_its_course(town: Network, tmp_path: Path) -> None:
    # sa (111.001, 40.001), sm (111.0, 40.3), sb (111.001, 40.6) beside a line due north along 111.0, with a bend of
    # 0.1 degrees of longitude between sm and sb: 2 x 0.1 x 111.195 x cos 40.45 = 16.92 km more.
    bent = [(111.0, 40.0), (111.0, 40.45), (111.1, 40.45), (111.0, 40.45), (111.0, 40.61)]
    network = apply(town, project(tmp_path, "rail_line", RAIL + course() + "\n", {"x.geojson": geojson(bent)}))
    courses = network.rail_courses
    assert set(courses) == {("sa", "sm"), ("sb", "sm")}
    assert courses["sa", "sm"][0] == pytest.approx((111.0, 40.001), abs=1e-6)
    assert courses["sb", "sm"][-1] == pytest.approx((111.0, 40.3), abs=1e-6)  # the first in the alphabet first
    times = network.feed.stop_times
    out = times[times["trip_id"] == "p:all:out"]
    # By the model at 230 km/h = 63.889 m/s, ramps 186.34 s, x 1.08: 0.299 x 111.195 = 33.247 km take
    # (520.4 + 186.34) x 1.08 = 763.3 s, and 0.3 x 111.195 + 16.92 = 50.28 km (787.0 + 186.34) x 1.08 = 1051.2 s.
    arrive, depart = out["arrival_clock_s"].tolist(), out["departure_clock_s"].tolist()
    assert arrive[1] - depart[0] == pytest.approx(763, abs=1)
    assert arrive[2] - depart[1] == pytest.approx(1051, abs=2)
    rail = build_basemap(network).rail
    assert rail is not None
    drawn = rail[rail["project_id"] == "p"].geometry
    assert max(len(g.coords) for g in drawn) >= 4  # the bend is on the map


def test_stops_of_a_bus_lie_along_its_course(town: Network, tmp_path: Path) -> None:
    body = 'stops: [{node: a}, {node: c}, {node: b}]\nservice: {kind: headway, headway_min: 30, ' \
           'first_departure: "06:30", last_departure: "20:00"}\n'  # fmt: skip
    way = [(111.0, 40.0), (111.2, 40.3), (111.0, 40.6)]
    network = apply(town, project(tmp_path, "bus_line", body + course() + "\n", {"x.geojson": geojson(way)}))
    assert "bus-c" in set(network.feed.stops["stop_id"])
    past = project(tmp_path, "bus_line", body + course() + "\n", {"x.geojson": geojson([way[0], way[2]])})
    assert "course_far" in {i.code for i in find_issues(town, past)}  # c lies 17 km off the straight line


def test_a_geopackage_with_its_layer_and_feature(town: Network, tmp_path: Path) -> None:
    import geopandas as gpd
    from shapely import LineString

    (tmp_path / "projects").mkdir()
    table = gpd.GeoDataFrame(
        {"name": ["old", "new"]}, geometry=[LineString(BENT[:2]), LineString(BENT)], crs="EPSG:4326"
    )
    table.to_crs("EPSG:32649").to_file(tmp_path / "projects" / "x.gpkg", layer="roads", driver="GPKG")
    table.to_file(tmp_path / "projects" / "x.gpkg", layer="more", driver="GPKG")
    where = "course: {file: x.gpkg, datum: wgs84, layer: roads, feature: new}"
    network = apply(town, project(tmp_path, "road_link", ROAD + where + "}\n"))
    new = network.links[network.links["project_id"] == "p"]
    assert new["length_m"].iloc[0] == pytest.approx((0.3 * DEGREE_KM + EAST_KM) * 1000, abs=10)
    for wrong, words in (
        (", layer: roads", "2 layers"),
        ("roads", "there is no layer rods"),
        (", feature: new", "2 features"),
    ):
        body = where.replace(wrong, "" if wrong.startswith(",") else "rods")
        issues = find_issues(town, project(tmp_path, "road_link", ROAD + body + "}\n"))
        assert [words in i.message for i in issues if i.code == "course_unclear"] == [True], body


TWO = {"type": "FeatureCollection", "features": [geojson(BENT, name="one"), geojson(BENT, name="two")]}
PARTS = {"type": "MultiLineString", "coordinates": [BENT[:2], [(111.1, 40.4), (111.2, 40.5)]]}


@pytest.mark.parametrize(
    ("code", "content", "words"),
    [
        ("course_unreadable", "{not json", "no GeoJSON"),
        ("course_unreadable", None, "cannot be read"),
        ("course_unclear", TWO, "there are 2 features"),
        ("course_unclear", [], "there are 0 features"),
        ("course_broken", PARTS, "not one line"),
        ("course_broken", {"type": "Point", "coordinates": [111, 40]}, "Point"),
        ("course_broken", geojson([(5e5, 4e6), (6e5, 4e6)]), "no longitudes"),
        ("course_far", geojson([(111.1, 40.0), (111.2, 40.3)]), "begins 8.5 km"),
    ],
)
def test_files_that_are_no_course(town: Network, tmp_path: Path, code: str, content: Any, words: str) -> None:
    files = {} if content is None else {"x.geojson": content}
    issues = find_issues(town, project(tmp_path, "road_link", ROAD + course() + "}\n", files))
    found = [i for i in issues if i.code == code]
    assert found, [i.as_text() for i in issues]
    assert words in found[0].message
    assert found[0].line is not None


def test_only_files_beside_the_project_are_read(town: Network, tmp_path: Path) -> None:
    for name in ("../x.geojson", "/etc/passwd", "x.shp"):
        issues = find_issues(town, project(tmp_path, "road_link", ROAD + f"course: {{file: {name}, datum: wgs84}}}}\n"))
        assert [i.code for i in issues if i.severity == "error"] == ["course_unreadable"], name


def test_a_course_says_its_datum_and_stations_their_chainages_or_none(tmp_path: Path) -> None:
    def codes(kind: str, body: str) -> set[str]:
        path = tmp_path / "p.yaml"
        path.write_text(text_of(kind, body), encoding="utf-8")
        return {i.code for i in read_project(path)[2]}

    assert "missing_key" in codes("road_link", ROAD + "course: x.geojson}\n")
    assert "unknown_value" in codes("road_link", ROAD + course(datum="wgs72") + "}\n")
    assert "length_unclear" in codes("road_link", ROAD + "detour_factor: 1.2, " + course() + "}\n")
    assert "chainage" in codes("rail_line", RAIL)
    assert "chainage" in codes(
        "rail_line", RAIL.replace("stop_id: sa", "stop_id: sa, chainage_km: 0") + course() + "\n"
    )


def test_stations_in_the_order_of_the_course(town: Network, tmp_path: Path) -> None:
    north = {"x.geojson": geojson([(111.0, 40.0), (111.0, 40.61)])}
    mixed = RAIL.replace("sa}, {stop_id: sm}, {stop_id: sb", "sa}, {stop_id: sb}, {stop_id: sm")
    found = find_issues(town, project(tmp_path, "rail_line", mixed + course() + "\n", north))
    assert [i.code for i in found if i.severity == "error"] == ["course_order"]
    short = {"x.geojson": geojson([(111.0, 40.0), (111.0, 40.5)])}  # ends 0.1 degrees, 11.1 km, before sb
    far = next(i for i in find_issues(town, project(tmp_path, "rail_line", RAIL + course() + "\n", short)))
    assert (far.code, "sb lies 11.1 km" in far.message) == ("course_far", True)


def test_a_point_on_a_line() -> None:
    line = Line(np.array([111.0, 111.0]), np.array([40.0, 41.0]))
    along, far = line.locate(111.01, 40.25)
    assert along == pytest.approx(0.25 * DEGREE_KM * 1000, abs=2)
    assert far == pytest.approx(0.01 * DEGREE_KM * 1000 * np.cos(np.radians(40.25)), abs=1)
