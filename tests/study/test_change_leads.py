"""What a comparison is opened with: the circle that changes most, the ground, the place."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.pages.sample_cells import build_sample_lattice, locate_cells
from transit_model.scenario.scenario_schema import StudyChoices
from transit_model.study.cell_minutes import CellMinutes, compare_minutes
from transit_model.study.change_leads import LeadPlace, list_leads
from transit_model.study.lead_rule import rank_circles
from transit_model.surface.lattice import mercator_y

CHOICES = StudyChoices()
PLACES = {
    "jia": LeadPlace((110.0, 40.5), True),
    "yi": LeadPlace((111.2, 40.7), True),
    "far": LeadPlace((111.7, 39.5), False),
}


def _cells(**layers: list[tuple[str, float]]) -> CellMinutes:
    """Layers `scenario_origin_mode_reading` with (where, minutes): `west` or `east` of 111 degrees; the rest is 0."""
    lattice = build_sample_lattice()
    lon, _ = locate_cells(lattice)
    minutes = {}
    for name, parts in layers.items():
        result = np.zeros(len(lon), dtype=np.uint16)
        for where, value in parts:
            result[(lon < 111) == (where == "west")] = int(value) + 1
        scenario, origin, mode, reading = name.split("_", 3)
        minutes[scenario, origin, mode, reading] = result
    return CellMinutes(lattice, minutes)


def _rings(*rows: tuple[str, str, str, str, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["scenario", "origin", "mode", "reading", "cutoff_min", "population"])


ROAD = _rings(
    ("base", "jia", "road", "typical", 60.0, 100.0),
    ("plan", "jia", "road", "typical", 60.0, 130.0),
    ("base", "jia", "road", "typical", 120.0, 900.0),
    ("plan", "jia", "road", "typical", 120.0, 880.0),
    ("base", "jia", "road", "promoter", 60.0, 100.0),
    ("plan", "jia", "road", "promoter", 60.0, 900.0),
)
ROAD_CELLS = _cells(
    base_jia_road_typical=[("west", 30), ("east", 70)],
    plan_jia_road_typical=[("west", 30), ("east", 50)],
    base_jia_road_promoter=[("west", 30)],
    plan_jia_road_promoter=[("west", 20)],
)
NO_OD = pd.DataFrame(columns=["scenario", "from", "to", "mode", "reading", "minutes"])


def test_the_circle_whose_people_change_most_leads_up_or_down_and_never_the_promoter_s() -> None:
    """+30 within 60 minutes beats -20 within 120; the promoter's +800 does not count."""
    ranked = rank_circles("base", "plan", ROAD, ROAD_CELLS, 5.0)
    assert [(r["reading"], r["cutoff_min"], r["change_people"]) for r in ranked] == [
        ("typical", 60.0, 30.0),
        ("typical", 120.0, -20.0),
    ]
    fewer = ROAD.assign(population=ROAD["population"].where(ROAD["population"] != 880.0, 700.0))
    both_move = _cells(
        base_jia_road_typical=[("west", 110), ("east", 70)], plan_jia_road_typical=[("west", 130), ("east", 50)]
    )
    assert rank_circles("base", "plan", fewer, both_move, 5.0)[0]["change_people"] == -200.0
    # where no cell crosses two hours that circle would open on a picture without a difference
    assert rank_circles("base", "plan", fewer, ROAD_CELLS, 5.0)[0]["change_people"] == 30.0


def test_a_mode_that_is_new_comes_last_unless_it_is_all_there_is() -> None:
    bus = _rings(("plan", "jia", "bus", "typical", 60.0, 5000.0))
    cells = _cells(plan_jia_bus_typical=[("east", 40)])
    both = CellMinutes(cells.lattice, {**ROAD_CELLS.minutes, **cells.minutes})
    assert rank_circles("base", "plan", pd.concat([ROAD, bus]), both, 5.0)[0]["mode"] == "road"
    same = ROAD.assign(population=1.0)
    still = CellMinutes(cells.lattice, {k: v for k, v in both.minutes.items() if k[2] == "bus"})
    (only,) = rank_circles("base", "plan", pd.concat([same, bus]), still, 5.0)
    assert (only["mode"], only["base_people"], only["change_people"]) == ("bus", 0.0, 5000.0)


