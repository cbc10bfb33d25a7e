"""A cache of results on disk: content-addressed, versioned, safe under two processes and a kill at any moment.

An entry is a folder named by the SHA-256 of what it was made from. It is written under another name and moved into
place when whole, so that a reader sees all of it or nothing; each file is checked against its hash when the entry is
opened, and a damaged entry is thrown away and made again. A cache that cannot be written to costs time, never a result.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from transit_model.errors import InputError, Issue
from transit_model.store.private_folder import is_gone, make_private
from transit_model.store.write import flush_file

CACHE_ENVIRONMENT = "TRANSIT_MODEL_CACHE"
VERSION = "v1"
"""Goes up when the meaning of entries changes; older entries are no longer read."""
SMALL_ENTRIES = f"{VERSION}/small"
"""Where in the cache folder small texts are kept (see `entry_cache`), a folder for each kind."""
_ENTRY_FILE = "entry.json"
_TEMPORARY = ".tmp-"
_GONE = "gone-"
_STALE_S = 24 * 3600.0


@dataclass(frozen=True)
class CacheStatus:
    """Where the cache is and how large: number of entries, bytes, bytes of older versions and unfinished entries."""

    folder: Path
    entries: int
    size_bytes: int
    leftover_bytes: int


def find_cache_dir(option: Path | str | None = None) -> Path:
    """Return the cache folder: the option, else ``TRANSIT_MODEL_CACHE``, else the user's cache folder."""
    if option:
        return Path(option)
    named = os.environ.get(CACHE_ENVIRONMENT, "")
    if named:
        return Path(named)
    from platformdirs import user_cache_dir

    return Path(user_cache_dir("transit-model", appauthor=False))


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def make_key(kind: str, **parts: object) -> str:
    """Return the key of what is made from these parts (plain values: hashes, options, versions of the code)."""
    text = json.dumps({"kind": kind, **parts}, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


class Cache:
    """Entries of files under keys.

    Parameters
    ----------
    folder : path, optional
        As for `find_cache_dir`.
    """

    def __init__(self, folder: Path | str | None = None) -> None:
        self.folder = find_cache_dir(folder)

    def find(self, key: str) -> Path | None:
        """Return the folder of an entry that is whole, None when there is none; a damaged one is removed."""
        place = self._place(key)
        try:
            sizes = json.loads((place / _ENTRY_FILE).read_text(encoding="utf-8"))["files"]
            whole = all(hash_file(place / name) == digest for name, digest in sizes.items())
        except FileNotFoundError:
            if not place.exists():
                return None
            whole = False
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            whole = False
        if whole:
            return place
        self._remove(place)
        return None

    def store(self, key: str, write: Callable[[Path], object]) -> Path | None:
        """Write an entry and return its folder; None when the cache cannot be written to.

        `write` is given an empty folder to write its files in. When another process was quicker its entry stays.
        """
        place = self._place(key)
        try:
            make_private(self.folder)
            place.parent.mkdir(parents=True, exist_ok=True)
            self.sweep()
            work = Path(tempfile.mkdtemp(prefix=f"{_TEMPORARY}{os.getpid()}-", dir=self._root()))
        except OSError:
            return None
        try:
            write(work)
            files = {p.relative_to(work).as_posix(): hash_file(p) for p in sorted(work.rglob("*")) if p.is_file()}
            entry = work / _ENTRY_FILE
            entry.write_text(json.dumps({"key": key, "files": files}, sort_keys=True), encoding="utf-8")
            with suppress(OSError):
                flush_file(entry)
            os.rename(work, place)  # noqa: PTH104 - Path.rename would say the same
        except OSError:
            return self.find(key)
        finally:
            shutil.rmtree(work, ignore_errors=True)
        return place

    def drop(self, key: str) -> None:
        """Remove an entry, if it is there."""
        if self._place(key).exists():
            self._remove(self._place(key))

    def fetch(self, key: str, write: Callable[[Path], object]) -> Path | None:
        """Return an entry, made now when it is not there; None when the cache cannot be written to."""
        return self.find(key) or self.store(key, write)

    def describe(self) -> CacheStatus:
        """Return how large the cache is."""
        root = self._root()
        entries = [p for p in root.glob("??/*") if p.is_dir()] if root.is_dir() else []
        entries += sorted((self.folder / SMALL_ENTRIES).glob("*/????"))
        size = sum(_size(p) for p in entries)
        total = sum(_size(p) for p in self._own()) if self.folder.is_dir() else 0
        return CacheStatus(self.folder, len(entries), size, total - size)

    def clear(self) -> CacheStatus:
        """Remove all entries, also of other versions, and return what was there. Files of others stay.

        Raises
        ------
        InputError
            ``cache_busy`` when something cannot be removed.
        """
        before = self.describe()
        for path in self._own():
            self._remove(path)
        left = [p for p in self._own() if p.exists()]
        if left:
            raise InputError(Issue("cache_busy", "error", "part of the cache cannot be removed", file=str(left[0])))
        return before

    def sweep(self) -> None:
        """Remove what processes that are gone left behind, of those that cannot be asked what is a day old."""
        for path in self._root().glob(f"{_TEMPORARY}*") if self._root().is_dir() else ():
            number = path.name.removeprefix(_TEMPORARY).removeprefix(_GONE).partition("-")[0]
            with suppress(OSError):
                if is_gone(number) or time.time() - path.stat().st_mtime > _STALE_S:
                    self._remove(path)

    def _own(self) -> list[Path]:
        """Return the version folders: nothing else in the folder is ours."""
        if not self.folder.is_dir():
            return []
        return [p for p in self.folder.iterdir() if p.is_dir() and p.name.startswith("v") and p.name[1:].isdigit()]

    def _root(self) -> Path:
        return self.folder / VERSION

    def _place(self, key: str) -> Path:
        return self._root() / key[:2] / key

    def _remove(self, path: Path) -> None:
        """Move aside first: no reader meets a half-removed entry."""
        aside = self._root() / f"{_TEMPORARY}{_GONE}{os.getpid()}-{time.monotonic_ns()}"
        try:
            os.rename(path, aside)  # noqa: PTH104
        except OSError:
            aside = path
        shutil.rmtree(aside, ignore_errors=True)


def _size(path: Path) -> int:
    total = 0
    for file in path.rglob("*") if path.is_dir() else (path,):
        with suppress(OSError):
            if file.is_file():
                total += file.stat().st_size
    return total
