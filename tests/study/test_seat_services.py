"""What each seat has near: hand sums on the mini pack."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.study.mini_workspace import open_mini_workspace
from transit_model.study.seat_services import COLUMNS, list_seat_services


def test_the_nearest_by_road_with_its_rank(tmp_path: Path) -> None:
    session = open_mini_workspace(tmp_path).session("built")
    table = list_seat_services(session)
    assert list(table.columns) == list(COLUMNS)
    assert len(table)
    for _, rows in table.groupby("service"):
        reached = rows[np.isfinite(rows["minutes"])]
        order = reached.sort_values("minutes")
        assert order["rank"].is_monotonic_increasing
        assert reached.empty or order["rank"].iloc[0] == 1.0
        assert rows[~np.isfinite(rows["minutes"])]["rank"].isna().all()
        assert set(rows["of"]) == {len(rows)}
