"""What every project has: names, status, opening, sources, what was assumed, guards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
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
from transit_model.scenario.values import FIRST_YEAR, LAST_YEAR, AsOf, Id, parse_span, problem, show
from transit_model.store.yaml_lines import YamlDocument

Status = Literal["open", "under_construction", "preliminary", "planned", "study"]
Confidence = Literal["high", "medium", "low"]

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
LENIENT = "lenient"
"""In the context of a validation: contradictions are not raised; `list_contradictions` finds them in the object."""


class Frozen(BaseModel):
    """Frozen, unknown keys refused; every field is a key of the YAML file."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False, allow_inf_nan=False)

    def _list_problems(self) -> Iterator[PydanticCustomError]:
        """Yield every contradiction between keys, each a `problem`; none by default."""
        yield from ()

    def list_problems(self) -> Iterator[PydanticCustomError]:
        """Yield the contradictions of this object, those of its own class and those that all of its kind may have."""
        yield from self._list_problems()

    @model_validator(mode="after")
    def _check(self, info: ValidationInfo) -> Self:
        """Raise all contradictions at once, each at its key; none with `LENIENT` in the context."""
        if isinstance(info.context, dict) and LENIENT in info.context:
            return self
        found = [InitErrorDetails(type=p, loc=self.find_key(p), input={}) for p in self.list_problems()]
        if found:
            raise ValidationError.from_exception_data(type(self).__name__, found)
        return self

    def find_key(self, found: PydanticCustomError) -> tuple[str, ...]:
        """Return the key at which a contradiction is told: of those that it is about the first that is given."""
        context = found.context or {}
        keys: Sequence[str] = context.get("keys", ())
        if context.get("at"):
            return (str(context["at"]),)
        names = {info.alias or name: name for name, info in type(self).model_fields.items()}
        given = [key for key in keys if names.get(key) in self.model_fields_set]
        return tuple([*given, *keys][:1])


def list_contradictions(
    model: Frozen, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], Frozen, PydanticCustomError]]:
    """Yield the contradictions of an object and of all within it: the path of the object, itself, the `problem`."""
    for name, info in type(model).model_fields.items():
        yield from _list_within(getattr(model, name), (*path, info.alias or name))
    for found in model.list_problems():
        yield path, model, found


def _list_within(
    value: Any,  # noqa: ANN401 - of a field
    path: tuple[str | int, ...],
) -> Iterator[tuple[tuple[str | int, ...], Frozen, PydanticCustomError]]:
    if isinstance(value, Frozen):
        yield from list_contradictions(value, path)
    elif isinstance(value, Mapping | tuple):
        for key, part in value.items() if isinstance(value, Mapping) else enumerate(value):
            yield from _list_within(part, (*path, key))


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

    def _list_problems(self) -> Iterator[PydanticCustomError]:
        ends = [day for day in (self.earliest, self.latest) if day is not None]
        if len(ends) == 1 or ends != sorted(ends):
            message = f"{self.earliest} to {self.latest} is no span of days"
            yield problem(
                "bad_opening", message, "give both days, the earlier first, or unknown", ("earliest", "latest")
            )
        for day in ends:
            if not FIRST_YEAR <= day.year <= LAST_YEAR:
                message = f"{day} does not lie between {FIRST_YEAR} and {LAST_YEAR}"
                yield problem(
                    "bad_opening", message, "where nobody knows the year write unknown", ("earliest", "latest")
                )

    def as_text(self, lang: str = "en") -> str:
        """Return the opening as people write it."""
        if self.earliest is None or self.latest is None:
            return "未知" if lang == "zh" else "unknown"
        first, last = self.earliest, self.latest
        if first == last:
            return first.isoformat()
        if (first.month, first.day) == (1, 1) and (last.month, last.day) == (12, 31):
            return str(first.year) if first.year == last.year else f"{first.year}-{last.year}"
        words = " to " if lang != "zh" else "至"
        if first.day == 1 and (last + timedelta(days=1)).day == 1:
            months = f"{first:%Y-%m}", f"{last:%Y-%m}"
            return months[0] if months[0] == months[1] else words.join(months)
        return words.join((first.isoformat(), last.isoformat()))


def parse_opens(value: Any) -> Any:  # noqa: ANN401 - before validation
    """Return first and last day of a year, month, ISO date, ``[y1, y2]`` or ``unknown``."""
    if isinstance(value, Opens | dict):
        return value
    if value == "unknown":
        return Opens()
    if isinstance(value, list) and len(value) == 2:
        first, last = (parse_opens(v) for v in value)
        if first.earliest is None or last.latest is None or first.earliest > last.latest:
            raise problem(
                "bad_opening", f"{show(value)} is not a range of years", "write [2028, 2030], the earlier first"
            )
        return Opens(earliest=first.earliest, latest=last.latest)
    earliest, latest = parse_span(str(value).strip())
    return Opens(earliest=earliest, latest=latest)


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
    _unsure: frozenset[tuple[str | int, ...]] = PrivateAttr(frozenset())

    def __eq__(self, other: object) -> bool:
        """Projects are equal by what they say, however often their file was read."""
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash((type(self), self.id))

    def list_problems(self) -> Iterator[PydanticCustomError]:
        """Yield also that a project names itself where it is to name others."""
        for key, others in (("requires", self.requires), ("conflicts", self.conflicts)):
            if self.id in others:
                rest = [other for other in others if other != self.id]
                yield problem("names_itself", f"{key} names the project itself", "name others", (key,), {key: rest})
        yield from super().list_problems()

    @field_validator("source")
    @classmethod
    def _sources_are_keys(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for key in value:
            if not key.strip() or " " in key.strip():
                raise problem("bad_source", f"{show(key)} is not a source key", "one key of sources.csv an item")
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
