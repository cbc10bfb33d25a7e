"""Road tables to the files of a region pack, to GeoParquet, and to the cache and back."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from transit_model.domain.safe_text import escape_frame
from transit_model.domain.tables import ROAD_LINKS, ROAD_NODES, ROAD_SHAPES
from transit_model.errors import InputError, Issue, has_errors
from transit_model.roads.highway_speeds import read_speed_rules
from transit_model.roads.osm_road_report import RoadReport
from transit_model.roads.osm_roads import READ_STEPS, OsmRoads, RoadOptions, read_osm_roads
from transit_model.roads.road_tables import RoadTables
from transit_model.store.arrow_tables import read_arrow_tables, write_arrow_tables
from transit_model.store.cache import Cache, hash_file, make_key
from transit_model.store.csv_table import check_csv_table

if TYPE_CHECKING:
    import geopandas as gpd

RECIPE = 5
"""Goes up when the same file would give other tables."""
REPORT_FILE = "import.json"
_EXTRA = ("kind", "delay_s")
_NAME_COLUMNS = ("name_zh", "name_en", "ref", "source")
_TABLES = ("nodes", "links", "shapes")


def import_roads(
    path: Path, options: RoadOptions, cache: Cache | None = None, tick: Callable[[str], object] = lambda _text: None
) -> OsmRoads:
    """Return the roads of an OSM file, from the cache when the same file was read the same way before.

    `tick` is called as by `read_osm_roads`, also when nothing has to be read.

    Raises
    ------
    InputError
        As `read_osm_roads`.
    """
    path = Path(path)
    if cache is None or not path.is_file():
        return read_osm_roads(path, options, tick)
    rules = read_speed_rules(options.speeds)
    key = make_key(
        "osm-roads",
        recipe=RECIPE,
        file=hash_file(path),
        name=path.name,
        options=asdict(options),
        speeds=repr((sorted(rules.classes.items()), sorted(rules.zones.items()), rules.unpaved_kmh)),
        osmium=version("osmium"),
    )
    entry = cache.find(key)
    if entry is not None:
        for _ in range(READ_STEPS):
            tick("")
        return read_cached_roads(entry)
    roads = read_osm_roads(path, options, tick)
    cache.store(key, lambda folder: write_cached_roads(roads, folder))
    return roads


def write_road_tables(roads: OsmRoads, folder: Path, fetched: Sequence[str] = ()) -> None:
    """Write ``nodes.csv``, ``links.csv``, ``shapes.csv`` and ``import.json`` as the ``roads/`` of a region pack.

    `fetched` are lines that say what was downloaded when; they stand in the report.
    """
    write_plain_tables(roads.tables, folder)
    content = roads.report.as_dict() | ({"fetched": list(fetched)} if fetched else {})
    report = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / REPORT_FILE).write_text(report + "\n", encoding="utf-8")


def write_plain_tables(road_tables: RoadTables, folder: Path) -> None:
    """Write ``nodes.csv``, ``links.csv`` and ``shapes.csv`` as the ``roads/`` of a region pack."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    folder.mkdir(parents=True, exist_ok=True)
    links = road_tables.links
    flags = {name: links[name].astype("int8") for name in ("oneway", "toll")}
    tables = {
        "nodes": road_tables.nodes[ROAD_NODES.names()],
        "links": links.assign(**flags)[[*ROAD_LINKS.names(), *(c for c in _EXTRA if c in links.columns)]],
        "shapes": road_tables.shapes[ROAD_SHAPES.names()],
    }
    for name, table in tables.items():
        options = arrow_csv.WriteOptions(quoting_style="needed", include_header=False)
        with (folder / f"{name}.csv").open("wb") as file:
            file.write((",".join(table.columns) + "\n").encode())
            safe = escape_frame(table, _NAME_COLUMNS)
            arrow_csv.write_csv(pa.Table.from_pandas(safe, preserve_index=False), file, options)


def read_road_tables(folder: Path) -> RoadTables:
    """Return the road tables of a folder as `write_plain_tables` writes them.

    Raises
    ------
    InputError
        ``missing_file`` and those of the table schemas.
    """
    tables, issues = {}, []
    for schema in (ROAD_NODES, ROAD_LINKS, ROAD_SHAPES):
        path = folder / f"{schema.name}.csv"
        if not path.is_file():
            if schema is not ROAD_SHAPES:
                issues.append(Issue("missing_file", "error", "no such file", file=str(path)))
            tables[schema.name] = pd.DataFrame({c: pd.Series(dtype="str") for c in schema.names()})
            continue
        read, found = check_csv_table(path.read_bytes(), schema, file=path.name)
        issues += found
        if read is not None:
            tables[schema.name] = read.table
    if has_errors(issues):
        raise InputError(issues)
    return RoadTables(tables["nodes"], tables["links"], tables["shapes"], issues)


def write_geoparquet(tables: RoadTables, path: Path) -> None:
    """Write the links with their courses as GeoParquet, for other programs."""
    to_geodataframe(tables).to_parquet(path, index=False)


def to_geodataframe(tables: RoadTables) -> gpd.GeoDataFrame:
    """Return the links with their courses as lines, WGS84."""
    import geopandas as gpd

    nodes = tables.nodes.set_index("node_id")[["lon", "lat"]]
    links = tables.links
    ends = [nodes.loc[links[c]].to_numpy(dtype=np.float64) for c in ("from_node_id", "to_node_id")]
    row = pd.Series(np.arange(len(links)), index=links["link_id"].to_numpy())
    owner = row.loc[tables.shapes["link_id"]].to_numpy(dtype=np.int64)
    shaped = np.zeros(len(links), dtype=bool)
    shaped[owner] = True
    plain = np.flatnonzero(~shaped)
    points = np.vstack([ends[0][plain], ends[1][plain], tables.shapes[["lon", "lat"]].to_numpy(dtype=np.float64)])
    index = np.concatenate([plain, plain, owner])
    order = np.argsort(index, kind="stable")
    lines = shapely.linestrings(points[order], indices=index[order])
    return gpd.GeoDataFrame(links, geometry=lines, crs="EPSG:4326")


def write_cached_roads(roads: OsmRoads, folder: Path) -> None:
    """Write road tables and report as a cache entry: Arrow files that are mapped into memory when they are read."""
    tables = dict(zip(_TABLES, roads.tables[:3], strict=True))
    write_arrow_tables(tables, folder)
    issues = [issue.as_dict() for issue in roads.tables.issues]
    content = json.dumps({"report": roads.report.as_dict(), "issues": issues}, ensure_ascii=False)
    (folder / REPORT_FILE).write_text(content, encoding="utf-8")


def read_cached_roads(folder: Path) -> OsmRoads:
    """Return what `write_cached_roads` wrote."""
    tables = read_arrow_tables(folder, _TABLES)
    content: dict[str, Any] = json.loads((folder / REPORT_FILE).read_text(encoding="utf-8"))
    report = content["report"]
    report["lost_parts"] = tuple(report["lost_parts"])
    issues = [Issue(**issue) for issue in content["issues"]]
    nodes, links, shapes = (tables[name] for name in _TABLES)
    return OsmRoads(RoadTables(nodes, links, shapes, issues), RoadReport(**report))
