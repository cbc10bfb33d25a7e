"""One writer at a time: a lock of the operating system, which a killed process cannot leave behind."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from transit_model.errors import InputError, Issue

if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[bytes]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def hold(path: Path) -> Iterator[None]:
    """Hold the lock of a file while the block runs; the file is removed afterwards.

    Raises
    ------
    InputError
        ``batch_running``: another process holds it.
    """
    file = _open_locked(path)
    try:
        yield
    finally:
        with suppress(OSError):  # Windows: another process may be looking at it
            path.unlink()
        file.close()


def _open_locked(path: Path) -> IO[bytes]:
    while True:
        file = path.open("ab")
        try:
            _take(file)
        except OSError as error:
            file.close()
            raise InputError(
                Issue(
                    "batch_running",
                    "error",
                    "another process is writing this batch",
                    file=str(path.parent),
                    hint="wait for it, or name another folder",
                )
            ) from error
        # Between opening and locking the holder before may have removed the file: then this lock guards nothing.
        if path.exists() and os.path.samestat(path.stat(), os.fstat(file.fileno())):
            return file
        file.close()
