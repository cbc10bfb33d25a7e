"""What changed between two timetables, by hand on the mini pack (see `make_two_timetables_files`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.minipack import NEW_TIMETABLE, OLD_TIMETABLE, make_two_timetables_files, write_pack
from transit_model.assumptions import read_default_assumptions
from transit_model.catalogue.timetable_diff import TimetableDiff, diff_timetables
from transit_model.domain.place import Place
from transit_model.domain.region import Region
from transit_model.errors import InputError
from transit_model.measure.places import PlaceIndex
from transit_model.network.build import build_network
from transit_model.region.pack import read_region


@pytest.fixture
def region(tmp_path: Path) -> Region:
    return read_region(write_pack(tmp_path, make_two_timetables_files()))


def _diff(region: Region, group: str, **options: tuple[str, ...]) -> TimetableDiff:
    places = _find(region, group)
    return diff_timetables(region, OLD_TIMETABLE, NEW_TIMETABLE, places, places, **options)


def _find(region: Region, group: str) -> list[Place]:
    return PlaceIndex(build_network(region, region.info.built_as_of, read_default_assumptions())).list_group(group)


def test_pairs_by_hand(region: Region) -> None:
    rows = _diff(region, "centres").rows()
    # west to east, old: D1 50, D3 50, K7 23:40-24:50 = 70 -> fastest 50, median 50; new: 40, 50, 44 -> 40, 44
    assert rows == [
        {
            "from": "west", "to": "east", "before": "TT2020", "after": "TT2023",
            "trains_before": 3, "trains_after": 3,
            "fastest_before_min": 50.0, "fastest_after_min": 40.0,
            "median_before_min": 50.0, "median_after_min": 44.0,
            "first_before": "07:30", "first_after": "07:30",
            "last_before": "23:40", "last_after": "15:00",
        },
        {
            "from": "east", "to": "west", "before": "TT2020", "after": "TT2023",
            "trains_before": 1, "trains_after": 1,
            "fastest_before_min": 50.0, "fastest_after_min": 50.0,
            "median_before_min": 50.0, "median_after_min": 50.0,
            "first_before": "09:00", "first_after": "09:00",
            "last_before": "09:00", "last_after": "09:00",
        },
    ]  # fmt: skip


def test_a_train_after_midnight_leaves_by_the_clock_of_the_day(region: Region) -> None:
    # mid to east: K7 leaves mid at 24:15 of its service day, 15 minutes past midnight; in the later one C5 at 15:22
    index = PlaceIndex(build_network(region, region.info.built_as_of, read_default_assumptions()))
    ends = [index.get_place("mid-station")], [index.get_place("east-station")]
    (row,) = diff_timetables(region, OLD_TIMETABLE, NEW_TIMETABLE, *ends).rows()
    assert (row["first_before"], row["last_before"], row["first_after"]) == ("00:15", "00:15", "15:22")


def test_only_trains_of_a_route_name(region: Region) -> None:
    result = _diff(region, "centres", route_names=("D", "C"))
    before, after = result.pairs["west", "east"]
    assert (before.trains, after.trains) == (2, 3)  # K7 does not count, C5 is new
    # with K7 left out nobody called at mid before; C5 does now
    assert result.gained == ("mid-station",)
    assert result.lost == ()


def test_a_way_back_is_the_same_difference_turned_round(region: Region) -> None:
    places = _find(region, "centres")
    there = diff_timetables(region, OLD_TIMETABLE, NEW_TIMETABLE, places, places)
    back = diff_timetables(region, NEW_TIMETABLE, OLD_TIMETABLE, places, places)
    assert back.pairs == {pair: (b, a) for pair, (a, b) in there.pairs.items()}
    assert (back.gained, back.lost) == (there.lost, there.gained)


def test_trains_of_days_that_are_not_asked_for_do_not_count(tmp_path: Path) -> None:
    files = make_two_timetables_files()
    name = "timetables/TT2023/calendar_dates.txt"
    files[name] += "daily,20230705,2\nother,20230705,1\n"
    name = "timetables/TT2023/trips.txt"
    files[name] = files[name].replace("rail-d,daily,D1", "rail-d,other,D1")
    region = read_region(write_pack(tmp_path, files))
    before, after = _diff(region, "centres").pairs["west", "east"]
    assert (before.trains, after.trains) == (3, 1)  # of 5 July only D1 is left


def test_a_train_that_sets_down_only_takes_nobody_along(tmp_path: Path) -> None:
    files = make_two_timetables_files()
    name = "timetables/TT2023/stop_times.txt"
    lines = files[name].splitlines()
    marked = [f"{line},{'pickup_type' if i == 0 else int(line.startswith('D1,07:30'))}" for i, line in enumerate(lines)]
    files[name] = "\n".join(marked) + "\n"
    region = read_region(write_pack(tmp_path, files))
    assert _diff(region, "centres").pairs["west", "east"][1].trains == 2


@pytest.mark.parametrize(
    ("first", "second", "group", "routes", "code"),
    [
        ("TT2020", "TT2020", "centres", (), "same_timetable"),
        ("TT2020", "TT23", "centres", (), "unknown_timetable"),
        ("TT2020", "TT2023", "farm", (), "no_station"),
        ("TT2020", "TT2023", "centres", ("X",), "unknown_route"),
    ],
)
def test_wrong_questions(
    region: Region, first: str, second: str, group: str, routes: tuple[str, ...], code: str
) -> None:
    places = _find(region, group)
    with pytest.raises(InputError) as caught:
        diff_timetables(region, first, second, places, places, route_names=routes)
    assert {i.code for i in caught.value.issues} == {code}
    assert all(i.hint for i in caught.value.issues)
