"""Which phases of headway lines a question is asked under, and how many; `frequency` draws them."""

from __future__ import annotations

from typing import Final, NamedTuple

from transit_model.timetable.index import TimetableIndex

STRATA: Final = 60
"""Draws of a group, each in a part of the headway of its own."""
DRAWS_PER_MINUTE: Final = 2
LEAST_DRAWS: Final = 840
"""Draws of a question with few departures: as many as a window of 14 h has minutes."""
DRAWS_OF_ONE: Final = 3600
"""Draws of a single departure, whose percentiles no other departure makes finer: an hour's wait to the second."""


class Phase(NamedTuple):
    """One draw of the phases of all lines, held at every departure; a number below 0 is the middle of each headway."""

    number: int
    anchor_clock_s: int


MIDDLE: Final = Phase(-1, 0)
"""Each line leaves half a headway after its band begins: for lists of journeys, which are of one day."""


def count_draws(index: TimetableIndex, n_departures: int) -> int:
    """Return the draws of each departure: 1 without headway lines, and more where there are few departures."""
    if index.n_lines == index.n_patterns:
        return 1
    if n_departures == 1:
        return DRAWS_OF_ONE
    return max(DRAWS_PER_MINUTE, -(-LEAST_DRAWS // n_departures))
