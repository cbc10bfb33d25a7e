"""The national travel circle as one page: stations by the hour that reaches them, and how many cities there are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup

from transit_model.errors import InputError, Issue
from transit_model.pages.leaflet import read_leaflet_css, read_leaflet_js
from transit_model.pages.page import render_template
from transit_model.pages.palette import ring_colours
from transit_model.store.write import write_text

if TYPE_CHECKING:
    from transit_model.measure.rail_reach import Reach

_WORDS = {
    "zh": {
        "reading": "口径", "within": "时限（分钟）", "stations": "车站", "cities": "城市", "people": "人口",
        "station": "车站", "city": "城市", "fastest": "最快（分钟）", "typical": "典型（分钟）",
    },
    "en": {
        "reading": "reading", "within": "within, min", "stations": "stations", "cities": "cities", "people": "people",
        "station": "station", "city": "city", "fastest": "fastest, min", "typical": "typical, min",
    },
}  # fmt: skip
_READINGS = {
    "fastest": {"zh": "最快车次", "en": "fastest train"},
    "typical": {"zh": "典型（含候车）", "en": "typical, with the wait"},
}
_METHOD = {
    "zh": (
        "最快：全天最快行程，上车到下车，含换乘；典型：出发时段内每分钟出发的中位数，含候车。"
        "只在同一车站或步行可达的车站之间换乘。"
    ),
    "en": (
        "Fastest: the quickest journey of the day, boarding to alighting, changes included. Typical: the median over "
        "departure minutes, with the wait. Changes are within a station or between stations a walk apart."
    ),
}
_ASSUMED = {
    "zh": "城市按站名推断（假定）：北京南属北京。",
    "en": "Cities are guessed by the names of stations (assumed): 北京南 is of 北京.",
}


def write_reach_page(out: Path, found: Reach, cutoffs_min: Sequence[float], language: str, vintage: str = "") -> None:
    """Write the stations that are reached as a map that needs no network; the file appears whole or not at all.

    `vintage` names the timetable of a region in a note.

    Raises
    ------
    InputError
        ``no_coordinates`` when the station itself, or every other, has no place.
    """
    rows = found.list_rows(cutoffs_min)
    placed = [r for r in rows if r["lon"] is not None and r["lat"] is not None]
    origin = found.stops.iloc[found.origin]
    if not placed or not np.isfinite([origin["lon"], origin["lat"]]).all():
        hint = "name their places: --stations FILE.csv (name, lon, lat); or write .csv, .xlsx or .json"
        message = "a map needs the coordinates of the stations"
        raise InputError(Issue("no_coordinates", "error", message, field="out", value=str(out), hint=hint))
    colours = ring_colours(len(cutoffs_min))
    rings = [
        {
            "reading": _READINGS[r["reading"]][language],
            "cutoff": f"{r['cutoff_min']:g}",
            "stations": r["stations"],
            "cities": r["cities"],
            "people": "" if r["people"] is None else f"{r['people']:,.0f}",
            "colour": colours[list(cutoffs_min).index(r["cutoff_min"])],
        }
        for r in found.list_rings(cutoffs_min)
    ]
    hours = "、" if language == "zh" else ", "
    limits = hours.join(f"{c:g}" for c in cutoffs_min)
    zh = language == "zh"
    title = f"{origin['name']}：铁路 {limits} 分钟可达" if zh else f"{origin['name']}: by rail in {limits} min"
    notes = [vintage] if vintage else []
    notes += [_ASSUMED[language]] if found.assumed_cities else []
    if len(placed) < len(rows):
        lost = len(rows) - len(placed)
        absent = f"{lost} stations have no place and are not on the map."
        notes.append(f"{lost}个车站没有坐标，不在图上。" if zh else absent)
    page = render_template(
        "reach.html.j2",
        lang=language,
        title=title,
        method=_METHOD[language],
        words=_WORDS[language],
        readings=[{"name": n, "title": t[language]} for n, t in _READINGS.items()],
        rings=rings,
        has_people=bool(found.people),
        notes=notes,
        rows=[
            {"to": r["to"], "city": r["city"], "fastest": _show(r["fastest_min"]), "typical": _show(r["typical_min"])}
            for r in rows
        ],
        payload=_build_payload(found, placed, cutoffs_min, colours, language),
        leaflet_css=Markup(read_leaflet_css()),
        leaflet_js=Markup(read_leaflet_js()),
    )
    write_text(out, page)


def _show(minutes: float | None) -> str:
    return "–" if minutes is None else f"{minutes:.0f}"


def _draw_lines(found: Reach) -> list[list[list[float]]]:
    """Return a straight line between stations that a train joins, where both are reached and have a place."""
    at = found.stops[["lat", "lon"]].to_numpy(dtype=np.float64).round(4)
    shown = np.isfinite(found.fastest_s) & np.isfinite(at).all(axis=1)
    kept = found.links[shown[found.links].all(axis=1)] if len(found.links) else found.links
    lines: list[list[list[float]]] = at[kept].tolist()
    return lines


def _build_payload(
    found: Reach, placed: Sequence[dict[str, Any]], cutoffs: Sequence[float], colours: Sequence[str], language: str
) -> Markup:
    origin = found.stops.iloc[found.origin]
    lon, lat = ([float(origin[c]), *(r[c] for r in placed)] for c in ("lon", "lat"))
    payload = {
        "origin": [lon[0], lat[0], str(origin["name"])],
        "stations": [[r["lon"], r["lat"], r["to"], r["fastest_min"], r["typical_min"]] for r in placed],
        "lines": _draw_lines(found),
        "bounds": [[min(lat), min(lon)], [max(lat), max(lon)]],
        "cutoffs": list(cutoffs),
        "colours": list(colours),
        "unit": "分钟" if language == "zh" else "min",
    }
    # Inside a script element nothing may close it.
    return Markup(json.dumps(payload, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"))
