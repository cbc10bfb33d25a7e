"""Of when the trains behind printed minutes are: one line under tables, a key beside the scenario in rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from transit_model.cli.output import say

if TYPE_CHECKING:
    from transit_model.measure.workspace import Workspace


def collect_timetables(workspace: Workspace, scenario_ids: Iterable[str]) -> dict[str, Any]:
    """Return the key of JSON answers that tells the timetable of each scenario: id, vintage, notes, service date."""
    timetables = {}
    for scenario_id in dict.fromkeys(scenario_ids):
        timetable = workspace.find_timetable(scenario_id)
        timetables[scenario_id] = {
            "timetable": timetable.timetable_id,
            "vintage": dict(timetable.vintage),
            "service_date": timetable.service_date.isoformat(),
            "notes": None if timetable.notes is None else dict(timetable.notes),
        }
    return {"timetables": timetables}


def say_timetables(workspace: Workspace, scenario_ids: Iterable[str], language: str) -> None:
    """Print one line for each timetable that the scenarios run on, with its limits."""
    runs: dict[str, list[str]] = {}
    for scenario_id in dict.fromkeys(scenario_ids):
        runs.setdefault(workspace.find_timetable(scenario_id).timetable_id, []).append(scenario_id)
    for timetable_id, ids in runs.items():
        timetable = workspace.region.info.get_timetable(timetable_id)
        head = "时刻表" if language == "zh" else "Timetable"
        line = f"{head} {timetable_id}: {timetable.vintage[language]}"
        if len(runs) > 1:
            line += f" ({', '.join(ids)})"
        if timetable.notes is not None:
            line += f" · {timetable.notes[language]}"
        say(line)


def list_first_years(runs: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the first year of each timetable, in order of years; `runs` is year to id."""
    first: dict[str, str] = {}
    for year, timetable_id in sorted(runs.items()):
        first.setdefault(timetable_id, year)
    return [(year, timetable_id) for timetable_id, year in first.items()]


def say_timetables_by_year(workspace: Workspace, runs: Mapping[str, str], language: str) -> None:
    """Print one line for each timetable with the first year whose base runs on it; `runs` is year to id."""
    for year, timetable_id in list_first_years(runs):
        vintage = workspace.region.info.get_timetable(timetable_id).vintage[language]
        say(f"{year}年起 {timetable_id}: {vintage}" if language == "zh" else f"from {year} {timetable_id}: {vintage}")


def add_timetable(workspace: Workspace, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return rows with the ``timetable`` of their ``scenario`` right after it; other rows as they are."""
    out = []
    for row in rows:
        new: dict[str, Any] = {}
        for name, value in row.items():
            new[name] = value
            if name == "scenario" and isinstance(value, str) and "timetable" not in row:
                new["timetable"] = workspace.find_timetable(value).timetable_id
        out.append(new)
    return out
