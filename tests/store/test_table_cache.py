"""Large tables of a pack are parsed once and come back from the cache as they were."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.minipack import LINKS, make_minipack_files, write_pack
from transit_model.errors import InputError
from transit_model.region import pack as region
from transit_model.region.pack import inspect_region, read_region
from transit_model.store import table_cache
from transit_model.store.arrow_tables import read_arrow_tables, write_arrow_tables
from transit_model.store.cache import VERSION


@pytest.fixture(autouse=True)
def _all_tables_are_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRANSIT_MODEL_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(region, "LARGE_BYTES", 1)


def test_a_pack_from_the_cache_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_pack(tmp_path / "pack", make_minipack_files())
    first = read_region(path)
    kept = list((tmp_path / "cache" / VERSION).glob("??/*"))  # beside the small texts: the YAML, if not read before
    assert len(kept) == 7

    def never(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(region, "_read_table", lambda *a, **k: never() if a[1] in KNOWN else REAL(*a, **k))
    again = read_region(path)
    for name in ("places", "counties", "nodes", "links", "shapes", "stations", "sources"):
        pd.testing.assert_frame_equal(getattr(first, name), getattr(again, name))
    assert first.fingerprint == again.fingerprint
    again.links.loc[0, "length_m"] = 1.0  # tables may be changed: the file they came from is not
    assert read_region(path).links.loc[0, "length_m"] == 5000


REAL = region._read_table
KNOWN = {"roads/links.csv", "roads/nodes.csv", "places.csv"}


def test_findings_are_kept_with_their_lines(tmp_path: Path) -> None:
    files = {**make_minipack_files(), "roads/links.csv": LINKS.replace("24000,40", "24000,slow")}
    path = write_pack(tmp_path / "pack", files)
    result = [
        [(i.code, i.file, i.line, i.value) for i in inspect_region(path)[1] if i.severity == "error"] for _ in range(2)
    ]
    assert result[0] == result[1]
    assert ("not_a_number", "roads/links.csv", 7, "slow") in result[0]


def test_a_changed_file_is_read_anew(tmp_path: Path) -> None:
    path = write_pack(tmp_path / "pack", make_minipack_files())
    read_region(path)
    changed = LINKS.replace("80000,120", "80000,100")
    (path / "roads" / "links.csv").write_text(changed, encoding="utf-8")
    assert read_region(path).links.set_index("link_id").at["west_gate--east_gate", "maxspeed_kmh"] == 100


def test_a_damaged_entry_is_read_anew(tmp_path: Path) -> None:
    path = write_pack(tmp_path / "pack", make_minipack_files())
    read_region(path)
    for file in (tmp_path / "cache").rglob("table.arrow"):
        file.write_bytes(file.read_bytes()[:100])
    assert len(read_region(path).links) == 7


def test_a_cache_that_cannot_be_written_costs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("TRANSIT_MODEL_CACHE", str(tmp_path / "file"))
    assert len(read_region(write_pack(tmp_path / "pack", make_minipack_files())).links) == 7
    assert table_cache.LARGE_BYTES > 1_000_000  # small tables never go there


def test_arrow_tables_come_back_with_their_kinds(tmp_path: Path) -> None:
    table = pd.DataFrame(
        {
            "name": pd.Series(["甲", "", "c"], dtype="str"),
            "n": [1, 2, 3],
            "x": [0.5, float("nan"), 1],
            "b": [True, False, True],
        }
    )
    empty = pd.DataFrame({"name": pd.Series(dtype="str"), "n": pd.Series(dtype="int64")})
    write_arrow_tables({"one": table, "none": empty, "part": table.iloc[1:].reset_index(drop=True)}, tmp_path)
    back = read_arrow_tables(tmp_path, ("one", "none", "part"))
    pd.testing.assert_frame_equal(back["one"], table)
    pd.testing.assert_frame_equal(back["none"], empty)
    pd.testing.assert_frame_equal(back["part"], table.iloc[1:].reset_index(drop=True))


def test_a_missing_folder_is_still_an_issue(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        read_region(tmp_path / "none")
