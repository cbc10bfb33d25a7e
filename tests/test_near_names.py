"""Names near a wrong one: of few names all are compared, of a street map's those that begin alike."""

from __future__ import annotations

import pytest

from transit_model import near_names
from transit_model.near_names import find_near


def test_of_many_names_those_that_begin_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["S27-east", "s27-west", "xs27-east", "hohhot"]
    assert set(find_near("s27-eest", names)) == {"S27-east", "s27-west", "xs27-east"}
    monkeypatch.setattr(near_names, "_MANY", 3)
    assert set(find_near("s27-eest", names)) == {"S27-east", "s27-west"}
    assert find_near("", names) == []
