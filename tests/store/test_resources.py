"""Bundled folders are found from a checkout and from a wheel."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.minipack import write_minipack
from transit_model.errors import InputError
from transit_model.store import resources


def test_a_checkout_uses_its_own_folders(repo: Path) -> None:
    assert resources.find_data_dir() == repo / "data"
    assert resources.find_scenarios_dir() == repo / "scenarios"
    assert "hubaoewu" in resources.list_regions()
    assert resources.find_region() == repo / "data" / "hubaoewu"


def test_a_wheel_uses_the_bundled_copies(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    package = tmp_path / "site-packages" / "transit_model"
    write_minipack(package / "bundled" / "data" / "mini")
    monkeypatch.setattr(resources, "files", lambda _: package)
    assert resources.find_data_dir() == package / "bundled" / "data"
    assert resources.find_region("mini") == package / "bundled" / "data" / "mini"
    with pytest.raises(InputError) as error:
        resources.find_scenarios_dir()
    assert error.value.issues[0].code == "missing_bundle"


def test_a_path_is_a_region(tmp_path: Path) -> None:
    folder = write_minipack(tmp_path / "mini")
    assert resources.find_region(folder) == folder
    assert resources.find_region(str(folder)) == folder
    assert resources.find_region(folder / "region.yaml") == folder


@pytest.mark.parametrize("name", ["hubaoew", "Hubaoewu", ".", "../data"])
def test_an_unknown_region_offers_the_nearest(name: str) -> None:
    with pytest.raises(InputError) as error:
        resources.find_region(name)
    assert error.value.issues[0].code == "unknown_region"
    assert "hubaoewu" in error.value.issues[0].hint
