"""The figure of what changed between two timetables: where its dots lie."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from transit_model.pages.report_page import _list_timetable_changes
from transit_model.pages.view import StudyView


def test_dots_go_from_zero_to_the_most_of_all_pairs(view: StudyView) -> None:
    sides = [(17, 34, 59.0, 118.0), (8, 0, 30.0, None)]
    rows = [
        {"from": "hohhot", "to": "baotou", "before": "A", "after": "B", "trains_before": a, "trains_after": b}
        | {"fastest_before_min": c, "fastest_after_min": d, "median_before_min": c, "median_after_min": d}
        | {f"{end}_{side}": None for end in ("first", "last") for side in ("before", "after")}
        for a, b, c, d in sides
    ]
    found = _list_timetable_changes(replace(view, timetable_changes=pd.DataFrame(rows)))
    # trains: of 34 at most; minutes: of 118 at most, none without a train
    assert found[0]["dots"] == [[0.5, 1.0], [0.5, 1.0]]
    assert found[1]["dots"] == [[pytest.approx(8 / 34, abs=1e-3), 0.0], [pytest.approx(30 / 118, abs=1e-3), None]]
    assert _list_timetable_changes(view) == []
