"""Waits known by arithmetic, and what may not change a minute, through the whole study path."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from tests.network.town import LINKS, NODES, PLACES, STATIONS, TRAINS, make_feed, make_town
from transit_model.domain.modes import Mode, Reading
from transit_model.measure.od import compute_od
from transit_model.measure.session import Session
from transit_model.measure.transit_times import TransitTime, compute_transit_od
from transit_model.network.model import Network

ALL_DAY = "00:00:00 30:00:00"


def rail(session: Session, start: str, end: str, reading: Reading) -> TransitTime:
    a, b = session.places.get_place(start), session.places.get_place(end)
    return compute_transit_od(session, [a], [b], Mode.RAIL, reading)[0][0]


def test_one_line_by_headway_waits_uniformly() -> None:
    # sa to sc in 30 min, every 20: wait U(0, 20): p10 2, p50 10, p90 18 min
    feed = make_feed(["T rail daily | sa 00:00 | sc 00:30"], frequencies=[f"T {ALL_DAY} 1200 0"])
    session = Session("uniform", make_town(feed=feed))
    found = rail(session, "sa", "sc", Reading.TYPICAL)
    minutes = np.array([found.p10_s, found.p50_s, found.p90_s]) / 60
    assert minutes.tolist() == pytest.approx([32, 40, 48], abs=0.05)
    # door to door: taxi 6 + entry 15 before, exit 5 + taxi 6 after: 32 min more at every percentile
    door = rail(session, "pa", "pc", Reading.DOOR_TO_DOOR)
    assert (np.array([door.p10_s, door.p50_s, door.p90_s]) / 60).tolist() == pytest.approx([64, 72, 80], abs=0.05)
    assert rail(session, "sa", "sc", Reading.PROMOTER).p50_s == 30 * 60


def test_two_lines_by_headway_wait_in_a_triangle() -> None:
    # sa - sb 20 min and sb - sc 15 min, both every 20 min; change 10 min. The waits sum to a triangle on 0-40 min:
    # P(wait <= t) = t^2 / 800 up to 20, so p10 = sqrt(80) = 8.944, p50 = 20, p90 = 40 - 8.944 = 31.056 min.
    feed = make_feed(
        ["T rail daily | sa 00:00 | sb 00:20", "U rail daily | sb 00:00 | sc 00:15"],
        frequencies=[f"T {ALL_DAY} 1200 0", f"U {ALL_DAY} 1200 0"],
    )
    found = rail(Session("triangle", make_town(feed=feed)), "sa", "sc", Reading.TYPICAL)
    minutes = np.array([found.p10_s, found.p50_s, found.p90_s]) / 60
    assert minutes.tolist() == pytest.approx(
        [45 + math.sqrt(80), 65, 85 - math.sqrt(80)], abs=1.0
    )  # four standard errors


MODES = [Mode.ROAD, Mode.RAIL, Mode.BEST]


def measure(network: Network, **options: object) -> dict[tuple[str, ...], tuple[float, ...]]:
    session = Session("same", network, **options)  # type: ignore[arg-type]
    places = [session.places.get_place(p) for p in ("pa", "pb", "pc", "halfway")]
    od = compute_od(session, places, places, MODES, list(Reading))
    numbers = od[["minutes", "p10", "p90"]].to_numpy(dtype=float)
    keys = od[["from", "to", "mode", "reading"]].itertuples(index=False, name=None)
    return dict(zip(keys, map(tuple, numbers.tolist()), strict=True))


@pytest.fixture(scope="module")
def minutes() -> dict[tuple[str, ...], tuple[float, ...]]:
    return measure(make_town())


def check_same(
    after: dict[tuple[str, ...], tuple[float, ...]], before: dict[tuple[str, ...], tuple[float, ...]], within: float = 0
) -> None:
    assert after.keys() == before.keys()
    for key, numbers in before.items():
        assert after[key] == pytest.approx(numbers, abs=within, nan_ok=True), key


def test_ids_in_chinese_change_no_minute(minutes: dict[tuple[str, ...], tuple[float, ...]]) -> None:
    network = make_town()

    def chinese(table: pd.DataFrame, *columns: str) -> pd.DataFrame:
        return table.assign(**{c: [f"名·{v}" if v else v for v in table[c]] for c in columns if c in table.columns})

    feed = network.feed
    renamed = network.with_tables(
        nodes=chinese(network.nodes, "node_id"),
        links=chinese(network.links, "from_node_id", "to_node_id", "link_id", "road_id"),
        places=chinese(network.places, "road_node_id"),
        stations=chinese(network.stations, "stop_id", "road_node_id"),
        station_links=chinese(network.station_links, "stop_id", "node_id"),
        info=replace(
            network.info, main_stations={p: tuple(f"名·{s}" for s in g) for p, g in network.info.main_stations.items()}
        ),
        feed=replace(
            feed,
            stops=chinese(feed.stops, "stop_id"),
            trips=chinese(feed.trips, "trip_id", "route_id", "service_id"),
            routes=chinese(feed.routes, "route_id"),
            stop_times=chinese(feed.stop_times, "trip_id", "stop_id"),
            calendar=chinese(feed.calendar, "service_id"),
        ),
    )
    check_same(measure(renamed), minutes)


def test_the_order_of_rows_changes_no_minute(minutes: dict[tuple[str, ...], tuple[float, ...]]) -> None:
    stations = dict(reversed(STATIONS.items()))
    feed = make_feed(TRAINS[::-1], stops=stations)
    check_same(measure(make_town(links=LINKS[::-1], places=PLACES[::-1], stations=stations, feed=feed)), minutes)


def test_a_day_later_is_the_same(minutes: dict[tuple[str, ...], tuple[float, ...]]) -> None:
    check_same(measure(make_town(), service_date=date(2020, 12, 17)), minutes)


def test_clocks_written_a_day_later_are_the_same(minutes: dict[tuple[str, ...], tuple[float, ...]]) -> None:
    # 32:00 of yesterday's service day is 08:00 of today: trains that run daily do not care whose day they belong to.
    network = make_town()
    times = network.feed.stop_times
    later = times.assign(**{c: times[c] + 86_400 for c in ("arrival_clock_s", "departure_clock_s")})
    after = measure(network.with_tables(feed=replace(network.feed, stop_times=later)))
    # Written so, the timetable reaches a day further: what took more than two nights (none left) may now be found.
    found = {k for k, v in minutes.items() if np.isfinite(v[0])}
    check_same({k: after[k] for k in found}, {k: minutes[k] for k in found})


def test_a_split_link_takes_the_same_time(minutes: dict[tuple[str, ...], tuple[float, ...]]) -> None:
    # The motorway i1--i2 in two halves of 18 km: no junction on a motorway, so no reading moves.
    network = make_town()
    whole = network.links["road_id"] == "i1--i2"
    halves = []
    for _, row in network.links[whole].iterrows():
        back = "~" if row["link_id"].endswith("~") else ""
        first, second = ("x", "y") if not back else ("y", "x")
        half = {**row, "length_m": 18_000.0}
        halves.append({**half, "link_id": first + back, "road_id": first, "to_node_id": "half"})
        halves.append({**half, "link_id": second + back, "road_id": second, "from_node_id": "half"})
    node = {**network.nodes.iloc[0], "node_id": "half", "lon": NODES["i1"][0], "lat": 40.16}
    links = pd.concat([network.links[~whole], pd.DataFrame(halves)], ignore_index=True)[network.links.columns]
    nodes = pd.concat([network.nodes, pd.DataFrame([node])], ignore_index=True)[network.nodes.columns]
    check_same(measure(network.with_tables(links=links, nodes=nodes)), minutes)


def test_a_mirrored_map_is_the_same(minutes: dict[tuple[str, ...], tuple[float, ...]]) -> None:
    network = make_town()

    def mirror(table: pd.DataFrame, column: str = "lon") -> pd.DataFrame:
        return table.assign(**{column: 222.0 - table[column]})  # about 111 degrees, the central meridian of the CRS

    mirrored = network.with_tables(
        nodes=mirror(network.nodes),
        places=mirror(network.places),
        stations=mirror(network.stations),
        shapes=mirror(network.shapes),
        feed=replace(network.feed, stops=mirror(network.feed.stops, "stop_lon")),
    )
    check_same(measure(mirrored), minutes, within=0.02 / 60 + 0.1)  # coordinates round: a tick or a whole second


def test_an_added_link_slows_nobody(minutes: dict[tuple[str, ...], tuple[float, ...]]) -> None:
    after = measure(make_town(links=[*LINKS, "short a c 0 trunk 45000 120 0 rural - -"]))
    road = {k: (v[0], minutes[k][0]) for k, v in after.items() if k[2] in ("road", "best")}
    assert all(new <= old for new, old in road.values())
    assert after["pa", "pc", "road", "typical"][0] < minutes["pa", "pc", "road", "typical"][0]
