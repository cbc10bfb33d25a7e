"""Both timetables are sound GTFS and their trains keep the published times."""

from __future__ import annotations

import csv
import itertools
import statistics
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

Rows = list[dict[str, str]]
Read = Callable[[str], Rows]
REQUIRED = {
    "agency": {"agency_id", "agency_name", "agency_url", "agency_timezone"},
    "stops": {"stop_id", "stop_name", "stop_lat", "stop_lon"},
    "routes": {"route_id", "agency_id", "route_short_name", "route_long_name", "route_type"},
    "trips": {"route_id", "service_id", "trip_id"},
    "stop_times": {"trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence"},
    "calendar": {"service_id", "monday", "sunday", "start_date", "end_date"},
    "frequencies": {"trip_id", "start_time", "end_time", "headway_secs", "exact_times"},
    "transfers": {"from_stop_id", "to_stop_id", "transfer_type", "min_transfer_time"},
    "translations": {"table_name", "field_name", "language", "translation", "record_id"},
    "feed_info": {"feed_publisher_name", "feed_publisher_url", "feed_lang"},
}


def clock_s(text: str) -> int:
    """Seconds of HH:MM:SS."""
    hours, minutes, seconds = (int(part) for part in text.split(":"))
    return hours * 3600 + minutes * 60 + seconds


def calls_of(rows: Read, timetable: str) -> dict[str, Rows]:
    """Stop times by trip, in order of stop_sequence."""
    by_trip: dict[str, Rows] = {}
    for row in rows(f"timetables/{timetable}/stop_times.txt"):
        by_trip.setdefault(row["trip_id"], []).append(row)
    return {trip: sorted(found, key=lambda r: int(r["stop_sequence"])) for trip, found in by_trip.items()}


@pytest.fixture(scope="session", params=["TT2020Q4", "TT20231215"])
def timetable(request: pytest.FixtureRequest) -> str:
    """Each timetable of the pack."""
    return str(request.param)


@pytest.fixture(scope="session")
def feed(rows: Read, timetable: str) -> Read:
    """Read a table of the timetable by its name."""
    return lambda name: rows(f"timetables/{timetable}/{name}.txt")


@pytest.fixture(scope="session")
def calls(rows: Read, timetable: str) -> dict[str, Rows]:
    """Stop times of the timetable by trip."""
    return calls_of(rows, timetable)


@pytest.mark.parametrize("name", sorted(REQUIRED))
def test_tables_have_their_required_columns(feed: Read, name: str) -> None:
    table = feed(name)
    assert table
    assert set(table[0]) >= REQUIRED[name]


def test_references_resolve_and_ids_are_unique(feed: Read, calls: dict[str, Rows]) -> None:
    ids = {
        (name, key): [row[key] for row in feed(name)]
        for name, key in (("stops", "stop_id"), ("routes", "route_id"), ("trips", "trip_id"), ("agency", "agency_id"))
    }
    for key, values in ids.items():
        assert len(set(values)) == len(values), key
    services = {row["service_id"] for row in feed("calendar")}
    for trip in feed("trips"):
        assert trip["route_id"] in ids["routes", "route_id"]
        assert trip["service_id"] in services
    assert set(calls) == set(ids["trips", "trip_id"])
    stops = set(ids["stops", "stop_id"])
    used = {row["stop_id"] for row in feed("stop_times")}
    assert used == stops, "no stop without service, no service without stop"
    assert {row[c] for row in feed("transfers") for c in ("from_stop_id", "to_stop_id")} <= stops
    assert {row["trip_id"] for row in feed("frequencies")} <= set(calls)
    known = stops | set(ids["routes", "route_id"]) | set(ids["agency", "agency_id"])
    assert {row["record_id"] for row in feed("translations")} == known


def test_stops_are_stations_of_the_pack_at_the_same_point(rows: Read, feed: Read) -> None:
    points = {
        row["stop_id"]: (row["lon"], row["lat"], row["name_zh"])
        for name in ("stations.csv", "metro_stations.csv")
        for row in rows(name)
    }
    for stop in feed("stops"):
        assert points[stop["stop_id"]] == (stop["stop_lon"], stop["stop_lat"], stop["stop_name"])


@pytest.mark.parametrize(
    ("timetable_id", "trains", "metro", "classes"),
    [("TT2020Q4", 186, "METRO2020", 6), ("TT20231215", 212, "METRO2021", 7)],
)
def test_trains_and_two_metro_lines(rows: Read, timetable_id: str, trains: int, metro: str, classes: int) -> None:
    trips, routes = (rows(f"timetables/{timetable_id}/{name}.txt") for name in ("trips", "routes"))
    assert Counter(t["service_id"] for t in trips) == {timetable_id: trains, metro: 4}
    assert {t["route_id"] for t in trips} == {r["route_id"] for r in routes}
    assert Counter(r["route_type"] for r in routes) == {"2": classes, "1": 2}
    assert not [t for t in trips if t["trip_short_name"].startswith("Z4")], "temporary trains are left out"


