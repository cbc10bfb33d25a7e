"""Weighted mean travel time (加权平均旅行时间)."""

from __future__ import annotations

from transit_model.indicator_tables.indicator import Indicator, Question
from transit_model.indicator_tables.needs import (
    needs_kind,
    needs_seats,
)
from transit_model.indicator_tables.rows import Rows
from transit_model.indicators.weighted_mean_travel_time import compute_weighted_mean_travel_time
from transit_model.units import s_to_min


def _fill(rows: Rows, _question: Question) -> None:
    """Add the mean minutes from every centre and county seat to all county seats, weighted by people."""
    m = rows.measured
    for r in compute_weighted_mean_travel_time(m.travel_to_seats, m.masses).to_dict("records"):
        kind = (r["mode"], r["reading"])
        rows.add(r["from"], "mean", s_to_min(r["time_s"]), "min", kind=kind)
        rows.add(r["from"], "mean_of_reached", s_to_min(r["reached_time_s"]), "min", kind=kind)
        rows.add(r["from"], "reached_share", r["reached_share"], "share", kind=kind)


ROW = Indicator(
    name="mean_time",
    zh="加权平均旅行时间",
    en="weighted mean travel time",
    what="weighted mean travel time",
    formula="`A_i = Σ T_ij M_j / Σ M_j`, j ≠ i; Gutiérrez, González and Gómez 1996",
    source="A_i = sum(T_ij M_j) / sum(M_j); Gutierrez, Gonzalez and Gomez 1996; M: 2020 census",
    needs=(
        needs_kind,
        needs_seats,
    ),
    options=frozenset({"opportunities"}),
    fill=_fill,
)
