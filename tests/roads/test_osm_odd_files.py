"""Files as editors, servers and accidents leave them: read as meant, or refused with a word of what to do."""

from __future__ import annotations

import bz2
import gzip
from pathlib import Path

import pytest

from tests.roads.osmnx_path import read_osm_xml
from tests.roads.test_osm_outlines import town
from tests.roads.test_osm_rail import NODES, STATIONS, WAYS
from tests.roads.test_osm_roads import draw, edges
from transit_model.errors import InputError, Issue
from transit_model.roads.osm_outlines import read_osm_outlines
from transit_model.roads.osm_rail import read_osm_rail
from transit_model.roads.osm_roads import RoadOptions, read_osm_roads

ALL = RoadOptions(keep_all=True)
PLACES = {1: (111.0, 40.0), 2: (111.01, 40.0), 3: (111.02, 40.0), 4: (111.03, 40.0)}


def node(i: int, lon: float | str, lat: float | str = 40.0, *, more: str = "", tags: str = "") -> str:
    return f'<node id="{i}" lon="{lon}" lat="{lat}" {more}>{tags}</node>'


def way(i: int, refs: list[int], *, more: str = "", highway: str = "primary", tags: str = "") -> str:
    points = "".join(f'<nd ref="{r}"/>' for r in refs)
    return f'<way id="{i}" {more}>{points}<tag k="highway" v="{highway}"/>{tags}</way>'


NODES_XML = "".join(node(i, *place) for i, place in PLACES.items())


def write(folder: Path, body: str, name: str = "map.osm", root: str = "osm") -> Path:
    path = folder / name
    path.write_text(f'<{root} version="0.6">\n{body}\n</{root}>', encoding="utf-8")
    return path


def find(issues: list[Issue], code: str) -> list[Issue]:
    return [i for i in issues if i.code == code]


def refuse(path: Path) -> Issue:
    with pytest.raises(InputError) as caught:
        read_osm_roads(path)
    (issue,) = caught.value.issues
    return issue


def test_negative_ids_of_an_editor(tmp_path: Path) -> None:
    """New objects have negative ids, beside those of the server: -1 -- -2 is drawn at 2, 3."""
    body = NODES_XML + node(-1, 111.01, 40.01) + node(-2, 111.02, 40.01)
    body += way(5, [1, 2, 3, 4]) + way(-7, [2, -1, -2, 3])
    roads = read_osm_roads(write(tmp_path, body))
    assert edges(roads) == {("n1", "n2", False), ("n2", "n3", False), ("n3", "n4", False)}
    lengths = sorted(roads.tables.links["length_m"])
    # 0.01 degree of longitude at 40 N is 854 m, of latitude 1,110 m: the detour is 1,110 + 854 + 1,110.
    assert lengths[-1] == pytest.approx(1110 + 854 + 1110, rel=2e-3)
    assert lengths[0] == pytest.approx(854, rel=2e-3)
    assert not find(roads.tables.issues, "unknown_node")
    both = read_osm_xml(write(tmp_path, body)).links
    assert sorted(both["length_m"]) == pytest.approx(lengths, rel=1e-4)


def test_only_negative_ids_ways_first_and_barrier(tmp_path: Path) -> None:
    gate = '<tag k="barrier" v="bollard"/>'
    body = way(-9, [-1, -2, -3]) + node(-1, 111.0) + node(-2, 111.01, tags=gate) + node(-3, 111.02)
    roads = read_osm_roads(write(tmp_path, body), ALL)
    # The bollard parts the road in two: four ends, none of them shared.
    assert {(a[:3], b[:3]) for a, b, _ in edges(roads)} == {("n-2", "n-1"), ("n-3", "n-2")}
    assert len({end for edge in edges(roads) for end in edge[:2]}) == 4


def test_negative_ids_of_railways_and_outlines(tmp_path: Path) -> None:
    plain = draw(tmp_path, NODES, WAYS, tagged=STATIONS, name="rails.osm")
    text = plain.read_text(encoding="utf-8")
    turned = tmp_path / "new.osm"
    turned.write_text(text.replace('id="', 'id="-').replace('ref="', 'ref="-'), encoding="utf-8")
    before, after = read_osm_rail(plain), read_osm_rail(turned)
    assert sorted(after.lines["length_m"]) == sorted(before.lines["length_m"])
    assert len(after.stations) == len(before.stations)
    assert not find(after.issues, "unknown_node")
    outline = town(tmp_path)
    text = outline.read_text(encoding="utf-8")
    outline.write_text(text.replace('id="', 'id="-').replace('ref="', 'ref="-'), encoding="utf-8")
    with pytest.raises(InputError):  # areas want the ids of a server; a word, no traceback
        read_osm_outlines(outline)


