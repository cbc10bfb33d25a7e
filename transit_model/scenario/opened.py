"""Which projects had opened by a day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from transit_model.scenario.base_schema import Project
from transit_model.scenario.requirements import is_ruled_out, keep_complete

IsHeld = Callable[[Project, date], bool]
"""Whether the region as it stood at the end of a day holds a project already, as its guards say."""


def has_ended(project: Project, day: date) -> bool:
    """Return whether a project that lasts for a time, as works do, is over at the end of a day."""
    ends = getattr(project, "ends", None)
    return ends is not None and ends.latest is not None and ends.latest <= day


def select_open_by(projects: Sequence[Project], day: date) -> list[Project]:
    """Return the projects surely open at the end of a day with all they require, by opening, what is required first.

    Those of unknown opening never are, nor those that have ended.
    """
    dated = [p for p in projects if p.opens.latest is not None and p.opens.latest <= day and not has_ended(p, day)]
    waiting = sorted(keep_complete(dated), key=lambda p: (p.opens.latest or day, p.id))
    done: dict[str, Project] = {}
    while waiting:
        ready = next((p for p in waiting if set(p.requires) <= set(done)), waiting[0])
        waiting.remove(ready)
        done[ready.id] = ready
    return list(done.values())


def drop_rivals(projects: Sequence[Project], standing: Sequence[Project] = ()) -> list[Project]:
    """Return projects in their order without those that one standing, or one before them, rules out."""
    kept: list[Project] = []
    for project in projects:
        if not is_ruled_out(project, [*standing, *kept]):
            kept.append(project)
    return kept