def test_calendars_run_daily_and_follow_each_other(rows: Read) -> None:
    old, new = (rows(f"timetables/{name}/calendar.txt") for name in ("TT2020Q4", "TT20231215"))
    assert {(r["start_date"], r["end_date"]) for r in old} == {("20201011", "20231214")}
    assert {(r["start_date"], r["end_date"]) for r in new} == {("20231215", "20401231")}
    assert {r[day] for r in old + new for day in ("monday", "friday", "sunday")} == {"1"}


def test_clock_times_never_run_backwards(calls: dict[str, Rows]) -> None:
    for trip, stops in calls.items():
        assert len(stops) >= 2, trip
        times = [clock_s(row[c]) for row in stops for c in ("arrival_time", "departure_time")]
        assert times == sorted(times), trip
        assert len({row["stop_sequence"] for row in stops}) == len(stops)
        # Nothing here takes two days, and nothing jumps from stop to stop in no time.
        assert times[-1] - times[0] < 86_400, trip
        assert all(clock_s(b["arrival_time"]) > clock_s(a["departure_time"]) for a, b in itertools.pairwise(stops)), (
            trip
        )


def test_midnight_counts_on(rows: Read) -> None:
    # Train 4652 leaves Hohhot 21:59, is at Jining South 23:45-00:01 and at Erlian 05:26 the next morning.
    calls = calls_of(rows, "TT2020Q4")
    assert [(r["arrival_time"], r["departure_time"]) for r in calls["TT2020Q4-4652"]] == [
        ("21:59:00", "21:59:00"),
        ("23:45:00", "24:01:00"),
        ("29:26:00", "29:26:00"),
    ]


def test_a_train_that_stands_over_midnight(rows: Read) -> None:
    # K396 is at Hohhot 23:40-00:00, then at Jining South 01:33-01:44 on the next day; it leaves Wuhai at 17:42.
    stops = {r["stop_id"]: r for r in calls_of(rows, "TT20231215")["TT20231215-K396"]}
    assert (stops["hohhot"]["arrival_time"], stops["hohhot"]["departure_time"]) == ("23:40:00", "24:00:00")
    assert (stops["jining-south"]["arrival_time"], stops["wuhai"]["departure_time"]) == ("25:33:00", "17:42:00")


def test_a_train_from_afar_starts_on_the_day_it_is_seen(rows: Read) -> None:
    # K885 leaves Tianjin at 21:38 the day before, is at Zhangjiakou 03:04 and at Hohhot East 09:10.
    first, *rest = calls_of(rows, "TT20231215")["TT20231215-K885"]
    assert (first["stop_id"], first["arrival_time"]) == ("zhangjiakou", "03:04:00")
    assert "09:10:00" in {r["arrival_time"] for r in rest}


def test_every_stop_of_the_source_is_there_at_its_time(rows: Read, repo: Path) -> None:
    with (repo / "data/sources/hubaoewu/rail_services_2023.csv").open(encoding="utf-8", newline="") as handle:
        source = list(csv.DictReader(handle))
    known = {r["name_zh"]: r["stop_id"] for r in rows("stations.csv") if r["lon"]}
    calls = calls_of(rows, "TT20231215")
    listed = [
        (r["train_no"], known[r["station_name_zh"]], r["arrive"], r["depart"])
        for r in source
        if r["station_name_zh"] in known
    ]
    fed: dict[tuple[str, str], list[str]] = {}
    for trip, stops in calls.items():
        for stop in stops if trip.startswith("TT") else []:
            times = [stop["arrival_time"], stop["departure_time"]]
            fed[trip.split("-", 1)[1], stop["stop_id"]] = [f"{int(t[:2]) % 24:02d}{t[2:5]}" for t in times]
    assert len(fed) == len(listed), "no stop is lost, none is invented"
    for number, stop_id, arrive, depart in listed:
        assert fed[number, stop_id] == [arrive or depart, depart or arrive], (number, stop_id)
    # What is left out lies beyond the region.
    assert {r["station_name_zh"] for r in source} - set(known) >= {"乌海西", "锡林浩特", "西安"}


@pytest.mark.parametrize(
    "stop_id",
    ["togtoh-east", "jungar", "chasuqi", "salaqi", "dongsheng-west", "dongsheng-east", "dalad-west", "zhuozi-east",
     "xinghe-north"],
)  # fmt: skip
def test_minor_stations_have_trains_since_2023(rows: Read, stop_id: str) -> None:
    assert stop_id in {r["stop_id"] for r in rows("timetables/TT20231215/stops.txt")}


