"""Rings joined, scenarios compared cell by cell, and the warning of cells that are too large."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import rasterio

from tests.network.town import ROUND, make_town
from transit_model.domain.modes import Mode, Reading
from transit_model.errors import InputError
from transit_model.measure.isochrone_sets import CHANGES, Join, JoinedPlaces, compare_isochrones, join_isochrones
from transit_model.measure.rings import compute_isochrone, compute_rings_alone
from transit_model.measure.session import Session
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.pages.isochrone_files import write_change

FREE = Reading.PROMOTER
KIND = (Mode.ROAD, FREE)


@pytest.fixture(scope="module")
def builder(town: Session) -> SurfaceBuilder:
    return SurfaceBuilder(town, 1000.0)


@pytest.fixture(scope="module")
def later() -> SurfaceBuilder:
    """In 2030 a road of 20 km at 120 from a to c opens: 10 min for 36."""
    return SurfaceBuilder(Session("later", make_town(as_of=date(2031, 1, 1))), 1000.0)


def test_union_and_intersection_and_difference_are_those_of_the_cells(builder: SurfaceBuilder) -> None:
    places = [builder.session.places.get_place(p) for p in ("pa", "pc")]
    people = np.ones(builder.grid.shape)
    first, second = (builder.compute(p, *KIND).time_s <= 1500 for p in places)  # 25 min: a reaches b (23), c not (36)
    expected = {Join.UNION: first | second, Join.INTERSECTION: first & second, Join.DIFFERENCE: first & ~second}
    for join, cells in expected.items():
        rings, surface = join_isochrones(builder, JoinedPlaces(places, join), *KIND, [25.0], population=people)
        row = rings.iloc[0]
        assert row["raster_area_km2"] == row["population"] == cells.sum() > 0
        assert row["area_km2"] == pytest.approx(row["raster_area_km2"], rel=0.05)
        assert row["join"] == join.value
        assert rings.is_valid.all()
        assert (surface is None) == (join is Join.DIFFERENCE)
        if surface is not None:
            assert ((surface.time_s <= 1500) == cells).all()
    one, two = (compute_isochrone(builder, p, *KIND, [25.0])[0]["area_km2"].iloc[0] for p in places)
    either, both = (
        join_isochrones(builder, JoinedPlaces(places, j), *KIND, [25.0])[0]["area_km2"].iloc[0] for j in list(Join)[:2]
    )
    assert either + both == pytest.approx(one + two)


def test_joining_needs_two_places(builder: SurfaceBuilder) -> None:
    with pytest.raises(InputError, match="too_few_places"):
        join_isochrones(builder, JoinedPlaces([builder.session.places.get_place("pa")], Join.UNION), *KIND, [25.0])


def test_ground_that_a_new_road_brings_nearer(builder: SurfaceBuilder, later: SurfaceBuilder, tmp_path: Path) -> None:
    pa = builder.session.places.get_place("pa")
    people = np.ones(builder.grid.shape)
    areas, change = compare_isochrones((builder, later), pa, *KIND, [15.0, 60.0], population=people)
    assert areas["change"].tolist() == list(CHANGES) * 2
    base, scenario = (m.compute(pa, *KIND).time_s for m in (builder, later))
    at_15 = areas[areas["cutoff_min"] == 15].set_index("change")
    # c is 36 min away and then 10: at 15 min it is gained, at 60 it is improved by 26 min
    gained = (scenario <= 900) & (base > 900)
    assert at_15.loc["gained", "area_km2"] == at_15.loc["gained", "population"] == gained.sum() > 0
    assert at_15.loc["lost", "area_km2"] == at_15.loc["worsened", "area_km2"] == 0
    c = builder.session.places.get_place("pc")
    rows, columns, _ = builder.grid.locate(*builder.project([c]))
    assert change.change_s[rows[0], columns[0]] == pytest.approx(-26 * 60, abs=150)
    at_60 = areas[areas["cutoff_min"] == 60].set_index("change")
    assert at_60.loc["improved", "area_km2"] == ((base <= 3600) & (scenario < base)).sum()
    # whole cells: a polygon of so many square kilometres
    metric = areas.to_crs(builder.grid.crs).geometry.area / 1e6
    assert metric.to_numpy() == pytest.approx(areas["area_km2"].to_numpy(), rel=1e-4)

    with rasterio.open(write_change(areas, change, builder.grid, tmp_path / "change.tif")) as file:
        minutes, kind = file.read(1)[::-1], file.read(2)[::-1]
        assert file.descriptions == ("minutes, scenario minus base", "kind of change")
    assert minutes[rows[0], columns[0]] == pytest.approx(-26, abs=2.5)
    assert (kind == 1).sum() == (np.isinf(base) & np.isfinite(scenario)).sum()
    assert ((kind == 2) == ((scenario < base) & np.isfinite(base))).all()
    assert not (kind == 4).any()
    assert not (kind == 5).any()
    assert write_change(areas, change, builder.grid, tmp_path / "areas.gpkg").is_file()
    with pytest.raises(InputError, match="unknown_format"):
        write_change(areas, change, builder.grid, tmp_path / "areas.html")


def test_a_null_edit_changes_nothing(builder: SurfaceBuilder, town: Session) -> None:
    again = SurfaceBuilder(Session("again", make_town()), 1000.0)
    areas, change = compare_isochrones((builder, again), town.places.get_place("pa"), *KIND, [30.0])
    assert set(np.unique(change.change_s)[:1]) == {0.0}
    assert (np.isnan(change.change_s) | (change.change_s == 0)).all()  # NaN where neither gets
    assert (areas["area_km2"] == 0).all()
    assert areas.geometry.is_empty.all()


def test_a_leg_shorter_than_a_cell_is_warned_of(town: Session) -> None:
    # 36 km/h for 30 min are 18 km. For 1 min they are 600 m, less than 0.7 cells of 1 km, more than 0.7 of 500 m.
    assert SurfaceBuilder(town, 1000.0).check() == []
    short = replace(town.network, assumptions=ROUND.with_changes(off_network_max_min=1))
    warned = SurfaceBuilder(Session("short", short), 1000.0).check()
    assert [(i.code, i.severity) for i in warned] == [("reach_below_cell", "warning")]
    assert "600 m" in warned[0].message
    assert "--cell 850" in (warned[0].hint or "")
    assert SurfaceBuilder(Session("short", short), 500.0).check() == []


def test_rings_only_are_the_same_rings(builder: SurfaceBuilder) -> None:
    pa = builder.session.places.get_place("pa")
    for mode in (Mode.ROAD, Mode.RAIL, Mode.BEST):
        whole, _ = compute_isochrone(builder, pa, mode, Reading.DOOR_TO_DOOR, [20.0, 45.0])
        cropped, _ = compute_rings_alone(builder, pa, mode, Reading.DOOR_TO_DOOR, [20.0, 45.0])
        assert whole.geometry.to_wkb().tolist() == cropped.geometry.to_wkb().tolist()
        assert whole.drop(columns="geometry").equals(cropped.drop(columns="geometry"))
