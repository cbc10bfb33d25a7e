"""Street graphs by the content of the roads: from the memo, from the graph before a change, or compiled."""

from __future__ import annotations

from typing import Final

from transit_model.domain.modes import SpeedTable, Vehicle
from transit_model.measure.input_keys import InputKeys
from transit_model.measure.memo import Memo
from transit_model.network.model import Network
from transit_model.network.street_arrays import CompiledStreets, compile_streets
from transit_model.network.street_edit import edit_streets

LEAST_LINKS: Final = 20_000
"""Fewer links are compiled as quickly as a graph is edited."""


def keep_streets(
    network: Network, memo: Memo, vehicle: Vehicle, table: SpeedTable, keys: InputKeys | None = None
) -> CompiledStreets:
    """Return the street graph of a vehicle and a speed table.

    Where the roads came from others by a change that is told, the graph of these is edited; it is compiled for that
    when nobody has asked for it yet. What comes out is the same to the bit.
    """
    keys = keys or InputKeys(network, memo)

    def make() -> CompiledStreets:
        change = network.find_road_change()
        if change is None or change.is_none or len(network.links) < LEAST_LINKS:
            return compile_streets(network, vehicle, table)
        roads = change.before
        base = network.with_tables(links=roads.links, nodes=roads.nodes, shapes=roads.shapes).as_road_base()
        before = memo.get(
            "streets", InputKeys(base, memo).roads(vehicle, table), lambda: compile_streets(base, vehicle, table)
        )
        edited = edit_streets(before, network)
        return compile_streets(network, vehicle, table) if edited is None else edited

    return memo.get("streets", keys.roads(vehicle, table), make)
