"""A folder of one's own on top of another: what is seen, what replaces what, what had opened by a day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.scenario.yaml_text import text_of
from transit_model.errors import GoalError, Issue, ScenarioError
from transit_model.goals.schema import load_goals
from transit_model.scenario.load import list_scenarios, load_projects, load_scenario, load_study
from transit_model.store.library import Library

TITLE = "title: {zh: 情景, en: a scenario}\n"
GOAL = """\
id: {id}
title: {{zh: 目标, en: "{title}"}}
kind: goal
quote: {{zh: 引文, en: quote}}
source: "[made]"
mode: rail
threshold_min: 60
judged_on: [typical]
pairs: {{pairs: [[a, b]]}}
"""


def write(folder: Path, name: str, body: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.yaml").write_text(f"id: {name}\n{TITLE}{body}", encoding="utf-8")


def write_project(folder: Path, name: str, kind: str, *, opens: str = "2030", more: str = "") -> None:
    (folder / "projects").mkdir(parents=True, exist_ok=True)
    text = text_of(kind, project_id=name).replace("opens: 2030", f"opens: {opens}")
    (folder / "projects" / f"{name}.yaml").write_text(text + more, encoding="utf-8")


@pytest.fixture
def library(tmp_path: Path) -> Library:
    shipped, own = tmp_path / "shipped", tmp_path / "own"
    write_project(shipped, "line", "rail_line")
    write_project(shipped, "rule", "policy")
    write(shipped, "base", "base: {as_of: 2025-12-31, opened: listed}\nprojects: [rule]\n")
    write(shipped, "plan", "base: base\nprojects: [line]\n")
    write(shipped, "study", "scenarios: [base, plan]\n")
    (shipped / "goals").mkdir()
    (shipped / "goals" / "hour.yaml").write_text(GOAL.format(id="hour", title="shipped"), encoding="utf-8")
    own.mkdir()
    return Library((own, shipped))


def issues_of(library: Library, name: str) -> list[Issue]:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(library, name)
    return caught.value.issues


def test_ids_of_both_folders_are_seen(library: Library) -> None:
    write_project(library.own, "road", "road_link")
    write(library.own, "mine", "base: base\nprojects: [line, road]\n")
    assert [p.id for p in load_scenario(library, "mine").projects] == ["rule", "line", "road"]
    assert [p.id for p in load_scenario(library, "plan").projects] == ["rule", "line"]
    assert [e.scenario_id for e in list_scenarios(library)] == ["base", "mine", "plan"]
    assert [p.id for p in load_projects(library)] == ["line", "road", "rule"]


def test_the_study_of_ones_own_folder_goes_before_the_one_it_builds_on(library: Library) -> None:
    assert [s.scenario_id for s in load_study(library.find_study(), library).scenarios] == ["base", "plan"]
    write(library.own, "mine", "inherits: plan\noverrides: {line.design_speed_kmh: 300}\n")
    write(library.own, "study", "scenarios: [base, mine]\n")
    study = load_study(library.find_study(), library)
    assert [s.scenario_id for s in study.scenarios] == ["base", "mine"]
    assert study.goals == ("hour",)


def test_goals_of_both_folders(library: Library) -> None:
    assert [g.id for g in load_goals(library)] == ["hour"]
    (library.own / "goals").mkdir()
    path = library.own / "goals" / "hour.yaml"
    path.write_text(GOAL.format(id="hour", title="mine"), encoding="utf-8")
    with pytest.raises(GoalError, match="id_twice"):
        load_goals(library)
    path.write_text(GOAL.format(id="hour", title="mine") + "replaces: true\n", encoding="utf-8")
    assert [g.title.en for g in load_goals(library)] == ["mine"]
    (library.own / "goals" / "own.yaml").write_text(GOAL.format(id="own", title="own"), encoding="utf-8")
    assert [g.id for g in load_goals(library)] == ["hour", "own"]


@pytest.mark.parametrize("word", ["scenario", "project"])
def test_the_same_id_twice_names_both_files(library: Library, word: str) -> None:
    if word == "scenario":
        write(library.own, "plan", "base: base\nprojects: [line]\n")
        mine, theirs = library.own / "plan.yaml", library.folders[1] / "plan.yaml"
    else:
        write_project(library.own, "line", "rail_line")
        mine, theirs = library.own / "projects/line.yaml", library.folders[1] / "projects/line.yaml"
    for name in ("plan", "base"):  # nothing is measured beside an id that means two things
        (found,) = issues_of(library, name)
        assert (found.code, found.file, found.value) == ("id_twice", str(mine), mine.stem)
        assert str(theirs) in found.message
        assert "replaces: true" in found.hint


def test_a_copy_word_for_word_is_to_be_deleted_or_to_replace(library: Library) -> None:
    shipped = library.folders[1] / "projects/line.yaml"
    copy = library.own / "projects/line.yaml"
    copy.parent.mkdir(exist_ok=True)
    copy.write_bytes(shipped.read_bytes())
    (found,) = issues_of(library, "base")
    assert found.code == "id_twice"
    assert "word for word" in found.message
    assert found.hint.startswith("delete this copy")
    assert "replaces: true" in found.hint


def test_replaces_true_takes_the_place_everywhere(library: Library) -> None:
    write_project(library.own, "line", "rail_line", more="replaces: true\nsummary: {zh: 新, en: of my own}\n")
    line = load_scenario(library, "plan").projects[1]  # a shipped scenario with a project of one's own
    assert line.summary is not None
    assert line.summary.en == "of my own"
    write(library.own, "plan", "base: base\nprojects: []\nreplaces: true\n")
    assert [p.id for p in load_scenario(library, "plan").projects] == ["rule"]


def test_a_road_that_replaces_roads_and_a_project(library: Library) -> None:
    write_project(library.folders[1], "road", "road_link")
    write_project(library.own, "road", "road_link", more="replaces: [i1--i2]\n")
    assert [i.code for i in issues_of(library, "plan")] == ["id_twice"]
    write_project(library.own, "road", "road_link", more="replaces: [i1--i2]\nreplaces_shipped: true\n")
    (road,) = (p for p in load_projects(library) if p.id == "road")
    assert road.replaces_shipped
    assert getattr(road, "replaces", ()) == ("i1--i2",)
    write_project(library.own, "road", "road_link", more="replaces: true\n")
    assert len(load_projects(library)) == 3


def test_what_replaces_nothing_is_told_with_the_near_names(library: Library) -> None:
    write(library.own, "plam", "base: base\nprojects: [line]\nreplaces: true\n")
    (found,) = issues_of(library, "plam")
    assert (found.code, found.file) == ("replaces_nothing", str(library.own / "plam.yaml"))
    assert "plan" in found.hint


def test_unknown_ids_offer_those_of_both_folders(library: Library) -> None:
    write(library.own, "planned-by-me", "base: base\n")
    assert "planned-by-me" in issues_of(library, "planned-by-mee")[0].hint
    assert "plan" in issues_of(library, "plann")[0].hint
    assert [i.code for i in issues_of(library, "built-2025")] == ["unknown_scenario"]


def test_a_base_by_date_holds_what_had_opened_by_then(library: Library) -> None:
    shipped = library.folders[1]
    write_project(shipped, "early", "bus_line", opens="2024-06-30")
    write_project(shipped, "late", "closure", opens="2026")
    write_project(shipped, "never", "rail_service", opens="unknown")
    write(library.own, "day", "base: {as_of: 2025-12-31}\nprojects: [line]\n")
    day = load_scenario(library, "day")
    assert [p.id for p in day.projects] == ["early", "line"]  # line by name although it opens in 2030
    assert day.as_of == date(2025, 12, 31)
    # the named base of that day lists a rule of 2030 and not the bus of 2024
    (result,) = day.remarks
    assert (result.code, result.severity, result.file, result.line) == ("base_differs", "warning", "day.yaml", 3)
    assert "differs from base: it also holds early; it lacks rule" in result.message
    write(library.own, "day-before", "base: {as_of: 2024-06-29}\n")
    assert load_scenario(library, "day-before").projects == ()
    assert load_scenario(library, "base").remarks == ()  # its list is what it says
    write(library.own, "rest", "base: {as_of: 2025-12-31}\nprojects: [early, rule]\n")
    assert [p.id for p in load_scenario(library, "rest").projects] == [
        "early",
        "rule",
    ]  # each once, by the author's list


def test_what_the_region_holds_already_is_left_to_it(library: Library) -> None:
    write_project(library.own, "opened", "road_link", opens="2024")
    write(library.own, "day", "base: {as_of: 2025-12-31}\n")
    asked = []

    def is_held(project: object, day: date) -> bool:
        asked.append(day)
        return True

    assert [p.id for p in load_scenario(library, "day").projects] == ["opened"]
    assert load_scenario(library, "day", is_held).projects == ()
    assert asked == [date(2025, 12, 31)]


def test_of_two_opened_rivals_the_earlier_stands_and_the_listed_one_before_both(library: Library) -> None:
    write_project(library.own, "first", "bus_line", opens="2023", more="conflicts: [second]\n")
    write_project(library.own, "second", "closure", opens="2024")
    write(library.own, "day", "base: {as_of: 2025-12-31}\n")
    assert [p.id for p in load_scenario(library, "day").projects] == ["first"]
    write(library.own, "mine", "base: {as_of: 2025-12-31}\nprojects: [second]\n")
    assert [p.id for p in load_scenario(library, "mine").projects] == ["second"]


def test_a_variant_without_a_project_that_the_scenario_overrides(library: Library) -> None:
    write(
        library.own,
        "v",
        "inherits: plan\noverrides: {line.design_speed_kmh: 300}\nvariants:\n"
        "  bare: {title: {zh: 甲, en: bare}, without: [line]}\n"
        "  both: {title: {zh: 乙, en: both}, without: [line], overrides: {line.design_speed_kmh: 200}}\n",
    )
    assert load_scenario(library, "v").overrides == {"line.design_speed_kmh": 300}
    bare = load_scenario(library, "v@bare")
    assert ([p.id for p in bare.projects], bare.overrides, bare.old_values) == (["rule"], {}, {})
    # what the variant itself both takes out and changes is a mistake
    assert [i.code for i in issues_of(library, "v@both")] == ["unknown_project"]
    write(
        library.own,
        "w",
        "inherits: v\nvariants:\n  bare: {title: {zh: 甲, en: bare}, without: [line]}\n",
    )
    assert load_scenario(library, "w@bare").overrides == {}  # the override came from the parent
