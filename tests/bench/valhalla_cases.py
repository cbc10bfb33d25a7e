"""Isochrones of our engine and of Valhalla in one process, on the same roads; Valhalla's wheel needs Python 3.12.

Valhalla reads OpenStreetMap files, so the graph is written as one: a one-way street for each arc with the speed that
gives its time. Costs differ all the same (turns, whole km/h, snapping), so the two polygons are compared by area only.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from importlib import import_module
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from tests.bench.harness import measure
from tests.bench.ring_methods import CAP_S, CELL_M, CRS, SPEED_MS
from tests.bench.tiles import M_PER_DEG, find_cache, load_graph
from transit_model.network.arrays import StreetArrays
from transit_model.store.cache import make_key
from transit_model.streets.street_search import find_engine, node_seeds
from transit_model.surface.bin_kernels import time_links
from transit_model.surface.grid import build_grid
from transit_model.surface.isochrone import compute_rings
from transit_model.surface.surface import Courses, Exits, RoadSegments, compute_surface
from transit_model.units import KMH_PER_MS, min_to_s, ticks_to_seconds

CUTOFFS_MIN = (10.0, 15.0, 20.0, 30.0)


def write_osm(streets: StreetArrays, path: Path) -> None:
    """Write a graph as PBF."""
    import osmium

    tail = np.repeat(np.arange(streets.n_nodes), np.diff(streets.indptr))
    scale = np.cos(np.radians(streets.lat.mean()))
    dx = (streets.lon[streets.head] - streets.lon[tail]) * scale
    metres = np.hypot(dx, streets.lat[streets.head] - streets.lat[tail]) * M_PER_DEG
    seconds = ticks_to_seconds(streets.weight_ticks)
    kmh = np.clip(np.rint(metres / seconds * KMH_PER_MS), 5, 120).astype(int)
    with osmium.SimpleWriter(str(path)) as writer:
        for v in range(streets.n_nodes):
            place = (float(streets.lon[v]), float(streets.lat[v]))
            writer.add_node(osmium.osm.mutable.Node(id=v + 1, version=1, location=place))
        for a in np.flatnonzero(tail != streets.head).tolist():
            tags = {"highway": "secondary" if kmh[a] > 60 else "residential", "oneway": "yes", "maxspeed": str(kmh[a])}
            nodes = [int(tail[a]) + 1, int(streets.head[a]) + 1]
            writer.add_way(osmium.osm.mutable.Way(id=a + 1, version=1, nodes=nodes, tags=tags))


def build_tiles(graph: str, streets: StreetArrays) -> dict[str, Any]:
    """Return a Valhalla configuration with tiles built from a graph, kept in the cache of measurements."""
    valhalla = import_module("valhalla")

    def write(folder: Path) -> None:
        with tempfile.TemporaryDirectory() as scratch:
            osm, config_file = Path(scratch) / "graph.osm.pbf", Path(scratch) / "config.json"
            write_osm(streets, osm)
            config = valhalla.get_config(tile_extract="", tile_dir=str(folder), verbose=False)
            config_file.write_text(json.dumps(config), encoding="utf-8")
            program = Path(str(valhalla.__file__)).parent / "bin" / "valhalla_build_tiles"
            subprocess.run([program, "-c", config_file, osm], check=True, capture_output=True, timeout=600)

    entry = find_cache().fetch(make_key("bench-valhalla", graph=graph, recipe=2), write)
    assert entry is not None
    config: dict[str, Any] = valhalla.get_config(tile_extract="", tile_dir=str(entry), verbose=False)
    config["service_limits"]["isochrone"]["max_time_contour"] = 200
    return config


def find_back(tail: npt.NDArray[np.int64], head: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
    """Return the arc back of each arc, -1 for none."""
    n = int(max(tail.max(), head.max())) + 1
    there, back = tail * n + head, head.astype(np.int64) * n + tail
    order = np.argsort(there, kind="stable")
    place = np.minimum(np.searchsorted(there[order], back), len(order) - 1)
    return np.where(there[order][place] == back, order[place], -1)


def isochrone(graph: str) -> dict[str, Any]:
    """Four bands from one place: node times, surface on 250 m cells and polygons against Valhalla's polygons."""
    streets = load_graph(graph)
    valhalla = import_module("valhalla")
    start = perf_counter()
    actor = valhalla.Actor(build_tiles(graph, streets))
    tiles_s = perf_counter() - start
    start = perf_counter()
    engine = find_engine(streets)
    grid = build_grid((streets.lon.min(), streets.lat.min(), streets.lon.max(), streets.lat.max()), CRS, CELL_M)
    x, y = grid.project(streets.lon, streets.lat)
    tail = np.repeat(np.arange(streets.n_nodes), np.diff(streets.indptr))
    origin = int(np.argmin(np.hypot(streets.lon + 8.611, streets.lat - 41.149)))  # the city hall
    cutoffs_s = [min_to_s(c) for c in CUTOFFS_MIN]
    limit_s = max(cutoffs_s) + 2 * CELL_M / SPEED_MS

    ends = np.column_stack([tail, streets.head]).ravel()
    roads = RoadSegments(Courses(2 * np.arange(len(tail) + 1), x[ends], y[ends]), grid, SPEED_MS, CAP_S)
    roads.expect_many()
    back = find_back(tail, streets.head)
    links = (tail.astype(np.int32), streets.head, streets.weight_ticks)

    def ours() -> list[Any]:
        ticks = engine.travel_ticks(node_seeds([origin]), int(limit_s * 10), method="buckets")[0]
        node_s = np.where(ticks <= limit_s * 10, ticks_to_seconds(ticks), np.inf)
        start_s, end_s = np.empty(len(tail)), np.empty(len(tail))
        time_links(node_s, links, np.arange(len(tail)), back, False, True, start_s, end_s)
        surface = compute_surface(
            grid, Exits([], [], []), off_network_speed_ms=SPEED_MS, off_network_max_s=CAP_S,
            edges=roads.time(start_s, end_s), origin=(float(x[origin]), float(y[origin])), limit_s=limit_s,
        )  # fmt: skip
        return list(compute_rings(surface, cutoffs_s))

    question = {
        "locations": [{"lon": float(streets.lon[origin]), "lat": float(streets.lat[origin])}],
        "costing": "auto",
        "contours": [{"time": c} for c in CUTOFFS_MIN],
        "polygons": True,
    }

    def theirs() -> Any:
        result = actor.isochrone(question)
        return result if isinstance(result, dict) else json.loads(result)

    mine = ours()
    prepare_s = perf_counter() - start
    features = theirs()["features"]
    scale = (M_PER_DEG / 1000) ** 2 * np.cos(np.radians(streets.lat.mean()))
    areas = sorted(float(shapely.from_geojson(json.dumps(f["geometry"])).area) * scale for f in features)
    runs = measure({"ours": ours, "Valhalla": theirs}, clock=process_time)
    faster = runs["ours"].times_faster(runs["Valhalla"])
    rows = [
        {"engine": "ours", "ms": runs["ours"].tell(), "ours x faster": "1", "made ready in s": prepare_s,
         "area of the bands, km2": ", ".join(f"{ring.polygon.area / 1e6:.0f}" for ring in mine)},
        {"engine": "Valhalla", "ms": runs["Valhalla"].tell(), "ours x faster": faster,
         "made ready in s": tiles_s, "area of the bands, km2": ", ".join(f"{a:.0f}" for a in areas)},
    ]  # fmt: skip
    return {"rows": rows}
