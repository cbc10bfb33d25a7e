"""find and data list as typed: the same rows in every format, hints for words that mean nothing."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.study.mini_commands import write_mini
from tests.tools.command import Answer, read_json, run_command


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_mini(tmp_path_factory.mktemp("find"))


def _ask(folder: Path, *words: str, own: bool = True) -> Answer:
    where = ["--region", str(folder / "mini"), *(["--scenarios", str(folder / "scenarios")] if own else [])]
    return run_command(*words, *where)


def test_find_answers_alike_in_json_csv_and_table(folder: Path) -> None:
    done = _ask(folder, "find", "west", "--format", "json")
    assert done.returncode == 0, done.printed
    result = json.loads(done.stdout)
    assert result["schema"] == 1
    assert result["found"] == len(result["rows"])
    first = result["rows"][0]
    assert (first["what"], first["id"], first["match"]) == ("place", "west", "id")
    cells = list(csv.DictReader(io.StringIO(_ask(folder, "find", "west", "--format", "csv").stdout)))
    assert [c["id"] for c in cells] == [r["id"] for r in result["rows"]]
    table = _ask(folder, "find", "west", "--lang", "en").stdout
    assert all(r["id"] in table for r in result["rows"])


def test_whats_narrow_and_most_cuts(folder: Path) -> None:
    rows = json.loads(_ask(folder, "find", "west", "--what", "nodes,roads", "--format", "json").stdout)["rows"]
    assert {r["what"] for r in rows} == {"node", "road"}
    one = json.loads(_ask(folder, "find", "west", "--most", "1", "--format", "json").stdout)
    assert len(one["rows"]) == 1
    assert one["found"] > 1
    assert "more" in _ask(folder, "find", "west", "--most", "1", "--lang", "en").stdout


def test_nothing_found_names_the_lists(folder: Path) -> None:
    done = _ask(folder, "find", "zzzzqqqq", "--lang", "en")
    assert done.returncode == 0
    assert "data list" in done.stdout
    assert json.loads(_ask(folder, "find", "zzzzqqqq", "--format", "json").stdout)["rows"] == []


def test_lists_hold_every_row_of_their_table(folder: Path) -> None:
    with (folder / "mini" / "roads" / "nodes.csv").open(encoding="utf-8") as file:
        nodes = [row["node_id"] for row in csv.DictReader(file)]
    rows = json.loads(_ask(folder, "data", "list", "nodes", "--format", "json", own=False).stdout)["rows"]
    assert [r["id"] for r in rows] == nodes
    goals = json.loads(_ask(folder, "data", "list", "goals", "projects", "--format", "json").stdout)["rows"]
    assert {r["what"] for r in goals} == {"goal", "project"}


def test_an_unknown_list_is_an_issue(folder: Path) -> None:
    done = _ask(folder, "data", "list", "statoins", "--format", "json")
    assert done.returncode == 2
    (issue,) = json.loads(done.stdout)["issues"]
    assert issue["code"] == "unknown_value"
    assert "stations" in issue["hint"]


def test_the_shipped_region_by_pinyin_and_indicators() -> None:
    rows = read_json("find", "hhht")["rows"]
    assert rows[0]["id"] == "hohhot"
    (first, *_) = read_json("find", "jingji", "qianli", "--what", "indicators")["rows"]  # 经济潜力
    assert first["id"] == "potential"


def test_ids_on_a_map(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "ids.html"
    done = _ask(folder, "data", "list", "nodes", "stations", "-o", str(target), "--lang", "en")
    assert done.returncode == 0, done.printed
    page = target.read_text(encoding="utf-8")
    assert "Ids on the map" in page
    assert '"west_gate"' in page
    assert "road node (6)" in page
    none = _ask(folder, "data", "list", "goals", "-o", str(tmp_path / "goals.html"))
    assert none.returncode == 2
    assert "no_coordinates" in none.stderr
