"""Layers of minutes come back from the page as they were, in Python here and in the browser."""

from __future__ import annotations

import base64
import zlib
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.examples import examples
from tests.pages.visitor import Visitor
from transit_model.pages.cell_layers import deflate, encode_layers, encode_steps
from transit_model.pages.view import StudyView

if TYPE_CHECKING:
    from transit_model.surface.lattice import Minutes

_LAYER = arrays(np.uint16, 40, elements=st.integers(0, 65_000))


def _read(text: str, before: Minutes) -> list[int]:
    """Read a layer the way the page does, with another DEFLATE."""
    raw = zlib.decompress(base64.b64decode(text), -15)
    n = len(before)
    folded = [raw[i] | raw[n + i] << 8 | raw[2 * n + i] << 16 for i in range(n)]
    steps = [-(f + 1 >> 1) if f & 1 else f >> 1 for f in folded]
    return [int(d) + int(b) for d, b in zip(np.cumsum(steps), before, strict=True)]


@settings(max_examples=examples(60))
@given(_LAYER, _LAYER)
def test_a_layer_is_read_back(values: Minutes, before: Minutes) -> None:
    assert _read(encode_steps(values, before), before) == values.tolist()


def test_what_is_the_same_or_the_least_of_others_is_not_written_twice(view: StudyView) -> None:
    assert view.cells is not None
    rows = {tuple(row[1:4]): row for row in encode_layers(view, "everything", "built")}
    assert rows["jia", "road", "typical"][4] == "built|jia|road|typical"
    assert encode_layers(view, "built", None)[0][4] == ""
    same = [row for row in encode_layers(view, "built", "built") if row[5]]
    assert same == []


@pytest.mark.browser
def test_the_browser_reads_every_layer_and_any_stream(wide: Visitor, view: StudyView) -> None:
    page = wide.open("everything.html")
    assert view.cells is not None
    for key, values in view.cells.minutes.items():
        if key[0] in ("built", "everything"):
            read = page.evaluate("k => Array.from(TransitMap.layer(...k))", list(key))
            assert read == values.tolist(), key
    noise = np.random.default_rng(3).integers(0, 256, 5000, dtype=np.uint8).tobytes()
    for data in (b"", b"a", b"ab" * 4000, noise, noise + bytes(70_000) + noise):
        read = page.evaluate("([t, n]) => Array.from(TransitMap.unpack(t, n))", [deflate(data), len(data)])
        assert bytes(read) == data
