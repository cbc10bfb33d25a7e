"""What the product must know of an indicator: the row of the registry."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from transit_model.domain.place import Place
from transit_model.goals.schema import Goal
from transit_model.indicator_tables.rows import Measured, Rows

Lack = tuple[str, str, str] | None
"""Code, message and hint of what lacks; None when nothing does."""


@dataclass(frozen=True)
class Question:
    """What indicators are asked with, beside the scenario.

    Attributes
    ----------
    goals : sequence of Goal
    facilities : sequence of Place or None
        The places of a file of one's own.
    supply : DataFrame or None
        Columns ``id``, ``supply`` of the same file.
    base : Measured or None
        The scenario to compare with.
    stay_h : float or None
        Hours that a day return needs.
    """

    goals: Sequence[Goal] = ()
    facilities: Sequence[Place] | None = None
    supply: pd.DataFrame | None = None
    base: Measured | None = None
    stay_h: float | None = None


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """An indicator.

    Attributes
    ----------
    name : str
        What is typed.
    zh, en : str
        Title.
    what, formula : str
        Its row of INDICATORS.md: what it tells, the formula and where that comes from.
    source : str
        Formula and source in short, printed beside each number.
    needs : tuple of callable
        Each returns what lacks of the scenario and the question.
    options : frozenset of str
        Parameters of the command that it uses: base, stay, facilities, cutoffs, population, opportunities.
    fill : callable
        Adds the rows.
    shorten : callable, optional
        Makes fewer rows of them for a screen; files and JSON have all. Unreachable is None in their values.
    """

    name: str
    zh: str
    en: str
    what: str
    formula: str
    source: str
    needs: tuple[Callable[[Measured, Question], Lack], ...]
    fill: Callable[[Rows, Question], None]
    options: frozenset[str] = frozenset()
    shorten: Callable[[Sequence[Mapping[str, Any]]], list[dict[str, Any]]] | None = None

    def tabulate(self, measured: Measured, question: Question | None = None) -> pd.DataFrame:
        """Return the indicator of a scenario with the columns of `rows.COLUMNS`."""
        source, layer = self.source, measured.layer
        if layer is not None and "opportunities" in self.options:
            counted = f"{layer.name} of {layer.source}"
            source = (
                source.replace("2020 census", counted) if "2020 census" in source else f"{source}; counted: {counted}"
            )
        rows = Rows(measured, self.name, (self.zh, self.en), source)
        self.fill(rows, question or Question())
        return rows.table()
