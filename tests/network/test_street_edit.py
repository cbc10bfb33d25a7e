"""A street graph edited for a change of roads equals the graph compiled from the tables, to the bit, in every table."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.network.town import make_town
from transit_model.domain.geo import LonLat
from transit_model.domain.modes import SpeedTable, Vehicle
from transit_model.network import street_edit
from transit_model.network.arrays import EditedStreets, StreetArrays
from transit_model.network.model import Network
from transit_model.network.snap import RoadLocator
from transit_model.network.street_arrays import CompiledStreets, compile_streets, retime_streets
from transit_model.network.street_edit import edit_streets
from transit_model.scenario.tables import add_links, add_nodes, append_rows
from transit_model.streets import edited_search
from transit_model.streets.bucket_queue import SeedArrays
from transit_model.streets.street_search import UNREACHED, Seeds, StreetEngine, find_engine, node_seeds, turn_arcs

HIGHWAYS = ("motorway", "trunk", "secondary")
NODES = st.integers(0, 6)
ROAD = st.tuples(NODES, NODES, st.sampled_from(HIGHWAYS), st.booleans(), st.booleans(), st.integers(1, 40))
"""From, to, class, toll, one-way, length in km."""


@pytest.fixture(autouse=True, scope="module")
def always() -> Any:
    """Edit tiny graphs too, and keep times for few origins."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(street_edit, "MOST_TOUCHED", 1e9)
        patch.setattr(edited_search, "LEAST_ROWS", 2)
        yield


def describe(n: int, road: tuple[int, int, str, bool, bool, int], **more: object) -> dict[str, object]:
    a, b, highway, toll, oneway, km = road
    return {
        "road_id": f"r{n}", "from_node_id": f"n{a}", "to_node_id": f"n{b}", "oneway": oneway, "highway": highway,
        "ref": "", "name_zh": "", "length_m": 1000.0 * km, "maxspeed_kmh": 80.0, "toll": toll, "area": "rural",
        "opened": "", "closed": "", "confidence": "high", "source": "[made]", "project_id": "", **more,
    }  # fmt: skip


def build_roads(roads: list[tuple[int, int, str, bool, bool, int]], *, drawn: bool) -> Network:
    town = make_town()
    nodes = [{"node_id": f"n{i}", "lon": 111 + i / 50, "lat": 40 + (i % 3) / 50, "kind": "junction"} for i in range(7)]
    network = town.with_tables(nodes=town.nodes.iloc[:0], links=town.links.iloc[:0], shapes=town.shapes.iloc[:0])
    network = add_nodes(network, nodes)
    rows = [describe(n, road) for n, road in enumerate(roads)]
    network = add_links(network, rows)
    if drawn:
        kinds = np.where(np.arange(len(network.links)) % 3 == 0, "ramp", "road")
        network = network.with_tables(links=network.links.assign(kind=kinds))
    return network.as_road_base()


def change(network: Network, data: st.DataObject, n: int) -> Network:
    """Return the network after one more edit of a kind that projects make."""
    links = network.links
    what = data.draw(st.sampled_from(["add", "add at a new node", "close", "upgrade", "slow", "split"]))
    some = np.array(sorted(data.draw(st.sets(st.integers(0, max(len(links) - 1, 0)), min_size=1, max_size=4))))
    if what == "add":
        return add_links(network, [describe(100 + n, data.draw(ROAD), road_id=f"p:{n}", project_id="p")])
    if what == "add at a new node":
        own = {"node_id": f"x{n}", "lon": 111.05, "lat": 40.05 + n / 100, "kind": "junction"}
        road = describe(100 + n, data.draw(ROAD), to_node_id=f"x{n}", road_id=f"p:{n}", project_id="p")
        return add_links(add_nodes(network, [own]), [road])
    if not len(links):
        return network
    if what == "close":
        kept = np.delete(np.arange(len(links)), some)
        return network.with_roads(links.iloc[kept].reset_index(drop=True), gone=some)
    if what == "split":
        first = links.iloc[int(some[0])]
        gone = np.flatnonzero((links["road_id"] == first["road_id"]).to_numpy())
        rest = network.with_roads(links.drop(index=gone).reset_index(drop=True), gone=gone)
        rest = add_nodes(rest, [{"node_id": f"x{n}", "lon": 111.0, "lat": 40.3, "kind": "junction"}])
        halves = [(str(first["from_node_id"]), f"x{n}"), (f"x{n}", str(first["to_node_id"]))]
        rows = [
            describe(
                200 + 10 * n + k, (0, 0, first["highway"], bool(first["toll"]), False, 7), from_node_id=a, to_node_id=b
            )
            for k, (a, b) in enumerate(halves)
        ]
        return add_links(rest, rows)
    changed = links.copy()
    if what == "upgrade":
        changed.loc[some, "highway"] = data.draw(st.sampled_from(HIGHWAYS))
        changed.loc[some, "toll"] = data.draw(st.booleans())
    else:
        changed.loc[some, "maxspeed_kmh"] = data.draw(st.sampled_from([30.0, 80.0, 120.0]))
    return network.with_roads(changed, changed=some)


