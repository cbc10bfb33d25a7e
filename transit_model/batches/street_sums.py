"""Work on a street network of any size: what is within a time of each origin, summed inside the search.

A row for each origin, never a matrix: a country with millions of nodes needs the packed graph, the weights, and a
workspace for each thread. The graph is packed (or the hierarchy built) once, before it is shipped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from transit_model.batches.task import Task
from transit_model.errors import InputError
from transit_model.network.arrays import F64, I32, StreetArrays
from transit_model.streets.bucket_graph import BucketGraph, build_bucket_graph, order_in_space
from transit_model.streets.bucket_queue import BucketSearch, SeedArrays, place_weights
from transit_model.streets.street_search import choose_sum_method, node_seeds

if TYPE_CHECKING:
    from transit_model.store.cache import Cache
    from transit_model.streets.hierarchy import Hierarchy

_PROBES = 8


@dataclass
class StreetSums:
    """Sums of node weights within a cutoff on one or several street networks.

    Attributes
    ----------
    graphs : list of BucketGraph or Hierarchy
        One for each layer of the tasks.
    weights : list of (n, n_weights) float64
        One for each layer, in the order in which its graph keeps the nodes (`place_weights`, ``Hierarchy.node``);
        whole numbers, so that sums are exact in any order.
    names : tuple of str
        Column of each weight.
    origins : (n,) int32
        Graph nodes, the same in all layers.
    cutoff_ticks : int
        In tenths of a second.
    """

    graphs: list[BucketGraph | Hierarchy]
    weights: list[F64]
    names: tuple[str, ...]
    origins: I32
    cutoff_ticks: int

    def __post_init__(self) -> None:
        self._searches: dict[int, BucketSearch] = {}

    def __getstate__(self) -> dict[str, object]:
        # Searches hold workspaces and a lock: every process has its own.
        return {**self.__dict__, "_searches": {}}

    def prepare(self) -> None:
        """Run one search in each layer, so that compiled code is loaded before the first task."""
        for layer in range(len(self.graphs)):
            self._sum(layer, self.origins[:1])

    def measure(self, task: Task) -> pa.Table:
        """Return columns ``node`` and one for each weight."""
        nodes = self.origins[task.start : task.stop]
        sums = self._sum(task.layer, nodes)
        columns = {name: sums[:, k] for k, name in enumerate(self.names)}
        return pa.table({"node": pa.array(nodes, pa.int32()), **columns})

    def sum_rows(self, layer: int, rows: slice, cutoff_ticks: int) -> F64:
        """Return the sums of some origins within another cutoff, (n, n_weights)."""
        return self._sum(layer, self.origins[rows], cutoff_ticks)

    def _sum(self, layer: int, nodes: I32, cutoff_ticks: int | None = None) -> F64:
        cutoff = self.cutoff_ticks if cutoff_ticks is None else cutoff_ticks
        graph, weights = self.graphs[layer], self.weights[layer]
        if not isinstance(graph, BucketGraph):
            from transit_model.streets.sweep import sweep_sums

            return sweep_sums(graph, nodes, weights, cutoff, threads=1, placed=True)
        if layer not in self._searches:
            self._searches[layer] = BucketSearch(graph)
        search = self._searches[layer]
        seeds = node_seeds(nodes)
        return search.sum_within(SeedArrays(seeds.node, seeds.ticks), weights, cutoff, threads=1, placed=True)


def build_street_sums(
    streets: Sequence[StreetArrays],
    origins: npt.ArrayLike,
    weights: Sequence[dict[str, npt.NDArray[np.float64]]],
    cutoff_ticks: int,
    *,
    cache: Cache | None = None,
) -> StreetSums:
    """Pack street networks for `StreetSums`; few nodes in reach take buckets, many origins with far reach a hierarchy.

    Parameters
    ----------
    streets : sequence of StreetArrays
        A network for each layer, with equal nodes.
    origins : (n,) int
        Graph nodes.
    weights : sequence of dict
        For each layer, name to (n_nodes,) whole numbers.
    cutoff_ticks : int
    cache : Cache, optional
        Where hierarchies are kept from run to run.

    Raises
    ------
    InputError
        When networks and weights differ in number or length, a weight is no whole number, or an origin is no node.
    """
    nodes = np.ascontiguousarray(origins, np.int32)
    if not streets or len(streets) != len(weights) or len({tuple(w) for w in weights}) != 1:
        raise InputError("each network needs the same weights, and there must be one at least")
    tables = [np.column_stack([np.asarray(v, np.float64) for v in w.values()]) for w in weights]
    for one, table in zip(streets, tables, strict=True):
        if len(table) != one.n_nodes or not np.array_equal(table, np.rint(table)):
            raise InputError("weights must be whole numbers, one for each node")
        if len(nodes) and not 0 <= int(nodes.min()) <= int(nodes.max()) < one.n_nodes:
            raise InputError(f"an origin is not within 0 and {one.n_nodes - 1}")
    graphs = [_pack(one, nodes, cutoff_ticks, cache) for one in streets]
    laid = [_lay(graph, table) for graph, table in zip(graphs, tables, strict=True)]
    return StreetSums(graphs, laid, tuple(weights[0]), nodes, cutoff_ticks)


def _lay(graph: BucketGraph | Hierarchy, table: F64) -> F64:
    return place_weights(graph, table) if isinstance(graph, BucketGraph) else table[graph.node]


def _pack(streets: StreetArrays, nodes: I32, cutoff_ticks: int, cache: Cache | None) -> BucketGraph | Hierarchy:
    arcs = streets.indptr, streets.head, streets.weight_ticks
    graph = build_bucket_graph(*arcs, order_in_space(streets.lon, streets.lat))
    ones = place_weights(graph, np.ones((streets.n_nodes, 1)))
    probes = StreetSums([graph], [ones], ("n",), nodes, cutoff_ticks)
    some = nodes[:: max(1, len(nodes) // _PROBES)][:_PROBES]
    reach = float(probes._sum(0, some).mean()) if len(some) else 0.0
    if choose_sum_method(streets.n_nodes, len(nodes), reach) == "buckets":
        return graph
    from transit_model.batches.hierarchy_cache import fetch_hierarchy
    from transit_model.streets.hierarchy import build_hierarchy

    return build_hierarchy(*arcs) if cache is None else fetch_hierarchy(*arcs, cache)
