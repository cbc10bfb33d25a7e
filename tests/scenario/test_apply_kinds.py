"""One block for each kind of project: what it adds, and every message of the resolve phase."""

from __future__ import annotations

import pytest

from tests.scenario.applying import apply, expect, find_issues, town
from tests.scenario.yaml_text import BODIES, make
from transit_model.network.model import Network
from transit_model.scenario.apply import resolve_projects
from transit_model.scenario.base_schema import Project
from transit_model.scenario.kinds.registry import PROJECT_KINDS
from transit_model.units import parse_clock_s

__all__ = ["town"]


def test_there_is_an_edit_for_every_kind() -> None:
    assert {row.schema for row in PROJECT_KINDS.values()} == set(Project.__subclasses__())
    assert len({row.apply for row in PROJECT_KINDS.values()}) == len(PROJECT_KINDS)
    assert all(name == row.name for name, row in PROJECT_KINDS.items())


# rail_line


def test_rail_line_brings_station_road_link_and_headway_bands(town: Network) -> None:
    network = apply(town, make("rail_line"))
    feed = network.feed
    assert "snew" in set(feed.stops["stop_id"])
    assert "snew" in set(network.stations["stop_id"])
    # 40.2 N lies 11.1 km from i1 (a primary road touches it) and 22 km from a: it joins the roads at i1.
    link = network.station_links.set_index("stop_id").loc["snew"]
    assert link["node_id"] == "i1"
    assert link["snap_m"] == pytest.approx(11_119.5, abs=1)
    bands = feed.frequencies.set_index("trip_id")
    assert list(bands.index) == ["p:all:out", "p:all:back"]
    assert bands.loc["p:all:out"].tolist() == [21_600, 79_200, 1200, 0]
    trips = feed.trips.set_index("trip_id")
    assert trips.loc["p:all:out", "project_id"] == "p"
    assert trips.loc["T1", "project_id"] == ""


def test_rail_line_times_by_hand(town: Network) -> None:
    # 230 km/h = 63.889 m/s; ramps 63.889/0.6 + 63.889/0.8 = 106.48 + 79.86 = 186.34 s.
    # 24 km: 375.65 + 186.34 = 561.99; x 1.08 = 606.95 s. 48 km: 751.30 + 186.34 = 937.64; x 1.08 = 1,012.66 s.
    # Arrival at snew 606.95 -> 607; departure +120 = 726.95 -> 727; arrival at sb 1,739.61 -> 1,740.
    network = apply(town, make("rail_line"))
    times = network.feed.stop_times
    out = times[times["trip_id"] == "p:all:out"]
    start = parse_clock_s("06:00")
    assert (out["arrival_clock_s"] - start).tolist() == [0, 607, 1740]
    assert (out["departure_clock_s"] - start).tolist() == [0, 727, 1740]
    back = times[times["trip_id"] == "p:all:back"]
    assert back["stop_id"].tolist() == ["sb", "snew", "sa"]
    # 1,012.66 -> 1,013; +120; + 606.95 = 1,739.61
    assert (back["arrival_clock_s"] - start).tolist() == [0, 1013, 1740]


def test_commercial_speed_and_run_times(town: Network) -> None:
    body = BODIES["rail_line"].replace("design_speed_kmh: 250", "commercial_speed_kmh: 144\ndwell_min: 1")
    times = apply(town, make("rail_line", body)).feed.stop_times
    out = times[times["trip_id"] == "p:all:out"]
    # 24 km / 144 km/h = 600 s to leave snew, so 540 s to reach it; 72 km = 1,800 s in all.
    assert (out["departure_clock_s"] - 21_600).tolist() == [0, 600, 1800]
    assert (out["arrival_clock_s"] - 21_600).tolist() == [0, 540, 1800]
    body = BODIES["rail_line"].replace("design_speed_kmh: 250", "run_times_min: [9, 15]\ndwell_min: 0")
    times = apply(town, make("rail_line", body)).feed.stop_times
    out = times[times["trip_id"] == "p:all:out"]
    assert (out["arrival_clock_s"] - 21_600).tolist() == [0, 540, 1440]


