"""What an office needs: workbooks, CSV that Excel reads, tables that fit the terminal."""

from __future__ import annotations

import json
import os
import pty
import sys
import unicodedata
from pathlib import Path

import openpyxl
import pytest

from tests.conftest import REPO
from tests.study.mini_commands import write_mini
from tests.tools.command import Answer, run_command
from transit_model.cli.output import write_table

BOM = "\ufeff"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_mini(tmp_path_factory.mktemp("office"))


def _ask(folder: Path, line: str) -> Answer:
    where = ["--region", str(folder / "mini"), "--scenarios", str(folder / "scenarios")]
    return run_command(*line.split(), *where, cwd=folder)


OD = "od --from west --to east,mid --mode road,rail --scenario built"


def test_a_workbook_holds_what_json_holds(folder: Path) -> None:
    assert _ask(folder, f"{OD} --lang zh -o zh.xlsx").returncode == 0
    rows = json.loads(_ask(folder, f"{OD} --format json").stdout)["rows"]
    book = openpyxl.load_workbook(folder / "zh.xlsx")
    assert book.sheetnames == ["出行时间", "依据"]
    head, *cells = list(book["出行时间"].iter_rows(values_only=True))
    column = {name: n for n, name in enumerate(head)}
    assert [c[column["分钟"]] for c in cells] == [r["minutes"] for r in rows]
    assert {c[column["方式"]] for c in cells} == {"公路", "铁路"}
    assert [c[column["起点编号"]] for c in cells] == [r["from"] for r in rows]
    assert _ask(folder, f"{OD} --lang en -o en.xlsx").returncode == 0
    english = openpyxl.load_workbook(folder / "en.xlsx")
    assert english.sheetnames == ["travel times", "rests on"]
    assert "minutes" in [c.value for c in english["travel times"][1]]


@pytest.mark.parametrize(
    ("line", "sheets"),
    [
        ("goals --scenario built", ["verdicts", "evidence", "rests on"]),
        ("compare built planned", ["comparison", "people and area", "rests on"]),
        ("trains west east --scenario built", ["departures", "rests on"]),
        (
            "indicators daily within --cell 4000 --scenario built",
            ["people, county seats and area w", "daily accessibility", "rests on"],
        ),
        ("find west", ["found"]),
        ("data list nodes stations", ["station", "node"]),
    ],
)  # fmt: skip
def test_every_command_with_rows_writes_workbooks(folder: Path, line: str, sheets: list[str]) -> None:
    done = _ask(folder, f"{line} --lang en -o rows.xlsx")
    assert done.returncode == 0, done.printed
    book = openpyxl.load_workbook(folder / "rows.xlsx")
    assert book.sheetnames == sheets
    assert all(page.max_row > 1 for page in book)


def test_csv_with_a_mark_on_request(folder: Path) -> None:
    assert _ask(folder, f"{OD} --format csv --bom").stdout.startswith(BOM + "from,to")
    assert _ask(folder, f"{OD} --format csv").stdout.startswith("from,to")
    _ask(folder, f"{OD} -o rows.csv --bom")
    assert (folder / "rows.csv").read_text(encoding="utf-8").startswith(BOM)
    _ask(folder, f"{OD} -o rows.csv")
    assert (folder / "rows.csv").read_text(encoding="utf-8").startswith("from")


@pytest.mark.parametrize("line", [f"{OD} --bom", f"{OD} --format json --bom", f"{OD} -o rows.json --bom"])
def test_a_mark_where_no_csv_is_written_is_refused(folder: Path, line: str) -> None:
    done = _ask(folder, line)
    assert done.returncode == 2
    assert "option_unused" in done.stdout + done.stderr


def test_two_words_are_origin_and_destination(folder: Path) -> None:
    short = _ask(folder, "od west east,mid --mode road,rail --scenario built --format json")
    assert json.loads(short.stdout) == json.loads(_ask(folder, f"{OD} --format json").stdout)


@pytest.mark.parametrize("line", ["od west", "od west east mid", "od west east --to mid", "od --from west", "od"])
def test_other_numbers_of_ends_are_an_issue(folder: Path, line: str) -> None:
    done = _ask(folder, f"{line} --scenario built --format json")
    assert done.returncode == 2
    (issue,) = json.loads(done.stdout)["issues"]
    assert issue["code"] == "from_or_to"
    assert "--from FROM --to TO" in issue["hint"]


@pytest.mark.parametrize(
    ("line", "hints"),
    [
        ("od west 110.5 40.5", ["write the point as 110.5,40.5"]),
        ("od west 40.5 110.5", ["write the point as 110.5,40.5"]),
        ("od 110.5 40.5 110.6 40.6", ["write the point as 110.5,40.5", "write the point as 110.6,40.6"]),
    ],
)
def test_a_point_typed_with_a_space_is_told_its_form(folder: Path, line: str, hints: list[str]) -> None:
    """Longitude first, whichever came first: nobody is beyond 90 degrees north."""
    done = _ask(folder, f"{line} --scenario built --format json")
    assert done.returncode == 2
    issues = json.loads(done.stdout)["issues"]
    assert [(i["code"], i["hint"]) for i in issues] == [("bad_point", h) for h in hints]


def _measure_width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


TITLES = {n: n for n in ("indicator", "mode", "place", "value", "note")}


@pytest.mark.parametrize("letters", [50, 110])
def test_wide_tables_are_folded(letters: int, capsys: pytest.CaptureFixture[str]) -> None:
    # Without a terminal 160 wide: 25 + 4 + 7 + 1 letters and borders fit beside 50 letters and not beside 110.
    rows = [
        {"indicator": "people within a long name", "mode": m, "place": f"place {n}", "value": n, "note": "x" * letters}
        for m in ("road", "rail")
        for n in range(2)
    ]
    write_table(rows, TITLES, title="all", fold=("indicator", "mode"))
    lines = capsys.readouterr().out.splitlines()
    assert max(_measure_width(line.rstrip()) for line in lines) <= 160
    assert any("people within a long name · rail" in line for line in lines) is (letters == 110)
    assert sum("place 1" in line for line in lines) == 2
    assert sum("x" * letters in line for line in lines) == 4  # no cell is broken


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals of POSIX")
@pytest.mark.parametrize("line", [OD, "indicators daily --scenario built", "find west"])
def test_tables_fit_the_terminal(folder: Path, line: str) -> None:
    words = [*line.split(), "--lang", "zh", "--region", str(folder / "mini"), "--scenarios", str(folder / "scenarios")]
    code = f"import sys; sys.argv = ['transit-model', *{words!r}]; from transit_model.cli import main; main()"
    got = bytearray()
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(COLUMNS="80", PYTHONPATH=str(REPO), TERM="dumb")
        os.execv(sys.executable, [sys.executable, "-c", code])
    while True:
        try:
            data = os.read(terminal, 65536)
        except OSError:
            break
        if not data:
            break
        got += data
    os.waitpid(pid, 0)
    tables = [line for line in got.decode().splitlines() if line[:1] in "┏┃┡│├└"]
    assert tables
    assert max(map(_measure_width, tables)) <= 80
