"""The page that follows one link: every file and name on it exists, and its numbers are what the code computes."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import REPO
from transit_model.domain.modes import SpeedTable, Vehicle
from transit_model.measure.workspace import Workspace
from transit_model.network.street_arrays import compile_streets

pytestmark = pytest.mark.smoke

PAGE = (REPO / "FOLLOW_ONE_LINK.md").read_text(encoding="utf-8")
PLACES = sorted(set(re.findall(r"`([\w/]+\.(?:py|js))(?::([\w.]+))?`", PAGE)))
LINK = "s27_hohhot:g59_shengle--s31_togtoh"


@cache
def _list_python_names(path: Path) -> set[str]:
    """Return the functions, classes and `Class.method` that a module defines at its top."""
    kinds = (ast.FunctionDef, ast.ClassDef)
    names = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, kinds):
            names.add(node.name)
        if isinstance(node, ast.ClassDef):
            names |= {f"{node.name}.{inner.name}" for inner in node.body if isinstance(inner, kinds)}
    return names


def _list_script_names(path: Path) -> set[str]:
    text = path.read_text(encoding="utf-8")
    return set(re.findall(r"\bfunction (\w+)\(", text)) | set(re.findall(r"\bT\.(\w+) = ", text))


@pytest.mark.parametrize(("file", "name"), PLACES, ids=":".join)
def test_every_name_on_the_page_exists(file: str, name: str) -> None:
    path = REPO / "transit_model" / file
    assert path.is_file(), f"FOLLOW_ONE_LINK.md names {file}, which is not there"
    names = _list_python_names(path) if path.suffix == ".py" else _list_script_names(path)
    assert not name or name in names, f"FOLLOW_ONE_LINK.md names {name}, which {file} does not define"


def test_the_page_goes_through_all_rooms_on_the_way() -> None:
    rooms = {file.split("/")[0] for file, _ in PLACES}
    assert {"store", "scenario", "network", "streets", "measure", "surface", "goals", "study", "pages"} <= rooms
    steps = re.findall(r"^\| (\d+)'? \|", PAGE, flags=re.MULTILINE)
    assert [int(s) for s in steps] == [*range(1, 11), *range(7, 15)]


def test_the_line_of_the_file_is_quoted() -> None:
    quoted = re.search(r"a line of `(scenarios/\S+)`: `(.+?)` \|", PAGE)
    assert quoted is not None
    assert f"- {quoted[2]}\n" in (REPO / quoted[1]).read_text(encoding="utf-8")


def test_the_numbers_are_those_of_the_network(shipped: Workspace) -> None:
    network = shipped.network("s27")
    links = network.links.set_index("link_id")
    new = links[links["project_id"].isin(["s27_hohhot", "s27_ordos"])]
    # 54.2 + 21.6 + 128.6 = 204.4 km, each there and back
    assert new["length_m"].sum() == 2 * 204_400
    row = new.loc[LINK]
    assert f"has `length_m` {row['length_m']:.0f} and `maxspeed_kmh` {row['maxspeed_kmh']:.0f}" in PAGE
    ticks = compile_streets(network, Vehicle.CAR, SpeedTable.FREE).link_ticks[links.index.get_loc(LINK)]
    assert ticks == 16_260  # 54.2 km / 120 km/h = 0.45167 h = 1626 s
    assert f": {ticks} ticks of 0.1 s" in PAGE
    assert LINK not in set(shipped.network("built-2025").links["link_id"])
