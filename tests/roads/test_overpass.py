"""Overpass and Nominatim: tiles, waiting, resuming, against a server of our own on the loopback address."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from transit_model.errors import InputError
from transit_model.roads.osm_roads import OsmRoads, read_osm_roads
from transit_model.roads.overpass import OverpassOptions, download_extract, list_tiles, parse_box
from transit_model.roads.overpass_extract import Bbox, MapObjects, make_tile_query, parse_objects, write_extract
from transit_model.roads.place_area import find_place_area
from transit_model.store.cache import Cache

Reply = tuple[int, dict[str, str], bytes]
BOX = Bbox(111.0, 40.0, 112.0, 40.5)
NODES = [{"type": "node", "id": i, "lon": 111 + 0.2 * i, "lat": 40.2} for i in range(1, 5)]
# Way 1 lies in the first tile, way 2 crosses into the second.
WAYS = [
    {"type": "way", "id": 1, "nodes": [1, 2], "tags": {"highway": "primary"}},
    {"type": "way", "id": 2, "nodes": [2, 3, 4], "tags": {"highway": "primary"}},
]


def good(query: str) -> Reply:
    ways = WAYS if ",111.5)" in query else WAYS[1:]
    return 200, {}, json.dumps({"elements": NODES + ways}).encode()


@contextmanager
def serve(answer: Callable[[str, int], Reply]) -> Iterator[tuple[str, list[str]]]:
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # as Nominatim is asked
            self.reply(parse_qs(urlsplit(self.path).query)["q"][0])

        def do_POST(self) -> None:  # as Overpass is asked
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.reply(parse_qs(body)["data"][0])

        def reply(self, query: str) -> None:
            seen.append(query)
            status, headers, content = answer(query, len(seen))
            try:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)
            except (BrokenPipeError, ConnectionResetError):
                pass  # the client has gone

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/api", seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def fetch(address: str, folder: Path, *, waits: list[float] | None = None, timeout_s: float = 10.0) -> list[str]:
    options = OverpassOptions(mirror=address, timeout_s=timeout_s, tries=3, pause_s=2.0)
    slept = [] if waits is None else waits
    path, result = download_extract(BOX, options, Cache(folder), sleep=slept.append)
    assert ends(read_osm_roads(path)) == {"n1", "n4"}
    assert "2 tiles from 127.0.0.1" in result[-1]
    return result[:-1]


def ends(roads: OsmRoads) -> set[str]:
    return set(roads.tables.nodes["node_id"])


def fail(address: str, folder: Path, **options: float) -> str:
    with pytest.raises(InputError) as caught:
        fetch(address, folder, **options)  # type: ignore[arg-type]
    (issue,) = caught.value.issues
    assert issue.code == "download_failed"
    assert issue.hint
    return issue.message


def test_tiles_are_fetched_once_and_joined(tmp_path: Path) -> None:
    with serve(lambda query, _: good(query)) as (address, seen):
        result = fetch(address, tmp_path)
        assert len(seen) == 2
        assert all("fetched 20" in line and "UTC" in line for line in result)
        again = fetch(address, tmp_path)
        assert len(seen) == 2
        assert all("from the cache" in line for line in again)


def test_a_busy_server_is_given_time(tmp_path: Path) -> None:
    def busy(query: str, number: int) -> Reply:
        return (429, {"Retry-After": "7"}, b"slow down") if number == 1 else good(query)

    waits: list[float] = []
    with serve(busy) as (address, _):
        fetch(address, tmp_path, waits=waits)
    assert waits == [7.0]


def test_a_server_that_stays_busy(tmp_path: Path) -> None:
    waits: list[float] = []
    with serve(lambda *_: (504, {}, b"")) as (address, seen):
        assert "504" in fail(address, tmp_path, waits=waits)  # type: ignore[arg-type]
        assert len(seen) == 3
    assert waits == [2.0, 4.0]


def test_finished_tiles_are_kept(tmp_path: Path) -> None:
    def breaks(query: str, number: int) -> Reply:
        return good(query) if number == 1 else (500, {}, b"")

    with serve(breaks) as (address, _):
        assert "tile 2 of 2" in fail(address, tmp_path)
        # The key of a tile holds the server's address, so the same one must answer again.
    with serve(lambda query, _: good(query)) as (other, seen):
        fetch(other, tmp_path / "fresh")
        assert len(seen) == 2


def test_resuming_asks_for_the_missing_tile_only(tmp_path: Path) -> None:
    state = {"up": False}

    def answer(query: str, number: int) -> Reply:
        return good(query) if number == 1 or state["up"] else (500, {}, b"")

    with serve(answer) as (address, seen):
        fail(address, tmp_path)
        state["up"] = True
        before = len(seen)
        fetch(address, tmp_path)
        assert len(seen) == before + 1


def test_html_instead_of_data(tmp_path: Path) -> None:
    with serve(lambda *_: (200, {}, b"<html><body>rate limited</body></html>")) as (address, _):
        assert "no JSON" in fail(address, tmp_path)


def test_an_answer_that_gave_up_half_way(tmp_path: Path) -> None:
    half = json.dumps({"elements": NODES, "remark": "runtime error: Query timed out"}).encode()
    with serve(lambda *_: (200, {}, half)) as (address, _):
        assert "timed out" in fail(address, tmp_path)


def test_a_slow_server(tmp_path: Path) -> None:
    def slow(query: str, _: int) -> Reply:
        time.sleep(0.4)
        return good(query)

    with serve(slow) as (address, _):
        assert "within 0.1 s" in fail(address, tmp_path, timeout_s=0.1)


def test_a_server_that_is_down(tmp_path: Path) -> None:
    with serve(lambda query, _: good(query)) as (address, _):
        pass
    assert "no connection" in fail(address, tmp_path)


def test_only_http(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        fetch("file:///etc/passwd", tmp_path)
    assert caught.value.issues[0].code == "bad_address"


def test_boxes_and_tiles() -> None:
    assert parse_box("111,40,112,40.5") == BOX
    assert list_tiles(BOX, 0.5) == [Bbox(111.0, 40.0, 111.5, 40.5), Bbox(111.5, 40.0, 112.0, 40.5)]
    for text in ("", "1,2,3", "112,40,111,41", "111,91,112,95", "a,b,c,d"):
        with pytest.raises(InputError):
            parse_box(text)


def test_a_broken_answer_and_a_cache_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        parse_objects({"elements": [{"type": "way", "id": 1}]}, file="tile 1")
    assert [i.code for i in caught.value.issues] == ["bad_answer"]
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with serve(lambda query, _: good(query)) as (address, _):
        fetch(address, tmp_path / "file" / "cache")


def test_a_query_names_what_each_layer_needs() -> None:
    query = make_tile_query(BOX, ("motorway", "trunk"), ("roads", "rail", "outlines"), ferries=True)
    for part in (
        'way["highway"~"^(motorway|trunk)(_link)?$"]',
        'way["route"="ferry"]',
        'way["railway"~"^(rail|',
        'node["railway"~"^(station|halt)$"]',
        'relation["boundary"="administrative"]',
        'rel(bw.w)["type"="restriction"]',
        "(40.0,111.0,40.5,112.0)",
    ):
        assert part in query
    assert "railway" not in make_tile_query(BOX, ("motorway",), ("roads",))


def test_a_download_is_read_like_a_file(tmp_path: Path) -> None:
    """Lights, barriers, restrictions and ferries of a download count as those of an extract do."""
    nodes = [
        {"type": "node", "id": i, "lon": 111 + 0.01 * i, "lat": 40.2, "tags": tags}
        for i, tags in enumerate(({}, {"highway": "traffic_signals"}, {}, {"barrier": "bollard"}, {}), start=1)
    ]
    ways = [
        {"type": "way", "id": 1, "nodes": [1, 2, 3], "tags": {"highway": "primary"}},
        {"type": "way", "id": 2, "nodes": [3, 4, 5], "tags": {"highway": "residential"}},
    ]
    turn = {
        "type": "relation",
        "id": 9,
        "tags": {"type": "restriction", "restriction": "no_u_turn"},
        "members": [{"type": "way", "ref": 1, "role": "from"}, {"type": "node", "ref": 3, "role": "via"}],
    }
    answer = {"elements": [*nodes, *ways, turn]}
    reply: Reply = (200, {}, json.dumps(answer).encode())
    with serve(lambda *_: reply) as (address, _):
        options = OverpassOptions(mirror=address, tile_deg=5)
        path, _ = download_extract(BOX, options, Cache(tmp_path))
    direct = tmp_path / "direct.osm.gz"
    write_extract(parse_objects(answer, file="x"), direct)
    one, other = read_osm_roads(path), read_osm_roads(direct)
    assert one.tables.links.equals(other.tables.links)
    assert one.tables.links["delay_s"].tolist()[0] == 11
    assert (one.report.traffic_signals, one.report.turn_restrictions_not_used) == (1, 1)
    assert ends(one) == {"n1", "n3", "n4.3"}  # the bollard ends the second road


SHAPE = {"type": "Polygon", "coordinates": [[[111, 40], [111.6, 40], [111, 40.5], [111, 40]]]}
PLACE = {
    "display_name": "甲县, 内蒙古自治区, 中国",
    "boundingbox": ["40", "40.5", "111", "111.6"],
    "geojson": SHAPE,
    "importance": 0.5,
    "lat": "40.2",
    "lon": "111.2",
    "place_id": 1,
}


def find(
    address: str, folder: Path, name: str = "甲县", waits: list[float] | None = None, timeout_s: float = 10
) -> BaseGeometry:
    options = OverpassOptions(nominatim=address, timeout_s=timeout_s, tries=2, pause_s=2.0)
    slept = [] if waits is None else waits
    found = find_place_area(name, options, folder, sleep=slept.append)
    assert found.name.startswith("甲县")
    return found.area


@pytest.fixture
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare the second that osmnx waits before each request to the public server."""
    monkeypatch.setattr("osmnx._nominatim.time.sleep", lambda _: None)


