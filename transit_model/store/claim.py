"""A place that is about to be written: locked, swept of what killed processes left, restored where it is gone.

Beside a place NAME lie ``.NAME.lock``, held by the process that writes, and ``.NAME.tmp-RANDOM`` (see `recover`).
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from transit_model.errors import InputError
from transit_model.store.exchange import exchange
from transit_model.store.lock import hold
from transit_model.store.recover import JOURNAL, OLD, OLDER_VERSION, recover
from transit_model.store.system_errors import describe_write_error

_TEMPORARY: Final = ".tmp-"
_LOCK: Final = ".lock"
_LONGEST_NAME_BYTES: Final = 100
_HASHED: Final = re.compile("[0-9a-f]{16}")


def mark(name: str) -> str:
    """Return how the names begin that belong to the writing of a name; short names stay readable."""
    if len(os.fsencode(name)) > _LONGEST_NAME_BYTES:
        name = hashlib.sha256(os.fsencode(name)).hexdigest()[:16]
    return f".{name}"


def settle(target: Path) -> Path:
    """Return the place that a path means: links are followed, so that a link stays a link.

    Raises
    ------
    OSError
        A link that leads nowhere, or in a circle.
    """
    for path in (Path(target), *Path(target).parents):
        if path.is_symlink() and not path.exists():
            raise FileNotFoundError(2, "a link that leads nowhere", str(path))
    return Path(os.path.realpath(target))


@contextmanager
def claim(target: Path, *, home: Path | None = None, what: str = "folder", wait_s: float = 0.0) -> Iterator[None]:
    """Hold the lock of a settled place while the block runs; what killed processes left is dealt with first.

    Parameters
    ----------
    target : Path
        Of `settle`.
    home : Path, optional
        Folder of the lock and of what is unfinished; the one that holds the place by default.
    what : str
        For the code of the issue: folder or file.
    wait_s : float
        How long to wait for another process.

    Raises
    ------
    InputError
        ``folder_busy``: another process writes there.
    OSError
        The lock cannot be made.
    """
    home = home or target.parent
    home.mkdir(parents=True, exist_ok=True)
    begin = mark(target.name)
    with hold(home / f"{begin}{_LOCK}", code=f"{what}_busy", wait_s=wait_s, place=target) as locked:
        if locked:
            for left in list_leavings(home, target.name):
                recover(left, target)
        yield


@contextmanager
def attempt(home: Path, name: str) -> Iterator[Path]:
    """Yield a hidden folder for one attempt to write; it is gone afterwards, whatever happened.

    Only one with a journal stays: what it says is not done yet, and the next start does it.
    """
    work = Path(tempfile.mkdtemp(prefix=f"{mark(name)}{_TEMPORARY}", dir=home))
    try:
        yield work
    finally:
        if not (work / JOURNAL).exists():
            shutil.rmtree(work, ignore_errors=True)


def list_leavings(home: Path, name: str) -> list[Path]:
    """Return what earlier attempts to write a place have left."""
    begin = f"{mark(name)}{_TEMPORARY}"
    with suppress(OSError), os.scandir(home) as entries:
        return sorted(home / e.name for e in entries if e.name.startswith(begin) and e.is_dir(follow_symlinks=False))
    return []


def restore_all(home: Path) -> None:
    """Put back what a killed process has left hidden in a folder while its place stands empty; nothing else.

    For readers: they neither sweep nor wait.
    """
    with suppress(OSError), os.scandir(home) as entries:
        for name in [e.name for e in entries if e.name.startswith(".") and _TEMPORARY in e.name]:
            target = home / name[1:].rpartition(_TEMPORARY)[0]
            kept = (home / name / OLD).is_dir() or name.endswith(OLDER_VERSION)
            lost = kept and not os.path.lexists(target)
            if lost and not _HASHED.fullmatch(target.name):  # of a hash nobody knows the name
                with suppress(InputError, OSError), claim(target):
                    pass


def put_folder(new: Path, target: Path, old: Path) -> None:
    """Put a folder in a place; what stood there is at `new` or `old` afterwards. When it fails, it is back."""
    if os.path.lexists(target):
        if exchange(new, target):
            return
        os.rename(target, old)  # noqa: PTH104 - Path.rename is the same call
    try:
        os.rename(new, target)  # noqa: PTH104
    except OSError:
        if os.path.lexists(old):
            os.rename(old, target)  # noqa: PTH104
        raise


def cannot_write(target: Path, error: BaseException) -> InputError:
    """Return the error ``cannot_write`` of a place."""
    return InputError(describe_write_error(target, error))
