"""Threads inside this process: nothing to ship. Kernels release the interpreter, so they do run side by side."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from itertools import islice

from transit_model.batches.executor import AHEAD
from transit_model.batches.part import Part, measure_part
from transit_model.batches.task import Task, TaskMeasurer
from transit_model.threads import count_cores, share_cores


class ThreadExecutor:
    """Runs tasks in threads of this process; one per core when no number is given, and the cores shared among them."""

    name = "threads"

    def __init__(self, threads: int | None = None) -> None:
        self.threads = threads or count_cores()

    def stream(self, work: TaskMeasurer, tasks: Iterable[Task]) -> Generator[Part]:
        """Yield parts as they are measured; see `Executor.stream`."""
        work.prepare()
        waiting = iter(tasks)
        pool, share = ThreadPoolExecutor(self.threads), share_cores(self.threads)
        try:
            running: set[Future[Part]] = set()
            while True:
                for task in islice(waiting, self.threads * AHEAD - len(running)):
                    running.add(_submit(pool, work, task, share))
                if not running:
                    return
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    yield future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _submit(pool: Executor, work: TaskMeasurer, task: Task, share: int) -> Future[Part]:
    return pool.submit(measure_part, work, task, share)
