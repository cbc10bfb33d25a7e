"""timeline.html: the plan year by year; a slider moves the circles and the verdicts."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from transit_model.pages import text
from transit_model.pages.charts import chart_goals_by_year
from transit_model.pages.dates import describe_dates
from transit_model.pages.headline import count_judged, count_verdicts
from transit_model.pages.leaflet import leaflet_markup, render_parts
from transit_model.pages.map_data import PageStore, list_choices
from transit_model.pages.map_page import PAGE_WORDS, build_map, choose_first
from transit_model.pages.names import Names
from transit_model.pages.page import Site, render_page
from transit_model.pages.palette import BASE_OUTLINE, PROJECT, ring_colours
from transit_model.pages.verdict_rows import describe_verdict, index_verdicts
from transit_model.pages.view import READINGS, StudyView


def render_timeline(view: StudyView, site: Site, store: PageStore, tolerance_m: float) -> str:
    """Return the timeline, its shapes simplified with a tolerance in metres.

    Each step shows the scenario that stands for its year.
    """
    ids = list(dict.fromkeys(step.scenario for step in view.timeline))
    choices = list_choices(view, ids)
    colours = ring_colours(len(choices["cutoffs"])) if choices["cutoffs"] else []
    payload: dict[str, Any] = {
        "scenario": ids[0],
        "base": None,
        "steps": [{"year": s.year, "scenario": s.scenario} for s in view.timeline],
        "asOf": describe_dates(view, *(view.get_scenario(i) for i in ids)),
        "bbox": list(view.region.bbox),
        "locator": store.get_locator(),
        "cutoffs": choices["cutoffs"],
        "colours": colours,
        "project": PROJECT,
        "outline": BASE_OUTLINE,
        "centres": list(view.region.centres),
        "raster": None,
        "cells": {},
        "lead": None,
        "savedSteps": [],
        "rings": {i: store.get_rings(i, tolerance_m) for i in ids},
        "rows": {i: store.get_rows(i) for i in ids},
        "places": store.get_places(),
        # Of all years; the script shows what stands in the chosen one. What the last year adds stands out.
        "land": store.get_land(),
        "ground": store.get_ground(ids[-1], ids),
        "words": {key: text.word(key) for key in PAGE_WORDS},
    }
    counts = [count_verdicts(view, view.get_scenario(step.scenario), "met") for step in view.timeline]
    of = count_judged(view)
    return render_page(
        "timeline.html.j2",
        view,
        site,
        title=text.word("timeline_title"),
        file="timeline.html",
        steps=view.timeline,
        scenarios_of_steps=[view.get_scenario(t.scenario) for t in view.timeline],
        rows=_list_rows(view),
        counts=counts,
        of=of,
        years_chart=chart_goals_by_year(view, counts, of),
        turned=list_turned(view),
        lost=list_turned(view, lost=True),
        choices=choices,
        first=choose_first(view, choices),
        drawing=store.describe_drawing(tolerance_m),
        line_kinds=store.get_line_kinds(ids[-1], ids),
        swatches=[{"minutes": c, "fill": f} for c, f in zip(choices["cutoffs"], colours, strict=True)],
        payload=payload,
        folium_map=store.keep(("map",), lambda: render_parts(build_map(view))),
        leaflet=leaflet_markup(),
        readings=READINGS,
        names=Names(view),
    )


def _list_rows(view: StudyView) -> list[dict[str, Any]]:
    table = index_verdicts(view.verdicts)
    return [
        {
            "goal": goal,
            "steps": [
                [describe_verdict(goal, r, table.get((goal.id, step.scenario, r))) for r in READINGS]
                for step in view.timeline
            ],
        }
        for goal in view.goals
        if goal.unmeasurable is None
    ]


def list_turned(view: StudyView, *, lost: bool = False) -> list[list[dict[str, Any]]]:
    """Return for each step the goals met in it and not in the step before, on readings they are judged on.

    With `lost` those met before and no longer. The first step has none.
    """
    table = index_verdicts(view.verdicts)

    def met(goal: str, reading: str, scenario: str) -> bool:
        row = table.get((goal, scenario, reading))
        return row is not None and row["verdict"] == "met" and bool(row["judged"])

    out: list[list[dict[str, Any]]] = [[] for _ in view.timeline]
    for i, (before, after) in enumerate(pairwise(view.timeline), start=1):
        old, new = (after, before) if lost else (before, after)
        for goal in view.goals:
            readings = [r for r in READINGS if met(goal.id, r, new.scenario) and not met(goal.id, r, old.scenario)]
            if readings:
                out[i].append({"title": goal.title, "readings": readings})
    return out
