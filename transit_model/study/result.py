"""What a study has measured: all its tables, by scenario in study order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from transit_model.domain.html_table import build_table, format_cell, join_names
from transit_model.domain.modes import Reading
from transit_model.domain.readings import READING_NAMES
from transit_model.domain.words import VERDICT_SYMBOLS, explain_symbols
from transit_model.goals.judge import Verdict
from transit_model.goals.schema import Goal
from transit_model.measure.session import Session
from transit_model.scenario.load import Study
from transit_model.study.cell_minutes import CellMinutes
from transit_model.study.compare import Comparison

if TYPE_CHECKING:
    import geopandas as gpd


@dataclass(frozen=True, eq=False)
class StudyResult:
    """All tables of a study, by scenario in study order."""

    study: Study
    goals: list[Goal]
    sessions: dict[str, Session]
    od: pd.DataFrame
    verdicts: list[Verdict]
    rings: gpd.GeoDataFrame | None
    comparisons: list[Comparison]
    cells: CellMinutes | None = None

    def _repr_html_(self) -> str:
        return _show_study(self)


def _show_study(result: StudyResult) -> str:
    """Return the verdicts of the headline goals on the three readings."""
    table = {(v.goal, v.scenario, v.reading): v for v in result.verdicts}
    shown = [g for g in result.goals if g.headline] or result.goals

    def cell(goal: str, scenario: str, reading: Reading) -> str:
        verdict = table.get((goal, scenario, reading.value))
        if verdict is None:
            return "–"
        text = VERDICT_SYMBOLS[verdict.verdict]
        if verdict.verdict != "cannot_tell":
            text += f" {format_cell(float(verdict.value_min))}"
        return text if verdict.judged else f"({text})"

    rows = [
        (f"{g.title.zh} {g.title.en}", s, *(cell(g.id, s, reading) for reading in Reading))
        for g in shown
        if g.unmeasurable is None
        for s in result.sessions
    ]
    return build_table(
        ("目标 goal", "方案 scenario", *(join_names(READING_NAMES[r]) for r in Reading)),
        rows,
        title=result.study.study_id,
        notes=(explain_symbols(),),
    )
