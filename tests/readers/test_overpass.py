"""Overpass: tiles, waiting, resuming, against a server of our own on the loopback address."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from transit_model.errors import InputError
from transit_model.readers.cache import Cache
from transit_model.readers.osm import Bbox
from transit_model.readers.overpass import OverpassOptions, download_roads, list_tiles, parse_box

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
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            query = parse_qs(body)["data"][0]
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
    tables, told = download_roads(BOX, options, Cache(folder), sleep=slept.append)
    assert set(tables.nodes["node_id"]) == {"n1", "n4"}
    return told


def fail(address: str, folder: Path, **options: float) -> str:
    with pytest.raises(InputError) as caught:
        fetch(address, folder, **options)  # type: ignore[arg-type]
    (issue,) = caught.value.issues
    assert issue.code == "download_failed"
    assert issue.hint
    return issue.message


def test_tiles_are_fetched_once_and_joined(tmp_path: Path) -> None:
    with serve(lambda query, _: good(query)) as (address, seen):
        told = fetch(address, tmp_path)
        assert len(seen) == 2
        assert all("fetched 20" in line and "UTC" in line for line in told)
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
