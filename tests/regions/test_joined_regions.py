"""Both shipped regions as one: Ulanqab-Datong-Taiyuan by rail, the G55 and the G59 by road."""

from __future__ import annotations

import pytest

from tests.tools.command import read_json, run_command

BOTH = ("--region", "hubaoewu+taixin")


@pytest.fixture(scope="module")
def by_rail() -> dict[tuple[str, str], float]:
    command = ("od", *BOTH, "--from", "ulanqab,hohhot", "--to", "datong,taiyuan,shuozhou", "--mode", "rail")
    rows = read_json(*command, "--reading", "promoter")["rows"]
    return {(row["from"], row["to"]): row["minutes"] for row in rows}


def test_the_line_that_joins_both_regions_has_its_published_minutes(by_rail: dict[tuple[str, str], float]) -> None:
    assert by_rail["ulanqab", "datong"] == pytest.approx(40)
    assert by_rail["hohhot", "datong"] == pytest.approx(79)
    assert by_rail["hohhot", "taiyuan"] == pytest.approx(192)
    # 40 + 2 + 111: the train from Hohhot takes people on at Ulanqab.
    assert by_rail["ulanqab", "taiyuan"] == pytest.approx(153)


@pytest.mark.parametrize(("end", "ref", "border"), [("datong", "G55", "deshengkou"), ("shuozhou", "G59", "shahukou")])
def test_the_expressways_cross_the_border_where_both_regions_have_it(end: str, ref: str, border: str) -> None:
    result = read_json("explain", *BOTH, "hohhot", end, "--mode", "road", "--reading", "promoter")
    text = str(result)
    assert ref in text
    assert border in text or {"deshengkou": "得胜口", "shahukou": "杀虎口"}[border] in text


@pytest.mark.slow
def test_within_a_region_nothing_changes_but_what_the_other_knows_better() -> None:
    """Pairs far from the border have the minutes that each region has alone."""
    for region, start, end in (("hubaoewu", "baotou", "ordos"), ("taixin", "taiyuan", "xinzhou")):
        words = ("--from", start, "--to", end, "--mode", "road", "--scenario", "built-2020")
        alone = read_json("od", "--region", region, *words)["rows"]
        joined = read_json("od", *BOTH, *words)["rows"]
        assert [row["minutes"] for row in joined] == pytest.approx([row["minutes"] for row in alone], abs=0.05)


def test_the_table_to_review_is_shown_by_a_command() -> None:
    result = read_json("data", "unite", "hubaoewu+taixin")
    assert (result["schema"], result["region"]) == (1, "hubaoewu+taixin")
    kinds = {(row["item"], row["status"]) for row in result["rows"]}
    assert {("station", "same"), ("node", "conflict"), ("road", "conflict")} <= kinds
    table = run_command("data", "unite", "hubaoewu+taixin")
    assert "deshengkou" in table.stdout


@pytest.mark.slow
def test_every_scenario_of_both_applies_and_the_goals_are_judged() -> None:
    checked = run_command("scenario", "check", *BOTH)
    assert checked.returncode == 0, checked.printed
    verdicts = read_json("goals", *BOTH)["verdicts"]
    found = {(v["goal"], v["scenario"], v["reading"]): v["verdict"] for v in verdicts}
    assert found["ulanqab-datong-40", "built-2025", "promoter"] in ("met", "borderline")
    assert found["ulanqab-datong-40", "built-2023", "promoter"] == "missed"
    assert found["hohhot-taiyuan-3h", "built-2025", "door_to_door"] == "missed"
