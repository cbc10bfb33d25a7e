"""The isochrone command on the mini pack: every kind of rings, every kind of file, every message."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from typer.testing import Result

from tests.study.mini_commands import ask, ask_json, write_mini
from transit_model.cli.isochrone_command import register

ROAD = ("--mode", "road", "--reading", "promoter", "--cell", "2000")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_mini(tmp_path_factory.mktemp("isochrone"))


def run(folder: Path, *arguments: str) -> Result:
    return ask(register, folder, "--scenario", "built", *arguments)


def read(folder: Path, *arguments: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = ask_json(register, folder, "--scenario", "built", *arguments)["rows"]
    return rows


def refuse(folder: Path, *arguments: str) -> list[str]:
    done = run(folder, *arguments, "--format", "json")
    assert done.exit_code == 2, done.output
    return [i["code"] for i in json.loads(done.stdout)["issues"]]


CONTRACT = {"origin", "mode", "reading", "scenario", "cutoff_min", "area_km2", "raster_area_km2", "population"}


def test_rows_keep_the_contract_and_tell_the_gap(folder: Path) -> None:
    rows = read(folder, "--from", "west", *ROAD, "--cutoffs", "20,40,200")
    assert set(rows[0]) >= CONTRACT | {"gap_share", "cut_by_grid", "snap_m", "vehicle", "speeds"}
    assert [r["cutoff_min"] for r in rows] == [20, 40, 200]
    assert all(abs(r["area_km2"] / r["raster_area_km2"] - 1 - r["gap_share"]) < 1e-3 for r in rows)
    # east is 50 min away: 600,000 people of the west within 40, all the million but the zone by 200
    assert rows[1]["population"] < 750_000 < rows[2]["population"] <= 1_020_000


@pytest.mark.parametrize(("lang", "words"), [("zh", ("面积", "两者之差", "公路")), ("en", ("area km²", "gap", "road"))])
def test_a_table_for_people(folder: Path, lang: str, words: tuple[str, ...]) -> None:
    done = run(folder, "--from", "west", *ROAD, "--cutoffs", "40", "--lang", lang)
    assert done.exit_code == 0, done.output
    assert all(word in done.stdout for word in words)


def test_several_places_are_separate_or_joined(folder: Path) -> None:
    apart = read(folder, "--from", "west,east", *ROAD, "--cutoffs", "40")
    assert [r["origin"] for r in apart] == ["west", "east"]
    area = {j: read(folder, "--from", "west,east", *ROAD, "--cutoffs", "40", "--join", j)[0] for j in JOINS}
    assert area["union"]["origin"] == "west+east"
    assert area["union"]["area_km2"] + area["intersection"]["area_km2"] == pytest.approx(
        sum(r["area_km2"] for r in apart), abs=0.5
    )
    both = area["intersection"]["area_km2"] + area["difference"]["area_km2"]
    assert both == pytest.approx(apart[0]["area_km2"], abs=0.5)


JOINS = ("union", "intersection", "difference")


def test_day_return_rows_and_files(folder: Path, tmp_path: Path) -> None:
    # West to East by D1 07:30-08:20; the only train home is D2 at 09:00: no four hours, but a few minutes. By road 50
    # minutes each way at posted speeds leave more than 14 of the 16 hours at east.
    words = ("--from", "west", "--kind", "day-return", "--mode", "road", "--cell", "2000")
    rows = read(folder, *words, "--hours-there", "4,12", "--after", "06:00", "--home-by", "22:00")
    assert [(r["hours_there"], r["cutoff_min"], r["kind"]) for r in rows] == [
        (12, 240, "day_return"), (4, 720, "day_return"),
    ]  # fmt: skip
    assert rows[0]["area_km2"] < rows[1]["area_km2"]
    for suffix in (".geojson", ".gpkg", ".parquet", ".tif", ".html"):
        out = tmp_path / f"day{suffix}"
        done = run(folder, *words, "--lang", "zh", "-o", str(out))
        assert done.exit_code == 0, done.output
        assert done.stdout.split() == [str(out)]
        assert out.stat().st_size > 0
    result = json.loads((tmp_path / "day.geojson").read_text(encoding="utf-8"))
    assert result["features"][0]["properties"]["hours_there"] == 4
    assert "当日往返 06:00-22:00" in (tmp_path / "day.html").read_text(encoding="utf-8")


def test_the_ground_a_scenario_brings_nearer(folder: Path, tmp_path: Path) -> None:
    words = ("--from", "west", *ROAD, "--cutoffs", "45", "--base", "built", "--scenario", "planned")
    rows = {r["change"]: r for r in read(folder, *words)}
    assert set(rows) == {"gained", "lost", "improved", "worsened"}
    # bridge_west and bridge_east: west to east in 42.5 min for 50
    assert rows["gained"]["area_km2"] > 0
    assert rows["lost"]["area_km2"] == rows["worsened"]["area_km2"] == 0
    assert (rows["gained"]["base"], rows["gained"]["scenario"]) == ("built", "planned")
    done = run(folder, *words, "-o", str(tmp_path / "change.tif"))
    assert done.exit_code == 0, done.output
    with rasterio.open(tmp_path / "change.tif") as file:
        assert file.count == 2
    assert run(folder, *words, "-o", str(tmp_path / "change.geojson")).exit_code == 0
    assert len(gpd.read_file(tmp_path / "change.geojson")) == 4
    page = run(folder, *words, "-o", str(tmp_path / "change.html"))
    assert (page.exit_code, "unknown_format" in page.output) == (2, True)
    assert refuse(folder, *words, "-o", str(tmp_path / "change.tif")) == ["option_unused"]


def test_people_from_a_file_of_ones_own(folder: Path, tmp_path: Path) -> None:
    table = tmp_path / "people.csv"
    table.write_text("lon,lat,population\n111.0,40.8,7\n112.0,40.8,5\n", encoding="utf-8")
    rows = read(folder, "--from", "west", *ROAD, "--cutoffs", "20,200", "--population", str(table))
    assert [r["population"] for r in rows] == [7, 12]
    raster = tmp_path / "people.tif"
    with rasterio.open(
        raster, "w", driver="GTiff", width=2, height=1, count=1, dtype="float32", crs="EPSG:4326", nodata=-1,
        transform=rasterio.Affine(1.0, 0, 110.5, 0, -1.0, 41.3),
    ) as file:  # fmt: skip
        file.write(np.array([[[7.0, 5.0]]], dtype=np.float32))
    assert [r["population"] for r in read(folder, "--from", "west", *ROAD, "--cutoffs", "20,200", "--population",
                                          str(raster))] == [7, 12]  # fmt: skip


BAD_PEOPLE = {
    "lon,lat,population\n10.0,40.8,7\n": "population_outside",
    "lon,lat\n111.0,40.8\n": "missing_column",
    'lon,lat,population\n"111.0,40.8,7\n': "csv_parsing_failed",
}


@pytest.mark.parametrize(("text", "code"), BAD_PEOPLE.items())
def test_bad_people_are_issues(folder: Path, tmp_path: Path, text: str, code: str) -> None:
    table = tmp_path / "people.csv"
    table.write_text(text, encoding="utf-8")
    assert refuse(folder, "--from", "west", *ROAD, "--population", str(table)) == [code]
    assert refuse(folder, "--from", "west", *ROAD, "--population", "modell") == ["no_population"]


def test_cells_too_large_are_warned_of_on_stderr_and_in_json(folder: Path) -> None:
    # 20 km/h for 30 min are 10 km: less than 0.7 cells of 20 km
    words = ("--from", "west", "--mode", "road", "--cell", "20000", "--cutoffs", "60")
    done = run(folder, *words, "--format", "csv")
    assert done.exit_code == 0
    assert "reach_below_cell" in done.stderr
    assert "reach_below_cell" not in done.stdout
    result = json.loads(run(folder, *words, "--format", "json").stdout)
    assert [i["code"] for i in result["issues"]] == ["reach_below_cell"]


@pytest.mark.parametrize(("words", "codes"), [
    (("--from", "west", "--kind", "day-return", "--join", "union"), ["options_clash"]),
    (("--to", "west", "--kind", "day-return", "--base", "built"), ["options_clash", "options_clash"]),
    (("--from", "west", "--join", "union", "--base", "built"), ["options_clash"]),
    (("--from", "west", "--kind", "week"), ["unknown_value"]),
    (("--from", "west", "--kind", "day-return", "--hours-there", "four"), ["bad_hours"]),
    (("--from", "west", "--kind", "day-return", "--hours-there", "20"), ["bad_hours"]),
    (("--from", "west", "--kind", "day-return", "--after", "noon"), ["bad_clock"]),
    (("--from", "west", "--kind", "day-return", "--home-by", "05:00"), ["bad_day"]),
    (("--from", "west,east", "--kind", "day-return"), ["one_place"]),
    (("--from", "west", "--join", "union", "--mode", "road"), ["too_few_places"]),
    (("--from", "west", "--to", "east"), ["from_or_to"]),
    (("west", "--to", "east"), ["from_or_to"]),
    (("west", "east"), ["from_or_to"]),
    (("110.5", "40.5"), ["bad_point"]),
    (("--from", "110.5 40.5"), ["bad_point", "known_groups"]),
    (("--from", "west", "--cutoffs", "30,x"), ["bad_cutoff"]),
])  # fmt: skip
def test_mistakes_are_issues(folder: Path, words: tuple[str, ...], codes: list[str]) -> None:
    assert refuse(folder, "--cell", "4000", *words) == codes


def test_a_word_is_the_place_of_from(folder: Path) -> None:
    words = (*ROAD, "--cutoffs", "40")
    assert read(folder, "west", *words) == read(folder, "--from", "west", *words)


def test_several_places_have_no_one_surface_or_page(folder: Path, tmp_path: Path) -> None:
    words = ("--from", "west,east", *ROAD, "--cutoffs", "40")
    for name, code in (("x.tif", "no_surface"), ("x.html", "one_place"), ("x.shp", "unknown_format")):
        done = run(folder, *words, "-o", str(tmp_path / name))
        assert (done.exit_code, code in done.output) == (2, True), done.output
    assert run(folder, *words, "-o", str(tmp_path / "x.gpkg")).exit_code == 0
    assert not list(tmp_path.glob("x.shp*"))
    # joined, they have both
    assert run(folder, *words, "--join", "union", "-o", str(tmp_path / "u.tif")).exit_code == 0
    assert run(folder, *words, "--join", "union", "-o", str(tmp_path / "u.html")).exit_code == 0
    assert "并集" in (tmp_path / "u.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("suffix", ["html", "geojson", "gpkg", "parquet", "tif"])
def test_circles_that_do_not_meet_are_an_empty_file_not_a_crash(folder: Path, tmp_path: Path, suffix: str) -> None:
    # West and east are 50 minutes apart at best: within 5 minutes of both is nowhere.
    words = ["--from", "west,east", "--join", "intersection", *ROAD, "--cutoffs", "5"]
    assert [r["area_km2"] for r in read(folder, *words)] == [0]
    out = tmp_path / f"nowhere.{suffix}"
    done = run(folder, *words, "-o", str(out))
    assert done.exit_code == 0, done.output
    assert out.stat().st_size > 0
    if suffix == "geojson":
        assert gpd.read_file(out).geometry.is_empty.all()


def test_a_mode_that_does_not_run_is_told(folder: Path) -> None:
    done = run(folder, "--from", "west", "--mode", "bus", "--cutoffs", "30", "--lang", "en")
    assert done.exit_code == 0
    assert "no_service: no bus service in this scenario" in done.output
    assert "no_service" not in run(folder, "--from", "west", "--mode", "rail", "--cutoffs", "30").output


@pytest.mark.parametrize(("word", "mode"), [("train", "rail"), ("car", "road"), ("metro", "transit"), ("高铁", "rail")])
def test_other_words_for_modes_are_understood(folder: Path, word: str, mode: str) -> None:
    done = run(folder, "--from", "west", "--mode", word, "--lang", "en")
    assert done.exit_code == 2
    assert f"did you mean {mode}?" in done.output
