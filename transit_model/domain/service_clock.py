"""Where the clocks of neighbouring service days stand on the clock of one day, also when summer time begins or ends.

GTFS times count from "noon minus twelve hours" of the service day in the agency's zone
(https://gtfs.org/documentation/schedule/reference/#field-types, Time), so two service days are 23 or 25 hours apart
where the clocks change between their noons.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import numpy.typing as npt

from transit_model.domain.region import Feed
from transit_model.units import S_PER_DAY

I32 = npt.NDArray[np.int32]
_UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class ServiceClock:
    """The clock of a service day.

    Attributes
    ----------
    change_clock_s : int
        Seconds from noon minus twelve hours to the last change of clocks between the noon before and this noon.
    forward_s : int
        By how much the clocks are put forward then: 3,600 in spring, -3,600 in autumn, 0 on all other days.
    """

    day: date
    zone: ZoneInfo
    change_clock_s: int = 0
    forward_s: int = 0

    def find_shift_s(self, days: int) -> int:
        """Return where the origin of the service day `days` later (earlier when negative) stands on this clock."""
        return _noon_s(self.day + timedelta(days=days), self.zone) - _noon_s(self.day, self.zone)

    def read_walls(self, clock_s: I32) -> I32:
        """Return seconds on this clock as what the clocks on the walls show, in the same order.

        From the change on they are the same. Before it the walls lag behind in spring and lead in autumn; of the
        hour that autumn has twice, the first pass stands as its last moment, so nothing runs backwards. A journey
        that begins before the change of its night is therefore an hour longer (spring) or shorter than it lasts.
        """
        if not self.forward_s:
            return clock_s
        before = np.minimum(clock_s - self.forward_s, self.change_clock_s)
        return np.where(clock_s < self.change_clock_s, before, clock_s).astype(np.int32)


def find_zone(feed: Feed) -> str:
    """Return the time zone of a feed, "" when it names none or several."""
    zones = {str(z) for z in feed.agency["agency_timezone"] if z} if "agency_timezone" in feed.agency else set()
    return zones.pop() if len(zones) == 1 else ""


def find_service_clock(day: date, zone_name: str) -> ServiceClock:
    """Return the clock of a day in a zone of the IANA list; without one (or an unknown one) clocks never change."""
    try:
        zone = ZoneInfo(zone_name) if zone_name else _UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        zone = _UTC
    noon_s = _noon_s(day, zone)
    early, late = noon_s - S_PER_DAY, noon_s
    forward_s = _offset_s(late, zone) - _offset_s(early, zone)
    if not forward_s:
        return ServiceClock(day, zone)
    while late - early > 1:
        middle = (early + late) // 2
        if _offset_s(middle, zone) == _offset_s(noon_s, zone):
            late = middle
        else:
            early = middle
    return ServiceClock(day, zone, late - (noon_s - S_PER_DAY // 2), forward_s)


def _noon_s(day: date, zone: ZoneInfo) -> int:
    return int(datetime.combine(day, time(12), tzinfo=zone).timestamp())


def _offset_s(instant_s: int, zone: ZoneInfo) -> int:
    offset = datetime.fromtimestamp(instant_s, tz=zone).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0
