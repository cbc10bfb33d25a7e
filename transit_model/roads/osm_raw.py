"""Ways of a map as arrays, as `osm_scan` hands them on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt


class WayClass(NamedTuple):
    """What ways have in common, one row for all that are alike."""

    highway: str
    kind: str
    kmh: float
    back_kmh: float
    posted: bool
    urban: bool
    toll: bool
    oneway: bool
    duration_s: float
    toll_free: bool = False
    back_toll: bool = False


@dataclass(frozen=True, eq=False)
class RawRoads:
    """Ways as drawn; a way against its drawing is turned round, so that one-way means forward.

    Attributes
    ----------
    way_id, way_class, name, ref : (w,) integer arrays
        OSM id; rows of `classes`, `texts`, `texts`.
    ptr : (w + 1,) int64
        Way i has the points ``ptr[i]:ptr[i + 1]``.
    node_id : (p,) int64
    lon, lat : (p,) float64
        NaN where the file does not hold the node, or holds it at 0,0.
    closed, signals, toll_booths : sorted int64 arrays
        Nodes that no car passes, that have traffic lights, that are toll booths.
    dropped : mapping
        Why ways of the classes asked for are left out, with their number.
    odd_speeds, odd_durations, odd_classes : mapping
        Speeds, durations of ferries, and classes (``Primary``) that were not understood, with their number.
    restrictions : int
        Turn restrictions in the file.
    null_nodes, repeated : tuple of int
        Nodes at 0,0 (left out); ways that stood in the file more than once (the newest counts).
    """

    way_id: npt.NDArray[np.int64]
    way_class: npt.NDArray[np.int32]
    name: npt.NDArray[np.int32]
    ref: npt.NDArray[np.int32]
    ptr: npt.NDArray[np.int64]
    node_id: npt.NDArray[np.int64]
    lon: npt.NDArray[np.float64]
    lat: npt.NDArray[np.float64]
    classes: tuple[WayClass, ...]
    texts: tuple[str, ...]
    closed: npt.NDArray[np.int64]
    signals: npt.NDArray[np.int64]
    toll_booths: npt.NDArray[np.int64]
    dropped: dict[str, int] = field(default_factory=dict)
    odd_speeds: dict[str, int] = field(default_factory=dict)
    restrictions: int = 0
    odd_durations: dict[str, int] = field(default_factory=dict)
    odd_classes: dict[str, int] = field(default_factory=dict)
    null_nodes: tuple[int, ...] = ()
    repeated: tuple[int, ...] = ()

    def take_ways(self, rows: npt.NDArray[np.int64]) -> RawRoads:
        """Return these ways only, (k,) rows in rising order."""
        count = np.diff(self.ptr)
        kept = np.zeros(len(count), dtype=bool)
        kept[rows] = True
        points = np.repeat(kept, count)
        ways = {name: getattr(self, name)[kept] for name in ("way_id", "way_class", "name", "ref")}
        along = {name: getattr(self, name)[points] for name in ("node_id", "lon", "lat")}
        ptr = np.concatenate([[0], np.cumsum(count[kept])]).astype(np.int64)
        return replace(self, **ways, **along, ptr=ptr)
