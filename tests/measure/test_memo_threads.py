"""Digests of tables that several threads ask for while the oldest are thrown out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pytest

from transit_model.measure import memo as memos
from transit_model.measure.memo import TABLES, Memo


@pytest.fixture(autouse=True)
def quick_switch() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_a_digest_is_found_or_made_whoever_throws_it_out(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = [pd.DataFrame({"n": [n]}) for n in range(3)]
    monkeypatch.setattr(
        memos, "digest_table", lambda table, _: b"%d" % id(table)
    )  # at once: the threads meet more often
    memo = Memo(limits={TABLES: 2})

    def ask(first: int) -> bool:
        return all(
            memo.digest(table) == b"%d" % id(table) for n in range(30_000) for table in [tables[(first + n) % 3]]
        )

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(ask, range(4)))
