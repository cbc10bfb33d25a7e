"""Train tables as people send them: each row of the tables below is an input and the times or the refusal it must give.

Stations lie 40 to 100 km apart; clocks count on from the day of departure: "26:00" is two o'clock the day after.
"""

from __future__ import annotations

from datetime import date, time, timedelta
from pathlib import Path

import openpyxl
import pytest

from transit_model.errors import InputError, Issue
from transit_model.gtfs.train_cells import ClockCell, DayCell, parse_clock_cell, parse_day_cell, parse_order_cell
from transit_model.gtfs.train_table import read_train_table
from transit_model.units import format_clock

VALID = (date(2025, 1, 5), date(2025, 7, 10))
STATIONS = "站名,经度,纬度\n甲,111.6,40.8\n乙站,110.9,40.7\n丙,109.8,40.6\n丁,108.8,40.6\n"
H = 3600


def read(folder: Path, text: str) -> tuple[list[str], list[Issue]]:
    """Return ``train station arrival departure`` of each call and the issues."""
    (folder / "t.csv").write_text(text, encoding="utf-8")
    (folder / "s.csv").write_text(STATIONS, encoding="utf-8")
    feed, issues = read_train_table(folder / "t.csv", folder / "s.csv", valid=VALID)
    times = feed.stop_times
    columns = (times["trip_id"], times["stop_id"], times["arrival_clock_s"], times["departure_clock_s"])
    return [f"{t} {s} {format_clock(a)} {format_clock(d)}" for t, s, a, d in zip(*columns, strict=True)], issues


def refuse(folder: Path, text: str) -> list[tuple[str, int | None]]:
    with pytest.raises(InputError) as caught:
        read(folder, text)
    return [(i.code, i.line) for i in caught.value.issues if i.severity == "error"]


PLAIN = ["D1 甲 07:30 07:30", "D1 乙 08:00 08:02", "D1 丙 09:30 09:30"]
LONG = ["Z1 甲 20:00 20:00", "Z1 乙 45:00 45:10", "Z1 丙 70:00 70:00"]  # 24 + 21 h, 48 + 22 h


@pytest.mark.parametrize("heading", ["站序", "序号", "stop_sequence", "seq", "站次", "Station_No", " 顺 序 "])
@pytest.mark.parametrize(
    "rows",
    [
        ("D1,1,甲,,07:30", "D1,3,丙,09:30,", "D1,2,乙,08:00,08:02"),
        ("D1,3,丙,09:30,", "D1,1,甲,,07:30", "D1,2,乙,08:00,08:02"),
        ("D1,30,丙,09:30,", "D1,020,乙,08:00,08:02", "D1,10,甲,,07:30"),
        ("D1,第3站,丙,09:30,", "D1,２,乙,08:00,08:02", "D1,第一站,甲,,07:30"),
    ],
    ids=["unsorted", "by station", "by station in tens", "in words"],
)
def test_stops_go_in_the_order_of_their_column(tmp_path: Path, heading: str, rows: tuple[str, ...]) -> None:
    calls, issues = read(tmp_path, f"车次,{heading},站名,到时,发时\n" + "\n".join(rows) + "\n")
    assert calls == PLAIN
    assert issues == []


def test_the_surer_of_two_order_columns(tmp_path: Path) -> None:
    """序号 counts the rows of the sheet, 站序 the stops."""
    calls, _ = read(
        tmp_path, "序号,车次,站名,到时,发时,站序\n1,D1,丙,09:30,,3\n2,D1,甲,,07:30,1\n3,D1,乙,08:00,08:02,2\n"
    )
    assert calls == PLAIN


def test_trains_that_are_mixed_by_station_come_apart(tmp_path: Path) -> None:
    rows = ("D1,丙,3,09:30,", "D2,丙,1,,10:00", "D1,乙,2,08:00,08:02", "D2,甲,2,11:00,", "D1,甲,1,,07:30")
    text = "车次,站名,站序,到时,发时\n" + "\n".join(rows)
    assert read(tmp_path, text)[0] == [*PLAIN, "D2 丙 10:00 10:00", "D2 甲 11:00 11:00"]


def test_a_number_of_the_train_is_no_order(tmp_path: Path) -> None:
    text = "序号,车次,站名,到时,发时\n7,D1,甲,,07:30\n7,D1,乙,08:00,08:02\n7,D1,丙,09:30,\n"
    assert read(tmp_path, text)[0] == PLAIN