def test_patterns_skip_stations(town: Network) -> None:
    fast = (
        "patterns:\n  - id: fast\n    stops: [sa, sb]\n"
        "    service: {kind: timetable, trains_per_day: 3, first_departure: '08:00', last_departure: '18:00'}\n"
    )
    network = apply(town, make("rail_line", BODIES["rail_line"] + fast))
    times = network.feed.stop_times
    starts = times[times["trip_id"].str.startswith("p:fast:out") & (times["stop_sequence"] == 1)]
    # three trains from 08:00 to 18:00: 08:00, 13:00, 18:00
    assert starts["departure_clock_s"].tolist() == [28_800, 46_800, 64_800]
    # non-stop 72 km: 72,000 / 63.889 + 186.34 = 1,313.3; x 1.08 = 1,418.4 s, and not 1,740
    last = times[(times["trip_id"] == "p:fast:out:1") & (times["stop_id"] == "sb")]
    assert last["arrival_clock_s"].item() - 28_800 == pytest.approx(1418, abs=1)


def test_one_way_service(town: Network) -> None:
    body = BODIES["rail_line"].replace("headway_min: 20,", "headway_min: 20, both_directions: false,")
    assert apply(town, make("rail_line", body)).feed.frequencies["trip_id"].tolist() == ["p:all:out"]


RAIL_BAD = [
    ("unknown_stop", "stop_id: sa", "stop_id: saa", "did you mean sa"),
    ("no_place", "stop_id: sb", "stop_id: nowhere", "add lon and lat"),
    ("duplicate_id", "id: snew", "id: sm", "elsewhere"),
    ("unknown_node", "lat: 40.2,", "lat: 40.2, road_node_id: i9,", "did you mean i"),
    ("too_short", "chainage_km: 24", "chainage_km: 10", "straight"),
    ("station_off_road", "lon: 111.0, lat: 40.2, chainage_km: 24", "lon: 113, lat: 40.2, chainage_km: 400", "off_road"),
]


@pytest.mark.parametrize(("code", "old", "new", "words"), RAIL_BAD)
def test_rail_line_messages(town: Network, code: str, old: str, new: str, words: str) -> None:
    body = BODIES["rail_line"].replace("chainage_km: 72", "chainage_km: 800") if "400" in new else BODIES["rail_line"]
    assert old in body
    expect(town, code, "rail_line", body.replace(old, new), words)


def test_rail_line_with_impossible_times(town: Network) -> None:
    body = BODIES["rail_line"].replace("design_speed_kmh: 250", "run_times_min: [9, 5]")
    # 48 km in 5 min is 576 km/h; at 400 km/h it takes 7.2 min
    expect(town, "faster_than_possible", "rail_line", body, "at least 7.2 min")
    body = BODIES["rail_line"].replace("design_speed_kmh: 250", "run_times_min: [9, 10]\nline_speed_kmh: 250")
    expect(town, "faster_than_possible", "rail_line", body, "at least 11.5 min")
    body = BODIES["rail_line"].replace("design_speed_kmh: 250", "commercial_speed_kmh: 300\ndwell_min: 5")
    # 24 km / 300 km/h = 4.8 min, less than the stop of 5 min
    expect(town, "negative_dwell", "rail_line", body, "nothing is left")


def test_station_without_place_may_be_given_one(town: Network) -> None:
    body = BODIES["rail_line"].replace("stop_id: sb", "stop_id: nowhere, lon: 111.0, lat: 40.59, road_node_id: b")
    network = apply(town, make("rail_line", body))
    stop = network.feed.stops.set_index("stop_id").loc["nowhere"]
    assert (stop["stop_lon"], stop["stop_lat"]) == (111.0, 40.59)
    assert network.station_links.set_index("stop_id").loc["nowhere", "node_id"] == "b"


def test_two_lines_may_share_a_new_station(town: Network) -> None:
    network = apply(town, make("rail_line"), make("rail_line", project_id="q"))
    assert (network.feed.stops["stop_id"] == "snew").sum() == 1
    assert (network.station_links["stop_id"] == "snew").sum() == 1


def test_off_road_station_joins_no_road(town: Network) -> None:
    body = BODIES["rail_line"].replace("lat: 40.2,", "lat: 40.2, off_road: true,")
    network = apply(town, make("rail_line", body))
    assert "snew" not in set(network.station_links["stop_id"])
    assert network.stations.set_index("stop_id").loc["snew", "region"] == "gateway"


# rail_service


