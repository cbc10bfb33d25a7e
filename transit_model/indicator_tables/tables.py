"""The indicators of a scenario as tidy tables, by name: those of travel times here, those of surfaces beside."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from transit_model.domain.modes import RIDDEN, Reading
from transit_model.errors import InputError, Issue
from transit_model.goals.schema import Goal
from transit_model.indicator_tables.facilities import read_facilities, tabulate_nearest, tabulate_supply
from transit_model.indicator_tables.needs import Asked, find_lacking, list_kind_notices
from transit_model.indicator_tables.rows import COLUMNS, Measured, Rows
from transit_model.indicator_tables.span import tabulate_span
from transit_model.indicator_tables.surfaces import (
    tabulate_airports,
    tabulate_ambulances,
    tabulate_overlap,
    tabulate_population_models,
    tabulate_within,
)
from transit_model.indicators.change import compute_change
from transit_model.indicators.daily_accessibility import compute_daily_accessibility
from transit_model.indicators.day_return import compute_day_return
from transit_model.indicators.economic_potential import compute_economic_potential
from transit_model.indicators.equity import compute_equity
from transit_model.indicators.weighted_mean_travel_time import compute_weighted_mean_travel_time
from transit_model.measure.trains import list_day_journeys
from transit_model.near_names import hint_near
from transit_model.units import S_PER_HOUR, format_clock, min_to_s, s_to_min

DAY_MIN = (60.0, 120.0, 180.0, 240.0)
"""One-way limits of daily accessibility: 4 h in Gutiérrez (2001), 1 to 4 h in Chinese studies."""
LEAVE_AFTER_H, HOME_BY_H = 6, 22
_NO_BOTTOM = ("最近的40%人口用时为0,比值无意义", "the nearest 40 % of people are 0 min away: no ratio")
_UNASKED = frozenset({"no_base", "no_facilities"})
_DOOR = Reading.DOOR_TO_DOOR.value


def tabulate_mean_time(m: Measured) -> pd.DataFrame:
    """Return the mean minutes from every centre and county seat to all county seats, weighted by people."""
    source = "A_i = sum(T_ij M_j) / sum(M_j); Gutierrez, Gonzalez and Gomez 1996; M: 2020 census"
    rows = Rows(m, "mean_time", ("加权平均旅行时间", "weighted mean travel time"), source)
    for r in compute_weighted_mean_travel_time(_to_seats(m), m.masses).to_dict("records"):
        kind = (r["mode"], r["reading"])
        rows.add(r["from"], "mean", s_to_min(r["time_s"]), "min", kind=kind)
        rows.add(r["from"], "mean_of_reached", s_to_min(r["reached_time_s"]), "min", kind=kind)
        rows.add(r["from"], "reached_share", r["reached_share"], "share", kind=kind)
    return rows.table()


def tabulate_daily(m: Measured) -> pd.DataFrame:
    """Return the people and county seats within 1 to 4 hours one way of every centre and county seat."""
    source = "DA_i = sum(M_j where T_ij <= limit); Gutierrez 2001; M: 2020 census"
    rows = Rows(m, "daily", ("日可达性", "daily accessibility"), source)
    for limit in DAY_MIN:
        for r in compute_daily_accessibility(_to_seats(m), m.masses, min_to_s(limit)).to_dict("records"):
            kind, subject = (r["mode"], r["reading"]), f"{limit:g} min"
            rows.add(r["from"], "seat_population", r["mass"], "persons", kind=kind, subject=subject)
            rows.add(r["from"], "county_seats", r["places"], "seats", kind=kind, subject=subject)
            rows.add(r["from"], "seat_population_share", r["share"], "share", kind=kind, subject=subject)
    return rows.table()


def tabulate_potential(m: Measured) -> pd.DataFrame:
    """Return the potential of every centre and county seat in persons per minute."""
    source = "P_i = sum(M_j / T_ij), exponent 1; Harris 1954, Keeble et al. 1982; M: 2020 census, for want of GDP"
    rows = Rows(m, "potential", ("经济潜力", "economic potential"), source)
    travel = _to_seats(m)
    # A centre and a county seat may stand at one point; between stations and at free flow they are 0 s apart.
    same = travel[(travel["minutes"] == 0) & (travel["from"] != travel["to"])]
    twins = same.groupby(["from", "mode", "reading"], sort=False)["to"].agg(", ".join)
    for r in compute_economic_potential(travel, m.masses, zero_is_self=True).to_dict("records"):
        twin = twins.get((r["from"], r["mode"], r["reading"]), "")
        note = (
            f"{twin} 在同一地点,视为本地,不计",
            f"{twin} stands at the same point and is left out as the place itself",
        )
        about: dict[str, Any] = {"kind": (r["mode"], r["reading"]), "note": note if twin else ("", "")}
        rows.add(r["from"], "potential", r["potential"], "persons/min", **about)
    return rows.table()


def tabulate_equity(m: Measured) -> pd.DataFrame:
    """Return how unequal the time to the nearest centre is between people, each at the seat of the county."""
    source = (
        "Gini 1912; palma: mean of the top 10 % over mean of the bottom 40 % (4 x the ratio of shares of Palma 2011)"
    )
    source += "; weighted by the 2020 census at county seats"
    rows = Rows(m, "equity", ("公平性", "equity of the time to the nearest centre"), source)
    weights = m.masses.set_index("id")["mass"]
    travel = m.travel[m.travel["to"].isin([c.place_id for c in m.centres]) & m.travel["from"].isin(weights.index)]
    for (mode, reading), part in travel.groupby(["mode", "reading"], sort=False):
        nearest = part.groupby("from")["minutes"].min()
        measures = compute_equity(nearest.to_numpy(), weights.loc[nearest.index].to_numpy())
        in_minutes = {"mean", "p10", "p50", "p90"}
        for name, value in measures.items():
            unit = "min" if name in in_minutes else "share" if name == "unreached_share" else "index"
            note = _NO_BOTTOM if name == "palma" and math.isinf(value) else ("", "")
            rows.add("", str(name), float(value), unit, kind=(str(mode), str(reading)), note=note)
    return rows.table()


def tabulate_winners(m: Measured, base: Measured) -> pd.DataFrame:
    """Return the change of minutes from every county seat to every centre, and whether it is better or worse."""
    rows = Rows(m, "winners", ("受益与受损旗县", "winners and losers by county"), "T(scenario) - T(base)")
    places = [c.place_id for c in m.centres]
    seats = [s.place_id for s in m.seats]
    tables = [t.travel[t.travel["from"].isin(seats) & t.travel["to"].isin(places)] for t in (base, m)]
    change = compute_change(tables[0], tables[1])
    words = {"newly_reached": "新可达", "faster": "缩短", "same": "不变", "slower": "变长", "lost": "不再可达"}
    for r in change.to_dict("records"):
        note = (words[r["kind"]], str(r["kind"]))
        about: dict[str, Any] = {"subject": f"to {r['to']}", "kind": (r["mode"], r["reading"]), "note": note}
        rows.add(r["from"], "base", s_to_min(r["base_s"]), "min", **about)
        rows.add(r["from"], "scenario", s_to_min(r["scenario_s"]), "min", **about)
        rows.add(r["from"], "change", s_to_min(r["change_s"]), "min", **about)
    return rows.table()


def tabulate_day_return(m: Measured, stay_h: float | None = None) -> pd.DataFrame:
    """Return the hours at the other centre between a rail or bus trip after 06:00 and home by 22:00."""
    source = "latest way home in time - earliest arrival; Tornqvist 1970; out after 06:00, home by 22:00"
    rows = Rows(m, "day_return", ("当日往返停留时间", "day return"), source)
    for mode in RIDDEN:
        if not m.session.has_service(mode):
            continue
        pairs = [(a, b) for a in m.centres for b in m.centres if a.place_id != b.place_id]
        names = ["from", "to", "depart_clock_s", "arrive_clock_s"]
        found = [
            (a.place_id, b.place_id, j.depart_clock_s, j.arrive_clock_s)
            for a, b in pairs
            for j in list_day_journeys(m.session, a, b, mode)
        ]
        journeys = pd.DataFrame(found, columns=names)
        hours = compute_day_return(
            journeys,
            journeys,
            leave_after_clock_s=LEAVE_AFTER_H * S_PER_HOUR,
            home_by_clock_s=HOME_BY_H * S_PER_HOUR,
            least_stay_s=0.0 if stay_h is None else stay_h * S_PER_HOUR,
        )
        known = set(zip(hours["from"], hours["to"], strict=True))
        for a, b in pairs:
            if (a.place_id, b.place_id) not in known:
                nothing: dict[str, Any] = {"subject": f"at {b.place_id}", "kind": (mode.value, _DOOR)}
                rows.add(a.place_id, "stay", 0.0, "h", **nothing, note=("没有可用班次", "no useful train"))
        for r in hours.to_dict("records"):
            arrive, leave = _tell_clock(r["arrive_clock_s"]), _tell_clock(r["depart_back_clock_s"])
            note = (f"{arrive} 到，{leave} 返", f"there {arrive}, back from {leave}")
            about: dict[str, Any] = {"subject": f"at {r['to']}", "kind": (mode.value, _DOOR), "note": note}
            rows.add(r["from"], "stay", r["stay_s"] / S_PER_HOUR, "h", **about)
            if stay_h is not None:
                about["subject"] = f"at {r['to']} for {stay_h:g} h"
                rows.add(r["from"], "feasible", float(r["feasible"]), "yes=1", **about)
    return rows.table()


INDICATORS: dict[str, tuple[str, str]] = {
    "within": ("时限内人口、旗县驻地与面积", "people, county seats and area within a time"),
    "mean_time": ("加权平均旅行时间", "weighted mean travel time"),
    "daily": ("日可达性", "daily accessibility"),
    "potential": ("经济潜力", "economic potential"),
    "equity": ("公平性", "equity"),
    "winners": ("受益与受损旗县", "winners and losers by county; needs a base"),
    "span": ("服务时段", "service span of goal pairs by rail or bus"),
    "day_return": ("当日往返停留时间", "day return between the centres"),
    "nearest": ("最近设施与服务范围", "nearest facility and catchments: of the centres, or of --facilities"),
    "supply": ("两步移动搜索法", "supply per head (E2SFCA) of --facilities"),
    "airport": ("机场腹地", "airport catchments"),
    "overlap": ("圈层重叠", "overlap of the circles"),
    "ambulance": ("跨界急救覆盖", "ambulance coverage near prefecture borders"),
    "population_models": ("人口分布口径的影响", "people within a time by way of placing them"),
}
"""Names with Chinese and English title, in the order they are told."""


def tabulate_indicators(
    measured: Measured,
    names: Sequence[str] = (),
    *,
    base: Measured | None = None,
    goals: Sequence[Goal] = (),
    stay_h: float | None = None,
    facilities: Path | None = None,
    tick: Callable[[str], object] = lambda _: None,
    tell: Callable[[Issue], object] = lambda _: None,
) -> pd.DataFrame:
    """Return the named indicators of a scenario (all when none is named) with the columns of `COLUMNS`.

    What an indicator lacks of the region or of the arguments (`needs`) is an error where it is named; where all are
    asked for it is left out, and `tell` is given the reason as a warning. `span` reads `goals`; `facilities` is a CSV
    for `nearest` and `supply`.

    Raises
    ------
    InputError
        ``unknown_indicator`` for each unknown name; what a named indicator lacks, e.g. ``no_base``, ``no_facilities``,
        ``no_census``; what is wrong with the file; what each lacks when none of all can be told.
    """
    unknown = [n for n in names if n not in INDICATORS]
    if unknown:
        raise InputError([_tell_unknown(n) for n in unknown])
    read = None if facilities is None else read_facilities(facilities, measured.session.network.info.bbox)
    places = None if read is None else read.places
    asked = Asked(goals, places, None if read is None else read.supply, base)
    wanted = [n for n in INDICATORS if n in names or not names]
    lacking = {n: find_lacking(n, measured, asked) for n in wanted}
    can = [n for n in wanted if not lacking[n]]
    short = [i for issues in lacking.values() for i in issues]
    if short and (names or not can):
        raise InputError(short)
    # That nobody named a base or a file is no news.
    news = [i for issues in lacking.values() for i in issues if _UNASKED.isdisjoint(j.code for j in issues)]
    for issue in [*news, *(() if read is None else read.notices)]:
        tell(replace(issue, severity="warning"))
    for issue in list_kind_notices(measured):
        tell(issue)
    simple: dict[str, Callable[[], pd.DataFrame]] = {
        "within": lambda: tabulate_within(measured),
        "mean_time": lambda: tabulate_mean_time(measured),
        "daily": lambda: tabulate_daily(measured),
        "potential": lambda: tabulate_potential(measured),
        "equity": lambda: tabulate_equity(measured),
        "span": lambda: tabulate_span(measured, goals),
        "day_return": lambda: tabulate_day_return(measured, stay_h),
        "nearest": lambda: tabulate_nearest(measured, places),
        "airport": lambda: tabulate_airports(measured),
        "overlap": lambda: tabulate_overlap(measured),
        "ambulance": lambda: tabulate_ambulances(measured),
        "population_models": lambda: tabulate_population_models(measured),
    }
    if asked.facilities is not None and asked.supply is not None:
        shops, supply = list(asked.facilities), asked.supply
        simple["supply"] = lambda: tabulate_supply(measured, shops, supply)
    if base is not None:
        simple["winners"] = lambda: tabulate_winners(measured, base)
    parts = []
    for name in can:
        parts.append(simple[name]())
        tick(name)
    filled = [p for p in parts if len(p)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=list(COLUMNS))


def _tell_unknown(name: str) -> Issue:
    hint = hint_near(name, INDICATORS, f"use {', '.join(INDICATORS)}")
    return Issue(
        "unknown_indicator", "error", f"no indicator called {name!r}", field="indicator", value=name, hint=hint
    )


def _to_seats(m: Measured) -> pd.DataFrame:
    return m.travel[m.travel["to"].isin(m.masses["id"])]


def _tell_clock(clock_s: float) -> str:
    return "-" if not math.isfinite(clock_s) else format_clock(clock_s)