@pytest.mark.parametrize(
    "days",
    [
        ("1", "2", "3"),
        ("0", "1", "2"),
        ("当天", "第2天", "第3天"),
        ("当日", "次日", "第三日"),
        ("", "+1", "+2"),
        ("首日", "翌日", "后天"),
        ("１", "２", "３"),
        ("", "＋１", "D+2"),
        ("第一天", "第二天", "第三天"),
        ("day 1", "Day 2", "DAY3"),
        ("-", "次日", "+2天"),
        ("1天", "2天", "3天"),
        ("1.0", "2.0", "3.0"),
        ("--", "2", "3"),
        ("", "（+1）", "(第3天)"),
    ],
)
def test_days_in_words_and_numbers(tmp_path: Path, days: tuple[str, str, str]) -> None:
    rows = zip(("甲,,20:00", "乙,21:00,21:10", "丙,22:00,"), days, strict=True)
    calls, _ = read(tmp_path, "车次,站名,到时,发时,天数\n" + "".join(f"Z1,{row},{day}\n" for row, day in rows))
    assert calls == LONG


def test_a_zero_anywhere_counts_the_whole_table_from_zero(tmp_path: Path) -> None:
    text = "车次,站名,到时,发时,天数\nD1,甲,,07:30,0\nD1,乙,08:00,08:02,0\nD1,丙,09:30,,0\n"
    text += "Z1,甲,,20:00,0\nZ1,乙,21:00,21:10,1\nZ1,丙,22:00,,2\n"
    calls, issues = read(tmp_path, text)
    assert calls == [*PLAIN, *LONG]
    assert [(i.code, i.severity) for i in issues] == [("days_from_zero", "warning")]


@pytest.mark.parametrize("heading", ["day_offset", "跨天"])
def test_midnights_passed_count_from_zero(tmp_path: Path, heading: str) -> None:
    """Also where every train of the table starts past midnight, so that no 0 tells."""
    text = f"车次,站名,到时,发时,{heading}\nZ1,甲,,20:00,\nZ1,乙,21:00,21:10,1\nZ1,丙,22:00,,2\n"
    assert read(tmp_path, text) == (LONG, [])


@pytest.mark.parametrize(
    ("arrive", "depart"),
    [
        ("始发", "终到"),
        ("始发站", "终点站"),
        ("--:--", "--:--"),
        ("——", "——"),
        ("----", "----"),
        ("-", "—"),
        ("…", "/"),
        ("－－", "──"),
        ("无", "nan"),
    ],
)
def test_ends_without_a_time(tmp_path: Path, arrive: str, depart: str) -> None:
    text = f"车次,站名,到时,发时\nD1,甲,{arrive},07:30\nD1,乙,08:00,08:02\nD1,丙,09:30,{depart}\n"
    assert read(tmp_path, text) == (PLAIN, [])


@pytest.mark.parametrize("train", ["D1", "Ｄ１", " D1 "])
@pytest.mark.parametrize("middle", ["０８：００,０８：０２", "08：00,8:02", "08 : 00,08:02:00", "08∶00,８:０２"])
def test_full_width_digits_and_colons(tmp_path: Path, train: str, middle: str) -> None:
    text = f"车次,站名,到站时间,发车时间\n{train},甲,,07:30\n{train},乙,{middle}\n{train},丙 ,09:30,\n"
    assert read(tmp_path, text) == (PLAIN, [])


