"""An existing Dask cluster: the work goes to each worker once, also to those that join or are restarted later.

Needs the extra ``distributed``. Workers on this machine, or with this file system, map the parcel into memory; to any
other it is sent. Tasks of a worker that dies are given to the others by the scheduler.
"""

from __future__ import annotations

import hashlib
import logging
import platform
import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import PackageNotFoundError, version
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from transit_model.batches.executor import AHEAD
from transit_model.batches.parcel import pack, unpack, unpack_bytes
from transit_model.batches.part import Part, is_whole, measure_part
from transit_model.batches.task import Task, TaskMeasurer
from transit_model.errors import InputError, Issue
from transit_model.store.scratch import scratch

try:
    from distributed import Client, KilledWorker, WorkerPlugin, as_completed, get_worker
except ImportError as error:
    raise InputError(
        Issue(
            "missing_extra",
            "error",
            "a Dask scheduler needs the package distributed",
            field="scheduler",
            hint='pip install "transit-model[distributed]", or use --workers',
        )
    ) from error

if TYPE_CHECKING:
    from distributed import Future

CONNECT_S: Final = 15.0
FIRST_WORKER_S: Final = 30.0
_COUNT_AGAIN_S: Final = 2.0
_SAME: Final = ("transit-model", "numpy", "pyarrow")
"""Distributions that must have one version everywhere: they decide the bytes of a part."""


def list_versions() -> dict[str, str]:
    """Return the versions that decide the bytes of a part."""
    found = {"python": ".".join(platform.python_version_tuple()[:2])}
    for name in _SAME:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


class ParcelPlugin(WorkerPlugin):  # type: ignore[misc] # distributed is untyped here
    """Brings the work to a worker when it starts.

    Parameters
    ----------
    name : str
        Name of the plugin, different for each run.
    path : str
        Where the parcel lies on the machine that began the run.
    sha256 : str
        Hash of the parcel.
    data : bytes, optional
        The parcel itself, for workers that do not see `path`.
    """

    def __init__(self, name: str, path: str, sha256: str, data: bytes | None) -> None:
        self.name = name
        self.path = path
        self.sha256 = sha256
        self.data = data
        self.versions = list_versions()
        self.work: TaskMeasurer | None = None

    def setup(self, worker: Any) -> None:  # noqa: ANN401 - distributed.Worker
        """Read the parcel and prepare the work.

        Raises
        ------
        InputError
            ``worker_versions``: other versions than where the run began. ``worker_parcel``: no parcel in reach.
        """
        local = list_versions()
        if local != self.versions:
            raise InputError(
                Issue(
                    "worker_versions",
                    "error",
                    f"worker {worker.address} has {_tell(local)}, the run began with {_tell(self.versions)}",
                    field="scheduler",
                    hint="install the same versions everywhere: they decide the bytes of the results",
                )
            )
        if _has_parcel(self.path, self.sha256):
            self.work = unpack(Path(self.path))
        elif self.data is not None:
            self.work = unpack_bytes(self.data)
            self.data = None
        else:
            raise InputError(
                Issue("worker_parcel", "error", f"worker {worker.address} cannot read the network", file=self.path)
            )
        self.work.prepare()


class ClusterExecutor:
    """Runs tasks on the workers of a Dask scheduler that is there already."""

    def __init__(self, scheduler: str) -> None:
        self.name = scheduler

    def stream(self, work: TaskMeasurer, tasks: Iterable[Task]) -> Generator[Part]:
        """Yield parts as they are measured; see `Executor.stream`.

        Raises
        ------
        InputError
            ``no_scheduler``, ``no_workers``, ``workers_die``, ``scheduler_lost``, ``worker_versions``.
        """
        with _quiet_log():
            yield from self._connect_and_stream(work, tasks)

    def _connect_and_stream(self, work: TaskMeasurer, tasks: Iterable[Task]) -> Generator[Part]:
        client = self._connect()
        try:
            with scratch("batch") as folder:
                path = folder / "parcel"
                sha256 = pack(work, path)
                name = f"transit-model-{sha256[:12]}-{time.monotonic_ns()}"
                seen = all(client.run(_has_parcel, str(path), sha256).values())
                client.register_plugin(ParcelPlugin(name, str(path), sha256, None if seen else path.read_bytes()))
                try:
                    yield from self._stream(client, name, iter(tasks))
                finally:
                    with suppress(Exception):  # the scheduler may be gone, and with it the plugin
                        client.unregister_worker_plugin(name)
        finally:
            client.close(timeout=CONNECT_S)

    def _connect(self) -> Client:
        try:
            client = Client(self.name, timeout=CONNECT_S, set_as_default=False)
        except (OSError, ValueError) as error:
            raise InputError(
                Issue(
                    "no_scheduler",
                    "error",
                    "no Dask scheduler answers there",
                    field="scheduler",
                    value=self.name,
                    hint="start one with `dask scheduler` and give its tcp:// address",
                )
            ) from error
        try:
            client.wait_for_workers(1, timeout=FIRST_WORKER_S)
        except TimeoutError as error:
            client.close()
            raise InputError(
                Issue(
                    "no_workers",
                    "error",
                    f"the scheduler has no worker after {FIRST_WORKER_S:g} s",
                    field="scheduler",
                    value=self.name,
                    hint=f"start some with `dask worker {self.name}`",
                )
            ) from error
        return client

    def _stream(self, client: Client, name: str, waiting: Iterator[Task]) -> Iterator[Part]:
        running: dict[Future, Task] = {}
        finished = as_completed(loop=client.loop)
        room, counted = 0, -_COUNT_AGAIN_S
        try:
            while True:
                if time.monotonic() - counted > _COUNT_AGAIN_S:  # workers come and go
                    room, counted = max(1, sum(client.nthreads().values())) * AHEAD, time.monotonic()
                for task in islice(waiting, max(0, room - len(running))):
                    future = client.submit(_measure, name, task, key=f"{name}/{task.task_id}", pure=False)
                    running[future] = task
                    finished.add(future)
                if not running:
                    return
                future = next(finished)
                yield _take(future, running.pop(future))
        finally:
            with suppress(Exception):
                client.cancel(list(running))


@contextmanager
def _quiet_log() -> Iterator[None]:
    """Keep tracebacks of lost connections off the screen: they come back as issues."""
    loggers = [logging.getLogger(f"distributed.{name}") for name in ("batched", "client", "comm", "core")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _take(future: Future, task: Task) -> Part:
    if future.cancelled():
        raise InputError(
            Issue(
                "scheduler_lost",
                "error",
                f"the scheduler went away while {task.task_id} ran",
                field="scheduler",
                hint="what is finished is kept: run again with --resume",
            )
        )
    try:
        part: Part = future.result()
    except KilledWorker as error:
        raise InputError(
            Issue(
                "workers_die",
                "error",
                f"{task.task_id} was tried on several workers and all died",
                field="scheduler",
                hint="probably out of memory: give workers more, or a smaller --chunk, then --resume",
            )
        ) from error
    if not is_whole(part):
        raise InputError(Issue("damaged_part", "error", "a result was damaged on its way", value=part.task_id))
    return part


def _measure(name: str, task: Task) -> Part:
    return measure_part(get_worker().plugins[name].work, task)  # one thread: the scheduler counts a task as one


def _has_parcel(path: str, sha256: str) -> bool:
    try:
        with Path(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except OSError:
        return False


def _tell(versions: dict[str, str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in versions.items())
