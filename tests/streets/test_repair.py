"""Repair of kept times: by hand, then against a full search for random graphs and edits, then what must not cost."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.streets.street_graphs import Arc, build_streets, oracle_ticks, random_arcs
from transit_model.errors import InputError
from transit_model.streets import repair
from transit_model.streets.bucket_graph import BucketGraph, build_bucket_graph
from transit_model.streets.bucket_queue import UNREACHED, SeedArrays
from transit_model.streets.graph_edit import CLOSED, check_arcs, copy_graph, edit_graph, list_inward
from transit_model.streets.repair import BaseTimes

ALL = {"MOST": 100.0, "WASTE": 100.0, "WASTE_BY_LINKS": 100.0}
WAYS: dict[str, dict[str, float]] = {
    "links": ALL,  # where nothing becomes worse
    "repaired": {**ALL, "MAX_LINKS": -1},
    "links given up": {"MOST": 0.0, "WASTE": 0.0, "WASTE_BY_LINKS": -100.0},
    "searched": {"MOST": 0.0, "WASTE": 0.0, "MAX_LINKS": -1},
}
TOWN: list[Arc] = [(0, 1, 100), (1, 0, 100), (1, 2, 50), (2, 0, 300)]


def pack(n: int, arcs: list[Arc], n_spare: int = 64) -> BucketGraph:
    s = build_streets(n, arcs)
    return build_bucket_graph(s.indptr, s.head, s.weight_ticks, n_spare=n_spare)


def at(nodes: list[int]) -> SeedArrays:
    return SeedArrays(np.array(nodes, np.int32)[:, None], np.zeros((len(nodes), 1), np.int32))


def edited(arcs: list[Arc], edits: list[Arc]) -> list[Arc]:
    """Return the arcs after edits in order: what `edit_graph` promises, written plainly."""
    for tail, head, ticks in edits:
        same = [(a, b) == (tail, head) for a, b, _ in arcs]
        if any(same):
            arcs = [(a, b, ticks if hit else w) for hit, (a, b, w) in zip(same, arcs, strict=True)]
            arcs = [arc for arc in arcs if arc[2] != CLOSED]
        elif ticks != CLOSED:
            arcs = [*arcs, (tail, head, ticks)]
    return arcs


def columns(edits: list[Arc]) -> tuple[list[int], list[int], list[int]]:
    return [e[0] for e in edits], [e[1] for e in edits], [e[2] for e in edits]


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Repair tiny graphs too: a row may touch all of them."""
    for name, value in ALL.items():
        monkeypatch.setattr(repair, name, value)


@pytest.mark.usefixtures("always")
def test_a_new_link_by_hand_and_back() -> None:
    times = BaseTimes(pack(4, TOWN), at([0, 2]))
    before = times.rows()
    done = times.apply([2, 0], [1, 3], [20, 7])
    assert done is not None
    # 2 -> 1 in 20, so 2 -> 1 -> 0 in 120 instead of 300; node 3 in 7 from 0.
    assert times.rows().tolist() == [[0, 100, 150, 7], [120, 20, 0, 127]]
    assert (done.n_repaired, done.n_searched) == (2, 0)
    times.undo(done)
    np.testing.assert_array_equal(times.rows(), before)
    assert before.tolist() == [[0, 100, 150, UNREACHED], [300, 400, 0, UNREACHED]]


@pytest.mark.usefixtures("always")
def test_a_closure_by_hand() -> None:
    times = BaseTimes(pack(4, TOWN), at([0, 1]))
    assert times.apply([1], [2], [CLOSED]) is not None
    assert times.rows().tolist() == [[0, 100, UNREACHED, UNREACHED], [100, 0, UNREACHED, UNREACHED]]
    assert times.apply([1], [2], [60]) is not None
    assert times.rows().tolist() == [[0, 100, 160, UNREACHED], [100, 0, 60, UNREACHED]]


@pytest.mark.usefixtures("always")
def test_a_new_node_continues_the_numbers() -> None:
    times = BaseTimes(pack(4, TOWN), at([0]))
    assert times.apply([0, 4], [4, 2], [10, 11]) is not None
    assert times.rows().tolist() == [[0, 100, 21, UNREACHED, 10]]
    assert times.sum_within(np.ones((5, 1))).tolist() == [[4]]


