"""The text of a table is the same, whether it is written whole or by parts that others have too."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from transit_model.network import table_texts
from transit_model.network.table_texts import TableTexts


def test_parts_joined_are_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_texts, "PART_ROWS", 3)
    table = pd.DataFrame(
        {
            "id": [f"n{i}" if i % 3 else 'a "quoted", one' for i in range(10)],
            "lon": [0.1 + i if i != 4 else np.nan for i in range(10)],
            "n": np.arange(10),
            "open": [i % 2 == 0 for i in range(10)],
        }
    )
    moved = table.assign(lon=table["lon"].where(table["n"] != 7, 1e-9))
    texts = TableTexts()
    for one in (table, moved, pd.concat([table, table.tail(1)], ignore_index=True), table.astype({"id": object})):
        assert b"".join(texts.get(one)) == one.to_csv(index=False).encode()
    # 4 parts of the first, one that another cell changes, one that is longer
    assert len(texts._parts) == 6
    assert texts.get(moved)[0] is texts.get(table)[0]
