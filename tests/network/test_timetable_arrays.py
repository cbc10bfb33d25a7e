"""A feed and a day to arrays: which trips run, on which clock, in which patterns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pytest

from tests.network.town import SERVICE_DATE, make_feed, make_town
from transit_model.domain.modes import Ride, classify_route_type
from transit_model.domain.service_days import find_active_services
from transit_model.errors import InputError
from transit_model.network.timetable_arrays import (
    CompiledTimetable,
    compile_timetable,
    describe_service_span,
    find_stop_kinds,
    seed_phase,
)
from transit_model.units import parse_clock_s

STOPS: dict[str, tuple[Any, ...]] = {"sa": (111.0, 39.99), "sb": (111.0, 40.299), "sc": (111.0, 40.505)}
Ridden = tuple[str, tuple[tuple[str, int, int], ...]]


def compiled(lines: Sequence[str], day: date = SERVICE_DATE, **feed: Any) -> CompiledTimetable:
    town = make_town(feed=make_feed(lines, stops=STOPS, **feed), main_stations={})
    return compile_timetable(town, day)


def rides(timetable: CompiledTimetable) -> list[Ridden]:
    """All scheduled trips as (trip, ((stop, arrive, depart), ...)) in order of departure."""
    p = timetable.arrays.patterns
    found = []
    for line in range(len(p.stop_ptr) - 1):
        stops = p.stops[p.stop_ptr[line] : p.stop_ptr[line + 1]]
        for n, trip in enumerate(range(p.trip_ptr[line], p.trip_ptr[line + 1])):
            first = p.event_ptr[line] + n * len(stops)
            calls = tuple(
                (timetable.stop_ids[s], int(p.arrive_s[first + i]), int(p.depart_s[first + i]))
                for i, s in enumerate(stops)
            )
            found.append((timetable.trip_ids[p.trip_id_idx[trip]], calls))
    return sorted(found, key=lambda ride: (ride[1][0][2], ride[0]))


def starts(timetable: CompiledTimetable, trip: str) -> list[int]:
    return [calls[0][2] for name, calls in rides(timetable) if name == trip]


WEEK = ("week 1111100 20201201 20201231", "sunday 0000001 20201201 20201231")


@pytest.mark.parametrize(
    ("day", "services"),
    [
        ("2020-12-16", {"week"}),  # a Wednesday
        ("2020-12-20", {"sunday"}),
        ("2020-12-19", set()),  # a Saturday
        ("2020-12-25", {"extra"}),  # week taken off, extra put on by calendar_dates
        ("2020-11-30", set()),  # the Monday before the first day
        ("2020-12-01", {"week"}),
        ("2020-12-31", {"week"}),
        ("2021-01-01", set()),
    ],
)
def test_calendar_and_calendar_dates(day: str, services: set[str]) -> None:
    feed = make_feed(
        ["T rail week | sa 08:00 | sb 09:00"],
        calendar=WEEK,
        calendar_dates=["week 20201225 2", "extra 20201225 1"],
    )
    assert find_active_services(feed, date.fromisoformat(day)) == services


def test_a_feed_with_calendar_dates_only() -> None:
    feed = make_feed(
        ["T rail fair | sa 08:00 | sb 09:00"], stops=STOPS, calendar=(), calendar_dates=["fair 20201216 1"]
    )
    assert find_active_services(feed, SERVICE_DATE) == {"fair"}
    assert starts(compile_timetable(make_town(feed=feed, main_stations={}), SERVICE_DATE), "T") == [28_800]


def test_a_day_without_service_is_an_issue_that_names_the_days_with_service() -> None:
    with pytest.raises(InputError) as caught:
        compiled(["T rail daily | sa 08:00 | sb 09:00"], date(2021, 2, 1))
    issue = caught.value.issues[0]
    assert (issue.code, issue.field, issue.value) == ("no_service", "service_date", "2021-02-01")
    assert issue.hint == "dates with service: 20201201 to 20201231"


def test_a_saturday_between_weekdays_has_no_service_either() -> None:
    with pytest.raises(InputError, match="no_service"):
        compiled(["T rail week | sa 08:00 | sb 09:00"], date(2020, 12, 19), calendar=WEEK)


def test_a_feed_without_any_calendar_says_none() -> None:
    assert describe_service_span(make_feed(calendar=())) == "none"


def test_neighbouring_days_stand_beside_the_day() -> None:
    timetable = compiled(["T rail daily | sa 08:00 | sb 09:00", "N rail daily | sa 23:50 | sb 24:30"])
    # T: 08:00 today and tomorrow (28800 + 86400); yesterday's arrived before midnight and is gone.
    assert starts(timetable, "T") == [28_800, 115_200]
    # N: yesterday's left at -600 and arrives at 00:30; today's 23:50 = 85800; tomorrow's 172200.
    assert starts(timetable, "N") == [-600, 85_800, 172_200]
    yesterday = next(calls for name, calls in rides(timetable) if name == "N")
    assert yesterday == (("sa", -600, -600), ("sb", 1800, 1800))


def test_a_train_after_midnight_is_caught_on_the_next_service_day() -> None:
    # sb is left at 24:12 of the service day before: at 00:12 = 720 s of today.
    timetable = compiled(["N rail daily | sa 23:50 | sb 24:10 24:12 | sc 24:30"])
    yesterday = rides(timetable)[0][1]
    assert yesterday[1:] == (("sb", 600, 720), ("sc", 1800, 1800))


def test_day_copies_follow_the_calendar_of_their_own_day() -> None:
    # On Sunday: Saturday's service runs over midnight, Monday's begins; both are other services.
    timetable = compiled(
        ["S rail sat | sa 23:50 | sb 24:10", "U rail sun | sa 10:00 | sb 10:30", "M rail mon | sa 06:00 | sb 06:30"],
        date(2020, 12, 20),
        calendar=["sat 0000010 20201201 20201231", "sun 0000001 20201201 20201231", "mon 1000000 20201201 20201231"],
    )
    assert starts(timetable, "S") == [-600]
    assert starts(timetable, "U") == [36_000]
    assert starts(timetable, "M") == [86_400 + 21_600]


def test_the_day_before_the_first_day_has_no_trains() -> None:
    timetable = compiled(["N rail daily | sa 23:50 | sb 24:30"], date(2020, 12, 1))
    assert starts(timetable, "N") == [85_800, 172_200]
    last = compiled(["N rail daily | sa 23:50 | sb 24:30"], date(2020, 12, 31))
    assert starts(last, "N") == [-600, 85_800]


def test_trips_of_equal_stops_share_a_pattern_in_order_of_departure() -> None:
    timetable = compiled(
        [
            "B rail daily | sa 10:00 | sb 10:30",
            "A rail daily | sa 08:00 | sb 08:30",
            "C rail daily | sb 09:00 | sa 09:30",
        ]
    )
    p = timetable.arrays.patterns
    assert len(p.stop_ptr) - 1 == 2
    first = [timetable.trip_ids[i] for i in p.trip_id_idx[p.trip_ptr[0] : p.trip_ptr[1]]]
    assert first == ["A", "B", "A", "B"]  # today's and tomorrow's


def test_a_train_that_overtakes_gets_a_pattern_of_its_own() -> None:
    # X leaves at 08:05 and is there at 08:25, before S of 08:00 (08:30): one pattern would hide it.
    timetable = compiled(["S rail daily | sa 08:00 | sb 08:30", "X rail daily | sa 08:05 | sb 08:25"])
    p = timetable.arrays.patterns
    assert len(p.stop_ptr) - 1 == 2
    for line in range(2):
        n = int(p.stop_ptr[line + 1] - p.stop_ptr[line])
        times = p.arrive_s[p.event_ptr[line] : p.event_ptr[line + 1]].reshape(-1, n)
        assert (np.diff(times, axis=0) >= 0).all()


def test_no_pickup_and_no_drop_off() -> None:
    timetable = compiled(
        [
            "T rail daily | sa 08:00 d1 | sb 08:20 08:22 p1 | sc 08:40 p1",
            "U rail daily | sa 09:00 d1 | sb 09:20 09:22 d3 | sc 09:40 p2",  # 2 and 3: by arrangement, still possible
        ]
    )
    p = timetable.arrays.patterns
    rows = {}
    for line in range(len(p.stop_ptr) - 1):
        first = p.event_ptr[line]  # permissions stand at each event, equal for all trips of a pattern
        span = slice(first, first + p.stop_ptr[line + 1] - p.stop_ptr[line])
        trip = timetable.trip_ids[p.trip_id_idx[p.trip_ptr[line]]]
        rows[trip] = (p.board[span].tolist(), p.alight[span].tolist())
    assert rows["T"] == ([True, False, False], [False, True, True])
    assert rows["U"] == ([True, True, True], [False, True, True])


def test_exact_times_are_expanded() -> None:
    timetable = compiled(["E rail daily | sa 00:00 | sb 00:20 00:22 | sc 00:40"], frequencies=["E 08:00 09:00 1200 1"])
    # 08:00, 08:20, 08:40; the end is excluded; tomorrow's three as well.
    today = [28_800, 30_000, 31_200]
    assert starts(timetable, "E") == [*today, *(s + 86_400 for s in today)]
    assert rides(timetable)[0][1] == (("sa", 28_800, 28_800), ("sb", 30_000, 30_120), ("sc", 31_200, 31_200))
    assert len(timetable.arrays.headways.start_s) == 0


def test_exact_times_count_from_the_first_departure_of_the_trip() -> None:
    # The template leaves at 05:00: the expanded trips still leave at 08:00.
    timetable = compiled(["E rail daily | sa 05:00 | sb 05:20"], frequencies=["E 08:00 08:30 1800 1"])
    assert rides(timetable)[0][1] == (("sa", 28_800, 28_800), ("sb", 30_000, 30_000))


def test_headways_are_kept_as_bands() -> None:
    timetable = compiled(
        ["M rail daily | sa 06:00 | sb 06:20 06:22 | sc 06:40"],
        frequencies=["M 06:00 08:00 600 0", "M 08:00 23:30 900 0"],
    )
    h = timetable.arrays.headways
    today = h.start_s >= 0
    bands = list(zip(h.start_s[today].tolist(), h.end_s[today].tolist(), h.headway_s[today].tolist(), strict=True))
    assert bands[:2] == [(21_600, 28_800, 600), (28_800, 84_600, 900)]
    assert h.arrive_offset_s[:3].tolist() == [0, 1200, 2400]
    assert h.depart_offset_s[:3].tolist() == [0, 1320, 2400]
    assert len(timetable.arrays.patterns.trip_id_idx) == 0
    # Yesterday's last vehicle leaves sa at 23:30 and is at sc at 24:10: that band still counts after midnight.
    assert [(int(s), int(e)) for s, e in zip(h.start_s[~today], h.end_s[~today], strict=True)] == [
        (28_800 - 86_400, 84_600 - 86_400)
    ]


def test_a_trip_of_one_stop_is_no_ride() -> None:
    timetable = compiled(["T rail daily | sa 08:00 | sb 09:00", "lone rail daily | sa 08:00"])
    assert {name for name, _ in rides(timetable)} == {"T"}


def test_only_the_wanted_route_types() -> None:
    feed = make_feed(["T rail daily | sa 08:00 | sb 09:00", "B bus daily | sa 08:00 | sb 09:30"], stops=STOPS)
    town = make_town(feed=feed, main_stations={})
    assert {n for n, _ in rides(compile_timetable(town, SERVICE_DATE, rides=[Ride.RAIL]))} == {"T"}
    assert {n for n, _ in rides(compile_timetable(town, SERVICE_DATE, rides=[Ride.BUS]))} == {"B"}
    assert {n for n, _ in rides(compile_timetable(town, SERVICE_DATE))} == {"T", "B"}
    assert rides(compile_timetable(town, SERVICE_DATE, rides=[])) == []


def test_route_types_and_stop_kinds() -> None:
    assert [classify_route_type(t) for t in (2, 100, 109, 199)] == ["rail"] * 4
    assert [classify_route_type(t) for t in (0, 1, 5, 7, 12, 400, 500, 900, 1400)] == ["metro"] * 9
    assert [classify_route_type(t) for t in (200, 208)] == ["coach"] * 2
    assert [classify_route_type(t) for t in (3, 11, 700, 800, 4, 1000)] == ["bus"] * 6
    feed = make_feed(
        [
            "B bus daily | sa 08:00 | sb 09:00 | sc 10:00",
            "T rail daily | sb 08:00 | sc 09:00",
            "M metro daily | sa 1:00 | sb 2:00",
        ]
    )
    # A stop served by several kinds is the first of rail, metro, coach, bus.
    assert find_stop_kinds(feed) == {"sa": "metro", "sb": "rail", "sc": "rail"}


def test_stop_times_are_read_in_order_of_stop_sequence() -> None:
    feed = make_feed(["T rail daily | sa 08:00 | sb 08:20 | sc 08:40"], stops=STOPS)
    shuffled = make_town(main_stations={}).with_tables(
        feed=type(feed)(**{**vars(feed), "stop_times": feed.stop_times.iloc[[2, 0, 1]].reset_index(drop=True)})
    )
    calls = rides(compile_timetable(shuffled, SERVICE_DATE))[0][1]
    assert [stop for stop, _, _ in calls] == ["sa", "sb", "sc"]
    assert calls[0][2] == parse_clock_s("08:00")


def test_headway_trips_keep_their_permissions_and_have_a_phase_of_their_id() -> None:
    trips = ["M rail daily | sa 06:00 | sb 06:20 06:22 | sc 06:40", "N rail daily | sa 06:00 | sc 06:30"]
    timetable = compiled(trips, frequencies=["M 06:00 08:00 600 0", "N 06:00 08:00 40000 0", "M 08:00 23:30 900 0"])
    h = timetable.arrays.headways
    assert h.headway_s.max() == 40_000
    assert (len(h.board), len(h.alight)) == (len(h.stops), len(h.stops))
    # both bands of M, on every day, have the phase of M: it hangs on the id alone
    seeds = {timetable.trip_ids[t]: set(h.seed[h.trip_id_idx == t].tolist()) for t in h.trip_id_idx.tolist()}
    assert seeds == {"M": {seed_phase("M")}, "N": {seed_phase("N")}}
    assert seed_phase("M") != seed_phase("N")
    alone = compiled(["M rail daily | sa 06:00 | sc 06:40"], frequencies=["M 06:00 08:00 600 0"])
    assert set(alone.arrays.headways.seed.tolist()) == {seed_phase("M")}
