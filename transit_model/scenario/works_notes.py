"""What a number does not hold: works at certain hours that a departure window is mostly without."""

from __future__ import annotations

from collections.abc import Iterable

from transit_model.errors import Issue
from transit_model.network.model import RoadWorks
from transit_model.network.works import count_works
from transit_model.scenario.base_schema import Project
from transit_model.scenario.road_schema import Closure
from transit_model.units import format_clock, parse_clock_s


def tell_outside(project: Closure, window: tuple[int, int]) -> tuple[str, str] | None:
    """Return what to say, and what to do, of works that a departure window (clock seconds) leaves aside, else None."""
    if project.hours is None:
        return None
    hours = parse_clock_s(project.hours.from_clock), parse_clock_s(project.hours.to_clock)
    if count_works(RoadWorks(project.id, hours), window):
        return None
    first, last = (format_clock(s) for s in window)
    message = f"its hours are at most half of the departure window {first}-{last}: the roads are open then"
    return message, "ask `od --mode road,rail --window` with its hours to see what it does then"


def list_outside(projects: Iterable[Project], windows: Iterable[tuple[int, int]]) -> list[Issue]:
    """Return a remark ``hours_outside`` for all works that a departure window leaves aside, window by window."""
    closures = [p for p in projects if isinstance(p, Closure)]
    found = ((project, tell_outside(project, window)) for window in windows for project in closures)
    return [p.issue("hours_outside", r[0], "hours", severity="info", hint=r[1]) for p, r in found if r is not None]
