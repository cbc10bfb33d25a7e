"""A city region is a matter of its study file: rings of 5, 10, 15, 20 minutes, origins, pairs, modes and layers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from tests.minipack import make_minipack_files, write_pack
from tests.study.mini_workspace import write_mini_scenarios
from transit_model.measure.data_warnings import check_service
from transit_model.measure.workspace import Workspace
from transit_model.pages.run import run_study
from transit_model.scenario.scenario_schema import StudyChoices

LAYERS = "layer,id,name_zh,name_en,lon,lat,place_id,weight\nbeds,,,,,,mid,40\nbeds,,,,,,west,60\n"
STUDY = """\
id: city
title: {zh: 城区, en: a city}
scenarios: [built, rail-only]
comparisons: [{base: built, scenario: rail-only}]
goals: []
cutoffs_min: [5, 10, 15, 20]
rings: [{mode: road, reading: typical}]
compared: [{mode: road, reading: typical}]
saved_steps_min: [1, 2]
origins: [mid, airports]
cell_m: 500
modes: [road]
pairs: {from: [mid], to: [county_seats, airports]}
layers: [beds]
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    at = tmp_path_factory.mktemp("city")
    write_pack(at / "mini", {**make_minipack_files(), "opportunities.csv": LAYERS})
    write_mini_scenarios(at / "scenarios")
    (at / "scenarios" / "study.yaml").write_text(STUDY, encoding="utf-8")
    run_study(Workspace.open(str(at / "mini"), at / "scenarios"), None, at / "maps")
    return at / "maps" / "data"


def test_rings_are_those_of_the_file(data: Path) -> None:
    rings = pd.read_csv(data / "rings.csv")
    assert sorted(set(rings["cutoff_min"])) == [5, 10, 15, 20]
    assert set(rings["origin"]) == {"mid", "airport_west"}
    assert set(zip(rings["mode"], rings["reading"], strict=True)) == {("road", "typical")}
    mid = rings[(rings["origin"] == "mid") & (rings["scenario"] == "built")].sort_values("cutoff_min")
    assert (np.diff(mid["raster_area_km2"]) > 0).all()
    # the 40 beds of mid are there at once, the 60 of west 50 km away; from the airport 20 min reach west
    assert mid["beds"].tolist() == [40, 40, 40, 40]
    airport = rings[(rings["origin"] == "airport_west") & (rings["scenario"] == "built")].sort_values("cutoff_min")
    assert airport["beds"].tolist()[-1] == 60


def test_travel_times_are_those_of_the_file(data: Path) -> None:
    od = pd.read_csv(data / "od.csv")
    assert set(od["from"]) == {"mid"}
    assert set(od["to"]) == {"west-seat", "east-seat", "mid", "farm", "airport_west"}
    assert set(od["mode"]) == {"road"}
    compared = pd.read_csv(data / "compare-built-rail-only-population.csv")
    assert set(compared["origin"]) == {"mid", "airport_west"}


@pytest.mark.parametrize(
    "wrong",
    [{"origins": []}, {"origins": ["a", "a"]}, {"cell_m": 10}, {"modes": ["train"]}, {"pairs": {"from": ["a"]}}],
)
def test_choices_that_cannot_be(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        StudyChoices(**wrong)  # type: ignore[arg-type]


def test_a_feed_of_a_part_of_the_window_is_told(tmp_path: Path) -> None:
    # without the metro three trains leave: 07:30, 12:00 (and 09:00 back), K7 23:40; mid is passed at 24:15.
    # In 07:00-21:00 some vehicle leaves within the hour of the minutes 07:00-07:30, 08:00-09:00 and 11:00-12:00,
    # ends included: 31 + 61 + 61 of 840
    files = make_minipack_files()
    for name in ("trips", "stop_times", "frequencies", "routes"):
        rows = files[f"gtfs/{name}.txt"].splitlines(keepends=True)
        files[f"gtfs/{name}.txt"] = "".join(r for n, r in enumerate(rows) if not n or not r.startswith(("metro", "M")))
    workspace = Workspace.open(str(write_pack(tmp_path / "mini", files)), write_mini_scenarios(tmp_path / "scenarios"))
    (issue,) = check_service(workspace.region)
    assert (issue.code, issue.severity, issue.value) == ("service_part_of_window", "warning", f"{153 / 840:.3f}")
    assert "18% of the departure window 07:00-21:00" in issue.message
    assert issue.code in {i.code for i in workspace.data_warnings()}
