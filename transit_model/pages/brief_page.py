"""brief-<scenario>.html: a plan on two pages of A4: the sentence, the map, numbers, what is assumed, sources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from transit_model.pages import text
from transit_model.pages.chart_minutes import chart_minutes
from transit_model.pages.charts import chart_people, chart_seats
from transit_model.pages.compare_page import list_changes
from transit_model.pages.dates import describe_dates
from transit_model.pages.front_map import Sheet, draw_circle_map, find_circle
from transit_model.pages.lead import describe_lead, find_lead, tell_other_ends
from transit_model.pages.names import Names
from transit_model.pages.page import Site, render_page
from transit_model.pages.palette import PROJECT, STILL
from transit_model.pages.publishers import name_publisher, name_title, read_year
from transit_model.pages.still_change import Circle
from transit_model.pages.view import READINGS, ComparisonView, StudyView
from transit_model.pages.ways import Key, index_ways, tell_ways

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

MOST_ROWS: Final = 12
MOST_SEATS: Final = 14
"""Rows of the chart of seats: the page has room for these beside the two charts of people."""
MOST_ASSUMED: Final = 7
MOST_SOURCES: Final = 12
_RATIO: Final = 0.9
_NAME: Final = 0.15
"""Degrees round a place that leave room for its name."""
_KEY: Final = re.compile(r"\[([^\]]+)\]")
_ADDRESS: Final = re.compile(r"^https?://[^\s]+$")


def brief_file(scenario: str) -> str:
    """Return the file name of a brief."""
    return f"brief-{scenario}.html"


def list_briefs(view: StudyView) -> list[ComparisonView]:
    """Return the comparisons that have a brief: those of a plan with its base, in which something changes."""
    return [
        pair
        for pair in view.comparisons
        if not view.get_scenario(pair.scenario).is_base and find_lead(view, pair.base, pair.scenario) is not None
    ]


def render_brief(view: StudyView, site: Site, pair: ComparisonView) -> str:
    """Return the two pages of a plan."""
    scenario, base = view.get_scenario(pair.scenario), view.get_scenario(pair.base)
    lead = find_lead(view, pair.base, pair.scenario)
    assert lead is not None
    kind = (str(lead["origin"]), str(lead["mode"]), str(lead["reading"]))
    circle = (*kind, float(lead["cutoff_min"]))
    projects = view.list_new_projects(scenario)
    changes, _ = list_changes(pair.od, view.region.centres, view.seat_people)
    centres = set(view.region.centres)
    main = [c for c in changes if c["from"] in centres and c["to"] in centres]
    names, shown = Names(view), (main or changes)[:MOST_ROWS]
    assumed = [{"project": p.title, "text": a} for p in projects for a in (*p.assumed, *p.rests_on)]
    return render_page(
        "brief.html.j2",
        view,
        site,
        title=text.fill("brief_title", scenario=scenario.title),
        file=brief_file(scenario.id),
        scenario=scenario,
        base=base,
        lead=describe_lead(view, lead),
        other_ends=tell_other_ends(view, lead),
        circle=_name_circle(view, circle),
        still=draw_circle_map(view, base, scenario, circle, _lay_sheet(view, lead, circle)),
        still_dates=describe_dates(view, base, scenario),
        projects=projects,
        people=chart_people(view, base.id, scenario.id, kind),
        saved_people=chart_minutes(view, base.id, scenario.id, kind),
        seats=chart_seats(view, base.id, scenario.id, kind, MOST_SEATS),
        changes=shown,
        ways=list_stations(shown, index_ways(view, pair), names),
        assumed=assumed[:MOST_ASSUMED],
        more_assumed=max(len(assumed) - MOST_ASSUMED, 0),
        sources=list_sources(view, (p.source for p in projects))[:MOST_SOURCES],
        readings=READINGS,
        names=names,
        project_colour=PROJECT,
        still_colours=STILL,
    )


def list_stations(
    changes: Sequence[Mapping[str, Any]], ways: Mapping[Key, tuple[str, str]], names: Names
) -> dict[str, str]:
    """Return the stations that the minutes of rows lie between, each once, not again for the way back; {} for none."""
    found: dict[frozenset[str], dict[str, str]] = {}
    for row in changes:
        for way in tell_ways(row, ways, READINGS, names):
            stations = way["stations"]
            found.setdefault(frozenset(re.split(" – | → ", stations["zh"])), stations)
    joined = {lang: mark.join(s[lang] for s in found.values()) for lang, mark in (("zh", "；"), ("en", "; "))}
    return joined if found else {}


def _lay_sheet(view: StudyView, lead: dict[str, Any], circle: Circle) -> Sheet:
    rings = [find_circle(view, str(lead[k]), circle) for k in ("base", "scenario")]
    box = find_ground(view, lead, [r for r in rings if r is not None and not r.is_empty])
    return Sheet(720.0, ratio=_RATIO, box=box, saves=True, named=(str(lead["to"]),))


def find_ground(
    view: StudyView, lead: dict[str, Any], circles: Sequence[BaseGeometry]
) -> tuple[float, float, float, float]:
    """Return west, south, east, north of all that the sentence and its numbers name.

    These are the origin and the place, with room for their names, the circle whose people are counted, before and
    after, the ground on which minutes are saved, and where the circle changes.
    """
    named = view.places[view.places["place_id"].isin([lead["origin"], lead["to"]]) & view.places["lon"].notna()]
    boxes = [
        (lead["rings_west"], lead["rings_south"], lead["rings_east"], lead["rings_north"]),
        (lead["west_lon"], lead["south_lat"], lead["east_lon"], lead["north_lat"]),
    ]
    boxes += [c.bounds for c in circles]
    boxes += [(x - _NAME, y - _NAME, x + _NAME, y + _NAME) for x, y in zip(named["lon"], named["lat"], strict=True)]
    west, south, east, north = zip(*boxes, strict=True)
    return float(min(west)), float(min(south)), float(max(east)), float(max(north))


def _name_circle(view: StudyView, circle: tuple[str, str, str, float]) -> dict[str, str]:
    words = {
        "origin": Names(view)(circle[0]),
        "mode": text.name_inside(circle[1]),
        "reading": text.name_inside(circle[2]),
    }
    return text.fill("front_title", minutes=text.format_minutes(circle[3]), **words)


def list_sources(view: StudyView, citations: Iterable[str]) -> list[dict[str, Any]]:
    """Return publisher, year, title and a safe address of the sources that citations name by their keys, each once."""
    rows = {str(r["key"]): r for r in view.sources.to_dict("records")} if len(view.sources) else {}
    out: dict[str, dict[str, Any]] = {}
    for key in (k for c in citations for k in _KEY.findall(c)):
        row = rows.get(key)
        if row is None or key in out:
            continue
        address = str(row.get("url") or "")
        out[key] = {
            "publisher": name_publisher(row),
            "year": read_year(row),
            "title": name_title(row),
            "url": address if _ADDRESS.match(address) else "",
        }
    return list(out.values())
