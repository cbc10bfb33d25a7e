"""How many people live within a time of a place: the one rule of rings, indicators, comparisons, shares and batches.

People stand on the region grid (`study.people`), a cell counts when its centre is within the time, and the time is that
of the surface of the mode and reading. Counted at county seats by the minutes of an OD table they are another measure,
with a name of its own: ``seats`` in commands, ``seat_population`` in tables.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from transit_model.domain.modes import Mode, Reading
from transit_model.domain.place import Place
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.surface.population import sum_within
from transit_model.units import min_to_s


def count_people_within(
    builder: SurfaceBuilder,
    place: Place,
    mode: Mode,
    reading: Reading,
    cutoffs_min: Sequence[float],
    people: npt.NDArray[np.float64],
) -> list[float]:
    """Return the persons within each cutoff of a place; `people` are persons by cell, (ny, nx).

    Raises
    ------
    InputError
        When the reading has no surface for the mode.
    """
    surface = builder.compute(place, mode, reading)
    return sum_within(surface.time_s, [people], [min_to_s(c) for c in cutoffs_min])[0]
