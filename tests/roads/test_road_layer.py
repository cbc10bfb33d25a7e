"""A survey's roads with a column file and a datum."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from shapely import LineString

from transit_model.domain.datum import wgs84_to_gcj02
from transit_model.errors import InputError
from transit_model.roads.road_files import write_plain_tables
from transit_model.roads.road_layer import import_layer, read_reference

COLUMNS = """\
columns: {highway: 技术等级, ref: 路线编号, name_zh: 路线名称, maxspeed_kmh: 设计时速}
classes: {高速: motorway, 一级: trunk, 二级: primary}
datum: gcj02
source: "[survey] 2024"
"""


def layer(folder: Path, *, datum: str = "gcj02") -> Path:
    lon, lat = np.array([111.6, 111.7, 111.8]), np.array([40.8, 40.81, 40.83])
    if datum == "gcj02":
        lon, lat = wgs84_to_gcj02(lon, lat)
    points = list(zip(lon.tolist(), lat.tolist(), strict=True))
    table = {
        "技术等级": ["高速", "二级"],
        "路线编号": ["G6", "S1"],
        "路线名称": ["京藏高速", "县道"],
        "设计时速": [120, 60],
    }
    frame = gpd.GeoDataFrame(table, geometry=[LineString(points[:2]), LineString(points[1:])], crs="EPSG:4326")
    path = folder / "roads.gpkg"
    frame.to_file(path)
    return path


def test_columns_classes_and_datum(tmp_path: Path) -> None:
    columns = tmp_path / "columns.yaml"
    columns.write_text(COLUMNS, encoding="utf-8")
    tables, check = import_layer(layer(tmp_path), columns)
    assert check is None
    assert tables.links["highway"].tolist() == ["motorway", "primary"]
    assert tables.links["maxspeed_kmh"].tolist() == [120, 60]
    assert tables.links["source"].tolist() == ["[survey] 2024"] * 2
    assert tables.nodes["lon"].tolist() == pytest.approx([111.6, 111.7, 111.8], abs=1e-8)


def test_a_forgotten_datum_is_noticed(tmp_path: Path) -> None:
    columns = tmp_path / "columns.yaml"
    columns.write_text(COLUMNS.replace("gcj02", "wgs84"), encoding="utf-8")
    sure, _ = import_layer(layer(tmp_path, datum="wgs84"), columns)
    region = tmp_path / "region"
    write_plain_tables(sure, region / "roads")
    reference = read_reference(region)
    tables, check = import_layer(layer(tmp_path), columns, reference=reference)
    assert [i.code for i in tables.issues] == ["datum_mixed_up"]
    assert "gcj02" in tables.issues[0].hint
    assert check is not None
    assert check.residual_m["gcj02"] < 0.01
    assert check.residual_m["wgs84"] > 300
    again, check = import_layer(layer(tmp_path), columns, datum="GCJ02", reference=reference)
    assert again.issues == []
    assert check is not None
    assert check.best == "wgs84"  # after the shift they are
    with pytest.raises(InputError) as caught:
        import_layer(layer(tmp_path), columns, datum="xian80")
    assert [i.code for i in caught.value.issues] == ["unknown_datum"]
    with pytest.raises(InputError) as caught:
        read_reference(tmp_path / "region" / "roads")
    assert [i.code for i in caught.value.issues] == ["missing_file"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("datum: xian80\n", "unknown_datum"),
        ("classes: {高速: autobahn}\n", "unknown_value"),
        ("column: {a: b}\n", "unknown_key"),
        ("columns: {highway: 没有}\n", "missing_column"),
    ],
)
def test_mistakes_in_the_column_file(tmp_path: Path, text: str, code: str) -> None:
    columns = tmp_path / "columns.yaml"
    columns.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        import_layer(layer(tmp_path), columns)
    assert code in [i.code for i in caught.value.issues]
