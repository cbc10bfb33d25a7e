"""Bus, metro and rail chained in one journey (`transit`), and `best` as the least of road and transit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.network.town import ROUND, STATIONS, TRAINS, make_feed, make_town
from transit_model.domain.modes import Mode, Reading, Ride
from transit_model.measure.explain import explain_journey
from transit_model.measure.memo import Memo
from transit_model.measure.od import compute_od
from transit_model.measure.session import Session
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.network.model import Network

DOOR = Reading.DOOR_TO_DOOR
STOPS = {
    "h": (111.01, 40.15, "-", "途中", "Halfway"),  # where the place halfway is
    "e": (111.0, 40.2992, "b", "乙站前", "Beta Square"),  # 0.0002 degrees = 22.3 m from the station sb
    "k1": (111.0, 40.002, "-", "甲客运", "Alpha Coach"),
    "k2": (111.0, 40.502, "-", "丙客运", "Gamma Coach"),
    "m1": (111.0, 40.001, "-", "一", "One"),
    "m2": (111.0, 40.3, "-", "二", "Two"),
}
FEEDER = "F1 bus daily | h 07:20 | e 07:50"
MINUTES = ["p10", "minutes", "p90"]


def town(lines: Sequence[str], frequencies: Sequence[str] = (), **changes: Any) -> Network:
    """The town with these vehicles at its stations and the stops above."""
    return make_town(feed=make_feed(lines, stops={**STATIONS, **STOPS}, frequencies=frequencies), **changes)


def measure(
    network: Network, modes: Sequence[Mode], memo: Memo | None = None, places: Sequence[str] = ("pa", "pc", "halfway")
) -> pd.DataFrame:
    session = Session("town", network, memo=memo)
    ends = [session.places.get_place(p) for p in places]
    od = compute_od(session, ends, ends, modes, list(Reading), with_km=False)
    return od.set_index(["mode", "reading", "from", "to"]).sort_index()


def test_a_feeder_bus_and_the_train_are_one_journey() -> None:
    # No taxi within 20 min takes one from halfway to a station, none is within 10 km, and the bus does not go on to pc.
    numbers = ROUND.with_changes(access_max_min=20, station_reach_km=10)
    network = town((*TRAINS, FEEDER), assumptions=numbers, window="07:00-07:21", main_stations={"pc": ("sc",)})
    found = measure(network, list(Mode))
    rows = {m: found.loc[m].xs(("halfway", "pc"), level=("from", "to")) for m in ("rail", "bus", "transit", "best")}
    assert np.isinf(rows["rail"]["minutes"]).all()
    assert np.isinf(rows["bus"]["minutes"]).all()
    # Bus 07:20 to 07:50; out of it 0 min, 23 s on foot, into the train 15 min: 08:05:23. R1 08:20, at sc 08:35.
    # Out of sc 5 min and a taxi of 5 + 0 + 1 min: 08:46. Leaving at 07:00, 07:01 ... 07:20 takes 106, 105 ... 86 min:
    # of 21 departures the 11th takes 96, the third soonest (0.1 x 21 = 2.1) 88, the 19th 104.
    assert rows["transit"].loc["door_to_door", MINUTES].tolist() == [88, 96, 104]
    # Between stations the ways at the ends do not count: 08:35 - 07:10 = 85; nor the wait at the first stop: 75.
    assert rows["transit"].loc["typical", "minutes"] == 85
    assert rows["transit"].loc["promoter", "minutes"] == 75
    session = Session("town", network)
    halfway, pc = session.places.get_place("halfway"), session.places.get_place("pc")
    result = explain_journey(session, halfway, pc, Mode.TRANSIT, DOOR)
    kinds = [leg.kind for leg in result.legs if leg.minutes > 0]
    assert kinds == ["wait", "ride", "transfer", "wait", "ride", "exit", "egress"]
    assert sum(leg.minutes for leg in result.legs) == result.minutes == 96
    for reading in Reading:
        assert explain_journey(session, halfway, pc, Mode.TRANSIT, reading).minutes == pytest.approx(
            rows["transit"].loc[reading.value, "minutes"]
        )


def test_best_is_the_least_of_road_and_transit() -> None:
    found = measure(town((*TRAINS, FEEDER)), list(Mode))
    least = np.minimum(found.loc["road", "minutes"], found.loc["transit", "minutes"])
    assert found.loc["best", "minutes"].equals(least)
    session = Session("town", town((*TRAINS, FEEDER)))
    builder, place = SurfaceBuilder(session, 2000.0), session.places.get_place("halfway")
    parts = [builder.compute(place, mode, DOOR).time_s for mode in (Mode.ROAD, Mode.TRANSIT)]
    assert np.array_equal(builder.compute(place, Mode.BEST, DOOR).time_s, np.minimum(*parts))


def test_a_metro_is_access_in_rail_and_a_vehicle_in_transit() -> None:
    rides = tuple(f"M{h} metro daily | m1 {h:02}:00 | m2 {h:02}:20" for h in range(7, 13))
    network = town(rides, window="07:00-07:01", main_stations={})
    found = measure(network, list(Mode), places=("pa", "pb"))
    assert np.isinf(found.loc[("rail", slice(None), "pa", "pb"), "minutes"]).all()
    # 0.001 degrees = 111.2 m = 112 s on foot and 3 min to get in: after 07:00, so 08:00 to 08:20, out in 2 min: 82.
    assert found.loc[("transit", DOOR.value, "pa", "pb"), "minutes"] == 82
    # Who stands in pa at 07:00 and walks to m1 without entry is there at 07:01:52: 08:20. The ride alone takes 20 min
    # and the way to it 112 s: nobody counts a metro 15 km away as a station of the place.
    assert found.loc[("transit", "typical", "pa", "pb"), "minutes"] == 80
    assert found.loc[("transit", "promoter", "pa", "pb"), "minutes"] == pytest.approx(20 + 112 / 60)
    builder = SurfaceBuilder(Session("town", network), 2000.0)
    assert np.isfinite(builder.get_node_s(builder.session.places.get_place("pa"), Mode.TRANSIT, DOOR, 0.5)).any()


def test_one_card_shortens_boarding_in_transit_as_by_bus() -> None:
    # A coach from halfway at 07:20: into it 6 min, so whoever leaves after 07:14 misses it; with one card 3 min.
    lines = ("F1 coach daily | h 07:20 | e 07:50", *TRAINS)
    minutes = {}
    for entry_min in (6, 3):
        numbers = ROUND.with_changes(access_max_min=20, station_reach_km=10, bus_entry_min=entry_min)
        session = Session("town", town(lines, assumptions=numbers, main_stations={"pc": ("sc",)}))
        ends = session.places.get_place("halfway"), session.places.get_place("pc")
        for depart in ("07:14", "07:17"):
            journey = explain_journey(session, ends[0], ends[1], Mode.TRANSIT, DOOR, depart=depart)
            minutes[entry_min, depart] = journey.minutes
    # out of the coach 1 min more than out of a bus, still in time for R1: at the door at 08:46, or a day later
    assert minutes == {(6, "07:14"): 92, (6, "07:17"): 89 + 24 * 60, (3, "07:14"): 92, (3, "07:17"): 89}


@pytest.mark.parametrize("first", [Mode.TRANSIT, Mode.RAIL])
def test_modes_of_one_timetable_share_searches_and_nothing_else(first: Mode) -> None:
    # Without a bus `transit` has the timetable of `rail`; its ways to stops and its feeders are its own.
    rides = tuple(f"M{h} metro daily | m1 {h:02}:00 | m2 {h:02}:20" for h in range(7, 13))
    network = town((*TRAINS, *rides))
    modes = sorted((Mode.RAIL, Mode.TRANSIT), key=lambda m: m is not first)
    places = ("pa", "pb", "pc", "station:sa", "station:m1")
    kept, alone = (measure(network, modes, memo, places) for memo in (Memo(), None))
    separate = pd.concat([measure(network, [mode], None, places) for mode in modes]).sort_index()
    for name in MINUTES:
        for found in (kept, alone):
            assert np.array_equal(found[name], separate[name], equal_nan=True), name
    assert not np.array_equal(separate.loc["rail", "minutes"], separate.loc["transit", "minutes"])


def test_a_stop_of_a_train_and_a_bus_is_entered_as_each() -> None:
    session = Session("town", town((*TRAINS, "B1 bus daily | sa 08:00 | sc 08:50")))
    compiled, _ = session.timetable(Mode.TRANSIT)
    entry = {stop: int(compiled.arrays.entry_s[i]) for stop, i in compiled.stop_idx.items()}
    assert (entry["sa"], entry["sa|2"], entry["sc"], entry["sc|2"]) == (15 * 60, 0, 15 * 60, 0)
    assert session.list_stations(Mode.TRANSIT) == ("sa", "sx", "sb", "sc", "sa|2", "sc|2")
    assert session.stop_kinds(Mode.TRANSIT)["sa|2"] is Ride.BUS
    pa, pc = session.places.get_place("pa"), session.places.get_place("pc")
    result = explain_journey(session, pa, pc, Mode.TRANSIT, DOOR, depart="07:41")
    # A taxi of 5 + 0 + 1 min and 15 min into R1: 08:02, and it leaves at 08:00. On foot 1112 m = 1112 s to B1:
    # 07:59:32, and nothing to wait for. At sc 08:50, and 556 m = 556 s on foot.
    assert result.minutes == pytest.approx(69 + 556 / 60)
    assert [leg.text["en"] for leg in result.legs if leg.kind == "ride"] == ["bus Alpha station to Gamma station"]


LINES = (
    *TRAINS,
    FEEDER,
    "F2 bus daily | e 08:40 | h 09:10",
    "B1 bus daily | sa 08:00 | sb 08:30 | sc 08:50",  # shares stations with the trains
    "B2 bus daily | sc 09:00 | h 09:40",
    "C1 coach daily | k1 08:10 | k2 08:45",
    "M1 metro daily | m1 08:00 | m2 08:20",
    "M2 metro daily | m2 08:00 | m1 08:20",
    "M3 metro daily | m2 09:00 | m1 09:10",
    "H1 bus daily | h 00:00 | e 00:30 | sc 00:50",
    "H2 rail daily | sc 00:00 | sb 00:15 | sa 00:35",
    "H3 bus daily | sa 00:00 | e 00:40",
)
BANDS = {"H1": "H1 07:00 11:00 1200 0", "H2": "H2 07:00 11:00 1800 0", "H3": "H3 07:00 11:00 900 0"}
TRAINS_ONLY = [line for line in LINES if line.split()[1] == "rail"]


@st.composite
def chosen(draw: st.DrawFn, lines: Sequence[str] = LINES) -> list[str]:
    return draw(st.lists(st.sampled_from(list(lines)), min_size=1, unique=True))


def run(lines: Sequence[str], modes: Sequence[Mode]) -> pd.DataFrame:
    bands = [BANDS[name] for name in (line.split()[0] for line in lines) if name in BANDS]
    places = ("pa", "pc", "halfway", *(["station:sa"] if len(modes) > 1 else []))
    return measure(town(lines, bands, window="07:30-09:00"), modes, Memo(), places)


def assert_no_slower(found: pd.DataFrame, than: pd.DataFrame) -> None:
    for name in MINUTES:
        first, second = found[name].to_numpy(), than[name].to_numpy()
        known = ~np.isnan(second) & ~np.isnan(first)
        assert (first[known] <= second[known] + 1e-9).all(), name
        assert not (np.isnan(first) & np.isfinite(second)).any()


@given(lines=chosen())
@settings(max_examples=examples(8), deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_transit_is_never_slower_than_rail_or_bus(lines: list[str]) -> None:
    found = run(lines, (Mode.RAIL, Mode.BUS, Mode.TRANSIT))
    for one in ("rail", "bus"):
        assert_no_slower(found.loc["transit"], found.loc[one])


@given(lines=chosen(), more=st.sampled_from([line for line in LINES if line.split()[1] in ("bus", "coach")]))
@settings(max_examples=examples(8), deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_bus_more_never_worsens_transit(lines: list[str], more: str) -> None:
    # Not from a station: where its first bus calls, a station becomes a bus stop, and who stands there is at it.
    before = [line for line in lines if line != more]
    if before:
        assert_no_slower(run([*before, more], [Mode.TRANSIT]), run(before, [Mode.TRANSIT]))


@given(lines=chosen(TRAINS_ONLY))
@settings(max_examples=examples(6), deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_with_trains_only_transit_is_rail(lines: list[str]) -> None:
    found = run(lines, (Mode.RAIL, Mode.TRANSIT))
    for name in MINUTES:
        assert np.array_equal(found.loc["rail", name], found.loc["transit", name], equal_nan=True)


def test_surfaces_of_transit_are_never_slower() -> None:
    bands = [BANDS[name] for name in BANDS]
    builder = SurfaceBuilder(Session("town", town(LINES, bands, window="07:30-09:00")), 2000.0)
    for place_id in ("pa", "halfway"):
        place = builder.session.places.get_place(place_id)
        for reading in (Reading.TYPICAL, DOOR):
            for quantile in (0.1, 0.5, 0.9):
                whole = builder.compute(place, Mode.TRANSIT, reading, quantile=quantile).time_s
                for one in (Mode.RAIL, Mode.BUS):
                    assert (whole <= builder.compute(place, one, reading, quantile=quantile).time_s + 1e-9).all()
    alone = SurfaceBuilder(Session("town", town(TRAINS)), 2000.0)
    times = [alone.compute(alone.session.places.get_place("pa"), m, DOOR).time_s for m in (Mode.RAIL, Mode.TRANSIT)]
    assert np.array_equal(times[0], times[1])
