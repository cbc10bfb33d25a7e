"""Any layer of lines becomes road tables; what is missing is filled from a source or refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import pyproj
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiLineString, Point

from tests.examples import examples
from transit_model.errors import InputError, Issue
from transit_model.roads.road_tables import read_roads

A, B, C = (111.0, 40.8), (111.5, 40.7), (112.0, 40.8)


def make_layer(lines: list[Any], crs: str | None = "EPSG:4326", **columns: Any) -> gpd.GeoDataFrame:
    columns = {"highway": ["trunk"] * len(lines), **columns}
    return gpd.GeoDataFrame(columns, geometry=lines, crs=crs)


def find_issues(layer: Any, *args: Any, **options: Any) -> list[Issue]:
    with pytest.raises(InputError) as error:
        read_roads(layer, *args, **options)
    return error.value.issues


def test_two_lines_that_share_an_end() -> None:
    tables = read_roads(make_layer([LineString([A, B]), LineString([B, C])]), cite="[made]")
    assert len(tables.nodes) == 3
    assert tables.links["from_node_id"].tolist() == ["n1", "n2"]
    assert tables.links["to_node_id"].tolist() == ["n2", "n3"]
    assert not tables.links["oneway"].any()
    assert tables.links["maxspeed_kmh"].tolist() == [80, 80]  # default of a trunk road
    assert tables.links["source"].tolist() == ["[made]", "[made]"]
    assert tables.issues == []
    expected = pyproj.Geod(ellps="WGS84").inv(*A, *B)[2]
    assert tables.links["length_m"].iloc[0] == pytest.approx(expected, abs=0.01)


def test_a_crossing_without_a_shared_end_is_no_junction() -> None:
    tables = read_roads(make_layer([LineString([(110, 40), (112, 42)]), LineString([(110, 42), (112, 40)])]))
    assert len(tables.nodes) == 4


@settings(deadline=None, max_examples=examples(50))
@given(st.floats(0.0, 360.0), st.floats(0.0, 0.08), st.floats(-179.9, 179.4), st.floats(-80.0, 80.0))
def test_ends_within_a_decimetre_are_one_node(azimuth: float, metres: float, lon: float, lat: float) -> None:
    """Whatever the direction: no grid of rounded coordinates splits a node."""
    lon2, lat2, _ = pyproj.Geod(ellps="WGS84").fwd(lon, lat, azimuth, metres)
    lines = [LineString([(lon, lat), (lon, lat + 1)]), LineString([(lon2, lat2), (lon2 + 0.5, lat2)])]
    assert len(read_roads(make_layer(lines)).nodes) == 3


def test_ends_a_metre_apart_stay_two_nodes() -> None:
    lines = [LineString([A, B]), LineString([(B[0] + 0.00002, B[1]), C])]  # 1.7 m
    assert len(read_roads(make_layer(lines)).nodes) == 4


def test_mapping_names_the_columns_of_the_layer() -> None:
    layer = make_layer(
        [LineString([A, B]), LineString([B, C])],
        fclass=["motorway", "motorway_link"],
        limit=["100", "40 mph"],
        km_m=[70_000, 70_000.5],
        direction=["no", "-1"],
        fee=[True, False],
        since=["2020-12-01", None],
        code=["a", "b"],
    ).drop(columns="highway")
    tables = read_roads(
        layer,
        {
            "highway": "fclass",
            "maxspeed_kmh": "limit",
            "length_m": "km_m",
            "oneway": "direction",
            "toll": "fee",
            "opened": "since",
            "link_id": "code",
        },
    )
    links = tables.links
    assert links["link_id"].tolist() == ["a", "b"]
    assert links["highway"].tolist() == ["motorway", "motorway"]
    assert links["kind"].tolist() == ["road", "ramp"]
    assert links["maxspeed_kmh"].tolist() == pytest.approx([100, 64.37376])  # 40 x 1.609344
    assert links["length_m"].tolist() == [70_000, 70_000.5]
    assert links["toll"].tolist() == [True, False]
    assert links["opened"].tolist() == ["2020-12-01", ""]
    # the second is drawn from B to C and open from C to B
    assert links["oneway"].tolist() == [False, True]
    assert links["from_node_id"].tolist() == ["n1", "n3"]
    assert links["to_node_id"].tolist() == ["n2", "n2"]


def test_course_follows_the_open_direction() -> None:
    line = LineString([A, (111.2, 40.9), B])
    tables = read_roads(make_layer([line], oneway=["-1"]))
    assert tables.shapes["seq"].tolist() == [0, 1, 2]
    assert tables.shapes["lon"].tolist() == [111.5, 111.2, 111.0]


def test_straight_lines_have_no_shape() -> None:
    assert len(read_roads(make_layer([LineString([A, B])])).shapes) == 0


def test_parts_of_a_feature_are_numbered_and_height_is_dropped() -> None:
    parts = MultiLineString([[(*A, 1000.0), (*B, 1100.0)], [(*B, 1100.0), (*C, 900.0)]])
    tables = read_roads(make_layer([parts]))
    assert tables.links["link_id"].tolist() == ["r1", "r1.2"]
    assert len(tables.nodes) == 3


def test_other_crs_is_converted() -> None:
    metric = make_layer([LineString([A, B])]).to_crs("EPSG:32649")
    tables = read_roads(metric)
    assert tables.nodes["lon"].tolist() == pytest.approx([A[0], B[0]], abs=1e-9)
    assert tables.nodes["lat"].tolist() == pytest.approx([A[1], B[1]], abs=1e-9)


def test_files(tmp_path: Path) -> None:
    layer = make_layer([LineString([A, B])])
    for name in ("roads.gpkg", "roads.geojson", "roads.parquet"):
        path = tmp_path / name
        layer.to_parquet(path) if name.endswith("parquet") else layer.to_file(path)
        assert len(read_roads(path).links) == 1


def test_shorter_than_the_drawing_is_a_warning() -> None:
    tables = read_roads(make_layer([LineString([A, B])], length_m=[43.5]))  # kilometres in a column of metres
    assert [(i.code, i.severity) for i in tables.issues] == [("length_too_short", "warning")]
    assert tables.links["length_m"].tolist() == [43.5]


def test_speed_that_is_none_is_a_warning_and_the_default() -> None:
    tables = read_roads(make_layer([LineString([A, B])], maxspeed_kmh=["43 knots"]))
    assert [(i.code, i.value) for i in tables.issues] == [("bad_maxspeed", "43 knots")]
    assert tables.links["maxspeed_kmh"].tolist() == [80]


def test_missing_crs() -> None:
    issues = find_issues(make_layer([LineString([A, B])], crs=None))
    assert [i.code for i in issues] == ["missing_crs"]
    assert "GCJ-02" in issues[0].hint


def test_all_mistakes_of_a_layer_at_once() -> None:
    layer = make_layer([LineString([A, B])], crs=None).drop(columns="highway")
    codes = {i.code for i in find_issues(layer, {"maxspeed_kmh": "nope", "colour": "x"})}
    assert codes == {"missing_crs", "missing_column", "unknown_column"}


def test_empty_layer() -> None:
    assert [i.code for i in find_issues(make_layer([]))] == ["no_features"]


@pytest.mark.parametrize("geometry", [Point(A), None, LineString()])
def test_not_a_line(geometry: Any) -> None:
    issues = find_issues(make_layer([LineString([A, B]), geometry]))
    assert [(i.code, i.value) for i in issues] == [("not_a_line", "1")]


def test_swapped_axes_cannot_be_degrees() -> None:
    issues = find_issues(make_layer([LineString([(40.8, 111.0), (40.7, 111.5)])]))
    assert issues[0].code == "bad_coordinates"
    assert "swapped" in issues[0].hint


def test_unknown_class_and_repeated_id() -> None:
    layer = make_layer([LineString([A, B]), LineString([B, C])], highway=["trunk", "高速"], link_id=["a", "a"])
    codes = {i.code for i in find_issues(layer)}
    assert {"unknown_value", "duplicate_id"} <= codes


def test_unreadable_and_missing_files(tmp_path: Path) -> None:
    broken = tmp_path / "broken.gpkg"
    broken.write_bytes(b"SQLite format 3\x00 cut off")
    assert find_issues(broken)[0].code == "unreadable_file"
    assert find_issues(tmp_path / "none.gpkg")[0].code == "missing_file"


def test_a_real_expressway(shared_data: Path) -> None:
    """The G6 of the public extract: 464 km (its SOURCE note), two lines that meet at the Donghe hub."""
    path = shared_data / "roads" / "g6_osm_baotou_zhangjiakou.geojson"
    layer = gpd.read_file(path).assign(highway="motorway")
    tables = read_roads(layer, {"name_zh": "name"})
    assert len(tables.nodes) == 3
    assert tables.links["length_m"].iloc[0] / 1000 == pytest.approx(464, rel=0.005)
    assert len(tables.shapes) == 178 + 8
