"""Colours: ordered in grey, and text that can be read (WCAG 2.1, contrast 4.5 to 1)."""

from __future__ import annotations

import itertools
import re

import pytest

from transit_model.pages.page import read_asset
from transit_model.pages.palette import (
    CLOSED,
    GONE,
    LINES,
    NEWLY,
    PROJECT,
    STILL,
    lost_colours,
    ring_colours,
    saved_colours,
)


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


def test_lines_stand_out_from_their_white_casing() -> None:
    """WCAG 2.1, 1.4.11: 3 to 1, whatever colour of a ring lies under the casing."""
    drawn = [*(colour for colour, _ in LINES["roads"]), LINES["rail"][0], LINES["bus"][0], PROJECT, CLOSED[0]]
    assert all(_contrast(colour, "#ffffff") >= 3 for colour in drawn)
    assert _contrast(*CLOSED) >= 7  # the dashes on their line
    widths = [width for _, width in LINES["roads"]]
    assert widths == sorted(widths, reverse=True)


def test_no_colour_has_two_meanings() -> None:
    lines = [*(colour for colour, _ in LINES["roads"]), LINES["rail"][0], PROJECT, *CLOSED]
    areas = [*ring_colours(4), *saved_colours(3), *lost_colours(3), NEWLY, GONE, STILL["before"]]
    assert len({*lines, *areas}) == len(lines) + len(areas)
    assert STILL["added"] == NEWLY  # on still maps and live ones
