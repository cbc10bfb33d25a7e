"""<scenario>.html: a folium map with its own base map, rings by centre and mode, and minutes for every place."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from transit_model.pages import text
from transit_model.pages.leaflet import build_offline_map, leaflet_markup, render_parts
from transit_model.pages.map_data import PageStore, list_choices
from transit_model.pages.names import Names
from transit_model.pages.page import Site, render_page
from transit_model.pages.palette import BASE_OUTLINE, PROJECT, ring_colours
from transit_model.pages.view import READINGS, ScenarioView, StudyView

if TYPE_CHECKING:
    import folium

TOLERANCES_M: Final = (250.0, 400.0, 650.0, 1000.0, 1600.0, 2500.0)
PAGE_WORDS: Final = (
    "legend_minutes",
    "between",
    "at_most",
    "beyond",
    "via",
    "unreachable",
    "route_other",
    "route_new",
    "route_rail",
    "route_rail_as_typical",
    "route_transit",
    "route_bus",
    "route_to_nearest",
    "search_none",
    "toll",
    "posted",
    "opened",
    "planned",
    "point_here",
    "saved_at_least",
    "no_ring",
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
        min_zoom=5,
        max_zoom=14,
    )


def render_map(view: StudyView, site: Site, scenario: ScenarioView, store: PageStore, tolerance_m: float) -> str:
    """Return a scenario's map page, its shapes simplified with a tolerance in metres."""
    ids = [scenario.id] if scenario.base is None else [scenario.id, scenario.base]
    base = view.get_scenario(scenario.base) if scenario.base else None
    choices = list_choices(view, ids)
    colours = ring_colours(len(choices["cutoffs"])) if choices["cutoffs"] else []
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
        first=choose_first(view, choices),
        tolerance_m=tolerance_m,
        payload=_build_payload(view, scenario, base, store, choices, colours, tolerance_m),
        folium_map=store.keep(("map",), lambda: render_parts(build_map(view))),
        leaflet=leaflet_markup(),
        names=Names(view),
        readings=READINGS,
        project_colour=PROJECT,
        base_colour=BASE_OUTLINE,
    )


def choose_first(view: StudyView, choices: dict[str, Any]) -> dict[str, Any]:
    """Return what the map shows at first: the study's mode and reading for small maps, the first centre."""
    mode, reading = view.small_map
    modes, readings, cutoffs = choices["modes"], choices["readings"], choices["cutoffs"]
    return {
        "mode": mode if mode in modes else (modes or [""])[-1],
        "reading": reading if reading in readings else (readings or [""])[-1],
        "origin": (choices["origins"] or [""])[0],
        "cutoff": cutoffs[-1] if cutoffs else 0,
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
        "bbox": list(view.region.bbox),
        "cutoffs": choices["cutoffs"],
        "colours": colours,
        "project": PROJECT,
        "outline": BASE_OUTLINE,
        "centres": origins,
        "rings": {i: store.get_rings(i, tolerance_m) for i in ids},
        "rows": {i: store.get_rows(i) for i in ids},
        "minutes": {i: store.get_minutes(i, origins) for i in ids},
        "routes": {i: store.get_routes(i) for i in ids},
        "places": store.get_places(),
        "land": store.get_land(),
        "ground": store.get_ground(scenario.id, ids[1:]),
        "words": {key: text.word(key) for key in PAGE_WORDS},
    }
