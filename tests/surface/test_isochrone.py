from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from tests.examples import examples
from tests.surface.towns import CAP_S, SPEED_MS, flat_grid, join, road, surface_of
from transit_model.errors import InputError
from transit_model.surface.isochrone import Ring, collect_features, compute_rings
from transit_model.surface.ring_sets import intersect_areas, subtract_areas, unite_areas
from transit_model.surface.surface import Surface

RADIUS_KM = SPEED_MS * CAP_S / 1000  # 3 km


def ring(surface: Surface, minutes: float, origin: tuple[float, float] | None = None) -> Ring:
    return compute_rings(surface, [minutes * 60], origin)[0]


def has(area: BaseGeometry, x_km: float, y_km: float) -> bool:
    return bool(shapely.contains_xy(area, x_km * 1000, y_km * 1000))


def check_nested(rings: list[Ring]) -> None:
    for inner, outer in pairwise(rings):
        assert shapely.difference(inner.polygon, outer.polygon).area < 1e-3  # m2: rounding of the crossings
        assert inner.raster_area_m2 <= outer.raster_area_m2


def test_one_position_makes_a_disc() -> None:
    # 5 min at 5 m/s = 1,500 m: pi * 1.5^2 = 7.069 km2. Interpolated at 250 m cells within 2 %.
    surface = surface_of(flat_grid(20, 20, 250.0), points=[(10.03, 10.07, 0.0)])
    disc = ring(surface, 5)
    assert disc.area_m2 == pytest.approx(math.pi * 1500**2, rel=0.02)
    assert abs(disc.gap_share) < 0.05
    assert not disc.cut_by_grid


def test_beyond_everything_the_cap_draws_the_rim() -> None:
    # The cutoff is far beyond every time, so the ring is the disc of the cap: pi * 3^2 = 28.27 km2.
    surface = surface_of(flat_grid(20, 20, 250.0), points=[(10.03, 10.07, 0.0)])
    rings = compute_rings(surface, [3600.0, 86_400.0, 1e9])
    assert rings[0].area_m2 == pytest.approx(math.pi * 3000**2, rel=0.01)
    assert rings[1].polygon.equals_exact(rings[2].polygon)


def test_u_shaped_town_keeps_its_inside_out() -> None:
    # Two arms 16 km apart joined in the south: the ground between is beyond the cap, and the east arm comes late.
    u = road([(10.5, 25.5), (10.5, 5.5), (26.5, 5.5), (26.5, 25.5)], 0.0)
    surface = surface_of(flat_grid(), edges=u, origin_km=(10.5, 25.5))
    far, near = ring(surface, 90), ring(surface, 20)
    assert has(far.polygon, 10.5, 20)
    assert has(far.polygon, 26.5, 20)
    assert not has(far.polygon, 18.5, 20)
    assert shapely.convex_hull(far.polygon).area > 1.5 * far.area_m2
    assert has(near.polygon, 10.5, 20)
    assert not has(near.polygon, 26.5, 20)


def test_island_round_a_station() -> None:
    # A train reaches a station 20 km away at 30 min; nothing on the way may be left.
    surface = surface_of(flat_grid(), points=[(30.5, 15.5, 1800.0)], origin_km=(5.5, 15.5))
    rings = compute_rings(surface, [20 * 60, 31 * 60, 40 * 60])
    assert [len(r.polygon.geoms) for r in rings] == [1, 2, 2]
    assert not has(rings[2].polygon, 18, 15.5)
    # 40 min - 30 min = 600 s at 5 m/s: the whole cap of 3 km
    assert has(rings[2].polygon, 30.5 + 2.9, 15.5)
    check_nested(rings)


def test_motorway_without_exits_is_crossed_by_no_ring() -> None:
    # The caller gives no edges for the motorway, only the interchange at its end.
    surface = surface_of(flat_grid(), points=[(35.5, 5.5, 900.0)], origin_km=(5.5, 5.5))
    assert not has(ring(surface, 60).polygon, 20, 5.5)
    left = surface_of(flat_grid(), edges=road([(5.5, 5.5), (35.5, 5.5)], 0.0, 33.3), origin_km=(5.5, 5.5))
    assert has(ring(left, 60).polygon, 20, 5.5)


def test_river_without_bridge_keeps_the_ring_on_its_bank() -> None:
    grid = flat_grid()
    zones = np.zeros(grid.shape, dtype=np.int32)
    zones[:, 20:] = 1
    area = ring(surface_of(grid, edges=road([(19.0, 0.5), (19.0, 29.5)], 0.0), zones=zones), 120).polygon
    assert area.bounds[2] == pytest.approx(20_000, abs=1)  # midway between the centres on the two banks


