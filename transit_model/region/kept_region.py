"""A region pack that was read without an error, kept in the cache as it came out: tables, notices and all.

The key of an entry holds the hashes of all files of the pack (`file_hashes`: those that nobody touched are not read),
the program that reads them, and the libraries whose tables they become. So an edited file, another release or another
pandas means another entry, and the old one of the same folder goes. What is kept is data, no pickle; every byte of it
is checked when it is opened, and whatever does not fit is thrown away and read anew from the pack.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from transit_model.domain.ground import Ground, Relief
from transit_model.domain.region import Feed, Region, RegionInfo, TimetableInfo
from transit_model.errors import Issue
from transit_model.store.cache import Cache, make_key
from transit_model.store.column_file import CannotKeepError, read_column_file, write_column_file
from transit_model.store.entry_cache import EntryCache
from transit_model.store.file_hashes import hash_files, make_stamp

RECIPE: Final = 1
"""Goes up when an entry would hold something else."""
LEAST_BYTES: Final = 200_000
"""Smaller packs are read as quickly as they are looked up."""
READING_ROOMS: Final = ("", "domain", "gtfs", "region", "store")
"""The rooms whose files decide what a pack becomes."""
_CORE: Final = ("places", "counties", "nodes", "links", "shapes", "stations", "sources")
_PARTS: Final = ("rivers", "lakes", "borders")
_UNDER_MAPS: Final = ("neighbours", "shields", "rail_shapes")
_ABOUT, _DOCUMENTS, _PICTURE = "about.json", "documents.json", "relief.png"
_TYPES: Final = {kind.__name__: kind for kind in (RegionInfo, TimetableInfo, Issue)}
_latest: Final = EntryCache("regions")


def make_region_key(folder: Path, files: Mapping[str, Path], *, verify: bool) -> str | None:
    """Return the key of a pack as it lies there; None for one that is too small to be kept, or cannot be read."""
    with suppress(OSError):
        if sum(path.stat().st_size for path in files.values()) < LEAST_BYTES:
            return None
        hashes = {name: found.raw for name, found in hash_files(folder, files).items()}
        return make_key("region", recipe=RECIPE, files=hashes, verify=verify, program=_stamp_program())
    return None


def _stamp_program() -> list[Any]:
    package = Path(__file__).parents[1]
    sources = [p for room in READING_ROOMS for p in (package / room).iterdir() if p.suffix in (".py", ".yaml", ".txt")]
    return [np.__version__, pd.__version__, *((p.name, *make_stamp(p)[:2]) for p in sorted(sources))]


def find_region(key: str | None) -> Region | None:
    """Return the region of an entry; None when there is none. An entry that cannot be understood is removed."""
    cache = Cache()
    entry = None if key is None else cache.find(key)
    if key is None or entry is None:
        return None
    try:
        return _read(entry)
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError):
        cache.drop(key)
        return None


def keep_region(key: str | None, region: Region, folder: Path) -> None:
    """Keep a region under its key, in place of what was kept of the same folder before.

    One that would not come back as it is, is not kept.
    """
    if key is None:
        return
    cache = Cache()
    with suppress(CannotKeepError):
        if cache.store(key, lambda place: _write(region, place)) is None:
            return
        home = make_key("region-folder", folder=str(folder.resolve()))
        before = _latest.find(home)
        if before is not None and before != key:
            cache.drop(before)
        _latest.keep(home, key)


def _write(region: Region, place: Path) -> None:
    feeds = dict(region.feeds)
    tables = {f"core/{name}": getattr(region, name) for name in _CORE}
    tables |= {f"extra/{name}": table for name, table in region.extra.items()}
    tables |= {f"feed/{name}/{id_}": table for id_, feed in feeds.items() for name, table in vars(feed).items()}
    about: dict[str, Any] = {
        "info": region.info,
        "fingerprint": region.fingerprint,
        "notices": region.notices,
        "extra": tuple(region.extra),
        "feeds": tuple(feeds),
        "newest": next((id_ for id_, feed in feeds.items() if feed is region.feed), None),
        "relief": None,
    }
    documents: dict[str, Any] = {"outlines": region.outlines}
    if region.ground is not None:
        tables |= {f"ground/{name}": getattr(region.ground, name) for name in _UNDER_MAPS}
        documents |= {name: getattr(region.ground, name) for name in _PARTS}
        if region.ground.relief is not None:
            about["relief"] = tuple(region.ground.relief.bounds)
            (place / _PICTURE).write_bytes(region.ground.relief.png)
    write_column_file(tables, place)
    text = json.dumps(_encode(about), ensure_ascii=False)
    if about["newest"] is None or json.loads(text, object_hook=_decode) != about:
        raise CannotKeepError("the region would not come back as it is")
    (place / _ABOUT).write_text(text, encoding="utf-8")
    (place / _DOCUMENTS).write_text(json.dumps(documents, ensure_ascii=False), encoding="utf-8")


def _read(place: Path) -> Region:
    about = json.loads((place / _ABOUT).read_text(encoding="utf-8"), object_hook=_decode)
    documents = json.loads((place / _DOCUMENTS).read_text(encoding="utf-8"))
    tables = read_column_file(place)
    feed_tables = [field.name for field in fields(Feed)]
    feeds = {id_: Feed(**{name: tables[f"feed/{name}/{id_}"] for name in feed_tables}) for id_ in about["feeds"]}
    ground = None
    if "rivers" in documents:
        relief = None if about["relief"] is None else Relief((place / _PICTURE).read_bytes(), about["relief"])
        parts = {name: documents[name] for name in _PARTS}
        ground = Ground(**parts, **{name: tables[f"ground/{name}"] for name in _UNDER_MAPS}, relief=relief)
    return Region(
        info=about["info"],
        feed=feeds[about["newest"]],
        feeds=feeds,
        fingerprint=about["fingerprint"],
        outlines=documents["outlines"],
        ground=ground,
        extra={name: tables[f"extra/{name}"] for name in about["extra"]},
        notices=about["notices"],
        **{name: tables[f"core/{name}"] for name in _CORE},
    )


def _encode(value: Any) -> Any:  # noqa: ANN401 - plain values, tuples, dates and the types above
    """Return a value in forms that JSON has; `_decode` gives it back."""
    if is_dataclass(value) and type(value).__name__ in _TYPES:
        return {"!": type(value).__name__, "of": {f.name: _encode(getattr(value, f.name)) for f in fields(value)}}
    if isinstance(value, tuple):
        return {"!": "tuple", "of": [_encode(item) for item in value]}
    if isinstance(value, date):
        return {"!": "date", "of": value.isoformat()}
    if isinstance(value, Mapping):
        if not all(isinstance(name, str) for name in value) or "!" in value:
            raise CannotKeepError("names that are no texts")
        return {name: _encode(item) for name, item in value.items()}
    return [_encode(item) for item in value] if isinstance(value, list) else value


def _decode(found: dict[str, Any]) -> Any:  # noqa: ANN401
    kind = found.get("!")
    if kind is None:
        return found
    if kind == "tuple":
        return tuple(found["of"])
    return date.fromisoformat(found["of"]) if kind == "date" else _TYPES[kind](**found["of"])
