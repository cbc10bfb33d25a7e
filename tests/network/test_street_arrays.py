"""Times along roads, gates and ramps on the town, summed by hand. Ticks are tenths of a second."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from tests.network.town import LINKS, ROUND, ROUND_NUMBERS, make_links, make_town
from transit_model.domain.modes import SpeedTable, Vehicle
from transit_model.errors import NetworkError
from transit_model.network.build import build_directed_links
from transit_model.network.model import Network
from transit_model.network.road_change import find_back_rows
from transit_model.network.street_arrays import (
    CompiledStreets,
    compile_streets,
    compute_link_ticks,
    find_speed_class,
)

FREE, TYPICAL = SpeedTable.FREE, SpeedTable.TYPICAL
CAR, COACH = Vehicle.CAR, Vehicle.COACH


def drive_s(streets: CompiledStreets, start: str, end: str) -> float:
    """Slow obvious shortest path over the arcs (Bellman-Ford), seconds."""
    arrays = streets.arrays
    best = {streets.graph_node[start]: 0}
    for _ in range(arrays.n_nodes):
        for tail in list(best):
            for arc in range(arrays.indptr[tail], arrays.indptr[tail + 1]):
                ticks = best[tail] + int(arrays.weight_ticks[arc])
                if ticks < best.get(int(arrays.head[arc]), 10**9):
                    best[int(arrays.head[arc])] = ticks
    return best.get(streets.graph_node[end], np.inf) / 10


@pytest.fixture(scope="module")
def town() -> Network:
    return make_town()


def ticks_of(town: Network, vehicle: Vehicle, table: SpeedTable) -> dict[str, int]:
    ticks = compute_link_ticks(town.links, vehicle, table, town.assumptions)
    return dict(zip(town.links["link_id"], ticks.tolist(), strict=True))


def test_free_flow_is_length_over_posted_speed(town: Network) -> None:
    ticks = ticks_of(town, CAR, FREE)
    assert ticks["a--i1"] == 1800  # 3 km at 60 = 180 s
    assert ticks["i1--i2"] == 10_800  # 36 km at 120 = 1080 s
    assert ticks["i2--i3"] == 7200  # 24 km at 120 = 720 s
    assert ticks["a--b"] == 18_000  # 40 km at 80 = 1800 s
    assert ticks["b--c"] == 10_800  # 30 km at 100 = 1080 s
    assert ticks["c>b"] == 9000  # 10 km at 40 = 900 s
    assert ticks["a--b~"] == ticks["a--b"]


def test_a_coach_is_held_at_its_cap(town: Network) -> None:
    ticks = ticks_of(town, COACH, FREE)
    assert ticks["i1--i2"] == 12_960  # 36 km at 100, not 120 = 1296 s
    assert ticks["b--c"] == 10_800  # posted 100 = the cap
    assert ticks["a--i1"] == 1800  # posted below the cap


def test_typical_speeds_have_factors_and_junctions(town: Network) -> None:
    ticks = ticks_of(town, CAR, TYPICAL)
    assert ticks["i1--i2"] == 13_500  # 36 km at 120 x 0.8 = 96 km/h = 1350 s; no junction on a motorway
    assert ticks["a--b"] == 22_550  # 40 km at 80 x 0.8 = 64 km/h = 2250 s, + 5 s
    assert ticks["b--i2"] == 1750  # 2 km at 60 x 0.75 = 45 km/h = 160 s, + 15 s
    assert ticks["a--i1"] == 3900  # in town: 3 km at 60 x 0.5 = 30 km/h = 360 s, + 30 s
    assert ticks["c>b"] == 18_150  # 10 km at 40 x 0.5 = 20 km/h = 1800 s, + 15 s
    assert ticks_of(town, COACH, TYPICAL)["i1--i2"] == 16_200  # 36 km at 100 x 0.8 = 80 km/h = 1620 s


def test_snow_and_ice_by_class() -> None:
    # The shipped factors: trunk 0.65, motorway 0.70; 40 km at 80 x 0.65 = 52 km/h = 2769.2 s, + 5 s at the junction
    town = make_town(assumptions=ROUND.with_changes(speed_factor_winter=WINTER))
    ticks = ticks_of(town, CAR, SpeedTable.WINTER)
    assert ticks["a--b"] == pytest.approx((40_000 / (80 * 0.65 / 3.6) + 5) * 10, abs=1)
    assert ticks["i1--i2"] == pytest.approx(36_000 / (120 * 0.70 / 3.6) * 10, abs=1)


WINTER = {
    "motorway": 0.70,
    "trunk": 0.65,
    "primary": 0.65,
    "secondary": 0.6,
    "tertiary": 0.6,
    "other": 0.6,
    "urban": 0.65,
}


def test_speed_classes() -> None:
    rows = [
        "m a b 0 motorway 1 120 0 urban - -",
        "t a b 0 trunk 1 80 0 urban - -",
        "p a b 0 primary 1 60 0 rural - -",
        "r a b 0 residential 1 30 0 rural - -",
        "u a b 0 service 1 30 0 urban - -",
    ]
    # A motorway is one in town as well; roads without a class of their own are `other`.
    assert find_speed_class(make_links(rows)).tolist() == ["motorway", "urban", "primary", "other", "urban"]


def test_free_flow_times_have_no_delay_at_all(town: Network) -> None:
    streets = compile_streets(town, CAR, FREE)
    assert drive_s(streets, "a", "c") == 2160  # 180 + 1080 + 720 + 180, by the motorway
    assert drive_s(streets, "a", "b") == 1380  # 180 + 1080 + 120, off at i2
    assert drive_s(streets, "b", "c") == 1020  # 120 + 720 + 180; the toll trunk takes 1080
    assert drive_s(streets, "c", "b") == 900  # the one-way road
    assert streets.arrays.n_nodes == 6
    assert streets.arrays.weight_ticks.min() >= 1


def test_gates_and_ramps_are_paid_on_entering_and_leaving_never_on_passing(town: Network) -> None:
    streets = compile_streets(town, CAR, TYPICAL)
    # a-i1 390, ramp 20 + gate 30, 36 km 1350, past i2 for nothing, 24 km 900, ramp 20 + gate 30, i3-c 390
    assert drive_s(streets, "a", "c") == 390 + 50 + 1350 + 900 + 50 + 390 == 3130
    # off at i2: 390 + 50 + 1350 + 50 + 175
    assert drive_s(streets, "a", "b") == 2015


def test_a_toll_trunk_has_a_gate_at_each_end_and_no_ramp(town: Network) -> None:
    streets = compile_streets(town, CAR, TYPICAL)
    # b-c: gate 30, 30 km at 80 km/h = 1350, junction 5, gate 30 = 1415;
    # by the motorway 175 + 50 + 900 + 50 + 390 = 1565
    assert drive_s(streets, "b", "c") == 1415
    assert drive_s(streets, "c", "b") == 1415  # the one-way road takes 1815


def test_a_motorway_without_toll_has_ramps_only() -> None:
    rows = [row.replace(" 1 rural - -", " 0 rural - -") for row in LINKS]
    streets = compile_streets(make_town(links=rows), CAR, TYPICAL)
    assert drive_s(streets, "a", "c") == 390 + 20 + 1350 + 900 + 20 + 390


def test_from_a_toll_trunk_to_a_toll_motorway_there_is_a_ramp_and_no_gate() -> None:
    rows = [
        "in a b 0 primary 3000 60 0 urban - -",
        "trunk b c 0 trunk 30000 100 1 rural - -",
        "way c i1 0 motorway 36000 120 1 rural - -",
        "out i1 i2 0 primary 3000 60 0 urban - -",
    ]
    streets = compile_streets(make_town(links=rows, stations={}, places=(), main_stations={}), CAR, TYPICAL)
    # 390, gate 30, 1350 + 5, ramp 20 at c, 1350, ramp 20 + gate 30, 390
    assert drive_s(streets, "a", "i2") == 390 + 30 + 1355 + 20 + 1350 + 50 + 390


def with_kinds(rows: list[str], kinds: str) -> CompiledStreets:
    town = make_town(links=rows, stations={}, places=(), main_stations={})
    kind = town.links["road_id"].map(dict(zip([r.split()[0] for r in rows], kinds.split(), strict=True)))
    return compile_streets(town.with_tables(links=town.links.assign(kind=kind)), CAR, TYPICAL)


def test_a_drawn_ramp_pays_its_own_length_and_no_ramp_delay() -> None:
    rows = [
        "in a b 0 primary 3000 60 0 urban - -",
        "on b i1 1 motorway 1000 40 1 rural - -",
        "way i1 i2 1 motorway 36000 120 1 rural - -",
        "off i2 c 1 motorway 1000 40 1 rural - -",
        "out c i3 0 primary 3000 60 0 urban - -",
    ]
    # in 390, gate 30, ramp 1 km at 40 x 0.8 = 32 km/h = 112.5, 36 km at 96 km/h = 1350, ramp 112.5, gate 30, out 390
    expected = 390 + 30 + 112.5 + 1350 + 112.5 + 30 + 390
    assert drive_s(with_kinds(rows, "road ramp road ramp road"), "a", "i3") == expected == 2415
    # Without the word for it they are short motorways, as in a corridor network, whose ramps are not drawn.
    assert drive_s(with_kinds(rows, "- - - - -"), "a", "i3") == expected + 20 + 20


def test_a_survey_without_ramps_pays_at_interchanges_and_not_at_the_end_of_a_motorway() -> None:
    rows = [
        "in a b 0 primary 3000 60 0 urban - -",
        "west i1 b 0 motorway 36000 120 0 rural - -",
        "east b i2 0 motorway 24000 120 0 rural - -",
        "on i2 c 0 trunk 40000 80 0 rural - -",
    ]
    streets = with_kinds(rows, "road road road road")
    # b is passed by a motorway: ramp; i2 is where it ends: the least step there is, 0.1 s
    assert drive_s(streets, "a", "i2") == pytest.approx(390 + 20 + 900 + 0.1)
    assert drive_s(streets, "b", "c") - drive_s(streets, "b", "i2") == pytest.approx(2255)  # 40 km at 64, + 5


def test_one_way_roads_are_driven_one_way(town: Network) -> None:
    streets = compile_streets(town, CAR, FREE)
    row = town.links["link_id"].tolist().index("c>b")
    nodes = streets.arrays.node_idx
    names = town.nodes["node_id"].tolist()
    assert names[nodes[streets.link_tail[row]]] == "c"
    assert names[nodes[streets.link_head[row]]] == "b"
    assert find_back_rows(town.links)[row] == -1


def test_back_rows_point_at_each_other(town: Network) -> None:
    back = find_back_rows(town.links)
    ids = town.links["link_id"].tolist()
    assert ids[back[ids.index("a--b")]] == "a--b~"
    assert ids[back[ids.index("a--b~")]] == "a--b"
    two_way = np.flatnonzero(back >= 0)
    assert (back[back[two_way]] == two_way).all()


@pytest.mark.parametrize("table", list(SpeedTable))
def test_one_may_leave_everywhere_but_on_a_motorway(town: Network, table: SpeedTable) -> None:
    streets = compile_streets(town, CAR, table)
    nodes = town.nodes["node_id"].to_numpy()[streets.arrays.node_idx]
    leave = streets.arrays.may_leave
    # Free flow keeps nodes whole: all six touch an ordinary road. Otherwise i1, i2, i3 have a motorway side each.
    assert sorted(nodes[~leave]) == ([] if table is FREE else ["i1", "i2", "i3"])
    assert all(leave[node] for node in streets.graph_node.values())


def test_a_node_on_motorways_only_may_not_be_left() -> None:
    rows = [row for row in LINKS if not row.startswith("b--i2")]
    town = make_town(links=rows)
    for table in (FREE, TYPICAL):
        streets = compile_streets(town, CAR, table)
        assert not streets.arrays.may_leave[streets.graph_node["i2"]]


def test_closed_and_future_roads_carry_nobody() -> None:
    # In 2009 the old road: 50 km at 100 = 1800 s. In 2030 the new one: 20 km at 120 = 600 s.
    assert drive_s(compile_streets(make_town(as_of=date(2009, 12, 31)), CAR, FREE), "a", "c") == 1800
    assert drive_s(compile_streets(make_town(as_of=date(2030, 12, 31)), CAR, FREE), "a", "c") == 600


def without(table: str, name: str) -> dict[str, Any]:
    return {table: {k: v for k, v in ROUND_NUMBERS[table].items() if k != name}}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (without("speed_factor_typical", "secondary"), "speed_factor_typical.secondary"),
        (without("junction_delay_s", "urban"), "junction_delay_s.urban"),
        (without("vehicle_cap_kmh", "car"), "vehicle_cap_kmh.car"),
    ],
)
def test_a_missing_speed_is_named(change: dict[str, Any], field: str) -> None:
    town = make_town(main_stations={})
    with pytest.raises(NetworkError) as caught:
        compile_streets(town.with_tables(assumptions=ROUND.with_changes(**change)), CAR, TYPICAL)
    assert [(i.code, i.field) for i in caught.value.issues] == [("missing_speed", field)]


def test_all_missing_speeds_are_named_at_once() -> None:
    few = ROUND.with_changes(
        **without("vehicle_cap_kmh", "coach"), speed_factor_free={"motorway": 1.0, "trunk": 1.0, "urban": 1.0}
    )
    with pytest.raises(NetworkError) as caught:
        compile_streets(make_town(assumptions=few), COACH, FREE)
    assert {i.field for i in caught.value.issues} == {
        "speed_factor_free.secondary", "speed_factor_free.tertiary", "vehicle_cap_kmh.coach",
    }  # fmt: skip


def test_a_link_to_nowhere_and_a_town_without_roads(town: Network) -> None:
    lost = town.with_tables(links=build_directed_links(make_links(["x a nowhere 0 trunk 1000 80 0 rural - -"])))
    with pytest.raises(NetworkError, match="x"):
        compile_streets(lost, CAR, FREE)
    with pytest.raises(NetworkError, match="no usable roads"):
        compile_streets(town.with_tables(links=town.links.iloc[:0]), CAR, FREE)


def test_arcs_hold_every_link_once_and_their_ticks(town: Network) -> None:
    streets = compile_streets(town, CAR, TYPICAL)
    arrays = streets.arrays
    on_road = arrays.link_idx >= 0
    assert sorted(arrays.link_idx[on_road].tolist()) == list(range(len(town.links)))
    assert (arrays.weight_ticks[on_road] == streets.link_ticks[arrays.link_idx[on_road]]).all()
    # i1, i2, i3 are split in two, b and c have a toll side beside the free one: 6 + 3 + 2 graph nodes.
    assert arrays.n_nodes == 11
    # Each split node of two sides has a gate in and one out.
    assert np.count_nonzero(~on_road) == 10


def test_the_order_of_rows_does_not_matter() -> None:
    names = ("a", "b", "c", "i1", "i2", "i3")
    plain = compile_streets(make_town(), CAR, TYPICAL)
    turned = compile_streets(make_town(links=LINKS[::-1]), CAR, TYPICAL)
    for start in names:
        for end in names:
            assert drive_s(plain, start, end) == drive_s(turned, start, end)


def test_numbers_of_nodes_are_those_of_their_most_ordinary_side() -> None:
    town = make_town()
    for table in (FREE, TYPICAL):
        streets = compile_streets(town, CAR, table)
        ids = town.nodes["node_id"].tolist()
        slow: dict[str, int] = {}
        for node, row in enumerate(streets.arrays.node_idx.tolist()):
            slow.setdefault(ids[row], node)
        assert dict(streets.graph_node) == slow
        assert streets.graph_node.get("no such node", -1) == -1
        assert len(streets.graph_node) == len(slow)
