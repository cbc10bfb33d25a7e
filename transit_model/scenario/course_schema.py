"""The course of a road, railway or bus line, drawn in a GIS."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from transit_model.domain.datum import Datum
from transit_model.scenario.base_schema import Frozen


class CourseFile(Frozen):
    """A line in a GeoJSON or GeoPackage file; lengths are taken from it, or stated ones are checked against it."""

    file: str = Field(min_length=1, description="file.geojson or file.gpkg, beside the project file or below it")
    datum: Datum = Field(description="of its coordinates: maps of Amap and Tencent are gcj02, of Baidu bd09")
    layer: str | None = Field(None, description="layer of a GeoPackage; needed where it has several")
    feature: str | None = Field(None, description="id or name of the feature; needed where there are several")


def _as_mapping(value: Any) -> Any:  # noqa: ANN401 - before validation
    return {"file": value} if isinstance(value, str) else value


Course = Annotated[CourseFile, BeforeValidator(_as_mapping)]
"""A file name alone lacks its datum, and is told so."""