@settings(max_examples=examples(150))
@given(random_arcs(), st.data())
def test_equals_a_full_search(graph: tuple[int, list[Arc]], data: st.DataObject) -> None:
    n, arcs = graph
    n_new = data.draw(st.integers(0, 2))
    node = st.integers(0, n + n_new - 1)
    ticks = st.one_of(st.just(CLOSED), st.integers(0, 60), st.sampled_from([500, 90_000]))
    kept = st.sampled_from(arcs).map(lambda arc: arc[:2]) if arcs else st.tuples(node, node)
    edit = st.tuples(st.one_of(kept, st.tuples(node, node)), ticks).map(lambda e: (*e[0], e[1]))
    edits: list[Arc] = data.draw(st.lists(edit, max_size=6))
    edits = [e for e in edits if e[0] != e[1]]
    edits += [(n + k, 0, 5) for k in range(n_new)]
    origins = data.draw(st.lists(st.integers(0, n - 1), min_size=1, max_size=4))
    cutoff = data.draw(st.sampled_from([UNREACHED - 1, 120, 0]))
    packed = pack(n, arcs)
    times = BaseTimes(packed, at(origins), cutoff, threads=1)
    before = times.rows()
    for allowed in WAYS.values():
        with pytest.MonkeyPatch.context() as patch:
            for name, value in allowed.items():
                patch.setattr(repair, name, value)
            done = times.apply(*columns(edits), threads=1)
        assert done is not None
        expected = oracle_ticks(n + n_new, edited(arcs, edits), origins)
        np.testing.assert_array_equal(times.rows(), np.where(expected <= cutoff, expected, UNREACHED))
        if allowed is WAYS["repaired"] or allowed is WAYS["links"]:
            assert done.n_searched == 0
        if allowed is WAYS["searched"]:
            assert done.n_searched == len(origins)
        times.undo(done)
        np.testing.assert_array_equal(times.rows(), before)
        np.testing.assert_array_equal(times.graph.record, packed.record)
        np.testing.assert_array_equal(times.graph.node_at, packed.node_at)


@settings(max_examples=examples(40))
@given(random_arcs(), st.data())
def test_changes_may_follow_each_other(graph: tuple[int, list[Arc]], data: st.DataObject) -> None:
    n, arcs = graph
    node = st.integers(0, n - 1)
    edit = st.tuples(node, node, st.one_of(st.just(CLOSED), st.integers(0, 80))).filter(lambda e: e[0] != e[1])
    steps = data.draw(st.lists(st.tuples(st.lists(edit, max_size=3), st.booleans()), max_size=4)) if n > 1 else []
    times = BaseTimes(pack(n, arcs), at(list(range(n))), threads=1)
    first, undo = times.rows(), []
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ALL.items():
            patch.setattr(repair, name, value)
        for edits, by_links in steps:
            patch.setattr(repair, "MAX_LINKS", 16 if by_links else -1)
            undo.append(times.apply(*columns(edits)))
            arcs = edited(arcs, edits)
            np.testing.assert_array_equal(times.rows(), oracle_ticks(n, arcs, range(n)))
    for done in reversed(undo):
        assert done is not None
        times.undo(done)
    np.testing.assert_array_equal(times.rows(), first)


def test_an_added_arc_counts_in_later_changes() -> None:
    # 0 -> 1 of 0 ticks is added, then made 1: node 1 is one tick away, not lost. Then 2 -> 1 is added and closed.
    times = BaseTimes(pack(3, []), at([0]), threads=1)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ALL.items():
            patch.setattr(repair, name, value)
        for edit, expected in (
            ((0, 1, 0), [0, 0, UNREACHED]),
            ((0, 1, 1), [0, 1, UNREACHED]),
            ((0, 2, 0), [0, 1, 0]),
            ((2, 1, 0), [0, 0, 0]),
            ((2, 1, CLOSED), [0, 1, 0]),
        ):
            times.apply(*([x] for x in edit))
            assert times.rows().tolist() == [expected]


