"""What programs and the page may ask, checked by pydantic: the bodies of the interface."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from transit_model.domain.modes import DeparturePolicy, Mode, Reading, SpeedTable, Vehicle

MOST_PROJECTS, MOST_PLACES, MOST_CUTOFFS = 60, 80, 12
Part = Literal["rows", "people", "rings", "verdicts", "drawn"]
Speeds = Literal[SpeedTable.TYPICAL, SpeedTable.PEAK, SpeedTable.WINTER]
ProjectDocument = dict[str, Any]
"""The keys of a project file as JSON."""
Minutes = Annotated[float, Field(gt=0, le=1440, allow_inf_nan=False)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Name = Annotated[str, Field(min_length=1, max_length=200)]


class Body(BaseModel):
    """Unknown keys are refused, as in the files."""

    model_config = ConfigDict(extra="forbid")


class BaseQuestion(Body):
    """A question about a base."""

    base: Name | None = Field(None, description="scenario id; the default base of the region when absent")


class TrainsQuestion(BaseQuestion):
    """A question about the trains that call at two stops."""

    first: Name = Field(description="stop_id")
    last: Name = Field(description="stop_id")


class Case(Body):
    """A scenario: a base, projects beside those of the base, numbers replaced."""

    base: Name | None = Field(None, description="scenario id; the default base of the region when absent")
    projects: list[Name | ProjectDocument] = Field(
        [], max_length=MOST_PROJECTS, description="ids of the library, or documents with the keys of a project file"
    )
    without: list[Name] = Field([], max_length=MOST_PROJECTS, description="projects of the base that are left out")
    overrides: dict[Name, Number] = Field({}, max_length=200, description="project.field: number")
    timetable: Name | None = None
    scenario: Name | None = Field(None, description="what the rows call it")

    @property
    def is_base(self) -> bool:
        """Whether it is the base itself."""
        return not (self.projects or self.without or self.overrides)


class Circumstances(Case):
    """A scenario and who travels when."""

    date: Name | None = Field(None, description="service date YYYY-MM-DD")
    window: Name | None = Field(None, description="departures HH:MM-HH:MM")
    vehicle: Vehicle = Vehicle.CAR
    speeds: Speeds = SpeedTable.TYPICAL
    session: Name | None = Field(None, description="who asks: of one session only the newest turn is answered")
    turn: int = Field(0, ge=0)


class MeasureBody(Circumstances):
    """A question about travel times, rings, people and verdicts."""

    modes: list[Mode] | None = Field(None, min_length=1, description="all when absent")
    readings: list[Reading] | None = Field(None, min_length=1, description="all when absent")
    origins: list[Name] | None = Field(
        None, min_length=1, max_length=MOST_PLACES, description="ids, names, lon,lat; the centres when absent"
    )
    destinations: list[Name] | None = Field(
        None, min_length=1, max_length=MOST_PLACES, description="centres and county seats when absent"
    )
    cutoffs_min: list[Minutes] | None = Field(None, min_length=1, max_length=MOST_CUTOFFS)
    policy: DeparturePolicy = DeparturePolicy.SPONTANEOUS
    goals: list[Name] | Literal["all", "headline"] = "all"
    evidence: bool = Field(True, description="false: values of verdicts without their evidence, sooner")
    parts: list[Part] = Field(["rows", "people", "rings", "verdicts"], description="what to answer")
    tolerance_m: float = Field(0, ge=0, le=5000, description="rings simplified by so many metres; 0 leaves them exact")


class JourneyBody(Circumstances):
    """One journey, before and after."""

    origin: Name
    destination: Name
    mode: Mode = Mode.BEST
    reading: Reading = Reading.DOOR_TO_DOOR


class CompareBody(Circumstances):
    """The differences of a scenario from its base: where minutes change, and whether the comparison is sound."""

    origin: Name
    mode: Mode = Mode.BEST
    reading: Reading = Reading.TYPICAL
    steps_min: list[Minutes] = Field([5, 15, 30], min_length=1, max_length=6)
    tolerance_m: float = Field(0, ge=0, le=5000)


class SharesBody(Case):
    """Who earns the gain of up to six projects."""

    measure: Name = Field(description="as in `transit-model attribute`, e.g. goal:ID:typical")


class RequireBody(Case):
    """What one number must be for a goal."""

    goal: Name
    reading: Reading
    vary: Name = Field(description="project.field")


class SaveBody(Case):
    """A scenario and its own projects as YAML files in the folder of scenarios."""

    id: Name
    title: dict[Literal["zh", "en"], Annotated[str, Field(min_length=1, max_length=300)]]
    seen: dict[Name, str] = Field({}, description="file to the hash it had when it was read or last saved")


class WriteBody(Body):
    """A saved scenario written for others."""

    id: Name
    what: Literal["export", "pages"] = "export"
    timetable: Name | None = Field(None, description="that it was seen on; a scenario file names none")


class ProjectBody(Circumstances):
    """One project document to be checked in its scenario."""

    document: ProjectDocument
