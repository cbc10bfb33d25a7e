"""The base graph of the speed measurements: the Porto extract through our own import, and mirror-tiled copies of it.

A tile is the drive graph of Porto (posted speeds, largest strongly connected part). Every second column is mirrored
east-west and every second row north-south, so that neighbouring tiles meet with the same nodes, which are joined
there. The local topology of a larger graph is real, the region is not; there are no turn costs.

Run ``python -m tests.bench.tiles`` to make all four and to see their sizes.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from tests.conftest import find_shared
from transit_model.network.arrays import I32, StreetArrays
from transit_model.network.build import build_directed_links
from transit_model.roads.osm_roads import RoadOptions, read_osm_roads
from transit_model.store.cache import Cache, hash_file, make_key
from transit_model.units import drive_time_ticks

SIZES: Final = {"p1": (1, 1), "p4": (2, 2), "p8": (4, 2), "p16": (8, 2)}
"""Rows and columns of tiles: about 58, 231, 462 and 924 thousand nodes."""
MIN_SEAM: Final = 24
SEAM_DEG: Final = 0.002
SEAM_KMH: Final = 50.0
M_PER_DEG: Final = 111_195.0
RECIPE: Final = 3
_FIELDS = ("indptr", "head", "weight_ticks", "link_idx", "node_idx", "lon", "lat", "may_leave")


def find_extract() -> Path | None:
    """Return the Porto extract beside the checkout, if it is there."""
    folder = find_shared("data")
    path = folder / "osm" / "porto" / "porto.osm.pbf" if folder else None
    return path if path is not None and path.is_file() else None


def find_cache() -> Cache:
    """Return the cache of measurements: never inside the checkout, and not the user's own either."""
    return Cache(Path(tempfile.gettempdir()) / "transit-model-bench")


def load_graph(name: str) -> StreetArrays:
    """Return a graph of `SIZES`; made once, then read from a temporary cache."""
    extract = find_extract()
    if extract is None:
        msg = "the Porto extract (shared/data/osm/porto) is not beside this checkout"
        raise FileNotFoundError(msg)
    key = make_key("bench-tiles", recipe=RECIPE, size=SIZES[name], file=hash_file(extract))

    def write(folder: Path) -> None:
        base = read_base(extract) if name == "p1" else load_graph("p1")
        graph = tile(base, *SIZES[name])
        for field in _FIELDS:
            np.save(folder / f"{field}.npy", getattr(graph, field))

    entry = find_cache().fetch(key, write)
    if entry is None:
        msg = "the temporary folder cannot be written to"
        raise OSError(msg)
    return StreetArrays(**{field: np.load(entry / f"{field}.npy") for field in _FIELDS})


def read_base(path: Path) -> StreetArrays:
    """Return the drive graph of an OSM file at posted speeds: its largest strongly connected part."""
    tables = read_osm_roads(path, RoadOptions(service=True, tracks=True)).tables
    links = build_directed_links(tables.links)
    row = pd.Series(np.arange(len(tables.nodes)), index=tables.nodes["node_id"].to_numpy())
    tail = row.loc[links["from_node_id"]].to_numpy(dtype=np.int64)
    head = row.loc[links["to_node_id"]].to_numpy(dtype=np.int64)
    ticks = drive_time_ticks(links["length_m"].to_numpy(), links["maxspeed_kmh"].to_numpy())
    n = len(tables.nodes)
    _, part = connected_components(
        sparse.csr_array((np.ones(len(tail)), (tail, head)), shape=(n, n)), connection="strong"
    )
    inside = part == np.bincount(part).argmax()
    number = np.cumsum(inside) - 1
    kept = inside[tail] & inside[head] & (tail != head)
    at = tables.nodes[["lon", "lat"]].to_numpy(dtype=np.float64)[inside]
    return build_csr(number[tail[kept]], number[head[kept]], ticks[kept], at[:, 0], at[:, 1])


def build_csr(
    tail: npt.NDArray[np.int64],
    head: npt.NDArray[np.int64],
    ticks: I32,
    lon: npt.NDArray[np.float64],
    lat: npt.NDArray[np.float64],
) -> StreetArrays:
    """Return street arrays of arcs in any order."""
    order = np.lexsort((head, tail))
    indptr = np.concatenate([[0], np.cumsum(np.bincount(tail, minlength=len(lon)))]).astype(np.int32)
    return StreetArrays(
        indptr=indptr,
        head=head[order].astype(np.int32),
        weight_ticks=ticks[order].astype(np.int32),
        link_idx=order.astype(np.int32),
        node_idx=np.arange(len(lon), dtype=np.int32),
        lon=lon,
        lat=lat,
        may_leave=np.ones(len(lon), np.bool_),
    )


def tile(base: StreetArrays, rows: int, columns: int) -> StreetArrays:
    """Return `rows` x `columns` copies of a graph, mirrored in turn and joined at the seams."""
    n = base.n_nodes
    tail = np.repeat(np.arange(n, dtype=np.int64), np.diff(base.indptr))
    west, south = base.lon - base.lon.min(), base.lat - base.lat.min()
    width, height = float(west.max()), float(south.max())
    tails, heads, ticks, lons, lats = [], [], [], [], []
    for r in range(rows):
        for c in range(columns):
            first = (r * columns + c) * n
            lons.append(c * width + (width - west if c % 2 else west))
            lats.append(r * height + (height - south if r % 2 else south))
            tails.append(tail + first)
            heads.append(base.head.astype(np.int64) + first)
            ticks.append(base.weight_ticks)
            across = (c + 1 < columns, 1, west if c % 2 else width - west, np.cos(np.radians(base.lat.mean())))
            upward = (r + 1 < rows, columns, south if r % 2 else height - south, 1.0)
            for wanted, step, gap_deg, scale in (across, upward):
                if wanted:
                    near = _border(gap_deg)
                    other = near + (r * columns + c + step) * n
                    seam = drive_time_ticks(
                        np.maximum(2 * gap_deg[near] * scale * M_PER_DEG, 1.0), np.full(len(near), SEAM_KMH)
                    )
                    tails += [near + first, other]
                    heads += [other, near + first]
                    ticks += [seam, seam]
    lon, lat = np.concatenate(lons) + base.lon.min(), np.concatenate(lats) + base.lat.min()
    return build_csr(np.concatenate(tails), np.concatenate(heads), np.concatenate(ticks), lon, lat)


def _border(gap_deg: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Return the nodes near a border: all within `SEAM_DEG`, and at least the `MIN_SEAM` nearest."""
    limit = max(SEAM_DEG, float(np.sort(gap_deg)[MIN_SEAM - 1]))
    return np.flatnonzero(gap_deg <= limit)


if __name__ == "__main__":
    for size in SIZES:
        streets = load_graph(size)
        sys.stdout.write(f"{size}: {streets.n_nodes:,} nodes, {len(streets.head):,} arcs\n")
