"""A question asked before is answered without asking again, and only when nothing that its answer hangs on changed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.conftest import REPO
from tests.study.mini_commands import write_mini
from transit_model.cli import answer_cache
from transit_model.cli.answer_cache import answer_question, make_question_key
from transit_model.store import entry_cache
from transit_model.store.cache import Cache
from transit_model.store.entry_cache import EntryCache

TEXT = "呼和浩特站 → 包头 55.0\n"


class Program:
    """Stands for the command line: prints, and counts how often it was run."""

    def __init__(self, text: str = TEXT, *, code: int | None = 0, warn: str = "") -> None:
        self.text, self.code, self.warn, self.runs = text, code, warn, 0

    def __call__(self) -> None:
        self.runs += 1
        sys.stdout.write(self.text)
        sys.stderr.write(self.warn)
        if self.code is not None:
            raise SystemExit(self.code)


@pytest.fixture
def argv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a question about a small region folder, with a cache of its own."""
    monkeypatch.setenv("TRANSIT_MODEL_CACHE", str(tmp_path / "cache"))
    for file in ("pack/region.yaml", "pack/roads/links.csv", "plans/s27.yaml"):
        path = tmp_path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("one", encoding="utf-8")
    where = ["--region", str(tmp_path / "pack"), f"--scenarios={tmp_path / 'plans'}"]
    return ["transit-model", "od", "--from", "a", "--to", "b", *where]


def ask(argv: list[str], program: Program) -> None:
    with suppress(SystemExit):
        answer_question(argv, program)


