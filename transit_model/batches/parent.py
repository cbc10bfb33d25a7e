"""Worker processes end with the process that started them, even where it was killed."""

from __future__ import annotations

import multiprocessing
import os
import threading


def leave_with_parent() -> None:
    """Watch the process that started this one, in a thread; the first thing that every worker does.

    The thread sleeps until the system says that the other process is gone, on any system, and ends this one at once:
    nobody would read the results.
    """
    threading.Thread(target=_wait_and_leave, name="parent-watch", daemon=True).start()


def _wait_and_leave() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
