"""Reachable roads beside the rings, and how far places are from the roads."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest

from transit_model.domain.geo import LonLat
from transit_model.domain.modes import Mode, Reading
from transit_model.domain.place import Place
from transit_model.measure.rings import compute_isochrone
from transit_model.measure.session import Session
from transit_model.measure.snap_report import describe_snaps, report_snaps
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.pages.isochrone_files import EDGE_LAYER, PageChoices, collect_edges, name_origins, write_isochrone
from transit_model.surface.export import RING_LAYER
from transit_model.surface.layer_style import STYLE_LAYER

FREE = Reading.PROMOTER


@pytest.fixture(scope="module")
def builder(town: Session) -> SurfaceBuilder:
    return SurfaceBuilder(town, 1000.0)


@pytest.mark.parametrize("reverse", [False, True])
def test_a_road_is_cut_where_the_time_runs_out(builder: SurfaceBuilder, town: Session, reverse: bool) -> None:
    pa = town.places.get_place("pa")
    edges = collect_edges(builder, pa, Mode.ROAD, FREE, 15.0, reverse=reverse)
    # 15 min of the 30 min from a to b (40 km at 80 km/h) end half way; the motorway is told apart
    far = edges[~edges["motorway"]].geometry.bounds["maxy"].max()
    assert far == pytest.approx(40.15, abs=0.001)
    assert edges[["from_min", "to_min"]].to_numpy().max() == pytest.approx(15.0)
    assert edges["motorway"].any()
    # away from the place the time grows forwards, and falls when one drives to it
    trunk = edges[(~edges["motorway"]) & (edges["to_min"] != edges["from_min"])]
    outward = trunk[trunk[["from_min", "to_min"]].min(axis=1) == 0.0]
    grows = (outward["to_min"] > outward["from_min"]).all()
    assert grows != reverse


def test_edges_are_a_layer_or_a_file_beside(builder: SurfaceBuilder, town: Session, tmp_path: Path) -> None:
    pa = town.places.get_place("pa")
    rings, surface = compute_isochrone(builder, pa, Mode.ROAD, FREE, [15.0])
    edges = collect_edges(builder, pa, Mode.ROAD, FREE, 15.0)
    out = tmp_path / "a.gpkg"
    assert write_isochrone(builder, pa, rings, surface, out, PageChoices("en"), edges=edges) == [out]
    assert [name for name, _ in pyogrio.list_layers(out)] == [RING_LAYER, EDGE_LAYER, STYLE_LAYER]
    assert len(gpd.read_file(out, layer=EDGE_LAYER)) == len(edges)
    again = tmp_path / "b.gpkg"
    write_isochrone(builder, pa, rings, surface, again, PageChoices("en"), edges=edges)
    assert out.read_bytes() == again.read_bytes()
    for suffix in (".geojson", ".parquet"):
        paths = write_isochrone(builder, pa, rings, surface, tmp_path / f"c{suffix}", PageChoices("en"), edges=edges)
        assert [p.name for p in paths] == [f"c{suffix}", f"c-edges{suffix}"]
    assert len(gpd.read_file(tmp_path / "c-edges.geojson")) == len(edges)


def test_rings_carry_the_names_of_their_origins(builder: SurfaceBuilder, town: Session) -> None:
    pa, pb = (town.places.get_place(name) for name in ("pa", "pb"))
    rings, _ = compute_isochrone(builder, pa, Mode.ROAD, FREE, [15.0])
    named = name_origins(rings, [pa, pb])
    assert named.columns.tolist()[:3] == ["origin", "origin_zh", "origin_en"]
    assert named[["origin_zh", "origin_en"]].iloc[0].tolist() == [pa.name_zh, pa.name_en]
    assert all(name.isidentifier() and len(name) <= 30 for name in named.columns)  # the least limit of databases
    joined = name_origins(rings.assign(origin="pa+pb"), [pa, pb])
    assert joined["origin_en"].tolist() == [f"{pa.name_en} + {pb.name_en}"]
    assert name_origins(named, [pa, pb]).equals(named)


def test_snaps_tell_distance_and_who_is_off(town: Session) -> None:
    # 0.02 degrees of longitude at 40.15 N are 1.70 km, from the trunk road a--b; 1 degree is 85 km
    near = Place("near", "point", "近", "near", LonLat(lon=110.98, lat=40.15))
    far = Place("far", "point", "远", "far", LonLat(lon=110.0, lat=40.15))
    report = report_snaps(town, [town.places.get_place("pa"), near, far]).set_index("place")
    assert report.loc["pa", "joins"] == "node:a"
    assert report.loc["near", "snap_m"] == pytest.approx(1700, abs=10)
    assert report["snapped"].tolist() == [True, True, False]
    assert set(report.index[~report["snapped"]]) == set(town.find_off_network([near, far]))
    english = describe_snaps(report.reset_index(), "en")
    assert english[1] == "near: 1.70 km to the road network"
    assert "not on the network" in english[2]
    assert "未接入路网" in describe_snaps(report.reset_index(), "zh")[2]