def test_trains_keep_every_time_of_the_pair_table(rows: Read) -> None:
    names = {row["stop_id"]: row["name_zh"] for row in rows("stations.csv")}
    calls = calls_of(rows, "TT2020Q4")
    numbers = {row["trip_id"]: row["trip_short_name"] for row in rows("timetables/TT2020Q4/trips.txt")}
    rides: dict[tuple[str, str, str], list[tuple[int, str, str, str]]] = {}
    for trip, stops in calls.items():
        if not trip.startswith("TT2020Q4"):
            continue
        kind = "EMU" if numbers[trip][0] in "GDC" else "conv"
        for i, a in enumerate(stops):
            for b in stops[i + 1 :]:
                ride_min = (clock_s(b["arrival_time"]) - clock_s(a["departure_time"])) // 60
                ride = (ride_min, numbers[trip], a["departure_time"], b["arrival_time"])
                rides.setdefault((names[a["stop_id"]], names[b["stop_id"]], kind), []).append(ride)
    table = rows("checks/rail_station_pair_times.csv")
    assert len(table) == 44
    for row in table:
        found = sorted(rides[row["from_zh"], row["to_zh"], row["train_type"]])
        minutes = [ride[0] for ride in found]
        assert len(found) == int(row["trains_per_day_listed"]), row
        assert minutes[0] == int(row["fastest_min"]), row
        assert statistics.median(minutes) == float(row["median_min"]), row
        assert minutes[-1] == int(row["slowest_min"]), row
        departures = {(n, d[:5], a[:5]) for m, n, d, a in found if m == minutes[0]}
        wrapped = {(n, f"{int(d[:2]) % 24:02d}{d[2:]}", f"{int(a[:2]) % 24:02d}{a[2:]}") for n, d, a in departures}
        assert (row["fastest_train"], row["fastest_depart"], row["fastest_arrive"]) in wrapped, row


def test_trains_listed_among_the_four_cities(rows: Read) -> None:
    # rail_README: 19 pairs, D6751-D6768, D6769-D6778, D6961-D6970: 18 + 10 + 10 trains.
    numbers = {row["trip_short_name"] for row in rows("timetables/TT2020Q4/trips.txt")}
    expected = [f"D{n}" for n in (*range(6751, 6779), *range(6961, 6971))]
    assert set(expected) <= numbers
    assert len(expected) == 38


def test_no_train_is_faster_than_trains_go(feed: Read, calls: dict[str, Rows]) -> None:
    from tests.data.test_pack_tables import great_circle_m

    points = {r["stop_id"]: (float(r["stop_lon"]), float(r["stop_lat"])) for r in feed("stops")}
    for trip, stops in calls.items():
        for a, b in itertools.pairwise(stops):
            metres = great_circle_m(*points[a["stop_id"]], *points[b["stop_id"]])
            run_s = clock_s(b["arrival_time"]) - clock_s(a["departure_time"])
            limit = 80 if trip.startswith("metro") else 350
            assert metres / run_s * 3.6 < limit, (trip, a["stop_id"], b["stop_id"])


@pytest.mark.parametrize(
    ("timetable_id", "line", "stations", "total_s"),
    [("TT2020Q4", "1", 20, 45 * 60 + 20), ("TT2020Q4", "2", 24, 49 * 60),
     ("TT20231215", "1", 20, 42 * 60), ("TT20231215", "2", 24, 47 * 60)],
)  # fmt: skip
def test_metro_end_to_end(rows: Read, timetable_id: str, line: str, stations: int, total_s: int) -> None:
    calls = calls_of(rows, timetable_id)
    there, back = calls[f"metro-{line}-0"], calls[f"metro-{line}-1"]
    for stops in (there, back):
        assert len(stops) == stations
        assert clock_s(stops[-1]["arrival_time"]) - clock_s(stops[0]["departure_time"]) == total_s
    assert [r["stop_id"] for r in there] == [r["stop_id"] for r in back][::-1]


def test_metro_headways(feed: Read) -> None:
    trips = {f"metro-{line}-{direction}" for line in "12" for direction in "01"}
    windows: dict[str, Rows] = {}
    for row in feed("frequencies"):
        assert row["exact_times"] == "0"
        windows.setdefault(row["trip_id"], []).append(row)
    assert set(windows) == trips
    for found in windows.values():
        assert (found[0]["start_time"], found[-1]["end_time"]) == ("06:00:00", "22:00:00")
        assert all(a["end_time"] == b["start_time"] for a, b in itertools.pairwise(found))
        assert {int(r["headway_secs"]) for r in found} == {360, 600, 720}
        assert {r["headway_secs"] for r in found if r["start_time"] >= "20:00:00"} == {"720"}


def test_transfers_join_metro_and_railway_both_ways(feed: Read) -> None:
    transfers = {(r["from_stop_id"], r["to_stop_id"]): r for r in feed("transfers")}
    for a, b in (
        ("hohhot", "metro-hohhot-railway-station"),
        ("hohhot-east", "metro-hohhot-east"),
        ("metro-xinhua-square-l1", "metro-xinhua-square-l2"),
    ):
        for pair in ((a, b), (b, a)):
            assert transfers[pair]["transfer_type"] == "2"
            assert 180 <= int(transfers[pair]["min_transfer_time"]) <= 900
