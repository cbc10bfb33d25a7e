"""What each indicator needs of a region and a scenario, and what is told where it lacks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from transit_model.domain.modes import Mode, Reading
from transit_model.domain.place import Place
from transit_model.errors import Issue
from transit_model.goals.schema import Goal
from transit_model.indicator_tables.rows import Measured
from transit_model.measure.people import list_counties


@dataclass(frozen=True)
class Asked:
    """What indicators are asked with, beside the scenario."""

    goals: Sequence[Goal] = ()
    facilities: Sequence[Place] | None = None
    supply: pd.DataFrame | None = None
    base: Measured | None = None


def find_lacking(name: str, m: Measured, asked: Asked) -> list[Issue]:
    """Return why an indicator cannot be told here, as errors; empty where it can."""
    found = [check(m, asked) for check in _NEEDS[name]]
    return [
        Issue(code, "error", f"{name}: {message}", field="indicator", value=name, hint=hint)
        for code, message, hint in filter(None, found)
    ]


def list_kind_notices(m: Measured) -> list[Issue]:
    """Return what modes and readings that were asked for will be missing or unreachable throughout, as warnings."""
    issues = []
    dropped = [mode.value for mode in m.modes if mode is not Mode.ROAD] if Reading.PROMOTER in m.readings else []
    if dropped:
        told = ", ".join(dropped)
        issues.append(("no_such_surface", f"the promoter's reading is left out for {told}: it has no surface", told))
    for mode in m.modes:
        if mode in (Mode.RAIL, Mode.BUS) and not m.session.has_service(mode):
            issues.append(
                ("no_service", f"nothing runs by {mode.value} in this scenario: nothing is in reach", mode.value)
            )
    return [Issue(code, "warning", message, field="mode", value=value) for code, message, value in issues]


_Lack = tuple[str, str, str] | None
"""Code, message, hint."""


def _needs_kind(m: Measured, _: Asked) -> _Lack:
    if m.kinds:
        return None
    return (
        "no_such_surface",
        "the promoter's reading is between stations and has no surface by rail or bus",
        "use --mode road, or --reading typical or door_to_door; `od` and `goals` have it between places",
    )


def _needs_centres(m: Measured, _: Asked) -> _Lack:
    return (
        None if m.centres else ("no_centres", "the region has no centres", "name them in region.yaml: groups: centres")
    )


def _needs_two_centres(m: Measured, _: Asked) -> _Lack:
    if len(m.centres) > 1:
        return None
    return "no_centres", "the region has no two centres", "name them in region.yaml: groups: centres"


def _needs_seats(m: Measured, _: Asked) -> _Lack:
    if m.masses["mass"].sum() > 0:
        return None
    hint = "give the region counties.csv with population_2020 and the place_id of each seat"
    return "no_census", "the region has no county with people and a county seat", hint


def _needs_people(m: Measured, _: Asked) -> _Lack:
    if m.knows_people:
        return None
    return "no_people", "nobody is known to live in this region", "give counties.csv, or --population FILE (.csv, .tif)"


def _needs_outlines(m: Measured, _: Asked) -> _Lack:
    if any(c.outline is not None for c in list_counties(m.maker)):
        return None
    return (
        "no_outlines",
        "no county of the region has an outline",
        "add county_outlines.geojson with the adcode of each",
    )


def _needs_airports(m: Measured, _: Asked) -> _Lack:
    from transit_model.indicator_tables.surfaces import list_airport_cases

    if any(list_airport_cases(m).values()):
        return None
    return "no_airport", "the region has no airport that is open", "add places of kind airport to places.csv"


def _needs_goal_pairs(m: Measured, asked: Asked) -> _Lack:
    modes = {g.mode for g in asked.goals if g.pairs is not None and g.threshold_min is not None}
    ridden = [mode for mode in (Mode.RAIL, Mode.BUS) if mode in modes]
    if not ridden:
        return "no_goal_pairs", "no goal names pairs by rail or bus with a limit", "add one to the folder goals"
    if any(m.session.has_service(mode) for mode in ridden):
        return None
    return "no_service", f"nothing runs by {', '.join(ridden)} in this scenario", "ask another scenario"


def _needs_service(m: Measured, _: Asked) -> _Lack:
    if any(m.session.has_service(mode) for mode in (Mode.RAIL, Mode.BUS)):
        return None
    return "no_service", "neither trains nor buses run in this scenario", "ask another scenario"


def _needs_facilities(_: Measured, asked: Asked) -> _Lack:
    if asked.facilities is None:
        return "no_facilities", "supply needs facilities", "name a CSV id,lon,lat,supply: --facilities FILE"
    if asked.supply is None:
        return (
            "no_supply",
            "the file of facilities has no column supply",
            "add beds, doctors or vehicles: id,lon,lat,supply",
        )
    return None


def _needs_base(_: Measured, asked: Asked) -> _Lack:
    if asked.base is not None:
        return None
    return "no_base", "winners and losers need a base", "name the scenario to compare with: --base built-2025"


def _needs_centres_or_facilities(m: Measured, asked: Asked) -> _Lack:
    return None if asked.facilities is not None else _needs_centres(m, asked)


_NEEDS: Mapping[str, tuple[Callable[[Measured, Asked], _Lack], ...]] = {
    "within": (_needs_kind, _needs_centres),
    "mean_time": (_needs_kind, _needs_seats),
    "daily": (_needs_kind, _needs_seats),
    "potential": (_needs_kind, _needs_seats),
    "equity": (_needs_kind, _needs_centres, _needs_seats),
    "winners": (_needs_kind, _needs_base, _needs_centres, _needs_seats),
    "span": (_needs_goal_pairs,),
    "day_return": (_needs_two_centres, _needs_service),
    "nearest": (_needs_kind, _needs_seats, _needs_centres_or_facilities),
    "supply": (_needs_kind, _needs_facilities, _needs_seats),
    "airport": (_needs_kind, _needs_airports, _needs_people),
    "overlap": (_needs_kind, _needs_centres),
    "ambulance": (_needs_seats, _needs_outlines),
    "population_models": (_needs_kind, _needs_centres, _needs_seats),
}
