"""<scenario>.html: a folium map with its own base map, rings by centre and mode, and minutes for every place."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from transit_model.pages import text
from transit_model.pages.chart_minutes import chart_minutes, chart_ranked
from transit_model.pages.charts import chart_people, chart_seats
from transit_model.pages.dates import describe_dates
from transit_model.pages.lead import describe_lead, describe_state, find_lead, tell_other_ends
from transit_model.pages.leaflet import build_offline_map, leaflet_markup, render_parts
from transit_model.pages.map_data import PageStore, list_choices
from transit_model.pages.names import Names
from transit_model.pages.page import Site, render_page
from transit_model.pages.palette import (
    BASE_OUTLINE,
    GONE,
    NEWLY,
    PROJECT,
    lost_colours,
    ring_colours,
    saved_colours,
)
from transit_model.pages.view import READINGS, ScenarioView, StudyView

if TYPE_CHECKING:
    import folium

TOLERANCES_M: Final = (500.0, 1000.0, 2000.0)
PAGE_WORDS: Final = (
    "legend_minutes",
    "route_other",
    "route_new",
    "route_rail",
    "route_rail_as_typical",
    "route_transit",
    "route_bus",
    "route_to_nearest",
    "stations_used",
    "search_none",
    "toll",
    "posted",
    "opened",
    "planned",
    "point_here",
    "no_ring",
    "no_change",
    "rings_same",
    "choose_origin",
    "see_all",
    "see_change",
    "why_promoter",
    "why_no_mode",
    "why_cell",
    "outside_area",
    "closed_here",
    "limited_here",
    "hospital",
    "minutes_here",
    "centre",
    "county_seat",
    "alternative_centre",
    "airport",
    "station",
    "facility",
    "point",
    "road",
    "rail",
    "bus",
    "transit",
    "best",
    *READINGS,
    "lead_more",
    "lead_fewer",
    "lead_same",
    "lead_unchanged",
    "lead_km2_saved",
    "lead_km2_lost",
    "lead_place",
    "lead_place_new",
    "lead_place_gone",
    "lead_place_new_short",
    "lead_place_gone_short",
    "lead_people",
    "lead_was",
    "lead_saved",
    "lead_lost",
    "lead_minutes",
    "lead_to",
    "of_circle",
    "n_minutes",
    "class_new",
    "class_gone",
    "chart_still",
    "chart_far",
    "chart_no_seats",
    "more_changes",
    "shows_edges",
    "newly_within",
    "newly_people",
    "chart_minutes_axis",
    "chart_minutes_saved",
)


def fit_page(make: Callable[[float], str], budget_bytes: int) -> tuple[str, float]:
    """Return a page and the tolerance in metres with which its shapes were simplified.

    The least of `TOLERANCES_M` whose page keeps within the budget is taken; the last in any case.
    """
    page = ""
    for tolerance in TOLERANCES_M:
        page = make(tolerance)
        if len(page.encode()) <= budget_bytes:
            return page, tolerance
    return page, TOLERANCES_M[-1]


def build_map(view: StudyView) -> folium.Map:
    """Return the folium map of the study area without tiles, for a page or a notebook to add layers to."""
    west, south, east, north = view.region.bbox
    return build_offline_map(
        location=((south + north) / 2, (west + east) / 2),
        zoom=8,
        attribution_control=False,
        zoom_snap=0.25,
    )


def render_map(view: StudyView, site: Site, scenario: ScenarioView, store: PageStore, tolerance_m: float) -> str:
    """Return a scenario's map page, its shapes simplified with a tolerance in metres."""
    ids = [scenario.id] if scenario.base is None else [scenario.id, scenario.base]
    base = view.get_scenario(scenario.base) if scenario.base else None
    choices = list_choices(view, ids)
    colours = ring_colours(len(choices["cutoffs"])) if choices["cutoffs"] else []
    lead = find_lead(view, scenario.base, scenario.id)
    return render_page(
        "map.html.j2",
        view,
        site,
        title=text.fill("map_title", scenario=scenario.title, region=view.region.title),
        file=f"{scenario.id}.html",
        scenario=scenario,
        base=base,
        projects=view.list_new_projects(scenario),
        choices=choices,
        swatches=[{"minutes": c, "fill": f} for c, f in zip(choices["cutoffs"], colours, strict=True)],
        first=choose_first(view, choices, lead),
        lead=describe_lead(view, lead) if lead else describe_state(view, scenario),
        other_ends=tell_other_ends(view, lead),
        steps=list_steps(view),
        compare_file=name_comparison(view, scenario),
        drawing=store.describe_drawing(tolerance_m),
        line_kinds=store.get_line_kinds(scenario.id, ids[1:]),
        tolerance_m=tolerance_m,
        payload=_build_payload(view, scenario, base, store, choices, colours, tolerance_m),
        **list_charts(view, lead, scenario.id),
        folium_map=store.keep(("map",), lambda: render_parts(build_map(view))),
        leaflet=leaflet_markup(),
        names=Names(view),
        readings=READINGS,
        project_colour=PROJECT,
        base_colour=BASE_OUTLINE,
        new_colour=NEWLY,
        gone_colour=GONE,
    )


