"""Feeds of others: several clocks, blocks, files that are not used, transfers that stay."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.gtfs.feeds import inspect_edited, write_feed, zip_feed
from tests.minipack import GTFS
from transit_model.domain.region import Feed
from transit_model.domain.service_days import find_active_services
from transit_model.errors import InputError
from transit_model.gtfs.blocks import find_block_pairs, join_blocks
from transit_model.gtfs.feed import read_gtfs
from transit_model.gtfs.feed_import import import_feeds
from transit_model.gtfs.write import write_gtfs
from transit_model.gtfs.zone import convert_zone

TRIPS = GTFS["trips.txt"].splitlines()
BLOCKS = "\n".join([f"{TRIPS[0]},block_id", *(f"{line},{'b1' if ',D' in line else ''}" for line in TRIPS[1:])]) + "\n"


def feed_of(folder: Path, **files: str) -> Path:
    return write_feed(folder, {**GTFS, **{f"{name}.txt": text for name, text in files.items()}})


def clocks(feed: Feed, trip: str) -> list[int]:
    times = feed.stop_times
    return [int(t) for t in times.loc[times["trip_id"] == trip, "departure_clock_s"]]


def codes(issues: list[object]) -> list[str]:
    return [i.code for i in issues]  # type: ignore[attr-defined]


def test_agencies_of_one_feed_have_one_zone(tmp_path: Path) -> None:
    agency = GTFS["agency.txt"] + "other,别的,https://example.org/,Asia/Ulaanbaatar,zh\n"
    with pytest.raises(InputError) as caught:
        import_feeds([feed_of(tmp_path / "one", agency=agency)])
    assert [i.code for i in caught.value.issues] == ["inconsistent_agency_timezone"]


def test_two_feeds_on_one_clock(tmp_path: Path) -> None:
    """Almaty time is three hours behind Beijing's until 2024 (UTC+6): 07:30 there is 09:30 here."""
    west = GTFS["agency.txt"].replace("Asia/Shanghai", "Asia/Almaty")
    paths = [feed_of(tmp_path / "east"), feed_of(tmp_path / "west", agency=west)]
    with pytest.raises(InputError) as caught:
        import_feeds(paths)
    assert [i.code for i in caught.value.issues] == ["different_time_zones"]
    feed, issues = import_feeds(paths, zone="Asia/Shanghai")
    assert codes(list(issues)) == ["time_zone_converted"]
    assert clocks(feed, "east:D1")[0] == 7.5 * 3600
    assert clocks(feed, "west:D1")[0] == 9.5 * 3600
    assert set(feed.agency["agency_timezone"]) == {"Asia/Shanghai"}


def test_a_train_before_midnight_counts_to_the_day_before(tmp_path: Path) -> None:
    """Seen from Almaty (-2 h) a train at 01:00 on Tuesday leaves at 23:00 on Monday."""
    times = GTFS["stop_times.txt"].replace("D1,07:30:00,07:30:00", "D1,01:00:00,01:00:00")
    tuesdays = GTFS["calendar.txt"].replace("1,1,1,1,1,1,1", "0,1,0,0,0,0,0")
    source = read_gtfs(feed_of(tmp_path / "one", stop_times=times, calendar=tuesdays))
    feed, issues = convert_zone(source, "Asia/Almaty")
    assert "1 trips count to the day before" in issues[0].message
    assert clocks(feed, "D1")[0] == 23 * 3600
    assert clocks(feed, "D3")[0] == 10 * 3600  # 12:00 - 2 h
    assert clocks(feed, "K7")[-1] == 22 * 3600 + 50 * 60  # 24:50 - 2 h
    service = dict(zip(feed.trips["trip_id"], feed.trips["service_id"], strict=True))
    monday, tuesday = date(2020, 12, 14), date(2020, 12, 15)
    assert service["D1"] in find_active_services(feed, monday)
    assert service["D1"] not in find_active_services(feed, tuesday)
    assert service["D3"] in find_active_services(feed, tuesday)
    # The day taken out by calendar_dates moves too: 1 January 2021 is a Friday, so nothing else runs then.
    taken = feed.calendar_dates.set_index("service_id")["date"].to_dict()
    assert taken[service["D1"]] == "20201231"
    again, _ = convert_zone(feed, "Asia/Shanghai")
    assert clocks(again, "D1")[0] == 25 * 3600  # of the day before: 01:00
    assert convert_zone(source, "Asia/Shanghai") == (source, [])


def test_clocks_that_do_not_keep_their_distance(tmp_path: Path) -> None:
    berlin = GTFS["agency.txt"].replace("Asia/Shanghai", "Europe/Berlin")  # summer time ends on 25 October 2020
    with pytest.raises(InputError) as caught:
        import_feeds([feed_of(tmp_path / "one", agency=berlin)], zone="Asia/Shanghai")
    assert [i.code for i in caught.value.issues] == ["changing_time_difference"]
    with pytest.raises(InputError) as caught:
        import_feeds([feed_of(tmp_path / "one")], zone="Peking")
    assert [i.code for i in caught.value.issues] == ["unknown_time_zone"]


