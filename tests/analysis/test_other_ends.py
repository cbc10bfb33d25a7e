"""What a circle holds with numbers at the other end of their range is what the scenario holds when they are set so."""

from __future__ import annotations

import pandas as pd

from transit_model.analysis.evaluate import Evaluator
from transit_model.analysis.other_ends import measure_other_ends
from transit_model.domain.modes import Mode, Reading
from transit_model.measure.people import build_population
from transit_model.measure.rings import compute_isochrone
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.measure.workspace import Workspace

CIRCLE = {"base": "built-2025", "origin": "hohhot", "mode": "best", "reading": "door_to_door", "cutoff_min": 120.0}


def test_the_other_end_is_the_scenario_with_that_number() -> None:
    workspace = Workspace.open()
    leads = pd.DataFrame([{**CIRCLE, "scenario": name} for name in ("hubao-hsr", "intercity-bus")])
    found = measure_other_ends(workspace, leads)
    assert list(found) == [("built-2025", "hubao-hsr")]  # the coaches have no number at an end of its range
    (ends,) = found.values()
    assert [(n.field, n.value, n.other) for n in ends.notes] == [("design_speed_kmh", 350.0, 250.0)]
    assert ends.notes[0].tell_other("en") == "250 km/h"
    assert ends.notes[0].tell_other("zh") == "250公里/小时"
    # by another way: the project added to the base, and rings on the whole grid
    evaluation = Evaluator(workspace, "built-2025").evaluate(["hubao_hsr"], {"hubao_hsr.design_speed_kmh": 250.0})
    builder = SurfaceBuilder(evaluation.session)
    people = build_population(SurfaceBuilder(workspace.session("hubao-hsr")))
    place = evaluation.session.places.get_place("hohhot")
    rings, _ = compute_isochrone(builder, place, Mode.BEST, Reading.DOOR_TO_DOOR, [120.0], population=people)
    assert ends.people == float(rings["population"].iloc[0])
