"""report.html: method, assumptions with sources, evidence, residuals, data quality, limits; made for paper."""

from __future__ import annotations

import re
from typing import Any

from transit_model.pages import text
from transit_model.pages.evidence import arrange_goals
from transit_model.pages.glossary import list_glossary
from transit_model.pages.headline import write_headline
from transit_model.pages.names import Names
from transit_model.pages.page import Site, render_page
from transit_model.pages.view import READINGS, StudyView

_SAFE_SCHEMES = ("http://", "https://")
_BETWEEN = re.compile(r"(?:^|[\s;；,，]+)(?=https?://)|(?<=\S)\s*[;；]\s+|[;；\s]+$", re.IGNORECASE)
"""Before an address, or a semicolon and a blank; a semicolon inside an address is a part of it."""


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
        assumptions=view.assumptions.to_dict("records"),
        sources=[{**r, "addresses": list_addresses(r.get("url"))} for r in view.sources.to_dict("records")],
        quality=_pivot_quality(view),
        glossary=list_glossary(view.window),
        names=Names(view),
    )


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
    """Return the addresses of a source, one cell holding several with ``;`` or blanks between them.

    Each has its ``text`` and `safe`: whether a browser may follow it. Words that are no address stay together.
    """
    out: list[dict[str, Any]] = []
    words = "" if text.is_missing(cell) else str(cell)
    for part in _BETWEEN.split(words.strip()):
        if part:
            out.append({"text": part.strip(), "safe": part.lower().startswith(_SAFE_SCHEMES)})
    return out


def _pivot_quality(view: StudyView) -> list[dict[str, Any]]:
    """Return one entry a table with its rows by confidence."""
    out: dict[str, dict[str, Any]] = {}
    for row in view.data_quality.to_dict("records"):
        entry = out.setdefault(str(row["table"]), {"table": str(row["table"]), "high": 0, "medium": 0, "low": 0})
        entry[str(row["confidence"])] = row["rows"]
    return list(out.values())
