"""Distances on the sphere, against arithmetic and published pairs."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from transit_model.domain.geo import EARTH_RADIUS_M, LonLat, compute_great_circle_m, to_space
from transit_model.domain.place import Place

LON = st.floats(-180, 180)
LAT = st.floats(-90, 90)


def test_one_degree_of_a_meridian() -> None:
    # 6371008.8 m x pi / 180 = 111195.08 m
    assert math.isclose(float(compute_great_circle_m(111, 40, 111, 41)), 111_195.08, abs_tol=0.01)


def test_points_in_space_by_hand() -> None:
    # the equator at Greenwich, at 90 degrees east, and the pole
    found = to_space([0, 90, 0], [0, 0, 90], radius_m=2.0)
    np.testing.assert_allclose(found, [[2, 0, 0], [0, 2, 0], [0, 0, 2]], atol=1e-15)
    assert np.allclose(np.linalg.norm(to_space([111.0, -70.0], [40.0, -33.0]), axis=1), EARTH_RADIUS_M)


@given(LON, LAT, LON, LAT)
def test_the_arc_over_a_chord_is_the_great_circle(lon: float, lat: float, to_lon: float, to_lat: float) -> None:
    a, b = to_space([lon, to_lon], [lat, to_lat])
    half = min(float(np.linalg.norm(a - b)) / 2 / EARTH_RADIUS_M, 1.0)
    arc_m = 2 * EARTH_RADIUS_M * math.asin(half)
    # near the other side of the earth the arc sine is steep: 1e-16 of the chord is a tenth of a metre
    assert math.isclose(arc_m, float(compute_great_circle_m(lon, lat, to_lon, to_lat)), rel_tol=1e-9, abs_tol=0.5)


def test_equator_to_pole_and_half_way_round() -> None:
    assert math.isclose(float(compute_great_circle_m(20, 0, -70, 90)), EARTH_RADIUS_M * math.pi / 2, rel_tol=1e-12)
    assert math.isclose(float(compute_great_circle_m(0, 0, 180, 0)), EARTH_RADIUS_M * math.pi, rel_tol=1e-12)


def test_hohhot_station_to_baotou_station() -> None:
    # Spherical law of cosines by hand: lat 40.8303, 40.6583, difference of longitude 1.8343 degrees:
    # cos d = sin 40.8303 sin 40.6583 + cos 40.8303 cos 40.6583 cos 1.8343
    #       = 0.653837 x 0.651558 + 0.756634 x 0.758598 x 0.999488 = 0.999701; d = 0.0244 rad = 155.7 km
    lat1, lat2, by = math.radians(40.8303), math.radians(40.6583), math.radians(1.8343)
    angle = math.acos(math.sin(lat1) * math.sin(lat2) + math.cos(lat1) * math.cos(lat2) * math.cos(by))
    found = float(compute_great_circle_m(111.6589, 40.8303, 109.8246, 40.6583))
    assert math.isclose(found, angle * EARTH_RADIUS_M, rel_tol=1e-6)
    assert 155_000 < found < 156_500


@given(LON, LAT, LON, LAT)
def test_distances_are_symmetric_and_bounded(lon1: float, lat1: float, lon2: float, lat2: float) -> None:
    there = float(compute_great_circle_m(lon1, lat1, lon2, lat2))
    back = float(compute_great_circle_m(lon2, lat2, lon1, lat1))
    assert math.isclose(there, back, rel_tol=1e-9, abs_tol=1e-6)
    assert 0 <= there <= EARTH_RADIUS_M * math.pi + 1e-6


def test_arrays_broadcast() -> None:
    far = compute_great_circle_m(np.array([[0.0], [1.0]]), 0.0, np.array([[0.0, 1.0, 2.0]]), 0.0)
    assert far.shape == (2, 3)
    assert far[0, 0] == far[1, 1] == 0
    assert math.isclose(far[0, 1], far[1, 2])


def test_a_place_falls_back_to_the_name_it_has() -> None:
    at = LonLat(lon=111, lat=40)
    assert Place("x", "point", "甲", "Alpha", at).name("zh") == "甲"
    assert Place("x", "point", "甲", "Alpha", at).name("en") == "Alpha"
    assert Place("x", "point", "甲", "", at).name("en") == "甲"
    assert Place("x", "point", "", "", at).name("zh") == "x"
