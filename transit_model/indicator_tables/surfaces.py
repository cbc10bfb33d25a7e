"""Indicators read from surfaces: within a time, overlap of circles, airport catchments, ambulances near borders."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from transit_model import units
from transit_model.domain.modes import Mode, Reading, Vehicle
from transit_model.indicator_tables.rows import Measured, Rows
from transit_model.measure.people import METHODS, build_population, list_counties
from transit_model.measure.session import Session
from transit_model.measure.surfaces import SurfaceMaker
from transit_model.surface.disaggregation import assign_counties
from transit_model.surface.overlap import compute_overlap
from transit_model.surface.population import compare_population_models, compute_population_within
from transit_model.surface.surface import sample_surface
from transit_model.units import min_to_s

AIRPORT_MIN = (60.0, 90.0)
TURNOUT_MIN = 3.0
"""From the call to leaving the base: the norm of the 2020 notice of the National Health Commission."""


def tabulate_within(m: Measured) -> pd.DataFrame:
    """Return people, county seats and area within each cutoff of each centre, with their shares of the region."""
    rows = Rows(
        m, "within", ("时限内人口、旗县驻地与面积", "people, county seats and area within a time"), "sum over cells"
    )
    x, y = m.maker.project(m.seats)
    cell_km2 = m.maker.grid.cell_area_m2 / units.M2_PER_KM2
    inside = assign_counties(m.maker.grid, [c.outline for c in list_counties(m.maker)]) >= 0
    study_area = inside if inside.any() else np.ones(m.maker.grid.shape, dtype=bool)
    for centre in m.centres:
        for kind in m.kinds:
            surface = m.surface(centre, *kind)
            seat_s = sample_surface(surface, x, y)
            for cutoff in m.cutoffs_min:
                limit = min_to_s(cutoff)
                people = compute_population_within(surface.time_s, m.people, [limit]).iloc[0]
                reached = surface.time_s <= limit
                seats = int(np.count_nonzero(seat_s <= limit))
                about: dict[str, Any] = {"subject": f"{cutoff:g} min", "kind": (kind[0].value, kind[1].value)}
                persons = people["population"] if m.knows_people else np.nan
                rows.add(centre.place_id, "population", persons, "persons", **about, note=_tell_people(m))
                rows.add(centre.place_id, "population_share", people["share"], "share", **about, note=_tell_people(m))
                if m.seats:
                    rows.add(centre.place_id, "county_seats", seats, "seats", **about)
                    rows.add(centre.place_id, "county_seat_share", seats / len(m.seats), "share", **about)
                rows.add(centre.place_id, "area", np.count_nonzero(reached) * cell_km2, "km2", **about)
                share = np.count_nonzero(reached & study_area) / np.count_nonzero(study_area)
                rows.add(centre.place_id, "area_share", share, "share", **about)
    return rows.table()


def tabulate_overlap(m: Measured) -> pd.DataFrame:
    """Return area and people in every combination of the centres' circles, each cell counted once."""
    rows = Rows(m, "overlap", ("圈层重叠", "overlap of circles"), "set partition of the cells")
    for kind in m.kinds:
        surfaces = {c.place_id: m.surface(c, *kind) for c in m.centres}
        for cutoff in m.cutoffs_min:
            for part in compute_overlap(surfaces, min_to_s(cutoff), population=m.people).to_dict("records"):
                if not part["count"]:
                    continue
                about: dict[str, Any] = {
                    "kind": (kind[0].value, kind[1].value),
                    "subject": f"{cutoff:g} min: {part['centres']}",
                }
                persons = part["population"] if m.knows_people else np.nan
                rows.add("", "area", part["area_km2"], "km2", **about)
                rows.add("", "population", persons, "persons", **about, note=_tell_people(m))
    return rows.table()


def _tell_people(m: Measured) -> tuple[str, str]:
    """Return why no number of people is told, empty where one is."""
    if m.knows_people:
        return "", ""
    return "本区域没有人口数据", "nobody is known to live in this region: counties.csv, or --population FILE"


def list_airport_cases(m: Measured) -> dict[str, list[str]]:
    """Return which airports are open: ``today``, and ``after`` where projects of the scenario open or close some."""
    opened, closed = m.session.network.places_opened, m.session.network.places_closed
    every = [p.place_id for p in m.session.places.list_members("airports")]
    today = [a for a in every if a not in m.future_places | opened]
    cases = {"today": today}
    after = [a for a in every if (a in opened or a in today) and a not in closed]
    return cases if after == today else {**cases, "after": after}


