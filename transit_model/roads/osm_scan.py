"""An OSM file (.osm.pbf, .osm, .osm.gz, .osm.bz2) to the ways a car may use, as arrays.

pyosmium streams the file: other objects are passed over in C++, no object outlives its turn. What stays is 24 bytes
for each node of a road and its ways as numbers.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from transit_model.errors import InputError, Issue
from transit_model.roads.highway_speeds import SpeedRules
from transit_model.roads.osm_barriers import CLOSED, OBSTACLE_KEYS, SIGNALS, TOLL_BOOTH, find_obstacle
from transit_model.roads.osm_files import Marks, check_osm_path, read_latest, read_marks, reading
from transit_model.roads.osm_raw import RawRoads, WayClass
from transit_model.roads.osm_tags import (
    DRIVE_CLASSES,
    FERRY,
    TELLING_KEYS,
    WayTags,
    find_closure,
    is_misspelt,
    is_wanted,
    read_way_tags,
)

FILTER_ABOVE_BYTES = 400_000_000
"""In larger files a pass of its own finds the nodes of roads first, so that no other node is remembered."""
_WKB_HEAD = 18  # hexadecimal digits before the first point: byte order, type, number of points
_FLUSH_WAYS = 20_000
_OBSTACLES = ("", CLOSED, SIGNALS, TOLL_BOOTH)


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
        ``missing_file``, ``unknown_format``, ``change_file``, ``bad_coordinates``, ``no_roads``,
        ``bad_osm`` (cut off, damaged, with entities, not OSM).
    """
    path = check_osm_path(path)
    with reading(path):
        scan = _Scan(rules, classes, read_marks(path))
        processor = _open(path, classes, filter_above_bytes)
        scan.read(processor)
        # A file whose ways stand before their nodes: by now all nodes are known.
        scan.find_missing(processor.node_location_storage)
        scan.find_newest(path)
    if not scan.way_ids:
        hint = f"classes asked for: {', '.join(classes)}"
        if scan.odd_classes:
            hint += f"; not understood: {', '.join(sorted(scan.odd_classes)[:5])}"
        raise InputError(Issue("no_roads", "error", "there is no road for cars in the data", path.name, hint=hint))
    return scan.finish()


