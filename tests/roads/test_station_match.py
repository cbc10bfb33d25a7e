"""Stations of a map and stops of a timetable: names in three scripts, distances, and what a person must look at."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from transit_model.domain.datum import wgs84_to_gcj02
from transit_model.gtfs.feed import read_gtfs
from transit_model.roads.osm_rail import read_osm_rail
from transit_model.roads.station_match import match_stations
from transit_model.roads.station_names import normalise_name, score_names

DEG_M = 111_195.0  # a degree of latitude on the sphere of 6,371 km


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("呼和浩特东站", "呼和浩特东"),
        ("呼和浩特东 火车站", "呼和浩特东"),
        ("包头(高铁站)", "包头高铁站"[:2]),
        ("站", "站"),
        ("Hohhot East Railway Station", "hohhotdong"),
        ("Hohhot Dong", "hohhotdong"),
        ("Hūhéhàotè Dōng Zhàn", "huhehaotedong"),
        ("Xi'an North", "xianbei"),
        ("Estação São Pedro", "saopedro"),
        ("SÃO PEDRO", "saopedro"),
        ("Gare de Lyon", "lyon"),
        ("Station", "station"),
        ("", ""),
    ],
)
def test_what_is_left_of_a_name(name: str, plain: str) -> None:
    assert normalise_name(name) == plain


def test_scripts_do_not_mix() -> None:
    assert score_names(["呼和浩特"], ["Hohhot"]) == (0.0, "")
    assert score_names(["呼和浩特", "Hohhot"], ["Hohhot Railway Station"]) == (1.0, "Hohhot Railway Station")
    assert 0.6 < score_names(["Ulanqab"], ["Wulanqab"])[0] < 1


def stations(*rows: tuple[str, str, str, str, float, float]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["osm_id", "name", "name_en", "name_pinyin", "lon", "lat"])
    return table.assign(kind="station", name_zh="", aliases="", ref="", objects=1)


def stops(*rows: tuple[str, str, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["stop_id", "stop_name", "lon", "lat"]).assign(names=[()] * len(rows))


MAP = stations(
    ("n1", "呼和浩特站", "Hohhot", "Hūhéhàotè", 111.66, 40.83),
    ("n2", "呼和浩特东站", "Hohhot East", "Hūhéhàotè Dōng", 111.76, 40.85),
    ("n3", "包头站", "Baotou", "Bāotóu", 109.83, 40.62),
    ("n4", "东胜西站", "Dongsheng West", "Dōngshèng Xī", 109.90, 39.82),
)
NONE = float("nan")


def test_the_same_name_nearby_is_accepted_in_every_script() -> None:
    result = match_stations(
        stops(
            ("a", "呼和浩特", 111.66, 40.83 + 300 / DEG_M),
            ("b", "Hohhot Dong Railway Station", 111.76, 40.85),
            ("c", "Baotou", 109.83, 40.62),
        ),
        MAP,
    )
    assert result.review["osm_id"].tolist() == ["n1", "n2", "n3"]
    assert result.review["status"].tolist() == ["accepted"] * 3
    assert result.review["distance_m"].tolist() == [pytest.approx(300, abs=1), 0, 0]
    assert result.tally() == {"accepted": 3, "review": 0, "unmatched": 0}


def test_what_a_person_must_look_at() -> None:
    result = match_stations(
        stops(
            ("far", "包头站", 109.83, 40.62 + 5000 / DEG_M),
            ("alike", "东胜西站区", 109.90, 39.82),
            ("other", "鄂尔多斯", 109.90, 39.82),
            ("gone", "包头站", 111.0, 40.62),
        ),
        MAP,
    ).review.set_index("stop_id")
    assert result["status"].to_dict() == {"far": "review", "alike": "review", "other": "unmatched", "gone": "unmatched"}
    assert result.at["far", "note"] == "5.0 km apart"
    assert result.at["alike", "note"] == "names differ"
    assert result.at["other", "note"] == "no station of this name"


def test_a_stop_without_a_place_is_matched_by_a_name_that_is_alone() -> None:
    twice = pd.concat([MAP, stations(("n9", "包头", "", "", 109.99, 40.6))], ignore_index=True)
    rows = match_stations(stops(("a", "呼和浩特", NONE, NONE), ("b", "包头", NONE, NONE)), twice).review
    assert rows["status"].tolist() == ["accepted", "review"]
    assert rows["lon"].tolist()[0] == 111.66
    assert "another station" in rows["note"].tolist()[1]


def test_two_stops_of_one_station_are_shown() -> None:
    result = match_stations(stops(("a", "呼和浩特", 111.66, 40.83), ("b", "呼和浩特站台", 111.66, 40.83)), MAP).review
    assert set(result["status"]) == {"review"}
    assert all("two stops" in n for n in result["note"])


def test_stops_in_the_datum_of_a_web_map_are_noticed() -> None:
    rng = np.random.default_rng(2)
    lon, lat = 110 + rng.uniform(0, 2, 12), 40 + rng.uniform(0, 1, 12)
    names = [f"第{i}站点" for i in range(12)]
    there = stations(*[(f"n{i}", n, "", "", x, y) for i, (n, x, y) in enumerate(zip(names, lon, lat, strict=True))])
    x, y = wgs84_to_gcj02(lon, lat)
    shifted = stops(
        *[(f"s{i}", n, a, b) for i, (n, a, b) in enumerate(zip(names, x.tolist(), y.tolist(), strict=True))]
    )
    result = match_stations(shifted, there)
    assert [i.code for i in result.issues] == ["datum_mixed_up"]
    assert "gcj02" in result.issues[0].hint
    plain = stops(*[(f"s{i}", n, a, b) for i, (n, a, b) in enumerate(zip(names, lon, lat, strict=True))])
    assert match_stations(plain, there).issues == []


def test_real_stations_against_a_real_timetable(shared_data: Path) -> None:
    folder = shared_data / "osm" / "porto_alegre"
    feed = read_gtfs(folder / "poa_trensurb.zip")
    table = feed.stops.rename(columns={"stop_lon": "lon", "stop_lat": "lat"})[["stop_id", "stop_name", "lon", "lat"]]
    result = match_stations(table, read_osm_rail(folder / "poa_osm.pbf").stations)
    found = result.review[result.review["osm_id"] != ""]
    # The extract holds three of the stations of the line; the others lie north of it.
    assert set(found["osm_id"]) == {"n5317023249", "n5317023250", "n5317023252"}
    assert found["distance_m"].max() < 250
    assert result.issues == []
