"""Feeds as agencies publish them: each row of the tables is what is spoilt in a good feed, and what must come of it.

The good feed is the one of the tiny pack: 6 trips with 13 stop times. Read well means the same trips at the same times.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.gtfs.feeds import inspect_edited, write_feed, zip_feed
from tests.minipack import GTFS
from transit_model.domain.region import Feed
from transit_model.errors import Issue
from transit_model.gtfs.feed import inspect_gtfs
from transit_model.store import csv_text

Texts = dict[str, str | bytes]
Good = tuple[Feed | None, list[Issue]]


def note(feed: Feed | None) -> list[tuple[str, str, int, int]]:
    assert feed is not None
    times = feed.stop_times
    return sorted(
        zip(times["trip_id"], times["stop_id"], times["arrival_clock_s"], times["departure_clock_s"], strict=True)
    )


def note_issues(issues: list[Issue]) -> set[tuple[str, str]]:
    return {(i.code, i.severity) for i in issues if i.severity != "info"}


def spoil(change: Callable[[str], str | bytes], only: str = "") -> Texts:
    return {n: change(str(t)) if not only or n == only else t for n, t in GTFS.items()}


def quote(before: str, after: str) -> Callable[[str], str]:
    """Return an edit that quotes every cell, with blanks outside the quotation marks."""

    def change(text: str) -> str:
        rows = [line.split(",") for line in text.splitlines()]
        return "".join(",".join(f'{before}"{cell}"{after}' for cell in row) + "\n" for row in rows)

    return change


def mix_ends(text: str) -> str:
    """Return the lines ended by CRLF, CR and LF in turn."""
    return "".join(line + ("\r\n", "\r", "\n")[n % 3] for n, line in enumerate(text.splitlines()))


def upper_heading(text: str) -> str:
    head, rest = text.split("\n", 1)
    return f"{head.title()}\n{rest}"


def extra_column(text: str) -> str:
    return "".join(f"{line},{'vendor_note' if n == 0 else 'x;y'}\n" for n, line in enumerate(text.splitlines()))


NOT_UTF8 = {("not_utf8", "warning")}
READ: dict[str, tuple[Texts, set[tuple[str, str]]]] = {
    "blank after quotes": (spoil(quote("", "  ")), set()),
    "blank before quotes": (spoil(quote(" ", "")), set()),
    "tabs round quotes": (spoil(quote("\t", "\t ")), set()),
    "full-width blank": (spoil(quote("\u3000", "\u00a0")), set()),
    "byte order mark": (spoil(lambda t: "\ufeff" + t), set()),
    "two byte order marks": (spoil(lambda t: "\ufeff\ufeff" + t), set()),
    "CR": (spoil(lambda t: t.replace("\n", "\r")), set()),
    "CRLF": (spoil(lambda t: t.replace("\n", "\r\n")), set()),
    "mixed ends": (spoil(mix_ends), set()),
    "CR and quotes": (spoil(lambda t: quote(" ", " ")(t).replace("\n", "\r")), set()),
    "no last end": (spoil(lambda t: t.rstrip("\n")), set()),
    "UTF-16": (spoil(lambda t: t.encode("utf-16")), NOT_UTF8),
    "UTF-16 without mark": (spoil(lambda t: t.encode("utf-16-le")), NOT_UTF8),
    "UTF-16 big-endian": (spoil(lambda t: b"\xfe\xff" + t.encode("utf-16-be")), NOT_UTF8),
    "UTF-32": (spoil(lambda t: t.encode("utf-32")), NOT_UTF8),
    "GB18030": (spoil(lambda t: t.encode("gb18030")), NOT_UTF8),
    "headings in capitals": (spoil(upper_heading), {("heading_in_other_case", "warning")}),
    "blanks in headings": (spoil(lambda t: t.replace(",", " , ")), set()),
    "file names in capitals": ({n.upper(): t for n, t in GTFS.items()}, set()),
    "more columns": (spoil(extra_column), set()),
    "an empty cell too many": (
        spoil(lambda t: t.replace("\n", ",\n").replace(",\n", "\n", 1)),
        {("invalid_row_length", "warning")},
    ),
    "empty optional files": (
        {**GTFS, "shapes.txt": "", "transfers.txt": "from_stop_id,to_stop_id,transfer_type\n", "feed_info.txt": "\n"},
        {("empty_file", "warning")},
    ),
    "unknown files": ({**GTFS, "readme.pdf": b"%PDF", "stops.csv": "x"}, set()),
}


@pytest.fixture(autouse=True, params=["csv", "pandas"])
def both_ways(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small and large files go through different readers: whatever stands here holds for both."""
    monkeypatch.setattr(csv_text, "FAST_CHARS", 0 if request.param == "pandas" else 10**9)


