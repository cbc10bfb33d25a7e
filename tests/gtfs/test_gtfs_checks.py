"""One wrong feed a rule: each notice is found, once, where it is, and the good feed has none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.gtfs.feeds import inspect_edited
from transit_model.gtfs import notices as gtfs_notices
from transit_model.store.notice import MAX_LISTED, Notice

STATION = "west-station,西城站,40.800,111.020"
HEAD = "stop_id,stop_name,stop_lat,stop_lon"

# code -> (table edits, file, value)
CASES: dict[str, tuple[dict[str, tuple[str, str] | str | None], str, str]] = {
    "empty_file": (
        {"stop_times": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"},
        "stop_times.txt",
        "None",
    ),
    "foreign_key_violation": ({"stop_times": ("mid-station", "nowhere")}, "stop_times.txt", "nowhere"),
    "invalid_timezone": ({"agency": ("Asia/Shanghai", "Mars/Base")}, "agency.txt", "Mars/Base"),
    "stop_without_location": ({"stops": ("40.710,111.500", ",")}, "stops.txt", "mid-station"),
    "point_near_origin": ({"stops": ("40.710,111.500", "0,0")}, "stops.txt", "mid-station"),
    "point_near_pole": ({"stops": ("40.710,111.500", "89.9,40.7")}, "stops.txt", "mid-station"),
    "coordinates_swapped": (
        # a region where both are possible latitudes
        {
            "stops": f"{HEAD}\nwest-station,a,40,80\nmid-station,b,80,40\neast-station,c,40,81\n"
            "metro-centre,d,40,80\nmetro-station,e,40,80\n"
        },
        "stops.txt",
        "mid-station",
    ),
    "wrong_parent_location_type": (
        {
            "stops": f"{HEAD},location_type,parent_station\nwest-station,a,40.8,111.0,0,mid-station\n"
            "mid-station,b,40.8,111.1,0,\neast-station,c,40.8,111.9,,\nmetro-centre,d,40.8,111,,\n"
            "metro-station,e,40.8,111,,\n"
        },
        "stops.txt",
        "west-station",
    ),
    "station_with_parent_station": (
        {
            "stops": f"{HEAD},location_type,parent_station\nwest-station,a,40.8,111.0,,\nmid-station,b,40.8,111.1,,\n"
            "east-station,c,40.8,111.9,,\nmetro-centre,d,40.8,111,,\nmetro-station,e,40.8,111,,\n"
            "s1,f,40.8,111,1,s2\ns2,f,40.8,111,1,\n"
        },
        "stops.txt",
        "s1",
    ),
    "location_with_unexpected_stop_time": (
        {
            "stops": f"{HEAD},location_type\nwest-station,a,40.8,111.0,1\nmid-station,b,40.8,111.1,\n"
            "east-station,c,40.8,111.9,\nmetro-centre,d,40.8,111,\nmetro-station,e,40.8,111,\n"
        },
        "stop_times.txt",
        "west-station",
    ),
    "stop_time_with_departure_before_arrival_time": (
        {"stop_times": ("24:10:00,24:15:00", "24:10:00,00:15:00")},
        "stop_times.txt",
        "K7",
    ),
    "stop_time_with_arrival_before_previous_departure_time": (
        {"stop_times": ("24:50:00,24:50:00", "00:50:00,00:50:00")},
        "stop_times.txt",
        "K7",
    ),
    "decreasing_or_equal_stop_time_distance": (
        {
            "stop_times": "trip_id,arrival_time,departure_time,stop_id,stop_sequence,shape_dist_traveled\n"
            "D1,07:30:00,07:30:00,west-station,1,5\nD1,08:20:00,08:20:00,east-station,2,1\n"
        },
        "stop_times.txt",
        "D1",
    ),
    "unusable_trip": ({"stop_times": ("D2,09:50:00,09:50:00,west-station,2\n", "")}, "trips.txt", "D2"),
    "unused_trip": ({"trips": ("rail-d,daily,D2", "rail-d,daily,D9")}, "trips.txt", "D9"),
    "stop_without_stop_time": (
        {"stop_times": ("K7,24:10:00,24:15:00,mid-station,2\n", "")},
        "stops.txt",
        "mid-station",
    ),
    "fast_travel_between_consecutive_stops": (
        {"stop_times": ("D1,08:20:00,08:20:00", "D1,07:35:00,07:35:00")},  # 81 km in 5 (+1) minutes: 808 km/h
        "stop_times.txt",
        "D1",
    ),
    "start_and_end_range_out_of_order": (
        {"frequencies": ("metro-1-0,06:00:00,22:00:00", "metro-1-0,22:00:00,06:00:00")},
        "frequencies.txt",
        "metro-1-0",
    ),
    "start_and_end_range_equal": (
        {"frequencies": ("metro-1-0,06:00:00,22:00:00", "metro-1-0,06:00:00,06:00:00")},
        "frequencies.txt",
        "metro-1-0",
    ),
    "overlapping_frequency": (
        {"frequencies": ("metro-1-1,06:00:00,22:00:00,600,0", "metro-1-0,21:59:00,23:00:00,600,0")},
        "frequencies.txt",
        "metro-1-0",
    ),
    "service_without_days": ({"calendar": ("1,1,1,1,1,1,1", "0,0,0,0,0,0,0")}, "calendar.txt", "daily"),
}


@pytest.mark.parametrize("code", CASES)
def test_rule_finds_its_feed(tmp_path: Path, code: str) -> None:
    edits, file, value = CASES[code]
    _, issues = inspect_edited(tmp_path, **edits)
    found = [(i.file, str(i.value)) for i in issues if i.code == code]
    assert (file, value) in found, [i.as_text() for i in issues]


def test_every_notice_has_a_case() -> None:
    declared = {n.code for n in vars(gtfs_notices).values() if isinstance(n, Notice)}
    assert declared <= set(CASES)


def test_the_good_feed_has_no_finding(tmp_path: Path) -> None:
    assert inspect_edited(tmp_path)[1] == []


@pytest.mark.parametrize(
    ("table", "old", "new", "severity"),
    [
        ("trips", "rail-k,daily,K7", "rail-x,daily,K7", "error"),
        ("trips", "rail-k,daily,K7", "rail-k,never,K7", "error"),
        ("stop_times", "K7,23:40:00", "K8,23:40:00", "error"),
        ("frequencies", "metro-1-0", "metro-9", "error"),
        ("transfers", "metro-station,west-station", "nowhere,west-station", "error"),
    ],
)
def test_references(tmp_path: Path, table: str, old: str, new: str, severity: str) -> None:
    _, issues = inspect_edited(tmp_path, **{table: (old, new)})
    assert [i.severity for i in issues if i.code == "foreign_key_violation"] == [severity]


def test_a_lost_drawing_is_a_warning(tmp_path: Path) -> None:
    trips = "route_id,service_id,trip_id,shape_id\nrail-d,daily,D1,s9\nrail-d,daily,D3,\nrail-k,daily,K7,\n"
    trips += "rail-d,daily,D2,\nmetro-1,daily,metro-1-0,\nmetro-1,daily,metro-1-1,\n"
    _, issues = inspect_edited(tmp_path, trips=trips)
    assert [(i.code, i.severity, i.value) for i in issues] == [("foreign_key_violation", "warning", "s9")]


def test_rules_of_lost_trips_and_routes_are_warned_about(tmp_path: Path) -> None:
    head = "from_stop_id,to_stop_id,transfer_type,min_transfer_time,from_route_id,to_route_id,from_trip_id,to_trip_id\n"
    rows = "west-station,west-station,3,,,,D1,x1\nwest-station,west-station,2,60,rail-d,gone,,\n"
    _, issues = inspect_edited(tmp_path, transfers=head + rows)
    found = [(i.code, i.severity, i.field, i.value) for i in issues]
    assert found == [
        ("foreign_key_violation", "warning", "to_route_id", "gone"),
        ("foreign_key_violation", "warning", "to_trip_id", "x1"),
    ]


def test_rules_beyond_the_bound_are_counted(tmp_path: Path) -> None:
    head = "from_stop_id,to_stop_id,transfer_type,from_trip_id,to_trip_id,min_transfer_time\n"
    rows = "".join(f"west-station,west-station,2,D1,D2,{n}\n" for n in range(1001))
    _, issues = inspect_edited(tmp_path, transfers=head + rows)
    assert [(i.code, i.severity) for i in issues] == [("transfer_rules_left_out", "warning")]
    assert issues[0].message.startswith("1001 rows")


def test_bands_that_touch_do_not_overlap(tmp_path: Path) -> None:
    band = "metro-1-1,06:00:00,22:00:00,600,0"
    _, issues = inspect_edited(tmp_path, frequencies=(band, f"{band}\nmetro-1-1,22:00:00,23:00:00,900,0"))
    assert issues == []


def test_service_that_ends_before_it_starts(tmp_path: Path) -> None:
    _, issues = inspect_edited(tmp_path, calendar=("20201001,20210120", "20210120,20201001"), calendar_dates=None)
    assert [(i.code, i.file) for i in issues] == [("start_and_end_range_out_of_order", "calendar.txt")]


def test_long_lists_are_counted() -> None:
    notice = Notice("x", "error", "t.txt", "a", "wrong")
    issues = notice.list_values([*range(12)], "feed/")
    assert len(issues) == MAX_LISTED
    assert issues[-1].message == "wrong (and 7 more)"
    assert issues[0].message == "wrong"
    assert issues[0].file == "feed/t.txt"
