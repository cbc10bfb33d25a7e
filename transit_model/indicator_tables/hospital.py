"""Nearest third-level hospital (最近三级医院)."""

from __future__ import annotations

import numpy as np

from transit_model.indicator_tables.facilities import THIRD_LEVEL, list_hospital_towns, measure_facilities
from transit_model.indicator_tables.indicator import Indicator, Lack, Question
from transit_model.indicator_tables.needs import needs_kind, needs_seats
from transit_model.indicator_tables.rows import Measured, Rows, tell_people
from transit_model.indicators.nearest_facility import find_nearest_facilities
from transit_model.units import min_to_s, s_to_min


def _fill(rows: Rows, _question: Question) -> None:
    """Add the minutes from every county seat to the nearest third-level hospital, and the people within each cutoff."""
    m = rows.measured
    towns = [t.place for t in list_hospital_towns(m, THIRD_LEVEL)]
    travel, names = measure_facilities(m, towns)
    for r in find_nearest_facilities(travel).to_dict("records"):
        result = names.get(r["facility"], ("不可达", "out of reach"))
        rows.add(r["from"], "nearest", s_to_min(r["time_s"]), "min", kind=(r["mode"], r["reading"]), note=result)
    everybody = float(m.people.sum())
    for kind in m.kinds:
        least = np.minimum.reduce([m.surface(t, *kind, reverse=True).time_s for t in towns])
        for cutoff in m.cutoffs_min:
            people = float(m.people[least <= min_to_s(cutoff)].sum()) if m.knows_people else np.nan
            subject, by, note = f"{cutoff:g} min", (kind[0].value, kind[1].value), tell_people(m)
            rows.add("", "within_any", people, "persons", subject=subject, kind=by, note=note)
            share = people / everybody if everybody else np.nan
            rows.add("", "within_any_share", share, "share", subject=subject, kind=by, note=note)


def _needs_hospitals(m: Measured, _: Question) -> Lack:
    if list_hospital_towns(m, THIRD_LEVEL):
        return None
    return (
        "no_hospitals",
        "the region pack has no third-level hospital",
        "add rows of kind hospital and level 3 to facilities.csv, or ask `nearest --facilities FILE`",
    )


ROW = Indicator(
    name="hospital",
    zh="最近三级医院",
    en="nearest third-level hospital",
    what="minutes from every seat to the nearest third-level (三级) hospital of `facilities.csv`, and people within "
    "the cutoffs of one",
    formula="least `T`; sums over cells",
    source="least time to a hospital of level 3 (notice of 2020-01-23), at the town of its address",
    needs=(
        needs_kind,
        needs_seats,
        _needs_hospitals,
    ),
    options=frozenset({"cutoffs", "population", "opportunities"}),
    fill=_fill,
)
