"""Start-up: the whole help and a small question on the shipped region, against importing the libraries we stand on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.harness import Section, measure

pytestmark = pytest.mark.bench
PROGRAM = Path(sys.executable).with_name("transit-model")
QUESTION = ("od", "--from", "centres", "--to", "centres", "--mode", "road", "--format", "json")


def call(*command: object) -> None:
    subprocess.run([str(part) for part in command], check=True, capture_output=True, timeout=120)


def test_start_up() -> None:
    if not PROGRAM.exists():
        pytest.skip("transit-model is not installed beside this Python")
    runs = measure(
        {
            "import osmnx, geopandas, folium": lambda: call(sys.executable, "-c", "import osmnx, geopandas, folium"),
            "transit-model --help": lambda: call(PROGRAM, "--help"),
            "transit-model od --help": lambda: call(PROGRAM, "od", "--help"),
            "transit-model od, four centres by road": lambda: call(PROGRAM, *QUESTION),
            "python -c pass": lambda: call(sys.executable, "-c", "pass"),
        }
    )
    libraries = runs["import osmnx, geopandas, folium"]
    section = Section(
        "start-up",
        90,
        "Start-up",
        "Whole processes, warm disk. Targets against the import: 28x for the help, 9x for a small question.",
        [{"what": name, "ms": run.tell(), "x faster": run.times_faster(libraries)} for name, run in runs.items()],
    )
    section.save()
