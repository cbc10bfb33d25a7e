"""Rings of who gets to a place: roads against their direction, the timetable backwards."""

from __future__ import annotations

import numpy as np
import pytest

from transit_model.domain.modes import Mode, Reading, SpeedTable, Vehicle
from transit_model.measure.rings import compute_isochrone
from transit_model.measure.road_times import compute_road_od_s
from transit_model.measure.session import Session
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.measure.trains import find_latest_departure_s
from transit_model.timetable.raptor import window_departures

DOOR = Reading.DOOR_TO_DOOR


@pytest.fixture(scope="module")
def builder(town: Session) -> SurfaceBuilder:
    return SurfaceBuilder(town, 1000.0)


def test_a_cell_has_the_time_from_the_place_in_it(builder: SurfaceBuilder, town: Session) -> None:
    pa, pb = town.places.get_place("pa"), town.places.get_place("pb")
    surface = builder.compute(pa, Mode.ROAD, DOOR, reverse=True)
    row, column, _ = builder.grid.locate(*builder.project([pb]))
    od_s = float(compute_road_od_s(town, [pb], [pa], DOOR)[0, 0])
    # at most 707 m from the place to the centre: 71 s across country and 85 s on the slowest road there
    assert surface.time_s[row[0], column[0]] == pytest.approx(od_s, abs=71 + 85)


def test_rail_to_a_place_is_the_arrival_minus_the_latest_departure(builder: SurfaceBuilder, town: Session) -> None:
    pa, pc = town.places.get_place("pa"), town.places.get_place("pc")
    node = town.streets(Vehicle.CAR, SpeedTable.TYPICAL).graph_node["a"]
    before = []
    for clock_s in window_departures(*town.window).tolist():
        leave_s = find_latest_departure_s(town, pa, pc, Mode.RAIL, clock_s)
        before.append(np.inf if leave_s is None else clock_s - leave_s)
    for share in (0.5, 0.9):
        node_s = builder.get_node_s(pc, Mode.RAIL, DOOR, share, reverse=True)[node]
        # the nearest-rank percentile of the oracle, minute by minute
        ranked = sorted(before)
        assert node_s == pytest.approx(ranked[int(np.ceil(share * len(ranked))) - 1], abs=60)


def test_best_is_the_least_of_its_parts_and_direction_is_told(builder: SurfaceBuilder, town: Session) -> None:
    pa = town.places.get_place("pa")
    road, rail, best = (builder.compute(pa, m, DOOR, reverse=True).time_s for m in (Mode.ROAD, Mode.RAIL, Mode.BEST))
    assert (best == np.minimum(road, rail)).all()
    rings, _ = compute_isochrone(builder, pa, Mode.BEST, DOOR, [60], reverse=True)
    assert rings["direction"].tolist() == ["to"]
