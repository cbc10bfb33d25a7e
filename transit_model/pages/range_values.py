"""What the numbers of a page rest on: values of projects at an end of their range, each said once."""

from __future__ import annotations

from collections.abc import Iterable

from transit_model.pages.view import ScenarioView, Text


def list_range_values(scenarios: Iterable[ScenarioView]) -> list[Text]:
    """Return the values at an end of their range after the name of their project, each once, in order of first use."""
    found: dict[tuple[str, str], Text] = {}
    for scenario in scenarios:
        for project in scenario.projects:
            for note in project.rests_on:
                words = {lang: f"{project.title[lang]} {note[lang]}" for lang in ("zh", "en")}
                found.setdefault((project.id, note["en"]), words)
    return list(found.values())
