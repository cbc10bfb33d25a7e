"""How far a cell must look for pieces of road: small kernels of `offnetwork.gather`."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from transit_model.store.jit import jit

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]


@jit
def find_enough(
    best: float, sooner_s: tuple[float, float, float], speed: float
) -> float:  # pragma: no cover - compiled
    """Return how far away, in metres, nothing can be sooner than the best.

    `sooner_s` are the least times within the first window, beyond it (the way there included), and anywhere.
    """
    inner_s, apart_s, whole_s = sooner_s
    enough = (best - inner_s) * speed
    return max(enough, (best - whole_s) * speed) if best > apart_s else enough


@jit
def find_apart(
    windows: F64, radii: I64, y: int, x: int, rule: tuple[float, float, float]
) -> float:  # pragma: no cover - compiled
    """Return the least time of what lies beyond the first window of a cell, the way there included."""
    cell, slack, pace = rule
    apart_s = math.inf
    for w in range(1, radii.shape[0]):
        apart_s = min(apart_s, windows[w, y, x] + ((radii[w - 1] + 0.5) * cell - slack) * pace)
    return apart_s


@jit
def find_listed(first: I64, most: int, cell_idx: int) -> tuple[int, int]:  # pragma: no cover - compiled
    """Return the entries listed for a cell, from and to; none when nothing is listed."""
    if most == 0:
        return 0, 0
    return first[cell_idx], first[cell_idx + 1]


@jit
def narrow(
    now: tuple[float, float],
    found: tuple[float, float, float],
    beyond: bool,
    rule: tuple[float, float, float, float],
) -> tuple[float, float]:  # pragma: no cover - compiled
    """Return how far and how early the next on the list must be to matter.

    They are listed by distance, so the first that is there is the nearest: later ones must be sooner.
    """
    best, late, enough = found
    radius, whole_s, speed, slack = rule
    more_s = slack * (1.0 / speed)
    if best < math.inf:
        return min(enough, radius), best + more_s
    if beyond:
        return (late - whole_s) * speed + slack, late + more_s
    return now


@jit
def find_wanted(
    windows: F64,
    radii: I64,
    parts: tuple[tuple[int, int, int, int], tuple[int, int, int, int]],
    limit: tuple[float, Bool],
    rule: tuple[float, float, float],
    time: F64,
    wanted: Bool,
) -> None:  # pragma: no cover - compiled
    """Mark the cells that `offnetwork.gather` does not leave out, (ny, nx) of False at first; arguments as there.

    `parts` are the part that it goes through, and a part of that in which cells are marked.
    """
    part, block = parts
    limit_s, always = limit
    chosen, last = always.shape[1] > 0, radii.shape[0] - 1
    for row in range(block[0], block[1]):
        for col in range(block[2], block[3]):
            y, x = row - part[0], col - part[2]
            soon_s = min(windows[0, y, x], find_apart(windows, radii, y, x, rule))
            late = soon_s > limit_s and time[row, col] > limit_s and not (chosen and always[row, col])
            wanted[row, col] = windows[last, y, x] < math.inf and not late
