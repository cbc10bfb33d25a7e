"""A feed of text tables through import, network and search, as a region's timetable goes."""

from __future__ import annotations

from datetime import date

import numpy as np

from tests.network.town import SERVICE_DATE, make_region
from transit_model.assumptions import read_default_assumptions
from transit_model.domain.region import Feed
from transit_model.network.build import build_network
from transit_model.network.model import Network
from transit_model.network.timetable_arrays import compile_timetable
from transit_model.routing.csa import build_connections, compute_arrivals_csa
from transit_model.routing.raptor import build_access, compute_arrivals
from transit_model.routing.timetable import build_index
from transit_model.units import parse_clock_s


def network_of(feed: Feed) -> Network:
    """The feed as the timetable of a region with default assumptions, its roads those of the town."""
    region = make_region(feed=feed, stations={}, main_stations={})
    return build_network(region, SERVICE_DATE, read_default_assumptions())


def measure_arrival(feed: Feed, day: date, start: str, clock: str, end: str) -> str:
    """The earliest arrival as H:MM of the day, ``none`` when there is no journey; both engines must agree."""
    timetable = compile_timetable(network_of(feed), day)
    index = build_index(timetable.arrays)
    access = build_access([timetable.stop_idx[start]], [0.0])
    clock_s = parse_clock_s(clock)
    arrival_s = float(compute_arrivals(index, access, [clock_s], max_rides=8)[0, timetable.stop_idx[end]])
    if not len(timetable.arrays.headways.headway_s):
        other_s = compute_arrivals_csa(index, build_connections(index), access, clock_s)[timetable.stop_idx[end]]
        assert other_s == arrival_s
    if not np.isfinite(arrival_s):
        return "none"
    return f"{int(arrival_s) // 3600:02d}:{int(arrival_s) % 3600 // 60:02d}"
