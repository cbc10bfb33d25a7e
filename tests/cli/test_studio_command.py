"""`transit-model studio`: starts, tells its address, ends with Ctrl-C; what is wrong is an issue."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import REPO
from tests.minipack import write_minipack
from tests.study.mini_workspace import write_mini_scenarios

CALL = [sys.executable, "-c", "from transit_model.cli import main; main()", "studio"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_minipack(tmp_path / "mini")
    write_mini_scenarios(tmp_path / "scenarios")
    return tmp_path


@contextmanager
def _started(*words: str) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    pipe = subprocess.PIPE
    with subprocess.Popen([*CALL, *words], stdout=pipe, stderr=pipe, text=True, cwd=REPO, env=environment) as running:
        try:
            yield running
        finally:
            running.kill()


def _get(address: str, **headers: str) -> bytes:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(urllib.request.Request(address, headers=headers), timeout=60) as answer:
        return bytes(answer.read())


def _where(folder: Path) -> list[str]:
    return ["--region", str(folder / "mini"), "--scenarios", str(folder / "scenarios"), "--port", "0", "--no-browser"]


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_it_starts_tells_its_address_and_ends(folder: Path) -> None:
    with _started(*_where(folder), "--lang", "en") as running:
        assert running.stdout is not None
        line = running.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+/", line)
        assert found is not None, line
        result = json.loads(_get(found[0] + "api/choices"))
        assert [b["id"] for b in result["bases"]] == ["built"]
        assert result["folder"] == str(folder / "scenarios")
        page = _get(found[0]).decode()
        assert "方案工作台" in page
        assert "<script>" not in page
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)
        assert running.returncode == 0, err
        assert "ended" in out
        assert "Traceback" not in err


def test_wrong_words_are_issues(folder: Path) -> None:
    for words, code in (
        (["--region", "nowhere"], "unknown_region"),
        (["--region", str(folder / "mini"), "--scenarios", str(folder / "none")], "no_folder"),
        ([*_where(folder), "--timetable", "none"], "unknown_timetable"),
    ):
        done = subprocess.run([*CALL, *words, "--no-browser"], capture_output=True, text=True, cwd=REPO, check=False)
        assert done.returncode == 2, done.stderr
        assert code in done.stderr
        assert "Traceback" not in done.stderr
