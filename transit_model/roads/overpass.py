"""Map data from an Overpass server: in tiles, resumable, polite, with a statement of what was fetched when.

The server's rules (https://wiki.openstreetmap.org/wiki/Overpass_API): one query at a time, wait after 429 and 504.
Each tile lands in the cache when it is whole; a second run asks for the missing tiles only. The tiles together are
written as an extract (.osm.gz), which is then read like any other: one path for downloads and files. Names of places
are looked up through osmnx (`place_area`).
"""

from __future__ import annotations

import json
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from transit_model.errors import InputError, Issue
from transit_model.roads.osm_tags import DRIVE_CLASSES, FERRY, WINTER
from transit_model.roads.overpass_extract import Bbox, MapObjects, make_tile_query, parse_objects, write_extract
from transit_model.store.cache import Cache, make_key
from transit_model.store.scratch import make_scratch
from transit_model.store.system_errors import describe_write_error

DEFAULT_SERVER = "https://overpass-api.de/api/interpreter"
DEFAULT_NOMINATIM = "https://nominatim.openstreetmap.org/"
AGENT = "transit-model (travel-time study; one query at a time)"
_MAX_BYTES = 1_000_000_000
BUSY = (429, 502, 503, 504)
LARGEST_WAIT_S = 300.0


@dataclass(frozen=True)
class OverpassOptions:
    """How to ask.

    Attributes
    ----------
    timeout_s : float
        For one answer.
    mirror : str
        Address of another server; "" for the public one.
    nominatim : str
        Address of another server for names of places; "" for the public one.
    tile_deg : float
        Largest side of a tile.
    tries : int
        How often a busy or failing server is asked for one tile.
    pause_s : float
        First wait after a failure; it doubles. ``Retry-After`` of the server wins.
    """

    timeout_s: float = 180.0
    mirror: str = ""
    nominatim: str = ""
    tile_deg: float = 0.5
    tries: int = 4
    pause_s: float = 5.0


class Extract(NamedTuple):
    """A downloaded extract: its file, and lines that say what was fetched when."""

    path: Path
    messages: list[str]


def parse_box(text: str) -> Bbox:
    """Return the box of ``west,south,east,north``.

    Raises
    ------
    InputError
        ``bad_box``.
    """
    try:
        west, south, east, north = (float(part) for part in text.replace("，", ",").split(","))
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            raise ValueError(text)
    except ValueError as error:
        hint = "write west,south,east,north in degrees, e.g. 111.5,40.7,111.9,40.95"
        raise InputError(Issue("bad_box", "error", "not a box", field="overpass", value=text, hint=hint)) from error
    return Bbox(west, south, east, north)


def list_tiles(box: Bbox, tile_deg: float) -> list[Bbox]:
    """Return equal tiles that cover a box, none with a side above `tile_deg`."""
    columns = max(1, int(np.ceil((box.east_lon - box.west_lon) / tile_deg - 1e-9)))
    rows = max(1, int(np.ceil((box.north_lat - box.south_lat) / tile_deg - 1e-9)))
    x = np.round(np.linspace(box.west_lon, box.east_lon, columns + 1), 7).tolist()
    y = np.round(np.linspace(box.south_lat, box.north_lat, rows + 1), 7).tolist()
    return [Bbox(x[i], y[j], x[i + 1], y[j + 1]) for j in range(rows) for i in range(columns)]


