"""compare-<a>-<b>.html: two cases on one map with a divider, the changes in minutes and people, the certificate."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from transit_model.pages import text
from transit_model.pages.dates import describe_dates
from transit_model.pages.lead import describe_lead, find_lead, tell_other_ends
from transit_model.pages.leaflet import leaflet_markup, render_parts
from transit_model.pages.map_data import PageStore, list_choices
from transit_model.pages.map_page import (
    PAGE_WORDS,
    build_map,
    choose_first,
    list_change_payload,
    list_charts,
    list_steps,
)
from transit_model.pages.names import Names
from transit_model.pages.page import Site, render_page
from transit_model.pages.palette import BASE_OUTLINE, GONE, NEWLY, PROJECT, ring_colours
from transit_model.pages.view import MODES, READINGS, ComparisonView, StudyView
from transit_model.pages.ways import index_ways, tell_ways
from transit_model.study.change_leads import FAR_MIN

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS: Final = 60
FIRST_ROWS: Final = 16
LEAST_CHANGE_MIN: Final = 0.5
"""Pairs whose minutes change by less are not listed."""
SMALL_GAIN: Final = 0.05
"""A share below this shows as zero."""
_GAINS: Final = ("shapley", "add_one", "leave_one_out")


def compare_file(pair: ComparisonView) -> str:
    """Return the file name of a comparison."""
    return f"compare-{pair.base}-{pair.scenario}.html"


def render_compare(view: StudyView, site: Site, pair: ComparisonView, store: PageStore, tolerance_m: float) -> str:
    """Return the page of a comparison, its shapes simplified with a tolerance in metres."""
    scenario, base = view.get_scenario(pair.scenario), view.get_scenario(pair.base)
    ids = [scenario.id, base.id]
    choices = list_choices(view, ids)
    colours = ring_colours(len(choices["cutoffs"])) if choices["cutoffs"] else []
    changes, left_out = list_changes(pair.od, view.region.centres, view.seat_people)
    ways, names = index_ways(view, pair), Names(view)
    changes = [{**c, "ways": tell_ways(c, ways, READINGS, names)} for c in changes]
    lead = find_lead(view, base.id, scenario.id)
    payload = {
        "scenario": scenario.id,
        "base": base.id,
        "asOf": describe_dates(view, base, scenario),
        "bbox": list(view.region.bbox),
        "locator": store.get_locator(),
        "cutoffs": choices["cutoffs"],
        "colours": colours,
        "project": PROJECT,
        "outline": BASE_OUTLINE,
        "centres": list(view.region.centres),
        "rings": {i: store.get_rings(i, tolerance_m) for i in ids},
        "rows": {i: store.get_rows(i) for i in ids},
        "change": store.get_change(base.id, scenario.id),
        "minutes": {i: store.get_minutes(i, choices["origins"]) for i in ids},
        "raster": store.get_raster(),
        "cells": {base.id: store.get_cells(base.id), scenario.id: store.get_cells(scenario.id, base.id)},
        **list_change_payload(view, lead),
        "places": store.get_places(),
        "land": store.get_land(),
        "ground": store.get_ground(scenario.id, [base.id]),
        "words": {key: text.word(key) for key in PAGE_WORDS},
    }
    return render_page(
        "compare.html.j2",
        view,
        site,
        title=text.fill("compare_title", scenario=scenario.title, base=base.title),
        file=compare_file(pair),
        scenario=scenario,
        base=base,
        projects=view.list_new_projects(scenario),
        pair=pair,
        choices=choices,
        first=choose_first(view, choices, lead),
        lead=describe_lead(view, lead) if lead else None,
        other_ends=tell_other_ends(view, lead),
        steps=list_steps(view),
        drawing=store.describe_drawing(tolerance_m),
        line_kinds=store.get_line_kinds(scenario.id, [base.id]),
        new_colour=NEWLY,
        gone_colour=GONE,
        swatches=[{"minutes": c, "fill": f} for c, f in zip(choices["cutoffs"], colours, strict=True)],
        payload=payload,
        folium_map=store.keep(("map",), lambda: render_parts(build_map(view))),
        leaflet=leaflet_markup(),
        changes=changes,
        **list_charts(view, lead, scenario.id),
        left_out=left_out,
        first_rows=FIRST_ROWS,
        least_change=text.format_value(LEAST_CHANGE_MIN),
        population=list_population(pair.population),
        attribution=list_attribution(pair.attribution),
        kinds=list_kinds(pair),
        readings=READINGS,
        names=names,
        tolerance_m=tolerance_m,
    )


def list_changes(
    od: pd.DataFrame | None, centres: Sequence[str] = (), people: Mapping[str, int] | None = None
) -> tuple[list[dict[str, Any]], int]:
    """Return the pairs whose minutes change in the order in which they are asked for, and how many more there are.

    Pairs of two centres come first, then the others; of each those that save or lose most by the quickest mode, counted
    in minutes times the people of the county at the end. The modes of a pair stand together, the quickest first.
    Minutes beyond `FAR_MIN` count as `FAR_MIN`: a day's journey that is hours shorter is still one. One entry a pair
    and mode, with the cells of the readings.
    """
    if od is None:
        return [], 0
    entries: dict[tuple[str, str, str], dict[str, Any]] = {}
    moving = set[tuple[str, str, str]]()
    columns = [od[c].tolist() for c in ("from", "to", "mode", "reading", "base_min", "scenario_min", "change_min")]
    for start, end, mode, reading, *minutes in zip(*columns, strict=True):
        if start == end:  # no journey, also by a mode that runs in one of the two only
            continue
        key = (str(start), str(end), str(mode))
        entry = entries.setdefault(key, {"from": key[0], "to": key[1], "mode": key[2], "cells": {}, "size": 0.0})
        change = _read_change(*minutes)
        entry["cells"][str(reading)] = (*minutes[:2], change)
        if not math.isnan(change):
            sides = [min(float(side), FAR_MIN) for side in minutes[:2]]
            entry["size"] = max(entry["size"], abs(sides[0] - sides[1]))
            if abs(change) >= LEAST_CHANGE_MIN:
                moving.add(key)
    weight: dict[tuple[str, str], tuple[float, float]] = {}
    for (start, end, mode), entry in entries.items():
        size = entry["size"] * float((people or {}).get(end, 1))
        best, any_mode = weight.get((start, end), (0.0, 0.0))
        weight[start, end] = (max(best, size if mode == "best" else 0.0), max(any_mode, size))

    def order(entry: dict[str, Any]) -> tuple[Any, ...]:
        pair = (str(entry["from"]), str(entry["to"]))
        best, any_mode = weight[pair]
        return (
            not set(pair) <= set(centres),
            -best,
            -any_mode,
            *pair,
            entry["mode"] != "best",
            MODES.index(entry["mode"]),
        )

    chosen = sorted((entries[key] for key in entries if key in moving), key=order)
    for entry in chosen:  # of some thousand pairs these alone are put into words
        entry["cells"] = {reading: _show_change(*cell) for reading, cell in entry["cells"].items()}
    moved = fold_modes(chosen)
    return moved[:MOST_ROWS], max(len(moved) - MOST_ROWS, 0)


def fold_modes(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows with one for all modes of a pair that have the same minutes, named in ``modes``."""
    out: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        cells = tuple((reading, *cell.values()) for reading, cell in sorted(row["cells"].items()))
        out.setdefault((row["from"], row["to"], cells), {**row, "modes": []})["modes"].append(row["mode"])
    return list(out.values())


