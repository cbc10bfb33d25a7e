"""Surfaces of the town agree with its times from place to place; rings nest."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from tests.network.town import make_town
from transit_model.domain.modes import Mode, Reading, SpeedTable, Vehicle
from transit_model.errors import InputError
from transit_model.measure.od import compute_od
from transit_model.measure.rings import compute_isochrone
from transit_model.measure.road_times import compute_road_od_s
from transit_model.measure.session import Session
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.measure.transit_times import compute_transit_od

DOOR = Reading.DOOR_TO_DOOR


@pytest.fixture(scope="module")
def builder(town: Session) -> SurfaceBuilder:
    return SurfaceBuilder(town, 1000.0)


def at(builder: SurfaceBuilder, time_s: np.ndarray, place: str) -> float:
    rows, columns, inside = builder.grid.locate(*builder.project([builder.session.places.get_place(place)]))
    assert inside.all()
    return float(time_s[rows[0], columns[0]])


@pytest.mark.parametrize("reading", list(Reading))
@pytest.mark.parametrize("end", ["pb", "pc"])
def test_a_cell_has_the_time_of_the_place_in_it(
    builder: SurfaceBuilder, town: Session, reading: Reading, end: str
) -> None:
    pa, b = town.places.get_place("pa"), town.places.get_place(end)
    od_s = float(compute_road_od_s(town, [pa], [b], reading)[0, 0])
    cell_s = at(builder, builder.compute(pa, Mode.ROAD, reading).time_s, end)
    # The centre of a cell of 1 km is at most 707 m from the place: 71 s across country at 10 m/s, and 85 s on the
    # slowest road there (30 km/h in town).
    assert cell_s == pytest.approx(od_s, abs=71 + 85)


def test_node_times_by_rail_are_od_times(builder: SurfaceBuilder, town: Session) -> None:
    pa, pc = town.places.get_place("pa"), town.places.get_place("pc")
    node = town.streets(Vehicle.CAR, SpeedTable.TYPICAL).graph_node["c"]
    node_s = builder.get_node_s(pa, Mode.RAIL, DOOR, 0.5)
    # pc is left by taxi from sc at the same node, as on the surface.
    assert node_s[node] == compute_transit_od(town, [pa], [pc], Mode.RAIL, DOOR)[0][0].p50_s
    with_share = builder.get_node_s(pa, Mode.RAIL, DOOR, 0.9)
    assert with_share[node] == compute_transit_od(town, [pa], [pc], Mode.RAIL, DOOR)[0][0].p90_s


def test_best_is_the_least_of_its_parts(builder: SurfaceBuilder, town: Session) -> None:
    pa = town.places.get_place("pa")
    road, rail, best = (builder.compute(pa, m, DOOR).time_s for m in (Mode.ROAD, Mode.RAIL, Mode.BEST))
    assert (best == np.minimum(road, rail)).all()
    assert np.isfinite(best).any()


def test_the_origin_is_at_the_end_of_the_scale(builder: SurfaceBuilder, town: Session) -> None:
    surface = builder.compute(town.places.get_place("pa"), Mode.ROAD, DOOR)
    # 7 min of car and parking, and at most 71 s to the centre of the cell
    assert 420 <= at(builder, surface.time_s, "pa") <= 420 + 71
    assert surface.time_s.min() >= 420


def test_nobody_leaves_a_motorway(builder: SurfaceBuilder, town: Session) -> None:
    # 111.02, 40.15 lies on i1--i2 (at about 14 min of free flow), 1.7 km from the trunk road: a--b half way takes
    # 900 s, and 170 s across country.
    pa = town.places.get_place("pa")
    cell_s = builder.compute(pa, Mode.ROAD, Reading.PROMOTER).time_s
    rows, columns, _ = builder.grid.locate(*builder.grid.project([111.02], [40.15]))
    assert cell_s[rows[0], columns[0]] == pytest.approx(900 + 170, abs=110)


@pytest.mark.parametrize("mode", [Mode.ROAD, Mode.RAIL, Mode.BEST])
def test_rings_nest(builder: SurfaceBuilder, town: Session, mode: Mode) -> None:
    cutoffs = (20.0, 40.0, 60.0, 90.0)
    rings, surface = compute_isochrone(builder, town.places.get_place("pa"), mode, DOOR, cutoffs)
    assert rings["cutoff_min"].tolist() == list(cutoffs)
    shapes = list(rings.geometry)
    for inner, outer in pairwise(shapes):
        assert inner.is_valid
        assert inner.difference(outer).area == pytest.approx(0, abs=1e-12)
    assert rings["area_km2"].is_monotonic_increasing
    raster = [(surface.time_s <= c * 60).sum() for c in cutoffs]
    assert rings["raster_area_km2"].tolist() == pytest.approx(raster)  # cells of one square kilometre
    assert set(rings["origin"]) == {"pa"}
    assert set(rings["mode"]) == {mode.value}


def test_the_promoters_reading_has_no_surface_by_rail(builder: SurfaceBuilder, town: Session) -> None:
    with pytest.raises(InputError, match="no_such_surface"):
        builder.compute(town.places.get_place("pa"), Mode.RAIL, Reading.PROMOTER)


def test_equal_content_has_equal_fingerprints(builder: SurfaceBuilder, town: Session) -> None:
    pa = town.places.get_place("pa")
    again = SurfaceBuilder(Session("again", make_town()), 1000.0)
    assert builder.fingerprint(pa, Mode.BEST, DOOR) == again.fingerprint(pa, Mode.BEST, DOOR)
    assert builder.fingerprint(pa, Mode.ROAD, DOOR) != builder.fingerprint(pa, Mode.ROAD, Reading.PROMOTER)
    assert builder.fingerprint(town.places.get_place("pc"), Mode.ROAD, DOOR) != builder.fingerprint(pa, Mode.ROAD, DOOR)


def test_cells_of_another_size_have_other_fingerprints(builder: SurfaceBuilder, town: Session) -> None:
    kind = (town.places.get_place("pa"), Mode.RAIL, Reading.DOOR_TO_DOOR)
    coarse = SurfaceBuilder(town, 2 * builder.grid.cell_m)
    assert coarse.compute(*kind).time_s.shape != builder.compute(*kind).time_s.shape
    assert coarse.fingerprint(*kind) != builder.fingerprint(*kind)


def test_a_table_of_one_pair_is_a_part_of_the_table_of_all(town: Session) -> None:
    places = [town.places.get_place(p) for p in ("pa", "pb", "pc")]
    every = compute_od(town, places, places, [Mode.ROAD, Mode.RAIL], list(Reading))
    one = compute_od(town, places[:1], places[2:], [Mode.ROAD, Mode.RAIL], list(Reading))
    part = every[(every["from"] == "pa") & (every["to"] == "pc")].reset_index(drop=True)
    assert part.equals(one)
