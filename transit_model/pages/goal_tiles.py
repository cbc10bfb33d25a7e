"""The headline goals as bullet charts: three readings against the limit, today and in the best scenario."""

from __future__ import annotations

import math
from typing import Any, Final

from transit_model.pages import text
from transit_model.pages.names import Names
from transit_model.pages.verdict_rows import describe_verdict, index_verdicts
from transit_model.pages.view import READINGS, GoalView, StudyView
from transit_model.pages.ways import find_deciding_way, join_stations, tell_stations

MOST_TILES: Final = 6
WIDTH: Final = 220.0
ROW: Final = 17.0
_ROOM: Final = 1.15
"""Axis beyond the largest value, as its multiple."""
_CAP: Final = 5.0
"""An axis ends at so many limits at most; what is beyond ends in an arrow."""
Tile = dict[str, Any]


def choose_goals(view: StudyView) -> list[GoalView]:
    """Return the goals of the tiles: the headline goals, or the first that can be measured."""
    measured = [g for g in view.goals if g.unmeasurable is None and g.threshold_min is not None]
    chosen = [g for g in measured if g.headline] or measured
    return chosen[:MOST_TILES]


def build_tiles(view: StudyView) -> list[Tile]:
    """Return one tile a goal: its rows by reading with today's and the best minutes, and where they lie on the axis."""
    table = index_verdicts(view.verdicts)
    today, names = view.get_today(), Names(view)
    tiles = []
    for goal in choose_goals(view):
        rows = [_describe_row(view, goal, reading, table, today.id) for reading in READINGS]
        limit = float(goal.threshold_min or 0.0)
        values = [v for row in rows for v in (row["now_min"], row["best_min"]) if math.isfinite(v)]
        longest = min(max([*values, limit]) * _ROOM, limit * _CAP)
        scale = WIDTH / longest
        for row in rows:
            row["bar"] = _clip(row["now_min"], longest) * scale
            row["mark"] = _clip(row["best_min"], longest) * scale
            row["beyond"] = not row["now_min"] <= longest
            cases = [today.id, row["scenario"]] if row["scenario"] and row["best_min"] != row["now_min"] else [today.id]
            found = (find_deciding_way(table.get((goal.id, case, row["reading"]))) for case in cases)
            row["stations"] = join_stations([tell_stations(way, names) for way in found])
        judged = [row for row in rows if row["judged"]]
        tiles.append(
            {
                "goal": goal,
                "rows": rows,
                "limit": round(limit * scale, 1),
                "limit_min": text.format_minutes(limit),
                "height": ROW * len(rows),
                "n_met": sum(row["now"]["verdict"] == "met" for row in judged),
                "n_judged": len(judged),
                "best": _name_best(view, judged),
            }
        )
    return tiles


def _clip(value: float, most: float) -> float:
    return most if not math.isfinite(value) else min(value, most)


def _describe_row(view: StudyView, goal: GoalView, reading: str, table: Any, today: str) -> Tile:  # noqa: ANN401
    now = table.get((goal.id, today, reading))
    planned = [s.id for s in view.scenarios if not s.is_base]
    known = [(_read(table.get((goal.id, s, reading))), i, s) for i, s in enumerate(planned)]
    best_min, _, best = min((k for k in known if not math.isnan(k[0])), default=(math.nan, 0, ""))
    chip = describe_verdict(goal, reading, table.get((goal.id, best, reading))) if best else None
    return {
        "reading": reading,
        "judged": reading in goal.judged_on,
        "now": describe_verdict(goal, reading, now),
        "now_min": _read(now),
        "best": chip,
        "best_min": best_min,
        "scenario": best,
    }


def _read(row: Any) -> float:  # noqa: ANN401 - a row of the verdict table or None
    value = row["value_min"] if row is not None else math.nan
    return math.nan if text.is_missing(value) else float(value)


def _name_best(view: StudyView, rows: list[Tile]) -> dict[str, str]:
    """Return the title of the scenario that is best on most readings, empty where none improves any."""
    better = [r["scenario"] for r in rows if r["scenario"] and r["best_min"] < r["now_min"]]
    if not better:
        return {}
    return dict(view.get_scenario(max(sorted(set(better)), key=better.count)).title)
