"""What the table of `compare` shows: pairs that are quicker, slower, newly reached or no longer reached."""

from __future__ import annotations

import pytest

from transit_model.cli.study_commands import _is_changed, _show_change, tell_certificate
from transit_model.measure.workspace import Workspace


def row(base: float | None, scenario: float | None, end: str = "b") -> dict[str, object]:
    change = None if base is None or scenario is None else scenario - base
    return {"from": "a", "to": end, "base_min": base, "scenario_min": scenario, "change_min": change}


@pytest.mark.parametrize(
    ("base", "scenario", "end", "shown"),
    [
        (60.0, 48.0, "b", -12.0),
        (None, 281.0, "b", "newly reached"),
        (281.0, None, "b", "no longer reached"),
        (60.0, 60.0, "b", None),
        (None, None, "b", None),
        (None, 0.0, "a", None),  # a bus that runs somewhere brings nobody from a to a
    ],
)
def test_pairs_that_change(base: float | None, scenario: float | None, end: str, shown: float | str | None) -> None:
    one = row(base, scenario, end)
    assert _is_changed(one) == (shown is not None)
    if shown is not None:
        assert _show_change(one, zh=False)["change_min"] == shown


def test_a_certificate_is_told_in_one_language() -> None:
    kinds = [
        {"mode": "road", "reading": "typical", "cells": 9, "pairs": 0},
        {"mode": "rail", "reading": "door_to_door", "cells": 9, "pairs": 4},
    ]
    counts = {"null_edit_max_s": 0.0, "worsened_cells": 3, "worsened_pairs": 2, "untouched_identical": True}
    zh = tell_certificate({**counts, "by_kind": kinds}, "zh")
    assert zh == [
        "自检：基准重算一遍最大差 0 秒，变慢的格子 3 个、起讫点对 2 对，未受影响之处完全相同",
        "格子：公路 典型口径、铁路 门到门；起讫点对 p10、p50、p90：铁路 门到门",
    ]
    en = tell_certificate({**counts, "by_kind": kinds}, "en")
    assert en[0] == "certificate: null edit 0 s, worsened cells 3, pairs 2, untouched identical True"
    assert en[1].endswith("pairs p10, p50, p90: rail door to door")


def test_a_project_is_what_it_says_however_often_it_is_read(shipped: Workspace) -> None:
    # The dated projects of a base are read for each scenario anew; shares and shared networks hang on their equality.
    base, plan = shipped.scenario("built-2025"), shipped.scenario("hubao-hsr")
    assert plan.projects[: len(base.projects)] == base.projects
    assert hash(plan.projects[0]) == hash(base.projects[0])
    assert plan.projects[0] != plan.projects[1]


def test_the_gain_of_a_planned_line_is_shared_out(shipped: Workspace) -> None:
    from transit_model.analysis.gain_shares import Sharer

    shares = Sharer(shipped, shipped.goals()).share("built-2025", "hubao-hsr")
    assert shares is not None
    assert set(shares["project"]) == {"hubao_hsr"}
    # one project earns all that there is
    assert (shares["shapley"] - (shares["after"] - shares["before"]).abs()).abs().max() < 1e-5
