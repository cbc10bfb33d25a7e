"""Who pays at gates and ramps where a project lays a road: whoever drives on it, and no journey is slower for it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.network.test_street_arrays import drive_s
from tests.network.test_street_edit import ROAD, build_roads, describe
from transit_model.domain.modes import SpeedTable, Vehicle
from transit_model.network.model import Network
from transit_model.network.street_arrays import CompiledStreets, compile_streets
from transit_model.scenario.tables import add_links

TYPICAL = SpeedTable.TYPICAL
Road = tuple[int, int, str, bool, bool, int]
STREET: Road = (0, 1, "trunk", False, False, 3)
FREE_WAY: Road = (1, 2, "motorway", False, False, 30)
TOLL_WAY: Road = (1, 3, "motorway", True, False, 30)


def lay(network: Network, *roads: Road, project: str = "p") -> Network:
    rows = [describe(100 + n, road, road_id=f"{project}:{n}", project_id=project) for n, road in enumerate(roads)]
    return add_links(network, rows)


def compile_typical(network: Network) -> CompiledStreets:
    return compile_streets(network, Vehicle.CAR, TYPICAL)


def measure(network: Network, start: int, end: int) -> float:
    return drive_s(compile_typical(network), f"n{start}", f"n{end}")


def test_a_toll_motorway_drawn_to_the_end_of_a_free_one_brings_its_own_gate() -> None:
    survey = build_roads([STREET, FREE_WAY, (2, 4, "trunk", False, False, 3)], drawn=False)
    far = lay(survey, TOLL_WAY, (3, 5, "trunk", False, False, 3))
    # 3 km at 64 km/h + 5 s, ramp 20, 30 km at 80 x 0.8 = 64 km/h, ramp 20, 3 km again
    street, way = 3000 * 3.6 / 64 + 5, 30_000 * 3.6 / 64
    assert measure(survey, 0, 4) == measure(far, 0, 4) == pytest.approx(2 * street + 40 + way, abs=0.2)
    # by the new road: ramp and gate at either end; from motorway to motorway the gate alone
    assert measure(far, 0, 5) == pytest.approx(2 * street + 100 + way, abs=0.2)
    assert measure(far, 4, 5) == pytest.approx(2 * street + 2 * way + 20 + 30 + 50, abs=0.2)


def test_a_motorway_drawn_to_an_interchange_of_its_kind_is_driven_onto_for_nothing() -> None:
    toll = (1, 2, "motorway", True, False, 30)
    survey = build_roads([STREET, toll, (2, 4, "trunk", False, False, 3)], drawn=False)
    far = lay(survey, TOLL_WAY)
    assert measure(far, 0, 4) == measure(survey, 0, 4)
    assert compile_typical(far).arrays.n_nodes == compile_typical(survey).arrays.n_nodes + 1  # n3, no more sides at n1
    assert measure(far, 2, 3) == pytest.approx(50 + 2 * 30_000 * 3.6 / 64, abs=0.2)


def test_where_a_survey_joins_toll_and_free_motorways_all_who_turn_off_pass_the_gate() -> None:
    survey = build_roads([STREET, FREE_WAY, TOLL_WAY, (2, 4, "trunk", False, False, 3)], drawn=False)
    street, way = 3000 * 3.6 / 64 + 5, 30_000 * 3.6 / 64
    assert measure(survey, 0, 4) == pytest.approx(2 * street + 50 + 20 + way, abs=0.2)


def test_a_free_road_drawn_to_a_place_on_a_toll_road_does_not_move_it_behind_the_gate() -> None:
    survey = build_roads([(0, 1, "trunk", True, False, 10)], drawn=False)
    far = lay(survey, (0, 2, "trunk", False, False, 10))
    assert measure(far, 0, 1) == measure(survey, 0, 1)
    assert measure(far, 2, 1) - measure(far, 0, 1) == pytest.approx(10_000 * 3.6 / 64 + 5 + 30, abs=0.2)


def test_colons_in_the_ids_of_a_survey_make_no_road_new() -> None:
    roads = [STREET, FREE_WAY, TOLL_WAY, (2, 4, "trunk", False, False, 3)]
    plain = build_roads(roads, drawn=False)
    named = plain.with_tables(links=plain.links.assign(**{n: "way:" + plain.links[n] for n in ("link_id", "road_id")}))
    streets = [compile_typical(network) for network in (plain, named)]
    for name, of_plain in vars(streets[0].arrays).items():
        assert np.array_equal(of_plain, getattr(streets[1].arrays, name)), name


def test_a_road_that_another_project_makes_better_stays_laid() -> None:
    survey = build_roads([STREET, FREE_WAY, (2, 4, "trunk", False, False, 3)], drawn=False)
    far = lay(survey, TOLL_WAY)
    better = far.with_tables(links=far.links.assign(project_id=far.links["project_id"].replace("p", "q")))
    assert set(better.links["project_id"]) == {"", "q"}
    assert compile_typical(better).arrays.n_nodes == compile_typical(far).arrays.n_nodes
    assert measure(better, 0, 3) == measure(far, 0, 3)


def list_times(streets: CompiledStreets, starts: list[str], n_links: int) -> np.ndarray:
    """Return seconds from each of some places to the beginnings of the first links, by a slow search, and to places."""
    arrays, out = streets.arrays, []
    for start in starts:
        best = np.full(arrays.n_nodes, np.inf)
        best[streets.graph_node[start]] = 0
        tail = np.repeat(np.arange(arrays.n_nodes), np.diff(arrays.indptr))
        for _ in range(arrays.n_nodes):
            np.minimum.at(best, arrays.head, best[tail] + arrays.weight_ticks)
        ends = [streets.graph_node[end] for end in starts]
        out.append(best[[*streets.link_tail[:n_links].tolist(), *ends]] / 10)
    return np.array(out)


@settings(max_examples=examples(40), deadline=None)
@given(
    roads=st.lists(ROAD, min_size=1, max_size=5),
    first=st.lists(ROAD, max_size=2),
    second=st.lists(ROAD, min_size=1, max_size=2),
    drawn=st.booleans(),
)
def test_a_new_road_slows_no_journey_to_places_or_roads(
    roads: list[Road], first: list[Road], second: list[Road], drawn: bool
) -> None:
    survey = build_roads(roads, drawn=drawn)
    one = lay(survey, *first)
    two = lay(one, *second, project="q")
    streets = [compile_typical(network) for network in (survey, one, two)]
    places = [f"n{i}" for i in range(7) if streets[0].may_stop_at(f"n{i}")]
    times = [list_times(s, places, len(survey.links)) for s in streets]
    assert (times[1] <= times[0]).all()
    assert (times[2] <= times[1]).all()
