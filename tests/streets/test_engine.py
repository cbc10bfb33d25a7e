"""One interface: all engines give the same numbers, the choice goes by size, what was made is kept and forgotten."""

from __future__ import annotations

import gc
import logging
import subprocess
import sys
import weakref

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import REPO
from tests.examples import examples
from tests.streets.street_graphs import Arc, build_streets, oracle_ticks, random_arcs
from tests.streets.sum_engine import SumEngine, build_sum_engine
from transit_model.errors import InputError
from transit_model.streets.street_search import (
    UNREACHED,
    Method,
    Seeds,
    choose_method,
    choose_sum_method,
    find_engine,
    node_seeds,
    turn_arcs,
)

TOWN: list[Arc] = [(0, 1, 100), (1, 0, 100), (1, 2, 50), (2, 0, 300)]
ROWS: tuple[Method, ...] = ("scipy", "buckets")
SUMS: tuple[Method, ...] = ("scipy", "buckets", "hierarchy")


@pytest.mark.parametrize("method", ROWS)
def test_times_by_hand(method: Method) -> None:
    engine = find_engine(build_streets(4, TOWN))
    # 0 -> 1 -> 2: 100 + 50; 3 is an island.
    assert engine.travel_ticks(node_seeds([0]), method=method).tolist() == [[0, 100, 150, UNREACHED]]
    assert engine.travel_ticks(node_seeds([0]), 100, targets=[2, 1, 1], method=method).tolist() == [
        [UNREACHED, 100, 100]
    ]


@pytest.mark.parametrize("method", SUMS)
def test_sums_by_hand(method: Method) -> None:
    engine = build_sum_engine(build_streets(4, TOWN))
    # Within 100 ticks node 0 reaches itself and 1: 1 + 2 people; node 1 reaches 0, 1, 2: 1 + 2 + 4.
    assert engine.sum_within(node_seeds([0, 1]), [1, 2, 4, 8], 100, method=method).tolist() == [[3], [7]]


@settings(max_examples=examples(60))
@given(random_arcs(), st.integers(0, 300), st.data())
def test_all_engines_agree_with_the_oracle(graph: tuple[int, list[Arc]], cutoff: int, data: st.DataObject) -> None:
    n, arcs = graph
    engine = build_sum_engine(build_streets(n, arcs))
    origins = data.draw(st.lists(st.integers(0, n - 1), min_size=1, max_size=5))
    targets = data.draw(st.lists(st.integers(0, n - 1), max_size=5))
    expected = oracle_ticks(n, arcs, origins)
    near = np.where(expected <= cutoff, expected, UNREACHED)
    for method in ROWS:
        np.testing.assert_array_equal(engine.travel_ticks(node_seeds(origins), method=method), expected)
        rows = engine.travel_ticks(node_seeds(origins), cutoff, targets=targets, method=method)
        np.testing.assert_array_equal(rows, near[:, targets])
    weights = np.stack([np.arange(n), np.ones(n)], axis=1)
    for method in SUMS:
        sums = engine.sum_within(node_seeds(origins), weights, cutoff, method=method)
        np.testing.assert_array_equal(sums, (near <= cutoff) @ weights)


@given(random_arcs(), st.data())
def test_several_seeds_a_row_agree(graph: tuple[int, list[Arc]], data: st.DataObject) -> None:
    n, arcs = graph
    engine = find_engine(build_streets(n, arcs))
    node = st.lists(st.integers(-1, n - 1), min_size=3, max_size=3)
    late = st.lists(st.integers(0, 200), min_size=3, max_size=3)
    seeds = Seeds(*(np.array(data.draw(st.lists(x, min_size=2, max_size=2)), np.int32) for x in (node, late)))
    by_scipy, by_buckets = (engine.travel_ticks(seeds, method=method) for method in ROWS)
    np.testing.assert_array_equal(by_scipy, by_buckets)


@given(random_arcs())
def test_the_turned_graph_gives_times_to_a_node(graph: tuple[int, list[Arc]]) -> None:
    n, arcs = graph
    streets = build_streets(n, arcs)
    towards = find_engine(streets, reverse=True).travel_ticks(node_seeds(range(n)))
    np.testing.assert_array_equal(towards, oracle_ticks(n, arcs, range(n)).T)
    once = turn_arcs(streets.indptr, streets.head, streets.weight_ticks)
    assert sorted(zip(*_list_arcs(*once), strict=True)) == sorted((b, a, w) for a, b, w in arcs)


def _list_arcs(indptr: np.ndarray, head: np.ndarray, ticks: np.ndarray) -> tuple[list[int], list[int], list[int]]:
    tail = np.repeat(np.arange(len(indptr) - 1), np.diff(indptr))
    return tail.tolist(), head.tolist(), ticks.tolist()


