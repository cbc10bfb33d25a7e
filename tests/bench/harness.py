"""How times are measured here: equality first, then five interleaved runs inside one process, ratios and their spread.

A *case* is a function in a module of this folder that takes plain keyword values and returns plain values; `run_case`
runs it in a process of its own under a time limit. A *section* is one table of ``BENCHMARKS.md``; it is written as
JSON into ``build/bench`` (or the folder in ``BENCH_RESULTS``) and printed. `tests.bench.report` writes the page.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import platform
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, Final

from tests.conftest import REPO

RUNS: Final = 5
RESULTS_ENVIRONMENT: Final = "BENCH_RESULTS"
_ANSWER: Final = "bench-answer:"
_WATCHED: Final = ("numpy", "scipy", "numba", "pandas", "networkx", "igraph", "pandana", "networkit", "distributed")

Cell = str | float | int | None


@dataclass(frozen=True)
class Runs:
    """Times of one call in seconds, one per run."""

    times_s: tuple[float, ...]

    @property
    def median_s(self) -> float:
        """The middle one."""
        return median(self.times_s)

    def tell(self, per: float = 1.0) -> str:
        """Return median and range in milliseconds, divided by `per` (for example the number of origins)."""
        return tell([1000 * t / per for t in self.times_s])

    def times_faster(self, other: Runs) -> str:
        """Return how many times faster these runs are than those of `other`, run by run: median and range."""
        return tell(self.ratios(other))

    def ratios(self, other: Runs) -> list[float]:
        """Return the times of `other` through these, run by run."""
        return [theirs / ours for ours, theirs in zip(self.times_s, other.times_s, strict=True)]


def tell(values: Sequence[float]) -> str:
    """Return the median and the range of values as text: ``4.1 (3.8-4.4)``."""
    return f"{_short(median(values))} ({_short(min(values))}-{_short(max(values))})"


def _short(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def measure(
    calls: Mapping[str, Callable[[], object]],
    runs: int = RUNS,
    warm: int = 1,
    *,
    clock: Callable[[], float] = perf_counter,
) -> dict[str, Runs]:
    """Run all calls in turn, `runs` times, after `warm` untimed rounds: what slows the machine slows all of them.

    Where one thread is compared with one thread, `time.process_time` as `clock` leaves out the time others take.
    """
    times: dict[str, list[float]] = {name: [] for name in calls}
    gc.collect()
    gc.disable()  # a peer's graph of a million objects would be walked in everybody's time
    try:
        for k in range(warm + runs):
            for name, call in calls.items():
                start = clock()
                call()
                spent = clock() - start
                if k >= warm:
                    times[name].append(spent)
    finally:
        gc.enable()
    return {name: Runs(tuple(spent)) for name, spent in times.items()}


def growth_exponent(sizes: Sequence[float], times: Sequence[float]) -> float:
    """Return the slope of log time over log size by least squares."""
    import numpy as np

    return float(np.polyfit(np.log(sizes), np.log(times), 1)[0])


class CaseFailedError(RuntimeError):
    """A case ran out of time or raised; the message is the reason."""


def run_case(target: str, limit_s: float, **arguments: object) -> Any:
    """Run ``module:function`` with keyword arguments in a process of its own and return its answer.

    Raises
    ------
    CaseFailedError
        When the time limit is over or the case raises.
    """
    command = [sys.executable, "-m", "tests.bench.harness", target, json.dumps(arguments)]
    try:
        done = subprocess.run(command, cwd=REPO, capture_output=True, text=True, timeout=limit_s, check=False)
    except subprocess.TimeoutExpired:
        msg = f"stopped after {limit_s:.0f} s"
        raise CaseFailedError(msg) from None
    answers = [line for line in done.stdout.splitlines() if line.startswith(_ANSWER)]
    if done.returncode or not answers:
        lines = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        raise CaseFailedError(lines[-1])
    return json.loads(answers[-1].removeprefix(_ANSWER))


class PeakMemory:
    """Peak of this process's resident memory while it is watched, in MB above what was there before."""

    def __enter__(self) -> PeakMemory:
        self.before_mb = self.peak_mb = resident_mb()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    @property
    def added_mb(self) -> float:
        """Peak above the start."""
        return self.peak_mb - self.before_mb

    def _watch(self) -> None:
        while not self._stop.wait(0.005):
            self.peak_mb = max(self.peak_mb, resident_mb())


def resident_mb() -> float:
    """Return the resident memory of this process in MB (Linux; 0 elsewhere)."""
    status = Path("/proc/self/statm")
    return int(status.read_text(encoding="ascii").split()[1]) * 4096 / 1e6 if status.exists() else 0.0


def missing_reason(package: str) -> str | None:
    """Return why a peer is skipped, None when it is installed."""
    return None if find_spec(package) else f"{package} is not installed (pip install -e '.[bench]')"


@dataclass
class Section:
    """One table of the page.

    Attributes
    ----------
    name : file name of the JSON
    order : place on the page
    title, about : heading and the paragraph under it (what, on which data, checked how)
    rows : cells by column; every row has the same columns
    notes : lines under the table, for example a target that was missed and why
    skipped : peer to reason
    """

    name: str
    order: int
    title: str
    about: str
    rows: list[dict[str, Cell]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)

    def save(self) -> Path:
        """Write the JSON and print the table."""
        folder = Path(os.environ.get(RESULTS_ENVIRONMENT, REPO / "build" / "bench"))
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.name}.json"
        result = {**asdict(self), "versions": list_versions(), "machine": describe_machine()}
        path.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        sys.stderr.write(f"\n{to_markdown(result)}\n")
        return path


def to_markdown(section: Mapping[str, Any]) -> str:
    """Return a section as Markdown."""
    lines = [f"## {section['title']}", "", section["about"], ""]
    rows = section["rows"]
    if rows:
        lines += [f"| {' | '.join(rows[0])} |", f"|{'---|' * len(rows[0])}"]
        lines += [f"| {' | '.join(_cell(v) for v in row.values())} |" for row in rows]
    lines += ["", *(f"- {note}" for note in section["notes"])]
    lines += [f"- {peer}: skipped, {reason}" for peer, reason in section["skipped"].items()]
    return "\n".join(lines).rstrip() + "\n"


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    return _short(value) if isinstance(value, float) else str(value)


def list_versions() -> dict[str, str]:
    """Return Python and the libraries that matter with their versions."""
    found = {"python": platform.python_version()}
    for name in _WATCHED:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def describe_machine() -> str:
    """Return the machine in general terms."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30 if hasattr(os, "sysconf") else 0
    return f"{os.cpu_count()} shared cores ({platform.machine()}), {memory:.0f} GB, {platform.system()}"


def _answer(target: str, arguments: str) -> None:
    module, function = target.split(":")
    result = getattr(importlib.import_module(module), function)(**json.loads(arguments))
    sys.stdout.write(f"\n{_ANSWER}{json.dumps(result)}\n")


if __name__ == "__main__":
    _answer(*sys.argv[1:3])
