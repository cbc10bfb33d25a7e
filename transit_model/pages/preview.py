"""A small map of one scenario or project as SVG: one file, no reference to anything outside it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from transit_model.pages.palette import BASE_OUTLINE, PROJECT
from transit_model.pages.shapes import M_PER_DEGREE, Frame
from transit_model.scenario.kinds.row import Style
from transit_model.units import km_to_m

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Text = Mapping[str, str]

MAP_WIDTH: Final = 620.0
LEGEND_WIDTH: Final = 310.0
MARGIN: Final = 12.0
HEAD: Final = 46.0
_ROW: Final = 29.0
_BADGE: Final = 8.0
_TRIES: Final = (0.5, 0.35, 0.65, 0.2, 0.8, 0.42, 0.58, 0.28, 0.72, 0.1, 0.9)
_SCALE_KM: Final = 50
_RAIL, _BUS, _GONE = "#1f4e9c", "#2c7a4b", "#777777"
_COLOURS: Final = {"road": PROJECT, "upgrade": PROJECT, "rail": _RAIL, "bus": _BUS, "rule": BASE_OUTLINE}
_DASHES: Final = {"upgrade": "7 3", "bus": "2 3"}
_MAIN_ROADS: Final = ("motorway", "trunk")
STYLE_NAMES: Final[Mapping[Style, Text]] = {
    "road": {"zh": "新公路", "en": "new road"},
    "upgrade": {"zh": "改建公路", "en": "better road"},
    "rail": {"zh": "铁路（站间直线示意）", "en": "railway (straight between stations)"},
    "bus": {"zh": "公交（站间直线示意）", "en": "bus (straight between stops)"},
    "rule": {"zh": "规则，图上不画", "en": "a rule, not drawn"},
}


@dataclass(frozen=True)
class Mark:
    """A named point, WGS84 degrees."""

    name: Text
    lon: float
    lat: float


@dataclass(frozen=True)
class Element:
    """One project on the map: its number in the legend is its place in the list."""

    title: Text
    style: Style
    lines: Sequence[BaseGeometry] = ()
    stops: Sequence[Mark] = ()


@dataclass(frozen=True)
class Preview:
    """What the map shows; geometry in WGS84 degrees.

    Attributes
    ----------
    roads : sequence of (class, line)
        Roads that are there already; motorways and class I roads are drawn stronger.
    removed : sequence of line
        Roads that the projects close.
    """

    title: Text
    subtitle: Text
    bbox: tuple[float, float, float, float]
    outlines: Sequence[BaseGeometry]
    roads: Sequence[tuple[str, BaseGeometry]]
    rail: Sequence[BaseGeometry]
    elements: Sequence[Element]
    centres: Sequence[Mark]
    seats: Sequence[Mark] = ()
    removed: Sequence[BaseGeometry] = ()
    attribution: Text = field(default_factory=dict)


def render_preview(preview: Preview) -> str:
    """Return the map as an SVG document with a numbered legend in Chinese and English."""
    frame = Frame(preview.bbox, MAP_WIDTH)
    credits = [*_wrap(preview.attribution.get("zh", ""), 9.0), *_wrap(preview.attribution.get("en", ""), 9.0)]
    body = max(frame.height, _ROW * len(preview.elements) + 3.5 * _ROW)
    width = 3 * MARGIN + MAP_WIDTH + LEGEND_WIDTH
    height = round(HEAD + body + MARGIN + 11 * len(credits) + MARGIN, 1)
    title = f"{preview.title['zh']} / {preview.title['en']}"
    out = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}" role="img" font-family="sans-serif" font-size="11">',
        f"<title>{_plain(title)}</title>",
        f"<desc>{_plain(preview.subtitle['zh'])} {_plain(preview.subtitle['en'])}</desc>",
        f'<rect width="{width:g}" height="{height:g}" fill="#ffffff"/>',
        f'<clipPath id="map"><rect width="{MAP_WIDTH:g}" height="{frame.height:g}"/></clipPath>',
        _label(MARGIN, 20, preview.title["zh"], size=15, bold=True),
        _label(
            MARGIN, 37, f"{preview.title['en']} | {preview.subtitle['zh']} {preview.subtitle['en']}", colour="#555555"
        ),
        f'<g transform="translate({MARGIN:g} {HEAD:g})"><g clip-path="url(#map)">',
        *_draw_ground(preview, frame),
        *_draw_elements(preview.elements, frame, [frame.point(m.lon, m.lat) for m in preview.centres]),
        *_draw_names(preview, frame),
        "</g>",
        f'<rect width="{MAP_WIDTH:g}" height="{frame.height:g}" fill="none" stroke="#999999"/>',
        _draw_scale(frame),
        "</g>",
        f'<g transform="translate({2 * MARGIN + MAP_WIDTH:g} {HEAD:g})">',
        *_draw_legend(preview),
        "</g>",
    ]
    top = HEAD + body + MARGIN + 8
    out += [_label(MARGIN, top + 11 * i, line, size=9, colour="#666666") for i, line in enumerate(credits)]
    return "\n".join([*out, "</svg>", ""])


def _draw_ground(preview: Preview, frame: Frame) -> list[str]:
    out = [f'<path d="{frame.path(s)}" fill="#f7f5ef" stroke="#cfc9b8" stroke-width="0.7"/>' for s in preview.outlines]
    for strong in (False, True):
        d = "".join(frame.path(line) for highway, line in preview.roads if (highway in _MAIN_ROADS) is strong)
        out.append(_path(d, "#b9a27e" if strong else "#d9d2c3", 1.3 if strong else 0.8))
    out.append(_path("".join(frame.path(line) for line in preview.rail), "#8aa0bd", 1.0, "5 2"))
    out.append(_path("".join(frame.path(line) for line in preview.removed), _GONE, 2.0, "1 4"))
    return [o for o in out if o]


def _draw_elements(elements: Sequence[Element], frame: Frame, centres: Sequence[tuple[float, float]]) -> list[str]:
    lines, badges = [], []
    # No number on the dot of a centre, nor on the two lines of its name beside it.
    taken = [(x + dx, y + dy) for x, y in centres for dx, dy in ((0.0, 0.0), (18.0, 15.0), (40.0, 15.0))]
    for number, element in enumerate(elements, start=1):
        colour = _COLOURS[element.style]
        d = "".join(frame.path(line) for line in element.lines)
        lines.append(_path(d, colour, 3.2, _DASHES.get(element.style, "")))
        lines += [_dot(frame, stop, colour) for stop in element.stops]
        at = _find_room(element, frame, taken)
        if at is not None:
            taken.append(at)
            badges.append(_badge(*at, number, colour))
    return [o for o in (*lines, *badges) if o]


def _find_room(element: Element, frame: Frame, taken: Sequence[tuple[float, float]]) -> tuple[float, float] | None:
    """Return where the number of an element goes: on its longest line, not on another number where it can be helped."""
    if not element.lines:
        stops = [frame.point(s.lon, s.lat) for s in element.stops[:1]]
        return stops[0] if stops else None
    ordered = sorted(element.lines, key=lambda line: -line.length)
    points = [line.interpolate(share, normalized=True) for line in ordered for share in _TRIES]
    on_line = [frame.point(p.x, p.y) for p in points]
    beside = [(x + dx, y + dy) for x, y in on_line for dx in (-18.0, 18.0) for dy in (-9.0, 9.0)]
    places = [*on_line, *beside]
    inside = [p for p in places if _BADGE < p[0] < frame.width - _BADGE and _BADGE < p[1] < frame.height - _BADGE]
    free = [p for p in inside if all(max(abs(p[0] - x), abs(p[1] - y)) > 2 * _BADGE for x, y in taken)]
    return (free or inside or places)[0]


def _draw_names(preview: Preview, frame: Frame) -> list[str]:
    """Return dots and names: the centres always, new stations where no other name stands."""
    out = [_dot(frame, mark, "#999999", 1.6) for mark in preview.seats]
    boxes: list[tuple[float, float, float, float]] = []
    for mark in preview.centres:
        x, y = frame.point(mark.lon, mark.lat)
        width = max(_measure(mark.name["zh"], 13), _measure(mark.name["en"], 9))
        at, anchor = (x + 7, "start") if x + 7 + width < frame.width else (x - 7, "end")
        boxes.append((at if anchor == "start" else at - width, y, width, 26))
        out.append(_dot(frame, mark, "#111111", 3.6))
        out.append(_label(at, y + 13, mark.name["zh"], size=13, bold=True, halo=True, anchor=anchor))
        out.append(_label(at, y + 24, mark.name["en"], size=9, halo=True, anchor=anchor))
    for stop in (s for e in preview.elements for s in e.stops):
        x, y = frame.point(stop.lon, stop.lat)
        width = _measure(stop.name["zh"], 9)
        at, anchor = (x + 6, "start") if x + 6 + width < frame.width else (x - 6, "end")
        box = (at if anchor == "start" else at - width, y - 13, width, 11)
        if not any(_overlap(box, other) for other in boxes):
            boxes.append(box)
            out.append(_label(at, y - 4, stop.name["zh"], size=9, halo=True, anchor=anchor))
    return out


def _overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[0] + b[2] and b[0] < a[0] + a[2] and a[1] < b[1] + b[3] and b[1] < a[1] + a[3]


def _draw_scale(frame: Frame) -> str:
    length = round(km_to_m(_SCALE_KM) / M_PER_DEGREE * frame.scale_y, 1)
    y = frame.height - 10
    return f'<path d="M10 {y - 4:g}V{y:g}H{10 + length:g}V{y - 4:g}" fill="none" stroke="#333333"/>' + _label(
        14, y - 5, f"{_SCALE_KM} km", size=9, halo=True
    )


def _draw_legend(preview: Preview) -> list[str]:
    out = []
    y = 10.0
    for number, element in enumerate(preview.elements, start=1):
        colour = _COLOURS[element.style]
        out.append(_badge(_BADGE, y, number, colour))
        out.append(_path(f"M22 {y:g}H46", colour, 3.2, _DASHES.get(element.style, "")) if element.lines else "")
        out.append(_label(52, y + 1, _cut(element.title["zh"], 11, LEGEND_WIDTH - 52)))
        out.append(_label(52, y + 12, _cut(element.title["en"], 9, LEGEND_WIDTH - 52), size=9, colour="#555555"))
        y += _ROW
    styles = dict.fromkeys(e.style for e in preview.elements)
    notes = [f"{STYLE_NAMES[s]['zh']} / {STYLE_NAMES[s]['en']}" for s in styles]
    rows: list[tuple[str, str, float, str]] = [
        (_COLOURS[s], note, 3.2, _DASHES.get(s, "")) for s, note in zip(styles, notes, strict=True)
    ]
    rows += [("#b9a27e", "已有公路 / existing roads", 1.3, ""), ("#8aa0bd", "已有铁路 / existing railways", 1.0, "5 2")]
    if preview.removed:
        rows.append((_GONE, "停用的公路 / roads that close", 2.0, "1 4"))
    for colour, note, thick, dash in rows:
        out += [_path(f"M0 {y:g}H24", colour, thick, dash), _label(30, y + 3, note, size=9, colour="#555555")]
        y += 14
    return [o for o in out if o]


def _path(d: str, colour: str, width: float, dash: str = "") -> str:
    if not d:
        return ""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{width:g}" stroke-linejoin="round"{dashed}/>'


def _dot(frame: Frame, mark: Mark, colour: str, radius: float = 3.0) -> str:
    x, y = frame.point(mark.lon, mark.lat)
    return f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="#ffffff" stroke="{colour}" stroke-width="1.6"/>'


def _badge(x: float, y: float, number: int, colour: str) -> str:
    return (
        f'<circle cx="{x:g}" cy="{y:g}" r="{_BADGE:g}" fill="{colour}" stroke="#ffffff"/>'
        f'<text x="{x:g}" y="{y + 3.5:g}" text-anchor="middle" font-size="10" fill="#ffffff">{number}</text>'
    )


def _label(
    x: float,
    y: float,
    text: str,
    *,
    size: float = 11,
    bold: bool = False,
    colour: str = "#111111",
    halo: bool = False,
    anchor: str = "start",
) -> str:
    extra = ' font-weight="bold"' if bold else ""
    extra += ' stroke="#ffffff" stroke-width="2.5" paint-order="stroke"' if halo else ""
    extra += ' text-anchor="end"' if anchor == "end" else ""
    return f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{colour}"{extra}>{_plain(text)}</text>'


def _plain(text: str) -> str:
    """Return data as XML text: escaped, without control characters, which XML does not allow."""
    return escape("".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cs", "Cn")))


def _measure(text: str, size: float) -> float:
    """Return about how wide a text is: a Chinese sign takes the size of the font, a Latin one some 0.55 of it."""
    return sum(size if unicodedata.east_asian_width(c) in "WF" else 0.55 * size for c in text)


def _cut(text: str, size: float, width: float) -> str:
    if _measure(text, size) <= width:
        return text
    while text and _measure(text + "…", size) > width:
        text = text[:-1]
    return text + "…"


def _wrap(text: str, size: float) -> list[str]:
    """Return a text in lines as wide as the picture."""
    lines, rest = [], text
    while rest:
        fits = rest
        while _measure(fits, size) > MAP_WIDTH + LEGEND_WIDTH:
            cut = fits[:-1].rfind(" ")
            fits = fits[:cut] if cut > len(fits) // 2 else fits[:-1]
        lines.append(fits)
        rest = rest[len(fits) :].lstrip()
    return lines
