"""An OSM file (.osm.pbf, .osm, .osm.gz, .osm.bz2) to the ways a car may use, as arrays.

pyosmium streams the file: other objects are passed over in C++, no object outlives its turn. What stays is 24 bytes
for each node of a road and its ways as numbers.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from transit_model.errors import InputError, Issue
from transit_model.readers.highway_speeds import SpeedRules
from transit_model.readers.osm_tags import (
    BARRIERS,
    DRIVE_CLASSES,
    FERRY,
    TELLING_KEYS,
    WayTags,
    find_closure,
    find_obstacle,
    read_way_tags,
)

SUFFIXES = (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2")
FILTER_ABOVE_BYTES = 400_000_000
"""In larger files a pass of its own finds the nodes of roads first, so that no other node is remembered."""
_WKB_HEAD = 18  # hexadecimal digits before the first point: byte order, type, number of points
_FLUSH_WAYS = 20_000


class WayClass(NamedTuple):
    """What ways have in common, one row for all that are alike."""

    highway: str
    kind: str
    kmh: float
    back_kmh: float
    posted: bool
    urban: bool
    toll: bool
    oneway: bool
    duration_s: float
    toll_free: bool = False


@dataclass(frozen=True, eq=False)
class RawRoads:
    """Ways as drawn; a way against its drawing is turned round, so that one-way means forward.

    Attributes
    ----------
    way_id, way_class, name, ref : (w,) integer arrays
        OSM id; rows of `classes`, `texts`, `texts`.
    ptr : (w + 1,) int64
        Way i has the points ``ptr[i]:ptr[i + 1]``.
    node_id : (p,) int64
    lon, lat : (p,) float64
        NaN where the file does not hold the node.
    closed, signals, toll_booths : sorted int64 arrays
        Nodes that no car passes, that have traffic lights, that are toll booths.
    dropped : mapping
        Why ways of the classes asked for are left out, with their number.
    odd_speeds : mapping
        Speeds that were not understood, with their number.
    restrictions : int
        Turn restrictions in the file.
    """

    way_id: npt.NDArray[np.int64]
    way_class: npt.NDArray[np.int32]
    name: npt.NDArray[np.int32]
    ref: npt.NDArray[np.int32]
    ptr: npt.NDArray[np.int64]
    node_id: npt.NDArray[np.int64]
    lon: npt.NDArray[np.float64]
    lat: npt.NDArray[np.float64]
    classes: tuple[WayClass, ...]
    texts: tuple[str, ...]
    closed: npt.NDArray[np.int64]
    signals: npt.NDArray[np.int64]
    toll_booths: npt.NDArray[np.int64]
    dropped: dict[str, int] = field(default_factory=dict)
    odd_speeds: dict[str, int] = field(default_factory=dict)
    restrictions: int = 0


def scan_roads(
    path: Path | str,
    rules: SpeedRules,
    classes: tuple[str, ...] = DRIVE_CLASSES,
    *,
    filter_above_bytes: int = FILTER_ABOVE_BYTES,
) -> RawRoads:
    """Return the ways of an OSM file that a car may use.

    Raises
    ------
    InputError
        ``missing_file``, ``unknown_format``, ``bad_osm`` (cut off, damaged, with entities, not OSM), ``no_roads``.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(Issue("missing_file", "error", "no such file", file=str(path)))
    if not path.name.lower().endswith(SUFFIXES):
        hint = f"one of {', '.join(SUFFIXES)}"
        raise InputError(Issue("unknown_format", "error", "not an OSM file by its name", file=path.name, hint=hint))
    scan = _Scan(rules, classes)
    try:
        processor = _open(path, classes, filter_above_bytes)
        scan.read(processor)
        # A file whose ways stand before their nodes: by now all nodes are known.
        scan.find_missing(processor.node_location_storage)
    except (RuntimeError, ValueError, OSError) as error:
        hint = "the file may be cut off or damaged; compare its size, fetch it again"
        message = f"the file cannot be read as OSM: {str(error)[:160]}"
        raise InputError(Issue("bad_osm", "error", message, file=path.name, hint=hint)) from error
    if not scan.way_ids:
        hint = f"classes asked for: {', '.join(classes)}"
        raise InputError(Issue("no_roads", "error", "there is no road for cars in the data", path.name, hint=hint))
    return scan.finish()


