"""Winners and losers by county (受益与受损旗县)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Final

import pandas as pd

from transit_model.indicator_tables.indicator import Indicator, Lack, Question
from transit_model.indicator_tables.needs import (
    needs_centres,
    needs_kind,
    needs_seats,
)
from transit_model.indicator_tables.rows import Measured, Rows
from transit_model.indicators.change import compute_change
from transit_model.units import s_to_min

_ORDER: Final = ("newly_reached", "faster", "lost", "slower", "same")
"""Who gains comes first, then who loses."""


def _fill(rows: Rows, question: Question) -> None:
    """Add the change of minutes from every county seat to every centre: gains, then losses, the largest first."""
    m = rows.measured
    base = question.base
    assert base is not None  # `needs`
    places = [c.place_id for c in m.centres]
    seats = [s.place_id for s in m.seats]
    tables = [t.travel[t.travel["from"].isin(seats) & t.travel["to"].isin(places)] for t in (base, m)]
    change = compute_change(tables[0], tables[1])
    words = {"newly_reached": "新可达", "faster": "缩短", "same": "不变", "slower": "变长", "lost": "不再可达"}
    for r in _sort_largest(change).to_dict("records"):
        note = (words[r["kind"]], str(r["kind"]))
        about: dict[str, Any] = {"subject": f"to {r['to']}", "kind": (r["mode"], r["reading"]), "note": note}
        rows.add(r["from"], "base", s_to_min(r["base_s"]), "min", **about)
        rows.add(r["from"], "scenario", s_to_min(r["scenario_s"]), "min", **about)
        rows.add(r["from"], "change", s_to_min(r["change_s"]), "min", **about)


def _sort_largest(change: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs of each mode and reading by kind (see `_ORDER`) and size, equal ones as they stood."""
    keys = {
        "_mode": pd.factorize(change["mode"])[0],
        "_reading": pd.factorize(change["reading"])[0],
        "_kind": change["kind"].map(_ORDER.index),
        "_size": -change["change_s"].abs(),
    }
    return change.assign(**keys).sort_values(list(keys), kind="stable").drop(columns=list(keys))


def _shorten(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return one row a pair that changes, both times in its note, and one for all others of a mode and reading."""
    shown: list[dict[str, Any]] = []
    pairs = zip(rows[0::3], rows[1::3], rows[2::3], strict=True)
    for _, group in groupby(pairs, key=lambda pair: (pair[2]["mode"], pair[2]["reading"])):
        same: list[Mapping[str, Any]] = []
        for base, scenario, change in group:
            if change["note_en"] == "same":
                same.append(change)
                continue
            zh, en = (
                f"{_tell(base['value'], lost)} → {_tell(scenario['value'], lost)}" for lost in ("不可达", "unreachable")
            )
            shown.append(
                {
                    **change,
                    "note_zh": f"{change['note_zh']}：{zh}",
                    "note_en": f"{change['note_en'].replace('_', ' ')}: {en}",
                }
            )
        if same:
            note = {"note_zh": f"不变的有 {len(same)} 对", "note_en": f"unchanged pairs: {len(same)}"}
            shown.append({**same[0], "place_zh": "全区域", "place_en": "whole region", "subject": "", **note})
    return shown


def _tell(minutes: float | None, lost: str) -> str:
    return lost if minutes is None else f"{minutes:,.1f}"


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
    shorten=_shorten,
)
