"""The indicators there are, in the order they are told; a new one is a file beside this one and a row here."""

from __future__ import annotations

from collections.abc import Mapping

from transit_model.indicator_tables import (
    airport,
    ambulance,
    daily,
    day_return,
    equity,
    hospital,
    mean_time,
    nearest,
    overlap,
    population_models,
    potential,
    span,
    supply,
    winners,
    within,
)
from transit_model.indicator_tables.indicator import Indicator

_ROWS: tuple[Indicator, ...] = (
    within.ROW,
    mean_time.ROW,
    daily.ROW,
    potential.ROW,
    equity.ROW,
    winners.ROW,
    span.ROW,
    day_return.ROW,
    nearest.ROW,
    hospital.ROW,
    supply.ROW,
    airport.ROW,
    overlap.ROW,
    ambulance.ROW,
    population_models.ROW,
)
INDICATORS: Mapping[str, Indicator] = {row.name: row for row in _ROWS}
"""Name to the row."""


def list_users(option: str) -> frozenset[str]:
    """Return the names of the indicators that use an option of the command."""
    return frozenset(row.name for row in _ROWS if option in row.options)


def build_page_table() -> str:
    """Return the table of INDICATORS.md as Markdown."""
    head = "| name | 中文名 | what | formula and source |\n|---|---|---|---|\n"
    return head + "".join(f"| `{row.name}` | {row.zh} | {row.what} | {row.formula} |\n" for row in _ROWS)
