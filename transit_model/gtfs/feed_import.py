"""GTFS feeds of others into the `gtfs/` folder of a region pack: read, checked, merged, written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from transit_model.domain.region import Feed
from transit_model.errors import InputError, Issue, has_errors
from transit_model.gtfs.blocks import join_blocks, part_blocks
from transit_model.gtfs.feed import inspect_gtfs, merge_feeds
from transit_model.gtfs.zone import convert_zone, read_zone


def import_feeds(
    paths: Sequence[Path],
    prefixes: Sequence[str] | None = None,
    *,
    zone: str | None = None,
    blocks: bool = False,
) -> tuple[Feed, list[Issue]]:
    """Return one feed of several files, and the warnings of all.

    Parameters
    ----------
    paths : sequence of Path
        Zip archives or folders.
    prefixes : sequence of str, optional
        Put before every id of a feed. Default: none for one feed, the name of the file for several.
    zone : str, optional
        Time zone in which all clock times are to be; needed when the feeds differ.
    blocks : bool
        Join trips of a block where passengers may stay seated.

    Raises
    ------
    InputError
        With every error of every feed; ``different_time_zones``, ``prefix_count`` and those of `convert_zone`.
    """
    if prefixes is not None and len(prefixes) != len(paths):
        message = f"{len(paths)} feeds and {len(prefixes)} prefixes"
        raise InputError(Issue("prefix_count", "error", message, field="prefix", hint="give one prefix for each feed"))
    if prefixes is None:
        prefixes = [""] if len(paths) == 1 else [f"{make_slug(p)}:" for p in paths]
    feeds: list[Feed] = []
    issues: list[Issue] = []
    for path in paths:
        feed, found = inspect_gtfs(path)
        issues += found
        if feed is None or has_errors(found):
            continue
        try:
            read_zone(feed)
            feed, more = convert_zone(feed, zone) if zone else (feed, [])
        except InputError as error:
            issues += error.issues
            continue
        joined = join_blocks(feed) if blocks else part_blocks(feed)
        issues += [*more, *joined.issues]
        feeds.append(_name_agency(joined.feed, make_slug(path)))
    zones = {read_zone(feed) for feed in feeds} - {""}
    if len(zones) > 1:
        hint = f"name the clock to use, e.g. --clock {min(zones)}"
        message = f"the feeds are in different time zones: {', '.join(sorted(zones))}"
        issues.append(Issue("different_time_zones", "error", message, "agency.txt", field="agency_timezone", hint=hint))
    if has_errors(issues):
        raise InputError(issues)
    return merge_feeds(feeds, prefixes), issues


def make_slug(path: Path) -> str:
    """Return the name of a file as a short id: letters, digits, ``-`` and ``_``."""
    name = path.name.removesuffix(".zip")
    return re.sub(r"[^\w-]+", "-", name).strip("-") or "feed"


def _name_agency(feed: Feed, name: str) -> Feed:
    """Give the only agency of a feed an id, so that it stays apart after merging."""
    agency = feed.agency
    if len(agency) != 1 or ("agency_id" in agency.columns and agency["agency_id"].iloc[0]):
        return feed
    routes = feed.routes.assign(agency_id=name)
    return replace(feed, agency=agency.assign(agency_id=name), routes=routes)
