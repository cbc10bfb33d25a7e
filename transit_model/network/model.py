"""The immutable `Network`: one region at one date, with what a scenario added."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.assumptions import Assumptions
from transit_model.domain.ground import Ground
from transit_model.domain.region import Feed, RegionInfo, Text
from transit_model.network.road_change import NONE, NetworkRoads, RoadChange, start_change
from transit_model.network.table_texts import TableTexts


@dataclass(frozen=True)
class Provenance:
    """Which project brought an element: its id, title, source, confidence and what was assumed.

    `assumed` are texts ``field: zh / en``; `kind` is empty where it is not known any more.
    """

    project_id: str
    title: Text
    source: str
    confidence: str
    assumed: tuple[str, ...] = ()
    kind: str = ""

    @property
    def assumed_fields(self) -> tuple[str, ...]:
        """Return the fields that were assumed."""
        return tuple(text.partition(":")[0] for text in self.assumed)


@dataclass(frozen=True)
class RoadWorks:
    """Works on roads at certain hours of every day.

    Attributes
    ----------
    hours : (int, int)
        Clock seconds; over midnight when the second is the earlier.
    closed : frozenset of str
        link_ids (one direction each) that are closed.
    slowed_kmh : mapping
        link_id to the posted speed during works.
    """

    project_id: str
    hours: tuple[int, int]
    closed: frozenset[str] = frozenset()
    slowed_kmh: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class BaseTables:
    """The tables of the network before its first project: people are placed by these, since projects move nobody."""

    nodes: pd.DataFrame
    links: pd.DataFrame
    stations: pd.DataFrame
    shapes: pd.DataFrame


@dataclass(frozen=True, eq=False)
class Network:
    """Roads, stations and timetable ready to be compiled for routing. Never edited: `with_tables` copies.

    Attributes
    ----------
    as_of : date
        Roads opened after this date are not in `links`.
    nodes : DataFrame
        Columns of `ROAD_NODES`, index = row number.
    links : DataFrame
        *Directed* links: columns of `ROAD_LINKS` without ``oneway``, plus ``road_id`` (the id of the two-way
        road) and ``project_id`` ("" for the base). A two-way road is two rows: ``X`` and ``X~`` (against the
        drawing).
    shapes : DataFrame
        Shape points by ``road_id`` in drawing order (columns link_id, seq, lon, lat; link_id = road_id).
    stations : DataFrame
        Columns of `STATIONS`; every stop of the feed that a traveller enters from outside.
    station_links : DataFrame
        stop_id, node_id, snap_m: where each stop joins the road network.
    feed : Feed
    projects : tuple of Provenance
        What was applied, in order.
    pack_tables : mapping
        Tables of the region pack beyond the named ones, by name: observations, lines, metro stops.
    outlines : mapping or None
        Outlines of the counties as a GeoJSON feature collection.
    ground : Ground or None
        What lies under the maps: rivers, relief, borders, shields, courses of rails; nothing is measured by it.
    base_tables : BaseTables or None
        None for a network that was read back from an export.
    rules : mapping
        Switches that projects set, e.g. whether ambulances cross city borders; one that is not named is off.
    places_opened, places_closed : frozenset of str
        place_ids in use (or out of use) because a project says so.
    works : tuple of RoadWorks
        What is closed or slow at certain hours only; `links` are those outside these hours (`works.apply_works`).
    rail_courses : mapping
        Points (lon, lat) of new railways by two stations, the first in the alphabet first; for maps.
    road_change : RoadChange or None
        How the roads came from those of a network of which it was asked (`as_road_base`); read `find_road_change`.
    """

    info: RegionInfo
    as_of: date
    places: pd.DataFrame
    counties: pd.DataFrame
    nodes: pd.DataFrame
    links: pd.DataFrame
    shapes: pd.DataFrame
    stations: pd.DataFrame
    station_links: pd.DataFrame
    feed: Feed
    assumptions: Assumptions
    base_fingerprint: str
    projects: tuple[Provenance, ...] = ()
    notes: tuple[Text, ...] = ()
    pack_tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    outlines: Mapping[str, Any] | None = None
    ground: Ground | None = None
    base_tables: BaseTables | None = None
    rules: Mapping[str, bool] = field(default_factory=dict)
    places_opened: frozenset[str] = frozenset()
    places_closed: frozenset[str] = frozenset()
    works: tuple[RoadWorks, ...] = ()
    rail_courses: Mapping[tuple[str, str], list[tuple[float, float]]] = field(default_factory=dict)
    road_change: RoadChange | None = None

    @cached_property
    def link_ends(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Rows of `nodes` at the first and last end of each row of `links`, (n_links,) each; -1 for an unknown node."""
        change = self.find_road_change()
        return NetworkRoads(self.links, self.nodes, self.shapes).ends if change is None else change.ends

    @cached_property
    def link_backs(self) -> npt.NDArray[np.int64]:
        """Row of the way back along the same road of each row of `links`, -1 for none, (n_links,)."""
        change = self.find_road_change()
        return NetworkRoads(self.links, self.nodes, self.shapes).backs if change is None else change.backs

    def as_road_base(self) -> Network:
        """Return the network as one from which changes of roads are told from now on."""
        return replace(self, road_change=start_change(self.links, self.nodes, self.shapes))

    def find_road_change(self) -> RoadChange | None:
        """Return how the roads came from those of a base, None where nobody kept count or tables were exchanged."""
        change = self.road_change
        if change is None:
            return None
        after = change.after
        same = after.links is self.links and after.nodes is self.nodes and after.shapes is self.shapes
        return change if same else None

    def with_roads(
        self,
        links: pd.DataFrame | None = None,
        nodes: pd.DataFrame | None = None,
        shapes: pd.DataFrame | None = None,
        *,
        gone: npt.NDArray[np.int64] = NONE,
        changed: npt.NDArray[np.int64] = NONE,
    ) -> Network:
        """Return a copy with other roads; what is new stands at the end of its table, the rest as before.

        Parameters
        ----------
        links, nodes, shapes : DataFrame, optional
        gone, changed : (k,) and (m,) int64
            Rows of the links *before* that are no more, or of which a cell may have changed.
        """
        tables = NetworkRoads(
            self.links if links is None else links,
            self.nodes if nodes is None else nodes,
            self.shapes if shapes is None else shapes,
        )
        known = self.find_road_change()
        change = None if known is None else known.then(tables, gone, changed)
        return replace(self, links=tables.links, nodes=tables.nodes, shapes=tables.shapes, road_change=change)

    def with_tables(self, **changes: Any) -> Network:  # noqa: ANN401 - fields of this class
        """Return a copy with some fields replaced; unchanged tables are shared, not copied."""
        return replace(self, **changes)

    def fingerprint(self, known: TableTexts | None = None) -> str:
        """Return a SHA-256 over tables, date and assumptions: equal content, equal fingerprint.

        `known` keeps the texts of tables, for the networks of a study, which share most of theirs.
        """
        texts = TableTexts() if known is None else known
        digest = hashlib.sha256()
        digest.update(f"{self.info.region_id}|{self.as_of.isoformat()}|{self.assumptions.fingerprint()}".encode())
        if self.works:
            works = sorted(f"{w.hours}{sorted(w.closed)}{sorted(w.slowed_kmh.items())}" for w in self.works)
            digest.update("|".join(works).encode())
        feed_tables = [getattr(self.feed, name) for name in sorted(vars(self.feed))]
        for table in (self.places, self.nodes, self.links, self.shapes, self.station_links, *feed_tables):
            for text in texts.get(table):
                digest.update(text)
        return digest.hexdigest()
