"""Rows of the fastest ride are the same, however many threads search them."""

from __future__ import annotations

from pathlib import Path

from tests.study.mini_workspace import open_mini_workspace
from transit_model.domain.modes import RIDDEN, Reading
from transit_model.measure.od import compute_od
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
