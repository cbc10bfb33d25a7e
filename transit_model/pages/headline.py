"""The sentence at the top of the front page, written from the verdict table: counts and quotations, no new measure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transit_model.pages import text
from transit_model.pages.view import READINGS, ScenarioView, StudyView

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
    sentences = [text.fill("headline_today", base=today.title, n=len(measured), **_by_word(counts))]
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
    """Return how many goals have a verdict on each reading in a scenario."""
    rows = view.verdicts[(view.verdicts["scenario"] == scenario.id) & (view.verdicts["verdict"] == verdict)]
    return {reading: int((rows["reading"] == reading).sum()) for reading in READINGS}


def find_fullest(view: StudyView) -> ScenarioView | None:
    """Return the scenario with the most projects, the later one on a tie; None when none has any."""
    planned = [s for s in view.scenarios if s.projects]
    return max(enumerate(planned), key=lambda item: (len(item[1].projects), item[0]))[1] if planned else None


def _find_widest_gap(view: StudyView, today: ScenarioView) -> dict[str, str] | None:
    """Quote the goal that the promoter's reading meets and the door-to-door reading misses by most."""
    rows: pd.DataFrame = view.verdicts[view.verdicts["scenario"] == today.id]
    table = {(r["goal"], r["reading"]): r for r in rows.to_dict("records")}
    best: tuple[float, dict[str, str]] | None = None
    for goal in view.goals:
        first, last = table.get((goal.id, "promoter")), table.get((goal.id, "door_to_door"))
        if first is None or last is None or goal.threshold_min is None:
            continue
        if first["verdict"] != "met" or last["verdict"] != "missed":
            continue
        miss = -float(last["margin_min"])
        if best is None or miss > best[0]:
            sentence = text.fill(
                "headline_gap",
                goal=goal.title,
                threshold=text.format_minutes(goal.threshold_min),
                promoter=text.format_minutes(first["value_min"], near=goal.threshold_min),
                door=text.format_minutes(last["value_min"], near=goal.threshold_min),
            )
            best = (miss, sentence)
    return best[1] if best else None
