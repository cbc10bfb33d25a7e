"""Tables of trains that come out alike on other roads are one object: what is read of them is read once."""

from __future__ import annotations

from dataclasses import fields, replace

import pandas as pd

from transit_model.domain.region import Feed
from transit_model.measure.memo import TRAIN_TABLES, Key, Memo
from transit_model.network.model import Network

_STATION_TABLES = ("stations", "station_links")


def share_tables(network: Network, before: Network, edits: Key, memo: Memo) -> Network:
    """Return a network with the tables of trains of another one where these hold the same, to the bit.

    Tables are kept under the ids of those they were made from and digests are found by id, so an equal table of its own
    would be read again for each set of roads beside the same railway.

    Parameters
    ----------
    network : Network
        After some projects.
    before : Network
        Before them.
    edits : hashable
        The projects with their numbers, as what comes out is kept.
    memo : Memo
    """

    def share(name: str, old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
        if new is old:
            return new
        # holding the old table keeps its id from being given to another
        kept = memo.get(TRAIN_TABLES, (name, id(old), edits), lambda: (old, new))[1]
        return kept if kept is new or are_same(kept, new) else new

    feed, had = network.feed, before.feed
    tables = {f.name: getattr(feed, f.name) for f in fields(Feed)}
    shared = {
        name: share(name, getattr(had, name), table)
        for name, table in tables.items()
        if isinstance(table, pd.DataFrame)
    }
    if any(shared[name] is not tables[name] for name in shared):
        feed = replace(feed, **shared)
    stations = {n: share(n, getattr(before, n), getattr(network, n)) for n in _STATION_TABLES}
    return network.with_tables(feed=feed, **stations)


def are_same(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    """Return whether two tables hold the same in the same order under the same names, to the bit."""
    if not (one.columns.equals(other.columns) and one.index.equals(other.index)):
        return False
    return all(bool(one[c].array.equals(other[c].array)) for c in one.columns)