def name_comparison(view: StudyView, scenario: ScenarioView) -> str:
    """Return the file of the comparison of a scenario with its base, empty when there is none."""
    has = any((p.base, p.scenario) == (scenario.base, scenario.id) for p in view.comparisons)
    return f"compare-{scenario.base}-{scenario.id}.html" if has else ""


def list_steps(view: StudyView) -> list[dict[str, Any]]:
    """Return the classes of the map of minutes saved: least minutes and the colours saved and lost."""
    steps = list(view.saved_steps_min)
    colours = zip(steps, saved_colours(len(steps)), lost_colours(len(steps)), strict=True)
    return [{"minutes": v, "saved": saved, "lost": lost} for v, saved, lost in colours]


def list_charts(view: StudyView, lead: dict[str, Any] | None, scenario: str) -> dict[str, Any]:
    """Return the charts of a comparison: of the circle that leads those that follow the controls, and the ranking."""
    if lead is None:
        return {"people": None, "seats": None, "saved_people": None, "ranked": None}
    kind, pair = (str(lead["origin"]), str(lead["mode"]), str(lead["reading"])), (str(lead["base"]), scenario)
    ranked = chart_ranked(view, scenario) if not view.get_scenario(scenario).is_base else None
    return {
        "people": chart_people(view, *pair, kind),
        "seats": chart_seats(view, *pair, kind),
        "saved_people": chart_minutes(view, *pair, kind),
        "ranked": ranked,
    }


def list_access(view: StudyView) -> dict[str, Any]:
    """Return how far stations count as those of a place, in km, and how long a ride to one may take, in minutes."""
    table = view.assumptions
    known = dict(zip(table["name"], table["value"], strict=True)) if len(table) else {}
    return {"km": known.get("station_reach_km"), "taxi": known.get("access_max_min")}


def list_change_payload(view: StudyView, lead: dict[str, Any] | None) -> dict[str, Any]:
    """Return what the map of minutes saved is drawn with, and the ground that changes most."""
    steps = list_steps(view)
    sides = (
        ("west_lon", "south_lat", "east_lon", "north_lat"),
        ("rings_west", "rings_south", "rings_east", "rings_north"),
    )
    box, rings = ([lead[k] for k in names] if lead else None for names in sides)
    return {
        "savedSteps": [s["minutes"] for s in steps],
        "savedColours": [s["saved"] for s in steps],
        "lostColours": [s["lost"] for s in steps],
        "newColour": NEWLY,
        "goneColour": GONE,
        "lead": {"box": box, "rings": rings, "split": lead["split_lon"], "moves": bool(lead["rings_cells"])}
        if lead
        else None,
    }


def choose_first(view: StudyView, choices: dict[str, Any], lead: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return what the map shows at first: what changes most, else the study's mode for small maps, the first centre."""
    mode, reading = view.small_map
    if lead:
        shown = {"mode": lead["mode"], "reading": lead["reading"], "origin": lead["origin"], "case": "saved"}
        return {**shown, "cutoff": float(lead["cutoff_min"])}
    modes, readings, cutoffs = choices["modes"], choices["readings"], choices["cutoffs"]
    return {
        "mode": mode if mode in modes else (modes or [""])[-1],
        "reading": reading if reading in readings else (readings or [""])[-1],
        "origin": (choices["origins"] or [""])[0],
        "cutoff": cutoffs[-1] if cutoffs else 0,
        "case": "both",
    }


def _build_payload(
    view: StudyView,
    scenario: ScenarioView,
    base: ScenarioView | None,
    store: PageStore,
    choices: dict[str, Any],
    colours: list[str],
    tolerance_m: float,
) -> dict[str, Any]:
    ids = [scenario.id] if base is None else [scenario.id, base.id]
    origins = list(dict.fromkeys([*view.region.centres, *choices["origins"]]))
    return {
        "scenario": scenario.id,
        "base": base.id if base else None,
        "asOf": describe_dates(view, scenario),
        "bbox": list(view.region.bbox),
        "locator": store.get_locator(),
        "cutoffs": choices["cutoffs"],
        "colours": colours,
        "project": PROJECT,
        "outline": BASE_OUTLINE,
        "centres": origins,
        "rings": {i: store.get_rings(i, tolerance_m) for i in ids},
        "rows": {i: store.get_rows(i) for i in ids},
        "minutes": {i: store.get_minutes(i, origins) for i in ids},
        "change": store.get_change(base.id, scenario.id) if base else None,
        "access": list_access(view),
        "services": {i: store.get_services(i) for i in ids},
        "routes": {i: store.get_routes(i) for i in ids},
        "raster": store.get_raster(),
        "cells": {i: store.get_cells(i, base.id if base and i == scenario.id else None) for i in ids},
        **list_change_payload(view, find_lead(view, scenario.base, scenario.id)),
        "places": store.get_places(),
        "land": store.get_land(),
        "ground": store.get_ground(scenario.id, ids[1:]),
        "words": {key: text.word(key) for key in PAGE_WORDS},
    }
