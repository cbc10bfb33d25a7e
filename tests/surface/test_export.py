from __future__ import annotations

import json
import math
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely

from tests.surface.towns import flat_grid, join, road, surface_of
from transit_model.errors import InputError
from transit_model.surface.export import NODATA_MIN, RING_LAYER, write_change, write_rings, write_surface
from transit_model.surface.isochrone import collect_features, compute_rings
from transit_model.surface.reachable_edges import collect_reachable_edges
from transit_model.surface.surface import Surface


@pytest.fixture(scope="module")
def surface() -> Surface:
    angle = np.linspace(0, 2 * np.pi, 37)
    circle = road([(20 + 10 * math.cos(a), 15 + 10 * math.sin(a)) for a in angle], 0.0)
    return surface_of(flat_grid(), edges=circle, points=[(20.0, 15.0, 1000.0)])


@pytest.fixture(scope="module")
def frame(surface: Surface) -> gpd.GeoDataFrame:
    rings = compute_rings(surface, [1.0, 1800.0, 7200.0])
    return collect_features(rings, surface, origin="呼和浩特", mode="road", reading="typical", scenario="base")


def test_geojson_follows_rfc_7946(frame: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = write_rings(frame, tmp_path / "x.geojson")
    found = json.loads(path.read_text(encoding="utf-8"))
    assert set(found) == {"type", "features"}
    assert found["features"][0]["properties"]["origin"] == "呼和浩特"
    assert found["features"][0]["properties"]["population"] is None
    assert found["features"][1]["properties"]["cutoff_min"] == 30
    for feature in found["features"]:
        assert feature["geometry"]["type"] == "MultiPolygon"
        for polygon in feature["geometry"]["coordinates"]:
            for number, line in enumerate(polygon):
                assert line[0] == line[-1]
                assert shapely.is_ccw(shapely.LinearRing(line)) == (number == 0)
                assert all(100 < lon < 120 and 38 < lat < 43 for lon, lat in line)
                assert all(round(v, 7) == v for point in line for v in point)
        assert shapely.geometry.shape(feature["geometry"]).is_valid


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".parquet"])
def test_what_is_written_is_read_back(frame: gpd.GeoDataFrame, tmp_path: Path, suffix: str) -> None:
    path = write_rings(frame, tmp_path / f"x{suffix}")
    again = gpd.read_parquet(path) if suffix == ".parquet" else gpd.read_file(path, layer=0)
    assert again["cutoff_min"].tolist() == pytest.approx([1 / 60, 30, 120], abs=1e-5)
    assert again["area_km2"].tolist() == pytest.approx(frame["area_km2"].tolist(), abs=1e-5)
    assert shapely.area(again.geometry.to_numpy()) == pytest.approx(shapely.area(frame.geometry.to_numpy()), rel=1e-5)
    first = path.read_bytes()
    assert write_rings(frame, path).read_bytes() == first  # same input, same bytes, and nothing else is left behind
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_empty_rings_are_written_too(tmp_path: Path) -> None:
    surface = surface_of(flat_grid())
    frame = collect_features(
        compute_rings(surface, [60.0]), surface, origin="x", mode="road", reading="typical", scenario="base"
    )
    text = write_rings(frame, tmp_path / "x.geojson").read_text(encoding="utf-8")
    assert json.loads(text)["features"][0]["geometry"] == {"type": "MultiPolygon", "coordinates": []}
    assert gpd.read_file(write_rings(frame, tmp_path / "x.gpkg"), layer=RING_LAYER)["area_km2"].tolist() == [0.0]
    assert gpd.read_parquet(write_rings(frame, tmp_path / "x.parquet")).geometry.is_empty.all()


def test_geotiff_is_north_up_in_minutes(surface: Surface, tmp_path: Path) -> None:
    path = write_surface(surface, tmp_path / "x.tif")
    with rasterio.open(path) as file:
        band = file.read(1)
        assert (file.nodata, file.dtypes[0]) == (NODATA_MIN, "float32")
        assert file.bounds[:] == surface.grid.bounds
        east = float(next(file.sample([(30_500.0, 15_500.0)]))[0])
    assert east == pytest.approx(surface.time_s[15, 30] / 60, rel=1e-6)
    unreached = ~np.isfinite(surface.time_s)
    assert unreached.any()
    assert (band[::-1][unreached] == NODATA_MIN).all()
    assert write_surface(surface, tmp_path / "y.tif").read_bytes() == path.read_bytes()


def test_wrong_outputs_are_issues_and_leave_the_old_file(
    frame: gpd.GeoDataFrame, surface: Surface, tmp_path: Path
) -> None:
    old = tmp_path / "x.geojson"
    old.write_text("old", encoding="utf-8")
    with pytest.raises(InputError, match="unknown_format"):
        write_rings(frame, tmp_path / "x.shp")
    with pytest.raises(InputError, match="unknown_format"):
        write_surface(surface, tmp_path / "x.png")
    with pytest.raises(InputError, match="no_such_folder"):
        write_rings(frame, tmp_path / "nowhere" / "x.geojson")
    with pytest.raises(InputError, match="not_wgs84"):
        write_rings(frame.to_crs(3857), tmp_path / "x.geojson")
    broken = frame.assign(extra=[{1}, {2}, {3}])  # a set has no JSON form
    with pytest.raises(TypeError):
        write_rings(broken, old)
    assert old.read_text(encoding="utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["x.geojson"]


def test_reachable_edges_are_cut_at_the_cutoff() -> None:
    # 20 m/s: 10 km take 500 s; at 200 s 4 km are done. The second road is walked towards the origin (reverse).
    grid = flat_grid()
    out = road([(5, 5), (15, 5)], 0.0)
    back = road([(5, 9), (15, 9)], 0.0)
    back = type(back)(back.x1, back.y1, back.x0, back.y0, back.t1_s, back.t0_s)
    late = road([(5, 12), (15, 12)], 300.0)
    frame = collect_reachable_edges(join(out, back, late), grid, 200.0)
    x, y = grid.project(*shapely.get_coordinates(frame.geometry.to_numpy()).T)
    assert np.column_stack([x, y]) == pytest.approx(
        np.array([[5000, 5000], [9000, 5000], [9000, 9000], [5000, 9000]]), abs=1e-3
    )
    assert frame["from_min"].tolist() == pytest.approx([0, 200 / 60])
    assert frame["to_min"].tolist() == pytest.approx([200 / 60, 0])
    assert len(collect_reachable_edges(late, grid, 200.0)) == 0
    with pytest.raises(InputError):
        collect_reachable_edges(out, grid, 0.0)


def test_a_difference_surface_has_minutes_and_kinds(tmp_path: Path) -> None:
    # south row: newly reached, 2 min faster; middle row: the same, slower; north row: unreached in both, lost
    grid = flat_grid(2, 3)
    change_s = np.array([[-np.inf, -120.0], [0.0, 60.0], [np.nan, np.inf]])
    with rasterio.open(write_change(change_s, grid, tmp_path / "change.tif")) as file:
        minutes, kind = file.read(1), file.read(2)
    assert minutes.tolist() == [[NODATA_MIN, NODATA_MIN], [0.0, 1.0], [NODATA_MIN, -2.0]]  # north up
    assert kind.tolist() == [[NODATA_MIN, 5], [3, 4], [1, 2]]
    with pytest.raises(InputError):
        write_change(change_s, grid, tmp_path / "change.png")
