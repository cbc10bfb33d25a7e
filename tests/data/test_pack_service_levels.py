"""Trains a day and minutes of every pair that was counted from stop lists, counted again from the timetable."""

from __future__ import annotations

import csv
import statistics
from collections.abc import Callable
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.data.test_pack_feed import calls_of, clock_s

Rows = list[dict[str, str]]
Read = Callable[[str], Rows]
BEIJING = "北京(清河/北京北)"
# A call: station, minute of arrival, minute of departure; minutes of the train's first day.
Call = tuple[str, int, int]


@pytest.fixture(scope="session")
def names(rows: Read, pack: Path) -> dict[str, set[str]]:
    """Stations of a name of the table: the main stations of a city (with 市), Beijing's two, else the station."""
    station = {row["stop_id"]: row["name_zh"] for row in rows("stations.csv")}
    centre = {row["place_id"]: row["name_zh"] for row in rows("places.csv")}
    region = YAML(typ="safe").load((pack / "region.yaml").read_text(encoding="utf-8"))
    cities = {f"{centre[key]}市": {station[s] for s in stops} for key, stops in region["main_stations"].items()}
    return {**cities, BEIJING: {"清河", "北京北"}}


@pytest.fixture(scope="session")
def trains(rows: Read) -> dict[str, list[Call]]:
    """Trains of 2023 by number, as the feed has them."""
    station = {row["stop_id"]: row["name_zh"] for row in rows("stations.csv")}
    number = {row["trip_id"]: row["trip_short_name"] for row in rows("timetables/TT20231215/trips.txt")}
    return {
        number[trip]: [
            (station[r["stop_id"]], clock_s(r["arrival_time"]) // 60, clock_s(r["departure_time"]) // 60) for r in calls
        ]
        for trip, calls in calls_of(rows, "TT20231215").items()
        if number[trip]
    }


@pytest.fixture(scope="session")
def source_trains(repo: Path) -> dict[str, list[Call]]:
    """Trains of 2023 by number, as the source lists them, stops beyond the region too."""
    trains: dict[str, list[Call]] = {}
    with (repo / "data/sources/hubaoewu/rail_services_2023.csv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            arrive, depart = (clock_s(f"{row[c]}:00") // 60 if row[c] else None for c in ("arrive", "depart"))
            at = int(row["day_offset"]) * 1440
            first = at + (arrive if arrive is not None else depart or 0)
            last = at + (depart if depart is not None else arrive or 0)
            calls = trains.setdefault(row["train_no"], [])
            calls.append((row["station_name_zh"], first, last + (1440 if last < first else 0)))
    return trains


def best_rides(trains: dict[str, list[Call]], kind: str, start: set[str], end: set[str]) -> list[tuple[int, int]]:
    """Best ride of each train of a kind between two sets of stations: minutes, minute of the day of departure."""
    found = []
    for number, calls in trains.items():
        emu = number[0] in "GDC"
        if kind != "all" and emu != (kind == "EMU"):
            continue
        rides = [
            (b[1] - a[2], a[2] % 1440)
            for i, a in enumerate(calls)
            if a[0] in start
            for b in calls[i + 1 :]
            if b[0] in end
        ]
        if rides:
            found.append(min(rides))
    return found


def clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def test_every_counted_pair_comes_out_of_the_timetable(
    rows: Read, names: dict[str, set[str]], trains: dict[str, list[Call]], source_trains: dict[str, list[Call]]
) -> None:
    levels = [row for row in rows("checks/rail_service_levels.csv") if row["counted"] == "1"]
    assert len(levels) == 192
    for row in levels:
        ends = (names.get(row["from"], {row["from"]}), names.get(row["to"], {row["to"]}))
        for listed in (source_trains, trains):
            rides = best_rides(listed, row["train_class"], *ends)
            departures = sorted(ride[1] for ride in rides)
            counted = (len(rides), min(ride[0] for ride in rides), statistics.median(ride[0] for ride in rides))
            assert counted == (int(row["trains_per_day"]), int(row["fastest_min"]), float(row["typical_min"])), row
            assert (clock(departures[0]), clock(departures[-1])) == (row["first"], row["last"]), row


@pytest.mark.parametrize(
    ("start", "end", "kind", "number", "fastest", "median"),
    [
        ("呼和浩特东", "乌兰察布", "EMU", 25, 36, 39),
        ("呼和浩特", "乌兰察布", "EMU", 11, 40, 49),
        ("呼和浩特", "包头", "EMU", 21, 59, 66),
        ("呼和浩特", "鄂尔多斯", "EMU", 7, 113, 119),
        ("包头", "鄂尔多斯", "EMU", 1, 84, 84),
        ("包头", "鄂尔多斯", "conv", 10, 81, 87.5),
        ("鄂尔多斯", "包头", "conv", 7, 74, 100),
        ("包头", "乌兰察布", "EMU", 11, 104, 120),
        ("鄂尔多斯", "集宁南", "EMU", 2, 198, 202.5),
        ("呼和浩特东", "清河", "EMU", 22, 119, 155),
        ("托克托东", "呼和浩特", "EMU", 4, 40, 41),
        ("准格尔", "呼和浩特", "EMU", 4, 45, 54),
    ],
)
def test_the_new_facts(
    trains: dict[str, list[Call]], start: str, end: str, kind: str, number: int, fastest: int, median: float
) -> None:
    rides = [ride[0] for ride in best_rides(trains, kind, {start}, {end})]
    assert (len(rides), min(rides), statistics.median(rides)) == (number, fastest, median)


def test_18_and_a_half_pairs_of_emu_inside_the_region(repo: Path, rows: Read) -> None:
    # Inside means the railway bureau's in-region trains: 31 among the four cities, 6 to Linhe and Wuhai.
    near = {"Hohhot", "Baotou", "Ordos", "Ulanqab", "Bayannur", "Wuhai"}
    inside = {row["name_zh"] for row in rows("stations.csv") if row["prefecture"] in near}
    with (repo / "data/sources/hubaoewu/rail_services_2023.csv").open(encoding="utf-8", newline="") as handle:
        ends = {row["train_no"]: {row["origin_zh"], row["terminus_zh"]} for row in csv.DictReader(handle)}
    trains = [number for number, pair in ends.items() if number[0] in "GDC" and pair <= inside]
    assert len(trains) == 37


def test_residuals_of_reported_times(rows: Read) -> None:
    found = {(r["as_of"], r["from_zh"], r["to_zh"], r["reported_min"]): r for r in rows("checks/rail_residuals.csv")}
    # What was listed on the day of the timetable comes out of it; the fastest Baotou-Ordos train is the 81.
    listed = {key: int(row["residual_min"]) for key, row in found.items() if key[0] == "2023-12-15"}
    assert {key: minutes for key, minutes in listed.items() if minutes} == {
        ("2023-12-15", "包头", "鄂尔多斯", "84"): -3
    }
    assert len(listed) == 15
    # The line of 2024 is not in the timetable of 2023: 40 minutes published, 100 by the trains of before.
    line = found["2024-12-31", "乌兰察布", "大同南", "40"]
    assert (line["timetable"], line["fastest_min"], line["residual_min"]) == ("TT20231215", "100", "60")
    # Boards of late 2020: most EMU 80 minutes, the fastest 59.
    assert found["2020-12-17", "呼和浩特", "包头", "80"]["residual_min"] == "-21"