def same(edited: CompiledStreets, whole: CompiledStreets) -> None:
    for field in fields(StreetArrays):
        a, b = getattr(edited.arrays, field.name), getattr(whole.arrays, field.name)
        assert a.dtype == b.dtype, field.name
        np.testing.assert_array_equal(a, b, err_msg=field.name)
    for name in ("link_tail", "link_head", "link_ticks"):
        a, b = getattr(edited, name), getattr(whole, name)
        assert a.dtype == b.dtype, name
        np.testing.assert_array_equal(a, b, err_msg=name)
    assert dict(edited.graph_node) == dict(whole.graph_node)
    assert len(edited.graph_node) == len(whole.graph_node)
    assert edited.graph_node.get("nowhere", -1) == -1
    assert (edited.vehicle, edited.table) == (whole.vehicle, whole.table)


def search_whole(streets: StreetArrays, seeds: Seeds, *, reverse: bool) -> np.ndarray:
    arcs = streets.indptr, streets.head, streets.weight_ticks
    engine = StreetEngine(*(turn_arcs(*arcs) if reverse else arcs), streets.lon, streets.lat)
    return engine.travel_ticks(seeds, method="scipy")


@settings(max_examples=examples(60), deadline=None)
@given(roads=st.lists(ROAD, min_size=1, max_size=6), data=st.data())
def test_roads_are_found_as_from_nothing_after_edits(
    roads: list[tuple[int, int, str, bool, bool, int]], data: st.DataObject
) -> None:
    base = build_roads(roads, drawn=False)
    bends = [{"link_id": "r0", "seq": n, "lon": 111.03 + n / 100, "lat": 40.05} for n in range(2)]
    base = base.with_tables(shapes=append_rows(base.shapes, bends)).as_road_base()
    before, network = RoadLocator(base), base
    for n in range(data.draw(st.integers(1, 3))):
        network = change(network, data, n)
    anew, taken_over = RoadLocator(network), RoadLocator(network, before)
    points = [LonLat(lon=lon, lat=lat) for lon in np.linspace(110.9, 111.2, 9) for lat in np.linspace(39.95, 40.1, 7)]
    for name, found in vars(anew.snap(points, 5000.0)).items():
        assert np.array_equal(found, getattr(taken_over.snap(points, 5000.0), name)), name


@settings(max_examples=examples(120), deadline=None)
@given(st.lists(ROAD, min_size=2, max_size=9), st.booleans(), st.data())
def test_an_edited_graph_is_the_compiled_one(roads: list[Any], drawn: bool, data: st.DataObject) -> None:
    base = build_roads(roads, drawn=drawn)
    befores = {t: compile_streets(base, Vehicle.CAR, t) for t in (SpeedTable.FREE, SpeedTable.TYPICAL)}
    network = base
    for n in range(data.draw(st.integers(1, 3))):
        network = change(network, data, n)
        told = network.find_road_change()
        assert told is not None
        assert told.before.links is base.links
        plain = network.with_tables(road_change=None)
        np.testing.assert_array_equal(network.link_backs, plain.link_backs)
        for ours, theirs in zip(network.link_ends, plain.link_ends, strict=True):
            np.testing.assert_array_equal(ours, theirs)
        if not len(network.links):
            return
        for table, before in befores.items():
            edited = edit_streets(before, network)
            whole = compile_streets(plain, Vehicle.CAR, table)
            if edited is None:  # all touched nodes have lost their last road
                continue
            assert isinstance(edited.arrays, EditedStreets)
            same(edited, whole)
            k = min(whole.arrays.n_nodes, 4)
            for reverse in (False, True):
                for seeds in (node_seeds(range(k)), node_seeds([whole.arrays.n_nodes - 1])):
                    rows = find_engine(edited.arrays, reverse=reverse).travel_ticks(seeds)
                    expected = search_whole(whole.arrays, seeds, reverse=reverse)
                    np.testing.assert_array_equal(rows, expected)
                    targets = np.arange(whole.arrays.n_nodes)[::-2]
                    some = find_engine(edited.arrays, reverse=reverse).travel_ticks(seeds, targets=targets)
                    np.testing.assert_array_equal(some, expected[:, targets])
                    allowed = targets[targets % 3 > 0]
                    chosen = np.isin(np.arange(whole.arrays.n_nodes), allowed)
                    listed = find_engine(edited.arrays, reverse=reverse).list_reached(seeds, chosen)
                    node, row = np.nonzero((expected < UNREACHED).T & chosen[:, None])
                    for own, known in zip(listed, (node, row, expected[row, node]), strict=True):
                        np.testing.assert_array_equal(own, known)


