"""Every option of every measuring command reaches its question or is refused: none is accepted and ignored.

The table holds, for each option, a call that it must change, or a call in which it must be refused. A walk over the
parser makes sure that a new option cannot be forgotten.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner, Result

from tests.minipack import make_two_timetables_files, write_pack
from tests.study.mini_commands import write_mini
from transit_model.cli.app import app

MEASURING = (
    "od",
    "trains",
    "explain",
    "isochrone",
    "indicators",
    "batch",
    "attribute",
    "require",
    "sureness",
    "phases",
    "goals",
    "compare",
)
EVERYWHERE = {"--region", "--scenarios", "--format", "--lang", "--bom", "--debug", "--out", "--help"}
NOT_OF_THE_ANSWER = {  # how the work is done; other tests hold that the answer stays the same
    ("batch", "--workers"),
    ("batch", "--scheduler"),
    ("batch", "--resume"),
    ("batch", "--chunk"),
    ("sureness", "--workers"),
    ("goals", "--strict"),  # the exit code, tested with the goals
}
OD = "od --from west --to east --scenario planned"
RINGS = "isochrone --from west --cell 4000 --scenario planned"
ROAD_RINGS = f"{RINGS} --mode road --reading promoter"
TELL = "explain west east --scenario planned"
TABLE = "indicators daily --scenario planned"
WINNERS = "indicators winners --scenario planned --mode rail"
WITHIN = "indicators within --cell 4000 --scenario built --mode road"
SURE = "sureness --scenario planned --goal rail-40 --draws 4 --workers 1"

CHANGES = {
    ("od", "--from"): (OD, "--from mid"),
    ("od", "--to"): (OD, "--to mid"),
    ("od", "--mode"): (OD, "--mode bus"),
    ("od", "--reading"): (OD, "--reading typical"),
    ("od", "--vehicle"): (f"{OD} --mode road", "--vehicle coach"),
    ("od", "--speeds"): (f"{OD} --mode road", "--speeds winter"),
    ("od", "--policy"): (f"{OD} --mode rail", "--policy timetabled"),
    ("od", "--scenario"): (OD, "--scenario built"),
    ("od", "--date"): (f"{OD} --scenario built --mode rail", "--date 2021-01-01"),
    ("od", "--window"): (f"{OD} --scenario built --mode rail", "--window 06:00-08:00"),
    ("trains", "--mode"): ("trains west east --scenario planned", "--mode bus"),
    ("trains", "--all"): ("trains west east --scenario planned", "--all"),
    ("trains", "--speeds"): ("trains farm east --all --scenario planned", "--speeds winter"),
    ("trains", "--scenario"): ("trains west east --scenario planned", "--scenario built"),
    ("trains", "--date"): ("trains west east --scenario built", "--date 2021-01-01"),
    ("explain", "--mode"): (f"{TELL} --mode road", "--mode rail"),
    ("explain", "--reading"): (f"{TELL} --mode road", "--reading promoter"),
    ("explain", "--depart"): (f"{TELL} --mode rail", "--depart 09:10"),
    ("explain", "--arrive"): (f"{TELL} --mode rail", "--arrive 12:00"),
    ("explain", "--vehicle"): (f"{TELL} --mode road", "--vehicle coach"),
    ("explain", "--speeds"): (f"{TELL} --mode road", "--speeds winter"),
    ("explain", "--base"): (f"{TELL} --mode road", "--base built"),
    ("explain", "--scenario"): (f"{TELL} --mode road", "--scenario built"),
    ("explain", "--date"): ("explain west east --mode rail --scenario built", "--date 2021-01-01"),
    ("isochrone", "--from"): (ROAD_RINGS, "--from mid"),
    ("isochrone", "--to"): ("isochrone --mode rail --cell 4000 --scenario built --from west", "-- --to west"),
    ("isochrone", "--mode"): (ROAD_RINGS, "--mode best --reading typical"),
    ("isochrone", "--cutoffs"): (ROAD_RINGS, "--cutoffs 20"),
    ("isochrone", "--kind"): (f"{RINGS} --mode road", "--kind day-return"),
    ("isochrone", "--hours-there"): (f"{RINGS} --mode rail --kind day-return", "--hours-there 9"),
    ("isochrone", "--after"): (f"{RINGS} --mode rail --kind day-return", "--after 15:00"),
    ("isochrone", "--home-by"): (f"{RINGS} --mode rail --kind day-return", "--home-by 13:00"),
    ("isochrone", "--join"): ("isochrone --from west,mid --mode road --cell 4000 --scenario built", "--join union"),
    ("isochrone", "--base"): (ROAD_RINGS, "--base built"),
    ("isochrone", "--reading"): (f"{RINGS} --mode road", "--reading promoter"),
    ("isochrone", "--percentile"): (f"{RINGS} --mode rail --cutoffs 60,90,120,150,180", "--percentile 90"),
    ("isochrone", "--population"): (ROAD_RINGS, "--population seat"),
    ("isochrone", "--cell"): (ROAD_RINGS, "--cell 2000"),
    ("isochrone", "--vehicle"): (ROAD_RINGS, "--vehicle coach"),
    ("isochrone", "--speeds"): (f"{RINGS} --mode road", "--speeds winter"),
    ("isochrone", "--scenario"): (ROAD_RINGS, "--scenario built"),
    ("isochrone", "--date"): (f"{RINGS} --mode rail --scenario built --cutoffs 240", "--date 2021-01-22"),
    ("isochrone", "--window"): (f"{RINGS} --mode rail --scenario built --cutoffs 240", "--window 06:00-08:00"),
    ("indicators", "--scenario"): (TABLE, "--scenario built"),
    ("indicators", "--base"): (f"{WINNERS} --base rail-only", "--base built"),
    ("indicators", "--mode"): (TABLE, "--mode rail"),
    ("indicators", "--reading"): (TABLE, "--reading typical"),
    ("indicators", "--cutoffs"): (WITHIN, "--cutoffs 45"),
    ("indicators", "--population"): (WITHIN, "--population seat"),
    ("indicators", "--cell"): (WITHIN, "--cell 2000"),
    ("indicators", "--stay-hours"): ("indicators day_return --scenario planned", "--stay-hours 9"),
    ("indicators", "--vehicle"): (f"{TABLE} --mode road", "--vehicle coach"),
    ("indicators", "--speeds"): (f"{TABLE} --mode road", "--speeds winter"),
    ("indicators", "--date"): ("indicators mean_time --scenario built --mode rail", "--date 2021-01-01"),
    ("indicators", "--window"): (
        "indicators mean_time --scenario built --mode rail",
        "--window 06:00-08:00",
    ),
    ("attribute", "--projects"): ("attribute goal:rail-40:promoter --base built -p hsr", "-p twin,hsr"),
    ("attribute", "--base"): ("attribute goal:rail-40:promoter --base built -p twin", "--base rail-only"),
    ("attribute", "--cap"): ("attribute od:west:east:bus --base built -p coach --cap 300", "--cap 400"),
    ("require", "--vary"): ("require rail-20 --scenario rail-only", "--vary hsr.commercial_speed_kmh"),
    ("require", "--reading"): ("require rail-20 --scenario rail-only", "--reading typical"),
    ("require", "--scenario"): ("require rail-40 --reading promoter --scenario built", "--scenario rail-only"),
    ("require", "--projects"): ("require rail-40 --reading promoter --scenario built", "--projects hsr"),
    ("require", "--between"): (
        "require rail-20 --reading promoter --scenario rail-only --vary hsr.commercial_speed_kmh",
        "--between 100,200",
    ),
    ("sureness", "--scenario"): (SURE, "--scenario built"),
    ("sureness", "--goal"): (SURE, "--goal road-45"),
    ("sureness", "--draws"): (SURE, "--draws 8"),
    ("sureness", "--seed"): (SURE, "--seed 2"),
    ("sureness", "--base"): (SURE, "--base built"),
    ("sureness", "--by-year"): (SURE, "--by-year 2026"),
    ("phases", "--scenario"): ("phases --goal rail-40 --scenario rail-only", "--scenario built"),
    ("phases", "--goal"): ("phases --scenario rail-only --goal rail-40", "--goal rail-20"),
    ("phases", "--from"): ("phases --goal rail-40 --scenario rail-only", "--from 2025"),
    ("phases", "--to"): ("phases --goal rail-40 --scenario rail-only", "--to 2028"),
    ("goals", "--scenario"): ("goals --goal rail-40 --scenario built", "--scenario planned"),
    ("goals", "--goal"): ("goals --goal rail-40 --scenario built", "--goal rail-20"),
    ("compare", "--population"): ("compare built planned", "--population seat"),
}
"""(command, option): a call, and words that must change its JSON answer."""

TIMETABLES = {
    "od": "od --from west --to east --scenario built --mode rail",
    "trains": "trains west east --scenario built --all",
    "explain": "explain west east --mode rail --scenario built --depart 07:00",
    "isochrone": "isochrone --from west --cell 4000 --scenario built --mode rail --reading typical --cutoffs 300,400",
    "indicators": "indicators mean_time --scenario built --mode rail",
    "attribute": "attribute od:west:east:rail --base built -p hsr",
    "require": "require rail-40 --reading promoter --scenario built",
    "sureness": "sureness --scenario built --goal rail-20 --draws 4 --workers 1",
    "phases": "phases --goal rail-20 --scenario rail-only",
    "goals": "goals --goal rail-20 --scenario built",
    "compare": "compare built rail-only",
}
"""Command to a call whose numbers another timetable must move; `batch` is asked in test_timetable_commands."""

REFUSED = {
    ("od", "--vehicle"): f"{OD} --mode rail --vehicle coach",
    ("od", "--speeds"): f"{OD} --mode road --reading promoter --speeds winter",
    ("od", "--policy"): f"{OD} --mode road --policy timetabled",
    ("od", "--date"): f"{OD} --mode road --date 2021-01-01",
    ("od", "--window"): f"{OD} --mode road --window 06:00-08:00",
    ("explain", "--depart"): f"{TELL} --mode road --depart 08:00",
    ("explain", "--vehicle"): f"{TELL} --mode rail --vehicle coach",
    ("explain", "--date"): f"{TELL} --mode road --date 2021-01-01",
    ("isochrone", "--cutoffs"): f"{RINGS} --mode rail --kind day-return --cutoffs 60",
    ("isochrone", "--hours-there"): f"{RINGS} --mode rail --hours-there 4",
    ("isochrone", "--after"): f"{RINGS} --mode rail --after 07:00",
    ("isochrone", "--home-by"): f"{RINGS} --mode rail --home-by 21:00",
    ("isochrone", "--percentile"): f"{RINGS} --mode road --percentile 90",
    ("isochrone", "--vehicle"): f"{RINGS} --mode rail --vehicle coach",
    ("isochrone", "--basemap"): f"{RINGS} --mode road --basemap osm",
    ("isochrone", "--window"): f"{RINGS} --mode road --window 06:00-08:00",
    ("indicators", "--base"): f"{TABLE} --base built",
    ("indicators", "--stay-hours"): f"{TABLE} --stay-hours 4",
    ("indicators", "--facilities"): f"{TABLE} --facilities none.csv",
    ("indicators", "--opportunities"): "indicators winners --base built --scenario planned --opportunities none.csv",
    ("indicators", "--cutoffs"): f"{TABLE} --cutoffs 45",
    ("indicators", "--population"): f"{TABLE} --population seat",
    ("compare", "--rows"): "compare built planned --rows people",
    ("attribute", "--permutations"): "attribute goal:rail-40:promoter --base built -p hsr,twin --permutations 9",
    ("attribute", "--seed"): "attribute goal:rail-40:promoter --base built -p hsr,twin --seed 9",
    ("require", "--between"): "require rail-20 --scenario rail-only --between 100,200",
    ("batch", "--to"): "batch -o x --scenario built --measure seats --to seats",
    ("batch", "--cutoff"): "batch -o x --scenario built --measure times --cutoff 30",
    ("batch", "--cell"): "batch -o x --scenario built --measure seats --cell 500",
    ("batch", "--population"): "batch -o x --scenario built --measure seats --population seat",
    ("batch", "--grid-cell"): "batch -o x --scenario built --origins seats --grid-cell 5000",
    ("batch", "--policy"): "batch -o x --scenario built --mode road --policy timetabled",
    ("batch", "--opportunities"): "batch -o x --scenario built --measure seats --opportunities jobs.csv",
    ("batch", "--vehicle"): "batch -o x --scenario built --mode rail --vehicle coach",
    ("batch", "--window"): "batch -o x --scenario built --mode road --window 07:00-08:00",
    ("batch", "--date"): "batch -o x --scenario built --mode road --date 2021-01-01",
    ("batch", "--speeds"): "batch -o x --scenario built --mode road --reading promoter --speeds winter",
}
"""(command, option): a call in which the option would be ignored."""

SHOWN_ELSEWHERE = {
    ("batch", o) for o in ("--scenario", "--origins", "--measure", "--mode", "--reading", "--timetable")
}  # tests/batches and test_timetable_commands compare them with the commands
SHOWN_ELSEWHERE |= {
    ("isochrone", "--basemap"),
    ("indicators", "--facilities"),
    ("indicators", "--opportunities"),
    ("sureness", "--tornado"),
    ("compare", "--rows"),  # of CSV and files
}


_ANSWERS: dict[str, Result] = {}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_mini(tmp_path_factory.mktemp("options"))


@pytest.fixture(scope="module")
def vintages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder as `folder`, its pack with two timetables."""
    where = write_mini(tmp_path_factory.mktemp("vintages"))
    shutil.rmtree(where / "mini")
    write_pack(where / "mini", make_two_timetables_files())
    return where


