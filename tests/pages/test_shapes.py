"""Rings for the screen: they still nest, stay valid, keep holes, and decode to what was encoded."""

from __future__ import annotations

import itertools
import math

import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from tests.examples import examples
from tests.pages.sample_view import build_sample_view
from transit_model.pages.shapes import DEGREE_UNITS, Frame, _unite, encode_line, encode_polygons, simplify_rings


def _decode(flat: list[int]) -> list[tuple[float, float]]:
    lon = lat = 0
    out = []
    for i in range(0, len(flat), 2):
        lon, lat = lon + flat[i], lat + flat[i + 1]
        out.append((lon / DEGREE_UNITS, lat / DEGREE_UNITS))
    return out


def _sample_rings() -> list[BaseGeometry]:
    rings = build_sample_view().rings
    part = rings[(rings["scenario"] == "built") & (rings["mode"] == "best") & (rings["reading"] == "typical")]
    return list(part[part["origin"] == "jia"].sort_values("cutoff_min").geometry)


def test_simplified_rings_nest_exactly_and_are_valid() -> None:
    rings = _sample_rings()
    for tolerance_m in (250.0, 1000.0, 2500.0):
        simple = simplify_rings(rings, tolerance_m)
        assert all(shapely.is_valid(s) for s in simple)
        for inner, outer in itertools.pairwise(simple):
            # Each ring is united with the one before it, so the excess is rounding of the metre transform only.
            assert shapely.area(shapely.difference(inner, outer)) < 1e-9
        # A tolerance of t metres moves area by no more than about t along the outline.
        for ring, shown in zip(rings, simple, strict=True):
            metres = ring.length * 111_195
            moved = shapely.area(shapely.symmetric_difference(ring, shown)) * 111_195**2
            assert moved <= tolerance_m * metres


def test_holes_larger_than_the_tolerance_stay() -> None:
    ring = shapely.box(110, 40, 111, 41) - shapely.box(110.4, 40.4, 110.6, 40.6)
    simple = simplify_rings([ring], 500.0)[0]
    assert sum(len(p.interiors) for p in shapely.get_parts(simple)) == 1


def test_specks_below_the_tolerance_go() -> None:
    speck = shapely.box(112, 40, 112.0005, 40.0005)  # about 43 m by 56 m
    ring = shapely.union_all([shapely.box(110, 40, 111, 41), speck])
    simple = simplify_rings([ring], 500.0)[0]
    assert len(shapely.get_parts(simple)) == 1


def test_empty_rings_stay_empty() -> None:
    assert [r.is_empty for r in simplify_rings([shapely.Polygon(), shapely.box(110, 40, 111, 41)], 500.0)] == [
        True,
        False,
    ]


SQUARE = st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(1, 9), st.integers(1, 9))


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(SQUARE, min_size=1, max_size=5), st.integers(1, 3))
def test_neighbours_are_united_as_any_two_shapes_are(squares: list[tuple[int, ...]], n_inner: int) -> None:
    boxes = [shapely.box(x, y, x + width, y + height) for x, y, width, height in squares]
    inner = shapely.union_all(boxes[:n_inner])
    band = shapely.difference(shapely.union_all(boxes), inner)
    apart = shapely.box(0.5, 0.5, 3.5, 2.5)  # it overlaps some of them, and shares no edge
    for one, other in ((inner, band), (inner, apart)):
        united, expected = _unite(one, other), shapely.union(one, other)
        assert united.is_valid
        assert shapely.area(shapely.symmetric_difference(united, expected)) < 1e-9


def test_encoding_by_hand() -> None:
    # 110.0000, 40.0000 then +0.0012, -0.0005; the repeated point is left out.
    assert encode_line([(110.0, 40.0), (110.0012, 39.9995), (110.00121, 39.99951)]) == [1100000, 400000, 12, -5]


@settings(max_examples=examples(60))
@given(st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=1, max_size=30))
def test_decoding_is_within_half_a_unit(points: list[tuple[float, float]]) -> None:
    decoded = _decode(encode_line(points))
    for lon, lat in points:
        assert any(
            math.isclose(lon, a, abs_tol=0.5001 / DEGREE_UNITS) and math.isclose(lat, b, abs_tol=0.5001 / DEGREE_UNITS)
            for a, b in decoded
        )


def test_polygons_lose_parts_that_vanish_on_the_grid() -> None:
    tiny = shapely.box(110, 40, 110.00001, 40.00001)
    assert encode_polygons(shapely.MultiPolygon([tiny, shapely.box(110, 40, 111, 41)])) == [
        [[1110000, 400000, 0, 10000, -10000, 0, 0, -10000]]
    ]


def test_frame_keeps_proportions() -> None:
    frame = Frame((110.0, 39.5, 111.0, 40.5), 100.0)
    # One degree of latitude is 1/cos(40 deg) = 1.305 times one of longitude.
    assert frame.height == 130.5
    assert frame.point(110.0, 40.5) == (0.0, 0.0)
    assert frame.path(shapely.box(110, 39.5, 111, 40.5)).startswith("M100 130.5")
