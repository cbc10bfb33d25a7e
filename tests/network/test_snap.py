"""Points on roads: which one, where on it, how far away.

The projection of the town keeps areas; over its few kilometres lengths are true to about a thousandth.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.network.town import LINKS, make_town
from transit_model.domain.geo import LonLat
from transit_model.network.snap import RoadLocator, Snap, build_courses

DEGREE_M = 111_195.08  # of latitude, on the mean sphere
EAST_M = 85_179.9  # of longitude at 40 degrees: 111195.08 x cos 40


def locate(*points: tuple[float, float], max_m: float = 5000.0, **changes: Any) -> tuple[Snap, list[str]]:
    town = make_town(**changes)
    snap = RoadLocator(town).snap([LonLat(lon=x, lat=y) for x, y in points], max_m)
    ids = town.links["link_id"].tolist()
    return snap, [ids[row] if row >= 0 else "" for row in snap.link_row]


def test_a_point_beside_a_road_is_projected_onto_it() -> None:
    # a--b runs along the meridian from 40.0 to 40.3; half way, 0.01 degree (about 850 m) east of it.
    snap, names = locate((111.01, 40.15))
    assert names == ["a--b"]
    assert snap.fraction[0] == pytest.approx(0.5, abs=0.002)
    assert snap.distance_m[0] == pytest.approx(0.01 * DEGREE_M * np.cos(np.radians(40.15)), rel=0.005)


@pytest.mark.parametrize("share", [0.1, 0.25, 0.9])
def test_the_fraction_counts_from_the_first_node(share: float) -> None:
    snap, names = locate((110.99, 40.0 + 0.3 * share))
    assert names == ["a--b"]
    assert snap.fraction[0] == pytest.approx(share, abs=0.002)


def test_a_road_drawn_the_other_way_gives_the_other_fraction_at_the_same_point() -> None:
    turned = [row if not row.startswith("a--b") else "a--b b a 0 trunk 40000 80 0 rural - -" for row in LINKS]
    plain, _ = locate((111.01, 40.06))
    swapped, names = locate((111.01, 40.06), links=turned)
    assert names == ["a--b"]
    assert swapped.fraction[0] == pytest.approx(1 - plain.fraction[0], abs=1e-9)
    assert swapped.distance_m[0] == pytest.approx(plain.distance_m[0])


def test_beyond_its_ends_a_point_is_put_at_the_end() -> None:
    snap, names = locate((111.0, 39.98))
    assert names[0] in {"a--b", "a--i1"}
    assert snap.fraction[0] == 0.0
    assert snap.distance_m[0] == pytest.approx(0.02 * DEGREE_M, rel=0.005)


def test_beyond_the_limit_there_is_no_road_but_the_distance_is_told() -> None:
    snap, names = locate((111.1, 40.15), (111.01, 40.15), max_m=1000)
    assert names == ["", "a--b"]
    assert snap.link_row[0] == -1
    assert snap.distance_m[0] == pytest.approx(0.1 * EAST_M, rel=0.01)


def test_nobody_is_put_on_a_motorway() -> None:
    # Right on i1--i2 (111.02), 1.7 km from a--b.
    snap, names = locate((111.02, 40.15))
    assert names == ["a--b"]
    assert snap.distance_m[0] == pytest.approx(0.02 * DEGREE_M * np.cos(np.radians(40.15)), rel=0.005)


def test_a_drawn_course_is_followed() -> None:
    # a--b bends out to 111.1 at half way: the point there lies on the road, half way along it.
    snap, names = locate((111.1, 40.15), shapes=["a--b 0 111.1 40.15"])
    assert names == ["a--b"]
    assert snap.distance_m[0] == pytest.approx(0, abs=1)
    assert snap.fraction[0] == pytest.approx(0.5, abs=0.002)


def test_courses_run_from_the_first_node_to_the_last_in_both_directions() -> None:
    town = make_town(shapes=["a--b 1 111.1 40.2", "a--b 0 111.05 40.1"])
    courses = dict(zip(town.links["link_id"], build_courses(town), strict=True))
    assert courses["a--b"].tolist() == [[111.0, 40.0], [111.05, 40.1], [111.1, 40.2], [111.0, 40.3]]
    assert courses["a--b~"].tolist() == courses["a--b"].tolist()[::-1]
    assert courses["c>b"].tolist() == [[111.0, 40.5], [111.0, 40.3]]


def test_without_roads_or_points_nothing_is_found() -> None:
    town = make_town(main_stations={}, stations={})
    empty = town.with_tables(links=town.links.iloc[:0])
    snap = RoadLocator(empty).snap([LonLat(lon=111, lat=40)], 5000)
    assert (snap.link_row.tolist(), snap.distance_m.tolist()) == ([-1], [np.inf])
    assert len(RoadLocator(town).snap([], 5000).link_row) == 0
