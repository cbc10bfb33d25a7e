"""Start-up: the whole help and a small question on the shipped region, against importing the libraries we stand on.

Every process has the bytecode of what it imports at hand, as an installed program has; where an environment forbids
to write it, it lies in a folder of this test, and the round before the first timed one fills it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from tests.bench.harness import Section, measure

pytestmark = pytest.mark.bench
PROGRAM = Path(sys.executable).with_name("transit-model")
QUESTION = ("od", "--from", "centres", "--to", "centres", "--mode", "road", "--format", "json")


def call(environment: dict[str, str], *command: object) -> str:
    done = subprocess.run(
        [str(part) for part in command], check=True, capture_output=True, timeout=120, env=environment
    )
    return done.stdout.decode("utf-8")


def read_children_s() -> float:
    """Return the processor time of all processes started so far that have ended, in seconds."""
    resource = pytest.importorskip("resource", reason="Windows does not tell the time of processes that have ended")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return float(used.ru_utime + used.ru_stime)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Return an environment with a cache and bytecode of its own, told from the user's only by where they lie."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(tmp_path / "bytecode"), "TRANSIT_MODEL_CACHE": str(tmp_path / "cache")}


def test_start_up(environment: dict[str, str]) -> None:
    if not PROGRAM.exists():
        pytest.skip("transit-model is not installed beside this Python")
    number = count()

    def ask_anew() -> str:
        # In another locale it is another question, though no road hangs on it: nothing of the answer is kept yet.
        return call({**environment, "LC_IDENTIFICATION": f"bench{next(number)}"}, PROGRAM, *QUESTION)

    assert ask_anew() == call(environment, PROGRAM, *QUESTION) == call(environment, PROGRAM, *QUESTION)
    calls: dict[str, Callable[[], object]] = {
        "import osmnx, geopandas, folium": lambda: call(
            environment, sys.executable, "-c", "import osmnx, geopandas, folium"
        ),
        "transit-model --help": lambda: call(environment, PROGRAM, "--help"),
        "transit-model od --help": lambda: call(environment, PROGRAM, "od", "--help"),
        "transit-model od, four centres by road, asked before": lambda: call(environment, PROGRAM, *QUESTION),
        "transit-model od, four centres by road, not asked before": ask_anew,
        "python -c pass": lambda: call(environment, sys.executable, "-c", "pass"),
    }
    runs = measure(calls, clock=read_children_s)
    libraries = runs["import osmnx, geopandas, folium"]
    section = Section(
        "start-up",
        90,
        "Start-up",
        "Whole processes, warm disk, bytecode kept; processor time. Targets against the import: 28x for the help, 9x "
        "for a small question that was asked before: its answer is kept under a hash of all that it hangs on.",
        [{"what": name, "ms": run.tell(), "x faster": run.times_faster(libraries)} for name, run in runs.items()],
    )
    section.save()
