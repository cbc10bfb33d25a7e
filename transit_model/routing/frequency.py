"""Exact travel-time distributions of services by headway: the wait is uniform over a headway, and not sampled.

The travel time of one departure minute is ``mean - sum(H) / 2 + sum of independent U(0, H)`` over the headways H
boarded since the last scheduled boarding (a headway ride before a scheduled train keeps its mean wait: whether it
catches the train is decided on the mean). A window is the even mixture of its minutes. The distribution function of
a sum of uniforms of different widths is the closed form of Bradley and Gupta (2002), "On the distribution of the
sum of n non-identically distributed uniform random variables", Ann. Inst. Statist. Math. 54(3), 689-700, a
generalisation of Irwin-Hall.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from transit_model.network.arrays import F64, I32, I64
from transit_model.routing.jit import INF_S, jit
from transit_model.routing.kernel import add_headway

RESOLUTION_S = 1e-6
"""Percentiles of a continuous mixture are found by bisection to this width."""


@jit
def sum_cdf(t: float, spread: int) -> float:
    """Return P(sum of U(0, H_i) <= t) for the headways packed in `spread` (none: a step at 0)."""
    widths = np.zeros(4)
    n, total, product = 0, 0.0, 1.0
    for shift in (48, 32, 16, 0):
        field = (spread >> shift) & 0xFFFF
        if field > 0:
            widths[n] = field
            n += 1
            total += field
            product *= field * n
    if n == 0:
        return 1.0 if t >= 0.0 else 0.0
    if t <= 0.0:
        return 0.0
    if t >= total:
        return 1.0
    u = min(t, total - t)  # the sum is symmetric; the lower half cancels less
    value = 0.0
    for subset in range(1 << n):
        rest, sign = u, 1.0
        for i in range(n):
            if subset & (1 << i):
                rest -= widths[i]
                sign = -sign
        if rest > 0.0:
            value += sign * rest**n
    value /= product
    return value if t <= total - t else 1.0 - value


@jit
def mean_wait_s(spread: int) -> int:
    """Return the mean waits the kernel has added for a spread: half of each headway, rounded up, in seconds."""
    total = 0
    for shift in (48, 32, 16, 0):
        total += (((spread >> shift) & 0xFFFF) + 1) // 2
    return total


@jit
def _largest(spread: int) -> int:
    total = 0
    for shift in (48, 32, 16, 0):
        total += (spread >> shift) & 0xFFFF
    return total


@jit
def _mixture_percentile(travel_s: I32, spread: I64, share: float) -> float:
    """Return the smallest t with mixture CDF >= share, in seconds, by bisection; inf when too few are reachable."""
    n, reached, low, high = len(travel_s), 0, float(INF_S), 0.0
    for i in range(n):
        if travel_s[i] < INF_S:
            reached += 1
            start = float(travel_s[i] - mean_wait_s(spread[i]))
            low, high = min(low, start - 1.0), max(high, start + _largest(spread[i]))
    if reached < share * n - 1e-9 or reached == 0:
        return np.inf
    while high - low > RESOLUTION_S:
        middle = 0.5 * (low + high)
        mass = 0.0
        for i in range(n):
            if travel_s[i] < INF_S:
                mass += sum_cdf(middle - travel_s[i] + mean_wait_s(spread[i]), spread[i])
        if mass >= share * n - 1e-9:
            high = middle
        else:
            low = middle
    return high


@jit
def _nearest_rank(travel_s: I32, share: float) -> float:
    """Return the smallest t such that at least that share of the times is <= t; inf when too few are reachable."""
    rank = max(int(np.ceil(share * len(travel_s) - 1e-9)), 1)
    low, high = travel_s.min() - 1, INF_S
    while high - low > 1:
        middle, count = (low + high) // 2, 0
        for t in travel_s:
            count += t <= middle
        if count >= rank:
            high = middle
        else:
            low = middle
    return float(high) if high < INF_S else np.inf


@jit
def compute_percentiles(travel_s: I32, spread: I64, shares: F64, out: F64) -> None:
    """Write percentiles of travel time over departures, in seconds, into `out` (n_shares, n_dest).

    `travel_s`, `spread` are (n_dest, n_dep). Where no minute has a headway spread this is the nearest rank: the
    smallest t such that at least that share of the minutes have travel time <= t.
    """
    for d in range(travel_s.shape[0]):
        exact = not spread[d].any()
        for k in range(len(shares)):
            if exact:
                out[k, d] = _nearest_rank(travel_s[d], shares[k])
            else:
                t = _mixture_percentile(travel_s[d], spread[d], shares[k])
                out[k, d] = np.round(t / RESOLUTION_S) * RESOLUTION_S


def sum_of_uniforms_cdf(t_s: npt.ArrayLike, headways_s: tuple[int, ...]) -> F64:
    """Return P(sum of independent U(0, H) <= t) for up to four headways, same shape as `t_s`."""
    spread = 0
    for headway_s in headways_s:
        spread = add_headway(spread, headway_s)
    times = np.asarray(t_s, dtype=np.float64)
    return np.array([sum_cdf(t, spread) for t in times.ravel().tolist()]).reshape(times.shape)
