"""index.html: the question, the headline, the verdict matrix, minutes between the centres, small maps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from transit_model.pages import text
from transit_model.pages.chart_minutes import chart_minutes, chart_ranked
from transit_model.pages.dates import describe_dates
from transit_model.pages.front_map import Sheet, draw_circle_map
from transit_model.pages.goal_tiles import build_tiles
from transit_model.pages.headline import find_fullest, write_headline
from transit_model.pages.lead import find_lead
from transit_model.pages.map_data import PageStore
from transit_model.pages.names import Names
from transit_model.pages.page import Site, render_page
from transit_model.pages.palette import PROJECT, STILL
from transit_model.pages.project_cards import list_cards
from transit_model.pages.small_maps import choose_mode_and_reading, draw_small_maps
from transit_model.pages.still_change import Circle
from transit_model.pages.verdict_rows import describe_verdict, index_verdicts
from transit_model.pages.view import MODES, READINGS, ScenarioView, StudyView
from transit_model.pages.ways import tell_stations


def render_index(view: StudyView, site: Site, store: PageStore) -> str:
    """Return the front page."""
    question = view.question or text.fill("question", region=view.region.title)
    scenario_ids = [s.id for s in view.scenarios]
    matrix = list_matrix(view)
    columns = group_columns(view, matrix)
    return render_page(
        "index.html.j2",
        view,
        site,
        title=question,
        file="index.html",
        question=question,
        headline=write_headline(view),
        matrix=fold_columns(matrix, columns),
        columns=columns,
        tiles=build_tiles(view),
        cards=list_cards(view),
        ranked=chart_ranked(view),
        saved_people=chart_fullest(view),
        **_draw_front(view, scenario_ids),
        project_colour=PROJECT,
        still_colours=STILL,
        unmeasurable=[g for g in view.goals if g.unmeasurable is not None],
        readings=READINGS,
        od=list_centre_pairs(view),
        today=view.get_today(),
        goal_modes=[m for m in MODES if any(g.mode == m and g.unmeasurable is None for g in view.goals)],
        small_maps=draw_small_maps(view, store),
        first_scenario=_choose_first(view, scenario_ids),
        names=Names(view),
    )


def chart_fullest(view: StudyView) -> dict[str, Any] | None:
    """Return the people by the minutes that the fullest plan saves, of the circle that its comparison opens with."""
    fullest = find_fullest(view)
    lead = find_lead(view, fullest.base, fullest.id) if fullest is not None else None
    if fullest is None or lead is None:
        return None
    kind = (str(lead["origin"]), str(lead["mode"]), str(lead["reading"]))
    drawn = chart_minutes(view, str(lead["base"]), fullest.id, kind)
    return {**drawn, "of": _name_plan(fullest, drawn["of"])} if drawn is not None else None


def _name_plan(scenario: ScenarioView, circle: Mapping[str, str]) -> dict[str, str]:
    return {"zh": f"{scenario.title['zh']}：{circle['zh']}", "en": f"{scenario.title['en']}: {circle['en']}"}


def group_columns(view: StudyView, matrix: list[dict[str, Any]]) -> list[list[ScenarioView]]:
    """Return the scenarios in groups of equal verdicts and minutes over all goals, in the order of their first."""
    groups: dict[Any, list[ScenarioView]] = {}
    for i, scenario in enumerate(view.scenarios):
        result = tuple((c["verdict"], c["minutes"]) for row in matrix for c in row["cells"][i]["chips"])
        groups.setdefault(result, []).append(scenario)
    return list(groups.values())


def fold_columns(matrix: list[dict[str, Any]], columns: list[list[ScenarioView]]) -> list[dict[str, Any]]:
    """Return the matrix with one cell a group of scenarios, that of the first."""
    first = {group[0].id for group in columns}
    return [{**row, "cells": [c for c in row["cells"] if c["scenario"].id in first]} for row in matrix]


def _draw_front(view: StudyView, scenario_ids: list[str]) -> dict[str, Any]:
    """Return the map of the front page with its words: the widest circle of the first centre, today and fully built."""
    none: dict[str, Any] = {"front_map": None, "front_title": {}, "front_before": {}, "front_added": {}}
    none |= {"front_scenario": {}, "front_dates": {}}
    if len(view.rings) == 0 or not scenario_ids or not view.region.centres:
        return none
    mode, reading = choose_mode_and_reading(view)
    chosen = view.rings[(view.rings["mode"] == mode) & (view.rings["reading"] == reading)]
    today, fullest = view.get_today(), find_fullest(view)
    circle = (view.region.centres[0], mode, reading, float(chosen["cutoff_min"].max()))
    drawn = draw_circle_map(view, today, fullest, circle, Sheet(560.0, ratio=0.92))
    if drawn is None:
        return none
    words = {"origin": Names(view)(circle[0]), "mode": text.name_inside(mode), "reading": text.name_inside(reading)}
    minutes = text.format_minutes(circle[3])
    people = {s.id: _find_people(view, s.id, circle) for s in (today, fullest) if s is not None}
    added = {}
    if fullest is not None:
        more = people[fullest.id] - people[today.id]
        added = text.fill("front_added", scenario=fullest.title, people=text.format_people(more))
    before = text.fill("front_before", base=today.title, people=text.format_people(people[today.id]))
    title = text.fill("front_title", minutes=minutes, **words)
    texts = {"front_title": title, "front_before": before, "front_added": added}
    return {"front_map": drawn, **texts, **_tell_front(view, today, fullest)}


def _tell_front(view: StudyView, today: ScenarioView, fullest: ScenarioView | None) -> dict[str, Any]:
    shown = [today] if fullest is None else [today, fullest]
    return {"front_scenario": fullest.title if fullest else {}, "front_dates": describe_dates(view, *shown)}


def _find_people(view: StudyView, scenario: str, circle: Circle) -> float:
    rings = view.rings[(view.rings["scenario"] == scenario) & (view.rings["origin"] == circle[0])]
    rings = rings[(rings["mode"] == circle[1]) & (rings["reading"] == circle[2]) & (rings["cutoff_min"] == circle[3])]
    return float(rings["population"].iloc[0]) if len(rings) else 0.0


def _choose_first(view: StudyView, scenario_ids: list[str]) -> str:
    return view.get_today().id if scenario_ids else ""


def list_matrix(view: StudyView) -> list[dict[str, Any]]:
    """Return one entry a measurable goal: the goal and, for each scenario, its verdicts in reading order.

    A chip is `same` when it shows what today's shows; an entry is `changed` when a scenario with projects differs.
    """
    table = index_verdicts(view.verdicts)
    today = view.get_today()
    out: list[dict[str, Any]] = []
    for goal in view.goals:
        if goal.unmeasurable is not None:
            continue
        chips = {
            s.id: [describe_verdict(goal, r, table.get((goal.id, s.id, r))) for r in READINGS] for s in view.scenarios
        }
        now = [(c["verdict"], c["minutes"]) for c in chips[today.id]]
        cells: list[dict[str, Any]] = []
        for s in view.scenarios:
            for chip, before in zip(chips[s.id], now, strict=True):
                chip["same"] = s.id != today.id and (chip["verdict"], chip["minutes"]) == before
            cells.append({"scenario": s, "chips": chips[s.id], "same": all(c["same"] for c in chips[s.id])})
        out.append(
            {
                "goal": goal,
                "cells": cells,
                "changed": any(not c["same"] for c in cells if c["scenario"].projects and not c["scenario"].is_base),
            }
        )
    return out


def list_centre_pairs(view: StudyView) -> dict[str, dict[str, Any]]:
    """Return, for each scenario, the measured `modes` and `rows`: a pair of centres with minutes by mode and reading.

    The base case's minutes stand beside them where they differ.
    """
    centres, names = view.region.centres, Names(view)
    cells = {
        (r["scenario"], r["from"], r["to"], r["mode"], r["reading"]): r
        for r in view.od[view.od["from"].isin(centres) & view.od["to"].isin(centres)].to_dict("records")
    }
    pairs = [(a, b) for i, a in enumerate(centres) for b in centres[i + 1 :]]
    out: dict[str, dict[str, Any]] = {}
    for scenario in view.scenarios:
        measured = {k[3] for k, row in cells.items() if k[0] == scenario.id and not text.is_missing(row["minutes"])}
        modes = [m for m in MODES if m in measured]
        rows: list[dict[str, Any]] = []
        for a, b in pairs:
            row: dict[str, Any] = {"from": a, "to": b, "cells": []}
            for mode in modes:
                for reading in READINGS:
                    cell = cells.get((scenario.id, a, b, mode, reading))
                    base = cells.get((scenario.base, a, b, mode, reading)) if scenario.base else None
                    row["cells"].append(_describe_cell(mode, reading, cell, base, names))
            rows.append(row)
        out[scenario.id] = {"modes": modes, "rows": rows}
    return out


def _describe_cell(
    mode: str, reading: str, cell: Mapping[Any, Any] | None, base: Mapping[Any, Any] | None, names: Names
) -> dict[str, Any]:
    minutes = text.format_minutes(cell["minutes"]) if cell else text.DASH
    before = text.format_minutes(base["minutes"]) if base else ""
    return {
        "mode": mode,
        "reading": reading,
        "minutes": minutes,
        "was": before if before != minutes else "",
        "stations": tell_stations(cell.get("via"), names) if cell else {},
        "better": bool(cell and base and cell["minutes"] < base["minutes"]),
    }
