"""How unequal times or opportunities are: Gini, Palma, coefficient of variation, quantiles (公平性)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.errors import InputError, Issue

F64 = npt.NDArray[np.float64]


def compute_gini(values: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> float:
    """Compute the Gini coefficient, 0 (all equal) to 1, of values weighted by people.

    ``G = sum_i sum_j w_i w_j |x_i - x_j| / (2 W^2 mean)``, twice the area between the Lorenz curve and the diagonal;
    no small-sample correction. Source: Gini (1912); Cowell (2011), Measuring Inequality, 3rd ed.

    Returns
    -------
    float
        0 when all values are 0.

    Raises
    ------
    InputError
        When values or weights are negative or not finite, or all weights are 0.
    """
    x, w = _check(values, weights)
    order = np.argsort(x, kind="stable")
    x, w = x[order], w[order]
    total = float((w * x).sum())
    if total == 0:
        return 0.0
    share = np.concatenate([[0.0], np.cumsum(w * x) / total])
    people = w / w.sum()
    return float(1.0 - (people * (share[1:] + share[:-1])).sum())


def compute_palma(
    values: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    *,
    rank_by: npt.ArrayLike | None = None,
    top_share: float = 0.1,
    bottom_share: float = 0.4,
) -> float:
    """Compute the ratio of the mean of the top 10 % of people to the mean of the bottom 40 %.

    The ratio of means of accessibility studies; the ratio of *shares* of Palma (2011), Development and Change 42(1),
    is a quarter of it. A place on the boundary is split, so the two groups are
    exactly 10 % and 40 % of the people; places of equal rank are taken together, in proportion.

    Parameters
    ----------
    values, weights : array
        Accessibility or time, and people.
    rank_by : array, optional
        What ranks people, e.g. income per head; default the values themselves. Where nobody lives it may be NaN.

    Returns
    -------
    float
        `inf` when the bottom has nothing, NaN when both have nothing.

    Raises
    ------
    InputError
        As `compute_gini`; shares outside 0..1.
    """
    x, w = _check(values, weights)
    rank = x if rank_by is None else np.asarray(rank_by, dtype=np.float64).ravel()
    if len(rank) != len(x) or not np.isfinite(rank[w > 0]).all():
        raise InputError("rank_by must be as long as the values, and finite where people are")
    if not (0 < top_share < 1 and 0 < bottom_share < 1):
        raise InputError("shares of the Palma ratio must lie between 0 and 1")
    x, w, rank = x[w > 0], w[w > 0], rank[w > 0]
    levels, group = np.unique(rank, return_inverse=True)
    people, amount = np.zeros(len(levels)), np.zeros(len(levels))
    np.add.at(people, group, w)
    np.add.at(amount, group, w * x)
    low = _mean_of_first(people, amount, bottom_share)
    high = _mean_of_first(people[::-1], amount[::-1], top_share)
    if low > 0:
        return high / low
    return math.inf if high > 0 else math.nan


def compute_variation(values: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> float:
    """Compute the coefficient of variation (变异系数): weighted standard deviation over the mean, 0 when all are 0.

    Population form: the squares are divided by the sum of the weights.

    Raises
    ------
    InputError
        As `compute_gini`.
    """
    x, w = _check(values, weights)
    mean = float((w * x).sum() / w.sum())
    if mean == 0:
        return 0.0
    return math.sqrt(float((w * (x - mean) ** 2).sum() / w.sum())) / mean


def compute_weighted_quantiles(
    values: npt.ArrayLike, shares: Sequence[float], weights: npt.ArrayLike | None = None
) -> F64:
    """Compute weighted quantiles: the least value such that at least this share of people has it or less.

    The inverse of the distribution function, no interpolation (type 1 of Hyndman and Fan 1996, The American
    Statistician 50(4)). `inf` is allowed: when a tenth of the people reach nothing, the 95 % quantile is `inf`.

    Raises
    ------
    InputError
        When values are negative or NaN, weights are bad, or a share is outside 0..1.
    """
    x, w = _check(values, weights, infinite=True)
    wanted = np.asarray(shares, dtype=np.float64)
    if not ((wanted >= 0) & (wanted <= 1)).all():
        raise InputError("shares of quantiles must lie between 0 and 1")
    keep = w > 0
    order = np.argsort(x[keep], kind="stable")
    x, w = x[keep][order], w[keep][order]
    reached = np.cumsum(w)
    # a rounding of the sum must not push the quantile to the next value
    place = np.searchsorted(reached, wanted * reached[-1] * (1 - 1e-12), side="left")
    found: F64 = x[np.minimum(place, len(x) - 1)]
    return found


def compute_equity(values: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> pd.Series[float]:
    """Compute all measures of one distribution.

    Parameters
    ----------
    values : array
        Times in seconds (`inf` allowed) or opportunities.
    weights : array, optional
        People.

    Returns
    -------
    Series
        ``gini``, ``palma``, ``variation``, ``mean`` over those who reach; ``p10``, ``p50``, ``p90`` over all;
        ``unreached_share`` of the weight. NaN when nobody reaches.

    Raises
    ------
    InputError
        When values are negative or NaN, or weights are bad.
    """
    x, w = _check(values, weights, infinite=True)
    finite = np.isfinite(x) & (w > 0)
    p10, p50, p90 = compute_weighted_quantiles(x, [0.1, 0.5, 0.9], w)
    some = bool(finite.any())
    reached_x, reached_w = x[finite], w[finite]
    return pd.Series(
        {
            "gini": compute_gini(reached_x, reached_w) if some else math.nan,
            "palma": compute_palma(reached_x, reached_w) if some else math.nan,
            "variation": compute_variation(reached_x, reached_w) if some else math.nan,
            "mean": float((reached_x * reached_w).sum() / reached_w.sum()) if some else math.nan,
            "p10": float(p10),
            "p50": float(p50),
            "p90": float(p90),
            "unreached_share": float(w[np.isinf(x)].sum() / w.sum()),
        }
    )


def _mean_of_first(people: F64, amount: F64, share: float) -> float:
    wanted = share * people.sum()
    before = np.cumsum(people) - people
    taken = np.clip(wanted - before, 0.0, people)
    part = np.divide(taken, people, out=np.zeros_like(people), where=people > 0)
    return float((part * amount).sum() / wanted)


def _check(values: npt.ArrayLike, weights: npt.ArrayLike | None, *, infinite: bool = False) -> tuple[F64, F64]:
    x = np.asarray(values, dtype=np.float64).ravel()
    w = np.ones_like(x) if weights is None else np.asarray(weights, dtype=np.float64).ravel()
    issues = []
    if len(x) == 0 or len(x) != len(w):
        issues.append(Issue("length_mismatch", "error", "values and weights must be as long, and not empty"))
    if np.isnan(x).any() or (x < 0).any() or (not infinite and np.isinf(x).any()):
        hint = "" if infinite else "leave unreachable ones out and say their share (see compute_equity)"
        issues.append(
            Issue("bad_value", "error", "values must be finite numbers of 0 or more", field="values", hint=hint)
        )
    if not np.isfinite(w).all() or (w < 0).any() or w.sum() <= 0:
        issues.append(Issue("bad_weight", "error", "weights must be 0 or more and not all 0", field="weights"))
    if issues:
        raise InputError(issues)
    return x, w
