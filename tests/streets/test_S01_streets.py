"""Street search: hand sums first, then networkx on random graphs, then things that may not matter."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from transit_model.errors import InputError
from transit_model.network.arrays import StreetArrays
from transit_model.streets.connectors import Connectors, build_link_connectors, build_node_connectors
from transit_model.streets.places_search import compute_street_od, compute_street_times, find_street_path

Arc = tuple[int, int, int]
"""tail, head, ticks; the row of the links table is the place in the list."""


def streets(n: int, arcs: Sequence[Arc]) -> StreetArrays:
    order = sorted(range(len(arcs)), key=lambda i: arcs[i][0])
    column = [np.array([arcs[i][c] for i in order], np.int32) for c in range(3)]
    indptr = np.searchsorted(column[0], np.arange(n + 1)).astype(np.int32)
    place = np.zeros(n)
    node = np.arange(n, dtype=np.int32)
    return StreetArrays(
        indptr, column[1], column[2], np.array(order, np.int32), node, place, place, np.ones(n, np.bool_)
    )


# 0 <-> 1 in 10 s (links 0, 1), 1 -> 2 in 5 s one way (link 2), 2 -> 0 in 30 s (link 3)
TRIANGLE = streets(3, [(0, 1, 100), (1, 0, 100), (1, 2, 50), (2, 0, 300)])


@pytest.mark.smoke
def test_node_to_node_by_hand() -> None:
    times = compute_street_times(TRIANGLE, build_node_connectors([0, 1]))
    # 0 -> 2: 10 + 5 = 15 s; 1 -> 0: 10 s, not round by 2 (5 + 30)
    np.testing.assert_array_equal(times, [[0, 10, 15], [10, 0, 5]])


def test_reverse_search_gives_times_towards_the_point() -> None:
    # to node 2: from 0 10 + 5, from 1 5
    np.testing.assert_array_equal(
        compute_street_times(TRIANGLE, build_node_connectors([2]), reverse=True), [[15, 5, 0]]
    )


def test_point_on_a_two_way_link_leaves_both_ways() -> None:
    point = build_link_connectors(TRIANGLE, [0], [1], [0.3])
    # 3 s back to node 0, 7 s on to node 1, then 5 s to node 2
    np.testing.assert_array_equal(compute_street_times(TRIANGLE, point), [[3, 7, 12]])


def test_point_on_a_one_way_link_is_left_forwards_only() -> None:
    point = build_link_connectors(TRIANGLE, [2], [-1], [0.4])
    # 3 s on to node 2, 30 s to node 0, 10 s to node 1
    np.testing.assert_array_equal(compute_street_times(TRIANGLE, point), [[33, 43, 3]])
    # reached from node 1 after 2 s, from node 0 after 12 s
    np.testing.assert_array_equal(compute_street_times(TRIANGLE, point, reverse=True), [[12, 2, 42]])


@pytest.mark.smoke
def test_two_points_on_one_link_meet_directly_but_never_against_one_way() -> None:
    early, late = build_link_connectors(TRIANGLE, [2], [-1], [0.2]), build_link_connectors(TRIANGLE, [2], [-1], [0.8])
    assert compute_street_od(TRIANGLE, early, late)[0, 0] == 3.0
    # 1 s to node 2, 30 s, 10 s, 1 s from node 1
    assert compute_street_od(TRIANGLE, late, early)[0, 0] == 42.0


def test_two_points_on_a_two_way_link_meet_in_both_directions() -> None:
    a, b = build_link_connectors(TRIANGLE, [0], [1], [0.2]), build_link_connectors(TRIANGLE, [1], [0], [0.2])
    # b lies at 0.8 of link 0, 6 s on
    assert compute_street_od(TRIANGLE, a, b)[0, 0] == 6.0
    assert compute_street_od(TRIANGLE, b, a)[0, 0] == 6.0


def test_off_network_time_counts_at_both_ends() -> None:
    a, b = build_node_connectors([0], 20), build_node_connectors([2], [30])
    assert compute_street_od(TRIANGLE, a, b)[0, 0] == 2 + 15 + 3


def test_parallel_arcs_keep_the_cheapest() -> None:
    twin = streets(2, [(0, 1, 90), (0, 1, 40), (0, 1, 70), (1, 1, 5)])
    assert compute_street_times(twin, build_node_connectors([0])).tolist() == [[0.0, 4.0]]
    path = find_street_path(twin, build_node_connectors([0]), build_node_connectors([1]))
    assert path is not None
    assert path.link_idx.tolist() == [1]


def test_limit_cuts_and_unreachable_is_inf() -> None:
    assert compute_street_times(TRIANGLE, build_node_connectors([0]), limit_s=10).tolist() == [[0, 10, np.inf]]
    island = streets(2, [])
    assert compute_street_times(island, build_node_connectors([0])).tolist() == [[0, np.inf]]
    assert find_street_path(island, build_node_connectors([0]), build_node_connectors([1])) is None


def test_no_points_and_no_nodes() -> None:
    nobody = build_node_connectors(np.zeros(0, np.int32))
    assert compute_street_times(TRIANGLE, nobody).shape == (0, 3)
    assert compute_street_od(TRIANGLE, nobody, nobody).shape == (0, 0)


def test_wrong_links_and_fractions_are_input_errors() -> None:
    with pytest.raises(InputError, match=r"\[9\]"):
        build_link_connectors(TRIANGLE, [9], [-1], [0.5])
    with pytest.raises(InputError, match="fraction"):
        build_link_connectors(TRIANGLE, [0], [1], [1.5])


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, list[Arc]]:
    n = draw(st.integers(1, 8))
    node = st.integers(0, n - 1)
    return n, draw(st.lists(st.tuples(node, node, st.integers(1, 60)), max_size=24))


def draw_point(data: st.DataObject, n: int, arcs: list[Arc], graph: StreetArrays) -> Connectors:
    if not arcs or data.draw(st.booleans()):
        return build_node_connectors([data.draw(st.integers(0, n - 1))])
    row = data.draw(st.integers(0, len(arcs) - 1))
    share = data.draw(st.sampled_from([0.0, 0.25, 0.5, 1.0]))
    return build_link_connectors(graph, [row], [-1], [share])


@settings(max_examples=examples(150), deadline=None)
@given(graphs(), st.data())
def test_times_and_paths_equal_networkx(drawn: tuple[int, list[Arc]], data: st.DataObject) -> None:
    n, arcs = drawn
    graph = streets(n, arcs)
    a = draw_point(data, n, arcs, graph)
    b = draw_point(data, n, arcs, graph)
    slow: nx.MultiDiGraph[int | str] = nx.MultiDiGraph()
    slow.add_nodes_from([*range(n), "a", "b"])
    slow.add_weighted_edges_from(arcs)
    for node, ticks in zip(a.leave_node[0].tolist(), a.leave_ticks[0].tolist(), strict=True):
        if node >= 0:
            slow.add_edge("a", node, weight=ticks)
    for node, ticks in zip(b.reach_node[0].tolist(), b.reach_ticks[0].tolist(), strict=True):
        if node >= 0:
            slow.add_edge(node, "b", weight=ticks)
    if a.link_idx[0, 0] >= 0 and a.link_idx[0, 0] == b.link_idx[0, 0] and a.pos_ticks[0, 0] <= b.pos_ticks[0, 0]:
        slow.add_edge("a", "b", weight=int(b.pos_ticks[0, 0] - a.pos_ticks[0, 0]))
    lengths = nx.single_source_dijkstra_path_length(slow, "a")
    expected = np.array([lengths.get(v, np.inf) for v in [*range(n), "b"]]) / 10
    np.testing.assert_array_equal(compute_street_times(graph, a)[0], expected[:n])
    assert compute_street_od(graph, a, b)[0, 0] == expected[n]
    path = find_street_path(graph, a, b)
    assert (path is None) == np.isinf(expected[n])
    if path is not None:
        assert path.total_s == expected[n]
        for u, v in pairwise(path.node_idx.tolist()):
            assert slow.has_edge(u, v)


@settings(max_examples=examples(100), deadline=None)
@given(graphs(), st.data())
def test_reverse_equals_forward_on_the_transposed_graph(drawn: tuple[int, list[Arc]], data: st.DataObject) -> None:
    n, arcs = drawn
    node = data.draw(st.integers(0, n - 1))
    turned = streets(n, [(v, u, w) for u, v, w in arcs])
    np.testing.assert_array_equal(
        compute_street_times(streets(n, arcs), build_node_connectors([node]), reverse=True),
        compute_street_times(turned, build_node_connectors([node])),
    )


@settings(max_examples=examples(100), deadline=None)
@given(graphs(), st.data())
def test_splitting_a_link_and_adding_a_link(drawn: tuple[int, list[Arc]], data: st.DataObject) -> None:
    n, arcs = drawn
    before = compute_street_times(streets(n, arcs), build_node_connectors(range(n)))
    if arcs:
        row = data.draw(st.integers(0, len(arcs) - 1))
        u, v, ticks = arcs[row]
        if ticks > 1:
            half = ticks // 2
            split = [*arcs[:row], (u, n, half), *arcs[row + 1 :], (n, v, ticks - half)]
            after = compute_street_times(streets(n + 1, split), build_node_connectors(range(n)))
            np.testing.assert_array_equal(before, after[:, :n])
    node = st.integers(0, n - 1)
    more = [*arcs, data.draw(st.tuples(node, node, st.integers(1, 60)))]
    assert (compute_street_times(streets(n, more), build_node_connectors(range(n))) <= before).all()


@settings(max_examples=examples(50), deadline=None)
@given(graphs(), st.randoms(use_true_random=False))
def test_renumbering_nodes_changes_no_time(drawn: tuple[int, list[Arc]], random: st.DataObject) -> None:
    n, arcs = drawn
    new = list(range(n))
    random.shuffle(new)  # type: ignore[attr-defined]
    moved = streets(n, [(new[u], new[v], w) for u, v, w in reversed(arcs)])
    before = compute_street_times(streets(n, arcs), build_node_connectors(range(n)))
    after = compute_street_times(moved, build_node_connectors(new))
    np.testing.assert_array_equal(before, after[:, new])


@settings(max_examples=examples(60), deadline=None)
@given(graphs(), st.data())
def test_the_shorter_side_is_searched_from_and_nothing_hangs_on_which(
    drawn: tuple[int, list[Arc]], data: st.DataObject
) -> None:
    # Three origins and two destinations are searched against the arcs; each origin alone is searched along them.
    n, arcs = drawn
    made = streets(n, arcs)
    points = [draw_point(data, n, arcs, made) for _ in range(5)]
    many, few = points[0].join(points[1]).join(points[2]), points[3].join(points[4])
    limit_s = data.draw(st.sampled_from([np.inf, 4.0, 9.3]))
    alone = [compute_street_od(made, many.take([i]), few, limit_s=limit_s)[0] for i in range(3)]
    np.testing.assert_array_equal(compute_street_od(made, many, few, limit_s=limit_s), np.stack(alone))


@settings(max_examples=examples(100), deadline=None)
@given(graphs(), st.data())
def test_at_the_end_of_a_road_one_is_at_its_junction(drawn: tuple[int, list[Arc]], data: st.DataObject) -> None:
    # Whichever of the roads that meet there was found nearest, one way or not, the times are those of the junction.
    n, arcs = drawn
    made, every = streets(n, arcs), build_node_connectors(range(n))
    for row, (tail, head, _) in enumerate(arcs):
        backs = [-1, *(i for i, (t, h, _) in enumerate(arcs) if (t, h) == (head, tail) and i != row)]
        back = data.draw(st.sampled_from(backs))
        for share, node in ((0.0, tail), (1.0, head)):
            point, junction = build_link_connectors(made, [row], [back], [share]), build_node_connectors([node])
            np.testing.assert_array_equal(
                compute_street_od(made, point, every), compute_street_od(made, junction, every)
            )
            np.testing.assert_array_equal(
                compute_street_od(made, every, point), compute_street_od(made, every, junction)
            )


def test_at_the_start_of_a_one_way_road_one_need_not_drive_it() -> None:
    # Link 2 leads from 1 to 2 only. From its start to node 0: 10 s back along link 1, not 5 + 30 s round by 2;
    # to its end from node 1 to 2: 5 s, and on to its start (node 1 again) from node 0: 10 s.
    start = build_link_connectors(TRIANGLE, [2], [-1], [0.0], off_ticks=[20])
    end = build_link_connectors(TRIANGLE, [2], [-1], [1.0])
    nodes = build_node_connectors([0, 1, 2])
    assert compute_street_od(TRIANGLE, start, nodes).tolist() == [[12.0, 2.0, 7.0]]
    assert compute_street_od(TRIANGLE, nodes, end).T.tolist() == [[15.0, 5.0, 0.0]]
    assert compute_street_od(TRIANGLE, end, nodes).tolist() == [[30.0, 40.0, 0.0]]
