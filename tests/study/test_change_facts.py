"""What the maps of a comparison tell in numbers: people by the minutes they save, gains on one scale."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pages.sample_cells import build_sample_lattice, locate_cells
from transit_model.scenario.scenario_schema import StudyChoices
from transit_model.study.cell_minutes import CellMinutes
from transit_model.study.change_facts import count_people, list_change_facts, list_people_by_minutes, rank_gains
from transit_model.study.change_leads import LeadPlace
from transit_model.surface.grid import Grid

U16 = np.uint16


def test_people_by_minutes_saved_by_hand() -> None:
    """Written is one more than the minutes: 100 to 93 saves 7, 50 to 44 saves 6, 100 to 10 is 60 and more."""
    before = np.array([101, 51, 101, 11, 0, 31, 0, 21], dtype=U16)
    after = np.array([94, 45, 11, 23, 41, 0, 0, 18], dtype=U16)
    people = np.array([10.0, 20, 30, 40, 50, 60, 70, 80])
    assert count_people(before, after, people) == [
        ("saved", 5, 30.0),
        ("saved", 60, 30.0),
        ("lost", 10, 40.0),
        ("new", 0, 50.0),
        ("gone", 0, 60.0),
        ("still", 0, 80.0),
    ]


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200), st.integers(1, 9)), min_size=1, max_size=30))
def test_everybody_reached_before_or_after_is_counted_once(cells: list[tuple[int, int, int]]) -> None:
    before, after = (np.array([c[i] for c in cells], dtype=U16) for i in (0, 1))
    counted = count_people(before, after, np.array([float(c[2]) for c in cells]))
    assert sum(n for _, _, n in counted) == sum(n for b, a, n in cells if b or a)
    quicker = sum(n for b, a, n in cells if b and a and b - a >= 5)
    assert sum(n for change, _, n in counted if change == "saved") == quicker


def _cells() -> CellMinutes:
    """From Jia the east saves 20 minutes, from Yi the west 40 and the east loses 10; one person a cell."""
    lattice = build_sample_lattice()
    lon, _ = locate_cells(lattice)
    east = lon >= 111
    minutes = {
        ("base", "jia", "best", "door_to_door"): np.full(len(lon), 101, dtype=U16),
        ("plan", "jia", "best", "door_to_door"): np.where(east, 81, 101).astype(U16),
        ("base", "yi", "best", "door_to_door"): np.full(len(lon), 91, dtype=U16),
        ("plan", "yi", "best", "door_to_door"): np.where(east, 101, 51).astype(U16),
        ("plan", "yi", "bus", "typical"): np.where(east, 31, 0).astype(U16),
    }
    return CellMinutes(lattice, minutes, np.ones(len(lon)))


def test_a_cell_counts_once_with_its_largest_saving_on_the_common_scale() -> None:
    cells = _cells()
    lon, _ = locate_cells(cells.lattice)
    rows = rank_gains([("base", "plan")], cells, StudyChoices()).to_dict("records")
    assert [(r["change"], r["from_min"], r["people"]) for r in rows] == [
        ("saved", 20, float((lon >= 111).sum())),
        ("saved", 40, float((lon < 111).sum())),
    ]
    assert {(r["mode"], r["reading"]) for r in rows} == {("best", "door_to_door")}


def test_every_layer_has_its_facts_and_a_mode_that_is_new_is_newly_reached() -> None:
    cells = _cells()
    lon, _ = locate_cells(cells.lattice)
    od = pd.DataFrame(
        [("base", "jia", "yi", "best", "door_to_door", 70.0), ("plan", "jia", "yi", "best", "door_to_door", 50.0)],
        columns=["scenario", "from", "to", "mode", "reading", "minutes"],
    )
    places = {"jia": LeadPlace((110.0, 40.5), True), "yi": LeadPlace((111.2, 40.7), True)}
    facts = list_change_facts([("base", "plan")], od, cells, StudyChoices(), places)
    assert list(zip(facts["origin"], facts["mode"], strict=True)) == [("jia", "best"), ("yi", "best"), ("yi", "bus")]
    assert facts["to"].tolist() == ["yi", "", ""]
    assert facts.loc[0, "lost_km2"] == 0
    assert facts.loc[1, "lost_km2"] == pytest.approx(facts.loc[0, "saved_km2"])
    people = list_people_by_minutes([("base", "plan")], cells)
    bus = people[people["mode"] == "bus"]
    assert bus[["change", "people"]].to_numpy().tolist() == [["new", float((lon >= 111).sum())]]


def test_people_of_a_grid_go_to_the_cells_of_the_map_and_none_at_the_edge_is_lost() -> None:
    lattice = build_sample_lattice()
    lon, lat = locate_cells(lattice)
    grid = Grid("+proj=laea +lat_0=40.2 +lon_0=110.8", -200_000.0, -200_000.0, 4000.0, 100, 100)
    x, y = grid.project(lon, lat)
    rows, columns, inside = grid.locate(x, y)
    assert inside.all()
    people = np.zeros(grid.shape)
    people[rows[700], columns[700]] = 5.0
    at = lattice.gather(people, grid)
    assert at.sum() == 5.0
    # the centre of the cell of the grid lies less than one of its diagonals away
    x0, y0 = grid.centres()
    west, south = grid.unproject([x0[columns[700]]], [y0[rows[700]]])
    assert int(np.argmax(at)) == lattice.find(float(west[0]), float(south[0]))
    # the westernmost column is outside: who lives there counts beside it, who lives farther away nowhere
    edge = np.zeros(grid.shape)
    x, y = grid.project([109.22, 107.0], [40.0, 40.0])
    rows, columns, inside = grid.locate(x, y)
    edge[rows[0], columns[0]] = 3.0
    moved = lattice.gather(edge, grid)
    assert moved.sum() == 3.0
    assert lon[int(np.argmax(moved))] == pytest.approx(lon.min())
