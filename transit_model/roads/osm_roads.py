"""Roads of an OSM file as road tables, with a report of what was kept, dropped and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.domain.tables import ROAD_LINKS, ROAD_NODES
from transit_model.errors import InputError, Issue
from transit_model.roads.highway_speeds import DEFAULT_COUNTRY, RAMP, read_speed_rules
from transit_model.roads.osm_delays import SIGNALS, compute_yield_delays_s, read_junction_delays
from transit_model.roads.osm_raw import RawRoads
from transit_model.roads.osm_road_issues import list_map_issues, list_road_issues, make_report
from transit_model.roads.osm_road_report import RoadReport
from transit_model.roads.osm_scan import scan_roads
from transit_model.roads.osm_simplify import Simplified, simplify
from transit_model.roads.osm_tags import DRIVE_CLASSES, FERRY, SERVICE_CLASSES, TRACK_CLASSES, WINTER
from transit_model.roads.road_tables import RoadTables

if TYPE_CHECKING:
    import pyarrow as pa

READ_STEPS = 3
"""How many times `read_osm_roads` ticks."""
_SAME = 1e-9  # relative: speeds that differ less are one


@dataclass(frozen=True)
class RoadOptions:
    """What to read from an OSM file.

    Attributes
    ----------
    speeds : str
        Country of the default speeds, or a CSV file (`read_speed_rules`).
    service, tracks, ferries : bool
        Also service roads (not driveways and parking aisles), tracks, car ferries.
    keep_all : bool
        Keep parts that are not connected with the largest one.
    merge_speeds : bool
        Join roads where only the posted speed changes (the time is kept); fewer and longer links.
    cut_loops : bool
        Cut a road that ends where it starts in two; otherwise it is left out.
    ramp_tolls : bool
        Ramps of a tolled motorway cost toll too unless they say otherwise.
    winter : bool
        Also roads over snow and ice.
    """

    speeds: str = DEFAULT_COUNTRY
    service: bool = False
    tracks: bool = False
    ferries: bool = True
    keep_all: bool = False
    merge_speeds: bool = True
    cut_loops: bool = True
    ramp_tolls: bool = True
    winter: bool = False

    def list_classes(self) -> tuple[str, ...]:
        """Return the road classes to read."""
        extra = (*(SERVICE_CLASSES * self.service), *(TRACK_CLASSES * self.tracks), *((FERRY,) * self.ferries))
        return (*DRIVE_CLASSES, *extra, *((WINTER,) * self.winter))


class OsmRoads(NamedTuple):
    """Road tables with their report; `tables.links` has also ``kind`` (road or ramp) and ``delay_s``."""

    tables: RoadTables
    report: RoadReport


def read_osm_roads(
    path: Path | str, options: RoadOptions | None = None, tick: Callable[[str], object] = lambda _text: None
) -> OsmRoads:
    """Return the roads of an OSM file (.osm.pbf, .osm, .osm.bz2) for cars.

    `tick` is called after each of `READ_STEPS` steps, with what comes next.

    Raises
    ------
    InputError
        ``missing_file``, ``unknown_format``, ``bad_osm``, ``no_roads``, those of `read_speed_rules`.
    """
    path, options = Path(path), options or RoadOptions()
    rules = read_speed_rules(options.speeds)
    raw = scan_roads(path, rules, options.list_classes())
    tick("化简路网 joining pieces into roads")
    simple = simplify(
        raw,
        keep_all=options.keep_all,
        merge_speeds=options.merge_speeds,
        cut_loops=options.cut_loops,
        ramp_tolls=options.ramp_tolls,
    )
    if not len(simple.chain_piece):
        issue = Issue("no_roads", "error", "no two roads of the data are connected", file=path.name)
        raise InputError([*list_map_issues(raw, simple, path.name), issue])
    tick("列出路段 listing the roads")
    chains = _Chains(raw, simple, merged=options.merge_speeds)
    links, coords, owner = chains.list_links()
    nodes = chains.list_nodes(links)
    report = make_report(raw, simple, asdict(options), path.name, (nodes, links), int(chains.loops.sum()))
    issues = list_road_issues(raw, simple, report, path.name)
    # The shapes are the largest table: make room for them first.
    del raw, simple, chains
    tables = RoadTables(nodes, links, _list_shapes(links["link_id"], coords, owner), issues)
    tick("")
    return OsmRoads(tables, report)


class _Chains:
    """Roads as arrays: ends, sums and courses."""

    def __init__(self, raw: RawRoads, simple: Simplified, *, merged: bool) -> None:
        self.raw, self.simple, self.merged = raw, simple, merged
        p, ptr = simple.pieces, simple.chain_ptr
        self.count = np.diff(ptr)
        chain = np.repeat(np.arange(len(self.count)), self.count)
        piece, forward = simple.chain_piece, simple.chain_forward
        self.oneway = p.oneway[piece[ptr[:-1]]]
        start = np.where(forward[ptr[:-1]], p.tail[piece[ptr[:-1]]], p.head[piece[ptr[:-1]]])
        end = np.where(forward[ptr[1:] - 1], p.head[piece[ptr[1:] - 1]], p.tail[piece[ptr[1:] - 1]])
        # A two-way road runs from its smaller node, so that equal data give equal rows.
        self.names = _name_nodes(simple.node_id)
        rank = np.lexsort((np.arange(len(simple.node_id)), simple.node_id)).argsort()
        flip = ~self.oneway & (rank[start] > rank[end])
        position = np.arange(len(piece)) - ptr[:-1][chain]
        source = np.where(flip[chain], ptr[1:][chain] - 1 - position, ptr[:-1][chain] + position)
        self.chain, self.piece = chain, piece[source]
        self.forward = forward[source] ^ flip[chain]
        self.start, self.end = np.where(flip, end, start), np.where(flip, start, end)
        self.loops = self.start == self.end

    def list_links(self) -> tuple[pd.DataFrame, npt.NDArray[np.float64], npt.NDArray[np.int32]]:
        """Return the links, and their courses as points (k, 2) with the row of each."""
        raw, p, n = self.raw, self.simple.pieces, len(self.count)
        length = np.bincount(self.chain, weights=p.length_m[self.piece], minlength=n)
        ahead = np.where(self.forward, p.time_h_km[self.piece], p.back_h_km[self.piece])
        back = np.where(self.forward, p.back_h_km[self.piece], p.time_h_km[self.piece])
        kmh = length / np.bincount(self.chain, weights=ahead, minlength=n)
        kmh_back = length / np.bincount(self.chain, weights=back, minlength=n)
        way = p.way[self.piece]
        osmid = np.full(n, np.iinfo(np.int64).max)
        np.minimum.at(osmid, self.chain, raw.way_id[way])
        by_length = np.lexsort((-raw.way_id[way], p.length_m[self.piece], self.chain))
        main = way[by_length[np.cumsum(self.count) - 1]]  # the way with most of the road tells its name
        points, owner = self._list_points()
        signals = np.isin(raw.node_id[points], raw.signals).astype(np.float64)
        edge = np.ones(len(points), dtype=bool)
        edge[1:-1] = (owner[1:-1] != owner[:-2]) | (owner[1:-1] != owner[2:])
        signals[edge] /= 2  # a light at a junction is met once on the way in and once on the way out
        delay_s = np.bincount(owner, weights=signals, minlength=n) * read_junction_delays()[SIGNALS]
        classes = raw.classes
        kind_of = raw.way_class[main]
        delay_s += compute_yield_delays_s(
            self.start,
            self.end,
            np.array([c.highway for c in classes])[kind_of],
            np.array([c.kind == RAMP for c in classes], dtype=bool)[kind_of],
            np.isin(self.simple.node_id, raw.signals),
        )
        urban_way = np.array([c.urban for c in classes], dtype=bool)[raw.way_class[way]]
        # In town where most of the road is; without merging where all of it is, as on the path through osmnx.
        urban_m = np.bincount(self.chain, weights=p.length_m[self.piece] * urban_way, minlength=n)
        urban = urban_m > length / 2 if self.merged else np.bincount(self.chain, weights=~urban_way, minlength=n) == 0
        toll = self.simple.tolled[main]
        toll = np.where(self._as_drawn()[:, None], toll, toll[:, ::-1])
        both = ~self.oneway & ((np.abs(kmh - kmh_back) > _SAME * kmh) | (toll[:, 0] != toll[:, 1]))
        keep = ~self.loops
        # A road with different limits or tolls each way becomes two one-way roads.
        row = np.concatenate([np.flatnonzero(keep), np.flatnonzero(keep & both)])
        against = np.concatenate([np.zeros(int(keep.sum()), bool), np.ones(int((keep & both).sum()), bool)])
        tail = np.where(against, self.end[row], self.start[row])
        head = np.where(against, self.start[row], self.end[row])
        order = np.lexsort((length[row], self.simple.node_id[head], self.simple.node_id[tail], osmid[row]))
        row, against, tail, head = row[order], against[order], tail[order], head[order]
        columns = {
            "link_id": _name_links(osmid[row], self.names.take(tail), self.names.take(head)),
            "from_node_id": self.names.take(tail),
            "to_node_id": self.names.take(head),
            "oneway": self.oneway[row] | both[row],
            "highway": _pick([c.highway for c in classes], kind_of[row]),
            "ref": _pick(raw.texts, raw.ref[main[row]]),
            "name_zh": _pick(raw.texts, raw.name[main[row]]),
            "length_m": np.round(length[row], 2).clip(0.01),
            "maxspeed_kmh": np.round(np.where(against, kmh_back[row], kmh[row]), 6).clip(1, 200),
            "toll": np.where(against, toll[row, 1], toll[row, 0]),
            "area": _pick(("rural", "urban"), urban[row].astype(np.int32)),
            **{name: _pick(("",), np.zeros(len(row), dtype=np.int32)) for name in ("opened", "closed", "confidence")},
            "source": _join("[osm] way ", osmid[row]),
            "kind": _pick([c.kind for c in classes], kind_of[row]),
            "delay_s": np.round(delay_s[row], 1),
        }
        links = _to_frame({name: columns[name] for name in (*ROAD_LINKS.names(), "kind", "delay_s")})
        self._tail, self._head = tail, head
        del signals, edge, columns, ahead, back, way, by_length, urban_way, urban_m, kmh, kmh_back
        coords, new_owner = self._course(points, owner, row, against)
        return links, coords, new_owner

    def _as_drawn(self) -> npt.NDArray[np.bool_]:
        """Return whether the first piece of each road is driven as it is drawn, (n,)."""
        drawn: npt.NDArray[np.bool_] = self.forward[np.cumsum(self.count) - self.count]
        return drawn

    def _list_points(self) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        """Return the rows of the raw points along each chain and the chain of each."""
        p = self.simple.pieces
        first, last = p.first[self.piece], p.last[self.piece]
        begins = np.concatenate([[True], self.chain[1:] != self.chain[:-1]])
        count = last - first + begins  # a later piece starts where the earlier ended
        # Half-size integers: these columns are the longest of an import.
        owner = np.repeat(np.arange(len(count), dtype=np.int32), count)
        at = np.arange(len(owner), dtype=np.int32) - (np.cumsum(count) - count).astype(np.int32)[owner]
        at += ~begins[owner]
        first, last = first.astype(np.int32), last.astype(np.int32)
        points = np.where(self.forward[owner], first[owner] + at, last[owner] - at)
        return points, self.chain.astype(np.int32)[owner]

    def _course(
        self,
        points: npt.NDArray[np.int32],
        owner: npt.NDArray[np.int32],
        row: npt.NDArray[np.int64],
        against: npt.NDArray[np.bool_],
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int32]]:
        count = np.bincount(owner, minlength=len(self.count)).astype(np.int32)
        start = (np.cumsum(count) - count).astype(np.int32)
        new_owner = np.repeat(np.arange(len(row), dtype=np.int32), count[row])
        at = np.arange(len(new_owner), dtype=np.int32)
        at -= (np.cumsum(count[row]) - count[row]).astype(np.int32)[new_owner]
        chain = row[new_owner]
        source = np.where(against[new_owner], start[chain] + count[chain] - 1 - at, start[chain] + at)
        del at, chain
        picked = points[source]
        del source
        return np.column_stack([self.raw.lon[picked], self.raw.lat[picked]]), new_owner

    def list_nodes(self, links: pd.DataFrame) -> pd.DataFrame:
        """Return the nodes at the ends of the links, by OSM id."""
        used = np.unique(np.concatenate([self._tail, self._head]))
        used = used[np.lexsort((used, self.simple.node_id[used]))]
        kind = np.isin(self.simple.node_id[used], self.raw.signals).astype(np.int32)
        motorway = (links["highway"] == "motorway").to_numpy(dtype=bool)
        ends = [np.concatenate([self._tail[m], self._head[m]]) for m in (motorway, ~motorway)]
        kind[np.isin(used, np.intersect1d(ends[0], ends[1]))] = 2
        empty = np.zeros(len(used), dtype=np.int32)
        columns = {
            "node_id": self.names.take(used),
            **{name: _pick(("",), empty) for name in ("name_zh", "name_en", "confidence")},
            "lon": np.round(self.simple.node_lon[used], 7),
            "lat": np.round(self.simple.node_lat[used], 7),
            "kind": _pick(("junction", "signals", "interchange"), kind),
            "source": _pick(("[osm]",), empty),
        }
        return _to_frame({name: columns[name] for name in ROAD_NODES.names()})


def _to_frame(columns: Mapping[str, Any]) -> pd.DataFrame:
    """Return arrow and numpy columns as a frame; texts stay in arrow, a tenth of the memory of Python strings."""
    import pyarrow as pa

    texts = {name: pd.Series(c, dtype="str") for name, c in columns.items() if isinstance(c, pa.Array)}
    return pd.DataFrame({name: texts.get(name, column) for name, column in columns.items()})


def _pick(values: Sequence[str], rows: npt.NDArray[np.int32]) -> pa.Array:
    import pyarrow as pa

    return pa.array(values, pa.large_string()).take(pa.array(rows))


def _join(before: str, numbers: npt.NDArray[np.int64]) -> pa.Array:
    import pyarrow as pa
    from pyarrow import compute as pc

    kind = pa.large_string()
    return pc.binary_join_element_wise(pa.scalar(before, kind), pa.array(numbers).cast(kind), pa.scalar("", kind))


def _name_nodes(node_id: npt.NDArray[np.int64]) -> pa.Array:
    """Return n<id>; parts of a node that a barrier closes are n<id>.2 and so on."""
    return _number_parts(_join("n", node_id), node_id)


def _name_links(osmid: npt.NDArray[np.int64], tail: pa.Array, head: pa.Array) -> pa.Array:
    """Return w<way>-<node>-<node>; the second of that name ends in .2."""
    import pyarrow as pa
    from pyarrow import compute as pc

    ends = [pc.utf8_slice_codeunits(names, 1) for names in (tail, head)]
    names = pc.binary_join_element_wise(_join("w", osmid), *ends, pa.scalar("-", pa.large_string()))
    codes = pc.dictionary_encode(names).indices.to_numpy()
    return _number_parts(names, codes)


def _number_parts(names: pa.Array, same: npt.NDArray[np.int64]) -> pa.Array:
    """Return names, the second of those that are the same with ".2" at its end, and so on."""
    import pyarrow as pa
    from pyarrow import compute as pc

    part = pd.Series(same).groupby(same).cumcount().to_numpy() + 1
    if not (part > 1).any():
        return names
    suffixed = pc.binary_join_element_wise(
        names, pa.array(part).cast(pa.large_string()), pa.scalar(".", pa.large_string())
    )
    return pc.if_else(pa.array(part > 1), suffixed, names)


def _list_shapes(
    link_ids: pd.Series[str], coords: npt.NDArray[np.float64], owner: npt.NDArray[np.int32]
) -> pd.DataFrame:
    count = np.bincount(owner, minlength=len(link_ids))
    seq = np.arange(len(owner)) - (np.cumsum(count) - count)[owner]
    keep = count[owner] > 2
    return pd.DataFrame(
        {
            "link_id": link_ids.take(owner[keep]).reset_index(drop=True),
            "seq": seq[keep],
            "lon": np.round(coords[keep, 0], 7),
            "lat": np.round(coords[keep, 1], 7),
        }
    )
