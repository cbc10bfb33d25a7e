"""Stages add up, in their order, to the total."""

from __future__ import annotations

import time

import pytest

from transit_model.pages.stopwatch import Stopwatch


def test_stages_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([100.0, 101.0, 104.0, 105.0])
    monkeypatch.setattr(time, "process_time", lambda: 5.0)
    monkeypatch.setattr(time, "perf_counter", lambda: next(clock))
    watch = Stopwatch()
    for stage in ("rings", "pages", "rings"):
        watch.lap(stage)
    # 5 s before; 1 s and 1 s of rings, 3 s of pages: 10 s
    assert watch.tell() == [
        "start and imports: 5.0 s, 50%",
        "rings: 2.0 s, 20%",
        "pages: 3.0 s, 30%",
        "total: 10.0 s",
    ]
