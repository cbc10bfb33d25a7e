"""Rows of the fastest ride are the same, however many threads search them and whichever are left out."""

from __future__ import annotations

from pathlib import Path

from tests.study.mini_workspace import open_mini_workspace
from transit_model.domain.modes import RIDDEN, Reading
from transit_model.measure.od import compute_od
from transit_model.measure.pair_ways import PairWays
from transit_model.measure.transit_rows import StationRides, choose_own_pair, measure_row
from transit_model.measure.workspace import Workspace
from transit_model.threads import limit_threads


def _measure(workspace: Workspace, threads: int) -> list[tuple[object, ...]]:
    session = workspace.afresh().session("planned")
    places = session.places.list_group("centres")
    with limit_threads(threads):
        table = compute_od(session, places, places, list(RIDDEN), [Reading.PROMOTER])
    return [tuple(map(str, row)) for row in table.itertuples(index=False)]


def test_one_thread_and_three(tmp_path: Path) -> None:
    workspace = open_mini_workspace(tmp_path)
    one, three = (_measure(workspace, n) for n in (1, 3))
    assert one == three
    assert any("30.0" in row for row in one)  # the planned line: 90 km at 180 km/h


def test_rows_that_cannot_win_are_none_that_did(tmp_path: Path) -> None:
    session = open_mini_workspace(tmp_path).session("planned")
    places = session.places.list_group("centres")
    told = 0
    for mode in RIDDEN:
        if not session.has_service(mode):
            continue
        ways, rides = PairWays(session, places, places, mode), StationRides(session, mode, Reading.PROMOTER)
        for i in range(len(places)):
            row = measure_row(ways, i, Reading.PROMOTER)
            for j, place in enumerate(places):
                if place is places[i]:
                    continue
                every_s, pair, clock_s = choose_own_pair(ways, i, j, rides)
                assert row.seconds[0, j] <= every_s[0]
                if row.stations[j] is not None:
                    assert (row.seconds[0, j], row.stations[j]) == (every_s[0], pair)
                    assert row.depart_clock_s[j] == clock_s
                    told += 1
    assert told > 0