NIGHT = ["K7 甲 22:30 22:30", "K7 乙 24:10 24:15", "K7 丙 26:00 26:00"]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (("甲,,22:30,1", "乙,00:10,00:15,2", "丙,02:00,,2"), []),
        (("甲,,22:30,", "乙,00:10,00:15,", "丙,02:00,,"), ["next_day_assumed"]),
        (("甲,,22:30,", "乙,24:10,24:15,", "丙,26:00,,"), []),
        (("甲,,22:30,1", "乙,24:10,24:15,1", "丙,26:00,,1"), []),
        (("甲,,22:30,1", "乙,24:10,24:15,2", "丙,26:00,,2"), []),
        (("甲,,22:30,", "乙,24:10,24:15,", "丙,02:00,,"), []),
        (("甲,,22:30,当日", "乙,24:10,00:15,", "丙,02:00,,次日"), []),
    ],
)
def test_past_midnight(tmp_path: Path, rows: tuple[str, ...], told: list[str]) -> None:
    calls, issues = read(tmp_path, "车次,站名,到时,发时,天数\n" + "".join(f"K7,{row}\n" for row in rows))
    assert calls == NIGHT
    assert [i.code for i in issues] == told


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("D1,甲,,07:30\nD1,乙,08:00,08:02\nD1,乙,08:00,08:02\nD1,丙,09:30,\n", [4]),
        ("D1,甲,,07:30\nD1,乙,08:00,08:02\nD1,丙,09:30,\n" * 2, [5, 6, 7]),
        ("D1,甲,,07:30\nD1,甲,----,07:30\nD1,乙站,08:00,08:02\nD1,乙,０８:00,08:02\nD1,丙,09:30,\n", [3, 5]),
    ],
    ids=["a row", "a train", "the same in other signs"],
)
def test_repeated_rows_are_told_and_passed_over(tmp_path: Path, body: str, lines: list[int]) -> None:
    calls, issues = read(tmp_path, f"车次,站名,到时,发时\n{body}")
    assert calls == PLAIN
    assert [(i.code, i.severity, i.line) for i in issues] == [("repeated_row", "warning", n) for n in lines]


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        # 07:30 to 06:00 the day after is 22.5 h for 60 km.
        ("D1,甲,,07:30\nD1,乙,06:00,08:02\nD1,丙,09:30,\n", [("time_order", 3)]),
        ("D1,甲,,07:30\nD1,乙,18:00,08:02\nD1,丙,09:30,\n", [("time_order", 3)]),  # stands 14 h
        ("D1,丙,09:30,\nD1,乙,08:00,08:02\nD1,甲,,07:30\n", [("time_order", 3), ("time_order", 4)]),
        ("D1,甲,,07:30\nD1,丙,09:30,09:30\nD1,乙,08:00,08:02\n", [("time_order", 4)]),
        ("D1,丙,09:30,\nD1,甲,,07:30\nD1,乙,08:00,08:02\n", [("two_timetables", 3)]),
        # two timetables under one number
        ("D1,甲,,07:30\nD1,丙,09:30,\nD1,甲,,08:30\nD1,丙,10:30,\n", [("two_timetables", 4)]),
        (
            "D1,甲,07:30,07:30\nD1,丙,09:30,09:30\nD1,甲,10:30,10:30\nD1,丙,12:30,12:30\n",
            [("two_timetables", 4)],
        ),
        ("D1,乙,,07:30\nD1,甲,,08:00\nD1,丙,09:30,\nD1,甲,10:00,\nD1,丙,11:30,\n", [("two_timetables", 6)]),
        ("D1,甲,始发,07:30\nD1,乙,08:00,08:02\nD1,甲,始发,09:00\nD1,乙,09:30,\n", [("two_timetables", 4)]),
        ("D1,甲,,07:30\nD1,乙,08:00,终到\nD1,丙,09:30,\n", [("two_timetables", 3)]),
        ("D1,甲,,07:30\nD1,乙,08:00,08:02\nD1,乙,08:05,08:07\nD1,丙,09:30,\n", [("duplicate_stop", 4)]),
        ("D1,甲,,07:30\nD1,甲,,07:30\n", [("one_stop", 2)]),
        ("D1,甲,,07:30\n,乙,08:00,\n", [("one_stop", 2), ("empty_value", 3)]),
    ],
)
def test_what_cannot_be_one_train_is_refused(tmp_path: Path, body: str, errors: list[tuple[str, int]]) -> None:
    assert refuse(tmp_path, f"车次,站名,到时,发时\n{body}") == errors


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ("D1,甲,,07:30,,1\nD1,乙,08:00,,,2\nD1,甲,,08:30,,1\nD1,乙,09:00,,,2\n", [("duplicate_order", 4)]),
        ("D1,甲,,07:30,,1\nD1,乙,08:00,,,x\n", [("bad_order", 3)]),
        ("D1,甲,,07:30,,1\nD1,乙,08:00,,,1.5\n", [("bad_order", 3)]),
        ("D1,甲,,07:30,隔日,1\nD1,乙,08:00,,,2\n", [("bad_day", 2)]),
        ("D1,甲,,07:30,1,1\nD1,乙,08:00,,2025-01-05,2\n", [("bad_day", 3)]),
        ("D1,甲,,07:30,1,1\nD1,乙,08:00,,-1,2\n", [("bad_day", 3)]),
        ("D1,甲,,07:30,1,1\nD1,乙,08:00,,99,2\n", [("bad_day", 3)]),
        ("D1,甲,,07:30,,1\nD1,乙,08:00,,1,2\n", [("bad_day", 3)]),  # the first day or the next?
        ("D1,甲,,07:30,2,1\nD1,乙,08:00,,1,2\n", [("time_order", 3)]),
        ("D1,甲,,7点半,1,1\nD1,乙,8.00,,x,2\n", [("bad_time", 2), ("bad_time", 3), ("bad_day", 3)]),
    ],
)
def test_wrong_cells_are_refused_with_their_line(tmp_path: Path, body: str, errors: list[tuple[str, int]]) -> None:
    assert refuse(tmp_path, f"车次,站名,到时,发时,天数,站序\n{body}") == errors


