"""The closed lists of words that appear in commands, files and maps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Mode(StrEnum):
    """How one travels; `transit` chains all that rides by a timetable, `best` is the faster of road and transit."""

    ROAD = "road"
    RAIL = "rail"
    BUS = "bus"
    TRANSIT = "transit"
    BEST = "best"


class Ride(StrEnum):
    """What rides by a timetable."""

    RAIL = "rail"
    METRO = "metro"
    COACH = "coach"
    BUS = "bus"


ROUTE_TYPES: Final[Mapping[Ride, tuple[range, ...]]] = MappingProxyType(
    {
        Ride.RAIL: (range(2, 3), range(100, 200)),
        # trams, cable trams, funiculars and monorails, in the extended list also urban railway and underground
        Ride.METRO: (
            *(range(2), range(5, 6), range(7, 8), range(12, 13)),
            *(range(400, 700), range(900, 1000), range(1400, 1500)),
        ),
        Ride.COACH: (range(200, 300),),
    }
)
"""GTFS route_type, basic and extended (Google's list), of each kind; every other code is a local `bus` (a trolleybus or
a ferry too)."""


def classify_route_type(route_type: int) -> Ride:
    """Return what rides on a route of a GTFS route_type."""
    return next((ride for ride, codes in ROUTE_TYPES.items() if any(route_type in c for c in codes)), Ride.BUS)


@dataclass(frozen=True)
class ModeRule:
    """What a mode consists of.

    Attributes
    ----------
    own : tuple of Ride
        Vehicles of the mode itself: only where one of them calls is there a station of the mode.
    feeders : tuple of Ride
        Vehicles one may ride on the way to and from these stations, and between them.
    chains : tuple of Mode
        Modes that one journey may chain: their stations are its stations, got to and entered as by each of them.
    """

    own: tuple[Ride, ...]
    feeders: tuple[Ride, ...] = ()
    chains: tuple[Mode, ...] = ()

    @property
    def rides(self) -> tuple[Ride, ...]:
        """All vehicles that the mode sees, its own first; the stops of others do not exist for it."""
        return self.own + self.feeders


MODE_RULES: Final[Mapping[Mode, ModeRule]] = MappingProxyType(
    {
        Mode.RAIL: ModeRule(own=(Ride.RAIL,), feeders=(Ride.METRO,)),
        Mode.BUS: ModeRule(own=(Ride.COACH, Ride.BUS), feeders=(Ride.METRO,)),
        Mode.TRANSIT: ModeRule(own=(Ride.RAIL, Ride.COACH, Ride.BUS, Ride.METRO), chains=(Mode.RAIL, Mode.BUS)),
    }
)
"""The vehicles of each mode that rides by a timetable; the one table of it."""
STOP_GROUPS: Final = ((Ride.RAIL,), (Ride.COACH,), (Ride.METRO, Ride.BUS))
"""Vehicles that share a stop. Where several groups call, the railway station is one stop, the coach station another and
that on the street a third, so that a first train or coach changes nothing for who rides what called there."""
RIDDEN: Final = tuple(MODE_RULES)
"""Modes that ride by a timetable, in the order they are told."""
PARTS: Final[Mapping[Mode, tuple[Mode, ...]]] = MappingProxyType(
    {Mode.ROAD: (Mode.ROAD,), **{m: (m,) for m in RIDDEN}, Mode.BEST: (Mode.ROAD, Mode.TRANSIT)}
)
"""The modes that a mode is the least of; of equals the first."""
BY_TAXI: Final = frozenset({Ride.RAIL, Ride.COACH})
"""Stations that a taxi serves; to and from other stops one walks."""


class Reading(StrEnum):
    """Which minute is meant: 宣传口径, 典型口径 or 门到门."""

    PROMOTER = "promoter"
    TYPICAL = "typical"
    DOOR_TO_DOOR = "door_to_door"


class Vehicle(StrEnum):
    """Road vehicle profiles."""

    CAR = "car"
    COACH = "coach"
    AMBULANCE = "ambulance"


class SpeedTable(StrEnum):
    """Road speed tables of the assumptions."""

    FREE = "free"
    TYPICAL = "typical"
    PEAK = "peak"
    WINTER = "winter"


class DeparturePolicy(StrEnum):
    """What the traveller knows: leaves at any minute, or just in time for a train."""

    SPONTANEOUS = "spontaneous"
    TIMETABLED = "timetabled"


MODE_NAMES = {
    Mode.ROAD: {"zh": "公路", "en": "road"},
    Mode.RAIL: {"zh": "铁路", "en": "rail"},
    Mode.BUS: {"zh": "城际公交", "en": "intercity bus"},
    Mode.TRANSIT: {"zh": "公共交通", "en": "public transport"},
    Mode.BEST: {"zh": "最快方式", "en": "best mode"},
}
VEHICLE_NAMES = {
    Vehicle.CAR: {"zh": "小汽车", "en": "car"},
    Vehicle.COACH: {"zh": "大客车", "en": "coach"},
    Vehicle.AMBULANCE: {"zh": "救护车", "en": "ambulance"},
}
SPEED_NAMES = {
    SpeedTable.FREE: {"zh": "自由流车速", "en": "free-flow speeds"},
    SpeedTable.TYPICAL: {"zh": "典型车速", "en": "typical speeds"},
    SpeedTable.PEAK: {"zh": "高峰车速", "en": "peak speeds"},
    SpeedTable.WINTER: {"zh": "冬季车速", "en": "winter speeds"},
}
POLICY_NAMES = {
    DeparturePolicy.SPONTANEOUS: {"zh": "随时出发", "en": "leaves at any minute"},
    DeparturePolicy.TIMETABLED: {"zh": "按时刻表出发", "en": "leaves in time for the train"},
}
