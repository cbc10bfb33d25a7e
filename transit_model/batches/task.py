"""Tasks, and what is asked of the work that measures them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from transit_model.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Task:
    """One partition: some origins in one layer.

    Attributes
    ----------
    task_id : str
        Stable name, also the path of its file below the output folder without suffix
        (``scenario=built-2025/part-00003``).
    layer : int
        Which of the layers (scenario and departure window) of the work.
    start, stop : int
        Rows of the origins, `stop` excluded.
    """

    task_id: str
    layer: int
    start: int
    stop: int


class TaskMeasurer(Protocol):
    """Something that measures tasks. It is pickled once per machine, so it holds arrays and tables, no open file."""

    def prepare(self) -> None:
        """Build what every task needs; called once in each process before the first task."""

    def measure(self, task: Task) -> pa.Table:
        """Measure one task: the same table wherever and whenever it is called, from several threads at once too."""


def list_tasks(layers: Sequence[str], n_origins: int, chunk: int) -> Iterator[Task]:
    """List the tasks of a batch in the order of their files.

    Parameters
    ----------
    layers : sequence of str
        Folder of each layer, e.g. ``scenario=built-2025``; "" for files at the top.
    n_origins : int
    chunk : int
        Most origins in one task.

    Raises
    ------
    InputError
        When the chunk is below 1 or two layers have the same folder.
    """
    if chunk < 1:
        raise InputError("a partition needs at least one origin")
    if len(set(layers)) < len(layers):
        raise InputError("two layers of a batch have the same folder")
    for layer, folder in enumerate(layers):
        for number, start in enumerate(range(0, n_origins, chunk)):
            name = f"part-{number:05d}"
            yield Task(f"{folder}/{name}" if folder else name, layer, start, min(start + chunk, n_origins))
