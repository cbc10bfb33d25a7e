"""A scenario as files that other tools read: GTFS, a GeoPackage of roads and stations, a manifest.

::

    FOLDER/
      gtfs/ or gtfs.zip   the timetable, bus and planned lines included, run times as computed
      roads.gpkg          layers nodes, links (directed), stations, station_links, places, counties
      manifest.json       scenario, projects with sources, region, every assumption, hashes
      README.txt          what the files are

`tests.catalogue.reimport.read_export` turns the folder back into a network with the same times.
"""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from transit_model.domain.region import Feed
from transit_model.errors import InputError, Issue
from transit_model.gtfs.write import write_gtfs
from transit_model.measure.workspace import Workspace
from transit_model.network.model import Network
from transit_model.network.snap import build_courses
from transit_model.scenario.compose import Scenario
from transit_model.scenario.other_schema import FLAGS
from transit_model.scenario.policy_edit import PLACES_CLOSED, PLACES_OPENED
from transit_model.store.cache import hash_file
from transit_model.store.write import replace_folder, translating

if TYPE_CHECKING:
    import geopandas as gpd

KIND = "transit-model scenario"
SCHEMA = 1
GTFS_FOLDER, GTFS_ZIP, ROADS_FILE, MANIFEST_FILE, README_FILE = (
    "gtfs",
    "gtfs.zip",
    "roads.gpkg",
    "manifest.json",
    "README.txt",
)
_DATE = "2000-01-01T00:00:00.000Z"  # a fixed date of change, so that equal scenarios make equal files
_ZIP_DATE = (2000, 1, 1, 0, 0, 0)
_README = """\
{zh} / {en}
transit-model scenario {id}

gtfs         时刻表（GTFS）。规划班次的 exact_times=0：只知间隔，不知时刻。
             Timetable (GTFS). Planned services with exact_times=0 have a headway and no clock times.
roads.gpkg   公路节点、有向路段（长度米、速度公里/小时、收费、等级、项目）、车站、地点、旗县。
             Road nodes, directed links (metres, km/h, toll, class, project), stations, places, counties.
manifest.json 方案、项目与来源、假定、全部参数、文件校验和。
             Scenario, projects with sources, what was assumed, every number of the model, hashes.

规划数据按方案文件计算，不是公布的时刻。 Planned services are computed from the scenario, not announced.
{attribution_zh}
{attribution_en}
"""


def export_scenario(workspace: Workspace, scenario_id: str, out: Path, *, as_zip: bool = False) -> list[Path]:
    """Write a scenario as GTFS and GeoPackage into a folder, whole or not at all; return the files.

    Parameters
    ----------
    workspace : Workspace
    scenario_id : str
        ``id`` or ``id@variant``.
    out : Path
        A new or empty folder, or one that holds an earlier export, which is replaced.
    as_zip : bool
        The timetable as ``gtfs.zip`` instead of a folder.

    Raises
    ------
    ScenarioError
        When the scenario is not known or cannot be applied.
    InputError
        ``folder_in_use`` when the folder holds something else; ``cannot_write``.
    """
    with translating(out):
        _check_target(out)
    scenario, network = workspace.scenario(scenario_id), workspace.network(scenario_id)
    replace_folder(out, lambda folder: write_export(scenario, network, folder, as_zip=as_zip), is_ours=_is_export)
    return sorted(p for p in out.rglob("*") if p.is_file())


def write_export(scenario: Scenario, network: Network, folder: Path, *, as_zip: bool = False) -> None:
    """Write the files of a scenario into an existing folder."""
    feed = _name_version(network.feed, f"{scenario.scenario_id}@{network.fingerprint()[:12]}")
    write_gtfs(feed, folder / GTFS_FOLDER)
    if as_zip:
        _zip(folder / GTFS_FOLDER, folder / GTFS_ZIP)
        shutil.rmtree(folder / GTFS_FOLDER)
    write_roads(network, folder / ROADS_FILE)
    title, credit = scenario.title, network.info.attribution
    text = _README.format(
        zh=title.zh,
        en=title.en,
        id=scenario.scenario_id,
        attribution_zh=credit.get("zh", ""),
        attribution_en=credit.get("en", ""),
    )
    (folder / README_FILE).write_text(text, encoding="utf-8", newline="\n")
    names = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    files = {n: {"bytes": (folder / n).stat().st_size, "sha256": hash_file(folder / n)} for n in names}
    manifest = {**build_manifest(scenario, network), "files": files}
    content = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
    (folder / MANIFEST_FILE).write_text(content, encoding="utf-8", newline="\n")


