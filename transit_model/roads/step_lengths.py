"""Lengths of short steps on WGS84, millions at a time."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

F64 = npt.NDArray[np.float64]

WGS84_A_M = 6_378_137.0
WGS84_E2 = 0.006_694_379_990_141
"""Semi-major axis and first eccentricity squared of WGS84 (NIMA TR8350.2)."""
_BLOCK = 1_000_000
_LONG_STEP_DEG = 0.05  # beyond some 5 km the short-line formula gives way to the geodesic


def compute_step_lengths_m(lon: F64, lat: F64) -> F64:
    """Return the lengths of the steps between successive points in metres, (n - 1,), NaN where a point is missing.

    Short steps: the plane with the radii of curvature of WGS84 at the mean latitude (error below 1e-7 under 5 km);
    long ones: geodesic (Karney 2013).
    """
    n = max(len(lon) - 1, 0)
    steps = np.empty(n)
    for start in range(0, n, _BLOCK):  # a country in one go would need six arrays of its size
        end = min(start + _BLOCK, n)
        steps[start:end] = _measure_block(lon[start : end + 1], lat[start : end + 1])
    return steps


def _measure_block(lon: F64, lat: F64) -> F64:
    dlon, dlat = np.radians(np.diff(lon)), np.radians(np.diff(lat))
    middle = np.radians((lat[1:] + lat[:-1]) / 2)
    w2 = 1 - WGS84_E2 * np.sin(middle) ** 2
    north = WGS84_A_M * (1 - WGS84_E2) / w2**1.5 * dlat
    east = WGS84_A_M / np.sqrt(w2) * np.cos(middle) * dlon
    steps: F64 = np.hypot(north, east)
    long = np.flatnonzero((np.abs(dlon) > np.radians(_LONG_STEP_DEG)) | (np.abs(dlat) > np.radians(_LONG_STEP_DEG)))
    if len(long):
        import pyproj

        _, _, exact = pyproj.Geod(ellps="WGS84").inv(lon[long], lat[long], lon[long + 1], lat[long + 1])
        steps[long] = exact
    return steps
