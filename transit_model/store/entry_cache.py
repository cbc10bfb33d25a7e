"""Small texts in the cache folder, each in a place by its key: as many as there are places, a newer one moves in.

For what is cheap to make again and asked for often; for what is large, or must all stay, there are the entries of
`cache.Cache`. Whatever goes wrong here costs time, never a result.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path
from typing import Final

from transit_model.errors import InputError
from transit_model.store.cache import SMALL_ENTRIES, find_cache_dir
from transit_model.store.private_folder import make_private
from transit_model.store.write import replace_file

PLACES: Final = 4096
"""Places of each kind."""


class EntryCache:
    """Texts of one kind; keys are of `cache.make_key`, or SHA-256 of any other sort."""

    def __init__(self, kind: str) -> None:
        self._kind = kind

    def find(self, key: str) -> str | None:
        """Return the text kept under a key; None when there is none, or it is damaged."""
        with suppress(OSError, ValueError):
            head, _, text = self._place(key).read_bytes().decode("utf-8").partition("\n")
            return text if head == f"{key} {_hash(text)}" else None
        return None

    def keep(self, key: str, text: str) -> None:
        """Keep a text, in the place of another if need be."""
        content = f"{key} {_hash(text)}\n{text}".encode()
        with suppress(InputError, OSError):
            make_private(find_cache_dir())
            replace_file(self._place(key), lambda path: path.write_bytes(content), durable=False, wait=False)

    def _place(self, key: str) -> Path:
        return find_cache_dir() / SMALL_ENTRIES / self._kind / f"{int(key[:8], 16) % PLACES:04d}"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
