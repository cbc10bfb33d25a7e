"""How far projects are and when they open, in words."""

from __future__ import annotations

from collections.abc import Sequence

from transit_model.pages import text
from transit_model.pages.view import ProjectView


def tell_state(projects: Sequence[ProjectView], *, with_status: bool = True) -> list[dict[str, str]]:
    """Return how far projects are and when they open, each a text; what runs already says so in one.

    "Open" beside "opening not known" would tell two things: a source may say that something runs and not since when.
    """
    statuses = list(dict.fromkeys(p.status for p in projects if p.status))
    dated = [p.opens for p in projects if p.opens and p.opens != "unknown"]
    years = _tell_years(dated)
    if statuses == ["open"]:
        return [text.fill("open_since", year=years) if years else text.word("open_undated")]
    names = [text.word(f"status_{s}") if text.has_word(f"status_{s}") else text.plain(s) for s in statuses]
    opens = text.fill("opens", year=years) if years else text.word("opens_unknown")
    if years and len(dated) < len(projects):
        some = text.word("some_undated")
        opens = {lang: f"{opens[lang]} · {some[lang]}" for lang in ("zh", "en")}
    return [*(names if with_status else []), opens]


def _tell_years(opens: list[str]) -> str:
    years = sorted(set(opens))
    return years[0] if len(years) == 1 else f"{years[0][:4]}–{years[-1][-4:]}" if years else ""
