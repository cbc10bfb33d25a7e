"""Colours: ordered in grey, and text that can be read (WCAG 2.1, contrast 4.5 to 1)."""

from __future__ import annotations

import itertools
import re

import pytest

from transit_model.pages.page import read_asset
from transit_model.pages.palette import ring_colours, saved_colours


def _luminance(colour: str) -> float:
    """Relative luminance, https://www.w3.org/TR/WCAG21/#dfn-relative-luminance."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(a: str, b: str) -> float:
    light, dark = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 6, 8])
def test_rings_get_lighter_outwards(count: int) -> None:
    grey = [_luminance(c) for c in ring_colours(count)]
    assert grey == sorted(grey)
    assert len(set(grey)) == count


def test_neighbouring_rings_of_the_default_study_differ_when_printed_grey() -> None:
    colours = ring_colours(4)
    assert all(_contrast(a, b) > 1.5 for a, b in itertools.pairwise(colours))


def test_minutes_saved_get_darker_and_differ_when_printed_grey() -> None:
    colours = saved_colours(3)
    assert [_luminance(c) for c in colours] == sorted((_luminance(c) for c in colours), reverse=True)
    assert all(_contrast(a, b) > 1.5 for a, b in itertools.pairwise(colours))


def test_verdict_text_can_be_read() -> None:
    css = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", str(read_asset("page.css"))))
    for name in ("met", "missed", "borderline", "cannot"):
        assert _contrast(css[name], css[f"{name}-bg"]) >= 4.5, name
        assert _contrast(css[name], css["paper"]) >= 4.5, name
    for name in ("ink", "soft", "accent", "project"):
        assert _contrast(css[name], css["paper"]) >= 4.5, name
