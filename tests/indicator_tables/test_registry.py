"""The registry of indicators, and the table of INDICATORS.md that is written from it.

``python -m tests.indicator_tables.test_registry`` writes the table anew.
"""

from __future__ import annotations

from pathlib import Path

import transit_model.indicator_tables
from transit_model.indicator_tables.registry import INDICATORS, build_page_table, list_users

PAGE = Path(__file__).resolve().parents[2] / "INDICATORS.md"
HINT = "run: python -m tests.indicator_tables.test_registry"
SHARED = {"__init__", "facilities", "indicator", "needs", "registry", "rows", "tables"}


def find_table(text: str) -> str:
    begin = text.index("| name | 中文名 |")
    return text[begin : text.index("\n\n", begin) + 1]


def test_the_page_holds_the_table_of_the_registry() -> None:
    assert find_table(PAGE.read_text(encoding="utf-8")) == build_page_table(), HINT


def test_each_indicator_is_a_file_and_a_row() -> None:
    (folder,) = transit_model.indicator_tables.__path__
    assert {path.stem for path in Path(folder).glob("*.py")} - SHARED == set(INDICATORS)
    assert all(name == row.name for name, row in INDICATORS.items())


def test_options_are_parameters_of_the_command() -> None:
    # what is refused where no indicator asked for uses it: the sets stood in the command before the registry
    assert list_users("base") == {"winners"}
    assert list_users("stay") == {"day_return"}
    assert list_users("facilities") == {"nearest", "supply"}
    assert list_users("cutoffs") == {"within", "hospital", "overlap", "ambulance", "population_models"}
    assert list_users("population") == list_users("cutoffs") | {"airport"}
    everybody = {"mean_time", "daily", "potential", "equity", "nearest", "supply"}
    assert list_users("opportunities") == list_users("population") - {"population_models"} | everybody
    known = {"base", "stay", "facilities", "cutoffs", "population", "opportunities"}
    assert all(row.options <= known for row in INDICATORS.values())


if __name__ == "__main__":
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(text.replace(find_table(text), build_page_table()), encoding="utf-8")
