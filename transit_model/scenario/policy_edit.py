"""Apply a `Policy`: other assumptions, switches, places that open or close."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from transit_model.errors import InputError
from transit_model.network.model import Network
from transit_model.scenario.lookup import Report
from transit_model.scenario.other_schema import Policy

PLACES_OPENED, PLACES_CLOSED = "places_opened", "places_closed"
"""Fields of a policy, and of a `Network`, that name the places in use (or out of use) because a project says so."""


def apply_policy(project: Policy, network: Network, report: Report) -> Network:
    """Return the network under the new rule, or the same network when something was reported."""
    before = report.count_errors()
    changes = _resolve_assumptions(project, network, report)
    rules = dict(network.rules)
    for name, value in project.flags.items():
        if rules.get(name, False) == value:
            message = f"{name} is on already" if value else f"{name} is off already"
            report.add(project, "changed_nothing", message, "flags", name, value=value)
        rules[name] = value
    places = network.places["place_id"].astype(str).tolist()
    named = {PLACES_OPENED: network.places_opened, PLACES_CLOSED: network.places_closed}
    for key, wanted in ((PLACES_OPENED, project.places_opened), (PLACES_CLOSED, project.places_closed)):
        already = named[key]
        for i, place in enumerate(wanted):
            if report.check_known(project, "place", place, places, key, i) and place in already:
                message = f"{place} is open already" if key == PLACES_OPENED else f"{place} is closed already"
                report.add(project, "changed_nothing", message, key, i, value=place)
        other = PLACES_CLOSED if key == PLACES_OPENED else PLACES_OPENED
        if wanted:
            named[key] = already | set(wanted)
            named[other] = named[other] - set(wanted)
    if report.count_errors() > before:
        return network
    assumptions = network.assumptions
    if changes:
        try:
            assumptions = assumptions.with_changes(**changes)
        except InputError as error:
            for issue in error.issues:
                where = ("assumptions", str(issue.field))
                report.add(project, "bad_assumption", issue.message, *where, value=issue.value, hint=issue.hint)
            return network
    return network.with_tables(assumptions=assumptions, rules=rules, **named)


def _resolve_assumptions(project: Policy, network: Network, report: Report) -> dict[str, Any]:
    """Return the changes as `Assumptions.with_changes` wants them; tables are merged key by key."""
    assumptions = network.assumptions
    known: dict[str, float] = {}
    for name in assumptions.provisions:
        value = getattr(assumptions, name)
        if isinstance(value, Mapping):
            known |= {f"{name}.{key}": float(v) for key, v in value.items()}
        else:
            known[name] = float(value)
    changes: dict[str, Any] = {}
    for name, new in project.assumptions.items():
        if not report.check_known(project, "assumption", name, known, "assumptions", name):
            continue
        if known[name] == new:
            report.add(project, "changed_nothing", f"{name} is {new:g} already", "assumptions", name, value=new)
            continue
        head, _, key = name.partition(".")
        if key:
            changes[head] = {**changes.get(head, getattr(assumptions, head)), key: new}
        else:
            old = getattr(assumptions, head)
            changes[head] = int(new) if isinstance(old, int) and float(new).is_integer() else new
    return changes
