"""What a study has measured: all its tables, by scenario in study order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from transit_model.goals.judge import Verdict
from transit_model.goals.schema import Goal
from transit_model.scenario.load import Study
from transit_model.study.compare import Comparison
from transit_model.study.display import show_study
from transit_model.study.session import Session

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

    def _repr_html_(self) -> str:
        return show_study(self)

    def od_of(self, scenario: str) -> pd.DataFrame:
        """Return the OD rows of one scenario."""
        return self.od[self.od["scenario"] == scenario]
