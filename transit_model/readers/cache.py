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

CACHE_ENVIRONMENT = "TRANSIT_MODEL_CACHE"
VERSION = "v1"
"""Goes up when the meaning of entries changes; older entries are no longer read."""
PIGEONHOLES = f"{VERSION}/small"
"""Where in the cache folder small texts are kept (see `pigeonholes`), a folder for each kind."""
_ENTRY_FILE = "entry.json"
_TEMPORARY = ".tmp-"
_STALE_S = 24 * 3600.0
_CHUNK = 1 << 20


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
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


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
            place.parent.mkdir(parents=True, exist_ok=True)
            work = Path(tempfile.mkdtemp(prefix=f"{_TEMPORARY}{os.getpid()}-", dir=self._root()))
        except OSError:
            return None
        try:
            write(work)
            files = {p.relative_to(work).as_posix(): hash_file(p) for p in sorted(work.rglob("*")) if p.is_file()}
            entry = work / _ENTRY_FILE
            entry.write_text(json.dumps({"key": key, "files": files}, sort_keys=True), encoding="utf-8")
            _flush(entry)
            os.rename(work, place)  # noqa: PTH104 - Path.rename would say the same
        except OSError:
            return self.find(key)
        finally:
            shutil.rmtree(work, ignore_errors=True)
        return place

    def fetch(self, key: str, write: Callable[[Path], object]) -> Path | None:
        """Return an entry, made now when it is not there; None when the cache cannot be written to."""
        return self.find(key) or self.store(key, write)

    def describe(self) -> CacheStatus:
        """Return how large the cache is."""
        root = self._root()
        entries = [p for p in root.glob("??/*") if p.is_dir()] if root.is_dir() else []
        entries += sorted((self.folder / PIGEONHOLES).glob("*/????"))
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
        """Remove what killed processes left behind more than a day ago."""
        for path in self._root().glob(f"{_TEMPORARY}*") if self._root().is_dir() else ():
            with suppress(OSError):
                if time.time() - path.stat().st_mtime > _STALE_S:
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
        aside = self._root() / f"{_TEMPORARY}gone-{os.getpid()}-{time.monotonic_ns()}"
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


def _flush(path: Path) -> None:
    """Ask the system to write a file to the disk, so that a power cut finds it whole."""
    with suppress(OSError), path.open("rb") as file:
        os.fsync(file.fileno())


def replace_folder(target: Path, write: Callable[[Path], object]) -> None:
    """Write a folder beside its place and move it there when whole; what stood there stays until then.

    Raises
    ------
    InputError
        ``cannot_write``: no space, no right, a file in the way.
    """
    target = Path(target)
    try:
        if target.exists() and not target.is_dir():
            raise NotADirectoryError(0, "a file stands where the folder should be", str(target))
        target.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{target.name}{_TEMPORARY}", dir=target.parent))
    except OSError as error:
        raise _cannot_write(target, error) from error
    aside = work.with_name(work.name + "-old")
    try:
        write(work)
        work.chmod(0o755)
        if target.exists():
            os.rename(target, aside)  # noqa: PTH104
        os.rename(work, target)  # noqa: PTH104
    except OSError as error:
        if aside.exists() and not target.exists():
            os.rename(aside, target)  # noqa: PTH104
        raise _cannot_write(target, error) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
        if target.exists():
            shutil.rmtree(aside, ignore_errors=True)


def replace_file(target: Path, write: Callable[[Path], object]) -> None:
    """Write a file beside its place and move it there when whole; what stood there stays until then.

    Raises
    ------
    InputError
        ``cannot_write``: no space, no right, a folder in the way.
    """
    target = Path(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{target.name}{_TEMPORARY}", dir=target.parent))
    except OSError as error:
        raise _cannot_write(target, error) from error
    try:
        write(work / target.name)
        os.replace(work / target.name, target)  # noqa: PTH105
    except OSError as error:
        raise _cannot_write(target, error) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def describe_write_error(target: Path | str, error: OSError) -> Issue:
    """Return the issue ``cannot_write`` of what the system said about a file or folder."""
    hint = "check free space and rights; what stood there before is unchanged"
    message = f"the result cannot be written: {error.strerror or error}"
    return Issue("cannot_write", "error", message, file=str(target), hint=hint)


def _cannot_write(target: Path, error: OSError) -> InputError:
    return InputError(describe_write_error(target, error))
