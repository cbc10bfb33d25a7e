"""Economic potential (经济潜力)."""

from __future__ import annotations

from typing import Any

from transit_model.indicator_tables.indicator import Indicator, Question
from transit_model.indicator_tables.needs import (
    needs_kind,
    needs_seats,
)
from transit_model.indicator_tables.rows import Rows
from transit_model.indicators.economic_potential import compute_economic_potential


def _fill(rows: Rows, _question: Question) -> None:
    """Add the potential of every centre and county seat in persons per minute."""
    m = rows.measured
    travel = m.travel_to_seats
    # A centre and a county seat may stand at one point; between stations and at free flow they are 0 s apart.
    same = travel[(travel["minutes"] == 0) & (travel["from"] != travel["to"])]
    twins = same.groupby(["from", "mode", "reading"], sort=False)["to"].agg(", ".join)
    for r in compute_economic_potential(travel, m.masses, zero_is_self=True).to_dict("records"):
        twin = twins.get((r["from"], r["mode"], r["reading"]), "")
        note = (
            f"{twin} 在同一地点，视为本地，不计",
            f"{twin} stands at the same point and is left out as the place itself",
        )
        about: dict[str, Any] = {"kind": (r["mode"], r["reading"]), "note": note if twin else ("", "")}
        rows.add(r["from"], "potential", r["potential"], "persons/min", **about)


ROW = Indicator(
    name="potential",
    zh="经济潜力",
    en="economic potential",
    what="economic potential, persons a minute",
    formula=(
        "`P_i = Σ M_j / T_ij`, `T_ij > 0`: two ids at one point (0 min apart) are one place; Harris "
        "1954, Keeble, Owens and Thompson 1982"
    ),
    source="P_i = sum(M_j / T_ij), exponent 1; Harris 1954, Keeble et al. 1982; M: 2020 census, for want of GDP",
    needs=(
        needs_kind,
        needs_seats,
    ),
    options=frozenset({"opportunities"}),
    fill=_fill,
)
