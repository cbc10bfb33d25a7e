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
from transit_model.routing.jit import INF_S, helper, jit
from transit_model.routing.kernel import add_headway

RESOLUTION_S = 1e-6
"""Percentiles of a continuous mixture are found by bisection to this width."""


@jit
def sum_cdf(t: float, spread: int) -> float:
    """Return P(sum of U(0, H_i) <= t) for the headways packed in `spread` (none: a step at 0)."""
    n, total, product = 0, 0.0, 1.0
    for shift in (48, 32, 16, 0):
        field = (spread >> shift) & 0xFFFF
        if field > 0:
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
                rest -= (spread >> (48 - 16 * i)) & 0xFFFF
                sign = -sign
        if rest > 0.0:
            value += sign * rest**n
    value /= product
    return value if t <= total - t else 1.0 - value


@helper
def mean_wait_s(spread: int) -> int:
    """Return the mean waits the kernel has added for a spread: half of each headway, rounded up, in seconds."""
    total = 0
    for shift in (48, 32, 16, 0):
        total += (((spread >> shift) & 0xFFFF) + 1) // 2
    return total


@helper
def total_s(spread: int) -> int:
    """Return the sum of the headways of a spread in seconds."""
    total = 0
    for shift in (48, 32, 16, 0):
        total += (spread >> shift) & 0xFFFF
    return total


@helper
def _mixture_percentile(start_s: I32, spread: I64, weight: I32, share: float) -> float:
    """Return the smallest t where ``sum weight * P(start + waits <= t)`` reaches a share of all, by bisection.

    Inf where the finite starts do not weigh that much.
    """
    low, high, reached = float(INF_S), 0.0, 0
    total = np.empty(len(start_s), np.float64)
    for i in range(len(start_s)):
        total[i] = total_s(spread[i])
        if start_s[i] < INF_S:
            reached += weight[i]
            low, high = min(low, start_s[i] - 1.0), max(high, start_s[i] + total[i])
    target = share * weight.sum() - 1e-9
    if reached < max(target, 1e-9):
        return np.inf
    while high - low > RESOLUTION_S:
        middle, mass = 0.5 * (low + high), 0.0
        for i in range(len(start_s)):
            # Most departures lie wholly on one side of the middle: only the others need the distribution.
            rest = middle - start_s[i]
            if rest >= total[i]:
                mass += weight[i]
            elif rest > 0.0:
                mass += weight[i] * sum_cdf(rest, spread[i])
        if mass >= target:
            high = middle
        else:
            low = middle
    return high


@jit
def _mixture_percentiles(travel_s: I32, spread: I64, shares: F64, out: F64) -> None:
    """Write the percentiles of each row of `travel_s`; neighbouring equal departures are taken together."""
    n_dep = travel_s.shape[1]
    start_s, x, weight = np.zeros(n_dep, np.int32), np.zeros(n_dep, np.int64), np.zeros(n_dep, np.int32)
    for d in range(travel_s.shape[0]):
        n = 0
        for i in range(n_dep):
            if i == 0 or travel_s[d, i] != travel_s[d, i - 1] or spread[d, i] != spread[d, i - 1]:
                start_s[n], x[n], weight[n] = travel_s[d, i] - mean_wait_s(spread[d, i]), spread[d, i], 0
                n += 1
            weight[n - 1] += 1
        for k in range(len(shares)):
            t = _mixture_percentile(start_s[:n], x[:n], weight[:n], shares[k])
            out[k, d] = np.round(t / RESOLUTION_S) * RESOLUTION_S


def compute_percentiles(travel_s: I32, spread: I64 | None, shares: F64) -> F64:
    """Compute percentiles of travel time over departures, in seconds, (n_shares, n_dest), inf when too few arrive.

    `travel_s`, `spread` are (n_dep, n_dest). Where no departure has a headway spread this is the nearest rank: the
    smallest t such that at least that share of the departures have travel time <= t.
    """
    return _find_percentiles(_order_times(travel_s), travel_s, spread, shares)


def _order_times(travel_s: I32) -> I32:
    """Return the times of each destination in ascending order, (n_dest, n_dep)."""
    ordered = np.array(travel_s.T, order="C")  # a copy always: it is sorted in place
    ordered.sort(axis=1)
    return ordered


def _find_percentiles(ordered: I32, travel_s: I32, spread: I64 | None, shares: F64) -> F64:
    """Return the percentiles; `ordered` (n_dest, n_dep) holds the times of each destination in ascending order."""
    ranks = np.maximum(np.ceil(shares * len(travel_s) - 1e-9).astype(np.int64), 1) - 1
    ranked = ordered[:, ranks].T
    percentiles = np.where(ranked < INF_S, ranked, np.inf).astype(np.float64)
    if spread is not None and spread.any():
        rows = np.flatnonzero(spread.any(axis=0))
        mixed = np.empty((len(shares), len(rows)))
        _mixture_percentiles(travel_s.T[rows].copy(), spread.T[rows].copy(), shares, mixed)
        percentiles[:, rows] = mixed
    return percentiles


def summarise(travel_s: I32, spread: I64 | None, shares: F64) -> tuple[F64, I32, F64]:
    """Return percentiles, shortest kernel times and shares of departures that arrive, with the times sorted once.

    As `compute_percentiles` (n_shares, n_dest), `compute_least` (n_dest,) and (n_dest,).
    """
    ordered = _order_times(travel_s)
    least = np.ascontiguousarray(ordered[:, 0]) if spread is None else compute_least(travel_s, spread)
    reached = np.ones(len(ordered))
    partly = np.flatnonzero(ordered[:, -1] >= INF_S)
    reached[partly] = np.count_nonzero(ordered[partly] < INF_S, axis=1) / len(travel_s)
    return _find_percentiles(ordered, travel_s, spread, shares), least, reached


@jit
def _subtract_mean_waits(travel_s: I32, spread: I64) -> None:
    for i in range(travel_s.shape[0]):
        for d in range(travel_s.shape[1]):
            travel_s[i, d] -= mean_wait_s(spread[i, d])


def compute_least(travel_s: I32, spread: I64 | None) -> I32:
    """Return the shortest kernel time that can happen over the departures, (n_dest,)."""
    least = travel_s.copy()
    if spread is not None:
        _subtract_mean_waits(least, spread)
    return np.asarray(least.min(axis=0))


def sum_of_uniforms_cdf(t_s: npt.ArrayLike, headways_s: tuple[int, ...]) -> F64:
    """Return P(sum of independent U(0, H) <= t) for up to four headways, same shape as `t_s`."""
    spread = 0
    for headway_s in headways_s:
        spread = add_headway(spread, headway_s)
    times = np.asarray(t_s, dtype=np.float64)
    return np.array([sum_cdf(t, spread) for t in times.ravel().tolist()]).reshape(times.shape)
