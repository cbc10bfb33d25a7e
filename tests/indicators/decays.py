"""Weights that fall with time as papers write them, to put published examples through the indicators."""

from __future__ import annotations

import numpy as np

from transit_model.indicators.decay import Decay
from transit_model.indicators.travel_table import check_positive


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
