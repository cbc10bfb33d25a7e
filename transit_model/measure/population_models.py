"""How far the people within a circle depend on where they are thought to live: the census model and crude ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.measure.people import build_population
from transit_model.surface.population import sum_within
from transit_model.surface.surface import Surface
from transit_model.units import min_to_s

if TYPE_CHECKING:
    import geopandas as gpd

    from transit_model.measure.surfaces import SurfaceBuilder

REFERENCE = "model"
ALTERNATIVES = ("seat", "even")
"""Everybody at the county seat, and alike on all cells of the county: the two crude ways beside the model."""
_KEYS = ["scenario", "origin", "mode", "reading", "cutoff_min"]


def build_alternatives(builder: SurfaceBuilder) -> dict[str, npt.NDArray[np.float64]]:
    """Return the census placed in the crude ways, persons by cell, each (ny, nx)."""
    return {name: build_population(builder, "seat" if name == "seat" else "even") for name in ALTERNATIVES}


def add_alternatives(
    rings: gpd.GeoDataFrame, surface: Surface, alternatives: dict[str, npt.NDArray[np.float64]]
) -> gpd.GeoDataFrame:
    """Return rings with the columns ``population_seat`` and ``population_even``, summed as ``population`` is."""
    sums = sum_within(surface.time_s, list(alternatives.values()), [min_to_s(c) for c in rings["cutoff_min"]])
    return rings.assign(**{f"population_{k}": people for k, people in zip(alternatives, sums, strict=True)})


def tabulate_population_models(rings: pd.DataFrame) -> pd.DataFrame:
    """Return how every population figure of the rings moves between the census model and the crude alternatives.

    Parameters
    ----------
    rings : DataFrame
        With ``population`` and the columns of `add_alternatives`.

    Returns
    -------
    DataFrame
        ``scenario, origin, mode, reading, cutoff_min, model`` (model, seat, even), ``population`` (persons),
        ``difference`` (persons, minus the model's), ``relative_difference`` (of the model's; NaN where that is 0).
    """
    reference = rings["population"].astype("float64")
    parts = []
    for rank, model in enumerate((REFERENCE, *ALTERNATIVES)):
        people = rings["population" if model == REFERENCE else f"population_{model}"].astype("float64")
        difference = people - reference
        numbers = {"population": people, "difference": difference}
        numbers["relative_difference"] = difference / reference.where(reference > 0)
        parts.append(rings[_KEYS].assign(model=model, **numbers, rank=rank, row=np.arange(len(rings))))
    table = pd.concat(parts, ignore_index=True).sort_values(["row", "rank"], ignore_index=True)
    return table.drop(columns=["rank", "row"])
