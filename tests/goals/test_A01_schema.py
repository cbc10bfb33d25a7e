"""What a goal file may say, and how its mistakes are reported."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from tests.goals.builders import goal
from transit_model.errors import GoalError
from transit_model.goals.schema import check_goal_places, load_goal, load_goals
from transit_model.goals.template import get_goal_template

TEXT = """\
id: rail-1h
title:
  zh: 铁路1小时
  en: rail, one hour
kind: goal
quote:
  zh: 打造1小时圈
  en: build a 1-hour circle
source: "[x] a plan"
mode: rail
threshold_min: 60
judged_on: [typical]
pairs:
  hub: a
  to: [b, c]
"""
LAST_LINE = TEXT.count("\n")


def write(folder: Path, text: str, name: str = "rail-1h.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_becomes_a_goal(tmp_path: Path) -> None:
    read = load_goal(write(tmp_path, TEXT))
    assert read.pairs is not None
    assert read.pairs.list_pairs() == [("a", "b"), ("a", "c")]
    assert (read.threshold_min, read.required_share) == (60, 1.0)


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"pairs": [["a", "b"], ["c", "a"]]}, [("a", "b"), ("c", "a")]),
        ({"hub": "a", "to": ["b", "c"]}, [("a", "b"), ("a", "c")]),
        ({"all_of": ["a", "b", "c"]}, [("a", "b"), ("a", "c"), ("b", "c")]),
    ],
)
def test_pairs_have_three_forms(form: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    pairs = goal(pairs=form).pairs
    assert pairs is not None
    assert pairs.list_pairs() == expected


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"pairs": {"hub": "a", "to": ["b"], "all_of": ["a", "b"]}}, "exactly one of pairs, hub"),
        ({"pairs": {}}, "exactly one of pairs, hub"),
        ({"pairs": {"hub": "a"}}, "hub needs a list"),
        ({"pairs": {"to": ["b"], "all_of": ["a", "b"]}}, "`to` needs a hub"),
        ({"pairs": {"pairs": [["a", "a"]]}}, "with itself: a"),
        ({"pairs": {"all_of": ["a"]}}, "at least two places"),
        ({"coverage": {"from": ["a"]}}, "exactly one of pairs, coverage, unmeasurable"),
        ({"pairs": None}, "exactly one of pairs, coverage, unmeasurable"),
        ({"pairs": None, "coverage": {"from": []}}, "at least 1 item"),
        ({"pairs": None, "coverage": {"from": ["a"], "to": []}}, "at least 1 item"),
        ({"pairs": None, "coverage": {"from": ["a"], "weight": "money"}}, "'count' or 'population'"),
        ({"unmeasurable": {"zh": "无", "en": "none"}}, "neither pairs nor coverage"),
        ({"pairs": None, "unmeasurable": {"zh": "无", "en": ""}}, "at least 1 character"),
        ({"judged_on": []}, "needs mode, threshold_min and judged_on"),
        ({"mode": None}, "needs mode, threshold_min and judged_on"),
        ({"threshold_min": None}, "needs mode, threshold_min and judged_on"),
        ({"threshold_min": 0}, "greater than 0"),
        ({"threshold_min": float("inf")}, "finite number"),
        ({"required_share": 0}, "greater than 0"),
        ({"required_share": 1.01}, "less than or equal to 1"),
        ({"required_share": float("nan")}, "less than or equal to 1"),
        ({"target_year": 27}, "greater than or equal to 1990"),
        ({"judged_on": ["fastest"]}, "'promoter', 'typical' or 'door_to_door'"),
        ({"mode": "train"}, "'road', 'rail', 'bus', 'transit' or 'best'"),
        ({"kind": "wish"}, "'goal', 'claim'"),
        ({"id": "Rail 1h"}, "should match pattern"),
        ({"quote": {"zh": "只有中文"}}, "Field required"),
        ({"thresold_min": 60}, "Extra inputs are not permitted"),
    ],
)
def test_what_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        goal(**changes)


def test_an_unmeasurable_goal_needs_no_threshold() -> None:
    plain = goal(pairs=None, mode=None, threshold_min=None, judged_on=None, unmeasurable={"zh": "无", "en": "none"})
    assert plain.threshold_min is None
    assert plain.list_named_places() == []


def test_a_goal_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        goal().threshold_min = 90


def test_all_mistakes_of_a_file_come_at_once_with_their_lines(tmp_path: Path) -> None:
    text = TEXT.replace("mode: rail", "mode: train").replace("threshold_min", "threshold_mins")
    with pytest.raises(GoalError) as caught:
        load_goal(write(tmp_path, text))
    found = {(i.code, i.field, i.line) for i in caught.value.issues}
    assert ("bad_value", "mode", 10) in found
    assert ("unknown_key", "threshold_mins", 11) in found
    assert next(i for i in caught.value.issues if i.code == "unknown_key").hint == "did you mean threshold_min?"


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("- a\n- b\n", "not_a_mapping", 1),
        ("id: rail-1h\nid: other\n", "duplicate_key", 2),
        ("id: [\n", "bad_yaml", 2),
        (TEXT.replace("id: rail-1h", "id: rail-2h"), "id_differs", 1),
        (TEXT.replace('source: "[x] a plan"\n', ""), "missing_key", 1),
        (TEXT.replace("  to: [b, c]\n", ""), "bad_value", LAST_LINE - 2),
    ],
)
def test_a_bad_file_names_its_line(tmp_path: Path, text: str, code: str, line: int) -> None:
    with pytest.raises(GoalError) as caught:
        load_goal(write(tmp_path, text))
    issue = caught.value.issues[0]
    assert (issue.code, issue.file, issue.line) == (code, "rail-1h.yaml", line)


def test_an_empty_file_is_an_issue(tmp_path: Path) -> None:
    with pytest.raises(GoalError, match="empty"):
        load_goal(write(tmp_path, ""))


def test_a_missing_file_is_an_issue(tmp_path: Path) -> None:
    with pytest.raises(GoalError) as caught:
        load_goal(tmp_path / "nowhere.yaml")
    assert [i.code for i in caught.value.issues] == ["missing_file"]


def test_a_folder_reports_the_mistakes_of_all_files(tmp_path: Path) -> None:
    write(tmp_path, TEXT)
    write(tmp_path, TEXT, "other.yaml")
    write(tmp_path, "id: [\n", "torn.yaml")
    with pytest.raises(GoalError) as caught:
        load_goals(tmp_path)
    assert [(i.file, i.code) for i in caught.value.issues] == [("other.yaml", "id_differs"), ("torn.yaml", "bad_yaml")]


def test_an_empty_folder_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(GoalError, match="no goal file"):
        load_goals(tmp_path)


def test_unknown_places_come_with_near_names() -> None:
    goals = [goal(pairs={"hub": "hohot", "to": ["baotou"]}), goal(pairs=None, coverage={"from": ["baotou"]})]
    issues = check_goal_places(goals, {"hohhot", "baotou"}, {"centres"})
    assert [(i.code, i.value, i.field) for i in issues] == [
        ("unknown_place", "hohot", "pairs"),
        ("unknown_place", "county_seats", "coverage"),
    ]
    assert issues[0].hint.startswith("did you mean hohhot?")
    assert check_goal_places(goals, {"hohot", "baotou"}, {"county_seats"}) == []


@pytest.mark.parametrize(
    ("line", "wrong", "hint"),
    [
        ("threshold_min: 60", "threshold: 60", "write threshold_min"),
        ("threshold_min: 60", "limit: 60", "write threshold_min"),
        ("threshold_min: 60", 'threshold_min: "1h"', "write minutes: threshold_min: 60"),
        ("judged_on: [typical]", "reading: typical", "write judged_on"),
        ("judged_on: [typical]", "judged_on: typical", "write a list: judged_on: [typical]"),
        ("mode: rail", "mode: train", "a train is rail, a car is road, the quickest of all is best"),
        ("  hub: a", "  from: a", "write hub"),
        ("  to: [b, c]", "  destinations: [b, c]", "write to"),
        ("  to: [b, c]", "  to: [b, c]\n  towards: true", "write direction"),
        ("kind: goal", "kind: goal\nrequired_share: 80", "write 0.8 for 80 %"),
        ("kind: goal", "kind: goal\nshare: 0.8", "write required_share"),
    ],
)
def test_common_mistakes_are_answered_with_the_right_key(tmp_path: Path, line: str, wrong: str, hint: str) -> None:
    assert line in TEXT
    with pytest.raises(GoalError) as caught:
        load_goal(write(tmp_path, TEXT.replace(line, wrong)))
    assert hint in {issue.hint for issue in caught.value.issues}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"pairs": None, "coverage": {"from": ["a"], "of": "people", "to": "seats"}},
            "to is not used with `of: people`",
        ),
        ({"pairs": None, "coverage": {"from": ["a"], "of": "cells", "weight": "population"}}, "weight is not used"),
        ({"frequency": {"departures_a_day": 3}}, r"judged_on: \[door_to_door\]"),
        ({"frequency": {}, "judged_on": ["door_to_door"]}, "exactly one of departures_a_day"),
        ({"frequency": {"last_departure": "25h"}, "judged_on": ["door_to_door"]}, "should match pattern"),
        ({"frequency": {"departures_a_day": 3}, "judged_on": ["door_to_door"], "mode": "road"}, "with a timetable"),
        ({"pairs": None, "coverage": {"from": ["a"]}, "frequency": {"departures_a_day": 1}}, "read on pairs"),
    ],
)
def test_what_newer_keys_refuse(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        goal(**changes)


def test_the_template_is_a_goal_and_so_is_every_other_form_in_it(tmp_path: Path) -> None:
    text = get_goal_template("mine")
    assert load_goal(write(tmp_path, text, "mine.yaml")).pairs is not None
    # the commented coverage, in place of pairs
    head, _, rest = text.partition("pairs:  ")
    shared = "\n".join(line[2:] for line in rest.splitlines() if line.startswith(("# coverage", "#   from", "#   of")))
    other = load_goal(write(tmp_path, f"{head}{shared}\nrequired_share: 0.8\n", "mine.yaml"))
    assert other.on_grid
