"""What differs between two scenarios: hand-made edits of the town, pairs of the library, the command."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.network.town import make_town
from transit_model.analysis.phasing import find_first_years
from transit_model.catalogue.check import check_library
from transit_model.catalogue.diff import CHANGES, SECTIONS, Difference, diff_networks, diff_scenarios
from transit_model.catalogue.route_summary import summarise_routes
from transit_model.cli.app import app
from transit_model.measure.session import Session
from transit_model.measure.workspace import Workspace

CHINESE = re.compile(r"[\u4e00-\u9fff]")
PAIRS = [
    ("built-2020", "built-2025"),
    ("built-2025", "everything-planned"),
    ("s27", "s27@end-2017"),
    ("intercity-bus", "one-card"),
]


def keys(found: list[Difference]) -> list[tuple[str, str, str, str]]:
    return [(d.section, d.item, d.change, d.field) for d in found]


def test_equal_networks_differ_in_nothing(town: Session) -> None:
    assert diff_networks(town.network, make_town()) == []


def test_a_road_made_longer_and_faster_is_told_once_for_both_directions(town: Session) -> None:
    links = town.network.links.copy()
    links.loc[links["road_id"] == "a--b", ["length_m", "maxspeed_kmh"]] = [41500.0, 100.0]
    found = diff_networks(town.network, town.network.with_tables(links=links))
    assert [(d.field, d.before, d.after) for d in found] == [("maxspeed_kmh", 80.0, 100.0), ("length_km", 40.0, 41.5)]
    assert found[1].en.endswith("length (km): 40 -> 41.5")
    assert found[1].zh.endswith("长度（公里）：40 -> 41.5")


def test_a_road_made_one_way_and_a_road_taken_away(town: Session) -> None:
    links = town.network.links
    kept = links[(links["link_id"] != "a--b~") & (links["road_id"] != "b--c")].reset_index(drop=True)
    found = diff_networks(town.network, town.network.with_tables(links=kept))
    assert keys(found) == [("road", "a--b", "changed", "oneway"), ("road", "b--c", "removed", "")]
    assert (found[0].before, found[0].after) == (False, True)
    assert found[1].en.endswith(": 30.0 km, class I road, 100 km/h, toll")


def test_trips_moved_by_a_minute_are_counted_and_trips_taken_away_are_departures_less(town: Session) -> None:
    feed = town.network.feed
    route = str(feed.trips["route_id"].iloc[0])
    trips = feed.trips.loc[feed.trips["route_id"] == route, "trip_id"].tolist()
    times = feed.stop_times.copy()
    moved = times["trip_id"] == trips[0]
    times.loc[moved, ["arrival_clock_s", "departure_clock_s"]] += 60
    later = town.network.with_tables(feed=replace(feed, stop_times=times))
    found = [d for d in diff_networks(town.network, later) if d.field == "retimed"]
    assert [(d.item, d.before, d.after) for d in found] == [(route, 0, 1)]

    fewer = replace(feed, trips=feed.trips[feed.trips["trip_id"] != trips[0]])
    before, after = (summarise_routes(town.network.with_tables(feed=f))[route].departures for f in (feed, fewer))
    assert (before, after) == (5, 4)


def test_a_headway_band_counts_each_of_its_vehicles(shipped: Workspace) -> None:
    route = summarise_routes(shipped.network("hubao-hsr@frequent"))["project:hubao_hsr"]
    # 06:20 to 22:00 is 940 min, every 20 min: 47 departures, in two directions 94
    assert (route.departures, route.headway_s) == (94, 1200)
    assert (route.first_clock_s, route.last_clock_s) == (6 * 3600 + 20 * 60, 22 * 3600)


def test_an_assumption_that_changed_is_named_with_its_unit(town: Session) -> None:
    a = town.network
    b = a.with_tables(assumptions=a.assumptions.with_changes(bus_entry_min=3))
    assert [(d.item, d.before, d.after, d.en) for d in diff_networks(a, b)] == [
        ("bus_entry_min", 6.0, 3.0, "bus_entry_min: 6.0 -> 3.0 min")
    ]


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_swapped_scenarios_swap_what_was_added_and_removed(shipped: Workspace, first: str, second: str) -> None:
    there, back = diff_scenarios(shipped, first, second), diff_scenarios(shipped, second, first)
    assert there
    swap = {"added": "removed", "removed": "added", "changed": "changed"}
    assert sorted(keys(there)) == sorted((s, i, swap[c], f) for s, i, c, f in keys(back))
    values = {(d.section, d.item, d.field): (d.before, d.after) for d in there}
    # how many trips have other times is counted alike in both directions
    turned = {True: lambda d: (d.before, d.after), False: lambda d: (d.after, d.before)}
    assert all(values[d.section, d.item, d.field] == turned[d.field == "retimed"](d) for d in back)
    for d in there:
        assert d.section in SECTIONS
        assert d.change in CHANGES
        assert not CHINESE.search(d.en), d


def test_s27_on_the_base_of_2025(shipped: Workspace) -> None:
    found = diff_scenarios(shipped, "built-2025", "s27")
    assert [d.item for d in found if d.section == "project"] == ["s27_hohhot", "s27_ordos"]
    # 54.2 + 21.6 = 75.8 km are the Hohhot section
    roads = {d.item: d.after for d in found if d.section == "road"}
    assert sorted(r["length_km"] for r in roads.values())[:2] == [21.6, 54.2]
    assert {(r["highway"], r["maxspeed_kmh"], r["toll"]) for r in roads.values()} == {("motorway", 120.0, True)}
    assert {d.section for d in found} == {"project", "road"}


def test_overrides_show_what_the_file_says_and_what_the_scenario_says(shipped: Workspace) -> None:
    found = [d for d in diff_scenarios(shipped, "hubao-hsr@slow", "hubao-hsr@frequent") if d.section == "override"]
    result = {d.field: (d.before, d.after) for d in found}
    assert result == {"design_speed_kmh": (250, 350), "service.headway_min": (44, 20)}


@pytest.fixture
def opened(shipped: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """Let commands use the region that the tests have read already."""
    monkeypatch.setattr(Workspace, "open", classmethod(lambda *_: shipped))
    return shipped


@pytest.mark.usefixtures("opened")
def test_the_command_in_three_formats_and_two_languages() -> None:
    run = CliRunner().invoke
    table = run(app, ["scenario", "diff", "built-2025", "s27", "--lang", "zh"], env={"COLUMNS": "160"})
    assert table.exit_code == 0
    assert "盛乐互通 - 托克托互通：54.2 公里，高速公路，120 公里/小时，收费" in table.output.replace("\n", "")
    data = json.loads(run(app, ["scenario", "diff", "built-2025", "s27", "--format", "json"]).output)
    assert (data["schema"], data["first"], data["second"]) == (1, "built-2025", "s27")
    assert {"section", "item", "change", "field", "before", "after", "zh", "en"} == set(data["differences"][0])
    lines = run(app, ["scenario", "diff", "built-2025", "s27", "--format", "csv"]).output.splitlines()
    assert len(lines) == 1 + len(data["differences"])
    same = run(app, ["scenario", "diff", "s27", "s27", "--lang", "en"])
    assert same.output == "s27 and s27 have the same inputs\n"
    assert run(app, ["scenario", "diff", "s27", "s28"]).exit_code == 2


def test_goal_places_are_checked_once_however_many_scenarios(shipped: Workspace, tmp_path: Path) -> None:
    (tmp_path / "goals").mkdir()
    text = (shipped.scenarios_dir / "goals/rail-half-hour.yaml").read_text(encoding="utf-8")
    wrong = text.replace("id: rail-half-hour", "id: mine").replace("baotou", "baotoo")
    (tmp_path / "goals/mine.yaml").write_text(wrong, encoding="utf-8")
    found = check_library(None, tmp_path, None)
    assert [(i.code, i.file) for i in found.issues if i.severity == "error"] == [("unknown_place", "mine.yaml")]
    assert len(found.goals) == len(shipped.goals()) + 1
    assert len(found.scenarios) > 30
    assert "s27@end-2017" in found.scenarios
    assert "s27_ordos_2017" in found.projects


@pytest.mark.usefixtures("opened")
def test_check_says_how_much_it_checked() -> None:
    result = CliRunner().invoke(app, ["scenario", "check", "s27", "--lang", "en"])
    assert result.exit_code == 0
    # s27 and its two variants; jidayuan_hsr, emu_regular and baoyin_hsr of the base, both sections of the S27, its
    # other end of 2017
    assert result.stdout == "3 scenarios (variants included), 6 projects, 0 goals: 0 errors, 2 warnings\n"
    assert result.stderr.count("is 120, the upper end of its range 100-120") == 2  # the speed of both sections


def test_the_plan_of_a_scenario_by_year(shipped: Workspace) -> None:
    judged = find_first_years(shipped, "everything-2035", [], first=2023, last=2028)
    # S29, S43 and S311 opened in 2025 and are roads of the region by date; of all dated projects only those of the
    # scenario count, with those of its base: jidayuan_hsr of 31 December 2024, baoyin_hsr of 23 December 2025
    assert judged.openings == {
        2024: ("jidayuan_hsr",),
        2025: ("emu_regular", "baoyin_hsr"),
        2026: ("shengle_airport",),
        2027: ("s26",),
        2028: ("s27_hohhot",),
    }
    assert "hubao_hsr" in judged.undated
    assert "hue_hsr" not in judged.undated  # not in this scenario
    small = find_first_years(shipped, "hubao-hsr", [], first=2025, last=2026)
    assert small.openings == {2025: ("jidayuan_hsr", "emu_regular", "baoyin_hsr")}
    assert small.undated == ("hubao_hsr",)
