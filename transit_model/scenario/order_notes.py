"""Projects of one scenario that contradict each other, or whose order in the list decides the result.

Projects are applied in the order of the list. For most that order is of no account; where it decides, the author is
told, since nothing else would show it: the same projects in another order give other minutes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from transit_model.errors import Issue
from transit_model.scenario.base_schema import Project
from transit_model.scenario.kinds.registry import find_kind

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


def _compare_settings(first: Project, second: Project) -> Iterator[Issue]:
    before, after = (find_kind(project).sets(project) for project in (first, second))
    for what, (field, value) in after.items():
        if what in before and before[what][1] != value:
            old = before[what][1]
            message = f"sets {what} to {value}, {first.id} sets it to {old}: the later one in the list stands"
            yield second.issue("set_twice", message, *field, severity="warning", value=value, hint=_HINT)


def _compare_closures(first: Project, second: Project) -> Iterator[Issue]:
    for closing, using in ((first, second), (second, first)):
        used = _list_used(using)
        for what, name, field in find_kind(closing).closes(closing):
            if name in used.get(what, ()):
                message = f"closes {name}, which {using.id} uses and which comes after it in the list"
                if closing is second:
                    message = f"closes {name}, which {using.id} uses and which comes before it in the list"
                yield closing.issue("closed_and_used", message, *field, severity="warning", value=name, hint=_HINT)


def _list_used(project: Project) -> dict[str, set[str]]:
    kind = find_kind(project)
    return {"stops": {stop for stops in kind.calls(project) for stop in stops}, **kind.uses(project)}


def _compare_reading(first: Project, second: Project) -> Iterator[Issue]:
    for writing, reading in ((first, second), (second, first)):
        place = "after" if writing is second else "before"
        fields = [field for field, _ in find_kind(writing).sets(writing).values()]
        written = {str(field[1]) for field in fields if field[0] == "assumptions"}
        for name in sorted(written & set(find_kind(reading).reads(reading))):
            message = f"sets {name}, with which {reading.id} is timed when it is applied, before it in the list"
            if place == "after":
                message = f"sets {name}, with which {reading.id} is timed when it is applied, after it in the list"
            yield writing.issue(
                "order_decides", message, "assumptions", name, severity="warning", value=name, hint=_HINT
            )
        yield from _compare_trains(writing, reading, place)


def _compare_trains(writing: Project, reading: Project, place: str) -> Iterator[Issue]:
    """Compare trains that one project adds with those that another copies or retimes."""
    if find_kind(writing).family != "rail":
        return
    calls = [set(stops) for stops in find_kind(writing).calls(writing)]
    hint = f"{_HINT}; only trains before it in the list are copied or retimed"
    for read in find_kind(reading).reads_trains(reading):
        added = any(set(pair) <= stops for stops in calls for pair in read.pairs)
        if added and (place == "before" or not read.only_before):
            message = read.tell(writing.id, place)
            yield reading.issue("order_decides", message, *read.field, severity="warning", hint=hint)
