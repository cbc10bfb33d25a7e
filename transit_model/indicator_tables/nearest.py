"""Nearest facility and catchments (最近设施与服务范围)."""

from __future__ import annotations

from transit_model.indicator_tables.facilities import measure_facilities
from transit_model.indicator_tables.indicator import Indicator, Lack, Question
from transit_model.indicator_tables.needs import needs_centres, needs_kind, needs_seats
from transit_model.indicator_tables.rows import Measured, Rows
from transit_model.indicators.nearest_facility import compute_catchments, find_nearest_facilities
from transit_model.units import s_to_min


def _fill(rows: Rows, question: Question) -> None:
    """Add the nearest facility of every county seat with the minutes, and the people in each catchment."""
    m = rows.measured
    facilities = question.facilities
    travel, names = measure_facilities(m, facilities or m.centres)
    for r in find_nearest_facilities(travel).to_dict("records"):
        words = names.get(r["facility"], ("不可达", "out of reach"))
        rows.add(r["from"], "nearest", s_to_min(r["time_s"]), "min", kind=(r["mode"], r["reading"]), note=words)
    table = compute_catchments(travel, m.masses, key="id", value="mass")
    for r in table.to_dict("records"):
        kind, subject = (r["mode"], r["reading"]), f"catchment of {r['facility'] or 'none'}"
        rows.add("", "population", r["mass"], "persons", kind=kind, subject=subject)
        rows.add("", m.counted_words[0], r["places"], m.counted_words[1], kind=kind, subject=subject)
        rows.add("", "mean_time", s_to_min(r["mean_time_s"]), "min", kind=kind, subject=subject)


def _needs_centres_or_facilities(m: Measured, question: Question) -> Lack:
    return None if question.facilities is not None else needs_centres(m, question)


ROW = Indicator(
    name="nearest",
    zh="最近设施与服务范围",
    en="nearest facility and catchments",
    what="nearest centre (or facility of `--facilities FILE`) of every seat, and people by catchment",
    formula="least `T`; Thiessen catchments by time",
    source="Thiessen catchments by time",
    needs=(
        needs_kind,
        needs_seats,
        _needs_centres_or_facilities,
    ),
    options=frozenset({"facilities", "opportunities"}),
    fill=_fill,
)
