"""A folder whose files we replace all at once while files of others in it stay.

The new files are made in a hidden folder; the files of others are linked into it; then the two folders change places.
So at every moment the folder holds all of the old files or all of the new ones. Where folders cannot change places (a
mounted volume, the working folder, a disk without links, Windows with a file open) the files are moved one by one,
under a journal: the manifest goes first and comes last, and the next start finishes what was begun.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path, PurePosixPath
from typing import Any, Final

from transit_model.store.claim import attempt, claim, put_folder, settle
from transit_model.store.recover import JOURNAL, NEW, OLD, finish_swap, list_files, merge, read_object
from transit_model.store.write import flush_folder, flush_tree, put_bytes, refuse_what_is_no_folder, translating

_MOST_FOREIGN: Final = 20_000
"""With more files of others in the folder ours are moved one by one."""


@dataclass(frozen=True)
class SharedFolder:
    """A folder under our lock.

    Attributes
    ----------
    asked : Path
        As it was named.
    place : Path
        Where it is, links followed.
    home : Path
        Where unfinished files lie, on the same disk.
    manifest : str
        The file in it that names ours: an object ``files`` whose keys are their names in the folder.
    """

    named: Path
    place: Path
    home: Path
    manifest: str

    def replace(self, write: Callable[[Path], Iterable[str]]) -> list[str]:
        """Let `write` fill an empty folder, put its files in place of ours, and return their names.

        Raises
        ------
        InputError
            ``cannot_write``; then everything is as it was.
        """
        with translating(self.named), attempt(self.home, self.place.name) as work:
            new = work / NEW
            new.mkdir()
            files = list(write(new))
            flush_tree(new)
            self._put(work, files)
        return files

    def _put(self, work: Path, files: list[str]) -> None:
        ours = _list_ours(self.place, self.manifest)
        if not self.place.exists():
            os.rename(work / NEW, self.place)  # noqa: PTH104 - Path.rename is the same call
            return flush_folder(self.home)
        if self._swap(work, {*ours, *files}):
            return finish_swap(work, self.place, {*ours, *files})
        rest = [name for name in files if name != self.manifest]
        stale = [n for n in sorted({*ours} - {*files}) if _is_file_inside(self.place, n)]
        todo = {"merge": [*rest, self.manifest], "stale": stale, "manifest": self.manifest}
        put_bytes(work / JOURNAL, _dump(todo))
        merge(work / NEW, self.place, todo)
        (work / JOURNAL).unlink()
        return None

    def _swap(self, work: Path, ours: set[str]) -> bool:
        """Exchange the folders and return True; False, and everything as it was, where that cannot be done."""
        if self.home != self.place.parent or _is_working_folder(self.place):
            return False
        try:
            _link_others(self.place, work / NEW, ours)
            shutil.copystat(self.place, work / NEW)
            put_bytes(work / JOURNAL, _dump({"swap": (work / NEW).stat().st_ino, "ours": sorted(ours)}))
            put_folder(work / NEW, self.place, work / OLD)
        except OSError:
            if (work / OLD).exists():  # neither there nor back: the next start puts it back
                raise
            return False
        flush_folder(self.home)
        return True


@contextmanager
def open_shared_folder(folder: Path, manifest: str) -> Iterator[SharedFolder]:
    """Hold the lock of a folder while the block runs; leavings are swept, what was begun is finished, first.

    Raises
    ------
    InputError
        ``folder_busy``: another process writes there. ``cannot_write``.
    """
    with translating(folder):
        place = settle(folder)
        refuse_what_is_no_folder(place)
        home = place.parent if _can_swap(place) else place
        with claim(place, home=home):
            yield SharedFolder(Path(folder), place, home, manifest)


def _link_others(place: Path, new: Path, ours: set[str]) -> None:
    """Give the files of others a second name in the new folder."""
    number = count(1)
    for name in list_files(place, folders=True):
        if name in ours:
            continue
        if next(number) > _MOST_FOREIGN:
            raise OSError(0, "too many files of others")
        path, target = place / name, new / name
        if path.is_symlink():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(path.readlink())
        elif path.is_dir():
            target.mkdir(parents=True, exist_ok=True)
            shutil.copystat(path, target)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.hardlink_to(path)


def _list_ours(place: Path, manifest: str) -> list[str]:
    """Return our files in a folder, as its manifest names them; never anything outside the folder."""
    files = read_object(place / manifest).get("files", {})
    names = [n for n in (files if isinstance(files, dict | list) else ()) if isinstance(n, str) and n]
    inside = [n for n in names if ".." not in PurePosixPath(n).parts and not Path(n).is_absolute() and "\0" not in n]
    return [*inside, manifest]


def _is_file_inside(place: Path, name: str) -> bool:
    path = place / name
    return path.is_file() and path.parent.resolve().is_relative_to(place.resolve())


def _can_swap(place: Path) -> bool:
    """Return whether a folder can change its place: a mounted volume cannot, nor one in a folder of others."""
    if not place.exists():
        return True
    try:
        same_disk = place.stat().st_dev == place.parent.stat().st_dev
    except OSError:
        return False
    return same_disk and not place.is_mount() and os.access(place.parent, os.W_OK | os.X_OK)


def _is_working_folder(place: Path) -> bool:
    try:
        return Path.cwd().is_relative_to(place)
    except OSError:
        return False


def _dump(data: dict[str, Any]) -> bytes:
    return json.dumps(data).encode()
