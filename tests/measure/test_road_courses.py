"""Roads are laid on the grid once for scenarios that have the same ones, and anew for any that differ."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from tests.network.town import make_town
from transit_model.domain.modes import Mode, Reading
from transit_model.measure.session import Session
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.network.model import Network


def build(network: Network, *like: SurfaceBuilder) -> SurfaceBuilder:
    return SurfaceBuilder(Session("x", network), like=like)


def test_the_same_roads_are_shared_and_give_the_same_surface() -> None:
    first = build(make_town())
    again = build(make_town(), first)
    alone = build(make_town())
    assert again.roads is first.roads
    assert alone.roads is not first.roads
    place = again.session.places.list_members("centres")[0]
    shared, own = (b.compute(place, Mode.ROAD, Reading.TYPICAL) for b in (again, alone))
    assert (shared.time_s == own.time_s).all()
    kind = (place, Mode.ROAD, Reading.TYPICAL)
    assert again.fingerprint(*kind) == alone.fingerprint(*kind)


def change(network: Network, table: str, column: str) -> Network:
    """The network with the first cell of a column changed."""
    changed = getattr(network, table).copy()
    value = changed[column].iloc[0]
    other = value + 1e-9 if isinstance(value, float | np.floating) else "motorway"
    changed[column] = [other, *changed[column].iloc[1:]]
    return network.with_tables(**{table: changed})


@pytest.mark.parametrize(("table", "column"), [("links", "highway"), ("nodes", "lon"), ("nodes", "lat")])
def test_any_change_of_a_road_lays_them_anew(table: str, column: str) -> None:
    first = build(make_town())
    assert build(change(make_town(), table, column), first).roads is not first.roads


def test_another_off_network_speed_or_cell_lays_them_anew() -> None:
    first, town = build(make_town()), make_town()
    slower = town.with_tables(assumptions=town.assumptions.with_changes(off_network_speed_kmh=7.0))
    assert build(slower, first).roads is not first.roads
    assert SurfaceBuilder(Session("x", town), 500.0, like=[first]).roads is not first.roads
    assert build(make_town(as_of=date(2030, 12, 31)), first).roads is not first.roads  # a new road