def ring(n: int) -> list[Arc]:
    return [(v, (v + s) % n, 10) for v in range(n) for s in (1, -1)]


@settings(max_examples=examples(60))
@given(st.integers(0, 10**6), st.integers(1, 30), st.integers(1, 24), st.booleans())
def test_never_costs_much_more_than_a_full_run(seed: int, n_origins: int, n_edits: int, worse: bool) -> None:
    # Counted, not timed: searches of a place, with what a place of a tree, a walk and a repair takes of one.
    n, rng = 400, np.random.default_rng(seed)
    times = BaseTimes(pack(n, ring(n)), at(rng.integers(0, n, n_origins).tolist()), threads=1)
    ticks = rng.integers(1, 600, n_edits)
    edits = [(int(a), int(b), int(t)) for (a, b), t in zip(rng.integers(0, n, (n_edits, 2)), ticks, strict=True)]
    if worse:
        edits.append((7, 8, 11))
    done = times.apply(*columns([e for e in edits if e[0] != e[1]]), threads=1)
    assert done is not None
    full = times.label.size
    assert done.cost <= 1.1 * full + 20 * n_origins  # the last pushes of an attempt
    assert done.n_searched * times.label.shape[1] <= done.cost


def test_a_link_that_helps_everybody_is_not_given_up() -> None:
    n = 3000
    times = BaseTimes(pack(n, ring(n)), at(list(range(0, n, 30))), threads=1)
    done = times.apply([0, n // 2], [n // 2, 0], [1, 1], threads=1)
    assert done is not None
    assert done.n_searched == 0
    assert done.cost < 0.3 * times.label.size
    expected = oracle_ticks(n, edited(ring(n), [(0, n // 2, 1), (n // 2, 0, 1)]), range(0, n, 30))
    np.testing.assert_array_equal(times.rows(), expected)


def test_a_broad_change_is_searched_anew_after_few_attempts() -> None:
    n = 3000
    times = BaseTimes(pack(n, ring(n)), at(list(range(0, n, 30))), threads=1)
    local = times.apply([5, 5, 8], [7, 3000, 3000], [20, 1, 1], threads=1)
    assert local is not None
    assert local.n_searched == 0  # a way as long as the one there is, and a new dead end
    times.undo(local)
    broad = times.apply(*columns([(v, (v + 1) % n, 12) for v in range(n)]), threads=1)
    assert broad is not None
    assert broad.n_repaired == 0
    np.testing.assert_array_equal(
        times.rows(), oracle_ticks(n, edited(ring(n), [(v, (v + 1) % n, 12) for v in range(n)]), range(0, n, 30))
    )


def test_threads_change_nothing() -> None:
    n = 500
    one, two = (BaseTimes(pack(n, ring(n)), at(list(range(0, n, 7))), threads=t) for t in (1, 2))
    for times, threads in ((one, 1), (two, 2)):
        assert times.apply([3, 10], [200, 11], [4, CLOSED], threads=threads) is not None
    assert one.rows().tobytes() == two.rows().tobytes()


def test_too_many_new_arcs_for_the_spare_places() -> None:
    # Each of the four corners has three arcs, so a fourth takes a spare place, and a new node another.
    full: list[Arc] = [(v, w, 10) for v in range(4) for w in range(4) if v != w]
    times = BaseTimes(pack(5, full, n_spare=1), at([0]))
    assert times.apply([0, 1], [4, 4], [5, 5]) is None
    assert times.apply([0], [5], [5]) is None
    assert times.apply([0], [4], [5]) is not None
    assert times.rows()[0].tolist() == [0, 10, 10, 10, 5]


def test_wrong_edits_are_refused() -> None:
    graph = pack(4, TOWN)
    with pytest.raises(InputError, match="the next new one"):
        check_arcs(graph, [0], [5], [10])
    with pytest.raises(InputError, match="street weights"):
        check_arcs(graph, [0], [1], [-2])
    same = edit_graph(copy_graph(graph), list_inward(graph), check_arcs(graph, [], [], []))
    assert same is not None
    np.testing.assert_array_equal(same.graph.record, graph.record)
