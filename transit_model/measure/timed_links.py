"""The links behind a surface with the seconds at their two ends."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from transit_model.domain.modes import Mode
from transit_model.network.street_arrays import CompiledStreets
from transit_model.surface.surface import Courses

F64 = npt.NDArray[np.float64]


class TimedLinks(NamedTuple):
    """Links behind a surface, rows of ``network.links``, and the seconds at their ends as of `EdgeTimes`.

    A link that is not reached has `inf`.
    """

    part: Mode
    motorway: bool
    rows: npt.NDArray[np.int64]
    courses: Courses
    t0_s: F64
    t1_s: F64


def time_links(
    streets: CompiledStreets, rows: npt.NDArray[np.int64], back: npt.NDArray[np.int64], node_s: F64, reverse: bool
) -> tuple[F64, F64]:
    """Return the seconds at both ends of links (see `EdgeTimes`), inf where `bin_kernels.time_links` leaves one out.

    Parameters
    ----------
    rows : (n,) int
        Rows of ``network.links``.
    back : (n,) int
        For each of them the place in `rows` of the way back along the same road, -1 for none.
    node_s : (graph nodes,) float64, seconds
    """
    from transit_model.surface import bin_kernels

    first_s, last_s = np.empty(len(rows)), np.empty(len(rows))
    links = (streets.link_tail, streets.link_head, streets.link_ticks)
    tail, head, ticks = (np.ascontiguousarray(column, dtype=np.int32) for column in links)
    bin_kernels.time_links(node_s, (tail, head, ticks), rows, back, reverse, False, first_s, last_s)
    return first_s, last_s
