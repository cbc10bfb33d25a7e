"""Indicator tables of the town against the measures they are made of."""

from __future__ import annotations

import pytest

from transit_model.domain.modes import Mode, Reading
from transit_model.errors import InputError
from transit_model.indicator_tables.airport import list_airport_cases
from transit_model.indicator_tables.facilities import list_hospital_towns
from transit_model.indicator_tables.registry import INDICATORS
from transit_model.indicator_tables.rows import COLUMNS, Measured
from transit_model.indicator_tables.tables import tabulate_indicators
from transit_model.measure.session import Session


@pytest.fixture(scope="module")
def measured(built_2025: Session) -> Measured:
    return Measured(built_2025, (60.0,), frozenset({"airport_hohhot_shengle"}), cell_m=4000.0)


def test_within_is_the_sum_over_the_surface(measured: Measured) -> None:
    table = tabulate_indicators(measured, ["within"])
    assert tuple(table.columns) == COLUMNS
    hohhot = measured.session.places.get_place("hohhot")
    surface = measured.surface(hohhot, Mode.ROAD, Reading.DOOR_TO_DOOR)
    row = table[(table["place"] == "hohhot") & (table["mode"] == "road")].set_index("measure")["value"]
    assert row["population"] == measured.people[surface.time_s <= 3600].sum()
    assert row["area"] == pytest.approx((surface.time_s <= 3600).sum() * 16.0)
    assert 0 < row["county_seat_share"] <= 1


def test_airports_in_use_follow_the_scenario(measured: Measured) -> None:
    cases = list_airport_cases(measured)
    assert list(cases) == ["today"]
    assert "airport_hohhot_baita" in cases["today"]
    assert "airport_hohhot_shengle" not in cases["today"]


def test_population_models_keep_the_reference(measured: Measured) -> None:
    table = INDICATORS["population_models"].tabulate(measured)
    assert set(table["note_en"]) == {"placed by model", "placed by seat", "placed by even"}
    assert (table.loc[table["measure"] == "difference_model", "value"] == 0).all()


def test_mistakes_are_told(measured: Measured) -> None:
    with pytest.raises(InputError, match="no indicator called"):
        tabulate_indicators(measured, ["witin"])
    with pytest.raises(InputError, match="need a base"):
        tabulate_indicators(measured, ["winners"])


def test_the_shipped_region_knows_its_third_level_hospitals(measured: Measured) -> None:
    # Notice of 2020-01-23: level 3 in the districts of Hohhot, three of Baotou, Dongsheng, Kangbashi, Dalad, Jungar and
    # Jining. So these seats are there at once, and Wuchuan has to go to Hohhot.
    table = INDICATORS["hospital"].tabulate(measured)
    near = table[(table["measure"] == "nearest") & (table["mode"] == "road")].set_index("place")
    at_home = {p.place_id for p in measured.seats if near.loc[p.place_id, "value"] < 15}
    assert {"dalad", "jungar", "jining", "kangbashi", "dongsheng-seat", "xincheng", "donghe", "kundulun"} <= at_home
    assert not at_home & {"wuchuan", "uxin", "otog", "hanggin", "fengzhen", "siziwang"}
    assert "内蒙古自治区" in near.loc["wuchuan", "note_zh"]
    share = table[table["measure"] == "within_any_share"].set_index(["mode", "subject"])["value"]
    assert 0.5 < share["road", "60 min"] < 1


def test_ambulances_of_the_region_stand_at_hospitals(measured: Measured) -> None:
    # Every county but Shiguai has a hospital on the list; Qipanjing, Shagedu and Dalu have one away from the seat.
    towns = list_hospital_towns(measured)
    assert {"jungar", "otog", "bayan_obo"} <= {t.place.place_id for t in towns}
    assert sum(t.place.kind == "facility" for t in towns) == 3
    assert all(t.prefecture for t in towns)
    counties = frozenset().union(*(t.counties for t in towns))
    lacking = {c for c in measured.session.network.counties["adcode"] if c not in counties}
    assert lacking == {"150205", "150172", "150271"}  # Shiguai, and the two zones without a seat
