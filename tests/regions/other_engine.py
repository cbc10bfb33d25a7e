"""Travel times of another engine, nigiri (https://github.com/motis-project/nigiri), to set ours beside.

Runs in a Python of its own that has ``pynigiri`` and nothing of ours::

    python other_engine.py FEED.zip 2019-05-15 America/Sao_Paulo PAIRS.csv > TIMES.csv

PAIRS.csv has the columns ``from,to,clock`` (stop_ids and HH:MM); TIMES.csv has also ``minutes`` until the earliest
arrival, empty when there is none. Changes take two minutes and happen at one stop: stops get names of their own first,
since nigiri walks between stops of one name.
"""

from __future__ import annotations

import csv
import io
import sys
import tempfile
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

MAX_TRANSFERS, MAX_MINUTES = 6, 240


def name_stops_apart(feed: Path, target: Path) -> None:
    """Copy a feed, with the name of every stop its id."""
    with zipfile.ZipFile(feed) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "stops.txt":
                rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
                text = io.StringIO()
                writer = csv.DictWriter(text, list(rows[0]))
                writer.writeheader()
                writer.writerows({**row, "stop_name": row["stop_id"]} for row in rows)
                data = text.getvalue().encode()
            new.writestr(name, data)


def main(feed: Path, day: date, zone: str, pairs: Path) -> None:
    """Print the pairs with their minutes."""
    import pynigiri as ng  # type: ignore[import-not-found]

    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "feed.zip"
        name_stops_apart(feed, copy)
        source = ng.TimetableSource("x", str(copy))
        config = ng.LoaderConfig()
        config.default_tz, config.link_stop_distance = zone, 0
        source.loader_config = config
        first, last = day - timedelta(days=1), day + timedelta(days=2)
        timetable = ng.load_timetable([source], first.isoformat(), last.isoformat())
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(("from", "to", "clock", "minutes"))
    with pairs.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            hour, minute = map(int, row["clock"].split(":"))
            start = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(zone))
            query = ng.Query()
            query.start_time = int(start.timestamp()) // 60
            query.start = [ng.Offset(timetable.find_location(row["from"]), 0, 0)]
            query.destination = [ng.Offset(timetable.find_location(row["to"]), 0, 0)]
            query.start_match_mode = query.dest_match_mode = ng.LocationMatchMode.EXACT
            query.max_transfers, query.max_travel_time = MAX_TRANSFERS, MAX_MINUTES
            found = [j.arrival_time() - query.start_time for j in ng.route(timetable, query)]
            out.writerow((row["from"], row["to"], row["clock"], min(found) if found else ""))


if __name__ == "__main__":
    main(Path(sys.argv[1]), date.fromisoformat(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))
