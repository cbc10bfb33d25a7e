"""Citations as readers know them: publisher and year with a link, in place of the keys of the source table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from transit_model.pages import text
from transit_model.pages.publishers import name_publisher, name_title, read_year
from transit_model.pages.view import StudyView

_KEY: Final = re.compile(r"\[([A-Za-z0-9_.:-]+)\]")
_ADDRESS: Final = re.compile(r"^https?://[^\s\"<>]+$")
_MOST: Final = 44
"""Characters of a publisher that a citation shows."""


class Citations:
    """The sources of a study, by key."""

    def __init__(self, view: StudyView) -> None:
        table = view.sources
        self._rows = {str(r["key"]): r for r in table.to_dict("records")} if "key" in table.columns else {}

    def __call__(self, cited: str, lang: str = "") -> Any:  # noqa: ANN401 - Markup
        """Return a text with each ``[key]`` told by publisher and year, linked where the source has an address.

        With `lang` the publisher is named in one language, for texts that stand in a page once for each.
        """
        from markupsafe import Markup, escape

        out, at = Markup(""), 0
        for match in _KEY.finditer(cited):
            row = self._rows.get(match.group(1))
            if row is None:
                continue
            out += escape(cited[at : match.start()]) + self._link(match.group(1), row, lang)
            at = match.end()
        return out + escape(cited[at:])

    def both(self, cited: Mapping[str, Any]) -> Any:  # noqa: ANN401 - Markup
        """Return a text in both languages with its citations told; see `text.both`."""
        from markupsafe import Markup

        zh, en = str(cited.get("zh") or cited.get("en") or ""), str(cited.get("en") or cited.get("zh") or "")
        if zh == en:
            return self(zh)
        zh = text.widen_punctuation(zh)
        pair = '<span class="zh" lang="zh-CN">{}</span><span class="en" lang="en">{}</span>'
        return Markup(pair).format(self(zh, "zh"), self(en, "en"))

    def _link(self, key: str, row: dict[Any, Any], lang: str) -> Any:  # noqa: ANN401 - Markup
        from markupsafe import Markup, escape

        publisher, title, year = name_publisher(row), name_title(row), read_year(row)
        said = {k: f"[{_shorten(publisher[k] or title[k] or key)}{', ' + year if year else ''}]" for k in ("zh", "en")}
        words = escape(said[lang]) if lang else text.both(said)
        address = "" if text.is_missing(row.get("url")) else str(row["url"])
        if not _ADDRESS.match(address):
            return Markup('<cite title="{}">{}</cite>').format(title["zh"], words)
        return Markup('<a class="cite" href="{}" title="{}">{}</a>').format(escape(address), title["zh"], words)


def _shorten(words: str) -> str:
    return words if len(words) <= _MOST else f"{words[: _MOST - 1]}…"
