"""The kept help is what the parser prints; who is on a narrow terminal, or asks for more, is answered by the parser."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import REPO
from tests.tools.refresh_help import TARGET, ask_for_help
from transit_model.cli.engine_commands import place_verbose
from transit_model.cli.greeting import GREETING, HELP_COLUMNS, PROGRAM, find_cached_answer


def test_the_kept_help_is_the_parsers() -> None:
    kept = TARGET.read_text(encoding="utf-8")
    assert kept == ask_for_help(HELP_COLUMNS) == ask_for_help(200), "run python -m tests.tools.refresh_help"


def test_only_the_whole_help_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    kept = TARGET.read_text(encoding="utf-8").rstrip("\n")
    assert find_cached_answer([f"/usr/bin/{PROGRAM}", "--help"]) == kept
    assert find_cached_answer([PROGRAM]) == GREETING
    for argv in ([PROGRAM, "od", "--help"], [PROGRAM, "--version"], ["python", "--help"], [PROGRAM, "--help", "-v"]):
        assert find_cached_answer(argv) is None
    monkeypatch.setenv("COLUMNS", "60")
    assert find_cached_answer([PROGRAM, "--help"]) is None


def test_the_whole_help_loads_no_parser() -> None:
    code = (
        "import sys; sys.argv = ['transit-model', '--help']; from transit_model.cli import main; main();"
        "sys.stderr.write(str({'typer', 'click', 'rich', 'typing'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(REPO)!r}); {code}"],
        capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    assert "Usage: transit-model" in done.stdout
    assert "typer" not in done.stderr
    assert "click" not in done.stderr


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        (["od", "--from", "a"], ["od", "--from", "a"]),
        (["od", "--verbose", "--from", "a"], ["--verbose", "od", "--from", "a"]),
        (["--verbose", "run", "-o", "x"], ["run", "-o", "x", "--verbose"]),
        (["run", "--verbose"], ["run", "--verbose"]),
    ],
)
def test_verbose_may_stand_anywhere(written: list[str], understood: list[str]) -> None:
    assert place_verbose(written) == understood
