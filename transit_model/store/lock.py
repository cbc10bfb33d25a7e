"""One writer at a time: a lock of the operating system, which a killed process cannot leave behind."""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

from transit_model.errors import InputError, Issue
from transit_model.store.system_errors import show_path

_FAR: Final = 1 << 30
"""Where Windows locks a byte: far behind the text, which others may then read."""
_PAUSE_S: Final = 0.02
_HELD: Final = {errno.EAGAIN, errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK}

if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[bytes]) -> None:
        file.seek(_FAR)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def hold(path: Path, *, code: str = "folder_busy", wait_s: float = 0.0, place: Path | None = None) -> Iterator[bool]:
    """Hold the lock of a file while the block runs; the file is removed afterwards.

    `place` is what it guards, for the message; the folder of the lock by default.
    Yields whether it is a lock: on disks that know none (some network disks) the block runs all the same.

    Raises
    ------
    InputError
        `code`: another process holds it, and still does after `wait_s`; the message says which.
    OSError
        The file cannot be made.
    """
    file, locked = _open_locked(path, (code, place or path.parent), wait_s)
    try:
        import platform

        with suppress(OSError):  # a full disk: who writes will be told soon enough
            os.ftruncate(file.fileno(), 0)
            os.write(file.fileno(), f"process {os.getpid()} on {platform.node()}: {_name_command()}\n".encode())
        yield locked
    finally:
        with suppress(OSError):  # Windows: another process may be looking at it
            path.unlink()
        file.close()


def _open_locked(path: Path, holder: tuple[str, Path], wait_s: float) -> tuple[IO[bytes], bool]:
    until = time.monotonic() + wait_s
    while True:
        file = path.open("ab")
        try:
            _take(file)
        except OSError as error:
            if error.errno not in _HELD:
                return file, False
            file.close()
            if time.monotonic() < until:
                time.sleep(_PAUSE_S)
                continue
            raise InputError(_describe_holder(path, *holder)) from error
        # Between opening and locking the holder before may have removed the file: then this lock guards nothing.
        if path.exists() and os.path.samestat(path.stat(), os.fstat(file.fileno())):
            return file, True
        file.close()


def _describe_holder(path: Path, code: str, place: Path) -> Issue:
    holder = ""
    with suppress(OSError):
        holder = path.read_bytes()[:200].decode("utf-8", "replace").strip()
    message = f"another process is writing here: {holder}" if holder else "another process is writing here"
    return Issue(code, "error", message, file=show_path(place), hint="wait for it, or name another folder")


def _name_command() -> str:
    """Return the name of the program and the first word of the command: no paths and no options."""
    words = [show_path(Path(sys.argv[0]).name) if sys.argv and sys.argv[0] else "python"]
    return " ".join(words + [word for word in sys.argv[1:2] if word.isalpha() and word.isascii()])
