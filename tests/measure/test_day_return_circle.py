"""The day-return circle of a town by hand.

Trains: a 08:00 - b 08:18, 08:20 - c 08:35; back c 18:00 - b 18:15, 18:17 - a 18:36. Stations stand at the road nodes.
Every end costs a taxi of 5 + 1 min; entry 15, exit 5 min. Leaving at 06:00, one is

- at c by 08:35 + 5 + 6 = 08:46 and leaves it at 18:00 - 15 - 6 = 17:39: 8 h 53 min there;
- at b by 08:18 + 5 + 6 = 08:29 and leaves it at 18:17 - 15 - 6 = 17:56: 9 h 27 min there.

The centre of the cell is at most 71 s off the road, twice: up to 2.4 min less.
"""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pytest

from tests.network.town import make_feed, make_town
from transit_model.domain.modes import Mode, Reading
from transit_model.errors import InputError
from transit_model.measure.day_return_circle import Day, compute_day_return_circle, compute_day_surface
from transit_model.measure.session import Session
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.pages.isochrone_files import PageChoices, describe_kind, write_isochrone
from transit_model.surface.surface import Surface

DAY = Day(6 * 3600, 22 * 3600)
DOOR = Reading.DOOR_TO_DOOR
TRAINS = (
    "R1 rail daily | sa 08:00 | sb 08:18 08:20 | sc 08:35",
    "R5 rail daily | sc 18:00 | sb 18:15 18:17 | sa 18:36",
)


@pytest.fixture(scope="module")
def builder() -> SurfaceBuilder:
    return SurfaceBuilder(Session("town", make_town(feed=make_feed(TRAINS))), 1000.0)


def read_stay_s(surface: Surface, day: Day) -> npt.NDArray[np.float64]:
    """Seconds one can stay in each cell, 0 where a day is too short."""
    return np.maximum(day.length_s - surface.time_s, 0.0)


def stay_h(builder: SurfaceBuilder, mode: Mode, place: str, day: Day = DAY, *, home: str = "pa") -> float:
    places = builder.session.places
    stay = read_stay_s(compute_day_surface(builder, places.get_place(home), mode, DOOR, day), day)
    rows, columns, _ = builder.grid.locate(*builder.project([places.get_place(place)]))
    return float(stay[rows[0], columns[0]]) / 3600


def test_hours_by_train(builder: SurfaceBuilder) -> None:
    assert stay_h(builder, Mode.RAIL, "pc") == pytest.approx(8 + 53 / 60, abs=2.4 / 60)
    assert stay_h(builder, Mode.RAIL, "pb") == pytest.approx(9 + 27 / 60, abs=2.4 / 60)
    # from c there is no train out before 18:00, and none home again
    assert stay_h(builder, Mode.RAIL, "pa", home="pc") == 0


def test_a_shorter_day_leaves_fewer_hours_or_none(builder: SurfaceBuilder) -> None:
    # Home at 18:36 + 5 + 6 = 18:47 at the soonest; leaving after 07:39 (08:00 - 15 - 6) misses the train.
    assert stay_h(builder, Mode.RAIL, "pc", Day(7 * 3600, 19 * 3600)) == pytest.approx(8 + 53 / 60, abs=2.4 / 60)
    assert stay_h(builder, Mode.RAIL, "pc", Day(6 * 3600, 18 * 3600 + 46 * 60)) == 0
    assert stay_h(builder, Mode.RAIL, "pc", Day(7 * 3600 + 40 * 60, 22 * 3600)) == 0


def test_hours_by_car_are_the_day_less_both_ways(builder: SurfaceBuilder) -> None:
    places = builder.session.places
    pa = places.get_place("pa")
    out, back = (builder.compute(pa, Mode.ROAD, DOOR, reverse=r).time_s for r in (False, True))
    surface = compute_day_surface(builder, pa, Mode.ROAD, DOOR, DAY)
    reached = np.isfinite(surface.time_s)
    assert (surface.time_s[reached] == (out + back)[reached]).all()
    # who drives there must drive home: best is the better of the two, not a mixture
    rail, best = (compute_day_surface(builder, pa, m, DOOR, DAY).time_s for m in (Mode.RAIL, Mode.BEST))
    assert (best == np.minimum(rail, surface.time_s)).all()


def has(rings: gpd.GeoDataFrame, hours: float, lon: float, lat: float) -> bool:
    ring = rings.set_index("hours_there").geometry[hours]
    return bool(ring.contains(gpd.points_from_xy([lon], [lat])[0]))


def test_rings_of_hours_nest_and_hold_who_has_the_time(builder: SurfaceBuilder) -> None:
    pa = builder.session.places.get_place("pa")
    people = np.ones(builder.grid.shape)
    rings, surface = compute_day_return_circle(builder, pa, Mode.RAIL, DOOR, [9.0, 8.5, 4.0], DAY, population=people)
    assert rings["hours_there"].tolist() == [9.0, 8.5, 4.0]
    assert rings["cutoff_min"].tolist() == [420, 450, 720]  # what 16 hours leave for both ways
    assert has(rings, 9.0, 111.0, 40.3)  # b
    assert not has(rings, 9.0, 111.0, 40.5)  # c has 8 h 53 min
    assert has(rings, 8.5, 111.0, 40.5)
    assert all(has(rings, h, 111.0, 40.0) for h in (9.0, 8.5, 4.0))  # home itself
    shapes = list(rings.geometry)
    assert all(a.difference(b).area < 1e-9 for a, b in pairwise(shapes))
    assert all(s.is_valid for s in shapes)
    inside = [(read_stay_s(surface, DAY) >= h * 3600).sum() for h in (9.0, 8.5, 4.0)]
    assert rings["population"].tolist() == inside
    assert rings["raster_area_km2"].tolist() == inside  # cells of 1 km2
    assert set(rings["kind"]) == {"day_return"}


def test_the_file_and_the_words_of_a_day_return(builder: SurfaceBuilder, tmp_path: Path) -> None:
    pa = builder.session.places.get_place("pa")
    rings, surface = compute_day_return_circle(builder, pa, Mode.RAIL, DOOR, [4.0, 8.5], DAY)
    write_isochrone(builder, pa, rings, surface, tmp_path / "day.geojson", PageChoices("en"))
    result = json.loads((tmp_path / "day.geojson").read_text(encoding="utf-8"))["features"]
    assert [f["properties"]["hours_there"] for f in result] == [8.5, 4.0]
    assert result[0]["properties"]["home_by"] == "22:00"
    assert "当日往返 06:00-22:00" in describe_kind(rings)["zh"]
    assert describe_kind(rings)["en"].startswith("day return 06:00-22:00: 450 min for both ways leave 8.5 h there")


@pytest.mark.parametrize("hours", [[], [0.0], [-1.0], [16.0], [4.0, 4.0], [float("nan")]])
def test_bad_hours_are_issues(builder: SurfaceBuilder, hours: list[float]) -> None:
    with pytest.raises(InputError, match="bad_hours"):
        compute_day_return_circle(builder, builder.session.places.get_place("pa"), Mode.RAIL, DOOR, hours, DAY)


def test_a_day_that_ends_before_it_begins_is_an_issue() -> None:
    with pytest.raises(InputError, match="bad_day"):
        Day(22 * 3600, 6 * 3600)
