"""A region on a full street map, the documented way: whole processes, their processor time and peak memory."""

from __future__ import annotations

import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.bench.harness import Section
from tests.bench.street_region import find_extract, make_map
from tests.conftest import REPO

pytestmark = pytest.mark.bench
PROGRAM = Path(sys.executable).with_name("transit-model")
IMPORT = (sys.executable, "-c", "import osmnx, geopandas, folium")
PAIR = ("built-2025", "s26")


@dataclass(frozen=True)
class Spent:
    """Processor seconds of a process, and its peak memory in MB."""

    processor_s: float
    peak_mb: float


def run(*command: object, limit_s: int = 1800) -> Spent:
    """Run a command to its end in a process of its own, whose children are this one's alone."""
    watcher = (
        "import resource, subprocess, sys\n"
        "done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)\n"
        "sys.stderr.buffer.write(done.stderr[-2000:] if done.returncode else b'')\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)\n"
        "sys.exit(done.returncode)"
    )
    words = [sys.executable, "-c", watcher, *(str(part) for part in command)]
    done = subprocess.run(words, cwd=REPO, check=True, stdout=subprocess.PIPE, text=True, timeout=limit_s)
    processor_s, peak_mb = (float(word) for word in done.stdout.split())
    return Spent(processor_s, peak_mb)


def test_street_region(tmp_path: Path) -> None:
    if not PROGRAM.exists() or not hasattr(resource, "RUSAGE_CHILDREN"):
        pytest.skip("transit-model is not installed beside this Python")
    if find_extract() is None:
        pytest.skip("the Porto extract is not in BENCH_DATA or shared/data")
    made = make_map(tmp_path)
    region = tmp_path / "region"
    run(PROGRAM, "warmup")
    join = (PROGRAM, "data", "join", made, "-o", tmp_path / "report", "--max-km", "200", "--write", region)
    group = ("--from", "centres", "--to", "county_seats", "--region", region)
    steps: dict[str, tuple[object, ...]] = {
        "import roads": (PROGRAM, "import", "roads", made, "-o", tmp_path / "roads"),
        "data join --write": join,
        "od 4 x 38 by road, fresh": (PROGRAM, "od", "--mode", "road", *group),
        "od 4 x 38 by road and rail": (PROGRAM, "od", "--mode", "road,rail", *group),
        "isochrone of one place": (PROGRAM, "isochrone", "--from", "hohhot", "--mode", "road", "--region", region),
        "compare": (PROGRAM, "compare", *PAIR, "--region", region),
    }
    section = Section(
        "street-region",
        87,
        "A region on a full street map",
        "The shipped places, people, trains and plans on the streets of `python -m tests.bench.street_region`; whole "
        "processes, warm caches. `imports` are imports of osmnx, geopandas and folium in the same run.",
    )
    before = run(*IMPORT)
    spent = {name: run(*command) for name, command in steps.items()}
    imports_s = (before.processor_s + run(*IMPORT).processor_s) / 2
    for name, used in spent.items():
        imports = used.processor_s / imports_s
        section.rows.append(
            {"what": name, "processor s": used.processor_s, "imports": imports, "peak MB": used.peak_mb}
        )
    section.save()
