"""Charts beside the maps as plain SVG: people within minutes, minutes of the county seats before and after.

Nothing is measured here: bars and marks are drawn from tables, and every number stands beside its mark, so that a chart
reads in grey and without sight of colour.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

from transit_model.pages import text
from transit_model.pages.names import Names
from transit_model.pages.view import StudyView
from transit_model.study.change_leads import FAR_MIN

WIDTH: Final = 520.0
_LEFT: Final = 132.0
_RIGHT: Final = 96.0
_ROW: Final = 22.0
_ARROW: Final = 12.0
_YEAR_WIDTH: Final = 34.0
_DOT: Final = 8.0
"""Width of a dot with the room it wants."""
MOST_SEATS: Final = 18
Kind = tuple[str, str, str]
"""Origin, mode, reading."""


def chart_people(view: StudyView, base: str, scenario: str, kind: Kind) -> dict[str, Any] | None:
    """Return bars of the people within each cutoff, base and scenario; None where neither was measured."""
    rings = view.rings
    chosen = rings[(rings["origin"] == kind[0]) & (rings["mode"] == kind[1]) & (rings["reading"] == kind[2])]
    people = {
        (str(r["scenario"]), float(r["cutoff_min"])): float(r["population"])
        for r in chosen[["scenario", "cutoff_min", "population"]].to_dict("records")
    }
    cutoffs = sorted({c for s, c in people if s in (base, scenario)})
    if not cutoffs:
        return None
    most = max(people.get((s, c), 0.0) for s in (base, scenario) for c in cutoffs) or 1.0
    scale = (WIDTH - 70.0 - _RIGHT) / most
    rows = []
    for i, cutoff in enumerate(cutoffs):
        before, after = people.get((base, cutoff), 0.0), people.get((scenario, cutoff), 0.0)
        rows.append(
            {
                "y": 14.0 + i * 2 * _ROW,
                "minutes": text.format_minutes(cutoff),
                "before": round(before * scale, 1),
                "after": round(after * scale, 1),
                "before_people": text.format_people(before),
                "after_people": text.format_people(after),
                "changed": text.format_people(before) != text.format_people(after),
            }
        )
    height = 14.0 + len(cutoffs) * 2 * _ROW
    return {"rows": rows, "left": 70.0, "width": WIDTH, "height": height, "of": name_kind(view, kind)}


def name_kind(view: StudyView, kind: Kind) -> dict[str, str]:
    """Return origin, mode and reading in words."""
    words = {"mode": text.name_inside(kind[1]), "reading": text.name_inside(kind[2])}
    return text.fill("of_circle", origin=Names(view)(kind[0]), **words)


def chart_seats(view: StudyView, base: str, scenario: str, kind: Kind, most: int = MOST_SEATS) -> dict[str, Any] | None:
    """Return a dumbbell a place whose shown minutes change, `most` of them, the most first; None where none does.

    The axis ends at `FAR_MIN`. What lies beyond it before or after is told by an arrow and its minutes; places that do
    before and after come last, since a journey of a day that is hours shorter is still one of a day.
    """
    od = view.od
    rows = od[(od["from"] == kind[0]) & (od["mode"] == kind[1]) & (od["reading"] == kind[2])]
    seats = view.places[view.places["kind"].isin(["centre", "county_seat"])]["place_id"]
    rows = rows[rows["to"].isin(set(seats)) & (rows["to"] != kind[0])]
    minutes = {(str(r["scenario"]), str(r["to"])): float(r["minutes"]) for r in rows.to_dict("records")}
    found = []
    for place in dict.fromkeys(str(p) for p in seats):
        before, after = minutes.get((base, place), math.inf), minutes.get((scenario, place), math.inf)
        if math.isnan(before) or math.isnan(after) or text.format_minutes(before) == text.format_minutes(after):
            continue
        found.append((before, after, place))
    if not found:
        return None
    found.sort(key=lambda f: (min(f[:2]) > FAR_MIN, -_size(f[0], f[1]), f[2]))
    return {
        **_lay_dumbbells(view, found[:most]),
        "more": max(len(found) - most, 0),
        "of": name_kind(view, kind),
        "kind": kind,
    }


def _size(before: float, after: float) -> float:
    return math.inf if math.isinf(before) != math.isinf(after) else abs(before - after)


def _lay_dumbbells(view: StudyView, found: Sequence[tuple[float, float, str]]) -> dict[str, Any]:
    names = Names(view)
    inside = [v for before, after, _ in found for v in (before, after) if v <= FAR_MIN]
    most = max(inside, default=FAR_MIN) * 1.02
    scale = (WIDTH - _LEFT - _RIGHT - _ARROW) / most
    rows = []
    for i, (before, after, place) in enumerate(found):
        was, now, change = text.format_change_of(before, after)
        x0, x1 = (round(_LEFT + (v * scale if v <= most else most * scale + _ARROW), 1) for v in (before, after))
        arrows = {"from_far": before > most, "to_far": after > most}
        numbers = {"before": was, "after": now, "change": change, "quicker": after < before}
        rows.append({"y": 16.0 + i * _ROW, "name": names(place), "x0": x0, "x1": x1, **arrows, **numbers})
    step = next(s for s in (10, 20, 30, 60, 120, 240, 480) if most / s <= 8)
    ticks = [{"x": round(_LEFT + t * scale, 1), "minutes": t} for t in range(0, int(most) + 1, step)]
    height = 16.0 + len(rows) * _ROW + 14.0
    some_far = any(r["from_far"] or r["to_far"] for r in rows)
    drawn = {"rows": rows, "ticks": ticks, "left": _LEFT, "width": WIDTH, "height": height}
    return {**drawn, "has_far": some_far}


def _part(ys: Sequence[float], least: float) -> list[float]:
    """Return heights moved apart so that neighbours differ by at least so much, in the order given, the lowest kept."""
    out, last = [0.0] * len(ys), math.inf
    for i in sorted(range(len(ys)), key=lambda i: -ys[i]):
        last = min(ys[i], last - least)
        out[i] = round(last, 1)
    return out


def _part_numbers(points: Sequence[dict[str, Any]]) -> None:
    """Say where the numbers of the lines stand in one year: one number for lines on one spot, none over another."""
    seen: dict[float, dict[str, Any]] = {}
    for point in points:
        point["label"] = None
        seen.setdefault(float(point["y"]), point)
    shown = list(seen.values())
    for point, y in zip(shown, _part([float(p["y"]) - 7.0 for p in shown], 13.0), strict=True):
        point["label"] = y


def _part_dots(points: Sequence[dict[str, Any]]) -> None:
    """Say where the dots of the lines stand in one year: side by side where they would overlap, else on their line."""
    left = list(points)
    while left:
        beside = [p for p in left if abs(p["y"] - left[0]["y"]) < _DOT]
        left = [p for p in left if p not in beside]
        for i, point in enumerate(beside):
            point["dot"] = round(point["x"] + (i - (len(beside) - 1) / 2) * _DOT, 1)


def chart_goals_by_year(view: StudyView, counts: Sequence[dict[str, int]], of: dict[str, int]) -> dict[str, Any] | None:
    """Return a line a reading of how many goals hold in the years of the plan, years to scale.

    The axis ends at the most that hold in any year; out of how many stands at the end of each line.
    """
    years = [step.year for step in view.timeline]
    if len(years) < 2:
        return None
    left, right, top, height = 34.0, 172.0, 24.0, 150.0
    most = max([n for count in counts for n in count.values()] + [1])
    span = (WIDTH - left - right) / (years[-1] - years[0])
    lines: list[dict[str, Any]] = []
    for reading in counts[0]:
        points = [
            {
                "x": round(left + (year - years[0]) * span, 1),
                "y": round(top + height * (1 - count[reading] / most), 1),
                "n": count[reading],
            }
            for year, count in zip(years, counts, strict=True)
        ]
        lines.append({"reading": reading, "points": points, "of": of[reading]})
    for i in range(len(years)):
        _part_numbers([line["points"][i] for line in lines])
        _part_dots([line["points"][i] for line in lines])
    ends = _part([line["points"][-1]["y"] for line in lines], 15.0)
    for line, y in zip(lines, ends, strict=True):
        line["end"] = y
    ticks = [{"x": round(left + (year - years[0]) * span, 1), "year": year, "low": False} for year in years]
    for before, tick in pairwise(ticks):
        tick["low"] = not before["low"] and float(tick["x"]) - float(before["x"]) < _YEAR_WIDTH
    return {
        "lines": lines,
        "ticks": ticks,
        "width": WIDTH,
        "height": top + height + (36 if any(t["low"] for t in ticks) else 22),
        "base": top + height,
        "left": left,
    }
