"""Vehicles and speed tables as options of a session, summed by hand on the town.

`ROUND` has no peak table of its own; here peak is motorway 0.6, town 0.4, all else 0.5.
"""

from __future__ import annotations

import math

import pytest

from tests.network.town import ROUND, make_town
from transit_model.domain.modes import DeparturePolicy, Mode, Reading, SpeedTable, Vehicle
from transit_model.errors import InputError
from transit_model.measure.access import compute_station_trips
from transit_model.measure.explain import explain_journey, explain_road
from transit_model.measure.od import compute_od, od_records
from transit_model.measure.road_times import compute_road_km, compute_road_node_s, compute_road_od_s
from transit_model.measure.session import Session
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.measure.trains import get_day_journeys, list_day_journeys
from transit_model.measure.transit_times import compute_transit_od

PROMOTER, TYPICAL, DOOR = Reading.PROMOTER, Reading.TYPICAL, Reading.DOOR_TO_DOOR
PEAK = {"motorway": 0.6, "trunk": 0.5, "primary": 0.5, "secondary": 0.5, "tertiary": 0.5, "other": 0.5, "urban": 0.4}
JAMMED = ROUND.with_changes(speed_factor_peak=PEAK)


def make_session(**options: object) -> Session:
    return Session("town", make_town(assumptions=JAMMED), **options)  # type: ignore[arg-type]


def road_s(session: Session, reading: Reading) -> float:
    a, c = session.places.get_place("pa"), session.places.get_place("pc")
    return float(compute_road_od_s(session, [a], [c], reading)[0, 0])


def test_a_coach_keeps_to_a_hundred() -> None:
    coach = make_session(vehicle=Vehicle.COACH)
    # free flow: 3 km at 60, 60 km at 100 (posted 120), 3 km at 60 = 180 + 2160 + 180
    assert road_s(coach, PROMOTER) == 2520
    # by motorway 390 + 50 + 60 km at 80 = 2700 + 50 + 390 = 3580; by a--b and b--c: 2250 + 5, gate 30, 30 km at
    # 80 = 1350 + 5 (ends on the toll road: gate 30) = 3670
    assert road_s(coach, TYPICAL) == 3580
    assert road_s(coach, DOOR) == 3580 + 420


def test_an_ambulance_is_a_car_by_law() -> None:
    ambulance, car = make_session(vehicle=Vehicle.AMBULANCE), make_session()
    assert [road_s(ambulance, r) for r in Reading] == [road_s(car, r) for r in Reading]


def test_peak_speeds_slow_typical_and_door_to_door_only() -> None:
    peak = make_session(speeds=SpeedTable.PEAK)
    assert road_s(peak, PROMOTER) == 2160
    # town street 3 km at 24 = 450 + 30 twice, gate and ramp 50 twice, 60 km at 72 = 3000
    assert road_s(peak, TYPICAL) == 450 + 30 + 50 + 3000 + 50 + 450 + 30
    assert road_s(peak, DOOR) == 4060 + 420


def test_peak_taxis_are_slower_and_a_coach_takes_no_part_in_access() -> None:
    a = make_session().places.get_place("pa")
    peak = make_session(speeds=SpeedTable.PEAK)
    # sx stands at i1: 3 km of town street at 24 km/h and its junction 480 s (typical 390), taxi 360
    assert compute_station_trips(peak, [a], Mode.RAIL).time_s[0, 1] == 480 + 360
    coach = make_session(vehicle=Vehicle.COACH)
    trips = compute_station_trips(coach, [a], Mode.RAIL).time_s[0]
    assert trips.tolist() == [360, 750, 2375, 3130 + 360]  # as by car: sc would be 3580 + 360 by coach


def test_transfers_between_stations_by_taxi_at_the_same_speeds() -> None:
    def drive_s(session: Session) -> int:
        arrays = session.timetable(Mode.RAIL)[0].arrays
        return int(arrays.transfer_s[arrays.transfer_ptr[0]])

    # sa to sx: exit 5 min, taxi 6 min and the drive, entry 15 min
    assert drive_s(make_session()) == 300 + 360 + 390 + 900
    assert drive_s(make_session(speeds=SpeedTable.PEAK)) == 300 + 360 + 480 + 900


def test_nodes_legs_and_kilometres_follow_the_session() -> None:
    session = make_session(vehicle=Vehicle.COACH, speeds=SpeedTable.PEAK)
    a, c = session.places.get_place("pa"), session.places.get_place("pc")
    for reading in Reading:
        node = session.roads(reading).graph_node["c"]
        assert compute_road_node_s(session, a, reading)[node] == road_s(session, reading)
        result = explain_road(session, a, c, reading)
        assert result.minutes * 60 == pytest.approx(road_s(session, reading))
        km = sum(leg.km for leg in result.legs if not math.isnan(leg.km))
        assert km == pytest.approx(compute_road_km(session, [a], [c], reading)[0, 0])
    assert "speed_factor_peak" in result.legs[1].rests_on
    assert "vehicle_cap_kmh.coach" in result.legs[1].rests_on
    assert result.headline("en").startswith("pa -> pc · road · door to door · coach · peak speeds · town: ")
    assert (result.as_dict()["vehicle"], result.as_dict()["speeds"]) == ("coach", "peak")


