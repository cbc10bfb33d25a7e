"""The order of nodes along a Hilbert curve: the kernel against the same method in whole columns."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st

from transit_model.streets.bucket_graph import _CURVE_BITS, _find_median, _to_cells, order_in_space

PLACES = st.lists(st.tuples(st.floats(-10, 10), st.floats(-10, 10)), max_size=40)


def order_slowly(lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    x, y = (_to_cells(v, (1 << _CURVE_BITS) - 1) for v in (lon, lat))
    along = np.zeros(len(x), np.int64)
    for bit in range(_CURVE_BITS - 1, -1, -1):
        side = 1 << bit
        right, up = (x & side) > 0, (y & side) > 0
        along += side * side * ((3 * right) ^ up)
        x, y = x & (side - 1), y & (side - 1)
        x, y = np.where(right & ~up, side - 1 - x, x), np.where(right & ~up, side - 1 - y, y)
        x, y = np.where(up, x, y), np.where(up, y, x)
    return np.argsort(along, kind="stable")


@given(PLACES)
def test_the_order_is_that_of_the_method_in_columns(places: list[tuple[float, float]]) -> None:
    lon, lat = np.array(places, np.float64).reshape(-1, 2).T
    np.testing.assert_array_equal(order_in_space(lon, lat), order_slowly(lon, lat))


def test_neighbours_of_a_lattice_stand_side_by_side() -> None:
    x, y = (v.ravel().astype(np.float64) for v in np.meshgrid(np.arange(64), np.arange(64)))
    order = order_in_space(x, y)
    assert sorted(order.tolist()) == list(range(64 * 64))
    steps = np.abs(np.diff(x[order])) + np.abs(np.diff(y[order]))
    assert np.median(steps) == 1
    np.testing.assert_array_equal(order, order_slowly(x, y))


@given(st.lists(st.integers(1, 50), max_size=30), st.booleans())
def test_the_median_is_that_of_numpy(ticks: list[int], few: bool) -> None:
    expected = int(np.median(ticks)) if ticks else 0
    positive = np.array(ticks, np.int32)
    assert _find_median(positive, 50 if few or not ticks else 1 << 30) == expected