@pytest.fixture(scope="module")
def clean_feeds() -> dict[int, Good]:
    """The good feed as each of the two readers has read it."""
    return {}


@pytest.fixture
def good(both_ways: None, clean_feeds: dict[int, Good], tmp_path: Path) -> Good:
    """The good feed and its issues, by the reader of this test."""
    if csv_text.FAST_CHARS not in clean_feeds:
        clean_feeds[csv_text.FAST_CHARS] = inspect_gtfs(write_feed(tmp_path / "clean", dict(GTFS)))
    return clean_feeds[csv_text.FAST_CHARS]


@pytest.mark.parametrize(("files", "told"), READ.values(), ids=READ)
def test_is_read_as_if_it_were_clean(tmp_path: Path, good: Good, files: Texts, told: set[tuple[str, str]]) -> None:
    clean, issues = good
    feed, more = inspect_gtfs(write_feed(tmp_path / "feed", files))
    assert note(feed) == note(clean)
    assert feed is not None
    assert clean is not None
    assert feed.stops["stop_name"].tolist() == clean.stops["stop_name"].tolist()
    assert note_issues(more) == note_issues(issues) | told
    packed, _ = inspect_gtfs(zip_feed(tmp_path / "feed.zip", files, prefix="export/2025/"))
    assert note(packed) == note(clean)