def test_the_second_time_the_same_is_printed_without_running(
    argv: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    program = Program()
    ask(argv, program)
    first = capsys.readouterr().out
    ask(argv, program)
    assert first == capsys.readouterr().out == TEXT
    assert program.runs == 1
    assert Cache().describe().entries == 1
    assert Cache().describe().leftover_bytes == 0
    Cache().clear()
    ask(argv, program)
    assert program.runs == 2


Change = Callable[[Path, pytest.MonkeyPatch], object]


def edit(name: str) -> Change:
    def write(folder: Path, _: pytest.MonkeyPatch) -> None:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("two", encoding="utf-8")

    return write


@pytest.mark.parametrize(
    "change",
    [
        edit("pack/region.yaml"),
        edit("pack/roads/links.csv"),
        edit("pack/roads/new.csv"),
        edit("plans/s27.yaml"),
        edit("plans/projects/s27.yaml"),
        edit("plans/goals/hour.yaml"),
        lambda folder, _: (folder / "plans/s27.yaml").unlink(),
        lambda _, patch: patch.setenv("LC_ALL", "zh_CN.UTF-8"),
        lambda _, patch: patch.setattr(answer_cache, "_stamp_program", lambda: ["another release"]),
        lambda _, patch: patch.setattr(sys.stdout, "isatty", lambda: True),
    ],
)
def test_whatever_an_answer_hangs_on_makes_the_question_new(
    argv: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: Change,
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    program = Program()
    ask(argv, program)
    before = make_question_key(argv)
    change(tmp_path, monkeypatch)
    assert make_question_key(argv) != before
    ask(argv, program)
    assert program.runs == 2


def test_other_words_are_another_question(argv: list[str]) -> None:
    keys = {make_question_key([*argv, *more]) for more in ([], ["--mode", "road"], ["--mode", "rail"])}
    assert len(keys) == 3
    assert None not in keys


@pytest.mark.parametrize(
    "more", [["-o", "x.csv"], ["-ox.csv"], ["--out=x.csv"], ["--debug"], ["--verbose"], ["--help"]]
)
def test_calls_that_write_or_tell_more_are_not_kept(argv: list[str], more: list[str]) -> None:
    assert make_question_key([*argv, *more]) is None


def test_files_that_nothing_reads_leave_the_question_as_it_was(argv: list[str], tmp_path: Path) -> None:
    before = make_question_key(argv)
    for file in ("pack/.git/index", "plans/.git/x.yaml", "plans/maps/index.html", "plans/old/x.yaml"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("two", encoding="utf-8")
    assert make_question_key(argv) == before


@pytest.mark.parametrize("more", ["-s ../elsewhere/plan", "--scenario=..\\plan", "--from a/b"])
def test_words_that_may_be_paths_are_left_to_the_parser(argv: list[str], more: str) -> None:
    assert make_question_key([*argv, *more.split()]) is None


def test_other_commands_and_wrong_folders_are_left_to_the_parser(argv: list[str], tmp_path: Path) -> None:
    assert make_question_key(["transit-model", "run", *argv[2:]]) is None
    assert make_question_key(["transit-model"]) is None
    assert make_question_key([*argv, "--region", str(tmp_path / "nowhere")]) is None
    assert make_question_key([*argv, "--scenarios", str(tmp_path / "nowhere")]) is None
    program = Program()
    ask([*argv, "--region", "nowhere"], program)
    assert program.runs == 1


@pytest.mark.parametrize("program", [Program(code=1), Program(code=2), Program(warn="slow\n"), Program("")])
def test_only_a_good_end_is_kept(argv: list[str], program: Program) -> None:
    ask(argv, program)
    ask(argv, program)
    assert program.runs == 2


def test_an_end_without_a_code_is_a_good_one(argv: list[str]) -> None:
    program = Program(code=None)
    ask(argv, program)
    ask(argv, program)
    assert program.runs == 1


def test_nothing_is_kept_when_a_file_changed_while_it_was_asked(argv: list[str], tmp_path: Path) -> None:
    program = Program()

    def run() -> None:
        (tmp_path / "plans/s27.yaml").write_text(f"{program.runs}", encoding="utf-8")
        program()

    for _ in range(2):
        with pytest.raises(SystemExit):
            answer_question(argv, run)
    assert program.runs == 2
    assert Cache().describe().entries == 0


def test_half_an_answer_is_not_kept(argv: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    class Closed:
        def write(self, _text: str) -> int:
            raise BrokenPipeError

        def isatty(self) -> bool:
            return False

    def run() -> None:
        try:
            sys.stdout.write(TEXT)
        except BrokenPipeError:
            raise SystemExit(0) from None

    key = make_question_key(argv)
    assert key is not None
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", Closed())
        with pytest.raises(SystemExit):
            answer_question(argv, run)
    assert EntryCache("answers").find(key) is None


def test_a_damaged_answer_is_asked_for_again(argv: list[str], tmp_path: Path) -> None:
    program = Program()
    ask(argv, program)
    (kept,) = (p for p in (tmp_path / "cache").rglob("*") if p.is_file())
    whole = kept.read_text(encoding="utf-8")
    for damaged in ("", "\n", "key hash\ntext", whole[:-5], whole.replace("55.0", "54.0")):
        kept.write_text(damaged, encoding="utf-8")
        runs = program.runs
        ask(argv, program)
        assert program.runs == runs + 1
        assert kept.read_text(encoding="utf-8") == whole


def test_an_answer_moves_out_for_another_of_its_place(argv: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry_cache, "PLACES", 1)
    one, other = Program("one\n"), Program("other\n")
    for program, question in ((one, argv), (other, [*argv, "--mode", "rail"]), (one, argv)):
        ask(question, program)
    assert (one.runs, other.runs) == (2, 1)
    assert Cache().describe().entries == 1


def test_a_cache_that_cannot_be_written_to_costs_time_only(
    argv: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "cache").write_text("a file stands here", encoding="utf-8")
    program = Program()
    ask(argv, program)
    ask(argv, program)
    assert program.runs == 2
    assert capsys.readouterr().out == TEXT * 2


def test_a_real_question_is_answered_twice_alike_and_the_second_time_without_libraries(tmp_path: Path) -> None:
    folder = write_mini(tmp_path)
    question = ["od", "--from", "west", "--to", "east", "--format", "json"]
    where = ["--region", str(folder / "mini"), "--scenarios", str(folder / "scenarios")]
    code = (
        f"import sys; sys.path.insert(0, {str(REPO)!r}); sys.argv = {['transit-model', *question, *where]!r}\n"
        "from transit_model.cli import main\n"
        "try:\n    main()\n"
        "finally:\n    print(sorted({'pandas', 'typer', 'numpy'} & set(sys.modules)), file=sys.stderr)"
    )
    environment = {**os.environ, "TRANSIT_MODEL_CACHE": str(tmp_path / "cache")}
    first, second = (
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", env=environment, check=True
        )
        for _ in range(2)
    )
    assert first.stdout == second.stdout
    assert '"minutes"' in first.stdout
    assert first.stderr.strip() == "['numpy', 'pandas', 'typer']"
    assert second.stderr.strip() == "[]"
