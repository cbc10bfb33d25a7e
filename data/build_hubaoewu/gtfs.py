"""Write the GTFS folder: agencies, calendars and feed information around the tables of a :class:`rail.Feed`."""

from __future__ import annotations

from pathlib import Path

from rail import Feed, translation
from tables import Row, write_table

AGENCIES: list[Row] = [
    {
        "agency_id": "china-railway", "agency_name": "中国国家铁路集团有限公司", "agency_url": "https://www.12306.cn/",
        "agency_timezone": "Asia/Shanghai", "agency_lang": "zh",
    },
    {
        "agency_id": "hohhot-metro", "agency_name": "呼和浩特地铁", "agency_url": "https://hhhtmetro.com/",
        "agency_timezone": "Asia/Shanghai", "agency_lang": "zh",
    },
]  # fmt: skip
AGENCIES_EN = {"china-railway": "China State Railway Group", "hohhot-metro": "Hohhot Metro"}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# The boards were committed between these two days; the diagram changed on 2021-01-20. Days of running are not in
# the source, so every train runs daily. The metro's times hold from the opening of line 2 to the speed-up.
CALENDAR = (
    ("METRO2020", "20201001", "20210621", "1"),
    ("TT2020Q4", "20201210", "20210119", "1"),
    ("TT20230326", "20230326", "20230326", "0"),
)
VERSION = "TT2020Q4+TT20230326+METRO2020"


def write_feed(folder: Path, feed: Feed) -> None:
    """Write all text tables of the feed into ``folder``."""
    tables: dict[str, list[Row]] = {
        "agency": AGENCIES,
        "stops": feed.stops,
        "routes": feed.routes,
        "trips": feed.trips,
        "stop_times": feed.stop_times,
        "calendar": [
            {"service_id": service, **dict.fromkeys(DAYS, runs), "start_date": start, "end_date": end}
            for service, start, end, runs in CALENDAR
        ],
        "calendar_dates": [{"service_id": "TT20230326", "date": "20230326", "exception_type": "1"}],
        "frequencies": feed.frequencies,
        "transfers": feed.transfers,
        "translations": feed.translations
        + [translation("agency", "agency_name", agency, english) for agency, english in AGENCIES_EN.items()],
        "feed_info": [
            {
                "feed_publisher_name": "transit-model 呼包鄂乌数据包", "feed_publisher_url": "https://example.org/transit-model",
                "feed_lang": "zh", "default_lang": "zh", "feed_start_date": "20201001", "feed_end_date": "20230326",
                "feed_version": VERSION,
            }
        ],
    }  # fmt: skip
    for name, rows in tables.items():
        write_table(folder / f"{name}.txt", tuple(rows[0]), rows)
