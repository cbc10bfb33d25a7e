"""What several indicators need of a region and a scenario, and what is told where it lacks."""

from __future__ import annotations

from transit_model.domain.modes import RIDDEN
from transit_model.domain.readings import has_surface
from transit_model.errors import Issue
from transit_model.indicator_tables.indicator import Indicator, Lack, Question
from transit_model.indicator_tables.rows import Measured


def find_lacking(row: Indicator, m: Measured, question: Question) -> list[Issue]:
    """Return why an indicator cannot be told here, as errors; empty where it can."""
    found = [check(m, question) for check in row.needs]
    return [
        Issue(code, "error", f"{row.name}: {message}", field="indicator", value=row.name, hint=hint)
        for code, message, hint in filter(None, found)
    ]


def list_kind_notices(m: Measured) -> list[Issue]:
    """Return what modes and readings that were asked for will be missing or unreachable throughout, as warnings."""
    issues = []
    dropped = [mode.value for mode in m.modes if not all(has_surface(mode, reading) for reading in m.readings)]
    if dropped:
        text = ", ".join(dropped)
        issues.append(("no_such_surface", f"the promoter's reading is left out for {text}: it has no surface", text))
    for mode in m.modes:
        if mode in RIDDEN and not m.session.has_service(mode):
            issues.append(
                ("no_service", f"nothing runs by {mode.value} in this scenario: nothing is in reach", mode.value)
            )
    return [Issue(code, "warning", message, field="mode", value=value) for code, message, value in issues]


def needs_kind(m: Measured, _: Question) -> Lack:
    """Tell when no mode and reading asked for has a surface."""
    if m.kinds:
        return None
    return (
        "no_such_surface",
        "the promoter's reading is between stations and has no surface by rail, bus or transit",
        "use --mode road, or --reading typical or door_to_door; `od` and `goals` have it between places",
    )


def needs_centres(m: Measured, _: Question) -> Lack:
    """Tell when the region has no centres."""
    return (
        None if m.centres else ("no_centres", "the region has no centres", "name them in region.yaml: groups: centres")
    )


def needs_seats(m: Measured, _: Question) -> Lack:
    """Tell when no county with people has a seat."""
    if m.masses["mass"].sum() > 0:
        return None
    if m.layer is not None:
        return "no_opportunities", f"the layer {m.layer.name} weighs nothing", "give its points weights above 0"
    hint = "give the region counties.csv with population_2020 and the place_id of each seat"
    return "no_census", "the region has no county with people and a county seat", hint
