"""The report of an import of roads, and what of it a user should know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.errors import Issue
from transit_model.roads.osm_raw import RawRoads
from transit_model.roads.osm_road_report import RoadReport
from transit_model.roads.osm_simplify import LONGEST_STEP_M, Simplified
from transit_model.store.notice import MAX_LISTED, Notice
from transit_model.units import m_to_km

MAX_LOST_PARTS = 50


def make_report(
    raw: RawRoads,
    simple: Simplified,
    options: Mapping[str, Any],
    label: str,
    tables: tuple[pd.DataFrame, pd.DataFrame],
    loops: int,
) -> RoadReport:
    """Return what became of a file; `tables` are its nodes and links, `loops` the roads left out as such."""
    nodes, links = tables
    km = links.groupby("highway")["length_m"].sum().map(m_to_km).round(3)
    posted = np.array([c.posted for c in raw.classes], dtype=bool)[raw.way_class[simple.pieces.way]]
    used = np.unique(raw.node_id[_inside(simple)])
    return RoadReport(
        source=label,
        options=options,
        ways=len(raw.way_id),
        nodes=len(nodes),
        links=len(links),
        km=round(float(links["length_m"].sum()) / 1000, 3),
        km_by_class={str(k): float(v) for k, v in sorted(km.items())},
        dropped_ways=dict(sorted(raw.dropped.items())),
        lost_parts=tuple(_describe_part(raw, simple, part) for part in simple.lost_parts[:MAX_LOST_PARTS]),
        lost_parts_total=len(simple.lost_parts),
        lost_km=round(sum(part[2] for part in simple.lost_parts), 3),
        cut_ways=len(simple.cut),
        posted_share=round(float(np.average(posted, weights=simple.pieces.length_m)), 4),
        odd_speeds=dict(sorted(raw.odd_speeds.items())),
        odd_durations=dict(sorted(raw.odd_durations.items())),
        odd_classes=dict(sorted(raw.odd_classes.items())),
        closed_barriers=int(np.isin(raw.closed, used).sum()),
        traffic_signals=int(np.isin(raw.signals, used).sum()),
        toll_booths=int(np.isin(raw.toll_booths, used).sum()),
        turn_restrictions_not_used=raw.restrictions,
        loops=loops,
    )


def _inside(simple: Simplified) -> npt.NDArray[np.int64]:
    first, last = simple.pieces.first, simple.pieces.last
    count = last - first + 1
    owner = np.repeat(np.arange(len(count)), count)
    points: npt.NDArray[np.int64] = first[owner] + np.arange(len(owner)) - (np.cumsum(count) - count)[owner]
    return points


def _describe_part(raw: RawRoads, simple: Simplified, part: tuple[int, int, float]) -> dict[str, Any]:
    size, row, km = part
    if simple.lost_pieces is None:
        return {}
    way = int(simple.lost_pieces.way[row])
    kind = raw.classes[raw.way_class[way]]
    return {
        "nodes": size,
        "km": round(km, 3),
        "way": int(raw.way_id[way]),
        "highway": kind.highway,
        "name": raw.texts[raw.name[way]],
        "why": "not reachable and leavable both" if size > 1 else "one-way or dead end without a way back",
    }


def list_map_issues(raw: RawRoads, simple: Simplified, label: str) -> list[Issue]:
    """Return what is odd in a map: places, classes, speeds and durations, as warnings."""
    message = "a way names nodes that the extract does not hold; it is cut there"
    at_null = np.flatnonzero(np.isin(raw.node_id, np.array(raw.null_nodes, dtype=np.int64)))
    lost = np.setdiff1d(simple.cut, np.searchsorted(raw.ptr, at_null, side="right") - 1)
    issues = Notice("unknown_node", "warning", label, "way", message).list_values(raw.way_id[lost].tolist())
    hint = "give the node its place; the ways through it are cut there"
    notice = Notice("null_island", "warning", label, "node", "a node of a road lies at 0,0, where no road is", hint)
    issues += notice.list_values(raw.null_nodes)
    message = f"two neighbouring nodes of a way are more than {LONGEST_STEP_M / 1000:g} km apart; it is cut there"
    hint = "one of the two has a wrong place"
    notice = Notice("long_step", "warning", label, "way", message, hint)
    issues += notice.list_values(raw.way_id[simple.long].tolist())
    message = "the file holds a way more than once; the newest counts"
    issues += Notice("repeated_way", "warning", label, "way", message).list_values(raw.repeated)
    hint = "one of the classes of OpenStreetMap in small letters, e.g. primary; such ways are left out"
    notice = Notice("odd_class", "warning", label, "highway", "the class of a road is not understood", hint)
    issues += notice.list_values([f"{value} ({count})" for value, count in sorted(raw.odd_classes.items())])
    hint = "km/h without a unit, or 'mph'; the default of the class is taken"
    notice = Notice("bad_maxspeed", "warning", label, "maxspeed", "the speed is not understood", hint)
    issues += notice.list_values(list(raw.odd_speeds))
    hint = "35, 0:35, 1:05:00, PT1H5M or 35 min; the speed of ferries is taken"
    notice = Notice("bad_duration", "warning", label, "duration", "the duration of a ferry is not understood", hint)
    issues += notice.list_values(list(raw.odd_durations))
    return issues


def list_road_issues(raw: RawRoads, simple: Simplified, report: RoadReport, label: str) -> list[Issue]:
    """Return what a user should know of an import: oddities of the map, what was dropped, what is not used."""
    issues = list_map_issues(raw, simple, label)
    for part in report.lost_parts[:MAX_LISTED]:
        message = f"{part['nodes']} nodes, {part['km']} km cannot be reached and left on the network; dropped"
        if part["name"]:
            message = f"{message}; e.g. {part['name']}"
        issues.append(Issue("part_dropped", "warning", message, label, None, "way", str(part["way"])))
    if report.lost_parts_total > MAX_LISTED:
        more = report.lost_parts_total - MAX_LISTED
        message = f"{more} more such parts; {report.lost_km:.1f} km dropped in all"
        issues.append(Issue("part_dropped", "warning", message, label))
    if report.turn_restrictions_not_used:
        message = f"{report.turn_restrictions_not_used} turn restrictions of the file are not used"
        hint = "on regional trips they cost seconds, see REGION.md; streets in town may be passed too easily"
        issues.append(Issue("turn_restrictions", "info", message, label, hint=hint))
    return issues
