"""A workspace of what an analyst has at hand: an extract or a graph, feeds, a table of places."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

import pandas as pd

from transit_model.errors import InputError, Issue
from transit_model.gtfs.feed_import import import_feeds
from transit_model.measure.named_inputs import read_place_table
from transit_model.measure.workspace import Workspace
from transit_model.region.assemble import assemble_region
from transit_model.roads.road_tables import RoadTables
from transit_model.store.scratch import make_scratch

if TYPE_CHECKING:
    import geopandas as gpd
    import networkx as nx


class Parts(TypedDict, total=False):
    """What `transit_model.open` makes a region of.

    Attributes
    ----------
    osm : path
        Extract of OpenStreetMap (``.osm.pbf``, ``.osm`` ...).
    roads : MultiDiGraph or GeoDataFrame
        Instead of `osm`: a graph of osmnx, or its edges.
    gtfs : path or sequence of path
        Feeds, merged.
    places : DataFrame or GeoDataFrame
        Column ``id``, and ``lon`` and ``lat`` or points as geometry; the group ``centres``.
    folder : path
        Where the region is written, to be opened again by its path; a temporary folder when absent.
    streets : bool
        False for a corridor network, in which not every street is mapped.
    """

    osm: str | Path
    roads: nx.MultiDiGraph[Any] | gpd.GeoDataFrame
    gtfs: str | Path | Sequence[str | Path]
    places: pd.DataFrame
    folder: str | Path
    streets: bool


def open_parts(
    region: str | Path | None, parts: Parts, population: str = "model", *, unused: Mapping[str, object] | None = None
) -> Workspace:
    """Return the workspace of parts; each odd thing about them is a `UserWarning`.

    Raises
    ------
    InputError
        ``two_regions`` when a region is named too; those of `write_parts`.
    """
    if region is not None:
        message = "a region is opened or made of parts, not both"
        raise InputError(Issue("two_regions", "error", message, field="region", value=str(region)))
    idle = [name for name, value in (unused or {}).items() if value is not None]
    if idle:
        hint = "open the folder that was written: tm.open(folder, ...)"
        message = "a region made of parts has one timetable and one scenario"
        raise InputError([Issue("option_unused", "error", message, field=name, hint=hint) for name in idle])
    folder, issues = write_parts(parts)
    for issue in issues:
        warnings.warn(str(issue), UserWarning, stacklevel=3)
    return Workspace.open(folder, population=population)


def write_parts(parts: Parts, day: date | None = None) -> tuple[Path, list[Issue]]:
    """Write a region folder of parts; return it and what is odd about them.

    The service day is the busiest of the feeds when no `day` is named.

    Raises
    ------
    InputError
        ``missing_part`` without places or without roads, ``two_roads`` with two; all that the readers tell.
    """
    lacking = [] if "places" in parts else ["places"]
    lacking += [] if {"osm", "roads"} & set(parts) else ["roads"]
    if lacking:
        hint = "tm.open(osm='map.osm.pbf', gtfs=['feed.zip'], places=gdf), or roads=G of osmnx"
        raise InputError([Issue("missing_part", "error", f"{n} are missing", field=n, hint=hint) for n in lacking])
    if "osm" in parts and "roads" in parts:
        raise InputError(Issue("two_roads", "error", "give an extract or a graph, not both", field="roads"))
    places = read_place_table(parts["places"])
    for name in ("osm", "folder"):
        if name in parts and not isinstance(parts[name], str | Path):
            raise InputError(Issue("bad_value", "error", "a path is wanted", field=name, value=str(parts[name])[:80]))
    tables, streets = _read_roads(parts), parts.get("streets", True)
    feed, issues = None, list(tables.issues)
    if given := parts.get("gtfs"):
        feeds = [given] if isinstance(given, str | Path) else list(given)
        feed, found = import_feeds([Path(f) for f in feeds])
        issues += found
    folder = Path(parts["folder"]) if "folder" in parts else make_scratch("region") / "region"
    assemble_region(folder, tables, places, feed, streets=streets, day=day)
    return folder, issues


def _read_roads(parts: Parts) -> RoadTables:
    if "roads" in parts:
        from transit_model.roads.osmnx_graph import read_osmnx_graph

        return read_osmnx_graph(parts["roads"])
    from transit_model.roads.osm_roads import RoadOptions
    from transit_model.roads.road_files import import_roads

    return import_roads(Path(parts["osm"]), RoadOptions()).tables
