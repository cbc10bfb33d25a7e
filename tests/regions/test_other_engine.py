"""Transit times of the buses of Porto Alegre beside another engine's on the same feed.

``porto_alegre_nigiri.csv`` holds 600 earliest arrivals of nigiri 0.1.5 (``other_engine.py`` made it): 25 stops to 24
stops of the EPTC feed on Wednesday 15 May 2019, changes of two minutes at one stop, at most six, at most four hours.
nigiri rounds clock times to whole minutes, so ours are rounded for the comparison; what that does is told beside it.
"""

from __future__ import annotations

import csv
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from tests.network.town import ROUND, make_town
from tests.timetable.arrivals import compute_arrivals
from transit_model.domain.region import Feed
from transit_model.gtfs.feed import read_gtfs
from transit_model.network.timetable_arrays import compile_timetable
from transit_model.timetable.index import build_index
from transit_model.timetable.raptor import build_access
from transit_model.units import parse_clock_s

pytestmark = pytest.mark.slow

F64 = npt.NDArray[np.float64]
CHANGE_S, MAX_RIDES, MAX_MIN = 120, 7, 240
TABLE = Path(__file__).parent / "porto_alegre_nigiri.csv"


def compute_minutes(feed: Feed, rows: list[dict[str, str]]) -> F64:
    network = make_town(feed=feed, stations={}, main_stations={}, assumptions=ROUND.with_changes(transfer_walk_max_m=0))
    compiled = compile_timetable(network, date(2019, 5, 15))
    assert not len(compiled.arrays.transfer_to)
    change_s = np.full(compiled.arrays.n_stops, CHANGE_S, dtype=np.int32)
    index = build_index(replace(compiled.arrays, change_s=change_s))
    known: dict[tuple[str, int], F64] = {}
    out = []
    for row in rows:
        clock = parse_clock_s(f"{row['clock']}:00")
        key = (row["from"], clock)
        if key not in known:
            access = build_access([compiled.stop_idx[row["from"]]], [0])
            known[key] = (compute_arrivals(index, access, [clock], max_rides=MAX_RIDES)[0] - clock) / 60
        out.append(known[key][compiled.stop_idx[row["to"]]])
    minutes = np.array(out)
    return np.where(minutes <= MAX_MIN, minutes, np.inf)


def test_every_arrival_is_the_other_engines(shared_data: Path) -> None:
    feed = read_gtfs(shared_data / "osm" / "porto_alegre" / "poa_eptc.zip")
    with TABLE.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    theirs = np.array([float(r["minutes"] or "inf") for r in rows])
    times = feed.stop_times
    clocks = {c: (times[c] + 30) // 60 * 60 for c in ("arrival_clock_s", "departure_clock_s")}
    rounded = compute_minutes(replace(feed, stop_times=times.assign(**clocks)), rows)
    assert np.isfinite(theirs).sum() == 415
    np.testing.assert_array_equal(rounded, theirs)  # also where there is none within four hours
    plain = compute_minutes(feed, rows)
    both = np.isfinite(plain) & np.isfinite(theirs)
    gap = plain[both] - theirs[both]
    within = float((np.abs(gap) <= 1).mean())
    text = (
        f"to the second: median {np.median(gap):+.2f} min, {within:.0%} within 1 min, {(gap > 5).mean():.0%} later by 5"
    )
    sys.stderr.write(f"\n{text} min or more (a change of 100 s counts as two minutes when clocks are rounded)\n")
    assert gap.min() >= -1.0  # nobody is earlier by more than the rounding
    assert within > 0.85
