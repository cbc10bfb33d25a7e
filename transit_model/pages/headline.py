"""The sentence at the top of the front page, written from the verdict table: counts and quotations, no new measure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from transit_model.pages import text
from transit_model.pages.view import READINGS, GoalView, ScenarioView, StudyView

if TYPE_CHECKING:
    import pandas as pd


def write_headline(view: StudyView) -> list[dict[str, str]]:
    """Return the sentences of the headline, each in both languages; the study's own headline comes first."""
    if view.headline:
        return [dict(view.headline)]
    measured = [g for g in view.goals if g.unmeasurable is None]
    if not measured or view.verdicts.empty:
        return []
    today = view.get_today()
    counts = count_verdicts(view, today, "met")
    of = {f"{name}_of": n for name, n in _by_word(count_judged(view)).items()}
    sentences = [text.fill("headline_today", base=today.title, n=len(measured), **_by_word(counts), **of)]
    open_ones = count_verdicts(view, today, "borderline")
    if any(open_ones.values()):
        sentences.append(text.fill("headline_borderline", **_by_word(open_ones)))
    fullest = find_fullest(view)
    if fullest is not None:
        counts = count_verdicts(view, fullest, "met")
        sentences.append(text.fill("headline_full", scenario=fullest.title, **_by_word(counts)))
    gap = _find_widest_gap(view, today)
    if gap is not None:
        sentences.append(gap)
    return sentences


def _by_word(counts: dict[str, int]) -> dict[str, int]:
    return {"promoter": counts["promoter"], "typical": counts["typical"], "door": counts["door_to_door"]}


def count_verdicts(view: StudyView, scenario: ScenarioView, verdict: str) -> dict[str, int]:
    """Return how many goals have a verdict in a scenario on each reading, of those that their wording can mean."""
    rows = view.verdicts[(view.verdicts["scenario"] == scenario.id) & (view.verdicts["verdict"] == verdict)]
    have = set(zip(rows["goal"], rows["reading"], strict=True))
    return {r: sum((g.id, r) in have for g in list_judged(view, r)) for r in READINGS}


def count_judged(view: StudyView) -> dict[str, int]:
    """Return for each reading the number of measurable goals whose wording can mean it: what counts are out of."""
    return {r: len(list_judged(view, r)) for r in READINGS}


def list_judged(view: StudyView, *readings: str) -> list[GoalView]:
    """Return the measurable goals whose wording can mean all of the readings."""
    return [g for g in view.goals if g.unmeasurable is None and set(readings) <= set(g.judged_on)]


def find_fullest(view: StudyView) -> ScenarioView | None:
    """Return the scenario with the most projects that are not built, the later one on a tie; None when none has any."""
    planned = [s for s in view.scenarios if s.projects and not s.is_base]
    return max(enumerate(planned), key=lambda item: (len(item[1].projects), item[0]))[1] if planned else None


def _find_widest_gap(view: StudyView, today: ScenarioView) -> dict[str, str] | None:
    """Quote the goal whose minutes differ most between the promoter's reading and door to door, if it can mean both."""
    rows: pd.DataFrame = view.verdicts[view.verdicts["scenario"] == today.id]
    minutes = {(r["goal"], r["reading"]): float(r["value_min"]) for r in rows.to_dict("records")}
    gaps: list[tuple[float, GoalView, float, float]] = []
    for goal in list_judged(view, "promoter", "door_to_door"):
        first, last = (minutes.get((goal.id, r), math.nan) for r in ("promoter", "door_to_door"))
        gap = last - first  # NaN where either was not measured or both are out of reach
        if gap > 0 and goal.threshold_min is not None:
            gaps.append((gap, goal, first, last))
    if not gaps:
        return None
    _, goal, first, last = max(gaps, key=lambda entry: entry[0])
    return text.fill(
        "headline_gap",
        goal=goal.title,
        threshold=text.format_minutes(goal.threshold_min),
        promoter=text.format_minutes(first, near=goal.threshold_min),
        door=text.format_minutes(last, near=goal.threshold_min),
    )
