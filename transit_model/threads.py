"""How many threads a search may use; who runs several searches side by side gives each its share."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

_share = threading.local()
_pool_lock = threading.Lock()
_pools: dict[int, ThreadPoolExecutor] = {}
_MOST_KEPT_THREADS = 16
T = TypeVar("T")


def count_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


def count_threads(wanted: int | None = None) -> int:
    """Return how many threads to use: as wanted, else the share of this thread, else one for each core."""
    if wanted is not None:
        return max(1, wanted)
    share: int | None = getattr(_share, "threads", None)
    return share or count_cores()


def share_cores(n_workers: int) -> int:
    """Return the threads for each of some workers of this machine that run side by side: at least one."""
    return max(1, count_cores() // max(1, n_workers))


@contextmanager
def limit_threads(threads: int) -> Iterator[None]:
    """Let searches that are begun in this thread use so many threads; results do not depend on it."""
    before: int | None = getattr(_share, "threads", None)
    _share.threads = max(1, threads)
    try:
        yield
    finally:
        _share.threads = before


def _get_pool() -> ThreadPoolExecutor:
    with _pool_lock:
        pool = _pools.get(os.getpid())
        if pool is None:
            pool = _pools[os.getpid()] = ThreadPoolExecutor(min(count_cores(), _MOST_KEPT_THREADS), "side-by-side")
        return pool


def begin_aside(job: Callable[[], T]) -> Callable[[], T]:
    """Begin a job on a thread that is kept, where this one may use several; what is returned waits for its answer.

    As of `do_side_by_side`.
    """
    threads = count_threads()
    if threads == 1:
        return job

    def do() -> T:
        with limit_threads(threads):
            return job()

    return _get_pool().submit(do).result


def do_side_by_side(jobs: Sequence[Callable[[], T]]) -> list[T]:
    """Return what short jobs return, the last one done here and the others on threads that are kept.

    To begin a thread takes about a millisecond where another one holds the interpreter. A job must not wait for others
    that are done in this way: they may stand behind it.
    """
    waiting = [_get_pool().submit(job) for job in jobs[:-1]]
    last = [job() for job in jobs[-1:]]
    return [*(one.result() for one in waiting), *last]
