"""Write rings and surfaces: .geojson, .gpkg, .parquet and .tif. Whole or not at all: a temporary file, then a move."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from transit_model import units
from transit_model.errors import InputError, Issue
from transit_model.store.write import replace_file
from transit_model.surface.grid import Grid
from transit_model.surface.layer_style import COLUMN, STYLE_LAYER, tabulate_style
from transit_model.surface.surface import Surface

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

RING_LAYER: Final = "isochrones"
"""The layer of a GeoPackage that holds the rings; ``layer_styles`` beside it holds how QGIS draws them."""
NODATA_MIN: Final = -9999.0
"""Minutes of an unreached cell in a GeoTIFF."""
COORDINATE_DECIMALS: Final = 7
"""About 1 cm; RFC 7946 section 11.2 advises against more than needed."""
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
RASTER_SUFFIXES: Final = (".tif", ".tiff")
_KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {"kind_1": "newly reached", "kind_2": "faster", "kind_3": "the same", "kind_4": "slower", "kind_5": "lost"}
)
_GPKG_DATE = "2000-01-01T00:00:00.000Z"  # a fixed date of change, so that equal rings make equal files


def write_rings(frame: gpd.GeoDataFrame, path: Path) -> Path:
    """Write a ring table in the format of the file suffix.

    Parameters
    ----------
    frame : GeoDataFrame
        In WGS84, e.g. of `isochrone.collect_features`.
    path : Path
        Its suffix is one of `RING_WRITERS`.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    InputError
        When the suffix is another, the folder does not exist, or the frame is not in WGS84.
    """
    writer = RING_WRITERS.get(path.suffix.lower())
    if writer is None:
        raise InputError(_unknown_suffix(path, (*RING_WRITERS, *RASTER_SUFFIXES[:1])))
    if frame.crs is None or frame.crs.to_epsg() != 4326:
        raise InputError(Issue("not_wgs84", "error", "rings are written in WGS84 (EPSG:4326)", field="crs"))
    return _write_whole(path, lambda target: writer(frame, target))


def write_surface(surface: Surface, path: Path, about: Mapping[str, str] = _NOTHING) -> Path:
    """Write a surface as GeoTIFF: float32 minutes, north up, unreached cells are nodata (-9999); `about` are its tags.

    The band tells its name in both languages and its unit.

    Raises
    ------
    InputError
        When the suffix is not .tif or .tiff or the folder does not exist.
    """
    if path.suffix.lower() not in RASTER_SUFFIXES:
        raise InputError(_unknown_suffix(path, (".tif",)))
    return _write_whole(path, lambda target: _write_tif(surface, target, about))


def write_change(
    change_s: npt.NDArray[np.float64], grid: Grid, path: Path, about: Mapping[str, str] = _NOTHING
) -> Path:
    """Write a difference surface as GeoTIFF of two bands, north up, float32.

    Band 1: minutes, scenario minus base; nodata (-9999) where one of the two is unreached. Band 2: 1 newly reached,
    2 faster, 3 the same, 4 slower, 5 lost; nodata where neither reaches.

    Parameters
    ----------
    change_s : (ny, nx) float64
        Of `surface_change.compute_surface_change`, seconds; -`inf` newly reached, `inf` lost, NaN unreached in both.
    about : mapping
        Tags of the file: scenario, timetable and the like.

    Raises
    ------
    InputError
        When the suffix is not .tif or .tiff or the folder does not exist.
    """
    if path.suffix.lower() not in RASTER_SUFFIXES:
        raise InputError(_unknown_suffix(path, (".tif",)))
    minutes = np.where(np.isfinite(change_s), change_s / units.S_PER_MIN, NODATA_MIN)
    cases = [np.isnan(change_s), change_s == -np.inf, change_s < 0, change_s == 0, change_s == np.inf]
    kind = np.select(cases, [NODATA_MIN, 1, 2, 3, 5], default=4)
    bands = {
        "minutes, scenario minus base": Band(minutes, "min", {"name_zh": "分钟，方案减基准"}),
        "kind of change": Band(kind.astype(np.float64), "", {"name_zh": "变化类别", **_KINDS}),
    }
    return _write_whole(path, lambda target: _write_bands(bands, grid, target, about))


def add_gpkg_layer(frame: gpd.GeoDataFrame, path: Path, layer: str) -> None:
    """Add a layer of lines to a GeoPackage that exists; the caller writes through a temporary file."""
    _write_layer(frame, path, layer, geometry_type="LineString")


def build_geojson(frame: gpd.GeoDataFrame) -> dict[str, Any]:
    """Return a ring table as an RFC 7946 FeatureCollection.

    Longitude first, exterior rings anticlockwise and holes clockwise (section 3.1.6), no `crs` member (section 4),
    seven decimals; numbers that are not finite are null.
    """
    return build_collection(frame.drop(columns="geometry").to_dict("records"), frame.geometry)


def build_collection(rows: Iterable[Mapping[Any, Any]], geometries: Iterable[BaseGeometry]) -> dict[str, Any]:
    """Return properties and geometries as a FeatureCollection, see `build_geojson`."""
    features = []
    for row, geometry in zip(rows, geometries, strict=True):
        properties = {str(key): _plain(value) for key, value in row.items()}
        features.append({"type": "Feature", "properties": properties, "geometry": _build_geometry(geometry)})
    return {"type": "FeatureCollection", "features": features}


def _build_geometry(geometry: BaseGeometry) -> dict[str, Any]:
    if isinstance(geometry, shapely.LineString):
        return {"type": "LineString", "coordinates": _round(geometry)}
    exact = shapely.set_precision(geometry, 10.0**-COORDINATE_DECIMALS)
    oriented = shapely.orient_polygons(exact, exterior_cw=False)
    parts = [p for p in shapely.get_parts(oriented) if isinstance(p, shapely.Polygon) and not p.is_empty]
    coordinates = [[_round(ring) for ring in (part.exterior, *part.interiors)] for part in parts]
    return {"type": "MultiPolygon", "coordinates": coordinates}


def _round(line: BaseGeometry) -> list[list[float]]:
    rounded: list[list[float]] = np.round(shapely.get_coordinates(line), COORDINATE_DECIMALS).tolist()
    return rounded


def _plain(value: Any) -> Any:  # noqa: ANN401 - a cell of a table
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return round(value, 6) if math.isfinite(value) else None
    return value


def _write_geojson(frame: gpd.GeoDataFrame, target: Path) -> None:
    text = json.dumps(build_geojson(frame), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    target.write_text(text + "\n", encoding="utf-8", newline="\n")


def _write_gpkg(frame: gpd.GeoDataFrame, target: Path) -> None:
    _write_layer(frame, target, RING_LAYER, promote_to_multi=True)
    if COLUMN in frame and "change" not in frame and len(frame):
        _write_layer(tabulate_style(frame[COLUMN].tolist(), RING_LAYER, "geom"), target, STYLE_LAYER)


def _write_layer(frame: pd.DataFrame, target: Path, layer: str, **options: Any) -> None:  # noqa: ANN401 - of pyogrio
    import pyogrio

    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _GPKG_DATE})
    try:
        pyogrio.write_dataframe(frame, target, layer=layer, driver="GPKG", **options)
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})


def _write_parquet(frame: gpd.GeoDataFrame, target: Path) -> None:
    frame.to_parquet(target, index=False)


RING_WRITERS: Final[Mapping[str, Callable[[gpd.GeoDataFrame, Path], None]]] = {
    ".geojson": _write_geojson,
    ".json": _write_geojson,
    ".gpkg": _write_gpkg,
    ".parquet": _write_parquet,
}
"""Suffix to what writes rings, edges and areas; a new format is a function and a row."""


def _write_tif(surface: Surface, target: Path, about: Mapping[str, str]) -> None:
    minutes = np.where(np.isfinite(surface.time_s), surface.time_s / units.S_PER_MIN, NODATA_MIN)
    _write_bands({"minutes": Band(minutes, "min", {"name_zh": "分钟"})}, surface.grid, target, about)


@dataclass(frozen=True)
class Band:
    """One band of a GeoTIFF: (ny, nx) values from the south, their unit (empty: none) and its tags."""

    values: npt.NDArray[np.float64]
    unit: str
    tags: Mapping[str, str]


def _write_bands(bands: Mapping[str, Band], grid: Grid, target: Path, about: Mapping[str, str]) -> None:
    import rasterio

    west, _, _, north = grid.bounds
    options = {
        "driver": "GTiff",
        "width": grid.nx,
        "height": grid.ny,
        "count": len(bands),
        "dtype": "float32",
        "crs": grid.crs,
        "transform": rasterio.Affine(grid.cell_m, 0.0, west, 0.0, -grid.cell_m, north),
        "nodata": NODATA_MIN,
        "compress": "deflate",
        "predictor": 3,
    }
    # In memory first: on a full disk GDAL only prints a line and leaves a file that is cut short.
    with rasterio.MemoryFile() as memory:
        with memory.open(**options) as file:
            for number, (name, band) in enumerate(bands.items(), start=1):
                file.write(band.values[::-1].astype(np.float32), number)
                file.set_band_description(number, name)
                if band.unit:
                    file.set_band_unit(number, band.unit)
                file.update_tags(number, **band.tags)
            if about:
                file.update_tags(**about)
        target.write_bytes(memory.getbuffer())


def _write_whole(path: Path, write: Callable[[Path], None]) -> Path:
    if not path.parent.is_dir():
        raise InputError(
            Issue(
                "no_such_folder",
                "error",
                "the folder of the output file does not exist",
                file=str(path),
                hint=f"create {path.parent}",
            )
        )
    replace_file(path, write)
    return path


def _unknown_suffix(path: Path, known: tuple[str, ...]) -> Issue:
    return Issue(
        "unknown_format",
        "error",
        f"cannot write {path.suffix or 'a file without suffix'}",
        file=str(path),
        value=path.suffix,
        hint=f"use one of {', '.join(known)}",
    )
