"""What the pages of a study ask beside its tables, answered together: in any process, from the files alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from transit_model.analysis.gain_shares import Sharer
from transit_model.analysis.single_projects import list_single_projects
from transit_model.goals.schema import Goal
from transit_model.measure.workspace import Workspace
from transit_model.study.scenario_tables import judge_all, measure_goal_od

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Answers:
    """Answers to the questions of a study.

    Attributes
    ----------
    single_projects : DataFrame
        See `single_projects.list_single_projects`.
    gain_shares : dict of (base, scenario) to DataFrame or None
        See `gain_shares.Sharer.share`.
    """

    single_projects: pd.DataFrame
    gain_shares: dict[tuple[str, str], pd.DataFrame | None]


def answer(workspace: Workspace, now: str, goals: Sequence[Goal], pairs: Sequence[tuple[str, str]]) -> Answers:
    """Return which single projects bring the missed goals of the scenario `now` nearest, and who earns each gain.

    Parameters
    ----------
    pairs : sequence of (base, scenario)
        Comparisons whose gains are shared out.
    """
    sharer = Sharer(workspace, goals)
    evaluator = sharer.evaluator_of(now)
    session = evaluator.evaluate().session
    verdicts = judge_all(session, goals, measure_goal_od(session, goals))
    single_projects = list_single_projects(evaluator, goals, verdicts)
    return Answers(single_projects, {(base, scenario): sharer.share(base, scenario) for base, scenario in pairs})
