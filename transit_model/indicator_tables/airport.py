"""Airport catchment (机场腹地)."""

from __future__ import annotations

from typing import Any

import numpy as np

from transit_model.indicator_tables.indicator import Indicator, Lack, Question
from transit_model.indicator_tables.needs import needs_kind
from transit_model.indicator_tables.rows import Measured, Rows
from transit_model.indicators.airport_catchment import count_catchments
from transit_model.units import min_to_s

AIRPORT_MIN = (60.0, 90.0)


def list_airport_cases(m: Measured) -> dict[str, list[str]]:
    """Return which airports are open: ``today``, and ``after`` where projects of the scenario open or close some."""
    opened, closed = m.session.network.places_opened, m.session.network.places_closed
    every = [p.place_id for p in m.session.places.list_members("airports")]
    today = [a for a in every if a not in m.future_places | opened]
    cases = {"today": today}
    after = [a for a in every if (a in opened or a in today) and a not in closed]
    return cases if after == today else {**cases, "after": after}


def _fill(rows: Rows, _question: Question) -> None:
    """Add the people within 60 and 90 minutes to each open airport, of any, and whose nearest it is."""
    m = rows.measured
    if not m.session.places.groups.get("airports"):
        return
    for case, airports in list_airport_cases(m).items():
        for kind in m.kinds:
            if not airports:
                continue
            places = (m.session.places.get_place(a) for a in airports)
            time_s = np.array([m.surface(p, *kind, reverse=True).time_s for p in places])
            for cutoff in AIRPORT_MIN:
                about: dict[str, Any] = {"subject": f"{case}: {cutoff:g} min", "kind": (kind[0].value, kind[1].value)}
                found = count_catchments(time_s, m.people, min_to_s(cutoff))
                for airport, within, nearest in zip(airports, found.within, found.nearest, strict=True):
                    rows.add(airport, "within", within, "persons", **about)
                    rows.add(airport, "nearest", nearest, "persons", **about)
                rows.add("", "within_any", found.of_any, "persons", **about)


def _needs_airports(m: Measured, _: Question) -> Lack:
    if any(list_airport_cases(m).values()):
        return None
    return "no_airport", "the region has no airport that is open", "add places of kind airport to places.csv"


def _needs_people(m: Measured, _: Question) -> Lack:
    if m.knows_people:
        return None
    return "no_people", "nobody is known to live in this region", "give counties.csv, or --population FILE (.csv, .tif)"


ROW = Indicator(
    name="airport",
    zh="机场腹地",
    en="airport catchment",
    what=("people within 60 and 90 min to each open airport, and whose nearest it is; before and after a move (迁建)"),
    formula="sums over cells",
    source="sum over cells; nearest airport by time",
    needs=(
        needs_kind,
        _needs_airports,
        _needs_people,
    ),
    options=frozenset({"population", "opportunities"}),
    fill=_fill,
)
