"""A journey told in words: the legs, and the journey whose minutes they make up."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from transit_model.domain.html_table import build_table
from transit_model.domain.modes import (
    MODE_NAMES,
    SPEED_NAMES,
    VEHICLE_NAMES,
    Mode,
    Reading,
    SpeedTable,
    Vehicle,
)
from transit_model.domain.readings import READING_NAMES
from transit_model.domain.rounding import round_shown, subtract_shown


@dataclass(frozen=True)
class ExplainedLeg:
    """One leg: what it is, how long it takes and what it rests on."""

    kind: str
    minutes: float
    text: Mapping[str, str]
    km: float = math.nan
    depart: str = ""
    arrive: str = ""
    project: str = ""
    rests_on: tuple[str, ...] = ()

    def as_row(self, lang: str) -> dict[str, object]:
        """Return a row for tables in one language."""
        return {
            "depart": self.depart,
            "arrive": self.arrive,
            "minutes": round(self.minutes, 2),
            "km": round(self.km, 1) if math.isfinite(self.km) else None,
            "text": self.text[lang],
            "project": self.project,
            "rests_on": ", ".join(self.rests_on),
        }


@dataclass(frozen=True)
class Explanation:
    """A journey in words; the minutes of its legs sum to `minutes`."""

    origin: str
    destination: str
    mode: str
    reading: str
    scenario: str
    minutes: float
    legs: tuple[ExplainedLeg, ...]
    notes: tuple[Mapping[str, str], ...] = field(default_factory=tuple)
    vehicle: str = Vehicle.CAR.value
    speeds: str = SpeedTable.TYPICAL.value
    timetable: str = ""

    def headline(self, lang: str) -> str:
        """Return one line that names the journey and its minutes."""
        reading = READING_NAMES[Reading(self.reading)][lang]
        mode = MODE_NAMES[Mode(self.mode)][lang]
        unit = "分钟" if lang == "zh" else "min"
        parts = [f"{self.origin} -> {self.destination}", mode, reading]
        if self.vehicle != Vehicle.CAR:
            parts.append(VEHICLE_NAMES[Vehicle(self.vehicle)][lang])
        if self.speeds not in (SpeedTable.TYPICAL, SpeedTable.FREE):
            parts.append(SPEED_NAMES[SpeedTable(self.speeds)][lang])
        return f"{' · '.join([*parts, self.scenario])}: {round_shown(self.minutes, 1):.1f} {unit}"

    def _repr_html_(self) -> str:
        return _show_explanation(self)

    def as_dict(self) -> dict[str, object]:
        """Return plain data for JSON."""
        data = asdict(self)
        data["minutes"] = round(self.minutes, 2) if math.isfinite(self.minutes) else None
        for leg in data["legs"]:
            leg["km"] = round(leg["km"], 2) if math.isfinite(leg["km"]) else None
            leg["minutes"] = round(leg["minutes"], 2)
        return data


@dataclass(frozen=True)
class ExplainedChange:
    """The same question asked of two scenarios: the journey before and the journey after."""

    before: Explanation
    after: Explanation

    @property
    def change_min(self) -> float:
        """Minutes after less minutes before; below 0 the journey is quicker."""
        return self.after.minutes - self.before.minutes

    @property
    def projects(self) -> tuple[str, ...]:
        """Projects that the journey after runs on and the journey before does not, in order of the legs."""
        old = {leg.project for leg in self.before.legs}
        return tuple(dict.fromkeys(leg.project for leg in self.after.legs if leg.project and leg.project not in old))

    def headline(self, lang: str) -> str:
        """Return one line: the minutes that change, and what the new journey runs on."""
        named = ", ".join(self.projects)
        before, after = (round_shown(t.minutes, 1) for t in (self.before, self.after))
        change = subtract_shown(after, before, 1)
        if lang == "zh":
            text = f"{before:.1f} -> {after:.1f} 分钟（{change:+.1f}）"
            return f"{text}；新用到的项目：{named}" if named else f"{text}；未用到新项目"
        text = f"{before:.1f} -> {after:.1f} min ({change:+.1f})"
        return f"{text}; runs on {named}" if named else f"{text}; runs on no project it did not run on before"

    def as_dict(self) -> dict[str, object]:
        """Return plain data for JSON."""
        return {
            "base": self.before.as_dict(),
            "scenario": self.after.as_dict(),
            "change_min": subtract_shown(self.after.minutes, self.before.minutes, 2),
            "projects": list(self.projects),
        }


def _show_explanation(explanation: Explanation) -> str:
    """Return the legs of a journey in both languages."""
    rows = [
        (leg.depart or None, leg.arrive or None, leg.minutes, leg.km, leg.text["zh"], leg.text["en"], leg.project)
        for leg in explanation.legs
    ]
    return build_table(
        ("出发 depart", "到达 arrive", "分钟 min", "km", "行程", "leg", "项目 project"),
        rows,
        title=f"{explanation.headline('zh')} · {explanation.headline('en')}",
        notes=[f"{note['zh']} / {note['en']}" for note in explanation.notes],
    )