def _study(**people: tuple[float, float, float, float]) -> tuple[pd.DataFrame, CellMinutes]:
    """People within 30 and 120 minutes before, then after, by mode; in every mode the east comes 20 minutes nearer."""
    rows, layers = [], {}
    for mode, numbers in people.items():
        for (scenario, cutoff), n in zip(
            (("base", 30.0), ("base", 120.0), ("plan", 30.0), ("plan", 120.0)), numbers, strict=True
        ):
            rows.append((scenario, "jia", mode, "typical", cutoff, n))
        layers[f"base_jia_{mode}_typical"] = [("west", 30.0), ("east", 90.0)]
        layers[f"plan_jia_{mode}_typical"] = [("west", 30.0), ("east", 70.0)]
    return _rings(*rows), _cells(**layers)


def test_a_circle_without_its_own_city_does_not_lead_however_much_it_gains() -> None:
    """A city of 2,000 with trains and no city buses: by train 150 are within two hours and 2,400 with the line."""
    rings, cells = _study(best=(2000, 2500, 2000, 2600), transit=(100, 150, 100, 2400), rail=(90, 140, 90, 2000))
    lead = rank_circles("base", "plan", rings, cells, 5.0)[0]
    assert (lead["mode"], lead["cutoff_min"], lead["change_people"]) == ("best", 120.0, 100.0)
    # with nine tenths of the city in it, it is a circle of the city; but the best mode still comes first
    rings, cells = _study(best=(2000, 2500, 2000, 2600), transit=(900, 1800, 900, 2400), rail=(90, 1799, 90, 2900))
    ranked = rank_circles("base", "plan", rings, cells, 5.0)
    assert [r["mode"] for r in ranked if r["cutoff_min"] == 120.0] == ["best", "transit", "rail"]
    # without a best mode the people at home are those by road
    rings, cells = _study(road=(2000, 2500, 2000, 2510), rail=(90, 140, 90, 2000))
    assert rank_circles("base", "plan", rings, cells, 5.0)[0]["mode"] == "road"
    # a circle that nothing else stands beside leads, with its city or without
    rings, cells = _study(rail=(90, 140, 90, 2000))
    assert rank_circles("base", "plan", rings, cells, 5.0)[0]["change_people"] == 1860.0


@pytest.mark.parametrize(
    ("by_road", "own", "leads"),
    [
        (2700, "road", "road"),
        (2600, "road", "road"),
        (2590, "road", "best"),
        (2700, "", "best"),
        (2700, "rail", "best"),
    ],
)
def test_the_own_mode_of_a_plan_leads_where_it_carries_the_gain(by_road: float, own: str, leads: str) -> None:
    """The best mode gains 100: a road alone leads by road where its circle gains as many or more."""
    rings, cells = _study(best=(2000, 2500, 2000, 2600), road=(2000, 2500, 2000, by_road))
    assert rank_circles("base", "plan", rings, cells, 5.0, own)[0]["mode"] == leads


def test_a_circle_that_shows_nothing_leaves_the_lead_to_one_that_does() -> None:
    """By the best mode cells move by a minute and nobody's circle; by a first bus line the east is reached."""
    rings, cells = _study(best=(2000, 2500, 2000, 2500))
    minute = {k: np.where(v == 71, 90, v).astype(np.uint16) for k, v in cells.minutes.items()}
    bus = _cells(plan_jia_bus_typical=[("east", 40)])
    rings = pd.concat([rings, _rings(("plan", "jia", "bus", "typical", 60.0, 5000.0))])
    both = CellMinutes(cells.lattice, {**minute, **bus.minutes})
    assert [r["mode"] for r in rank_circles("base", "plan", rings, both, 5.0)] == ["bus", "best", "best"]


