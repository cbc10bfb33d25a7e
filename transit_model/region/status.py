"""What a region pack holds and how sure it is; whether it is whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from transit_model.assumptions import read_default_assumptions
from transit_model.domain.modes import classify_route_type
from transit_model.domain.region import Region, Text
from transit_model.domain.service_days import find_service_dates
from transit_model.errors import Issue, has_errors
from transit_model.network.build import build_network
from transit_model.region.pack import inspect_region
from transit_model.store.resources import DEFAULT_REGION, find_region

_LEVELS = ("high", "medium", "low")


@dataclass(frozen=True)
class RegionStatus:
    """Rows by confidence and table, the timetable vintage, gaps and limits."""

    region_id: str
    title: Text
    rows: tuple[dict[str, Any], ...]
    timetable: dict[str, Any]
    timetables: tuple[dict[str, Any], ...]
    built_as_of: str
    known_gaps: tuple[Text, ...]
    limits: tuple[Text, ...]
    fingerprint: str

    def as_dict(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {
            "region": self.region_id,
            "title": dict(self.title),
            "tables": list(self.rows),
            "timetable": self.timetable,
            "timetables": list(self.timetables),
            "built_as_of": self.built_as_of,
            "known_gaps": [dict(g) for g in self.known_gaps],
            "limits": [dict(g) for g in self.limits],
            "fingerprint": self.fingerprint,
        }

    def lines(self, lang: str) -> list[str]:
        """Return the status in words, one line each."""
        zh = lang == "zh"
        t = self.timetable
        kinds = ", ".join(f"{k} {n}" for k, n in t["trips_by_route_type"].items())
        older = [
            f"{'时刻表' if zh else 'Timetable'} {o['timetable']} ({o['valid_from']}): {o['vintage'][lang]}; "
            f"{'车次' if zh else 'trips'} {o['trips']}" + ("" if o["notes"] is None else f"; {o['notes'][lang]}")
            for o in self.timetables
        ]
        head = [
            *(older if len(older) > 1 else ()),
            f"{'时刻表' if zh else 'Timetable'}: {t['vintage'][lang]}",
            f"{'运行日' if zh else 'Service'}: {t['first_date']} - {t['last_date']}; "
            f"{'默认日期' if zh else 'default date'} {t['service_date']}; {'车次' if zh else 'trips'}: {kinds}",
            f"{'路网建成截至' if zh else 'Roads built as of'}: {self.built_as_of}",
        ]
        gaps = [f"- {g[lang]}" for g in self.known_gaps]
        limits = [f"- {g[lang]}" for g in self.limits]
        return [
            *head,
            *(["已知缺口：" if zh else "Known gaps:"] if gaps else []),
            *gaps,
            *(["适用限度：" if zh else "Limits:"] if limits else []),
            *limits,
        ]


def describe_timetables(region: Region) -> list[dict[str, Any]]:
    """Return one row a timetable, oldest first: validity, days of service, trips, stops, source, limits."""
    rows = []
    for timetable in region.info.list_timetables():
        feed = region.get_feed(timetable.timetable_id)
        days = find_service_dates(feed)
        begins = timetable.valid_from or days.first
        rows.append(
            {
                "timetable": timetable.timetable_id,
                "valid_from": begins.isoformat() if begins is not None else None,
                "service_date": timetable.service_date.isoformat(),
                "first_date": days.first.isoformat() if days.first is not None else None,
                "last_date": days.last.isoformat() if days.last is not None else None,
                "trips": len(feed.trips),
                "stops_served": int(feed.stop_times["stop_id"].nunique()),
                "vintage": dict(timetable.vintage),
                "source": list(timetable.source),
                "notes": None if timetable.notes is None else dict(timetable.notes),
            }
        )
    return rows


def describe_region(region: Region) -> RegionStatus:
    """Return how many rows of each table are of which confidence, and what is known to be missing."""
    tables = {
        "places": region.places,
        "counties": region.counties,
        "roads/nodes": region.nodes,
        "roads/links": region.links,
        "stations": region.stations,
        **region.extra,
    }
    rows = []
    for name, table in tables.items():
        grades = table["confidence"] if "confidence" in table.columns else pd.Series(dtype=object)
        counts = grades.value_counts()
        graded = {level: int(counts.get(level, 0)) for level in _LEVELS}
        rows.append({"table": name, "rows": len(table), **graded, "none": len(table) - sum(graded.values())})
    feed = region.feed
    stamps = [str(d) for d in (*feed.calendar["start_date"], *feed.calendar["end_date"], *feed.calendar_dates["date"])]
    route_type = feed.trips.merge(feed.routes[["route_id", "route_type"]], on="route_id")["route_type"]
    rides = route_type.astype(int).map(classify_route_type).astype(str)
    timetable = {
        "vintage": dict(region.info.timetable_vintage),
        "service_date": region.info.service_date.isoformat(),
        "first_date": min(stamps, default=""),
        "last_date": max(stamps, default=""),
        "trips_by_route_type": {str(k): int(n) for k, n in rides.value_counts().items()},
        "stops": len(feed.stops),
        "stop_times": len(feed.stop_times),
    }
    return RegionStatus(
        region.info.region_id,
        region.info.title,
        tuple(rows),
        timetable,
        tuple(describe_timetables(region)),
        region.info.built_as_of.isoformat(),
        region.info.known_gaps,
        region.info.limits,
        region.fingerprint,
    )


def verify_region(region: str | None) -> tuple[int, list[Issue]]:
    """Check a pack file by file and the network built from it; return the number of files and all issues."""
    path = find_region(DEFAULT_REGION if region is None else region)
    pack, issues = inspect_region(path)
    files = sum(1 for p in path.rglob("*") if p.is_file())
    if pack is None or has_errors(issues):
        return files, issues
    from transit_model.network.checks import check_network

    found: list[Issue] = []
    for timetable in pack.info.list_timetables():
        which = timetable.timetable_id
        network = build_network(pack, pack.info.built_as_of, read_default_assumptions(), timetable_id=which)
        found += [issue for issue in check_network(network) if issue not in found]
    return files, [*issues, *found]


def list_data_quality(region: Region) -> pd.DataFrame:
    """Return rows by table and confidence: columns table, confidence, rows; tables without any grade are left out."""
    rows = [
        (row["table"], level, row[level])
        for row in describe_region(region).rows
        if row["none"] < row["rows"]
        for level in (*_LEVELS, "none")
        if row[level]
    ]
    return pd.DataFrame(rows, columns=["table", "confidence", "rows"])
