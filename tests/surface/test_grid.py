from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.surface.towns import CRS, flat_grid
from transit_model.errors import InputError
from transit_model.surface.grid import build_grid

BBOX = (106.5, 37.5, 115.5, 43.5)


def test_the_corner_is_a_multiple_of_the_cell_and_the_box_is_covered() -> None:
    grid = build_grid(BBOX, CRS, 1000.0)
    assert grid.origin_x % 1000 == 0
    assert grid.origin_y % 1000 == 0
    lon, lat = np.meshgrid(np.linspace(BBOX[0], BBOX[2], 41), np.linspace(BBOX[1], BBOX[3], 41))
    assert grid.locate(*grid.project(lon.ravel(), lat.ravel()))[2].all()


def test_longitude_comes_first_both_ways() -> None:
    grid = build_grid(BBOX, CRS, 1000.0)
    x, y = grid.project(111.66, 40.82)
    assert float(x) > 0  # east of the central meridian 110.5
    assert float(y) > 0  # north of 40.5
    lon, lat = grid.unproject(x, y)
    assert float(lon) == pytest.approx(111.66, abs=1e-9)
    assert float(lat) == pytest.approx(40.82, abs=1e-9)


def test_two_boxes_give_cells_that_align() -> None:
    one, two = build_grid(BBOX, CRS, 1000.0), build_grid((110.0, 40.0, 112.0, 41.0), CRS, 1000.0)
    assert (two.origin_x - one.origin_x) % 1000 == 0
    assert (two.origin_y - one.origin_y) % 1000 == 0


def test_a_city_window_is_an_aligned_part() -> None:
    region = build_grid(BBOX, CRS, 1000.0)
    city = region.window((111.4, 40.6, 111.9, 41.0), 250.0)
    assert city.cell_m == 250
    assert (city.origin_x - region.origin_x) % 1000 == 0
    assert city.nx % 4 == 0
    x, y = city.centres()
    # the mean of the four window cells by four is the centre of the region cell
    row, column, inside = region.locate(x[:4].mean(), y[:4].mean())
    assert inside
    assert x[:4].mean() == region.centres()[0][column]
    assert y[:4].mean() == region.centres()[1][row]


def test_a_window_is_cut_at_the_region() -> None:
    region = build_grid(BBOX, CRS, 1000.0)
    assert region.window((100.0, 30.0, 120.0, 50.0), 1000.0).bounds == region.bounds


@pytest.mark.parametrize(("bbox", "cell_m", "code"), [
    ((111.4, 40.6, 111.9, 41.0), 300.0, "cell_does_not_divide"),
    ((111.4, 40.6, 111.9, 41.0), 2000.0, "cell_does_not_divide"),
    ((111.4, 40.6, 111.9, 41.0), 0.0, "cell_does_not_divide"),
    ((80.0, 30.0, 81.0, 31.0), 250.0, "window_outside"),
])  # fmt: skip
def test_bad_windows_are_issues(bbox: tuple[float, float, float, float], cell_m: float, code: str) -> None:
    with pytest.raises(InputError) as caught:
        build_grid(BBOX, CRS, 1000.0).window(bbox, cell_m)
    assert [issue.code for issue in caught.value.issues] == [code]


@pytest.mark.parametrize(("bbox", "crs", "cell_m", "codes"), [
    (BBOX, "EPSG:4326", 1000.0, ["crs_not_metric"]),
    (BBOX, "EPSG:3857", 1000.0, ["crs_not_equal_area"]),
    (BBOX, "no such thing", 1000.0, ["unknown_crs"]),
    ((40.0, 110.0, 43.0, 115.0), CRS, -1.0, ["bad_bbox", "bad_cell_size"]),
    (BBOX, CRS, float("nan"), ["bad_cell_size"]),
    (BBOX, CRS, 10.0, ["too_many_cells"]),
])  # fmt: skip
def test_bad_grids_are_issues(
    bbox: tuple[float, float, float, float], crs: str, cell_m: float, codes: list[str]
) -> None:
    with pytest.raises(InputError) as caught:
        build_grid(bbox, crs, cell_m)
    assert [issue.code for issue in caught.value.issues] == codes


@given(st.floats(-1000, 41_000), st.floats(-1000, 31_000))
def test_a_point_lies_in_the_cell_that_is_named(x: float, y: float) -> None:
    grid = flat_grid()
    row, column, inside = grid.locate(x, y)
    assert bool(inside) == (0 <= x <= 40_000 and 0 <= y <= 30_000)
    if inside:
        assert abs(grid.centres()[0][column] - x) <= 500.0
        assert abs(grid.centres()[1][row] - y) <= 500.0
