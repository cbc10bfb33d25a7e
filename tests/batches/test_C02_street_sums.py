"""Sums on street networks of any size: equal to scipy, whichever graph is shipped, before and after shipping."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.streets.street_graphs import Arc, build_streets, oracle_ticks, random_arcs
from transit_model.batches import hierarchy_cache, street_sums
from transit_model.batches.parcel import pack, unpack
from transit_model.batches.part import measure_part
from transit_model.batches.street_sums import build_street_sums
from transit_model.batches.task import Task, list_tasks
from transit_model.errors import InputError
from transit_model.store.cache import Cache


@pytest.mark.parametrize("method", ["buckets", "hierarchy"])
@settings(max_examples=examples(60), deadline=None)
@given(drawn=random_arcs(), cutoff=st.integers(0, 8000), scale=st.integers(1, 3))
def test_sums_are_those_of_scipy(method: str, drawn: tuple[int, list[Arc]], cutoff: int, scale: int) -> None:
    n, arcs = drawn
    streets = build_streets(n, arcs)
    people = np.arange(n, dtype=np.float64) * scale
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(street_sums, "choose_sum_method", lambda *_: method)
        work = build_street_sums([streets], np.arange(n), [{"people": people, "nodes": np.ones(n)}], cutoff)
    work.prepare()
    reached = oracle_ticks(n, arcs, np.arange(n)) <= cutoff
    for task in list_tasks([""], n, 5):
        table = work.measure(task).to_pydict()
        assert table["node"] == list(range(task.start, task.stop))
        assert table["people"] == (reached[task.start : task.stop] @ people).tolist()
        assert table["nodes"] == reached[task.start : task.stop].sum(axis=1).tolist()


def test_a_line_by_hand_in_two_layers(tmp_path: Path) -> None:
    # Nodes 0 - 1 - 2 - 3, one minute (600 ticks) each way on every link; the second layer takes 20 s (200 ticks).
    # Within 1 minute of node 1: 0, 1, 2 = 10 + 20 + 30 people, and in the quicker one all four = 100 people.
    arcs = [(a, b, 600) for a, b in [(0, 1), (1, 0), (1, 2), (2, 1), (2, 3), (3, 2)]]
    slow, quick = build_streets(4, arcs), build_streets(4, [(a, b, 200) for a, b, _ in arcs])
    people = {"people": np.array([10.0, 20, 30, 40])}
    work = build_street_sums([slow, quick], [1], [people, people], 600)
    tasks = list(list_tasks(["scenario=slow", "scenario=quick"], 1, 1))
    assert [work.measure(t)["people"].to_pylist() for t in tasks] == [[60.0], [100.0]]
    pack(work, tmp_path / "parcel")
    shipped = unpack(tmp_path / "parcel")
    shipped.prepare()
    assert [measure_part(shipped, t) for t in tasks] == [measure_part(work, t) for t in tasks]


def test_a_hierarchy_is_kept_from_run_to_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(street_sums, "choose_sum_method", lambda *_: "hierarchy")
    streets, ones = build_streets(3, [(0, 1, 5), (1, 2, 5)]), {"n": np.ones(3)}
    cache = Cache(tmp_path)
    first = build_street_sums([streets], [0], [ones], 5, cache=cache)
    monkeypatch.setattr(hierarchy_cache, "build_hierarchy", None)  # the second run contracts nothing
    again = build_street_sums([streets], [0], [ones], 5, cache=cache)
    (task,) = list_tasks([""], 1, 1)
    assert first.measure(task)["n"].to_pylist() == again.measure(task)["n"].to_pylist() == [2.0]


def test_wrong_inputs_are_told() -> None:
    streets = build_streets(2, [(0, 1, 5)])
    ones = {"n": np.ones(2)}
    for networks, origins, weights in (
        ([], [0], []),
        ([streets], [0], [ones, ones]),
        ([streets, streets], [0], [ones, {"other": np.ones(2)}]),
        ([streets], [0], [{"n": np.ones(3)}]),
        ([streets], [0], [{"n": np.array([0.5, 1])}]),
        ([streets], [2], [ones]),
        ([streets], [-1], [ones]),
    ):
        with pytest.raises(InputError):
            build_street_sums(networks, origins, weights, 10)
    assert build_street_sums([streets], [], [ones], 10).measure(Task("t", 0, 0, 0)).num_rows == 0
