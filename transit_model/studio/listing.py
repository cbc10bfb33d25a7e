"""What there is to choose from: projects with what stands behind them, places, nodes, roads and stations."""

from __future__ import annotations

from collections import Counter
from typing import Any

from transit_model.analysis.evaluate import Evaluator
from transit_model.analysis.uncertain_values import list_assumption_ranges
from transit_model.domain.issue_words import describe_issue
from transit_model.domain.modes import MODE_NAMES, RIDDEN, SPEED_NAMES, VEHICLE_NAMES, Mode, Reading, SpeedTable
from transit_model.domain.readings import READING_NAMES, READING_RULES, has_surface
from transit_model.domain.words import VERDICT_NAMES
from transit_model.errors import InputError, Issue, TransitModelError
from transit_model.near_names import hint_near
from transit_model.network.model import Network
from transit_model.network.snap import build_courses
from transit_model.scenario.base_schema import CONFIDENCE_NAMES, STATUS_NAMES, Project
from transit_model.scenario.change_trains import find_class, list_train_names
from transit_model.scenario.kinds.registry import find_kind
from transit_model.scenario.kinds.words import HIGHWAY_NAMES
from transit_model.scenario.load import list_scenarios
from transit_model.scenario.lookup import list_stops
from transit_model.scenario.overrides import find_override, get_project_data
from transit_model.scenario.rail_service_edit import find_fastest_s
from transit_model.scenario.values import show
from transit_model.studio.service import Studio
from transit_model.units import s_to_min

Row = dict[str, Any]
_DECIMALS = 5


def list_project_rows(studio: Studio, base: str | None = None) -> list[Row]:
    """Return the projects of the library as switches, those of the base marked."""
    evaluator = studio.evaluator_of(base)
    sources = {str(r["key"]): _read_source(r) for r in studio.workspace.region.sources.to_dict("records")}
    rows = [describe_project(p, evaluator, sources) for p in evaluator.library.values()]
    return sorted(rows, key=lambda r: (r["family"] != "rail", r["family"], r["id"]))


def describe_project(project: Project, evaluator: Evaluator, sources: dict[str, Row] | None = None) -> Row:
    """Return a project as a switch: names, status, opening, sources, what it assumes, needs, excludes, and its band."""
    kind, data = find_kind(project), get_project_data(project)
    words, issues = put_in_words(project, evaluator)
    return {
        "id": project.id,
        "kind": project.kind,
        "family": kind.family,
        "style": kind.style,
        "title": _both(project.title),
        "summary": None if project.summary is None else _both(project.summary),
        "status": project.status,
        "status_name": STATUS_NAMES[project.status],
        "confidence": project.confidence,
        "confidence_name": CONFIDENCE_NAMES[project.confidence],
        "opens": {lang: project.opens.as_text(lang) for lang in ("zh", "en")},
        "opens_earliest": None if project.opens.earliest is None else project.opens.earliest.isoformat(),
        "opens_latest": None if project.opens.latest is None else project.opens.latest.isoformat(),
        "source": [{"key": key, **(sources or {}).get(key, {})} for key in project.source],
        "assumed": [{"field": a.field, "zh": a.zh, "en": a.en} for a in project.assumed],
        "describe": words,
        "issues": [describe_issue(issue, "zh") for issue in issues],
        "requires": list(project.requires),
        "conflicts": list(project.conflicts),
        "in_base": project.id in evaluator.base_ids,
        "ranges": [
            {"field": name, "low": low, "high": high, "value": find_override(data, name)}
            for name, (low, high) in project.ranges.items()
        ],
    }


def put_in_words(project: Project, evaluator: Evaluator) -> tuple[dict[str, list[str]], list[Issue]]:
    """Return what a project says of itself, by language; no words and an issue where it cannot be told.

    One file that cannot be described takes the list of all others from nobody.
    """
    kind, assumptions = find_kind(project), evaluator.workspace.assumptions
    try:
        return {lang: list(kind.describe(project, lang == "zh", assumptions)) for lang in ("zh", "en")}, []
    except TransitModelError as error:
        issues = list(error.issues)
    except Exception as error:  # a fault of ours is told like any other issue
        message, hint = "the project cannot be put in words", "report it, with the project"
        value = f"{type(error).__name__}: {error}"[:80]
        issues = [project.issue("not_described", message, value=value, hint=hint)]
    return {"zh": [], "en": []}, issues


