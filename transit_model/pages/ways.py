"""Which stations a journey by train or bus is measured between: named beside its minutes, from -> to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from transit_model.pages import text
from transit_model.pages.names import Names
from transit_model.pages.phrases import find_stations, tell_way
from transit_model.pages.view import ComparisonView, StudyView

_NEAR_MIN: Final = 0.01
"""Minutes of a verdict and of its evidence that differ by less are the same."""
Key = tuple[str, str, str, str]


def find_deciding_way(row: Mapping[str, Any] | None) -> str:
    """Return the way of the pair whose minutes are those of the verdict; empty where no pair says one."""
    value = row.get("value_min") if row else None
    if row is None or value is None or text.is_missing(value):
        return ""
    pairs = [e for e in row.get("evidence") or () if not text.is_missing(e.get("minutes"))]
    same = (e for e in pairs if abs(float(e["minutes"]) - float(value)) < _NEAR_MIN)
    return next((str(e.get("via") or "") for e in same), "")


def tell_stations(via: object, names: Names) -> dict[str, str]:
    """Return the stations of a way in both languages, without its mode; empty where it names none, as by road."""
    way = "" if text.is_missing(via) else str(via)
    ends = find_stations(way)
    return tell_way(f"{ends[0]} - {ends[1]}", names) if ends else {}


def index_ways(view: StudyView, pair: ComparisonView) -> dict[Key, tuple[str, str]]:
    """Return the ways before and after a change by from, to, mode and reading, where either names stations."""
    if "via" not in view.od.columns:
        return {}
    out: dict[Key, list[str]] = {}
    for side, scenario in enumerate((pair.base, pair.scenario)):
        table = view.od[(view.od["scenario"] == scenario) & view.od["via"].astype(str).str.contains(r" (?:-|→|–) ")]
        for *key, via in zip(*(table[c].astype(str) for c in ("from", "to", "mode", "reading", "via")), strict=True):
            out.setdefault((key[0], key[1], key[2], key[3]), ["", ""])[side] = via
    return {key: (before, after) for key, (before, after) in out.items()}


def tell_ways(
    row: Mapping[str, Any], ways: Mapping[Key, tuple[str, str]], readings: Sequence[str], names: Names
) -> list[dict[str, Any]]:
    """Return the stations of a row of changes, once for all readings that share them: `stations` and `readings`.

    `row` has ``from``, ``to``, ``modes`` and ``cells`` by reading. Stations that the change replaces stand before an
    arrow.
    """
    out: dict[tuple[str, str], dict[str, Any]] = {}
    for reading in readings:
        if reading not in row["cells"]:
            continue
        found = (ways.get((row["from"], row["to"], mode, reading)) for mode in row["modes"])
        before, after = next((way for way in found if way), ("", ""))
        sides = [tell_stations(side, names) for side in (before, after)]
        if not any(sides):
            continue
        key = (sides[0].get("zh", ""), sides[1].get("zh", ""))
        out.setdefault(key, {"stations": join_stations(sides), "readings": []})["readings"].append(reading)
    return list(out.values())


def join_stations(sides: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Return stations before and after a change as one text, an arrow between where they differ; empty without any."""
    named = [side for side in sides if side]
    if len(named) == 2 and named[0] == named[1]:
        named = named[:1]
    return {lang: " → ".join(side[lang] for side in named) for lang in ("zh", "en")} if named else {}