def _strip(result: object) -> object:
    """Return an answer without the keys that name the timetable: the numbers themselves are to move."""
    if isinstance(result, dict):
        return {k: _strip(v) for k, v in result.items() if k not in ("timetable", "base_timetable", "timetables")}
    return [_strip(v) for v in result] if isinstance(result, list) else result


@pytest.mark.parametrize("command", TIMETABLES)
def test_another_timetable_moves_the_numbers(vintages: Path, command: str) -> None:
    asked = ("--timetable TT2020", "--timetable TT2023", "")
    old, new, chosen = (run(vintages, f"{TIMETABLES[command]} {more}") for more in asked)
    assert (old.exit_code, new.exit_code, chosen.exit_code) == (0, 0, 0), old.output
    assert _strip(json.loads(old.stdout)) != _strip(json.loads(new.stdout))
    if command != "phases":  # its base is of each year
        assert chosen.stdout == new.stdout
    assert "TT2020" in old.stdout
    assert "TT2020" not in new.stdout


def call(folder: Path, words: str) -> Result:
    if words not in _ANSWERS:  # each call once, the tests share them
        _ANSWERS[words] = run(folder, words)
    return _ANSWERS[words]


def run(folder: Path, words: str) -> Result:
    command, *rest = words.split()
    if "--" in rest:  # the words after it stand for the option before
        at = rest.index("--")
        rest = [*rest[: at - 2], *rest[at + 1 :]]
    where = ["--region", str(folder / "mini"), "--scenarios", str(folder / "scenarios"), "--format", "json"]
    return CliRunner().invoke(app, [command, *rest, *where])


