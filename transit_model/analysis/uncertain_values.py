"""The uncertain numbers of a scenario: ranges declared by its projects, and those of the assumptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from ruamel.yaml import YAML

from transit_model.analysis.evaluate import ALL_KEYS, ASSUMPTIONS
from transit_model.assumptions import Assumptions, Basis
from transit_model.errors import InputError
from transit_model.scenario.base_schema import Project

RANGES_FILE = "assumption_ranges.yaml"
OPENS = "opens"


class AssumptionRange(BaseModel):
    """One entry of ``assumption_ranges.yaml``."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    low: float
    high: float
    basis: Basis
    source: str
    zh: str
    en: str

    @model_validator(mode="after")
    def _check(self) -> AssumptionRange:
        if not self.low < self.high:
            msg = "low must be below high"
            raise ValueError(msg)
        return self


@dataclass(frozen=True)
class Uncertain:
    """One number between two ends, every value equally likely.

    Attributes
    ----------
    key : str
        As an override: ``project.field``, ``assumptions.name`` or ``assumptions.table.*``.
    kind : {"project", "assumption", "opening"}
        An opening is a year: the project stands when the year drawn is not later than the year asked for.
    """

    key: str
    kind: Literal["project", "assumption", "opening"]
    low: float
    high: float
    zh: str
    en: str

    @property
    def owner(self) -> str:
        """Return the project the number belongs to, or ``assumptions``."""
        return self.key.partition(".")[0]


@cache
def read_assumption_ranges() -> Mapping[str, AssumptionRange]:
    """Read the ranges of assumptions that ship with the package.

    Raises
    ------
    InputError
        When the shipped file is damaged.
    """
    text = files("transit_model").joinpath(RANGES_FILE).read_text(encoding="utf-8")
    try:
        return {k: AssumptionRange.model_validate(v) for k, v in YAML(typ="safe", pure=True).load(text).items()}
    except ValidationError as error:
        raise InputError(f"{RANGES_FILE} is damaged: {error}") from error


def list_assumption_ranges(assumptions: Assumptions) -> list[Uncertain]:
    """Return the uncertain assumptions, by name; each range holds the value in use, or is widened to it.

    Raises
    ------
    InputError
        When the file names an assumption that does not exist.
    """
    out = []
    for name, given in sorted(read_assumption_ranges().items()):
        head, _, key = name.partition(".")
        if head not in assumptions.provisions:
            raise InputError(f"{RANGES_FILE} names {head}, which is no assumption")
        now = 1.0 if key == ALL_KEYS else float(getattr(assumptions, head)[key] if key else getattr(assumptions, head))
        low, high = min(given.low, now), max(given.high, now)
        out.append(Uncertain(f"{ASSUMPTIONS}.{name}", "assumption", low, high, given.zh, given.en))
    return out


def list_project_ranges(projects: Sequence[Project]) -> list[Uncertain]:
    """Return the uncertain numbers that projects declare, by project and field."""
    return [
        Uncertain(f"{p.id}.{name}", "project", low, high, f"{p.title.zh} {name}", f"{p.title.en} {name}")
        for p in sorted(projects, key=lambda p: p.id)
        for name, (low, high) in sorted(p.ranges.items())
    ]


def list_openings(projects: Sequence[Project]) -> list[Uncertain]:
    """Return the openings whose year is known or lies in a known span; a span counts every year alike."""
    return [
        Uncertain(
            f"{p.id}.{OPENS}",
            "opening",
            float(p.opens.earliest.year),
            float(p.opens.latest.year),
            f"{p.title.zh} 开通年份",
            f"{p.title.en} opening year",
        )
        for p in sorted(projects, key=lambda p: p.id)
        if p.opens.earliest is not None and p.opens.latest is not None
    ]
