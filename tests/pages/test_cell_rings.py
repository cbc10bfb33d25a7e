"""Rings of sparse networks as cells: what is ragged by hand, cells that nest, and the same minutes as a click."""

from __future__ import annotations

import itertools
import json
import math
from dataclasses import replace

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.pages.sample_cells import STEP, build_sample_lattice
from tests.pages.unpack import unpack
from transit_model.pages.cell_rings import (
    LEAST_CELLS,
    MOST_RAGGED,
    count_cells,
    draw_cell_rings,
    find_ragged_rings,
    measure_cell_km,
    measure_raggedness,
    outline_cells,
)
from transit_model.pages.map_data import PageStore
from transit_model.pages.shapes import encode_polygons
from transit_model.pages.view import StudyView


def make_star(arms: int, reach: float, width: float) -> shapely.Polygon:
    """Needles from one point on the equator, `reach` long and `width` wide at their foot."""
    angle = np.arange(2 * arms) * math.pi / arms
    radius = np.where(np.arange(2 * arms) % 2 == 0, reach, width)
    return shapely.Polygon(np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]))


def test_discs_are_round_and_a_square_by_hand() -> None:
    disc = shapely.Point(0, 0).buffer(1, quad_segs=64)
    assert math.isclose(measure_raggedness(disc), 1.0, abs_tol=1e-3)
    # 4 / (2 sqrt(pi)) = 1.128; several parts count each by itself
    assert math.isclose(measure_raggedness(shapely.box(-0.5, -0.5, 0.5, 0.5)), 2 / math.sqrt(math.pi), rel_tol=1e-3)
    stations = shapely.union_all([shapely.Point(k * 3, 0).buffer(1, quad_segs=64) for k in range(9)])
    assert math.isclose(measure_raggedness(stations), 1.0, abs_tol=1e-3)
    assert measure_raggedness(shapely.Polygon()) == 0.0


def test_a_star_of_needles_is_ragged() -> None:
    assert measure_raggedness(make_star(6, 1.0, 0.12)) > MOST_RAGGED
    assert measure_raggedness(make_star(6, 1.0, 0.9)) < MOST_RAGGED


@settings(max_examples=examples(40))
@given(st.integers(0, 2**32 - 1), st.floats(0.05, 0.95))
def test_the_outline_of_cells_is_their_area_and_nothing_else(seed: int, share: float) -> None:
    lattice = build_sample_lattice()
    chosen = np.random.default_rng(seed).random(int(lattice.inside.sum())) < share
    area = outline_cells(lattice, chosen)
    assert area.is_valid
    # As wide as high in Web Mercator: count them by their width in longitude and height in the stretched latitude.
    flat = shapely.transform(
        area, lambda xy: np.column_stack([xy[:, 0], np.degrees(np.log(np.tan(np.pi / 4 + np.radians(xy[:, 1]) / 2)))])
    )
    assert math.isclose(flat.area, np.count_nonzero(chosen) * STEP**2, rel_tol=1e-6, abs_tol=1e-9)


def test_no_cell_has_no_outline() -> None:
    lattice = build_sample_lattice()
    assert outline_cells(lattice, np.zeros(int(lattice.inside.sum()), dtype=bool)).is_empty


def test_cell_rings_nest_and_hold_the_minutes_of_a_click(view: StudyView) -> None:
    assert view.cells is not None
    lattice, minutes = view.cells.lattice, view.cells.minutes["built", "jia", "road", "typical"]
    cutoffs = [30.0, 60.0, 90.0, 120.0]
    rings = draw_cell_rings(lattice, minutes, cutoffs)
    for inner, outer in itertools.pairwise(rings):
        assert shapely.difference(inner, outer).is_empty
    for lon, lat in ((110.1, 40.5), (110.6, 40.2), (111.9, 39.6)):
        place = lattice.find(lon, lat)
        assert place is not None
        for cutoff, ring in zip(cutoffs, rings, strict=True):
            assert ring.contains(shapely.Point(lon, lat)) == (0 < minutes[place] <= cutoff + 1)
    unreached = np.zeros_like(minutes)
    assert draw_cell_rings(lattice, unreached, [30.0])[0].is_empty


def test_only_ragged_and_large_rings_are_drawn_as_cells_and_alike_in_all_scenarios(view: StudyView) -> None:
    """The blobs of the study are round; a star in one of its scenarios makes all draw that kind as cells."""
    assert find_ragged_rings(view) == frozenset()
    key = ("jia", "road", "typical")
    star = shapely.affinity.translate(make_star(8, 1.4, 0.25), 110.0, 40.5)
    rings = view.rings.copy()
    of_kind = (rings["origin"] == key[0]) & (rings["mode"] == key[1]) & (rings["reading"] == key[2])
    rings.loc[of_kind & (rings["scenario"] == "bridge") & (rings["cutoff_min"] == 120), "geometry"] = star
    ragged = replace(view, rings=rings)
    assert view.cells is not None
    assert count_cells(view.cells.lattice, star) >= LEAST_CELLS
    assert find_ragged_rings(ragged) == {("typical", "road", "jia")}
    small = rings.copy()
    small["geometry"] = [shapely.affinity.scale(g, 0.01, 0.01, origin=(110.0, 40.5)) for g in rings.geometry]
    assert find_ragged_rings(replace(view, rings=small)) == frozenset()
    assert "2 倍" in PageStore(ragged).describe_drawing(500.0)["zh"]
    assert "倍" not in PageStore(view).describe_drawing(500.0)["zh"]


def test_a_page_carries_the_squares_of_a_ragged_ring_in_all_its_scenarios(view: StudyView) -> None:
    star = shapely.affinity.translate(make_star(8, 1.4, 0.25), 110.0, 40.5)
    rings = view.rings.copy()
    of_kind = (rings["origin"] == "jia") & (rings["mode"] == "road") & (rings["reading"] == "typical")
    rings.loc[of_kind & (rings["scenario"] == "bridge") & (rings["cutoff_min"] == 120), "geometry"] = star
    store = PageStore(replace(view, rings=rings))
    assert view.cells is not None
    for scenario in ("built", "everything"):
        drawn = unpack(json.loads(store.get_rings(scenario, 500.0)))
        minutes = view.cells.minutes[scenario, "jia", "road", "typical"]
        squares = draw_cell_rings(view.cells.lattice, minutes, [30.0, 60.0, 90.0, 120.0])
        wanted = [[c, encode_polygons(s)] for c, s in zip([30, 60, 90, 120], squares, strict=True)]
        assert drawn["typical"]["road"]["jia"] == wanted
        assert drawn["typical"]["road"]["yi"][0][1] != wanted[0][1]


def test_the_side_of_a_cell(view: StudyView) -> None:
    # 0.05 degree of longitude at about 40.2 degrees north: 0.05 x 111.195 x 0.764 = 4.25 km
    assert math.isclose(measure_cell_km(build_sample_lattice()), 4.25, abs_tol=0.03)
