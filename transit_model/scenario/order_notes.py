"""Projects of one scenario that contradict each other, or whose order in the list decides the result.

Projects are applied in the order of the list. For most that order is of no account; where it decides, the author is
told, since nothing else would show it: the same projects in another order give other minutes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from typing import Any

from transit_model.errors import Issue
from transit_model.scenario.base_schema import Project
from transit_model.scenario.other_schema import BusLine, Policy
from transit_model.scenario.rail_schema import RailLine, RailService
from transit_model.scenario.road_schema import Closure, RoadLink, RoadUpgrade

RUN_TIME_MODEL = ("rail_acceleration_ms2", "rail_braking_ms2", "rail_utilisation", "rail_recovery_share")
Field = tuple[str | int, ...]
_HINT = "leave one of them out, name the rival under `conflicts`, or be sure that the order of the list is meant"


def list_order_notes(projects: Sequence[Project]) -> list[Issue]:
    """Return a warning for each two projects whose order in the list decides the result.

    Issues
    ------
    ``set_twice``: both set an assumption, a switch, a place or a road to different values, and the later one stands;
    ``closed_and_used``: one closes what the other uses; ``order_decides``: one changes what the other reads when it is
    applied.
    """
    issues: list[Issue] = []
    for first, second in combinations(projects, 2):
        issues += _compare_settings(first, second)
        issues += _compare_closures(first, second)
        issues += _compare_reading(first, second)
    return issues


def list_read_assumptions(project: Project) -> tuple[str, ...]:
    """Return the assumptions that a project reads at the moment it is applied."""
    if isinstance(project, RailLine):
        dwell = ("rail_dwell_min",) if project.dwell_min is None else ()
        return (*dwell, *RUN_TIME_MODEL) if project.design_speed_kmh is not None else dwell
    if isinstance(project, RailService):
        return ("rail_dwell_min",) if any(group.dwell_min is None for group in project.add) else ()
    return ()


def _compare_settings(first: Project, second: Project) -> Iterator[Issue]:
    before, after = _list_settings(first), _list_settings(second)
    for what, (field, value) in after.items():
        if what in before and before[what][1] != value:
            old = before[what][1]
            message = f"sets {what} to {value}, {first.id} sets it to {old}: the later one in the list stands"
            yield second.issue("set_twice", message, *field, severity="warning", value=value, hint=_HINT)


def _list_settings(project: Project) -> dict[str, tuple[Field, Any]]:
    """Return what a project sets to a value, whatever it was before."""
    if isinstance(project, Policy):
        found: dict[str, tuple[Field, Any]] = {
            name: (("assumptions", name), value) for name, value in project.assumptions.items()
        }
        found |= {name: (("flags", name), value) for name, value in project.flags.items()}
        for key, word in (("places_opened", "open"), ("places_closed", "closed")):
            found |= {place: ((key, i), word) for i, place in enumerate(getattr(project, key))}
        return found
    if isinstance(project, RoadUpgrade):
        fields = ("highway", "design_speed_kmh", "toll", "ref")  # factors of length multiply in any order
        which = project.roads or (() if project.along is None else (_name_path(project),))
        return {
            f"{name} of {road}": ((name,), getattr(project, name))
            for road in which
            for name in fields
            if getattr(project, name) is not None
        }
    return {}


def _name_path(project: RoadUpgrade) -> str:
    assert project.along is not None
    ends = sorted((project.along.from_node, project.along.to_node))
    return f"{project.along.ref} between {ends[0]} and {ends[1]}"


def _compare_closures(first: Project, second: Project) -> Iterator[Issue]:
    for closing, using in ((first, second), (second, first)):
        used = _list_used(using)
        for kind, name, field in _list_closed(closing):
            if name in used.get(kind, ()):
                place = "after" if closing is second else "before"
                message = f"closes {name}, which {using.id} uses; it comes {place} {using.id} in the list"
                yield closing.issue("closed_and_used", message, *field, severity="warning", value=name, hint=_HINT)


def _list_closed(project: Project) -> Iterator[tuple[str, str, Field]]:
    if isinstance(project, Closure):
        for kind in ("roads", "trips", "routes", "stops"):
            yield from ((kind, name, (kind, i)) for i, name in enumerate(getattr(project, kind)))
    if isinstance(project, RoadLink):
        yield from (("roads", name, ("replaces", i)) for i, name in enumerate(project.replaces))


def _list_used(project: Project) -> dict[str, set[str]]:
    if isinstance(project, RoadUpgrade):
        return {"roads": set(project.roads)}
    found = {"stops": {stop for stops in list_calls(project) for stop in stops}}
    if isinstance(project, RailService):
        for retime in project.retime:
            for kind in ("routes", "trips"):
                found.setdefault(kind, set()).update(getattr(retime, kind, ()))
    return found


def list_calls(project: Project) -> list[tuple[str, ...]]:
    """Return the stops of each service that a project brings."""
    if isinstance(project, RailLine):
        whole = [tuple(s.key for s in project.stations)] if project.service is not None else []
        return [*whole, *(p.stops for p in project.patterns)]
    if isinstance(project, RailService):
        return [group.stops for group in project.add]
    if isinstance(project, BusLine):
        return [tuple(s.key for s in project.stops)]
    return []


def _compare_reading(first: Project, second: Project) -> Iterator[Issue]:
    for writing, reading in ((first, second), (second, first)):
        place = "after" if writing is second else "before"
        if isinstance(writing, Policy):
            for name in sorted(set(writing.assumptions) & set(list_read_assumptions(reading))):
                message = f"sets {name}, with which {reading.id} is timed when it is applied; it comes {place} it"
                yield writing.issue(
                    "order_decides", message, "assumptions", name, severity="warning", value=name, hint=_HINT
                )
        if isinstance(reading, RailService):
            yield from _compare_trains(writing, reading, place)


def _compare_trains(writing: Project, reading: RailService, place: str) -> Iterator[Issue]:
    """Compare trains that one project adds with those that another copies or retimes."""
    if isinstance(writing, BusLine):
        return
    calls = [set(stops) for stops in list_calls(writing)]
    hint = f"{_HINT}; only trains before it in the list are copied or retimed"
    for i, group in enumerate(reading.add):
        copied = [c for c in calls for pair in pairwise(group.stops) if set(pair) <= c]
        if group.as_fastest is not None and copied and place == "before":  # those that come after it are not existing
            message = f"{group.id} runs as the fastest existing train, and {writing.id} adds trains there before it"
            yield reading.issue("order_decides", message, "add", i, "as_fastest", severity="warning", hint=hint)
    for i, retime in enumerate(reading.retime):
        if any(set(retime.between) <= c for c in calls):
            message = f"retimes trains between {' and '.join(retime.between)}, and {writing.id} adds trains there; "
            message += f"they come {place} it"
            yield reading.issue("order_decides", message, "retime", i, severity="warning", hint=hint)
