"""Trains timed together are those timed one by one, with every word that is said about them."""

from __future__ import annotations

from dataclasses import astuple

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from transit_model.gtfs.train_calls import TrainFindings, read_train
from transit_model.gtfs.train_columns import parse_columns, time_trains

IDS = {name: name.lower() for name in "ABCDE"}
CLOCKS = ["", "--", "始发", "终到", "06:00", "7:30", "08:00", "08:05", "09:10", "12:00", "23:50", "00:10", "24:20", "x"]
DAYS = ["", "1", "2", "0", "当日", "次日", "+1", "隔日"]
FORWARD = [f"{hour:02d}:{minute:02d}" for hour in range(5, 23) for minute in (0, 20, 40)]


@st.composite
def tables(draw: st.DrawFn) -> pd.DataFrame:
    rows: list[dict[str, str]] = []
    for train in draw(st.lists(st.sampled_from(["D1", "D2", "G3", "", "Ｄ1"]), min_size=1, max_size=4)):
        n = draw(st.integers(1, 5))
        stations = draw(st.permutations("ABCDE"))[:n]
        clocks = sorted(draw(st.lists(st.sampled_from(FORWARD), min_size=2 * n, max_size=2 * n)))
        for k in range(n):
            arrive, depart = ("" if k == 0 else clocks[2 * k]), ("" if k == n - 1 else clocks[2 * k + 1])
            rows.append({"train": train, "station": stations[k], "arrive": arrive, "depart": depart})
            rows[-1] |= {"day": "1", "order": str(k + 1)}
    values = {
        "arrive": CLOCKS,
        "depart": CLOCKS,
        "day": DAYS,
        "order": ["1", "2", "", "q"],
        "station": ["A", "Q", "B站"],
    }
    for _ in range(draw(st.integers(0, 3))):  # what plain tables do not have
        column = draw(st.sampled_from(list(values)))
        draw(st.sampled_from(rows))[column] = draw(st.sampled_from(values[column]))
    if draw(st.booleans()):
        rows = list(draw(st.permutations(rows)))
    kept = ["train", "station", "arrive", "depart"]
    kept += draw(st.sampled_from([["day", "order"], ["day"], ["order"], []]))
    table = pd.DataFrame(rows, dtype="str")[kept]
    return table.rename(columns={"day": "days_after"}) if draw(st.booleans()) else table


@settings(max_examples=examples(200), deadline=None)
@given(tables())
def test_trains_together_are_those_one_by_one(table: pd.DataFrame) -> None:
    columns = parse_columns(table, list(range(2, len(table) + 2)))
    result, slowly = TrainFindings(), TrainFindings()
    found, issues = time_trains(columns, IDS, "t.csv", result)
    parts: dict[str, list[int]] = {}
    for i, code in enumerate(columns.train.code.tolist()):
        parts.setdefault(str(columns.train.cells[code]), []).append(i)
    calls, problems = [], []
    for train, numbers in parts.items():
        rows = columns.get_rows(numbers)
        more, wrong = read_train(train, rows, IDS, "t.csv", columns.first_day, slowly)
        calls += more
        problems += wrong
    assert list(found.itertuples(index=False, name=None)) == calls
    assert issues == problems
    assert astuple(result) == astuple(slowly)
