"""What a batch measures from each origin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from transit_model.domain.modes import DeparturePolicy, Mode, Reading
from transit_model.domain.readings import has_surface
from transit_model.errors import InputError, Issue
from transit_model.measure.people import METHODS
from transit_model.measure.surfaces import REGION_CELL_M


class BatchMeasure(StrEnum):
    """What is written for each origin."""

    TIMES = "times"
    SEATS = "seats"
    POPULATION = "population"
    NODES = "nodes"


MEASURE_NAMES = {
    BatchMeasure.TIMES: {"zh": "到各目的地的时间", "en": "times to each destination"},
    BatchMeasure.SEATS: {"zh": "时限内旗县驻地数与人口", "en": "county seats within a time, and their people"},
    BatchMeasure.POPULATION: {"zh": "时限内人口（网格）", "en": "people within a time (on the grid)"},
    BatchMeasure.NODES: {
        "zh": "驾车时限内的旗县驻地、人口与设施",
        "en": "seats, people, opportunities within a drive",
    },
}


@dataclass(frozen=True)
class OriginQuestion:
    """What is measured from each origin.

    Attributes
    ----------
    measure : BatchMeasure
        `times`: a row for each destination, as ``od`` gives them. `seats`: county seats and their people within each
        cutoff (``seat_population``), as the indicator ``daily`` counts them (the place itself left out).
        `population`: people on the grid within each cutoff, as the indicator ``within`` counts them. `nodes`: as
        `seats` by road, and the points of a file, for very many origins.
    modes, readings : tuple
    cutoffs_min : tuple of float
        Ascending minutes, of all but `times`.
    policy : DeparturePolicy
        Of the door-to-door traveller by rail or bus; `times` and `seats` only.
    cell_m : float
        Cells of the surfaces of `population`.
    population : str
        How people are placed: model, seat, even, or a file of persons, see `place_people`.
    opportunities : str
        A file of points or a layer of the pack for `nodes`, "" for none.
    """

    measure: BatchMeasure
    modes: tuple[Mode, ...]
    readings: tuple[Reading, ...]
    cutoffs_min: tuple[float, ...] = (60.0,)
    policy: DeparturePolicy = DeparturePolicy.SPONTANEOUS
    cell_m: float = REGION_CELL_M
    population: str = "model"
    opportunities: str = ""

    def __post_init__(self) -> None:
        issues = list(_check(self))
        if issues:
            raise InputError(issues)

    def as_dict(self) -> dict[str, Any]:
        """Return the question as plain values; what the measure does not use is left out."""
        data: dict[str, Any] = {
            "measure": self.measure.value,
            "modes": [m.value for m in self.modes],
            "readings": [r.value for r in self.readings],
        }
        if self.measure is not BatchMeasure.TIMES:
            data["cutoffs_min"] = list(self.cutoffs_min)
        if self.measure is BatchMeasure.POPULATION:
            # The content of a file is among the inputs; its name may change.
            return {**data, "cell_m": self.cell_m, "population": self.population if self._by_method else "file"}
        if self.measure is BatchMeasure.NODES:
            is_file = self.opportunities.lower().endswith(".csv")
            return {**data, "opportunities": "file" if is_file else self.opportunities}
        return {**data, "policy": self.policy.value}

    @property
    def _by_method(self) -> bool:
        return self.population in METHODS


def _check(question: OriginQuestion) -> Sequence[Issue]:
    if question.measure is BatchMeasure.NODES and set(question.modes) != {Mode.ROAD}:
        hint = "use --mode road, or --measure seats"
        return [Issue("road_only", "error", "street nodes are reached by road", field="mode", hint=hint)]
    if question.measure is not BatchMeasure.POPULATION:
        return []
    issues = []
    if not all(has_surface(mode, reading) for mode in question.modes for reading in question.readings):
        issues.append(
            Issue(
                "no_such_surface",
                "error",
                "the promoter's reading is between stations and has no surface by rail, bus or transit",
                field="reading",
                hint="use --reading typical or door_to_door, --mode road, or --measure seats",
            )
        )
    if question.policy is not DeparturePolicy.SPONTANEOUS:
        issues.append(
            Issue(
                "no_such_surface",
                "error",
                "surfaces are of travellers who leave at any minute",
                field="policy",
                value=question.policy.value,
                hint="use --measure seats or times",
            )
        )
    return issues