@settings(max_examples=examples(40), deadline=None)
@given(st.lists(ROAD, min_size=1, max_size=9), st.booleans())
def test_other_speeds_on_the_same_graph(roads: list[Any], drawn: bool) -> None:
    network = build_roads(roads, drawn=drawn)
    for tables in ((SpeedTable.TYPICAL, SpeedTable.WINTER, SpeedTable.PEAK), (SpeedTable.FREE,)):
        first = compile_streets(network, Vehicle.CAR, tables[0])
        for vehicle in (Vehicle.COACH, Vehicle.CAR):
            for table in tables:
                whole = compile_streets(network, vehicle, table)
                timed = retime_streets(first, network, vehicle, table)
                same(timed, whole)


def test_a_digest_tells_what_differs_and_only_that() -> None:
    base = build_roads([(0, 1, "trunk", False, False, 5), (1, 2, "trunk", False, True, 7)], drawn=False)
    links = base.links
    assert base.find_road_change().digest("links") == b""  # type: ignore[union-attr]
    slower = base.with_roads(links.assign(maxspeed_kmh=[80.0, 50.0, 80.0]), changed=np.array([0, 1]))
    told = slower.find_road_change()
    assert told is not None
    assert told.digest("links", ("link_id", "highway")) == b""
    assert told.digest("links", ("maxspeed_kmh",)) != b""
    back = slower.with_roads(slower.links.assign(maxspeed_kmh=[80.0, 80.0, 80.0]), changed=np.array([1]))
    assert back.find_road_change().digest("links") == b""  # type: ignore[union-attr]
    other = base.with_roads(links.assign(maxspeed_kmh=[50.0, 80.0, 80.0]), changed=np.array([0]))
    digests = {n.find_road_change().digest("links") for n in (slower, other)}  # type: ignore[union-attr]
    shut = base.with_roads(links.iloc[[0, 1]].reset_index(drop=True), gone=np.array([2]))
    digests.add(shut.find_road_change().digest("links"))  # type: ignore[union-attr]
    assert len(digests) == 3


def test_tables_exchanged_without_a_word_are_no_change_that_is_told() -> None:
    base = build_roads([(0, 1, "trunk", False, False, 5)], drawn=False)
    assert base.with_tables(links=base.links.assign(maxspeed_kmh=10.0)).find_road_change() is None
    assert base.with_tables(road_change=None).with_roads(base.links).find_road_change() is None
    wider = base.with_roads(base.links.assign(kind="road"))
    assert wider.find_road_change() is None
    assert pd.Series(base.links.columns).is_unique


@settings(max_examples=examples(40), deadline=None)
@given(st.lists(ROAD, min_size=2, max_size=9), st.integers(0, 6), st.data())
def test_one_origin_that_is_asked_again_and_again_has_the_times_of_a_whole_search(
    roads: list[Any], at: int, data: st.DataObject
) -> None:
    base = build_roads(roads, drawn=False)
    before = compile_streets(base, Vehicle.CAR, SpeedTable.TYPICAL)
    for n in range(4):  # each another scenario of the same base
        edited = edit_streets(before, change(base, data, n))
        if edited is None or not isinstance(edited.arrays, EditedStreets):
            continue
        node = edited.graph_node.get(f"n{at}", -1)
        if node < 0:
            continue
        for _ in range(2):
            seeds = node_seeds([node])
            found = find_engine(edited.arrays).travel_ticks(seeds)
            np.testing.assert_array_equal(found, search_whole(edited.arrays, seeds, reverse=False))


def test_questions_that_come_again_are_remembered_and_the_oldest_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edited_search, "MOST_ASKED", 2)
    streets = compile_streets(
        build_roads([(0, 1, "trunk", False, False, 3)], drawn=False), Vehicle.CAR, SpeedTable.FREE
    )
    arrays = streets.arrays
    kept = edited_search.KeptBase((arrays.indptr, arrays.head, arrays.weight_ticks), (arrays.lon, arrays.lat))
    seeds = [SeedArrays(np.array([[n]], np.int32), np.zeros((1, 1), np.int32)) for n in range(3)]
    assert [kept.is_asked_again(seeds[n], 100) for n in (0, 1, 0, 2, 0, 1)] == [False, False, True, False, True, False]
    assert not kept.is_asked_again(seeds[1], 99)
