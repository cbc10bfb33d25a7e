"""Names of a pack that are formulas, markup or escape sequences: no output of a command obeys them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console
from rich.table import Table
from typer.testing import CliRunner, Result

from tests.minipack import make_minipack_files, write_pack
from tests.study.mini_workspace import write_mini_scenarios
from transit_model.cli import output
from transit_model.cli.app import app
from transit_model.errors import Issue
from transit_model.pages.data_files import _to_csv
from transit_model.roads.road_files import read_road_tables, write_plain_tables

FORMULA = "=cmd|' /C calc'!A0"
ESCAPE = "\x1b]0;owned\x07\x1b[31m西城\x9b2J"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a pack whose first centre is named by an escape sequence and whose second by a formula."""
    root = tmp_path_factory.mktemp("names")
    files = make_minipack_files()
    places = files["places.csv"].replace("西城,West,", f"{ESCAPE},[red]West[/red],")
    files["places.csv"] = places.replace("东城,East,", f"{FORMULA},{FORMULA},")
    files["stations.csv"] = files["stations.csv"].replace("西城站", f"{ESCAPE}站")
    files["gtfs/stops.txt"] = files["gtfs/stops.txt"].replace("西城站", f"{ESCAPE}站")
    write_pack(root / "mini", files)
    write_mini_scenarios(root / "scenarios")
    return root


def ask(folder: Path, *arguments: str) -> Result:
    where = ["--region", str(folder / "mini"), "--scenarios", str(folder / "scenarios")]
    return CliRunner().invoke(app, [*arguments, *where])


def has_controls(text: str) -> bool:
    return any((ord(c) < 0x20 and c != "\n") or 0x7F <= ord(c) < 0xA0 for c in text)


QUESTIONS = {
    "od": ("od", "--from", "centres", "--to", "centres", "--mode", "road"),
    "explain": ("explain", "west", "east", "--mode", "rail"),
    "goals": ("goals", "--scenario", "built"),
    "isochrone": ("isochrone", "--from", "west", "--mode", "road", "--cutoffs", "60"),
    "unknown place": ("od", "--from", "west\x1b[5m", "--to", "east"),
    "data status": ("data", "status"),
}


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_no_command_prints_a_control_character(folder: Path, question: tuple[str, ...], form: str) -> None:
    arguments = [*question, "--format", form] + (["--lang", "zh"] if question[0] != "data" else [])
    if question[0] == "data":
        done = CliRunner().invoke(app, [*arguments, "--region", str(folder / "mini")])
    else:
        done = ask(folder, *arguments)
    assert done.output
    assert not has_controls(done.output)
    if question[0] == "explain" and form == "table":
        assert "\\x1b]0;owned\\x07\\x1b[31m西城\\x9b2J" in done.output


def test_csv_cells_are_no_formulas() -> None:
    rows = [{"name": FORMULA, "margin": -12.5, "text": "-5", "list": ["=x"], "@x": None}]
    table = list(csv.reader(io.StringIO(output.format_csv(rows))))
    assert table == [["name", "margin", "text", "list", "'@x"], [f"'{FORMULA}", "-12.5", "-5", '["=x"]', ""]]


def test_tables_of_pages_are_no_formulas() -> None:
    table = pd.DataFrame({"name": [FORMULA, "甲"], "minutes": [-3.0, 2.0]})
    rows = list(csv.DictReader(io.StringIO(_to_csv(table))))
    assert [r["name"] for r in rows] == [f"'{FORMULA}", "甲"]
    assert [r["minutes"] for r in rows] == ["-3.0", "2.0"]


def test_json_keeps_the_name_and_hides_the_sign(capsys: pytest.CaptureFixture[str]) -> None:
    output.write_json({"name": ESCAPE})
    text = capsys.readouterr().out
    assert json.loads(text)["name"] == ESCAPE
    assert not has_controls(text)


def test_issues_stand_on_one_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    issue = Issue("unknown_place", "error", "no such place", value="a\nerror forged: all is well\x1b[2K")
    output.print_issues([issue], output.Format.TABLE)
    assert capsys.readouterr().err == (
        "error unknown_place: no such place (value: a\\nerror forged: all is well\\x1b[2K)\n"
    )


def test_markup_in_titles_and_names_is_text(capsys: pytest.CaptureFixture[str]) -> None:
    output.write_table([{"a": "[bold]x[/bold]"}], {"a": "[red]heading[/red]"}, title="[b]t[/b]")
    text = capsys.readouterr().out
    for part in ("[bold]x[/bold]", "[red]heading[/red]", "[b]t[/b]"):
        assert part in text
    console = Console(file=io.StringIO())  # what rich would do with a bare string
    console.print(Table(title="[red]t[/red]"))
    assert "[red]" not in console.file.getvalue()  # type: ignore[attr-defined]


def test_names_of_imported_roads_and_stations(tmp_path: Path) -> None:
    """A name on a map that anybody edits; coordinates below zero stay figures."""
    write_pack(tmp_path / "pack", make_minipack_files())
    tables = read_road_tables(tmp_path / "pack" / "roads")
    tables.links.loc[0, "name_zh"] = FORMULA
    tables.nodes.loc[0, ["lon", "lat"]] = [-43.5, -22.5]
    write_plain_tables(tables, tmp_path / "roads")
    again = read_road_tables(tmp_path / "roads")
    assert again.links["name_zh"].iloc[0] == f"'{FORMULA}"
    assert again.links["link_id"].tolist() == tables.links["link_id"].tolist()
    assert again.nodes[["lon", "lat"]].iloc[0].tolist() == [-43.5, -22.5]
