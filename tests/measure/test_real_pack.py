"""The shipped region: numbers known from the timetable and the road tables, not from this model."""

from __future__ import annotations

import numpy as np
import pytest

from transit_model.domain.modes import Mode, Reading
from transit_model.measure.explain import explain_transit
from transit_model.measure.od import compute_od
from transit_model.measure.road_times import compute_road_km, compute_road_od_s
from transit_model.measure.session import Session
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.measure.transit_times import TransitTime, compute_transit_od
from transit_model.measure.workspace import Workspace

PROMOTER = Reading.PROMOTER


def fastest(session: Session, start: str, end: str) -> TransitTime:
    a, b = session.places.get_place(start), session.places.get_place(end)
    return compute_transit_od(session, [a], [b], Mode.RAIL, PROMOTER)[0][0]


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("hohhot-east", "station:ulanqab", 37),
        ("hohhot-station", "baotou-station", 59),
        ("hohhot-station", "baotou-east", 52),
        ("hohhot-station", "station:ordos", 101),
        ("baotou-station", "station:ulanqab", 111),
        ("baotou-station", "station:ordos", 99),
    ],
)
def test_fastest_trains_of_late_2020_between_stations(built_2020: Session, start: str, end: str, minutes: int) -> None:
    assert fastest(built_2020, start, end).p50_s == minutes * 60


@pytest.mark.parametrize(
    ("start", "end", "minutes", "via"),
    [
        ("hohhot", "baotou", 52, "呼和浩特 - 包头东"),  # the nearest pair, not 呼和浩特 - 包头 with 59
        ("hohhot", "ulanqab", 37, "呼和浩特东 - 乌兰察布"),
        ("hohhot", "ordos", 101, "呼和浩特 - 鄂尔多斯"),
        ("baotou", "ordos", 99, "包头 - 鄂尔多斯"),
    ],
)
def test_the_promoters_reading_between_cities_names_its_pair(
    built_2020: Session, start: str, end: str, minutes: int, via: str
) -> None:
    found = fastest(built_2020, start, end)
    assert (found.p50_s / 60, found.via) == (minutes, via)


def test_free_flow_by_road(built_2020: Session) -> None:
    hohhot, baotou, ordos = (built_2020.places.get_place(p) for p in ("hohhot", "baotou", "ordos"))
    km = compute_road_km(built_2020, [hohhot], [baotou, ordos], PROMOTER)[0]
    minutes = compute_road_od_s(built_2020, [hohhot], [baotou, ordos], PROMOTER)[0] / 60
    assert km[0] == pytest.approx(180, abs=5)
    assert km[1] == pytest.approx(297, abs=5)  # Kangbashi, by Baotou
    assert minutes[0] > 180 / 120 * 60  # no faster than 120 km/h all the way: 90 min
    assert minutes[1] > 120
    assert minutes[1] > 297 / 120 * 60


def test_readings_get_longer_the_more_they_hold(built_2020: Session) -> None:
    centres = [built_2020.places.get_place(p) for p in built_2020.network.info.groups["centres"]]
    free, typical, door = (compute_road_od_s(built_2020, centres, centres, r) for r in Reading)
    apart = free > 0
    assert (typical[apart] > free[apart]).all()
    assert (door[apart] == typical[apart] + 420).all()  # 2 min to the car, 5 to park


def test_roads_of_three_dates(built_2020: Session, built_2025: Session) -> None:
    # links.csv: S43 opened 2025-12-30, S29 and the new S311 on 2025-08-28
    before, after = (set(s.network.links["ref"]) for s in (built_2020, built_2025))
    assert not {"S43", "S29"} & before
    assert {"S43", "S29"} <= after
    old, new = (set(s.network.links["road_id"]) for s in (built_2020, built_2025))
    assert "wuchuan--yangshuba" in new - old
    assert "wuchuan--yangshuba-old" in old - new


