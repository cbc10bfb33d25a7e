"""Files of ``-o`` whose suffix decides: a ``--format`` beside it and a suffix of no format are refused at once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from transit_model.catalogue.inventory import Inventory
from transit_model.cli.app import app
from transit_model.cli.output import ANSWER_SUFFIXES
from transit_model.cli.row_files import ROW_WRITERS
from transit_model.measure.workspace import Workspace
from transit_model.region import pack
from transit_model.surface.export import RASTER_SUFFIXES, RING_WRITERS

REFUSED = {
    "goals": "goals",
    "compare": "compare a b",
    "od": "od a b",
    "trains": "trains a b",
    "isochrone": "isochrone --from a",
    "reach": "reach --from a",
    "find": "find a",
    "indicators": "indicators daily",
    "data list": "data list nodes",
    "timetable diff": "timetable diff a b",
}
PRINTED_BESIDE = {
    "run", "batch", "scenario show", "scenario export", "import osm", "import rail", "import outlines", "import roads",
    "import gtfs", "import trains", "data join", "data unite",
}  # fmt: skip
"""Those that write a folder, a feed or a picture, and print what they did."""


def _list_with_both(command: Any, path: tuple[str, ...] = ()) -> Iterator[str]:
    below = getattr(command, "commands", None)
    for name, part in (below or {}).items():
        yield from _list_with_both(part, (*path, name))
    if below is None:
        options = {option for parameter in command.params for option in parameter.opts}
        if {"--format", "--out"} <= options:
            yield " ".join(path)


def test_every_command_with_both_options_is_decided_on() -> None:
    assert set(_list_with_both(typer.main.get_command(app))) == {*REFUSED, *PRINTED_BESIDE}


@pytest.mark.parametrize("line", REFUSED.values())
def test_a_format_beside_a_file_of_another_is_refused(line: str) -> None:
    for file, form in (("x.xlsx", "json"), ("x.csv", "json"), ("x.json", "csv"), ("x.html", "csv")):
        result = CliRunner().invoke(app, [*line.split(), "-o", file, "--format", form, "--lang", "zh"])
        assert result.exit_code == 2, (line, result.output)
        if form == "json":
            (issue,) = json.loads(result.stdout)["issues"]
            assert (issue["code"], issue["field"], issue["value"]) == ("option_unused", "format", "json")
            assert issue["message_zh"] == "--format 在这个问题中不起作用"
        else:
            assert "--format 在这个问题中不起作用" in result.stderr
            assert "写哪种文件由 -o 的后缀决定" in result.stderr


@pytest.mark.parametrize("line", REFUSED.values())
def test_a_file_of_no_format_is_refused_before_the_work(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def work(*_: object, **__: object) -> None:
        raise AssertionError("the region was read")

    monkeypatch.setattr(Workspace, "open", work)
    monkeypatch.setattr(Inventory, "open", work)
    monkeypatch.setattr(pack, "read_region", work)
    done = CliRunner().invoke(app, [*line.split(), "-o", "x.xyz"])
    assert (done.exit_code, "unknown_format" in done.output) == (2, True), done.output


def test_every_suffix_that_is_written_decides() -> None:
    assert {*ROW_WRITERS, *RING_WRITERS, *RASTER_SUFFIXES, ".html"} <= ANSWER_SUFFIXES


@pytest.mark.parametrize("words", ["-o x.json --format json", "-o x.csv --format csv", "-o x.csv", "--format json"])
def test_what_agrees_is_taken(words: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["find", "hohhot", *words.split(), "--lang", "en"])
    assert result.exit_code == 0, result.output
