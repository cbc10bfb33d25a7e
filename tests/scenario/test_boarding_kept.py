"""Who may get on and off where, when trains are copied, extended or call at more stops."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.scenario.applying import apply, town
from tests.scenario.yaml_text import make
from transit_model.network.model import Network
from transit_model.scenario.kinds.registry import PROJECT_KINDS

__all__ = ["town"]


@pytest.fixture(scope="module")
def marked(town: Network) -> Network:
    """The town as many feeds write it: nobody boards at the last stop nor alights at the first."""
    times = town.feed.stop_times.sort_values(["trip_id", "stop_sequence"])
    by_trip = times.groupby("trip_id")["stop_sequence"]
    first, last = (times["stop_sequence"] == by_trip.transform(which) for which in ("min", "max"))
    times = times.assign(pickup_type=last.astype("int64"), drop_off_type=first.astype("int64"))
    return town.with_tables(feed=replace(town.feed, stop_times=times))


def calls(network: Network, trip: str) -> list[tuple[str, int, int]]:
    rows = network.feed.stop_times
    rows = rows[rows["trip_id"] == trip].sort_values("stop_sequence")
    return list(zip(rows["stop_id"], rows["pickup_type"], rows["drop_off_type"], strict=True))


def test_an_added_stop_is_for_everybody(marked: Network) -> None:
    body = "line_speed_kmh: 300\ncalls:\n  - {stop: sm, between: [sa, sb], minutes: 6}\n"
    assert calls(apply(marked, make("rail_service", body)), "T3") == [("sa", 0, 1), ("sm", 0, 0), ("sb", 1, 0)]
    body = "changes: [{trains: {numbers: [T3]}, add_stops: [{stop: sm}], line_speed_kmh: 300}]\n"
    assert calls(apply(marked, make("service_change", body)), "T3") == [("sa", 0, 1), ("sm", 0, 0), ("sb", 1, 0)]


def test_where_a_train_goes_on_one_may_board(marked: Network) -> None:
    body = "changes: [{trains: {numbers: [T3]}, extend: {beyond: sb, to: [sm], run_times_min: [23]}}]\n"
    network = apply(marked, make("service_change", body))
    assert calls(network, "T3") == [("sa", 0, 1), ("sb", 0, 0), ("sm", 0, 0)]
    body = "changes: [{trains: {numbers: [T3]}, extend: {beyond: sa, to: [sm], run_times_min: [23]}}]\n"
    network = apply(marked, make("service_change", body))
    assert calls(network, "T3") == [("sm", 0, 0), ("sa", 0, 0), ("sb", 1, 0)]


def test_copies_of_trains_let_on_and_off_as_these_do(marked: Network) -> None:
    only = marked.feed.stop_times.assign(pickup_type=(marked.feed.stop_times["stop_id"] != "sa").astype("int64"))
    shut = marked.with_tables(feed=replace(marked.feed, stop_times=only))
    scaled = apply(shut, make("rail_service", "line_speed_kmh: 300\nscale: [{id: more, routes: [R], factor: 2}]\n"))
    more = apply(shut, make("service_change", "changes: [{trains_per_day: 6}]\n"))
    for network in (scaled, more):
        fresh = sorted(set(network.feed.trips["trip_id"]) - set(shut.feed.trips["trip_id"]))
        assert len(fresh) == 3
        kept = {tuple(calls(shut, t)) for t in shut.feed.trips["trip_id"]}
        assert {tuple(calls(network, t)) for t in fresh} <= kept
        assert network.feed.stop_times.dtypes.equals(shut.feed.stop_times.dtypes)


def test_a_line_tells_which_stops_are_for_boarding_or_alighting_only(town: Network) -> None:
    body = (
        "stops: [{node: a, drop_off_type: 1}, {node: c}, {node: b, pickup_type: 1}]\n"
        'service: {kind: headway, headway_min: 30, first_departure: "06:30", last_departure: "20:00"}\n'
    )
    line = make("bus_line", body)
    tell = PROJECT_KINDS["bus_line"].describe
    assert tell(line, True, town.assumptions)[-1] == "a只上不下；b只下不上（返程相反）"
    said = "boarding only at a; alighting only at b (the other way round on the way back)"
    assert tell(line, False, town.assumptions)[-1] == said
    plain = make("bus_line")
    assert len(tell(plain, False, town.assumptions)) == 2