@pytest.mark.usefixtures("_no_pause")
def test_a_place_is_looked_up_once(tmp_path: Path) -> None:
    with serve(lambda *_: (200, {}, json.dumps([PLACE]).encode())) as (address, seen):
        assert find(address, tmp_path).equals(shapely.from_geojson(json.dumps(SHAPE)))
        find(address, tmp_path)
        assert seen == ["甲县"]


@pytest.mark.usefixtures("_no_pause")
def test_only_tiles_and_roads_of_the_area_are_fetched(tmp_path: Path) -> None:
    area = shapely.from_geojson(json.dumps(SHAPE))
    elements = [
        {"type": "node", "id": 1, "lon": 111.1, "lat": 40.1},
        {"type": "node", "id": 2, "lon": 111.2, "lat": 40.1},
        {"type": "node", "id": 3, "lon": 111.3, "lat": 40.45},  # outside the triangle
        {"type": "node", "id": 4, "lon": 111.4, "lat": 40.45},
        {"type": "way", "id": 1, "nodes": [1, 2, 3], "tags": {"highway": "primary"}},
        {"type": "way", "id": 2, "nodes": [3, 4], "tags": {"highway": "primary"}},
    ]
    with serve(lambda *_: (200, {}, json.dumps({"elements": elements}).encode())) as (address, seen):
        options = OverpassOptions(mirror=address, tile_deg=0.1)
        path, result = download_extract(area, options, Cache(tmp_path))
        # 6 x 5 tiles of 0.1 degree; by rows from the south 6, 5, 4, 3, 2 of them touch the triangle
        assert len(seen) == len(result) - 1 == 20
        assert ends(read_osm_roads(path)) == {"n1", "n3"}
        with pytest.raises(InputError) as caught:
            MapObjects({9: (0.0, 0.0, {})}, {}, {}).clip(area)
        assert [i.code for i in caught.value.issues] == ["empty_area"]


