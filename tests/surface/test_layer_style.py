"""A GeoPackage tells QGIS how to draw it: each cutoff once, the longest first; and bands tell their units."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from hypothesis import given
from hypothesis import strategies as st

from tests.surface.towns import flat_grid, surface_of
from transit_model.surface.export import RING_LAYER, write_change, write_rings, write_surface
from transit_model.surface.layer_style import STYLE_LAYER, build_qml, build_sld, choose_colours

# `layer_styles` as QGIS makes it in a GeoPackage; `id` is the key, which readers take for the number of the feature.
QGIS_COLUMNS = [
    "f_table_catalog",
    "f_table_schema",
    "f_table_name",
    "f_geometry_column",
    "styleName",
    "styleQML",
    "styleSLD",
    "useAsDefault",
    "description",
    "owner",
    "ui",
    "update_time",
]


def _frame(cutoffs_min: list[float]) -> gpd.GeoDataFrame:
    boxes = [shapely.box(111 - c / 100, 40, 111 + c / 100, 41) for c in cutoffs_min]
    return gpd.GeoDataFrame({"origin": "a", "cutoff_min": cutoffs_min}, geometry=boxes, crs="EPSG:4326")


def test_a_geopackage_holds_the_style_of_its_rings(tmp_path: Path) -> None:
    path = write_rings(_frame([60.0, 30.0, 120.0]), tmp_path / "x.gpkg")
    assert pyogrio.list_layers(path)[:, 0].tolist() == [RING_LAYER, STYLE_LAYER]
    table = pyogrio.read_dataframe(path, layer=STYLE_LAYER, read_geometry=False)
    assert table.columns.tolist() == QGIS_COLUMNS
    (row,) = table.to_dict("records")
    # QGIS asks for these three, the schema being empty and not null.
    assert (row["f_table_schema"], row["f_table_name"]) == ("", RING_LAYER)
    assert row["f_geometry_column"] == pyogrio.read_info(path, layer=RING_LAYER)["geometry_name"]
    assert row["useAsDefault"]
    assert len(row["styleName"]) <= 30
    assert row["styleQML"] == build_qml([30.0, 60.0, 120.0])
    assert gpd.read_file(path, layer=RING_LAYER)["cutoff_min"].tolist() == [60.0, 30.0, 120.0]


def test_areas_that_change_have_no_style_of_rings(tmp_path: Path) -> None:
    path = write_rings(_frame([30.0]).assign(change="gained"), tmp_path / "x.gpkg")
    assert pyogrio.list_layers(path)[:, 0].tolist() == [RING_LAYER]


@given(st.lists(st.floats(0.1, 600, allow_nan=False), min_size=1, max_size=12))
def test_every_cutoff_falls_in_one_range_of_its_own(cutoffs_min: list[float]) -> None:
    wanted = sorted(set(cutoffs_min))
    text = build_qml(cutoffs_min)
    root = ElementTree.fromstring(text[text.index("<qgis") :])
    ranges = [(float(r.attrib["lower"]), float(r.attrib["upper"])) for r in root.iter("range")]
    assert [upper for _, upper in ranges] == wanted
    assert all(before[1] == after[0] for before, after in pairwise(ranges))
    assert [s.attrib["name"] for s in root.iter("symbol")] == [r.attrib["symbol"] for r in root.iter("range")]
    sld = ElementTree.fromstring(build_sld(cutoffs_min, "rings"))
    literals = [float(e.text or "") for e in sld.iter("{http://www.opengis.net/ogc}Literal")]
    assert literals == pytest.approx(wanted[::-1], rel=1e-5)  # painted in this order: the longest first
    colours = [e.text for e in sld.iter() if e.attrib.get("name") == "fill"]
    assert colours[::-1] == ["#{:02x}{:02x}{:02x}".format(*c) for c in choose_colours(len(wanted))]


@pytest.mark.parametrize(
    ("n", "ends"), [(1, [(33, 145, 140)]), (2, [(68, 1, 84), (253, 231, 37)]), (9, [(68, 1, 84), (253, 231, 37)])]
)
def test_colours_are_of_the_ramp(n: int, ends: list[tuple[int, int, int]]) -> None:
    found = choose_colours(n)
    assert len(set(found)) == n
    assert [found[0], found[-1]][: len(ends)] == ends


def test_bands_tell_name_unit_and_nodata(tmp_path: Path) -> None:
    surface = surface_of(flat_grid())
    with rasterio.open(write_surface(surface, tmp_path / "x.tif")) as file:
        assert (file.descriptions, file.units, file.nodata) == (("minutes",), ("min",), -9999.0)
        assert file.tags(1)["name_zh"] == "分钟"
    change_s = np.zeros((3, 2))
    with rasterio.open(write_change(change_s, flat_grid(2, 3), tmp_path / "change.tif")) as file:
        assert file.units == ("min", None)
        assert file.descriptions == ("minutes, scenario minus base", "kind of change")
        assert {k: v for k, v in file.tags(2).items() if re.match(r"kind_\d", k)} == {
            "kind_1": "newly reached",
            "kind_2": "faster",
            "kind_3": "the same",
            "kind_4": "slower",
            "kind_5": "lost",
        }
