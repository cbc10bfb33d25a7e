"""Street graphs, and where roads lie, by the content of the roads: from the memo, from before a change, or made now."""

from __future__ import annotations

from typing import Final

from transit_model.domain.modes import SpeedTable, Vehicle
from transit_model.measure.input_keys import InputKeys
from transit_model.measure.memo import STREET_SHAPES, Memo
from transit_model.network.model import Network
from transit_model.network.road_change import RoadChange
from transit_model.network.snap import RoadLocator
from transit_model.network.street_arrays import CompiledStreets, compile_streets, retime_streets
from transit_model.network.street_edit import edit_streets

LEAST_LINKS: Final = 20_000
"""Fewer links are compiled as quickly as a graph is edited."""


def keep_streets(
    network: Network, vehicle: Vehicle, table: SpeedTable, memo: Memo, keys: InputKeys | None = None
) -> CompiledStreets:
    """Return the street graph of a vehicle and a speed table.

    Where the roads came from others by a change that is told, the graph of these is edited; it is made for that when
    nobody has asked for it yet. Other speeds on the same roads are put onto their graph. What comes out is the same to
    the bit.
    """
    keys = keys or InputKeys(network, memo)

    def make() -> CompiledStreets:
        change = network.find_road_change()
        if change is None or len(network.links) < LEAST_LINKS:
            return compile_streets(network, vehicle, table)
        if change.is_none:
            return _compile_base(network, memo, keys, (vehicle, table))
        edited = edit_streets(keep_streets(_find_base(network, change), vehicle, table, memo), network)
        return compile_streets(network, vehicle, table) if edited is None else edited

    return memo.get("streets", keys.roads(vehicle, table), make)


def keep_locator(network: Network, memo: Memo, keys: InputKeys | None = None) -> RoadLocator:
    """Return what finds the nearest road, made from that of the roads before where a change from them is told."""
    keys = keys or InputKeys(network, memo)

    def make() -> RoadLocator:
        change = network.find_road_change()
        if change is None or change.is_none:
            return RoadLocator(network)
        return RoadLocator(network, keep_locator(_find_base(network, change), memo))

    return memo.get("locators", keys.courses, make)


def _find_base(network: Network, change: RoadChange) -> Network:
    """Return the network with the roads from before a change."""
    roads = change.before
    return network.with_tables(links=roads.links, nodes=roads.nodes, shapes=roads.shapes).as_road_base()


def _compile_base(network: Network, memo: Memo, keys: InputKeys, speeds: tuple[Vehicle, SpeedTable]) -> CompiledStreets:
    """Return a graph by one that was compiled for other speeds on the same roads, else compiled now."""
    a = network.assumptions
    shape = (*keys.road_tables, speeds[1] is SpeedTable.FREE, a.toll_gate_delay_s, a.ramp_delay_s)
    known = memo.has(STREET_SHAPES, shape)
    first = memo.get(STREET_SHAPES, shape, lambda: compile_streets(network, *speeds))
    return retime_streets(first, network, *speeds) if known else first
