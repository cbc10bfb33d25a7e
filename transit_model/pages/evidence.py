"""Verdict rows and their evidence arranged for tables: one line a pair, one column a reading."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from transit_model.pages import text
from transit_model.pages.names import Names
from transit_model.pages.outlook import Outlook
from transit_model.pages.phrases import tell_note
from transit_model.pages.verdict_rows import describe_verdict, index_verdicts
from transit_model.pages.view import READINGS, GoalView, ScenarioView, StudyView
from transit_model.pages.ways import find_deciding_way, tell_stations

_Rows = Mapping[tuple[str, str, str], Mapping[str, Any]]


def arrange_goals(view: StudyView) -> list[dict[str, Any]]:
    """Return one entry a goal: its verdict lines by scenario, and the evidence of each scenario worth showing.

    Evidence is shown for today and for every scenario whose minutes differ from today's.
    """
    table: _Rows = index_verdicts(view.verdicts)
    today, ahead, names = view.get_today(), Outlook(view), Names(view)
    ordered = [today, *[s for s in view.scenarios if s.id != today.id]]
    return [
        {
            "goal": goal,
            **_describe_today(goal, _describe_line(goal, today, table, names)),
            "lines": fold_lines([_describe_line(goal, s, table, names) for s in view.scenarios]),
            "evidence": _choose_evidence(goal, ordered, table),
            "outlook": ahead.arrange(goal, _find_met(goal, today, table)),
        }
        for goal in view.goals
    ]


def _describe_today(goal: GoalView, line: dict[str, Any]) -> dict[str, Any]:
    """Return today's line where there is a verdict, and on how many of the readings that count the goal is met."""
    judged = [c for c in line["cells"] if c["reading"] in goal.judged_on]
    n_met = sum(c["verdict"] == "met" for c in judged)
    return {"today": None if goal.unmeasurable else line, "n_met": n_met, "n_judged": len(judged)}


def _find_met(goal: GoalView, today: ScenarioView, table: _Rows) -> dict[str, bool]:
    rows = {r: table.get((goal.id, today.id, r)) for r in READINGS}
    return {r: row is not None and row["verdict"] == "met" for r, row in rows.items()}


def _describe_line(goal: GoalView, scenario: ScenarioView, table: _Rows, names: Names) -> dict[str, Any]:
    cells = []
    for reading in READINGS:
        row = table.get((goal.id, scenario.id, reading))
        cells.append(
            {
                **describe_verdict(goal, reading, row),
                "margin": text.format_margin_of(row["value_min"], goal.threshold_min) if row else text.DASH,
                "share": text.format_share(row.get("share")) if row else text.DASH,
                "reason": str(row.get("reason") or "") if row else "",
                "way": tell_stations(find_deciding_way(row), names) if goal.required_share >= 1 else {},
            }
        )
    return {"scenario": scenario, "cells": cells}


def fold_lines(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return lines with equal cells as one, in the order of the first of them; `scenarios` are all it stands for."""
    out: list[dict[str, Any]] = []
    for line in lines:
        same = next((one for one in out if one["cells"] == line["cells"]), None)
        if same is None:
            out.append({**line, "scenarios": [line["scenario"]]})
        else:
            same["scenarios"].append(line["scenario"])
    return out


def _choose_evidence(goal: GoalView, ordered: list[ScenarioView], table: _Rows) -> list[dict[str, Any]]:
    """Return the evidence of the first scenario and of each later one that has not been shown yet."""
    out: list[dict[str, Any]] = []
    seen: list[list[tuple[str, ...]]] = []
    for scenario in ordered:
        rows = _list_pairs(goal, scenario, table)
        print_of_rows = [(r["from"], r["to"], *(c["minutes"] for c in r["cells"])) for r in rows]
        if rows and print_of_rows not in seen:
            seen.append(print_of_rows)
            out.append({"scenario": scenario, "rows": rows})
    return out


def _list_pairs(goal: GoalView, scenario: ScenarioView, table: _Rows) -> list[dict[str, Any]]:
    lines: dict[str, dict[str, Any]] = {}
    for i, reading in enumerate(READINGS):
        row = table.get((goal.id, scenario.id, reading))
        for item in (row.get("evidence") or ()) if row else ():
            # Under coverage goals the nearest origin may differ by reading; a line is a destination then.
            key = f"{item['to']}" if goal.required_share < 1 else f"{item['from']}>{item['to']}"
            line = lines.setdefault(
                key, {"from": item["from"], "to": item["to"], "cells": [_empty(r) for r in READINGS]}
            )
            minutes, margin = item.get("minutes"), item.get("margin_min")
            within = not text.is_missing(margin) and margin is not None and margin >= 0
            line["cells"][i] = {
                "reading": reading,
                "minutes": text.format_minutes(minutes, near=goal.threshold_min),
                "margin": text.format_margin_of(minutes, goal.threshold_min),
                "within": within,
                "via": str(item.get("via") or ""),
                "note": tell_note(str(item.get("note") or "")),
            }
    return list(lines.values())


def _empty(reading: str) -> dict[str, Any]:
    return {"reading": reading, "minutes": text.DASH, "margin": text.DASH, "within": False, "via": "", "note": {}}
