"""A region pack with several timetables: which one a date takes, and everything that can be wrong about them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.minipack import NEW_TIMETABLE, OLD_TIMETABLE, make_minipack_files, make_two_timetables_files, write_pack
from tests.region.checking import check_region
from transit_model.assumptions import read_default_assumptions
from transit_model.errors import InputError, Issue
from transit_model.network.build import build_network
from transit_model.network.timetable_arrays import compile_timetable
from transit_model.region.pack import read_region
from transit_model.region.status import describe_region, verify_region


@pytest.fixture
def files() -> dict[str, str]:
    return make_two_timetables_files()


def _find(folder: Path, files: dict[str, str]) -> list[Issue]:
    return [i for i in check_region(write_pack(folder / "pack", files)) if i.severity == "error"]


@pytest.mark.parametrize(
    ("day", "expected", "trips"),
    [
        (date(2020, 10, 1), OLD_TIMETABLE, 6),  # the first day of the first
        (date(2023, 6, 30), OLD_TIMETABLE, 6),  # the day before the second
        (date(2023, 7, 1), NEW_TIMETABLE, 6),
        (date(2030, 12, 31), NEW_TIMETABLE, 6),
    ],
)
def test_a_base_takes_the_newest_timetable_not_after_its_date(
    tmp_path: Path, files: dict[str, str], day: date, expected: str, trips: int
) -> None:
    region = read_region(write_pack(tmp_path, files))
    network = build_network(region, day, read_default_assumptions())
    assert network.info.timetable_id == expected
    assert len(network.feed.trips) == trips
    assert ("C5" in set(network.feed.trips["trip_id"])) is (expected == NEW_TIMETABLE)
    vintage = {OLD_TIMETABLE: "late 2020", NEW_TIMETABLE: "second half of 2023"}[expected]
    assert network.info.timetable_vintage["en"] == vintage
    # TT2020 has the service date of the region, TT2023 one of its own
    assert network.info.service_date == (date(2020, 12, 16) if expected == OLD_TIMETABLE else date(2023, 7, 5))


def test_a_timetable_asked_for_by_id_wins_over_the_date(tmp_path: Path, files: dict[str, str]) -> None:
    region = read_region(write_pack(tmp_path, files))
    rules = read_default_assumptions()
    asked = build_network(region, date(2030, 1, 1), rules, timetable_id=OLD_TIMETABLE)
    assert asked.info.timetable_id == OLD_TIMETABLE
    assert "K7" in set(asked.feed.trips["trip_id"])
    # also before its first day: whoever names it means it
    early = build_network(region, date(2010, 1, 1), rules, timetable_id=NEW_TIMETABLE)
    assert early.info.timetable_id == NEW_TIMETABLE


def test_a_base_before_every_timetable_is_told_with_the_remedy(tmp_path: Path, files: dict[str, str]) -> None:
    region = read_region(write_pack(tmp_path, files))
    with pytest.raises(InputError) as caught:
        build_network(region, date(2020, 9, 30), read_default_assumptions())
    (issue,) = caught.value.issues
    assert issue.code == "base_before_timetables"
    assert "--timetable TT2020" in issue.hint
    assert "2020-10-01" in issue.hint


def test_an_unknown_timetable_is_told_with_near_names(tmp_path: Path, files: dict[str, str]) -> None:
    region = read_region(write_pack(tmp_path, files))
    with pytest.raises(InputError) as caught:
        region.get_feed("TT2021")
    (issue,) = caught.value.issues
    assert issue.code == "unknown_timetable"
    assert OLD_TIMETABLE in issue.hint
    assert NEW_TIMETABLE in issue.hint


def test_a_day_without_service_names_the_timetable_and_the_others(tmp_path: Path, files: dict[str, str]) -> None:
    region = read_region(write_pack(tmp_path, files))
    day = date(2024, 2, 1)  # the one day on which TT2020 alone does not run
    old = build_network(region, date(2020, 12, 31), read_default_assumptions())
    with pytest.raises(InputError) as caught:
        compile_timetable(old, day)
    (issue,) = caught.value.issues
    assert issue.code == "no_service"
    assert OLD_TIMETABLE in issue.message
    assert f"--timetable {NEW_TIMETABLE}" in issue.hint
    new = build_network(region, date(2023, 12, 31), read_default_assumptions())
    assert compile_timetable(new, day).service_date == day


def test_a_pack_with_only_a_gtfs_folder_serves_every_date(tmp_path: Path) -> None:
    region = read_region(write_pack(tmp_path, make_minipack_files()))
    for day in (date(1990, 1, 1), date(2040, 1, 1)):
        network = build_network(region, day, read_default_assumptions())
        assert network.info.timetable_id == "gtfs"
        assert network.feed is region.feed


@pytest.mark.parametrize(
    ("old", "new", "code", "field"),
    [
        ("valid_from: 2023-07-01", "valid_from: 2020-10-01", "overlapping_timetables", "timetables.1.valid_from"),
        ("valid_from: 2023-07-01", "valid_from: 2019-07-01", "timetable_order", "timetables.1.valid_from"),
        ("id: TT2023", "id: TT2020", "duplicate_timetable", "timetables.1.id"),
        ("folder: timetables/TT2023", "folder: timetables/TT2020", "duplicate_timetable", "timetables.1.folder"),
        ("folder: timetables/TT2023", "folder: timetables/TT2024", "missing_file", None),
        ("service_date: 2023-07-05", "service_date: 2026-07-05", "no_service", "timetables.TT2023.service_date"),
        ("folder: timetables/TT2023", "folder: ../TT2023", "bad_value", "timetables.1.folder"),
        ("valid_from: 2023-07-01", "valid_from: soon", "bad_value", "timetables.1.valid_from"),
    ],
)
def test_what_is_wrong_about_timetables_is_told(
    tmp_path: Path, files: dict[str, str], old: str, new: str, code: str, field: str | None
) -> None:
    files["region.yaml"] = files["region.yaml"].replace(old, new)
    found = [i for i in _find(tmp_path, files) if i.code == code]
    assert len(found) == 1, [i.as_text() for i in found]
    assert found[0].field == field
    assert found[0].hint or code == "bad_value"
    if field is not None and code != "no_service":
        assert found[0].line is not None


def test_a_pack_says_of_when_its_timetable_is(tmp_path: Path) -> None:
    files = make_minipack_files()
    text = files["region.yaml"]
    files["region.yaml"] = text.replace("timetable_vintage: {zh: 2020年第四季度, en: late 2020}\n", "")
    (issue,) = _find(tmp_path, files)
    assert (issue.code, issue.field) == ("missing_key", "timetable_vintage")


def test_an_error_in_one_feed_is_told_with_its_folder(tmp_path: Path, files: dict[str, str]) -> None:
    name = "timetables/TT2023/stop_times.txt"
    files[name] = files[name].replace("C5,15:20:00", "C5,25:xx:00")
    found = _find(tmp_path, files)
    assert {i.file for i in found} == {name}


def test_a_source_of_a_timetable_that_nobody_knows_is_a_warning(tmp_path: Path, files: dict[str, str]) -> None:
    files["region.yaml"] = files["region.yaml"].replace(
        "source: [made]\n    service_date", "source: [gone]\n    service_date"
    )
    found = [i for i in check_region(write_pack(tmp_path, files)) if i.code == "unknown_source"]
    assert [(i.severity, i.value, i.field) for i in found] == [("warning", "gone", "timetables.TT2023.source")]


def test_status_lists_every_timetable(tmp_path: Path, files: dict[str, str]) -> None:
    result = describe_region(read_region(write_pack(tmp_path, files)))
    rows = result.as_dict()["timetables"]
    assert [(r["timetable"], r["valid_from"], r["service_date"], r["trips"]) for r in rows] == [
        (OLD_TIMETABLE, "2020-10-01", "2020-12-16", 6),
        (NEW_TIMETABLE, "2023-07-01", "2023-07-05", 6),
    ]
    assert result.timetable["vintage"]["en"] == "second half of 2023"  # the newest
    lines = "\n".join(result.lines("en"))
    assert "TT2020 (2020-10-01): late 2020" in lines
    assert "one Wednesday only" in lines


def test_verify_checks_the_network_of_every_timetable(tmp_path: Path, files: dict[str, str]) -> None:
    count, issues = verify_region(str(write_pack(tmp_path, files)))
    assert count == len(files) + 1  # the manifest
    assert [i for i in issues if i.severity == "error"] == []
