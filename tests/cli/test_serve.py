"""`transit-model serve`: the folder on this machine only, a plain word when it cannot."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError

import pytest

from transit_model.cli import page_server
from transit_model.cli.page_server import find_file
from transit_model.cli.serve_command import open_server
from transit_model.errors import InputError
from transit_model.studio.loopback import HOST

RUN = """
import sys, typer
from transit_model.cli.serve_command import register
app = typer.Typer()
app.callback()(lambda: None)
register(app)
app(["serve", sys.argv[1], "--port", "0", "--lang", "en"])
"""


@pytest.fixture
def maps(tmp_path: Path) -> Path:
    folder = tmp_path / "maps"
    (folder / "data").mkdir(parents=True)
    (folder / "index.html").write_text("<h1>呼和浩特</h1>", encoding="utf-8")
    (folder / "data" / "od.csv").write_text("from,to\n", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("not for the browser", encoding="utf-8")
    return folder


@contextmanager
def _serving(folder: Path) -> Iterator[str]:
    with open_server(folder) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://{HOST}:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def _get(address: str) -> str:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a proxy must not answer for this machine
    with opener.open(address, timeout=10) as answer:
        return str(answer.read().decode("utf-8"))


def test_the_folder_is_served_and_nothing_above_it(maps: Path) -> None:
    with _serving(maps) as address:
        assert _get(f"{address}/") == "<h1>呼和浩特</h1>"
        assert _get(f"{address}/data/od.csv") == "from,to\n"
        with pytest.raises(HTTPError, match="404") as refused:
            _get(f"{address}/../secret.txt")
        refused.value.close()


def _ask(address: str, request: bytes) -> bytes:
    port = int(address.rpartition(":")[2])
    with socket.create_connection((HOST, port), timeout=10) as line:
        line.sendall(request)
        answer = b""
        while piece := line.recv(65536):
            answer += piece
    return answer


def _status(address: str, path: str, *heads: str) -> int:
    lines = [f"GET {path} HTTP/1.1", *heads, "", ""]
    return int(_ask(address, "\r\n".join(lines).encode()).split()[1])


@pytest.mark.parametrize(
    ("heads", "status"),
    [
        (["Host: localhost"], 200),
        (["Host: LOCALHOST:8123"], 200),
        (["Host: [::1]:8000"], 200),
        (["Host: evil.example"], 403),
        (["Host: 127.0.0.1.evil.example"], 403),
        (["Host: 192.168.0.7:8000"], 403),
        (["Host: [bad"], 403),
        ([], 400),
        (["Host: localhost", "Host: evil.example"], 400),
    ],
)
def test_only_names_of_this_machine_are_answered(maps: Path, heads: list[str], status: int) -> None:
    with _serving(maps) as address:
        assert _status(address, "/", *heads) == status


@pytest.mark.parametrize(
    "path",
    ["/%00", "/index.html%00", "/data", "/data/", "/nothing", "/.git/config", "/%2e%2e/secret.txt", "/..%5csecret.txt",
     "/index.html/", "//secret.txt", "/%ff", "/data/%2e./index.html"],
)  # fmt: skip
def test_what_does_not_exist_for_the_server(maps: Path, path: str, capfd: pytest.CaptureFixture[str]) -> None:
    (maps / ".git").mkdir()
    (maps / ".git" / "config").write_text("hidden", encoding="utf-8")
    with _serving(maps) as address:
        assert _status(address, path, "Host: localhost") == 404
        assert _status(address, "/data/od.csv?v=1#x", "Host: localhost") == 200
    assert capfd.readouterr().err == ""


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need rights on Windows")
def test_links_out_of_the_folder_are_not_followed(maps: Path) -> None:
    (maps / "out.txt").symlink_to(maps.parent / "secret.txt")
    (maps / "up").symlink_to(maps.parent)
    (maps / "inside.html").symlink_to("index.html")
    (maps / "round").symlink_to("round")
    assert find_file(maps, "/out.txt") is None
    assert find_file(maps, "/up/secret.txt") is None
    assert find_file(maps, "/round") is None
    assert find_file(maps, "/inside.html") == "inside.html"
    link = maps.parent / "linked maps"
    link.symlink_to(maps)  # the folder itself may be a link
    assert find_file(link, "/") == "index.html"


def test_broken_connections_are_not_worth_a_word(maps: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (maps / "large.bin").write_bytes(b"x" * 20_000_000)
    with _serving(maps) as address:
        port = int(address.rpartition(":")[2])
        for request in (
            b"",
            b"GET /",
            b"\x16\x03\x01\x00\xff\x00\x00",
            b"GET /large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n",
        ):
            with socket.create_connection((HOST, port), timeout=10) as line:
                line.sendall(request)
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # reset, not end
        assert _get(f"{address}/") == "<h1>呼和浩特</h1>"
    assert capfd.readouterr().err == ""


def test_half_open_connections_neither_pile_up_nor_shut_others_out(maps: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_server, "MOST_CONNECTIONS", 8)
    before = threading.active_count()
    with _serving(maps) as address, contextlib.ExitStack() as stack:
        port = int(address.rpartition(":")[2])
        for _ in range(40):
            line = stack.enter_context(socket.create_connection((HOST, port), timeout=10))
            line.sendall(b"GET / HTTP/1.1\r\n")
        assert _get(f"{address}/") == "<h1>呼和浩特</h1>"
        assert threading.active_count() - before <= 8 + 2  # those, the one that listens, and one on its way out


def test_a_request_that_comes_drop_by_drop_is_given_up(maps: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_server, "IDLE_S", 0.3)
    monkeypatch.setattr(page_server.PageHandler, "timeout", 0.3)
    with _serving(maps) as address:
        port = int(address.rpartition(":")[2])
        began = time.monotonic()
        with socket.create_connection((HOST, port), timeout=10) as line, contextlib.suppress(OSError):
            for drop in b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 100:
                line.sendall(bytes([drop]))
                time.sleep(0.02)  # 600 bytes would take 12 s
        assert time.monotonic() - began < 5
        with socket.create_connection((HOST, port), timeout=10) as silent:
            assert silent.recv(1) == b""


def test_it_listens_on_this_machine_only(maps: Path) -> None:
    with open_server(maps) as server:
        assert server.server_address[0] == "127.0.0.1"


def test_a_folder_without_maps_is_a_plain_word(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        open_server(tmp_path / "nowhere")
    assert caught.value.issues[0].code == "no_maps"
    assert "transit-model run" in caught.value.issues[0].hint


def test_a_taken_port_is_a_plain_word(maps: Path) -> None:
    with open_server(maps) as server, pytest.raises(InputError) as caught:
        open_server(maps, server.server_port)
    assert caught.value.issues[0].code == "port_taken"


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C cannot be sent to one process on Windows")
def test_ctrl_c_ends_it(maps: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-u", "-c", RUN, str(maps)], stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert f"http://{HOST}:" in line
        late = threading.Timer(60, process.kill)  # one that does not hear fails, and holds nobody up
        late.start()
        process.send_signal(signal.SIGINT)
        assert "ended" in process.stdout.read()
        late.cancel()
        assert process.wait(timeout=20) == 0
