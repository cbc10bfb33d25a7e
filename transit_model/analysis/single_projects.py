"""What it would take, told cheaply: for each missed goal the single projects of the library that bring it nearest.

A project comes with what it requires and with its numbers as declared; ``transit-model require`` also varies numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from transit_model.analysis.additions import read_additions
from transit_model.analysis.evaluate import Evaluator
from transit_model.analysis.measures import compute_measures, measure_goal
from transit_model.domain.modes import Reading
from transit_model.goals.judge import Verdict
from transit_model.goals.schema import Goal

if TYPE_CHECKING:
    import pandas as pd

MOST_SHOWN: Final = 3
LEAST_GAIN_MIN: Final = 0.5
COLUMNS: Final = (
    "goal", "reading", "scenario", "project", "project_zh", "project_en", "with",
    "now_min", "value_min", "margin_min", "meets",
)  # fmt: skip


def list_single_projects(evaluator: Evaluator, goals: Sequence[Goal], verdicts: Sequence[Verdict]) -> pd.DataFrame:
    """Return the best single projects for each goal and judged reading that the base of an evaluator does not meet.

    At most `MOST_SHOWN` rows a goal and reading, the nearest to the goal first: `with` names what the project
    requires, `meets` says whether the threshold is kept then. Projects that save less than `LEAST_GAIN_MIN` minutes,
    or no more than what they require does alone, are left out.
    """
    import pandas as pd

    by_id = {g.id: g for g in goals}
    base = evaluator.base.scenario_id
    open_ones = [
        (by_id[v.goal], Reading(v.reading))
        for v in verdicts
        if v.scenario == base and v.judged and v.verdict != "met" and v.goal in by_id and by_id[v.goal].has_minutes
    ]
    rows: list[tuple[object, ...]] = []
    if open_ones:
        measures = [measure_goal(goal, reading, "value") for goal, reading in open_ones]
        now = compute_measures(evaluator.evaluate(), measures)
        additions = list(read_additions(evaluator, lambda evaluation: compute_measures(evaluation, measures)))
        for at, (goal, reading) in enumerate(open_ones):
            found = [(added, with_it[at]) for added, with_it, without in additions if with_it[at] < without[at]]
            best = _rank(found, now[at])[:MOST_SHOWN]
            rows += [_tell(evaluator, goal, reading, added, now[at], value) for added, value in best]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _rank(found: Sequence[tuple[tuple[str, ...], float]], now: float) -> list[tuple[tuple[str, ...], float]]:
    useful = [(added, value) for added, value in found if now - value >= LEAST_GAIN_MIN]
    return sorted(useful, key=lambda item: (item[1], item[0]))


def _tell(
    evaluator: Evaluator, goal: Goal, reading: Reading, chosen: tuple[str, ...], now: float, value: float
) -> tuple[object, ...]:
    assert goal.threshold_min is not None
    title = evaluator.library[chosen[-1]].title
    margin = goal.threshold_min - value
    project = (chosen[-1], title.zh, title.en, " ".join(chosen[:-1]))
    numbers = (round(now, 4), round(value, 4), round(margin, 4), margin >= 0)
    return (goal.id, reading.value, evaluator.base.scenario_id, *project, *numbers)
