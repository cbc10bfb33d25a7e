"""Goals and OD tables of a few literal rows."""

from __future__ import annotations

from typing import Any

import pandas as pd

from transit_model.domain.modes import Reading
from transit_model.goals.judge import TimeFacts, Verdict, judge_goal
from transit_model.goals.schema import Goal

MEASURABLE: dict[str, Any] = {
    "id": "rail-1h",
    "title": {"zh": "铁路1小时", "en": "rail, one hour"},
    "kind": "goal",
    "quote": {"zh": "打造1小时圈", "en": "build a 1-hour circle"},
    "source": "[x] a plan",
    "mode": "rail",
    "threshold_min": 60,
    "judged_on": ["typical"],
    "pairs": {"pairs": [["a", "b"]]},
}


def goal(**changes: Any) -> Goal:
    """Return the goal `MEASURABLE` with changes; a key set to None is left out."""
    return Goal.model_validate({k: v for k, v in {**MEASURABLE, **changes}.items() if v is not None})


def coverage_goal(share: float, *, origins: tuple[str, ...] = ("a",), to: Any = "seats", weight: str = "count") -> Goal:
    """Return a goal of 60 minutes by rail on a share of places."""
    coverage = {"from": list(origins), "to": to, "weight": weight}
    return goal(pairs=None, coverage=coverage, required_share=share)


def table(times: dict[tuple[str, str], float], **columns: Any) -> pd.DataFrame:
    """Return an OD table of rail times on the typical reading in the scenario `base`."""
    rows = [
        {
            "from": a,
            "to": b,
            "mode": "rail",
            "reading": "typical",
            "scenario": "base",
            "minutes": m,
            "p10": m,
            "p90": m,
            "km": 1.0,
            **columns,
        }
        for (a, b), m in times.items()
    ]
    return pd.DataFrame(
        rows, columns=["from", "to", "mode", "reading", "scenario", "minutes", "p10", "p90", "km", *columns]
    )


def judge(
    one: Goal,
    times: dict[tuple[str, str], float] | pd.DataFrame,
    *,
    seats: tuple[str, ...] = (),
    weights: dict[str, float] | None = None,
    tolerance: float = 0.0,
    reading: Reading = Reading.TYPICAL,
    facts: TimeFacts | None = None,
) -> Verdict:
    """Return the verdict of a goal on a few times."""
    od = table(times) if isinstance(times, dict) else times
    return judge_goal(
        one,
        od,
        "base",
        reading,
        groups={"seats": seats},
        weights=weights or {},
        tolerance_share=tolerance,
        facts=facts or TimeFacts(),
    )
