"""The one interface of all executors: ship the work once, stream tasks in, finished parts out."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import Protocol

from transit_model.batch.part import Part
from transit_model.batch.task import Task, Work

AHEAD: int = 2
"""Tasks waiting at each worker: the next begins at once, and no more results than these are ever in memory."""


class Executor(Protocol):
    """Runs tasks somewhere.

    Attributes
    ----------
    name : str
        For messages: ``threads``, ``processes`` or the address of a scheduler.
    """

    name: str

    def stream(self, work: Work, tasks: Iterable[Task]) -> Generator[Part]:
        """Yield each part as soon as it is measured, in any order.

        Tasks are taken from the iterable only as workers come free, so neither tasks nor results pile up. A worker
        that dies is replaced and its tasks run again; an error of the work itself is raised here. Closing the
        iterator gives up what is still running.
        """


def open_executor(workers: int = 0, scheduler: str | None = None) -> Executor:
    """Return the executor that was asked for.

    Parameters
    ----------
    workers : int
        Processes; 0 for threads inside this process.
    scheduler : str, optional
        Address of an existing Dask scheduler, e.g. ``tcp://10.0.0.1:8786``; wins over `workers`.
    """
    if scheduler is not None:
        from transit_model.batch.cluster import ClusterExecutor

        return ClusterExecutor(scheduler)
    if workers > 0:
        from transit_model.batch.processes import ProcessExecutor

        return ProcessExecutor(workers)
    from transit_model.batch.threads import ThreadExecutor

    return ThreadExecutor()
