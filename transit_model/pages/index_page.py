"""index.html: the question, the headline, the verdict matrix, minutes between the centres, small maps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from transit_model.pages import text
from transit_model.pages.headline import write_headline
from transit_model.pages.map_data import PageStore
from transit_model.pages.names import Names
from transit_model.pages.page import Site, render_page
from transit_model.pages.small_maps import draw_small_maps
from transit_model.pages.view import MODES, READINGS, GoalView, StudyView

if TYPE_CHECKING:
    import pandas as pd


def render_index(view: StudyView, site: Site, store: PageStore) -> str:
    """Return the front page."""
    question = view.question or text.fill("question", region=view.region.title)
    scenario_ids = [s.id for s in view.scenarios]
    return render_page(
        "index.html.j2",
        view,
        site,
        title=question,
        file="index.html",
        question=question,
        headline=write_headline(view),
        matrix=list_matrix(view),
        unmeasurable=[g for g in view.goals if g.unmeasurable is not None],
        readings=READINGS,
        od=list_centre_pairs(view),
        today=view.get_today(),
        goal_modes=[m for m in MODES if any(g.mode == m and g.unmeasurable is None for g in view.goals)],
        small_maps=draw_small_maps(view, store),
        first_scenario=_choose_first(view, scenario_ids),
        names=Names(view),
    )


def _choose_first(view: StudyView, scenario_ids: list[str]) -> str:
    return view.get_today().id if scenario_ids else ""


def index_verdicts(verdicts: pd.DataFrame) -> dict[tuple[str, str, str], dict[str, Any]]:
    """Return the verdict rows by (goal, scenario, reading), as plain dictionaries with `judged` always there."""
    rows: dict[tuple[str, str, str], dict[str, Any]] = {}
    for row in verdicts.to_dict("records"):
        plain = {str(k): v for k, v in row.items()}
        plain.setdefault("judged", True)
        plain.setdefault("reason", "")
        rows[str(row["goal"]), str(row["scenario"]), str(row["reading"])] = plain
    return rows


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


def describe_verdict(goal: GoalView, reading: str, row: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what a verdict chip shows: word, minutes or share, whether the wording can mean the reading."""
    if row is None:
        return {"reading": reading, "verdict": "cannot_tell", "minutes": text.DASH, "judged": False, "same": False}
    return {
        "reading": reading,
        "verdict": row["verdict"],
        "minutes": text.format_minutes(row["value_min"], near=goal.threshold_min),
        "judged": bool(row["judged"]),
        "same": False,
    }


def list_centre_pairs(view: StudyView) -> dict[str, dict[str, Any]]:
    """Return, for each scenario, the measured `modes` and `rows`: a pair of centres with minutes by mode and reading.

    The base case's minutes stand beside them where they differ.
    """
    centres = view.region.centres
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
                    row["cells"].append(_describe_cell(mode, reading, cell, base))
            rows.append(row)
        out[scenario.id] = {"modes": modes, "rows": rows}
    return out


def _describe_cell(
    mode: str, reading: str, cell: Mapping[Any, Any] | None, base: Mapping[Any, Any] | None
) -> dict[str, Any]:
    minutes = text.format_minutes(cell["minutes"]) if cell else text.DASH
    before = text.format_minutes(base["minutes"]) if base else ""
    return {
        "mode": mode,
        "reading": reading,
        "minutes": minutes,
        "was": before if before != minutes else "",
        "via": (cell.get("via") or "") if cell else "",
        "better": bool(cell and base and cell["minutes"] < base["minutes"]),
    }