def test_ring_road_keeps_its_hole() -> None:
    angle = np.linspace(0, 2 * np.pi, 37)
    circle = [(20 + 10 * math.cos(a), 15 + 10 * math.sin(a)) for a in angle]
    area = ring(surface_of(flat_grid(), edges=road(circle, 0.0)), 120).polygon
    assert len(area.geoms) == 1
    assert len(area.geoms[0].interiors) == 1
    assert not has(area, 20, 15)
    # hole of radius 10 - 3 = 7 km, ring between 7 and 13 km: pi * (169 - 49) = 377 km2
    assert area.area == pytest.approx(math.pi * 120e6, rel=0.02)


def test_single_link_is_a_capsule() -> None:
    # 20 km link, the whole cap on both sides: 20 * 6 + pi * 9 = 148.3 km2.
    area = ring(surface_of(flat_grid(cell_m=250), edges=road([(10, 15), (30, 15)], 0.0)), 120)
    assert area.area_m2 == pytest.approx(148.27e6, rel=0.005)


def test_unreachable_origin_still_has_its_own_disc() -> None:
    surface = surface_of(flat_grid(), points=[(35.5, 5.5, math.inf)], origin_km=(5.2, 5.3))
    for minutes in (0.5, 2, 10, 60):
        r = ring(surface, minutes)
        assert has(r.polygon, 5.2, 5.3)
        assert r.polygon.is_valid
    assert ring(surface, 60).area_m2 == pytest.approx(math.pi * 3000**2, rel=0.05)


def test_the_sea_of_nothing_is_an_empty_ring_not_a_crash() -> None:
    surface = surface_of(flat_grid())
    rings = compute_rings(surface, [1800.0, 3600.0])
    assert all(r.polygon.is_empty and r.area_m2 == r.raster_area_m2 == r.gap_share == 0 for r in rings)
    frame = collect_features(rings, surface, origin="x", mode="road", reading="typical", scenario="base")
    assert frame["area_km2"].tolist() == [0, 0]
    assert frame.geometry.is_empty.all()


def test_an_origin_outside_the_grid_is_empty_too() -> None:
    assert ring(surface_of(flat_grid(), origin_km=(-100.0, -100.0)), 60).polygon.is_empty


def test_rings_are_cut_at_the_grid_and_say_so() -> None:
    surface = surface_of(flat_grid(), origin_km=(0.4, 0.4))
    r = ring(surface, 60)
    assert r.cut_by_grid
    assert r.polygon.bounds[:2] == (0.0, 0.0)


def test_one_cutoff_alone_equals_the_same_in_a_set() -> None:
    surface = surface_of(flat_grid(), edges=road([(3, 4), (36, 22)], 0.0), origin_km=(3, 4))
    many = compute_rings(surface, [7200.0, 900.0, 1800.0, 12_345.0])
    assert [r.cutoff_s for r in many] == [900, 1800, 7200, 12_345]
    for r in many:
        alone = compute_rings(surface, [r.cutoff_s])[0]
        assert shapely.to_wkb(alone.polygon) == shapely.to_wkb(r.polygon)
        assert alone == r


POINT = st.tuples(st.floats(0, 40), st.floats(0, 30), st.floats(0, 6000))


@settings(max_examples=examples(60), deadline=None)
@given(
    st.lists(POINT, max_size=6),
    st.lists(st.tuples(POINT, POINT), max_size=4),
    st.tuples(st.floats(0, 40), st.floats(0, 30)),
    st.lists(st.integers(1, 12_000), min_size=1, max_size=5, unique=True),
)
def test_rings_nest_hold_the_origin_and_are_valid(
    points: list[tuple[float, float, float]],
    links: list[tuple[tuple[float, float, float], tuple[float, float, float]]],
    origin: tuple[float, float],
    cutoffs: list[int],
) -> None:
    edges = join(*(road([a[:2], b[:2]], a[2]) for a, b in links)) if links else None
    surface = surface_of(flat_grid(), points=points, edges=edges, origin_km=origin)
    rings = compute_rings(surface, [float(c) for c in cutoffs])
    check_nested(rings)
    columns, rows = surface.grid.centres()
    x, y = np.meshgrid(columns, rows)
    for r in rings:
        assert r.polygon.is_valid
        at = shapely.Point(origin[0] * 1000, origin[1] * 1000)
        assert r.polygon.distance(at) < 1e-6
        # containment: exactly the cells within the cutoff have their centre inside, but for the origin's own disc
        inside = shapely.contains_xy(r.polygon, x, y)
        within = surface.time_s <= r.cutoff_s
        assert not (within & ~inside).any()
        assert (surface.time_s[inside & ~within] <= r.cutoff_s + 1e-6).all()


