"""A mode sees the vehicles and stops of that mode only: buses move no train, and a metro alone is no railway."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from tests.network.town import ROUND, STATIONS, TRAINS, make_feed, make_town
from transit_model.domain.modes import MODE_RULES, PARTS, RIDDEN, ROUTE_TYPES, Mode, Reading, Ride, classify_route_type
from transit_model.measure.memo import Memo
from transit_model.measure.od import compute_od
from transit_model.measure.pair_times import compute_pair_minutes
from transit_model.measure.session import Session
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.network.model import Network

DOOR = Reading.DOOR_TO_DOOR
HALT = {"bs": (111.0, 40.001, "a", "站", "Stop")}  # 111 m from pa: 112 s on foot
BUSES = ("B1 bus daily | bs 08:00 | sc 08:50", "B2 bus daily | sc 09:00 | bs 09:50")
METRO = {"m1": (111.0, 40.001, "-", "一", "One"), "m2": (111.0, 40.3, "-", "二", "Two")}
RIDES = tuple(f"M{h} metro daily | m1 {h:02}:00 | m2 {h:02}:20" for h in range(7, 13))


def town(lines: Sequence[str], stops: dict[str, Any] | None = None, **changes: Any) -> Network:
    """The town with its stations, some stops more and these vehicles."""
    return make_town(feed=make_feed(lines, stops={**STATIONS, **(stops or {})}), **changes)


def table(network: Network, modes: Sequence[Mode]) -> Any:
    session = Session("town", network)
    places = [session.places.get_place(p) for p in ("pa", "pb", "pc", "halfway")]
    od = compute_od(session, places, places, modes, list(Reading))
    return od.set_index(["from", "to", "mode", "reading"]).sort_index()


def test_the_one_table_of_vehicles() -> None:
    assert RIDDEN == (Mode.RAIL, Mode.BUS, Mode.TRANSIT)
    assert MODE_RULES[Mode.RAIL].own == (Ride.RAIL,)
    assert set(PARTS) == set(Mode)
    assert PARTS[Mode.BEST] == (Mode.ROAD, Mode.TRANSIT)
    codes = [code for ranges in ROUTE_TYPES.values() for r in ranges for code in r]
    assert len(codes) == len(set(codes))  # no code is of two kinds
    for code in codes:
        assert code in [c for r in ROUTE_TYPES[classify_route_type(code)] for c in r]


@pytest.mark.parametrize("calls_at", ["a stop of its own", "the railway station"])
def test_buses_move_no_train_and_no_road(calls_at: str) -> None:
    # pb to pc by rail: the way to sb on foot takes 112 s. A bus stop nearer than any station used to let journeys
    # through that a car spares, since the way to it was taken for a way to a train.
    lines = BUSES if calls_at == "a stop of its own" else [b.replace("bs", "sa") for b in BUSES]
    before, after = town(TRAINS, HALT), town((*TRAINS, *lines), HALT)
    pairs = [table(n, (Mode.ROAD, Mode.RAIL)) for n in (before, after)]
    names = ["minutes", "p10", "p90", "via", "note"]
    assert pairs[0][names].equals(pairs[1][names])
    builders = [SurfaceBuilder(Session("town", n), 2000.0) for n in (before, after)]
    for place_id in ("pa", "pb", "pc"):
        for mode, reading in ((Mode.ROAD, r) for r in Reading):
            first, second = (m.compute(m.session.places.get_place(place_id), mode, reading).time_s for m in builders)
            assert np.array_equal(first, second)
        for reading in (Reading.TYPICAL, DOOR):
            for quantile in (0.1, 0.5, 0.9):
                first, second = (
                    m.compute(m.session.places.get_place(place_id), Mode.RAIL, reading, quantile=quantile).time_s
                    for m in builders
                )
                assert np.array_equal(first, second)
    assert np.isfinite(table(after, [Mode.BUS]).loc[("pa", "pc", "bus", DOOR.value), "minutes"])


def test_a_stop_of_two_modes_is_a_station_of_both() -> None:
    # B1 calls at the railway station sa: by bus one enters as into a bus, by rail as into a train.
    session = Session("town", town((*TRAINS, "B1 bus daily | sa 08:00 | sc 08:50")))
    assert session.list_stations(Mode.BUS) == ("sa", "sc")
    assert "sa" in session.list_stations(Mode.RAIL)
    entry = [session.timetable(m)[0].arrays.entry_s[0] for m in (Mode.RAIL, Mode.BUS)]
    assert entry == [15 * 60, 0]
    # on foot to sa 1112 m = 1112 s, the bus waits for nobody; 08:00 to 08:50, 556 m = 556 s on from sc
    found = table(session.network, [Mode.BUS]).loc[("pa", "pc", "bus")]
    assert found.loc["promoter", "minutes"] == 50


def test_a_region_with_a_metro_only_has_no_rail_on_any_reading() -> None:
    network = town(RIDES, METRO, main_stations={})
    found = table(network, [Mode.RAIL]).loc[("pa", "pb", "rail")]
    assert np.isinf(found["minutes"]).all()
    assert set(found["note"]) == {"no rail service in this scenario"}


def test_a_metro_alone_is_no_journey_by_rail() -> None:
    # Trains run from sc to sa only, so from pa to pb there is the metro: 112 s on foot, 20 min, 0 m on foot.
    network = town(("R4 rail daily | sc 09:00 | sa 09:36", *RIDES), METRO)
    found = table(network, [Mode.RAIL])
    assert np.isinf(found.loc[("pa", "pb", "rail"), "minutes"]).all()
    assert found.loc[("pa", "pb", "rail", DOOR.value), "note"].startswith("no rail vehicle is ridden")
    builder = SurfaceBuilder(Session("town", network), 2000.0)
    assert not np.isfinite(builder.get_node_s(builder.session.places.get_place("pa"), Mode.RAIL, DOOR, 0.5)).any()


def test_a_metro_takes_one_to_the_train() -> None:
    # The metro goes on to sb, 20 m from m2: 07:00 to 07:20, exit 2 + walk + entry 15 min, R1 at 08:20, at sc 08:35.
    near = {"m1": METRO["m1"], "m2": (111.0, 40.2992, "-", "二", "Two")}
    numbers = ROUND.with_changes(access_max_min=20)
    lines = ("R1 rail daily | sb 08:20 | sc 08:35", *RIDES)
    session = Session("town", town(lines, near, main_stations={}, assumptions=numbers, window="06:30-06:57"))
    pa, pc = session.places.get_place("pa"), session.places.get_place("pc")
    found = compute_od(session, [pa], [pc], [Mode.RAIL], [DOOR]).iloc[0]
    # Into the metro 112 s + 3 min before 07:00: 06:56 is too late. Of 27 departures the 14th soonest is the median,
    # that of 06:42. Out of sc 5 min after 08:35, a taxi 6 min more (on foot 556 m = 556 s).
    assert found["minutes"] == (8 * 60 + 35 + 5 + 6) - (6 * 60 + 42)


def test_door_to_door_is_never_less_than_typical_nor_typical_than_the_promoters() -> None:
    for lines, stops in ((TRAINS, {}), ((*TRAINS, *BUSES), HALT), ((*TRAINS, *RIDES), METRO)):
        for main in (None, {}, {"pa": ("sx",), "pc": ("sc",)}):
            found = table(town(lines, stops, main_stations=main), RIDDEN)["minutes"].unstack("reading")
            assert (found["door_to_door"] >= found["typical"] - 1e-9).all()
            assert (found["typical"] >= found["promoter"] - 1e-9).all()


def test_single_pairs_are_those_of_the_table() -> None:
    for lines, stops in (((*TRAINS, *BUSES), HALT), ((*TRAINS, *RIDES), METRO)):
        network = town(lines, stops)
        od = table(network, list(Mode))["minutes"]
        keys = [(a, b, Mode(m), Reading(r)) for a, b, m, r in od.index]
        for memo in (Memo(), None):
            found = compute_pair_minutes(Session("town", network, memo=memo), keys)
            assert [found[k] for k in keys] == pytest.approx(od.tolist(), abs=1e-9)
