"""The links behind a surface with the seconds at their two ends."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from transit_model.domain.modes import Mode
from transit_model.network.street_arrays import CompiledStreets
from transit_model.surface.surface import Courses
from transit_model.units import ticks_to_seconds

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

    first_s, last_s, along_s = np.empty(len(rows)), np.empty(len(rows)), ticks_to_seconds(streets.link_ticks[rows])
    back_s = np.where(back >= 0, along_s[back], np.inf)
    ends = (streets.link_tail[rows].astype(np.int64), streets.link_head[rows].astype(np.int64))
    bin_kernels.time_links(node_s, (*ends, along_s, back_s), reverse, False, first_s, last_s)
    return first_s, last_s
