"""Existing trains call at one stop more, or at one fewer: hand sums on the toy town."""

from __future__ import annotations

import pytest

from tests.scenario.applying import apply, expect, town
from tests.scenario.yaml_text import make
from transit_model.domain.geo import compute_great_circle_m
from transit_model.network.model import Network
from transit_model.scenario.lookup import find_point
from transit_model.units import parse_clock_s

__all__ = ["town"]
HEAD = "line_speed_kmh: 300\ncalls:\n"
ADD = HEAD + "  - {stop: sm, between: [sa, sb], minutes: 6}\n"
DROP = HEAD + "  - {stop: sm, minutes: 3}\n"


def _calls(network: Network, trip: str) -> list[tuple[str, int, int]]:
    rows = network.feed.stop_times
    rows = rows[rows["trip_id"] == trip].sort_values("stop_sequence")
    columns = ("stop_id", "arrival_clock_s", "departure_clock_s")
    return list(zip(*(rows[c].tolist() for c in columns), strict=True))


def test_an_added_stop_divides_the_run_by_distance_and_costs_its_minutes(town: Network) -> None:
    network = apply(town, make("rail_service", ADD))
    sa, sm, sb = (find_point(town, s) for s in ("sa", "sm", "sb"))
    assert sa is not None and sm is not None and sb is not None  # noqa: PT018 - one question
    first, second = (float(compute_great_circle_m(*end, *sm)) for end in (sa, sb))
    noon, share = parse_clock_s("12:00"), first / (first + second)
    # 60 min of run divided by distance; the stop costs 6 min: 2 of dwell, 2 before it and 2 after it
    reach = round(noon + share * 3600 + 120)
    assert _calls(network, "T3") == [
        ("sa", noon, noon),
        ("sm", reach, reach + 120),
        ("sb", parse_clock_s("13:06"), parse_clock_s("13:06")),
    ]
    # the others call there already, and stay as they are
    assert _calls(network, "T1") == _calls(town, "T1")
    assert network.feed.trips.set_index("trip_id")["project_id"].to_dict() == {"T1": "", "T2": "", "T3": "p"}
    assert network.feed.stop_times.dtypes.equals(town.feed.stop_times.dtypes)


def test_a_dropped_stop_saves_its_minutes_both_ways(town: Network) -> None:
    network = apply(town, make("rail_service", DROP))
    eight = parse_clock_s("08:00")
    end = parse_clock_s("08:45") - 180
    assert _calls(network, "T1") == [("sa", eight, eight), ("sb", end, end)]
    assert [s for s, _, _ in _calls(network, "T2")] == ["sb", "sa"]
    assert _calls(network, "T2")[-1][1] == _calls(town, "T2")[-1][1] - 180
    assert _calls(network, "T3") == _calls(town, "T3")


def test_a_stop_dropped_and_added_again_is_where_it_was_in_the_order(town: Network) -> None:
    back = HEAD + "  - {stop: sm, minutes: 5}\n  - {stop: sm, between: [sb, sa], minutes: 5, routes: [R]}\n"
    network = apply(town, make("rail_service", back))
    for trip in ("T1", "T2"):
        assert [s for s, _, _ in _calls(network, trip)] == [s for s, _, _ in _calls(town, trip)]
        assert _calls(network, trip)[-1] == _calls(town, trip)[-1]


@pytest.mark.parametrize(
    ("code", "body", "words"),
    [
        ("unknown_stop", ADD.replace("stop: sm", "stop: smm"), "did you mean sm"),
        ("unknown_stop", ADD.replace("[sa, sb]", "[sa, sbb]"), "did you mean sb"),
        ("unknown_route", ADD.replace("minutes: 6", "minutes: 6, routes: [RR]"), "did you mean R"),
        ("no_place", ADD.replace("stop: sm", "stop: nowhere"), "lies"),
        ("no_train_to_change", ADD.replace("[sa, sb]", "[sa, nowhere]").replace("stop: sm", "stop: sb"), ""),
        ("no_train_to_change", DROP.replace("sm", "sa"), "calls at sa"),
        ("stop_too_short", ADD.replace("6}", "1}"), "2 minutes or more"),
        ("stop_too_short", DROP.replace("minutes: 3", "minutes: 55"), "save less"),
    ],
)
def test_messages(town: Network, code: str, body: str, words: str) -> None:
    if "nowhere" in body and code == "no_train_to_change":
        code = "no_place"  # nobody knows where it lies, which is told first
    expect(town, code, "rail_service", body, words)
