"""Rings by city bus: one walks on from the stop, and the node has the time that the place at it has."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.network.town import make_town
from transit_model.domain.modes import Mode, Reading, SpeedTable, Vehicle
from transit_model.measure.session import Session
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.measure.transit_times import compute_transit_od
from transit_model.network.model import Network

DOOR = Reading.DOOR_TO_DOOR


def with_buses(walk_max_m: float) -> Network:
    """The town whose trains are city buses (GTFS route_type 3): no taxi waits at their stops."""
    network = make_town()
    routes = network.feed.routes.assign(route_type=3)
    numbers = network.assumptions.with_changes(walk_max_m=walk_max_m, access_max_min=90)
    return replace(network, feed=replace(network.feed, routes=routes), assumptions=numbers)


@pytest.mark.parametrize("reading", [Reading.TYPICAL, DOOR])
def test_a_node_has_the_time_of_the_place_at_it(reading: Reading) -> None:
    town = Session("town", with_buses(6000))
    pa, pc = town.places.get_place("pa"), town.places.get_place("pc")
    node = town.streets(Vehicle.CAR, SpeedTable.TYPICAL).graph_node["c"]
    node_s = SurfaceBuilder(town, 1000.0).get_node_s(pa, Mode.BUS, reading, 0.5)
    assert np.isfinite(node_s[node])
    if reading is DOOR:
        assert node_s[node] == compute_transit_od(town, [pa], [pc], Mode.BUS, DOOR)[0][0].p50_s


def test_nobody_walks_farther_than_the_most() -> None:
    town = Session("town", with_buses(100))
    pa = town.places.get_place("pa")
    assert not np.isfinite(SurfaceBuilder(town, 1000.0).get_node_s(pa, Mode.BUS, DOOR, 0.5)).any()
