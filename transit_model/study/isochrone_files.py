"""Isochrones to files: polygons, surface, map; and the rows that describe them."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

from transit_model.domain.place import Place
from transit_model.errors import InputError, Issue
from transit_model.indicators.export import write_rings, write_surface
from transit_model.indicators.surface import Surface
from transit_model.study.surfaces import SurfaceMaker

if TYPE_CHECKING:
    import geopandas as gpd

_VECTOR = {".geojson", ".json", ".gpkg", ".parquet"}
_RASTER = {".tif", ".tiff"}


def describe_rings(rings: gpd.GeoDataFrame) -> list[dict[str, object]]:
    """Return one row a ring without its geometry; areas in km2 rounded to 0.1, population in whole persons."""
    rows = []
    for row in rings.drop(columns="geometry").to_dict("records"):
        plain: dict[str, object] = {}
        for name, value in row.items():
            if isinstance(value, float):
                plain[str(name)] = None if not math.isfinite(value) else round(value, 1)
            else:
                plain[str(name)] = value
        rows.append(plain)
    return rows


def write_isochrone(
    maker: SurfaceMaker, place: Place, rings: gpd.GeoDataFrame, surface: Surface, out: Path, lang: str
) -> list[Path]:
    """Write rings or surface in the format of the suffix and return the paths written.

    Raises
    ------
    InputError
        When the suffix is not known.
    """
    suffix = out.suffix.lower()
    out.parent.mkdir(parents=True, exist_ok=True)
    if suffix in _VECTOR:
        return [write_rings(rings, out)]
    if suffix in _RASTER:
        return [write_surface(surface, out)]
    if suffix == ".html":
        from transit_model.render.single_map import write_single_map
        from transit_model.study.view_build import build_basemap

        write_single_map(out, rings, place, build_basemap(maker.session.network), maker.session.network.info, lang)
        return [out]
    raise InputError(
        Issue(
            "unknown_format",
            "error",
            "cannot tell the format of the isochrone",
            field="out",
            value=str(out),
            hint="use .geojson, .gpkg, .parquet, .tif or .html",
        )
    )
