"""Import of roads: time, memory and growth; against osmnx from XML in one run. Each case is a process of its own."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

pytestmark = pytest.mark.bench

_CASE = """
import json, resource, sys, time
from pathlib import Path
kind, path = sys.argv[1:3]
start = time.perf_counter()
if kind == "ours":
    from transit_model.readers.osm_roads import read_osm_roads
    links = len(read_osm_roads(Path(path)).tables.links)
elif kind == "osmnx":
    import osmnx
    links = len(osmnx.simplify_graph(osmnx.graph_from_xml(path, simplify=False)).edges)
else:
    from transit_model.readers.cache import Cache
    from transit_model.readers.road_files import RoadOptions, import_roads
    links = len(import_roads(Path(path), RoadOptions(), Cache(sys.argv[3])).tables.links)
wall, used = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"links": links, "wall_s": wall, "cpu_s": used.ru_utime + used.ru_stime, "mb": used.ru_maxrss / 1000}))
"""


def measure(kind: str, path: Path, *more: Path) -> dict[str, float]:
    command = [sys.executable, "-c", _CASE, kind, str(path), *map(str, more)]
    text = subprocess.run(command, check=True, capture_output=True, text=True, timeout=1800).stdout
    told: dict[str, float] = json.loads(text.splitlines()[-1])
    sys.stderr.write(f"\n{kind} {path.name}: " + ", ".join(f"{k} {v:.2f}" for k, v in told.items()))
    return told


def write_town(path: Path, n_ways: int) -> Path:
    """Write a made-up country as PBF: streets of eleven nodes in a grid, crossing at every fifth (real
    extracts: eight nodes and 1.8 links a way in Porto)."""
    import osmium

    cells = 5 * math.isqrt(n_ways)
    row = cells + 1
    with osmium.SimpleWriter(str(path)) as writer:
        kinds = ("residential", "tertiary", "secondary", "primary")
        for y in range(row):
            for x in range(row):
                if x % 5 == 0 or y % 5 == 0:
                    place = (100 + x * 0.0005, 30 + y * 0.0005)
                    writer.add_node(osmium.osm.mutable.Node(id=1 + y * row + x, location=place))
        number = 0
        for line in range(0, row, 5):
            for first in range(0, row - 1, 10):
                steps = range(first, min(first + 10, row - 1) + 1)
                for nodes in ([1 + line * row + s for s in steps], [1 + s * row + line for s in steps]):
                    number += 1
                    tags = {"highway": kinds[min(line % 7, 3)], "name": f"Street {line}"}
                    if number % 3 == 0:
                        tags["maxspeed"] = str(30 + 10 * (number % 5))
                    writer.add_way(osmium.osm.mutable.Way(id=number, nodes=nodes, tags=tags))
    assert number >= n_ways * 0.9, number
    return path


def test_a_million_ways(tmp_path: Path) -> None:
    sizes = (60_000, 250_000, 1_000_000)
    runs = [measure("ours", write_town(tmp_path / f"town{n}.osm.pbf", n)) for n in sizes]
    assert runs[-1]["mb"] < 3000
    for a, b in pairwise(runs):
        growth = math.log(b["cpu_s"] / a["cpu_s"]) / math.log(b["links"] / a["links"])
        sys.stderr.write(f"\ngrowth exponent {growth:.2f}")
        assert growth < 1.3


def test_loading_from_the_cache(tmp_path: Path) -> None:
    town = write_town(tmp_path / "town.osm.pbf", 200_000)
    cache = tmp_path / "cache"
    measure("cached", town, cache)
    again = measure("cached", town, cache)
    assert again["links"] > 300_000


@pytest.mark.parametrize("name", ["andorra/andorra.osm.pbf", "porto_alegre/poa_osm.pbf"])
def test_against_osmnx(tmp_path: Path, shared_data: Path, name: str) -> None:
    import osmium

    path = shared_data / "osm" / name
    xml = tmp_path / "extract.osm"
    with osmium.SimpleWriter(str(xml)) as writer:
        for thing in osmium.FileProcessor(str(path)):
            writer.add(thing)
    ours, theirs = measure("ours", path), measure("osmnx", xml)
    sys.stderr.write(f"\nratio: time {theirs['cpu_s'] / ours['cpu_s']:.1f}, memory {theirs['mb'] / ours['mb']:.1f}\n")
    assert ours["cpu_s"] < theirs["cpu_s"]
    assert ours["mb"] < theirs["mb"]
