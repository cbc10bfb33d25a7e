"""What every project has: names, status, opening, sources, what was assumed, guards."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from transit_model.errors import Issue, Severity
from transit_model.store.yaml_lines import YamlDocument
from transit_model.units import parse_clock_s

Status = Literal["open", "under_construction", "preliminary", "planned", "study"]
Confidence = Literal["high", "medium", "low"]
Highway = Literal["motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential"]

STATUS_NAMES: Mapping[str, Mapping[str, str]] = {
    "open": {"zh": "已开通", "en": "open"},
    "under_construction": {"zh": "在建", "en": "under construction"},
    "preliminary": {"zh": "前期工作", "en": "preliminary work"},
    "planned": {"zh": "规划", "en": "planned"},
    "study": {"zh": "研究", "en": "under study"},
}
CONFIDENCE_NAMES: Mapping[str, Mapping[str, str]] = {
    "high": {"zh": "高", "en": "high"},
    "medium": {"zh": "中", "en": "medium"},
    "low": {"zh": "低", "en": "low"},
}
ID_PATTERN = re.compile(r"^[a-z0-9][a-z0-9_-]*$")
PROBLEMS = "problems"
_YEAR = re.compile(r"^\d{4}$")
_MONTH = re.compile(r"^(\d{4})-(\d{2})$")


def problem(code: str, message: str, hint: str = "") -> PydanticCustomError:
    """Return an error that becomes an `Issue` of this code, with a hint."""
    return PydanticCustomError(code, "{text}", {"text": message, "hint": hint})


def _check_id(value: Any) -> Any:  # noqa: ANN401 - before validation
    if isinstance(value, str) and not ID_PATTERN.fullmatch(value):
        hint = "use small letters a-z, digits, - and _"
        raise problem("bad_id", f"{value!r} is not an id", hint)
    return value


def _as_clock(value: Any) -> Any:  # noqa: ANN401 - before validation
    if isinstance(value, str):
        try:
            parse_clock_s(value)
        except ValueError as error:
            raise problem("bad_clock", f"{value!r} is not a clock time", "write HH:MM, e.g. 06:30") from error
        return value
    raise problem("bad_clock", f"{value!r} is not a clock time", 'write HH:MM in quotes, e.g. "06:30"')


def _as_dated(value: Any) -> Any:  # noqa: ANN401 - before validation
    """Return a year, month or day as text; YAML reads 2026-02-14 as a date and 2026 as a number."""
    text = str(value)
    _parse_span(text)
    return text


Id = Annotated[str, BeforeValidator(_check_id), Field(min_length=1)]
AsOf = Annotated[str, BeforeValidator(_as_dated)]
Clock = Annotated[str, BeforeValidator(_as_clock)]
Lon = Annotated[float, Field(ge=-180, le=180)]
Lat = Annotated[float, Field(ge=-90, le=90)]
Minutes = Annotated[float, Field(gt=0, le=2880)]
Headway = Annotated[float, Field(ge=0.5, le=2880)]
"""Minutes between departures: the densest metros run every minute and a half."""
MOST_STOPS = 200
"""Stops of one line at most; the longest railways of the world have fewer."""
Kilometres = Annotated[float, Field(gt=0, le=5000)]
Kmh = Annotated[float, Field(gt=0, le=600)]


class Frozen(BaseModel):
    """Frozen, unknown keys refused; every field is a key of the YAML file."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False, allow_inf_nan=False)

    def _list_problems(self) -> Iterator[PydanticCustomError]:
        """Yield every contradiction between keys, each a `problem`; none by default."""
        yield from ()

    @model_validator(mode="after")
    def _check(self, info: ValidationInfo) -> Self:
        """Raise all contradictions at once; with a list under `PROBLEMS` in the context they go there instead."""
        found = list(self._list_problems())
        context = info.context if isinstance(info.context, dict) else {}
        if PROBLEMS in context:
            context[PROBLEMS] += found
        elif found:
            lines = [InitErrorDetails(type=p, loc=(), input={}) for p in found]
            raise ValidationError.from_exception_data(type(self).__name__, lines)
        return self


