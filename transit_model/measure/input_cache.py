"""What an edit leaves as it is: whether it only improves, and which modes cannot see it at all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.domain.modes import (
    MODE_RULES,
    PARTS,
    RIDDEN,
    Mode,
    Reading,
    SpeedTable,
    Vehicle,
    classify_route_type,
)
from transit_model.domain.stop_calls import find_alight, find_board
from transit_model.measure.input_keys import LINK_COLUMNS, NODE_COLUMNS, list_street_numbers
from transit_model.measure.memo import digest_table
from transit_model.measure.road_courses import are_equal
from transit_model.measure.session import Session
from transit_model.network.model import Network


def is_improvement_only(base: Session, scenario: Session) -> bool:
    """Return whether the scenario keeps every road, trip, stop and assumption of the base and slows none.

    Roads must keep class and toll as well: a road that becomes a motorway can no longer be left along the way.
    """
    old, new = base.network, scenario.network
    if old.assumptions.fingerprint() != new.assumptions.fingerprint():
        return False
    if not (_keeps(old.feed.stops, new.feed.stops, "stop_id") and _keeps_trips(old, new)):
        return False
    return _keeps_roads(base, scenario, (SpeedTable.FREE, SpeedTable.TYPICAL))


def list_improved_modes(base: Session, scenario: Session) -> frozenset[Mode]:
    """Return the modes of which an edit that only improves must slow nothing."""
    same_roads = all(_list_same_roads(base, scenario, (SpeedTable.FREE, SpeedTable.TYPICAL)).values())
    return frozenset(m for m in Mode if m not in RIDDEN or same_roads)


def list_same_inputs(base: Session, scenario: Session) -> list[tuple[Mode, Reading]]:
    """Return the modes and readings whose inputs are the same to the bit in both."""
    if base.network.assumptions.fingerprint() != scenario.network.assumptions.fingerprint():
        return []
    if digest_table(base.network.places) != digest_table(scenario.network.places):
        return []
    tables = (SpeedTable.TYPICAL, *(base.speed_table(reading) for reading in Reading))
    roads = _list_same_roads(base, scenario, tables)
    # every reading of rail and bus looks at ways by taxi
    same = {m: roads[SpeedTable.TYPICAL] and _keep_digest(base, m) == _keep_digest(scenario, m) for m in RIDDEN}
    out = []
    for reading in Reading:
        now = {**same, Mode.ROAD: roads[base.speed_table(reading)]}
        out += [(mode, reading) for mode in Mode if all(now[part] for part in PARTS[mode])]
    return out


def _list_same_roads(base: Session, scenario: Session, tables: Iterable[SpeedTable]) -> dict[SpeedTable, bool]:
    """Return by speed table whether street graphs of both are made of the same, as `InputKeys.roads` tells by digests.

    Columns are compared as they lie in memory: a digest makes a text of every id.
    """
    old, new = base.network, scenario.network
    same = are_equal(old.links, new.links, LINK_COLUMNS) and are_equal(old.nodes, new.nodes, NODE_COLUMNS)
    return {t: same and list_street_numbers(old, t) == list_street_numbers(new, t) for t in tables}


def _keep_digest(session: Session, mode: Mode) -> bytes:
    return session.keep("modes", lambda keys: (mode, keys.feed, keys.stations), lambda: digest_mode(session, mode))


def digest_mode(session: Session, mode: Mode) -> bytes:
    """Return a digest of the vehicles and stops that a mode sees; other modes of the timetable are not in it."""
    network, kinds = session.network, session.stop_kinds(mode)
    feed = network.feed
    rides = MODE_RULES[mode].rides
    own = [classify_route_type(int(t)) in rides for t in feed.routes["route_type"]]
    trips = feed.trips[feed.trips["route_id"].isin(feed.routes.loc[own, "route_id"])]
    stops = feed.stops[feed.stops["stop_id"].isin(list(kinds))]
    named = {*kinds, *(stops["parent_station"].astype(str) if "parent_station" in stops.columns else ())}
    transfers = feed.transfers[feed.transfers["from_stop_id"].isin(named) & feed.transfers["to_stop_id"].isin(named)]
    tables = [stops, feed.routes[own], trips, transfers]
    tables += [t[t["trip_id"].isin(trips["trip_id"])] for t in (feed.stop_times, feed.frequencies)]
    tables += [t[t["service_id"].isin(trips["service_id"])] for t in (feed.calendar, feed.calendar_dates)]
    tables += [t[t["stop_id"].isin(list(kinds))] for t in (network.stations, network.station_links)]
    digest = hashlib.blake2b(digest_size=16)
    for table in tables:
        digest.update(digest_table(table))
    return digest.digest()


def _keeps(old: pd.DataFrame, new: pd.DataFrame, key: str) -> bool:
    return set(old[key].astype(str)) <= set(new[key].astype(str))


def _keeps_trips(old: Network, new: Network) -> bool:
    """Return whether every trip of the base runs as before."""
    for name, columns in (
        ("stop_times", ["trip_id", "stop_sequence", "stop_id", "arrival_clock_s", "departure_clock_s"]),
        ("frequencies", ["trip_id", "start_clock_s", "end_clock_s", "headway_secs"]),
        ("trips", ["trip_id", "service_id"]),
    ):
        before, after = (_list_cells(getattr(n.feed, name), columns) for n in (old, new))
        own = after[after["trip_id"].isin(set(before["trip_id"]))]
        if before.reset_index(drop=True).equals(own.reset_index(drop=True)):
            continue  # the rule, and much cheaper than in any order
        before, own = before.astype(str), own.astype(str)
        if sorted(before.itertuples(index=False, name=None)) != sorted(own.itertuples(index=False, name=None)):
            return False
    return True


def _list_cells(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Return columns of a table; of stop_times also who may get on and off."""
    cells = table[columns]
    if "stop_sequence" not in columns:
        return cells
    return cells.assign(board=find_board(table), alight=find_alight(table))


def _keeps_roads(base: Session, scenario: Session, tables: Sequence[SpeedTable]) -> bool:
    """Return whether every road of the base is there, of the same class and toll, and no slower by any speed table."""
    columns = ["link_id", "from_node_id", "to_node_id", "highway", "toll"]
    old, new = (session.network.links[columns] for session in (base, scenario))
    n = len(old)
    if len(new) < n:
        return False
    # Edits add roads at the end: then nothing has to be looked for.
    rows = np.arange(n) if are_equal(old, new.iloc[:n], columns) else _match_roads(old, new, columns)
    if len(rows) != n:
        return False
    ticks = ((session.streets(Vehicle.CAR, table).link_ticks for session in (base, scenario)) for table in tables)
    return all(bool((after[rows] <= before).all()) for before, after in ticks)


def _match_roads(old: pd.DataFrame, new: pd.DataFrame, columns: list[str]) -> npt.NDArray[np.int64]:
    """Return the row after of each road before that is there with the same columns; fewer where one is not."""
    both = old.merge(new.assign(row=np.arange(len(new))), on=columns)
    rows: npt.NDArray[np.int64] = both["row"].to_numpy(dtype=np.int64)
    return rows