def test_added_trains_run_as_fast_as_the_fastest(town: Network) -> None:
    times = apply(town, make("rail_service")).feed.stop_times
    out = times[times["trip_id"] == "p:more:out:1"]
    # sa-sm: 20 min (T1); sm-sb: 23 min (T1, 08:22 to 08:45); dwell 2 min
    assert (out["arrival_clock_s"] - parse_clock_s("09:00")).tolist() == [0, 1200, 1200 + 120 + 1380]
    assert set(times["trip_id"]) >= {"p:more:out:2", "p:more:back:1"}


def test_retimed_trains_keep_their_dwell_and_shift(town: Network) -> None:
    body = "line_speed_kmh: 300\nretime:\n  - {between: [sa, sm], factor: 0.5}\n"
    network = apply(town, make("rail_service", body))
    times = network.feed.stop_times.set_index(["trip_id", "stop_id"])
    # T1: 20 min become 10; 2 min stop; the 23 min beyond stay: 08:00, 08:10/08:12, 08:35
    assert times.loc[("T1", "sm"), ["arrival_clock_s", "departure_clock_s"]].tolist() == [29_400, 29_520]
    assert times.loc[("T1", "sb"), "arrival_clock_s"] == parse_clock_s("08:35")
    # T2: sm-sa 23 min become 11.5
    assert times.loc[("T2", "sa"), "arrival_clock_s"] == parse_clock_s("10:27") + 690
    assert times.loc[("T3", "sb"), "arrival_clock_s"] == parse_clock_s("13:00")
    assert network.feed.trips.set_index("trip_id")["project_id"].to_dict() == {"T1": "p", "T2": "p", "T3": ""}


RETIME = "line_speed_kmh: 300\nretime:\n  - {between: [sa, sm], factor: 0.5}\n"
SERVICE_BAD = [
    ("unknown_stop", RETIME.replace("sm", "smm"), "did you mean sm"),
    ("unknown_route", RETIME.replace("0.5}", "0.5, routes: [RR]}"), "did you mean R"),
    ("changed_nothing", RETIME.replace("0.5", "1"), "factor of 1"),
    ("no_train_to_scale", RETIME.replace("sm", "nowhere"), "calls at"),
    ("faster_than_possible", RETIME.replace("0.5", "0.1"), "at least"),
    ("unknown_stop", BODIES["rail_service"].replace("sm", "sx"), ""),
    ("no_place", BODIES["rail_service"].replace("sm", "nowhere"), "lies"),
    ("faster_than_possible", BODIES["rail_service"].replace("as_fastest: 1.0", "as_fastest: 0.2"), "200 km/h"),
    (
        "faster_than_possible",
        BODIES["rail_service"].replace("as_fastest: 1.0", "as_fastest: 1.0\n    chainage_km: [80, 34]"),
        "80.0 km",
    ),
]


@pytest.mark.parametrize(("code", "body", "words"), SERVICE_BAD)
def test_rail_service_messages(town: Network, code: str, body: str, words: str) -> None:
    expect(town, code, "rail_service", body, words)


def test_as_fastest_needs_a_train(town: Network) -> None:
    line = make("rail_line", project_id="line")
    body = BODIES["rail_service"].replace("[sa, sm, sb]", "[sm, snew]")
    issues = find_issues(town, line, make("rail_service", body))
    assert "no_train_to_scale" in [i.code for i in issues]


def test_overtaking_is_pointed_out(town: Network) -> None:
    # T3 leaves sa at 12:00 and arrives at 13:00; a train at 12:05 that takes 43 + 0 min without a stop passes it.
    body = (
        "line_speed_kmh: 200\nadd:\n  - id: x\n    stops: [sa, sb]\n    run_times_min: [40]\n"
        "    service: {kind: timetable, departures: ['12:05'], both_directions: false}\n"
    )
    network, issues = resolve_projects(town, [make("rail_service", body)])
    assert network is not None
    found = [i for i in issues if i.code == "overtaking"]
    assert [i.severity for i in found] == ["warning"]
    assert "p:x:out:1 would overtake T3 between sa and sb" in found[0].message
    calm = body.replace("12:05", "12:20")  # 13:00, together with T3: no overtaking
    assert "overtaking" not in [i.code for i in resolve_projects(town, [make("rail_service", calm)])[1]]
