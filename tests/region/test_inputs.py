"""Which folders a question is about: the pack and the scenarios that go with it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from transit_model.errors import InputError
from transit_model.store.resources import DEFAULT_REGION, find_inputs, find_region, find_scenarios_dir


def test_scenarios_given_build_on_those_of_the_pack_and_these_on_the_shipped_ones(tmp_path: Path) -> None:
    shipped = find_region(DEFAULT_REGION), find_scenarios_dir()
    assert find_inputs() == (shipped[0], (shipped[1],))
    assert find_inputs(None, shipped[1]) == (shipped[0], (shipped[1],))  # builds on nothing but itself
    pack, plans = tmp_path / "包头", tmp_path / "plans"
    pack.mkdir()
    plans.mkdir()
    shutil.copy(shipped[0] / "region.yaml", pack)
    assert find_inputs(pack) == (pack, (shipped[1],))  # the same region with other data
    (pack / "scenarios").mkdir()
    assert find_inputs(pack) == (pack, (pack / "scenarios", shipped[1]))
    assert find_inputs(pack, plans) == (pack, (plans, pack / "scenarios", shipped[1]))


def test_another_region_has_no_part_in_the_shipped_scenarios(tmp_path: Path) -> None:
    pack, plans = tmp_path / "elsewhere", tmp_path / "plans"
    pack.mkdir()
    plans.mkdir()
    (pack / "region.yaml").write_text("# made by hand\nid: 'elsewhere'  # not hubaoewu\n", encoding="utf-8")
    assert find_inputs(pack, plans) == (pack, (plans,))
    with pytest.raises(InputError) as caught:
        find_inputs(pack)
    assert [i.code for i in caught.value.issues] == ["no_scenarios"]
    assert find_inputs(pack, needed=False) == (pack, ())
    (pack / "scenarios").mkdir()
    assert find_inputs(pack, plans) == (pack, (plans, pack / "scenarios"))


def test_a_folder_of_scenarios_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        find_inputs(None, tmp_path / "nowhere")
    assert [(i.code, i.file) for i in caught.value.issues] == [("no_folder", str(tmp_path / "nowhere"))]
