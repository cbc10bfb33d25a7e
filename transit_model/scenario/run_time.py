"""Run times of planned trains: accelerate, cruise, brake, dwell, recovery margin. Pure functions of SI numbers.

A train starts with a constant acceleration, cruises at ``utilisation x design speed``, brakes with a constant
deceleration; the timetable adds a share of the run time as recovery margin. Where two stations are too close to
reach cruising speed the profile is a triangle. The formulas are those of uniformly accelerated motion; the four
numbers are assumptions (`rail_acceleration_ms2`, `rail_braking_ms2`, `rail_utilisation`, `rail_recovery_share`),
calibrated on observed lines in `tests/scenario/test_run_time.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

from transit_model.assumptions import Assumptions
from transit_model.units import kmh_to_ms, min_to_s


@dataclass(frozen=True)
class RunTimeModel:
    """The numbers of the model, SI."""

    acceleration_ms2: float
    braking_ms2: float
    utilisation: float
    recovery_share: float

    @classmethod
    def from_assumptions(cls, assumptions: Assumptions) -> RunTimeModel:
        """Return the model with the numbers of the assumptions."""
        return cls(
            assumptions.rail_acceleration_ms2,
            assumptions.rail_braking_ms2,
            assumptions.rail_utilisation,
            assumptions.rail_recovery_share,
        )


def compute_constant_speed_s(length_m: float, speed_kmh: float) -> float:
    """Return the time in seconds at constant speed: the bound no train can beat.

    183,700 m at 350 km/h = 183.7 / 350 h = 1,889.5 s = 31.5 min.
    """
    return length_m / kmh_to_ms(speed_kmh)


def compute_profile_s(length_m: float, cruise_ms: float, acceleration_ms2: float, braking_ms2: float) -> float:
    """Return seconds from standstill to standstill with a trapezoid speed profile, or a triangle when short.

    Trapezoid: d / v + v / 2a + v / 2b. Triangle: peak p = sqrt(2 d a b / (a + b)), time p / a + p / b.
    """
    ramps_m = cruise_ms**2 / (2 * acceleration_ms2) + cruise_ms**2 / (2 * braking_ms2)
    if length_m >= ramps_m:
        return length_m / cruise_ms + cruise_ms / (2 * acceleration_ms2) + cruise_ms / (2 * braking_ms2)
    peak_ms = sqrt(2 * length_m * acceleration_ms2 * braking_ms2 / (acceleration_ms2 + braking_ms2))
    return peak_ms / acceleration_ms2 + peak_ms / braking_ms2


def compute_run_s(length_m: float, design_speed_kmh: float, model: RunTimeModel) -> float:
    """Return the timetable run time in seconds between two stops, start to stop, recovery margin included."""
    cruise_ms = kmh_to_ms(design_speed_kmh) * model.utilisation
    pure_s = compute_profile_s(length_m, cruise_ms, model.acceleration_ms2, model.braking_ms2)
    return pure_s * (1 + model.recovery_share)


def compute_journey_s(
    chainage_m: Sequence[float], design_speed_kmh: float, dwell_s: float, model: RunTimeModel
) -> float:
    """Return seconds from the first departure to the last arrival of a train that calls at every chainage."""
    runs = [compute_run_s(b - a, design_speed_kmh, model) for a, b in pairwise(chainage_m)]
    return sum(runs) + dwell_s * max(len(runs) - 1, 0)


def compute_commercial_runs_s(chainage_m: Sequence[float], speed_kmh: float, dwell_s: float) -> list[float]:
    """Return run times between stations when a commercial speed (stops included) is held end to end.

    The train leaves station i at chainage_i / v; what it stands at a station is taken off the run before. So the
    last arrival is at length / v exactly.
    """
    last = len(chainage_m) - 2
    return [
        (chainage_m[i + 1] - chainage_m[i]) / kmh_to_ms(speed_kmh) - (dwell_s if i < last else 0.0)
        for i in range(last + 1)
    ]


@dataclass(frozen=True)
class RunTimeBounds:
    """What a planned line can do, in seconds: constant design speed, the model, and commercial speeds seen."""

    constant_s: float
    modelled_s: float
    ratio_079_s: float
    ratio_069_s: float


def compute_bounds(chainage_m: Sequence[float], design_speed_kmh: float, assumptions: Assumptions) -> RunTimeBounds:
    """Return the times to print beside each other for a planned line.

    The ratios 0.79 and 0.69 of commercial to design speed are the best and the lowest seen on long and on
    350 km/h lines (Baotou-Yinchuan 2025; Beijing-Tianjin).
    """
    length_m = chainage_m[-1] - chainage_m[0]
    model = RunTimeModel.from_assumptions(assumptions)
    dwell_s = min_to_s(assumptions.rail_dwell_min)
    constant_s = compute_constant_speed_s(length_m, design_speed_kmh)
    return RunTimeBounds(
        constant_s=constant_s,
        modelled_s=compute_journey_s(chainage_m, design_speed_kmh, dwell_s, model),
        ratio_079_s=constant_s / 0.79,
        ratio_069_s=constant_s / 0.69,
    )
