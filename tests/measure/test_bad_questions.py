"""What bad questions get on the command line: exit 2, the thing named, the remedy told; never a silent number."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.minipack import make_minipack_files, write_pack
from tests.tools.command import run_command

OD = ("od", "--from", "west", "--to", "east")
EXPLAIN = ("explain", "west", "east")


def write(folder: Path, changes: Mapping[str, tuple[str, str]]) -> Path:
    """The tiny pack with some text replaced, by file."""
    files: dict[str, str | bytes] = {**make_minipack_files()}
    for name, (old, new) in changes.items():
        text = files[name]
        assert isinstance(text, str)
        assert old in text
        files[name] = text.replace(old, new)
    scenarios = folder / "scenarios"
    (scenarios / "projects").mkdir(parents=True)
    (scenarios / "goals").mkdir()
    (scenarios / "today.yaml").write_text("id: today\ntitle: {zh: 现状, en: today}\nbase: {as_of: 2023-12-31}\n")
    write_pack(folder / "pack", files)
    return folder


def ask(folder: Path, *arguments: str) -> list[dict[str, Any]]:
    """Ask and return the issues; the command must end with 2."""
    at = ("--region", str(folder / "pack"), "--scenarios", str(folder / "scenarios"), "-s", "today")
    done = run_command(*arguments, *at, "--format", "json")
    assert done.returncode == 2, done.printed
    issues: list[dict[str, Any]] = json.loads(done.stdout)["issues"]
    return issues


@pytest.fixture(scope="module")
def mini(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("mini"), {})


@pytest.mark.parametrize(
    ("arguments", "code", "value", "hint"),
    [
        ((*OD, "--mode", "rail", "--date", "2021-01-22"), "no_service", "2021-01-22", "20201001 to 20210120"),
        ((*OD, "--mode", "rail", "--date", "tomorrow"), "bad_date", "tomorrow", "YYYY-MM-DD"),
        ((*OD, "--window", "21:00-07:00"), "empty_window", "21:00-07:00", "earlier time first"),
        ((*OD, "--window", "07:00-07:00"), "empty_window", "07:00-07:00", "earlier time first"),
        ((*OD, "--vehicle", "bicycle"), "unknown_value", "bicycle", "car, coach, ambulance"),
        ((*OD, "--speeds", "free"), "unknown_value", "free", "typical, peak, winter"),
        ((*OD, "--policy", "psychic"), "unknown_value", "psychic", "spontaneous, timetabled"),
        ((*EXPLAIN, "--arrive", "noon"), "bad_clock", "noon", "HH:MM"),
        ((*EXPLAIN, "--arrive", "12:00", "--depart", "08:00"), "two_clocks", "12:00", None),
        (("explain", "112.5,41.8", "east", "--mode", "road"), "place_off_network", None, "off_network_max_min"),
        (("explain", "112.5,41.8", "east", "--mode", "rail", "--depart", "08:00"), "no_journey", None, "off_network"),
        (("trains", "west", "east", "--mode", "bus"), "no_journey", None, "no bus service"),
        (("trains", "west", "east", "--mode", "road"), "unknown_value", "road", "rail, bus"),
        (("isochrone", "--from", "112.5,41.8", "--mode", "road"), "place_off_network", None, "off_network_max_min"),
    ],
)
def test_bad_questions(mini: Path, arguments: tuple[str, ...], code: str, value: str | None, hint: str | None) -> None:
    issue = ask(mini, *arguments)[0]
    assert issue["code"] == code
    assert value is None or issue["value"] == value
    assert hint is None or hint in issue["hint"]


def test_a_class_without_a_speed_names_the_entry(tmp_path: Path) -> None:
    table = "departure_window:", "assumptions: {speed_factor_typical: {motorway: 0.8, urban: 0.6}}\ndeparture_window:"
    issues = ask(write(tmp_path, {"region.yaml": table}), *OD, "--mode", "road")
    assert {(i["code"], i["field"]) for i in issues} == {
        ("missing_speed", f"speed_factor_typical.{c}") for c in ("trunk", "tertiary")
    }
    assert "assumptions" in issues[0]["hint"]


def test_a_place_off_the_roads_is_told_in_the_table(mini: Path) -> None:
    at = ("--region", str(mini / "pack"), "--scenarios", str(mini / "scenarios"), "-s", "today", "--format", "json")
    done = run_command("od", "--from", "112.5,41.8", "--to", "east", "--mode", "road,rail", *at)
    rows = json.loads(done.stdout)["rows"]
    assert all(r["minutes"] is None and not r["reachable"] for r in rows)
    assert all(r["note"] for r in rows)
    road = next(r for r in rows if r["mode"] == "road")
    assert "km from the nearest road" in road["note"]


def test_a_station_on_the_motorway_only_has_no_taxi(tmp_path: Path) -> None:
    # The gates of the west leave the town: west_gate is on the motorway only, and the station stands there.
    changes = {
        "roads/links.csv": (
            "west--west_gate,west,west_gate,0,primary,,西城大街,5000,60,0,urban,,,high,[made] by hand\n", ""
        ),
        "stations.csv": ("1921-05-02,west,high", "1921-05-02,west_gate,high"),
        # 34 minutes by taxi: the station of mid is 44 off
        "region.yaml": ("known_gaps:", "assumptions: {access_max_min: 40}\nknown_gaps:"),
    }  # fmt: skip
    folder = write(tmp_path, changes)
    issue = ask(folder, "explain", "110.95,40.8", "east", "--mode", "rail", "--depart", "07:00")[0]
    assert issue["code"] == "no_journey"
    assert "without road access: west-station" in issue["hint"]
    assert "road_node_id" in issue["hint"]
