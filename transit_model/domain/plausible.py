"""How large a number of a region can be at all: beyond it a file is wrong, whatever it describes.

Kept apart from `assumptions.yaml`: no answer hangs on these, they only part a slip from a fact.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

SHORT_SHARE: Final = 0.99
"""A link below this share of the great circle between its ends is told: 1 % for rounding and for the sphere."""
GROSS_SHARE: Final = 0.9
"""Below this share it is refused: no rounding explains 10 %, and its minutes are wrong by as much."""
COORDINATE_SLACK_M: Final = 15.0
"""Shorter than the straight line by no more than this is never refused: coordinates of four decimals are up to 7 m
off at each end of a link."""
COUNTY_MAX_PERSONS: Final = 40_000_000
"""No county, city or point has more people: Chongqing, the largest municipality on earth, had 32.1 million in 2020,
the agglomeration of Tokyo about 37 million."""
REGION_MAX_PERSONS: Final = 1_500_000_000
"""No region has more: the most populous country had about 1.43 thousand million in 2023."""


def find_short(
    length_m: npt.NDArray[np.float64], straight_m: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return which links are shorter than the straight line between their ends, and which of them by far.

    Parameters
    ----------
    length_m, straight_m : (n,) float64
        Metres along the link, and of the great circle between its ends (NaN where an end is not known).
    """
    short = (length_m > 0) & (length_m < straight_m * SHORT_SHARE)
    gross = short & (length_m < straight_m * GROSS_SHARE) & (straight_m - length_m > COORDINATE_SLACK_M)
    return short, gross
