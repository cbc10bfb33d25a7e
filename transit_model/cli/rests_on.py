"""What stands beside the numbers of a scenario: values at an end of their range, and warnings of the scenario."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from transit_model.cli.output import Format, print_issues, say
from transit_model.cli.timetable_notice import collect_timetables, say_timetables

if TYPE_CHECKING:
    from transit_model.errors import Issue
    from transit_model.measure.workspace import Workspace
    from transit_model.scenario.base_schema import Project
    from transit_model.scenario.range_notes import RangeNote

_Added = Mapping[str, Iterable["Project"]]
_WHAT = {"error": ("error", "错误"), "warning": ("warning", "警告"), "info": ("remark", "提示")}


def collect_beside(
    workspace: Workspace,
    scenario_ids: Iterable[str],
    more: Mapping[str, Any] | None = None,
    added: _Added | None = None,
    *,
    varied: str = "",
    windows: Sequence[str] = (),
) -> dict[str, Any]:
    """Return the keys that JSON answers have beside their rows; those with nothing in them are left out.

    ``timetables`` tells what each scenario runs on; ``rests_on`` holds a list for each scenario that has numbers at an
    end of their range, ``issues`` the warnings, after those that `more` has already; its other keys are kept.

    Parameters
    ----------
    added : mapping, optional
        Projects that stand beside those of the scenarios, by the words they are told under.
    varied : str
        ``project.field`` that the question itself varies: it rests on no value.
    windows : sequence of str
        Departure windows as typed, that of the region without any: works that they leave aside are told.
    """
    ids = list(dict.fromkeys(scenario_ids))
    notes = _list_notes(workspace, ids, added or {}, varied)
    rests_on = {name: [n.as_dict() for n in listed] for name, listed in notes.items()}
    given = dict(more or {})
    issues = [
        *given.get("issues", ()),
        *(issue.as_dict() for issue in _list_remarks(workspace, ids, windows, added or {})),
    ]
    given.pop("issues", None)
    about = collect_timetables(workspace, ids)
    return {**given, **about, **({"rests_on": rests_on} if rests_on else {}), **({"issues": issues} if issues else {})}


def say_beside(
    workspace: Workspace,
    scenario_ids: Iterable[str],
    language: str,
    form: Format = Format.TABLE,
    added: _Added | None = None,
    *,
    varied: str = "",
    windows: Sequence[str] = (),
) -> None:
    """Print the timetables and one line for each scenario with numbers at an end of their range.

    Warnings go to the error stream.

    Nothing is printed beside JSON, which holds all this itself (`collect_beside`).
    """
    from transit_model.scenario.range_notes import join_notes

    if form is Format.JSON:
        return
    ids = list(dict.fromkeys(scenario_ids))
    print_issues(_list_remarks(workspace, ids, windows, added or {}), form)
    if form is not Format.TABLE:
        return
    say_timetables(workspace, ids, language)
    for name, notes in _list_notes(workspace, ids, added or {}, varied).items():
        text = join_notes(notes, language)
        say(f"{name}：{text}" if language == "zh" else f"{name} rests on {text}")


def list_rests(
    workspace: Workspace, scenario_ids: Iterable[str], language: str, windows: Sequence[str] = ()
) -> dict[str, list[dict[str, str]]]:
    """Return the sheet of a workbook that says what its numbers rest on: timetables, ends of ranges, warnings."""
    from transit_model.domain.issue_words import translate_issue
    from transit_model.scenario.range_notes import join_notes

    ids = list(dict.fromkeys(scenario_ids))
    zh = language == "zh"
    rows = []
    for scenario_id in ids:
        timetable = workspace.find_timetable(scenario_id)
        notes = "" if timetable.notes is None else f" · {timetable.notes[language]}"
        about = f"{timetable.timetable_id}: {timetable.vintage[language]}{notes}"
        rows.append({"scenario": scenario_id, "what": "时刻表" if zh else "timetable", "note": about})
    for scenario_id, found in _list_notes(workspace, ids, {}, "").items():
        what = "取范围端值" if zh else "at an end of its range"
        rows.append({"scenario": scenario_id, "what": what, "note": join_notes(found, language)})
    rows += [
        {"scenario": "", "what": _WHAT[issue.severity][zh], "note": translate_issue(issue, language).message}
        for issue in _list_remarks(workspace, ids, windows, {})
    ]
    return {("依据" if zh else "rests on"): rows}


def _list_notes(
    workspace: Workspace, scenario_ids: Iterable[str], added: _Added, varied: str
) -> dict[str, list[RangeNote]]:
    from transit_model.scenario.range_notes import list_range_notes

    groups: _Added = {**{i: workspace.scenario(i).projects for i in scenario_ids}, **added}
    found = {
        name: [n for n in list_range_notes(projects) if f"{n.project_id}.{n.field}" != varied]
        for name, projects in groups.items()
    }
    return {name: notes for name, notes in found.items() if notes}


def _list_remarks(
    workspace: Workspace, scenario_ids: Iterable[str], windows: Sequence[str], added: _Added
) -> list[Issue]:
    """Return the warnings of scenarios, and what works at certain hours the departure windows leave aside."""
    from transit_model.measure.workspace import parse_window
    from transit_model.scenario.works_notes import list_outside

    spans = [parse_window(text) for text in windows] or [workspace.region.info.window]
    scenarios = [workspace.scenario(i) for i in scenario_ids]
    groups = [*(s.projects for s in scenarios), *added.values()]
    outside = [issue for projects in groups for issue in list_outside(projects, spans)]
    return list(dict.fromkeys([*(remark for s in scenarios for remark in s.remarks), *outside]))
