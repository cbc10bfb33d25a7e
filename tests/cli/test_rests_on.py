"""Values at an end of their range stand beside the numbers of every command that measures with them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from transit_model.cli.app import app

HSR = "350 km/h, upper end of 250-350"


def run(*words: str) -> str:
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == 0, done.output
    return done.stdout


def read(*words: str) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(run(*words, "--format", "json"))
    return result


def batch(folder: Path) -> tuple[str, ...]:
    return ("batch", "-o", str(folder), "--origins", "hohhot", "--to", "baotou", "--mode", "rail")


def test_batch_and_indicators_tell_what_their_scenario_rests_on(tmp_path: Path) -> None:
    for n, words in enumerate((batch(tmp_path / "a"), ("indicators", "mean_time", "--mode", "road"))):
        more = ("--resume",) if n == 0 else ()
        result = read(*words, "-s", "hubao-hsr")
        assert [note["field"] for note in result["rests_on"]["hubao-hsr"]] == ["design_speed_kmh"]
        assert "issues" not in result
        told_in_words = run(*words, *more, "-s", "hubao-hsr", "--lang", "en")
        assert f"hubao-hsr rests on Hohhot-Baotou high-speed railway: {HSR}" in told_in_words.replace("\n", " ")
    assert "rests_on" not in read(*batch(tmp_path / "b"), "-s", "built-2025")


def test_attribute_tells_it_of_the_projects_that_it_adds() -> None:
    words = ("attribute", "od:hohhot:baotou:rail", "-p", "hubao_hsr,one_card")
    assert list(read(*words)["rests_on"]) == ["hubao_hsr"]  # neither the base nor the card has a number at an end
    assert f"hubao_hsr rests on Hohhot-Baotou high-speed railway: {HSR}" in run(*words, "--lang", "en")


@pytest.mark.parametrize(
    ("vary", "rests_on"),
    [
        ("hubao_hsr.design_speed_kmh", ["s27_hohhot"]),  # what is varied rests on no value
        ("hubao_hsr.service.headway_min", ["hubao_hsr", "s27_hohhot"]),
    ],
)
def test_require_does_not_rest_on_what_it_varies(vary: str, rests_on: list[str]) -> None:
    goal = ("require", "hohhot-baotou-1h-2027", "--reading", "promoter", "--vary", vary)
    assert list(read(*goal, "-p", "hubao_hsr,s27_hohhot")["rests_on"]) == rests_on
