"""What a word finds, and in which order."""

from __future__ import annotations

import pytest

from transit_model.catalogue import find
from transit_model.catalogue.find import How, find_things
from transit_model.catalogue.inventory import Thing

HOHHOT = Thing("place", "hohhot", "呼和浩特", "Hohhot", "centre", ("呼市", "150100"))
EAST = Thing(
    "station",
    "hohhot-east",
    "呼和浩特东站",
    "Hohhot East station",
    "station",
    ("呼和浩特东", "NDC"),
    stop_id="hohhot-east",
)
NODE = Thing("node", "g6_hohhot", "呼和浩特北互通", "Hohhot interchange", "interchange")
ROAD = Thing("road", "a--b", "京藏高速 甲 – 乙", "G6/G7 A – B", "motorway", ("京藏高速", "G6", "G7"), ref="G6/G7")
HSR = Thing("project", "hubao_hsr", "呼包高铁", "Hohhot-Baotou high-speed railway", "rail_line")
THINGS = [HSR, ROAD, NODE, EAST, HOHHOT]


def _find(word: str) -> list[tuple[str, How]]:
    return [(f.thing.thing_id, f.how) for f in find_things(THINGS, word)]


def test_ids_before_names_before_beginnings_before_parts() -> None:
    assert _find("hohhot") == [
        ("hohhot", How.ID),
        ("hohhot-east", How.NAME_BEGINS),  # "hohhoteaststation": 11 letters more
        ("g6_hohhot", How.NAME_BEGINS),  # "hohhotinterchange": 11 letters more; stations before nodes
        ("hubao_hsr", How.NAME_BEGINS),
    ]
    assert _find("呼和浩特") == [
        ("hohhot", How.NAME),
        ("hohhot-east", How.NAME_BEGINS),
        ("g6_hohhot", How.NAME_BEGINS),
    ]


def test_other_names_codes_and_road_numbers() -> None:
    assert _find("呼市") == [("hohhot", How.NAME)]
    assert _find("150100") == [("hohhot", How.NAME)]
    assert _find("ndc") == [("hohhot-east", How.NAME)]
    assert _find("G7") == [("a--b", How.NAME)]
    assert _find("G6/G7 a")[0] == ("a--b", How.NAME_BEGINS)


def test_pinyin_whole_short_and_unfinished() -> None:
    assert _find("huhehaote")[0] == ("hohhot", How.PINYIN)
    assert _find("hhhtd")[0] == ("hohhot-east", How.INITIALS)  # 呼和浩特东, without 站
    assert _find("hbgt") == [("hubao_hsr", How.INITIALS)]
    assert _find("jingzang") == [("a--b", How.PINYIN_BEGINS)]


def test_what_is_only_like_a_word_comes_when_nothing_else_does() -> None:
    assert _find("hohot")[0] == ("hohhot", How.NEAR)
    assert {how for _, how in _find("hohot")} == {How.NEAR}
    assert _find("zzzzqqqq") == []
    assert _find("  ") == []


def test_a_word_longer_than_any_pinyin_is_not_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    # The longest name is that of the railway without its marks, 28 letters: up to 6 x 28 are looked for.
    longest = len("hohhotbaotouhighspeedrailway")
    looked_for: list[str] = []
    monkeypatch.setattr(find, "_meet", lambda _thing, word, _typed: looked_for.append(word))
    find_things(THINGS, "h" * (6 * longest))
    assert len(looked_for) == len(THINGS)
    assert find_things(THINGS, "h" * (6 * longest + 1)) == []
    assert len(looked_for) == len(THINGS)
