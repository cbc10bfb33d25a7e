"""Names of stations made comparable: Chinese, pinyin, English and others, without what all stations share."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher

_HAN = re.compile(r"[\u3400-\u9fff]")
_HAN_SUFFIX = re.compile(r"(火车站|高铁站|地铁站|铁路站|客运站|车站|站)$")
_WORDS = {
    "railway",
    "rail",
    "train",
    "station",
    "stn",
    "railwaystation",
    "hsr",
    "high-speed",
    "metro",
    "subway",
    "halt",
    "estacao",
    "estacion",
    "estacio",
    "gare",
    "bahnhof",
    "bf",
    "stazione",
    "huochezhan",
    "zhan",
    "de",
    "da",
    "do",
    "del",
    "di",
    "the",
}
_SIDES = {"east": "dong", "west": "xi", "south": "nan", "north": "bei"}
_PARTS = re.compile(r"[^\w]+", re.UNICODE)


def normalise_name(name: str) -> str:
    """Return what is left of a station's name to compare: no accents, blanks, case or words for station.

    Chinese loses 站, 火车站 and the like at its end. In Latin script the words for station go (station, estação, gare,
    zhan), and the four sides are written in pinyin, so that ``Baotou East Railway Station``, ``Baotou Dong`` and
    ``Bāotóudōng Zhàn`` are one.
    """
    text = unicodedata.normalize("NFKC", name).strip()
    if _HAN.search(text):
        text = re.sub(r"[\s·•・()（）]+", "", text)
        shorter = _HAN_SUFFIX.sub("", text)
        return shorter or text
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    plain = plain.replace("'", "").replace("’", "")
    words = [w for w in _PARTS.split(plain) if w]
    kept = [_SIDES.get(w, w) for w in words if w not in _WORDS]
    return "".join(kept or words)


def score_names(ours: Iterable[str], others: Iterable[str]) -> tuple[float, str]:
    """Return how alike the most alike of two sets of names are, 0 to 1, and that name.

    1 is the same name after `normalise_name`; else the share of matching letters (Ratcliff and Obershelp 1988, as in
    the standard library), which is 0 between scripts.
    """
    best, best_name = 0.0, ""
    own_names = {normalise_name(n) for n in ours if n}
    for name in others:
        other = normalise_name(name)
        for own in own_names:
            if not own or not other or bool(_HAN.search(own)) != bool(_HAN.search(other)):
                continue
            score = 1.0 if own == other else 0.99 * SequenceMatcher(None, own, other, autojunk=False).ratio()
            if score > best:
                best, best_name = score, name
    return best, best_name
