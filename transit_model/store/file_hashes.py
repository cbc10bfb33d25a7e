"""What files hold, known without reading them as long as the system says that nobody has touched them.

The hash of a file is kept beside its *stamp*: size, date of its content, date of its last change of any kind, and where
it lies on which disk. Whoever writes to a file moves the last two, also when he puts size and date of the content back
(`touch -r`, archives, copies that keep dates): only the system sets the date of change. A file that was changed in the
last two seconds is never trusted, since dates are coarse on some disks. Windows keeps no date of change, so there every
file is read.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from transit_model.store.cache import make_key
from transit_model.store.entry_cache import EntryCache

RECIPE: Final = 1
"""Goes up when stamps or hashes are made otherwise."""
SETTLED_NS: Final = 2_000_000_000
"""A younger change may hide another that came after it (FAT keeps two seconds)."""
_cache: Final = EntryCache("hashes")

Stamp = tuple[int, ...]


class FileHash(NamedTuple):
    """SHA-256 of the bytes of a file, and of its text with LF line ends (`hash_text`)."""

    raw: str
    text: str


def hash_text(data: bytes) -> str:
    """Return the SHA-256 of a file; of a text with LF line ends, so that a checkout with CRLF has the same hash."""
    return _hash(data).text


def _hash(data: bytes) -> FileHash:
    raw = hashlib.sha256(data).hexdigest()
    if b"\r\n" not in data or b"\0" in data:  # no text holds a zero byte, every picture does
        return FileHash(raw, raw)
    return FileHash(raw, hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest())


def hash_files(folder: Path, files: Mapping[str, Path]) -> dict[str, FileHash]:
    """Return the hashes of files that lie in a folder, by the same names; those that were not touched are not read.

    Raises
    ------
    OSError
        When a file cannot be read.
    """
    key = make_key("file-hashes", recipe=RECIPE, folder=str(folder.resolve()))
    known = _load(_cache.find(key))
    now_ns = time.time_ns()
    out: dict[str, FileHash] = {}
    settled = {name: found for name, found in known.items() if name not in files}  # of who asked for other files
    for name, path in files.items():
        stamp = make_stamp(path)
        found = known.get(name)
        if found is None or found[0] != stamp or not keeps_change_dates():
            found = stamp, _hash(path.read_bytes())
        out[name] = found[1]
        if _is_settled(stamp, now_ns) and make_stamp(path) == stamp:
            settled[name] = found
    if settled != known and keeps_change_dates():
        _cache.keep(key, json.dumps({name: [stamp, hashes] for name, (stamp, hashes) in settled.items()}))
    return out


def make_stamp(path: Path) -> Stamp:
    """Return what the system says of a file: size, dates of content and of change in ns, place and disk."""
    found = path.stat()
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_dev


def keeps_change_dates() -> bool:
    """Return whether the system dates every change of a file by itself."""
    return os.name == "posix"


def _is_settled(stamp: Stamp, now_ns: int) -> bool:
    return max(stamp[1:3]) < now_ns - SETTLED_NS


def _load(text: str | None) -> dict[str, tuple[Stamp, FileHash]]:
    with suppress(ValueError, TypeError, AttributeError):
        rows = json.loads(text or "{}")
        return {name: (tuple(stamp), FileHash(*hashes)) for name, (stamp, hashes) in rows.items()}
    return {}
