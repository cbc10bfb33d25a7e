"""Coordinates with names, so that longitude and latitude cannot be swapped in silence, and their way to metres."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from pyproj import Transformer

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius of the WGS84 ellipsoid, (2a + b) / 3 (Moritz 2000, Geodetic Reference System 1980)."""


class LonLat(NamedTuple):
    """A WGS84 point in degrees; always built by name: ``LonLat(lon=111.66, lat=40.82)``."""

    lon: float
    lat: float


def compute_great_circle_m(
    from_lon: npt.ArrayLike, from_lat: npt.ArrayLike, to_lon: npt.ArrayLike, to_lat: npt.ArrayLike
) -> npt.NDArray[np.float64]:
    """Return great-circle distances in metres (haversine formula on the mean sphere); arrays broadcast."""
    lon1, lat1, lon2, lat2 = (np.radians(np.asarray(v, dtype=np.float64)) for v in (from_lon, from_lat, to_lon, to_lat))
    half = np.sin((lat2 - lat1) / 2) ** 2 + np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    result: npt.NDArray[np.float64] = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))
    return result


def to_space(lon: npt.ArrayLike, lat: npt.ArrayLike, radius_m: float = EARTH_RADIUS_M) -> npt.NDArray[np.float64]:
    """Return places in degrees as points in space on the mean sphere, (n, 3), metres from its centre.

    What is nearest by chord is nearest on the ground; neither the date line nor a pole is an edge.
    """
    x, y = np.radians(np.asarray(lon, dtype=np.float64)), np.radians(np.asarray(lat, dtype=np.float64))
    out: npt.NDArray[np.float64] = radius_m * np.column_stack([np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)])
    return out


@lru_cache(maxsize=16)
def find_transformer(crs: str) -> Transformer:
    """Return the way from WGS84 longitude and latitude to x and y of a CRS, one object for each.

    Making one takes as long as transforming thousands of points.
    """
    from pyproj import Transformer

    return Transformer.from_crs("EPSG:4326", crs, always_xy=True)
