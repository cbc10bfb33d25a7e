"""What an audit of the roads moved, for the report: minutes of pairs before and after, by which roads, and why."""

from __future__ import annotations

from collections.abc import Iterable
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
    links, nodes = region.links, region.nodes
    node_name = dict(zip(nodes["node_id"], nodes["name_en"], strict=True))
    names: dict[str, tuple[str, str]] = {}
    columns = (links[c] for c in ("link_id", "ref", "name_zh", "from_node_id", "to_node_id"))
    for link_id, ref, name_zh, start, end in zip(*columns, strict=True):
        between = "–".join(node_name.get(n) or n for n in (start, end))
        names[link_id] = (ref or name_zh or link_id, ref or between)
    ways = [[names.get(i, (i, i)) for i in changed.split(";") if i] for changed in table["changed_links"]]
    kept = table.drop(columns=["changed_links", "source"], errors="ignore")
    kept = kept.assign(
        **{
            f"roads_{language}": [_join(name[column] for name in way) for way in ways]
            for column, language in enumerate(("zh", "en"))
        }
    )
    order = kept["difference_min"].abs().sort_values(ascending=False, kind="stable").index
    return kept.loc[order].reset_index(drop=True)


def _join(names: Iterable[str]) -> str:
    """Return the first names, each once, and how many more there are."""
    once = list(dict.fromkeys(names))
    more = len(once) - MOST_ROADS
    return ", ".join(once[:MOST_ROADS]) + (f" +{more}" if more > 0 else "")


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
