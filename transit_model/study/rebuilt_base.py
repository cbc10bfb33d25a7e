"""A base built a second time from its files, against which a comparison proves that nothing but the edit moves it."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.domain.modes import Mode, Reading
from transit_model.domain.place import Place
from transit_model.measure.input_cache import list_same_inputs
from transit_model.measure.session import Session
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.scenario.scenario_schema import StudyChoices
from transit_model.study.scenario_tables import measure_od
from transit_model.surface.kept_times import KeptTimes, keep_times

F64 = npt.NDArray[np.float64]


class RebuiltBase:
    """A base built a second time from its files: surfaces for the null edit, made once for all its comparisons."""

    def __init__(
        self, session: Session, choices: StudyChoices | None = None, like: Iterable[SurfaceBuilder] = ()
    ) -> None:
        self.session = session
        self.choices = choices or StudyChoices()
        # Roads that came out the same to the bit are laid on the grid once.
        self.builder = SurfaceBuilder(session, self.choices.cell_m, like=like)
        self._times: dict[tuple[str, Mode, Reading, float], KeptTimes] = {}
        self._od: pd.DataFrame | None = None

    def get_od(self) -> pd.DataFrame:
        """Return the OD rows of the centres and county seats."""
        if self._od is None:
            self._od = measure_od(self.session, [], self.choices)
        return self._od

    def list_unmoved(self, first: SurfaceBuilder) -> frozenset[tuple[Mode, Reading]]:
        """Return the kinds of surfaces whose inputs are those of the base built before, all of them to the bit.

        Times at nodes are not searched a second time for these: pairs are, by every mode and reading.
        """
        one, other = first.session, self.session
        if self.builder.roads is not first.roads or (one.service_date, one.window) != (
            other.service_date,
            other.window,
        ):
            return frozenset()
        return frozenset(list_same_inputs(one, other))

    def get_times(self, place: Place, kind: tuple[Mode, Reading], limit_s: float = math.inf) -> F64:
        """Return the cell times, (ny, nx) seconds; later ones than the limit may be left out."""
        key = (place.place_id, *kind, limit_s)
        if key not in self._times:
            self._times[key] = keep_times(self.builder.compute(place, *kind, limit_s=limit_s).time_s, limit_s)
        return self._times[key].fill()
