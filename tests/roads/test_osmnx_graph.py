"""Graphs that osmnx made are road networks here, and ours are graphs that osmnx takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import networkx as nx
import osmnx as ox
import pandas as pd
import pytest

import transit_model as tm
from transit_model.roads.osmnx_graph import read_osmnx_graph

# a ─ b a street of two ways, 1/60 degree of latitude; b -> c one-way with 60 km/h; b ─ f a footway
MAP = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6" generator="by hand">
  <node id="1" version="1" lon="111.0000" lat="40.8000"/>
  <node id="2" version="1" lon="111.0000" lat="40.8100"/>
  <node id="3" version="1" lon="111.0100" lat="40.8100"/>
  <node id="4" version="1" lon="111.0050" lat="40.8200"/>
  <way id="10" version="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/><tag k="maxspeed" v="50"/>
    <tag k="name" v="中山路"/></way>
  <way id="11" version="1"><nd ref="2"/><nd ref="3"/><tag k="highway" v="secondary"/><tag k="oneway" v="yes"/>
    <tag k="maxspeed" v="60"/></way>
  <way id="12" version="1"><nd ref="3"/><nd ref="1"/><tag k="highway" v="residential"/><tag k="oneway" v="yes"/></way>
  <way id="13" version="1"><nd ref="2"/><nd ref="4"/><tag k="highway" v="footway"/></way>
</osm>
"""


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("osmnx") / "map.osm"
    path.write_text(MAP, encoding="utf-8")
    return ox.graph_from_xml(path, simplify=False, retain_all=True)


def test_ways_speeds_and_what_is_missing(graph: Any) -> None:
    tables = read_osmnx_graph(graph)
    links = tables.links.set_index(["highway", "oneway"])
    # the two-way street is two one-way roads, each with its limit; the footway is left out
    assert sorted(tables.links["highway"]) == ["primary", "primary", "residential", "secondary"]
    assert set(tables.links["maxspeed_kmh"][tables.links["highway"] == "primary"]) == {50.0}
    assert links.loc["secondary"]["maxspeed_kmh"].tolist() == [60.0]
    result = {i.code: i.message for i in tables.issues}
    assert "2 of 6 edges are no roads" in result["class_unknown"]
    assert "1 of 4 edges have no speed" in result["speed_missing"]
    # 0.01 degree of latitude is 1,110.5 m on WGS84 here; osmnx's own sphere says 1,111.9 (6,371,009 m x pi / 18,000)
    assert tables.links["length_m"].min() == pytest.approx(842, abs=3)
    assert set(tables.links["name_zh"].fillna("")) == {"中山路", ""}


def test_several_values_of_a_simplified_edge_are_averaged_and_told(graph: Any) -> None:
    other: Any = nx.MultiDiGraph(graph)
    for _, _, data in other.edges(data=True):
        if data["highway"] == "secondary":
            data["maxspeed"], data["highway"] = ["40", "60"], ["secondary", "tertiary"]
    tables = read_osmnx_graph(other)
    assert tables.links["maxspeed_kmh"][tables.links["highway"] == "secondary"].tolist() == [50.0]
    assert "several_speeds" in {i.code for i in tables.issues}


def test_speeds_that_osmnx_filled_in_count(graph: Any) -> None:
    filled = ox.routing.add_edge_speeds(graph)
    tables = read_osmnx_graph(filled)
    assert "speed_missing" not in {i.code for i in tables.issues}
    mean = (50 + 60) / 2  # osmnx takes the mean of the means of all classes where one has none
    assert tables.links["maxspeed_kmh"][tables.links["highway"] == "residential"].tolist() == pytest.approx([mean])


def test_projected_graphs_and_frames_of_edges_are_the_same_roads(graph: Any) -> None:
    tables = read_osmnx_graph(graph)
    edges = ox.graph_to_gdfs(graph, nodes=False)
    for other in (ox.project_graph(graph), edges, edges.to_crs(32649)):
        found = read_osmnx_graph(other)
        assert sorted(found.links["highway"]) == sorted(tables.links["highway"])
        assert len(found.nodes) == len(tables.nodes)
        assert sorted(found.links["length_m"]) == pytest.approx(sorted(tables.links["length_m"]), abs=0.01)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("G", "not_a_graph"),
        (nx.MultiDiGraph(crs=4326), "empty_graph"),
        (nx.MultiDiGraph([(1, 2)]), "missing_column"),
    ],
)
def test_what_is_no_graph(given: Any, code: str) -> None:
    with pytest.raises(tm.InputError) as caught:
        read_osmnx_graph(given)
    assert code in {i.code for i in caught.value.issues}


def test_a_workspace_of_a_graph_and_back(graph: Any, tmp_path: Path) -> None:
    places = pd.DataFrame({"id": ["a", "c"], "name": ["甲", "丙"], "lon": [111.0, 111.01], "lat": [40.8, 40.81]})
    with pytest.warns(UserWarning, match="no speed|no roads"):
        ws = tm.open(roads=graph, places=places, folder=tmp_path / "town")
    session = ws.session()
    table = tm.travel_times(session, "甲", "c", "road", "promoter", with_km=True)
    # a -> b 1,111.9 m at 50 km/h (80.1 s), b -> c 841.7 m at 60 (50.5 s): 130.6 s
    assert table["minutes"].tolist() == pytest.approx([130.6 / 60], abs=0.02)
    assert tm.travel_times(tm.open(tmp_path / "town").session(), "a", "c", "road", "promoter")["minutes"].tolist() == (
        table["minutes"].tolist()
    )
    back = session.to_osmnx("promoter")
    at = {(round(d["x"], 4), round(d["y"], 4)): n for n, d in back.nodes(data=True)}
    ends = at[111.0, 40.8], at[111.01, 40.81]
    assert nx.shortest_path_length(back, ends[0], ends[1], weight="travel_time") == pytest.approx(130.6, abs=1)
    nodes, edges = ox.graph_to_gdfs(back)
    assert (len(nodes), len(edges)) == (3, 4)
    assert edges["length"].sum() == pytest.approx(
        ox.graph_to_gdfs(graph, nodes=False).query("highway != 'footway'")["length"].sum()
    )
    assert set(ox.convert.to_undirected(back).nodes) == set(back.nodes)


def test_the_shipped_network_is_a_graph_with_both_ways(built_2025: tm.Session) -> None:
    back = built_2025.to_osmnx()
    times = nx.get_edge_attributes(back, "travel_time")
    assert len(times) == len(built_2025.network.links)
    assert min(times.values()) > 0
    two_way = [d for *_, d in back.edges(data=True) if not d["oneway"]]
    assert sum(d["reversed"] for d in two_way) * 2 == len(two_way)


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"gtfs": "feed.zip"}, "missing_part"),
        ({"places": pd.DataFrame({"id": ["a"], "lon": [111.0], "lat": [40.8]})}, "missing_part"),
        ({"places": pd.DataFrame({"id": ["a"], "lon": [111.0], "lat": [40.8]}), "osm": "no.osm.pbf"}, "missing_file"),
    ],
)
def test_parts_that_lack_something(parts: Any, code: str) -> None:
    with pytest.raises(tm.InputError) as caught:
        tm.open(**parts)
    assert code in {i.code for i in caught.value.issues}