@pytest.mark.parametrize("mark", ['action="delete"', 'visible="false"', "action='delete' version='3'"])
def test_what_was_deleted_is_gone(tmp_path: Path, mark: str) -> None:
    gate = '<tag k="barrier" v="bollard"/>'
    body = (
        NODES_XML
        + node(9, 111.5, more=mark, tags=gate)
        + way(5, [1, 2, 3], more='action="modify"')
        + way(6, [3, 4], more=mark)
    )
    roads = read_osm_roads(write(tmp_path, body))
    assert edges(roads) == {("n1", "n3", False)}
    assert roads.report.dropped_ways == {"deleted": 1}
    assert len(read_osm_xml(write(tmp_path, body)).links) == 1


@pytest.mark.parametrize("name", ["map.osm", "map.osm.gz", "map.osm.bz2"])
def test_of_a_history_the_newest_state_counts(tmp_path: Path, name: str) -> None:
    """Node 3 moved from 111.02 to 111.03; way 5 grew; way 6 lost its class; way 7 was deleted, without its tags."""
    old, new = 'version="1" visible="true"', 'version="2" visible="true"'
    body = node(1, 111.0, more=old) + node(2, 111.01, more=old, tags='<tag k="barrier" v="bollard"/>')
    body += node(2, 111.01, more=new, tags='<tag k="barrier" v="gate"/>')
    body += node(3, 111.02, more=old) + node(3, 111.03, more=new)
    body += way(5, [1, 2], more=old) + way(5, [1, 2, 3], more=new)
    body += way(6, [1, 3], more=old) + way(6, [1, 3], more=new, tags='<tag k="access" v="no"/>')
    body += way(7, [1, 3], more=old) + '<way id="7" version="2" visible="false"/>'
    path = write(tmp_path, body)
    data = path.read_bytes()
    packed = {"map.osm": data, "map.osm.gz": gzip.compress(data), "map.osm.bz2": bz2.compress(data)}
    path = tmp_path / name
    path.write_bytes(packed[name])
    roads = read_osm_roads(path)
    assert edges(roads) == {("n1", "n3", False)}
    assert roads.tables.links["length_m"].tolist() == pytest.approx([3 * 854], rel=2e-3)


def test_a_history_as_pbf(tmp_path: Path) -> None:
    import osmium

    body = "".join(node(i, *place, more='version="1"') for i, place in PLACES.items())
    body += way(5, [1, 2, 3], more='version="1"') + way(5, [1, 2], more='version="2"')
    body += way(6, [3, 4], more='version="1"') + '<way id="6" version="2" visible="false"/>'
    header = osmium.io.Header()
    header.has_multiple_object_versions = True
    path = tmp_path / "map.osh.pbf"
    with osmium.SimpleWriter(str(path), header=header) as writer:
        for thing in osmium.FileProcessor(str(write(tmp_path, body))):
            writer.add(thing)
    assert edges(read_osm_roads(path)) == {("n1", "n2", False)}


def test_a_way_that_stands_twice_is_one_road(tmp_path: Path) -> None:
    body = NODES_XML + way(5, [1, 2]) + way(6, [2, 3]) + way(5, [1, 2])
    roads = read_osm_roads(write(tmp_path, body))
    assert edges(roads) == {("n1", "n3", False)}
    (issue,) = find(roads.tables.issues, "repeated_way")
    assert issue.value == "5"
    # The newest version counts wherever it stands.
    body = NODES_XML + way(5, [1, 3], more='version="2"') + way(5, [1, 2], more='version="1"')
    assert edges(read_osm_roads(write(tmp_path, body))) == {("n1", "n3", False)}


@pytest.mark.parametrize(
    ("lon", "lat", "told"), [("nan", "40", "nan"), ("500", "40", "500"), ("111", "-inf", "-inf"), ("", "40", "")]
)
def test_a_coordinate_that_is_none(tmp_path: Path, lon: str, lat: str, told: str) -> None:
    body = node(1, 111.0) + "\n" + node(2, lon, lat) + "\n" + node(3, 111.02) + way(5, [1, 2, 3])
    path = write(tmp_path, body)
    issue = refuse(path)
    assert (issue.code, issue.line, issue.value) == ("bad_coordinates", 3, told)
    with pytest.raises(InputError) as caught:
        read_osm_rail(path)
    assert caught.value.issues[0].code == "bad_coordinates"
    with pytest.raises(InputError):
        read_osm_xml(path)


def test_a_node_at_null_island_is_cut_out_and_told(tmp_path: Path) -> None:
    body = NODES_XML + node(8, 0, 0) + way(5, [1, 2]) + way(6, [2, 3, 8, 4])
    roads = read_osm_roads(write(tmp_path, body))
    assert edges(roads) == {("n1", "n3", False)}  # not 11,789 km
    (issue,) = find(roads.tables.issues, "null_island")
    assert issue.value == "8"
    assert not find(roads.tables.issues, "unknown_node")


