"""What stands beside the numbers of a scenario: values at an end of their range, and warnings of the scenario."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from transit_model.cli.output import Format, print_issues, say
from transit_model.cli.timetable_notice import collect_timetables, say_timetables

if TYPE_CHECKING:
    from transit_model.errors import Issue
    from transit_model.measure.workspace import Workspace


def collect_beside(
    workspace: Workspace, scenario_ids: Iterable[str], more: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return the keys that JSON answers have beside their rows; those with nothing in them are left out.

    ``timetables`` tells what each scenario runs on; ``rests_on`` holds a list for each scenario that has numbers at an
    end of their range, ``issues`` the warnings, after those that `more` has already; its other keys are kept.
    """
    from transit_model.scenario.range_notes import list_range_notes

    ids = list(dict.fromkeys(scenario_ids))
    notes = {i: [n.as_dict() for n in list_range_notes(workspace.scenario(i).projects)] for i in ids}
    rests_on = {i: told for i, told in notes.items() if told}
    given = dict(more or {})
    issues = [*given.get("issues", ()), *(issue.as_dict() for issue in _list_remarks(workspace, ids))]
    about = collect_timetables(workspace, ids)
    return {**given, **about, **({"rests_on": rests_on} if rests_on else {}), **({"issues": issues} if issues else {})}


def say_beside(workspace: Workspace, scenario_ids: Iterable[str], language: str, form: Format = Format.TABLE) -> None:
    """Print the timetables and one line for each scenario with numbers at an end of their range.

    Warnings go to the error stream.
    """
    from transit_model.scenario.range_notes import tell_range_notes

    ids = list(dict.fromkeys(scenario_ids))
    print_issues(_list_remarks(workspace, ids), form)
    if form is Format.TABLE:
        say_timetables(workspace, ids, language)
    for scenario_id in ids if form is Format.TABLE else ():
        told = tell_range_notes(workspace.scenario(scenario_id).projects, language)
        if told:
            say(f"{scenario_id}:{told}" if language == "zh" else f"{scenario_id} rests on {told}")


def _list_remarks(workspace: Workspace, scenario_ids: Iterable[str]) -> list[Issue]:
    return list(dict.fromkeys(issue for i in scenario_ids for issue in workspace.scenario(i).remarks))
