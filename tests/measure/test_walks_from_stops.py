"""How far one walks from a stop: what rings show there is what `od` to a point counts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.measure.test_road_parts import APART, EVERY_10, METRO, RIDE, TRAIN, make_session, read_od
from tests.network.town import ROUND, STATIONS
from transit_model.domain.modes import Mode, Reading
from transit_model.measure.session import Session
from transit_model.measure.surfaces import SurfaceBuilder

DOOR = Reading.DOOR_TO_DOOR
ROAD = "b--c b c 0 trunk 80000 100 0 rural - -"


def make_metro(**numbers: Any) -> Session:
    every = ("M1 06:00 22:00 600 1",)
    stops, assumptions = {**STATIONS, **METRO}, ROUND.with_changes(**numbers)
    return make_session((APART, ROAD), (RIDE,), every, stops=stops, assumptions=assumptions)


@pytest.mark.parametrize(
    ("numbers", "cell_m", "most_m"),
    [
        ({}, 500.0, 2000.0),
        ({"walk_max_m": 0}, 500.0, 0.0),
        ({"walk_max_m": 9000}, 1000.0, 3600.0),  # 60 min at 1 s a metre
        ({"access_max_min": 10}, 500.0, 600.0),
        # from m2 it is 556 m to the junction b; on from there no more than what is left of 2 km
        ({}, 5000.0, 2000.0),
    ],
)
def test_nobody_walks_farther_from_a_stop_than_to_one(numbers: dict[str, Any], cell_m: float, most_m: float) -> None:
    session = make_metro(**numbers)
    builder = SurfaceBuilder(session, cell_m)
    place = session.places.get_place("pa")
    surface = builder.compute(place, Mode.TRANSIT, DOOR)
    x, y = builder.grid.centres()
    (stop_x,), (stop_y,) = builder.grid.project([METRO["m2"][0]], [METRO["m2"][1]])
    far_m = np.hypot(x[None, :] - stop_x, y[:, None] - stop_y)
    beside_m = np.hypot(x[None, :] - builder.project([place])[0], y[:, None] - builder.project([place])[1])
    there = beside_m > session.network.assumptions.walk_max_m
    # 1 m: the ground is measured on the sphere, the grid on a plane
    assert np.isinf(surface.time_s[there & (far_m > most_m + 1)]).all()
    if most_m and cell_m < 5000:
        reached = there & (far_m <= most_m)
        assert reached.any()
        assert np.isfinite(surface.time_s[reached]).all()
    at = [np.unravel_index(np.abs(far_m - wanted).argmin(), far_m.shape) for wanted in (500.0, 0.8 * most_m + 900.0)]
    lon, lat = builder.grid.unproject(x[[c for _, c in at]], y[[r for r, _ in at]])
    od = read_od(session, *(f"{a:.7f},{b:.7f}" for a, b in zip(lon, lat, strict=True)), mode=Mode.TRANSIT)
    assert (surface.time_s[tuple(np.transpose(at))] / 60).tolist() == pytest.approx(od, abs=0.1)


@pytest.mark.parametrize("access_min", [4.0, 5.9, 6.0])
def test_no_taxi_is_taken_that_is_waited_for_longer_than_all_the_way_may_take(access_min: float) -> None:
    # 5 min for the taxi and 1 to pay; sb stands at the junction b, at the door of nobody else
    stops = {**STATIONS, "sa": (111.0, 40.0005, "a", "甲", "Alpha"), "sb": (111.1, 40.299, "b", "乙", "Beta")}
    session = make_session(
        (APART, ROAD), (TRAIN,), (EVERY_10,), stops=stops, assumptions=ROUND.with_changes(access_max_min=access_min)
    )
    builder = SurfaceBuilder(session, 1000.0)
    node_s = builder.get_node_s(session.places.get_place("pa"), Mode.RAIL, DOOR, 0.5)
    at_b = node_s[session.taxi_roads().graph_node["b"]]
    (by_rail,) = read_od(session, "pb")
    assert np.isinf(by_rail) == (access_min < 6)
    assert at_b / 60 == pytest.approx(by_rail)
