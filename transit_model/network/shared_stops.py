"""Stops at which vehicles of several groups call, parted for a mode that sees them.

A stop of a feed may be a railway station and a bus stop at once. By train one enters it as a railway station, by bus
as a bus stop, so a journey by both must not walk into the train as into a bus, nor into a metro as into a train that
calls there too. Here each group but the first gets a twin of the stop, at the same place: who changes leaves the one
and enters the other, as between any two stops.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from transit_model.domain.modes import Ride, classify_route_type
from transit_model.domain.region import Feed
from transit_model.domain.transfer_rows import IN_SEAT
from transit_model.network.model import Network


@dataclass(frozen=True, eq=False)
class PartedNetwork:
    """A network whose stops are of one group of vehicles each.

    Attributes
    ----------
    network : Network
        All stops of the original in their order, then the twins.
    twins : mapping
        (stop_id, number of the group) to the stop_id of the twin; empty when nothing is shared.
    """

    network: Network
    twins: Mapping[tuple[str, int], str] = field(default_factory=dict)

    @cached_property
    def _stop_of(self) -> dict[str, str]:
        return {twin: stop for (stop, _), twin in self.twins.items()}

    def find_stop(self, stop_id: str) -> str:
        """Return the stop that a twin stands for, or the stop itself."""
        return self._stop_of.get(stop_id, stop_id)

    def find_part(self, stop_id: str, number: int) -> str:
        """Return the stop at which the vehicles of a group call."""
        return self.twins.get((stop_id, number), stop_id)


def find_twins(feed: Feed, groups: Sequence[Collection[Ride]]) -> dict[tuple[str, int], str]:
    """Return the twins of the stops at which several groups call: (stop_id, number of the group) to stop_id."""
    running = {classify_route_type(int(kind)) for kind in feed.routes["route_type"]}
    if sum(not running.isdisjoint(group) for group in groups) < 2:
        return {}
    number = _find_numbers(feed, groups)
    calls = pd.DataFrame({"stop": feed.stop_times["stop_id"].astype(str).to_numpy(), "number": number})
    calls = calls[calls["number"] >= 0].drop_duplicates().sort_values(["stop", "number"], kind="stable")
    further = calls[calls["stop"].duplicated()]
    if not len(further):
        return {}
    taken = set(feed.stops["stop_id"].astype(str))
    return {(str(s), int(n)): _name_twin(str(s), int(n), taken) for s, n in further.itertuples(index=False)}


def _find_numbers(feed: Feed, groups: Sequence[Collection[Ride]]) -> np.ndarray:
    """Return for each row of the stop times the number of the group of its vehicle, -1 for none."""
    number_of_ride = {ride: number for number, rides in enumerate(groups) for ride in rides}
    ride_of_route = {
        str(r): classify_route_type(int(t))
        for r, t in zip(feed.routes["route_id"], feed.routes["route_type"], strict=True)
    }
    number_of_trip = {
        str(trip): number_of_ride.get(ride_of_route.get(str(route), Ride.BUS), -1)
        for trip, route in zip(feed.trips["trip_id"], feed.trips["route_id"], strict=True)
    }
    trip, names = pd.factorize(feed.stop_times["trip_id"].to_numpy(dtype=object))
    numbers = np.array([number_of_trip.get(str(name), -1) for name in names.tolist()], np.int64)
    of_rows: np.ndarray = numbers[trip]
    return of_rows


def _name_twin(stop_id: str, number: int, taken: set[str]) -> str:
    name = f"{stop_id}|{number}"
    while name in taken:
        name += "|"
    return name


def part_tables(
    network: Network, groups: Sequence[Collection[Ride]], twins: Mapping[tuple[str, int], str]
) -> dict[str, Any]:
    """Return feed, stations and station links with the twins of stops, by the names they have in a network."""
    feed, number = network.feed, _find_numbers(network.feed, groups)
    keys = zip(feed.stop_times["stop_id"].astype(str), number.tolist(), strict=True)
    moved = [twins.get(key, key[0]) for key in keys]
    parted = replace(
        feed,
        stops=_repeat(feed.stops, twins),
        stop_times=feed.stop_times.assign(stop_id=pd.array(moved, dtype=feed.stop_times["stop_id"].dtype)),
        transfers=_repeat_transfers(feed, twins),
    )
    tables = {name: _repeat(getattr(network, name), twins) for name in ("stations", "station_links")}
    return {"feed": parted, **tables}


def _repeat(table: pd.DataFrame, twins: Mapping[tuple[str, int], str], column: str = "stop_id") -> pd.DataFrame:
    """Return a table with the rows of each stop once more for each twin, at its end."""
    more = []
    for (stop, _), twin in twins.items():
        rows = table[table[column].astype(str) == stop]
        more.append(rows.assign(**{column: pd.array([twin] * len(rows), dtype=table[column].dtype)}))
    return pd.concat([table, *more], ignore_index=True)


def _repeat_transfers(feed: Feed, twins: Mapping[tuple[str, int], str]) -> pd.DataFrame:
    """Return the transfers, a row that names a stop for its twins too; passengers who stay seated change nowhere."""
    transfers = feed.transfers
    if not len(transfers):
        return transfers
    seated = pd.to_numeric(transfers["transfer_type"], errors="coerce").fillna(0) >= IN_SEAT
    spread = _repeat(_repeat(transfers[~seated], twins, "from_stop_id"), twins, "to_stop_id")
    return pd.concat([spread, transfers[seated]], ignore_index=True)
