"""Seconds lost at junctions along imported roads: traffic lights where the map has them, giving way elsewhere."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from transit_model.domain.tables import HIGHWAY_CLASSES

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
SIGNALS = "traffic_signals"
_YIELD = "yield_"
_JUNCTION_ROADS = 3


@cache
def read_junction_delays() -> Mapping[str, float]:
    """Return the mean delays in seconds from ``junction_delays.csv``: at lights, and giving way by class met."""
    text = files("transit_model.roads").joinpath("junction_delays.csv").read_text(encoding="utf-8")
    return MappingProxyType({row["what"]: float(row["delay_s"]) for row in csv.DictReader(text.splitlines())})


def compute_yield_delays_s(
    start: I64, end: I64, highway: npt.NDArray[np.str_], ramp: npt.NDArray[np.bool_], lights: npt.NDArray[np.bool_]
) -> F64:
    """Return the seconds each road loses where it meets one of a higher class without lights, (n,).

    A road is driven both ways, so that each end counts half: it is met once on the way in and once on the way out.
    Ramps merge and give no way here, and nobody gives way to a motorway but by a ramp.

    Parameters
    ----------
    start, end : (n,) int64
        Node numbers.
    highway, ramp : (n,) arrays
        Class of each road, and whether it is a ramp.
    lights : (nodes,) bool
        Nodes with traffic lights.
    """
    delays = read_junction_delays()
    order = {name: i for i, name in enumerate(HIGHWAY_CLASSES)}
    names, code = np.unique(highway, return_inverse=True)
    rank = np.array([order.get(str(n), len(order)) for n in names])[code]
    n = len(lights)
    top = np.full(n, len(order))
    met = ~ramp & (rank > order["motorway"])
    for ends in (start, end):
        np.minimum.at(top, ends[met], rank[met])
    degree = np.bincount(start, minlength=n) + np.bincount(end, minlength=n)
    cost = np.array([delays.get(f"{_YIELD}{name}", 0.0) for name in HIGHWAY_CLASSES] + [0.0])
    out = np.zeros(len(start))
    for ends in (start, end):
        yields = ~ramp & (rank > top[ends]) & ~lights[ends] & (degree[ends] >= _JUNCTION_ROADS)
        out += np.where(yields, cost[top[ends]], 0.0) / 2
    return out