def test_no_road_gets_longer_when_roads_open(built_2020: Session, built_2025: Session) -> None:
    names = built_2020.places.groups["centres_and_county_seats"]
    times = []
    for session in (built_2020, built_2025):
        places = [session.places.get_place(n) for n in names]
        times.append(compute_road_od_s(session, places[:4], places, Reading.TYPICAL))
    assert (times[1] <= times[0] + 1e-9).mean() > 0.99
    assert (times[1] < times[0]).any()


@pytest.mark.parametrize("text", ["呼和浩特东", "呼和浩特东站", "Hohhot East", "hohhot-east", "呼和东"])
def test_stations_are_found_by_their_names(built_2020: Session, text: str) -> None:
    assert built_2020.places.get_place(text).stop_id == "hohhot-east"


@pytest.mark.parametrize(
    ("text", "place_id"), [("包头", "baotou"), ("Baotou", "baotou"), ("呼市", "hohhot"), ("鄂尔多斯", "ordos")]
)
def test_cities_win_over_their_stations(built_2020: Session, text: str, place_id: str) -> None:
    place = built_2020.places.get_place(text)
    assert (place.place_id, place.kind) == (place_id, "centre")


@pytest.mark.parametrize(("start", "end"), [("hohhot", "baotou"), ("ulanqab", "hohhot"), ("ordos", "ulanqab")])
def test_legs_add_up_on_real_trains(built_2020: Session, start: str, end: str) -> None:
    a, b = built_2020.places.get_place(start), built_2020.places.get_place(end)
    for hour in (7, 10, 13, 16):
        result = explain_transit(built_2020, a, b, Mode.RAIL, hour * 3600 + 17 * 60)
        assert sum(round(leg.minutes * 60) for leg in result.legs) == round(result.minutes * 60)
        assert result.legs[0].depart == f"{hour:02d}:17"
        assert [leg.kind for leg in result.legs].count("entry") == 1


def test_four_centres_are_on_the_road_network(built_2025: Session) -> None:
    places = [built_2025.places.get_place(p) for p in built_2025.places.groups["centres_and_county_seats"]]
    assert len(places) == 42
    assert built_2025.find_off_network(places) == {}


@pytest.mark.parametrize("scenario", ["intercity-bus", "dalad-bus", "custom-coach"])
def test_a_bus_moves_no_rail_and_no_road(shipped: Workspace, built_2025: Session, scenario: str) -> None:
    sessions = [built_2025, shipped.session(scenario)]
    builders = [SurfaceBuilder(s) for s in sessions]
    for centre in built_2025.network.info.groups["centres"]:
        for mode, reading in ((m, r) for m in (Mode.ROAD, Mode.RAIL) for r in Reading):
            if mode is Mode.RAIL and reading is Reading.PROMOTER:
                continue  # between stations only
            for quantile in (0.5,) if mode is Mode.ROAD else (0.1, 0.5, 0.9):
                place = [s.places.get_place(centre) for s in sessions]
                # all that the cells are made of, to the bit
                prints = [
                    m.fingerprint(p, mode, reading, quantile=quantile) for m, p in zip(builders, place, strict=True)
                ]
                assert prints[0] == prints[1], (centre, mode, reading, quantile)
    tables = []
    for session in sessions:
        ends = session.places.list_group("centres_and_county_seats")
        od = compute_od(session, ends, ends, [Mode.ROAD, Mode.RAIL], list(Reading), with_km=False)
        tables.append(od.drop(columns="scenario"))
    assert tables[0].equals(tables[1])


def test_the_readings_of_rail_are_in_order_for_every_pair(built_2025: Session) -> None:
    ends = {p.place_id: p for p in built_2025.places.list_group("centres_and_county_seats")}.values()
    od = compute_od(built_2025, list(ends), list(ends), [Mode.RAIL], list(Reading), with_km=False)
    wide = od.pivot(index=["from", "to"], columns="reading", values="minutes")
    assert np.isfinite(wide["door_to_door"]).sum() > 400
    assert (wide["door_to_door"] >= wide["typical"] - 1e-9).all()
    assert (wide["typical"] >= wide["promoter"] - 1e-9).all()