def test_area_converges_as_the_cell_shrinks() -> None:
    # Truth: a straight road driven for 10 min at 20 m/s, 12 km, left at 5 m/s; the fine grid stands for it.
    edges = road([(8, 15), (32, 15)], 0.0)
    areas = [ring(surface_of(flat_grid(cell_m=c), edges=edges), 10).area_m2 for c in (2000, 1000, 500, 250, 125)]
    errors = [abs(a / areas[-1] - 1) for a in areas[:-1]]
    assert errors[0] < 0.05
    assert errors[-1] < 0.002
    assert errors[-1] < errors[1] < errors[0] + 1e-9
    assert areas[-1] == pytest.approx(wave_area(), rel=0.002)


@settings(max_examples=examples(15), deadline=None)
@given(
    st.lists(st.tuples(st.floats(4, 36), st.floats(4, 26), st.floats(0, 1500)), min_size=1, max_size=3),
    st.tuples(st.tuples(st.floats(4, 36), st.floats(4, 26)), st.tuples(st.floats(4, 36), st.floats(4, 26))),
    st.sampled_from([600.0, 1200.0, 1800.0]),
)
def test_any_area_converges_as_the_cell_shrinks(
    points: list[tuple[float, float, float]],
    link: tuple[tuple[float, float], tuple[float, float]],
    cutoff_s: float,
) -> None:
    # A rim lies within one cell of where it belongs, so the area is off by a cell times the rim's length at most: the
    # bound halves with the cell. (An island smaller than a cell may be missed: that is the 2 cells added.)
    edges = road(list(link), 0.0)
    fine = compute_rings(surface_of(flat_grid(cell_m=100), points=points, edges=edges), [cutoff_s])[0].polygon
    for cell_m in (1000.0, 500.0, 250.0):
        ring = compute_rings(surface_of(flat_grid(cell_m=cell_m), points=points, edges=edges), [cutoff_s])[0]
        assert abs(ring.area_m2 - fine.area) <= cell_m * fine.length + 2 * cell_m**2


def wave_area() -> float:
    """Area within 600 s of that road by sampling 50 m squares, with 2,401 places to leave."""
    step = 50.0
    x = np.arange(4000 + step / 2, 24_000, step)
    y = np.arange(step / 2, 4000, step)
    leave = np.linspace(0, 24_000, 2401)
    time = np.full((len(y), len(x)), np.inf)
    for s in leave:
        leg = np.hypot(x - 8000 - s, y[:, None])
        time = np.minimum(time, np.where(leg <= 3000, s / 20 + leg / 5, np.inf))
    return float((time <= 600).sum()) * step * step * 2


def test_union_intersection_and_difference() -> None:
    grid = flat_grid()
    a = ring(surface_of(grid, origin_km=(10, 15)), 10).polygon
    b = ring(surface_of(grid, origin_km=(13, 15)), 10).polygon
    both, either = intersect_areas([a, b]), unite_areas([a, b])
    assert both.area + either.area == pytest.approx(a.area + b.area)
    assert subtract_areas(a, b).area == pytest.approx(a.area - both.area)
    assert intersect_areas([a, ring(surface_of(grid, origin_km=(30, 15)), 10).polygon]).is_empty
    with pytest.raises(InputError):
        unite_areas([])


def test_a_row_of_the_table_is_complete() -> None:
    surface = surface_of(flat_grid(), points=[(5.5, 5.5, 0.0)])
    people = np.full(surface.grid.shape, 10.0)
    rings = compute_rings(surface, [250.0, 9000.0])
    frame = collect_features(
        rings, surface, origin="hohhot", mode="road", reading="typical", scenario="base", population=people
    )
    assert frame.crs.to_epsg() == 4326
    first = frame.iloc[0]
    # 250 s at 5 m/s = 1,250 m: the own cell and its four neighbours
    assert (first["cutoff_min"], first["raster_area_km2"], first["population"]) == (pytest.approx(250 / 60), 5.0, 50.0)
    assert frame["cutoff_min"].iloc[1] == 150.0
    assert frame.is_valid.all()
    with pytest.raises(InputError):
        collect_features(rings, surface, origin="", mode="", reading="", scenario="", population=np.zeros(3))


@pytest.mark.parametrize("cutoffs", [[], [0.0], [-5.0], [math.nan], [math.inf], [60.0, 60.0]])
def test_bad_cutoffs_are_issues(cutoffs: list[float]) -> None:
    with pytest.raises(InputError):
        compute_rings(surface_of(flat_grid()), cutoffs)
