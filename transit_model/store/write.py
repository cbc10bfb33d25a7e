"""Files and folders written whole or not at all: beside their place, flushed to the disk, then moved in one step."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from transit_model.errors import InputError, Issue
from transit_model.store.claim import attempt, cannot_write, claim, mark, put_folder, settle
from transit_model.store.recover import NEW, OLD
from transit_model.store.system_errors import comes_from_a_writer, show_path

_PATIENCE_S: Final = 30.0
"""How long one process waits for another that writes the same file: files are made before, so it takes a moment."""
_FLUSHES_AT_ONCE: Final = 16


def replace_file(target: Path, write: Callable[[Path], object], *, durable: bool = True, wait: bool = True) -> None:
    """Let `write` fill a file beside its place and move it there; what stood there stays until then.

    Parameters
    ----------
    target : Path
        Its folder is made where it is missing. A link stays one: the file it leads to is replaced.
    write : function of a path
        Writes one file there; libraries may use the folder of the path for files of their own.
    durable : bool
        Flush the file to the disk before it takes its place: then a power cut cannot leave it empty.
    wait : bool
        Wait for another process that writes the same file.

    Raises
    ------
    InputError
        ``cannot_write``: no space, no right, a folder in the way. ``file_busy``.
    """
    with translating(target):
        place = settle(target)
        _refuse_what_is_no_file(place)
        with (
            claim(place, what="file", wait_s=_PATIENCE_S if wait else 0.0),
            attempt(place.parent, place.name) as work,
        ):
            new = work / place.name
            write(new)
            if durable:
                flush_file(new)
            os.replace(new, place)  # noqa: PTH105 - Path.replace is the same call


def write_text(target: Path, text: str) -> None:
    """Write UTF-8 text with LF line ends, whole or not at all."""
    replace_file(target, lambda new: new.write_text(text, encoding="utf-8", newline="\n"))


def replace_folder(
    target: Path, write: Callable[[Path], object], *, is_ours: Callable[[Path], bool] | None = None
) -> None:
    """Let `write` fill an empty folder beside its place and put it there; what stood there stays until then.

    Parameters
    ----------
    target : Path
        Everything in it is replaced; for folders that hold other files too there is `shared_folder`.
    write : function of a path
    is_ours : function of a path, optional
        Whether a folder that stands there may be replaced; an empty one always may.

    Raises
    ------
    InputError
        ``cannot_write``: no space, no right, a file in the way. ``folder_in_use``: it holds something else.
        ``folder_busy``.
    """
    with translating(target):
        place = settle(target)
        refuse_what_is_no_folder(place)
        with claim(place), attempt(place.parent, place.name) as work:
            if is_ours is not None and place.is_dir() and any(place.iterdir()) and not is_ours(place):
                raise InputError(_describe_other_files(place))
            new = work / NEW
            new.mkdir()
            write(new)
            flush_tree(new)
            put_folder(new, place, work / OLD)
            flush_folder(place.parent)


def make_parents(target: Path) -> None:
    """Make the folders that a file is to stand in.

    Raises
    ------
    InputError
        ``cannot_write``.
    """
    with translating(target):
        settle(target).parent.mkdir(parents=True, exist_ok=True)


def put_bytes(path: Path, data: bytes) -> None:
    """Write a file of a folder whose lock the caller holds; a killed process leaves ``.NAME.PID.tmp``.

    Raises
    ------
    OSError
        As the system says it.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    flush_folder(path.parent)


@contextmanager
def translating(target: Path) -> Iterator[None]:
    """Turn errors of the system, and of libraries that hide them, into ``cannot_write`` with the path asked for."""
    try:
        yield
    except OSError as error:
        raise cannot_write(target, error) from error
    except InputError as error:
        hidden = (
            mark(Path(target).name) + ".tmp-"
        )  # of a file within a file that is being written: who asked knows the outer
        if not any(issue.code == "cannot_write" and hidden in (issue.file or "") for issue in error.issues):
            raise
        raise InputError([replace(issue, file=show_path(target)) for issue in error.issues]) from error
    except Exception as error:
        if not comes_from_a_writer(error):
            raise
        raise cannot_write(target, error) from error


def refuse_what_is_no_folder(place: Path) -> None:
    """Raise an error of the system where something other than a folder stands, or one that is not to be written to."""
    if not os.path.lexists(place):
        return
    if not place.is_dir():
        raise NotADirectoryError(20, "is a file, not a folder", str(place))
    if not os.access(place, os.W_OK):
        raise PermissionError(13, "the folder is read-only", str(place))


def _refuse_what_is_no_file(place: Path) -> None:
    if place.is_dir() or not place.name:
        raise IsADirectoryError(21, "is a folder, not a file", str(place))
    if place.exists() and not stat.S_ISREG(place.stat().st_mode):
        raise OSError(0, "is a device or a pipe, not a file", str(place))


def _describe_other_files(place: Path) -> Issue:
    message = "the folder holds other files, which would be lost"
    return Issue("folder_in_use", "error", message, file=show_path(place), hint="name a new folder")


def flush_file(path: Path) -> None:
    """Ask the system to write a file to the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def flush_tree(folder: Path) -> None:
    """Ask the system to write all files of a folder to the disk: many at once, since it gathers them."""
    from concurrent.futures import ThreadPoolExecutor

    files, folders = [], []
    for at, _, names in os.walk(folder):
        files += [path for path in (Path(at) / name for name in names) if not path.is_symlink()]
        folders.append(Path(at))
    with ThreadPoolExecutor(_FLUSHES_AT_ONCE) as pool:
        list(pool.map(flush_file, files))
    for at_folder in folders:
        flush_folder(at_folder)


def flush_folder(folder: Path) -> None:
    """Ask the system to write the names in a folder to the disk."""
    if os.name != "posix":  # elsewhere a folder cannot be opened
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