@pytest.mark.parametrize("table", ["stops", "stop_times", "transfers", "calendar", "agency"])
@pytest.mark.parametrize(("mark", "name"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars"), ("，", "full-width")])
def test_other_delimiters_are_named(tmp_path: Path, table: str, mark: str, name: str) -> None:
    """transfers.txt has optional columns only, and used to pass with none of its rows understood."""
    feed, issues = inspect_edited(tmp_path, **{table: str(GTFS[f"{table}.txt"]).replace(",", mark)})
    assert feed is None
    found = [i for i in issues if i.severity == "error"]
    assert [(i.code, i.line, i.file) for i in found] == [("wrong_delimiter", 1, f"{table}.txt")]
    assert name in found[0].message
    assert "comma" in found[0].hint


CODES = {
    "pickup_type": ("stop_times", "pickup_type", "9", 0),
    "drop_off_type": ("stop_times", "drop_off_type", "-1", 0),
    "location_type": ("stops", "location_type", "7", 0),
    "exact_times": ("frequencies", "exact_times", "2", 0),
    "transfer_type": ("transfers", "transfer_type", "12", 0),
    "sunday": ("calendar", "sunday", "5", 0),
    "route_type": ("routes", "route_type", "9999", 3),
}


@pytest.mark.parametrize(("table", "column", "value", "read"), CODES.values(), ids=CODES)
def test_unknown_codes_are_warnings(tmp_path: Path, table: str, column: str, value: str, read: int) -> None:
    """unexpected_enum_value is a warning of the canonical validator; the first row holds the odd value."""
    lines = [line.split(",") for line in str(GTFS[f"{table}.txt"]).splitlines()]
    if column not in lines[0]:
        lines = [[*line, column if n == 0 else ""] for n, line in enumerate(lines)]
    lines[1][lines[0].index(column)] = value
    feed, issues = inspect_edited(tmp_path, **{table: "\n".join(",".join(line) for line in lines) + "\n"})
    assert feed is not None
    assert [i for i in issues if i.severity == "error"] == []
    result = [i for i in issues if i.code == "unexpected_enum_value"]
    assert [(i.severity, i.line, i.field, i.value) for i in result] == [("warning", 2, column, value)]
    assert getattr(feed, table)[column].iloc[0] == read


def test_an_unknown_exception_is_left_out(tmp_path: Path) -> None:
    feed, issues = inspect_edited(tmp_path, calendar_dates=("daily,20210101,2", "daily,20210101,3\ndaily,20210102,2"))
    assert feed is not None
    assert feed.calendar_dates["date"].tolist() == ["20210102"]
    assert ("unexpected_enum_value", "warning") in note_issues(issues)


def test_a_code_that_is_no_number_stays_an_error(tmp_path: Path) -> None:
    _, issues = inspect_edited(tmp_path, transfers=("station,2,300", "station,two,300"))
    assert ("invalid_integer", "error") in note_issues(issues)


@pytest.mark.parametrize("zone", ["Mars/Base", "UTC+8", "北京时间", "../etc", "Asia/shanghai "])
def test_a_time_zone_must_exist(tmp_path: Path, zone: str) -> None:
    _, issues = inspect_edited(tmp_path, agency=("Asia/Shanghai", zone))
    found = [(i.code, i.file, i.value) for i in issues if i.severity == "error"]
    assert found == [("invalid_timezone", "agency.txt", zone.strip())]


FLEX = "trip_id,arrival_time,departure_time,stop_id,stop_sequence,location_id,location_group_id,{w}"
WINDOW = "start_pickup_drop_off_window,end_pickup_drop_off_window"


def add_flexible(rows: str, trips: str = "rail-d,daily,F1,,,0\n", window: str = WINDOW) -> Texts:
    fixed = "".join(f"{line},,,,\n" for line in str(GTFS["stop_times.txt"]).splitlines()[1:])
    return {
        **GTFS,
        "trips.txt": str(GTFS["trips.txt"]) + trips,
        "stop_times.txt": f"{FLEX.format(w=window)}\n{fixed}{rows}",
    }


ZONES = "F1,,,,1,zone,,08:00:00,18:00:00\nF1,,,,2,zone,,08:00:00,18:00:00\n"
GROUPS = ZONES.replace(",zone,,", ",,group,")
STOPS = "F1,,,mid-station,1,,,08:00:00,18:00:00\nF1,,,east-station,2,,,08:00:00,18:00:00\n"


@pytest.mark.parametrize("rows", [ZONES, GROUPS, STOPS], ids=["zones", "groups", "windows at stops"])
@pytest.mark.parametrize("window", [WINDOW, WINDOW.replace("drop_off", "dropoff")])
def test_flexible_trips_are_left_out_and_counted(tmp_path: Path, good: Good, rows: str, window: str) -> None:
    clean, issues = good
    feed, more = inspect_gtfs(write_feed(tmp_path / "feed", add_flexible(rows, window=window)))
    assert note(feed) == note(clean)
    assert feed is not None
    assert "F1" not in set(feed.trips["trip_id"])
    assert note_issues(more) == note_issues(issues) | {("flexible_stops_left_out", "warning")}
    result = next(i for i in more if i.code == "flexible_stops_left_out")
    assert result.line == 15  # behind the heading and 13 rows
    assert result.message.startswith("2 of 15 stop times")
    assert "1 trips as a whole, 0 in part" in result.message


def test_a_fixed_route_that_deviates_keeps_its_stops(tmp_path: Path) -> None:
    rows = "F1,08:00:00,08:00:00,west-station,1,,,,\nF1,,,,2,zone,,08:00:00,09:00:00\n"
    rows += "F1,09:30:00,09:30:00,east-station,3,,,,\n"
    feed, issues = inspect_gtfs(write_feed(tmp_path / "feed", add_flexible(rows)))
    assert [row for row in note(feed) if row[0] == "F1"] == [
        ("F1", "east-station", 34200, 34200),
        ("F1", "west-station", 28800, 28800),
    ]
    result = next(i for i in issues if i.code == "flexible_stops_left_out")
    assert result.message.startswith("1 of 16 stop times")
    assert "0 trips as a whole, 1 in part" in result.message


def test_headways_and_transfers_of_a_flexible_trip_go_with_it(tmp_path: Path) -> None:
    files = add_flexible(ZONES)
    files["frequencies.txt"] = str(GTFS["frequencies.txt"]) + "F1,08:00:00,18:00:00,1800,0\n"
    feed, issues = inspect_gtfs(write_feed(tmp_path / "feed", files))
    assert feed is not None
    assert "F1" not in set(feed.frequencies["trip_id"])
    assert [i for i in issues if i.severity == "error"] == []


def test_a_feed_of_flexible_service_only_says_so(tmp_path: Path) -> None:
    files = {**GTFS, "stop_times.txt": f"{FLEX.format(w=WINDOW)}\n{ZONES.replace('F1', 'D1')}"}
    _, issues = inspect_gtfs(write_feed(tmp_path / "feed", files))
    assert ("only_flexible_service", "error") in note_issues(issues)


@pytest.mark.parametrize("quoted", [False, True])
def test_a_cell_beyond_the_limit_is_told_with_its_line(tmp_path: Path, quoted: bool) -> None:
    name = "名" * 140_000
    files = {**GTFS, "stops.txt": str(GTFS["stops.txt"]).replace("中县站", f'"{name}"' if quoted else name)}
    _, issues = inspect_gtfs(write_feed(tmp_path / "feed", files), prefix="")
    assert next((i.code, i.file, i.line) for i in issues if i.severity == "error") == (
        "csv_parsing_failed",
        "stops.txt",
        3,
    )


def test_a_heading_beyond_the_limit_is_told(tmp_path: Path) -> None:
    files = {**GTFS, "stops.txt": "x" * 140_000 + str(GTFS["stops.txt"])}
    _, issues = inspect_gtfs(write_feed(tmp_path / "feed", files), prefix="")
    assert next((i.code, i.line) for i in issues if i.severity == "error") == ("csv_parsing_failed", 1)


@pytest.mark.parametrize("row", ["D3,12:50:00,12:50:00", "D3,12:50:00,12:50:00,east-station,2,more"])
def test_ragged_rows_are_told_with_their_line(tmp_path: Path, row: str) -> None:
    _, issues = inspect_edited(tmp_path, stop_times=("D3,12:50:00,12:50:00,east-station,2", row))
    assert ("invalid_row_length", 5) in {(i.code, i.line) for i in issues if i.severity == "error"}


@pytest.mark.parametrize("edit", [("06:00:00,22:00:00", ",22:00:00"), ("06:00:00,22:00:00", "06:00:00,")])
def test_a_headway_band_without_a_clock_is_told(tmp_path: Path, edit: tuple[str, str]) -> None:
    _, issues = inspect_edited(tmp_path, frequencies=edit)
    assert ("missing_required_field", 2) in {(i.code, i.line) for i in issues if i.severity == "error"}


@pytest.mark.parametrize("table", ["transfers", "feed_info"])
def test_an_optional_file_of_unknown_columns_is_told_and_passed_over(tmp_path: Path, table: str) -> None:
    feed, issues = inspect_edited(tmp_path, **{table: "von,nach\na,b\n"})
    assert feed is not None
    assert len(getattr(feed, table)) == 0
    assert [(i.code, i.severity, i.file) for i in issues] == [("unknown_columns", "warning", f"{table}.txt")]
