"""How numbers are shown: the one rule for shares, and for differences beside the numbers they are of."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal


def round_shown(value: float, decimals: int = 0) -> float:
    """Return a number rounded half away from zero as people do it; infinities and NaN stay."""
    if not math.isfinite(value):
        return value
    # repr is the shortest decimal that is this float: 2.675 is meant as 2.675
    return float(Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP))


def round_finite(value: float, decimals: int = 6) -> float | None:
    """Return a number for JSON: rounded, None when it is not finite."""
    return round(float(value), decimals) if math.isfinite(value) else None


def subtract_shown(after: float, before: float, decimals: int = 0) -> float:
    """Return after - before of the numbers as shown, so that whoever subtracts finds the same."""
    difference = round_shown(after, decimals) - round_shown(before, decimals)
    return round_shown(difference, decimals)


def format_share(share: float, decimals: int = 0) -> str:
    """Return a share in per cent, rounded; what is not all is never shown as all, what is not none never as none."""
    shown = round_shown(share * 100, decimals)
    step = 10.0**-decimals
    if 0 < share < 1:
        shown = min(max(shown, step), 100 - step)
    return f"{shown:.{decimals}f}%"


def format_minutes(minutes: float, *, near: float | None = None) -> str:
    """Return minutes rounded; one decimal within a minute of a threshold `near`, so that 60.4 > 60 shows.

    Unreachable is the sign for infinity.
    """
    if math.isinf(minutes):
        return "∞"
    decimals = 0
    if near is not None and 0 < abs(minutes - near) < 1:
        decimals = 1 if round_shown(minutes, 1) != round_shown(near, 1) else 2
    return f"{round_shown(minutes, decimals):.{decimals}f}"
