"""The main job, `transit-model run`, as a whole process: by the clock, in processor time, and where the time goes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import pytest

from tests.bench.harness import RUNS, Section, tell

pytestmark = pytest.mark.bench
PROGRAM = Path(sys.executable).with_name("transit-model")
IMPORT = (sys.executable, "-c", "import osmnx, geopandas, folium")
STAGE = re.compile(r"^(?P<stage>[a-z][a-z ]+): (?P<s>[\d.]+) s, \d+%$", flags=re.MULTILINE)


@dataclass(frozen=True)
class Spent:
    """Seconds of a process with its children, by the clock and of processors, and what it said."""

    clock_s: float
    processor_s: float
    told: str


def run(*command: object) -> Spent:
    """Run a command to its end."""
    before, start = os.times(), perf_counter()
    done = subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True, timeout=900)
    spent, after = perf_counter() - start, os.times()
    processor_s = sum(getattr(after, n) - getattr(before, n) for n in ("children_user", "children_system"))
    return Spent(spent, processor_s, done.stdout + done.stderr)


def test_default_study(tmp_path: Path) -> None:
    if not PROGRAM.exists():
        pytest.skip("transit-model is not installed beside this Python")
    ways = {"2 processes": ("--workers", "2"), "1 process": ("--workers", "1")}
    imports: list[Spent] = []
    loads: list[float] = []
    runs: dict[str, list[Spent]] = {name: [] for name in ways}
    for _ in range(RUNS):
        loads.append(os.getloadavg()[0])
        imports.append(run(*IMPORT))
        for name, words in ways.items():
            with tempfile.TemporaryDirectory(dir=tmp_path) as out:
                runs[name].append(run(PROGRAM, "run", "--out", out, "--verbose", *words))
    section = Section(
        "default-study",
        88,
        "The main job",
        "`transit-model run` on the shipped region: nine scenarios, eight comparisons with certificates, all goals and "
        "pages; whole processes with their start. Target: 40 s of processor time with two processes on a machine "
        "without other work. How many times the import of osmnx, geopandas and folium it takes, in processor time, "
        "tells how fast the machine was.",
    )
    import_s = [spent.processor_s for spent in imports]
    for name, result in runs.items():
        section.rows.append(
            {
                "what": name,
                "s": tell([t.clock_s for t in result]),
                "processor s": tell([t.processor_s for t in result]),
                "x the import": tell([t.processor_s / i for t, i in zip(result, import_s, strict=True)]),
            }
        )
    section.rows.append(
        {
            "what": "import osmnx, geopandas, folium",
            "s": tell([spent.clock_s for spent in imports]),
            "processor s": tell(import_s),
            "x the import": "1",
        }
    )
    for name, result in runs.items():
        stages = [dict(STAGE.findall(spent.told)) for spent in result]
        shares = "; ".join(f"{stage} {tell([float(s[stage]) for s in stages])} s" for stage in stages[0])
        section.notes.append(f"{name}: {shares}")
    section.notes.append(f"Load of the machine before each round (other work makes processors slower): {tell(loads)}")
    section.save()
