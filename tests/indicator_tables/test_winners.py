"""Winners and losers in the order of a planner: gains before losses, the largest first, what is the same in one row."""

from __future__ import annotations

from typing import Any

from transit_model.indicator_tables.tables import shorten_rows


def make_rows(place: str, base: float | None, scenario: float | None, change: float | None, note: str) -> list[Any]:
    words = {"faster": "缩短", "lost": "不再可达", "newly_reached": "新可达", "same": "不变"}
    about = {"indicator": "winners", "mode": "rail", "reading": "typical", "place": place, "place_en": place}
    about |= {"place_zh": place, "subject": "to x", "note_en": note, "note_zh": words[note]}
    values = {"base": base, "scenario": scenario, "change": change}
    return [{**about, "measure": measure, "value": value} for measure, value in values.items()]


def test_times_that_are_none_are_named_and_equal_pairs_are_counted_by_mode_and_reading() -> None:
    rows = [
        *make_rows("a", None, 30.0, None, "newly_reached"), *make_rows("b", 90.0, 60.0, -30.0, "faster"),
        *make_rows("c", 10.0, None, None, "lost"), *make_rows("d", 5.0, 5.0, 0.0, "same"),
        *make_rows("e", None, None, 0.0, "same"),
    ]  # fmt: skip
    road = [{**r, "mode": "road"} for r in rows[-3:]]
    other = [{"indicator": "mean_time", "value": 1.0}]
    shown = shorten_rows([*other, *rows, *road])
    assert shown[0] == other[0]  # an indicator without a shorter form
    assert [(r["mode"], r["place_en"], r["note_en"]) for r in shown[1:]] == [
        ("rail", "a", "newly reached: unreachable → 30.0"),
        ("rail", "b", "faster: 90.0 → 60.0"),
        ("rail", "c", "lost: 10.0 → unreachable"),
        ("rail", "whole region", "unchanged pairs: 2"),
        ("road", "whole region", "unchanged pairs: 1"),
    ]
    assert [r["note_zh"] for r in shown[1:]] == [
        "新可达：不可达 → 30.0", "缩短：90.0 → 60.0", "不再可达：10.0 → 不可达", "不变的有 2 对", "不变的有 1 对",
    ]  # fmt: skip
