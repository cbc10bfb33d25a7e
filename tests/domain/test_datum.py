"""Datums: published formulas, there and back, and against pairs of one outline in both."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transit_model.domain.datum import (
    bd09_to_wgs84,
    check_datum,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    to_wgs84,
    wgs84_to_gcj02,
)
from transit_model.domain.geo import compute_great_circle_m
from transit_model.errors import InputError


def test_a_published_pair() -> None:
    # eviltransform's own test: WGS84 39.908823, 116.397470 (Tian'anmen) is GCJ-02 39.910226, 116.403712 nearly.
    lon, lat = wgs84_to_gcj02(116.397470, 39.908823)
    assert compute_great_circle_m(lon, lat, 116.403712, 39.910226) < 1.0


@given(st.floats(73.5, 135.0), st.floats(18.0, 53.5))
def test_there_and_back(lon: float, lat: float) -> None:
    for back, there in (
        (gcj02_to_wgs84, wgs84_to_gcj02(lon, lat)),
        (bd09_to_wgs84, gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))),
    ):
        x, y = back(*there)
        assert float(compute_great_circle_m(x, y, lon, lat)) < 0.001


def test_nothing_is_shifted_abroad() -> None:
    assert tuple(map(float, wgs84_to_gcj02(-51.2, -30.0))) == (-51.2, -30.0)


def test_names() -> None:
    assert tuple(map(float, to_wgs84(111.0, 40.0, "CGCS2000"))) == (111.0, 40.0)
    assert float(to_wgs84(111.0, 40.0, "GCJ-02")[0]) == float(gcj02_to_wgs84(111.0, 40.0)[0])
    with pytest.raises(InputError) as caught:
        to_wgs84(111.0, 40.0, "xian80")
    assert caught.value.issues[0].code == "unknown_datum"


def points(path: Path) -> dict[str, np.ndarray]:
    found = {}
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        rings: list[object] = [feature["geometry"]["coordinates"]]
        flat: list[list[float]] = []
        while rings:
            part = rings.pop()
            assert isinstance(part, list)
            if part and isinstance(part[0], (int, float)):
                flat.append(part[:2])
            else:
                rings.extend(reversed(part))
        found[str(feature["properties"]["adcode"])] = np.array(flat)
    return found


def test_outlines_in_both_datums(shared_data: Path) -> None:
    wgs = points(shared_data / "boundaries" / "four_prefectures_counties_wgs84.geojson")
    worst, n = 0.0, 0
    for path in sorted((shared_data / "boundaries").glob("*.gcj02.geojson")):
        for code, shifted in points(path).items():
            if code in wgs and len(wgs[code]) == len(shifted):
                lon, lat = gcj02_to_wgs84(shifted[:, 0], shifted[:, 1])
                far = compute_great_circle_m(lon, lat, wgs[code][:, 0], wgs[code][:, 1])
                worst, n = max(worst, float(far.max())), n + len(shifted)
    assert n > 1000
    assert worst < 2.0  # the file is rounded to 5 or 6 decimals


@pytest.mark.parametrize("datum", ["gcj02", "bd09", "shifted twice", "wgs84"])
def test_a_mix_up_is_found(datum: str) -> None:
    rng = np.random.default_rng(5)
    lon, lat = 111.6 + rng.uniform(0, 0.3, 4000), 40.7 + rng.uniform(0, 0.2, 4000)
    x, y = lon[:300], lat[:300]
    if datum == "gcj02":
        x, y = wgs84_to_gcj02(x, y)
    elif datum == "bd09":
        x, y = gcj02_to_bd09(*wgs84_to_gcj02(x, y))
    elif datum == "shifted twice":
        x, y = gcj02_to_wgs84(x, y)
    # A sparse reference, as roads are: only some points have a partner.
    result = check_datum(x, y, lon[:400], lat[:400], file="layer.gpkg")
    assert result.best == datum
    assert [i.code for i in result.issues] == ([] if datum == "wgs84" else ["datum_mixed_up"])
