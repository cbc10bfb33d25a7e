"""Maps of large networks draw the roads that can be seen, the same ones in every scenario."""

from __future__ import annotations

from datetime import date

import pandas as pd
from shapely import LineString

from tests.network.town import make_town
from transit_model.network.model import Network
from transit_model.network.snap import build_courses
from transit_model.pages.road_choice import MOST_ROADS, draw_roads, find_unseen_roads
from transit_model.pages.view_build import build_basemap, build_study_basemap


def add_streets(network: Network, n: int) -> Network:
    """Return the town with `n` short streets from a to b."""
    like = network.links.iloc[[0]]
    ids = [f"street{k}" for k in range(n)]
    streets = pd.concat([like] * n, ignore_index=True)
    streets = streets.assign(
        link_id=ids, road_id=ids, ref=ids, highway="residential", length_m=[10.0 + k for k in range(n)]
    )
    links = pd.concat([network.links, streets], ignore_index=True)
    dates = dict.fromkeys({"opened", "closed"} - set(links.columns), "")
    stations = network.stations.assign(opened="", name_en="")
    return network.with_tables(links=links.assign(**dates), stations=stations)


def test_a_small_network_is_drawn_whole() -> None:
    town = make_town()
    assert not find_unseen_roads(town)
    drawn = draw_roads(town, frozenset())
    first = ~town.links.duplicated("road_id")
    courses = build_courses(town)
    assert drawn["highway"].tolist() == town.links.loc[first, "highway"].tolist()
    assert [g.wkb for g in drawn.geometry] == [LineString(courses[i]).wkb for i in town.links.index[first]]


def test_higher_classes_and_longer_roads_come_first() -> None:
    town = add_streets(make_town(), 10)
    n_own = make_town().links["road_id"].nunique()
    unseen = find_unseen_roads(town, most=n_own + 3)
    assert unseen == {f"street{k}" for k in range(7)}


def test_scenarios_draw_the_same_roads_and_what_is_new() -> None:
    base = add_streets(make_town(), MOST_ROADS)
    later = add_streets(make_town(as_of=date(2030, 12, 31)), MOST_ROADS)
    named = later.links["project_id"].mask(later.links["road_id"] == "street0", "p")
    later = later.with_tables(links=later.links.assign(project_id=named))
    roads = build_study_basemap({"base": base, "later": later}).roads
    assert roads is not None
    # the road that opens in 2030 and the street of a project, and nothing that only seems to be closed
    alone = dict(roads["scenarios"].value_counts().items())
    assert alone == {("base", "later"): MOST_ROADS, ("later",): 2}
    drawn = build_basemap(base).roads
    assert drawn is not None
    assert len(drawn) == MOST_ROADS