def test_nothing_that_changes_has_no_lead() -> None:
    same = CellMinutes(ROAD_CELLS.lattice, {k: ROAD_CELLS.minutes["base", *k[1:]] for k in ROAD_CELLS.minutes})
    assert list_leads([("base", "plan")], ROAD.assign(population=1.0), NO_OD, same, CHOICES, PLACES).empty


def test_the_row_of_a_lead() -> None:
    """Cells east of 111 go from 70 to 50 minutes: each saves 20, and 60 minutes is between."""
    od = pd.DataFrame(
        [
            ("base", "jia", "far", "road", "typical", 300.0),
            ("plan", "jia", "far", "road", "typical", 200.0),
            ("base", "jia", "yi", "road", "typical", 70.0),
            ("plan", "jia", "yi", "road", "typical", 60.0),
        ],
        columns=NO_OD.columns,
    )
    (row,) = list_leads([("base", "plan")], ROAD, od, ROAD_CELLS, CHOICES, PLACES).to_dict("records")
    assert (row["to"], row["to_base_min"], row["to_scenario_min"]) == ("yi", 70.0, 60.0)  # a centre before a seat
    lon, lat = locate_cells(ROAD_CELLS.lattice)
    km2 = (0.05 * 111.195 * np.cos(np.radians(lat[lon >= 111]))) ** 2
    assert row["saved_km2"] == pytest.approx(km2.sum())
    assert row["lost_km2"] == 0.0
    assert row["west_lon"] < 110.0 < row["east_lon"] - 1  # with the origin: the change covers half of it
    # The east fills half of the box; the map is 1.2 times as wide as high, so it shows more above and below the box.
    width = row["east_lon"] - row["west_lon"]
    height = mercator_y(row["north_lat"]) - mercator_y(row["south_lat"])
    seen = max(width, 1.2 * height) * max(height, width / 1.2)
    assert row["changed_share"] == pytest.approx(np.count_nonzero(lon >= 111) * 0.05**2 / seen, abs=0.001)
    assert row["rings_share"] == row["changed_share"]
    assert 111.6 < row["split_lon"] < 111.9
    near = od.assign(minutes=od["minutes"].where(od["minutes"] != 70.0, 64.0))  # 4 minutes are no step of 5
    (row,) = list_leads([("base", "plan")], ROAD, near, ROAD_CELLS, CHOICES, PLACES).to_dict("records")
    assert row["to"] == "far"
    day = near.assign(minutes=near["minutes"] + np.where(near["to"] == "far", 400.0, 0.0))  # 700 to 600 minutes
    (row,) = list_leads([("base", "plan")], ROAD, day, ROAD_CELLS, CHOICES, PLACES).to_dict("records")
    assert row["to"] == "yi"


def test_cells_newly_reached_save_and_cells_no_longer_reached_lose() -> None:
    """Written is one more than the minutes, 0 is not reached: 10 to 5, 5 to 10, new, gone, none, less than a step."""
    before = np.array([11, 6, 0, 9, 0, 11], dtype=np.uint16)
    after = np.array([6, 11, 9, 0, 0, 8], dtype=np.uint16)
    saved, lost = compare_minutes(before, after, 5.0)
    assert saved.tolist() == [True, False, True, False, False, False]
    assert lost.tolist() == [False, True, False, True, False, False]


def test_a_lattice_finds_its_cells_and_reads_half_minutes_up() -> None:
    lattice = build_sample_lattice()
    lon, lat = locate_cells(lattice)
    for i in (0, 17, len(lon) - 1):
        assert lattice.find(float(lon[i]), float(lat[i])) == i
    assert lattice.find(109.21, 40.0) is None  # the westernmost column is outside
    assert lattice.find(0.0, 0.0) is None
    n = int(lattice.inside.sum())
    grid = replace(lattice, rows=np.zeros(n, dtype=np.int64), columns=np.arange(n) % 4)
    result = grid.sample(np.array([[29.9, 30.0, np.inf, 3600.0]]))
    assert result[:4].tolist() == [1, 2, 0, 61]
