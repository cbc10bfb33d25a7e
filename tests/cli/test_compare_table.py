"""What the table of `compare` shows: pairs that are quicker, slower, newly reached or no longer reached."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.study.mini_commands import ask, write_mini
from transit_model.cli.compare_table import _is_changed, _moves, _show_change, _show_people, tell_certificate
from transit_model.cli.stations_used import name_stations
from transit_model.cli.study_commands import register
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


def people(base: float, scenario: float, gained: float = 0.0, lost: float = 0.0) -> dict[str, object]:
    head = {"origin": "a", "mode": "road", "reading": "typical", "cutoff_min": 60.0}
    counts = {"base": base, "scenario": scenario, "change": scenario - base}
    return {**head, **counts, "gained_km2": gained, "lost_km2": lost}


def test_people_of_a_row_are_whole_and_their_difference_is_that_of_the_numbers_shown() -> None:
    shown = _show_people(people(100.4, 2000.6, 12.0), zh=True)
    assert [shown[k] for k in ("cutoff_min", "base", "scenario", "change")] == ["60", 100, 2001, "+1901"]
    assert shown["reading"] == "典型口径"
    rows = [people(5.0, 5.0), people(5.0, 5.2), people(5.0, 7.0), people(5.0, 5.0, 3.0), people(5.0, 5.0, 0.0, 3.0)]
    assert [_moves(r) for r in rows] == [False, False, True, True, True]


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ("甲 - 乙东", "甲 - 乙", "Jia – Yi East → Jia – Yi"),
        ("transit: 甲 - 乙", "甲 - 乙", "Jia – Yi"),
        ("road", "transit: 甲 - 丙", "Jia – 丙"),
        ("road", "", ""),
        (None, "甲 - 乙", "Jia – Yi"),
    ],
)
def test_stations_before_and_after_stand_beside_a_pair(before: str | None, after: str, named: str) -> None:
    assert name_stations(before, after, {"甲": "Jia", "乙": "Yi", "乙东": "Yi East"}) == named


def test_csv_holds_minutes_with_ways_or_people_with_ground(tmp_path: Path) -> None:
    """The rows of minutes name their ways; where people are gained ground is; beside a table the option is refused."""
    folder = write_mini(tmp_path)
    words = ("compare", "built", "planned")
    minutes = list(csv.DictReader(ask(register, folder, *words, "--format", "csv").stdout.splitlines()))
    assert {"base_via", "scenario_via"} <= set(minutes[0])
    assert any(r["mode"] == "rail" and " - " in r["scenario_via"] for r in minutes)
    told = ask(register, folder, *words, "--rows", "people", "--format", "csv").stdout
    counted = list(csv.DictReader(told.splitlines()))
    assert {"origin", "cutoff_min", "base", "scenario", "change", "gained_km2", "lost_km2"} == {
        c for c in counted[0] if c not in ("mode", "reading")
    }
    moved = [r for r in counted if float(r["change"])]
    assert moved
    assert all(float(r["gained_km2"]) > 0 for r in moved if float(r["change"]) > 0)
    refused = ask(register, folder, *words, "--rows", "people")
    assert refused.exit_code == 2


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
