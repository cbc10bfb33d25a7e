"""Region packs are read once in each process of the tests, as long as no byte of them changes.

Half of the time of a small command is the reading of its pack, and hundreds of tests run commands on a few packs.
Tests of reading itself call `read_region` and `inspect_region` of `transit_model.region.pack`, which stay as they are.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Final

from transit_model.domain.region import Region
from transit_model.store.resources import REGION_FILE

KEPT: Final = 12
Read = Callable[[Path], Region]


def hash_folder(folder: Path) -> str:
    """Return one SHA-256 over the path of a folder as given and in full, the names of its files and all their bytes."""
    digest = hashlib.sha256(f"{folder}\0{folder.resolve()}\0".encode())
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        data = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()}\0{len(data)}\0".encode())
        digest.update(data)
    return digest.hexdigest()


def read_once(read: Read) -> Read:
    """Return the function with the last packs kept by their content; what fails to be read is read anew each time."""
    kept: OrderedDict[str, Region] = OrderedDict()

    def read_or_take(folder: Path) -> Region:
        if not (Path(folder) / REGION_FILE).is_file():
            return read(folder)  # no pack: perhaps a large folder of something else
        key = hash_folder(Path(folder))
        if key not in kept:
            kept[key] = read(folder)
        kept.move_to_end(key)
        if len(kept) > KEPT:
            kept.popitem(last=False)
        return kept[key]

    return read_or_take
