"""Customisable hierarchies: one frame, many times; against scipy on random graphs, ties and zeros included."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.streets.street_graphs import Arc, build_streets, oracle_ticks, random_arcs
from transit_model.errors import InputError
from transit_model.network.arrays import I32
from transit_model.streets.customise import Frame, build_frame, customise
from transit_model.streets.separator_order import order_by_separators
from transit_model.streets.sweep import sweep_sums, sweep_ticks


def frame_of(n: int, arcs: list[Arc], threads: int = 1) -> Frame:
    streets = build_streets(n, arcs)
    return build_frame(streets.indptr, streets.head, streets.lon, streets.lat, threads=threads)


def in_order(n: int, arcs: list[Arc]) -> I32:
    return build_streets(n, arcs).weight_ticks


def grid(side: int, least: int = 1) -> tuple[int, list[Arc]]:
    rng = np.random.default_rng(3)
    arcs: list[Arc] = []
    for v in range(side * side):
        for to in ([v + 1] if (v + 1) % side else []) + ([v + side] if v + side < side * side else []):
            arcs += [(v, to, int(rng.integers(least, 400))), (to, v, int(rng.integers(least, 400)))]
    return side * side, arcs


def test_by_hand_and_again_after_a_speed_change() -> None:
    # 0 <-> 1 in 10 s, 1 -> 2 in 5 s one way, 2 -> 0 in 30 s
    arcs: list[Arc] = [(0, 1, 100), (1, 0, 100), (1, 2, 50), (2, 0, 300)]
    frame = frame_of(3, arcs)
    assert sweep_ticks(customise(frame, in_order(3, arcs)), [0, 1]).tolist() == [[0, 100, 150], [100, 0, 50]]
    # everything takes twice as long, and then the arc back from 1 to 0 is closed: round by 2, 5 + 30 s
    twice = in_order(3, arcs) * 2
    assert sweep_ticks(customise(frame, twice), [1]).tolist() == [[200, 0, 100]]
    closed = in_order(3, [(0, 1, 100), (1, 0, 2**30 - 1), (1, 2, 50), (2, 0, 300)])
    assert sweep_ticks(customise(frame, closed), [1]).tolist() == [[350, 0, 50]]


@settings(deadline=None)  # the first example compiles
@given(random_arcs(), st.data())
def test_equals_scipy_for_any_times_on_one_frame(graph: tuple[int, list[Arc]], data: st.DataObject) -> None:
    n, arcs = graph
    frame = frame_of(n, arcs)
    others = st.lists(st.sampled_from([0, 0, 1, 2, 7, 90_000]), min_size=len(arcs), max_size=len(arcs))
    changed = [(tail, head, ticks) for (tail, head, _), ticks in zip(arcs, data.draw(others), strict=True)]
    for these in (arcs, changed):
        town = customise(frame, in_order(n, these))
        np.testing.assert_array_equal(sweep_ticks(town, range(n)), oracle_ticks(n, these, range(n)))
        backwards = oracle_ticks(n, [(head, tail, ticks) for tail, head, ticks in these], range(n))
        np.testing.assert_array_equal(sweep_ticks(town.reversed(), range(n)), backwards)


@pytest.mark.parametrize("least", [0, 1, 399])  # 399: all arcs take as long, so every way has its equals
def test_a_grid_with_separators(least: int) -> None:
    n, arcs = grid(30, least)
    frame, twin = (frame_of(n, arcs, threads) for threads in (1, 2))
    assert frame.node.tobytes() == twin.node.tobytes()
    town, origins = customise(frame, in_order(n, arcs)), np.arange(0, n, 11)
    expected = oracle_ticks(n, arcs, origins)
    np.testing.assert_array_equal(sweep_ticks(town, origins), expected)
    counts = sweep_sums(town, origins, np.ones(n), 900)[:, 0]
    np.testing.assert_array_equal(counts, (expected <= 900).sum(axis=1))


def test_separators_come_last_and_part_the_network() -> None:
    # two cliques of 30 in two places with one bridge: the first node from the end is one end of the bridge
    arcs = [(a + k, b + k, 1) for k in (0, 30) for a in range(30) for b in range(30) if a != b]
    arcs += [(29, 30, 1), (30, 29, 1)]
    streets = build_streets(60, arcs)
    node = np.array([head for _, head, _ in sorted(arcs)], np.int32)
    ptr = np.searchsorted(sorted(tail for tail, _, _ in arcs), np.arange(61)).astype(np.int32)
    lon = np.concatenate([np.full(30, 110.0), np.full(30, 111.0)]) + streets.lon / 1e5
    order = order_by_separators(ptr, node, lon, streets.lat)
    assert sorted(order.tolist()) == list(range(60))
    assert order[-1] in (29, 30)


def test_dense_and_empty_networks() -> None:
    complete = [(a, b, abs(a - b)) for a in range(40) for b in range(40)]
    town = customise(frame_of(40, complete), in_order(40, complete))
    np.testing.assert_array_equal(sweep_ticks(town, range(40)), oracle_ticks(40, complete, range(40)))
    assert sweep_ticks(customise(frame_of(0, []), in_order(0, [])), np.zeros(0, np.int32)).shape == (0, 0)
    islands = customise(frame_of(100, []), in_order(100, []))
    assert (sweep_sums(islands, range(100), np.ones(100), 10) == 1).all()


def test_wrong_times_and_arcs_are_refused() -> None:
    frame = frame_of(2, [(0, 1, 5)])
    with pytest.raises(InputError, match="2 times for 1 arcs"):
        customise(frame, np.array([1, 2], np.int32))
    with pytest.raises(InputError, match="negative"):
        customise(frame, np.array([-1], np.int32))
    with pytest.raises(InputError, match="no node"):
        frame_of(2, [(0, 2, 1)])
