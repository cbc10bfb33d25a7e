"""Supply per head (E2SFCA) (两步移动搜索法)."""

from __future__ import annotations

from transit_model.indicator_tables.facilities import measure_facilities
from transit_model.indicator_tables.indicator import Indicator, Lack, Question
from transit_model.indicator_tables.needs import needs_kind, needs_seats
from transit_model.indicator_tables.rows import Measured, Rows
from transit_model.indicators.decay import build_stepped_decay
from transit_model.indicators.floating_catchment import compute_floating_catchment
from transit_model.units import min_to_s

STEPS_MIN, WEIGHTS = (10.0, 20.0, 30.0), (1.0, 0.68, 0.22)
"""Zones and slow-decay weights of Luo and Qi (2009), Health & Place 15(4)."""


def _fill(rows: Rows, question: Question) -> None:
    """Add the supply per thousand people of every county seat where demand competes for it (E2SFCA)."""
    m = rows.measured
    facilities, supply = question.facilities, question.supply
    assert facilities is not None  # `needs`
    assert supply is not None
    decay = build_stepped_decay([min_to_s(s) for s in STEPS_MIN], WEIGHTS)
    travel, _ = measure_facilities(m, facilities)
    table = compute_floating_catchment(travel, m.masses, supply, decay, demand_value="mass")
    for r in table.to_dict("records"):
        rows.add(r["from"], "supply_per_1000", 1000 * r["access"], "per 1000", kind=(r["mode"], r["reading"]))


def _needs_facilities(_: Measured, question: Question) -> Lack:
    if question.facilities is None:
        return "no_facilities", "supply needs facilities", "name a CSV id,lon,lat,supply: --facilities FILE"
    if question.supply is None:
        return (
            "no_supply",
            "the file of facilities has no column supply",
            "add beds, doctors or vehicles: id,lon,lat,supply",
        )
    return None


ROW = Indicator(
    name="supply",
    zh="两步移动搜索法",
    en="supply per head (E2SFCA)",
    what=(
        "supply per thousand people where demand competes; needs `--facilities` (`id,lon,lat,supply`;"
        " the column `supply` must be there)"
    ),
    formula=(
        "`A_i = Σ R_j w_ij`, `R_j = S_j / Σ P_k w_kj` (E2SFCA); Luo and Qi 2009: 10, 20, 30 min with 1, 0.68, 0.22"
    ),
    source="enhanced two-step floating catchment, Luo and Qi 2009: 10, 20, 30 min with weights 1, 0.68, 0.22",
    needs=(
        needs_kind,
        _needs_facilities,
        needs_seats,
    ),
    options=frozenset({"facilities", "opportunities"}),
    fill=_fill,
)