def _show_change(base_min: float, scenario_min: float, change: float) -> dict[str, Any]:
    before, after, shown = text.format_change_of(base_min, scenario_min)
    known = not math.isnan(change)
    return {
        "before": before,
        "after": after,
        "change": shown if known else text.DASH,
        "moved": known and abs(change) >= LEAST_CHANGE_MIN,
    }


def _read_change(before: float, after: float, change: float) -> float:
    if not text.is_missing(change):
        return float(change)
    if text.is_missing(before) or text.is_missing(after) or before == after:
        return math.nan
    return -math.inf if math.isinf(float(before)) else math.inf


def list_kinds(pair: ComparisonView) -> list[Mapping[str, Any]]:
    """Return the certificate of each mode and reading, in the order of the pages."""
    order = [(m, r) for m in MODES for r in READINGS]
    by_kind = {(str(k["mode"]), str(k["reading"])): k for k in pair.kinds}
    return [by_kind[key] for key in order if key in by_kind]


def list_population(table: pd.DataFrame | None) -> list[dict[str, Any]]:
    """Return the population rows that change."""
    if table is None:
        return []
    return [{str(k): v for k, v in r.items()} for r in table.to_dict("records") if r["change"] != 0]


def list_attribution(table: pd.DataFrame | None) -> list[dict[str, Any]]:
    """Return one entry a measure with its parts: their shares and the length of their bars, -1 to 1 within it."""
    if table is None or table.empty:
        return []
    entries: dict[str, dict[str, Any]] = {}
    for row in table.to_dict("records"):
        name, part = str(row["measure"]), str(row["project"])
        entry = entries.setdefault(
            name,
            {
                "title": _title(row, "measure", name),
                "unit": str(row.get("unit") or ""),
                "before": _read_number(row, "before"),
                "after": _read_number(row, "after"),
                "parts": [],
            },
        )
        numbers = {k: float(row[k]) for k in _GAINS}
        entry["parts"].append(
            {
                "title": _title(row, "project", part),
                "n": int(row.get("n_projects") or 1),
                **numbers,
                "together": abs(numbers["add_one"]) < SMALL_GAIN <= abs(numbers["shapley"]),
            }
        )
    for entry in entries.values():
        largest = max(abs(p["shapley"]) for p in entry["parts"]) or 1.0
        entry["parts"].sort(key=lambda p: -p["shapley"])
        entry["lost"] = any(p["shapley"] < 0 for p in entry["parts"])
        entry["idle"] = [p for p in entry["parts"] if all(abs(p[k]) < SMALL_GAIN for k in _GAINS)]
        entry["parts"] = [p for p in entry["parts"] if p not in entry["idle"]]
        for part in entry["parts"]:
            part["bar"] = part["shapley"] / largest
    return list(entries.values())


def _title(row: Any, name: str, otherwise: str) -> dict[str, str]:  # noqa: ANN401 - a table row
    words = {lang: row.get(f"{name}_{lang}") for lang in ("zh", "en")}
    return {lang: otherwise if text.is_missing(word) else str(word) for lang, word in words.items()}


def _read_number(row: Any, name: str) -> float | None:  # noqa: ANN401 - a table row
    value = row.get(name)
    return None if text.is_missing(value) else float(value)