@pytest.mark.parametrize("key", CHANGES, ids=" ".join)
def test_the_option_changes_the_answer(folder: Path, key: tuple[str, str]) -> None:
    words, more = CHANGES[key]
    before, after = call(folder, words), call(folder, f"{words} {more}")
    assert before.exit_code == 0, before.output
    result = [r.stdout for r in (before, after)]
    assert after.exit_code in (0, 2), after.output
    assert "internal" not in after.output
    if after.exit_code:  # a day without trains: the question got through and has no answer
        assert json.loads(result[1])["issues"][0]["code"] not in ("option_unused", "unknown_value")
    assert result[0] != result[1], f"{more} is accepted and ignored"


@pytest.mark.parametrize("key", REFUSED, ids=" ".join)
def test_the_option_is_refused_where_it_would_be_ignored(folder: Path, key: tuple[str, str]) -> None:
    done = call(folder, REFUSED[key])
    assert done.exit_code == 2, done.output
    issues = json.loads(done.stdout)["issues"]
    assert [i["code"] for i in issues] == ["option_unused"]
    assert key[1] in issues[0]["message"]


def test_several_useless_options_are_told_at_once(folder: Path) -> None:
    done = call(folder, f"{OD} --mode road --policy timetabled --window 06:00-08:00 --date 2021-01-01")
    assert [i["field"] for i in json.loads(done.stdout)["issues"]] == ["window", "date", "policy"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (f"{RINGS} --mode road,rail", "one_only"),
        (f"{RINGS} --mode road --reading typical,promoter", "one_only"),
        (f"{TELL} --mode road,rail", "one_only"),
        ("trains west east --scenario planned --mode rail,bus", "one_only"),
        (f"{OD} --policy timetabled,spontaneous", "one_only"),
        (f"{OD} --mode road --vehicle car,coach", "one_only"),
        (f"{TELL} --mode rail --reading typical --depart 08:00", "clock_unused"),
        (f"{TELL} --mode rail --reading promoter --arrive 12:00", "clock_unused"),
        (f"{TELL} --mode best --reading typical --depart 08:00", "clock_unused"),
    ],
)
def test_the_first_of_several_words_never_answers_for_all(folder: Path, words: str, code: str) -> None:
    done = call(folder, words)
    assert done.exit_code == 2, done.output
    assert [i["code"] for i in json.loads(done.stdout)["issues"]] == [code]


