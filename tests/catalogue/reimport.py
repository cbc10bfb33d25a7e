"""An exported scenario back into a network: the same tables, so the same times."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

from transit_model.assumptions import Assumptions, read_default_assumptions
from transit_model.catalogue.export import GTFS_FOLDER, GTFS_ZIP, ROADS_FILE, SCHEMA, read_manifest
from transit_model.domain.region import RegionInfo
from transit_model.errors import InputError, Issue
from transit_model.gtfs.feed import read_gtfs
from transit_model.network.model import Network, Provenance
from transit_model.scenario.policy_edit import PLACES_CLOSED, PLACES_OPENED

_LAYERS = ("nodes", "links", "stations", "station_links", "places", "counties")


def read_export(folder: Path) -> Network:
    """Return the network of an exported scenario.

    Projects come back as provenance only: their trips and roads are in the tables, timed as they were.

    Raises
    ------
    InputError
        ``not_an_export``, ``unknown_schema``, ``missing_file``, ``unreadable_file`` and those of the feed.
    """
    manifest = read_manifest(folder)
    if manifest is None:
        hint = "give a folder written by `transit-model scenario export`"
        raise InputError(Issue("not_an_export", "error", "no exported scenario here", file=str(folder), hint=hint))
    if manifest.get("schema") != SCHEMA:
        message = f"the export has schema {manifest.get('schema')}, this version reads {SCHEMA}"
        raise InputError(Issue("unknown_schema", "error", message, file=str(folder), hint="export it again"))
    packed = folder / GTFS_ZIP
    feed = read_gtfs(packed if packed.is_file() else folder / GTFS_FOLDER)
    layers = {name: _read_layer(folder / ROADS_FILE, name) for name in _LAYERS}
    links = layers["links"].drop(columns="geometry")
    tables = {n: t.drop(columns="geometry", errors="ignore") for n, t in layers.items()}
    rules = dict(manifest["rules"])
    opened, closed = (frozenset(rules.pop(key)) for key in (PLACES_OPENED, PLACES_CLOSED))
    return Network(
        info=_build_info(manifest["region"]),
        as_of=date.fromisoformat(manifest["as_of"]),
        places=tables["places"],
        counties=tables["counties"],
        nodes=tables["nodes"],
        links=links,
        shapes=_collect_shapes(layers["links"]),
        stations=tables["stations"],
        station_links=tables["station_links"],
        feed=feed,
        assumptions=_build_assumptions(manifest["assumptions"]),
        base_fingerprint=str(manifest["region_fingerprint"]),
        projects=tuple(Provenance(**{**p, "assumed": tuple(p["assumed"])}) for p in manifest["projects"]),
        rules=rules,
        places_opened=opened,
        places_closed=closed,
    )


def _read_layer(path: Path, name: str) -> pd.DataFrame:
    import pyogrio

    if not path.is_file():
        raise InputError(Issue("missing_file", "error", f"the export lacks {path.name}", file=str(path)))
    try:
        table = pd.DataFrame(pyogrio.read_dataframe(path, layer=name))
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise InputError(Issue("unreadable_file", "error", str(error), file=str(path), field=name)) from error
    texts = [c for c in table.columns if c != "geometry" and not pd.api.types.is_numeric_dtype(table[c].dtype)]
    # An empty text may come back as a missing one, depending on the tool that wrote the file last.
    return table.assign(**{c: table[c].fillna("").astype("str") for c in texts})


def _collect_shapes(links: pd.DataFrame) -> pd.DataFrame:
    """Return the points between the nodes, by road in drawing order."""
    first = links[~links.duplicated("road_id")]
    rows: list[tuple[str, int, float, float]] = []
    for link_id, road_id, line in zip(first["link_id"], first["road_id"], first["geometry"], strict=True):
        middle = shapely.get_coordinates(line)[1:-1]
        if link_id != road_id:
            middle = middle[::-1]
        rows += [(str(road_id), seq, float(lon), float(lat)) for seq, (lon, lat) in enumerate(middle)]
    table = pd.DataFrame(rows, columns=["link_id", "seq", "lon", "lat"])
    return table.astype({"link_id": "str", "seq": np.int64, "lon": np.float64, "lat": np.float64})


def _build_info(region: Mapping[str, Any]) -> RegionInfo:
    groups = ("groups", "main_stations")
    values = dict(region) | {k: {name: tuple(ids) for name, ids in region[k].items()} for k in groups}
    values |= {k: date.fromisoformat(region[k]) for k in ("built_as_of", "service_date")}
    values |= {k: tuple(region[k]) for k in ("bbox", "window", "known_gaps", "limits")}
    return RegionInfo(**values)


def _build_assumptions(numbers: Mapping[str, Any]) -> Assumptions:
    return read_default_assumptions().with_changes(**numbers)
