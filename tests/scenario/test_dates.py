"""Openings that a scenario overrides reach bases by date, the phased plan and the draws of uncertain numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenario.test_own_library import issues_of, write, write_project
from tests.study.mini_workspace import open_mini_workspace
from transit_model.analysis.phasing import find_first_years
from transit_model.analysis.uncertainty import draw_numbers
from transit_model.domain.modes import Reading
from transit_model.scenario.base_schema import parse_opens
from transit_model.scenario.load import load_scenario
from transit_model.store.library import Library


@pytest.fixture
def library(tmp_path: Path) -> Library:
    own, shipped = tmp_path / "own", tmp_path / "shipped"
    write_project(shipped, "early", "bus_line", opens="2024")
    write_project(shipped, "never", "rail_service", opens="unknown")
    own.mkdir()
    return Library((own, shipped))


def test_a_base_by_date_takes_the_openings_of_the_scenario(library: Library) -> None:
    write(library.own, "plain", "base: {as_of: 2030-12-31}\n")
    assert [p.id for p in load_scenario(library, "plain").projects] == ["early"]
    write(library.own, "sooner", "base: {as_of: 2030-12-31}\noverrides: {never.opens: 2029}\n")
    sooner = load_scenario(library, "sooner")
    assert [(p.id, p.opens.as_text()) for p in sooner.projects] == [("early", "2024"), ("never", "2029")]
    assert sooner.old_values == {"never.opens": "unknown"}
    write(library.own, "later", "base: {as_of: 2030-12-31}\noverrides: {early.opens: 2032}\n")
    later = load_scenario(library, "later")
    assert later.projects == ()
    (remark,) = later.remarks
    assert (remark.code, remark.severity, remark.line) == ("opens_later", "info", 4)
    write(
        library.own,
        "both",
        "base: {as_of: 2030-12-31}\nvariants:\n"
        "  late: {title: {zh: 晚, en: late}, overrides: {early.opens: '2031-01-01'}}\n",
    )
    assert load_scenario(library, "both").projects != ()
    assert load_scenario(library, "both@late").projects == ()


def test_dates_that_are_none_are_issues(library: Library) -> None:
    write(library.own, "wrong", "base: {as_of: 2030-12-31}\noverrides: {never.opens: soon}\n")
    (found,) = issues_of(library, "wrong")
    assert (found.code, found.file, found.line) == ("bad_opening", "wrong.yaml", 4)
    write(library.own, "nobody", "base: {as_of: 2030-12-31}\noverrides: {nevr.opens: 2029}\n")
    assert [i.code for i in issues_of(library, "nobody")] == ["unknown_project"]


def test_the_phased_plan_and_the_draws_take_them_too(tmp_path: Path) -> None:
    mini = open_mini_workspace(tmp_path)
    folder = mini.library.folders[0]
    (folder / "redated.yaml").write_text(
        "id: redated\ntitle: {zh: 改期, en: redated}\nbase: built\nprojects: [hsr, twin, works]\n"
        "overrides: {hsr.opens: 2032, twin.opens: [2029, 2031]}\n",
        encoding="utf-8",
    )
    (folder / "projects" / "works.yaml").write_text(
        "id: works\nkind: closure\ntitle: {zh: 施工, en: works}\nstatus: planned\nopens: 2030-03\nends: 2030-09\n"
        "source: [made]\nconfidence: low\nroads: [mid--farm]\n",
        encoding="utf-8",
    )
    (goal,) = (g for g in mini.goals() if g.id == "rail-40")
    phases = find_first_years(mini.afresh(), "redated", [goal], first=2026, last=2033, readings=[Reading.PROMOTER])
    # hsr opens in 2027 and twin never in their own files; each runs 30 min. A span counts from its last year.
    assert phases.openings == {2031: ("twin",), 2032: ("hsr",)}
    assert phases.goals[0].first_met == 2031
    assert phases.undated == ()
    assert phases.over == ("works",)  # they begin and end within 2030, and the years are measured at their last day
    projects = mini.afresh().scenario("redated").projects
    uncertain, values = draw_numbers(mini, projects, draws=16, seed=1, by_year=2030)
    spans = {u.key: (u.low, u.high) for u in uncertain if u.kind == "opening"}
    assert spans == {"hsr.opens": (2032, 2032), "twin.opens": (2029, 2031), "works.opens": (2030, 2030)}
    column = [u.key for u in uncertain].index("twin.opens")
    assert set(values[:, column]) == {2029, 2030, 2031}


@pytest.mark.parametrize(
    ("written", "en", "zh"),
    [
        (2027, "2027", "2027"),
        ([2027, 2029], "2027-2029", "2027-2029"),
        ("2027-06", "2027-06", "2027-06"),
        ("2027-12", "2027-12", "2027-12"),
        ("2027-06-30", "2027-06-30", "2027-06-30"),
        (["2027-03", "2027-06"], "2027-03 to 2027-06", "2027-03至2027-06"),
        (["2027-03-05", "2027-06"], "2027-03-05 to 2027-06-30", "2027-03-05至2027-06-30"),
        ("unknown", "unknown", "未知"),
    ],
)
def test_an_opening_or_ending_is_shown_as_closely_as_it_was_written(written: object, en: str, zh: str) -> None:
    opens = parse_opens(written)
    assert (opens.as_text(), opens.as_text("zh")) == (en, zh)
