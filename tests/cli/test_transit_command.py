"""The feeder bus of a planner's question, by commands only: Liangcheng to Hohhot East, and the train on to Baotou."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.tools.command import read_json, run_command

BUS = """\
id: liangcheng_feeder
kind: bus_line
title: {zh: 凉城至呼和浩特东接驳公交（示例）, en: Liangcheng-Hohhot East feeder bus (an example)}
status: study
opens: unknown
source: [seed1]
confidence: low
stops: [{node: liangcheng}, {node: station_hohhot_east}]
service: {kind: headway, headway_min: 20, first_departure: "06:00", last_departure: "22:00"}
assumed:
  - {field: service, zh: 示例。, en: An example.}
"""
SCENARIO = """\
id: feeder
title: {zh: 接驳公交, en: the feeder bus}
base: built-2025
projects: [liangcheng_feeder]
"""
GOAL = """\
id: liangcheng-baotou
title: {zh: 凉城乘公共交通到包头, en: Liangcheng to Baotou by public transport}
kind: proposal
quote: {zh: （示例）, en: (an example)}
source: "[example] written for a test"
mode: transit
threshold_min: 300
judged_on: [door_to_door]
pairs: {hub: liangcheng, to: [baotou]}
"""
ENDS = ("--from", "liangcheng", "--to", "baotou")


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    folder = tmp_path_factory.mktemp("feeder")
    for name, text in (
        ("projects/liangcheng_feeder", BUS),
        ("feeder", SCENARIO),
        ("goals/liangcheng-baotou", GOAL),
    ):
        path: Path = folder / f"{name}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return "--scenarios", str(folder)


def minutes(answer: dict[str, Any]) -> dict[tuple[str, str], float | None]:
    return {(r["mode"], r["reading"]): r["minutes"] for r in answer["rows"]}


def test_the_feeder_and_the_train_are_a_journey(own: tuple[str, ...]) -> None:
    found = minutes(read_json("od", *ENDS, "--mode", "road,rail,bus,transit,best", "--scenario", "feeder", *own))
    assert found["bus", "promoter"] is None  # the bus goes to Hohhot East only
    for reading in ("promoter", "typical", "door_to_door"):
        transit, rail, road = (found[mode, reading] for mode in ("transit", "rail", "road"))
        assert transit is not None
        assert rail is None or transit <= rail
        assert found["best", reading] == min(transit, road or 1e9)
    result = read_json("explain", "liangcheng", "baotou", "--mode", "transit", "--scenario", "feeder", *own)
    rides = [(leg["project"], leg["rests_on"][0]) for leg in result["legs"] if leg["kind"] == "ride"]
    assert rides[0][0] == "liangcheng_feeder"
    assert rides[-1][1].startswith("trip TT")  # and a train of the timetable
    assert result["minutes"] == pytest.approx(found["transit", "door_to_door"], abs=0.01)


def test_goals_rings_and_comparisons_know_the_mode(own: tuple[str, ...]) -> None:
    verdicts = read_json("goals", "--scenario", "feeder", *own)["verdicts"]
    mine = {v["reading"]: v for v in verdicts if v["goal"] == "liangcheng-baotou"}
    assert mine["door_to_door"]["verdict"] in ("met", "missed", "borderline")
    assert mine["door_to_door"]["value_min"] is not None
    how = ("--mode", "transit", "--cutoffs", "120,180", "--cell", "4000", "--scenario", "feeder", *own)
    rows = read_json("isochrone", "--from", "liangcheng", *how)["rows"]
    assert [r["mode"] for r in rows] == ["transit", "transit"]
    assert rows[0]["area_km2"] < rows[1]["area_km2"]


@pytest.mark.slow
def test_the_certificate_covers_the_mode(own: tuple[str, ...]) -> None:
    by_kind = read_json("compare", "built-2025", "feeder", *own)["certificate"]["by_kind"]
    assert {k["reading"] for k in by_kind if k["mode"] == "transit"} == {"promoter", "typical", "door_to_door"}
    assert all(k["worsened_pairs"] == 0 and k["improvement_only"] for k in by_kind if k["mode"] == "transit")


def test_a_wrong_mode_is_an_issue_that_names_the_right_ones() -> None:
    done = run_command("od", *ENDS, "--mode", "transits", "--format", "json")
    assert done.returncode == 2
    issue = json.loads(done.stdout)["issues"][0]
    assert "transit" in issue["hint"]
