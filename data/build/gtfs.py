"""Write a GTFS folder: agencies, calendar and feed information around the tables of a :class:`rail.Feed`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rail import Feed, translation
from tables import Row, write_table

RAILWAY = ("china-railway", "中国国家铁路集团有限公司", "China State Railway Group", "https://www.12306.cn/")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def write_feed(folder: Path, feed: Feed, choice: dict[str, Any], agencies: list[tuple[str, str, str, str]]) -> None:
    """Write all text tables of the feed into ``folder``.

    Days of running are in no source, so everything runs daily over the dates that the base cases of this timetable
    may ask for (``runs`` of the choices).
    """
    start, end = choice["runs"]
    services = sorted({row["service_id"] for row in feed.trips})
    tables: dict[str, list[Row]] = {
        "agency": [
            {
                "agency_id": key, "agency_name": zh, "agency_url": url, "agency_timezone": "Asia/Shanghai",
                "agency_lang": "zh",
            }
            for key, zh, _, url in agencies
        ],
        "stops": feed.stops,
        "routes": feed.routes,
        "trips": feed.trips,
        "stop_times": feed.stop_times,
        "calendar": [
            {"service_id": service, **dict.fromkeys(DAYS, "1"), "start_date": start, "end_date": end}
            for service in services
        ],
        "frequencies": feed.frequencies,
        "transfers": feed.transfers,
        "translations": feed.translations
        + [translation("agency", "agency_name", key, english) for key, _, english, _ in agencies],
        "feed_info": [
            {
                "feed_publisher_name": "transit-model", "feed_publisher_url": "https://example.org/transit-model",
                "feed_lang": "zh", "default_lang": "zh", "feed_start_date": start, "feed_end_date": end,
                "feed_version": "+".join(services),
            }
        ],
    }  # fmt: skip
    for name, rows in tables.items():
        if rows:
            write_table(folder / f"{name}.txt", tuple(rows[0]), rows)
