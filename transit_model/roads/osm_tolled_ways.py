"""Which ways cost toll: by their tags, by a booth on them, or as ramps of a tolled motorway."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from transit_model.roads.highway_speeds import RAMP
from transit_model.roads.osm_raw import RawRoads

Bool = npt.NDArray[np.bool_]


def find_tolled_ways(raw: RawRoads, *, ramp_tolls: bool = True) -> Bool:
    """Return whether ways are tolled along and against their drawing, (w, 2).

    By their tags; by a booth on them, unless they say that they are free; as ramps. Ramps are seldom tagged: with
    `ramp_tolls`, ramps that hang together count as tolled when one of them is, or when one touches a tolled motorway;
    a ramp that says ``toll=no`` is left out.
    """
    classes = raw.classes
    by_tags = np.array([(c.toll, c.back_toll) for c in classes], dtype=bool).reshape(-1, 2)[raw.way_class]
    free = np.array([c.toll_free for c in classes], dtype=bool)[raw.way_class]
    tolled = np.zeros(len(raw.way_id), dtype=bool)
    at = np.flatnonzero(np.isin(raw.node_id, raw.toll_booths))
    tolled[np.searchsorted(raw.ptr, at, side="right") - 1] = True
    tolled &= ~free
    hot = _find_tolled_ramps(raw, tolled | by_tags.any(axis=1)) if ramp_tolls else np.zeros_like(tolled)
    return by_tags | tolled[:, None] | hot[:, None]


def _find_tolled_ramps(raw: RawRoads, tolled: Bool) -> Bool:
    classes = raw.classes
    ramp = np.array([c.kind == RAMP and not c.toll_free for c in classes], dtype=bool)[raw.way_class]
    source = tolled & np.array([c.highway == "motorway" for c in classes], dtype=bool)[raw.way_class]
    if not ramp.any() or not source.any():
        return np.zeros_like(ramp)
    way = np.repeat(np.arange(len(ramp)), np.diff(raw.ptr))
    on_ramp = ramp[way]
    node, number = np.unique(raw.node_id[on_ramp], return_inverse=True)
    m = len(node) + len(ramp)  # nodes of ramps, then ways: a way hangs together with its nodes
    pairs = (np.ones(len(number), dtype=np.int8), (number, len(node) + way[on_ramp]))
    _, part = connected_components(coo_matrix(pairs, shape=(m, m)), directed=False)
    hot = np.zeros(int(part.max()) + 1, dtype=bool)
    hot[part[: len(node)][np.isin(node, raw.node_id[source[way]])]] = True
    hot[part[len(node) :][ramp & tolled]] = True
    found: Bool = ramp & hot[part[len(node) :]]
    return found
