"""The harness itself: runs are told right, a slow case is stopped, and the page is the one of the results."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from tests.bench.harness import CaseFailedError, Runs, Section, growth_exponent, measure, run_case
from tests.bench.report import PAGE, RESULTS, build_page


def test_runs_tell_median_and_range() -> None:
    ours, theirs = Runs((0.1, 0.2, 0.4)), Runs((0.4, 0.4, 2.0))
    assert ours.tell() == "200 (100-400)"
    assert ours.tell(per=100) == "2 (1-4)"
    assert ours.times_faster(theirs) == "4 (2-5)"


def test_measure_runs_all_calls_in_turn() -> None:
    seen: list[str] = []
    runs = measure({"a": lambda: seen.append("a"), "b": lambda: seen.append("b")}, runs=2)
    assert seen == ["a", "b"] * 3
    assert len(runs["a"].times_s) == 2


def test_growth_of_a_square_is_two() -> None:
    assert growth_exponent([1, 2, 4], [1, 4, 16]) == pytest.approx(2)


def slow_case(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def test_a_case_answers_or_is_stopped() -> None:
    assert run_case(f"{__name__}:slow_case", 30, seconds=0.0) == 0.0
    with pytest.raises(CaseFailedError, match="stopped after 1 s"):
        run_case(f"{__name__}:slow_case", 1, seconds=60)
    with pytest.raises(CaseFailedError, match="TypeError"):
        run_case(f"{__name__}:slow_case", 30, minutes=1)


def test_a_section_becomes_json_and_a_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BENCH_RESULTS", str(tmp_path))
    section = Section("x", 1, "Title", "About.", [{"what": "ours", "ms": 1.25}], ["a note"], {"peer": "no wheel"})
    result = json.loads(section.save().read_text(encoding="utf-8"))
    assert result["rows"] == [{"what": "ours", "ms": 1.25}]
    page = build_page(tmp_path)
    assert "| what | ms |\n|---|---|\n| ours | 1.25 |" in page
    assert "- peer: skipped, no wheel" in page


def test_the_page_is_the_one_of_the_results() -> None:
    assert RESULTS.is_dir(), "no results: make bench bench-page"
    assert PAGE.read_text(encoding="utf-8") == build_page(), "run python -m tests.bench.report"
