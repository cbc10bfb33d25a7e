"""Worker processes end with the process that started them, wherever they are started."""

from __future__ import annotations

import ast
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import REPO
from tests.minipack import write_minipack
from tests.pages.test_run import STUDY
from tests.study.mini_workspace import write_mini_scenarios

PACKAGE = REPO / "transit_model"


def test_every_pool_watches_its_parent() -> None:
    pools = []
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "ProcessPoolExecutor":
                words = {ast.unparse(k.value) for k in node.keywords if k.arg == "initializer"}
                words |= {ast.unparse(a) for a in node.args[2:3]}
                pools.append((path.name, words))
    assert len(pools) >= 3
    # `_load` of the batch's processes begins with it
    assert [name for name, words in pools if not words & {"leave_with_parent", "_load"}] == []


def _list_children(number: int) -> set[int]:
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == number:
            found.add(int(path.parent.name))
    return found


def _runs(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="children are looked up in /proc")
def test_a_killed_run_leaves_no_process(tmp_path: Path) -> None:
    region, scenarios = write_minipack(tmp_path / "mini"), write_mini_scenarios(tmp_path / "scenarios")
    (scenarios / "study.yaml").write_text(STUDY, encoding="utf-8")
    words = ["run", "--region", str(region), "--scenarios", str(scenarios), "--workers", "3", "-o", str(tmp_path / "m")]
    line = [sys.executable, "-c", "from transit_model.cli import main; main()", *words]
    with subprocess.Popen(
        line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(REPO)}
    ) as parent:
        workers: set[int] = set()
        until = time.monotonic() + 60
        while len(workers) < 3 and parent.poll() is None and time.monotonic() < until:
            workers = _list_children(parent.pid)  # two, and multiprocessing's own tracker
            time.sleep(0.05)
        assert len(workers) == 3
        time.sleep(1.0)  # into the work
        parent.send_signal(signal.SIGKILL)
    until = time.monotonic() + 20
    while any(map(_runs, workers)) and time.monotonic() < until:
        time.sleep(0.1)
    assert [w for w in workers if _runs(w)] == []
