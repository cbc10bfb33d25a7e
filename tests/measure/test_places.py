"""What a person types, and which place is meant."""

from __future__ import annotations

import pytest

from tests.network.town import PLACES, make_town
from transit_model.domain.issue_words import describe_issue
from transit_model.errors import PlaceError
from transit_model.measure.places import PlaceIndex, _name_station, build_population_weights
from transit_model.measure.session import Session


@pytest.mark.parametrize(
    ("text", "place_id"),
    [
        ("pa", "pa"),
        (" PA ", "pa"),
        ("甲城", "pa"),
        ("Alpha", "pa"),  # the centre, not the station of the same name
        ("alpha", "pa"),
        ("阿城", "pa"),
        ("a-town", "pa"),
        ("100", "pa"),  # its adcode
        ("Beta County", "pb"),
        ("betacounty", "pb"),
        ("sa", "sa"),
        ("station:sa", "sa"),
        ("甲站", "sa"),
        ("Alpha station", "sa"),
        ("甲", "sa"),  # no place is called so
        ("甲北", "sx"),
        ("Alpha North", "sx"),
        ("Beta", "sb"),
    ],
)
def test_ids_names_aliases_and_stations(town: Session, text: str, place_id: str) -> None:
    assert town.places.get_place(text).place_id == place_id


def test_stations_that_share_an_id_with_a_place() -> None:
    places = ["sa centre 甲城 Alpha - 111.0 40.0 100 a"]
    index = PlaceIndex(make_town(places=places))
    assert index.get_place("sa").kind == "centre"
    assert (index.get_place("sa-station").kind, index.get_place("sa-station").stop_id) == ("station", "sa")
    assert index.get_place("station:sa").place_id == "sa-station"


def test_a_centre_wins_over_a_seat_wherever_it_stands_in_the_table() -> None:
    rows = [
        "seat county_seat 同名 Same - 111.0 40.3 200 b",
        "port airport 同名 Same - 111.0 40.3 - b",
        "city centre 同名 Same - 111.0 40.0 100 a",
    ]
    assert PlaceIndex(make_town(places=rows)).get_place("同名").place_id == "city"
    assert PlaceIndex(make_town(places=rows[:2])).get_place("same").place_id == "seat"


@pytest.mark.parametrize("text", ["111.05,40.2", " 111.05 , 40.2 ", "111.05，40.2"])
def test_points(town: Session, text: str) -> None:
    place = town.places.get_place(text)
    assert (place.kind, place.place_id, place.at.lon, place.at.lat) == ("point", "111.05000,40.20000", 111.05, 40.2)


def test_a_swapped_point_is_told_so(town: Session) -> None:
    with pytest.raises(PlaceError) as caught:
        town.places.get_place("40.2,111.05")
    assert caught.value.issues[0].code == "outside_study_area"
    assert caught.value.issues[0].hint == "write the point as 111.05,40.2 (longitude first): these look swapped"


@pytest.mark.parametrize("text", ["111.05 40.2", " 111.05  40.2 ", "40.2 111.05"])
def test_a_point_of_two_words_is_told_its_form(town: Session, text: str) -> None:
    with pytest.raises(PlaceError) as caught:
        town.places.get_place(text)
    (issue,) = caught.value.issues
    assert (issue.code, issue.hint) == ("bad_point", "write the point as 111.05,40.2")
    zh = describe_issue(issue, "zh")
    assert (zh["message_zh"], zh["hint_zh"]) == ("点写作 经度,纬度：用半角逗号，不留空格", "请把点写成 111.05,40.2")


def test_a_point_outside_is_told_the_study_area(town: Session) -> None:
    with pytest.raises(PlaceError) as caught:
        town.places.get_place("120,30")
    assert "110.6 to 111.4" in caught.value.issues[0].hint


@pytest.mark.parametrize(
    ("text", "offered"), [("Alfa", "pa"), ("Gama", "pc"), ("Beta Countie", "pb"), ("途", "halfway")]
)
def test_unknown_names_offer_the_nearest(town: Session, text: str, offered: str) -> None:
    with pytest.raises(PlaceError) as caught:
        town.places.get_place(text)
    issue = caught.value.issues[0]
    assert (issue.code, issue.value) == ("unknown_place", text)
    assert offered in issue.hint


def test_a_name_like_nothing_is_told_where_names_are(town: Session) -> None:
    with pytest.raises(PlaceError, match="data list places"):
        town.places.get_place("qqqqqq")


def ids(town: Session, text: str) -> list[str]:
    return [p.place_id for p in town.places.list_group(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("centres", ["pa", "pc"]),
        ("county_seats", ["pb", "halfway"]),
        ("stations", ["sa", "sx", "sb", "sc"]),
        ("centres_and_county_seats", ["pa", "pc", "pb", "halfway"]),
        ("pa,pc", ["pa", "pc"]),
        ("甲城，丙城", ["pa", "pc"]),  # Chinese comma
        ("甲城、乙县；丙城", ["pa", "pb", "pc"]),  # enumeration comma and semicolon
        ("pa, pc ; pb", ["pa", "pc", "pb"]),
        ("centres,pb", ["pa", "pc", "pb"]),
        ("111.05,40.2", ["111.05000,40.20000"]),
        ("pa,111.05,40.2", ["pa", "111.05000,40.20000"]),
        ("111.05,40.2;pa", ["111.05000,40.20000", "pa"]),
        ("111.05,40.2,111.1,40.3", ["111.05000,40.20000", "111.10000,40.30000"]),
        ("100,200", ["pa", "pb"]),  # two adcodes, no point
        ("pa,200,300", ["pa", "pb", "pc"]),
    ],
)
def test_groups_and_lists(town: Session, text: str, expected: list[str]) -> None:
    assert ids(town, text) == expected


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (("桥头", "Bridge End"), ("桥头站", "Bridge End station")),
        (("桥头站", "Bridge End Station"), ("桥头站", "Bridge End Station")),
        (("桥头站(城际公交)", "Bridge End (intercity bus)"), ("桥头站(城际公交)", "Bridge End (intercity bus)")),
        (("桥头（公交）", "Bridge End"), ("桥头（公交）", "Bridge End station")),
    ],
)
def test_a_stop_is_called_a_station_once(name: tuple[str, str], told: tuple[str, str]) -> None:
    assert _name_station(*name) == told


def test_every_wrong_name_of_a_list_is_named(town: Session) -> None:
    with pytest.raises(PlaceError) as caught:
        town.places.list_group("pa,Alfa,Gama")
    assert [(i.code, i.value) for i in caught.value.issues if i.severity == "error"] == [
        ("unknown_place", "Alfa"),
        ("unknown_place", "Gama"),
    ]
    assert "centres" in caught.value.issues[-1].message


def test_an_empty_list_is_an_issue(town: Session) -> None:
    with pytest.raises(PlaceError, match="no place given"):
        town.places.list_group(" , ")


def test_population_weights_are_those_of_seats(town: Session) -> None:
    assert build_population_weights(town.network.counties, town.places.places) == {"pb": 1000.0, "halfway": 500.0}
    assert len(PLACES) == 4


def test_a_place_in_pinyin_is_suggested(built_2025: Session) -> None:
    # dalate is 达拉特, called Dalad in English; zge are the initials of 准格尔, called Jungar
    with pytest.raises(PlaceError, match=r"did you mean dalad "):
        built_2025.places.get_place("dalate")
    with pytest.raises(PlaceError, match=r"did you mean jungar "):
        built_2025.places.get_place("zge")
