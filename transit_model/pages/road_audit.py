"""What an audit of the roads moved, for the report: minutes of pairs before and after, by which roads, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from transit_model.pages import text
from transit_model.pages.names import Names
from transit_model.pages.view import StudyView, Text

if TYPE_CHECKING:
    import pandas as pd

    from transit_model.domain.region import Region

LEAST_MIN: Final = 1.0
"""A pair that moves by less counts as not moved."""
MOST_ROADS: Final = 6


def list_road_pairs(region: Region) -> pd.DataFrame | None:
    """Return the table ``road_pairs`` of a pack, largest change first, with the roads behind it; None without one."""
    table = region.extra.get("road_pairs")
    if table is None or table.empty:
        return None
    number = dict(zip(region.links["link_id"], region.links["ref"], strict=True))
    name = dict(zip(region.links["link_id"], region.links["name_zh"], strict=True))
    roads = []
    for links in table["changed_links"]:
        result = dict.fromkeys(number.get(i) or name.get(i) or i for i in links.split(";") if i)
        more = len(result) - MOST_ROADS
        roads.append(", ".join(list(result)[:MOST_ROADS]) + (f" +{more}" if more > 0 else ""))
    kept = table.drop(columns=["changed_links", "source"], errors="ignore").assign(roads=roads)
    order = kept["difference_min"].abs().sort_values(ascending=False, kind="stable").index
    return kept.loc[order].reset_index(drop=True)


def count_road_changes(region: Region) -> dict[str, int]:
    """Return how many junctions moved, roads were added and lengths changed, by the table ``road_changes``."""
    table = region.extra.get("road_changes")
    if table is None or table.empty:
        return {}
    item, decision = table["item"], table["decision"]
    changed = (table["before_km"] - table["after_km"]).abs() > 0
    return {
        "nodes": int(((item == "node") & (decision == "taken")).sum()),
        "roads": int(((item == "missing road") & (decision == "added")).sum()),
        "lengths": int(((item == "link") & changed).sum()),
    }


def list_moved_pairs(view: StudyView) -> list[dict[str, Any]]:
    """Return one entry a pair, largest change first; the difference is that of the minutes as shown."""
    if view.road_pairs is None:
        return []
    rows: list[dict[str, Any]] = []
    for row in view.road_pairs.to_dict("records"):
        before, after, difference = text.format_change_of(row["before_min"], row["after_min"])
        shown = {"before": before, "after": after, "difference": difference}
        rows.append({str(k): v for k, v in row.items()} | shown)
    return rows


def tell_moved_pairs(view: StudyView) -> Text:
    """Return in a sentence how many pairs moved, which most, and why; empty texts where the view has none."""
    if view.road_pairs is None or not view.road_changes:
        return {"zh": "", "en": ""}
    table, names = view.road_pairs, Names(view)
    by = table["difference_min"]
    most = table.iloc[0]
    ends = [names(str(most[c])) for c in ("centre", "seat")]
    return text.fill(
        "road_minutes_told",
        n=len(table),
        moved=int((by.abs() >= LEAST_MIN).sum()),
        less=int((by <= -LEAST_MIN).sum()),
        more=int((by >= LEAST_MIN).sum()),
        pair={k: f"{ends[0][k]}–{ends[1][k]}" for k in ("zh", "en")},
        before=text.format_minutes(float(most["before_min"])),
        after=text.format_minutes(float(most["after_min"])),
        **view.road_changes,
    )
