"""A ministry's or survey's layer of roads with a file that says what its columns and classes mean."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pydantic import BaseModel, ConfigDict, Field

from transit_model.domain.datum import DATUMS, DatumCheck, check_datum, to_wgs84
from transit_model.domain.tables import HIGHWAY_CLASSES
from transit_model.errors import InputError, Issue
from transit_model.roads.highway_speeds import read_speed_rules
from transit_model.roads.osm_scan import scan_roads
from transit_model.roads.road_tables import WGS84, RoadTables, read_roads
from transit_model.store.csv_table import read_csv_table
from transit_model.store.yaml_lines import parse_yaml, validate_model

if TYPE_CHECKING:
    import geopandas as gpd


Points = tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]


class LayerFile(BaseModel):
    """What a column file may say.

    Attributes
    ----------
    columns : dict
        Column of the road table (highway, ref, name_zh, maxspeed_kmh, ...) to column of the layer.
    classes : dict
        Value of the layer's class column to an OSM class, e.g. ``高速公路: motorway``.
    constants : dict
        Column of the road table to the one value it has throughout, e.g. ``highway: motorway``.
    datum : str
        wgs84, cgcs2000, gcj02 or bd09.
    source : str
        What stands in the column `source` of the roads.
    area : str
        urban or rural, where no column tells.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    columns: dict[str, str] = Field(default_factory=dict)
    classes: dict[str, str] = Field(default_factory=dict)
    constants: dict[str, str] = Field(default_factory=dict)
    datum: str = "wgs84"
    source: str = ""
    area: str = Field(default="rural", pattern="^(urban|rural)$")
    layer: str | None = None


def read_layer_file(path: Path) -> LayerFile:
    """Return a column file.

    Raises
    ------
    InputError
        With file and line of every mistake; ``unknown_datum``, ``unknown_value``.
    """
    document = parse_yaml(path.read_bytes(), file=path.name)
    content, issues = validate_model(LayerFile, document)
    if content is None or issues:
        raise InputError(issues)
    if content.datum.lower() not in DATUMS:
        hint = f"one of {', '.join(DATUMS)}"
        line = document.line_of("datum")
        issues.append(Issue("unknown_datum", "error", "no such datum", path.name, line, "datum", content.datum, hint))
    for word, highway in content.classes.items():
        if highway.removesuffix("_link") not in HIGHWAY_CLASSES:
            hint = f"one of {', '.join(HIGHWAY_CLASSES)}"
            line = document.line_of("classes", word)
            field = f"classes.{word}"
            issues.append(Issue("unknown_value", "error", "no such class", path.name, line, field, highway, hint))
    if issues:
        raise InputError(issues)
    return content


def import_layer(
    path: Path, columns: Path | None = None, *, datum: str | None = None, reference: Points | None = None
) -> tuple[RoadTables, DatumCheck | None]:
    """Return the road tables of a layer (GeoPackage, GeoParquet, Shapefile, GeoJSON).

    Parameters
    ----------
    path : Path
    columns : Path, optional
        YAML of `LayerFile`.
    datum : str, optional
        Instead of the one in the column file.
    reference : tuple of arrays, optional
        Longitude and latitude of points along roads that are surely WGS84 (`read_reference`), to find a wrong datum.

    Returns
    -------
    RoadTables
        With an issue ``datum_mixed_up`` when another datum fits the reference better.
    DatumCheck or None
        The residuals under each datum; None without a reference.

    Raises
    ------
    InputError
        Those of `read_roads` and `read_layer_file`; ``unknown_datum``.
    """
    rules = LayerFile() if columns is None else read_layer_file(columns)
    if datum is not None:
        to_wgs84(0.0, 0.0, datum)
        rules = rules.model_copy(update={"datum": datum})
    frame = _open(path, rules)
    if rules.datum.lower() not in ("wgs84", "cgcs2000"):
        frame = _shift(frame, rules.datum)
    frame = frame.assign(**{rules.columns.get(name, name): value for name, value in rules.constants.items()})
    column = rules.columns.get("highway", "highway")
    if rules.classes and column in frame.columns:
        words = frame[column].astype(str).str.strip()
        frame = frame.assign(**{column: words.map(rules.classes).fillna(words)})
    tables = read_roads(frame, rules.columns, area=rules.area, cite=rules.source)
    if reference is None:
        return tables, None
    check = check_datum(tables.nodes["lon"], tables.nodes["lat"], *reference, file=path.name)
    return RoadTables(tables.nodes, tables.links, tables.shapes, [*tables.issues, *check.issues]), check


def read_reference(path: Path) -> Points:
    """Return the points along the roads of an OSM file, or of the ``roads/`` of a region folder, as (lon, lat).

    Raises
    ------
    InputError
        ``missing_file`` and those of `scan_roads` and `read_csv_table`.
    """
    if not path.is_dir():
        raw = scan_roads(path, read_speed_rules())
        known = ~np.isnan(raw.lon)
        return raw.lon[known], raw.lat[known]
    parts = []
    for name in ("nodes.csv", "shapes.csv"):
        file = path / "roads" / name
        if file.is_file():
            parts.append(read_csv_table(file)[["lon", "lat"]].to_numpy(dtype=np.float64))
    if not parts:
        raise InputError(Issue("missing_file", "error", "the folder has no roads/nodes.csv", file=str(path)))
    points = np.vstack(parts)
    return points[:, 0], points[:, 1]


def _open(path: Path, rules: LayerFile) -> gpd.GeoDataFrame:
    import geopandas as gpd

    if not path.exists():
        raise InputError(Issue("missing_file", "error", "no such file", file=str(path)))
    try:
        if path.suffix in (".parquet", ".geoparquet"):
            frame = gpd.read_parquet(path)
        else:
            frame = gpd.read_file(path, **({"layer": rules.layer} if rules.layer else {}))
    except Exception as error:  # drivers raise what they like
        hint = "a GeoPackage, GeoJSON, Shapefile or GeoParquet layer of lines is expected"
        message = f"the layer cannot be read: {str(error)[:160]}"
        raise InputError(Issue("unreadable_file", "error", message, file=path.name, hint=hint)) from error
    if not isinstance(frame, gpd.GeoDataFrame):
        raise InputError(Issue("no_features", "error", "the layer has no geometry", file=path.name))
    if frame.crs is None and rules.datum.lower() in ("gcj02", "bd09"):
        frame = frame.set_crs(WGS84)  # no CRS has a name for them: degrees are degrees
    return frame


def _shift(frame: gpd.GeoDataFrame, datum: str) -> gpd.GeoDataFrame:
    degrees = frame.to_crs(WGS84)

    def move(points: Any) -> Any:  # noqa: ANN401 - shapely hands over (n, 2) arrays
        return np.column_stack(to_wgs84(points[:, 0], points[:, 1], datum))

    lines = shapely.transform(shapely.force_2d(degrees.geometry.to_numpy()), move)
    return degrees.set_geometry(pd.Series(lines, index=degrees.index), crs=WGS84)
