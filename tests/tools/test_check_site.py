"""The walk through a built site finds what a reader would stumble over, on a site of two pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tools.check_site import check_site

SECOND = '<!doctype html><h1 id="top">Second</h1><a href="../index.html#here">back</a>'


def _write_site(folder: Path, body: str) -> Path:
    (folder / "deep").mkdir()
    (folder / "style.css").write_text("h1 {color: red}", encoding="utf-8")
    (folder / "deep" / "second page.html").write_text(SECOND, encoding="utf-8")
    page = f'<!doctype html><link rel="stylesheet" href="style.css?v=1"><h1 id="here">First</h1>{body}'
    (folder / "index.html").write_text(page, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "body",
    [
        '<a href="deep/second%20page.html#top">second</a>',
        '<a href="#here">up</a><a href="mailto:a@b.c">write</a>',
        '<a href="https://example.org/gone#nowhere">elsewhere is not asked</a>',
        '<link rel="canonical" href="https://example.org/">',
        '<img src="data:image/png;base64,AAAA">',
    ],
)
def test_a_sound_site_is_sound(tmp_path: Path, body: str) -> None:
    assert check_site(_write_site(tmp_path, body)) == []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('<a href="gone.html">x</a>', "index.html leads to gone.html"),
        (
            '<a href="deep/second page.html#gone">x</a>',
            "index.html leads to deep/second page.html#gone: no such anchor",
        ),
        ('<a href="#gone">x</a>', "index.html leads to #gone: no such anchor"),
        ('<img src="gone.png">', "index.html leads to gone.png"),
        ('<script src="https://example.org/a.js"></script>', "index.html loads https://example.org/a.js"),
        ('<link rel="stylesheet" href="//example.org/a.css">', "index.html loads //example.org/a.css"),
    ],
)
def test_what_is_broken_is_named(tmp_path: Path, body: str, said: str) -> None:
    assert check_site(_write_site(tmp_path, body)) == [said]
