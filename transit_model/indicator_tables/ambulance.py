"""Ambulance coverage across the border (跨界急救覆盖)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from transit_model.domain.modes import Mode, Reading, Vehicle
from transit_model.domain.place import Place
from transit_model.indicator_tables.facilities import list_hospital_towns
from transit_model.indicator_tables.indicator import Indicator, Lack, Question
from transit_model.indicator_tables.needs import needs_seats
from transit_model.indicator_tables.rows import Measured, Rows
from transit_model.indicators.ambulance_border import find_responses
from transit_model.measure.people import list_counties
from transit_model.measure.session import Session
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.surface.disaggregation import assign_counties
from transit_model.units import min_to_s

TURNOUT_MIN = 3.0
"""From the call to leaving the base: the norm of the 2020 notice of the National Health Commission."""
AT_SEATS = (
    "急救站点位置未公布，假定每个旗县驻地有一个急救站（假设）",
    "ambulance bases are not published: one at every county seat is assumed",
)
AT_HOSPITALS = (
    "急救站点位置未公布，假定名录中每家医院有一个急救站，没有医院的旗县设在驻地（假设）",
    "ambulance bases are not published: one at every hospital of the list is assumed, and at the seat of a county "
    "without any",
)


def _fill(rows: Rows, _question: Question) -> None:
    """Add the people whom an ambulance reaches in time, sent by the own prefecture only, or by any."""
    m = rows.measured
    counties = list_counties(m.builder)
    census = m.session.network.counties
    known = dict(zip(census["adcode"], census["prefecture"], strict=True))
    of_seat = dict(zip(census["place_id"], census["prefecture"], strict=True))
    row = assign_counties(m.builder.grid, [c.outline for c in counties])
    prefectures = sorted(set(known.values()))
    of_county = np.array([prefectures.index(known[c.county_id]) for c in counties], dtype=np.int64)
    own_prefecture = np.where(row >= 0, of_county[row], -1)
    drivers = Session(m.session.scenario_id, m.session.network, vehicle=Vehicle.AMBULANCE, speeds=m.session.speeds)
    builder = SurfaceBuilder(drivers, m.cell_m)
    towns, listed = _list_bases(m, of_seat)
    off = drivers.find_off_network([place for place, _ in towns])
    bases: dict[str, list[np.ndarray]] = {}
    for place, prefecture in towns:
        if place.place_id not in off:
            reach = builder.compute(place, Mode.ROAD, Reading.TYPICAL).time_s
            bases.setdefault(prefecture, []).append(reach)
    senders = [*prefectures, *sorted(bases.keys() - {*prefectures})]
    drive_s = np.array([np.minimum.reduce(bases.get(p, [np.full(row.shape, np.inf)])) for p in senders])
    own = np.arange(len(senders))[:, None, None] == own_prefecture
    found = find_responses(drive_s, own, turnout_s=min_to_s(TURNOUT_MIN), border_delay_s=0.0)
    note = AT_HOSPITALS if listed else AT_SEATS
    for i, prefecture in enumerate(prefectures):
        people = np.where(own[i], m.people, 0.0)
        for cutoff in m.cutoffs_min:
            alone, together = (float(people[s <= min_to_s(cutoff)].sum()) for s in (found.own_s, found.any_s))
            about: dict[str, Any] = {
                "subject": f"{prefecture}: {cutoff:g} min",
                "kind": ("road", "typical"),
                "note": note,
            }
            rows.add("", "own_prefecture", alone, "persons", **about)
            rows.add("", "any_prefecture", together, "persons", **about)
            rows.add("", "gained", together - alone, "persons", **about)


def _list_bases(m: Measured, of_seat: Mapping[str, str]) -> tuple[list[tuple[Place, str]], bool]:
    """Return places of ambulance bases with their prefectures, and whether the pack lists hospitals."""
    towns = [t for t in list_hospital_towns(m) if t.prefecture]
    with_hospital = frozenset().union(*(t.counties for t in towns))
    census = m.session.network.counties
    code_of = dict(zip(census["place_id"], census["adcode"], strict=True))
    seats = [(p, of_seat[p.place_id]) for p in m.seats if code_of[p.place_id] not in with_hospital]
    return [*((t.place, t.prefecture) for t in towns), *seats], bool(towns)


def _needs_outlines(m: Measured, _: Question) -> Lack:
    if any(c.outline is not None for c in list_counties(m.builder)):
        return None
    return (
        "no_outlines",
        "no county of the region has an outline",
        "add county_outlines.geojson with the adcode of each",
    )


ROW = Indicator(
    name="ambulance",
    zh="跨界急救覆盖",
    en="ambulance coverage across the border",
    what="people reached by an ambulance of the own prefecture, and by any",
    formula="3 min of turnout + drive; notice of the National Health Commission 2020",
    source="response = turnout + drive; turnout 3 min (National Health Commission notice 2020)",
    needs=(
        needs_seats,
        _needs_outlines,
    ),
    options=frozenset({"cutoffs", "population", "opportunities"}),
    fill=_fill,
)