def download_extract(
    where: Bbox | BaseGeometry,
    options: OverpassOptions,
    cache: Cache,
    classes: Sequence[str] = DRIVE_CLASSES,
    *,
    layers: Sequence[str] = ("roads",),
    sleep: Callable[[float], None] = time.sleep,
) -> Extract:
    """Download the map of a box or an area (WGS84) as an extract.

    Of an area only the tiles that touch it are fetched, and only what has a node in it is kept.

    Parameters
    ----------
    where : Bbox or shapely geometry
    classes : sequence of str
        Road classes to fetch, ``ferry`` among them.
    layers : sequence of {"roads", "rail", "outlines"}

    Raises
    ------
    InputError
        ``download_failed`` (what is already fetched stays in the cache), ``bad_address``, ``empty_area``,
        ``cannot_write``.
    """
    area = None if isinstance(where, Bbox) else where
    box = where if isinstance(where, Bbox) else Bbox(*where.bounds)
    tiles = list_tiles(box, options.tile_deg)
    if area is not None:
        shapely.prepare(area)
        tiles = [t for t in tiles if area.intersects(shapely.box(t.west_lon, t.south_lat, t.east_lon, t.north_lat))]
    wanted = tuple(c for c in classes if c not in (FERRY, WINTER))
    queries = [make_tile_query(t, wanted, layers, ferries=FERRY in classes) for t in tiles]
    objects = MapObjects({}, {}, {})
    messages, stamps = [], []
    for number, query in enumerate(queries, start=1):
        content, stamp, fresh = _fetch_tile(query, options, cache, (number, len(tiles)), sleep)
        part = parse_objects(content, file=f"tile {number}")
        objects.add(part)
        how = "fetched" if fresh else "from the cache, fetched"
        messages.append(f"tile {number}/{len(tiles)}: {len(part.ways)} ways, {how} {stamp}")
        stamps.append(stamp)
    messages.append(f"{len(tiles)} tiles from {_name_server(options)}, {min(stamps)} to {max(stamps)}")
    if area is not None:
        objects = objects.clip(area)
    key = make_key("osm-extract", queries=queries, stamps=stamps, area=None if area is None else area.wkt)
    entry = cache.fetch(key, lambda folder: write_extract(objects, folder / "extract.osm.gz"))
    if entry is None:  # a cache that cannot be written to costs time, never a result
        try:
            entry = make_scratch("map")
            write_extract(objects, entry / "extract.osm.gz")
        except OSError as error:
            raise InputError(describe_write_error(tempfile.gettempdir(), error)) from error
    return Extract(entry / "extract.osm.gz", messages)


def _name_server(options: OverpassOptions) -> str:
    return urllib.parse.urlsplit(options.mirror or DEFAULT_SERVER).netloc


def _fetch_tile(
    query: str,
    options: OverpassOptions,
    cache: Cache,
    number: tuple[int, int],
    sleep: Callable[[float], None],
) -> tuple[Mapping[str, Any], str, bool]:
    key = make_key("overpass", query=query, server=options.mirror or DEFAULT_SERVER)
    entry = cache.find(key)
    if entry is not None:
        stored = json.loads((entry / "answer.json").read_text(encoding="utf-8"))
        return stored["answer"], str(stored["fetched"]), False
    answer = _ask(query, options, number, sleep)
    stamp = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    text = json.dumps({"fetched": stamp, "answer": answer})
    cache.store(key, lambda folder: (folder / "answer.json").write_text(text, encoding="utf-8"))
    return answer, stamp, True


def _ask(
    query: str, options: OverpassOptions, number: tuple[int, int], sleep: Callable[[float], None]
) -> Mapping[str, Any]:
    server = options.mirror or DEFAULT_SERVER
    if urllib.parse.urlsplit(server).scheme not in ("http", "https"):
        raise InputError(Issue("bad_address", "error", "not an http(s) address", field="mirror", value=server))
    body = urllib.parse.urlencode({"data": query}).encode()
    request = urllib.request.Request(server, body, {"User-Agent": AGENT})
    problem = ""
    for attempt in range(options.tries):
        wait = min(options.pause_s * 2**attempt, LARGEST_WAIT_S)
        try:
            with urllib.request.urlopen(request, timeout=options.timeout_s) as answer:
                return _parse(answer.read(_MAX_BYTES))
        except urllib.error.HTTPError as error:
            problem = f"the server answers {error.code} {error.reason}"
            if error.code not in BUSY:
                break
            named = error.headers.get("Retry-After", "")
            wait = min(float(named), LARGEST_WAIT_S) if named.isdigit() else wait
        except TimeoutError:
            problem = f"no answer within {options.timeout_s:g} s"
        except (urllib.error.URLError, OSError) as error:
            problem = f"no connection: {getattr(error, 'reason', error)}"
        except ValueError as error:
            problem = str(error)
        if attempt + 1 < options.tries:
            sleep(wait)
    hint = "try again later (finished tiles are kept), use --mirror, or import an extract (.osm.pbf)"
    message = f"tile {number[0]} of {number[1]} cannot be fetched: {problem}"
    raise InputError(Issue("download_failed", "error", message, field="overpass", value=server, hint=hint))


def _parse(content: bytes) -> Mapping[str, Any]:
    try:
        answer = json.loads(content)
    except ValueError as error:
        start = content[:60].decode("utf-8", errors="replace").strip()
        msg = f"the answer is no JSON but {start!r}"
        raise ValueError(msg) from error
    if not isinstance(answer, dict) or not isinstance(answer.get("elements"), list):
        msg = "the answer is no Overpass answer"
        raise ValueError(msg)
    remark = str(answer.get("remark", ""))
    if "error" in remark.lower():  # a query that ran out of time or memory answers 200 with a part of the data
        msg = f"the server gave up: {remark[:100]}"
        raise ValueError(msg)
    return answer
