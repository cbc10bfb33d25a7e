"""Speed tables of a user, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from transit_model.errors import InputError
from transit_model.roads import highway_speeds
from transit_model.roads.highway_speeds import read_speed_rules

HEAD = "highway,kind,maxspeed_kmh,basis,source\n"


def codes_of(call: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_speed_rules(call)
    return [issue.code for issue in caught.value.issues]


def test_a_country_that_is_not_shipped_is_named_with_those_that_are() -> None:
    assert codes_of("atlantis") == ["unknown_country"]


def test_a_table_as_office_programs_save_it(tmp_path: Path) -> None:
    """In GB 18030 with blanks after quotation marks; tables with semicolons or an endless cell are refused."""
    shipped = Path(highway_speeds.__file__).with_name("highway_speeds.csv").read_text(encoding="utf-8")
    path = tmp_path / "speeds.csv"
    path.write_bytes((shipped.rstrip() + '\nCN:试,zone,55,"试验" ,made up\n').encode("gb18030"))
    assert read_speed_rules(str(path)).zones["CN:试"] == 55
    path.write_text(shipped.replace(",", ";"), encoding="utf-8")
    assert codes_of(str(path)) == ["wrong_delimiter"]
    path.write_text(f'{HEAD}"{"x" * 200_000}",road,100,judged,x\n', encoding="utf-8")
    assert codes_of(str(path)) == ["csv_parsing_failed"]


@pytest.mark.parametrize(
    "row", ["motorway,road,0,judged,x", "motorway,road,fast,judged,x", "motorway,road,100,judged,"]
)
def test_a_speed_must_be_a_speed_with_a_source(tmp_path: Path, row: str) -> None:
    path = tmp_path / "speeds.csv"
    path.write_text(HEAD + row + "\n", encoding="utf-8")
    assert codes_of(str(path)) == ["bad_speed"]


def test_every_class_needs_a_speed(tmp_path: Path) -> None:
    path = tmp_path / "speeds.csv"
    path.write_text(HEAD + "motorway,road,100,judged,x\n", encoding="utf-8")
    assert codes_of(str(path)) == ["missing_class"]
