"""Trains beside other roads keep their tables: one object where all cells are the same, another where one differs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.study.mini_workspace import open_mini_workspace
from transit_model.analysis.evaluate import Evaluator
from transit_model.analysis.shared_tables import are_same, share_tables
from transit_model.measure.memo import Memo


@pytest.fixture(scope="module")
def evaluator(tmp_path_factory: pytest.TempPathFactory) -> Evaluator:
    folder: Path = tmp_path_factory.mktemp("mini")
    return Evaluator(open_mini_workspace(folder), "built")


def test_trains_beside_other_roads_are_one_object(evaluator: Evaluator) -> None:
    bridges = ["bridge_west", "bridge_east"]
    plain, _, beside = (evaluator.evaluate(p).session.network for p in (["hsr"], bridges, [*bridges, "hsr"]))
    assert beside.feed.stop_times is plain.feed.stop_times
    assert beside.feed.trips is plain.feed.trips
    assert beside.links is not plain.links


def test_trains_at_other_times_are_not(evaluator: Evaluator) -> None:
    fast, slow = (
        evaluator.evaluate(["byway", "hsr"], {"hsr.commercial_speed_kmh": v}).session.network for v in (180, 90)
    )
    assert not are_same(fast.feed.stop_times, slow.feed.stop_times)


def test_a_cell_that_differs_is_never_lost(evaluator: Evaluator) -> None:
    # the same projects by name: a table that came out otherwise stays its own
    memo, before = Memo(), evaluator.evaluate().session.network
    network = evaluator.evaluate(["hsr"]).session.network
    assert share_tables(network, before, "hsr", memo).feed.stop_times is network.feed.stop_times
    table = network.feed.stop_times.copy()
    table.loc[table.index[-1], "arrival_clock_s"] += 1
    other = network.with_tables(feed=replace(network.feed, stop_times=table))
    shared = share_tables(other, before, "hsr", memo)
    assert shared.feed.stop_times is table
    same = network.with_tables(feed=replace(network.feed, stop_times=network.feed.stop_times.copy()))
    assert share_tables(same, before, "hsr", memo).feed.stop_times is network.feed.stop_times
    turned = network.feed.stop_times.iloc[::-1]
    assert not are_same(turned, network.feed.stop_times)
    assert not are_same(turned.reset_index(drop=True), network.feed.stop_times)
