"""People, county seats and area within a time (时限内人口、旗县驻地与面积)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from transit_model import units
from transit_model.indicator_tables.indicator import Indicator, Question
from transit_model.indicator_tables.needs import needs_centres, needs_kind
from transit_model.indicator_tables.rows import Rows, tell_people
from transit_model.indicators.cumulative_opportunities import compute_cumulative_opportunities
from transit_model.measure.people import list_counties
from transit_model.surface.disaggregation import assign_counties
from transit_model.surface.population import compute_population_within
from transit_model.surface.surface import sample_surface
from transit_model.units import min_to_s


def _fill(rows: Rows, _question: Question) -> None:
    """Add people, county seats and area within each cutoff of each centre, with their shares of the region."""
    m = rows.measured
    x, y = m.builder.project(m.seats)
    cell_km2 = m.builder.grid.cell_area_m2 / units.M2_PER_KM2
    inside = assign_counties(m.builder.grid, [c.outline for c in list_counties(m.builder)]) >= 0
    study_area = np.where(inside.any(), inside, np.ones(m.builder.grid.shape)).astype(np.float64)
    seats = pd.DataFrame({"id": [p.place_id for p in m.seats], "opportunities": 1.0})
    for centre in m.centres:
        for kind in m.kinds:
            surface = m.surface(centre, *kind)
            seat_s = sample_surface(surface, x, y)
            to_seats = pd.DataFrame({"from": centre.place_id, "to": seats["id"], "time_s": seat_s})
            for cutoff in m.cutoffs_min:
                limit = min_to_s(cutoff)
                people = compute_population_within(surface.time_s, m.people, [limit]).iloc[0]
                area = compute_population_within(surface.time_s, study_area, [limit]).iloc[0]
                about: dict[str, Any] = {"subject": f"{cutoff:g} min", "kind": (kind[0].value, kind[1].value)}
                persons = people["population"] if m.knows_people else np.nan
                rows.add(centre.place_id, "population", persons, "persons", **about, note=tell_people(m))
                rows.add(centre.place_id, "population_share", people["share"], "share", **about, note=tell_people(m))
                if m.seats:
                    counted = compute_cumulative_opportunities(to_seats, seats, [limit]).iloc[0]
                    rows.add(centre.place_id, "county_seats", counted["opportunities"], "seats", **about)
                    rows.add(centre.place_id, "county_seat_share", counted["share"], "share", **about)
                km2 = np.count_nonzero(surface.time_s <= limit) * cell_km2
                rows.add(centre.place_id, "area", km2, "km2", **about)
                rows.add(centre.place_id, "area_share", area["share"], "share", **about)


ROW = Indicator(
    name="within",
    zh="时限内人口、旗县驻地与面积",
    en="people, county seats and area within a time",
    what="people, county seats and area within 30 to 120 min of each centre, with their shares",
    formula="sums over cells (cumulative opportunities 累积机会: Hansen 1959, Wachs and Kumagai 1973)",
    source="sum over cells",
    needs=(
        needs_kind,
        needs_centres,
    ),
    options=frozenset({"cutoffs", "population", "opportunities"}),
    fill=_fill,
)
