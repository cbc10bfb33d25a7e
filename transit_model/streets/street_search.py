"""One interface to all street searches; the engine is chosen by the size of the question and never by its result.

| engine | for | costs before the first origin |
|---|---|---|
| ``plain`` | so few nodes and origins that loading a library takes longer (`plain_search`) | nothing |
| ``scipy`` | few origins: nothing is compiled | the graph as a sparse matrix |
| ``buckets`` | many origins (`bucket_queue`) | packing, some 0.7 s per million nodes; loading numba |
| ``hierarchy`` | sums from very many (`batches.street_sums`) | contraction, some 22 s per million nodes |
| edited (`edited_search`) | a graph made from another by a few links | what the graph before has, once for all |

All are exact in integer ticks. Sums of whole numbers are equal whichever engine adds them; for other weights the
choice depends on the question alone, so the same question has the same bytes on every machine.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeVar, cast
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from transit_model.errors import InputError
from transit_model.network.arrays import F64, I32, EditedStreets, StreetArrays
from transit_model.store.jit import INF_S

if TYPE_CHECKING:
    from scipy import sparse

    from transit_model.streets.bucket_queue import BucketSearch, SeedArrays
    from transit_model.streets.edited_search import EditedSearch, KeptBase

T = TypeVar("T")
Method = Literal["plain", "scipy", "buckets", "hierarchy"]

UNREACHED: Final = INF_S
"""In rows of ticks: not reached within the cutoff."""
NO_CUTOFF: Final = UNREACHED - 1

# Processor time of one thread on the drive network of Porto and its copies, rounded; only the choice hangs on them.
SCIPY_S_PER_NODE: Final = 250e-9
BUCKET_S_PER_NODE: Final = 25e-9
PACK_S_PER_NODE: Final = 0.7e-6
LOAD_S: Final = 0.6
PLAIN_S_PER_NODE: Final = 2.5e-6
LOAD_SCIPY_S: Final = 0.25
SWEEP_S_PER_NODE: Final = 1.5e-9  # of a node in reach: 0.7 in wide circles, 3 in small ones
CONTRACT_S_PER_NODE: Final = 22e-6
_CHUNK_CELLS: Final = 1 << 24

_log = logging.getLogger("transit_model.engine")


@dataclass(frozen=True, eq=False)
class Seeds:
    """Where searches start: graph nodes and ticks already spent, (k, s) int32 each; node -1 for none."""

    node: I32
    ticks: I32

    def __len__(self) -> int:
        return len(self.node)

    def take(self, rows: slice) -> Seeds:
        """Return some rows."""
        return Seeds(self.node[rows], self.ticks[rows])


def node_seeds(nodes: npt.ArrayLike) -> Seeds:
    """Return seeds that start at graph nodes."""
    node = np.asarray(nodes, np.int32).reshape(-1, 1)
    return Seeds(node, np.zeros_like(node))


def choose_method(n_nodes: int, n_rows: int, *, loaded: bool, has_scipy: bool = True, packed: bool = False) -> Method:
    """Return the engine for times from `n_rows` origins.

    Parameters
    ----------
    loaded : bool
        Compiled code is in use already.
    has_scipy : bool
        So is scipy.
    packed : bool
        The graph is packed for buckets already.
    """
    if not loaded and not has_scipy and n_rows * n_nodes * PLAIN_S_PER_NODE < LOAD_SCIPY_S:
        return "plain"
    by_scipy = n_rows * n_nodes * SCIPY_S_PER_NODE
    pack_s = 0.0 if packed else PACK_S_PER_NODE
    by_buckets = (0.0 if loaded else LOAD_S) + n_nodes * (pack_s + n_rows * BUCKET_S_PER_NODE)
    return "scipy" if by_scipy <= by_buckets else "buckets"


def choose_sum_method(n_nodes: int, n_rows: int, mean_reach: float) -> Method:
    """Return the engine for sums from `n_rows` origins that reach `mean_reach` nodes within the cutoff."""
    by_buckets = n_rows * mean_reach * BUCKET_S_PER_NODE
    by_sweeps = n_nodes * CONTRACT_S_PER_NODE + n_rows * mean_reach * SWEEP_S_PER_NODE
    return "buckets" if by_buckets <= by_sweeps else "hierarchy"


class StreetEngine:
    """Searches on one street graph; what an engine needs is made when it is first chosen, and kept.

    Holds the arrays of the graph and not the `StreetArrays`, so `find_engine` can forget both together. The engine of
    an edited graph asks that of the graph before (`edited_search`).
    """

    def __init__(
        self,
        indptr: I32,
        head: I32,
        ticks: I32,
        lon: F64,
        lat: F64,
        *,
        edited: Callable[[], EditedSearch] | None = None,
    ) -> None:
        self._edited = None if edited is None else lambda: self.keep("edited", edited)
        self._arcs = (indptr, head, ticks)
        self._at = (lon, lat)
        self._lock = threading.Lock()
        self._made: dict[str, object] = {}
        self._logged: set[str] = set()

    @property
    def n_nodes(self) -> int:
        """Number of graph nodes."""
        return len(self._arcs[0]) - 1

    def travel_ticks(
        self,
        seeds: Seeds,
        cutoff_ticks: int = NO_CUTOFF,
        *,
        targets: npt.ArrayLike | None = None,
        threads: int | None = None,
        method: Method | None = None,
    ) -> I32:
        """Return ticks from each row of seeds to every node, (k, n) int32, or to the `targets` only, (k, n_targets).

        Parameters
        ----------
        cutoff_ticks : int
            Nodes further away are `UNREACHED`.
        targets : array of int, optional
            Graph nodes; without them a row has one cell per node.
        threads : int, optional
            As many as there are cores when absent. No number of threads changes a bit.
        method : {"plain", "scipy", "buckets"}, optional
            The engine; chosen by the size when absent.

        Raises
        ------
        InputError
            When the cutoff is negative or the method has no rows.
        """
        cutoff = _check_cutoff(cutoff_ticks)
        loaded = "transit_model.streets.bucket_queue" in sys.modules
        has_scipy = "scipy.sparse.csgraph" in sys.modules
        packed = "buckets" in self._made
        chosen = method or choose_method(self.n_nodes, len(seeds), loaded=loaded, has_scipy=has_scipy, packed=packed)
        wanted = None if targets is None else np.ascontiguousarray(targets, np.int32)
        if not len(seeds) or not self.n_nodes:
            return np.full((len(seeds), self.n_nodes if wanted is None else len(wanted)), UNREACHED, np.int32)
        self._tell(chosen, len(seeds), "times")
        if method is None and self._edited is not None:
            rows = self._edited().travel_ticks(_as_bucket_seeds(seeds), cutoff, wanted, threads)
            if rows is not None:
                return rows
        if chosen == "scipy":
            return self._scipy_rows(seeds, cutoff, wanted)
        if chosen == "plain":
            from transit_model.streets.plain_search import travel_ticks

            return travel_ticks(*self._arcs, *_contiguous(seeds), cutoff, wanted)
        if chosen != "buckets":
            raise InputError(f"rows of times come from plain, scipy or buckets, not from {chosen}")
        return self._buckets().travel_ticks(_as_bucket_seeds(seeds), cutoff, targets=wanted, threads=threads)

    def list_reached(
        self, seeds: Seeds, allowed: npt.NDArray[np.bool_], cutoff_ticks: int = NO_CUTOFF
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], I32]:
        """Return node, row and ticks of all that is reached of some nodes, see `reached_nodes.list_reached`."""
        from transit_model.streets.reached_nodes import list_reached

        if self._edited is not None and len(seeds) and self.n_nodes:
            found = self._edited().list_reached(_as_bucket_seeds(seeds), _check_cutoff(cutoff_ticks), allowed)
            if found is not None:
                return found
        return list_reached(self.travel_ticks(seeds, cutoff_ticks), allowed)

    def matrix(self) -> tuple[sparse.csr_array, I32]:
        """Return the graph in float ticks and the arc behind each entry; of parallel arcs only the cheapest.

        scipy adds up the weights of repeated entries, hence they may not reach it.
        """
        made: tuple[sparse.csr_array, I32] = self.keep("matrix", lambda: _build_matrix(*self._arcs))
        return made

    def _scipy_rows(self, seeds: Seeds, cutoff: int, targets: I32 | None) -> I32:
        from scipy.sparse.csgraph import dijkstra

        n, k = self.n_nodes, len(seeds)
        columns = slice(0, n) if targets is None else targets
        out = np.empty((k, n if targets is None else len(targets)), np.int32)
        size = max(1, _CHUNK_CELLS // n)
        for first in range(0, k, size):
            part = seeds.take(slice(first, first + size))
            graph = append_points(self.matrix()[0], part.node, part.ticks)
            # Further than this no path counts; scipy keeps what is not further than its limit.
            times = dijkstra(graph, indices=np.arange(n, n + len(part)), limit=cutoff)[:, columns]
            out[first : first + size] = np.where(np.isfinite(times), times, UNREACHED)
        return out

    def _buckets(self) -> BucketSearch:
        def make() -> BucketSearch:
            from transit_model.streets.bucket_graph import build_bucket_graph, order_in_space
            from transit_model.streets.bucket_queue import BucketSearch

            return BucketSearch(build_bucket_graph(*self._arcs, order_in_space(*self._at)))

        return self.keep("buckets", make)

    def kept_base(self) -> KeptBase:
        """Return the packed graph that engines of edited graphs share, with the times that were asked of it."""

        def make() -> KeptBase:
            from transit_model.streets.edited_search import KeptBase

            return KeptBase(self._arcs, self._at)

        return self.keep("kept base", make)

    def keep(self, name: str, make: Callable[[], T]) -> T:
        """Return what was made of the graph under a name, made now when it is not there."""
        with self._lock:
            if name not in self._made:
                self._made[name] = make()
            return cast("T", self._made[name])

    def _tell(self, method: Method, n_rows: int, what: str) -> None:
        """Say which engine was chosen, once for each on a graph; further questions are told to who debugs."""
        level = logging.DEBUG if method in self._logged else logging.INFO
        self._logged.add(method)
        _log.log(level, "streets of %d nodes, %s from %d origins: engine %s", self.n_nodes, what, n_rows, method)


_engines: WeakKeyDictionary[StreetArrays, dict[bool, StreetEngine]] = WeakKeyDictionary()


def find_engine(streets: StreetArrays, *, reverse: bool = False) -> StreetEngine:
    """Return the engine of a street graph, or of the graph with every arc turned round (times *to* the seeds).

    Street graphs never change, so what was made for one is kept as long as it lives.
    """
    own = _engines.setdefault(streets, {})
    if reverse not in own:
        arcs = streets.indptr, streets.head, streets.weight_ticks
        edited = _follow_edit(streets, reverse=reverse) if isinstance(streets, EditedStreets) else None
        arcs = turn_arcs(*arcs) if reverse else arcs
        own[reverse] = StreetEngine(*arcs, streets.lon, streets.lat, edited=edited)
    return own[reverse]


def _follow_edit(streets: EditedStreets, *, reverse: bool) -> Callable[[], EditedSearch]:
    """Return what makes the search of an edited graph from the engine of the graph before."""
    from transit_model.streets.edited_search import EditedSearch, list_edits

    engine = find_engine(streets.before, reverse=reverse)
    edits, engine_node = list_edits(streets, reverse=reverse), streets.engine_node
    return lambda: EditedSearch(engine.kept_base(), edits, engine_node)


def turn_arcs(indptr: I32, head: I32, ticks: I32) -> tuple[I32, I32, I32]:
    """Return a CSR graph with every arc turned round."""
    n = len(indptr) - 1
    tail = np.repeat(np.arange(n, dtype=np.int32), np.diff(indptr))
    order = np.argsort(head, kind="stable")
    turned = np.concatenate([[0], np.cumsum(np.bincount(head, minlength=n))]).astype(np.int32)
    return turned, tail[order], ticks[order]


def append_points(graph: sparse.csr_array, node: I32, ticks: I32) -> sparse.csr_array:
    """Return the graph with one more node per row of `node` (k, s) and arcs from it, -1 for none.

    Of several arcs to the same node only the cheapest. A weight of zero stays an arc: scipy takes stored zeros of a
    sparse graph as arcs.
    """
    from scipy import sparse

    n, k = graph.shape[0], len(node)
    row, _ = used = np.nonzero(node >= 0)
    to, spent = node[used], ticks[used]
    order = np.lexsort((spent, to, row))
    row, to, spent = row[order], to[order], spent[order]
    first = np.ones(len(row), np.bool_)
    first[1:] = (np.diff(row) != 0) | (np.diff(to) != 0)
    count = np.bincount(row[first], minlength=k)
    indptr = np.concatenate([graph.indptr, graph.indptr[-1] + np.cumsum(count)]).astype(np.int32)
    indices = np.concatenate([graph.indices, to[first]]).astype(np.int32)
    data = np.concatenate([graph.data, spent[first].astype(np.float64)])
    return sparse.csr_array((data, indices, indptr), shape=(n + k, n + k))


def _build_matrix(indptr: I32, head: I32, ticks: I32) -> tuple[sparse.csr_array, I32]:
    from scipy import sparse

    n = len(indptr) - 1
    tail = np.repeat(np.arange(n, dtype=np.int64), np.diff(indptr))
    order = np.lexsort((ticks, head, tail))
    key = (tail * n + head)[order]
    arc = order[np.concatenate([key[:1] == key[:1], np.diff(key) != 0])]
    pointer = np.searchsorted(tail[arc], np.arange(n + 1)).astype(np.int32)
    graph = sparse.csr_array((ticks[arc].astype(np.float64), head[arc], pointer), shape=(n, n))
    return graph, arc.astype(np.int32)


def _as_bucket_seeds(seeds: Seeds) -> SeedArrays:
    from transit_model.streets import bucket_queue

    return bucket_queue.SeedArrays(*_contiguous(seeds))


def _contiguous(seeds: Seeds) -> tuple[I32, I32]:
    return np.ascontiguousarray(seeds.node, np.int32), np.ascontiguousarray(seeds.ticks, np.int32)


def _check_cutoff(cutoff_ticks: int) -> int:
    if cutoff_ticks < 0:
        raise InputError("a cutoff must not be negative")
    return min(int(cutoff_ticks), NO_CUTOFF)
