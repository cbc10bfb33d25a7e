"""What a scenario closes or gives up: lines of an earlier scenario of a page that no line of a later one covers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

COVERED_DEGREE: Final = 0.004
"""A line nearer than this (some 400 m) to one that stands is drawn over by it: an upgrade, or a road cut in two."""
LEAST_DEGREE: Final = 0.01
"""A shorter rest (about 1 km) is a different end of the same road and not a closed one."""


def find_closed(lines: Sequence[Any], standing: Sequence[Sequence[bool]]) -> list[tuple[int, Any]]:
    """Return which lines are closed in the last of some scenarios, and the part of each that no other line covers.

    Parameters
    ----------
    lines : sequence of shapely geometries
        In degrees.
    standing : sequence of sequences of bool
        Of each line, in which scenarios it stands, the earliest first.

    Returns
    -------
    list of (int, geometry)
        The number of the line and its closed part, as lines.
    """
    import shapely

    lost = [i for i, own in enumerate(standing) if not own[-1] and any(own[:-1])]
    if not lost:
        return []
    kept = [i for i, own in enumerate(standing) if own[-1]]
    tree = shapely.STRtree([lines[i] for i in kept])
    out = []
    for i in lost:
        near = tree.query(lines[i], predicate="dwithin", distance=COVERED_DEGREE).tolist()
        cover = shapely.union_all([shapely.buffer(lines[kept[k]], COVERED_DEGREE) for k in near])
        rest = [
            part
            for part in shapely.get_parts(shapely.line_merge(shapely.difference(lines[i], cover)))
            if part.length >= LEAST_DEGREE
        ]
        if rest:
            out.append((i, shapely.multilinestrings(rest)))
    return out
