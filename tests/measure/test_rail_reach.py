"""The national travel circle on a table of three trains, by hand; and on all trains of a country, where they are."""

from __future__ import annotations

import csv
import gzip
import json
import sys
import time
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tests.tools.command import Answer, run_command
from transit_model.errors import InputError
from transit_model.gtfs.train_table import read_train_table
from transit_model.measure.rail_reach import RailTimetable, guess_cities, read_cities

TRAINS = """\
train,station,arrive,depart
G1,甲,,08:00
G1,乙,09:00,09:02
G1,丙,10:30,
G3,乙,,09:20
G3,丁东,10:50,
G5,甲,,12:00
G5,丙,14:00,
"""
"""甲 to 乙 60 min; to 丙 150 by G1, 120 by G5; to 丁东 by G1 and, after 20 min at 乙, G3: 08:00 to 10:50 = 170."""
STATIONS = "name,lon,lat\n甲,111,40\n乙,112,40\n丙,113,40\n丁东,113,41\n"
CITIES = "station,city,population\n乙,乙市,500000\n丙,丙市,300000\n丁东,丁市,\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("trains", TRAINS), ("stations", STATIONS), ("cities", CITIES)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def _ask(folder: Path, line: str) -> Answer:
    return run_command("reach", *line.split(), cwd=folder)


def test_fastest_and_typical_by_hand(folder: Path) -> None:
    feed, _ = read_train_table(folder / "trains.csv", None, valid=(date(2024, 1, 1), date(2024, 1, 1)))
    timetable = RailTimetable(feed, window=(7 * 3600, 8 * 3600 + 60))
    found = timetable.compute_reach(timetable.find_station("甲站"))
    minutes = {r["to"]: (r["fastest_min"], r["typical_min"]) for r in found.list_rows([60, 120, 180])}
    # who leaves at one of the 61 minutes 07:00 .. 08:00 waits 60 .. 0, half an hour in the middle
    assert minutes == {"乙": (60.0, 90.0), "丙": (120.0, 180.0), "丁东": (170.0, 200.0)}
    rings = {(r["reading"], r["cutoff_min"]): (r["stations"], r["cities"]) for r in found.list_rings([60, 120, 180])}
    assert rings[("fastest", 60)] == (1, 1)
    assert rings[("fastest", 120)] == (2, 2)
    assert rings[("fastest", 180)] == (3, 3)
    assert rings[("typical", 180)] == (2, 2)
    assert found.links.tolist() == [[0, 1], [0, 2], [1, 2], [1, 3]]


def test_what_is_beyond_the_limit_is_left_out(folder: Path) -> None:
    feed, _ = read_train_table(folder / "trains.csv", None, valid=(date(2024, 1, 1), date(2024, 1, 1)))
    timetable = RailTimetable(feed)
    found = timetable.compute_reach(timetable.find_station("甲"), limit_s=150 * 60)
    assert [r["to"] for r in found.list_rows([150])] == ["乙", "丙"]
    # 丁东 is where trains end: nothing leaves from there
    assert timetable.compute_reach(timetable.find_station("丁东")).list_rows([180]) == []


def test_cities_by_the_names_of_stations() -> None:
    names = ["北京", "北京南", "广州南", "广州北", "海东", "上海虹桥", "陕西"]
    # 海东 and 陕西 have one side only, and no station 海 or 陕
    assert guess_cities(names) == ["北京", "北京", "广州", "广州", "海东", "上海虹桥", "陕西"]


def test_people_come_from_a_table(folder: Path) -> None:
    done = _ask(folder, "--trains trains.csv --from 甲 --cities cities.csv --format json")
    assert done.returncode == 0, done.printed
    answer = json.loads(done.stdout)
    assert answer["schema"] == 1
    assert answer["cities_assumed"] is False
    people = {(r["reading"], r["cutoff_min"]): (r["people"], r["cities_without_people"]) for r in answer["rings"]}
    assert people[("fastest", 60.0)] == (500_000, 0)
    assert people[("fastest", 180.0)] == (800_000, 1)  # nobody says how many live in 丁
    assert answer["rows"][0]["city"] == "乙"
    without = json.loads(_ask(folder, "--trains trains.csv --from 甲 --format json").stdout)
    assert {r["people"] for r in without["rings"]} == {None}


