"""People by way of placing them (人口分布口径的影响)."""

from __future__ import annotations

from typing import Any

import numpy as np

from transit_model import units
from transit_model.indicator_tables.indicator import Indicator, Lack, Question
from transit_model.indicator_tables.needs import needs_centres, needs_kind, needs_seats
from transit_model.indicator_tables.rows import Measured, Rows
from transit_model.measure.people import METHODS, build_population
from transit_model.surface.population import compare_population_models
from transit_model.units import min_to_s


def _fill(rows: Rows, _question: Question) -> None:
    """Add how each number of people within a time moves with the way of placing them (model, seat, even, file)."""
    m = rows.measured
    models: dict[str, np.ndarray] = {str(m.population): m.people}
    models |= {method: build_population(m.builder, method) for method in METHODS if method not in models}
    for centre in m.centres:
        for kind in m.kinds:
            limits = [min_to_s(c) for c in m.cutoffs_min]
            table = compare_population_models(m.surface(centre, *kind).time_s, models, limits)
            for r in table.to_dict("records"):
                about: dict[str, Any] = {
                    "subject": f"{r['cutoff_s'] / units.S_PER_MIN:g} min",
                    "kind": (kind[0].value, kind[1].value),
                    "note": (f"口径 {r['model']}", f"placed by {r['model']}"),
                }
                rows.add(centre.place_id, f"population_{r['model']}", r["population"], "persons", **about)
                rows.add(centre.place_id, f"difference_{r['model']}", r["difference_share"], "share", **about)


def _needs_people(m: Measured, _: Question) -> Lack:
    """Tell when opportunities are counted, which are where they are."""
    if m.layer is None:
        return None
    return "no_people", "opportunities are placed in one way", "ask without --opportunities"


ROW = Indicator(
    name="population_models",
    zh="人口分布口径的影响",
    en="people by way of placing them",
    what="how every number of people moves between the census model, all at the seat, and an even spread",
    formula="the census placed in three ways",
    source=("the 2020 census placed by the model of population_rule, all at the county seat, or evenly in the county"),
    needs=(
        _needs_people,
        needs_kind,
        needs_centres,
        needs_seats,
    ),
    options=frozenset({"cutoffs", "population"}),
    fill=_fill,
)