def test_no_option_of_a_measuring_command_is_forgotten() -> None:
    commands = get_command(app).commands  # type: ignore[attr-defined]
    known = {*CHANGES, *REFUSED, *NOT_OF_THE_ANSWER, *SHOWN_ELSEWHERE, *((c, "--timetable") for c in TIMETABLES)}
    missing = {
        (name, param.opts[0])
        for name in MEASURING
        for param in commands[name].params
        if param.param_type_name == "option" and param.opts[0] not in EVERYWHERE
    } - known
    assert missing == set()


@pytest.mark.parametrize(
    ("words", "option"),
    [
        ("roads map.osm --mirror https://example.org/", "--mirror"),
        ("roads map.osm --nominatim https://example.org/", "--nominatim"),
        ("roads map.osm --timeout 5", "--timeout"),
        ("roads map.osm --tile 1", "--tile"),
        ("roads --overpass 1,2,3,4 --nominatim https://example.org/", "--nominatim"),
        ("roads map.osm --columns columns.yaml", "--columns"),
        ("roads map.osm --datum gcj02", "--datum"),
        ("roads map.osm --reference other.osm", "--reference"),
        ("roads survey.geojson --speeds br", "--speeds"),
        ("roads survey.geojson --winter", "--winter"),
        ("roads survey.geojson --service", "--service"),
        ("roads survey.geojson --tracks", "--tracks"),
        ("roads survey.geojson --no-ferries", "--ferries"),
        ("roads survey.geojson --keep-all", "--keep-all"),
        ("roads survey.geojson --geoparquet out.parquet", "--geoparquet"),
        ("osm map.osm --mirror https://example.org/", "--mirror"),
        ("osm map.osm --tile 1", "--tile"),
    ],
)
def test_options_of_another_kind_of_import_are_refused(tmp_path: Path, words: str, option: str) -> None:
    where = ["--out", str(tmp_path / "region"), "--format", "json"]
    done = CliRunner().invoke(app, ["import", *words.split(), *where])
    assert done.exit_code == 2, done.output
    issues = json.loads(done.stdout)["issues"]
    assert [i["code"] for i in issues] == ["option_unused"]
    assert option in issues[0]["message"]
    assert not (tmp_path / "region").exists()
