"""Run a batch: what is not there yet is measured, written and noted, however often it is killed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from transit_model.batches.executor import Executor
from transit_model.batches.journal import Entry
from transit_model.batches.store import Store
from transit_model.batches.task import Task, TaskMeasurer


class OnPart(Protocol):
    """Called once for each part; `kept` when it stood there already."""

    def __call__(self, entry: Entry, *, kept: bool) -> None:
        """Take note of a finished part."""


@dataclass(frozen=True)
class BatchResult:
    """What a batch left: its manifest, how many parts were measured now and kept from before, rows and bytes in all."""

    manifest: Path
    measured: int
    kept: int
    rows: int
    size: int


def run_batch(
    store: Store,
    tasks: Sequence[Task],
    executor: Executor,
    make_work: Callable[[], TaskMeasurer],
    *,
    resume: bool = False,
    on_part: OnPart | None = None,
) -> BatchResult:
    """Measure every task of a batch that is not finished yet.

    Parameters
    ----------
    store : Store
    tasks : sequence of Task
    executor : Executor
    make_work : callable
        Builds the work; not called when nothing is left to do.
    resume : bool
        Go on with what stands in the folder.
    on_part : callable, optional

    Raises
    ------
    InputError
        See `Store.open` and `Executor.stream`; what was finished until then stays and counts.
    """
    with store.open(resume=resume) as found:
        done = {task.task_id: found[task.task_id] for task in tasks if task.task_id in found}
        kept = len(done)
        if on_part is not None:
            for entry in done.values():
                on_part(entry, kept=True)
        left = [task for task in tasks if task.task_id not in done]
        if left:
            with closing(executor.stream(make_work(), left)) as parts:
                for part in parts:
                    done[part.task_id] = store.write(part)
                    if on_part is not None:
                        on_part(done[part.task_id], kept=False)
        manifest = store.finish(tasks, done)
    rows, size = sum(e.rows for e in done.values()), sum(e.size for e in done.values())
    return BatchResult(manifest, len(left), kept, rows, size)
