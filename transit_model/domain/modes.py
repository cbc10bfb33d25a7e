"""The closed lists of words that appear in commands, files and maps."""

from __future__ import annotations

from enum import StrEnum


class Mode(StrEnum):
    """How one travels; `best` is the faster of all."""

    ROAD = "road"
    RAIL = "rail"
    BUS = "bus"
    BEST = "best"


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


class Policy(StrEnum):
    """What the traveller knows: leaves at any minute, or just in time for a train."""

    SPONTANEOUS = "spontaneous"
    TIMETABLED = "timetabled"


READING_NAMES = {
    Reading.PROMOTER: {"zh": "宣传口径", "en": "promoter's"},
    Reading.TYPICAL: {"zh": "典型口径", "en": "typical"},
    Reading.DOOR_TO_DOOR: {"zh": "门到门", "en": "door to door"},
}
MODE_NAMES = {
    Mode.ROAD: {"zh": "公路", "en": "road"},
    Mode.RAIL: {"zh": "铁路", "en": "rail"},
    Mode.BUS: {"zh": "城际公交", "en": "intercity bus"},
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
    Policy.SPONTANEOUS: {"zh": "随时出发", "en": "leaves at any minute"},
    Policy.TIMETABLED: {"zh": "按时刻表出发", "en": "leaves in time for the train"},
}
