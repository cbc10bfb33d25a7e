"""Work that is not about places: squares of numbers, slow on demand, deadly on demand."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from transit_model.batches.task import Task
from transit_model.errors import InputError, Issue
from transit_model.threads import count_threads

ABOUT = {"inputs": {"numbers": "0 to 99"}, "exponent": 2}


@dataclass
class Squares:
    """Squares of `numbers`; the layer is added to each.

    Attributes
    ----------
    wait_s : float
        Sleep in each task.
    dies_at : str
        Task whose process is killed, as long as `alive` does not hold a file named `died`.
    """

    numbers: npt.NDArray[np.int64] = field(default_factory=lambda: np.arange(100))
    wait_s: float = 0.0
    dies_at: str = ""
    dies_always: bool = False
    fails_at: str = ""
    notes: Path | None = None
    prepared: int = 0

    def prepare(self) -> None:
        self.prepared += 1
        self._note(f"prepared-{os.getpid()}")

    def measure(self, task: Task) -> pa.Table:
        time.sleep(self.wait_s)
        if task.task_id == self.dies_at and (self.dies_always or not self._is_noted("died")):
            self._note("died")
            os.kill(os.getpid(), signal.SIGKILL)
        if task.task_id == self.fails_at:
            raise InputError(Issue("toy_failed", "error", "asked to fail", value=task.task_id))
        self._note(f"measured-{task.task_id.replace('/', '-')}-{time.monotonic_ns()}")
        some = self.numbers[task.start : task.stop]
        return pa.table({"number": some, "square": some**2 + task.layer})

    def _note(self, name: str) -> None:
        if self.notes is not None:
            (self.notes / name).touch()

    def _is_noted(self, name: str) -> bool:
        return self.notes is not None and (self.notes / name).exists()


def read_folder(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder with its bytes."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@dataclass
class ThreadCounts:
    """Tells how many threads the searches of each task would use."""

    def prepare(self) -> None:
        pass

    def measure(self, task: Task) -> pa.Table:
        return pa.table({"task": [task.task_id], "threads": [count_threads()]})
