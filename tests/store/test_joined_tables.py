"""Two regions as one: which row is taken, which roads stay, and trains that both list, by hand and by an oracle."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.minipack import write_minipack
from transit_model.errors import InputError
from transit_model.region.pack import inspect_region
from transit_model.store.joined_pack import REVIEW, Pair, join_packs, open_joined
from transit_model.store.joined_tables import Review, choose, match_links, match_points, read_rows
from transit_model.store.joined_trains import merge_trip, seconds
from transit_model.store.resources import find_pair

Row = dict[str, str]


def make_node(name: str, lon: float, kind: str, confidence: str = "medium") -> Row:
    return {"node_id": name, "lon": f"{lon}", "lat": "40", "kind": kind, "confidence": confidence, "name_zh": name}


def make_link(start: str, end: str, length_m: int) -> Row:
    return {
        "link_id": f"{start}--{end}", "from_node_id": start, "to_node_id": end, "length_m": str(length_m),
        "confidence": "medium",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kinds", "grades", "taken"),
    [
        (("seat", "gateway"), ("low", "high"), 0),
        (("gateway", "seat"), ("high", "low"), 1),
        (("gateway", "gateway"), ("low", "high"), 1),
        (("seat", "seat"), ("medium", "medium"), 0),
    ],
)
def test_the_region_in_which_a_thing_lies_knows_it_best(
    kinds: tuple[str, str], grades: tuple[str, str], taken: int
) -> None:
    first, second = (make_node("a", 110, k, g) for k, g in zip(kinds, grades, strict=True))
    assert choose((first, second), "kind") == taken


def test_a_point_of_both_is_one_and_the_distance_says_whether_to_look() -> None:
    """At 40 N a hundredth of a degree of longitude is 111.195 km x 0.01 x cos 40 = 0.852 km."""
    first = [make_node("a", 110, "seat"), make_node("b", 111, "gateway"), make_node("c", 112, "gateway")]
    second = [make_node("a", 110.001, "gateway"), make_node("b", 111.01, "seat"), make_node("c", 112.03, "gateway")]
    review = Review(("one", "two"))
    rows = match_points("node", "node_id", (first, [*second, make_node("d", 113, "seat")]), review)
    assert [(row["node_id"], row["lon"]) for row in rows] == [("a", "110"), ("b", "111.01"), ("c", "112"), ("d", "113")]
    result = [(row["taken"], row["status"], row["apart"]) for row in review.rows]
    assert result == [("one", "same", "0.09"), ("two", "taken", "0.85"), ("one", "conflict", "2.56")]


def test_of_roads_of_both_the_region_of_the_ends_decides_and_proxies_go() -> None:
    """a and b lie in the first region, x and y in the second, the border g in neither; both draw a--g and g--x."""
    first_nodes = [make_node("a", 110, "seat"), make_node("b", 110.5, "seat"), make_node("g", 111, "gateway")]
    first_nodes.append(make_node("x", 112, "gateway"))
    second_nodes = [make_node("x", 112, "seat"), make_node("y", 113, "seat"), make_node("g", 111, "gateway")]
    second_nodes += [make_node("a", 110, "gateway"), make_node("b", 110.5, "gateway")]
    first = [make_link("a", "b", 50_000), make_link("a", "g", 90_000), make_link("g", "x", 95_000)]
    second = [make_link("x", "y", 90_000), make_link("g", "x", 100_000), make_link("a", "g", 100_000)]
    second.append(make_link("b", "g", 60_000))  # on the ground of the first, which has a way from b by a to g
    review = Review(("one", "two"))
    kept = match_links((first, second), (first_nodes, second_nodes), review)
    assert [row["link_id"] for row in kept[0]] == ["a--b", "a--g"]
    assert [row["link_id"] for row in kept[1]] == ["x--y", "g--x"]
    result = {(row["first_id"], row["second_id"]): (row["taken"], row["status"]) for row in review.rows}
    assert result == {
        ("a--g", "a--g"): ("one", "taken"), ("g--x", "g--x"): ("two", "taken"), ("", "b--g"): ("one", "taken"),
    }  # fmt: skip


def make_call(stop: str, arrive: str, depart: str) -> Row:
    return {"trip_id": "t", "stop_id": stop, "arrival_time": arrive, "departure_time": depart, "stop_sequence": "0"}


def test_a_train_of_both_has_the_stops_of_both() -> None:
    ours = [make_call("a", "22:00:00", "22:00:00"), make_call("b", "23:50:00", "23:55:00")]
    # The second region sees it from b on, and so counts b as its day 0; c comes after midnight.
    theirs = [make_call("b", "23:50:00", "23:55:00"), make_call("c", "25:00:00", "25:00:00")]
    joined = merge_trip(ours, theirs)
    assert joined is not None
    assert [(r["stop_id"], r["arrival_time"], r["stop_sequence"]) for r in joined] == [
        ("a", "22:00:00", "1"), ("b", "23:50:00", "2"), ("c", "25:00:00", "3"),
    ]  # fmt: skip


def test_a_train_seen_from_its_second_day_on_is_moved_by_whole_days() -> None:
    ours = [make_call("a", "22:00:00", "22:00:00"), make_call("b", "25:00:00", "25:10:00")]
    theirs = [make_call("b", "01:00:00", "01:10:00"), make_call("c", "02:00:00", "02:00:00")]
    joined = merge_trip(ours, theirs)
    assert joined is not None
    assert [r["arrival_time"] for r in joined] == ["22:00:00", "25:00:00", "26:00:00"]


@pytest.mark.parametrize("clock", ["23:51:00", "22:00:00"])
def test_trains_whose_times_differ_are_not_one(clock: str) -> None:
    ours = [make_call("a", "22:00:00", "22:00:00"), make_call("b", "23:50:00", "23:55:00")]
    assert merge_trip(ours, [make_call("b", clock, clock), make_call("c", "25:00:00", "25:00:00")]) is None
    assert merge_trip(ours, [make_call("x", "01:00:00", "01:00:00"), make_call("y", "02:00:00", "02:00:00")]) is None


@given(st.lists(st.integers(1, 400), min_size=2, max_size=9), st.data())
def test_a_train_cut_into_two_lists_is_whole_again(gaps_min: list[int], data: st.DataObject) -> None:
    """The oracle is the train itself: any two lists that share a stop and hold all of it give it back."""
    clocks = [600 + sum(gaps_min[:n]) for n in range(len(gaps_min))]
    train = [make_call(f"s{n}", *[f"{m // 60:02d}:{m % 60:02d}:00"] * 2) for n, m in enumerate(clocks)]
    where = data.draw(st.lists(st.sampled_from(["one", "two", "both"]), min_size=len(train), max_size=len(train)))
    where[data.draw(st.integers(0, len(train) - 1))] = "both"
    ours = [call for call, side in zip(train, where, strict=True) if side != "two"]
    theirs = [call for call, side in zip(train, where, strict=True) if side != "one"]
    # Each list begins on its own day 0, as the feed of a region does.
    early = seconds(theirs[0]["departure_time"]) // 86_400 * 24
    moved = [
        {**c, **{k: f"{int(c[k][:-6]) - early:02d}{c[k][-6:]}" for k in ("arrival_time", "departure_time")}}
        for c in theirs
    ]
    joined = merge_trip(ours, moved)
    assert joined is not None
    assert [(c["stop_id"], c["arrival_time"]) for c in joined] == [(c["stop_id"], c["arrival_time"]) for c in train]


def test_packs_without_a_common_timetable_are_not_joined(tmp_path: Path) -> None:
    packs = write_minipack(tmp_path / "one"), write_minipack(tmp_path / "two")
    with pytest.raises(InputError) as caught:
        join_packs(Pair(("one", "two"), packs, (None, None)), tmp_path / "out")
    assert [issue.code for issue in caught.value.issues] == ["cannot_join"]


def test_a_pack_that_is_not_sound_is_an_issue_and_no_traceback(tmp_path: Path) -> None:
    pair = find_pair("hubaoewu+taixin")
    for name, text in (("places.csv", "name\nx\n"), ("region.yaml", "id: broken\n")):
        broken = tmp_path / name.split(".")[0]
        shutil.copytree(pair.packs[1], broken)
        (broken / name).write_text(text, encoding="utf-8")
        with pytest.raises(InputError) as caught:
            join_packs(replace(pair, packs=(pair.packs[0], broken)), tmp_path / "out")
        assert [issue.code for issue in caught.value.issues] == ["cannot_join"]


@pytest.mark.parametrize("text", ["hubaoewu+hubaoewu", "hubaoewu+taixin+hubaoewu"])
def test_two_different_regions_are_joined(text: str) -> None:
    with pytest.raises(InputError) as caught:
        find_pair(text)
    assert [issue.code for issue in caught.value.issues] == ["cannot_join"]
    with pytest.raises(InputError) as caught:
        find_pair("hubaoewu+taixn")
    assert "did you mean taixin" in caught.value.issues[0].hint


def test_without_a_cache_the_joined_pack_lies_among_the_temporary_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "no folder").write_text("", encoding="utf-8")
    monkeypatch.setenv("TRANSIT_MODEL_CACHE", str(tmp_path / "no folder"))
    pair = find_pair("hubaoewu+taixin")
    place = open_joined(pair)
    assert (place / "region.yaml").is_file()
    assert open_joined(pair) == place


def test_conflicts_of_the_shipped_pair_are_issues(tmp_path: Path) -> None:
    pair = find_pair("taixin+hubaoewu")
    assert pair.region_id == "hubaoewu+taixin"
    rows = join_packs(pair, tmp_path / "pack")
    assert rows == read_rows(tmp_path / "pack" / REVIEW)[1]
    assert {row["status"] for row in rows if row["item"] == "station"} == {"same"}
    assert len([row for row in rows if row["item"] == "station"]) == 19
    region, issues = inspect_region(tmp_path / "pack")
    assert region is not None
    assert [i for i in issues if i.severity == "error"] == []
    result = {i.value for i in issues if i.code == "joined_conflict"}
    assert result == {row["first_id"] for row in rows if row["status"] == "conflict"}
    assert result == {"deshengkou", "fengzhen--deshengkou", "horinger--qingshuihe"}
