"""A region pack (folder of plain tables) to a `Region`; all mistakes of all files at once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from transit_model.domain.region import IMPLIED_TIMETABLE, Feed, Region, RegionInfo, TimetableInfo
from transit_model.domain.schema import TableSchema, check_table
from transit_model.errors import InputError, Issue, has_errors
from transit_model.gtfs.feed import inspect_gtfs, make_empty_feed
from transit_model.region.checks import check_joined_rows, check_region_tables
from transit_model.region.extra_checks import check_extra_tables
from transit_model.region.ground import read_ground
from transit_model.region.info import read_region_info
from transit_model.region.kept_region import find_region, keep_region, make_region_key
from transit_model.region.manifest import check_manifest
from transit_model.region.tables import (
    CORE_TABLES,
    EXTRA_FOLDERS,
    EXTRA_TABLES,
    FEED_FOLDER,
    JOINED_FILE,
    MANIFEST_FILE,
    OPTIONAL_TABLES,
    OUTLINES_FILE,
)
from transit_model.store.csv_table import check_csv_table
from transit_model.store.csv_text import StringTable
from transit_model.store.file_hashes import hash_text
from transit_model.store.resources import REGION_FILE
from transit_model.store.table_cache import LARGE_BYTES, fetch_table
from transit_model.store.yaml_lines import parse_yaml

_UNTOLD = TimetableInfo(IMPLIED_TIMETABLE, FEED_FOLDER, None, {}, date.min)
"""Read when `region.yaml` is wrong, so that mistakes of the feed are found all the same."""


def read_region(path: Path | str, *, verify: bool = True) -> Region:
    """Read a region pack.

    Parameters
    ----------
    path : Path or str
        Folder with ``region.yaml``.
    verify : bool
        Compare the files with the manifest. An edited file is a warning only; a listed file that is missing is an
        error.

    Returns
    -------
    Region
        Coordinates WGS84; `links` as stored (one row a two-way road); `fingerprint` is the SHA-256 over the hashes
        of all files.

    Raises
    ------
    InputError
        With every error of every file.

    Notes
    -----
    A pack whose files are as they were when it was last read comes from the cache (`kept_region`); `inspect_region`
    reads every file always.
    """
    path = Path(path)
    if not path.is_dir():
        raise InputError(_miss_folder(path))
    name = make_region_key(path, list_files(path), verify=verify)
    kept = find_region(name)
    if kept is not None:
        return kept
    region, issues = inspect_region(path, verify=verify)
    if region is None or has_errors(issues):
        raise InputError(issues)
    if make_region_key(path, list_files(path), verify=verify) == name:  # nobody wrote to it meanwhile
        keep_region(name, region, path)
    return region


def inspect_region(path: Path | str, *, verify: bool = True) -> tuple[Region | None, list[Issue]]:
    """Read a region pack and return it with everything found, errors and warnings.

    The region is None when something it cannot do without is unreadable; one that comes with errors must not be used.
    """
    path = Path(path)
    if not path.is_dir():
        return None, [_miss_folder(path)]
    contents = _read_files(path)
    hashes = {name: hash_text(data) for name, data in contents.items()}
    issues = check_manifest(path, hashes) if verify else []
    core: dict[str, StringTable] = {}
    for name, (file, schema) in CORE_TABLES.items():
        table, found = _find_table(contents, hashes, file, schema, required=name not in OPTIONAL_TABLES)
        issues += found
        if table is not None:
            core[name] = table
    extra: dict[str, pd.DataFrame] = {}
    told_tables: dict[str, StringTable] = {}
    told_files: dict[str, str] = {}
    for file in _list_extra(contents):
        stem = Path(file).stem
        table, found = _read_table(contents, file, EXTRA_TABLES.get(stem, TableSchema(stem, ())), required=True)
        issues += found
        if table is not None:
            extra[stem], told_tables[stem], told_files[stem] = table.table, table, file
    outlines, found = _read_outlines(contents)
    issues += found
    tables = {name: table.table for name, table in core.items()}
    ground, found = read_ground(contents, tables.get("stations"))
    issues += found
    info, info_issues = _read_info(contents, tables)
    timetables = info.list_timetables() if info is not None else (_UNTOLD,)
    if info is not None and info.roads_only:
        feeds, found = {t.timetable_id: make_empty_feed() for t in timetables}, []
    else:
        feeds, found = _read_feeds(path, contents, timetables)
    issues += found + info_issues
    whole = len(core) == len(CORE_TABLES)
    if whole:
        issues += check_region_tables(info, core, feeds)
        if not has_errors(issues):
            issues += check_extra_tables(core, told_tables, told_files)
    issues = _merge_missing(issues + check_joined_rows(extra.get(Path(JOINED_FILE).stem)))
    if info is None or len(feeds) < len(timetables) or not whole:
        return None, issues
    region = Region(
        info=info,
        feed=feeds[info.timetable_id],
        feeds=feeds,
        fingerprint=_compute_fingerprint(hashes),
        outlines=outlines,
        ground=ground,
        extra=extra,
        notices=tuple(issue for issue in issues if issue.severity == "warning"),
        **tables,
    )
    return region, issues


def _miss_folder(path: Path) -> Issue:
    hint = "give the folder that holds region.yaml"
    return Issue("missing_folder", "error", "no such folder", file=str(path), hint=hint)


def list_files(path: Path) -> dict[str, Path]:
    """Return every file of a pack by relative path, hidden ones left out."""
    found = {file.relative_to(path): file for file in sorted(p for p in path.rglob("*") if p.is_file())}
    return {name.as_posix(): file for name, file in found.items() if not any(p.startswith(".") for p in name.parts)}


def _read_files(path: Path) -> dict[str, bytes]:
    """Return the bytes of every file of the pack by relative path, manifest left out."""
    return {name: file.read_bytes() for name, file in list_files(path).items() if name != MANIFEST_FILE}


def _compute_fingerprint(hashes: Mapping[str, str]) -> str:
    lines = "".join(f"{hashes[name]}  {name}\n" for name in sorted(hashes))
    return hashlib.sha256(lines.encode()).hexdigest()


def _merge_missing(issues: list[Issue]) -> list[Issue]:
    """Keep one issue for a missing file that both the manifest and the reader miss."""
    seen: set[str | None] = set()
    kept = []
    for issue in issues:
        if issue.code == "missing_file" and issue.file in seen:
            continue
        if issue.code == "missing_file":
            seen.add(issue.file)
        kept.append(issue)
    return kept


def _find_table(
    contents: Mapping[str, bytes], hashes: Mapping[str, str], file: str, schema: TableSchema, *, required: bool
) -> tuple[StringTable | None, list[Issue]]:
    """Read one table, a large one from the cache."""
    if len(contents.get(file, b"")) < LARGE_BYTES:
        return _read_table(contents, file, schema, required=required)
    return fetch_table(hashes[file], schema, file, lambda: _read_table(contents, file, schema, required=required))


def _read_table(
    contents: Mapping[str, bytes], file: str, schema: TableSchema, *, required: bool
) -> tuple[StringTable | None, list[Issue]]:
    """Read one table; an optional one that is missing has no rows."""
    if file not in contents:
        if required:
            return None, [Issue("missing_file", "error", f"the pack lacks {file}", file=file)]
        return _empty(schema), []
    read, issues = check_csv_table(contents[file], schema, file=file, strict=True)
    return (None if any(issue.code == "missing_column" for issue in issues) else read), issues


def _empty(schema: TableSchema) -> StringTable:
    blank, _ = check_table(pd.DataFrame({c.name: pd.Series(dtype="str") for c in schema.columns}), schema, file="")
    return StringTable(blank, pd.RangeIndex(0).to_numpy())


def _list_extra(contents: Mapping[str, bytes]) -> list[str]:
    core = {file for file, _ in CORE_TABLES.values()}
    folders = {"." if folder == "" else folder for folder in EXTRA_FOLDERS}
    return [f for f in contents if f.endswith(".csv") and f not in core and Path(f).parent.as_posix() in folders]


def _read_outlines(contents: Mapping[str, bytes]) -> tuple[Mapping[str, Any] | None, list[Issue]]:
    if OUTLINES_FILE not in contents:
        return None, []
    try:
        outlines = json.loads(contents[OUTLINES_FILE].decode("utf-8"))
    except (UnicodeDecodeError, ValueError) as error:
        line = getattr(error, "lineno", None)
        return None, [Issue("bad_geojson", "error", f"the file is not JSON: {error}", OUTLINES_FILE, line)]
    if not isinstance(outlines, dict) or not isinstance(outlines.get("features"), list):
        return None, [Issue("bad_geojson", "error", "the file is not a FeatureCollection", OUTLINES_FILE)]
    return outlines, []


def _read_feeds(
    path: Path, contents: Mapping[str, bytes], timetables: Sequence[TimetableInfo]
) -> tuple[dict[str, Feed], list[Issue]]:
    """Return the feeds that can be read, by timetable; a folder that is not there is a ``missing_file``."""
    feeds: dict[str, Feed] = {}
    issues: list[Issue] = []
    for timetable in timetables:
        folder = timetable.folder
        if not any(name.startswith(f"{folder}/") for name in contents):
            if timetable is not _UNTOLD or not _has_timetables(contents):
                hint = (
                    "" if folder == FEED_FOLDER else f"the timetable {timetable.timetable_id} of region.yaml needs it"
                )
                message = f"the pack lacks the folder {folder}"
                issues.append(Issue("missing_file", "error", message, file=folder, hint=hint))
            continue
        feed, found = inspect_gtfs(path / folder, prefix=f"{folder}/")
        issues += found
        if feed is not None:
            feeds[timetable.timetable_id] = feed
    return feeds, issues


def _has_timetables(contents: Mapping[str, bytes]) -> bool:
    """Return whether a region file that could not be read wants other folders than ``gtfs``."""
    return b"\ntimetables:" in contents.get(REGION_FILE, b"")


def _read_info(
    contents: Mapping[str, bytes], tables: Mapping[str, pd.DataFrame]
) -> tuple[RegionInfo | None, list[Issue]]:
    if REGION_FILE not in contents:
        return None, [Issue("missing_file", "error", "the pack lacks region.yaml", file=REGION_FILE)]
    try:
        document = parse_yaml(contents[REGION_FILE], file=REGION_FILE)
    except InputError as error:
        return None, error.issues
    if "places" not in tables or "stations" not in tables:
        return None, []  # the missing table has its own issue
    places, stations = tables["places"], tables["stations"]
    members = {str(kind): rows["place_id"].tolist() for kind, rows in places.groupby("kind", sort=True)}
    inside = (stations["region"] == "in") & stations["lon"].notna() & stations["lat"].notna()
    members["station"] = [*members.get("station", []), *stations.loc[inside, "stop_id"]]
    return read_region_info(document, members)
