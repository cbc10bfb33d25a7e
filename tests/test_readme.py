"""The README is run: its worked example is written to files, its commands are executed, its numbers are compared."""

from __future__ import annotations

import csv
import re
import shlex
from pathlib import Path

import pytest

from tests.conftest import REPO
from tests.tools.command import read_json, run_command
from tests.tools.refresh_readme import START, build_table, read_headlines, read_notes, read_titles, replace_block

README = (REPO / "README.md").read_text(encoding="utf-8")
EXAMPLE = "## A scenario of your own in five minutes"


def _section(heading: str) -> str:
    return README.split(heading, 1)[1].split("\n## ", 1)[0]


def _blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, flags=re.DOTALL)


def _commands(text: str) -> list[list[str]]:
    lines = "\n".join(_blocks(text, "sh")).splitlines()
    return [shlex.split(line, comments=True)[1:] for line in lines if line.startswith("transit-model ")]


def write_yaml_blocks(text: str, scenarios: Path) -> list[Path]:
    """Write each YAML block that begins with its path into a folder of one's own, which builds on the shipped one."""
    written = []
    for block in _blocks(text, "yaml"):
        name = re.match(r"# scenarios/(\S+)\n", block)
        assert name is not None, "a YAML block begins with the path of its file"
        path = scenarios / name.group(1)
        assert not (REPO / "scenarios" / name.group(1)).exists(), f"the example would overwrite {name.group(1)}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block, encoding="utf-8")
        written.append(path)
    return written


@pytest.fixture(scope="module")
def scenarios(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("readme") / "scenarios"
    assert len(write_yaml_blocks(_section(EXAMPLE), folder)) == 2
    return folder


def test_example_commands_run(scenarios: Path) -> None:
    commands = _commands(_section(EXAMPLE))
    assert len(commands) == 4
    for command in commands:
        done = run_command(*command, "--scenarios", str(scenarios))
        assert done.returncode == 0, f"{command}: {done.printed}"
        assert done.stdout.strip()


@pytest.mark.smoke
def test_example_numbers_are_what_comes_out(scenarios: Path) -> None:
    printed = re.findall(r"^\| `(\w+)` \| (\d+) \| (\d+) \|$", _section(EXAMPLE), flags=re.MULTILINE)
    assert [reading for reading, _, _ in printed] == ["promoter", "typical", "door_to_door"]
    for column, scenario in enumerate(("built-2025", "hourly-ordos"), start=1):
        pair = ("--from", "hohhot", "--to", "ordos", "--mode", "rail")
        answer = read_json("od", *pair, "--scenario", scenario, "--scenarios", str(scenarios))
        minutes = {row["reading"]: f"{row['minutes']:.0f}" for row in answer["rows"]}
        assert minutes == {row[0]: row[column] for row in printed}


@pytest.mark.slow
def test_other_commands_run(tmp_path: Path) -> None:
    commands = _commands(_section("## What else it answers"))
    assert len(commands) >= 5
    quick = {"sureness": ("--draws", "4")}  # all 256 take half a minute
    for command in commands:
        done = run_command(*command, *quick.get(command[0], ()), cwd=tmp_path)
        assert done.returncode == 0, f"{command}: {done.printed}"
        if "-o" in command:
            assert (tmp_path / command[command.index("-o") + 1]).stat().st_size > 0


def test_verdict_table_is_the_present_one() -> None:
    assert README.count(START) == 1
    table = build_table(read_headlines(), read_titles(), read_notes())
    assert replace_block(README, table) == README, "the README's verdicts are old: say make golden and review the diff"


def test_a_reading_that_the_wording_cannot_mean_is_not_marked() -> None:
    row = {"goal": "g", "scenario": "s", "threshold_min": 30.0, "verdict": "met"}
    verdicts = [
        {**row, "reading": "promoter", "value_min": 29.0, "judged": True},
        {**row, "reading": "typical", "value_min": 28.0, "judged": False},
        {**row, "reading": "door_to_door", "value_min": None, "judged": False, "verdict": "cannot_tell"},
    ]
    assert build_table(verdicts, {}).splitlines()[-1].endswith("| 30 min | ✓29 · (28) · (-) |")


def test_commands_named_in_tables_exist() -> None:
    help_text = run_command("--help").stdout
    for name in ("run", "goals", "od", "isochrone", "explain", "scenario", "data"):
        assert re.search(rf"^\s+{name}\b", help_text, flags=re.MULTILINE), name


def test_the_counts_of_roads_are_those_of_the_pack() -> None:
    tables = [
        list(csv.DictReader((REPO / "data/hubaoewu/roads" / f"{name}.csv").read_text(encoding="utf-8").splitlines()))
        for name in ("links", "nodes")
    ]
    low = [sum(row["confidence"] == "low" for row in table) for table in tables]
    result = re.search(
        r"(\d+) expressways .+? (\d+) of\s+them and (\d+) of (\d+) nodes",
        _section("## What the embedded data are not"),
        re.S,
    )
    assert result is not None
    assert [int(n) for n in result.groups()] == [len(tables[0]), *low, len(tables[1])]