def test_surfaces_follow_the_session() -> None:
    place = make_session().places.get_place("pa")
    car, coach, peak = (
        SurfaceBuilder(s, 2000.0)
        for s in (make_session(), make_session(vehicle=Vehicle.COACH), make_session(speeds=SpeedTable.PEAK))
    )
    road = [m.compute(place, Mode.ROAD, TYPICAL).time_s for m in (car, coach, peak)]
    assert (road[0] <= road[1]).all()
    assert (road[0] < road[1]).any()
    assert (road[0] <= road[2]).all()
    rail = [m.compute(place, Mode.RAIL, DOOR).time_s for m in (car, coach, peak)]
    assert rail[0].tobytes() == rail[1].tobytes()  # taxis are cars
    assert (rail[2] > rail[0]).any()
    # where driving all the way takes longer, rides make sense farther along a road (`drop_detours`): from b towards a
    turns_s = []
    for builder in (car, peak):
        places = builder._transit.get_places(Mode.RAIL, False)
        links = builder.session.network.links["link_id"].to_numpy()[places.parts.link]
        turn_s = places.split(builder._get_times_s(place, Mode.RAIL, DOOR, 0.5)).turn_s
        turns_s.append(turn_s[links == "a--b~"].max())
    assert turns_s[0] < turns_s[1]


def test_records_tell_vehicle_speeds_and_policy() -> None:
    session = make_session(vehicle=Vehicle.COACH, speeds=SpeedTable.WINTER)
    a, c = session.places.get_place("pa"), session.places.get_place("pc")
    table = compute_od(session, [a], [c], [Mode.ROAD, Mode.RAIL], list(Reading), policy=DeparturePolicy.TIMETABLED)
    result = {
        (r["mode"], r["reading"]): (r["vehicle"], r["speeds"], r["policy"])
        for r in od_records(table, session, DeparturePolicy.TIMETABLED)
    }
    assert result == {
        ("road", "promoter"): ("coach", "free", None),
        ("road", "typical"): ("coach", "winter", None),
        ("road", "door_to_door"): ("coach", "winter", None),
        ("rail", "promoter"): (None, None, None),
        ("rail", "typical"): (None, None, None),
        ("rail", "door_to_door"): ("car", "winter", "timetabled"),
    }
    assert "vehicle" not in od_records(table)[0]


def test_timetabled_travellers_leave_just_in_time(town: Session) -> None:
    a, c = town.places.get_place("pa"), town.places.get_place("pc")
    found = compute_transit_od(town, [a], [c], Mode.RAIL, DOOR, DeparturePolicy.TIMETABLED)[0][0]
    # Leave home 21 min before a train at sa, 27.5 min before X1 at sx; arrive 11 min after it.
    #   R1 07:39    -> 08:46  67 min, serves 07:00-07:39     39 min
    #   X1 08:32:30 -> 09:39  66.5    serves 07:39-08:32:30  53.5
    #   R2 09:39    -> 10:41  62      serves to 09:39        66.5
    #   R3 11:39    -> 12:51  72      serves to 11:39       120
    # 11:39 - 12:00: no train is left. 279 of 300 min served; in order of time 62 (66.5), 66.5 (120), 67 (159), 72.
    assert [found.p10_s, found.p50_s, found.p90_s] == [62 * 60, 67 * 60, 72 * 60]  # half of 279 is 139.5
    assert found.note == "timetabled: 93% of the window before the last departure"
    spontaneous = compute_transit_od(town, [a], [c], Mode.RAIL, DOOR)[0][0]
    assert found.p50_s < spontaneous.p50_s
    between = [compute_transit_od(town, [a], [c], Mode.RAIL, TYPICAL, p)[0][0].p50_s for p in DeparturePolicy]
    assert between[0] == between[1]


def test_arriving_by_a_clock_time(town: Session) -> None:
    a, c = town.places.get_place("pa"), town.places.get_place("pc")

    def arrive(clock: str, mode: Mode = Mode.RAIL) -> tuple[str, str]:
        result = explain_journey(town, a, c, mode, DOOR, arrive=clock)
        return result.mode, result.notes[0]["en"].split("leave at ")[1][:5]

    assert arrive("10:41") == ("rail", "09:39")  # R2 and 21 min before it
    assert arrive("10:40") == ("rail", "08:32")  # X1, 27.5 min before 09:00
    assert arrive("09:38") == ("rail", "07:39")  # R1
    # By road door to door it takes 59 min 10 s: leave at 09:41:50, later than for R2.
    assert arrive("10:41", Mode.ROAD) == ("road", "09:41")
    assert arrive("10:41", Mode.BEST) == ("road", "09:41")


def test_the_trains_of_a_day(town: Session) -> None:
    a, c = town.places.get_place("pa"), town.places.get_place("pc")
    found = list_day_journeys(town, a, c, Mode.RAIL)
    assert [(j.depart_clock_s / 60, j.arrive_clock_s / 60) for j in found] == [
        (459, 526), (512.5, 579), (579, 641), (699, 771),
    ]  # fmt: skip
    assert [j.is_first for j in found] == [True, False, False, False]
    assert [j.is_last for j in found] == [False, False, False, True]
    # Nobody leaves in the evening to wait for the morning: after R3 there is no useful departure.
    assert found[-1].as_row() == {"depart": "11:39", "arrive": "12:51", "minutes": 72.0, "first": False, "last": True}
    with pytest.raises(InputError, match="no bus service"):
        get_day_journeys(town, a, c, Mode.BUS)
