"""How the weight of an opportunity falls with time: small factories, seconds in, weights from 1 to 0 out.

Every function gives 0 for an unreachable place (`inf`) and never rises with time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from transit_model.errors import InputError, Issue
from transit_model.indicators.travel_table import check_positive

F64 = npt.NDArray[np.float64]
Decay = Callable[[npt.ArrayLike], F64]


def build_binary_decay(cutoff_s: float) -> Decay:
    """Return 1 up to and at the cutoff, 0 beyond."""
    limit = check_positive(cutoff_s, "cutoff_s")
    return lambda time_s: (np.asarray(time_s, dtype=np.float64) <= limit).astype(np.float64)


def build_linear_decay(cutoff_s: float) -> Decay:
    """Return ``1 - t / T`` up to the cutoff T, 0 beyond."""
    limit = check_positive(cutoff_s, "cutoff_s")
    return lambda time_s: np.maximum(0.0, 1.0 - np.asarray(time_s, dtype=np.float64) / limit)


def build_exponential_decay(rate_per_s: float) -> Decay:
    """Return ``exp(-b t)``, b per second (0.1 a minute is 0.1 / 60)."""
    rate = check_positive(rate_per_s, "rate_per_s")
    return lambda time_s: np.exp(-rate * np.asarray(time_s, dtype=np.float64))


def build_gaussian_decay(scale_s: float) -> Decay:
    """Return ``exp(-t^2 / (2 s^2))``, s in seconds."""
    scale = check_positive(scale_s, "scale_s")
    return lambda time_s: np.exp(-0.5 * (np.asarray(time_s, dtype=np.float64) / scale) ** 2)


def build_power_decay(exponent: float, unit_s: float) -> Decay:
    """Return ``(t / unit)^-b``, at most 1: below one unit of time nothing is lost."""
    power, unit = check_positive(exponent, "exponent"), check_positive(unit_s, "unit_s")
    return lambda time_s: np.maximum(np.asarray(time_s, dtype=np.float64) / unit, 1.0) ** -power


def build_stepped_decay(limits_s: Sequence[float], weights: Sequence[float]) -> Decay:
    """Return ``weights[k]`` up to and at ``limits_s[k]``, 0 beyond the last.

    Luo and Qi (2009), Health & Place 15(4), use 10, 20 and 30 min with weights 1, 0.68, 0.22 (slow) or
    1, 0.42, 0.09 (quick).

    Raises
    ------
    InputError
        When the lists differ in length, limits do not grow, or weights rise or leave 0..1.
    """
    limits, steps = np.asarray(limits_s, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    fine = (
        len(limits) == len(steps) > 0
        and bool(np.isfinite(limits).all())
        and bool((np.diff(limits, prepend=0.0) > 0).all())
        and bool((np.diff(steps, append=0.0) <= 0).all())
        and bool(steps[0] <= 1)
    )
    if not fine:
        raise InputError(
            Issue(
                "bad_steps",
                "error",
                "limits must grow from above 0 and weights fall from at most 1 to at least 0, one each",
                field="limits_s",
                value=f"{list(limits_s)} / {list(weights)}",
            )
        )
    padded = np.append(steps, 0.0)
    return lambda time_s: padded[np.searchsorted(limits, np.asarray(time_s, dtype=np.float64), side="left")]
