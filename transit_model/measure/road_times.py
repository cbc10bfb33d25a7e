"""Road times between places on the three readings (design 3).

promoter: free flow at posted speeds, centre to centre. typical: running speeds of the session's speed table,
junctions, gates and ramps. door_to_door: typical + reaching the car + parking.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from transit_model.domain.modes import Reading, Vehicle
from transit_model.domain.place import Place
from transit_model.domain.readings import READING_RULES
from transit_model.measure.session import Session
from transit_model.streets.places_search import compute_street_od, compute_street_times, find_street_paths
from transit_model.units import m_to_km, min_to_s

F64 = npt.NDArray[np.float64]


def compute_terminal_s(session: Session, reading: Reading) -> tuple[float, float]:
    """Return the seconds added at the start and at the end of a drive on a reading."""
    if not READING_RULES[reading].door_to_door:
        return 0.0, 0.0
    a = session.network.assumptions
    return min_to_s(a.car_start_min), min_to_s(a.car_park_min)


def compute_road_od_s(
    session: Session,
    origins: Sequence[Place],
    destinations: Sequence[Place],
    reading: Reading,
    vehicle: Vehicle | None = None,
    *,
    with_km: bool = False,
) -> npt.NDArray[np.float64]:
    """Return road times in seconds, (n_origins, n_destinations); 0 to itself.

    By the vehicle and the speed table of the session, unless another vehicle is named. Where `compute_road_km` is asked
    next say `with_km`: times and lengths then come from one search.
    inf when there is no way or a place is off the network (see `Session.find_off_network` for which and how far).
    """
    driven = vehicle or session.vehicle
    return session.keep(
        "road",
        lambda keys: (
            keys.roads(driven, session.speed_table(reading)),
            keys.shapes,
            (session.off_network_rule, compute_terminal_s(session, reading)),
            (tuple(origins), tuple(destinations)),
        ),
        lambda: _compute_road_od_s(session, origins, destinations, reading, None if with_km else driven),
    )


def _compute_road_od_s(
    session: Session, origins: Sequence[Place], destinations: Sequence[Place], reading: Reading, vehicle: Vehicle | None
) -> npt.NDArray[np.float64]:
    """Return the times by a vehicle, or those of the ways that are kept with their lengths when none is named."""
    before_s, after_s = compute_terminal_s(session, reading)
    same = np.array([[o.place_id == d.place_id for d in destinations] for o in origins], dtype=bool)
    same = same.reshape(len(origins), len(destinations))
    if vehicle is None:
        return np.where(same, 0.0, _keep_ways(session, origins, destinations, reading)[0] + before_s + after_s)
    streets = session.roads(reading, vehicle)
    off = session.find_off_network([*origins, *destinations])
    rows = [i for i, p in enumerate(origins) if p.place_id not in off]
    columns = [j for j, p in enumerate(destinations) if p.place_id not in off]
    times = np.full((len(origins), len(destinations)), np.inf)
    if rows and columns:
        start, end = session.join_pairs([origins[i] for i in rows], [destinations[j] for j in columns], streets)
        times[np.ix_(rows, columns)] = compute_street_od(streets.arrays, start, end) + before_s + after_s
    return np.where(same, 0.0, times)


def compute_road_km(
    session: Session, origins: Sequence[Place], destinations: Sequence[Place], reading: Reading
) -> npt.NDArray[np.float64]:
    """Return the length in km of the quickest roads on a reading, (n_origins, n_destinations).

    inf when there is no way, 0 to itself. The way off the network is not counted.
    """
    return _keep_ways(session, origins, destinations, reading)[1]


def compute_road_off_s(
    session: Session, origins: Sequence[Place], destinations: Sequence[Place], reading: Reading
) -> tuple[F64, F64]:
    """Return the seconds off the network at the origins and at the destinations of the quickest roads.

    (n_origins, n_destinations) each, 0 where there is no way. A way across country alone is told at both.
    """
    return _keep_ways(session, origins, destinations, reading)[2:]


def _keep_ways(
    session: Session, origins: Sequence[Place], destinations: Sequence[Place], reading: Reading
) -> tuple[F64, F64, F64, F64]:
    """Return seconds and km of the quickest roads, and seconds off the roads at both their ends.

    By one search an origin, kept for the readings of the same graph.
    """
    if session.memo is None:
        key = ("ways", session.roads(reading), tuple(origins), tuple(destinations))
        return session.keep_row(key, lambda: _find_ways(session, origins, destinations, reading))
    return session.keep(
        "ways",
        lambda keys: (
            keys.roads(session.vehicle, session.speed_table(reading)),
            keys.shapes,
            session.off_network_rule,
            (tuple(origins), tuple(destinations)),
        ),
        lambda: _find_ways(session, origins, destinations, reading),
    )


def _find_ways(
    session: Session, origins: Sequence[Place], destinations: Sequence[Place], reading: Reading
) -> tuple[F64, F64, F64, F64]:
    streets = session.roads(reading)
    off = session.find_off_network([*origins, *destinations])
    times, km = (np.full((len(origins), len(destinations)), np.inf) for _ in range(2))
    before_s, behind_s = np.zeros(times.shape), np.zeros(times.shape)
    columns = [j for j, p in enumerate(destinations) if p.place_id not in off]
    lengths = session.network.links["length_m"].to_numpy(dtype=np.float64)
    rows = [i for i, p in enumerate(origins) if p.place_id not in off]
    if not rows or not columns:
        return times, km, before_s, behind_s
    starts, end = session.join_pairs([origins[i] for i in rows], [destinations[j] for j in columns], streets)
    for i, paths in zip(rows, find_street_paths(streets.arrays, starts, end), strict=True):
        for j, path in zip(columns, paths, strict=True):
            if path is None:
                continue
            on_road = path.link_idx >= 0
            taken = path.link_idx[on_road]
            # A path may begin or end in the middle of a link: its share of the time is its share of the length.
            shares = path.link_ticks[on_road] / streets.link_ticks[taken]
            times[i, j] = path.total_s
            before_s[i, j], behind_s[i, j] = path.find_off_s()
            km[i, j] = m_to_km(float((lengths[taken] * np.minimum(shares, 1.0)).sum()))
    return times, km, before_s, behind_s


def compute_road_node_s(
    session: Session, origin: Place, reading: Reading, *, reverse: bool = False, vehicle: Vehicle | None = None
) -> npt.NDArray[np.float64]:
    """Return road times from a place to every graph node (or from every node to it) in seconds, (n_nodes,)."""
    streets = session.roads(reading, vehicle)
    before_s, after_s = compute_terminal_s(session, reading)
    times = compute_street_times(streets.arrays, session.connectors([origin], streets), reverse=reverse)
    result: npt.NDArray[np.float64] = times[0] + before_s + after_s
    return result
