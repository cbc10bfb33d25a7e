"""What each reading measures, as rows of data: the one table of it.

A new reading is a member of `Reading` and a row here; where none of the fields tells how it measures, also a function
in ``measure``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from transit_model.domain.modes import Mode, Reading, SpeedTable


@dataclass(frozen=True)
class ReadingRule:
    """How a reading is measured.

    Attributes
    ----------
    zh, en : str
        Name.
    door_to_door : bool
        True: from door to door, with getting into the car, stations and the ways to them; False: a drive without its
        ends, and rides from station to station.
    fastest : bool
        True: the fastest ride of the day, without a wait; False: the median over the departures of the window.
    own_speeds : SpeedTable or None
        Road speeds whatever speeds are asked for; None where those asked for count.
    ridden_surface : bool
        True when there is a time to every point by modes that ride by a timetable.
    """

    zh: str
    en: str
    door_to_door: bool = False
    fastest: bool = False
    own_speeds: SpeedTable | None = None
    ridden_surface: bool = True

    @property
    def names(self) -> Mapping[str, str]:
        """The name by language."""
        return {"zh": self.zh, "en": self.en}


READING_RULES: Final[Mapping[Reading, ReadingRule]] = MappingProxyType(
    {
        Reading.PROMOTER: ReadingRule(
            "宣传口径", "promoter's", fastest=True, own_speeds=SpeedTable.FREE, ridden_surface=False
        ),
        Reading.TYPICAL: ReadingRule("典型口径", "typical"),
        Reading.DOOR_TO_DOOR: ReadingRule("门到门", "door to door", door_to_door=True),
    }
)
READING_NAMES: Final[Mapping[Reading, Mapping[str, str]]] = MappingProxyType(
    {reading: rule.names for reading, rule in READING_RULES.items()}
)


def has_surface(mode: Mode, reading: Reading) -> bool:
    """Return whether a mode has a time to every point on a reading."""
    return mode is Mode.ROAD or READING_RULES[reading].ridden_surface
