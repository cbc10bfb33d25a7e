"""Minutes at the cells of the maps of a study, and how two scenarios differ there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from transit_model.surface.lattice import NOT_REACHED, Lattice, Minutes

Key = tuple[str, str, str, str]
"""Scenario, origin, mode, reading."""


@dataclass(frozen=True, eq=False)
class CellMinutes:
    """Minutes at the cells of the maps of a study: what a click tells and what the map of minutes saved is drawn from.

    Attributes
    ----------
    lattice : Lattice
    minutes : mapping of (scenario, origin, mode, reading) to (n,) uint16
        See `Lattice.sample`.
    people : (n,) float64 or None
        Persons by cell, the same in every scenario; None where nobody was placed.
    """

    lattice: Lattice
    minutes: Mapping[Key, Minutes]
    people: npt.NDArray[np.float64] | None = None

    def get_pair(self, base: str, scenario: str, kind: tuple[str, str, str]) -> tuple[Minutes, Minutes]:
        """Return the minutes of a base and a scenario; what one of them lacks (no such mode runs) is reached nowhere.

        Parameters
        ----------
        kind : (origin, mode, reading)
        """
        before, after = (self.minutes.get((name, *kind)) for name in (base, scenario))
        none = np.zeros(int(self.lattice.inside.sum()), dtype=np.uint16)
        return none if before is None else before, none if after is None else after

    def list_kinds(self, *scenarios: str) -> list[tuple[str, str, str]]:
        """Return origin, mode and reading of the layers that one of the scenarios has, each once, in their order."""
        return list(dict.fromkeys(key[1:] for key in self.minutes if key[0] in scenarios))


def compare_minutes(
    before: Minutes, after: Minutes, step_min: float
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return which cells save and which lose at least so many minutes; newly reached saves, no longer reached loses."""
    was, now = before.astype(np.int64), after.astype(np.int64)
    both = (was != NOT_REACHED) & (now != NOT_REACHED)
    saved = np.where(both, was - now >= step_min, (was == NOT_REACHED) & (now != NOT_REACHED))
    lost = np.where(both, now - was >= step_min, (was != NOT_REACHED) & (now == NOT_REACHED))
    return saved, lost
