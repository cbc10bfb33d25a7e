"""A pack that is kept is the pack that would be read: every change of a byte, a name or the path is a new reading."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from tests.minipack import write_minipack
from tests.read_once import KEPT, hash_folder, read_once
from transit_model.domain.region import Region
from transit_model.errors import InputError
from transit_model.region.pack import read_region


class Reader:
    """Reads packs and counts."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, folder: Path) -> Region:
        self.times += 1
        return read_region(folder)


def test_an_unchanged_pack_is_read_once_and_is_the_same(tmp_path: Path) -> None:
    reader, mini = Reader(), write_minipack(tmp_path / "mini")
    read = read_once(reader)
    first, second = read(mini), read(mini)
    assert reader.times == 1
    assert first is second
    fresh = read_region(mini)
    assert first.fingerprint == fresh.fingerprint
    pd.testing.assert_frame_equal(first.links, fresh.links)


def test_each_change_is_a_new_reading(tmp_path: Path) -> None:
    reader, mini = Reader(), write_minipack(tmp_path / "mini")
    read = read_once(reader)
    before = read(mini)
    places = mini / "places.csv"
    text = places.read_text(encoding="utf-8")
    row = text.splitlines()[1]
    swapped = row.replace("a", "b", 1) if "a" in row else row.replace("e", "o", 1)
    places.write_text(text.replace(row, swapped), encoding="utf-8")  # as many bytes as before
    assert len(swapped) == len(row)
    assert read(mini).fingerprint != before.fingerprint
    places.write_text(text, encoding="utf-8")
    assert read(mini) is before
    assert reader.times == 2
    read(shutil.copytree(mini, tmp_path / "other"))
    assert reader.times == 3


def test_a_bad_pack_is_an_error_each_time(tmp_path: Path) -> None:
    reader, mini = Reader(), write_minipack(tmp_path / "mini")
    (mini / "places.csv").unlink()
    read = read_once(reader)
    for _ in range(2):
        with pytest.raises(InputError):
            read(mini)
    with pytest.raises(InputError):
        read(tmp_path)
    assert reader.times == 3


def test_only_the_last_packs_are_kept(tmp_path: Path) -> None:
    reader, mini = Reader(), write_minipack(tmp_path / "mini")
    read = read_once(reader)
    packs = [shutil.copytree(mini, tmp_path / f"pack{n}") for n in range(KEPT + 1)]
    assert len({hash_folder(pack) for pack in packs}) == KEPT + 1
    for pack in packs:
        read(pack)
    read(packs[-1])
    assert reader.times == KEPT + 1
    read(packs[0])
    assert reader.times == KEPT + 2
