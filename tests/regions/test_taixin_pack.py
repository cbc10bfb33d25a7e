"""The second shipped pack: the facts that its builder must carry over, read with nothing but the standard library."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

Rows = list[dict[str, str]]
CENSUS = {"Taiyuan": 5_304_061, "Xinzhou": 2_689_668, "Shuozhou": 1_593_444, "Datong": 3_105_591}


@pytest.fixture(scope="module")
def pack(repo: Path) -> Path:
    return repo / "data/taixin"


@pytest.fixture(scope="module")
def rows(pack: Path) -> Callable[[str], Rows]:
    def read(name: str) -> Rows:
        with (pack / name).open(encoding="utf-8", newline="") as handle:
            return list(csv.DictReader(handle))

    return read


def test_prefectures_add_up_to_the_census_to_the_person(rows: Callable[[str], Rows]) -> None:
    people: Counter[str] = Counter()
    for county in rows("counties.csv"):
        people[county["prefecture"]] += int(county["population_2020"])
    assert dict(people) == CENSUS
    settled: Counter[str] = Counter()
    for part in rows("settlements.csv"):
        settled[part["adcode"]] += int(part["persons"])
    assert settled == {c["adcode"]: int(c["population_2020"]) for c in rows("counties.csv")}


def test_every_row_of_the_facts_is_in_the_pack(rows: Callable[[str], Rows]) -> None:
    # The facts, and of our own: the place of Beijing with its street, the road before Xinding Avenue, Beijing Fengtai.
    counts = {"counties.csv": 44, "roads/nodes.csv": 256 + 1, "roads/links.csv": 443 + 2, "stations.csv": 105 + 1}
    counts["rail_lines.csv"] = 25
    assert {name: len(rows(name)) for name in counts} == counts
    kinds = Counter(row["kind"] for row in rows("places.csv"))
    assert (kinds["centre"], kinds["county_seat"], kinds["airport"], kinds["point"]) == (4, 40, 4, 8)
    assert len(rows("timetables/TT2020Q4/trips.txt")) == 319


def test_trains_of_2023_that_are_left_out_call_at_one_known_station(repo: Path, rows: Callable[[str], Rows]) -> None:
    placed = {row["name_zh"] for row in rows("stations.csv") if row["lon"]}
    calls: Counter[str] = Counter()
    with (repo / "data/sources/taixin/rail_services_2023.csv").open(encoding="utf-8", newline="") as handle:
        for call in csv.DictReader(handle):
            calls[call["train_no"]] += call["station_name_zh"] in placed
    assert len(calls) == 420
    kept = {row["trip_short_name"] for row in rows("timetables/TT20231215/trips.txt")}
    assert kept == {number for number, known in calls.items() if known > 1}


def test_the_fastest_train_of_a_pair_is_that_of_the_facts(rows: Callable[[str], Rows]) -> None:
    """``checks/rail_station_pair_times.csv`` was made from the boards; the feed is held against it."""
    names = {row["stop_id"]: row["stop_name"] for row in rows("timetables/TT2020Q4/stops.txt")}
    emu = {row["trip_id"] for row in rows("timetables/TT2020Q4/trips.txt") if row["trip_short_name"][0] in "GDC"}
    trips: dict[str, list[tuple[str, int, int]]] = {}
    for row in rows("timetables/TT2020Q4/stop_times.txt"):
        if row["trip_id"] in emu:
            arrive, depart = (int(t[:2]) * 60 + int(t[3:5]) for t in (row["arrival_time"], row["departure_time"]))
            trips.setdefault(row["trip_id"], []).append((names[row["stop_id"]], arrive, depart))
    fastest: dict[tuple[str, str], int] = {}
    for calls in trips.values():
        for i, (start, _, depart) in enumerate(calls):
            for end, arrive, _ in calls[i + 1 :]:
                fastest[start, end] = min(arrive - depart, fastest.get((start, end), 10_000))
    result = [row for row in rows("checks/rail_station_pair_times.csv") if row["train_type"] == "EMU"]
    assert len(result) > 60
    wrong = [
        (row["from_zh"], row["to_zh"], row["fastest_min"], fastest.get((row["from_zh"], row["to_zh"])))
        for row in result
        if fastest.get((row["from_zh"], row["to_zh"])) != int(float(row["fastest_min"]))
    ]
    assert wrong == []


def test_roads_open_on_their_days(rows: Callable[[str], Rows]) -> None:
    opened = {row["link_id"]: row["opened"] for row in rows("roads/links.csv") if row["opened"]}
    assert opened["taixin_n--shilingguan"] == "2022-09-30"
    assert opened["g59_shuozhou_s--g59_shenchi"] == "2023-03-18"
    assert opened["s50_xilingjing--g55_damang"] == "2024-12-09"
    assert opened["east2_mid--g20_longbai"] == "2020-10-26"
    closed = {row["link_id"]: row["closed"] for row in rows("roads/links.csv") if row["closed"]}
    assert closed == {"xinzhou--dingxiang-old": opened["xinzhou--dingxiang"]}


def test_the_ground_is_cut_to_the_region_and_light(pack: Path) -> None:
    assert sum(path.stat().st_size for path in (pack / "ground").iterdir()) < 500_000

    def points(value: object) -> list[tuple[float, float]]:
        if isinstance(value, list) and value and isinstance(value[0], float):
            return [(value[0], value[1])]
        return [p for item in value for p in points(item)] if isinstance(value, list) else []

    for name in ("rivers", "lakes", "borders"):
        features = json.loads((pack / f"ground/{name}.geojson").read_text(encoding="utf-8"))["features"]
        found = [p for feature in features for p in points(feature["geometry"]["coordinates"])]
        assert found, name
        assert all(110.3 <= lon <= 116.4 and 37.2 <= lat <= 41.2 for lon, lat in found), name


def test_every_source_key_is_known(rows: Callable[[str], Rows]) -> None:
    known = {row["key"] for row in rows("sources.csv")}
    for name in ("places.csv", "counties.csv", "roads/nodes.csv", "roads/links.csv", "stations.csv", "rail_lines.csv"):
        result = {row["source"][1:].split("]")[0] for row in rows(name)}
        assert result <= known, (name, result - known)


def test_rows_from_openstreetmap_are_marked(repo: Path, rows: Callable[[str], Rows]) -> None:
    """Points of the highway graph bear its key, and LICENCES.md names the licence of each table that holds some."""
    result = Counter(row["source"][1:].split("]")[0] for row in rows("roads/nodes.csv"))
    assert result["routrs"] == 110
    licences = (repo / "data/sources/taixin/LICENCES.md").read_text(encoding="utf-8")
    for table in ("road_nodes.csv", "road_shapes.csv", "station_points.csv", "rail_stations.csv"):
        (line,) = [text for text in licences.splitlines() if f"`{table}`" in text]
        assert "ODbL 1.0" in line, table
    listed = {path.name for path in (repo / "data/sources/taixin").iterdir() if path.is_file()} - {"LICENCES.md"}
    assert [name for name in sorted(listed) if f"`{name}`" not in licences] == []
