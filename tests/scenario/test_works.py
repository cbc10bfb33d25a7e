"""Closures and works on roads: one direction, a number between two nodes, slower, at certain hours, until a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.network.town import make_town
from tests.scenario.applying import apply, expect, find_issues, town
from tests.scenario.town import free_road_time_s
from tests.scenario.yaml_text import make, parse, text_of
from transit_model.measure.session import Session
from transit_model.network.model import Network, RoadWorks
from transit_model.network.works import apply_works, share_of_window
from transit_model.scenario.opened import select_open_by
from transit_model.units import S_PER_HOUR

__all__ = ["town"]

ALONG = "along: {ref: S1, from: a, to: b}\n"
BY_MOTORWAY_S = 3096  # a to b: 12 km at 60, 46 km at 100, 12 km at 60


def hours(first: float, last: float) -> tuple[int, int]:
    return int(first * S_PER_HOUR), int(last * S_PER_HOUR)


def test_one_direction_of_a_road_number(town: Network) -> None:
    network = apply(town, make("closure", ALONG + "direction: along\n"))
    assert set(town.links["link_id"]) - set(network.links["link_id"]) == {"a--c", "c--b"}
    # From a to c one drives to b and back along S1, 40 km at 60: 3096 + 2400 s; from c to a as before, 40 km at 60.
    assert free_road_time_s("a", "c", network) == BY_MOTORWAY_S + 2400
    assert free_road_time_s("c", "a", network) == 2400
    back = apply(town, make("closure", ALONG + "direction: against\n"))
    assert set(town.links["link_id"]) - set(back.links["link_id"]) == {"a--c~", "c--b~"}
    both = apply(town, make("closure", ALONG))
    assert set(town.links["link_id"]) - set(both.links["link_id"]) == {"a--c", "a--c~", "c--b", "c--b~"}
    named = apply(town, make("closure", "roads: [a--c]\ndirection: against\n"))
    assert set(town.links["link_id"]) - set(named.links["link_id"]) == {"a--c~"}


def test_a_number_matches_roads_of_several(town: Network) -> None:
    shared = town.with_tables(links=town.links.assign(ref=town.links["ref"].replace({"S1": "G6/S1"})))
    for ref in ("S1", "G6", "G6/S1"):
        network = apply(shared, make("closure", f"along: {{ref: {ref}, from: a, to: b}}\n"))
        assert len(network.links) == len(town.links) - 4
        up = apply(shared, make("road_upgrade", f"along: {{ref: {ref}, from: a, to: c}}\nhighway: trunk\n"))
        assert set(up.links.loc[up.links["highway"] == "trunk", "road_id"]) == {"a--c"}


def test_works_that_slow_a_road(town: Network) -> None:
    network = apply(town, make("closure", "roads: [a--c]\nspeed_kmh: 30\n"))
    # 40 km at 30 = 4800 s, still less than round by b
    assert free_road_time_s("a", "c", network) == 4800
    assert set(network.links.loc[network.links["project_id"] == "p", "link_id"]) == {"a--c", "a--c~"}
    expect(town, "changed_nothing", "closure", "roads: [a--c]\nspeed_kmh: 60\n", "faster than 60")


@pytest.mark.parametrize(
    ("works", "window", "share"),
    [
        (hours(22, 5), hours(7, 21), 0),
        (hours(6, 14), hours(7, 21), 0.5),  # 7 of 14 hours
        (hours(22, 5), hours(20, 26), 4 / 6),  # over midnight
        (hours(22, 5), hours(0, 10), 0.5),  # the night that began the day before
        (hours(0, 24), hours(7, 21), 1),
        (hours(9, 10), hours(8, 34), 2 / 26),  # both days
    ],
)
def test_the_share_of_a_window(works: tuple[int, int], window: tuple[int, int], share: float) -> None:
    assert share_of_window(RoadWorks("p", works), window) == pytest.approx(share)


def test_hours_count_where_they_fill_over_half_of_the_window(town: Network) -> None:
    night = 'roads: [i1--i2]\nhours: {from: "22:00", to: "05:00"}\n'
    network = apply(town, make("closure", night))
    assert network.links.equals(town.links)
    remark = next(i for i in find_issues(town, make("closure", night)) if i.code == "hours_outside")
    assert (remark.severity, "07:00-21:00" in remark.message) == ("info", True)
    assert apply_works(network, hours(7, 21)) is network
    closed = apply_works(network, hours(22, 28))
    assert free_road_time_s("a", "b", closed) == 4800  # by S1, 80 km at 60
    slow = apply(town, make("closure", 'roads: [i1--i2]\nspeed_kmh: 50\nhours: {from: "06:00", to: "20:00"}\n'))
    # 13 of 14 hours: 46 km at 50 = 3312 s, and 24 km at 60 = 1440 s
    assert free_road_time_s("a", "b", apply_works(slow, hours(7, 21))) == 3312 + 1440


def test_a_session_sees_the_works_of_its_window() -> None:
    works = RoadWorks("p", hours(22, 5), frozenset({"i1--i2", "i1--i2~"}))
    network = replace(make_town(), works=(works,))
    day = Session("town", network)
    assert len(day.network.links) == len(network.links)
    night = day.with_window(hours(22, 28))
    assert len(night.network.links) == len(network.links) - 2
    assert len(night.with_window(hours(7, 12)).network.links) == len(network.links)


def test_works_are_over_after_their_last_day() -> None:
    works = make("closure", "roads: [i1--i2]\nends: 2032-06-30\n")  # opens in 2030
    for day, there in ((date(2029, 12, 31), False), (date(2031, 12, 31), True), (date(2032, 12, 31), False)):
        assert (select_open_by([works], day) == [works]) == there


@pytest.mark.parametrize(
    ("code", "body"),
    [
        ("roads_unclear", "roads: [a--c]\n" + ALONG),
        ("key_unused", "trips: [T1]\nspeed_kmh: 30\n"),
        ("key_unused", "trips: [T1]\ndirection: along\n"),
        ("bad_hours", 'roads: [a--c]\nhours: {from: "22:00", to: "22:00"}\n'),
        ("bad_ending", "roads: [a--c]\nends: 2029\n"),
        ("bad_ending", "roads: [a--c]\nends: unknown\n"),
        ("bad_opening", "roads: [a--c]\nends: soon\n"),
    ],
)
def test_contradictions(code: str, body: str) -> None:
    _, issues = parse(text_of("closure", body))
    assert code in {i.code for i in issues}, [i.as_text() for i in issues]


def test_messages(town: Network) -> None:
    expect(town, "unknown_ref", "closure", "along: {ref: S11, from: a, to: b}\n", "S1")
    expect(town, "no_such_path", "closure", "along: {ref: G1, from: a, to: b}\n", "does not lead")
    one_way = town.with_tables(links=town.links[~town.links["link_id"].isin(["a--c~", "c--b~"])])
    expect(one_way, "changed_nothing", "closure", ALONG + "direction: against\n", "lead back")
    expect(one_way, "changed_nothing", "closure", "roads: [a--c]\ndirection: against\n", "direction against")


def test_every_description_says_that_traffic_stays() -> None:
    from transit_model.assumptions import read_default_assumptions
    from transit_model.scenario.kinds.registry import PROJECT_KINDS

    body = ALONG + 'direction: along\nspeed_kmh: 40\nhours: {from: "22:00", to: "05:00"}\nends: 2031\n'
    result = PROJECT_KINDS["closure"].describe(make("closure", body), False, read_default_assumptions())
    assert result[-1] == "traffic is not re-assigned to other roads: there is no congestion model"
    assert result[0] == "S1 a - b: at most 40 km/h"
    assert [text["en"] for text in PROJECT_KINDS["closure"].says(make("closure", body))] == [
        result[-1]
    ]  # on every page
    assert PROJECT_KINDS["closure"].says(make("closure", "trips: [T1]\n")) == ()
