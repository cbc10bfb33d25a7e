"""People, facilities and origins from files of one's own: the right sum, or an issue with file and line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio

from tests.study.mini_workspace import open_mini_workspace
from transit_model.batches.job import build_job
from transit_model.batches.origins import list_origins
from transit_model.batches.question import BatchMeasure, OriginQuestion
from transit_model.errors import InputError, Issue
from transit_model.indicator_tables.facilities import read_facilities
from transit_model.measure.people import place_people
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.measure.workspace import Workspace


@pytest.fixture(scope="module")
def mini(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return open_mini_workspace(tmp_path_factory.mktemp("people"))


@pytest.fixture
def builder(mini: Workspace) -> SurfaceBuilder:
    return SurfaceBuilder(mini.session("built"), 4000.0)


def write_raster(path: Path, cells: list[float], *, nodata: float | None = None) -> Path:
    """One row of cells of 0.5 degrees from 110.5, 41.0 to the east."""
    with rasterio.open(
        path, "w", driver="GTiff", width=len(cells), height=1, count=1, dtype="float32", crs="EPSG:4326",
        nodata=nodata, transform=rasterio.Affine(0.5, 0, 110.5, 0, -0.5, 41.0),
    ) as file:  # fmt: skip
        file.write(np.array([[cells]], dtype=np.float32))
    return path


def refuse(builder: SurfaceBuilder, path: Path) -> Issue:
    with pytest.raises(InputError) as caught:
        place_people(builder, path)
    errors = [i for i in caught.value.issues if i.severity == "error"]
    assert [i.file for i in errors] == [str(path)]
    return errors[0]


def test_people_outside_are_counted_and_told(builder: SurfaceBuilder, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("lon,lat,population\n111.0,40.8,7\n120.0,30.0,5\n121.0,30.0,6.5\n", encoding="utf-8")
    assert place_people(builder, path).sum() == 7
    assert [(i.code, i.severity, i.file) for i in builder.check()] == [("population_outside", "warning", str(path))]
    assert "12 of 18 people" in builder.notices[0].message  # 5 + 6.5 = 11.5 of 18.5, in whole people


LOST = float(np.finfo(np.float32).max)
"""3.4e38: what GDAL and ArcGIS write into missing cells."""


def test_a_raster_whose_nodata_is_lost_is_refused(builder: SurfaceBuilder, tmp_path: Path) -> None:
    found = refuse(builder, write_raster(tmp_path / "lost.tif", [7, LOST, 5]))
    assert (found.code, found.severity) == ("population_impossible", "error")
    assert "nodata" in found.hint
    declared = write_raster(tmp_path / "declared.tif", [7, LOST, 5], nodata=LOST)
    assert place_people(builder, declared).sum() == 12
    assert builder.notices == []
    assert refuse(builder, write_raster(tmp_path / "inf.tif", [7, float("inf")])).code == "population_impossible"
    assert place_people(builder, write_raster(tmp_path / "nan.tif", [7, float("nan")])).sum() == 7


def test_cells_below_nobody_are_told(builder: SurfaceBuilder, tmp_path: Path) -> None:
    assert place_people(builder, write_raster(tmp_path / "minus.tif", [7, -9999, -9999, 5])).sum() == 12
    assert [(i.code, i.value) for i in builder.notices] == [("negative_people", "-9999")]
    assert builder.notices[0].message.startswith("2 cells")


def test_too_many_people_are_refused(builder: SurfaceBuilder, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("lon,lat,population\n111.0,40.8,41000000\n", encoding="utf-8")
    assert refuse(builder, path).code == "population_impossible"  # more than any city
    rows = "".join(f"111.{i:02d},40.8,39000000\n" for i in range(39))
    path.write_text("lon,lat,population\n" + rows, encoding="utf-8")
    assert refuse(builder, path).code == "population_impossible"  # 39 x 39 million are 1.521 thousand million


EMPTY = {
    "": ("empty_file", None),
    "lon,lat,population\n": ("empty_table", None),
    "lon,lat,population\n111.0,40.8,0\n112.0,40.8,0\n": ("no_people", None),
    "lon,lat,population\n111.0,40.8,\n": ("bad_value", 2),
    "lon,lat,population\n111.0,40.8,5\n111.1,40.8,-5\n": ("bad_value", 3),
    "lon,lat,population\n111.0,40.8,5\n111.1,940.8,5\n": ("bad_coordinate", 3),
    "lon,lat,population\n111.0,40.8,5\n\n111.1,40.8\n": ("invalid_row_length", 4),
    "lon,lat,people\n111.0,40.8,5\n": ("missing_column", 1),
}


@pytest.mark.parametrize("text", EMPTY)
def test_an_empty_or_wrong_file_is_not_nobody(builder: SurfaceBuilder, tmp_path: Path, text: str) -> None:
    path = tmp_path / "people.csv"
    path.write_text(text, encoding="utf-8")
    found = refuse(builder, path)
    assert (found.code, found.line) == EMPTY[text]


def test_an_empty_raster_is_not_nobody(builder: SurfaceBuilder, tmp_path: Path) -> None:
    assert refuse(builder, write_raster(tmp_path / "zero.tif", [0, 0])).code == "no_people"
    broken = tmp_path / "broken.tif"
    broken.write_bytes(b"")
    assert refuse(builder, broken).code == "bad_raster"


def test_names_of_an_office_program_are_read(mini: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "gbk.csv"
    path.write_bytes("id,name,lon,lat,supply\nh1,呼和浩特市第一医院,111.0,40.8,30\n".encode("gb18030"))
    read = read_facilities(path)
    assert read.places[0].name_zh == "呼和浩特市第一医院"
    assert [(i.code, i.line) for i in read.notices] == [("not_utf8", 2)]
    origins = list_origins(str(path), [mini.session("built")])
    assert origins[0].name_zh == "呼和浩特市第一医院"


def test_facilities_outside_are_told_and_swapped_ones_refused(tmp_path: Path) -> None:
    box = (110.0, 40.0, 113.0, 42.0)
    path = tmp_path / "facilities.csv"
    path.write_text("id,lon,lat\na,111,40.8\nb,120,30\n", encoding="utf-8")
    read = read_facilities(path, box)
    assert [(i.code, i.severity, i.line) for i in read.notices] == [("outside_study_area", "warning", 3)]
    path.write_text("id,lon,lat\na,111,40.8\nb,40.8,111\n", encoding="utf-8")
    with pytest.raises(InputError, match=r":3 \[lon\]: error outside_study_area.*swapped"):
        read_facilities(path, box)


def test_a_batch_without_origins_or_people_is_refused(tmp_path: Path) -> None:
    from tests.minipack import make_minipack_files, write_pack
    from tests.study.mini_workspace import write_mini_scenarios
    from transit_model.domain.modes import Mode, Reading

    files = make_minipack_files()
    places = "\n".join(line for line in files["places.csv"].splitlines() if "county_seat" not in line) + "\n"
    bare = {n: t for n, t in files.items() if n != "counties.csv"} | {"places.csv": places}
    work = Workspace.open(str(write_pack(tmp_path / "mini", bare)), write_mini_scenarios(tmp_path / "scenarios"))

    def refuse_batch(measure: BatchMeasure, origins: str, grid_cell_m: float = 1e4) -> list[str]:
        question = OriginQuestion(measure, (Mode.ROAD,), (Reading.TYPICAL,))
        with pytest.raises(InputError) as caught:
            build_job(work, ["built"], question, origins, destinations="centres", grid_cell_m=grid_cell_m)
        return [i.code for i in caught.value.issues if i.severity == "error"]

    assert refuse_batch(BatchMeasure.TIMES, "seats") == ["empty_group"]
    assert refuse_batch(BatchMeasure.SEATS, "centres") == ["empty_group"]
    assert refuse_batch(BatchMeasure.POPULATION, "centres") == ["no_people"]
    # 3 x 2 degrees are 255 x 222 km: at 100 m 5.7 million origins, and 220 m would be 1.2 million
    assert refuse_batch(BatchMeasure.TIMES, "grid", 100.0) == ["too_many_cells"]
    assert refuse_batch(BatchMeasure.TIMES, "grid", 220.0) == ["too_many_cells"]
