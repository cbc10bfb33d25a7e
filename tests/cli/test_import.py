"""The commands that bring data in."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.cli.import_runner import run
from tests.minipack import GTFS
from transit_model.cli.import_commands import cache_app
from transit_model.domain.region import Feed
from transit_model.gtfs.feed import read_gtfs

SMALL = Path(__file__).parent.parent / "roads" / "fixtures" / "small.osm"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRANSIT_MODEL_CACHE", str(tmp_path / "cache"))


def zip_feed(path: Path, **changes: str | None) -> Path:
    files = {**GTFS, **{name.replace("__", "."): text for name, text in changes.items()}}
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            if text is not None:
                archive.writestr(name, text)
    return path


def test_roads_land_in_the_folder_and_in_the_cache(tmp_path: Path) -> None:
    out = tmp_path / "region"
    text = run("roads", SMALL, "-o", out, "--lang", "en")
    assert text.splitlines()[-1] == str(out / "roads")
    assert "6 nodes, 9 links" in text
    assert "dropped: 2 unconnected parts" in text
    first = {p.name: p.read_bytes() for p in (out / "roads").iterdir()}
    assert set(first) == {"nodes.csv", "links.csv", "shapes.csv", "import.json"}
    report = json.loads(first["import.json"])
    assert [part["way"] for part in report["lost_parts"]] == [151, 152]
    again = json.loads(run("roads", SMALL, "-o", out, "--format", "json"))
    assert again["schema"] == 1
    assert again["report"]["links"] == 9
    assert {p.name: p.read_bytes() for p in (out / "roads").iterdir()} == first
    result = json.loads(CliRunner().invoke(cache_app, ["status", "--format", "json"]).output)
    assert result["entries"] == 1
    cleared = CliRunner().invoke(cache_app, ["clear"])
    assert cleared.exit_code == 0
    assert json.loads(CliRunner().invoke(cache_app, ["status", "--format", "json"]).output)["entries"] == 0


def test_roads_as_geoparquet(tmp_path: Path) -> None:
    import geopandas as gpd

    run("roads", SMALL, "-o", tmp_path / "region", "--geoparquet", tmp_path / "roads.parquet")
    frame = gpd.read_parquet(tmp_path / "roads.parquet")
    assert len(frame) == 9
    assert frame.crs == "EPSG:4326"
    lines = (tmp_path / "region" / "roads" / "links.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert frame["link_id"].tolist() == [line.split(",")[0].strip('"') for line in lines]


def test_a_failed_import_leaves_the_old_roads(tmp_path: Path) -> None:
    out = tmp_path / "region"
    run("roads", SMALL, "-o", out)
    before = (out / "roads" / "links.csv").read_bytes()
    broken = tmp_path / "broken.osm.pbf"
    broken.write_bytes(b"not a map")
    assert "bad_osm" in run("roads", broken, "-o", out, code=2)
    assert (out / "roads" / "links.csv").read_bytes() == before


def test_one_source_is_asked_for(tmp_path: Path) -> None:
    assert "one_source" in run("roads", "-o", tmp_path, code=2)
    assert "one_source" in run("roads", SMALL, "--place", "Hohhot", "-o", tmp_path, code=2)
    assert "bad_box" in run("roads", "--overpass", "1,2,3", "-o", tmp_path, code=2)
    assert "unknown_country" in run("roads", SMALL, "--speeds", "xx", "-o", tmp_path, code=2)


def test_own_speeds(tmp_path: Path) -> None:
    shipped = Path("transit_model/roads/highway_speeds.csv")
    table = tmp_path / "speeds.csv"
    text = (Path(__file__).parent.parent.parent / shipped).read_text(encoding="utf-8")
    table.write_text(text.replace("tertiary,road,40,", "tertiary,road,45,"), encoding="utf-8")
    run("roads", SMALL, "--speeds", table, "-o", tmp_path / "region")
    assert ",45,0,rural" in (tmp_path / "region" / "roads" / "links.csv").read_text(encoding="utf-8").replace('"', "")
    table.write_text(text.replace("tertiary,road,40,", "tertiary,road,fast,"), encoding="utf-8")
    assert "speeds.csv:10" in run("roads", SMALL, "--speeds", table, "-o", tmp_path, code=2)


def test_feeds_are_merged(tmp_path: Path) -> None:
    one, two = zip_feed(tmp_path / "one.zip"), zip_feed(tmp_path / "two.zip")
    out = tmp_path / "region"
    assert "12 trips" in run("gtfs", one, two, "-o", out)
    feed: Feed = read_gtfs(out / "gtfs")
    assert {"one:D1", "two:D1"} <= set(feed.trips["trip_id"])
    single: Feed = read_gtfs(one)
    run("gtfs", one, "-o", out)
    again = read_gtfs(out / "gtfs")
    for name in ("stops", "trips", "stop_times", "calendar", "frequencies", "transfers"):
        assert len(getattr(again, name)) == len(getattr(single, name)), name
    columns = ["arrival_clock_s", "departure_clock_s"]
    assert again.stop_times[columns].to_numpy().tolist() == single.stop_times[columns].to_numpy().tolist()


def test_feeds_of_two_time_zones_are_refused(tmp_path: Path) -> None:
    one = zip_feed(tmp_path / "one.zip")
    zone = GTFS["agency.txt"].replace("Asia/Shanghai", "Asia/Ulaanbaatar")
    two = zip_feed(tmp_path / "two.zip", agency__txt=zone)
    assert "different_time_zones" in run("gtfs", one, two, "-o", tmp_path / "region", code=2)
    assert "prefix_count" in run("gtfs", one, one, "--prefix", "a:", "-o", tmp_path / "region", code=2)
    assert "duplicate_key" in run("gtfs", one, one, "-o", tmp_path / "region", code=2)


def test_a_feed_with_mistakes_is_not_written(tmp_path: Path) -> None:
    times = GTFS["stop_times.txt"].replace("D1,08:20:00,08:20:00,east-station", "D1,-1:20:00,08:20:00,nowhere")
    text = run("gtfs", zip_feed(tmp_path / "bad.zip", stop_times__txt=times), "-o", tmp_path / "region", code=2)
    assert "invalid_time" in text
    assert "stop_times.txt" in text
    assert not (tmp_path / "region").exists() or not list((tmp_path / "region").iterdir())


def test_an_archive_that_leaves_its_folder(tmp_path: Path) -> None:
    path = zip_feed(tmp_path / "evil.zip")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("../../evil.txt", "x")
    assert "unsafe_archive_name" in run("gtfs", path, "-o", tmp_path / "region", code=2)


def test_trains(tmp_path: Path) -> None:
    (tmp_path / "trains.csv").write_text("车次,站名,到时,发时\nD1,甲,,08:00\nD1,乙,09:00,\n", encoding="gb18030")
    (tmp_path / "stations.csv").write_text("站名,经度,纬度\n甲,111.6,40.8\n乙,110.9,40.7\n", encoding="utf-8-sig")
    words = ("trains", tmp_path / "trains.csv", "--stations", tmp_path / "stations.csv", "-o", tmp_path / "region")
    assert "bad_date" in run(*words, code=2)
    assert "1 trains, 2 stops" in run(*words, "--valid", "2025-01-05:2025-07-10")
    assert len(read_gtfs(tmp_path / "region" / "gtfs").trips) == 1


def test_no_right_to_write(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    assert "cannot_write" in run("roads", SMALL, "-o", tmp_path / "file", code=2)
    shutil.rmtree(tmp_path / "cache", ignore_errors=True)
