"""Overlap of circles (圈层重叠)."""

from __future__ import annotations

from typing import Any

import numpy as np

from transit_model.indicator_tables.indicator import Indicator, Question
from transit_model.indicator_tables.needs import needs_centres, needs_kind
from transit_model.indicator_tables.rows import Rows, tell_people
from transit_model.surface.overlap import compute_overlap
from transit_model.units import min_to_s


def _fill(rows: Rows, _question: Question) -> None:
    """Add area and people in every combination of the centres' circles, each cell counted once."""
    m = rows.measured
    for kind in m.kinds:
        surfaces = {c.place_id: m.surface(c, *kind) for c in m.centres}
        for cutoff in m.cutoffs_min:
            for part in compute_overlap(surfaces, min_to_s(cutoff), population=m.people).to_dict("records"):
                if not part["count"]:
                    continue
                about: dict[str, Any] = {
                    "kind": (kind[0].value, kind[1].value),
                    "subject": f"{cutoff:g} min: {part['centres']}",
                }
                persons = part["population"] if m.knows_people else np.nan
                rows.add("", "area", part["area_km2"], "km2", **about)
                rows.add("", "population", persons, "persons", **about, note=tell_people(m))


ROW = Indicator(
    name="overlap",
    zh="圈层重叠",
    en="overlap of circles",
    what="area and people in every combination of the four circles",
    formula="set partition of the cells",
    source="set partition of the cells",
    needs=(
        needs_kind,
        needs_centres,
    ),
    options=frozenset({"cutoffs", "population", "opportunities"}),
    fill=_fill,
)