def _open(path: Path, classes: tuple[str, ...], filter_above_bytes: int) -> Any:  # noqa: ANN401 - pyosmium is untyped
    import osmium
    from osmium import osm

    values = [("highway", c + end) for c in classes if c != FERRY for end in ("", "_link")]
    if FERRY in classes:
        values += [("route", FERRY), ("highway", FERRY)]
    ways = osmium.filter.TagFilter(*values)
    obstacles = [("highway", "traffic_signals"), *(("barrier", b) for b in BARRIERS)]
    nodes = osmium.filter.TagFilter(*obstacles)
    turns = osmium.filter.TagFilter(("type", "restriction"))
    for kind, one in ((osm.WAY, ways), (osm.NODE, nodes), (osm.RELATION, turns)):
        one.enable_for(kind)
    kinds = osm.NODE | osm.WAY | osm.RELATION
    if path.stat().st_size > filter_above_bytes:
        store = osmium.index.create_map("sparse_mem_array")
        tracker = osmium.IdTracker()
        for way in osmium.FileProcessor(str(path), osm.WAY).with_filter(ways):
            tracker.add_references(way)
        locations = osmium.NodeLocationsForWays(store)
        locations.ignore_errors()
        osmium.apply(osmium.io.Reader(str(path), osm.NODE), tracker.id_filter(), locations)
        return _with_stored_locations(path, kinds, store, (ways, nodes, turns))
    processor = osmium.FileProcessor(str(path), kinds).with_locations("flex_mem")
    for one in (ways, nodes, turns):
        processor = processor.with_filter(one)
    return processor


class _with_stored_locations:  # noqa: N801 - stands in for a FileProcessor
    """Objects of a file whose road nodes are already in the store."""

    def __init__(self, path: Path, kinds: Any, store: Any, filters: Iterable[Any]) -> None:  # noqa: ANN401
        import osmium

        self.node_location_storage = store
        self._processor = osmium.FileProcessor(str(path), kinds)
        for one in filters:
            self._processor = self._processor.with_filter(one)

    def __iter__(self) -> Any:  # noqa: ANN401
        return iter(self._processor)


