"""YAML documents parsed once and kept: reading pure Python YAML takes longer than anything else that a small file asks.

A document is kept as JSON under the hash of the file's bytes, and only when JSON gives back just what was kept. Files
with mistakes are never kept, so their messages always come from the parser.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any, Final, TypeAlias

from transit_model.store.entry_cache import EntryCache

RECIPE: Final = 1
"""Goes up when the same bytes would give other data or other lines."""
_DATE: Final = "!date"
_PLAIN: Final = (str, int, float, bool, type(None))
_cache: Final = EntryCache("documents")

Key: TypeAlias = tuple[str | int, ...]
Parsed: TypeAlias = tuple[Any, dict[Key, int]]


def find_document(data: bytes) -> Parsed | None:
    """Return the data and the lines of a file by its bytes; None when it is not kept."""
    text = _cache.find(_make_key(data))
    if text is None:
        return None
    content, lines = json.loads(text, object_hook=_decode)
    return content, {tuple(path): line for path, line in lines}


def keep_document(data: bytes, content: Any, lines: Mapping[Key, int]) -> None:  # noqa: ANN401 - any YAML value
    """Keep what the parser made of a file; left alone where JSON cannot hold it."""
    if _is_faithful(content):
        text = json.dumps([content, [[list(path), line] for path, line in lines.items()]], default=_encode)
        _cache.keep(_make_key(data), text)


def _make_key(data: bytes) -> str:
    return hashlib.sha256(b"%d|" % RECIPE + data).hexdigest()


def _is_faithful(value: Any) -> bool:  # noqa: ANN401
    """Return whether JSON gives a value back as it is: its very types, keys that are texts."""
    if type(value) is dict:
        return _DATE not in value and all(type(k) is str and _is_faithful(v) for k, v in value.items())
    if type(value) is list:
        return all(map(_is_faithful, value))
    return type(value) in _PLAIN or type(value) is date


def _encode(value: date) -> dict[str, str]:
    return {_DATE: value.isoformat()}


def _decode(found: dict[str, Any]) -> Any:  # noqa: ANN401
    return date.fromisoformat(found[_DATE]) if _DATE in found else found