def _open(path: Path, classes: tuple[str, ...], filter_above_bytes: int) -> Any:  # noqa: ANN401 - pyosmium is untyped
    import osmium
    from osmium import osm

    ways = osmium.filter.KeyFilter("highway", "route") if FERRY in classes else osmium.filter.KeyFilter("highway")
    nodes = osmium.filter.KeyFilter("highway", *OBSTACLE_KEYS)
    turns = osmium.filter.TagFilter(("type", "restriction"))
    for kind, one in ((osm.WAY, ways), (osm.NODE, nodes), (osm.RELATION, turns)):
        one.enable_for(kind)
    kinds = osm.NODE | osm.WAY | osm.RELATION
    if path.stat().st_size > filter_above_bytes:
        values = [("highway", c + end) for c in classes if c != FERRY for end in ("", "_link")]
        if FERRY in classes:
            values += [("route", FERRY), ("highway", FERRY)]
        store = osmium.index.create_map("sparse_mem_array")
        tracker = osmium.IdTracker()
        for way in osmium.FileProcessor(str(path), osm.WAY).with_filter(osmium.filter.TagFilter(*values)):
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

    def __init__(self, rules: SpeedRules, classes: tuple[str, ...], marks: Marks) -> None:
        self._rules, self._classes, self._marks = rules, classes, marks
        self._judged: dict[str, tuple[bool, bool]] = {}  # class: is it asked for, is it one misspelt
        self.way_ids, self._versions, self._way_class = array("q"), array("i"), array("i")
        self._left_out, self._left_versions = array("q"), array("i")
        self._name, self._ref, self._counts = array("i"), array("i"), array("q")
        self._node_ids = array("q")
        self._reverse: list[bool] = []
        self._kinds: dict[WayClass, int] = {}
        self._meanings: dict[tuple[tuple[str, str], ...], tuple[str, int, bool, str, str]] = {}
        self._texts: dict[str, int] = {"": 0}
        self._hex: list[str] = []
        self._points: list[npt.NDArray[np.float64]] = []
        self._obstacle_ids, self._obstacles = array("q"), array("b")
        self._dropped: Counter[str] = Counter()
        self._odd: Counter[str] = Counter()
        self._odd_durations: Counter[str] = Counter()
        self.odd_classes: Counter[str] = Counter()
        self._restrictions = 0
        self._kept: npt.NDArray[np.int64] | None = None
        self._repeated: tuple[int, ...] = ()

    def read(self, objects: Iterable[Any]) -> None:
        import osmium

        write: Callable[[Any, Any], str] = osmium.geom.WKBFactory().create_linestring
        every = osmium.geom.use_nodes.ALL
        for thing in objects:
            if thing.is_way():
                self._read_way(thing, write, every)
            elif thing.is_node():
                self._read_node(thing)
            else:
                self._restrictions += not thing.deleted
        self._flush()

    def _read_node(self, node: Any) -> None:  # noqa: ANN401
        tags = node.tags
        if tags.get("highway") != SIGNALS and not any(key in tags for key in OBSTACLE_KEYS):
            return  # crossings and the like
        gone = node.deleted or node.id in self._marks.nodes
        what = "" if gone else find_obstacle({t.k: t.v for t in tags})
        self._obstacle_ids.append(node.id)  # also of none: a newer version may take a barrier away
        self._obstacles.append(_OBSTACLES.index(what))

    def _read_way(self, way: Any, write: Callable[[Any, Any], str], every: Any) -> None:  # noqa: ANN401
        highway = way.tags.get("highway", "")
        judged = self._judged.get(highway)
        if judged is None:
            known = is_wanted(highway, self._classes), is_misspelt(highway, self._classes)
            judged = self._judged[highway] = known
        if not judged[0] and (FERRY not in self._classes or way.tags.get("route") != FERRY):
            if judged[1]:
                self.odd_classes[highway] += 1
            return
        tags = {t.k: t.v for t in way.tags}
        telling = tuple([item for item in tags.items() if item[0] in TELLING_KEYS])
        meaning = self._meanings.get(telling)
        if meaning is None:  # few combinations stand for most ways
            meaning = self._meanings[telling] = self._interpret(tags)
        why, kind, backward, odd, odd_duration = meaning
        refs = [n.ref for n in way.nodes]
        number = way.id
        gone = way.deleted or number in self._marks.ways
        if gone or why or len(refs) < 2:
            self._dropped["deleted" if gone else why or "single_point"] += 1
            self._left_out.append(number)
            self._left_versions.append(way.version)
            return
        if odd:
            self._odd[odd] += 1
        if odd_duration:
            self._odd_durations[odd_duration] += 1
        self.way_ids.append(number)
        self._versions.append(way.version)
        self._way_class.append(kind)
        name = tags.get("name:zh") or tags.get("name", "")
        self._name.append(self._texts.setdefault(name, len(self._texts)))
        self._ref.append(self._texts.setdefault(tags.get("ref", ""), len(self._texts)))
        self._counts.append(len(refs))
        self._node_ids.extend(refs)
        self._reverse.append(backward)
        self._read_points(way, write, every)

    def _interpret(self, tags: dict[str, str]) -> tuple[str, int, bool, str, str]:
        """Return why a way is left out, its row of classes, whether it is drawn against its direction, odd values."""
        why = find_closure(tags, self._classes)
        if why:
            return why, -1, False, "", ""
        way_tags = read_way_tags(tags, self._rules)
        row = self._kinds.setdefault(_classify(way_tags), len(self._kinds))
        return "", row, way_tags.direction < 0, way_tags.odd, way_tags.odd_duration

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
            if self._node_ids[row] < 0:
                continue
            try:
                location = store.get(self._node_ids[row])
            except KeyError:
                continue
            if location.valid():
                points[row] = location.lon, location.lat

    def find_newest(self, path: Path) -> None:
        """Keep the newest version of each way, and find the places of nodes that no index holds."""
        ids, left = (np.frombuffer(a, dtype=np.int64) for a in (self.way_ids, self._left_out))
        every = np.concatenate([ids, left])
        history = self._marks.versions
        if history or (np.diff(np.sort(every)) == 0).any():
            versions = np.concatenate([np.frombuffer(a, dtype=np.int32) for a in (self._versions, self._left_versions)])
            kept = _find_newest(every, versions)
            self._repeated = tuple(np.unique(ids[~kept[: len(ids)]]).tolist())
            self._kept = np.flatnonzero(kept[: len(ids)])
        node_id = np.frombuffer(self._node_ids, dtype=np.int64)
        if not history and not (node_id < 0).any():
            return
        wanted = set(node_id.tolist())
        latest = read_latest(path, wanted, set(ids.tolist()) if history else ())
        points = self._points[0] = self._points[0].copy()
        for row in range(len(node_id)):
            place = latest.places.get(self._node_ids[row])
            if place is not None:
                points[row] = place
        if history and self._kept is not None:
            gone = [i for i in self._kept.tolist() if latest.ways.get(self.way_ids[i]) != self._versions[i]]
            self._dropped["deleted"] += len(gone)
            self._kept = np.setdiff1d(self._kept, gone)

    def finish(self) -> RawRoads:
        ptr = np.concatenate([[0], np.cumsum(np.frombuffer(self._counts, dtype=np.int64))]).astype(np.int64)
        node_id = np.frombuffer(self._node_ids, dtype=np.int64).copy()
        points = self._points[0]
        for way in np.flatnonzero(self._reverse).tolist():
            part = slice(int(ptr[way]), int(ptr[way + 1]))
            node_id[part], points[part] = node_id[part][::-1].copy(), points[part][::-1].copy()
        # No road is at 0,0, in the Gulf of Guinea: a node there has lost its place.
        null = (points == 0).all(axis=1)
        null_nodes = tuple(np.unique(node_id[null]).tolist())
        if null.any():
            points = np.where(null[:, None], np.nan, points)
        texts: tuple[str, ...] = tuple(self._texts)
        raw = RawRoads(
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
            closed=self._list_nodes(CLOSED),
            signals=self._list_nodes(SIGNALS),
            toll_booths=self._list_nodes(TOLL_BOOTH),
            dropped=dict(self._dropped + Counter({"odd_class": self.odd_classes.total()})),
            odd_speeds=dict(self._odd),
            restrictions=self._restrictions,
            odd_durations=dict(self._odd_durations),
            odd_classes=dict(self.odd_classes),
            null_nodes=null_nodes,
            repeated=self._repeated,
        )
        return raw if self._kept is None else raw.take_ways(self._kept)

    def _list_nodes(self, obstacle: str) -> npt.NDArray[np.int64]:
        ids = np.frombuffer(self._obstacle_ids, dtype=np.int64)
        what = np.frombuffer(self._obstacles, dtype=np.int8)
        newest = _find_newest(ids, np.zeros(len(ids), dtype=np.int32))
        return np.sort(ids[newest & (what == _OBSTACLES.index(obstacle))])


def _find_newest(ids: npt.NDArray[np.int64], versions: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
    """Return the mask of the last row of the highest version of each id."""
    order = np.lexsort((np.arange(len(ids)), versions, ids))
    last = np.ones(len(ids), dtype=bool)
    last[:-1] = ids[order][1:] != ids[order][:-1]
    kept = np.zeros(len(ids), dtype=bool)
    kept[order[last]] = True
    return kept


def _classify(tags: WayTags) -> WayClass:
    ahead, back = (tags.kmh, tags.back_kmh) if tags.direction >= 0 else (tags.back_kmh, tags.kmh)
    toll, back_toll = (tags.toll, tags.back_toll) if tags.direction >= 0 else (tags.back_toll, tags.toll)
    oneway = tags.direction != 0
    return WayClass(
        tags.highway,
        tags.kind,
        ahead,
        ahead if oneway else back,
        tags.posted,
        tags.urban,
        toll,
        oneway,
        tags.duration_s,
        tags.toll_free,
        toll if oneway else back_toll,
    )
