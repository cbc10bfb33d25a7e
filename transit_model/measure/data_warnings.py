"""What is odd about the data of a region and may have moved minutes, one line a kind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from transit_model.assumptions import Assumptions
from transit_model.domain.region import Region
from transit_model.domain.service_days import find_service_share
from transit_model.errors import Issue
from transit_model.network.checks import check_speeds
from transit_model.units import format_clock

QUIET: Final = frozenset({
    "missing_manifest", "manifest_mismatch", "unlisted_file",  # who changed a file, not what it says
    "unknown_source",  # where a number is from
    "empty_row", "unknown_column", "unknown_file",  # nothing was read from there
    "time_zone_converted",  # done, and done rightly
})  # fmt: skip
"""Warnings that cannot move a minute; every other is repeated wherever minutes are printed."""
WHOLE: Final = 0.995
"""Share of the departure window from which it counts as served throughout."""


def list_data_warnings(region: Region, assumptions: Assumptions) -> list[Issue]:
    """Return the warnings of a region pack and of the speeds of its roads, each kind once, counted.

    What a project brings is checked where it is applied. `data verify` lists all singly, and what else there is.
    """
    legal_max_kmh = max(assumptions.vehicle_cap_kmh.values())
    found = [*region.notices, *check_speeds(region.links, legal_max_kmh=legal_max_kmh), *check_service(region)]
    return summarise(i for i in found if i.severity == "warning" and i.code not in QUIET)


def check_service(region: Region) -> list[Issue]:
    """Return a ``service_part_of_window`` warning for each timetable that serves only a part of the departure window.

    Where nothing runs at all on the service date another check says so.
    """
    issues = []
    start, end = (format_clock(s) for s in region.info.window)
    for timetable in region.info.list_timetables():
        day = timetable.service_date
        share = find_service_share(region.get_feed(timetable.timetable_id), day, region.info.window)
        if not 0 < share < WHOLE:
            continue
        message = f"on {day.isoformat()} vehicles leave in {share:.0%} of the departure window {start}-{end} only"
        hint = "choose another service date, or a departure_window that it serves"
        issues.append(
            Issue("service_part_of_window", "warning", message, timetable.timetable_id, value=f"{share:.3f}", hint=hint)
        )
    return issues


def summarise(issues: Iterable[Issue]) -> list[Issue]:
    """Return one issue for each code and file, the first found, with the number of all."""
    kinds: dict[tuple[str, str | None], list[Issue]] = {}
    for issue in issues:
        kinds.setdefault((issue.code, issue.file), []).append(issue)
    out = []
    for alike in kinds.values():
        count = len(alike) + sum(i.more for i in alike)
        times = f" ({count} times)" if count > 1 else ""
        hint = "minutes may be wrong by it: `transit-model data verify` lists each"
        out.append(replace(alike[0], message=alike[0].message + times, hint=hint, more=0))
    return out
