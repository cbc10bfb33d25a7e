"""Isochrones: against other ways to draw them, and the times of the issue on the region and on 300,000 nodes."""

from __future__ import annotations

from datetime import date
from time import perf_counter, process_time

import pytest

from tests.bench.harness import CaseFailedError, Section, run_case, tell
from tests.bench.lattice_region import put_on_lattice
from tests.bench.ring_methods import METHODS
from tests.bench.tiles import find_extract
from transit_model.domain.modes import Mode, Reading
from transit_model.measure.rings import compute_isochrone, compute_rings_alone
from transit_model.measure.session import Session
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.measure.workspace import Workspace
from transit_model.network.build import build_network

CUTOFFS = (30.0, 60.0, 90.0, 120.0)
CITY_CUTOFFS = [10.0, 20.0]
OURS = next(iter(METHODS))
LIMIT_S = 600.0
NODES, RUNS = 300_000, 3


@pytest.mark.bench
def test_methods_of_drawing() -> None:
    if find_extract() is None:
        pytest.skip("the Porto extract (shared/data/osm/porto) is not beside this checkout")
    section = Section(
        "isochrone-methods",
        60,
        "Isochrone polygons: surface and rings against hulls, buffers and interpolation",
        "Porto drive network, 58 thousand nodes, one origin, 10 and 20 minutes, cells of 250 m, at most 500 m (5 km/h) "
        "off the streets; node times given. Truth: exact times on a grid of 50 m. *Wrong* is ground on the wrong side, "
        "as a share of the true area, the worse of both cutoffs. Each method in a process of its own, "
        f"stopped after {LIMIT_S:.0f} s.",
    )
    found = {}
    for method in METHODS:
        # the slow ones run once, ours five times after the run that compiles
        runs, warm = (5, 1) if method == OURS else (1, 0)
        arguments = {"method": method, "size": "p1", "cutoffs_min": CITY_CUTOFFS, "runs": runs, "warm": warm}
        try:
            result = run_case("tests.bench.ring_methods:draw", LIMIT_S, **arguments)
        except CaseFailedError as error:
            section.skipped[method] = str(error)
            continue
        found[method] = result
        errors = {f"area error {c:g} min": f"{e:+.1%}" for c, e in zip(CITY_CUTOFFS, result["area_error"], strict=True)}
        times = tell([1000 * t for t in result["times_s"]])
        wrong = f"{max(result['wrong_share']):.1%}"
        section.rows.append({"method": method, "CPU ms, both cutoffs": times, **errors, "wrong": wrong})
    section.save()
    ours = found.pop(OURS)
    assert max(abs(e) for e in ours["area_error"]) < 0.02
    assert all(max(ours["wrong_share"]) < max(result["wrong_share"]) for result in found.values())


def draw_all(builders: list[SurfaceBuilder]) -> tuple[float, float, int]:
    """Return seconds and CPU seconds of four origins by road and rail in each scenario, and the number of rings."""
    start, cpu, count = perf_counter(), process_time(), 0
    for builder in builders:
        session = builder.session
        for place_id in session.network.info.groups["centres"]:
            for mode in (Mode.ROAD, Mode.RAIL):
                place = session.places.get_place(place_id)
                rings, _ = compute_rings_alone(builder, place, mode, Reading.DOOR_TO_DOOR, CUTOFFS)
                count += len(rings)
    return perf_counter() - start, process_time() - cpu, count


def load(session: Session) -> SurfaceBuilder:
    """Compile what a session reads and lay its roads on the grid, as loading does."""
    session.taxi_roads()
    session.timetable(Mode.RAIL)
    return SurfaceBuilder(session)


@pytest.mark.bench
def test_times_of_the_issue() -> None:
    section = Section(
        "isochrone-times",
        61,
        "Isochrones: the region and 300,000 nodes",
        "Cells of 1 km on the grid of the whole region (779 thousand), rings of 30, 60, 90, 120 minutes as polygons, "
        "door to door, after loading the network and laying its roads on the grid. The lattice is the same region, "
        "timetable and people on made-up streets of 300 thousand nodes and 1.2 million directed links.",
    )
    workspace = Workspace.open()
    names = ("built-2025", "everything-planned")
    singles = []
    for _ in range(RUNS + 1):  # the first compiles
        builder = load(workspace.session(names[0]))
        start, cpu = perf_counter(), process_time()
        place = builder.session.places.get_place("hohhot")
        rings, _ = compute_isochrone(builder, place, Mode.ROAD, Reading.DOOR_TO_DOOR, CUTOFFS)
        singles.append((perf_counter() - start, process_time() - cpu, len(rings)))
    region = [draw_all([load(workspace.session(n)) for n in names]) for _ in range(RUNS)]
    lattice_region = put_on_lattice(workspace.region, NODES)
    networks = [build_network(lattice_region, date(2025, 12, 31), workspace.assumptions) for _ in names]
    made = (load(Session(n, network)) for n, network in zip(names, networks, strict=True))
    cases = {
        "one origin by road, whole surface": (0.3, singles[1:]),
        "four origins, two modes, base and scenario": (5.0, region),
        "the same on 300,000 nodes": (10.0, [draw_all(list(made))]),
    }
    for what, (target, runs) in cases.items():
        wall, cpus = tell([r[0] for r in runs]), tell([r[1] for r in runs])
        section.rows.append({"what": what, "target s": target, "CPU s": cpus, "s": wall})
    section.notes.append("One thread: CPU seconds are what it takes alone, seconds what it took on the shared machine.")
    section.save()
    for what, (target, runs) in cases.items():
        assert {r[2] for r in runs} == {len(CUTOFFS) * (1 if target == 0.3 else 16)}, what
        assert min(r[1] for r in runs) < target, what
