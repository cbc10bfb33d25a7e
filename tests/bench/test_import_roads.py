"""Import of roads: time, memory and growth; beside osmnx from XML and pyrosm in one run. Each case is its own process.

pyrosm wants a Python of its own: name one that has it (with networkx) in ``BENCH_PYROSM_PYTHON``.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from tests.bench.harness import Cell, Section

pytestmark = pytest.mark.bench

PYROSM_PYTHON = "BENCH_PYROSM_PYTHON"
_CASE = """
import json, resource, sys, time
from pathlib import Path
kind, path = sys.argv[1:3]
start = time.perf_counter()
if kind in ("import", "load"):
    from transit_model.store.cache import Cache
    from transit_model.roads.road_files import RoadOptions, import_roads
    from_imports = time.perf_counter()
    cpu = time.process_time()
    tables = import_roads(Path(path), RoadOptions(), Cache(sys.argv[3])).tables
    links, nodes = len(tables.links), len(tables.nodes)
elif kind == "osmnx":
    import osmnx
    from_imports = time.perf_counter()
    cpu = time.process_time()
    graph = osmnx.simplify_graph(osmnx.graph_from_xml(path, simplify=False))
    links, nodes = len(graph.edges), len(graph.nodes)
else:
    import pyrosm
    from_imports = time.perf_counter()
    cpu = time.process_time()
    n, e = pyrosm.OSM(path).get_network(nodes=True, network_type="driving")
    graph = pyrosm.OSM(path).to_graph(n, e, graph_type="networkx")
    links, nodes = len(graph.edges), len(graph.nodes)
wall, cpu = time.perf_counter() - from_imports, time.process_time() - cpu
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"links": links, "nodes": nodes, "wall_s": wall, "cpu_s": cpu, "mb": used.ru_maxrss / 1000}))
"""


def measure(kind: str, path: Path, *more: Path, python: str = sys.executable) -> dict[str, float]:
    """Return size, wall and processor seconds without imports, and peak memory of a process that does one import."""
    command = [python, "-W", "ignore", "-c", _CASE, kind, str(path), *map(str, more)]
    text = subprocess.run(command, check=True, capture_output=True, text=True, timeout=1800).stdout
    result: dict[str, float] = json.loads(text.splitlines()[-1])
    sys.stderr.write(f"\n{kind} {path.name}: " + ", ".join(f"{k} {v:.2f}" for k, v in result.items()))
    return result


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
    about = (
        "Made-up countries as PBF, streets of eleven nodes in a grid (two links a way, as in Porto), read, simplified "
        "and stored in the cache, each in a process of its own."
    )
    section = Section("import_scaling", 90, "Import of roads: growth", about)
    runs = []
    for n in sizes:
        town = write_town(tmp_path / f"town{n}.osm.pbf", n)
        runs.append(measure("import", town, tmp_path / f"cache{n}"))
        result = runs[-1]
        size: dict[str, Cell] = {"ways": n, "nodes": result["nodes"], "links": result["links"]}
        section.rows.append({**size, "processor s": result["cpu_s"], "peak MB": result["mb"]})
        town.unlink()
    growth = [math.log(b["cpu_s"] / a["cpu_s"]) / math.log(b["links"] / a["links"]) for a, b in pairwise(runs)]
    section.notes.append(f"growth exponents {', '.join(f'{g:.2f}' for g in growth)}; target: a million ways below 3 GB")
    section.save()
    assert runs[-1]["mb"] < 3000
    assert max(growth) < 1.3


def test_loading_from_the_cache(tmp_path: Path) -> None:
    town = write_town(tmp_path / "town.osm.pbf", 300_000)
    cache = tmp_path / "cache"
    made = measure("import", town, cache)
    again = measure("load", town, cache)
    about = (
        "The same country of 300,000 nodes: read from PBF, and loaded from the cache (every byte checked by its hash)."
    )
    section = Section("import_cached", 91, "Import of roads: loading a cached network", about)
    for what, result in (("from PBF", made), ("from the cache", again)):
        row: dict[str, Cell] = {
            "": what,
            "nodes": result["nodes"],
            "links": result["links"],
            "wall s": result["wall_s"],
        }
        section.rows.append({**row, "processor s": result["cpu_s"], "peak MB": result["mb"]})
    section.notes.append("target: below 1 s")
    section.save()
    assert again["nodes"] > 290_000
    assert again["cpu_s"] < 1


NAMES = ("andorra/andorra.osm.pbf", "porto_alegre/poa_osm.pbf", "porto/porto.osm.pbf")


def test_against_osmnx_and_pyrosm(tmp_path: Path, shared_data: Path) -> None:
    import osmium

    about = (
        "Three real extracts to a routable network: ours stores tables in the cache; osmnx reads the same extract as "
        "XML and simplifies it; pyrosm reads the PBF to a networkx graph, not simplified. Processor seconds without "
        "imports of libraries, and peak memory of the process with them (ours alone take 150 MB)."
    )
    section = Section("import_peers", 89, "Import of roads: beside osmnx and pyrosm", about)
    python = os.environ.get(PYROSM_PYTHON, "")
    if not python:
        section.skipped["pyrosm"] = f"no Python with it is named in {PYROSM_PYTHON}"
    for name in NAMES:
        path = shared_data / "osm" / name
        xml = tmp_path / "extract.osm"
        xml.unlink(missing_ok=True)
        with osmium.SimpleWriter(str(xml)) as writer:
            for thing in osmium.FileProcessor(str(path)):
                writer.add(thing)
        runs = {"ours": measure("import", path, tmp_path / f"cache-{path.stem}"), "osmnx": measure("osmnx", xml)}
        if python:
            runs["pyrosm"] = measure("pyrosm", path, python=python)
        for peer, result in runs.items():
            section.rows.append(
                {
                    "extract": path.name,
                    "": peer,
                    "links": result["links"],
                    "processor s": result["cpu_s"],
                    "peak MB": result["mb"],
                    "time through ours": result["cpu_s"] / runs["ours"]["cpu_s"],
                    "memory through ours": result["mb"] / runs["ours"]["mb"],
                }
            )
            if peer != "ours":
                assert runs["ours"]["cpu_s"] < result["cpu_s"], peer
                # In a small country the libraries are all there is: pandas with Arrow alone takes 115 MB.
                assert runs["ours"]["mb"] < result["mb"] or path.stat().st_size < 2_000_000, peer
    section.save()
