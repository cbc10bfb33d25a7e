"""Goal files: frozen schemas, unknown keys refused, all issues at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from transit_model.domain.modes import Mode, Reading
from transit_model.errors import GoalError, InputError, Issue
from transit_model.near_names import hint_listed
from transit_model.store.library import GOALS, Library
from transit_model.store.yaml_lines import load_yaml, validate_model


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Bilingual(_Frozen):
    """A text in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Pairs(_Frozen):
    """The goal is read on these pairs of places, all of equal weight.

    Exactly one of `pairs` (listed), `hub` + `to` (a star), or `all_of` (every pair of a group, one direction).
    """

    pairs: tuple[tuple[str, str], ...] = ()
    hub: str | None = None
    to: tuple[str, ...] = ()
    all_of: tuple[str, ...] = ()

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
        if same or not self.list_pairs():
            msg = f"a pair joins a place with itself: {same[0]}" if same else "all_of needs at least two places"
            raise ValueError(msg)
        return self

    def list_pairs(self) -> list[tuple[str, str]]:
        """Return the pairs (from, to) in file order."""
        if self.hub is not None:
            return [(self.hub, t) for t in self.to]
        if self.all_of:
            return [(a, b) for i, a in enumerate(self.all_of) for b in self.all_of[i + 1 :]]
        return list(self.pairs)


class Coverage(_Frozen):
    """The goal is read on a share of places reached from one or more origins (the nearest counts)."""

    origins: tuple[str, ...] = Field(alias="from", min_length=1)
    to: str | Annotated[tuple[str, ...], Field(min_length=1)] = "county_seats"
    weight: Literal["count", "population"] = "count"


class Goal(_Frozen):
    """One goal or claim.

    `headline` goals are told first. `judged_on` names the readings that the wording can mean; the other readings are
    measured and shown as well.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    fact: str = ""
    headline: bool = False
    title: Bilingual
    kind: Literal["goal", "claim", "definition", "proposal"]
    quote: Bilingual
    source: str = Field(min_length=1)
    mode: Mode | None = None
    threshold_min: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    judged_on: tuple[Reading, ...] = ()
    pairs: Pairs | None = None
    coverage: Coverage | None = None
    required_share: float = Field(default=1.0, gt=0, le=1)
    target_year: int | None = Field(default=None, ge=1990, le=2100)
    ambiguity: Bilingual | None = None
    assumed: tuple[Bilingual, ...] = ()
    unmeasurable: Bilingual | None = None
    replaces: bool = False
    """True: takes the place of the goal of this id below it."""

    @model_validator(mode="after")
    def _measurable_or_not(self) -> Goal:
        if self.unmeasurable is not None:
            if self.pairs is not None or self.coverage is not None:
                msg = "an unmeasurable goal names neither pairs nor coverage"
                raise ValueError(msg)
            return self
        if (self.pairs is None) == (self.coverage is None):
            msg = "give exactly one of pairs, coverage, unmeasurable"
            raise ValueError(msg)
        if self.mode is None or self.threshold_min is None or not self.judged_on:
            msg = "a measurable goal needs mode, threshold_min and judged_on"
            raise ValueError(msg)
        return self

    def list_named_places(self) -> list[str]:
        """Return the ids of places and groups that the file names, each once, in file order."""
        names: list[str] = []
        if self.pairs is not None:
            names = [place for pair in self.pairs.list_pairs() for place in pair]
        elif self.coverage is not None:
            to = self.coverage.to
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
