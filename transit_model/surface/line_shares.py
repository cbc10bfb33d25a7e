"""Which share of a polyline lies before each of its points."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]


def share_out(starts: I64, x: F64, y: F64, line: I64) -> F64:
    """Return the share of its line's length that lies before each point, summed within each line.

    So no bit of it hangs on the other lines: a road has the same shares in every scenario.

    Parameters
    ----------
    starts : (n + 1,) int64
        Line ``i`` has the points ``starts[i]:starts[i + 1]``.
    x, y : (starts[-1],) float64, metres
    line : (starts[-1],) int64
        The line of each point.
    """
    counts = np.diff(starts)
    walked = np.zeros(len(x))
    step = np.hypot(np.diff(x), np.diff(y))
    # point by point of all polylines at once: most have two points, few have many
    more = np.flatnonzero(counts > 2)
    nth = 1
    while len(more):
        at = starts[more] + nth
        walked[at] = walked[at - 1] + step[at - 1]
        nth += 1
        more = more[counts[more] > nth]
    total = walked[starts[1:] - 1]
    share = np.divide(walked, total[line], out=np.zeros_like(walked), where=total[line] > 0)
    share[starts[1:] - 1] = 1.0
    return share
