"""`transit-model serve`: the folder on this machine only, a plain word when it cannot."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError

import pytest

from transit_model.cli.serve_command import HOST, open_server
from transit_model.errors import InputError

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
        process.send_signal(signal.SIGINT)
        assert "ended" in process.stdout.read()
        assert process.wait(timeout=20) == 0
