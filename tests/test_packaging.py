"""What an installation gets: pinned versions, data in the wheel, licences."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import REPO


@pytest.fixture(scope="module")
def pyproject() -> dict[str, Any]:
    return tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def pins() -> list[Requirement]:
    lines = (REPO / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


def _declared(pyproject: dict[str, Any]) -> list[Requirement]:
    project = pyproject["project"]
    lines = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    return [Requirement(line) for line in lines]


def test_every_dependency_has_a_lower_bound_and_a_pin_above_it(
    pyproject: dict[str, Any], pins: list[Requirement]
) -> None:
    for wanted in _declared(pyproject):
        assert [item.operator for item in wanted.specifier] == [">="], f"{wanted}: one lower bound, no cap"
        found = [pin for pin in pins if canonicalize_name(pin.name) == canonicalize_name(wanted.name)]
        assert found, f"{wanted.name} is not in constraints.txt (make lock)"
        for pin in found:
            (version,) = [item.version for item in pin.specifier]
            assert wanted.specifier.contains(version, prereleases=True), f"{pin} is below {wanted}"


def test_pins_are_exact_and_name_no_registry(pins: list[Requirement]) -> None:
    for pin in pins:
        assert [item.operator for item in pin.specifier] == ["=="], str(pin)
        assert pin.url is None
    text = (REPO / "constraints.txt").read_text(encoding="utf-8")
    assert "://" not in text
    assert "index-url" not in text


@pytest.mark.parametrize(
    ("python", "system"), [("3.11", "linux"), ("3.11", "win32"), ("3.12", "darwin"), ("3.13", "linux")]
)
def test_each_system_gets_one_pin_per_package(pins: list[Requirement], python: str, system: str) -> None:
    environment = {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "sys_platform": system,
        "platform_python_implementation": "CPython",
    }
    chosen = [canonicalize_name(pin.name) for pin in pins if pin.marker is None or pin.marker.evaluate(environment)]
    assert len(chosen) == len(set(chosen))
    assert {"numpy", "pandas", "geopandas", "osmnx", "folium"} <= set(chosen)


def test_data_and_scenarios_travel_in_the_wheel(pyproject: dict[str, Any]) -> None:
    included: dict[str, str] = pyproject["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    packs = sorted(path.parent for path in (REPO / "data").glob("*/region.yaml"))
    assert packs, "there is no region pack"
    for folder in [*packs, REPO / "scenarios"]:
        name = folder.relative_to(REPO).as_posix()
        assert included.get(name) == f"transit_model/bundled/{name}"


def test_package_is_typed_and_licensed(pyproject: dict[str, Any]) -> None:
    assert (REPO / "transit_model" / "py.typed").exists()
    for name in pyproject["project"]["license-files"]:
        assert (REPO / name).stat().st_size > 500, name


def test_makefile_and_windows_script_know_the_same_words() -> None:
    makefile = (REPO / "Makefile").read_text(encoding="utf-8")
    script = (REPO / "make.ps1").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):.*## ", makefile, flags=re.MULTILINE))
    words = set(re.findall(r'^ {4}"([a-z-]+)"', script, flags=re.MULTILINE))
    of_a_release = {"release-check", "lock", "lower-bounds"}  # shell scripts: a release is made on Linux
    assert words == targets - of_a_release
    told = set(re.findall(r'Write-Host "  \.\\make\.ps1 ([a-z-]+) ', script))
    assert told == words - {"help"}


def test_windows_script_chooses_the_tests_that_the_makefile_chooses() -> None:
    makefile = (REPO / "Makefile").read_text(encoding="utf-8")
    script = (REPO / "make.ps1").read_text(encoding="utf-8")
    here = dict(
        re.findall(r'^([a-z-]+): .*\n\t.*pytest" -q.* -m "?([^"$]+?)"? \$\(ARGS\)$', makefile, flags=re.MULTILINE)
    )
    there = dict(
        re.findall(
            r'^ {4}"([a-z-]+)" +\{[^"]*(?:"long"[^"]*)?"\$Bin\\pytest\.exe".*?"-m", "([^"]+)"',
            script,
            flags=re.MULTILINE,
        )
    )
    assert there.pop("bench") == "bench"
    assert there == here
    assert set(here) == {"smoke", "test-long", "test-slow", "test-all"}


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no executable bit")
def test_ci_scripts_are_strict_and_executable() -> None:
    for path in sorted(Path(REPO / ".ci").iterdir()):
        text = path.read_text(encoding="utf-8")
        if text.startswith("#!"):
            assert "set -euo pipefail" in text, path.name
            assert path.stat().st_mode & 0o100, path.name
