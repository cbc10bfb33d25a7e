"""Percentiles of travel times over departures and phases: nearest rank, so that each is a time somebody has."""

from __future__ import annotations

import numpy as np

from transit_model.network.arrays import F64, I32
from transit_model.store.jit import INF_S


def compute_percentiles(travel_s: I32, quantiles: F64) -> F64:
    """Compute percentiles of travel time over samples, in seconds, (n_quantiles, n_dest), `inf` when too few arrive.

    `travel_s` is (n_samples, n_dest): the smallest t such that at least that share of the samples are t or less. A
    service that lowers samples and raises none can therefore raise no percentile.
    """
    return _rank(_order_times(travel_s), quantiles)


def summarise(travel_s: I32, quantiles: F64) -> tuple[F64, I32, F64]:
    """Return percentiles, shortest times and shares of samples that arrive, with the times sorted once.

    As `compute_percentiles` (n_quantiles, n_dest), then (n_dest,) and (n_dest,).
    """
    ordered = _order_times(travel_s)
    reached = np.ones(len(ordered))
    partly = np.flatnonzero(ordered[:, -1] >= INF_S)
    reached[partly] = np.count_nonzero(ordered[partly] < INF_S, axis=1) / len(travel_s)
    return _rank(ordered, quantiles), np.ascontiguousarray(ordered[:, 0]), reached


def find_rank(quantile: float, n: int) -> int:
    """Return the place, from 0, of a percentile among n ordered samples."""
    return max(int(np.ceil(quantile * n - 1e-9)), 1) - 1


def _order_times(travel_s: I32) -> I32:
    """Return the times of each destination in ascending order, (n_dest, n_samples)."""
    ordered = np.array(travel_s.T, order="C")  # a copy always: it is sorted in place
    ordered.sort(axis=1)
    return ordered


def _rank(ordered: I32, quantiles: F64) -> F64:
    ranked = ordered[:, [find_rank(quantile, ordered.shape[1]) for quantile in quantiles.tolist()]].T
    return np.where(ranked < INF_S, ranked, np.inf).astype(np.float64)
