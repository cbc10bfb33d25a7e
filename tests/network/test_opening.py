"""What is open on a day, both directions of a road, and stations on the roads."""

from __future__ import annotations

from datetime import date

import pytest

from tests.network.town import LINKS, ROUND, STATIONS, make_feed, make_town
from transit_model.errors import InputError
from transit_model.network.build import is_open, parse_opening


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("", None),
        ("  ", None),
        ("2020", date(2020, 12, 31)),  # a year counts from its last day
        ("2020-02", date(2020, 2, 29)),  # a month too; 2020 is a leap year
        ("2021-02", date(2021, 2, 28)),
        ("2020-12", date(2020, 12, 31)),
        ("2020-07-01", date(2020, 7, 1)),
    ],
)
def test_openings_are_read_as_years_months_and_dates(text: str, day: date | None) -> None:
    assert parse_opening(text) == day


@pytest.mark.parametrize(
    "text", ["soon", "20", "2020-13", "2020-00", "2020-24", "2020-02-30", "2020/07", "20200701", "2020-W01-1", "0000"]
)
def test_what_is_no_opening_is_refused(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_opening(text)
    assert caught.value.issues[0].code == "bad_date"


@pytest.mark.parametrize(
    ("opened", "closed", "day", "is_in_use"),
    [
        ("", "", "2000-01-01", True),
        ("2020", "", "2020-12-30", False),
        ("2020", "", "2020-12-31", True),
        ("2020-07", "", "2020-07-30", False),
        ("2020-07", "", "2020-07-31", True),
        ("2020-07-15", "", "2020-07-14", False),
        ("2020-07-15", "", "2020-07-15", True),
        ("", "2020-07-15", "2020-07-14", True),
        ("", "2020-07-15", "2020-07-15", False),  # closed on its last day
        ("2010", "2020", "2015-06-01", True),
        ("2010", "2020", "2020-12-31", False),
    ],
)
def test_open_from_to(opened: str, closed: str, day: str, is_in_use: bool) -> None:
    assert is_open(opened, closed, date.fromisoformat(day)) is is_in_use


def test_two_way_roads_become_two_rows_side_by_side() -> None:
    links = make_town().links
    assert links["link_id"].tolist() == [
        "a--i1", "a--i1~", "i1--i2", "i1--i2~", "i2--i3", "i2--i3~", "b--i2", "b--i2~", "i3--c", "i3--c~",
        "a--b", "a--b~", "b--c", "b--c~", "c>b",
    ]  # fmt: skip
    back = links.set_index("link_id").loc["a--b~"]
    assert (back["from_node_id"], back["to_node_id"], back["road_id"]) == ("b", "a", "a--b")
    assert set(links["project_id"]) == {""}
    assert "oneway" not in links.columns


def test_roads_are_in_the_network_while_they_are_open() -> None:
    def roads(year: int) -> set[str]:
        return set(make_town(as_of=date(year, 12, 31)).links["road_id"])

    always = {row.split()[0] for row in LINKS} - {"old", "new"}
    assert roads(2009) == always | {"old"}
    assert roads(2010) == always
    assert roads(2029) == always
    assert roads(2030) == always | {"new"}


def test_stations_join_the_named_node_or_the_nearest_that_one_may_stop_at() -> None:
    # Without a named node: i1 is on an ordinary road (a--i1), so sx at 111.02, 40.021 takes i1, 111.195 m off.
    stations = {s: (*v[:2], "", *v[3:]) for s, v in STATIONS.items()}
    links = make_town(stations=stations).station_links.set_index("stop_id")
    assert links["node_id"].to_dict() == {"sa": "a", "sx": "i1", "sb": "b", "sc": "c"}
    assert links.at["sx", "snap_m"] == pytest.approx(111.195, abs=0.01)


def test_a_station_is_never_put_on_a_motorway() -> None:
    # Without a--i1 and b--i2 the nodes i1 and i2 touch motorways only: sx goes to a, 0.021 degrees = 2335 m south.
    ordinary = [row for row in LINKS if not row.startswith(("a--i1", "b--i2"))]
    stations = {"sx": (111.0, 40.021, "", "甲北", "Alpha North")}
    feed = make_feed(["X rail daily | sx 09:00 | sx 10:00"], stops=stations)
    links = make_town(links=ordinary, stations=stations, feed=feed, main_stations={}).station_links
    assert links["node_id"].tolist() == ["a"]
    assert links["snap_m"].tolist() == pytest.approx([0.021 * 111_195.08], abs=0.1)


def test_a_stop_beyond_the_limit_joins_nothing() -> None:
    # snap_max_m is 5000 m; 0.1 degrees south of a is 11.1 km.
    stations = {"far": (111.0, 39.9, "", "远", "Far")}
    town = make_town(stations=stations, feed=make_feed(["X rail daily | far 09:00 | far 10:00"], stops=stations))
    assert "far" in set(town.feed.stops["stop_id"])
    assert "far" not in set(town.station_links["stop_id"])


def test_a_network_is_not_changed_by_copies_and_knows_its_content() -> None:
    town = make_town()
    before = town.fingerprint()
    other = town.with_tables(links=town.links.assign(maxspeed_kmh=50.0))
    assert town.fingerprint() == before == make_town().fingerprint()
    assert other.fingerprint() != before
    assert other.nodes is town.nodes
    assert make_town(as_of=date(2021, 1, 1)).fingerprint() != before
    assert make_town(assumptions=ROUND.with_changes(walk_speed_kmh=5)).fingerprint() != before