def test_blocks_are_found_and_said(tmp_path: Path) -> None:
    # D1 07:30-08:20 west to east, D2 09:00-09:50 east to west, D3 12:00-12:50 west to east: one vehicle.
    path = feed_of(tmp_path / "one", trips=BLOCKS)
    assert find_block_pairs(read_gtfs(path)) == [("D1", "D2"), ("D2", "D3")]
    feed, issues = import_feeds([path])
    assert codes(list(issues)) == ["blocks_not_joined"]
    assert "2 pairs" in issues[0].message
    assert len(feed.trips) == 6


def test_joined_blocks_keep_passengers_seated(tmp_path: Path) -> None:
    """Each pair becomes a row of type 4, which the network of a day joins (tests/regions/test_gtfs_cases.py)."""
    feed, issues = import_feeds([feed_of(tmp_path / "one", trips=BLOCKS)], blocks=True)
    assert codes(list(issues)) == ["blocks_joined"]
    assert "2 pairs" in issues[0].message
    write_gtfs(feed, tmp_path / "written")
    rows = read_gtfs(tmp_path / "written").transfers
    seats = rows[rows["transfer_type"] == 4]
    assert list(zip(seats["from_trip_id"], seats["to_trip_id"], strict=True)) == [("D1", "D2"), ("D2", "D3")]
    assert len(rows) == len(read_gtfs(feed_of(tmp_path / "one")).transfers) + 2
    prefixed, _ = import_feeds([tmp_path / "written"], ["x:"], blocks=True)
    assert prefixed.transfers["from_trip_id"].tolist()[-2:] == ["x:D1", "x:D2"]


def test_linked_trips_of_a_feed_are_taken_out_unless_they_are_asked_for(tmp_path: Path) -> None:
    transfers = "from_stop_id,to_stop_id,from_trip_id,to_trip_id,transfer_type\n,,D1,D2,4\n"
    path = feed_of(tmp_path / "one", transfers=transfers)
    feed, issues = import_feeds([path])
    assert (len(feed.transfers), codes(list(issues))) == (0, ["blocks_not_joined"])
    feed, issues = import_feeds([path], blocks=True)
    assert (len(feed.transfers), codes(list(issues))) == (1, ["blocks_joined"])


def test_seats_that_may_not_be_kept(tmp_path: Path) -> None:
    transfers = "from_stop_id,to_stop_id,from_trip_id,to_trip_id,transfer_type\n,,D1,D2,5\n"
    feed = read_gtfs(feed_of(tmp_path / "one", trips=BLOCKS, transfers=transfers))
    assert find_block_pairs(feed) == [("D2", "D3")]
    late = GTFS["stop_times.txt"].replace("D2,09:00:00,09:00:00", "D2,08:00:00,08:00:00")
    feed = read_gtfs(feed_of(tmp_path / "two", trips=BLOCKS, stop_times=late))
    assert find_block_pairs(feed) == [("D2", "D3")]  # D2 leaves before D1 is there
    assert join_blocks(read_gtfs(feed_of(tmp_path / "three"))).n_joined == 0


def test_pathways_are_passed_over_with_a_note(tmp_path: Path) -> None:
    path = zip_feed(tmp_path / "f.zip", {**GTFS, "pathways.txt": "pathway_id\np1\n"})
    _, issues = import_feeds([path])
    assert [(i.code, i.severity) for i in issues] == [("pathways_not_used", "info")]


def test_transfers_survive_the_import(tmp_path: Path) -> None:
    """A row of transfers.txt is honoured by the network (tests/network/test_station_times.py) after a round trip."""
    one = feed_of(tmp_path / "one")
    feed, _ = import_feeds([one, one], ["a:", "b:"])
    write_gtfs(feed, tmp_path / "both")
    kept = read_gtfs(tmp_path / "both").transfers
    source = read_gtfs(one).transfers
    assert kept["min_transfer_time"].tolist() == source["min_transfer_time"].tolist() * 2
    assert kept["from_stop_id"].tolist() == [f"{p}{s}" for p in ("a:", "b:") for s in source["from_stop_id"]]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030", "cp1252"])
def test_odd_encodings(tmp_path: Path, encoding: str) -> None:
    text = GTFS["stops.txt"] if encoding != "cp1252" else GTFS["stops.txt"].replace("西城站", "Estação")
    plain = text if encoding != "cp1252" else text.replace("中县站", "b").replace("东城站", "c")
    plain = plain if encoding != "cp1252" else plain.replace("市中心", "d").replace("火车站", "e")
    files: dict[str, str | bytes] = {**GTFS, "stops.txt": plain.encode(encoding)}
    feed = read_gtfs(write_feed(tmp_path / "odd", files))
    assert feed.stops["stop_name"].tolist()[0] == ("Estação" if encoding == "cp1252" else "西城站")


def test_a_feed_two_folders_down_in_a_zip(tmp_path: Path) -> None:
    feed, issues = import_feeds([zip_feed(tmp_path / "f.zip", GTFS, prefix="export/2025/")])
    assert issues == []
    assert len(feed.trips) == 6


def test_all_feeds_are_read_before_the_first_complaint(tmp_path: Path) -> None:
    inspect_edited(tmp_path / "bad", stops=("40.710", "forty"))
    with pytest.raises(InputError) as caught:
        import_feeds([tmp_path / "bad" / "feed", tmp_path / "none.zip"])
    assert {"invalid_float", "missing_input"} <= {i.code for i in caught.value.issues}
