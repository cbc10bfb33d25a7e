"""Every indicator on every mode and reading: numbers, or an issue that says what lacks; no traceback, no silence."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
import pytest

from tests.minipack import make_minipack_files, write_pack
from tests.study.mini_workspace import write_mini_scenarios
from transit_model.domain.modes import Mode, Reading
from transit_model.errors import InputError, Issue
from transit_model.indicator_tables.registry import INDICATORS
from transit_model.indicator_tables.rows import Measured
from transit_model.indicator_tables.tables import tabulate_indicators
from transit_model.measure.workspace import Workspace
from transit_model.pages.run import run_study
from transit_model.study.by_name import compare_scenarios

FACILITIES = "id,lon,lat,supply\nfarm,111.5,40.7,30\nclinic,111.0,40.8,10\n"
HOSPITALS = """\
facility_id,kind,level,name_zh,name_en,lon,lat,place_id,county,source
h1,hospital,3,东城医院,East hospital,112.000,40.800,east,,[made] by hand
h2,hospital,2,农县医院,Farm hospital,111.500,40.900,farm,100202,[made] by hand
"""
NOT_BY_MODE = {"span", "day_return", "ambulance"}
"""Indicators with modes and readings of their own."""


def open_pack(folder: Path, changed: dict[str, str] | None = None, *, without: tuple[str, ...] = ()) -> Workspace:
    files = make_minipack_files() | {"facilities.csv": HOSPITALS} | (changed or {})
    pack = write_pack(folder / "mini", {n: t for n, t in files.items() if n not in without})
    return Workspace.open(str(pack), write_mini_scenarios(folder / "scenarios"))


def measure(work: Workspace, mode: Mode, reading: Reading, scenario: str = "planned") -> Measured:
    session = work.session(scenario)
    return Measured(session, (30.0, 60.0), cell_m=4000.0, readings=(reading,), modes=(mode,))


@pytest.fixture(scope="module")
def mini(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return open_pack(tmp_path_factory.mktemp("matrix"))


@pytest.fixture(scope="module")
def facilities(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("facilities") / "own.csv"
    path.write_text(FACILITIES, encoding="utf-8")
    return path


def check_whole(table: pd.DataFrame) -> None:
    """A table has rows, and a row without a number says why."""
    assert len(table)
    none = table[~table["value"].map(math.isfinite)]
    assert (none["note_en"] != "").all()
    assert (none["note_zh"] != "").all()
    assert (table.loc[table["unit"] == "share", "value"].dropna().between(-1, 1)).all()
    assert (table.loc[(table["unit"] == "min") & (table["measure"] != "change"), "value"].dropna() >= 0).all()


@pytest.mark.parametrize("reading", list(Reading))
@pytest.mark.parametrize("mode", list(Mode))
def test_each_indicator_tells_numbers_or_what_lacks(
    mini: Workspace, facilities: Path, mode: Mode, reading: Reading
) -> None:
    m, base = measure(mini, mode, reading), measure(mini, mode, reading, "built")
    has_surface = reading is not Reading.PROMOTER or mode is Mode.ROAD
    for name in INDICATORS:
        if has_surface or name in NOT_BY_MODE:
            check_whole(tabulate_indicators(m, [name], base=base, goals=mini.goals(), facilities=facilities))
            continue
        with pytest.raises(InputError) as caught:
            tabulate_indicators(m, [name], base=base, goals=mini.goals(), facilities=facilities)
        assert [i.code for i in caught.value.issues] == ["no_such_surface"]


def list_values(table: pd.DataFrame, measured: str) -> dict[str, float]:
    return dict(table.loc[table["measure"] == measured, ["place", "value"]].itertuples(index=False, name=None))


def test_places_at_one_point_are_one_place_to_the_potential(mini: Workspace) -> None:
    # Free flow from the centre west: its own seat at the same point is left out; mid 50 km at 80 = 37.5 min,
    # east 50 min by the expressway, farm 37.5 + 36 = 73.5 min (its other road opens in 2024).
    table = tabulate_indicators(measure(mini, Mode.ROAD, Reading.PROMOTER, "built"), ["potential"])
    expected = 100_000 / 37.5 + 250_000 / 50 + 50_000 / 73.5
    assert list_values(table, "potential")["west"] == pytest.approx(expected, rel=1e-3)
    assert list_values(table, "potential")["west-seat"] == pytest.approx(expected, rel=1e-3)
    note = table.loc[table["place"] == "west", "note_en"].iloc[0]
    assert note == "west-seat stands at the same point and is left out as the place itself"


def test_a_facility_may_bear_the_id_of_a_place(mini: Workspace, facilities: Path) -> None:
    # The facility "farm" stands in mid: the seat of Farm County is 24 km at 40 = 36 min away, not 0.
    m = measure(mini, Mode.ROAD, Reading.PROMOTER, "built")
    nearest = list_values(tabulate_indicators(m, ["nearest"], facilities=facilities), "nearest")
    assert nearest["mid"] == pytest.approx(0, abs=0.1)
    assert nearest["farm"] == pytest.approx(36, abs=0.1)


def test_supply_needs_its_column(mini: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "no_supply.csv"
    path.write_text("id,lon,lat\nclinic,111.0,40.8\n", encoding="utf-8")
    m = measure(mini, Mode.ROAD, Reading.TYPICAL)
    with pytest.raises(InputError, match="no_supply"):
        tabulate_indicators(m, ["supply"], facilities=path)
    check_whole(tabulate_indicators(m, ["nearest"], facilities=path))  # which needs none
    result: list[Issue] = []
    table = tabulate_indicators(m, facilities=path, tell=result.append)
    assert "supply" not in set(table["indicator"])
    assert [i.code for i in result if i.value == "supply"] == ["no_supply"]


LACKING = {
    "no_census": {
        "mean_time",
        "daily",
        "potential",
        "equity",
        "nearest",
        "hospital",
        "ambulance",
        "population_models",
    },
    "no_people": {"airport"},
    "no_base": {"winners"},
    "no_facilities": {"supply"},
}


def test_a_region_without_a_census_says_so(tmp_path: Path) -> None:
    work = open_pack(tmp_path, without=("counties.csv",))
    m = measure(work, Mode.ROAD, Reading.TYPICAL)
    for code, names in LACKING.items():
        for name in names:
            with pytest.raises(InputError, match=code):
                tabulate_indicators(m, [name])
    result: list[Issue] = []
    table = tabulate_indicators(m, goals=work.goals(), tell=result.append)
    assert set(table["indicator"]) == {"within", "overlap", "span", "day_return"}
    check_whole(table)
    people = table[table["unit"] == "persons"]
    assert people["value"].isna().all()  # nobody is known to live there, which is not that nobody does
    assert {i.value for i in result} == LACKING["no_census"] | LACKING["no_people"]
    assert {i.severity for i in result} == {"warning"}
    own = tmp_path / "people.csv"
    own.write_text("lon,lat,population\n111.0,40.8,7\n", encoding="utf-8")
    m = Measured(work.session("built"), (30.0,), cell_m=4000.0, modes=(Mode.ROAD,), population=own)
    found = tabulate_indicators(m, ["within", "airport"])
    west = found[(found["place"] == "west") & (found["measure"] == "population")]
    assert west["value"].tolist() == [7]


def test_a_region_without_centres_airports_or_outlines_says_so(tmp_path: Path) -> None:
    files = make_minipack_files()
    plain = files["region.yaml"].replace("centres: [west, east]", "points: [west]")
    plain = plain.replace("  alternative_centres: {east: east-alt}\n", "")
    places = "\n".join(line for line in files["places.csv"].splitlines() if not line.startswith("airport")) + "\n"
    work = open_pack(tmp_path, {"region.yaml": plain, "places.csv": places}, without=("county_outlines.geojson",))
    m = measure(work, Mode.ROAD, Reading.TYPICAL)
    lacks = {"within": "no_centres", "day_return": "no_centres", "airport": "no_airport", "ambulance": "no_outlines"}
    for name, code in lacks.items():
        with pytest.raises(InputError, match=code):
            tabulate_indicators(m, [name])


def test_a_study_needs_centres(tmp_path: Path) -> None:
    plain = make_minipack_files()["region.yaml"].replace("centres: [west, east]", "points: [west]")
    plain = plain.replace("  alternative_centres: {east: east-alt}\n", "")
    work = open_pack(tmp_path, {"region.yaml": plain})
    with pytest.raises(InputError, match="no_centres"):
        compare_scenarios(work, "built", "planned")
    with pytest.raises(InputError, match="no_centres"):
        run_study(work, None, tmp_path / "maps")


def test_modes_that_do_not_run_are_told(mini: Workspace) -> None:
    result: list[Issue] = []
    m = measure(mini, Mode.BUS, Reading.TYPICAL, "built")  # no bus in the base
    table = tabulate_indicators(m, ["mean_time"], tell=result.append)
    check_whole(table)
    assert [(i.code, i.value) for i in result] == [("no_service", "bus")]
    assert (table.loc[table["measure"] == "reached_share", "value"] == 0).all()
