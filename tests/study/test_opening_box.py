"""Where a map of a change opens: round the people on changed cells, the point that names them, never too close."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.pages.sample_cells import build_sample_lattice, locate_cells
from transit_model.study.opening_box import LEAST_DEGREE, MAP_ASPECT, MapGround, choose_box, frame_cells
from transit_model.surface.lattice import mercator_y


def test_an_extent_is_never_too_narrow_and_one_far_cell_does_not_widen_it() -> None:
    lattice = build_sample_lattice()
    lon, lat = locate_cells(lattice)
    one = (np.abs(lon - 110.5) < 0.03) & (np.abs(lat - 40.0) < 0.03)
    west, south, east, north = frame_cells(MapGround(lattice), one)
    assert east - west == pytest.approx(0.6, abs=0.001)
    assert mercator_y(north) - mercator_y(south) == pytest.approx(0.6, abs=0.001)
    block = (lon > 110.0) & (lon < 111.5) & (lat > 39.5) & (lat < 41.0)
    with_far = block.copy()
    with_far[-1] = True  # the south-east corner
    assert frame_cells(MapGround(lattice), with_far)[2] == pytest.approx(
        frame_cells(MapGround(lattice), block)[2], abs=0.06
    )
    # many spots all over: where most of them are, so that they cover more of what is seen
    spots = block & (np.arange(len(lon)) % 9 == 0)
    spots |= (np.abs(lon - 111.0) < 0.26) & (np.abs(lat - 40.4) < 0.21)
    all_of_it, middle = frame_cells(MapGround(lattice), spots), frame_cells(MapGround(lattice), spots, edge_share=0.3)
    assert middle[2] - middle[0] < (all_of_it[2] - all_of_it[0]) / 2
    wide = frame_cells(MapGround(lattice), one, [(112.4, 40.0)])
    assert wide[0] < 110.5
    assert wide[2] > 112.4


def test_scattered_changes_open_on_the_densest_square() -> None:
    """Two far blocks, of which the larger alone covers a tenth of a map: as far as anything may be shown close."""
    lattice = build_sample_lattice()
    lon, lat = locate_cells(lattice)
    small = (np.abs(lon - 109.6) < 0.06) & (np.abs(lat - 40.3) < 0.06)
    large = (np.abs(lon - 112.0) < 0.11) & (np.abs(lat - 40.3) < 0.11)
    (west, south, east, north), share = choose_box(MapGround(lattice), small | large, 0.09)
    assert west < lon[large].min() < lon[large].max() < east
    assert lon[small].max() < west
    # a square of 0.6 degrees on a map that shows 0.72 by 0.6 of them
    assert share == pytest.approx(np.count_nonzero(large) * lattice.step**2 / (0.6 * 0.72), abs=0.001)
    assert mercator_y(north) - mercator_y(south) == pytest.approx(0.6, abs=0.001)
    whole = choose_box(MapGround(lattice, origin=(109.6, 40.3)), small | large, 0.0)[0]
    assert whole[0] < 109.6
    assert whole[2] > 112.0


def test_a_flat_box_counts_what_the_map_shows_above_and_below_it() -> None:
    """A strip 2.4 degrees wide and 0.6 high fills its box; the map beside the panel is 2.0 high then."""
    lattice = build_sample_lattice()
    lon, lat = locate_cells(lattice)
    strip = (lon > 109.6) & (lon < 112.0) & (lat > 40.0) & (lat < 40.45)
    high = float(np.ptp([mercator_y(v) for v in lat[strip]])) + lattice.step
    (west, _, east, _), share = choose_box(MapGround(lattice), strip, 0.0)
    assert share == pytest.approx(np.count_nonzero(strip) * lattice.step**2 / ((east - west) ** 2 / 1.2), abs=0.001)
    assert share < high / 2.0


def test_an_empty_plain_does_not_draw_the_map_away_from_the_people() -> None:
    """A town of a hundred thousand in the north-east, a plain of a thousand cells with one herder each in the south."""
    lattice = build_sample_lattice()
    lon, lat = locate_cells(lattice)
    town = (np.abs(lon - 112.0) < 0.2) & (np.abs(lat - 41.2) < 0.2)
    plain = (lon < 110.6) & (lat < 40.2)
    people = np.where(town, 1e5 / np.count_nonzero(town), 1.0)
    west, south, east, _ = frame_cells(MapGround(lattice, people), town | plain)
    assert west < lon[town].min() < lon[town].max() < east
    assert lon[plain].max() < west
    assert lat[plain].max() < south
    by_cells = frame_cells(MapGround(lattice), town | plain)  # without people each cell counts one
    assert by_cells[0] < lon[plain].min() + 0.1
    nobody = frame_cells(MapGround(lattice, np.zeros(len(lon))), town | plain)  # where nobody lives on any of them too
    assert nobody == by_cells


def test_the_point_that_bears_the_number_of_people_is_always_shown() -> None:
    """It lies a hundred kilometres off the town, on a single cell: however little of the map is then coloured."""
    lattice = build_sample_lattice()
    lon, lat = locate_cells(lattice)
    town = (np.abs(lon - 112.0) < 0.03) & (np.abs(lat - 41.2) < 0.03)
    people = np.where(town, 1e5, 1.0)
    without = choose_box(MapGround(lattice, people), town, 0.9)[0]
    west, south, east, north = choose_box(MapGround(lattice, people, named=(110.8, 40.0)), town, 0.9)[0]
    assert not (without[0] < 110.8 < without[2])
    assert west < 110.8
    assert east > 112.0
    assert south < 40.0
    assert north > 41.2


@settings(max_examples=examples(40))
@given(st.integers(0, 2**32 - 1), st.floats(0.0, 0.4), st.floats(0.002, 0.5))
def test_an_extent_leaves_out_no_more_people_than_it_may(seed: int, edge_share: float, density: float) -> None:
    """Counted cell by cell: on each side at most the share; never below the least width, and the named point inside."""
    lattice, draws = build_sample_lattice(), np.random.default_rng(seed)
    lon, lat = locate_cells(lattice)
    which = draws.random(len(lon)) < density
    people = np.floor(draws.pareto(1.0, len(lon)) * 10)
    at = (float(draws.choice(lon)), float(draws.choice(lat)))
    west, south, east, north = frame_cells(MapGround(lattice, people), which, [at], edge_share)
    chosen = which if which.any() else np.ones_like(which)
    live = np.where(chosen, people, 0.0) if people[chosen].sum() else chosen.astype(float)
    for outside in (lon < west, lon > east, lat < south, lat > north):
        assert live[outside].sum() <= edge_share * live.sum() * (1 + 1e-9)
    assert east - west >= LEAST_DEGREE - 0.001
    assert mercator_y(north) - mercator_y(south) >= LEAST_DEGREE - 0.001
    assert west <= at[0] <= east
    assert south <= at[1] <= north


def test_the_least_map_is_some_sixty_kilometres_across() -> None:
    assert 55 <= LEAST_DEGREE * MAP_ASPECT * 111.195 * math.cos(math.radians(41.0)) <= 65
