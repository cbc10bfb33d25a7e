"""Goal files: frozen schemas, unknown keys refused, all issues at once."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field, model_validator

from transit_model.domain.modes import RIDDEN, Mode, Reading
from transit_model.errors import GoalError, InputError, Issue
from transit_model.near_names import hint_listed
from transit_model.store.file_models import Bilingual, FileModel
from transit_model.store.library import GOALS, Library
from transit_model.store.yaml_lines import load_yaml, validate_model
from transit_model.units import parse_clock_s, s_to_min

MISTAKES_OF_ENDS: Final = {"destination": "to", "destinations": "to", "towards": "direction", "dir": "direction"}
"""Keys that people write for those of both ends, and what they are called here."""


Direction = Literal["from", "towards", "both"]
"""from: from the hub or the origins; towards: to them, who can reach them; both: the slower of the two counts."""
_DIRECTION_HELP = "from: from hub or origins; towards: to them (who can reach the hospital); both: the slower counts"


class Pairs(FileModel):
    """The goal is read on these pairs of places, all of equal weight.

    Exactly one of `pairs` (listed), `hub` + `to` (a star), or `all_of` (every pair of a group, one direction). Groups
    may stand in `to` and `all_of`.
    """

    MISTAKES: ClassVar = {**MISTAKES_OF_ENDS, "from": "hub", "origin": "hub", "origins": "hub", "places": "all_of"}

    pairs: tuple[tuple[str, str], ...] = Field((), description="[[from, to], ...]")
    hub: str | None = Field(None, description="one end of every pair, with `to`")
    to: tuple[str, ...] = Field((), description="places or groups, with `hub`")
    all_of: tuple[str, ...] = Field((), description="places or groups: every pair of them, in one direction")
    direction: Direction = Field("from", description=_DIRECTION_HELP)

    @model_validator(mode="after")
    def _one_form(self) -> Pairs:
        forms = [bool(self.pairs), self.hub is not None, bool(self.all_of)]
        if sum(forms) != 1:
            msg = "give exactly one of pairs, hub (with to), all_of"
            raise ValueError(msg)
        if (self.hub is not None) != bool(self.to):
            msg = "hub needs a list `to`, and `to` needs a hub"
            raise ValueError(msg)
        same = [a for a, b in self.list_pairs() if a == b]
        if same:
            msg = f"a pair joins a place with itself: {same[0]}"
            raise ValueError(msg)
        if self.all_of and len(self.all_of) < 2:
            msg = "all_of needs at least two places"
            raise ValueError(msg)
        return self

    def list_pairs(self) -> list[tuple[str, str]]:
        """Return the pairs (from, to) in file order, groups as they are named."""
        if self.hub is not None:
            return [(self.hub, t) for t in self.to]
        if self.all_of:
            return [(a, b) for i, a in enumerate(self.all_of) for b in self.all_of[i + 1 :]]
        return list(self.pairs)

    def list_named(self) -> list[str]:
        """Return the places and groups that are named."""
        return list(self.all_of) or [place for pair in self.list_pairs() for place in pair]


class Coverage(FileModel):
    """The goal is read on a share of places, people or cells reached from one or more origins (the nearest counts)."""

    MISTAKES: ClassVar = {**MISTAKES_OF_ENDS, "origin": "from", "origins": "from", "hub": "from", "share": "of"}

    origins: tuple[str, ...] = Field(alias="from", min_length=1, description="places or groups; the nearest counts")
    to: str | Annotated[tuple[str, ...], Field(min_length=1)] = Field(
        "county_seats", description="a group, or places and groups; not with `of: people` or `of: cells`"
    )
    of: Literal["places", "people", "cells"] = Field(
        "places", description="what the share is of: places of `to`, people of the grid, or cells inside the counties"
    )
    weight: Literal["count", "population"] = Field("count", description="of places: each alike, or by its people")
    by: Literal["prefecture"] | None = Field(
        None, description="prefecture: the share must be reached in each, the worst counts"
    )
    direction: Direction = Field("from", description=_DIRECTION_HELP)

    @model_validator(mode="after")
    def _one_kind(self) -> Coverage:
        unused = sorted({"to", "weight"} & self.model_fields_set) if self.of != "places" else []
        if unused:
            msg = f"{unused[0]} is not used with `of: {self.of}`"
            raise ValueError(msg)
        return self


class Frequency(FileModel):
    """How often one can go, door to door on the service day: exactly one of the three numbers.

    Departures are useful ones: none that another beats by leaving later and arriving no later. With `threshold_min`
    only those that take no longer count.
    """

    MISTAKES: ClassVar = {
        "trains": "departures_a_day", "trains_per_day": "departures_a_day", "per_day": "departures_a_day",
        "departures": "departures_a_day", "headway_min": "largest_gap_min", "gap_min": "largest_gap_min",
        "interval_min": "largest_gap_min", "last": "last_departure", "last_train": "last_departure",
    }  # fmt: skip

    departures_a_day: int | None = Field(None, ge=1, le=1000, description="at least so many")
    largest_gap_min: float | None = Field(
        None, gt=0, le=1440, allow_inf_nan=False, description="at most so many minutes without one inside the window"
    )
    last_departure: str | None = Field(
        None, pattern=r"^([01]?\d|2[0-9]):[0-5]\d$", description='the last one home leaves at "21:30" or later'
    )

    @model_validator(mode="after")
    def _one_number(self) -> Frequency:
        if len(self.model_fields_set) != 1:
            msg = "give exactly one of departures_a_day, largest_gap_min, last_departure"
            raise ValueError(msg)
        return self

    @property
    def unit(self) -> str:
        """What the number counts: departures, min or clock (minutes after midnight)."""
        return "departures" if self.departures_a_day else "min" if self.largest_gap_min else "clock"

    @property
    def limit(self) -> float:
        """The number: departures a day, minutes, or minutes after midnight."""
        if self.last_departure is not None:
            return s_to_min(parse_clock_s(self.last_departure))
        return float(self.departures_a_day or self.largest_gap_min or math.nan)

    @property
    def more_is_better(self) -> bool:
        """Whether a larger number is better."""
        return self.largest_gap_min is None


class Goal(FileModel):
    """One goal or claim.

    `headline` goals are told first. `judged_on` names the readings that the wording can mean; the other readings are
    measured and shown as well.
    """

    MISTAKES: ClassVar = {
        "threshold": "threshold_min", "minutes": "threshold_min", "limit": "threshold_min",
        "limit_min": "threshold_min", "max_min": "threshold_min", "cutoff_min": "threshold_min",
        "time_min": "threshold_min", "name": "title",
        "reading": "judged_on", "readings": "judged_on", "modes": "mode", "share": "required_share",
        "min_share": "required_share", "year": "target_year", "pair": "pairs",
        "cover": "coverage", "trains": "frequency",
    }  # fmt: skip

    FORMS: ClassVar = {
        "judged_on": "write a list: judged_on: [typical]",
        "title": "write both: title: {zh: ..., en: ...}",
        "quote": "write both: quote: {zh: ..., en: ...}",
        "threshold_min": "write minutes: threshold_min: 60",
        "required_share": "write 0.8 for 80 %",
        "mode": "a train is rail, a car is road, the quickest of all is best",
    }

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", description="the file name; small letters, digits and -")
    fact: str = Field("", description="key of the fact it comes from")
    headline: bool = Field(False, description="told first, on the front page")
    title: Bilingual
    kind: Literal["goal", "claim", "definition", "proposal"]
    quote: Bilingual = Field(description="the words of the source")
    source: str = Field(min_length=1, description="where the words stand")
    mode: Mode | None = Field(None, description="how one travels; best is the quickest of all")
    threshold_min: float | None = Field(
        default=None, gt=0, allow_inf_nan=False, description="minutes within which it holds"
    )
    judged_on: tuple[Reading, ...] = Field((), description="the readings that the wording can mean, a list")
    pairs: Pairs | None = Field(None, description="read on pairs of places")
    coverage: Coverage | None = Field(None, description="read on a share of places, people or cells")
    frequency: Frequency | None = Field(
        None, description="with pairs: how often one can go, beside or in place of threshold_min"
    )
    required_share: float = Field(default=1.0, gt=0, le=1, description="of pairs or weight, 0.8 for 80 %")
    target_year: int | None = Field(default=None, ge=1990, le=2100, description="when it is to hold")
    ambiguity: Bilingual | None = Field(None, description="what the words leave open")
    assumed: tuple[Bilingual, ...] = Field((), description="what we assumed to measure it")
    unmeasurable: Bilingual | None = Field(None, description="why it cannot be measured; then nothing else is needed")
    replaces: bool = False
    """True: takes the place of the goal of this id below it."""

    @model_validator(mode="after")
    def _measurable_or_not(self) -> Goal:
        if self.unmeasurable is not None:
            if self.pairs is not None or self.coverage is not None or self.frequency is not None:
                msg = "an unmeasurable goal names neither pairs nor coverage"
                raise ValueError(msg)
            return self
        if (self.pairs is None) == (self.coverage is None):
            msg = "give exactly one of pairs, coverage, unmeasurable"
            raise ValueError(msg)
        if self.frequency is not None:
            self._check_frequency()
        elif self.mode is None or self.threshold_min is None or not self.judged_on:
            msg = "a measurable goal needs mode, threshold_min and judged_on"
            raise ValueError(msg)
        return self

    def _check_frequency(self) -> None:
        msg = ""
        if self.pairs is None:
            msg = "frequency is read on pairs"
        elif self.mode is None or self.mode not in RIDDEN:
            msg = f"frequency needs a mode with a timetable: {', '.join(RIDDEN)}"
        elif self.judged_on != (Reading.DOOR_TO_DOOR,):
            msg = "departures are counted door to door: judged_on: [door_to_door]"
        if msg:
            raise ValueError(msg)

    @property
    def has_minutes(self) -> bool:
        """Whether it is measured by minutes against `threshold_min`: neither unmeasurable nor a frequency."""
        return self.unmeasurable is None and self.frequency is None

    @property
    def on_grid(self) -> bool:
        """Whether it is read on people or cells of the grid."""
        return self.unmeasurable is None and self.coverage is not None and self.coverage.of != "places"

    def list_named_places(self) -> list[str]:
        """Return the ids of places and groups that the file names, each once, in file order."""
        names: list[str] = []
        if self.pairs is not None:
            names = self.pairs.list_named()
        elif self.coverage is not None:
            to = self.coverage.to if self.coverage.of == "places" else ()
            names = [*self.coverage.origins, *([to] if isinstance(to, str) else to)]
        return list(dict.fromkeys(names))


def load_goal(path: Path) -> Goal:
    """Read one goal file.

    Raises
    ------
    GoalError
        With all issues of the file, each with its line.
    """
    try:
        document = load_yaml(path)
    except InputError as error:
        raise GoalError(error.issues) from error
    goal, issues = validate_model(Goal, document)
    if goal is None or issues:
        raise GoalError(issues)
    if goal.id != path.stem:
        message = "the id must equal the file name"
        line = document.line_of("id")
        raise GoalError(Issue("id_differs", "error", message, path.name, line, "id", goal.id))
    return goal


def load_goals(where: Path | Library) -> list[Goal]:
    """Read all goals of a library, or of a folder of goals: those marked `headline` first, then by their names.

    Raises
    ------
    GoalError
        With the issues of all files.
    """
    goals: list[Goal] = []
    issues: list[Issue] = []
    if isinstance(where, Library):
        issues += where.check_twins()
        paths, folder = list(where.list_files(GOALS).values()), where.own / GOALS
    else:
        paths, folder = sorted(where.glob("*.yaml")), where
    for path in paths:
        try:
            goals.append(load_goal(path))
        except GoalError as error:
            issues += error.issues
    if not goals and not issues:
        issues.append(Issue("no_goals", "error", "the folder holds no goal file", file=str(folder)))
    if issues:
        raise GoalError(issues)
    return sorted(goals, key=lambda goal: not goal.headline)


def check_goal_places(goals: Iterable[Goal], known: Collection[str], groups: Collection[str]) -> list[Issue]:
    """Return an ``unknown_place`` issue for each place id or group that a goal names and the region lacks."""
    issues = []
    for goal in goals:
        for name in goal.list_named_places():
            if name in known or name in groups:
                continue
            hint = hint_listed("place", name, [*sorted(known), *sorted(groups)])
            message = f"goal {goal.id} names a place that the region does not have"
            field_name = "pairs" if goal.pairs is not None else "coverage"
            issues.append(Issue("unknown_place", "error", message, f"{goal.id}.yaml", None, field_name, name, hint))
    return issues
