"""Processes of this machine: the work is packed once, each process maps it into memory when it starts."""

from __future__ import annotations

import multiprocessing
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from pathlib import Path
from typing import Final

from transit_model.batches.executor import AHEAD
from transit_model.batches.parcel import pack, unpack
from transit_model.batches.parent import leave_with_parent
from transit_model.batches.part import Part, measure_part
from transit_model.batches.task import Task, TaskMeasurer
from transit_model.errors import InputError, Issue
from transit_model.store.scratch import scratch
from transit_model.threads import share_cores

DEATHS_IN_A_ROW: Final = 3
"""Workers that may die without any task finishing in between: then it is not chance."""
_work: list[TaskMeasurer] = []
"""The work of a worker process, put there once by `_load`; empty in every other process."""


class ProcessExecutor:
    """Runs tasks in `workers` processes of this machine.

    Processes are spawned, not forked: the same on every system, and no lock of a thread is copied. When one dies (out
    of memory, killed) all are started again and the tasks that were running are measured anew. The searches of a task
    use its worker's share of the cores.
    """

    name = "processes"

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def stream(self, work: TaskMeasurer, tasks: Iterable[Task]) -> Generator[Part]:
        """Yield parts as they are measured; see `Executor.stream`.

        Raises
        ------
        InputError
            ``workers_die``: a worker died `DEATHS_IN_A_ROW` times and nothing was finished in between.
        """
        with scratch("batch") as folder:
            path = folder / "parcel"
            pack(work, path)
            waiting = iter(tasks)
            deaths = 0
            while deaths < DEATHS_IN_A_ROW:
                lost: list[Task] = []
                for part in self._run_pool(path, waiting, lost):
                    deaths = 0
                    yield part
                if not lost:
                    return
                deaths += 1
                waiting = chain(lost, waiting)
        raise InputError(
            Issue(
                "workers_die",
                "error",
                f"a worker process died {deaths} times in a row, last at {lost[0].task_id}",
                field="workers",
                value=str(self.workers),
                hint="probably out of memory: use fewer workers or a smaller --chunk, then --resume",
            )
        )

    def _run_pool(self, path: Path, waiting: Iterator[Task], lost: list[Task]) -> Iterator[Part]:
        """Yield parts until all tasks are done or a process dies; `lost` takes the tasks that ran then."""
        pool = ProcessPoolExecutor(self.workers, multiprocessing.get_context("spawn"), _load, (path,))
        running: dict[Future[Part], Task] = {}
        try:
            while not lost:
                for task in islice(waiting, self.workers * AHEAD - len(running)):
                    try:
                        running[pool.submit(_measure, task, share_cores(self.workers))] = task
                    except BrokenProcessPool:
                        lost.append(task)
                        break
                if not running:
                    return
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    task = running.pop(future)
                    try:
                        part = future.result()
                    except BrokenProcessPool:
                        lost.append(task)
                    else:
                        yield part
            yield from _collect_broken(running, lost)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _collect_broken(running: dict[Future[Part], Task], lost: list[Task]) -> Iterator[Part]:
    """Yield what was finished before the pool broke; the rest is lost."""
    wait(running)
    for future, task in running.items():
        if future.exception() is None:
            yield future.result()
        elif isinstance(future.exception(), BrokenProcessPool):
            lost.append(task)
        else:
            future.result()
    lost.sort(key=lambda task: task.task_id)


def _load(path: Path) -> None:
    leave_with_parent()
    work = unpack(path)
    work.prepare()
    _work[:] = [work]


def _measure(task: Task, threads: int) -> Part:
    return measure_part(_work[0], task, threads)
