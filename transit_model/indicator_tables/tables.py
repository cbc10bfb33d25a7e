"""The indicators of a scenario as tidy tables, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import pandas as pd

from transit_model.errors import InputError, Issue
from transit_model.goals.schema import Goal
from transit_model.indicator_tables.facilities import read_facilities
from transit_model.indicator_tables.indicator import Question
from transit_model.indicator_tables.needs import find_lacking, list_kind_notices
from transit_model.indicator_tables.registry import INDICATORS
from transit_model.indicator_tables.rows import COLUMNS, Measured
from transit_model.near_names import hint_near

_NOT_CHOSEN = frozenset({"no_base", "no_facilities"})


def tabulate_indicators(
    measured: Measured,
    names: Sequence[str] = (),
    *,
    base: Measured | None = None,
    goals: Sequence[Goal] = (),
    stay_h: float | None = None,
    facilities: Path | None = None,
    tick: Callable[[str], object] = lambda _: None,
    tell: Callable[[Issue], object] = lambda _: None,
) -> pd.DataFrame:
    """Return the named indicators of a scenario (all when none is named) with the columns of `COLUMNS`.

    What an indicator lacks of the region or of the arguments (`needs`) is an error where it is named; where all are
    asked for it is left out, and `tell` is given the reason as a warning. `span` reads `goals`; `facilities` is a CSV
    for `nearest` and `supply`.

    Raises
    ------
    InputError
        ``unknown_indicator`` for each unknown name; what a named indicator lacks, e.g. ``no_base``, ``no_facilities``,
        ``no_census``; what is wrong with the file; what each lacks when none of all can be told.
    """
    unknown = [n for n in names if n not in INDICATORS]
    if unknown:
        raise InputError([_tell_unknown(n) for n in unknown])
    read = None if facilities is None else read_facilities(facilities, measured.session.network.info.bbox)
    places = None if read is None else read.places
    question = Question(goals, places, None if read is None else read.supply, base, stay_h)
    wanted = [n for n in INDICATORS if n in names or not names]
    lacking = {n: find_lacking(INDICATORS[n], measured, question) for n in wanted}
    can = [n for n in wanted if not lacking[n]]
    short = [i for issues in lacking.values() for i in issues]
    if short and (names or not can):
        raise InputError(short)
    # That nobody named a base or a file is no news.
    news = [i for issues in lacking.values() for i in issues if _NOT_CHOSEN.isdisjoint(j.code for j in issues)]
    for issue in [*news, *(() if read is None else read.notices)]:
        tell(replace(issue, severity="warning"))
    for issue in list_kind_notices(measured):
        tell(issue)
    parts = []
    for name in can:
        parts.append(INDICATORS[name].tabulate(measured, question))
        tick(name)
    filled = [p for p in parts if len(p)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=list(COLUMNS))


def shorten_rows(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the rows of indicators as a screen shows them: fewer of one whose registry row says how."""
    shown: list[Mapping[str, Any]] = []
    for name, group in groupby(rows, key=itemgetter("indicator")):
        shorten, some = INDICATORS[name].shorten, list(group)
        shown += some if shorten is None else shorten(some)
    return shown


def _tell_unknown(name: str) -> Issue:
    hint = hint_near(name, INDICATORS, f"use {', '.join(INDICATORS)}")
    return Issue(
        "unknown_indicator", "error", f"no indicator called {name!r}", field="indicator", value=name, hint=hint
    )
