"""Region packs: the good one is read whole, each mistake is named with file and line, all at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.minipack import make_minipack_files, write_minipack, write_pack
from tests.region.checking import check_region
from transit_model.domain.region import Region
from transit_model.errors import InputError, Issue
from transit_model.region.pack import inspect_region, read_region


@pytest.fixture
def mini(tmp_path: Path) -> Region:
    return read_region(write_minipack(tmp_path / "mini"))


def check_edited(tmp_path: Path, *edits: tuple[str, str, str] | tuple[str, None]) -> list[Issue]:
    """Check the mini pack after edits: (file, old, new) replaces, (file, None) removes."""
    files: dict[str, str | bytes] = dict(make_minipack_files())
    for name, *edit in edits:
        if edit[0] is None:
            del files[name]
            continue
        old, new = str(edit[0]), str(edit[1])
        text = str(files[name])
        assert old in text, f"{old!r} is not in {name}"
        files[name] = text.replace(old, new, 1)
    return check_region(write_pack(tmp_path, files))


def test_info(mini: Region) -> None:
    info = mini.info
    assert info.region_id == "mini"
    assert info.title == {"zh": "小区域", "en": "Mini region"}
    assert info.bbox == (110.0, 40.0, 113.0, 42.0)
    assert info.window == (7 * 3600, 21 * 3600)
    assert (info.built_as_of, info.service_date) == (date(2023, 12, 31), date(2020, 12, 16))
    assert info.groups["centres"] == ("west", "east")
    assert info.groups["alternative_centres"] == ("east-alt",)
    assert info.alternative_centres == {"east": "east-alt"}
    assert info.groups["county_seats"] == ("west-seat", "east-seat", "mid", "farm")
    assert info.groups["stations"] == ("west-station", "mid-station", "east-station")  # placed, not a gateway
    assert info.main_stations["west"] == ("west-station",)
    assert info.known_gaps == ({"zh": "没有公交", "en": "no buses"},)


def test_tables(mini: Region) -> None:
    assert mini.links["oneway"].tolist() == [False] * 7
    assert mini.links["length_m"].sum() == 5000 + 80_000 + 5000 + 50_000 + 50_000 + 24_000 + 45_000
    assert str(mini.links["toll"].dtype) == "bool"
    assert mini.counties["population_2020"].sum() == 1_020_000
    assert mini.stations["lon"].isna().tolist() == [False, False, False, False, True]
    assert mini.extra["road_time_truth"]["minutes"].tolist() == [80]
    assert mini.extra["road_time_truth"]["use"].tolist() == [True]
    assert len(mini.feed.stop_times) == 13
    assert mini.outlines is not None
    assert len(mini.fingerprint) == 64


def test_reading_twice_is_equal(mini: Region, tmp_path: Path) -> None:
    again = read_region(write_minipack(tmp_path / "again"))
    assert again.fingerprint == mini.fingerprint
    assert again.links.equals(mini.links)
    assert again.info == mini.info


def test_fingerprint_depends_on_names_and_bytes(tmp_path: Path) -> None:
    files = make_minipack_files()
    one = read_region(write_pack(tmp_path / "one", files)).fingerprint
    files["checks/extra.csv"] = "a\n1\n"
    two = read_region(write_pack(tmp_path / "two", files))
    assert two.fingerprint != one
    assert two.extra["extra"]["a"].tolist() == ["1"]  # unknown tables stay text


def test_optional_files_may_be_missing(tmp_path: Path) -> None:
    files = make_minipack_files()
    for name in ("roads/shapes.csv", "sources.csv", "county_outlines.geojson", "calibration/road_time_truth.csv"):
        del files[name]
    region, issues = inspect_region(write_pack(tmp_path, files))
    assert region is not None
    assert {i.code for i in issues} == {"unknown_source"}  # no sources.csv to look the keys up in
    assert region.outlines is None
    assert region.shapes.columns.tolist() == ["link_id", "seq", "lon", "lat"]
    assert len(region.shapes) == 0


LINKS, NODES, PLACES, YAML = "roads/links.csv", "roads/nodes.csv", "places.csv", "region.yaml"


@pytest.mark.parametrize(
    ("edit", "code", "line"),
    [
        ((NODES, None), "missing_file", None),
        ((PLACES, None), "missing_file", None),
        ((YAML, None), "missing_file", None),
        ((LINKS, "length_m", "length_km"), "missing_column", 1),
        ((LINKS, "80000,120", "eighty,120"), "not_a_number", 3),
        ((LINKS, "80000,120", "80000,1200"), "out_of_range", 3),
        ((LINKS, "0,motorway", "0,autobahn"), "unknown_value", 3),
        ((LINKS, "0,motorway", "yes,motorway"), "not_a_flag", 3),
        ((LINKS, ",80000,120", ",,120"), "empty_value", 3),
        ((LINKS, "west--mid,west,mid", "west--west_gate,west,mid"), "duplicate_id", 5),
        ((LINKS, "west--mid,west,mid", "west--mid,west,middle"), "unknown_node", 5),
        ((LINKS, "west--mid,west,mid", "west--mid,west,west"), "self_loop", 5),
        ((LINKS, "50000,80", "0,80"), "zero_length", 5),
        ((LINKS, "2024,,medium", "soon,,medium"), "bad_date", 8),
        ((LINKS, "2024,,medium", "2024-13,,medium"), "bad_date", 8),
        ((LINKS, "2024,,medium", "2024,2023,medium"), "date_order", 8),
        ((LINKS, "rural,2024,,medium,[made] by hand", "rural,2024"), "invalid_row_length", 8),
        ((PLACES, "100100,West,west", "100100,West,nowhere"), "unknown_node", 2),
        ((PLACES, "111.000,40.800", "40.800,111.000"), "out_of_range", 2),
        ((PLACES, "111.500,40.700", "140.0,40.700"), "outside_bbox", 7),
        (("counties.csv", "100000,mid,", "100000,middle,"), "unknown_place", 3),
        (("counties.csv", ",mid,3000", ",middle,3000"), "unknown_node", 3),
        (("stations.csv", "west,high", "nowhere,high"), "unknown_node", 2),
        (("roads/shapes.csv", "east_gate,1", "nowhere,1"), "unknown_link", 3),
        ((YAML, "  west: [west-station]", "  west: [nowhere]"), "unknown_stop", None),
        ((YAML, "  west: [west-station]", "  nowhere: [west-station]"), "unknown_place", 16),
        ((YAML, "centres: [west, east]", "centres: [west, nowhere]"), "unknown_place", 10),
        ((YAML, "{east: east-alt}", "{east: nowhere}"), "unknown_place", 11),
        ((YAML, "service_date:", "servce_date:"), "unknown_key", 6),
        ((YAML, "id: mini\n", ""), "missing_key", 1),
        ((YAML, '"2020-12-16"', '"2021-01-01"'), "no_service", None),
        ((YAML, '"07:00", "21:00"', '"21:00", "07:00"'), "bad_value", 7),
        ((YAML, '"07:00", "21:00"', '"7 am", "21:00"'), "bad_value", 7),
        ((YAML, "110.0, 40.0, 113.0", "40.0, 110.0, 113.0"), "bad_value", 4),
        ((YAML, "+proj=aea", "+proj=nonsense"), "bad_value", 3),
        ((YAML, "+proj=aea +lat_1=39 +lat_2=42 +lat_0=40.5 +lon_0=111.5", "+proj=longlat"), "bad_value", 3),
        ((YAML, "kind: county_seat", "kind: county_set"), "bad_value", 9),
        ((YAML, "title: {zh", "title: [zh"), "bad_yaml", 2),
        ((YAML, "known_gaps:", "assumptions: {walk_speed: 5}\nknown_gaps:"), "bad_assumption", 18),
        (("county_outlines.geojson", "{", "[{"), "bad_geojson", 1),
        (("county_outlines.geojson", "features", "features_"), "bad_geojson", None),
        (("gtfs/stops.txt", None), "missing_required_file", None),
        (("gtfs/stop_times.txt", "K7,23:40:00", "K7,23.40"), "invalid_time", 6),
        (("calibration/road_time_truth.csv", "100,80", "100,long"), "not_a_number", 2),
    ],
)
def test_mistakes(tmp_path: Path, edit: tuple[str, str, str] | tuple[str, None], code: str, line: int | None) -> None:
    issues = check_edited(tmp_path, edit)
    errors = [i for i in issues if i.severity == "error"]
    assert (code, line) in {(i.code, i.line) for i in errors}, [i.as_text() for i in issues]
    if code not in ("unknown_stop", "missing_required_file"):
        assert any(i.file == edit[0] for i in errors)


def test_unknown_key_offers_the_nearest(tmp_path: Path) -> None:
    issues = check_edited(tmp_path, (YAML, "built_as_of", "build_as_of"))
    assert "did you mean built_as_of?" in {i.hint for i in issues}


def test_swapped_coordinates_have_a_hint(tmp_path: Path) -> None:
    """In a region where both values could be latitudes only the bbox tells."""
    box = "bbox: [110.0, 40.0, 113.0, 42.0]"
    files = make_minipack_files()
    files[YAML] = files[YAML].replace(box, "bbox: [20.0, 50.0, 30.0, 60.0]")
    files[NODES] = "node_id,lon,lat\n" + "".join(
        f"{n},{lon},{lat}\n"
        for n, lon, lat in [
            ("west", 21, 51),
            ("west_gate", 22, 51),
            ("mid", 51, 23),
            ("farm", 24, 51),
            ("east_gate", 25, 51),
            ("east", 26, 51),
        ]
    )
    issues = [i for i in check_region(write_pack(tmp_path, files)) if i.file == NODES]
    assert [(i.code, i.line, i.hint) for i in issues] == [("coordinates_swapped", 4, "lon and lat swapped?")]


def test_gateways_may_lie_outside(tmp_path: Path) -> None:
    # Farm moves 290 km to the east: the two roads that end there become as long as that.
    roads = ((LINKS, "X1,中农路,24000", "X1,中农路,290000"), (LINKS, "S1,农东路,45000", "S1,农东路,250000"))
    assert check_edited(tmp_path, (NODES, "111.500,40.900,seat", "114.900,40.800,gateway"), *roads) == []
    assert {i.code for i in check_edited(tmp_path, (NODES, "111.500,40.900,seat", "114.9,40.8,seat"), *roads)} == {
        "outside_bbox"
    }


def test_warnings_do_not_stop_a_run(tmp_path: Path) -> None:
    issues = check_edited(
        tmp_path,
        (LINKS, "[made] by hand", "[nobody] by hand"),
        ("stations.csv", "111.020,40.800", "111.060,40.800"),
        (YAML, "east: [east-station]", "east: [capital]"),
    )
    assert {(i.code, i.severity) for i in issues} == {
        ("unknown_source", "warning"),
        ("station_moved", "warning"),
        ("main_station_without_trains", "warning"),
    }
    assert read_region(tmp_path).info.region_id == "mini"


def test_all_mistakes_of_all_files_at_once(tmp_path: Path) -> None:
    issues = check_edited(
        tmp_path,
        (NODES, "111.500,40.900", "x,40.900"),
        (LINKS, "0,motorway", "0,autobahn"),
        (YAML, "centres: [west, east]", "centres: [west, nowhere]"),
        ("gtfs/trips.txt", "rail-k,daily", "rail-x,daily"),
        ("counties.csv", "100000,mid,", "100000,middle,"),
    )
    files = {i.file for i in issues if i.severity == "error"}
    assert files == {NODES, LINKS, YAML, "gtfs/trips.txt", "counties.csv"}
    with pytest.raises(InputError) as error:
        read_region(tmp_path)
    assert error.value.issues == issues


def test_not_utf8_is_an_error_in_a_pack(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = dict(make_minipack_files())
    files[PLACES] = str(files[PLACES]).encode("gb18030")
    issues = check_region(write_pack(tmp_path, files))
    assert [(i.code, i.severity, i.file) for i in issues] == [("not_utf8", "error", PLACES)]


@pytest.mark.parametrize("name", ["places.csv", "roads/links.csv", "stations.csv", "gtfs/trips.txt"])
def test_empty_and_truncated_tables(tmp_path: Path, name: str) -> None:
    files: dict[str, str | bytes] = dict(make_minipack_files())
    text = str(files[name])
    files[name] = ""
    assert "empty_file" in {i.code for i in check_region(write_pack(tmp_path / "empty", files))}
    files[name] = text[: text.rindex(",", 0, len(text) - 20)]  # cut inside the last row
    codes = {i.code for i in check_region(write_pack(tmp_path / "cut", files)) if i.severity == "error"}
    assert codes & {"invalid_row_length", "missing_required_field", "foreign_key_violation"}


def test_truncated_yaml(tmp_path: Path) -> None:
    """Wherever the file is cut, there is an issue with a line, never a traceback."""
    text = make_minipack_files()[YAML]
    for cut in range(0, len(text) - 20, 211):
        files: dict[str, str | bytes] = {**make_minipack_files(), YAML: text[:cut]}
        issues = [i for i in check_region(write_pack(tmp_path / str(cut), files)) if i.severity == "error"]
        assert issues
        assert {i.file for i in issues} == {YAML}


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        read_region(tmp_path / "none")
    assert error.value.issues[0].code == "missing_folder"


def test_the_bundled_region(repo: Path) -> None:
    region, issues = inspect_region(repo / "data" / "hubaoewu")
    assert [i.as_text() for i in issues if i.severity != "info"] == []
    assert region is not None
    assert region.info.groups["centres"] == ("hohhot", "baotou", "ordos", "ulanqab")
    assert len(region.info.groups["county_seats"]) == 38
    assert set(region.extra) >= {"road_time_truth", "rail_observed", "rail_lines", "rail_line_stations"}
