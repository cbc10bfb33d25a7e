"""People of rings by each way of placing them, on the town of `test_indicator_numbers`."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.measure.test_indicator_numbers import make_session
from transit_model.domain.modes import Mode, Reading
from transit_model.measure.people import place_people
from transit_model.measure.population_models import add_alternatives, build_alternatives, tabulate_population_models
from transit_model.measure.rings import compute_isochrone
from transit_model.measure.surfaces import SurfaceBuilder


def test_population_models_of_rings_by_hand() -> None:
    # 100 people by the model, 80 at the seats, 130 evenly: -20 and +30, a fifth less and three tenths more
    keys = {"scenario": "s", "origin": "a", "mode": "road", "reading": "typical"}
    rings = pd.DataFrame(
        [
            {**keys, "cutoff_min": 30.0, "population": 100.0, "population_seat": 80.0, "population_even": 130.0},
            {**keys, "cutoff_min": 60.0, "population": 0.0, "population_seat": 10.0, "population_even": 0.0},
        ]
    )
    table = tabulate_population_models(rings)
    assert table["model"].tolist() == ["model", "seat", "even"] * 2
    assert table["population"].tolist() == [100, 80, 130, 0, 10, 0]
    assert table["difference"].tolist() == [0, -20, 30, 0, 10, 0]
    assert table["relative_difference"].tolist()[:3] == pytest.approx([0, -0.2, 0.3])
    assert table["relative_difference"][3:].isna().all()


def test_rings_of_a_study_count_the_people_in_every_way() -> None:
    # All 1500 people stand at b (17 min from c) and h (3 min): 10 min hold 500 of them at their seats.
    session = make_session()
    builder = SurfaceBuilder(session)
    rings, surface = compute_isochrone(
        builder,
        session.places.get_place("pc"),
        Mode.ROAD,
        Reading.PROMOTER,
        [10.0, 30.0],
        population=place_people(builder),
    )
    counted = add_alternatives(rings, surface, build_alternatives(builder))
    assert counted["population_seat"].tolist() == [500, 1500]
    assert (counted["population_even"] < 1500).all()
