from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import shapely
from contourpy import FillType, contour_generator
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.examples import examples
from tests.surface.towns import flat_grid
from transit_model.surface.contour import _fill_field, draw_contour, find_cells_within
from transit_model.surface.isochrone import compute_rings
from transit_model.surface.surface import Surface

F64 = npt.NDArray[np.float64]
SPEED_MS = 5.0
SHAPE = (9, 12)
SPAN_S = 1000 / SPEED_MS
NUMBER = st.one_of(st.floats(0, 3000, width=32), st.just(math.inf), st.sampled_from([900.0, 899.999, 1000.0]))
EDGE = st.one_of(st.floats(-600, 400, width=32), st.just(math.inf), st.just(0.0))


@st.composite
def surfaces(draw: st.DrawFn) -> Surface:
    time, beyond = (draw(arrays(np.float64, SHAPE, elements=NUMBER)) for _ in range(2))
    edge = draw(arrays(np.float64, SHAPE, elements=EDGE))
    return Surface(flat_grid(12, 9), time, edge, beyond, SPEED_MS, 600.0)


def compute_rim_field(surface: Surface, cutoff_s: float, part: tuple[slice, slice]) -> F64:
    """What the contour is drawn through, of a part of the grid."""
    rows, columns = part
    field = np.empty((rows.stop - rows.start, columns.stop - columns.start))
    _fill_field(surface, cutoff_s, part, field, (0, 0))
    return field


def rim_by_formula(surface: Surface, cutoff_s: float) -> F64:
    """F as the page of `isochrone` says it, one line a sentence."""
    reached = np.isfinite(surface.time_s)
    late = np.where(reached, surface.time_s, surface.beyond_s) - cutoff_s
    field = np.clip(np.maximum(late, surface.edge_s), -SPAN_S, SPAN_S)
    field[~reached & (field <= 0)] = SPAN_S
    least = 1e-4 * SPAN_S
    within = reached & (surface.time_s <= cutoff_s)
    field = np.where(within, np.minimum(field, -least), np.maximum(field, least))
    return np.asarray(field, dtype=np.float64)


def contour_by_hand(surface: Surface, cutoff_s: float) -> shapely.MultiPolygon:
    """The same contour through the public door of contourpy, polygon by polygon."""
    inside = surface.time_s <= cutoff_s
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    r0, r1 = max(int(rows[0]) - 1, 0), min(int(rows[-1]) + 2, SHAPE[0])
    c0, c1 = max(int(columns[0]) - 1, 0), min(int(columns[-1]) + 2, SHAPE[1])
    x, y = surface.grid.centres()
    west, south, east, north = surface.grid.bounds
    low_x, high_x, low_y, high_y = [west] * (c0 == 0), [east] * (c1 == 12), [south] * (r0 == 0), [north] * (r1 == 9)
    lines = contour_generator(
        np.concatenate([low_x, x[c0:c1], high_x]),
        np.concatenate([low_y, y[r0:r1], high_y]),
        np.pad(
            rim_by_formula(surface, cutoff_s)[r0:r1, c0:c1],
            ((len(low_y), len(high_y)), (len(low_x), len(high_x))),
            mode="edge",
        ),
        fill_type=FillType.OuterOffset,
    ).filled(-np.inf, 0.0)
    return shapely.MultiPolygon(
        [
            shapely.Polygon(ring[o[0] : o[1]], [ring[a:b] for a, b in pairwise(o[1:])])
            for ring, o in zip(*lines, strict=True)
        ]
    )


@settings(max_examples=examples(80), deadline=None)
@given(surfaces(), st.sampled_from([900.0, 1.0, 2500.0]))
def test_field_is_that_of_the_page(surface: Surface, cutoff_s: float) -> None:
    whole = (slice(0, 9), slice(0, 12))
    assert (compute_rim_field(surface, cutoff_s, whole) == rim_by_formula(surface, cutoff_s)).all()
    part = (slice(2, 7), slice(5, 12))
    assert (compute_rim_field(surface, cutoff_s, part) == rim_by_formula(surface, cutoff_s)[part]).all()


@settings(max_examples=examples(80), deadline=None)
@given(surfaces(), st.sampled_from([900.0, 1.0, 2500.0]))
def test_contours_are_valid_and_those_of_the_plain_way_to_the_bit(surface: Surface, cutoff_s: float) -> None:
    box = find_cells_within(surface.time_s, cutoff_s)
    inside = surface.time_s <= cutoff_s
    if not inside.any():
        assert box is None
        return
    assert box is not None
    assert box.count == inside.sum()
    assert inside[box.rows, box.columns].sum() == box.count
    part = inside[box.rows, box.columns]
    assert part[0].any() and part[-1].any() and part[:, 0].any() and part[:, -1].any()  # noqa: PT018
    assert find_cells_within(surface.time_s, cutoff_s, find_cells_within(surface.time_s, 1e9)) == box
    drawn = draw_contour(surface, cutoff_s, box)
    assert drawn.is_valid
    assert shapely.to_wkb(drawn) == shapely.to_wkb(contour_by_hand(surface, cutoff_s))


def test_a_cell_at_the_outline_of_the_grid_cuts_the_ring() -> None:
    for row, column, cut in ((0, 5, True), (8, 5, True), (4, 0, True), (4, 11, True), (1, 1, False), (7, 10, False)):
        time = np.full(SHAPE, math.inf)
        time[row, column] = 60.0
        far = np.full(SHAPE, math.inf)
        assert compute_rings(Surface(flat_grid(12, 9), time, far, far, SPEED_MS, 600.0), [900.0])[0].cut_by_grid is cut


@settings(max_examples=examples(60), deadline=None)
@given(
    st.tuples(st.floats(-1000, 13_000), st.floats(-1000, 10_000)),
    st.sampled_from([100.0, 400.0, 1500.0]),
    st.booleans(),
)
def test_the_disc_of_the_origin_is_united_unless_it_lies_inside(
    at: tuple[float, float], reach_s: float, open_ground: bool
) -> None:
    time = np.full(SHAPE, 10.0)
    if not open_ground:
        time[4, 6] = math.inf
    none = np.where(np.isfinite(time), -600.0, math.inf)
    surface = Surface(flat_grid(12, 9), time, none, np.full(SHAPE, math.inf), SPEED_MS, reach_s, at)
    polygon = compute_rings(surface, [900.0])[0].polygon
    angle = 2 * np.pi * np.arange(64) / 64
    radius = SPEED_MS * min(reach_s, 900.0)
    disc = shapely.Polygon(np.column_stack([at[0] + radius * np.cos(angle), at[1] + radius * np.sin(angle)]))
    inside = shapely.intersection(disc, shapely.box(*surface.grid.bounds))
    assert polygon.is_valid
    assert shapely.difference(inside, polygon).area < 1e-3
