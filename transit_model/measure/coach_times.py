"""Driving times of coaches, by which bus lines are timed."""

from __future__ import annotations

from transit_model.domain.modes import SpeedTable, Vehicle
from transit_model.measure.compiled_roads import keep_streets
from transit_model.measure.input_keys import InputKeys
from transit_model.measure.memo import Key, Memo
from transit_model.network.model import Network
from transit_model.network.street_arrays import CompiledStreets, compile_streets
from transit_model.streets.connectors import build_node_connectors
from transit_model.streets.places_search import compute_street_od


class CoachTimes:
    """Typical driving times of a coach between road nodes of a network.

    Each street graph is compiled once: with a memo each that was met before, else the one met last.
    """

    def __init__(self, memo: Memo | None = None) -> None:
        self._memo = memo
        self._last: tuple[Network, Key, CompiledStreets] | None = None

    def __call__(self, from_node_id: str, to_node_id: str, network: Network) -> float:
        """Return seconds from node to node, inf when there is no way."""
        if self._last is None or self._last[0] is not network:
            self._last = (network, *self._compile(network))
        _, key, streets = self._last
        start, end = (streets.graph_node.get(n, -1) for n in (from_node_id, to_node_id))
        if min(start, end) < 0:
            return float("inf")
        if self._memo is None:
            return _measure(streets, start, end)
        return self._memo.get("coach_times", (key, start, end), lambda: _measure(streets, start, end))

    def _compile(self, network: Network) -> tuple[Key, CompiledStreets]:
        vehicle, table = Vehicle.COACH, SpeedTable.TYPICAL
        if self._memo is None:
            return None, compile_streets(network, vehicle, table)
        key = InputKeys(network, self._memo).roads(vehicle, table)
        return key, keep_streets(network, vehicle, table, self._memo)


def _measure(streets: CompiledStreets, start: int, end: int) -> float:
    times = compute_street_od(streets.arrays, build_node_connectors([start]), build_node_connectors([end]))
    return float(times[0, 0])
