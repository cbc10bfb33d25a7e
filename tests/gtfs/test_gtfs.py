"""Reading feeds: odd ones are read, wrong ones are named, real ones load."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.gtfs.feeds import inspect_edited, write_feed, zip_feed
from tests.minipack import GTFS
from transit_model.domain.region import Feed
from transit_model.errors import InputError, has_errors
from transit_model.gtfs.feed import find_active_services, find_service_dates, inspect_gtfs, merge_feeds, read_gtfs


@pytest.fixture
def mini(tmp_path: Path) -> Feed:
    return read_gtfs(write_feed(tmp_path / "mini", GTFS))


def test_names_are_verbatim_and_clocks_are_seconds(mini: Feed) -> None:
    assert mini.stop_times.columns[:3].tolist() == ["trip_id", "stop_id", "stop_sequence"]
    assert mini.stops["stop_name"].tolist()[0] == "西城站"
    k7 = mini.stop_times[mini.stop_times["trip_id"] == "K7"]
    assert k7["arrival_clock_s"].tolist() == [85_200, 87_000, 89_400]  # 23:40, 24:10, 24:50
    assert k7["departure_clock_s"].tolist() == [85_200, 87_300, 89_400]
    for column in ("arrival_clock_s", "departure_clock_s", "stop_sequence", "pickup_type", "drop_off_type"):
        assert str(mini.stop_times[column].dtype) == "int64"
    assert mini.frequencies[["start_clock_s", "end_clock_s", "headway_secs", "exact_times"]].iloc[0].tolist() == [
        21_600,
        79_200,
        600,
        0,
    ]
    assert str(mini.frequencies["exact_times"].dtype) == "int64"
    assert mini.calendar["start_date"].tolist() == ["20201001"]
    assert mini.stops["location_type"].tolist() == [0] * 5


@pytest.mark.parametrize("prefix", ["", "gtfs/", "a/b/"])
def test_zip_and_folder_are_the_same(mini: Feed, tmp_path: Path, prefix: str) -> None:
    packed = read_gtfs(zip_feed(tmp_path / "mini.zip", GTFS, prefix=prefix))
    for name, table in vars(mini).items():
        assert getattr(packed, name).equals(table), name


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace(",", " , "),
        lambda text: "\n".join(f"{line},extra" for line in text.splitlines()) + "\n",
        lambda text: "\n".join(",".join(f'"{c}"' for c in line.split(",")) for line in text.splitlines()),
    ],
    ids=["bom", "crlf", "blanks", "extra column", "quotes"],
)
def test_odd_files_read_the_same(mini: Feed, tmp_path: Path, change: Callable[[str], str]) -> None:
    files = {name: change(GTFS[name]) for name in GTFS}
    odd = read_gtfs(write_feed(tmp_path / "odd", files))
    for name, table in vars(mini).items():
        assert getattr(odd, name)[table.columns.tolist()].equals(table), name


def test_other_encoding_is_a_warning(mini: Feed, tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {**GTFS, "stops.txt": GTFS["stops.txt"].encode("gb18030")}
    feed, issues = inspect_gtfs(write_feed(tmp_path / "odd", files))
    assert [(i.code, i.severity, i.file) for i in issues] == [("not_utf8", "warning", "odd/stops.txt")]
    assert feed is not None
    assert feed.stops.equals(mini.stops)


def test_missing_optional_files_are_empty_tables(tmp_path: Path) -> None:
    feed, issues = inspect_edited(
        tmp_path, agency=None, calendar_dates=None, frequencies=None, transfers=None, feed_info=None
    )
    assert not has_errors(issues)
    assert feed is not None
    assert feed.frequencies.columns.tolist() == [
        "trip_id",
        "start_clock_s",
        "end_clock_s",
        "headway_secs",
        "exact_times",
    ]
    assert str(feed.frequencies["start_clock_s"].dtype) == "int64"
    assert len(feed.transfers) == len(feed.calendar_dates) == len(feed.shapes) == 0
    assert {"from_stop_id", "to_stop_id", "min_transfer_time"} <= set(feed.transfers.columns)


def test_only_calendar_dates(tmp_path: Path) -> None:
    dates = "service_id,date,exception_type\ndaily,20201216,1\n"
    feed, issues = inspect_edited(tmp_path, calendar=None, calendar_dates=dates)
    assert not has_errors(issues)
    assert feed is not None
    assert find_active_services(feed, date(2020, 12, 16)) == {"daily"}
    assert find_active_services(feed, date(2020, 12, 17)) == set()


def test_rows_are_sorted_by_trip_and_sequence(mini: Feed, tmp_path: Path) -> None:
    lines = GTFS["stop_times.txt"].splitlines()
    k7 = [line for line in lines if line.startswith("K7")]
    shuffled = "\n".join([lines[0], *k7[::-1], *(x for x in lines[1:] if x not in k7)]) + "\n"
    feed, issues = inspect_edited(tmp_path, stop_times=shuffled)
    assert issues == []
    assert feed is not None
    found = feed.stop_times[feed.stop_times["trip_id"] == "K7"]["stop_id"].tolist()
    assert found == ["west-station", "mid-station", "east-station"]


def test_blank_times_are_interpolated_and_counted(tmp_path: Path) -> None:
    feed, issues = inspect_edited(tmp_path, stop_times=("K7,24:10:00,24:15:00,", "K7,,,"))
    assert feed is not None
    # half way between 23:40 and 24:50 is 24:15
    assert feed.stop_times.query("trip_id == 'K7'")["arrival_clock_s"].tolist() == [85_200, 87_300, 89_400]
    found = [i for i in issues if i.code == "stop_times_interpolated"]
    assert [(i.severity, i.line) for i in found] == [("warning", 7)]
    assert "1 of 13" in found[0].message


def test_lone_time_is_a_warning(tmp_path: Path) -> None:
    feed, issues = inspect_edited(tmp_path, stop_times=("K7,24:10:00,24:15:00,", "K7,24:10:00,,"))
    assert feed is not None
    assert feed.stop_times.query("trip_id == 'K7'")["departure_clock_s"].tolist() == [85_200, 87_000, 89_400]
    assert [i.code for i in issues] == ["stop_time_with_only_arrival_or_departure_time"]


def test_repeated_rows_are_passed_over(tmp_path: Path) -> None:
    row = GTFS["calendar.txt"].splitlines()[1]
    feed, issues = inspect_edited(tmp_path, calendar=(row, f"{row}\n{row}"))
    assert feed is not None
    assert len(feed.calendar) == 1
    assert [(i.code, i.severity, i.line) for i in issues] == [("duplicate_key", "warning", 3)]


@pytest.mark.parametrize(
    ("table", "edit", "code", "line"),
    [
        ("stop_times", None, "missing_required_file", None),
        ("trips", "", "empty_file", None),
        ("stops", ("stop_lat", "latitude"), "missing_required_column", 1),
        ("stops", ("stop_name,stop_lat", "stop_lat,stop_lat"), "duplicated_column", 1),
        ("routes", ("rail-d,rail,D,动车,2", "rail-d,rail,D,动车,two"), "invalid_integer", 2),
        ("routes", ("rail-d,rail,D,动车,2", "rail-d,rail,D,动车,"), "missing_required_field", 2),
        ("stops", ("40.710", "forty"), "invalid_float", 3),
        ("stops", ("40.710,111.500", "111.500,40.710"), "number_out_of_range", 3),
        ("stops", ("mid-station", "west-station"), "duplicate_key", 3),
        ("stop_times", ("07:30:00,07:30:00", "-07:30:00,07:30:00"), "invalid_time", 2),
        ("stop_times", ("08:20:00,08:20:00,east", ",,east"), "missing_trip_edge", 3),
        ("stop_times", ("D3,12:50:00,12:50:00,east-station,2", "D3,12:50:00"), "invalid_row_length", 5),
        ("calendar", ("20201001", "2020-10-01"), "invalid_date", 2),
        ("frequencies", ("22:00:00,600", "22:00:00,0"), "number_out_of_range", 2),
    ],
)
def test_mistakes_are_errors_with_a_line(
    tmp_path: Path, table: str, edit: tuple[str, str] | str | None, code: str, line: int | None
) -> None:
    _, issues = inspect_edited(tmp_path, **{table: edit})
    errors = [i for i in issues if i.severity == "error"]
    assert (code, line) in {(i.code, i.line) for i in errors}, [i.as_text() for i in issues]
    with pytest.raises(InputError):
        read_gtfs(tmp_path / "feed")


def test_no_calendar_at_all(tmp_path: Path) -> None:
    _, issues = inspect_edited(tmp_path, calendar=None, calendar_dates=None)
    assert "missing_calendar_and_calendar_date_files" in {i.code for i in issues}


def test_all_mistakes_of_all_files_at_once(tmp_path: Path) -> None:
    _, issues = inspect_edited(
        tmp_path, stops=("40.710", "x"), routes=("动车,2", "动车,x"), trips=("rail-k,daily", "rail-k,never")
    )
    assert {i.file for i in issues if i.severity == "error"} == {"stops.txt", "routes.txt", "trips.txt"}


def test_swapped_axes_have_a_hint(tmp_path: Path) -> None:
    _, issues = inspect_edited(tmp_path, stops=("40.710,111.500", "111.500,40.710"))
    assert [i.hint for i in issues if i.code == "number_out_of_range"] == ["lon and lat swapped?"]


def test_unknown_value_is_a_warning(tmp_path: Path) -> None:
    _, issues = inspect_edited(tmp_path, trips=("东城,D1,0", "东城,D1,5"))
    assert [(i.code, i.severity) for i in issues] == [("unexpected_enum_value", "warning")]


def test_truncated_zip(tmp_path: Path) -> None:
    whole = zip_feed(tmp_path / "whole.zip", GTFS).read_bytes()
    for share in (0.2, 0.5, 0.95):
        cut = tmp_path / "cut.zip"
        cut.write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises(InputError) as error:
            read_gtfs(cut)
        assert error.value.issues[0].code == "unreadable_archive"


def test_missing_feed(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        read_gtfs(tmp_path / "none.zip")
    assert error.value.issues[0].code == "missing_input"


def test_service_dates(mini: Feed) -> None:
    found = find_service_dates(mini)
    assert (found.first, found.last) == (date(2020, 10, 1), date(2021, 1, 20))
    assert found.busiest == date(2020, 10, 1)
    # 4 trains + 2 directions x 16 h x 6 an hour = 196
    assert found.count(date(2020, 12, 16)) == 196
    assert found.count(date(2021, 1, 1)) == 0  # taken out by calendar_dates
    assert found.count(date(2019, 1, 1)) == 0


def test_service_dates_agree_with_the_plain_rule(mini: Feed) -> None:
    found = find_service_dates(mini)
    assert found.first is not None
    for offset, departures in enumerate(found.departures):
        assert (departures > 0) == bool(find_active_services(mini, found.first + timedelta(days=offset)))


def test_a_feed_without_service(tmp_path: Path) -> None:
    feed, issues = inspect_edited(tmp_path, calendar=("1,1,1,1,1,1,1", "0,0,0,0,0,0,0"))
    assert feed is not None
    assert "service_without_days" in {i.code for i in issues}
    assert find_service_dates(feed).first is None
    assert find_service_dates(feed).count(date(2020, 12, 16)) == 0


def test_merged_feeds_keep_their_ids_apart(mini: Feed) -> None:
    both = merge_feeds([mini, mini], ["a:", "b:"])
    assert len(both.stop_times) == 2 * len(mini.stop_times)
    assert both.trips["trip_id"].tolist()[:2] == ["a:D1", "a:D3"]
    assert set(both.stop_times["stop_id"]) <= set(both.stops["stop_id"])
    assert set(both.transfers["from_stop_id"]) <= set(both.stops["stop_id"])
    assert set(both.trips["service_id"]) == {"a:daily", "b:daily"}
    assert both.stops["parent_station"].tolist() == [""] * 10
    assert merge_feeds([mini], [""]).stops.equals(mini.stops)


def test_merged_feeds_must_not_collide(mini: Feed) -> None:
    with pytest.raises(InputError) as error:
        merge_feeds([mini, mini], ["", ""])
    assert {i.code for i in error.value.issues} == {"duplicate_key"}


@pytest.mark.parametrize(
    ("name", "stops", "trips", "stop_times", "first", "last"),
    [
        ("porto_alegre/poa_eptc.zip", 3986, 2374, 130_019, date(2019, 4, 15), date(2019, 7, 15)),
        ("porto_alegre/poa_trensurb.zip", 24, 1248, 14_855, date(2019, 3, 1), date(2019, 12, 31)),
        ("sao_paulo/spo.zip", 654, 36, 860, date(2008, 1, 1), date(2020, 5, 1)),
    ],
)
def test_real_feeds_load(
    shared_data: Path, name: str, stops: int, trips: int, stop_times: int, first: date, last: date
) -> None:
    """Sizes and dates as in the notes beside the extracts (which miss the last stop of TRENSURB, without newline)."""
    begin = time.process_time()
    feed = read_gtfs(shared_data / "osm" / name)
    assert time.process_time() - begin < 10  # about 1 s for the largest on an idle machine
    assert (len(feed.stops), len(feed.trips), len(feed.stop_times)) == (stops, trips, stop_times)
    dates = find_service_dates(feed)
    assert (dates.first, dates.last) == (first, last)


def test_blanks_of_a_real_feed_are_filled_in_order(shared_data: Path) -> None:
    feed, issues = inspect_gtfs(shared_data / "osm" / "porto_alegre" / "poa_eptc.zip")
    assert feed is not None
    assert any(i.code == "stop_times_interpolated" and "125271 of 130019" in i.message for i in issues)
    times = feed.stop_times
    same = times["trip_id"].eq(times["trip_id"].shift())
    assert (times["arrival_clock_s"].diff()[same] >= 0).all()


@pytest.mark.parametrize("timetable", ["TT2020Q4", "TT20231215"])
def test_the_bundled_feeds(repo: Path, timetable: str) -> None:
    feed, issues = inspect_gtfs(repo / "data" / "hubaoewu" / "timetables" / timetable)
    assert feed is not None
    assert [i.as_text() for i in issues if i.severity != "info"] == []
