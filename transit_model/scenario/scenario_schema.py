"""Scenario and study files: which projects, on which base, compared with what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from transit_model.domain.modes import Mode, Reading
from transit_model.domain.readings import has_surface
from transit_model.scenario.base_schema import Frozen, Title
from transit_model.scenario.values import FIRST_YEAR, LAST_YEAR, Id, problem, show

Overrides = Mapping[str, Any]
Year = Annotated[int, Field(ge=1990, le=2100)]
Cutoff = Annotated[float, Field(gt=0, le=1440, allow_inf_nan=False)]
"""Minutes."""


def _as_day(value: Any) -> Any:  # noqa: ANN401 - before validation
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError as error:
        raise problem("bad_date", f"{show(value)} is not a day", "write YYYY-MM-DD") from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise problem("bad_date", f"{show(str(day))} does not lie between {FIRST_YEAR} and {LAST_YEAR}")
    return day


class BaseByDate(Frozen):
    """What stood on the ground at the end of a day."""

    as_of: Annotated[date, BeforeValidator(_as_day)]
    opened: Literal["all", "listed"] = Field(
        "all", description="all: with every project of the library that had opened by then; listed: only those named"
    )


class Variant(Frozen):
    """A named variation of a scenario."""

    title: Title
    projects: tuple[Id, ...] = Field((), description="projects added at the end")
    without: tuple[Id, ...] = Field((), description="projects left out")
    overrides: Overrides = Field({}, description="project.field: value, after those of the scenario")

    def _list_problems(self) -> Iterator[PydanticCustomError]:
        if not (self.projects or self.without or self.overrides):
            yield problem(
                "changed_nothing", "a variant must change something", "", ("projects", "without", "overrides")
            )


class ScenarioFile(Frozen):
    """A scenario as written in its file."""

    id: Id
    title: Title
    summary: Title | None = None
    base: Id | BaseByDate | None = Field(None, description="a base case by name, or {as_of: YYYY-MM-DD}")
    inherits: Id | None = Field(None, description="a scenario whose base, projects and overrides come first")
    projects: tuple[Id, ...] = ()
    overrides: Overrides = Field({}, description="project.field: value; null takes a key out")
    variants: Mapping[str, Variant] = {}
    replaces: bool = Field(False, description="true: takes the place of the scenario of this id below it")

    def _list_problems(self) -> Iterator[PydanticCustomError]:
        if (self.base is None) == (self.inherits is None):
            message = "give exactly one of base and inherits"
            yield problem("base_unclear", message, "base: built-2025", ("base", "inherits"))
        if len(set(self.projects)) != len(self.projects):
            yield problem("project_twice", "a project stands twice in the list", "", ("projects",))


class ComparedPair(Frozen):
    """A pair of scenarios to subtract."""

    base: str = Field(min_length=1)
    scenario: str = Field(min_length=1)

    def _list_problems(self) -> Iterator[PydanticCustomError]:
        if self.base == self.scenario:
            yield problem("compared_with_itself", f"{self.base} is compared with itself", "", ("scenario", "base"))


class Milestone(Frozen):
    """A year of the phased plan and the scenario that stands for it from then on."""

    year: Year
    scenario: str = Field(min_length=1)


class SurfaceKind(Frozen):
    """What the time to every point is of."""

    mode: Mode
    reading: Reading

    def _list_problems(self) -> Iterator[PydanticCustomError]:
        if not has_surface(self.mode, self.reading):
            message = f"the {self.reading.value} reading is between stations and has no surface by {self.mode.value}"
            yield problem(
                "no_such_surface", message, "use reading typical or door_to_door, or mode road", ("reading", "mode")
            )

    @property
    def pair(self) -> tuple[Mode, Reading]:
        """Mode and reading."""
        return self.mode, self.reading


def _list_kinds(*pairs: tuple[Mode, Reading]) -> tuple[SurfaceKind, ...]:
    return tuple(SurfaceKind(mode=mode, reading=reading) for mode, reading in pairs)


class StudyPairs(Frozen):
    """Ends of the travel times of a study, beside the pairs that goals read."""

    origins: tuple[str, ...] = Field(alias="from", min_length=1, description="places or groups")
    to: tuple[str, ...] = Field(min_length=1, description="places or groups")


class StudyChoices(Frozen):
    """What a study measures, where it leaves a choice; `compare` and `phases` follow the default study."""

    cutoffs_min: tuple[Cutoff, ...] = Field(
        default=(30.0, 60.0, 90.0, 120.0), min_length=1, description="minutes of the rings, ascending"
    )
    rings: tuple[SurfaceKind, ...] = Field(
        default=_list_kinds(*((mode, reading) for mode in Mode for reading in Reading if has_surface(mode, reading))),
        min_length=1,
        description="mode and reading of the rings on the maps; default all that have a time to every point",
    )
    compared: tuple[SurfaceKind, ...] = Field(
        default=_list_kinds((Mode.ROAD, Reading.DOOR_TO_DOOR), (Mode.BEST, Reading.DOOR_TO_DOOR)),
        min_length=1,
        description="those of `rings` that comparisons and their certificates are measured on",
    )
    origins: tuple[str, ...] = Field(
        default=("centres",), min_length=1, description="places or groups that rings start from"
    )
    cell_m: float = Field(
        default=1000.0, ge=50, le=10_000, allow_inf_nan=False, description="side of the cells under the rings, metres"
    )
    modes: tuple[Mode, ...] = Field(default=(), description="modes of the travel times; default all that run")
    pairs: StudyPairs | None = Field(
        default=None, description="ends of the travel times; default centres to centres and county seats"
    )
    layers: tuple[str, ...] = Field(
        default=(), description="layers of opportunities that are counted inside every ring (`data list layers`)"
    )
    saved_steps_min: tuple[Cutoff, ...] = Field(
        default=(5.0, 15.0, 30.0), min_length=1, description="steps of the map of minutes saved, ascending"
    )
    first_year: Year = Field(default=2020, description="first year of `phases`")
    last_year: Year = Field(default=2035, description="last year of `phases`")

    @property
    def ring_kinds(self) -> tuple[tuple[Mode, Reading], ...]:
        """Mode and reading of the rings."""
        return tuple(kind.pair for kind in self.rings)

    @property
    def compared_kinds(self) -> tuple[tuple[Mode, Reading], ...]:
        """Mode and reading of the compared surfaces."""
        return tuple(kind.pair for kind in self.compared)

    def _list_problems(self) -> Iterator[PydanticCustomError]:
        for name in ("cutoffs_min", "saved_steps_min"):
            steps = getattr(self, name)
            if list(steps) != sorted(set(steps)):
                yield problem("steps_order", f"the minutes of {name} must ascend, each once", "", (name,))
        for name in ("rings", "compared"):
            kinds = getattr(self, name)
            if len(set(kinds)) != len(kinds):
                yield problem("kind_twice", f"a mode and reading stand twice under {name}", "", (name,))
        for name in ("origins", "modes", "layers"):
            if len(set(getattr(self, name))) != len(getattr(self, name)):
                yield problem("name_twice", f"a name stands twice under {name}", "", (name,))
        for kind in self.compared:
            if kind not in self.rings:
                message = f"{kind.mode.value} {kind.reading.value} is compared but not among the rings"
                hint = "add it to rings, or leave it out of compared"
                yield problem("compared_unknown", message, hint, ("compared", "rings"))
        if self.first_year > self.last_year:
            yield problem(
                "bad_years",
                f"{self.first_year} to {self.last_year} is no span of years",
                "",
                ("last_year", "first_year"),
            )


class StudyHead(Frozen):
    """Scenarios of a study and what is done with them."""

    id: Id
    title: Title
    scenarios: tuple[str, ...] = Field(min_length=1)
    comparisons: tuple[ComparedPair, ...] = ()
    timeline: tuple[Milestone, ...] = Field((), description="years of the phased plan, ascending")
    goals: Literal["all"] | tuple[str, ...] = "all"
    replaces: bool = Field(False, description="not needed: the study of one's own folder is the one that is run")


class StudyFile(StudyChoices, StudyHead):
    """A study as written in its file."""

    def _list_problems(self) -> Iterator[PydanticCustomError]:
        yield from super()._list_problems()
        years = [step.year for step in self.timeline]
        if years != sorted(set(years)):
            yield problem("timeline_order", "the years of the timeline must ascend, each once", "", ("timeline",))
        for step in self.timeline:
            if step.scenario not in self.scenarios:
                message = f"{step.scenario} is on the timeline but not among the scenarios"
                hint = f"scenarios: {', '.join(self.scenarios)}"
                yield problem("timeline_unknown", message, hint, ("timeline", "scenarios"))
        if len(set(self.scenarios)) != len(self.scenarios):
            yield problem("scenario_twice", "a scenario stands twice in the list", "", ("scenarios",))
        for pair in self.comparisons:
            for name in (pair.base, pair.scenario):
                if name not in self.scenarios:
                    message = f"{name} is compared but not among the scenarios"
                    hint = f"scenarios: {', '.join(self.scenarios)}"
                    yield problem("comparison_unknown", message, hint, ("comparisons", "scenarios"))