class Title(Frozen):
    """A text in Chinese and English."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Assumed(Frozen):
    """One number or choice that no source gives."""

    field: str = Field(min_length=1, description="the key the assumption is about, e.g. service.headway_min")
    zh: str = Field(min_length=1, description="why, in Chinese")
    en: str = Field(min_length=1, description="why, in English")


class Guards(Frozen):
    """What the base must look like; a guard that fails stops the project."""

    roads_present: tuple[str, ...] = ()
    roads_absent: tuple[str, ...] = ()
    nodes_present: tuple[str, ...] = ()
    stops_present: tuple[str, ...] = ()
    stops_absent: tuple[str, ...] = ()


class Opens(Frozen):
    """When a project opens: first and last possible day; both absent when unknown."""

    earliest: date | None = None
    latest: date | None = None

    def as_text(self, lang: str = "en") -> str:
        """Return the opening as people write it."""
        if self.earliest is None or self.latest is None:
            return "未知" if lang == "zh" else "unknown"
        if self.earliest == self.latest:
            return self.earliest.isoformat()
        if self.earliest.year == self.latest.year:
            return str(self.earliest.year)
        return f"{self.earliest.year}-{self.latest.year}"


def parse_opens(value: Any) -> Any:  # noqa: ANN401 - before validation
    """Return first and last day of a year, month, ISO date, ``[y1, y2]`` or ``unknown``."""
    if isinstance(value, Opens | dict):
        return value
    if value == "unknown":
        return Opens()
    if isinstance(value, list) and len(value) == 2:
        first, last = (parse_opens(v) for v in value)
        if first.earliest is None or last.latest is None or first.earliest > last.latest:
            raise problem("bad_opening", f"{value} is not a range of years", "write [2028, 2030], the earlier first")
        return Opens(earliest=first.earliest, latest=last.latest)
    earliest, latest = _parse_span(str(value).strip())
    return Opens(earliest=earliest, latest=latest)


def _parse_span(text: str) -> tuple[date, date]:
    """Return first and last day of a year, a month or a day."""
    try:
        if _YEAR.match(text):
            return date(int(text), 1, 1), date(int(text), 12, 31)
        month = _MONTH.match(text)
        if month:
            year, number = int(month.group(1)), int(month.group(2))
            following = date(year + number // 12, number % 12 + 1, 1)
            return date(year, number, 1), date.fromordinal(following.toordinal() - 1)
        day = date.fromisoformat(text)
    except ValueError as error:
        hint = "write a year, YYYY-MM, YYYY-MM-DD, [2028, 2030] or unknown"
        raise problem("bad_opening", f"{text!r} is not an opening date", hint) from error
    return day, day


Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
"""A day of the week."""


class Period(Frozen):
    """A part of the day with a headway of its own, e.g. a peak."""

    from_clock: Clock = Field(alias="from", description="first departure")
    to_clock: Clock = Field(alias="to", description="where the next period begins, or the last departure")
    headway_min: Headway

    def _list_problems(self) -> Iterator[PydanticCustomError]:
        if parse_clock_s(self.from_clock) >= parse_clock_s(self.to_clock):
            message = f"the period from {self.from_clock} ends at {self.to_clock}"
            yield problem("service_span", message, "write the earlier time first; after midnight 24:30")


def list_period_problems(periods: tuple[Period, ...]) -> Iterator[PydanticCustomError]:
    """Yield what is wrong with the order of periods: they follow each other and may leave gaps."""
    for before, after in pairwise(periods):
        if parse_clock_s(after.from_clock) < parse_clock_s(before.to_clock):
            message = f"the period from {after.from_clock} begins before that from {before.from_clock} ends"
            yield problem("periods_overlap", message, "write them in order, none before the end of the last")


class Service(Frozen):
    """How often trains or buses run; at equal chance within a headway, or at clock times."""

    kind: Literal["headway", "timetable"]
    headway_min: Headway | None = Field(None, description="headway: minutes between departures")
    periods: tuple[Period, ...] = Field((), description="headway: peak and off-peak headways in place of one")
    days: tuple[Day, ...] = Field((), description="days of the week on which it runs; daily when empty")
    trains_per_day: int | None = Field(None, ge=1, le=500, description="timetable: departures a day, evenly spread")
    departures: tuple[Clock, ...] | None = Field(None, description="timetable: clock times at the first stop")
    departures_back: tuple[Clock, ...] | None = Field(None, description="timetable: clock times at the last stop")
    first_departure: Clock | None = None
    last_departure: Clock | None = None
    both_directions: bool = True

    def _list_problems(self) -> Iterator[PydanticCustomError]:
        span = self.first_departure is not None and self.last_departure is not None
        yield from list_period_problems(self.periods)
        if len(set(self.days)) != len(self.days):
            yield problem("day_twice", "a day stands twice")
        yield from self._list_headway_problems(span) if self.kind == "headway" else self._list_timetable_problems(span)
        if span and parse_clock_s(str(self.first_departure)) >= parse_clock_s(str(self.last_departure)):
            message = "last_departure must be later than first_departure"
            yield problem("service_span", message, "after midnight write 24:30")

    def _list_headway_problems(self, span: bool) -> Iterator[PydanticCustomError]:
        if self.periods:
            if self.headway_min is not None or self.first_departure is not None or self.last_departure is not None:
                message = "headway_min, first_departure and last_departure would not be used beside periods"
                yield problem("service_mixed", message, "leave them out")
        elif self.headway_min is None or not span:
            hint = "headway_min, first_departure and last_departure, or periods"
            yield problem("service_incomplete", "a headway service lacks a key", f"it needs {hint}")
        if self.trains_per_day is not None or self.departures is not None or self.departures_back is not None:
            yield problem("service_mixed", "a headway service takes no departures or trains_per_day")

    def _list_timetable_problems(self, span: bool) -> Iterator[PydanticCustomError]:
        if self.headway_min is not None or self.periods:
            yield problem("service_mixed", "a timetable service takes no headway_min and no periods")
        if (self.trains_per_day is None) == (self.departures is None):
            message = "a timetable service needs either trains_per_day or departures"
            yield problem("service_incomplete", message)
        if self.trains_per_day is not None and self.departures is None and not span:
            message = "trains_per_day needs first_departure and last_departure"
            yield problem("service_incomplete", message)
        if self.departures is not None and not self.departures:
            yield problem("service_incomplete", "the list of departures is empty")
        if self.departures is not None and self.both_directions and not self.departures_back:
            message = "departures of the way back are missing"
            yield problem("service_incomplete", message, "add departures_back or both_directions: false")
        if self.departures_back is not None and (self.trains_per_day is not None or not self.both_directions):
            reason = "trains_per_day are spread both ways" if self.both_directions else "there is no way back"
            yield problem("service_mixed", f"departures_back would not be used: {reason}", "leave it out")
        if self.departures is not None and (self.first_departure or self.last_departure):
            message = "first_departure and last_departure would not be used beside departures"
            yield problem("service_mixed", message, "leave them out")


class Project(Frozen):
    """What every project has, whatever its kind."""

    id: Id = Field(description="the name of the file without .yaml")
    kind: str
    title: Title
    status: Status
    opens: Annotated[Opens, BeforeValidator(parse_opens)] = Field(
        description="2030, 2030-06, 2030-06-30, [2028, 2030] or unknown"
    )
    as_of: AsOf | None = Field(None, description="when the status was last heard of: 2026, 2026-02 or 2026-02-14")
    source: tuple[str, ...] = Field(min_length=1, description="keys of the region pack's sources.csv")
    confidence: Confidence = Field(description="how sure the numbers of this file are")
    covers: tuple[Id, ...] = Field((), description="rows of the list of projects this file stands for")
    summary: Title | None = Field(None, description="what it is, in a sentence or two")
    assumed: tuple[Assumed, ...] = Field((), description="what no source gives, and why it was taken so")
    ranges: Mapping[str, tuple[float, float]] = Field({}, description="uncertain numbers: key and [low, high]")
    requires: tuple[Id, ...] = Field((), description="projects without which this one makes no sense")
    conflicts: tuple[Id, ...] = Field((), description="projects this one cannot stand beside")
    existing: Guards = Field(Guards(), description="what the base must look like")
    replaces_shipped: bool = Field(
        False, description="true, or `replaces: true`: takes the place of the project of this id below it"
    )
    _document: YamlDocument | None = PrivateAttr(None)
    _data: dict[str, Any] | None = PrivateAttr(None)

    def __eq__(self, other: object) -> bool:
        """Projects are equal by what they say, however often their file was read."""
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash((type(self), self.id))

    @field_validator("source")
    @classmethod
    def _sources_are_keys(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for key in value:
            if not key.strip() or " " in key.strip():
                raise problem("bad_source", f"{key!r} is not a source key", "one key of sources.csv an item")
        return value

    def issue(
        self,
        code: str,
        message: str,
        *field: str | int,
        severity: Severity = "error",
        value: object = None,
        hint: str = "",
    ) -> Issue:
        """Return an issue about a field of this project, with the file and line it was read from."""
        document = self._document
        return Issue(
            code,
            severity,
            f"{self.id}: {message}",
            file=document.file if document else None,
            line=document.line_of(*field) if document else None,
            field=".".join(map(str, field)) or None,
            value=None if value is None else str(value),
            hint=hint,
        )

    def assumed_texts(self) -> tuple[str, ...]:
        """Return the assumptions as ``field: zh / en``."""
        return tuple(f"{a.field}: {a.zh} / {a.en}" for a in self.assumed)