def test_the_choice_goes_by_size() -> None:
    # A corridor network of some hundred nodes and a planner's question on a town: nothing is loaded for them.
    assert choose_method(500, 40, loaded=False) == "scipy"
    assert choose_method(230_000, 5, loaded=False) == "scipy"
    assert choose_method(230_000, 100, loaded=False) == "buckets"
    assert choose_method(230_000, 20, loaded=True) == "buckets"
    assert choose_sum_method(230_000, 200, 190_000) == "buckets"
    assert choose_sum_method(230_000, 20_000, 190_000) == "hierarchy"
    assert choose_sum_method(230_000, 2_000, 5_000) == "buckets"
    assert choose_sum_method(230_000, 230_000, 5_000) == "hierarchy"


def test_break_even_by_hand() -> None:
    # 100,000 nodes, k origins: scipy 0.025 k s; buckets 0.6 s to load, 0.07 s to pack, then 0.0025 k s.
    # 0.0225 k = 0.67 at k = 29.8; with the code loaded 0.0225 k = 0.07 at k = 3.1.
    assert [choose_method(100_000, k, loaded=False) for k in (29, 30)] == ["scipy", "buckets"]
    assert [choose_method(100_000, k, loaded=True) for k in (3, 4)] == ["scipy", "buckets"]
    assert choose_method(100_000, 1, loaded=True, packed=True) == "buckets"
    # 50,000 of them in reach: buckets 1.25 ms an origin, sweeps 0.075 ms after 2.2 s: 2.2 / 0.001175 = 1872.3.
    assert [choose_sum_method(100_000, k, 50_000) for k in (1872, 1873)] == ["buckets", "hierarchy"]


def grid_engine(side: int) -> SumEngine:
    arcs: list[Arc] = []
    for v in range(side * side):
        for to in ([v + 1] if (v + 1) % side else []) + ([v + side] if v + side < side * side else []):
            arcs += [(v, to, 10 + v % 7), (to, v, 10 + v % 5)]
    return build_sum_engine(build_streets(side * side, arcs))


def test_far_reaching_sums_from_many_go_to_the_hierarchy(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "transit_model.engine")
    engine = grid_engine(12)
    many = node_seeds(np.tile(np.arange(144), 60))
    far = engine.sum_within(many, np.ones(144), 100_000)
    assert far.min() == 144
    assert [r.getMessage() for r in caplog.records if "hierarchy" in r.getMessage()]
    caplog.clear()
    near = engine.sum_within(many, np.ones(144), 0)
    assert near.max() == 1
    assert not [r for r in caplog.records if "hierarchy" in r.getMessage()]


def test_an_engine_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "transit_model.engine")
    engine = find_engine(build_streets(4, TOWN))
    for _ in range(3):
        engine.travel_ticks(node_seeds([0]), method="scipy")
    assert [r.getMessage() for r in caplog.records] == ["streets of 4 nodes, times from 1 origins: engine scipy"]


def test_engines_live_as_long_as_their_streets() -> None:
    streets = build_streets(4, TOWN)
    engine = find_engine(streets)
    assert find_engine(streets) is engine
    assert find_engine(streets, reverse=True) is find_engine(streets, reverse=True) is not engine
    gone = weakref.ref(engine)
    del engine, streets
    gc.collect()
    assert gone() is None


def test_wrong_questions_are_refused() -> None:
    engine = build_sum_engine(build_streets(4, TOWN))
    with pytest.raises(InputError, match="cutoff"):
        engine.travel_ticks(node_seeds([0]), -1)
    with pytest.raises(InputError, match="3 rows of weights for 4 street nodes"):
        engine.sum_within(node_seeds([0]), [1, 2, 3], 10)
    with pytest.raises(InputError, match="not from hierarchy"):
        engine.travel_ticks(node_seeds([0]), method="hierarchy")


def test_nobody_asks() -> None:
    engine = build_sum_engine(build_streets(4, TOWN))
    assert engine.travel_ticks(node_seeds([])).shape == (0, 4)
    assert engine.travel_ticks(node_seeds([]), targets=[1]).shape == (0, 1)
    assert engine.sum_within(node_seeds([]), np.ones((4, 2)), 5).shape == (0, 2)


def test_few_origins_load_no_compiler() -> None:
    code = (
        "import sys, numpy as np; from tests.streets.street_graphs import build_streets;"
        "from transit_model.streets.places_search import compute_street_times;"
        "from transit_model.streets.connectors import build_node_connectors;"
        "import transit_model.measure.od;"  # all that a question by road loads
        "print(compute_street_times(build_streets(2, [(0, 1, 30)]), build_node_connectors([0])).tolist(),"
        " 'numba' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=REPO, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[[0.0, 3.0]] False"
