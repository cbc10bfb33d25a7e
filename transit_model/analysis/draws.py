"""Uncertain numbers carried through a model: seeded quasi-random draws, shares that hold, swings and words.

The draws of one number do not depend on which other scenario is measured: each scenario reads its own columns of the
same table of draws, so two scenarios never differ by luck.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from transit_model.errors import InputError, Issue

F64 = npt.NDArray[np.float64]
ROBUST_SHARE: Final = 0.95
"""A goal that holds, or is missed, in at least this share of the draws is called robust."""
DRIVER_CORRELATION: Final = 0.7
"""A number whose rank correlation with the margin is at least this (half of its variance) is called its driver."""
Word = Literal["robust_met", "robust_missed", "depends", "fragile", "unknown"]


def draw_unit_cube(n: int, dimensions: int, seed: int) -> F64:
    """Draw n points of the unit cube, (n, dimensions), every value strictly between 0 and 1.

    Scrambled Sobol points (Owen 1998, Journal of Complexity 14(4)) when n is a power of two, for which they are
    balanced; a Latin hypercube (McKay, Beckman, Conover 1979, Technometrics 21(2)) otherwise.

    Raises
    ------
    InputError
        When n is below 2.
    """
    if n < 2:
        raise InputError(Issue("too_few_draws", "error", "at least 2 draws are needed", field="draws", value=str(n)))
    if dimensions == 0:
        return np.zeros((n, 0))
    from scipy.stats import qmc  # slow to import

    if n & (n - 1) == 0:
        points = qmc.Sobol(dimensions, scramble=True, seed=seed).random_base2(n.bit_length() - 1)
    else:
        points = qmc.LatinHypercube(dimensions, seed=seed).random(n)
    tiny = 2.0**-40
    clipped: F64 = np.clip(points, tiny, 1.0 - tiny)
    return clipped


def draw_own_column(n: int, seed: int, key: str) -> F64:
    """Draw n values of one number beside the cube, (n,), strictly between 0 and 1, by its key alone.

    One value in each n-th part, in an order of its own: a Latin hypercube of one dimension.
    """
    random = np.random.default_rng([seed, zlib.crc32(key.encode())])
    drawn: F64 = (random.permutation(n) + random.uniform(2.0**-20, 1.0 - 2.0**-20, n)) / n
    return drawn


def scale_uniform(unit: F64, low: float, high: float) -> F64:
    """Return draws spread evenly between low and high, same shape as `unit`."""
    out: F64 = low + (high - low) * unit
    return out


def compute_probability(margins: npt.ArrayLike) -> tuple[float, float, int]:
    """Return (share of draws with margin >= 0, its standard error, draws counted); NaN margins are not counted.

    The standard error is the binomial ``sqrt(p (1 - p) / n)``, which quasi-random draws do not exceed in practice.
    NaN when no draw counts.
    """
    values = np.asarray(margins, dtype=np.float64)
    values = values[~np.isnan(values)]
    n = len(values)
    if n == 0:
        return math.nan, math.nan, 0
    share = float((values >= 0).mean())
    return share, math.sqrt(share * (1 - share) / n), n


def compute_rank_correlation(numbers: F64, margins: F64) -> F64:
    """Return Spearman's rank correlation of each column of `numbers` (n, k) with `margins` (n,), (k,).

    Ties share their mean rank; infinite margins are ranked like any other; NaN margins are left out; a column or
    margins that do not vary have correlation 0.
    """
    kept = ~np.isnan(margins)
    x, y = numbers[kept], margins[kept]
    if len(y) < 2:
        return np.zeros(numbers.shape[1])
    target = _rank(y)
    return np.array([_correlate(_rank(x[:, k]), target) for k in range(x.shape[1])])


def choose_word(probability: float, correlations: Sequence[float]) -> tuple[Word, int]:
    """Return the word for a goal under uncertainty and the column it depends on (-1 for none).

    robust_met and robust_missed at `ROBUST_SHARE`; between, *depends* on the number with the largest rank correlation
    when that is at least `DRIVER_CORRELATION`, else *fragile*.
    """
    if math.isnan(probability):
        return "unknown", -1
    if probability >= ROBUST_SHARE:
        return "robust_met", -1
    if probability <= 1 - ROBUST_SHARE:
        return "robust_missed", -1
    strength = np.abs(np.asarray(correlations, dtype=np.float64))
    if len(strength) and strength.max() >= DRIVER_CORRELATION:
        return "depends", int(strength.argmax())
    return "fragile", -1


@dataclass(frozen=True)
class Swing:
    """What one number does alone: margins at its low and high end, the others as they stand.

    Attributes
    ----------
    swing : float
        high margin - low margin; inf or NaN when an end is unreachable or impossible.
    break_even : float
        Value at which the margin is 0, by straight lines between low, now and high; NaN when the sign does not
        change or an end is not finite.
    """

    low_margin: float
    high_margin: float
    swing: float
    break_even: float


def compute_swing(numbers: tuple[float, float, float], margins: tuple[float, float, float]) -> Swing:
    """Return the swing of a number from its (low, now, high) and the margins there."""
    low, _, high = margins
    return Swing(low, high, 0.0 if low == high else high - low, _interpolate_zero(numbers, margins))


def _interpolate_zero(numbers: tuple[float, float, float], margins: tuple[float, float, float]) -> float:
    found = []
    for a, b in ((0, 1), (1, 2)):
        at_a, at_b = margins[a], margins[b]
        if math.isfinite(at_a) and math.isfinite(at_b) and (at_a >= 0) != (at_b >= 0):
            found.append(numbers[a] + (numbers[b] - numbers[a]) * at_a / (at_a - at_b))
    return min(found, key=lambda x: abs(x - numbers[1]), default=math.nan)


def _rank(values: F64) -> F64:
    """Return ranks from 1, ties at their mean."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    mean: F64 = (last - (counts - 1) / 2.0)[inverse]
    return mean


def _correlate(x: F64, y: F64) -> float:
    x, y = x - x.mean(), y - y.mean()
    size = math.sqrt(float((x * x).sum() * (y * y).sum()))
    return float((x * y).sum() / size) if size > 0 else 0.0
