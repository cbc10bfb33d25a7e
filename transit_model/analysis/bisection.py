"""What value of one number meets a target: a grid first, for the shape of the answer, then bisection.

The function is a *margin*: it is met where it is 0 or more, and NaN where the number is not possible at all.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Crossing:
    """Where a margin changes sign between two numbers no farther apart than the tolerance."""

    met_at: float
    missed_at: float


@dataclass(frozen=True)
class TargetSearch:
    """Outcome of `find_crossings`.

    Attributes
    ----------
    grid, margins : tuple of float
        What was asked first; NaN margins are impossible values.
    crossings : tuple of Crossing
        In order of the number; none when all or none of the grid meets the target.
    monotone : bool
        Whether the margins of the grid only rise or only fall (within `slack`).
    best_at, best_margin : float
        Grid value or crossing with the largest margin; NaN when nothing is possible.
    """

    grid: tuple[float, ...]
    margins: tuple[float, ...]
    crossings: tuple[Crossing, ...]
    monotone: bool
    best_at: float
    best_margin: float

    @property
    def always_met(self) -> bool:
        """Return whether every possible value of the grid meets the target."""
        possible = [m for m in self.margins if not math.isnan(m)]
        return bool(possible) and all(m >= 0 for m in possible)


def find_crossings(
    margin: Callable[[float], float], grid: Sequence[float], *, tolerance: float, slack: float = 1e-9
) -> TargetSearch:
    """Find where a margin changes sign over a grid of ascending values.

    Each change of sign between two neighbouring possible values is narrowed by bisection down to `tolerance`.
    A change inside one step of the grid and back again is not seen: hence a grid, and not only its ends.

    Parameters
    ----------
    margin : callable
        Number to margin: met when >= 0, NaN when the number is not possible. May be -inf (unreachable).
    grid : sequence of float
        Strictly ascending.
    tolerance : float
        Longest distance between the two ends of a crossing.
    slack : float
        Margins that differ by no more than this count as equal when the shape is judged.
    """
    values = [float(x) for x in grid]
    margins = [float(margin(x)) for x in values]
    possible = [(x, m) for x, m in zip(values, margins, strict=True) if not math.isnan(m)]
    crossings = []
    for (low, at_low), (high, at_high) in pairwise(possible):
        if (at_low >= 0) != (at_high >= 0):
            crossings.append(_bisect(margin, low, high, met_low=at_low >= 0, tolerance=tolerance))
    best_at, best = max(possible, key=lambda p: p[1], default=(math.nan, math.nan))
    rises = [_difference(a, b) for (_, a), (_, b) in pairwise(possible)]
    monotone = all(r >= -slack for r in rises) or all(r <= slack for r in rises)
    return TargetSearch(tuple(values), tuple(margins), tuple(crossings), monotone, best_at, best)


def _difference(a: float, b: float) -> float:
    """Return b - a, and 0 between two equal infinities."""
    return 0.0 if a == b else b - a


def _bisect(margin: Callable[[float], float], low: float, high: float, *, met_low: bool, tolerance: float) -> Crossing:
    while high - low > tolerance:
        middle = (low + high) / 2
        if middle in (low, high):
            break
        # an impossible value between two possible ones belongs to the missed side
        if (margin(middle) >= 0) == met_low:
            low = middle
        else:
            high = middle
    return Crossing(low, high) if met_low else Crossing(high, low)
