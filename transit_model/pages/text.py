"""Words of the pages in both languages, number formats, and escaping: the only place where data becomes markup."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from transit_model.domain import rounding
from transit_model.pages.words import WORDS

if TYPE_CHECKING:
    from markupsafe import Markup

DASH: Final = "—"
_HAS_CJK: Final = re.compile(r"[\u3400-\u9fff]")
_WAN: Final = 10_000
_MILLION: Final = 1_000_000
_JSON_TYPES: Final = frozenset({str, int, bool, type(None)})


def word(key: str) -> dict[str, str]:
    """Return a word of the pages in both languages; KeyError when it is not in the list."""
    zh, en = WORDS[key]
    return {"zh": zh, "en": en}


_CJK: Final = "\u3400-\u9fff"
_WIDE: Final = {",": "，", ";": "；", ":": "：", "!": "！", "?": "？"}
_BRACKETS: Final = re.compile(rf"([{_CJK}”》]?)\(([^()]*)\)")
_MARKS: Final = re.compile(rf"(?<=[{_CJK}”》）])\s*([,;:!?])\s*|([,;:!?])(?=[{_CJK}“《（])")


def widen_punctuation(words: str) -> str:
    """Return Chinese text with the full-width marks that belong beside Chinese characters; Latin text keeps its own."""
    if not _HAS_CJK.search(words):
        return words

    def widen(match: re.Match[str]) -> str:
        before, inside = match.groups()
        return f"{before}（{inside}）" if before or _HAS_CJK.search(inside) else match.group(0)

    return _MARKS.sub(lambda m: _WIDE[m.group(1) or m.group(2)], _BRACKETS.sub(widen, words))


def name_inside(key: str) -> dict[str, str]:
    """Return a word as it stands inside a sentence: no capital in English."""
    said = word(key)
    return {"zh": said["zh"], "en": said["en"][:1].lower() + said["en"][1:]}


def plain(result: str) -> dict[str, str]:
    """Return a text that is the same in both languages."""
    return {"zh": result, "en": result}


def has_word(key: str) -> bool:
    """Return True when the dictionary of the pages has a word."""
    return key in WORDS


def both(text: Mapping[str, Any] | str | None) -> Markup:
    """Return escaped markup that holds both languages; the language switch shows one of them.

    A plain string, or two equal texts, gives plain escaped text.
    """
    from markupsafe import Markup, escape

    if text is None:
        return Markup("")
    if isinstance(text, str):
        return escape(text)
    zh = widen_punctuation(str(text.get("zh") or text.get("en") or ""))
    en = str(text.get("en") or text.get("zh") or "")
    if zh == en:
        return escape(zh)
    return Markup(f'<span class="zh" lang="zh-CN">{escape(zh)}</span><span class="en" lang="en">{escape(en)}</span>')


def heading(text: Mapping[str, Any]) -> Markup:
    """Return both languages of a title that stands alone: English with a capital, which it lacks inside a sentence."""
    en = str(text.get("en") or "")
    return both({**text, "en": en[:1].upper() + en[1:]})


def say(key: str, **values: object) -> Markup:
    """Return a word of the pages as markup; values are filled in and escaped, bilingual values by language."""
    return both(fill(key, **values)) if values else _say_plain(key)


@cache
def _say_plain(key: str) -> Markup:
    return both(fill(key))


def fill(key: str, **values: object) -> dict[str, str]:
    """Return a word of the pages with values filled in, as a plain bilingual text (not yet escaped)."""
    text = word(key)
    return {lang: text[lang].format(**_in_language(values, lang)) for lang in text}


def _in_language(values: Mapping[str, object], lang: str) -> dict[str, object]:
    return {k: (v.get(lang) or v.get("en", "")) if isinstance(v, Mapping) else v for k, v in values.items()}


def is_missing(value: object) -> bool:
    """Return True for None, NaN and empty text."""
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))


def format_minutes(value: float | None, *, near: float | None = None) -> str:
    """Return minutes rounded half up; one decimal within a minute of the threshold `near`, so that 60.4 > 60 shows.

    Unknown is a dash, unreachable the sign for infinity.
    """
    if is_missing(value):
        return DASH
    assert value is not None
    return rounding.format_minutes(float(value), near=None if is_missing(near) else near)


def format_margin(value: float | None) -> str:
    """Return a signed margin in minutes with a true minus sign."""
    if is_missing(value):
        return DASH
    assert value is not None
    if math.isinf(value):
        return "−∞" if value < 0 else "∞"
    whole = math.floor(abs(value) + 0.5)
    digits = f"{abs(value):.1f}" if whole == 0 and value != 0 else str(whole)
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{digits}"


def format_margin_of(value: float | None, threshold: float | None) -> str:
    """Return threshold - value with its sign, of the minutes as `format_minutes` shows them beside."""
    if value is None or threshold is None or is_missing(value) or is_missing(threshold):
        return DASH
    if math.isinf(value):
        return format_margin(-value)
    shown = format_minutes(value, near=threshold)
    margin = rounding.subtract_shown(float(format_minutes(threshold)), float(shown), 2)
    return _format_signed(margin, len(shown.partition(".")[2]))


def format_change_of(before: float | None, after: float | None) -> tuple[str, str, str]:
    """Return both minutes and their signed difference, which is that of the minutes shown.

    A change below one minute is shown with a decimal, and so are its minutes.
    """
    if before is None or after is None or is_missing(before) or is_missing(after):
        return format_minutes(before), format_minutes(after), DASH
    if math.isinf(before) or math.isinf(after):
        change = 0.0 if before == after else after - before
        return format_minutes(before), format_minutes(after), format_margin(change)
    decimals = 1 if 0 < abs(after - before) < 1 else 0
    shown = [f"{rounding.round_shown(v, decimals):.{decimals}f}" for v in (before, after)]
    return shown[0], shown[1], _format_signed(rounding.subtract_shown(after, before, decimals), decimals)


def _format_signed(value: float, decimals: int) -> str:
    digits = f"{abs(value):.{decimals}f}"
    return "0" if float(digits) == 0 else f"{'+' if value > 0 else '−'}{digits}"


def format_gain(value: float | None) -> str:
    """Return a number with one decimal and a true minus sign; 0 for what rounds to nothing."""
    if is_missing(value):
        return DASH
    assert value is not None
    if math.isinf(value):
        return "−∞" if value < 0 else "∞"
    digits = f"{abs(value):,.1f}"
    return "0" if digits == "0.0" else f"{'−' if value < 0 else ''}{digits}"


def format_count(value: float | None) -> str:
    """Return a whole number with thousands separators."""
    return DASH if is_missing(value) else f"{round(float(value or 0)):,}"


def format_people(value: float | None) -> dict[str, str]:
    """Return a population in both languages: 万 in Chinese, thousands or millions in English."""
    if is_missing(value):
        return {"zh": DASH, "en": DASH}
    people = float(value or 0)
    zh = f"{people / _WAN:,.0f}万" if people >= 100 * _WAN else f"{people / _WAN:,.1f}万"
    en = f"{people / _MILLION:.2f} M" if people >= _MILLION else f"{people / 1000:,.0f} k"
    return {"zh": zh if people >= 1000 else f"{people:.0f}", "en": en if people >= 1000 else f"{people:.0f}"}


def format_share(value: float | None) -> str:
    """Return a share as a whole percentage; 99.6 % never reads as all."""
    return DASH if is_missing(value) else rounding.format_share(float(value or 0))


def format_value(value: object) -> str:
    """Return any cell of a data table as text."""
    if is_missing(value):
        return DASH
    if isinstance(value, bool):
        return "✓" if value else "–"
    if isinstance(value, float):
        return f"{value:g}" if not math.isinf(value) else "∞"
    return str(value)


def json_for_script(value: object) -> Markup:
    """Return JSON that is safe inside a script element: no ``<``, no line separators, no NaN (null instead).

    Markup among the values of nested dictionaries is JSON that was made here before, and is taken over as it is.
    """
    from markupsafe import Markup

    if isinstance(value, Markup):
        return value
    if isinstance(value, dict) and any(isinstance(v, dict | Markup) for v in value.values()):
        pairs = ",".join(f"{json_of_plain(str(k))}:{json_for_script(v)}" for k, v in value.items())
        return Markup(f"{{{pairs}}}")
    return json_of_plain(plain_data(value))


def json_of_plain(value: object) -> Markup:
    """Return JSON as `json_for_script` does, of data that holds JSON types only."""
    from markupsafe import Markup

    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for char in "<>&\u2028\u2029":
        if char in text:
            text = text.replace(char, f"\\u{ord(char):04x}")
    return Markup(text)


def plain_data(value: Any) -> Any:  # noqa: ANN401 - any plain data
    """Return nested data with JSON types only; NaN and infinities become None, whole floats become integers."""
    if type(value) in _JSON_TYPES:
        return value
    if isinstance(value, dict | Mapping):
        return {str(k): plain_data(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        coordinates = all(type(v) is int for v in value)  # by far the most
        return value if coordinates else [plain_data(v) for v in value]
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float):
        whole = int(value) if math.isfinite(value) and value.is_integer() else value
        return whole if math.isfinite(value) else None
    return value if isinstance(value, str | bool | int) else str(value)
