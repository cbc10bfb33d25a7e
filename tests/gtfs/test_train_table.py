"""A 12306-style table to GTFS."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from transit_model.domain.datum import gcj02_to_wgs84
from transit_model.domain.region import Feed
from transit_model.errors import InputError
from transit_model.gtfs.feed import read_gtfs
from transit_model.gtfs.train_table import parse_valid, read_train_table
from transit_model.gtfs.write import write_gtfs
from transit_model.store import archive

VALID = (date(2025, 1, 5), date(2025, 7, 10))
STATIONS = "站名,经度,纬度\n甲,111.6,40.8\n乙,110.9,40.7\n丙站,109.8,40.6\n"
TRAINS = """\
车次,站名,到时,发时,天数
D1,甲,----,08:00,1
D1,乙站,08:40,08:42,1
D1,丙,09:10,----,1
K7,丙,,23:30,1
K7,乙,00:20,00:25,2
K7,甲,01:30,,2
"""


def write(folder: Path, trains: str = TRAINS, stations: str = STATIONS) -> tuple[Path, Path]:
    a, b = folder / "trains.csv", folder / "stations.csv"
    a.write_text(trains, encoding="utf-8")
    b.write_text(stations, encoding="utf-8")
    return a, b


def clocks(feed: Feed) -> list[tuple[str, str, int, int]]:
    times = feed.stop_times
    columns = [times[c].tolist() for c in ("trip_id", "stop_id", "arrival_clock_s", "departure_clock_s")]
    return list(zip(*columns, strict=True))


def test_trains_become_trips(tmp_path: Path) -> None:
    feed, issues = read_train_table(*write(tmp_path), valid=VALID)
    assert issues == []
    assert clocks(feed) == [
        ("D1", "甲", 28800, 28800),
        ("D1", "乙", 31200, 31320),
        ("D1", "丙", 33000, 33000),
        ("K7", "丙", 84600, 84600),
        ("K7", "乙", 86400 + 1200, 86400 + 1500),
        ("K7", "甲", 86400 + 5400, 86400 + 5400),
    ]
    assert feed.routes["route_short_name"].tolist() == ["D", "K"]


def test_without_days_the_clock_runs_on(tmp_path: Path) -> None:
    lines = [line.rsplit(",", 1)[0] for line in TRAINS.splitlines()]
    feed, _ = read_train_table(*write(tmp_path, "\n".join(lines)), valid=VALID)
    assert clocks(feed)[-1] == ("K7", "甲", 86400 + 5400, 86400 + 5400)


def test_the_feed_is_written_and_read_back(tmp_path: Path) -> None:
    feed, _ = read_train_table(*write(tmp_path), valid=VALID)
    write_gtfs(feed, tmp_path / "gtfs")
    again = read_gtfs(tmp_path / "gtfs")
    # Read back by trip and sequence.
    assert sorted(clocks(again)) == sorted(clocks(feed))
    assert "25:30:00" in (tmp_path / "gtfs" / "stop_times.txt").read_text(encoding="utf-8")


def test_excel(tmp_path: Path) -> None:
    trains, stations = write(tmp_path)
    pd.read_csv(trains, dtype=str, keep_default_na=False).to_excel(tmp_path / "trains.xlsx", index=False)
    one, _ = read_train_table(trains, stations, valid=VALID)
    other, _ = read_train_table(tmp_path / "trains.xlsx", stations, valid=VALID)
    assert clocks(one) == clocks(other)


def test_station_datum(tmp_path: Path) -> None:
    stations = "name,lon,lat,datum\n甲,111.6,40.8,gcj02\n乙,110.9,40.7,\n丙,109.8,40.6,wgs84\n"
    feed, _ = read_train_table(*write(tmp_path, stations=stations), valid=VALID)
    lon, lat = gcj02_to_wgs84(111.6, 40.8)
    assert feed.stops["stop_lon"].tolist() == pytest.approx([float(lon), 110.9, 109.8])
    assert feed.stops["stop_lat"].tolist() == pytest.approx([float(lat), 40.7, 40.6])


@pytest.mark.parametrize(
    ("trains", "stations", "codes"),
    [
        ("车次,站名\nD1,甲\n", STATIONS, ["missing_column"]),
        (TRAINS.replace("乙站", "丁"), STATIONS, ["unknown_station"]),
        (TRAINS.replace("08:40", "8点40"), STATIONS, ["bad_time"]),
        (TRAINS.replace("08:40", "-1:40"), STATIONS, ["bad_time"]),
        (TRAINS.replace("09:10", "08:10"), STATIONS, ["time_order"]),
        (TRAINS + "G9,甲,,10:00,1\n", STATIONS, ["one_stop"]),
        (TRAINS, STATIONS.replace("111.6,40.8", "0,0"), ["bad_coordinates"]),
        (TRAINS, STATIONS.replace("111.6,40.8", "40.8,111.6"), ["bad_coordinates"]),
        (TRAINS, STATIONS + "甲,111.6,40.8\n", ["duplicate_id"]),
        ("车次,站名,到时,发时\n", STATIONS, ["empty_table"]),
    ],
)
def test_mistakes_have_their_line(tmp_path: Path, trains: str, stations: str, codes: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        read_train_table(*write(tmp_path, trains, stations), valid=VALID)
    errors = [i for i in caught.value.issues if i.severity == "error"]
    assert [i.code for i in errors] == codes
    assert errors[0].line is not None or codes == ["empty_table"]


def test_days_of_the_timetable() -> None:
    assert parse_valid("2025-01-05:2025-07-10") == VALID
    for text in ("", "2025-01-05", "2025-07-10:2025-01-05", "tomorrow:never"):
        with pytest.raises(InputError):
            parse_valid(text)


def test_a_train_that_calls_twice_is_remarked(tmp_path: Path) -> None:
    loop = TRAINS + "K9,甲,,10:00,1\nK9,乙,10:30,10:31,1\nK9,甲,11:00,,1\n"
    _, issues = read_train_table(*write(tmp_path, loop), valid=VALID)
    assert [(i.code, i.severity, i.line) for i in issues] == [("duplicate_stop", "warning", 10)]


def test_many_mistakes_are_counted_in_the_last(tmp_path: Path) -> None:
    lines = "".join(f"G{n},无名,,10:00,1\nG{n},无名,11:00,,1\n" for n in range(200))
    with pytest.raises(InputError) as caught:
        read_train_table(*write(tmp_path, TRAINS + lines), valid=VALID)
    assert caught.value.issues[-1].code == "more_issues"


def test_excel_without_its_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, stations = write(tmp_path)
    with zipfile.ZipFile(tmp_path / "trains.xlsx", "w") as book:
        book.writestr("[Content_Types].xml", "<Types/>")

    def lacking(*_args: object, **_options: object) -> None:
        raise ImportError("openpyxl")

    monkeypatch.setattr(pd, "read_excel", lacking)
    with pytest.raises(InputError) as caught:
        read_train_table(tmp_path / "trains.xlsx", stations, valid=VALID)
    assert [i.code for i in caught.value.issues] == ["missing_library"]


def test_a_workbook_that_is_a_bomb_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, stations = write(tmp_path)
    path = tmp_path / "trains.xlsx"
    path.write_bytes(b"no zip")
    with pytest.raises(InputError) as caught:
        read_train_table(path, stations, valid=VALID)
    assert [i.code for i in caught.value.issues] == ["unreadable_archive"]
    monkeypatch.setattr(archive, "RATIO_FREE_BYTES", 100_000)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", b"0" * 1_000_000)
    with pytest.raises(InputError) as caught:
        read_train_table(path, stations, valid=VALID)
    assert [i.code for i in caught.value.issues] == ["archive_too_large"]
