"""Daily accessibility (日可达性)."""

from __future__ import annotations

from transit_model.indicator_tables.indicator import Indicator, Question
from transit_model.indicator_tables.needs import (
    needs_kind,
    needs_seats,
)
from transit_model.indicator_tables.rows import Rows
from transit_model.indicators.daily_accessibility import compute_daily_accessibility
from transit_model.units import min_to_s

DAY_MIN = (60.0, 120.0, 180.0, 240.0)
"""One-way limits of daily accessibility: 4 h in Gutiérrez (2001), 1 to 4 h in Chinese studies."""


def _fill(rows: Rows, _question: Question) -> None:
    """Add the people and county seats within 1 to 4 hours one way of every centre and county seat."""
    m = rows.measured
    for limit in DAY_MIN:
        for r in compute_daily_accessibility(m.travel_to_seats, m.masses, min_to_s(limit)).to_dict("records"):
            kind, subject = (r["mode"], r["reading"]), f"{limit:g} min"
            rows.add(r["from"], "seat_population", r["mass"], "persons", kind=kind, subject=subject)
            rows.add(r["from"], m.counted_words[0], r["places"], m.counted_words[1], kind=kind, subject=subject)
            rows.add(r["from"], "seat_population_share", r["share"], "share", kind=kind, subject=subject)


ROW = Indicator(
    name="daily",
    zh="日可达性",
    en="daily accessibility",
    what="people of county seats (`seat_population`) and seats within 1, 2, 3, 4 h one way",
    formula="`DA_i = Σ M_j [T_ij ≤ limit]`; Gutiérrez 2001",
    source="DA_i = sum(M_j where T_ij <= limit); Gutierrez 2001; M: 2020 census",
    needs=(
        needs_kind,
        needs_seats,
    ),
    options=frozenset({"opportunities"}),
    fill=_fill,
)
