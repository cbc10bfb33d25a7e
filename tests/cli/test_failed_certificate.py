"""A certificate that fails: the answer is written all the same, the fault told in either language, exit code 3."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import transit_model as tm
from tests.study.mini_commands import ask, write_mini
from transit_model.cli.study_commands import register
from transit_model.study import compare


@pytest.fixture(scope="module")
def mini(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_mini(tmp_path_factory.mktemp("mini"))


@pytest.fixture(autouse=True)
def wrong_claim(monkeypatch: pytest.MonkeyPatch) -> None:
    """Claim that to take projects away only improves."""
    monkeypatch.setattr(compare, "is_improvement_only", lambda *_: True)


def test_a_comparison_is_printed_and_its_fault_told_in_both_languages(mini: Path) -> None:
    done = ask(register, mini, "compare", "planned", "built", "--lang", "zh")
    assert done.exit_code == 3
    assert "起点" in done.stdout
    assert "只含改善的改动却使" in done.stderr
    assert "这是模型的错误" in done.stderr
    assert "improves" not in done.stderr


def test_json_holds_the_answer_and_what_failed(mini: Path) -> None:
    done = ask(register, mini, "compare", "planned", "built", "--format", "json", "--lang", "en")
    assert done.exit_code == 3
    data = json.loads(done.stdout)
    assert data["od"]
    codes = {issue["code"] for issue in data["certificate"]["failures"]}
    assert codes == {"improvement_worsens"}
    assert "an edit that only improves makes slower" in done.stderr


def test_python_gets_the_answer_and_a_warning(mini: Path) -> None:
    ws = tm.open(mini / "mini", scenarios=mini / "scenarios")
    with pytest.warns(UserWarning, match="an edit that only improves makes slower"):
        result = tm.compare(ws, "planned", "built")
    assert len(result.od)
    assert {issue.code for issue in result.failures} == {"improvement_worsens"}


def test_the_study_writes_its_pages(mini: Path, tmp_path: Path) -> None:
    (mini / "scenarios" / "study.yaml").write_text(STUDY, encoding="utf-8")
    done = ask(register, mini, "run", "--workers", "1", "--lang", "en", "-o", str(tmp_path / "maps"))
    assert done.exit_code == 3, done.output
    assert (tmp_path / "maps" / "index.html").is_file()
    assert "an edit that only improves makes slower" in done.stderr


STUDY = """\
id: study
title: {zh: 研究, en: study}
scenarios: [built, planned]
comparisons: [{base: planned, scenario: built}]
"""
