"""Chinese map datums to WGS84: GCJ-02 (Amap, Tencent), BD-09 (Baidu), CGCS2000.

GCJ-02 shifts WGS84 by some 300-700 m inside China; BD-09 shifts GCJ-02 again. The formulas are not official: they
were published by reverse engineering and are used by all open converters (googollee/eviltransform, wandergis/
coordtransform, both MIT). Outside the box of `CHINA` nothing is shifted. The way back is found by iteration to 1e-9
degree (0.1 mm). CGCS2000 differs from WGS84 by centimetres (both follow ITRF; Cheng et al. 2009) and is taken as WGS84.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from transit_model.domain.geo import to_space
from transit_model.errors import InputError, Issue

F64 = npt.NDArray[np.float64]
Datum = Literal["wgs84", "cgcs2000", "gcj02", "bd09"]
DATUMS: tuple[Datum, ...] = ("wgs84", "cgcs2000", "gcj02", "bd09")
CHINA = (72.004, 0.8293, 137.8347, 55.8271)
"""west, south, east, north of the box in which the published formulas shift."""
_A = 6_378_245.0  # Krasovsky 1940, semi-major axis in metres
_EE = 0.00669342162296594323  # Krasovsky 1940, first eccentricity squared
_BD_X_PI = np.pi * 3000.0 / 180.0
_MAX_STEPS = 30
_ENOUGH_DEG = 1e-10
_CLEARLY_M = 100.0
"""Less than this nobody can tell a datum from an inaccurate drawing (judged; GCJ-02 shifts by 300 m and more)."""


def wgs84_to_gcj02(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[F64, F64]:
    """Return GCJ-02 degrees of WGS84 degrees; arrays of one shape."""
    x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    west, south, east, north = CHINA
    inside = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    dx, dy = x - 105.0, y - 35.0
    root = np.sqrt(np.abs(dx))
    waves = 20 * np.sin(6 * np.pi * dx) + 20 * np.sin(2 * np.pi * dx)
    north_m = -100 + 2 * dx + 3 * dy + 0.2 * dy**2 + 0.1 * dx * dy + 0.2 * root + waves * 2 / 3
    north_m += (20 * np.sin(np.pi * dy) + 40 * np.sin(np.pi * dy / 3)) * 2 / 3
    north_m += (160 * np.sin(np.pi * dy / 12) + 320 * np.sin(np.pi * dy / 30)) * 2 / 3
    east_m = 300 + dx + 2 * dy + 0.1 * dx**2 + 0.1 * dx * dy + 0.1 * root + waves * 2 / 3
    east_m += (20 * np.sin(np.pi * dx) + 40 * np.sin(np.pi * dx / 3)) * 2 / 3
    east_m += (150 * np.sin(np.pi * dx / 12) + 300 * np.sin(np.pi * dx / 30)) * 2 / 3
    phi = np.radians(y)
    w2 = 1 - _EE * np.sin(phi) ** 2
    dlat = np.degrees(north_m / (_A * (1 - _EE) / w2**1.5))
    dlon = np.degrees(east_m / (_A / np.sqrt(w2) * np.cos(phi)))
    return np.where(inside, x + dlon, x), np.where(inside, y + dlat, y)


def gcj02_to_bd09(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[F64, F64]:
    """Return BD-09 degrees of GCJ-02 degrees."""
    x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    z = np.hypot(x, y) + 0.00002 * np.sin(y * _BD_X_PI)
    theta = np.arctan2(y, x) + 0.000003 * np.cos(x * _BD_X_PI)
    return z * np.cos(theta) + 0.0065, z * np.sin(theta) + 0.006


def gcj02_to_wgs84(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[F64, F64]:
    """Return WGS84 degrees of GCJ-02 degrees."""
    return _invert(wgs84_to_gcj02, lon, lat)


def bd09_to_wgs84(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[F64, F64]:
    """Return WGS84 degrees of BD-09 degrees."""
    return gcj02_to_wgs84(*_invert(gcj02_to_bd09, lon, lat))


def to_wgs84(lon: npt.ArrayLike, lat: npt.ArrayLike, datum: str) -> tuple[F64, F64]:
    """Return WGS84 degrees of degrees in a declared datum.

    Raises
    ------
    InputError
        ``unknown_datum``.
    """
    name = datum.lower().replace("-", "").replace("_", "")
    if name == "gcj02":
        return gcj02_to_wgs84(lon, lat)
    if name == "bd09":
        return bd09_to_wgs84(lon, lat)
    if name in ("wgs84", "cgcs2000"):
        return np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    hint = f"one of {', '.join(DATUMS)}"
    raise InputError(Issue("unknown_datum", "error", "no such datum", field="datum", value=datum, hint=hint))


def _invert(
    shift: Callable[[npt.ArrayLike, npt.ArrayLike], tuple[F64, F64]], lon: npt.ArrayLike, lat: npt.ArrayLike
) -> tuple[F64, F64]:
    x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    guess_x, guess_y = x.copy(), y.copy()
    for _ in range(_MAX_STEPS):
        shifted_x, shifted_y = shift(guess_x, guess_y)
        step_x, step_y = x - shifted_x, y - shifted_y
        guess_x, guess_y = guess_x + step_x, guess_y + step_y
        if np.all(np.abs(step_x) < _ENOUGH_DEG) and np.all(np.abs(step_y) < _ENOUGH_DEG):
            break
    return guess_x, guess_y


@dataclass(frozen=True)
class DatumCheck:
    """How far points lie from a reference under each reading of their datum: median metres; the best; issues."""

    residual_m: dict[str, float]
    best: str
    issues: list[Issue]


def check_datum(
    lon: npt.ArrayLike, lat: npt.ArrayLike, reference_lon: npt.ArrayLike, reference_lat: npt.ArrayLike, *, file: str
) -> DatumCheck:
    """Return how well points fit a reference in WGS84, as they are and as if they were in another datum.

    Parameters
    ----------
    lon, lat : array_like
        Points that are said to be WGS84, e.g. the ends of roads of a layer.
    reference_lon, reference_lat : array_like
        Points of the same roads that are surely WGS84, dense along them.
    file : str
        Named in the issue.

    Returns
    -------
    DatumCheck
        An issue ``datum_mixed_up`` (warning) when another reading fits at least twice as well and by `_CLEARLY_M`.
    """
    x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    from scipy.spatial import cKDTree

    tree = cKDTree(to_space(np.asarray(reference_lon, np.float64), np.asarray(reference_lat, np.float64)))
    readings: dict[str, tuple[F64, F64]] = {
        "wgs84": (x, y),
        "gcj02": gcj02_to_wgs84(x, y),
        "bd09": bd09_to_wgs84(x, y),
        "shifted twice": wgs84_to_gcj02(x, y),
    }
    residual = {name: float(np.median(tree.query(to_space(*at))[0])) for name, at in readings.items()}
    best = min(residual, key=lambda name: residual[name])
    issues = []
    if best != "wgs84" and residual[best] < residual["wgs84"] / 2 and residual["wgs84"] - residual[best] > _CLEARLY_M:
        message = (
            f"the points lie {residual['wgs84']:.0f} m from the reference as WGS84 "
            f"and {residual[best]:.0f} m if they are {best}"
        )
        hint = "converted to WGS84 once too often" if best == "shifted twice" else f"declare datum: {best}"
        issues.append(Issue("datum_mixed_up", "warning", message, file, field="datum", value="wgs84", hint=hint))
    return DatumCheck(residual, best, issues)
