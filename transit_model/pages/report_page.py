"""report.html: method, assumptions with sources, evidence, residuals, data quality, limits; made for paper."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from transit_model.catalogue.timetable_diff import CAUTION
from transit_model.pages import text
from transit_model.pages.evidence import arrange_goals
from transit_model.pages.glossary import list_glossary
from transit_model.pages.headline import write_headline
from transit_model.pages.names import Names
from transit_model.pages.page import Site, render_page
from transit_model.pages.phrases import tell_unit, tell_what
from transit_model.pages.publishers import name_publisher, name_title, read_year, strip_notes
from transit_model.pages.road_audit import list_moved_pairs, tell_moved_pairs
from transit_model.pages.view import READINGS, StudyView

_ADDRESS = re.compile(r"https?://[^\s；，]+", re.IGNORECASE)
_BETWEEN = " \t\n;；,，"


def render_report(view: StudyView, site: Site) -> str:
    """Return the report."""
    return render_page(
        "report.html.j2",
        view,
        site,
        title=text.fill("report_title", region=view.region.title),
        file="report.html",
        headline=write_headline(view),
        entries=arrange_goals(view),
        readings=READINGS,
        residuals=list_residuals(view),
        assumptions=span_assumptions(view),
        tell_unit=tell_unit,
        tell_what=tell_what,
        tell_end=partial(tell_end, Names(view)),
        sources=[
            {
                **r,
                "publisher": name_publisher(r),
                "title": name_title(r),
                "year": read_year(r),
                "addresses": list_addresses(strip_notes(r.get("url"))),
            }
            for r in view.sources.to_dict("records")
        ],
        quality=_pivot_quality(view),
        glossary=list_glossary(view.window),
        names=Names(view),
        timetable_changes=_list_timetable_changes(view),
        timetable_caution=CAUTION,
        road_pairs=list_moved_pairs(view),
        road_pairs_told=tell_moved_pairs(view),
    )


def _list_timetable_changes(view: StudyView) -> list[dict[str, Any]]:
    """Return one entry a pair of places with both sides of each number in one cell, and where they lie in the figure.

    ``dots`` are trains a day and fastest minutes: (before, after), each from 0 to 1, the largest of all pairs; None
    without a train.
    """
    if view.timetable_changes is None:
        return []
    rows: list[dict[str, Any]] = []
    most = {c: _find_largest(view, c) for c in ("trains_{}", "fastest_{}_min")}
    for row in view.timetable_changes.to_dict("records"):
        entry: dict[str, Any] = {str(k): str(row[k]) for k in ("from", "to", "before", "after")}
        entry["dots"] = [
            [
                None if text.is_missing(v := row[c.format(side)]) else round(float(v) / most[c], 3)
                for side in ("before", "after")
            ]
            for c in most
        ]
        for name, unit in (("trains", ""), ("fastest", "_min"), ("median", "_min"), ("first", ""), ("last", "")):
            sides = (row[f"{name}_before{unit}"], row[f"{name}_after{unit}"])
            entry[name] = " → ".join(
                "–" if text.is_missing(v) else f"{v:g}" if isinstance(v, int | float) else str(v) for v in sides
            )
        rows.append(entry)
    return rows


def _find_largest(view: StudyView, column: str) -> float:
    assert view.timetable_changes is not None
    sides = view.timetable_changes[[column.format(side) for side in ("before", "after")]]
    values = [float(v) for v in sides.to_numpy().ravel().tolist() if not text.is_missing(v)]
    return max(values, default=0.0) or 1.0


def span_assumptions(view: StudyView) -> list[dict[str, Any]]:
    """Return the assumptions; the first row of a table by key spans basis and source of all its rows, `span` rows."""
    rows = [{"source_zh": "", **{str(k): v for k, v in r.items()}} for r in view.assumptions.to_dict("records")]
    heads = [str(r["name"]).partition(".")[0] for r in rows]
    for i, row in enumerate(rows):
        row["span"] = heads.count(heads[i]) if i == heads.index(heads[i]) else 0
    return rows


def tell_end(names: Names, row: dict[str, Any], end: str) -> dict[str, str]:
    """Return the name of an end of a calibration row, which may be a node of the roads or a count of rows."""
    named = {lang: row.get(f"{end}_{lang}") for lang in ("zh", "en")}
    if not any(text.is_missing(v) for v in named.values()):
        return {lang: str(v) for lang, v in named.items()}
    known = names(str(row[end]))
    return known if known["zh"] != str(row[end]) else tell_what(str(row[end]))


def list_residuals(view: StudyView) -> list[dict[str, Any]]:
    """Return the calibration rows with the length of their bars: -1 to 1, the largest residual being 1."""
    if view.calibration is None or view.calibration.empty:
        return []
    rows = [{str(k): v for k, v in r.items()} for r in view.calibration.to_dict("records")]
    known = [abs(float(r["residual_min"])) for r in rows if not text.is_missing(r["residual_min"])]
    largest = max(known, default=0.0) or 1.0
    for row in rows:
        value = row["residual_min"]
        row["bar"] = 0.0 if text.is_missing(value) else float(value) / largest
    return rows


def list_addresses(cell: object) -> list[dict[str, Any]]:
    """Return the addresses of a source and the words between them, each with its ``text`` and `safe`.

    `safe` is what a browser may follow: an address goes up to the next blank, and one cell may hold several.
    """
    out: list[dict[str, Any]] = []
    rest = "" if text.is_missing(cell) else str(cell)
    while rest:
        found = _ADDRESS.search(rest)
        words = rest[: found.start()] if found else rest
        out += [{"text": part, "safe": False} for w in re.split(r"[;；]\s", words) if (part := w.strip(_BETWEEN))]
        if found is None:
            break
        out.append({"text": found.group().rstrip(_BETWEEN), "safe": True})
        rest = rest[found.end() :]
    return out


def _pivot_quality(view: StudyView) -> list[dict[str, Any]]:
    """Return one entry a table with its rows by confidence."""
    out: dict[str, dict[str, Any]] = {}
    for row in view.data_quality.to_dict("records"):
        entry = out.setdefault(str(row["table"]), {"table": str(row["table"]), "high": 0, "medium": 0, "low": 0})
        entry[str(row["confidence"])] = row["rows"]
    return list(out.values())
