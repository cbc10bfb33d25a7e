"""Distances and datums: great circles, and Chinese GCJ-02 back to WGS84."""

from __future__ import annotations

import math

EARTH_RADIUS_M = 6_371_008.8  # IUGG mean radius


def great_circle_m(lon_a: float, lat_a: float, lon_b: float, lat_b: float) -> float:
    """Return the great-circle distance in metres (haversine on the mean sphere)."""
    phi_a, phi_b = math.radians(lat_a), math.radians(lat_b)
    half_lat, half_lon = (phi_b - phi_a) / 2, math.radians(lon_b - lon_a) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(phi_a) * math.cos(phi_b) * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(chord))


def _gcj_offset(lon: float, lat: float) -> tuple[float, float]:
    """Return the GCJ-02 shift (degrees lon, lat) at a WGS84 point: the published polynomial-and-sine form."""
    x, y = lon - 105.0, lat - 35.0
    wave = (20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)) * 2.0 / 3.0
    d_lat = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + wave
    d_lat += (20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    d_lat += (160.0 * math.sin(y / 12.0 * math.pi) + 320.0 * math.sin(y * math.pi / 30.0)) * 2.0 / 3.0
    d_lon = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + wave
    d_lon += (20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    d_lon += (150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi)) * 2.0 / 3.0
    a, ee = 6_378_245.0, 0.00669342162296594323  # Krassovsky 1940, as GCJ-02 uses it
    magic = 1.0 - ee * math.sin(math.radians(lat)) ** 2
    d_lat = d_lat * 180.0 / ((a * (1.0 - ee)) / (magic * math.sqrt(magic)) * math.pi)
    d_lon = d_lon * 180.0 / (a / math.sqrt(magic) * math.cos(math.radians(lat)) * math.pi)
    return d_lon, d_lat


def gcj02_to_wgs84(lon: float, lat: float) -> tuple[float, float]:
    """Return the WGS84 (lon, lat) whose GCJ-02 image is the given point; iterated, error well under 1 m."""
    wgs_lon, wgs_lat = lon, lat
    for _ in range(5):
        d_lon, d_lat = _gcj_offset(wgs_lon, wgs_lat)
        wgs_lon, wgs_lat = lon - d_lon, lat - d_lat
    return wgs_lon, wgs_lat
