"""Winners and losers by county (受益与受损旗县)."""

from __future__ import annotations

from typing import Any

from transit_model.indicator_tables.indicator import Indicator, Lack, Question
from transit_model.indicator_tables.needs import (
    needs_centres,
    needs_kind,
    needs_seats,
)
from transit_model.indicator_tables.rows import Measured, Rows
from transit_model.indicators.change import compute_change
from transit_model.units import s_to_min


def _fill(rows: Rows, question: Question) -> None:
    """Add the change of minutes from every county seat to every centre, and whether it is better or worse."""
    m = rows.measured
    base = question.base
    assert base is not None  # `needs`
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


def _needs_base(_: Measured, question: Question) -> Lack:
    if question.base is not None:
        return None
    return "no_base", "winners and losers need a base", "name the scenario to compare with: --base built-2025"


ROW = Indicator(
    name="winners",
    zh="受益与受损旗县",
    en="winners and losers by county",
    what="change of minutes from every county seat to every centre; needs `--base`",
    formula="`T(scenario) − T(base)`",
    source="T(scenario) - T(base)",
    needs=(
        needs_kind,
        _needs_base,
        needs_centres,
        needs_seats,
    ),
    options=frozenset({"base"}),
    fill=_fill,
)
