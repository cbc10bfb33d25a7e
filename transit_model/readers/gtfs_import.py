"""GTFS feeds of others into the `gtfs/` folder of a region pack: read, checked, merged, written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from transit_model.domain.region import Feed
from transit_model.errors import InputError, Issue, has_errors
from transit_model.readers.gtfs import inspect_gtfs, merge_feeds


def import_feeds(paths: Sequence[Path], prefixes: Sequence[str] | None = None) -> tuple[Feed, list[Issue]]:
    """Return one feed of several files, and the warnings of all.

    Parameters
    ----------
    paths : sequence of Path
        Zip archives or folders.
    prefixes : sequence of str, optional
        Put before every id of a feed. Default: none for one feed, the name of the file for several.

    Raises
    ------
    InputError
        With every error of every feed; ``different_time_zones``, ``prefix_count``.
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
        if feed is not None:
            feeds.append(_name_agency(feed, make_slug(path)))
    zones = {str(z) for feed in feeds for z in feed.agency["agency_timezone"]}
    if len(zones) > 1:
        hint = "clock times of the feeds cannot be compared; convert them to one zone first"
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
