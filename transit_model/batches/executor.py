"""The one interface of all executors: ship the work once, stream tasks in, finished parts out."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import Protocol

from transit_model.batches.part import Part
from transit_model.batches.task import Task, TaskMeasurer

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

    def stream(self, work: TaskMeasurer, tasks: Iterable[Task]) -> Generator[Part]:
        """Yield each part as soon as it is measured, in any order.

        Tasks are taken from the iterable only as workers come free, so neither tasks nor results pile up. A worker
        that dies is replaced and its tasks run again; an error of the work itself is raised here. Closing the
        iterator gives up what is still running.
        """