@pytest.mark.usefixtures("_no_pause")
@pytest.mark.parametrize(
    ("reply", "code", "word"),
    [
        ((429, {"Retry-After": "7"}, b"slow"), "download_failed", "429"),
        ((504, {}, b""), "download_failed", "504"),
        ((200, {}, b"<html>busy</html>"), "download_failed", "no JSON"),
        ((200, {}, b"[]"), "unknown_place", "no place"),
        (
            (200, {}, json.dumps([{**PLACE, "geojson": {"type": "Point", "coordinates": [111, 40]}}]).encode()),
            "place_is_a_point",
            "no area",
        ),
    ],
)
def test_places_that_cannot_be_found(tmp_path: Path, reply: Reply, code: str, word: str) -> None:
    waits: list[float] = []
    with serve(lambda *_: reply) as (address, seen):
        with pytest.raises(InputError) as caught:
            find(address, tmp_path, waits=waits)
        assert [i.code for i in caught.value.issues] == [code]
        assert word in caught.value.issues[0].message
        assert len(seen) == (2 if code == "download_failed" else 1)
    assert waits == ([7.0] if reply[0] == 429 else [2.0] if code == "download_failed" else [])


@pytest.mark.usefixtures("_no_pause")
def test_a_name_server_that_is_slow_or_down(tmp_path: Path) -> None:
    def slow(*_: object) -> Reply:
        threading.Event().wait(0.4)  # `time.sleep` is spared here
        return 200, {}, b"[]"

    with serve(slow) as (address, _), pytest.raises(InputError) as caught:
        find(address, tmp_path, timeout_s=0.1)
    assert "within 0.1 s" in caught.value.issues[0].message
    with pytest.raises(InputError) as caught:
        find(address, tmp_path)
    assert "no connection" in caught.value.issues[0].message
    with pytest.raises(InputError) as caught:
        find("ftp://example.org", tmp_path)
    assert [i.code for i in caught.value.issues] == ["bad_address"]
