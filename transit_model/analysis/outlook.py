"""What lies ahead of each goal, told from the study's own tables: when it is first met, and which scenario is nearest.

And, when asked for, how sure the verdicts are: seeded draws of all uncertain numbers, for today and the fullest plan.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from transit_model.goals.judge import Verdict
from transit_model.goals.schema import Goal
from transit_model.measure.workspace import Workspace
from transit_model.scenario.load import Study

if TYPE_CHECKING:
    import pandas as pd

OUTLOOK_COLUMNS: Final = (
    "goal", "reading", "first_met", "nearest_scenario", "nearest_value_min", "nearest_margin_min", "nearest_verdict",
)  # fmt: skip
UNCERTAINTY_COLUMNS: Final = (
    "scenario", "goal", "reading", "draws", "seed", "probability", "stderr", "p10", "p50", "p90", "word",
    "depends_on", "depends_zh", "depends_en",
)  # fmt: skip


def list_outlook(study: Study, goals: Sequence[Goal], verdicts: Sequence[Verdict]) -> pd.DataFrame:
    """Return one row a goal and judged reading, in the columns of `OUTLOOK_COLUMNS`.

    `first_met` is the first year of the study's timeline whose scenario meets the goal, empty when none does; a goal
    that is met and missed again later counts from its first year. The nearest scenario has the largest margin, the
    earlier in the study on a tie.
    """
    import pandas as pd

    table = {(v.goal, v.reading, v.scenario): v for v in verdicts}
    rows: list[tuple[object, ...]] = []
    for goal in goals:
        for reading in goal.judged_on if goal.has_minutes else ():
            own = [table.get((goal.id, str(reading), s.scenario_id)) for s in study.scenarios]
            known = [v for v in own if v is not None and not math.isnan(float(v.margin_min))]
            if not known:
                continue
            nearest = max(known, key=lambda v: float(v.margin_min))
            rows.append(
                (
                    goal.id,
                    str(reading),
                    _find_first_met(study, table, goal.id, str(reading)),
                    nearest.scenario,
                    float(nearest.value_min),
                    float(nearest.margin_min),
                    nearest.verdict,
                )
            )
    return pd.DataFrame(rows, columns=list(OUTLOOK_COLUMNS)).astype({"first_met": "Int64"})


def _find_first_met(study: Study, table: dict[Any, Verdict], goal: str, reading: str) -> int | None:
    for step in sorted(study.timeline, key=lambda s: s.year):
        verdict = table.get((goal, reading, step.scenario))
        if verdict is not None and verdict.verdict == "met":
            return step.year
    return None


def measure_uncertainty(
    workspace: Workspace,
    scenarios: Sequence[str],
    goals: Sequence[Goal],
    *,
    draws: int,
    seed: int = 1,
    workers: int = 1,
    tick: Callable[[str], object] = lambda _text: None,
) -> pd.DataFrame:
    """Return how sure each goal is on each judged reading, in the columns of `UNCERTAINTY_COLUMNS`.

    The draws of a number are the same in every scenario; see `compute_uncertainty`.
    """
    import pandas as pd

    from transit_model.analysis.uncertainty import Sample, compute_uncertainty

    rows: list[tuple[object, ...]] = []
    for scenario in dict.fromkeys(scenarios):
        result = compute_uncertainty(workspace, scenario, goals, Sample(draws, seed), workers=workers, tick=tick)
        names = {u.key: (u.zh, u.en) for u in result.uncertain}
        for one in result.goals:
            if not one.judged:
                continue
            words = names.get(one.depends_on, ("", ""))
            numbers = (one.probability, one.stderr, *one.value_min)
            rows.append((scenario, one.goal, one.reading, draws, seed, *numbers, one.word, one.depends_on, *words))
    return pd.DataFrame(rows, columns=list(UNCERTAINTY_COLUMNS))
