"""The value of a goal: the least time within which the required share of its pairs or places lies."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

_RELATIVE = 1e-9  # sums of weights in another order may differ in the last places


@dataclass(frozen=True)
class GoalValue:
    """A goal in numbers: binding minutes, threshold minus these, share within the threshold.

    Without any journey, be it for want of service, the minutes are `inf`; NaN only where nothing counts.
    """

    value_min: float
    margin_min: float
    share: float

    @property
    def holds(self) -> bool:
        """Return whether the threshold is kept, tolerance aside."""
        return self.margin_min >= 0


def compute_goal_value(
    counted: Sequence[tuple[float, float]], threshold_min: float, required_share: float
) -> GoalValue:
    """Return the value of a goal from minutes and weight of each of its pairs or places.

    Parameters
    ----------
    counted : sequence of (minutes, weight)
        `inf` when unreachable; weights above 0.
    required_share : float
        Share of the weight that must lie within the threshold.
    """
    total = sum(weight for _, weight in counted)
    if total <= 0:
        return GoalValue(math.nan, math.nan, math.nan)
    value, run = math.inf, 0.0
    for minutes, weight in sorted(counted):
        run += weight
        if run >= (required_share - _RELATIVE) * total:
            value = minutes
            break
    share = sum(weight for minutes, weight in counted if minutes <= threshold_min) / total
    return GoalValue(value, threshold_min - value, share)


def compute_worst_part(
    counted: Sequence[tuple[str, float, float]], threshold_min: float, required_share: float
) -> GoalValue:
    """Return the value of a goal that must hold in each part: the slowest part counts, and the least share.

    Parameters
    ----------
    counted : sequence of (part, minutes, weight)
        One part is the whole; see `compute_goal_value`.
    """
    parts: dict[str, list[tuple[float, float]]] = {}
    for part, minutes, weight in counted:
        parts.setdefault(part, []).append((minutes, weight))
    values = [compute_goal_value(rows, threshold_min, required_share) for rows in parts.values()]
    known = [v for v in values if not math.isnan(v.value_min)]
    if not known:
        return compute_goal_value([], threshold_min, required_share)
    worst = min(known, key=lambda v: v.margin_min)
    return GoalValue(worst.value_min, worst.margin_min, min(v.share for v in known))
