"""Equity of the time to the nearest centre (公平性)."""

from __future__ import annotations

import math

from transit_model.indicator_tables.indicator import Indicator, Question
from transit_model.indicator_tables.needs import (
    needs_centres,
    needs_kind,
    needs_seats,
)
from transit_model.indicator_tables.rows import Rows
from transit_model.indicators.equity import compute_equity

_NO_BOTTOM = ("最近的40%人口用时为0，比值无意义", "the nearest 40 % of people are 0 min away: no ratio")


def _fill(rows: Rows, _question: Question) -> None:
    """Add how unequal the time to the nearest centre is between people, each at the seat of the county."""
    m = rows.measured
    weights = m.masses.set_index("id")["mass"]
    travel = m.travel[m.travel["to"].isin([c.place_id for c in m.centres]) & m.travel["from"].isin(weights.index)]
    for (mode, reading), part in travel.groupby(["mode", "reading"], sort=False):
        nearest = part.groupby("from")["minutes"].min()
        measures = compute_equity(nearest.to_numpy(), weights.loc[nearest.index].to_numpy())
        in_minutes = {"mean", "p10", "p50", "p90"}
        for name, value in measures.items():
            unit = "min" if name in in_minutes else "share" if name == "unreached_share" else "index"
            note = _NO_BOTTOM if name == "palma" and math.isinf(value) else ("", "")
            rows.add("", str(name), float(value), unit, kind=(str(mode), str(reading)), note=note)


ROW = Indicator(
    name="equity",
    zh="公平性",
    en="equity of the time to the nearest centre",
    what=(
        "inequality of the time to the nearest centre: Gini, ratio of the means of the top 10 % and "
        "the bottom 40 % (`palma`), coefficient of variation, weighted quantiles"
    ),
    formula="Gini 1912; the ratio of shares of Palma 2011 is a quarter of `palma`; Hyndman and Fan 1996, type 1",
    source=(
        "Gini 1912; palma: mean of the top 10 % over mean of the bottom 40 % (4 x the ratio of shares"
        " of Palma 2011); weighted by the 2020 census at county seats"
    ),
    needs=(
        needs_kind,
        needs_centres,
        needs_seats,
    ),
    options=frozenset({"opportunities"}),
    fill=_fill,
)
