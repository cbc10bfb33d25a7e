"""Ambulance coverage with and without the prefecture border (跨界急救): who is reached when the neighbour may come."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from transit_model.errors import InputError


class Responses(NamedTuple):
    """Response time of the own prefecture and of any, seconds, and the row of the station that is there first.

    Times are `inf` and rows say nothing where no station reaches a place; of equal ones the first row.
    """

    own_s: npt.NDArray[np.float64]
    own_row: npt.NDArray[np.int64]
    any_s: npt.NDArray[np.float64]
    any_row: npt.NDArray[np.int64]


def find_responses(
    travel_s: npt.NDArray[np.float64], own: npt.NDArray[np.bool_], *, turnout_s: float, border_delay_s: float
) -> Responses:
    """Find the soonest ambulance of the own prefecture and of any: turnout and travel, and a delay across the border.

    Parameters
    ----------
    travel_s : (n_stations, ...) float64
        From each station, or the best of several of one prefecture, to every place or cell.
    own : (n_stations, ...) bool
        Whether station and place are of one prefecture.
    turnout_s, border_delay_s : float
        Seconds from the call to leaving the station (180 is the norm of the 2020 notice of the National Health
        Commission, for 95 % of calls), and of a call handed over the border (`inf`: nobody crosses, today's rule).

    Raises
    ------
    InputError
        A delay is negative, or the turnout is not finite.
    """
    if not (turnout_s >= 0 and border_delay_s >= 0 and np.isfinite(turnout_s)):
        raise InputError("turnout_s and border_delay_s must be 0 or more")
    response = travel_s + turnout_s
    inside = np.where(own, response, np.inf)
    anyone = np.where(own, response, response + border_delay_s)
    return Responses(inside.min(axis=0), inside.argmin(axis=0), anyone.min(axis=0), anyone.argmin(axis=0))
