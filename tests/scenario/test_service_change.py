"""Services that run already, changed: every key by hand, and every message.

Trains of the town: T1 sa 08:00 - sm 08:20/08:22 - sb 08:45; T2 sb 10:00 - sm 10:25/10:27 - sa 10:50; T3 sa 12:00 -
sb 13:00. sa to sm are 33.25 km, sm to sb 33.36 km straight.

What a stop costs at 180 km/h by the run-time model: 180 x 0.92 = 165.6 km/h = 46 m/s, braking and starting
46 / (2 x 0.3) + 46 / (2 x 0.4) = 76.67 + 57.5 = 134.17 s, with the recovery margin x 1.08 = 144.9 s.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.minipack import make_minipack_files, write_pack
from tests.scenario.applying import apply, expect, find_issues, town
from tests.scenario.yaml_text import make, parse, text_of
from transit_model.assumptions import read_default_assumptions
from transit_model.domain.modes import Ride
from transit_model.network.build import build_network
from transit_model.network.model import Network
from transit_model.network.timetable_arrays import compile_timetable
from transit_model.region.pack import read_region
from transit_model.scenario.change_runs import keep_evenly
from transit_model.scenario.order_notes import list_order_notes
from transit_model.units import format_clock, parse_clock_s

__all__ = ["town"]

ONE = "changes:\n  - {change}\n"
LINE = """\
stops: [{node: a}, {node: c}, {node: b}]
service: {kind: headway, headway_min: 30, first_departure: "06:30", last_departure: "20:00"}
"""
PEAKS = '[{from: "06:30", to: "09:00", headway_min: 10}, {from: "09:00", to: "20:00", headway_min: 40}]'


def change(network: Network, text: str) -> Network:
    return apply(network, make("service_change", f"changes: [{text}]\n"))


def calls(network: Network, trip: str) -> list[tuple[str, str, str]]:
    times = network.feed.stop_times
    rows = times[times["trip_id"] == trip].sort_values("stop_sequence")
    columns = ("stop_id", "arrival_clock_s", "departure_clock_s")
    return [(str(s), tell(int(a)), tell(int(d))) for s, a, d in zip(*(rows[c] for c in columns), strict=True)]


def tell(clock_s: int) -> str:
    return format_clock(clock_s) + (f":{clock_s % 60:02}" if clock_s % 60 else "")


def test_a_stop_less_spares_dwell_braking_and_starting(town: Network) -> None:
    network = change(town, "{drop_stops: [sm], line_speed_kmh: 180, trains: {numbers: [T1, T2]}}")
    # T1 ran 20 + 23 min = 2580 s; 2580 - 144.9 = 2435.1 s = 40 min 35 s, and nothing for the 2 min at sm.
    assert calls(network, "T1") == [("sa", "08:00", "08:00"), ("sb", "08:40:35", "08:40:35")]
    # T2: 25 + 23 min = 2880 - 144.9 = 2735.1 s = 45 min 35 s
    assert calls(network, "T2") == [("sb", "10:00", "10:00"), ("sa", "10:45:35", "10:45:35")]
    assert calls(network, "T3") == calls(town, "T3")
    assert network.feed.trips.set_index("trip_id")["project_id"].to_dict() == {"T1": "p", "T2": "p", "T3": ""}


def test_no_train_gets_faster_than_its_track(town: Network) -> None:
    # At 100 km/h all the way 66.6 km take 2397.6 s; by the model a stop less spares
    # 100 x 0.92 / 3.6 = 25.56 m/s, 25.56 / 0.6 + 25.56 / 0.8 = 74.5, x 1.08 = 80.5 s: 2580 - 80.5 = 2499.5 s.
    network = change(town, "{drop_stops: [sm], line_speed_kmh: 100, trains: {numbers: [T1]}}")
    assert calls(network, "T1")[-1][1] == "08:41:40"


def test_a_stop_more_costs_dwell_braking_and_starting(town: Network) -> None:
    network = change(town, "{add_stops: [{stop: sm, dwell_min: 3}], line_speed_kmh: 180, trains: {numbers: [T3]}}")
    # 3600 + 144.9 = 3744.9 s, shared by the runs of the model: (33,248 / 46 + 134.17) x 1.08 = 925.5 s and
    # (33,359 / 46 + 134.17) x 1.08 = 928.1 s; 3744.9 x 925.5 / 1853.6 = 1869.8 s = 31 min 10 s. At sb 3744.9 + 180 s.
    assert calls(network, "T3") == [
        ("sa", "12:00", "12:00"),
        ("sm", "12:31:10", "12:34:10"),
        ("sb", "13:05:25", "13:05:25"),
    ]
    given = change(town, "{add_stops: [{stop: sm, dwell_min: 1, lost_min: 2, after: sa}], trains: {numbers: [T3]}}")
    # 62 min in proportion to the straight distances, 33.25 : 33.36, and a minute's stop
    assert calls(given, "T3")[1][1:] == ("12:30:57", "12:31:57")
    assert calls(given, "T3")[2][1] == "13:03"


def test_terminal_stops_dropped_and_trains_that_go_on(town: Network) -> None:
    shorter = change(town, "{drop_stops: [sb], line_speed_kmh: 180, trains: {numbers: [T1, T2]}}")
    assert [c[0] for c in calls(shorter, "T1")] == ["sa", "sm"]
    assert [c[0] for c in calls(shorter, "T2")] == ["sm", "sa"]
    body = "changes: [{drop_stops: [sb], line_speed_kmh: 180, trains: {numbers: [T1, T2]}}, "
    again = make("service_change", body + "{extend: {beyond: sm, to: [sb], run_times_min: [30], dwell_min: 4}, "
                 "trains: {numbers: [T1, T2]}}]\n")  # fmt: skip
    longer = apply(town, again)
    # T1 at sm 08:20, on at 08:24, 30 min: 08:54. T2 leaves sm at 10:27: there since 10:23, from sb at 09:53.
    assert calls(longer, "T1")[1:] == [("sm", "08:20", "08:24"), ("sb", "08:54", "08:54")]
    assert calls(longer, "T2")[:2] == [("sb", "09:53", "09:53"), ("sm", "10:23", "10:27")]


def test_shifted_trains_and_bands(town: Network) -> None:
    network = apply(
        town,
        make("bus_line", LINE, project_id="line"),
        make("service_change", "changes: [{trains: {numbers: [T1]}, shift_min: -10}]\n"),
    )
    assert calls(network, "T1")[0] == ("sa", "07:50", "07:50")
    assert calls(network, "T1")[2] == ("sb", "08:35", "08:35")


def test_train_choices(town: Network) -> None:
    for choice, expected in (
        ("classes: [T]", {"T1", "T2", "T3"}),
        ("routes: [R]", {"T1", "T2", "T3"}),
        ("between: [sa, sm]", {"T1", "T2"}),
        ("between: [sa, sm], one_way: true", {"T1"}),
        ('first_departure: "09:00", last_departure: "12:00"', {"T2", "T3"}),
        ("numbers: [T2], classes: [T]", {"T2"}),
    ):
        network = change(town, f"{{trains: {{{choice}}}, shift_min: 5}}")
        trips = network.feed.trips
        assert set(trips.loc[trips["project_id"] == "p", "trip_id"]) == expected, choice


def test_fewer_and_more_trains(town: Network) -> None:
    # Lines sa-sb (T1, T3) and sb-sa (T2). Two of three: quotas 4/3 and 2/3, so 1 and, by the larger remainder, 1.
    fewer = change(town, "{trains_per_day: 2}")
    assert set(fewer.feed.trips["trip_id"]) == {"T2", "T3"}  # of two departures the later stands for the middle
    more = change(town, "{trains_per_day: 4}")
    new = more.feed.trips[more.feed.trips["project_id"].eq("p") & ~more.feed.trips["trip_id"].str.startswith("T")]
    assert len(more.feed.trips) == 4
    # The direction with fewer trains: one more sb-sa, in the middle of the widest gap 10:00-22:00.
    assert calls(more, str(new["trip_id"].iloc[0]))[0] == ("sb", "16:00", "16:00")


def test_headways_and_peaks_of_a_line_of_a_project(town: Network) -> None:
    line = make("rail_line", project_id="rail")
    twice = make("service_change", "changes: [{trains: {projects: [rail]}, headway_min: 10}]\n")
    bands = apply(town, line, twice).feed.frequencies
    assert set(bands["headway_secs"]) == {600}
    peaks = make("service_change", f"changes: [{{trains: {{projects: [rail]}}, periods: {PEAKS}}}]\n")
    network = apply(town, line, peaks)
    out = network.feed.frequencies[network.feed.frequencies["trip_id"] == "rail:all:out"]
    hours = [
        (parse_clock_s("06:30"), parse_clock_s("09:00"), 600),
        (parse_clock_s("09:00"), parse_clock_s("20:00"), 2400),
    ]
    assert list(zip(out["start_clock_s"], out["end_clock_s"], out["headway_secs"], strict=True)) == hours


def test_peaks_in_a_service_of_a_new_line(town: Network) -> None:
    body = LINE.replace('headway_min: 30, first_departure: "06:30", last_departure: "20:00"', f"periods: {PEAKS}")
    bands = apply(town, make("bus_line", body)).feed.frequencies
    assert bands.groupby("headway_secs")["trip_id"].nunique().to_dict() == {600: 2, 2400: 2}
    assert set(bands["start_clock_s"]) == {parse_clock_s("06:30"), parse_clock_s("09:00")}


def test_days_of_the_week(town: Network) -> None:
    weekend = change(town, "{trains: {numbers: [T1]}, days: [sun, sat]}")
    assert weekend.feed.trips.set_index("trip_id").loc["T1", "service_id"] == "planned-sat-sun"
    row = weekend.feed.calendar.set_index("service_id").loc["planned-sat-sun"]
    assert [str(row[d]) for d in ("friday", "saturday", "sunday", "start_date")] == ["0", "1", "1", "20201201"]
    body = LINE.replace("kind: headway,", "kind: headway, days: [sat],")
    assert set(apply(town, make("bus_line", body)).feed.trips["service_id"]) == {"daily", "planned-sat"}


def test_what_runs_on_the_day_is_what_is_ridden(tmp_path: Path) -> None:
    # Trains of the mini pack west to east: D1 07:30, D3 12:00, K7 23:40. 2020-12-16 is a Wednesday.
    region = read_region(write_pack(tmp_path, make_minipack_files()))
    network = build_network(region, region.info.built_as_of, read_default_assumptions())
    changed = change(network, "{trains: {classes: [D]}, days: [mon, tue]}, {trains: {classes: [K]}, drop_stops: "
                     "[mid-station], line_speed_kmh: 160}")  # fmt: skip
    compiled = compile_timetable(changed, changed.info.service_date, rides=[Ride.RAIL])
    assert {compiled.trip_ids[i] for i in compiled.arrays.patterns.trip_id_idx} == {"K7"}
    monday = compile_timetable(changed, date(2020, 12, 14), rides=[Ride.RAIL])
    assert {monday.trip_ids[i] for i in monday.arrays.patterns.trip_id_idx} == {"D1", "D2", "D3", "K7"}


def test_a_train_that_would_overtake_another_is_pointed_out(town: Network) -> None:
    # T3 without its own stop runs sa-sb from 12:00 to 13:00; T1 without sm, shifted to 12:10, is there at 12:50:35.
    one = make(
        "service_change",
        "changes: [{trains: {numbers: [T1]}, drop_stops: [sm], line_speed_kmh: 180, shift_min: 250}]\n",
    )
    (found,) = (i for i in find_issues(town, one) if i.code == "overtaking")
    assert (found.severity, "T1 would overtake T3 between sa and sb" in found.message) == ("warning", True)
    quiet = make("service_change", "changes: [{trains: {numbers: [T1]}, shift_min: 10}]\n")
    assert "overtaking" not in {i.code for i in find_issues(town, quiet)}


def test_trains_added_after_a_change_are_not_in_it() -> None:
    change = make("service_change", "changes: [{trains: {between: [sa, sb]}, shift_min: 10}]\n", project_id="late")
    more = make("rail_service", project_id="more")
    notes = [i for i in list_order_notes([change, more]) if i.code == "order_decides"]
    assert len(notes) == 1
    assert "more adds some" in notes[0].message


MESSAGES = (
    ("unknown_class", "{trains: {classes: [G]}, shift_min: 5}", "no train has the class"),
    ("unknown_trip", "{trains: {numbers: [T4]}, shift_min: 5}", "T"),
    ("unknown_stop", "{drop_stops: [ss], line_speed_kmh: 100}", "no stop ss"),
    ("unknown_project", "{trains: {projects: [x]}, shift_min: 5}", "no project x"),
    ("no_train_chosen", '{trains: {last_departure: "05:00"}, shift_min: 5}', "classes: T"),
    ("changed_nothing", "{drop_stops: [sm], line_speed_kmh: 100, trains: {numbers: [T3]}}", "none of these trains"),
    ("changed_nothing", "{add_stops: [{stop: sm}], line_speed_kmh: 100, trains: {numbers: [T1]}}", "already"),
    ("changed_nothing", "{extend: {beyond: sm, to: [sb]}, line_speed_kmh: 100}", "begins or ends"),
    ("changed_nothing", "{trains_per_day: 3}", "3 of these trains"),
    ("no_place", "{extend: {beyond: sb, to: [nowhere]}, line_speed_kmh: 100}", "nowhere"),
    (
        "not_on_the_way",
        "{trains: {numbers: [T1]}, drop_stops: [sb], line_speed_kmh: 180}\n"
        "  - {trains: {numbers: [T1]}, add_stops: [{stop: sb, lost_min: 2}]}",
        "use extend",
    ),
    ("too_few_stops", "{drop_stops: [sa], line_speed_kmh: 100, trains: {numbers: [T3]}}", "closure"),
    ("before_midnight", "{shift_min: -700, trains: {numbers: [T1]}}", "midnight"),
    ("not_by_headway", "{headway_min: 10}", "T1 runs at clock times"),
    ("faster_than_possible", "{add_stops: [{stop: sm}], line_speed_kmh: 60, trains: {numbers: [T3]}}", "60 km/h"),
)


@pytest.mark.parametrize(("code", "text", "words"), MESSAGES)
def test_what_is_refused(town: Network, code: str, text: str, words: str) -> None:
    issue = expect(town, code, "service_change", f"changes:\n  - {text}\n", words)
    assert issue.line is not None
    assert issue.field is not None
    assert issue.field.startswith("changes.")


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("changed_nothing", "{trains: {classes: [T]}}"),
        ("service_mixed", "{headway_min: 5, trains_per_day: 4}"),
        ("speed_unclear", "{drop_stops: [sm]}"),
        ("station_contradiction", "{drop_stops: [sm], add_stops: [{stop: sm}], line_speed_kmh: 100}"),
        ("key_unused", "{trains: {one_way: true}, shift_min: 4}"),
        ("day_twice", "{days: [mon, mon]}"),
        ("periods_overlap", '{periods: [{from: "06:00", to: "09:00", headway_min: 5}, '
         '{from: "08:00", to: "10:00", headway_min: 9}]}'),
        ("run_time_count", "{extend: {beyond: sb, to: [sm], run_times_min: [4, 5]}}"),
    ],
)  # fmt: skip
def test_contradictions(code: str, text: str) -> None:
    _, issues = parse(text_of("service_change", f"changes:\n  - {text}\n"))
    assert code in {i.code for i in issues}, [i.as_text() for i in issues]


@given(st.lists(st.integers(0, 86_400), min_size=1, max_size=30, unique=True), st.data())
def test_trains_kept_are_spread_evenly(departures: list[int], data: Any) -> None:
    count = data.draw(st.integers(1, len(departures)))
    kept = keep_evenly(departures, count)
    assert len(set(kept)) == count
    if count > 1:  # the first and the last of the day stay
        times = sorted(departures[i] for i in kept)
        assert (times[0], times[-1]) == (min(departures), max(departures))
