"""Road minutes between places of the town on the three readings, summed by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.network.town import LINKS, PLACES, ROUND, make_town
from transit_model.domain.modes import Mode, Reading, SpeedTable, Vehicle
from transit_model.errors import NetworkError
from transit_model.measure.explain import explain_road
from transit_model.measure.od import compute_od, od_records
from transit_model.measure.road_times import compute_road_km, compute_road_node_s, compute_road_od_s
from transit_model.measure.session import Session

PROMOTER, TYPICAL, DOOR = Reading.PROMOTER, Reading.TYPICAL, Reading.DOOR_TO_DOOR


def road_s(session: Session, start: str, end: str, reading: Reading, vehicle: Vehicle = Vehicle.CAR) -> float:
    places = session.places
    return float(compute_road_od_s(session, [places.get_place(start)], [places.get_place(end)], reading, vehicle)[0, 0])


@pytest.mark.parametrize(
    ("start", "end", "promoter_s", "typical_s"),
    [
        # 3 km at 60, 60 km at 120, 3 km at 60 = 180 + 1800 + 180;
        # typical: 390 + ramp and gate 50 + 1350 + 900 + 50 + 390
        ("pa", "pc", 2160, 3130),
        ("pc", "pa", 2160, 3130),
        # off at i2: 180 + 1080 + 120; typical 390 + 50 + 1350 + 50 + 175
        ("pa", "pb", 1380, 2015),
        # 120 + 720 + 180; typical by the toll trunk 30 + 1355 + 30
        ("pb", "pc", 1020, 1415),
        # the one-way road 10 km at 40; typical by the toll trunk
        ("pc", "pb", 900, 1415),
    ],
)
def test_the_three_readings(town: Session, start: str, end: str, promoter_s: int, typical_s: int) -> None:
    assert road_s(town, start, end, PROMOTER) == promoter_s
    assert road_s(town, start, end, TYPICAL) == typical_s
    # door to door: 2 min to the car and 5 min to park and walk
    assert road_s(town, start, end, DOOR) == typical_s + 120 + 300


def test_a_coach_is_slower_on_the_motorway_only(town: Session) -> None:
    # 180 + 36 km at 100 = 1296 + 24 km at 100 = 864 + 180
    assert road_s(town, "pa", "pc", PROMOTER, Vehicle.COACH) == 180 + 1296 + 864 + 180
    assert road_s(town, "pc", "pb", PROMOTER, Vehicle.COACH) == 900


def test_a_place_is_at_no_time_from_itself(town: Session) -> None:
    assert [road_s(town, "pa", "pa", r) for r in Reading] == [0, 0, 0]


def test_a_place_beside_a_road_joins_it_across_country(town: Session) -> None:
    # halfway is 0.01 degree = 849.9 m east of the middle of a--b, at 10 m/s 85 s; then 20 km at 80 = 900 s.
    assert road_s(town, "halfway", "pb", PROMOTER) == pytest.approx(985, abs=5)
    assert road_s(town, "pb", "halfway", PROMOTER) == road_s(town, "halfway", "pb", PROMOTER)
    # typical: 85 + half of 2250 + 5
    assert road_s(town, "halfway", "pb", TYPICAL) == pytest.approx(85 + 1127.5, abs=6)
    both = road_s(town, "pa", "halfway", PROMOTER) + road_s(town, "halfway", "pb", PROMOTER)
    # the two halves are the whole road and the way off it twice
    assert both == pytest.approx(1800 + 2 * 85, abs=1)


def test_two_points_on_one_road_go_straight_along_it(town: Session) -> None:
    # 0.06 degree of 0.3 on 40 km = 8 km at 80 = 360 s, both beside the road (no way off it)
    assert road_s(town, "111.0,40.06", "111.0,40.12", PROMOTER) == pytest.approx(360, abs=2)


def test_a_one_way_road_is_left_at_its_end() -> None:
    # c>b alone beside the trunk a--b: from a point on c>b one goes on to b, never back to c.
    rows = [row for row in LINKS if row.startswith(("c>b", "a--b", "b--i2"))]
    # across country one goes 6 km at most, no more than half of the road
    short = ROUND.with_changes(off_network_max_min=10)
    session = Session("oneway", make_town(links=rows, places=PLACES[:3], main_stations={}, assumptions=short))
    there = road_s(session, "111.0,40.4", "pb", PROMOTER)
    assert there == pytest.approx(450, abs=2)  # half of 900
    assert math.isinf(road_s(session, "pb", "111.0,40.4", PROMOTER))
    assert road_s(session, "pc", "111.0,40.4", PROMOTER) == pytest.approx(450, abs=2)


def test_a_place_beyond_the_limit_is_unreachable_and_said_so() -> None:
    rows = [*PLACES, "lost county_seat 远 Lost - 111.3 40.15 500 -"]
    session = Session("far", make_town(places=rows))
    lost, pa = session.places.get_place("lost"), session.places.get_place("pa")
    assert session.find_off_network([pa, lost])["lost"] == pytest.approx(25_500, rel=0.01)  # 0.3 x 85 km
    od = compute_od(session, [pa], [lost], [Mode.ROAD], [TYPICAL])
    assert math.isinf(od["minutes"].iloc[0])
    assert "lost lies 25 km" in od["note"].iloc[0] or "lost lies 26 km" in od["note"].iloc[0]
    with pytest.raises(NetworkError) as caught:
        session.connectors([lost, pa], session.streets(Vehicle.CAR, SpeedTable.TYPICAL))
    assert [(i.code, i.value) for i in caught.value.issues] == [("place_off_network", "lost")]


def test_a_place_named_at_a_motorway_node_is_taken_to_the_next_road() -> None:
    # Without b--i2 the node i2 is on the motorway only: 1.7 km to the trunk road instead of stepping off.
    rows = [row for row in LINKS if not row.startswith("b--i2")]
    session = Session("i2", make_town(links=rows, places=["x centre 丁 X - 111.02 40.3 9 i2", PLACES[1]]))
    assert road_s(session, "x", "pb", PROMOTER) == pytest.approx(
        0.02 * 111_195 * np.cos(np.radians(40.3)) / 10, rel=0.01
    )


def test_od_rows_have_kilometres_and_no_percentiles(town: Session) -> None:
    places = town.places
    od = compute_od(town, [places.get_place("pa")], [places.get_place("pc")], [Mode.ROAD], list(Reading))
    assert od["minutes"].tolist() == [2160 / 60, 3130 / 60, 3550 / 60]
    assert od["km"].tolist() == [66.0, 66.0, 66.0]  # 3 + 36 + 24 + 3
    assert od["p10"].isna().all()
    record = od_records(od)[1]
    assert (record["minutes"], record["p10"], record["reachable"]) == (52.17, None, True)  # 52.1666...
    assert list(record)[:9] == ["from", "to", "mode", "reading", "scenario", "minutes", "p10", "p90", "km"]


def test_unreachable_minutes_are_none_in_records() -> None:
    rows = [row for row in LINKS if row.startswith(("c>b", "a--b"))]
    session = Session("cut", make_town(links=rows, places=PLACES[:3], stations={}, main_stations={}))
    pa, pc = (session.places.get_place(p) for p in ("pa", "pc"))
    record = od_records(compute_od(session, [pa], [pc], [Mode.ROAD], [PROMOTER]))[0]
    assert (record["minutes"], record["km"], record["reachable"]) == (None, None, False)


def test_node_times_are_od_times(town: Session) -> None:
    pa = town.places.get_place("pa")
    for reading in Reading:
        from_pa = compute_road_node_s(town, pa, reading)
        to_pa = compute_road_node_s(town, pa, reading, reverse=True)
        table = SpeedTable.FREE if reading is PROMOTER else SpeedTable.TYPICAL
        graph_node = town.streets(Vehicle.CAR, table).graph_node
        for place in ("pb", "pc"):
            node = graph_node[town.places.get_place(place).road_node_id]
            assert from_pa[node] == road_s(town, "pa", place, reading)
            assert to_pa[node] == road_s(town, place, "pa", reading)


@pytest.mark.parametrize("reading", list(Reading))
@pytest.mark.parametrize(
    ("start", "end"), [("pa", "pc"), ("pc", "pb"), ("halfway", "pc"), ("111.0,40.06", "111.0,40.12")]
)
def test_road_legs_add_up(town: Session, reading: Reading, start: str, end: str) -> None:
    a, b = town.places.get_place(start), town.places.get_place(end)
    result = explain_road(town, a, b, reading)
    assert sum(leg.minutes for leg in result.legs) == pytest.approx(result.minutes, abs=1e-9)
    assert result.minutes * 60 == pytest.approx(road_s(town, start, end, reading), abs=1e-6)
    km = sum(leg.km for leg in result.legs if not math.isnan(leg.km))
    assert km == pytest.approx(compute_road_km(town, [a], [b], reading)[0, 0], abs=1e-6)


def test_the_legs_of_one_drive(town: Session) -> None:
    result = explain_road(town, town.places.get_place("pa"), town.places.get_place("pc"), DOOR)
    # car 2 min, 390 s town street, gate 50 s, 2250 s motorway, gate 50 s, 390 s, parking 5 min
    assert [(leg.kind, round(leg.minutes * 60, 6)) for leg in result.legs] == [
        ("access", 120), ("drive", 390), ("gate", 50), ("drive", 1350 + 900), ("gate", 50), ("drive", 390),
        ("egress", 300),
    ]  # fmt: skip
    assert result.legs[0].rests_on == ("car_start_min",)
    assert result.legs[2].rests_on == ("toll_gate_delay_s", "ramp_delay_s")
    assert result.legs[3].km == 60
    assert result.headline("en") == "pa -> pc · road · door to door · town: 59.2 min"


def test_faster_assumptions_make_faster_roads() -> None:
    quick = Session("quick", make_town(assumptions=ROUND.with_changes(ramp_delay_s=0, toll_gate_delay_s=0)))
    # without 2 x 50 s; a gate that takes nothing is still one tick (0.1 s) at each end
    assert road_s(quick, "pa", "pc", TYPICAL) == pytest.approx(3030.2)


def test_nobody_goes_farther_across_country_than_rings_do() -> None:
    # halfway lies 849.9 m from the road, 85 s at 10 m/s: more than a minute, less than two.
    for limit_min, minutes in ((1, math.inf), (2, (85 + 1127.5) / 60)):
        numbers = ROUND.with_changes(off_network_max_min=limit_min)
        session = Session("town", make_town(assumptions=numbers))
        ends = [session.places.get_place(p) for p in ("halfway", "pb")]
        found = compute_od(session, ends[:1], ends[1:], [Mode.ROAD], [TYPICAL]).iloc[0]
        assert found["minutes"] == pytest.approx(minutes, abs=0.1)
        if limit_min == 1:
            assert "halfway lies 1 km from the nearest road, the limit is 0.6 km" in found["note"]
            assert "off_network_max_min" in found["note"]
            assert session.find_off_network(ends) == {"halfway": pytest.approx(849.9, abs=3)}
            with pytest.raises(NetworkError, match="off_network_max_min"):
                session.connectors(ends, session.roads(TYPICAL))
        else:
            assert found["note"] == "off the network halfway: 0.9 km and 1 min"
    assert Session("town", make_town()).snap_limit_m == 5000  # 18 km in half an hour, but snap_max_m is 5 km


@pytest.mark.parametrize("reading", list(Reading))
def test_times_beside_lengths_are_those_of_the_search_without(reading: Reading) -> None:
    session = Session("town", make_town())
    ends = [p for p in session.places.places if p.place_id in ("pa", "pb", "pc")]
    assert len(ends) > 1
    alone = compute_road_od_s(session, ends, ends, reading)
    beside = compute_road_od_s(session, ends, ends, reading, with_km=True)
    assert alone.tobytes() == beside.tobytes()
