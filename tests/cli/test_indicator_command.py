"""The indicators command on the mini pack: options like those of the other commands, three forms, messages."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from tests.study.mini_commands import ask, ask_json, write_mini
from transit_model.cli.indicator_commands import register
from transit_model.indicator_tables.rows import COLUMNS

FREE = ("--mode", "road", "--reading", "promoter", "--cell", "4000")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_mini(tmp_path_factory.mktemp("indicators"))


def run(folder: Path, *arguments: str) -> Result:
    return ask(register, folder, "--scenario", "built", *arguments)


def read(folder: Path, *arguments: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = ask_json(register, folder, "--scenario", "built", *arguments)["rows"]
    return rows


def test_rows_keep_their_columns(folder: Path) -> None:
    rows = read(folder, "mean_time", *FREE)
    assert tuple(c for c in rows[0] if c != "timetable") == COLUMNS
    assert list(rows[0])[list(rows[0]).index("scenario") + 1] == "timetable"
    # east seat: 50 min; mid 75 min of trunk road less half: 50 km at 80 = 37.5; farm 37.5 + 36 = 73.5
    # west: (50 * 250 + 37.5 * 100 + 73.5 * 50) / 400 = 49.8 with 600,000 people at 0 min beside: / 1,000,000 = 19.925
    value = next(r["value"] for r in rows if (r["place"], r["measure"]) == ("west", "mean"))
    assert value == pytest.approx(19.925, abs=1e-3)


def test_reading_and_mode_are_those_asked_for(folder: Path) -> None:
    rows = read(folder, "mean_time", "--mode", "road,rail", "--reading", "typical,door_to_door")
    kinds = {(r["mode"], r["reading"]) for r in rows}
    assert kinds == {(m, r) for m in ("road", "rail") for r in ("typical", "door_to_door")}
    assert {(r["mode"], r["reading"]) for r in read(folder, "mean_time", "--mode", "road", "--reading", "all")} == {
        ("road", r) for r in ("promoter", "typical", "door_to_door")
    }


def test_a_base_makes_winners(folder: Path) -> None:
    rows = read(folder, "winners", *FREE, "--scenario", "planned", "--base", "built")
    change = {(r["place"], r["subject"]): r["value"] for r in rows if r["measure"] == "change"}
    assert change["west-seat", "to east"] == pytest.approx(-7.5)  # 50 -> 42.5 min
    sizes = [-abs(r["value"]) for r in rows if r["measure"] == "change"]
    assert sizes == sorted(sizes)  # nobody loses here: the largest gain first


def test_a_screen_shows_winners_pair_by_pair_and_the_rest_in_one_row(folder: Path) -> None:
    wanted = ("winners", *FREE, "--scenario", "planned", "--base", "built")
    changes = [r for r in read(folder, *wanted) if r["measure"] == "change"]
    moved = [r for r in changes if r["note_en"] != "same"]
    assert 0 < len(moved) < len(changes)
    for lang, note, rest in (
        ("en", "faster: 50.0 → 42.5", f"unchanged pairs: {len(changes) - len(moved)}"),
        ("zh", "缩短：50.0 → 42.5", f"不变的有 {len(changes) - len(moved)} 对"),
    ):
        shown = run(folder, *wanted, "--lang", lang).stdout
        body = [line for line in shown.splitlines() if line.startswith("│")]
        assert len(body) == len(moved) + 1
        assert note in body[0]
        assert rest in body[-1]


def test_the_window_and_the_date_count(folder: Path) -> None:
    # D1 leaves at 07:30, D3 at 12:00 and K7 at night: an afternoon has no train to the east
    goal = ("span", "--window", "13:00-15:00")
    values = {r["measure"]: r["value"] for r in read(folder, *goal) if r["reading"] == "typical"}
    assert values["share"] == 0
    # the calendar ends on 20 January 2021, and K7 of that day is there at 00:50 of the next
    assert "no_service" in run(folder, "span", "--date", "2021-01-22", "--format", "json").stdout
    assert [r for r in read(folder, "span", "--date", "2020-12-31") if r["measure"] == "first_train"]


def test_people_of_ones_own(folder: Path, tmp_path: Path) -> None:
    table = tmp_path / "people.csv"
    table.write_text("lon,lat,population\n111.0,40.8,7\n112.0,40.8,5\n", encoding="utf-8")
    rows = read(folder, "within", *FREE, "--cutoffs", "20", "--population", str(table))
    assert {r["place"]: r["value"] for r in rows if r["measure"] == "population"} == {"west": 7, "east": 5}


def test_a_file_and_csv_hold_the_same_rows(folder: Path, tmp_path: Path) -> None:
    words = ("daily", *FREE)
    out = tmp_path / "daily.csv"
    done = run(folder, *words, "-o", str(out))
    assert done.exit_code == 0, done.output
    assert done.stdout.strip() == str(out)
    printed = run(folder, *words, "--format", "csv").stdout
    assert out.read_text(encoding="utf-8") == printed
    assert next(iter(csv.DictReader(io.StringIO(printed))))["indicator"] == "daily"


@pytest.mark.parametrize(("lang", "words"), [
    ("zh", ("日可达性", "公路", "宣传口径", "100.0%")), ("en", ("daily accessibility", "promoter", "persons")),
])  # fmt: skip
def test_tables_for_people(folder: Path, lang: str, words: tuple[str, ...]) -> None:
    done = run(folder, "daily", *FREE, "--lang", lang)
    assert done.exit_code == 0, done.output
    assert all(word in done.stdout for word in words)


@pytest.mark.parametrize(("words", "code"), [
    (("dayly",), "unknown_indicator"), (("winners",), "no_base"), (("supply",), "no_facilities"),
    (("daily", "--mode", "tram"), "unknown_value"), (("daily", "--date", "soon"), "bad_date"),
    (("daily", "--window", "9-8"), "bad_window"), (("within", "--population", "x.tif"), "no_population"),
])  # fmt: skip
def test_mistakes_are_issues(folder: Path, words: tuple[str, ...], code: str) -> None:
    done = run(folder, *words, "--format", "json")
    assert done.exit_code == 2, done.output
    assert json.loads(done.stdout)["issues"][0]["code"] == code
