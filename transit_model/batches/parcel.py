"""The work as one file that every process of a machine maps into memory.

Pickle protocol 5 leaves the content of arrays and tables out of the pickle (PEP 574); here the pickle and those buffers
follow one another in a file. Mapped copy-on-write, the arrays of all processes are the same pages of memory, and an
array that somebody writes to becomes a private copy. A parcel is made by the run that uses it, in a folder of its own
that no other user may enter; it is never read from results or from a cache, since unpickling runs code.
"""

from __future__ import annotations

import hashlib
import mmap
import pickle
import struct
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from transit_model.errors import InputError

if TYPE_CHECKING:
    from transit_model.batches.task import TaskMeasurer

_MAGIC: Final = b"tmparcel"
_ALIGN: Final = 64
_HEAD: Final = struct.Struct("<8sQ")


def pack(work: TaskMeasurer, path: Path) -> str:
    """Write the work into a file and return the SHA-256 of its content."""
    buffers: list[pickle.PickleBuffer] = []
    pickled = pickle.dumps(work, protocol=5, buffer_callback=buffers.append)
    pieces = [memoryview(pickled), *(buffer.raw() for buffer in buffers)]
    sizes = struct.pack(f"<{len(pieces)}Q", *(piece.nbytes for piece in pieces))
    digest = hashlib.sha256()
    with path.open("wb") as file:
        heads: list[bytes | memoryview] = [_HEAD.pack(_MAGIC, len(pieces)), sizes]
        for number, piece in enumerate([*heads, *pieces]):
            gap = bytes(-file.tell() % _ALIGN if number >= len(heads) else 0)
            for some in (gap, piece):
                file.write(some)
                digest.update(some)
    return digest.hexdigest()


def unpack(path: Path) -> TaskMeasurer:
    """Return the work of a file, its arrays mapped into memory: writable, but writing changes a private copy only."""
    with path.open("rb") as file:
        return _read(memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)))


def unpack_bytes(data: bytes) -> TaskMeasurer:
    """Return the work of a parcel that came over a network."""
    return _read(memoryview(bytearray(data)))


def _read(data: memoryview) -> TaskMeasurer:
    magic, count = _HEAD.unpack_from(data)
    if magic != _MAGIC:
        raise InputError("this file is no parcel")
    sizes = struct.unpack_from(f"<{count}Q", data, _HEAD.size)
    at = _HEAD.size + 8 * count
    pieces = []
    for size in sizes:
        at += -at % _ALIGN
        pieces.append(data[at : at + size])
        at += size
    return cast("TaskMeasurer", pickle.loads(pieces[0], buffers=pieces[1:]))
