"""Who earns the gain of a comparison: parts by hand on the mini pack; the map data that goes with it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.study.mini_workspace import open_mini_workspace
from transit_model.analysis.gain_shares import COLUMNS, Sharer, list_measures, list_parts
from transit_model.measure.road_routes import list_road_routes
from transit_model.measure.workspace import Workspace
from transit_model.pages.view_build import build_study_basemap
from transit_model.surface.gained import CellTimes, list_saved_areas
from transit_model.surface.grid import Grid


@pytest.fixture(scope="module")
def mini(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return open_mini_workspace(tmp_path_factory.mktemp("earned"))


def _sharer(mini: Workspace) -> Sharer:
    goals = [g.model_copy(update={"headline": True}) for g in mini.goals() if g.id in ("rail-40", "bus-60")]
    return Sharer(mini, goals)


def test_one_project_earns_everything(mini: Workspace) -> None:
    """50 -> 30 minutes by train: the margin of 40 moves from -10 to 10. No bus runs, so the bus goal is left out."""
    table = _sharer(mini).share("built", "rail-only")
    assert table is not None
    assert tuple(table.columns) == COLUMNS
    row = table.set_index("measure").loc["goal:rail-40:promoter:margin"]
    assert row[["before", "after", "shapley", "add_one", "leave_one_out"]].tolist() == [-10, 10, 20, 20, 20]
    assert row["project"] == "hsr"
    assert not table["measure"].str.contains("bus-60").any()


def test_each_scenario_has_a_project_as_it_says(mini: Workspace) -> None:
    """The same line at 135 km/h in another scenario over the same base: 50 -> 40 minutes."""
    text = "id: slower\ntitle: {zh: 慢, en: slower}\nbase: built\nprojects: [hsr]\n"
    overrides = "overrides: {hsr.commercial_speed_kmh: 135}\n"
    (mini.scenarios_dir / "slower.yaml").write_text(text + overrides, encoding="utf-8")
    sharer = _sharer(mini)
    after: dict[str, list[tuple[float, float]]] = {}
    for scenario in ("rail-only", "slower", "rail-only"):
        table = sharer.share("built", scenario)
        assert table is not None
        row = table.set_index("measure").loc["goal:rail-40:promoter:margin"]
        after.setdefault(scenario, []).append((row["after"], row["shapley"]))
    assert after == {"rail-only": [(10.0, 20.0)] * 2, "slower": [(0.0, 10.0)]}


def test_many_projects_are_taken_together_by_kind(mini: Workspace) -> None:
    table = _sharer(mini).share("built", "planned")
    assert table is not None
    parts = table.groupby("project")["n_projects"].first().to_dict()
    assert parts == {"rail": 1, "road": 2, "other": 1}
    shares = table.pivot(index="measure", columns="project", values="shapley")
    assert shares.loc["goal:rail-40:promoter:margin", "rail"] == 20
    gain = table.groupby("measure")[["before", "after"]].first()
    for name, row in shares.iterrows():
        better = -1 if str(name).startswith("watt") else 1
        assert row.sum() == pytest.approx(better * (gain.loc[name, "after"] - gain.loc[name, "before"]), abs=1e-5)


def test_what_differs_in_more_than_projects_is_not_shared_out(mini: Workspace) -> None:
    sharer = _sharer(mini)
    assert sharer.share("planned", "built") is None  # projects taken away
    assert sharer.share("built", "built") is None


def test_measures_have_words_in_both_languages(mini: Workspace) -> None:
    for named in list_measures(mini, mini.goals()):
        assert named.title["zh"]
        assert named.title["en"]
    assert [p.projects for p in list_parts(mini.scenario("planned").projects[:2])] == [("hsr",), ("bridge_west",)]


def test_saved_minutes_by_hand() -> None:
    """Four cells of 1 km: 600 -> 540 s saves 1 min, 1800 -> 600 s 20 min, unreached -> 900 s counts, 60 -> inf not."""
    grid = Grid("EPSG:32649", 500_000.0, 4_500_000.0, 1000.0, 4, 1)
    base = np.array([[600.0, 1800.0, np.inf, 60.0]])
    after = np.array([[540.0, 600.0, 900.0, np.inf]])
    result = CellTimes("west", "road", "door_to_door", grid, base, after, np.array([[1.0, 10.0, 100.0, 1000.0]]))
    areas = list_saved_areas([result], (5.0, 15.0, 30.0)).set_index("saved_min")
    assert areas["population"].to_dict() == {5.0: 110.0, 15.0: 110.0, 30.0: 100.0}
    assert areas["area_km2"].to_dict() == {5.0: 2.0, 15.0: 2.0, 30.0: 1.0}
    assert list_saved_areas([replace(result, scenario_s=base)], (5.0, 15.0, 30.0)).empty


def test_the_base_map_has_each_scenario_s_own_roads(mini: Workspace) -> None:
    """The byway is widened in one network only: it is drawn twice, each form with the scenario that has it."""
    built = mini.session("built").network
    changed = built.links.copy()
    byway = changed["road_id"] == "mid--farm"
    assert byway.any()
    changed.loc[byway, "maxspeed_kmh"] = 60.0
    roads = build_study_basemap({"a": built, "b": built.with_tables(links=changed)}).roads
    assert roads is not None
    assert sorted(roads["scenarios"].value_counts().index) == [("a",), ("a", "b"), ("b",)]
    assert list(roads["scenarios"]).count(("b",)) == 1


def test_roads_of_a_way_in_order(mini: Workspace) -> None:
    """West to east: 5 km without a number, 80 km of motorway, 5 km without; over the bridges 85 km of projects."""
    session = mini.session("built")
    west, east = (session.places.get_place(p) for p in ("west", "east"))
    built = list_road_routes(session, [west], [west, east])
    assert set(built["to"]) == {"east"}
    assert built["km"].sum() == pytest.approx(90)
    assert built["ref"].iloc[-1] == ""
    planned = mini.session("planned")
    ends = [planned.places.get_place(p) for p in ("west", "east")]
    assert list_road_routes(planned, ends[:1], ends[1:])["km"].sum() == pytest.approx(85)
