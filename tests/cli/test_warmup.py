"""Compiling ahead: afterwards a search in a new process compiles nothing, and verbose tells the engine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPO

MAIN = "from transit_model.cli import main; main()"
LATER = """
import numpy as np
from transit_model.streets.street_search import StreetEngine, node_seeds
from transit_model.store.jit import WATCH
from transit_model.measure.warmup import build_tiny_streets, compile_all
s = build_tiny_streets()
StreetEngine(s.indptr, s.head, s.weight_ticks, s.lon, s.lat).travel_ticks(node_seeds([0]), method="buckets")
for group in compile_all():
    pass
from transit_model.domain.modes import Mode, Reading
from transit_model.measure.people import place_people
from transit_model.measure.rings import compute_isochrone, compute_rings_alone
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.measure.workspace import Workspace
session = Workspace.open().session("everything-planned")
for cell_m in (1000.0, 5000.0):
    builder = SurfaceBuilder(session, cell_m)
    people = place_people(builder, "model")
    place = session.places.get_place("hohhot")
    compute_isochrone(builder, place, Mode.BEST, Reading.DOOR_TO_DOOR, [30.0, 60.0], population=people)
    compute_rings_alone(builder, place, Mode.ROAD, Reading.TYPICAL, [30.0])
print(WATCH.compiled)
"""


def run(code: str, *arguments: str, cache: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(REPO)}
    if cache is not None:
        environment["NUMBA_CACHE_DIR"] = str(cache)
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=environment, capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip


@pytest.mark.slow
def test_after_a_warmup_nothing_is_compiled(tmp_path: Path) -> None:
    result = json.loads(run(MAIN, "warmup", "--format", "json", cache=tmp_path).stdout)
    assert result["schema"] == 1
    assert sum(group["compiled"] for group in result["groups"]) > 20
    assert Path(result["folder"]).is_relative_to(tmp_path)
    assert run(LATER, cache=tmp_path).stdout.strip() == "[]"


@pytest.mark.slow
def test_warmup_says_what_was_ready() -> None:
    first = run(MAIN, "warmup", "--lang", "en")
    assert "kept in" in first.stdout
    again = run(MAIN, "warmup", "--lang", "zh").stdout
    assert "已就绪" in again
    assert "编译" not in again


def test_verbose_tells_the_engine_and_silence_is_the_rule() -> None:
    question = ("od", "--from", "centres", "--to", "centres", "--mode", "road", "--format", "json")
    quiet, loud = run(MAIN, *question), run(MAIN, *question, "--verbose")
    assert quiet.stdout == loud.stdout
    assert quiet.stderr == ""
    assert "engine plain" in loud.stderr
