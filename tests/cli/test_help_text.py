"""The kept help is what the parser prints; who is on a narrow terminal, or asks for more, is answered by the parser."""

from __future__ import annotations

import re
import subprocess
import sys
import unicodedata
from typing import Any

import pytest
from typer.main import get_command

from tests.conftest import REPO
from tests.tools.refresh_help import TARGETS, ask_for_help
from transit_model.cli.app import app, place_language
from transit_model.cli.engine_commands import place_verbose
from transit_model.cli.greeting import GREETING, HELP_COLUMNS, PROGRAM, find_cached_answer
from transit_model.cli.help_zh import read_words


@pytest.mark.parametrize("language", TARGETS)
def test_the_kept_help_is_the_parsers(language: str) -> None:
    kept = TARGETS[language].read_text(encoding="utf-8")
    printed = ask_for_help(HELP_COLUMNS, language), ask_for_help(200, language)
    assert printed == (kept, kept), "run python -m tests.tools.refresh_help"


def test_only_the_whole_help_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    kept, chinese = (TARGETS[lang].read_text(encoding="utf-8").rstrip("\n") for lang in ("en", "zh"))
    assert find_cached_answer([f"/usr/bin/{PROGRAM}", "--help"]) == kept
    assert find_cached_answer([PROGRAM, "--lang", "zh", "--help"]) == chinese
    assert find_cached_answer([PROGRAM, "--help", "--lang=zh"]) == chinese
    assert find_cached_answer([PROGRAM, "--help", "--lang", "fr"]) is None
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert find_cached_answer([PROGRAM, "--help"]) == chinese
    assert find_cached_answer([PROGRAM, "--lang", "en", "--help"]) == kept
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


@pytest.mark.parametrize(
    ("written", "understood", "language"),
    [
        (["od", "a", "b", "--lang", "zh"], ["od", "a", "b", "--lang", "zh"], "zh"),
        (["--lang", "zh", "od", "a", "b"], ["od", "a", "b", "--lang", "zh"], "zh"),
        (["--lang=zh", "scenario", "list"], ["scenario", "list", "--lang", "zh"], "zh"),
        (["--lang", "zh", "--help"], ["--help"], "zh"),
        (["od", "a", "b"], ["od", "a", "b"], "en"),
        (["od", "--lang", "fr"], ["od", "--lang", "fr"], "en"),  # the parser refuses it
    ],
)
def test_the_language_may_stand_before_the_command(
    written: list[str], understood: list[str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert place_language(written) == (understood, language)


def test_help_of_every_command_and_option_is_translated() -> None:
    texts = list_help(get_command(app))
    lacking = [text for text in texts if text not in read_words()]
    # A new option may come in English; a tenth of all may not.
    assert len(lacking) <= len(texts) // 10, "add to cli/help_words_zh.txt:\n" + "\n".join(lacking)
    stale = set(read_words()) - set(texts)
    assert len(stale) <= len(texts) // 10, "no such help any more:\n" + "\n".join(sorted(stale))


def list_help(command: Any) -> list[str]:
    """Return every help text of a command and all below it, each once."""
    texts = {(command.help or "").strip(), "Show this message and exit."}
    texts |= {p.help.strip() for p in command.params if getattr(p, "help", None)}
    for below in getattr(command, "commands", {}).values():
        texts |= set(list_help(below))
    return sorted(texts - {""})


@pytest.mark.parametrize("words", [[], ["od"], ["scenario"], ["attribute"], ["data", "list"]], ids=" ".join)
def test_help_in_chinese_fits_80_columns_and_names_every_option(words: list[str]) -> None:
    printed = ask_for_help(80, "zh", *words)
    wide = [line for line in printed.splitlines() if measure(line) > 80]
    assert not wide
    english = ask_for_help(80, "en", *words)
    names = set(re.findall(r"(?m)^  (?:-\w, )?(--[\w-]+)", english))
    assert names == set(re.findall(r"(?m)^  (?:-\w, )?(--[\w-]+)", printed))
    assert "用法：" in printed
    assert "选项：" in printed


def measure(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
