"""What a number rests on, told beside it: values of projects that lie at an end of their range.

A project states one value and, where nobody knows better, a range. A minute measured with a value at the end of its
range lies at the edge of what is likely, not in its middle, and whoever reads it has to know.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from transit_model.errors import Issue, ScenarioError
from transit_model.scenario.base_schema import Project
from transit_model.scenario.overrides import get_number

_UNITS: Sequence[tuple[str, Mapping[str, str]]] = (
    ("_kmh", {"zh": "公里/小时", "en": "km/h"}),
    ("_km", {"zh": "公里", "en": "km"}),
    ("_min", {"zh": "分钟", "en": "min"}),
    ("trains_per_day", {"zh": "趟/日", "en": "trains a day"}),
)
_ENDS: Mapping[str, Mapping[str, str]] = {
    "upper": {"zh": "上限", "en": "upper end of"},
    "lower": {"zh": "下限", "en": "lower end of"},
}


@dataclass(frozen=True)
class RangeNote:
    """A number of a project that lies at an end of its range.

    Attributes
    ----------
    field : str
        As in ``ranges``, e.g. ``design_speed_kmh``.
    value, low, high : float
        In the unit of the field's name.
    """

    project_id: str
    title_zh: str
    title_en: str
    field: str
    value: float
    low: float
    high: float
    end: Literal["lower", "upper"]

    @property
    def other(self) -> float:
        """The other end of the range."""
        return self.low if self.end == "upper" else self.high

    @property
    def _unit(self) -> Mapping[str, str]:
        return next((words for ending, words in _UNITS if self.field.endswith(ending)), {"zh": "", "en": ""})

    def tell_other(self, lang: str) -> str:
        """Return the other end with its unit, e.g. ``250 km/h`` (``250公里/小时``)."""
        unit = self._unit[lang]
        if not unit:
            return f"{self.field} {self.other:g}"
        return f"{self.other:g}{unit}" if lang == "zh" else f"{self.other:g} {unit}"

    def tell(self, lang: str) -> str:
        """Return the note in a few words, e.g. ``350 km/h, upper end of 250-350`` (``取上限350公里/小时``)."""
        unit = self._unit[lang]
        end = _ENDS[self.end][lang]
        if lang == "zh":
            return f"取{end}{self.value:g}{unit or f'（{self.field}）'}（范围{self.low:g}-{self.high:g}）"
        value = f"{self.value:g} {unit}" if unit else f"{self.field} {self.value:g}"
        return f"{value}, {end} {self.low:g}-{self.high:g}"

    def tell_with_project(self, lang: str) -> str:
        """Return the note after the name of the project."""
        return f"{self.title_zh}{self.tell('zh')}" if lang == "zh" else f"{self.title_en}: {self.tell('en')}"

    def as_dict(self) -> dict[str, object]:
        """Return plain data for JSON."""
        return {
            "project": self.project_id,
            "field": self.field,
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "end": self.end,
            "zh": self.tell_with_project("zh"),
            "en": self.tell_with_project("en"),
        }


def list_range_notes(projects: Iterable[Project]) -> list[RangeNote]:
    """Return the numbers of projects that lie at, or by an override beyond, an end of their range."""
    notes: list[RangeNote] = []
    for project in projects:
        for field, (low, high) in project.ranges.items():
            try:
                value = get_number(project, field)
            except ScenarioError:  # an override took the number out
                continue
            end: Literal["lower", "upper"] | None = "lower" if value <= low else "upper" if value >= high else None
            if end is not None:
                title = project.title
                notes.append(RangeNote(project.id, title.zh, title.en, field, value, low, high, end))
    return notes


def join_other_ends(notes: Iterable[RangeNote], lang: str, *, named: bool = True) -> str:
    """Return the other ends, equal ones together after the names of their projects, or without these."""
    titles: dict[str, list[str]] = {}
    for note in notes:
        titles.setdefault(note.tell_other(lang), []).append(note.title_zh if lang == "zh" else note.title_en)
    if not named:
        return ("、" if lang == "zh" else ", ").join(titles)
    if lang == "zh":
        return "；".join(f"{'、'.join(names)}{value}" for value, names in titles.items())
    return "; ".join(f"{', '.join(names)} {value}" for value, names in titles.items())


def join_notes(notes: Iterable[RangeNote], lang: str) -> str:
    """Return notes in one line, each after the name of its project."""
    return ("；" if lang == "zh" else "; ").join(note.tell_with_project(lang) for note in notes)


def list_range_issues(projects: Iterable[Project]) -> list[Issue]:
    """Return a ``range_end`` warning for each number at an end of its range, for `scenario check`."""
    issues: list[Issue] = []
    for project in projects:
        for note in list_range_notes([project]):
            why = "what is measured with it lies at the edge of what is likely"
            span = f"{note.low:g}-{note.high:g}"
            message = f"{note.field} is {note.value:g}, the lower end of its range {span}: {why}"
            if note.end == "upper":
                message = f"{note.field} is {note.value:g}, the upper end of its range {span}: {why}"
            hint = "every page and table says so beside the number; `sureness` tells how much hangs on it"
            where = ("ranges", note.field)
            issues.append(project.issue("range_end", message, *where, severity="warning", value=note.value, hint=hint))
    return issues
