"""OpenStreetMap in, road tables out: a map of 14 nodes drawn by hand, and never the network."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from itertools import pairwise
from math import cos, radians
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from tests.roads.osmnx_path import (
    build_tables,
    make_query,
    parse_overpass,
    read_osm_xml,
    read_overpass,
)
from tests.roads.osmnx_xml import OsmData, parse_osm_xml
from transit_model.domain.schema import check_table
from transit_model.domain.tables import ROAD_LINKS, ROAD_NODES
from transit_model.errors import InputError
from transit_model.roads.overpass_extract import Bbox
from transit_model.roads.place_area import osmnx_settings
from transit_model.roads.road_tables import RoadTables

SMALL = Path(__file__).parent / "fixtures" / "small.osm"


def metres_north(lat: float, degrees: float) -> float:
    """Length along a meridian: the series of the meridian arc on WGS84, metres."""
    phi = radians(lat)
    return degrees * (111_132.954 - 559.822 * cos(2 * phi) + 1.175 * cos(4 * phi))


def metres_east(lat: float, degrees: float) -> float:
    """Length along a parallel: the series on WGS84, metres."""
    phi = radians(lat)
    return degrees * (111_412.84 * cos(phi) - 93.5 * cos(3 * phi) + 0.118 * cos(5 * phi))


@pytest.fixture(scope="module")
def small() -> RoadTables:
    return read_osm_xml(SMALL)


def row(tables: RoadTables, tail: int, head: int) -> Mapping[str, Any]:
    links = tables.links
    found = links[(links["from_node_id"] == f"n{tail}") & (links["to_node_id"] == f"n{head}")]
    assert len(found) == 1, f"{tail} -> {head}: {len(found)} rows"
    return dict(found.iloc[0])


def test_nodes_between_junctions_are_gone(small: RoadTables) -> None:
    assert set(small.nodes["node_id"]) == {"n1", "n3", "n7", "n8", "n11", "n13"}
    pairs = {(a, b) for a, b in zip(small.links["from_node_id"], small.links["to_node_id"], strict=True)}
    assert pairs == {
        ("n1", "n3"),
        ("n3", "n1"),
        ("n3", "n7"),
        ("n8", "n1"),
        ("n7", "n8"),
        ("n7", "n11"),
        ("n11", "n13"),
        ("n13", "n11"),
        ("n8", "n13"),
    }


def test_motorway_is_one_way_and_tolled(small: RoadTables) -> None:
    forth, back = row(small, 1, 3), row(small, 3, 1)
    assert forth["oneway"]
    assert back["oneway"]
    assert forth["highway"] == "motorway"
    assert forth["toll"]
    assert (forth["name_zh"], forth["ref"]) == ("北高速", "G1")
    assert forth["maxspeed_kmh"] == back["maxspeed_kmh"] == 120
    # 0.02 degree of longitude at 50.02 N
    assert forth["length_m"] == pytest.approx(metres_east(50.02, 0.02), rel=1e-5)


def test_ramps_run_the_right_way(small: RoadTables) -> None:
    for tail, head in ((3, 7), (8, 1)):
        ramp = row(small, tail, head)
        assert ramp["oneway"]
        assert (ramp["highway"], ramp["kind"]) == ("motorway", "ramp")
        assert ramp["maxspeed_kmh"] == 40
        assert ramp["length_m"] == pytest.approx(metres_north(50.01, 0.02), rel=1e-6)


def test_two_way_road_is_one_row_with_its_course(small: RoadTables) -> None:
    trunk = row(small, 7, 8)
    assert not trunk["oneway"]
    assert trunk["maxspeed_kmh"] == pytest.approx(50 * 1.609344)
    assert trunk["length_m"] == pytest.approx(metres_east(50.0, 0.02), rel=1e-5)
    course = small.shapes[small.shapes["link_id"] == trunk["link_id"]]
    assert course["seq"].tolist() == [0, 1, 2]
    assert course["lon"].tolist() == [10.02, 10.01, 10.00]  # from node 7 to node 8


def test_merged_ways_add_up(small: RoadTables) -> None:
    street = row(small, 7, 11)  # ways 130 and 131
    assert street["length_m"] == pytest.approx(metres_north(49.99, 0.02), rel=1e-6)
    assert street["maxspeed_kmh"] == 30  # the default of a residential street; knots are not km/h
    assert street["area"] == "urban"
    assert row(small, 8, 13)["area"] == "rural"


def test_roundabout_is_one_way(small: RoadTables) -> None:
    assert row(small, 11, 13)["oneway"]
    assert row(small, 13, 11)["oneway"]
    assert row(small, 11, 13)["length_m"] > row(small, 13, 11)["length_m"]


def test_what_was_dropped_is_said(small: RoadTables) -> None:
    texts = {issue.code: issue.as_text() for issue in small.issues}
    assert set(texts) == {"part_dropped", "unknown_node", "bad_maxspeed"}
    assert "10 knots" in texts["bad_maxspeed"]
    assert "160" in texts["unknown_node"]
    dropped = [issue.message for issue in small.issues if issue.code == "part_dropped"]
    assert any("孤岛路" in text for text in dropped)
    assert not any(issue.severity == "error" for issue in small.issues)


def test_tables_keep_the_schema(small: RoadTables) -> None:
    for table, schema in ((small.nodes, ROAD_NODES), (small.links, ROAD_LINKS)):
        texts = table.copy()
        for column in table.select_dtypes("bool"):
            texts[column] = table[column].astype(int)
        _, issues = check_table(texts.astype(str), schema, file="t")
        assert issues == []


def test_keep_all_keeps_the_island() -> None:
    tables = read_osm_xml(SMALL, keep_all=True)
    assert {"n14", "n15", "n16"} <= set(tables.nodes["node_id"])


def test_simplification_changes_no_distance(small: RoadTables) -> None:
    """The shortest distances between junctions equal those of the raw map, by plain Dijkstra."""
    data = parse_osm_xml(SMALL.read_bytes(), file="small.osm")
    lon_m, lat_m = metres_east(50.0, 1.0), metres_north(50.0, 1.0)
    raw: nx.DiGraph[str] = nx.DiGraph()
    forward = {100, 101, 110, 140}
    for way in (100, 101, 110, 111, 120, 130, 131, 140, 141):
        refs = data.ways[way][0]
        for a, b in pairwise(refs):
            (x1, y1), (x2, y2) = data.nodes[a], data.nodes[b]
            metres = (((x2 - x1) * lon_m) ** 2 + ((y2 - y1) * lat_m) ** 2) ** 0.5
            if way != 111:
                raw.add_edge(f"n{a}", f"n{b}", m=metres)
            if way not in forward:
                raw.add_edge(f"n{b}", f"n{a}", m=metres)
    simple: nx.DiGraph[str] = nx.DiGraph()
    for link in small.links.itertuples():
        simple.add_edge(link.from_node_id, link.to_node_id, m=link.length_m)
        if not link.oneway:
            simple.add_edge(link.to_node_id, link.from_node_id, m=link.length_m)
    for origin in small.nodes["node_id"]:
        expected = nx.single_source_dijkstra_path_length(raw, origin, weight="m")
        found = nx.single_source_dijkstra_path_length(simple, origin, weight="m")
        for node in small.nodes["node_id"]:
            assert found[node] == pytest.approx(expected[node], rel=1e-3)


def as_overpass(data: OsmData) -> dict[str, Any]:
    nodes = [{"type": "node", "id": i, "lon": x, "lat": y} for i, (x, y) in data.nodes.items()]
    ways = [{"type": "way", "id": i, "nodes": refs, "tags": tags} for i, (refs, tags) in data.ways.items()]
    return {"elements": [*nodes, *ways]}


@pytest.mark.parametrize("form", ["dict", "bytes", "text"])
def test_overpass_gives_the_same_tables(small: RoadTables, form: str) -> None:
    queries: list[str] = []

    def fetch(query: str) -> Any:
        queries.append(query)
        answer = as_overpass(parse_osm_xml(SMALL.read_bytes(), file="small.osm"))
        text = json.dumps(answer)
        return {"dict": answer, "bytes": text.encode(), "text": text}[form]

    tables = read_overpass(Bbox(9.9, 49.9, 10.1, 50.1), fetch=fetch)
    assert tables.links.equals(small.links)
    assert tables.nodes.equals(small.nodes)
    assert tables.shapes.equals(small.shapes)
    assert "(49.9,9.9,50.1,10.1)" in queries[0]  # Overpass wants south, west, north, east


def test_place_names_are_quoted_in_the_query() -> None:
    query = make_query('a"];node(1);out;"')
    assert '"a\\"];node(1);out;\\""' in query
    assert 'area["name"="呼和浩特市"]' in make_query("呼和浩特市")


@pytest.mark.parametrize("answer", [b"<html>busy</html>", {}, {"elements": [{"type": "node"}]}, b"\xff\xfe"])
def test_a_wrong_answer_is_an_issue(answer: Any) -> None:
    with pytest.raises(InputError) as error:
        parse_overpass(answer, file="overpass")
    assert error.value.issues[0].code == "bad_answer"


def test_live_download_goes_through_osmnx(small: RoadTables, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """osmnx is asked for the box, with our settings, which are put back; its raw graph gives the same tables."""
    import osmnx

    before = {name: getattr(osmnx.settings, name) for name in ("cache_folder", "all_oneway", "useful_tags_way")}
    asked: dict[str, Any] = {}

    def fake(bbox: tuple[float, ...], **options: Any) -> Any:
        asked.update(options, bbox=bbox, folder=osmnx.settings.cache_folder, use_cache=osmnx.settings.use_cache)
        # The server never sends half a way, as the file does with way 160.
        text = re.sub(r'<way id="160">.*?</way>', "", SMALL.read_text(encoding="utf-8"), flags=re.DOTALL)
        complete = tmp_path / "complete.osm"
        complete.write_text(text, encoding="utf-8")
        return osmnx.graph_from_xml(complete, simplify=False, retain_all=True)

    monkeypatch.setattr(osmnx, "graph_from_bbox", fake)
    tables = read_overpass(Bbox(9.9, 49.9, 10.1, 50.1), cache_dir=tmp_path / "cache")
    assert asked["bbox"] == (9.9, 49.9, 10.1, 50.1)
    assert asked["simplify"] is False
    assert asked["folder"] == str(tmp_path / "cache")
    assert asked["use_cache"] is True
    assert {name: getattr(osmnx.settings, name) for name in before} == before
    keys = ["from_node_id", "to_node_id", "oneway", "highway", "maxspeed_kmh", "toll", "kind", "length_m"]
    assert tables.links[keys].equals(small.links[keys])


def test_failed_download_is_an_issue(monkeypatch: pytest.MonkeyPatch) -> None:
    import osmnx

    def fail(*_: Any, **__: Any) -> Any:
        raise ConnectionError("no route to host")

    monkeypatch.setattr(osmnx, "graph_from_place", fail)
    before = osmnx.settings.use_cache
    with pytest.raises(InputError) as error:
        read_overpass("呼和浩特市")
    assert error.value.issues[0].code == "download_failed"
    assert osmnx.settings.use_cache == before


def test_settings_are_put_back_after_an_error() -> None:
    import osmnx

    def fail_inside() -> None:
        with osmnx_settings(requests_timeout=1):
            assert osmnx.settings.requests_timeout == 1
            raise RuntimeError

    before = osmnx.settings.requests_timeout
    with pytest.raises(RuntimeError):
        fail_inside()
    assert osmnx.settings.requests_timeout == before


ENTITY = b'<?xml version="1.0"?><!DOCTYPE osm [<!ENTITY a "aaa">]><osm><node id="1" lat="1" lon="&a;"/></osm>'


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (ENTITY, "not allowed"),
        (SMALL.read_bytes()[:900], "not OSM XML"),
        (b"", "not OSM XML"),
        (b"<gpx></gpx>", "not <osm>"),
        (b'<osm><node id="1" lat="x" lon="2"/></osm>', "not OSM XML"),
        (b'<osm><node id="1"/></osm>', "not OSM XML"),
    ],
)
def test_bad_xml(data: bytes, words: str) -> None:
    with pytest.raises(InputError) as error:
        parse_osm_xml(data, file="bad.osm")
    assert error.value.issues[0].code == "bad_xml"
    assert words in str(error.value)


def test_a_map_without_roads() -> None:
    with pytest.raises(InputError) as error:
        read_osm_xml(SMALL, classes=("track",))
    assert "no_roads" in {issue.code for issue in error.value.issues}


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        read_osm_xml(tmp_path / "none.osm")
    assert error.value.issues[0].code == "missing_file"


def test_a_loop_is_left_out_and_counted(tmp_path: Path) -> None:
    """A street that ends where it starts shortens no journey."""
    text = SMALL.read_text(encoding="utf-8")
    loop = (
        '<node id="17" lat="49.995" lon="10.03"/><node id="18" lat="50.005" lon="10.03"/>'
        '<way id="180"><nd ref="7"/><nd ref="17"/><nd ref="18"/><nd ref="7"/><tag k="highway" v="residential"/></way>'
    )
    path = tmp_path / "loop.osm"
    path.write_text(text.replace("</osm>", loop + "</osm>"), encoding="utf-8")
    tables = read_osm_xml(path)
    assert "self_loops_dropped" in {issue.code for issue in tables.issues}
    assert (tables.links["from_node_id"] != tables.links["to_node_id"]).all()


def test_a_way_that_osmnx_turned_keeps_its_directions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawn 1 to 2 and open from 2 to 1 only, at the limit against the drawing: osmnx hands over the edge 2 to 1."""
    import osmnx

    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph(crs="epsg:4326")
    graph.add_node(1, x=111.0, y=40.0)
    graph.add_node(2, x=111.01, y=40.0)
    limits = {"maxspeed:forward": "80", "maxspeed:backward": "50", "toll:backward": "yes"}
    graph.add_edge(2, 1, osmid=5, highway="primary", oneway="-1", **limits)
    monkeypatch.setattr(osmnx, "graph_from_bbox", lambda *_, **__: graph)
    (link,) = read_overpass(Bbox(110.9, 39.9, 111.1, 40.1), keep_all=True).links.to_dict("records")
    assert (link["from_node_id"], link["to_node_id"], link["oneway"]) == ("n2", "n1", True)
    assert (link["maxspeed_kmh"], link["toll"]) == (50, True)


def test_toll_one_way_makes_two_roads() -> None:
    ends = "".join(f'<node id="{i}" lon="{111 + i / 100}" lat="40"/>' for i in (1, 2))
    tags = '<tag k="highway" v="primary"/><tag k="toll:backward" v="yes"/>'
    way = f'<way id="5"><nd ref="1"/><nd ref="2"/>{tags}</way>'
    data = parse_osm_xml(f'<osm version="0.6">{ends}{way}</osm>'.encode(), file="drawn.osm")
    links = build_tables(data, ("primary",), keep_all=True, label="drawn.osm").links
    found = {(r["from_node_id"], bool(r["oneway"]), bool(r["toll"])) for r in links.to_dict("records")}
    assert found == {("n1", True, False), ("n2", True, True)}