def test_tables_files_and_hints(folder: Path) -> None:
    table = _ask(folder, "--trains trains.csv --from jia --lang zh")  # 甲 by pinyin
    assert "乙" in table.stdout
    assert "按站名推断" in table.stdout
    assert _ask(folder, "--trains trains.csv --from 甲 -o rows.xlsx --lang zh").returncode == 0
    assert openpyxl.load_workbook(folder / "rows.xlsx").sheetnames == ["车站", "圈层"]
    unknown = json.loads(_ask(folder, "--trains trains.csv --from 丁 --format json").stdout)["issues"][0]
    assert (unknown["code"], "丁东" in unknown["hint"]) == ("unknown_station", True)
    assert _ask(folder, "--trains trains.csv --from 甲 --scenario built-2025").returncode == 2
    no_places = _ask(folder, "--trains trains.csv --from 甲 -o map.html")
    assert no_places.returncode == 2
    assert "no_coordinates" in no_places.stderr
    assert not (folder / "map.html").exists()


def test_the_map_needs_no_network(folder: Path) -> None:
    done = _ask(folder, "--trains trains.csv --stations stations.csv --from 甲 -o map.html --lang en")
    assert done.returncode == 0, done.printed
    page = (folder / "map.html").read_text(encoding="utf-8")
    assert "甲: by rail in 60, 120, 180 min" in page
    assert "guessed by the names" in page
    assert "https://" not in page.replace("https://leafletjs.com", "").split("<header>")[1].split("<script>")[0]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("name,people\n乙,1\n", "missing_column"),
        ("city,population\n乙,many\n", "bad_value"),
        ("city,population\n乙,1\n乙市,2\n", "two_values"),
    ],
)
def test_wrong_tables_of_cities(folder: Path, text: str, code: str) -> None:
    (folder / "cities.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_cities(folder / "cities.csv")
    assert [i.code for i in caught.value.issues] == [code]


def test_a_region_says_what_od_says() -> None:
    rows = json.loads(run_command("reach", "--from", "hohhot-east", "--format", "json").stdout)["rows"]
    mine = {r["to_id"]: (r["fastest_min"], r["typical_min"]) for r in rows}
    line = "od hohhot-east ulanqab-station,baotou-station --mode rail --reading promoter,typical --format json"
    od = {(r["to"], r["reading"]): r["minutes"] for r in json.loads(run_command(*line.split()).stdout)["rows"]}
    for stop in ("ulanqab", "baotou"):
        assert mine[stop] == (od[f"{stop}-station", "promoter"], od[f"{stop}-station", "typical"])


BROKEN = {
    "4e000C550109", "020000K55404", "270000K8842C", "480000K49402", "490000K8780L", "5a0000K328D5", "5f00000K62B2",
    "760000K4520I", "780000K4760V", "6d000S808806",
}  # fmt: skip
"""Trains of the table that have two readings; the import names each."""


@pytest.mark.slow
def test_the_trains_of_a_country(shared_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = shared_data / "rail" / "cn_rail_2023-12-15.csv.gz"
    if not source.is_file():
        pytest.skip("the table of all trains is not beside this checkout")
    with (
        gzip.open(source, "rt", encoding="utf-8") as rows,
        (tmp_path / "trains.csv").open("w", encoding="utf-8") as out,
    ):
        writer = csv.writer(out)
        writer.writerow(["train", "station", "arrive", "depart", "seq", "day_offset"])
        for row in csv.DictReader(rows):
            if row["train_code"] not in BROKEN:
                names = ("train_code", "station_zh", "arrive", "depart", "seq", "day_offset")
                writer.writerow([row[name] for name in names])
    began = time.perf_counter()
    feed, _ = read_train_table(tmp_path / "trains.csv", None, valid=(date(2023, 12, 15), date(2023, 12, 15)))
    read_s = time.perf_counter() - began
    timetable = RailTimetable(feed)
    assert len(timetable.rows) > 3000
    station = timetable.find_station("北京南")
    timetable.compute_reach(station, limit_s=10800)  # compiles
    best_s = min(_clock(timetable, station) for _ in range(3))
    with capsys.disabled():
        sys.stdout.write(f"\nread {read_s:.1f} s, one station to all on both readings {best_s:.3f} s\n")
    found = timetable.compute_reach(station, limit_s=10800)
    minutes = {r["to"]: r["fastest_min"] for r in found.list_rows([60, 120, 180])}
    assert minutes["天津"] == 30  # C trains, 30 min without a stop
    assert 80 <= minutes["济南西"] <= 95
    rings = [r["cities"] for r in found.list_rings([60, 120, 180]) if r["reading"] == "fastest"]
    assert rings == sorted(rings)
    assert rings[-1] > 50


def _clock(timetable: RailTimetable, station: int) -> float:
    began = time.perf_counter()
    timetable.compute_reach(station, limit_s=10800)
    return time.perf_counter() - began
