"""Street searches against their peers; tables for BENCHMARKS.md. Results are found equal before they are timed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bench.harness import CaseFailedError, Section, missing_reason, run_case
from tests.bench.tiles import find_extract

pytestmark = [
    pytest.mark.bench,
    pytest.mark.skipif(find_extract() is None, reason="the Porto extract (shared/data) is not beside this checkout"),
]
CASES = "tests.bench.street_cases"


def ask(section: Section, target: str, limit_s: float, **arguments: object) -> dict[str, Any]:
    """Run a case and add its rows; a case that fails or runs out of time is noted."""
    try:
        result: dict[str, Any] = run_case(target, limit_s, **arguments)
    except CaseFailedError as error:
        section.notes.append(f"{target.rpartition(':')[2]} {arguments}: {error}")
        return {}
    section.rows += result.get("rows", [])
    section.skipped |= result.get("skipped", {})
    return result


def test_one_origin_to_all() -> None:
    section = Section(
        "streets-one-to-all",
        10,
        "One origin to all nodes",
        "Graph p4, all times, processor time; six origins in turn. Targets: scipy 4x, igraph 12x, pandana 14x, "
        "networkx 55x.",
    )
    assert ask(section, f"{CASES}:one_to_all", 900, graph="p4")
    section.save()


def test_od_table() -> None:
    section = Section(
        "streets-od",
        15,
        "A table of 4 x 38 pairs",
        "Graph p4, four origins to 38 destinations, as `od` asks it, processor time; scipy searches four whole rows. "
        "What pandana builds before its first answer stands apart, ours has nothing to build. Target: as quick as "
        "pandana, its build not counted.",
    )
    ask(section, f"{CASES}:od_between", 900, graph="p4", origins=4, destinations=38)
    section.notes.append("ours finds four rows of all nodes, pandana 152 pairs in a hierarchy that must be built")
    section.save()


def test_sums_from_many_origins() -> None:
    section = Section(
        "streets-sums",
        20,
        "Sums within a time from 208 origins",
        "Graph p4, one weight, summed inside the search. The hierarchy has its own table.",
    )
    for cutoff in (10, 30, 60):
        assert ask(section, f"{CASES}:sums_within", 900, graph="p4", cutoff_min=cutoff, origins=208, scipy_origins=26)
    section.save()


@pytest.mark.parametrize("graph", ["p1", "p4"])
def test_sums_from_every_node(graph: str) -> None:
    section = Section(
        f"streets-every-node-{graph}",
        30,
        f"Sums within 10 minutes from every node of {graph}",
        "All on all cores, by the clock. What is made once for a graph (packing, contraction) stands apart. Target 4x.",
    )
    result = ask(section, f"{CASES}:every_node", 1200, graph=graph, cutoff_min=10, runs=1)
    if "differ" in result:
        section.notes.append(f"sums of {result['differ']:.3%} of the nodes differ from pandana's, which rounds times")
        section.notes.append("one run each, after one that is compared: pandana takes minutes")
    section.save()


def test_growth() -> None:
    section = Section(
        "streets-growth",
        40,
        "Growth with the size of the network",
        "All nodes reached, one thread, processor time, nothing written.",
    )
    result = ask(section, f"{CASES}:growth", 900, origins=8)
    for name, exponent in result["exponents"].items():
        section.notes.append(f"{name}: exponent {exponent:.2f} from 58 to 923 thousand nodes")
    section.save()


def test_memory() -> None:
    section = Section(
        "streets-memory",
        50,
        "Peak memory",
        "A whole process: imports, graph p4, sums from 1,000 origins, 50 full rows.",
    )
    result = ask(section, f"{CASES}:memory", 300, graph="p4", origins=1000)
    section.rows.append({"what": "peak of the process, MB", "measured": result["process_mb"], "target": 400})
    section.rows.append({"what": "of which Python and imports, MB", "measured": result["imports_mb"], "target": None})
    section.save()
    assert result["process_mb"] < 400


def test_repair() -> None:
    section = Section(
        "streets-repair",
        60,
        "A scenario repaired instead of searched anew",
        "Graph p4, all times of 100 origins, one thread and processor time for both. The edit of the graph is counted "
        "in the repair and not in the full run, which is the bucket search. Rows are repaired in place, and what was "
        "overwritten is kept for taking it back. New links run both ways in 0.6 of today's time. Target: 100x for a "
        "link like the prototype's, which changed 0.5 % of the cells.",
    )
    result = ask(
        section, "tests.bench.repair_cases:repair", 900, graph="p4", origins=100, links=4, apart_km=30, share=0.6
    )
    section.notes.append(f"a copy of all rows, for who wants those of before beside them: {result['copy']} ms more")
    section.save()


def test_isochrone_against_valhalla() -> None:
    if missing_reason("valhalla"):
        pytest.skip("pyvalhalla 3.9 has wheels for Python 3.12 and newer only, and is not installed beside this Python")
    section = Section(
        "isochrone-valhalla",
        62,
        "Isochrone of four bands, warm, end to end in one process",
        "10, 15, 20 and 30 minutes from the city hall of Porto: node times, a surface on cells of 250 m, polygons; "
        "processor time. "
        "Valhalla has the same graph as one-way streets. Costs differ (turns, whole km/h), so the areas are "
        "shown and not compared. Target: 20x.",
    )
    for graph in ("p1", "p4"):
        ask(section, "tests.bench.valhalla_cases:isochrone", 900, graph=graph)
        for row in section.rows[-2:]:
            row["engine"] = f"{row['engine']}, {graph}"
    assert section.rows
    section.notes.append(
        "missed: of our time the cells take two fifths, times for every link and piece of road a quarter, polygons a "
        "sixth, bins and the search a twelfth each; all of it is compiled, on one thread, and the rings stay exact"
    )
    section.save()
