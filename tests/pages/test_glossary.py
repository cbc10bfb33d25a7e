"""The glossary has one home; GLOSSARY.md is written from it.

``python -m tests.pages.test_glossary`` writes it anew.
"""

from __future__ import annotations

from pathlib import Path

from transit_model.domain.modes import Reading
from transit_model.domain.readings import READING_NAMES
from transit_model.pages.glossary import MORE_TERMS, REPORT_TERMS, build_page

PAGE = Path(__file__).resolve().parents[2] / "GLOSSARY.md"


def test_the_page_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == build_page(), "run: python -m tests.pages.test_glossary"


def test_each_term_is_there_once_and_in_both_languages() -> None:
    terms = (*REPORT_TERMS, *MORE_TERMS)
    assert all(text.strip() and "|" not in text for term in terms for text in term)
    for which in (0, 1):
        assert len({term[which].lower() for term in terms}) == len(terms)


def test_each_reading_is_explained() -> None:
    words = {term.zh for term in MORE_TERMS}
    assert {READING_NAMES[reading]["zh"] for reading in Reading} <= words


if __name__ == "__main__":
    PAGE.write_text(build_page(), encoding="utf-8")
