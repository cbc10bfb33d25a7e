"""Percentiles of travel times over departures and phases: nearest rank, so that each is a time somebody has."""

from __future__ import annotations

from typing import Final

import numpy as np

from transit_model.network.arrays import F64, I32
from transit_model.store.jit import INF_S

_BLOCK: Final = 64
"""Destinations whose samples of a day fit into the cache of a core."""


def compute_percentiles(travel_s: I32, quantiles: F64) -> F64:
    """Compute percentiles of travel time over samples, in seconds, (n_quantiles, n_dest), `inf` when too few arrive.

    `travel_s` is (n_samples, n_dest): the smallest t such that at least that share of the samples are t or less. A
    service that lowers samples and raises none can therefore raise no percentile.
    """
    return _rank(travel_s, quantiles)


def summarise(travel_s: I32, quantiles: F64) -> tuple[F64, I32, F64]:
    """Return percentiles, shortest times and shares of samples that arrive.

    As `compute_percentiles` (n_quantiles, n_dest), then (n_dest,) and (n_dest,).
    """
    reached = np.ones(travel_s.shape[1])
    if (travel_s.max(axis=0, initial=0) >= INF_S).any():
        reached = np.count_nonzero(travel_s < INF_S, axis=0) / len(travel_s)
    return _rank(travel_s, quantiles), travel_s.min(axis=0), reached


def find_rank(quantile: float, n: int) -> int:
    """Return the place, from 0, of a percentile among n ordered samples."""
    return max(int(np.ceil(quantile * n - 1e-9)), 1) - 1


def _rank(travel_s: I32, quantiles: F64) -> F64:
    """Return the times of some ranks, (n_quantiles, n_dest); a block of destinations at a time stays in the cache.

    One rank is found by a partial sort. For several a whole sort is quicker: numpy sorts whole rows by vectors.
    """
    ranks = [find_rank(quantile, len(travel_s)) for quantile in quantiles.tolist()]
    ranked = np.empty((len(ranks), travel_s.shape[1]), np.int32)
    for first in range(0, travel_s.shape[1], _BLOCK):
        block = np.array(travel_s[:, first : first + _BLOCK].T, order="C")  # a copy always: it is sorted in place
        if len(set(ranks)) == 1:
            block.partition(ranks[0], axis=1)
        else:
            block.sort(axis=1)
        ranked[:, first : first + _BLOCK] = block[:, ranks].T
    return np.where(ranked < INF_S, ranked, np.inf).astype(np.float64)