def test_a_train_may_turn_round_and_call_twice(tmp_path: Path) -> None:
    """Out to 丙, back through 乙 and off to 丁: no two rows follow each other a second time."""
    body = "K9,甲,,10:00\nK9,乙,10:30,10:32\nK9,丙,11:30,11:40\nK9,乙,12:30,12:32\nK9,丁,15:00,\n"
    calls, issues = read(tmp_path, f"车次,站名,到时,发时\n{body}")
    assert calls[3:] == ["K9 乙 12:30 12:32", "K9 丁 15:00 15:00"]
    assert [(i.code, i.severity, i.line) for i in issues] == [("duplicate_stop", "warning", 5)]


def test_a_ride_of_more_than_sixteen_hours_is_told(tmp_path: Path) -> None:
    """02:00 to 22:30 is 20.5 h: stops are missing, or the rows are out of order."""
    body = "K7,丙,02:00,02:00\nK7,甲,22:30,22:30\nK7,乙,00:10,00:10\n"
    _, issues = read(tmp_path, f"车次,站名,到时,发时\n{body}")
    assert {(i.code, i.severity, i.line) for i in issues} == {
        ("long_ride", "warning", 3),
        ("next_day_assumed", "warning", 4),
    }


def test_a_stand_over_midnight_with_the_day_of_its_departure(tmp_path: Path) -> None:
    """23:59 to 00:07 under day 2, and 02:45 on day 2 at the next station: the 23:59 was on day 1."""
    text = "车次,站名,到时,发时,天数\nK5,甲,,20:37,1\nK5,乙,23:59,00:07,2\nK5,丙,02:45,,2\n"
    calls, issues = read(tmp_path, text)
    assert calls == ["K5 甲 20:37 20:37", "K5 乙 23:59 24:07", "K5 丙 26:45 26:45"]
    assert [(i.code, i.line) for i in issues] == [("day_of_departure", 3)]
    calls, issues = read(tmp_path, text.replace("00:07,2", "00:07,1"))  # the day of the arrival, as it should be
    assert calls[1] == "K5 乙 23:59 24:07"
    assert issues == []


def test_a_lone_time_on_the_way_is_told(tmp_path: Path) -> None:
    calls, issues = read(tmp_path, "车次,站名,到时,发时\nD1,甲,,07:30\nD1,乙,,08:02\nD1,丙,09:30,\n")
    assert calls[1] == "D1 乙 08:02 08:02"
    assert [(i.code, i.line) for i in issues] == [("one_time_only", 3)]


def test_a_speed_no_train_has_is_told(tmp_path: Path) -> None:
    """甲 to 丙 is some 153 km: 6 minutes are too few even with a minute's rounding (153 / (7 / 60) = 1,311 km/h)."""
    _, issues = read(tmp_path, "车次,站名,到时,发时\nD1,甲,,07:30\nD1,丙,07:36,\n")
    assert [i.code for i in issues] == ["fast_travel_between_consecutive_stops"]


def test_excel_times_beyond_a_day(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text(STATIONS, encoding="utf-8")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["车次", "站序", "站名", "到时", "发时"])
    sheet.append(["K7", 2, "乙", timedelta(hours=24, minutes=10), None])
    sheet.append(["K7", 1, "甲", None, time(22, 30)])
    book.save(tmp_path / "t.xlsx")
    feed, _ = read_train_table(tmp_path / "t.xlsx", tmp_path / "s.csv", valid=VALID)
    assert feed.stop_times["arrival_clock_s"].tolist() == [22 * H + 1800, 24 * H + 600]


def test_a_large_table_is_read_in_seconds(tmp_path: Path) -> None:
    """20,000 trains of three stops, last stop first; every one is put in order."""
    rows = "".join(f"D{n},3,丙,09:30,\nD{n},1,甲,,07:30\nD{n},2,乙,08:00,08:02\n" for n in range(20_000))
    calls, issues = read(tmp_path, f"车次,站序,站名,到时,发时\n{rows}")
    assert issues == []
    assert len(calls) == 60_000
    assert calls[-3:] == [c.replace("D1", "D19999") for c in PLAIN]


def test_cells() -> None:
    assert parse_clock_cell("０８：３０") == ClockCell(8 * H + 1800)
    assert parse_clock_cell("始发") == ClockCell(None, "starts")
    assert parse_day_cell("两天后") == DayCell(after=2)
    assert parse_day_cell("3") == DayCell(counted=3)
    assert parse_order_cell("第十站") == 10
    for text in ("8点", "25", "08:60", "-1:00"):
        with pytest.raises(ValueError, match="clock"):
            parse_clock_cell(text)