@pytest.mark.parametrize(("lon", "lat"), [(111.02, 4.0), (11.02, 40.0), (1e-9, 40.0)])
def test_a_node_far_off_is_cut_out_and_told(tmp_path: Path, lon: float, lat: float) -> None:
    body = NODES_XML + node(8, lon, lat) + way(5, [1, 2]) + way(6, [2, 3, 8, 4])
    roads = read_osm_roads(write(tmp_path, body), ALL)
    assert roads.tables.links["length_m"].max() < 2000
    (issue,) = find(roads.tables.issues, "long_step")
    assert issue.value == "6"


def test_a_long_ferry_is_meant(tmp_path: Path) -> None:
    ferry = '<way id="7"><nd ref="4"/><nd ref="8"/><tag k="route" v="ferry"/><tag k="motorcar" v="yes"/></way>'
    body = NODES_XML + node(8, 116.0) + node(9, 116.01) + way(5, [1, 4]) + ferry + way(6, [8, 9])
    roads = read_osm_roads(write(tmp_path, body))
    assert roads.tables.links["length_m"].max() > 400_000
    assert not find(roads.tables.issues, "long_step")


def test_classes_written_another_way_are_counted(tmp_path: Path) -> None:
    body = NODES_XML + way(5, [1, 2]) + way(6, [2, 3], highway="Primary") + way(7, [3, 4], highway="primary;secondary")
    body += way(8, [2, 4], highway="footway") + way(9, [1, 4], highway="primary;secondary")
    roads = read_osm_roads(write(tmp_path, body))
    assert edges(roads) == {("n1", "n2", False)}
    assert roads.report.dropped_ways == {"odd_class": 3}
    assert roads.report.odd_classes == {"Primary": 1, "primary;secondary": 2}
    assert [i.value for i in find(roads.tables.issues, "odd_class")] == ["Primary (1)", "primary;secondary (2)"]
    assert "TRUNK_LINK" in refuse(write(tmp_path, NODES_XML + way(6, [2, 3], highway="TRUNK_LINK"))).hint


def test_a_duration_that_is_none_is_told(tmp_path: Path) -> None:
    tags = '<tag k="route" v="ferry"/><tag k="motorcar" v="yes"/><tag k="duration" v="soon"/>'
    ferry = f'<way id="7"><nd ref="2"/><nd ref="3"/>{tags}</way>'
    roads = read_osm_roads(write(tmp_path, NODES_XML + way(5, [1, 2]) + ferry + way(6, [3, 4])))
    (issue,) = find(roads.tables.issues, "bad_duration")
    assert issue.value == "soon"
    assert 15.0 in roads.tables.links["maxspeed_kmh"].tolist()  # as a ferry that says nothing


@pytest.mark.parametrize(
    ("name", "code", "word"),
    [
        ("map.o5m", "unknown_format", "osmium cat"),
        ("map.osm.xz", "unknown_format", "unpack"),
        ("map.osm.zip", "unknown_format", "unpack"),
        ("day.osc", "change_file", "apply-changes"),
        ("day.osc.gz", "change_file", "apply-changes"),
        ("notes.txt", "unknown_format", ".osm.pbf"),
    ],
)
def test_other_kinds_of_file_say_what_to_do(tmp_path: Path, name: str, code: str, word: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"whatever")
    for read in (read_osm_roads, read_osm_rail, read_osm_outlines):
        with pytest.raises(InputError) as caught:
            read(path)
        (issue,) = caught.value.issues
        assert issue.code == code
        assert word in issue.hint


@pytest.mark.parametrize("root", ["osmChange", "osmChange generator='x'"])
def test_changes_under_the_name_of_a_map(tmp_path: Path, root: str) -> None:
    path = tmp_path / "map.osm"
    path.write_text(f'<?xml version="1.0"?><{root} version="0.6"><create>{NODES_XML}</create></osmChange>', "utf-8")
    assert refuse(path).code == "change_file"
    packed = tmp_path / "map.osm.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert refuse(packed).code == "change_file"


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("map.osm.pbf", b"<?xml version='1.0'?><osm/>", "OSM XML"),
        ("map.osm", gzip.compress(b"<osm/>", mtime=0), "gzip"),
        ("map.osm.pbf", b"\xfd7zXZ\x00rest", "xz"),
        ("map.osm", b"PK\x03\x04rest", "zip"),
        ("map.osm", b"\xff\xe0\x04o5m2", "o5m"),
    ],
)
def test_content_that_is_not_what_the_name_says(tmp_path: Path, name: str, data: bytes, word: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    issue = refuse(path)
    assert issue.code == "unknown_format"
    assert word in issue.message
