"""Colours. Rings go dark (near) to light (far) in one hue family: colour-blind safe, ordered when printed grey.

The anchors follow the ColorBrewer YlGnBu scheme (Brewer 2003, colour-blind safe, photocopy-able), reversed.
"""

from __future__ import annotations

from typing import Any, Final

_ANCHORS: Final = ((18, 52, 110), (31, 120, 165), (96, 186, 186), (196, 228, 190))
PROJECT: Final = "#b3124f"
BASE_OUTLINE: Final = "#3a3a3a"
_SAVED: Final = ((253, 208, 140), (238, 134, 38), (138, 60, 4))
"""Minutes saved, few to many: light to dark oranges, ordered when printed grey, apart from the blue of the rings."""


_LOST: Final = ((216, 205, 236), (142, 124, 184), (74, 44, 130))
"""Minutes lost, few to many: purples, the other arm of ColorBrewer PuOr (colour-blind safe)."""
NEWLY: Final = "#01665e"
"""Newly within reach, on every map; the teal of ColorBrewer BrBG."""
GONE: Final = "#33003c"
"""No longer reached."""
CLOSED: Final = ("#1b1f24", "#ffd23f")
"""A closed road or line: dark with dashes of the yellow of barriers, that no other thing on the maps has."""

STILL: Final = {"before": "#a9d3d8", "added": NEWLY}
"""Circles of still maps: today, and what a plan adds."""
LINES: Final[dict[str, Any]] = {
    "roads": [["#565d66", 2.4], ["#6f767e", 1.6], ["#80878e", 1.1], ["#8b9299", 0.8]],
    "rail": ["#2d3136", 2.8],
    "bus": ["#2d3136", 3.0],
    "project": PROJECT,
    "closed": list(CLOSED),
}
"""What lines are drawn with, by class of road (motorway, trunk, primary, other): colour and width in pixels.

Maps and legends read it here, so their colours are the same to the last bit. Each has a contrast of 3 to 1 or more with
its white casing (WCAG 2.1, 1.4.11), whatever colour of a ring lies under that.
"""
COLOURS: Final = {"project": PROJECT, "outline": BASE_OUTLINE, "newly": NEWLY, "gone": GONE}
"""What marks of a legend are drawn with beside the lines."""


def lost_colours(count: int) -> list[str]:
    """Return `count` colours from few (light) to many (dark) minutes lost as ``#rrggbb``."""
    return _mix(_LOST, count)


def ring_colours(count: int) -> list[str]:
    """Return `count` colours from near (dark) to far (light) as ``#rrggbb``."""
    return _mix(_ANCHORS, count)


def saved_colours(count: int) -> list[str]:
    """Return `count` colours from few (light) to many (dark) minutes saved as ``#rrggbb``."""
    return _mix(_SAVED, count)


def _mix(anchors: tuple[tuple[int, int, int], ...], count: int) -> list[str]:
    if count == 1:
        return [_hex(anchors[1])]
    colours = []
    for i in range(count):
        at = i * (len(anchors) - 1) / (count - 1)
        low = min(int(at), len(anchors) - 2)
        part = at - low
        a, b = anchors[low], anchors[low + 1]
        colours.append(_hex((a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part, a[2] + (b[2] - a[2]) * part)))
    return colours


def _hex(rgb: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(c):02x}" for c in rgb)
