"""Options that a question has no use for are refused: a number must never look as if it obeyed one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from transit_model.errors import InputError, Issue

if TYPE_CHECKING:
    from collections.abc import Collection

    import typer

    from transit_model.domain.modes import Mode, Reading


def refuse_unused(context: typer.Context, rules: Mapping[str, tuple[bool, str]]) -> None:
    """Refuse what was typed and would be ignored, all at once.

    Parameters
    ----------
    context : typer.Context
        Of the command: it knows which options were typed.
    rules : mapping
        Parameter of the command to whether the question uses it, and when it would, e.g. ``"with --mode rail"``.

    Raises
    ------
    InputError
        ``option_unused`` for each.
    """
    options = {p.name: p.opts[0] for p in context.command.params}
    issues = []
    for name, (used, when) in rules.items():
        source = context.get_parameter_source(name) if name in options else None
        if used or source is None or source.name != "COMMANDLINE":
            continue
        message = f"{options[name]} changes nothing in this question"
        hint = f"it is used {when}; leave it out here"
        issues.append(Issue("option_unused", "error", message, field=name, hint=hint))
    if issues:
        raise InputError(issues)


def list_mode_rules(modes: Collection[Mode], readings: Collection[Reading]) -> dict[str, tuple[bool, str]]:
    """Return the rules of the options that only some modes and readings use: --vehicle, --window and so on."""
    from transit_model.domain.modes import Mode
    from transit_model.domain.readings import READING_RULES

    on_road = bool({Mode.ROAD, Mode.BEST} & set(modes))
    on_schedule = set(modes) != {Mode.ROAD}
    rules = [READING_RULES[reading] for reading in readings]
    measured = any(rule.own_speeds is None for rule in rules)
    return {
        "vehicle": (on_road, "with --mode road or best; taxis are cars"),
        "speeds": (measured, "by every reading but the promoter's, which is free flow"),
        "window": (
            on_schedule,
            "by timetables: roads have no departure times; for works at night --mode road,rail",
        ),
        "date": (on_schedule, "by timetables: the roads are those of the scenario's base"),
        "policy": (on_schedule and any(rule.door_to_door for rule in rules), "door to door by rail, bus or transit"),
    }
