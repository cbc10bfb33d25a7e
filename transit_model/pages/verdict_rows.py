"""Verdict rows as pages read them: by goal, scenario and reading, and the chip that shows one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from transit_model.pages import text
from transit_model.pages.view import GoalView

if TYPE_CHECKING:
    import pandas as pd


def index_verdicts(verdicts: pd.DataFrame) -> dict[tuple[str, str, str], dict[str, Any]]:
    """Return the verdict rows by (goal, scenario, reading), as plain dictionaries with `judged` always there."""
    rows: dict[tuple[str, str, str], dict[str, Any]] = {}
    for row in verdicts.to_dict("records"):
        plain = {str(k): v for k, v in row.items()}
        plain.setdefault("judged", True)
        plain.setdefault("reason", "")
        rows[str(row["goal"]), str(row["scenario"]), str(row["reading"])] = plain
    return rows


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
