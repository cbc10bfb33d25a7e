"""Airport catchments (机场腹地), before and after a move: who is within 60 or 90 minutes of which airport."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

ANY = "any"
"""Row of the result for at least one of the open airports."""


class Catchments(NamedTuple):
    """People of each airport, (n_airports,), and of at least one of them.

    Catchments `within` a cutoff overlap; `nearest` counts the people within who have no nearer airport, of equally near
    ones the first.
    """

    within: npt.NDArray[np.float64]
    nearest: npt.NDArray[np.float64]
    of_any: float


def count_catchments(time_s: npt.NDArray[np.float64], people: npt.NDArray[np.float64], cutoff_s: float) -> Catchments:
    """Count the people within a cutoff of each airport, a time equal to it included.

    Parameters
    ----------
    time_s : (n_airports, ...) float64
        From every place or cell to each airport, `inf` when unreachable; at least one airport.
    people : (...) float64
    cutoff_s : float
    """
    first, least = time_s.argmin(axis=0), time_s.min(axis=0)
    reached = time_s <= cutoff_s
    nearest = [float(people[part & (first == i)].sum()) for i, part in enumerate(reached)]
    within = [float(people[part].sum()) for part in reached]
    return Catchments(np.array(within), np.array(nearest), float(people[least <= cutoff_s].sum()))
