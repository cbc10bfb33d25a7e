"""The commands that bring railways, stations and outlines in, and downloads by box and name."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.cli.import_runner import run
from tests.gtfs.feeds import write_feed
from tests.minipack import GTFS
from tests.roads.test_osm_outlines import town
from tests.roads.test_osm_rail import NODES, RAIL, STATIONS, WAYS, near
from tests.roads.test_osm_roads import draw
from tests.roads.test_overpass import PLACE, Reply, good, serve
from transit_model.domain.datum import wgs84_to_gcj02


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRANSIT_MODEL_CACHE", str(tmp_path / "cache"))


def test_railways_are_matched_with_the_timetable_of_the_folder(tmp_path: Path) -> None:
    # minipack: west-station 西城站, mid-station 中县站, east-station 东城站
    region = tmp_path / "region"
    write_feed(region / "gtfs", GTFS)
    tagged = {1: {"railway": "station", "name": "西城"}, 6: {"railway": "halt", "name": "旗下营"}}
    path = draw(tmp_path, {**NODES, 1: (2.0, 80.0)}, WAYS, tagged=tagged)
    text = run("rail", path, "-o", region, "--lang", "en")
    assert "2 stations" in text
    assert "accepted 1, to review 0, unmatched" in text
    with (region / "rail" / "station_review.csv").open(encoding="utf-8") as file:
        rows = {r["stop_id"]: r for r in csv.DictReader(file)}
    assert (rows["west-station"]["status"], rows["west-station"]["osm_id"]) == ("accepted", "n1")
    assert rows["mid-station"]["status"] == "unmatched"
    result = json.loads(run("rail", path, "-o", region, "--format", "json"))
    assert result["rail"]["matched"]["accepted"] == 1
    assert run("rail", path, "-o", region, "--format", "csv").startswith("stop_id,stop_name,status,osm_id")
    lines = json.loads((region / "rail" / "lines.geojson").read_text(encoding="utf-8"))["features"]
    assert lines[0]["properties"]["name"] == "京包线"


def test_stations_of_a_map_place_the_trains_of_a_table(tmp_path: Path) -> None:
    """``rail/stations.csv`` is a station table: a planner types no coordinates."""
    path = draw(tmp_path, near(NODES), [([1, 2, 3], RAIL)], tagged={1: STATIONS[1], 6: STATIONS[6]})
    region = tmp_path / "region"
    run("rail", path, "-o", region)
    (tmp_path / "trains.csv").write_text(
        "车次,站名,到时,发时\nD1,呼和浩特,,08:00\nD1,旗下营,09:00,\n", encoding="utf-8"
    )
    words = ("--stations", region / "rail" / "stations.csv", "--valid", "2025-01-05:2025-07-10", "-o", region)
    assert "1 trains, 2 stops" in run("trains", tmp_path / "trains.csv", *words)


def test_outlines(tmp_path: Path) -> None:
    region = tmp_path / "region"
    assert "3 outlines" in run("outlines", town(tmp_path), "-o", region, "--lang", "en")
    features = json.loads((region / "county_outlines.geojson").read_text(encoding="utf-8"))["features"]
    assert [f["properties"]["name_zh"] for f in features] == ["西县", "东县", "中县"]
    before = (region / "county_outlines.geojson").read_bytes()
    assert "no_outlines" in run("outlines", town(tmp_path), "--level", "9", "-o", region, code=2)
    assert (region / "county_outlines.geojson").read_bytes() == before


def test_one_command_for_all_layers(tmp_path: Path) -> None:
    path = draw(tmp_path, NODES, WAYS, tagged=STATIONS)
    text = run("osm", path, "-o", tmp_path / "region", "--lang", "zh")
    assert "道路 1 段" in text
    assert "车站" in text
    assert "no_outlines" in text  # said, and no reason to stop
    assert (tmp_path / "region" / "roads" / "links.csv").is_file()
    assert (tmp_path / "region" / "rail" / "stations.csv").is_file()
    result = json.loads(run("osm", path, "-o", tmp_path / "region", "--format", "json"))
    assert result["outlines"] is None
    assert result["rail"]["stations"] == {"halt": 1, "station": 2, "subway": 1}
    broken = tmp_path / "broken.osm.pbf"
    broken.write_bytes(b"no map")
    assert "bad_osm" in run("osm", broken, "-o", tmp_path / "region", code=2)


def test_a_box_is_downloaded_and_said(tmp_path: Path) -> None:
    with serve(lambda query, _: good(query)) as (address, seen):
        words = ("roads", "--overpass", "111,40,112,40.5", "--mirror", address, "-o", tmp_path / "region")
        text = run(*words)
        assert "tile 2/2" in text
        assert "2 tiles from 127.0.0.1" in text
        run(*words)
        assert len(seen) == 2
    report = json.loads((tmp_path / "region" / "roads" / "import.json").read_text(encoding="utf-8"))
    assert "from the cache, fetched 20" in report["fetched"][0]


def test_a_place_is_downloaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("osmnx._nominatim.time.sleep", lambda _: None)

    def answer(query: str, _: int) -> Reply:
        return (200, {}, json.dumps([PLACE]).encode()) if query == "甲县" else good(",111.5)")

    with serve(answer) as (address, seen):
        words = ("--mirror", address, "--nominatim", address, "--tile", "1", "--format", "json")
        result = json.loads(run("osm", "--place", "甲县", *words, "-o", tmp_path / "region"))
        assert seen[0] == "甲县"
        assert 'relation["boundary"' in seen[1]
    assert result["fetched"][0] == "甲县: 甲县, 内蒙古自治区, 中国"
    assert result["roads"]["links"] > 0
    assert "no_railways" in [i["code"] for i in result["issues"]]


def test_a_layer_is_checked_against_a_map(tmp_path: Path) -> None:
    import geopandas as gpd
    from shapely import LineString

    x, y = wgs84_to_gcj02([111.01, 111.02, 111.03], [40.0, 40.0, 40.0])
    lines = [LineString(zip(x[i : i + 2], y[i : i + 2], strict=True)) for i in (0, 1)]
    layer = tmp_path / "survey.gpkg"
    gpd.GeoDataFrame({"highway": ["primary"] * 2}, geometry=lines, crs="EPSG:4326").to_file(layer)
    path = draw(tmp_path, NODES, [([1, 2, 3], {"highway": "primary"})])
    text = run("roads", layer, "--reference", path, "-o", tmp_path / "region")
    assert "datum_mixed_up" in text
    assert "declare datum: gcj02" in text
    text = run("roads", layer, "--reference", path, "--datum", "gcj02", "-o", tmp_path / "region")
    assert "datum_mixed_up" not in text
    assert "wgs84 0 m" in text
    result = json.loads(run("roads", layer, "--reference", path, "-o", tmp_path / "r", "--format", "json"))
    assert result["residual_m"]["gcj02"] == 0
    assert "unknown_datum" in run("roads", layer, "--datum", "xian80", "-o", tmp_path / "r", code=2)


def test_stations_in_the_datum_of_a_web_map(tmp_path: Path) -> None:
    names = [f"第{i}镇" for i in range(1, 7)]
    nodes = {i: (10.0 * i, 5.0 * i) for i in range(1, 7)}
    tagged = {i: {"railway": "station", "name": name} for i, name in enumerate(names, start=1)}
    region = tmp_path / "region"
    run("rail", draw(tmp_path, nodes, [([1, 2, 3, 4, 5, 6], RAIL)], tagged=tagged), "-o", region)
    x, y = wgs84_to_gcj02([111 + p[0] / 100 for p in nodes.values()], [40 + p[1] / 100 for p in nodes.values()])
    rows = "".join(f"{n},{a:.6f},{b:.6f}\n" for n, a, b in zip(names, x, y, strict=True))
    (tmp_path / "stations.csv").write_text(f"站名,经度,纬度\n{rows}", encoding="utf-8")
    table = "车次,站名,到时,发时\nD1,第1镇,,08:00\nD1,第6镇,09:00,\n"
    (tmp_path / "trains.csv").write_text(table, encoding="utf-8")
    words = ("--stations", tmp_path / "stations.csv", "--valid", "2025-01-05:2025-07-10", "-o", region)
    text = run("trains", tmp_path / "trains.csv", *words)
    assert "datum_mixed_up" in text
    assert "declare datum: gcj02" in text
    assert "datum_mixed_up" not in run("trains", tmp_path / "trains.csv", *words, "--datum", "gcj02")
