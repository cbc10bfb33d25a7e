"""Points of a user's CSV: what is read, and every mistake with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.minipack import make_minipack_files, write_pack
from tests.region.checking import check_region
from transit_model.errors import InputError
from transit_model.region.point_table import read_point_table

BOX = (110.0, 40.0, 113.0, 42.0)


def write(folder: Path, text: str) -> Path:
    path = folder / "points.csv"
    path.write_text(text, encoding="utf-8")
    return path


def find(path: Path, **options: object) -> list[tuple[str, int | None]]:
    with pytest.raises(InputError) as caught:
        read_point_table(path, **options)  # type: ignore[arg-type]
    assert {i.file for i in caught.value.issues} == {str(path)}
    return [(i.code, i.line) for i in caught.value.issues if i.severity == "error"]


def test_columns_come_as_text_and_as_numbers(tmp_path: Path) -> None:
    read = read_point_table(
        write(tmp_path, 'id,name,lon,lat,supply\n01,"甲,乙",111.0,40.8,30\n02,丙,111.5,40.7,0\n'),
        optional=["supply", "beds"],
        with_id=True,
        bbox=BOX,
    )
    assert read.table["id"].tolist() == ["01", "02"]  # no number: the zero stays
    assert read.table["name"].tolist() == ["甲,乙", "丙"]
    assert (read.lon.tolist(), read.lat.tolist()) == ([111.0, 111.5], [40.8, 40.7])
    assert {k: v.tolist() for k, v in read.numbers.items()} == {"supply": [30, 0]}
    assert read.notices == ()


def test_every_mistake_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    text = "id,lon,lat,n\na,111,40.8,1\na,111,40.8,-1\n,111,40.8,1\nb,40.8,111,1\nc,111,140,many\nd,120,30,inf\n"
    assert find(write(tmp_path, text), numbers=["n"], with_id=True, bbox=BOX) == [
        ("empty_id", 4),
        ("duplicate_id", 3),
        ("outside_study_area", 5),
        ("bad_coordinate", 6),
        ("outside_study_area", 7),
        ("bad_value", 3),
        ("bad_value", 6),
        ("bad_value", 7),
    ]


def test_many_wrong_rows_are_counted(tmp_path: Path) -> None:
    path = write(tmp_path, "lon,lat\n" + "x,40\n" * 12)
    with pytest.raises(InputError, match=r"and 7 more") as caught:
        read_point_table(path)
    assert [i.line for i in caught.value.issues] == [2, 3, 4, 5, 6]


def test_what_is_no_table(tmp_path: Path) -> None:
    assert find(tmp_path / "none.csv") == [("file_not_found", None)]
    folder = tmp_path / "folder.csv"
    folder.mkdir()
    assert find(folder) == [("cannot_read", None)]
    assert find(write(tmp_path, "lat\n1\n"), with_id=True) == [("missing_column", 1), ("missing_column", 1)]
    assert find(write(tmp_path, "lon,lat\n")) == [("empty_table", None)]


def test_no_county_has_more_people_than_any_city(tmp_path: Path) -> None:
    files = make_minipack_files()
    files["counties.csv"] = files["counties.csv"].replace("600000", "600000000000")
    issues = check_region(write_pack(tmp_path, files))
    assert [(i.code, i.line) for i in issues if i.severity == "error"] == [("population_impossible", 2)]