class _Scan:
    """Gathers ways as numbers while the file streams by."""

    def __init__(self, rules: SpeedRules, classes: tuple[str, ...]) -> None:
        self._rules, self._classes = rules, classes
        self.way_ids, self._way_class = array("q"), array("i")
        self._name, self._ref, self._counts = array("i"), array("i"), array("q")
        self._node_ids = array("q")
        self._reverse: list[bool] = []
        self._kinds: dict[WayClass, int] = {}
        self._meanings: dict[tuple[tuple[str, str], ...], tuple[str, int, bool, str]] = {}
        self._texts: dict[str, int] = {"": 0}
        self._hex: list[str] = []
        self._points: list[npt.NDArray[np.float64]] = []
        self._nodes: dict[str, array[int]] = {k: array("q") for k in ("closed", "traffic_signals", "toll_booth")}
        self._dropped: Counter[str] = Counter()
        self._odd: Counter[str] = Counter()
        self._restrictions = 0

    def read(self, objects: Iterable[Any]) -> None:
        import osmium

        write: Callable[[Any, Any], str] = osmium.geom.WKBFactory().create_linestring
        every = osmium.geom.use_nodes.ALL
        for thing in objects:
            if thing.is_way():
                self._read_way(thing, write, every)
            elif thing.is_node():
                what = find_obstacle({t.k: t.v for t in thing.tags})
                if what:
                    self._nodes[what].append(thing.id)
            else:
                self._restrictions += 1
        self._flush()

    def _read_way(self, way: Any, write: Callable[[Any, Any], str], every: Any) -> None:  # noqa: ANN401
        tags = {t.k: t.v for t in way.tags}
        telling = tuple([item for item in tags.items() if item[0] in TELLING_KEYS])
        meaning = self._meanings.get(telling)
        if meaning is None:  # few combinations stand for most ways
            meaning = self._meanings[telling] = self._interpret(tags)
        why, kind, backward, odd = meaning
        refs = [n.ref for n in way.nodes]
        if why or len(refs) < 2:
            self._dropped[why or "single_point"] += 1
            return
        if odd:
            self._odd[odd] += 1
        self.way_ids.append(way.id)
        self._way_class.append(kind)
        name = tags.get("name:zh") or tags.get("name", "")
        self._name.append(self._texts.setdefault(name, len(self._texts)))
        self._ref.append(self._texts.setdefault(tags.get("ref", ""), len(self._texts)))
        self._counts.append(len(refs))
        self._node_ids.extend(refs)
        self._reverse.append(backward)
        self._read_points(way, write, every)

    def _interpret(self, tags: dict[str, str]) -> tuple[str, int, bool, str]:
        """Return why a way is left out, its row of classes, whether it is drawn against its direction, odd speed."""
        why = find_closure(tags, self._classes)
        if why:
            return why, -1, False, ""
        told = read_way_tags(tags, self._rules)
        return "", self._kinds.setdefault(_classify(told), len(self._kinds)), told.direction < 0, told.odd

    def _read_points(self, way: Any, write: Callable[[Any, Any], str], every: Any) -> None:  # noqa: ANN401
        import osmium

        try:
            self._hex.append(write(way, every)[_WKB_HEAD:])
        except (osmium.InvalidLocationError, RuntimeError):
            self._flush()
            nan = float("nan")
            known = [(n.lon, n.lat) if n.location.valid() else (nan, nan) for n in way.nodes]
            self._points.append(np.array(known, dtype=np.float64))
        if len(self._hex) >= _FLUSH_WAYS:
            self._flush()

    def _flush(self) -> None:
        if self._hex:
            points = np.frombuffer(bytes.fromhex("".join(self._hex)), dtype="<f8")
            self._points.append(points.reshape(-1, 2))
            self._hex = []

    def find_missing(self, store: Any) -> None:  # noqa: ANN401
        """Look up the points that were unknown when their way passed by."""
        points = np.vstack(self._points) if self._points else np.zeros((0, 2))
        self._points = [points]
        if store is None:
            return
        for row in np.flatnonzero(np.isnan(points[:, 0])).tolist():
            try:
                location = store.get(self._node_ids[row])
            except KeyError:
                continue
            if location.valid():
                points[row] = location.lon, location.lat

    def finish(self) -> RawRoads:
        ptr = np.concatenate([[0], np.cumsum(np.frombuffer(self._counts, dtype=np.int64))]).astype(np.int64)
        node_id = np.frombuffer(self._node_ids, dtype=np.int64).copy()
        points = self._points[0]
        for way in np.flatnonzero(self._reverse).tolist():
            part = slice(int(ptr[way]), int(ptr[way + 1]))
            node_id[part], points[part] = node_id[part][::-1].copy(), points[part][::-1].copy()
        texts: tuple[str, ...] = tuple(self._texts)
        return RawRoads(
            way_id=np.frombuffer(self.way_ids, dtype=np.int64),
            way_class=np.frombuffer(self._way_class, dtype=np.int32),
            name=np.frombuffer(self._name, dtype=np.int32),
            ref=np.frombuffer(self._ref, dtype=np.int32),
            ptr=ptr,
            node_id=node_id,
            lon=points[:, 0],
            lat=points[:, 1],
            classes=tuple(self._kinds),
            texts=texts,
            closed=_sorted(self._nodes["closed"]),
            signals=_sorted(self._nodes["traffic_signals"]),
            toll_booths=_sorted(self._nodes["toll_booth"]),
            dropped=dict(self._dropped),
            odd_speeds=dict(self._odd),
            restrictions=self._restrictions,
        )


def _classify(told: WayTags) -> WayClass:
    ahead, back = (told.kmh, told.back_kmh) if told.direction >= 0 else (told.back_kmh, told.kmh)
    oneway = told.direction != 0
    return WayClass(
        told.highway,
        told.kind,
        ahead,
        ahead if oneway else back,
        told.posted,
        told.urban,
        told.toll,
        oneway,
        told.duration_s,
        told.toll_free,
    )


def _sorted(values: array[int]) -> npt.NDArray[np.int64]:
    return np.unique(np.frombuffer(values, dtype=np.int64)) if values else np.zeros(0, dtype=np.int64)
