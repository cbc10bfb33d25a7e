"""Names on a still map without collisions: the important first, beside their point, else on a leader."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""
_NEAR: Final = ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (-1, -1), (1, 1), (-1, 1))
"""Directions in which a name may stand, the best first."""
_LEADERS: Final = (2.2, 3.6, 5.0)
"""Distances of a name on a leader, in heights of the text."""
_PLAIN, _BOLD, _LARGE = 0.56, 0.62, 14.0
WIDE: Final = 0x2E80
"""Characters from here on are as wide as they are high (CJK); others take about 0.55 of it."""


@dataclass(frozen=True)
class Wish:
    """A name that wants a place: its point, the size of its dot and of its text, how far off it stands on a leader."""

    key: str
    text: str
    x: float
    y: float
    size: float
    dot: float = 3.0
    off: float = 0.0


@dataclass(frozen=True)
class Placed:
    """Where a name stands: the baseline's start, and the end of its leader, if it has one."""

    wish: Wish
    x: float
    y: float
    box: Box
    leader: tuple[float, float] | None = None


def measure_text(text: str, size: float) -> float:
    """Return how wide a text is at a size; large names are bold."""
    latin = _BOLD if size >= _LARGE else _PLAIN
    return sum(size if ord(c) >= WIDE else latin * size for c in text)


def place_labels(wishes: Sequence[Wish], frame: Box, taken: Iterable[Box] = ()) -> list[Placed]:
    """Return the names that found room, in the order of the wishes: earlier ones choose first.

    Parameters
    ----------
    frame : Box
        No name stands outside.
    taken : iterable of Box
        Room that no name may use.
    """
    dots = [(w.x - w.dot, w.y - w.dot, w.x + w.dot, w.y + w.dot) for w in wishes]
    full = [*taken, *dots]
    out: list[Placed] = []
    for wish, own in zip(wishes, dots, strict=True):
        others = [b for b in full if b is not own]
        found = next((p for p in _propose(wish) if _fits(p.box, frame, others)), None)
        if found is not None:
            full.append(found.box)
            out.append(found)
    return out


def _propose(wish: Wish) -> Iterable[Placed]:
    width, height = measure_text(wish.text, wish.size), wish.size * 1.15
    for far in (0.0, *_LEADERS):
        gap = wish.dot + 2.5 + wish.off + far * wish.size
        for dx, dy in _NEAR:
            reach = gap if dx == 0 or dy == 0 else gap * 0.72
            left = wish.x + dx * reach - (0 if dx > 0 else width if dx < 0 else width / 2)
            top = wish.y + dy * reach - (height if dy < 0 else 0 if dy > 0 else height / 2)
            leader = None
            if far or wish.off:
                leader = (left + width / 2 if dx == 0 else left if dx > 0 else left + width, top + height / 2)
                if dx == 0:
                    leader = (leader[0], top + height if dy < 0 else top)
            yield Placed(wish, left, top + 0.9 * wish.size, (left, top, left + width, top + height), leader)


def _fits(box: Box, frame: Box, others: Sequence[Box]) -> bool:
    inside = box[0] >= frame[0] and box[1] >= frame[1] and box[2] <= frame[2] and box[3] <= frame[3]
    return inside and not any(overlap(box, other) for other in others)


def overlap(a: Box, b: Box) -> bool:
    """Return whether two boxes share any room."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
