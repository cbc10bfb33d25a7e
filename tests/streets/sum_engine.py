"""Sums by every engine side by side, chosen as `batches.street_sums` chooses: for tests and measurements."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from transit_model.errors import InputError
from transit_model.network.arrays import F64, StreetArrays
from transit_model.streets.hierarchy import Hierarchy
from transit_model.streets.street_search import (
    _CHUNK_CELLS,
    Method,
    Seeds,
    StreetEngine,
    _check_cutoff,
    _contiguous,
    choose_sum_method,
)

_PROBES: Final = 8


class SumEngine(StreetEngine):
    """A street engine that sums node weights too."""

    def sum_within(
        self,
        seeds: Seeds,
        weights: npt.ArrayLike,
        cutoff_ticks: int,
        *,
        threads: int | None = None,
        method: Method | None = None,
    ) -> F64:
        """Return sums of node weights over what each row of seeds reaches within the cutoff, (k, n_weights).

        Parameters
        ----------
        weights : (n,) or (n, n_weights) float
            People, jobs or ones by graph node.
        cutoff_ticks, threads, method
            As for `travel_ticks`; `method` may be ``hierarchy`` too.

        Raises
        ------
        InputError
            When the cutoff is negative or the weights are not one row per node.
        """
        cutoff = _check_cutoff(cutoff_ticks)
        table = np.asarray(weights, np.float64)
        table = table[:, None] if table.ndim == 1 else table
        if table.shape[0] != self.n_nodes:
            raise InputError(f"{table.shape[0]} rows of weights for {self.n_nodes} street nodes")
        if not len(seeds) or not self.n_nodes:
            return np.zeros((len(seeds), table.shape[1]))
        chosen = method or self._choose_sum(seeds, cutoff, threads)
        self._tell(chosen, len(seeds), "sums")
        if chosen == "scipy":
            return self._scipy_sums(seeds, table, cutoff)
        if chosen == "hierarchy":
            from transit_model.streets.sweep import sweep_sums

            return sweep_sums(self._hierarchy(), seeds.node[:, 0], table, cutoff, threads=threads)
        from transit_model.streets import bucket_queue

        query = bucket_queue.SeedArrays(*_contiguous(seeds))
        return self._buckets().sum_within(query, table, cutoff, threads=threads)

    def _choose_sum(self, seeds: Seeds, cutoff: int, threads: int | None) -> Method:
        """Count what a few origins reach: a hierarchy pays for many origins that reach far, and for nodes only."""
        if not _are_nodes(seeds) or choose_sum_method(self.n_nodes, len(seeds), self.n_nodes) == "buckets":
            return "buckets"
        step = max(1, len(seeds) // _PROBES)
        probes = Seeds(seeds.node[::step][:_PROBES], seeds.ticks[::step][:_PROBES])
        reach = self.sum_within(probes, np.ones(self.n_nodes), cutoff, threads=threads, method="buckets")
        return choose_sum_method(self.n_nodes, len(seeds), float(reach.mean()))

    def _scipy_sums(self, seeds: Seeds, weights: F64, cutoff: int) -> F64:
        out = np.zeros((len(seeds), weights.shape[1]))
        size = max(1, _CHUNK_CELLS // self.n_nodes)
        for first in range(0, len(seeds), size):
            part = seeds.take(slice(first, first + size))
            out[first : first + size] = (self._scipy_rows(part, cutoff, None) <= cutoff) @ weights
        return out

    def _hierarchy(self) -> Hierarchy:
        def make() -> Hierarchy:
            from transit_model.streets.hierarchy import build_hierarchy

            return build_hierarchy(*self._arcs)

        return self.keep("hierarchy", make)


def _are_nodes(seeds: Seeds) -> bool:
    """Return whether every row is one node from which nothing is spent yet."""
    return seeds.node.shape[1] == 1 and not seeds.ticks.any() and bool((seeds.node >= 0).all())


def build_sum_engine(streets: StreetArrays) -> SumEngine:
    """Return an engine of a street graph that sums too."""
    return SumEngine(streets.indptr, streets.head, streets.weight_ticks, streets.lon, streets.lat)
