"""Scenario and study files: which projects, on which base, compared with what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from transit_model.scenario.base_schema import Frozen, Id, Title, problem

Overrides = Mapping[str, Any]


def _as_day(value: Any) -> Any:  # noqa: ANN401 - before validation
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise problem("bad_date", f"{value!r} is not a day", "write YYYY-MM-DD") from error


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
            yield problem("changed_nothing", "a variant must change something")


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
            yield problem("base_unclear", message, "base: built-2025")
        if len(set(self.projects)) != len(self.projects):
            yield problem("project_twice", "a project stands twice in the list")


class Comparison(Frozen):
    """A pair of scenarios to subtract."""

    base: str = Field(min_length=1)
    scenario: str = Field(min_length=1)

    def _list_problems(self) -> Iterator[PydanticCustomError]:
        if self.base == self.scenario:
            yield problem("compared_with_itself", f"{self.base} is compared with itself")


class Milestone(Frozen):
    """A year of the phased plan and the scenario that stands for it from then on."""

    year: int = Field(ge=1990, le=2100)
    scenario: str = Field(min_length=1)


class StudyFile(Frozen):
    """A study as written in its file."""

    id: Id
    title: Title
    scenarios: tuple[str, ...] = Field(min_length=1)
    comparisons: tuple[Comparison, ...] = ()
    timeline: tuple[Milestone, ...] = Field((), description="years of the phased plan, ascending")
    goals: Literal["all"] | tuple[str, ...] = "all"
    replaces: bool = Field(False, description="not needed: the study of one's own folder is the one that is run")

    def _list_problems(self) -> Iterator[PydanticCustomError]:
        years = [step.year for step in self.timeline]
        if years != sorted(set(years)):
            yield problem("timeline_order", "the years of the timeline must ascend, each once")
        for step in self.timeline:
            if step.scenario not in self.scenarios:
                message = f"{step.scenario} is on the timeline but not among the scenarios"
                yield problem("timeline_unknown", message, f"scenarios: {', '.join(self.scenarios)}")
        if len(set(self.scenarios)) != len(self.scenarios):
            yield problem("scenario_twice", "a scenario stands twice in the list")
        for pair in self.comparisons:
            for name in (pair.base, pair.scenario):
                if name not in self.scenarios:
                    message = f"{name} is compared but not among the scenarios"
                    yield problem("comparison_unknown", message, f"scenarios: {', '.join(self.scenarios)}")
