"""The bench region: the shipped places, people, trains and plans on a full street map of about 230,000 nodes.

The map is the Porto extract (OpenStreetMap contributors, ODbL) mirror-tiled two by two and stretched over the box of
the shipped region, so that the local topology is real, streets lie everywhere, and the length of a street is that of a
thinly settled country. Numbered roads, speeds, one-ways and tags stay as they are. It is made and used the documented
way: a file of OpenStreetMap, ``data join --write``, ``--region``::

    python -m tests.bench.street_region FOLDER       # FOLDER/map.osm.pbf
    transit-model data join FOLDER/map.osm.pbf -o FOLDER/report --max-km 200 --write FOLDER/region
    transit-model isochrone --region FOLDER/region --from hohhot --mode road

The extract is looked for in the folder of the environment variable ``BENCH_DATA``, else in ``shared/data`` beside the
checkout; without it the script says so and ends.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tests.conftest import find_shared

DATA_ENVIRONMENT: Final = "BENCH_DATA"
SHIPPED_BOX: Final = (106.0, 37.0, 117.0, 44.0)
"""West, south, east and north of the shipped region."""
TILES: Final = (2, 2)
MARGIN_DEG: Final = 0.05
SEAM_NODES: Final = 60
"""How many of the outermost junctions of a tile are joined with their mirror image in the next tile."""
F64 = npt.NDArray[np.float64]


class Streets(NamedTuple):
    """Ways of an extract: node ids and places, and for each way its nodes and tags."""

    ids: npt.NDArray[np.int64]
    lon: F64
    lat: F64
    ways: list[tuple[list[int], dict[str, str]]]


def find_extract() -> Path | None:
    """Return the Porto extract, if it is there."""
    result = os.environ.get(DATA_ENVIRONMENT)
    folder = Path(result) if result else find_shared("data")
    path = folder / "osm" / "porto" / "porto.osm.pbf" if folder else None
    return path if path is not None and path.is_file() else None


def read_streets(path: Path) -> Streets:
    """Return the highways of an extract with their nodes numbered from 0."""
    import osmium

    ways: list[tuple[list[int], dict[str, str]]] = []
    used: set[int] = set()
    highways: Iterable[Any] = osmium.FileProcessor(str(path), osmium.osm.WAY).with_filter(
        osmium.filter.KeyFilter("highway")
    )
    for way in highways:
        refs = [n.ref for n in way.nodes]
        ways.append((refs, dict(way.tags)))
        used.update(refs)
    nodes: Iterable[Any] = osmium.FileProcessor(str(path), osmium.osm.NODE)
    places = {node.id: (node.lon, node.lat) for node in nodes if node.id in used}
    ids = np.array(sorted(places), dtype=np.int64)
    at = np.array([places[i] for i in ids.tolist()])
    number = {i: k for k, i in enumerate(ids.tolist())}
    kept = [([number[n] for n in refs if n in number], tags) for refs, tags in ways]
    return Streets(ids, at[:, 0], at[:, 1], [(refs, tags) for refs, tags in kept if len(refs) > 1])


def tile_streets(
    streets: Streets,
    box: tuple[float, float, float, float] = SHIPPED_BOX,
    tiles: tuple[int, int] = TILES,
) -> tuple[F64, F64, list[tuple[list[int], dict[str, str]]]]:
    """Return places and ways of mirrored copies over a box; neighbours are joined at their outermost junctions."""
    rows, columns = tiles
    west, south, east, north = box[0] + MARGIN_DEG, box[1] + MARGIN_DEG, box[2] - MARGIN_DEG, box[3] - MARGIN_DEG
    x = (streets.lon - streets.lon.min()) / np.ptp(streets.lon)
    y = (streets.lat - streets.lat.min()) / np.ptp(streets.lat)
    passed = np.bincount(np.concatenate([nodes for nodes, _ in streets.ways]), minlength=len(x))
    drivable = {"motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential"}
    driven = np.zeros(len(x), dtype=bool)
    for nodes, tags in streets.ways:
        driven[nodes] |= tags["highway"] in drivable - {"motorway"} and "oneway" not in tags
    junctions = np.flatnonzero((passed > 1) & driven)
    lons, lats, ways = [], [], []
    n = len(x)
    for row in range(rows):
        for column in range(columns):
            first = (row * columns + column) * n
            mine_x, mine_y = (1 - x if column % 2 else x), (1 - y if row % 2 else y)
            lons.append(west + (column + mine_x) / columns * (east - west))
            lats.append(south + (row + mine_y) / rows * (north - south))
            ways += [([first + k for k in nodes], tags) for nodes, tags in streets.ways]
            for wanted, step, along in ((column + 1 < columns, 1, mine_x), (row + 1 < rows, columns, mine_y)):
                if wanted:
                    near = junctions[np.argsort(-along[junctions], kind="stable")[:SEAM_NODES]]
                    other = near + (row * columns + column + step) * n
                    seam = {"highway": "tertiary", "name": "seam"}
                    ways += [([first + a, b], seam) for a, b in zip(near.tolist(), other.tolist(), strict=True)]
    return np.concatenate(lons), np.concatenate(lats), ways


def write_map(path: Path, lon: F64, lat: F64, ways: list[tuple[list[int], dict[str, str]]]) -> None:
    """Write nodes and ways as a file of OpenStreetMap, ids from 1."""
    import osmium

    path.unlink(missing_ok=True)
    with osmium.SimpleWriter(str(path)) as writer:
        for k, at in enumerate(zip(lon.tolist(), lat.tolist(), strict=True), start=1):
            writer.add_node(osmium.osm.mutable.Node(id=k, location=at, version=1))
        for k, (nodes, tags) in enumerate(ways, start=1):
            writer.add_way(osmium.osm.mutable.Way(id=k, nodes=[n + 1 for n in nodes], tags=tags, version=1))


def make_map(folder: Path, tiles: tuple[int, int] = TILES) -> Path | None:
    """Write ``map.osm.pbf`` into a folder; None without the extract."""
    extract = find_extract()
    if extract is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "map.osm.pbf"
    write_map(target, *tile_streets(read_streets(extract), tiles=tiles))
    return target


def main() -> int:
    """Make the map and say where it is."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tiles", default="2x2", help="rows x columns")
    chosen = parser.parse_args()
    rows, columns = (int(part) for part in chosen.tiles.split("x"))
    made = make_map(chosen.folder, (rows, columns))
    if made is None:
        sys.stderr.write(f"skipped: no osm/porto/porto.osm.pbf in {DATA_ENVIRONMENT} or shared/data\n")
        return 0
    sys.stdout.write(f"{made}: {made.stat().st_size / 1e6:.1f} MB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