def list_choices(studio: Studio) -> Row:
    """Return the words of the closed lists, the base cases, timetables and goals, and what is chosen first."""
    info = studio.workspace.region.info
    bases = [e for e in list_scenarios(studio.workspace.library) if e.is_base_case]
    choices = studio.workspace.choices()
    return {
        "region": {"id": info.region_id, "title": dict(info.title), "attribution": dict(info.attribution)},
        "bases": [{"id": e.scenario_id, "title": _both(e.title), "as_of": str(e.as_of)} for e in bases],
        "base": studio.workspace.choose(),
        "modes": [{"id": m.value, **MODE_NAMES[m]} for m in Mode],
        "readings": [
            {
                "id": r.value,
                **READING_NAMES[r],
                "surfaces": [m.value for m in Mode if has_surface(m, r)],
                "own_speeds": READING_RULES[r].own_speeds is not None,
            }
            for r in Reading
        ],
        "ridden": [m.value for m in RIDDEN],
        "speeds": [{"id": s.value, **SPEED_NAMES[s]} for s in SpeedTable if s is not SpeedTable.FREE],
        "vehicles": [{"id": v.value, **names} for v, names in VEHICLE_NAMES.items()],
        "highways": [{"id": name, **words} for name, words in HIGHWAY_NAMES.items()],
        "timetables": [{"id": t.timetable_id, **t.vintage} for t in info.list_timetables()],
        "timetable": studio.workspace.timetable,
        "assumptions": [
            {
                "field": u.key.partition(".")[2],
                "low": u.low,
                "high": u.high,
                "value": studio.evaluator_of(None).find_number(u.key),
                "title": {"zh": u.zh, "en": u.en},
            }
            for u in list_assumption_ranges(studio.workspace.assumptions)
        ],
        "window": [f"{s // 3600:02d}:{s % 3600 // 60:02d}" for s in info.window],
        "cutoffs_min": list(choices.cutoffs_min),
        "centres": list(info.groups.get("centres", ())),
        "goals": [
            {
                "id": g.id,
                "title": _both(g.title),
                "headline": g.headline,
                "threshold_min": g.threshold_min,
                "judged_on": [r.value for r in g.judged_on],
                "unmeasurable": None if g.unmeasurable is None else _both(g.unmeasurable),
            }
            for g in studio.goals
        ],
        "verdicts": {word: dict(names) for word, names in VERDICT_NAMES.items()},
        "region_folder": None if studio.source is None else studio.source.region,
        "saves": studio.folder is not None,
        "folder": None if studio.folder is None else str(studio.folder),
    }


def list_place_rows(studio: Studio, base: str | None = None) -> list[Row]:
    """Return the places that minutes are measured from and to."""
    evaluator = studio.evaluator_of(base)
    places = evaluator.evaluate().session.places.places
    return [
        {
            "id": p.place_id,
            "kind": p.kind,
            "zh": p.name_zh,
            "en": p.name_en or p.name_zh,
            "lon": round(p.at.lon, _DECIMALS),
            "lat": round(p.at.lat, _DECIMALS),
        }
        for p in places
    ]


def list_network(network: Network) -> Row:
    """Return what is clicked to draw: road nodes, roads with their course, stations of the feed."""
    nodes = network.nodes
    links = network.links
    first = ~links.duplicated("road_id")
    courses = build_courses(network)
    ordinary = links.loc[links["highway"] != "motorway", ["from_node_id", "to_node_id"]]
    stoppable = {*ordinary["from_node_id"], *ordinary["to_node_id"]}
    on_road = {*links["from_node_id"], *links["to_node_id"]}
    names = network.stations.set_index("stop_id")
    stops = network.feed.stops
    return {
        "nodes": [
            {
                "id": str(r["node_id"]),
                "zh": str(r["name_zh"]),
                "en": str(r["name_en"] or r["name_zh"]),
                "kind": str(r["kind"]),
                "lon": round(float(r["lon"]), _DECIMALS),
                "lat": round(float(r["lat"]), _DECIMALS),
                "bus": r["node_id"] in stoppable,
            }
            for r in nodes[nodes["node_id"].isin(on_road)].to_dict("records")
        ],
        "roads": [
            {
                "id": str(r["road_id"]),
                "ref": str(r["ref"]),
                "zh": str(r["name_zh"]),
                "highway": str(r["highway"]),
                "kmh": float(r["maxspeed_kmh"]),
                "line": [[round(float(lat), 4), round(float(lon), 4)] for lon, lat in courses[index]],
            }
            for index, r in links[first].iterrows()
        ],
        "stations": [
            {
                "id": str(r["stop_id"]),
                "zh": str(r["stop_name"]),
                "en": str(names.at[r["stop_id"], "name_en"]) if r["stop_id"] in names.index else str(r["stop_name"]),
                "lon": round(float(r["stop_lon"]), _DECIMALS),
                "lat": round(float(r["stop_lat"]), _DECIMALS),
            }
            for r in stops[stops["stop_id"].isin(names.index) & stops["stop_lon"].notna()].to_dict("records")
        ],
    }


def list_trains(network: Network, first: str, last: str) -> Row:
    """Return how many trains call at two stops, both ways together, by the letters of their numbers, and the fastest.

    Raises
    ------
    InputError
        ``unknown_stop``, and ``stop_twice`` for one stop given twice.
    """
    if first == last:
        raise InputError(Issue("stop_twice", "error", "give two different stops", field="last", value=last))
    feed, known = network.feed, list_stops(network)
    issues = []
    for field, stop in (("first", first), ("last", last)):
        if stop not in known:
            message, hint = f"there is no stop {show(stop)}", hint_near(stop, known, "/api/network lists the stations")
            issues.append(Issue("unknown_stop", "error", message, field=field, value=stop, hint=hint))
    if issues:
        raise InputError(issues)
    calls = feed.stop_times[feed.stop_times["stop_id"].isin([first, last])].groupby("trip_id")["stop_id"].nunique()
    names = list_train_names(network)
    by_headway = set(feed.frequencies["trip_id"].astype(str)) if len(feed.frequencies) else set()
    trips = [str(t) for t in calls.index[calls == 2] if str(t) not in by_headway]
    classes = Counter(find_class(names[t]) for t in trips)
    fastest_s = find_fastest_s(network, first, last) if trips else None
    return {
        "rows": [{"class": name, "trains": count} for name, count in sorted(classes.items())],
        "fastest_min": None if fastest_s is None else round(s_to_min(fastest_s), 2),
    }


def _both(text: Any) -> Row:  # noqa: ANN401 - any frozen model with zh and en
    return {"zh": text.zh, "en": text.en}


def _read_source(row: Any) -> Row:  # noqa: ANN401 - a table row
    return {name: str(row.get(name) or "") for name in ("publisher", "date", "title", "url")}
