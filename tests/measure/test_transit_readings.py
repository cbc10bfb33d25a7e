"""Rail minutes of the town on the three readings.

Trains: R1 sa 08:00 - sb 08:18/08:20 - sc 08:35; X1 sx 09:00 - sc 09:28; R2 sa 10:00 - sc 10:30; R3 sa 12:00 - sb
12:20/12:22 - sc 12:40; R4 sc 09:00 - sb 09:15/09:17 - sa 09:36. Departures 07:00-11:59, every minute (300).
pa has the main stations sa (taxi 0 s on the road) and sx (390 s); a taxi is 5 + 1 min more; entry 15, exit 5 min.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest

from tests.network.town import ROUND, TRAINS, make_feed, make_town
from transit_model.domain.modes import Mode, Reading
from transit_model.errors import InputError
from transit_model.measure.access import compute_station_trips
from transit_model.measure.explain import explain_change, explain_journey, explain_transit, find_median_departure
from transit_model.measure.od import compute_od
from transit_model.measure.place_stops import find_place_stops
from transit_model.measure.session import Session
from transit_model.measure.transit_times import TransitTime, compute_transit_od
from transit_model.scenario.base_schema import Title
from transit_model.scenario.tables import Trip, add_trips

MINUTES = range(7 * 60, 12 * 60)
DAY = 24 * 60


def rail(session: Session, start: str, end: str, reading: Reading) -> TransitTime:
    a, b = session.places.get_place(start), session.places.get_place(end)
    return compute_transit_od(session, [a], [b], Mode.RAIL, reading)[0][0]


def oracle(trips: Sequence[tuple[float, float]], share: float) -> float:
    """Nearest-rank percentile over the minutes of `arrive - minute` by (latest departure, arrival) in minutes."""
    trips = [*trips, *((leave + DAY, arrive + DAY) for leave, arrive in trips)]
    times = sorted(min(arrive for leave, arrive in trips if leave >= minute) - minute for minute in MINUTES)
    return times[math.ceil(share * len(times)) - 1]


def test_promoter_is_the_fastest_ride_of_the_best_pair_of_stations(town: Session) -> None:
    found = rail(town, "pa", "pc", Reading.PROMOTER)
    assert found.p50_s == 28 * 60  # X1 from sx; from sa R2 takes 30, R1 35, R3 40
    assert found.via == "甲北 - 丙"
    assert found.depart_clock_s == 9 * 3600
    assert rail(town, "pc", "pa", Reading.PROMOTER).p50_s == 36 * 60
    assert rail(town, "sa", "sc", Reading.PROMOTER).p50_s == 30 * 60
    assert rail(town, "pb", "pc", Reading.PROMOTER).p50_s == 15 * 60  # R1; R3 takes 18


def test_typical_is_the_median_of_wait_and_ride(town: Session) -> None:
    from_sa = [(480.0, 515.0), (600.0, 630.0), (720.0, 760.0)]  # 08:00-08:35, 10:00-10:30, 12:00-12:40
    found = rail(town, "sa", "sc", Reading.TYPICAL)
    # 07:00-08:00 35-95 min, 08:01-10:00 30-149, 10:01-11:59 41-159
    assert found.p50_s == oracle(from_sa, 0.5) * 60
    assert (found.p10_s, found.p90_s) == (oracle(from_sa, 0.1) * 60, oracle(from_sa, 0.9) * 60)
    # From sx there is one train a day: after 09:00 one waits for tomorrow, so sa is the better station.
    assert rail(town, "sx", "sc", Reading.TYPICAL).p50_s == oracle([(540.0, 568.0)], 0.5) * 60
    both = rail(town, "pa", "pc", Reading.TYPICAL)
    # From pa one drives 0 s to sa and 390 s = 6.5 min to sx: with X1 it takes less than from the platform of sa.
    by_way = [*from_sa, (540 - 6.5, 568.0)]
    assert [both.p10_s, both.p50_s, both.p90_s] == [oracle(by_way, s) * 60 for s in (0.1, 0.5, 0.9)]
    assert both.note == "by way of a station elsewhere, with the way there"


def test_door_to_door_has_access_entry_exit_and_egress(town: Session) -> None:
    # sa: leave 6 + 15 = 21 min before the train; sx: 6.5 + 6 + 15 = 27.5 min. Arrive 5 + 6 = 11 min after it.
    trips = [(480 - 21, 515 + 11), (540 - 27.5, 568 + 11), (600 - 21, 630 + 11), (720 - 21, 760 + 11)]
    found = rail(town, "pa", "pc", Reading.DOOR_TO_DOOR)
    assert [found.p10_s, found.p50_s, found.p90_s] == [oracle(trips, s) * 60 for s in (0.1, 0.5, 0.9)]


def test_door_to_door_on_foot_where_that_is_quicker(town: Session) -> None:
    # sb is 111.195 m from pb: 112 s on foot, a taxi takes 360 s. Or by taxi to sx for X1: 175 + 50 + 1350 + 50 + 360
    # = 1985 s, or to sa for R2: 175 + 50 + 1350 + 50 + 390 + 360 = 2375 s. The others are caught at sb.
    # Two ways that a car would spare are no rail journeys (`drop_detours`): R4 to sa and a taxi back (3130 + 360 =
    # 3490 s), or a taxi to sc (1415 + 360 = 1775 s), R4 back to sb and the same taxi again: into the train at sb
    # takes 112 + 900 s, out of it 300 + 1775 s or more, and the drive from pb to pc is shorter than both together.
    trips = [
        (500 - 15 - 112 / 60, 515 + 11),
        (540 - 15 - 1985 / 60, 568 + 11),
        (600 - 15 - 2375 / 60, 630 + 11),
        (742 - 15 - 112 / 60, 760 + 11),
    ]
    assert rail(town, "pb", "pc", Reading.DOOR_TO_DOOR).p50_s == pytest.approx(oracle(trips, 0.5) * 60, abs=1e-6)
    ways = compute_station_trips(town, [town.places.get_place("pb")], Mode.RAIL)
    assert ways.time_s[0, 2] == 112
    assert ways.on_foot[0].tolist() == [False, False, True, False]


def test_station_trips_by_hand(town: Session) -> None:
    ways = compute_station_trips(town, [town.places.get_place("pa")], Mode.RAIL)
    # sa, sx by taxi: 0 and 390 s on the road; sb and sc lie 2015 and 3130 s away
    assert ways.time_s[0].tolist() == [360, 750, 2015 + 360, 3130 + 360]
    back = compute_station_trips(town, [town.places.get_place("pa")], Mode.RAIL, to_place=True)
    assert back.time_s[0].tolist() == [360, 750, 2375, 3490]
    near = Session("near", make_town(assumptions=ROUND.with_changes(access_max_min=40)))
    far = compute_station_trips(near, [near.places.get_place("pa")], Mode.RAIL)
    assert far.time_s[0].tolist() == [360, 750, 2375, np.inf]


def test_stations_of_a_place(town: Session) -> None:
    def stops(text: str, session: Session = town) -> list[str]:
        return find_place_stops(session, session.places.get_place(text), Mode.RAIL)

    assert stops("pa") == ["sa", "sx"]  # declared
    assert stops("pb") == ["sb"]  # within 15 km
    assert stops("halfway") == ["sx"]  # 14.4 km; sa is 17.8, sb 16.6 km away
    assert stops("sb") == ["sb"]
    near = Session("near", make_town(assumptions=ROUND.with_changes(station_reach_km=10)))
    assert stops("halfway", near) == []
    found = rail(near, "halfway", "pc", Reading.TYPICAL)
    assert math.isinf(found.p50_s)
    assert found.note == "no station with listed service at halfway"
    assert math.isinf(rail(near, "pa", "halfway", Reading.PROMOTER).p50_s)


def test_of_many_stops_the_nearest_of_each_kind_count() -> None:
    # Along the meridian from pb (40.3): four bus stops within 5 km and a coach station at 10 km; a degree is 111.2 km.
    stops = {f"b{n}": (111.0, 40.3 + n / 100) for n in (1, 2, 3, 4)} | {"co": (111.0, 40.39)}
    calls = " | ".join(f"b{n} 08:0{5 - n}" for n in (4, 3, 2, 1))
    stops["sc"] = (111.0, 40.505)
    feed = make_feed([f"B bus daily | {calls}", "C coach daily | co 08:00 | sc 09:00"], stops=stops)

    def count(number: int) -> list[str]:
        numbers = ROUND.with_changes(station_reach_stops=number)
        town = make_town(feed=feed, stations={}, main_stations={}, assumptions=numbers)
        session = Session(f"near {number}", town)
        return find_place_stops(session, session.places.get_place("pb"), Mode.BUS)

    assert count(2) == ["b1", "b2", "co"]
    assert count(20) == ["b1", "b2", "b3", "b4", "co"]


def test_a_county_has_its_own_station_however_far(town: Session) -> None:
    session = Session("own", make_town(station_columns={"county": ["途中", "", "", ""]}))
    # halfway belongs to the county 途中, and so does sa at 17.8 km; sx (14.4 km) is another county's, but near
    assert find_place_stops(session, session.places.get_place("halfway"), Mode.RAIL) == ["sx", "sa"]


def test_a_place_to_itself_takes_nothing(town: Session) -> None:
    assert [rail(town, "pa", "pa", r).p50_s for r in Reading] == [0, 0, 0]


def test_no_bus_in_a_town_without_buses(town: Session) -> None:
    pa, pc = town.places.get_place("pa"), town.places.get_place("pc")
    found = compute_transit_od(town, [pa], [pc], Mode.BUS, Reading.TYPICAL)[0][0]
    assert (found.p50_s, found.note) == (np.inf, "no bus service in this scenario")


def test_best_is_the_quicker_of_road_and_transit(town: Session) -> None:
    pa, pc = town.places.get_place("pa"), town.places.get_place("pc")
    od = compute_od(town, [pa], [pc], [Mode.ROAD, Mode.TRANSIT, Mode.BEST], list(Reading)).set_index(
        ["mode", "reading"]
    )
    for reading in Reading:
        times = {m: od.loc[(m.value, reading.value), "minutes"] for m in (Mode.ROAD, Mode.TRANSIT)}
        best = od.loc[("best", reading.value)]
        assert best["minutes"] == min(times.values())
        assert best["via"].startswith(min(times, key=lambda m: times[m]).value)
    assert od.loc[("best", "promoter"), "minutes"] == 28
    assert od.loc[("best", "door_to_door"), "minutes"] == 3550 / 60


def test_one_minute_leg_by_leg(town: Session) -> None:
    result = explain_journey(
        town, town.places.get_place("pa"), town.places.get_place("pc"), Mode.RAIL, Reading.DOOR_TO_DOOR, depart="08:20"
    )
    # taxi 12.5 to sx (08:32:30), entry 15 (08:47:30), wait 12.5 for 09:00, ride 28, exit 5, taxi 6: 79 min, 09:39
    assert [(leg.kind, leg.minutes) for leg in result.legs] == [
        ("access", 12.5), ("entry", 15), ("wait", 12.5), ("ride", 28), ("exit", 5), ("egress", 6),
    ]  # fmt: skip
    assert result.minutes == 79
    ride = result.legs[3]
    assert (ride.depart, ride.arrive) == ("09:00", "09:28")
    assert ride.rests_on == ("trip X1",)
    assert "taxi" in result.legs[0].text["en"]
    assert "出租车" in result.legs[0].text["zh"]


def test_a_walk_is_told_as_a_walk(town: Session) -> None:
    result = explain_transit(town, town.places.get_place("pb"), town.places.get_place("pc"), Mode.RAIL, 8 * 3600)
    assert result.legs[0].text["en"].startswith("walk")
    assert round(result.legs[0].minutes * 60) == 112


@pytest.mark.parametrize(("start", "end"), [("pa", "pc"), ("pc", "pa"), ("pb", "pc")])
def test_legs_add_up_at_every_departure(town: Session, start: str, end: str) -> None:
    a, b = town.places.get_place(start), town.places.get_place(end)
    found = []
    for minute in MINUTES[::20]:
        result = explain_transit(town, a, b, Mode.RAIL, minute * 60)
        seconds = [round(leg.minutes * 60) for leg in result.legs]
        assert sum(seconds) == round(result.minutes * 60)
        assert all(s >= 0 for s in seconds)
        found.append(result.minutes)
    trip = rail(town, start, end, Reading.DOOR_TO_DOOR)
    assert min(found) <= trip.p50_s / 60 <= max(found)


def test_the_median_departure_takes_the_median(town: Session) -> None:
    a, b = town.places.get_place("pa"), town.places.get_place("pc")
    result = explain_transit(town, a, b, Mode.RAIL, *find_median_departure(town, a, b, Mode.RAIL))
    assert result.minutes * 60 == rail(town, "pa", "pc", Reading.DOOR_TO_DOOR).p50_s


def test_explain_best_tells_the_quicker_door_to_door(town: Session) -> None:
    a, b = town.places.get_place("pa"), town.places.get_place("pc")
    assert explain_journey(town, a, b, Mode.BEST, Reading.DOOR_TO_DOOR).mode == "road"
    # Told on one reading: free flow at 36 min against the fastest ride of the day, both without any door.
    rail_s = rail(town, "pa", "pc", Reading.PROMOTER).p50_s
    quickest = explain_journey(town, a, b, Mode.BEST, Reading.PROMOTER)
    assert quickest.minutes == min(36.0, rail_s / 60)
    assert {leg.kind for leg in quickest.legs} <= {"ride", "transfer", "wait", "road", "gate", "access", "egress"}
    with pytest.raises(InputError, match="clock_unused"):
        explain_journey(town, a, b, Mode.RAIL, Reading.PROMOTER, depart="08:00")
    # With one minute of entry, leaving at 07:53: taxi 6, entry 1, R1 35, exit 5, taxi 6 = 53 min; the car takes 59.2.
    open_gates = Session("open", make_town(assumptions=ROUND.with_changes(rail_entry_min=1)))
    quick = explain_journey(open_gates, a, b, Mode.BEST, Reading.DOOR_TO_DOOR, depart="07:53")
    assert (quick.mode, quick.minutes) == ("transit", 53)


def test_bad_clocks_and_impossible_journeys_are_issues(town: Session) -> None:
    a, b = town.places.get_place("pa"), town.places.get_place("pc")
    with pytest.raises(InputError, match="bad_clock"):
        explain_journey(town, a, b, Mode.RAIL, Reading.DOOR_TO_DOOR, depart="soon")
    with pytest.raises(InputError, match="no_journey"):
        explain_transit(town, b, a, Mode.RAIL, 60 * 3600)


def test_a_late_train_serves_the_next_morning() -> None:
    # N leaves sb at 24:12: at 00:12 of the service day a copy of yesterday's train stands there.
    feed = make_feed([*TRAINS, "N rail daily | sa 23:50 | sb 24:10 24:12 | sc 24:30"])
    session = Session("night", make_town(feed=feed, window="00:00-00:30"))
    found = rail(session, "sb", "sc", Reading.TYPICAL)
    # 00:00-00:12: 30 - m minutes (18 to 30); then R1 at 08:20, arriving 08:35 = 515 min
    times = sorted([30 - m for m in range(13)] + [515 - m for m in range(13, 30)])
    assert found.p50_s == times[15 - 1] * 60
    assert rail(session, "sb", "sc", Reading.PROMOTER).p50_s == 15 * 60


def test_a_journey_before_and_after_names_what_it_newly_runs_on(town: Session) -> None:
    # A shuttle every 20 min from sx to sc in 20 min, as a project brings it.
    trip = Trip("shuttle:out", ("sx", "sc"), (0, 1200), (0, 1200), 0, headway_s=1200, start_s=6 * 3600, end_s=20 * 3600)
    network = add_trips(make_town(), [trip], "shuttle", Title(zh="接驳线", en="Shuttle"), "rail")
    fast = Session("fast", network)
    result = explain_change(town, fast, ("pa", "pc"), Mode.RAIL, Reading.DOOR_TO_DOOR, depart="08:20")
    # Before: 79 min (see above). After: at the platform 08:47:30, half of 20 min of waiting, ride 20, exit 5, taxi 6.
    assert result.before.minutes == 79
    assert result.after.minutes == pytest.approx(12.5 + 15 + 10 + 20 + 5 + 6, abs=0.02)
    assert result.change_min == pytest.approx(-10.5, abs=0.02)
    assert result.projects == ("shuttle",)
    ride = next(leg for leg in result.after.legs if leg.kind == "ride")
    assert (ride.text["zh"].split()[0], ride.text["en"].split()[0]) == ("接驳线", "Shuttle")
    assert "runs on shuttle" in result.headline("en")
    assert "新用到的项目：shuttle" in result.headline("zh")
    same = explain_change(town, town, ("pa", "pc"), Mode.RAIL, Reading.DOOR_TO_DOOR, depart="08:20")
    assert (same.change_min, same.projects) == (0, ())
    assert same.as_dict()["change_min"] == 0
