"""Roads of an OSM file through pyosmium and arrays: the same as through osmnx, and rules drawn by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.roads.osmnx_path import read_osm_xml
from transit_model.domain.schema import check_table
from transit_model.domain.tables import ROAD_LINKS, ROAD_NODES
from transit_model.errors import InputError
from transit_model.roads.highway_speeds import read_speed_rules
from transit_model.roads.osm_roads import OsmRoads, RoadOptions, read_osm_roads
from transit_model.roads.osm_scan import scan_roads
from transit_model.roads.road_tables import compute_line_lengths_m
from transit_model.roads.step_lengths import compute_step_lengths_m

SMALL = Path(__file__).parent / "fixtures" / "small.osm"
AS_OSMNX = RoadOptions(ferries=False, merge_speeds=False, cut_loops=False, ramp_tolls=False)


def draw(
    folder: Path,
    nodes: dict[int, tuple[float, float]],
    ways: list[tuple[list[int], dict[str, str]]],
    *,
    tagged: dict[int, dict[str, str]] | None = None,
    name: str = "drawn.osm",
    ways_first: bool = False,
) -> Path:
    """Write an .osm file; points in units of 0.01 degree from 111 E, 40 N."""
    tagged = tagged or {}
    points = []
    for i, (x, y) in nodes.items():
        tags = "".join(f'<tag k="{k}" v="{v}"/>' for k, v in tagged.get(i, {}).items())
        points.append(f'<node id="{i}" lon="{111 + x / 100:.7f}" lat="{40 + y / 100:.7f}">{tags}</node>')
    lines = []
    for number, (refs, words) in enumerate(ways, start=1):
        result = "".join(f'<tag k="{k}" v="{v}"/>' for k, v in words.items())
        lines.append(f'<way id="{number}">{"".join(f"<nd ref={chr(34)}{r}{chr(34)}/>" for r in refs)}{result}</way>')
    body = lines + points if ways_first else points + lines
    path = folder / name
    path.write_text(f'<osm version="0.6">{"".join(body)}</osm>', encoding="utf-8")
    return path


def edges(roads: OsmRoads) -> set[tuple[str, str, bool]]:
    links = roads.tables.links
    return set(zip(links["from_node_id"], links["to_node_id"], links["oneway"].astype(bool), strict=True))


def rows(links: pd.DataFrame) -> list[tuple[object, ...]]:
    columns = ["from_node_id", "to_node_id", "oneway", "highway", "kind", "maxspeed_kmh", "toll", "area"]
    table = links.assign(length=(links["length_m"] * 10).round().astype(int))
    return sorted(map(tuple, table[[*columns, "length"]].to_numpy().tolist()))


def assert_same(path: Path, xml: Path) -> None:
    ours, theirs = read_osm_roads(path, AS_OSMNX).tables, read_osm_xml(xml)
    assert set(ours.nodes["node_id"]) == set(theirs.nodes["node_id"])
    mine, other = rows(ours.links), rows(theirs.links)
    assert [m[:-1] for m in mine] == [o[:-1] for o in other]
    # The plane formula against the geodesic, and lengths rounded to a centimetre.
    assert max(abs(int(str(m[-1])) - int(str(o[-1]))) for m, o in zip(mine, other, strict=True)) <= 1


def test_same_roads_as_osmnx_on_a_small_map() -> None:
    assert_same(SMALL, SMALL)


def test_pbf_bz2_gz_and_xml_give_equal_tables(tmp_path: Path) -> None:
    import osmium

    whole = read_osm_roads(SMALL)
    for name in ("small.osm.pbf", "small.osm.bz2", "small.osm.gz"):
        with osmium.SimpleWriter(str(tmp_path / name)) as writer:
            for thing in osmium.FileProcessor(str(SMALL)):
                writer.add(thing)
        again = read_osm_roads(tmp_path / name)
        for one, other in zip(whole.tables[:3], again.tables[:3], strict=True):
            pd.testing.assert_frame_equal(one, other)


def test_tables_pass_the_schema() -> None:
    tables = read_osm_roads(SMALL).tables
    flags = {"oneway": tables.links["oneway"].astype(int), "toll": tables.links["toll"].astype(int)}
    assert check_table(tables.links.assign(**flags).astype(str), ROAD_LINKS, file="links")[1] == []
    assert check_table(tables.nodes.astype(str), ROAD_NODES, file="nodes")[1] == []


def test_a_chain_becomes_one_road_and_keeps_its_time(tmp_path: Path) -> None:
    # 1 -- 2 -- 3 -- 4, limits 60, 30, 60: one road. Hand sum: each step is L m; L/60 + L/30 + L/60 = 3L/45.
    nodes = {i: (float(i), 0.0) for i in range(1, 5)}
    ways = [
        ([1, 2], {"highway": "primary", "maxspeed": "60"}),
        ([3, 2], {"highway": "primary", "maxspeed": "30"}),
        ([3, 4], {"highway": "primary", "maxspeed": "60"}),
    ]
    path = draw(tmp_path, nodes, ways)
    (link,) = read_osm_roads(path).tables.links.to_dict("records")
    assert (link["from_node_id"], link["to_node_id"], link["oneway"]) == ("n1", "n4", False)
    assert link["maxspeed_kmh"] == pytest.approx(45, rel=1e-6)
    apart = read_osm_roads(path, RoadOptions(merge_speeds=False)).tables.links
    assert sorted(apart["maxspeed_kmh"]) == [30, 60, 60]
    assert link["length_m"] == pytest.approx(apart["length_m"].sum(), abs=0.02)


def test_class_and_toll_keep_their_node(tmp_path: Path) -> None:
    nodes = {i: (float(i), 0.0) for i in range(1, 5)}
    ways = [
        ([1, 2], {"highway": "primary"}),
        ([2, 3], {"highway": "secondary"}),
        ([3, 4], {"highway": "secondary", "toll": "yes"}),
    ]
    assert edges(read_osm_roads(draw(tmp_path, nodes, ways))) == {
        ("n1", "n2", False),
        ("n2", "n3", False),
        ("n3", "n4", False),
    }


def test_a_one_way_chain_runs_from_its_start(tmp_path: Path) -> None:
    # 3 is drawn last and backwards: 1 -> 2 -> 3 -> 4 one-way, 4 -- 1 both ways.
    nodes = {1: (0.0, 0.0), 2: (1.0, 0.0), 3: (1.0, 1.0), 4: (0.0, 1.0)}
    ways = [
        ([4, 3], {"highway": "primary", "oneway": "-1"}),
        ([2, 3], {"highway": "primary", "oneway": "yes"}),
        ([1, 2], {"highway": "primary", "oneway": "yes"}),
        ([1, 4], {"highway": "primary"}),
    ]
    roads = read_osm_roads(draw(tmp_path, nodes, ways))
    assert edges(roads) == {("n1", "n4", True), ("n1", "n4", False)}
    course = roads.tables.shapes
    assert course["lon"].tolist() == [111.0, 111.01, 111.01, 111.0]
    assert course["lat"].tolist() == [40.0, 40.0, 40.01, 40.01]


def test_different_limits_each_way_are_two_rows(tmp_path: Path) -> None:
    nodes = {1: (0.0, 0.0), 2: (1.0, 0.0)}
    ways = [([1, 2], {"highway": "primary", "maxspeed:forward": "60", "maxspeed:backward": "40"})]
    links = read_osm_roads(draw(tmp_path, nodes, ways)).tables.links
    result = {(r["from_node_id"], r["maxspeed_kmh"], r["oneway"]) for r in links.to_dict("records")}
    assert result == {("n1", 60.0, True), ("n2", 40.0, True)}


@pytest.mark.parametrize(
    ("barrier", "open_"),
    [
        ({"barrier": "bollard"}, False),
        ({"barrier": "gate"}, True),
        ({"barrier": "gate", "access": "private"}, False),
        ({"barrier": "bollard", "motor_vehicle": "yes"}, True),
        ({"barrier": "toll_booth"}, True),
    ],
)
def test_barriers(tmp_path: Path, barrier: dict[str, str], open_: bool) -> None:
    # A square 1-2-3-4 with the barrier in the middle (5) of 1-2.
    nodes = {1: (0.0, 0.0), 5: (0.5, 0.0), 2: (1.0, 0.0), 3: (1.0, 1.0), 4: (0.0, 1.0), 6: (-1.0, 0.0), 7: (2.0, 0.0)}
    road = {"highway": "primary"}
    ways = [([1, 5, 2], road), ([2, 3, 4, 1], road), ([6, 1], road), ([2, 7], road)]
    roads = read_osm_roads(draw(tmp_path, nodes, ways, tagged={5: barrier}))
    links = roads.tables.links
    through = links[(links["from_node_id"] == "n1") & (links["to_node_id"] == "n2")]
    assert len(through) == (2 if open_ else 1)  # the way round is always there
    assert {"n5.2", "n5.3"} <= {*links["from_node_id"], *links["to_node_id"]} or open_
    assert links["toll"].sum() == (1 if barrier["barrier"] == "toll_booth" else 0)


def test_untagged_ramps_of_a_toll_motorway_cost_toll(tmp_path: Path) -> None:
    # trunk 1-2-3, ramp 2-4 in two ways, motorway 4-5 with toll, ramp 5-6 that says it is free, trunk 6-7
    nodes = {1: (0.0, 0.0), 2: (1.0, 0.0), 3: (2.0, 0.0), 8: (1.0, 0.5), 4: (1.0, 1.0), 5: (3.0, 1.0)}
    nodes |= {6: (3.0, 0.0), 7: (4.0, 0.0)}
    ramp = {"highway": "motorway_link", "oneway": "no"}
    ways = [
        ([1, 2, 3], {"highway": "trunk"}),
        ([2, 8], ramp),
        ([8, 4], ramp),
        ([4, 5], {"highway": "motorway", "toll": "yes", "oneway": "no"}),
        ([5, 6], ramp | {"toll": "no"}),
        ([6, 7], {"highway": "trunk"}),
    ]
    links = read_osm_roads(draw(tmp_path, nodes, ways)).tables.links
    tolls = {(r["from_node_id"], r["to_node_id"]): r["toll"] for r in links.to_dict("records")}
    assert tolls["n2", "n4"]
    assert not tolls["n5", "n6"]
    assert not tolls["n1", "n2"]


def test_lights_delay_inside_fully_and_at_the_ends_half(tmp_path: Path) -> None:
    nodes = {1: (0.0, 0.0), 2: (1.0, 0.0), 3: (2.0, 0.0)}
    lights = {"highway": "traffic_signals"}
    path = draw(tmp_path, nodes, [([1, 2, 3], {"highway": "primary"})], tagged={2: lights, 3: lights})
    (link,) = read_osm_roads(path).tables.links.to_dict("records")
    assert link["delay_s"] == 16.5  # 11 s inside + 11 s / 2 at the end


def test_giving_way_by_class(tmp_path: Path) -> None:
    """A lane that meets a primary road loses 8 s there, half of it on the way in; the primary road loses nothing."""
    nodes = {1: (0.0, 0.0), 2: (1.0, 0.0), 3: (2.0, 0.0), 4: (1.0, 1.0), 5: (1.0, 2.0), 6: (2.0, 1.0)}
    ways = [
        ([1, 2, 3], {"highway": "primary"}),
        ([2, 4], {"highway": "residential"}),
        ([5, 4, 6], {"highway": "residential"}),
    ]
    links = read_osm_roads(draw(tmp_path, nodes, ways)).tables.links
    delay = {(r["from_node_id"], r["to_node_id"]): r["delay_s"] for r in links.to_dict("records")}
    assert delay == {("n1", "n2"): 0, ("n2", "n3"): 0, ("n2", "n4"): 4, ("n4", "n5"): 0, ("n4", "n6"): 0}
    lit = draw(tmp_path, nodes, ways, tagged={2: {"highway": "traffic_signals"}}, name="lit.osm")
    links = read_osm_roads(lit).tables.links
    delay = {(r["from_node_id"], r["to_node_id"]): r["delay_s"] for r in links.to_dict("records")}
    assert delay["n2", "n4"] == delay["n1", "n2"] == 5.5  # lights of 11 s, half; nobody gives way beside them


def test_ramps_do_not_give_way(tmp_path: Path) -> None:
    nodes = {1: (0.0, 0.0), 2: (1.0, 0.0), 3: (2.0, 0.0), 4: (1.0, 1.0), 5: (2.0, 1.0)}
    ways = [
        ([1, 2, 3], {"highway": "trunk"}),
        ([2, 4], {"highway": "motorway_link"}),
        ([4, 5], {"highway": "motorway", "oneway": "no"}),
    ]
    assert read_osm_roads(draw(tmp_path, nodes, ways)).tables.links["delay_s"].tolist() == [0, 0, 0, 0]


def test_a_loop_is_cut_in_two_or_left_out(tmp_path: Path) -> None:
    nodes = {1: (0.0, 0.0), 2: (1.0, 0.0), 3: (1.0, 1.0), 4: (0.0, 1.0), 5: (-1.0, 0.0)}
    ways = [([1, 2, 3, 4, 1], {"highway": "residential"}), ([5, 1], {"highway": "residential"})]
    path = draw(tmp_path, nodes, ways)
    cut = read_osm_roads(path)
    assert edges(cut) == {("n1", "n3", False), ("n1", "n5", False)}
    assert len(cut.tables.links) == 3
    whole = read_osm_roads(path, AS_OSMNX)
    assert edges(whole) == {("n1", "n5", False)}
    assert whole.report.loops == 1


def test_ferry_speed_from_its_duration(tmp_path: Path) -> None:
    nodes = {1: (0.0, 0.0), 2: (0.0, 1.0), 3: (0.0, 2.0)}
    ways = [([1, 2], {"highway": "primary"}), ([2, 3], {"route": "ferry", "motor_vehicle": "yes", "duration": "00:12"})]
    links = read_osm_roads(draw(tmp_path, nodes, ways)).tables.links.set_index("highway")
    length = links.at["ferry", "length_m"]
    assert links.at["ferry", "maxspeed_kmh"] == pytest.approx(length / 720 * 3.6, rel=1e-4)  # 12 min = 720 s
    assert set(read_osm_roads(draw(tmp_path, nodes, ways), AS_OSMNX).tables.links["highway"]) == {"primary"}


def test_ways_that_stand_before_their_nodes(tmp_path: Path) -> None:
    nodes = {1: (0.0, 0.0), 2: (1.0, 0.0), 3: (2.0, 0.0)}
    ways = [([1, 2, 3], {"highway": "primary"})]
    one = read_osm_roads(draw(tmp_path, nodes, ways)).tables
    other = read_osm_roads(draw(tmp_path, nodes, ways, ways_first=True, name="odd.osm")).tables
    pd.testing.assert_frame_equal(one.links, other.links)


def test_finding_road_nodes_first_changes_nothing() -> None:
    plain = scan_roads(SMALL, read_speed_rules())
    lean = scan_roads(SMALL, read_speed_rules(), filter_above_bytes=0)
    np.testing.assert_array_equal(plain.lon, lean.lon)
    np.testing.assert_array_equal(plain.node_id, lean.node_id)


def test_reversible_private_and_building_roads_are_counted(tmp_path: Path) -> None:
    nodes = {1: (0.0, 0.0), 2: (1.0, 0.0)}
    road = {"highway": "primary"}
    ways = [
        ([1, 2], road),
        ([1, 2], road | {"oneway": "reversible"}),
        ([1, 2], road | {"access": "private"}),
        ([1, 2], road | {"construction": "yes"}),
        ([1], road),
    ]
    report = read_osm_roads(draw(tmp_path, nodes, ways)).report
    assert report.dropped_ways == {"no_access": 1, "not_built": 1, "reversible": 1, "single_point": 1}


def test_step_lengths_against_the_geodesic() -> None:
    rng = np.random.default_rng(3)
    lon = 111 + np.cumsum(rng.uniform(-0.02, 0.02, 400))
    lat = np.clip(np.cumsum(rng.uniform(-0.03, 0.03, 400)) + 40, -80, 80)
    lon[200:] += 3  # one long step
    steps = compute_step_lengths_m(lon, lat)
    points = np.column_stack([np.repeat(lon, 2)[1:-1], np.repeat(lat, 2)[1:-1]])
    exact = compute_line_lengths_m(points, np.repeat(np.arange(399), 2), 399)
    np.testing.assert_allclose(steps, exact, rtol=2e-6)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.osm.pbf", b"\x00\x00\x00\x0d\x0a\x09OSMHeader\x18", "bad_osm"),
        ("a.osm.pbf", b"not a map at all", "bad_osm"),
        ("a.osm", b"<osm version='0.6'><node id='1' lat='40'", "bad_osm"),
        ("a.osm", b"<?xml version='1.0'?><!DOCTYPE osm [<!ENTITY a 'x'>]><osm version='0.6'>&a;</osm>", "bad_osm"),
        ("a.osm", b"<html>busy</html>", "bad_osm"),
        ("a.osm", b"<osm version='0.6'></osm>", "no_roads"),
        ("a.osm", b"", "bad_osm"),
        ("a.osm.bz2", b"BZh91AY", "bad_osm"),
        ("a.shp", b"", "unknown_format"),
    ],
)
def test_bad_files_are_issues(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_osm_roads(path)
    assert [i.code for i in caught.value.issues] == [code]
    assert caught.value.issues[0].file == name


def test_a_cut_pbf_is_an_issue(tmp_path: Path, shared_data: Path) -> None:
    whole = (shared_data / "osm" / "andorra" / "andorra.osm.pbf").read_bytes()
    for share in (0.1, 0.5, 0.99):
        path = tmp_path / "cut.osm.pbf"
        path.write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises(InputError) as caught:
            read_osm_roads(path)
        assert caught.value.issues[0].code == "bad_osm"


@pytest.mark.slow
def test_same_roads_as_osmnx_on_andorra(tmp_path: Path, shared_data: Path) -> None:
    import osmium

    path = shared_data / "osm" / "andorra" / "andorra.osm.pbf"
    xml = tmp_path / "andorra.osm"
    with osmium.SimpleWriter(str(xml)) as writer:
        for thing in osmium.FileProcessor(str(path)):
            # The osmnx path knows no barriers.
            writer.add(thing.replace(tags={}) if isinstance(thing, osmium.osm.Node) else thing)
    assert_same(xml, xml)


def test_turn_restrictions_are_counted_and_said(tmp_path: Path) -> None:
    path = draw(
        tmp_path,
        {1: (0, 0), 2: (1, 0), 3: (1, 1)},
        [([1, 2], {"highway": "primary"}), ([2, 3], {"highway": "primary"})],
    )
    text = path.read_text(encoding="utf-8")
    relation = (
        '<relation id="1"><member type="way" ref="1" role="from"/><member type="node" ref="2" role="via"/>'
        '<member type="way" ref="2" role="to"/><tag k="type" v="restriction"/><tag k="restriction" v="no_left_turn"/>'
        "</relation></osm>"
    )
    path.write_text(text.replace("</osm>", relation), encoding="utf-8")
    read = read_osm_roads(path)
    assert read.report.turn_restrictions_not_used == 1
    assert "turn_restrictions" in [issue.code for issue in read.tables.issues]