def write_roads(network: Network, path: Path) -> None:
    """Write nodes, directed links, stations, places and counties as layers of one GeoPackage, WGS84."""
    import pyogrio
    import shapely

    links = np.array([shapely.LineString(course) for course in build_courses(network)], dtype=object)
    layers: dict[str, gpd.GeoDataFrame | pd.DataFrame] = {
        "nodes": _points(network.nodes),
        "links": _with_geometry(network.links, links),
        "stations": _points(network.stations),
        "station_links": network.station_links,
        "places": _points(network.places),
        "counties": network.counties,
    }
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _DATE})
    try:
        for name, table in layers.items():
            pyogrio.write_dataframe(table, path, layer=name, driver="GPKG", append=path.exists())
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})


def build_manifest(scenario: Scenario, network: Network) -> dict[str, Any]:
    """Return what the tables do not say: scenario, projects, rules, region, every assumption, as plain data."""
    default = network.assumptions
    info = asdict(network.info)
    del info["timetables"]  # the export holds the one it was measured on
    info |= {k: v.isoformat() for k, v in info.items() if isinstance(v, date)}
    return {
        "schema": SCHEMA,
        "kind": KIND,
        "transit_model": version("transit-model"),
        "scenario": scenario.scenario_id,
        "title": {"zh": scenario.title.zh, "en": scenario.title.en},
        "base": scenario.base_id,
        "as_of": network.as_of.isoformat(),
        "overrides": dict(scenario.overrides),
        "projects": [asdict(p) for p in network.projects],
        "rules": {
            **{flag: network.rules.get(flag, False) for flag in FLAGS},
            **{key: sorted(getattr(network, key)) for key in (PLACES_OPENED, PLACES_CLOSED)},
        },
        "region": info,
        "assumptions": default.model_dump(mode="json", exclude={"provisions"}),
        "region_fingerprint": network.base_fingerprint,
        "fingerprint": network.fingerprint(),
    }


def _name_version(feed: Feed, name: str) -> Feed:
    """Return the feed with the scenario in its version, so that nobody takes it for what runs today."""
    table = feed.feed_info
    if not len(table) or "feed_version" not in table.columns:
        return feed
    return replace(feed, feed_info=table.assign(feed_version=table["feed_version"].astype(str) + f"+{name}"))


def _points(table: pd.DataFrame) -> gpd.GeoDataFrame:
    import shapely

    known = table["lon"].notna().to_numpy() & table["lat"].notna().to_numpy()
    points = np.full(len(table), None, dtype=object)
    points[known] = shapely.points(table.loc[known, ["lon", "lat"]].to_numpy(dtype=np.float64))
    return _with_geometry(table, points)


def _with_geometry(table: pd.DataFrame, geometry: Any) -> gpd.GeoDataFrame:  # noqa: ANN401 - an object array
    import geopandas as gpd

    return gpd.GeoDataFrame(table.reset_index(drop=True), geometry=geometry, crs="EPSG:4326")


def _zip(folder: Path, target: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            entry = zipfile.ZipInfo(path.name, _ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes())


def read_manifest(folder: Path) -> Mapping[str, Any] | None:
    """Return the manifest of an export, None when the folder holds none."""
    try:
        content = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) and content.get("kind") == KIND else None


def _is_export(folder: Path) -> bool:
    return read_manifest(folder) is not None


def _check_target(out: Path) -> None:
    if out.is_dir() and any(out.iterdir()) and read_manifest(out) is None:
        message = "the folder holds other files, which an export would replace"
        hint = "name a new folder, or one with an earlier export"
        raise InputError(Issue("folder_in_use", "error", message, file=str(out), hint=hint))
    if out.exists() and not out.is_dir():
        hint = "an export is a folder; --zip packs only the timetable"
        raise InputError(Issue("cannot_write", "error", "is a file, not a folder", file=str(out), hint=hint))
