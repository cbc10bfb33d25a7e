"""Under a table of verdicts: the stations that minutes by train, coach and bus are measured between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from transit_model.cli.output import say
from transit_model.domain.modes import MODE_NAMES, Mode

if TYPE_CHECKING:
    from transit_model.goals.schema import Goal
    from transit_model.measure.workspace import Workspace

MOST_GOALS: Final = 3
"""A table of more goals has no room for a line below it for each."""


def say_stations(workspace: Workspace, goals: Sequence[Goal], verdicts: Sequence[Mapping[str, Any]], lang: str) -> None:
    """Say for each goal which stations its minutes lie between; nothing by road, nor of more than `MOST_GOALS` goals.

    `verdicts` are in the form of `Verdict.as_dict`.
    """
    if len(goals) > MOST_GOALS:
        return
    table = workspace.region.stations
    english = dict(zip(table["name_zh"], table["name_en"], strict=True))
    for goal in goals:
        lines = list_stations([v for v in verdicts if v["goal"] == goal.id], english if lang == "en" else {})
        if lines and goal.required_share >= 1:
            head = "站到站" if lang == "zh" else "station to station"
            mark, between = ("：", "；") if lang == "zh" else (": ", "; ")
            named = between.join(f"{pair}{_bracket(scenarios, lang)}" for pair, scenarios in lines.items())
            say(f"{getattr(goal.title, lang)}{mark}{head}{mark}{named}")


def list_stations(verdicts: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the scenarios by the stations of the pairs that decide their verdicts, in the order of the verdicts."""
    from transit_model.pages.phrases import find_stations
    from transit_model.pages.ways import find_deciding_way

    found: dict[str, list[str]] = {}
    for verdict in verdicts:
        ends = find_stations(find_deciding_way(verdict))
        if ends is None:
            continue
        scenarios = found.setdefault(" – ".join(names.get(end, end) for end in ends), [])
        if verdict["scenario"] not in scenarios:
            scenarios.append(verdict["scenario"])
    return found


def name_way(via: object, english: Mapping[str, str], lang: str) -> object:
    """Return a way in the language of the reader: its mode, and its stations where they have an English name."""
    from transit_model.pages.phrases import find_stations

    mode, mark, rest = str(via).partition(": ")
    ends = find_stations(str(via))
    is_mode = mode in {m.value for m in Mode}
    said = MODE_NAMES[Mode(mode)][lang] if is_mode else mode
    if ends is None:
        return said if is_mode and not mark else via
    names = english if lang == "en" else {}
    pair = " - ".join(names.get(end, end) for end in ends)
    return f"{said}{'：' if lang == 'zh' else ': '}{pair}" if mark and rest else pair


def name_stations(before: str | None, after: str | None, english: Mapping[str, str]) -> str:
    """Return the stations of a way before and after a change, once where they are the same; empty by road."""
    from transit_model.pages.phrases import find_stations

    ends = [find_stations(via or "") for via in (before, after)]
    named = [" – ".join(english.get(stop, stop) for stop in pair) for pair in ends if pair is not None]
    return " → ".join(dict.fromkeys(named))


def _bracket(scenarios: Sequence[str], lang: str) -> str:
    return f"（{'、'.join(scenarios)}）" if lang == "zh" else f" ({', '.join(scenarios)})"
