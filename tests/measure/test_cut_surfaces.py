"""A surface cut to what is reached: the rings and people of the whole one to the bit, whatever rides and wherever."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.measure.test_road_parts import APART, EVERY_10, TRAIN, make_session
from transit_model.domain.modes import Mode, Reading
from transit_model.measure.ring_rows import list_rings_alone
from transit_model.measure.rings import compute_isochrone
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.surface.grid import Grid
from transit_model.surface.surface import Exits, compute_surface

ROADS = (APART, "b--c b c 0 trunk 80000 100 0 rural - -", "b--i2 b i2 0 secondary 20000 60 0 rural - -")
TOWN = make_session(ROADS, (TRAIN,), (EVERY_10,))
MODES = (Mode.ROAD, Mode.RAIL, Mode.TRANSIT, Mode.BEST)
READINGS = (Reading.TYPICAL, Reading.DOOR_TO_DOOR)
CUTOFFS = st.lists(st.sampled_from([5.0, 12.0, 30.0, 47.0, 90.0, 240.0]), min_size=1, max_size=3, unique=True)
CELLS_M = st.sampled_from([1000.0, 700.0, 333.3])


@settings(max_examples=examples(25), deadline=None)
@given(st.data(), st.sampled_from(MODES), st.sampled_from(READINGS), CUTOFFS, CELLS_M)
def test_rings_and_people_are_those_of_the_whole_grid(
    data: st.DataObject, mode: Mode, reading: Reading, cutoffs_min: list[float], cell_m: float
) -> None:
    builder = SurfaceBuilder(TOWN, cell_m)
    # the roads lie along 111.0 degrees east; a circle of 240 min meets the edge of the region
    lon = data.draw(st.one_of(st.floats(110.97, 111.03), st.just(111.0)))
    lat = data.draw(st.one_of(st.floats(39.99, 40.02), st.floats(40.3, 40.5)))
    place = TOWN.places.get_place(f"{lon:.5f},{lat:.5f}")
    people = np.random.default_rng(0).random(builder.grid.shape) * 1000
    table, _ = compute_isochrone(builder, place, mode, reading, cutoffs_min, population=people)
    rows, polygons = list_rings_alone(builder, place, (mode, reading), cutoffs_min, people)
    assert [p.wkb for p in polygons] == table.geometry.to_wkb().tolist()
    for name in ("cutoff_min", "area_km2", "raster_area_km2", "population", "cut_by_grid"):
        assert [row[name] for row in rows] == table[name].tolist()


def test_a_block_is_cut_out_of_the_whole() -> None:
    grid = Grid("+proj=aea +lat_1=38 +lat_2=42 +lon_0=111", 0.0, 0.0, 1000.0, 40, 30)
    exits = Exits([5200.0, 31000.0], [4100.0, 20500.0], [0.0, 600.0])
    on_foot = partial(compute_surface, grid, exits, off_network_speed_ms=5.0, off_network_max_s=1800.0)
    whole, block = on_foot(), on_foot(limit_s=(2, 25, 1, 36))
    assert grid.find_cut(block.grid) == (slice(2, 25), slice(1, 36))
    for name in ("time_s", "edge_s", "beyond_s"):
        np.testing.assert_array_equal(getattr(block, name), getattr(whole, name)[2:25, 1:36])
    # the centre of row 4, column 5 is 300 m east and 400 m north of the first: 500 m at 5 m/s
    assert block.time_s[2, 4] == pytest.approx(100.0)


def test_whole_cells_only_are_cut() -> None:
    # 111 m from `pa` at most: a cell of 1000 m has whole centres, one of 333.3 m other ones when it is cut
    sizes = {}
    for cell_m in (1000.0, 333.3):
        builder = SurfaceBuilder(TOWN, cell_m)
        surface = builder.compute(TOWN.places.get_place("pa"), Mode.ROAD, Reading.TYPICAL, limit_s=60.0, cut=True)
        sizes[cell_m] = surface.grid.nx * surface.grid.ny < builder.grid.nx * builder.grid.ny
    assert sizes == {1000.0: True, 333.3: False}
    nowhere = SurfaceBuilder(TOWN).compute(
        TOWN.places.get_place("pa"), Mode.ROAD, Reading.TYPICAL, limit_s=math.inf, cut=True
    )
    assert nowhere.grid == SurfaceBuilder(TOWN).grid
