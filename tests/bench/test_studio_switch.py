"""How long a thread of the studio may keep the interpreter: circles that are sent while goals are measured."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from time import perf_counter, sleep
from typing import Any

import numpy as np
import pytest

from tests.bench.harness import Section

pytestmark = pytest.mark.bench
SWITCH_MS = (0.5, 5.0)
"""What the studio sets, and what Python has."""
N_MOVES, LEAD_S = 24, 0.015
PROJECTS = ["s27_hohhot", "s26", "hubao_hsr"]
SERVE = """
import sys
from transit_model.studio import server
server._SWITCH_S = float(sys.argv[1]) / 1000
studio = server.open_studio(None, None, None)
print(studio.url, flush=True)
studio.run()
"""
RINGS: dict[str, Any] = {
    "origins": ["hohhot"], "modes": ["best"], "readings": ["typical"], "cutoffs_min": [30, 60, 90, 120],
    "tolerance_m": 250, "parts": ["rings", "people", "drawn"],
}  # fmt: skip
GOALS: dict[str, Any] = {"goals": "headline", "evidence": False, "parts": ["verdicts"]}
MOVES: dict[str, Callable[[int], dict[str, float]]] = {
    "the speed of a road": lambda n: {"s27_hohhot.design_speed_kmh": 70.5 + n},
    "the speed of a railway": lambda n: {"hubao_hsr.design_speed_kmh": 202.0 + 5 * n},
}


@contextmanager
def _serving(switch_ms: float) -> Iterator[int]:
    """Run a studio with an interval in a process of its own: its port."""
    command = [sys.executable, "-c", SERVE, str(switch_ms)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as one:
        assert one.stdout is not None
        found = re.search(r":(\d+)/", one.stdout.readline())
        assert found is not None
        try:
            yield int(found[1])
        finally:
            one.send_signal(signal.SIGINT)
            one.wait(20)


def _ask(port: int, asked: dict[str, Any], overrides: dict[str, float]) -> float:
    """Return the milliseconds until the whole answer has come."""
    began = perf_counter()
    line = HTTPConnection("127.0.0.1", port, timeout=120)
    body = json.dumps({**asked, "projects": PROJECTS, "overrides": overrides})
    line.request("POST", "/api/measure", body, {"content-type": "application/json"})
    answer = line.getresponse()
    whole = json.loads(answer.read())
    line.close()
    assert answer.status == 200, whole
    return 1000 * (perf_counter() - began)


def _move(port: int, overrides: dict[str, float]) -> tuple[float, float]:
    """Ask as the page does: circles, and a moment later goals."""
    with ThreadPoolExecutor(1) as pool:
        rings = pool.submit(_ask, port, RINGS, overrides)
        sleep(LEAD_S)
        goals = _ask(port, GOALS, overrides) + 1000 * LEAD_S
        return rings.result(), goals


def test_how_long_a_thread_keeps_the_interpreter() -> None:
    rows = []
    with ExitStack() as stack:
        ports = {ms: stack.enter_context(_serving(ms)) for ms in SWITCH_MS}
        for port in ports.values():
            for overrides in ({}, {"s27_hohhot.design_speed_kmh": 60.0}):
                _move(port, overrides)
        for what, number in MOVES.items():
            times: dict[float, list[tuple[float, float]]] = {ms: [] for ms in SWITCH_MS}
            for n in range(N_MOVES):
                for ms in SWITCH_MS if n % 2 else SWITCH_MS[::-1]:  # turn about: what else runs meets both alike
                    times[ms].append(_move(ports[ms], number(n)))
            for ms, pairs in times.items():
                rings, goals = np.array(pairs).T
                row: dict[str, Any] = {"move": what, "interval ms": ms}
                for name, values in (("circles", rings), ("goals", goals)):
                    row[f"{name}, median ms"] = round(float(np.median(values)))
                    row[f"{name}, 95 % under ms"] = round(float(np.quantile(values, 0.95)))
                rows.append(row)
    section = Section(
        "studio-switch",
        98,
        "The studio's threads",
        "From the question to the whole answer over HTTP, circles and goals asked as the page does, by how long a "
        f"thread keeps the interpreter: {N_MOVES} moves each, two servers turn about.",
        rows,
    )
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    if load > (os.cpu_count() or 1) + 1:
        section.notes.append(f"{load:.0f} other processes wanted the cores meanwhile")
    section.save()
