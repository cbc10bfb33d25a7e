"""Of when the roads and trains behind a map are."""

from __future__ import annotations

from transit_model.pages import text
from transit_model.pages.view import ScenarioView, StudyView, Text


def describe_dates(view: StudyView, *scenarios: ScenarioView) -> dict[str, str]:
    """Return of when the roads and the trains of scenarios are, each once: the date of a picture taken away."""
    parts: list[Text] = []
    for scenario in scenarios:
        word = "as_of" if scenario.is_base else "base_as_of"
        parts.append(text.fill(word, date=scenario.as_of or view.region.built_as_of))
        parts.append(scenario.timetable or view.region.timetable_vintage)
    return {lang: " · ".join(dict.fromkeys(str(p[lang]) for p in parts)) for lang in ("zh", "en")}
