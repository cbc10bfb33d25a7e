"""What lies ahead of a goal, arranged for its card: first year met, nearest scenario, single projects, sureness."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from transit_model.pages import text
from transit_model.pages.view import GoalView, StudyView, Text

if TYPE_CHECKING:
    import pandas as pd

_WORDS = ("robust_met", "robust_missed", "depends", "fragile", "unknown")


_Rows = Mapping[tuple[str, str], list[dict[str, Any]]]


class Outlook:
    """The tables of what lies ahead, by goal and reading."""

    def __init__(self, view: StudyView) -> None:
        self._view = view
        self._ahead, self._single_projects, self._sure = (
            _index(t) for t in (view.outlook, view.single_projects, view.uncertainty)
        )

    def arrange(self, goal: GoalView, met_now: Mapping[str, bool]) -> list[dict[str, Any]]:
        """Return one entry a judged reading of a goal: what is known of its future, from the tables of the study.

        `met_now` says for each reading whether the goal is met today.
        """
        if goal.unmeasurable is not None:
            return []
        entries = []
        for reading in goal.judged_on:
            key = goal.id, reading
            ahead = self._ahead.get(key, [])
            year = ahead[0]["first_met"] if ahead else None
            entries.append(
                {
                    "reading": reading,
                    "first_met": int(year) if isinstance(year, int) else None,
                    "nearest": _describe_nearest(self._view, goal, ahead[0]) if ahead else None,
                    "met_now": met_now.get(reading, False),
                    "takes": [_describe_take(goal, row) for row in self._single_projects.get(key, [])],
                    "sure": [_describe_uncertainty(self._view, row) for row in self._sure.get(key, [])],
                }
            )
        return entries


def _index(table: pd.DataFrame | None) -> _Rows:
    out: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in table.to_dict("records") if table is not None else ():
        out.setdefault((str(row["goal"]), str(row["reading"])), []).append({str(k): v for k, v in row.items()})
    return out


def _find_title(view: StudyView, scenario: object) -> Text:
    """Return the title of a scenario, its id when the pages do not show it."""
    known = {s.id: s.title for s in view.scenarios}
    return known.get(str(scenario), {"zh": str(scenario), "en": str(scenario)})


def _describe_nearest(view: StudyView, goal: GoalView, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "scenario": _find_title(view, row["nearest_scenario"]),
        "verdict": row["nearest_verdict"],
        "minutes": text.format_minutes(row["nearest_value_min"], near=goal.threshold_min),
        "margin": text.format_margin_of(row["nearest_value_min"], goal.threshold_min),
    }


def _describe_take(goal: GoalView, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "project": {"zh": row["project_zh"], "en": row["project_en"]},
        "with": [] if text.is_missing(row["with"]) else str(row["with"]).split(),
        "minutes": text.format_minutes(row["value_min"], near=goal.threshold_min),
        "margin": text.format_margin_of(row["value_min"], goal.threshold_min),
        "meets": bool(row["meets"]),
    }


def _describe_uncertainty(view: StudyView, row: dict[str, Any]) -> dict[str, Any]:
    word = str(row["word"])
    return {
        "scenario": _find_title(view, row["scenario"]),
        "word": word if word in _WORDS else "unknown",
        "depends": {"zh": str(row["depends_zh"]), "en": str(row["depends_en"])} if row["depends_on"] else None,
        "share": text.format_share(row["probability"]),
        "stderr": text.format_share(row["stderr"]),
        "draws": int(row["draws"]),
        "p10": text.format_minutes(row["p10"]),
        "p90": text.format_minutes(row["p90"]),
    }
