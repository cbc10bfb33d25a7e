"""timetable list, timetable diff, --timetable and the vintage under every table, as typed."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from tests.minipack import make_two_timetables_files, write_pack
from tests.study.mini_workspace import write_mini_scenarios
from transit_model.cli.app import app


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_pack(tmp_path / "mini", make_two_timetables_files())
    write_mini_scenarios(tmp_path / "scenarios")
    text = "id: early\ntitle: {zh: 早, en: early}\nbase: {as_of: 2015-12-31}\n"
    (tmp_path / "scenarios" / "early.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def _ask(folder: Path, line: str, *, own: bool = True) -> Result:
    where = ["--region", str(folder / "mini"), *(["--scenarios", str(folder / "scenarios")] if own else [])]
    return CliRunner().invoke(app, [*line.split(), *where])


def _ask_json(folder: Path, line: str, *, own: bool = True) -> dict[str, Any]:
    done = _ask(folder, f"{line} --format json", own=own)
    assert done.exit_code == 0, done.output
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def test_list(folder: Path) -> None:
    rows = _ask_json(folder, "timetable list", own=False)["rows"]
    assert [r["timetable"] for r in rows] == ["TT2020", "TT2023"]
    assert "one Wednesday only" in _ask(folder, "timetable list --lang en", own=False).stdout


def test_diff_is_the_same_in_every_format(folder: Path) -> None:
    line = "timetable diff TT2020 TT2023"
    result = _ask_json(folder, line, own=False)
    rows = result["rows"]
    assert [(r["from"], r["to"], r["fastest_after_min"]) for r in rows] == [
        ("west", "east", 40.0),
        ("east", "west", 50.0),
    ]
    assert "gaps" in result["caution"]["en"]
    table = _ask(folder, f"{line} --lang en", own=False).stdout
    assert "50 → 40" in table
    assert "gaps" in table
    cells = list(csv.DictReader(io.StringIO(_ask(folder, f"{line} --format csv", own=False).stdout)))
    assert [c["fastest_after_min"] for c in cells] == ["40.0", "50.0"]


@pytest.mark.parametrize("option", ["", "--timetable TT2020", "--timetable TT2023"])
def test_od_measures_the_timetable_and_tells_it(folder: Path, option: str) -> None:
    # `built` is of 2023-12-31: the newest not after it is TT2023
    result = _ask_json(folder, f"od --from west --to east --mode rail --reading promoter --scenario built {option}")
    (row,) = result["rows"]
    expected = "TT2020" if "2020" in option else "TT2023"
    assert row["timetable"] == expected
    assert row["minutes"] == {"TT2020": 50.0, "TT2023": 40.0}[expected]
    assert result["timetables"]["built"]["timetable"] == expected
    shown = _ask(folder, f"od --from west --to east --mode rail --scenario built --lang en {option}").stdout
    assert f"Timetable {expected}: " in shown


def test_a_base_before_every_timetable_names_its_file(folder: Path) -> None:
    done = _ask(folder, "od --from west --to east --scenario early")
    assert done.exit_code == 2
    assert "base_before_timetables" in done.output
    assert "early.yaml" in done.output
    checked = _ask(folder, "scenario check early")
    assert checked.exit_code == 2
    assert "base_before_timetables" in checked.output
    assert _ask(folder, "od --from west --to east --scenario early --timetable TT2020").exit_code == 0


def test_unknown_and_idle_timetables_exit_2(folder: Path) -> None:
    done = _ask(folder, "od --from west --to east --timetable TT2022")
    assert done.exit_code == 2
    assert "unknown_timetable" in done.output
    idle = _ask(folder, "od --from west --to east --mode rail --timetable TT2020 --date 2024-02-01")
    assert idle.exit_code == 2
    assert "--timetable TT2023" in idle.output


def test_phases_take_the_timetable_of_each_year(folder: Path) -> None:
    result = _ask_json(folder, "phases --scenario planned --goal rail-40 --from 2022 --to 2024")
    assert result["timetables"] == {"2022": "TT2020", "2023": "TT2023", "2024": "TT2023"}


def test_batch_measures_the_timetable_asked_for(folder: Path) -> None:
    fastest = {}
    for asked in ("TT2020", "TT2023"):
        out = folder / asked
        words = f"batch -o {out} --scenario built --origins west --to east --mode rail --reading promoter"
        result = _ask_json(folder, f"{words} --timetable {asked}")
        assert result["timetables"]["built"]["timetable"] == asked
        table = pd.concat([pd.read_parquet(p) for p in sorted(out.rglob("*.parquet"))])
        fastest[asked] = table["minutes"].min()
    assert fastest == {"TT2020": 50.0, "TT2023": 40.0}
