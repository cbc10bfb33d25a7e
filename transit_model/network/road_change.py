"""How the roads of a network came from those of another, row by row: what was made of those need not be made anew.

A project adds a few roads to hundreds of thousands. Whoever compiled the roads before it (`network.street_edit`) asks
here which rows are other rows, in place of reading and comparing tables.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.domain.rows import find_few_rows, find_rows, take_cells

I64 = npt.NDArray[np.int64]
Name = Literal["links", "nodes", "shapes"]
NONE: I64 = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class NetworkRoads:
    """The tables of the roads of one network; see `Network`."""

    links: pd.DataFrame
    nodes: pd.DataFrame
    shapes: pd.DataFrame

    @cached_property
    def ends(self) -> tuple[I64, I64]:
        """Rows of `nodes` at the first and last end of each link, (n_links,) each; -1 for an unknown node."""
        ids, links = self.nodes["node_id"], self.links
        return find_rows(ids, links["from_node_id"]), find_rows(ids, links["to_node_id"])

    @cached_property
    def backs(self) -> I64:
        """Row of the way back of each link, see `find_back_rows`."""
        return find_back_rows(self.links)


@dataclass(frozen=True, eq=False)
class RoadChange:
    """What differs between the roads of two networks.

    Links that stay keep their order; new links, nodes and shape points stand at the end of their tables.

    Attributes
    ----------
    before, after : NetworkRoads
    gone : (k,) int64
        Rows of ``before.links`` that are no more, in ascending order.
    changed : (m,) int64
        Rows of ``after.links`` that were there before and may have other cells, in ascending order.
    """

    before: NetworkRoads
    after: NetworkRoads
    gone: I64 = field(default_factory=lambda: NONE)
    changed: I64 = field(default_factory=lambda: NONE)
    _compared: dict[str, tuple[list[Any], npt.NDArray[np.bool_]]] = field(default_factory=dict, repr=False)

    @property
    def n_kept(self) -> int:
        """How many links stay; they are the first of ``after.links``."""
        return len(self.before.links) - len(self.gone)

    @property
    def is_none(self) -> bool:
        """Whether both are the same tables."""
        return self.before is self.after

    @cached_property
    def touched(self) -> I64:
        """Rows of ``after.links`` that are new or may have other cells, in ascending order."""
        return np.concatenate([self.changed, np.arange(self.n_kept, len(self.after.links))])

    @cached_property
    def kept(self) -> I64 | slice:
        """Rows of ``before.links`` that stay: a slice when all of them do."""
        if not len(self.gone):
            return slice(0, len(self.before.links))
        return np.delete(np.arange(len(self.before.links)), self.gone)

    def find_before(self, rows: I64) -> I64:
        """Return the rows of ``before.links`` of links that stay, given by their rows in ``after.links``."""
        return rows if isinstance(self.kept, slice) else self.kept[rows]

    @cached_property
    def ends(self) -> tuple[I64, I64]:
        """`NetworkRoads.ends` of ``after``, from those of ``before``."""
        if self.is_none:
            return self.before.ends
        rows, links = self.touched, self.after.links
        n_before = len(self.before.nodes)
        wanted = [list(map(str, take_cells(links[name], rows))) for name in ("from_node_id", "to_node_id")]
        at = find_few_rows(self.before.nodes["node_id"], [*wanted[0], *wanted[1]])
        for n, name in enumerate(self.after.nodes["node_id"].iloc[n_before:].astype(str).tolist()):
            at.setdefault(name, n_before + n)
        out = []
        for ends, own in zip(self.before.ends, wanted, strict=True):
            column = np.concatenate([ends[self.kept], np.zeros(len(links) - self.n_kept, dtype=np.int64)])
            column[rows] = [at.get(name, -1) for name in own]
            out.append(column)
        return out[0], out[1]

    @cached_property
    def backs(self) -> I64:
        """`NetworkRoads.backs` of ``after``, from those of ``before`` where no new link is of an old road."""
        if self.is_none:
            return self.before.backs
        added = self.after.links[["link_id", "road_id"]].iloc[self.n_kept :]
        renamed = len(self.changed) and any(self.compare(name)[1].any() for name in ("link_id", "road_id"))
        if renamed or find_few_rows(self.before.links["road_id"], added["road_id"].astype(str).tolist()):
            return self.after.backs
        row_of = np.full(len(self.before.links) + 1, -1, dtype=np.int64)  # the last is that of no link
        row_of[:-1][self.kept] = np.arange(self.n_kept)
        own = find_back_rows(added)
        own[own >= 0] += self.n_kept
        return np.concatenate([row_of[self.before.backs][self.kept], own])

    def digest(self, name: Name, columns: Sequence[str] = ()) -> bytes:
        """Return a digest of what differs in a table (in some of its columns); empty when nothing does."""
        before, after = (getattr(tables, name) for tables in (self.before, self.after))
        if before is after:
            return b""
        names = list(columns or after.columns)
        is_links = name == "links"
        gone = self.gone if is_links else NONE
        n_kept = len(before) - len(gone)
        changed, other = self._find_other(names) if is_links and len(self.changed) else (NONE, [[] for _ in names])
        if not (len(gone) or len(after) > n_kept or len(changed)):
            return b""
        digest = hashlib.blake2b(digest_size=16)
        for rows in (gone, changed):
            digest.update(rows.tobytes() + b"|")
        added = [after[column].iloc[n_kept:].tolist() for column in names]
        for cells in (*other, *added):
            digest.update("\x1f".join(map(repr, cells)).encode() + b"\x1e")
        return digest.digest()

    def _find_other(self, names: Sequence[str]) -> tuple[I64, list[list[Any]]]:
        """Return the changed links of which some of the columns named differ: rows of ``after.links``, and cells."""
        columns = [self.compare(name) for name in names]
        differs = np.any([other for _, other in columns], axis=0)
        rows = np.flatnonzero(differs).tolist()
        return self.changed[differs], [[cells[row] for row in rows] for cells, _ in columns]

    def compare(self, column: str) -> tuple[list[Any], npt.NDArray[np.bool_]]:
        """Return the cells of the changed links in a column, and which differ; several digests read the same columns.

        A column at a time: of a table of a dozen columns a few rows cost more to take out than to compare.
        """
        if column not in self._compared:
            new = self.after.links[column].array.take(self.changed).tolist()
            old = self.before.links[column].array.take(self.find_before(self.changed)).tolist()
            differs = np.fromiter((str(a) != str(b) for a, b in zip(new, old, strict=True)), dtype=bool)
            self._compared[column] = new, differs
        return self._compared[column]

    def then(self, tables: NetworkRoads, gone: I64, changed: I64) -> RoadChange | None:
        """Return this change and another after it, None when columns have come or gone.

        Parameters
        ----------
        tables : NetworkRoads
            After both.
        gone, changed : (k,) and (m,) int64
            Rows of ``after.links`` of this change that go, or whose cells may change.
        """
        pairs = ((self.before.links, tables.links), (self.before.nodes, tables.nodes))
        if any(list(a.columns) != list(b.columns) for a, b in pairs):
            return None
        lost, other = np.unique(gone), np.setdiff1d(np.union1d(self.changed, changed), gone)
        other = other[other < self.n_kept]
        all_gone = np.union1d(self.gone, self.find_before(lost[lost < self.n_kept]))
        return RoadChange(self.before, tables, all_gone, other - np.searchsorted(lost, other))


def start_change(links: pd.DataFrame, nodes: pd.DataFrame, shapes: pd.DataFrame) -> RoadChange:
    """Return the change that is none: later ones are told from these tables."""
    tables = NetworkRoads(links, nodes, shapes)
    return RoadChange(tables, tables)


def find_back_rows(links: pd.DataFrame) -> I64:
    """Return for each directed link the row of the same road the other way, -1 for a one-way road."""
    road, _ = pd.factorize(links["road_id"])
    against = (links["link_id"] != links["road_id"]).to_numpy(dtype=bool)
    # A road has one row each way at most, so its other row is found by road and direction.
    forth, back = np.full(len(links), -1, dtype=np.int64), np.full(len(links), -1, dtype=np.int64)
    rows = np.arange(len(links))
    forth[road[~against]], back[road[against]] = rows[~against], rows[against]
    other: I64 = np.where(against, forth[road], back[road])
    return other
