"""One finished task as the bytes of a Parquet file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from transit_model.batches.task import Task, TaskMeasurer
from transit_model.threads import limit_threads

SUFFIX = ".parquet"
_TASK_KEY = b"transit_model.task"


@dataclass(frozen=True)
class Part:
    """The file of one task: its bytes, their SHA-256, and the number of rows."""

    task_id: str
    rows: int
    data: bytes
    sha256: str


def measure_part(work: TaskMeasurer, task: Task, threads: int = 1) -> Part:
    """Measure a task and encode it: equal tables give equal bytes with one version of pyarrow.

    `threads` is what the searches of the task may use: what is left to it by the tasks that run beside it.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    with limit_threads(threads):
        table = work.measure(task)
    table = table.replace_schema_metadata({_TASK_KEY: task.task_id.encode()})
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", row_group_size=max(table.num_rows, 1))
    data = sink.getvalue().to_pybytes()
    return Part(task.task_id, table.num_rows, data, hashlib.sha256(data).hexdigest())


def is_whole(part: Part) -> bool:
    """Return whether the bytes arrived as they were sent."""
    return hashlib.sha256(part.data).hexdigest() == part.sha256
