"""The parcel: what comes out is what went in, mapped and not copied, private to whom writes."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest

from tests.batches.toys import Squares
from transit_model.batches.parcel import pack, unpack, unpack_bytes
from transit_model.errors import InputError


def test_arrays_come_back_equal_and_writable(tmp_path: Path) -> None:
    work = Squares(np.arange(5, dtype=np.int64))
    digest = pack(work, tmp_path / "parcel")
    again = cast("Squares", unpack(tmp_path / "parcel"))
    assert again.numbers.tolist() == [0, 1, 2, 3, 4]
    again.numbers[0] = 99  # a private copy of the page
    assert cast("Squares", unpack(tmp_path / "parcel")).numbers[0] == 0
    assert pack(work, tmp_path / "second") == digest
    sent = cast("Squares", unpack_bytes((tmp_path / "parcel").read_bytes()))
    assert sent.numbers.tolist() == [0, 1, 2, 3, 4]


def test_a_million_numbers_are_not_in_the_pickle(tmp_path: Path) -> None:
    # 8 MB of numbers lie outside the pickle, at a multiple of 64 bytes: the arrays are views of the file.
    pack(Squares(np.arange(1_000_000, dtype=np.int64)), tmp_path / "parcel")
    again = cast("Squares", unpack(tmp_path / "parcel"))
    assert not again.numbers.flags.owndata
    assert again.numbers.ctypes.data % 64 == 0


def test_tables_and_empty_arrays_survive(tmp_path: Path) -> None:
    table = pd.DataFrame({"name": ["呼和浩特", "b", None], "n": [1.5, np.inf, np.nan], "k": [1, 2, 3]})
    thing: Any = Squares(np.zeros(0, np.int64))
    thing.more = {"table": table, "same": table, "empty": np.zeros((0, 3)), "turned": np.arange(6).reshape(2, 3).T}
    pack(thing, tmp_path / "parcel")
    again: Any = unpack(tmp_path / "parcel")
    pd.testing.assert_frame_equal(again.more["table"], table)
    assert again.more["table"] is again.more["same"]
    assert again.more["empty"].shape == (0, 3)
    assert again.more["turned"].tolist() == [[0, 3], [1, 4], [2, 5]]


def test_another_file_is_refused() -> None:
    with pytest.raises(InputError, match="no parcel"):
        unpack_bytes(bytes(64))
