"""Oddities of the data that move minutes: gross ones stop, the others stand beside the minutes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.minipack import make_minipack_files, write_pack
from tests.region.checking import check_region
from tests.study.mini_workspace import write_mini_scenarios
from transit_model.cli.app import app
from transit_model.errors import InputError, Issue
from transit_model.measure.data_warnings import summarise
from transit_model.measure.workspace import Workspace
from transit_model.region.pack import read_region
from transit_model.region.status import verify_region

# The straight line from west to west_gate is 0.05 degrees of longitude at 40.8 N: 0.05 x 84.18 km = 4209 m.
# 4100 m are 97.4 % of it, 3700 m are 87.9 %; the expressway of 0.9 degrees is 75.8 km straight.
SHORT, GROSS = "西城大街,4100", "西城大街,3700"


def edit(folder: Path, *edits: tuple[str, str, str]) -> Path:
    files = make_minipack_files()
    for name, old, new in edits:
        assert old in files[name]
        files[name] = files[name].replace(old, new)
    return write_pack(folder / "mini", files)


def find(folder: Path, *edits: tuple[str, str, str]) -> list[tuple[str, str, int | None]]:
    issues = check_region(edit(folder, *edits), verify=False)
    return [(i.code, i.severity, i.line) for i in issues if i.severity != "info"]


LINKS, COUNTIES = "roads/links.csv", "counties.csv"


@pytest.mark.parametrize(("edits", "found"), [
    ([(LINKS, "西城大街,5000", SHORT)], [("link_too_short", "warning", 2)]),
    ([(LINKS, "西城大街,5000", GROSS)], [("link_too_short", "error", 2)]),
    ([(LINKS, "东西高速,80000", "东西高速,80")], [("link_too_short", "error", 3)]),  # kilometres
    ([(COUNTIES, "600000", "1000000000000000")], [("population_impossible", "error", 2)]),
    ([(COUNTIES, "600000", "40000001")], [("population_impossible", "error", 2)]),
    ([(COUNTIES, "600000", "40000000")], []),
])  # fmt: skip
def test_gross_oddities_are_errors(
    tmp_path: Path, edits: list[tuple[str, str, str]], found: list[tuple[str, str, int | None]]
) -> None:
    assert find(tmp_path, *edits) == found
    if any(severity == "error" for _, severity, _ in found):
        with pytest.raises(InputError):
            read_region(tmp_path / "mini")


def test_all_links_of_one_metre_are_refused(tmp_path: Path) -> None:
    lengths = [(LINKS, f",{m},", ",1,") for m in (5000, 80000, 50000, 24000, 45000)]
    assert find(tmp_path, *lengths) == [("link_too_short", "error", line) for line in (2, 3, 4, 5, 6)]


def test_a_few_metres_of_rounding_are_no_error(tmp_path: Path) -> None:
    # mid moved beside west: 0.0002 degrees are 16.8 m; a road of 5 m lacks 12 m of them, less than two roundings
    edits = [("roads/nodes.csv", "mid,中县,Mid,111.500,40.700", "mid,中县,Mid,111.0002,40.800")]
    edits += [(LINKS, "west--mid,west,mid,0,trunk,G2,东西国道,50000", "west--mid,west,mid,0,trunk,G2,东西国道,5")]
    edits += [(LINKS, "东西国道,50000", "东西国道,90000"), (LINKS, "中农路,24000", "中农路,60000")]
    assert ("link_too_short", "warning", 5) in find(tmp_path, *edits)
    assert ("link_too_short", "error", 5) not in find(tmp_path, *edits)


def test_each_kind_is_told_once_with_its_number() -> None:
    alike = [Issue("fast", "warning", "too fast", "a.txt", line=i) for i in (2, 3)]
    more = Issue("fast", "warning", "too fast (and 70 more)", "a.txt", more=70)
    result = summarise([*alike, more, Issue("slow", "warning", "too slow", "b.txt")])
    # two singly, one more and the 70 it stands for
    assert [(i.code, i.message, i.line) for i in result] == [
        ("fast", "too fast (73 times)", 2),
        ("slow", "too slow", None),
    ]


COMMANDS = {
    "od": ["od", "--from", "west", "--to", "east", "--mode", "road"],
    "trains": ["trains", "west", "east"],
    "explain": ["explain", "west", "east", "--mode", "road"],
    "isochrone": ["isochrone", "--from", "west", "--mode", "road", "--cell", "4000"],
    "indicators": ["indicators", "mean_time", "--mode", "road", "--cell", "4000"],
    "goals": ["goals", "-s", "built", "-g", "road-45"],
    "compare": ["compare", "built", "rail-only"],
    "attribute": ["attribute", "od:west:east:rail", "-p", "hsr", "--base", "built"],
    "require": ["require", "rail-40", "--vary", "hsr.commercial_speed_kmh", "-p", "hsr", "--scenario", "built"],
}


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("odd")
    pack = edit(
        folder, (LINKS, "西城大街,5000", SHORT), (LINKS, "trunk,G2,东西国道,50000,80", "trunk,G2,东西国道,50000,110")
    )
    return ["--region", str(pack), "--scenarios", str(write_mini_scenarios(folder / "scenarios"))]


@pytest.mark.parametrize("name", COMMANDS)
def test_minutes_stand_beside_what_is_odd_about_them(odd: list[str], name: str) -> None:
    result = CliRunner().invoke(app, [*COMMANDS[name], *odd, "--format", "csv"])
    assert result.exit_code == 0, result.output
    assert "roads/links.csv:2 [length_m]: warning link_too_short" in result.stderr
    assert "faster than 100 km/h, but no motorway (2 times)" in result.stderr
    assert "data verify" in result.stderr
    assert "link_too_short" not in result.stdout
    data = json.loads(CliRunner().invoke(app, [*COMMANDS[name], *odd, "--format", "json"]).stdout)
    assert [w["code"] for w in data["warnings"]] == ["link_too_short", "speed_too_high_for_class"]


def test_a_sound_pack_says_nothing(tmp_path: Path) -> None:
    pack = edit(tmp_path)
    assert Workspace.open(str(pack), write_mini_scenarios(tmp_path / "scenarios")).data_warnings() == []
    assert Workspace.open().data_warnings() == []  # the shipped one
    _, issues = verify_region(str(edit(tmp_path / "odd", (LINKS, "西城大街,5000", SHORT))))
    assert [i.code for i in issues if i.severity != "info"] == ["link_too_short"]  # once, with its line