def tabulate_airports(m: Measured) -> pd.DataFrame:
    """Return the people within 60 and 90 minutes to each open airport, of any, and whose nearest it is."""
    rows = Rows(m, "airport", ("机场腹地", "airport catchment"), "sum over cells; nearest airport by time")
    if not m.session.places.groups.get("airports"):
        return rows.table()
    for case, airports in list_airport_cases(m).items():
        for kind in m.kinds:
            to = {a: m.surface(m.session.places.get_place(a), *kind, reverse=True).time_s for a in airports}
            if not to:
                continue
            least = np.minimum.reduce(list(to.values()))
            free = np.ones(least.shape, dtype=bool)
            for cutoff in AIRPORT_MIN:
                about: dict[str, Any] = {"subject": f"{case}: {cutoff:g} min", "kind": (kind[0].value, kind[1].value)}
                limit, taken = min_to_s(cutoff), ~free
                for airport, time_s in to.items():
                    nearest = (time_s <= limit) & (time_s == least) & ~taken
                    taken |= nearest
                    rows.add(airport, "within", m.people[time_s <= limit].sum(), "persons", **about)
                    rows.add(airport, "nearest", m.people[nearest].sum(), "persons", **about)
                rows.add("", "within_any", m.people[least <= limit].sum(), "persons", **about)
    return rows.table()


def tabulate_ambulances(m: Measured) -> pd.DataFrame:
    """Return the people whom an ambulance reaches in time, sent by the own prefecture only, or by any."""
    source = "response = turnout + drive; turnout 3 min (National Health Commission notice 2020)"
    rows = Rows(m, "ambulance", ("跨界急救覆盖", "ambulance coverage across the border"), source)
    counties = list_counties(m.maker)
    census = m.session.network.counties
    known = dict(zip(census["adcode"], census["prefecture"], strict=True))
    of_seat = dict(zip(census["place_id"], census["prefecture"], strict=True))
    row = assign_counties(m.maker.grid, [c.outline for c in counties])
    prefectures = sorted(set(known.values()))
    of_county = np.array([prefectures.index(known[c.county_id]) for c in counties], dtype=np.int64)
    own_prefecture = np.where(row >= 0, of_county[row], -1)
    drivers = Session(m.session.scenario_id, m.session.network, vehicle=Vehicle.AMBULANCE, speeds=m.session.speeds)
    maker = SurfaceMaker(drivers, m.cell_m)
    off = drivers.find_off_network(m.seats)
    bases: dict[str, list[np.ndarray]] = {}
    for seat in m.seats:
        if seat.place_id not in off:
            reach = maker.compute(seat, Mode.ROAD, Reading.TYPICAL).time_s
            bases.setdefault(of_seat[seat.place_id], []).append(reach)
    arrive = {p: np.minimum.reduce(t) + min_to_s(TURNOUT_MIN) for p, t in bases.items()}
    anyone = np.minimum.reduce([np.full(own_prefecture.shape, np.inf), *arrive.values()])
    own = np.full(anyone.shape, np.inf)
    for i, prefecture in enumerate(prefectures):
        here = own_prefecture == i
        own[here] = arrive[prefecture][here] if prefecture in arrive else np.inf
    note = (
        "急救站点位置未公布,假定每个旗县驻地有一个急救站(假设)",
        "ambulance bases are not published: one at every county seat is assumed",
    )
    for i, prefecture in enumerate(prefectures):
        here = own_prefecture == i
        for cutoff in m.cutoffs_min:
            limit, people = min_to_s(cutoff), np.where(here, m.people, 0.0)
            alone, together = float(people[own <= limit].sum()), float(people[anyone <= limit].sum())
            about: dict[str, Any] = {
                "subject": f"{prefecture}: {cutoff:g} min",
                "kind": ("road", "typical"),
                "note": note,
            }
            rows.add("", "own_prefecture", alone, "persons", **about)
            rows.add("", "any_prefecture", together, "persons", **about)
            rows.add("", "gained", together - alone, "persons", **about)
    return rows.table()


def tabulate_population_models(m: Measured) -> pd.DataFrame:
    """Return how each number of people within a time moves with the way of placing them (model, seat, even, file)."""
    source = "the 2020 census placed by the model of population_rule, all at the county seat, or evenly in the county"
    rows = Rows(m, "population_models", ("人口分布口径的影响", "people by way of placing them"), source)
    models: dict[str, np.ndarray] = {str(m.population): m.people}
    models |= {method: build_population(m.maker, method) for method in METHODS if method not in models}
    for centre in m.centres:
        for kind in m.kinds:
            limits = [min_to_s(c) for c in m.cutoffs_min]
            table = compare_population_models(m.surface(centre, *kind).time_s, models, limits)
            for r in table.to_dict("records"):
                about: dict[str, Any] = {
                    "subject": f"{r['cutoff_s'] / units.S_PER_MIN:g} min",
                    "kind": (kind[0].value, kind[1].value),
                    "note": (f"口径 {r['model']}", f"placed by {r['model']}"),
                }
                rows.add(centre.place_id, f"population_{r['model']}", r["population"], "persons", **about)
                rows.add(centre.place_id, f"difference_{r['model']}", r["difference_share"], "share", **about)
    return rows.table()
