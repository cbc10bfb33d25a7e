"""The edges of the process, seen from outside: locales, broken and closed streams, a folder that is gone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPO
from tests.minipack import write_minipack
from tests.study.mini_workspace import write_mini_scenarios
from transit_model.cli import streams

posix = pytest.mark.skipif(os.name == "nt", reason="a shell and streams of POSIX")
PROGRAM = [sys.executable, "-c", "from transit_model.cli import main; main()"]
PLAIN = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
"""A locale that knows ASCII only, and a Python that does nothing about it."""
pytestmark = posix


@pytest.fixture(scope="module")
def where(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("区域")  # Chinese in paths as well
    region, scenarios = write_minipack(folder / "小"), write_mini_scenarios(folder / "方案")
    return ["--region", str(region), "--scenarios", str(scenarios)]


def run(*words: str | bytes, shell: str = '"$@"', **more: str) -> subprocess.CompletedProcess[str]:
    """Run the program under a line of the shell in which ``"$@"`` stands for it."""
    line: list[str | bytes] = ["bash", "-c", shell, "bash", *PROGRAM, *words]
    environment = {**os.environ, "PYTHONPATH": str(REPO), "PYTHONUTF8": "1", **more}
    return subprocess.run(
        line,
        capture_output=True,
        check=False,
        encoding="utf-8",
        errors="replace",
        env=environment,
        timeout=120,
    )


def test_a_locale_without_chinese(where: list[str]) -> None:
    question = ["od", "--from", "西城", "--to", "东城", "--mode", "road", "--scenario", "built", *where]
    usual = run(*question, "--format", "csv")
    assert usual.returncode == 0, usual.stderr
    assert "west,east,road" in usual.stdout
    plain = run(*question, "--format", "csv", **PLAIN)
    assert (plain.returncode, plain.stdout, plain.stderr) == (0, usual.stdout, "")


def test_a_terminal_that_sends_gbk(where: list[str]) -> None:
    words = [w.encode("gbk") if w in ("西城", "东城") else w for w in ("od", "--from", "西城", "--to", "东城")]
    result = run(*words, "--mode", "road", "--scenario", "built", "--format", "csv", *where)
    assert result.returncode == 0, result.stderr
    assert "west,east,road" in result.stdout


def test_bytes_that_are_no_text_are_an_issue(where: list[str]) -> None:
    result = run("od", "--from", b"\xff\xfe", "--to", "east", "--scenario", "built", *where, "--lang", "en")
    assert result.returncode == 2
    assert "unknown_place" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_name_of_a_file_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = os.fsdecode("数".encode("gbk"))
    words = ["x", name]
    streams.mend_arguments(words)
    assert words == ["x", "数"]
    monkeypatch.chdir(tmp_path)
    Path(name).touch()
    words = ["x", name]
    streams.mend_arguments(words)
    assert words == ["x", name]


slow = pytest.mark.slow
LISTS = [["scenario", "list"], ["scenario", "list", "--format", "json"], ["run", "--help"], ["--help"]]


@pytest.mark.parametrize("words", LISTS)
def test_a_reader_that_goes_away(words: list[str]) -> None:
    result = run(*words, shell='"$@" | true; echo "${PIPESTATUS[0]}"')
    assert (result.stdout, result.stderr) == ("0\n", "")


@pytest.mark.parametrize("shell", ['"$@" >&-', pytest.param('"$@" 2>&-', marks=slow), '"$@" <&- >&- 2>&-'])
@pytest.mark.parametrize(
    "words", [["scenario", "list"], pytest.param(["scenario", "list", "--format", "json"], marks=slow)]
)
def test_closed_streams_are_as_good_as_nowhere(words: list[str], shell: str) -> None:
    result = run(*words, shell=shell)
    assert result.returncode == 0
    assert result.stderr == ""


def test_a_closed_stream_s_number_goes_to_no_file(where: list[str], tmp_path: Path) -> None:
    # Were number 1 free, the file would get it, and what is printed would land in the file.
    out = tmp_path / "od.csv"
    words = ["od", "--from", "west", "--to", "east", "--scenario", "built", *where, "-o", str(out)]
    assert run(*words, shell='"$@" <&- >&- 2>&-').returncode == 0
    closed = out.read_bytes()
    assert run(*words).returncode == 0
    assert out.read_bytes() == closed


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize("words", [*LISTS[:2], *(pytest.param(words, marks=slow) for words in LISTS[2:])])
def test_a_full_disk_behind_stdout(words: list[str]) -> None:
    result = run(*words, shell='"$@" >/dev/full')
    assert result.returncode == 2
    assert "<stdout>: error cannot_write" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["goals"],
        *(pytest.param(w.split(), marks=slow) for w in ("scenario list", "data verify", "scenario new policy")),
    ],
)
def test_a_working_folder_that_is_gone(words: list[str], tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    result = run(*words, shell=f'cd "{gone}"; rmdir "{gone}"; "$@"')
    assert result.returncode == 2
    assert ".: error cannot_read: the working folder does not exist any more" in result.stderr
    assert "Traceback" not in result.stderr
