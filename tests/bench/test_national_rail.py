"""The national train table: its import beside `csv`, one station and all stations over a day of departures.

Without a table of stations, as `transit-model reach --trains FILE` reads it: 10,475 trains, 3,173 stations.
"""

from __future__ import annotations

import csv
import gzip
import io
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median
from time import process_time, thread_time

import numpy as np
import pytest

from tests.bench.harness import RUNS, Section, measure, tell
from transit_model.errors import InputError
from transit_model.gtfs.train_table import read_train_table
from transit_model.gtfs.write import write_gtfs
from transit_model.measure.rail_reach import ANY_DAY, RailTimetable
from transit_model.network.arrays import F64, I32
from transit_model.threads import count_threads
from transit_model.timetable.percentiles import summarise
from transit_model.timetable.raptor import build_access, compute_window, search_window, stop_destinations
from transit_model.timetable.raptor import window_departures as departures

pytestmark = pytest.mark.bench
COLUMNS = ("车次", "站序", "站名", "到时", "发时", "跨天")
STATIONS, SAMPLE = 10, 100
"""Stations of the single searches, and of the search from all (the rest is reckoned from these)."""


def write_table(source: Path, target: Path) -> None:
    """Write the columns that the import reads; the source has them in this order, the public number second."""
    with gzip.open(source, "rb") as packed:
        rows = list(csv.reader(io.TextIOWrapper(packed, "utf-8")))
    with target.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        table.writerows([row[0], *row[2:7]] for row in rows[1:])


def drop_wrong(table: Path) -> int:
    """Take the trains that the import refuses out of the table, and return how many they are."""
    lines, dropped = table.read_text(encoding="utf-8").splitlines(), set[str]()
    while True:
        try:
            read_train_table(table, None, valid=(ANY_DAY, ANY_DAY))
        except InputError as error:
            new = {lines[issue.line - 1].split(",")[0] for issue in error.issues if issue.line}
            dropped |= new
            lines = [line for line in lines if line.split(",")[0] not in new]
            table.write_text("\n".join([*lines, ""]), encoding="utf-8")
        else:
            return len(dropped)


def read_plainly(path: Path) -> list[list[str]]:
    """Read a file with the `csv` module, which is what the import is measured by."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def time_of(call: Callable[[], object]) -> float:
    """Return the milliseconds of processor time that this thread takes for a call."""
    start = thread_time()
    call()
    return 1000 * (thread_time() - start)


def process_seconds(call: Callable[[], object]) -> float:
    """Return the seconds of processor time that a call takes."""
    start = process_time()
    call()
    return process_time() - start


def test_national_rail(shared_data: Path, tmp_path: Path) -> None:
    table = tmp_path / "trains.csv"
    write_table(shared_data / "rail" / "cn_rail_2023-12-15.csv.gz", table)
    n_dropped = drop_wrong(table)
    loads = [os.getloadavg()[0]]

    def bring_in() -> None:
        feed, _ = read_train_table(table, None, valid=(ANY_DAY, ANY_DAY))
        write_gtfs(feed, tmp_path / "gtfs")

    spent = measure({"csv": lambda: read_plainly(table), "import": bring_in}, clock=process_time, runs=RUNS)
    # `measure` holds the garbage collector back, which reading half a million cells with csv otherwise pays most
    ordinary = [(process_seconds(bring_in), process_seconds(partial(read_plainly, table))) for _ in range(RUNS)]
    feed, _ = read_train_table(table, None, valid=(date(2023, 12, 15),) * 2)
    timetable = RailTimetable(feed)
    n = len(timetable.compiled.stop_ids)
    clocks, everywhere, quantile = departures(*timetable.window), stop_destinations(n), np.array([0.5])
    assert len(clocks) == 840
    most = np.argsort(-np.diff(timetable.index.visit_ptr)[timetable.rows], kind="stable")[:STATIONS]

    def search(stop: int) -> I32:
        return search_window(timetable.index, build_access([stop], [0.0]), clocks, everywhere)[0]

    def find_medians(stop: int) -> F64:
        where = build_access([stop], [0.0])
        medians: F64 = compute_window(timetable.index, where, clocks, everywhere, quantiles=[0.5]).percentile_s[0]
        return medians

    searched, whole, ranked = [], [], []
    for at in most.tolist():
        stop = int(timetable.rows[at])
        find_medians(stop)
        travel_s = search(stop)
        searched.append(min(time_of(partial(search, stop)) for _ in range(3)))
        whole.append(min(time_of(partial(find_medians, stop)) for _ in range(3)))
        ranked.append(min(time_of(partial(summarise, travel_s, quantile)) for _ in range(3)))
    sample = np.random.default_rng(1).choice(timetable.rows, SAMPLE, replace=False).tolist()
    start = process_time()
    with ThreadPoolExecutor(count_threads()) as pool:
        list(pool.map(find_medians, sample))
    all_s = (process_time() - start) / SAMPLE * len(timetable.rows)
    loads.append(os.getloadavg()[0])
    section = Section(
        "national-rail",
        46,
        "A national train table",
        f"{feed.trips.shape[0]:,} trains, {len(timetable.rows):,} stations, {len(feed.stop_times):,} calls: processor "
        f"time. One station: the {STATIONS} with most calls, best of three, 840 departures to every station, at "
        "most 5 rides; all stations: medians to all, reckoned from a sample of "
        f"{SAMPLE} on {count_threads()} threads.",
    )
    ratio = tell([a / b for a, b in zip(spent["import"].times_s, spent["csv"].times_s, strict=True)])
    rows = (
        (
            "`import trains`, times of reading the file with csv, in one process",
            tell([a / b for a, b in ordinary]),
            "3",
        ),
        ("the same, the garbage collector held back for both", ratio, ""),
        ("one station: the search, ms", tell(searched), "19"),
        ("one station: search and medians, ms", tell(whole), "25"),
        ("of it the medians, ms", tell(ranked), ""),
        ("all stations to all, processor s", round(all_s, 1), "40"),
        ("the same on two idle cores, s (half of it)", round(all_s / 2, 1), ""),
    )
    section.rows = [{"what": what, "measured": value, "target": target} for what, value, target in rows]
    section.notes.append(f"{n_dropped} trains that contradict themselves are refused by the import and left out")
    section.notes.append(f"load of the machine {loads[0]:.1f} at the start, {loads[1]:.1f} at the end")
    section.notes.append(
        f"the median of the searches is {median(searched):.0f} ms, of medians alone {median(ranked):.0f}"
    )
    section.save()
